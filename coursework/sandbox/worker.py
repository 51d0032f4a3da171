"""The program inside the sandbox: it runs a student's cells and calls the student's functions.

It reads questions from its standard input and writes answers to its standard output, a line of
JSON each; see ``wire``. The student's code shares this process and can do to it what it likes: so
the grader believes an answer only to be what the student's code answers, and asks only what the
student may know. The walls are around this process, not in it: bubblewrap's, and the limits that it
puts on itself before it reads the first question, which cannot be taken back.
"""

import ast
import asyncio
import builtins
import contextlib
import inspect
import io
import os
import re
import resource
import sys
import traceback
from typing import Any, BinaryIO

NOBODY = 65534
SHOWN = 10_000  # characters of what a cell prints


def give_up_rights() -> None:
    """Become nobody, if this is root; in a user's sandbox it already is nobody."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if 0 in os.getresuid() or 0 in os.getresgid():
        sys.exit("could not give up the rights of root")


def limit(memory: int, cpu_seconds: int, file_bytes: int) -> None:
    """Limits that this process can never raise again."""
    for what, most in (
        (resource.RLIMIT_NPROC, 0),  # no other process, no thread
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


class Printed(io.TextIOBase):
    """Where prints go: keeps the beginning and counts nothing else."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) < SHOWN:
            self.text = (self.text + str(text))[:SHOWN]
        return len(text)


def plain_python(source: str) -> str:
    """A cell without the lines that only notebooks know: ``%magic``, ``!command``, ``help?``."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        if re.match(r"\s*%%(?!time\b|capture\b)", source):  # another language, as a rule
            return ""
        return re.sub(r"(?m)^(\s*)(?:[%!].*|[\w.]+\?{1,2}\s*)$", r"\1pass", source)


class Student:
    """The student's names, and what can be asked of them."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__", "display": lambda *things: None}
        self.pins: dict[str, dict[str, Any]] = {}

    def run(self, source: str) -> dict[str, Any]:
        code = compile(plain_python(source), "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, self.names))
        else:
            exec(code, self.names)
        return {"kind": "done", "value": None}

    def define(self, source: str) -> dict[str, Any]:
        """Run of a cell only what it imports and the functions that it defines."""
        body = ast.parse(plain_python(source)).body
        kept = [n for n in body if isinstance(n, ast.FunctionDef | ast.Import | ast.ImportFrom)]
        return self.run("\n".join(map(ast.unparse, kept)))

    def pin(self, label: str) -> dict[str, Any]:
        """Keep what the names stand for now."""
        self.pins[label] = dict(self.names)
        return {"kind": "done", "value": None}

    def recall(self, label: str) -> dict[str, Any]:
        """Let all names stand for what they stood for then, in the student's functions too."""
        then = self.pins[label]
        self.names.clear()
        self.names.update(then)
        return {"kind": "done", "value": None}

    def get(self, name: str) -> dict[str, Any]:
        if name not in self.names:
            return {"kind": "missing", "value": None}
        value = self.names[name]
        if callable(value):
            return {"kind": "function", "value": parameters(value)}
        return {"kind": "value", "value": wire.encode(value)}

    def call(self, name: str, args: Any, kwargs: Any) -> dict[str, Any]:
        value = self.names[name](*wire.decode(args), **wire.decode(kwargs))
        return {"kind": "value", "value": wire.encode(value)}


def parameters(function: Any) -> list[list[Any]] | None:
    """Name, kind and whether there is a default, of each parameter."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[p.name, int(p.kind), p.default is not p.empty] for p in found]


def told(error: BaseException) -> list[Any]:
    """An exception as its type, its message and the line of the cell where it happened."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<cell>"]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    kind = type(error).__name__ if vars(builtins).get(type(error).__name__) else "Exception"
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:
        message = ""
    return [kind, message[:500], lines[-1] if lines else None]


def answer(student: Student, question: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; whatever the student's code does, there is an answer."""
    printed = Printed()
    reply: dict[str, Any] = {"id": question["id"], "error": None}
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            reply |= getattr(student, question["do"])(*question["with"])
    except wire.Unsendable as error:
        message = f"it returned {error}, which a check cannot read"
        reply |= {"kind": "error", "value": None, "error": ["TypeError", message, None]}
    except BaseException as error:  # sys.exit too
        reply |= {"kind": "error", "value": None, "error": told(error)}
    return reply | {"printed": printed.text}


def main() -> None:
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    student = Student()
    send(answers, wire.to_line({"id": "ready"}))
    for line in questions:
        reply = answer(student, wire.from_line(line))
        try:
            sent = wire.to_line(reply)
        except wire.Unsendable as error:
            message = f"it returned {error}"
            sent = wire.to_line(
                reply | {"kind": "error", "value": None, "error": ["ValueError", message, None]}
            )
        send(answers, sent)


def send(answers: BinaryIO, line: bytes) -> None:
    answers.write(line)
    answers.flush()


if __name__ == "__main__":
    if sys.argv[1] != "trusted":
        give_up_rights()
    limit(*map(int, sys.argv[2:5]))
    sys.path.extend(sys.argv[5:])
    import wire  # type: ignore[import-not-found]

    main()
else:
    from coursework.sandbox import wire
