"""Marking one submission: whose code runs where, in which order, and what is told of it.

The cells of a student's notebook run in the sandbox, in the student's order. The tests run here, in
the grader, in the teacher's words and never in the student's: where a test uses a name that the
assignment asks for, it gets a `Proxy`, which calls the student's function across the wall. A test
never runs before the cells that stand above it in the assignment; so a cell that was moved, copied
or deleted changes nothing but what the student's own code does.
"""

import ast
import builtins
import contextlib
import inspect
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursework.assignments import Assignment, Test, namespace, run
from coursework.intake import Cell, differences
from coursework.sandbox import Box, Limits, Reply, Stopped, Tampered, wire
from xent_lib import checks

RESTARTS = 6  # of a worker that was stopped, within one submission
MOST_TOLD = 2_000  # characters of what is told of a test; a student's answer may be part of it


@dataclass(frozen=True)
class Outcome:
    """What one graded test cell came to."""

    points: float
    most: float
    told: str


@dataclass(frozen=True)
class Ran:
    """What a student's own cell did."""

    printed: str
    error: str


@dataclass
class Marks:
    """What a submission came to.

    Attributes
    ----------
    tests : dict of str to Outcome
        By the id of the cell.
    cells : dict of int to Ran
        By the number of the student's cell.
    remarks : list of str
        What a teacher may want to know.
    suspicions : list of str
        What no honest notebook does.
    """

    tests: dict[str, Outcome] = field(default_factory=dict)
    cells: dict[int, Ran] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    suspicions: list[str] = field(default_factory=list)


def mark(
    assignment: Assignment,
    cells: list[Cell],
    limits: Limits | None = None,
    *,
    trusted: bool = False,
) -> Marks:
    """Run a student's cells in the sandbox and the teacher's tests against them.

    Parameters
    ----------
    assignment : Assignment
        Read from the teacher's master.
    cells : list of Cell
        The student's cells, as the intake read them.
    limits : Limits, optional
        What the student's code may use.
    trusted : bool
        Run the student's code without the sandbox.

    Raises
    ------
    NoSandbox
        If there is no sandbox; nothing of the student's has run then.
    """
    marks = Marks()
    marks.remarks, marks.suspicions = differences(assignment, cells)
    names = namespace()
    tested: dict[str, dict[str, Any]] = {}
    with Session(marks, limits or Limits(), trusted) as session:
        for step in timeline(assignment, cells):
            if isinstance(step, int):
                session.run(step, cells[step].source)
            elif step in assignment.given:
                session.give(assignment.given[step])
                run(assignment.given[step], names)
            else:
                session.give(step, "pin")
                tested[step] = dict(names)
                told = _visible(assignment.tests[step].visible, assignment, session, tested[step])
                marks.tests[step] = outcome(assignment.tests[step], told)
        # Hidden tests come last, on the functions as they were: nothing of the student's that is
        # shown runs after them, so what they have tried cannot be kept and shown.
        for step, then in tested.items():
            if not marks.tests[step].told:
                session.give(step, "recall")
                told = _hidden(assignment.tests[step].hidden, assignment, session, then)
                marks.tests[step] = outcome(assignment.tests[step], told)
    return marks


# --- The order of things -------------------------------------------------------------------------


def timeline(assignment: Assignment, cells: list[Cell]) -> Iterator[int | str]:
    """The numbers of the student's cells and the ids of the teacher's, in the order to run them.

    Notes
    -----
    What the assignment gives runs as soon as all that stands above it in the assignment has run; a
    test also waits for the place where the student has it.
    """
    last = {cell.id: number for number, cell in enumerate(cells) if cell.id}
    after: dict[int, list[str]] = {}
    barrier = -1
    for id in assignment.order:
        if id in assignment.tests:
            barrier = max(barrier, last.get(id, -1))
        if id in assignment.tests or id in assignment.given:
            after.setdefault(barrier, []).append(id)
        else:
            barrier = max(barrier, last.get(id, -1))
    yield from after.get(-1, [])
    for number, cell in enumerate(cells):
        teachers = cell.id in assignment.tests or cell.id in assignment.given
        if cell.kind == "code" and not teachers and cell.source.strip():
            yield number
        yield from after.get(number, [])


# --- The student's side --------------------------------------------------------------------------


class Session:
    """A student's code as it stands; started again without the piece that broke it."""

    def __init__(self, marks: Marks, limits: Limits, trusted: bool) -> None:
        self.marks, self.limits, self.trusted = marks, limits, trusted
        self._sound: list[tuple[str, str]] = []  # what ran and did not break the worker
        self._restarts = 0
        self._box: Box | None = Box(limits, trusted=trusted)
        self._deadline = self._box.deadline

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._box:
            self._box.close()

    def ask(self, do: str, *arguments: Any, seconds: float) -> Reply:
        """Ask the worker; where it breaks, start another one and bring it to where this one was."""
        if not self._box:
            raise Stopped("it was stopped too often")
        try:
            return self._box.ask(do, *arguments, seconds=seconds)
        except Stopped as stopped:
            if isinstance(stopped, Tampered):
                self.marks.suspicions.append(str(stopped))
            self._restart()
            raise

    def _restart(self) -> None:
        assert self._box
        self._box.close()
        self._box = None
        self._restarts += 1
        if self._restarts > RESTARTS:
            return
        box = Box(self.limits, trusted=self.trusted)
        box.deadline = self._deadline
        try:
            for do, source in self._sound:
                box.ask(do, source, seconds=self.limits.cell)
        except Stopped:
            box.close()
            return
        self._box = box

    def run(self, number: int, source: str) -> None:
        """Run one of the student's cells."""
        try:
            reply = self.ask("run", source, seconds=self.limits.cell)
        except Stopped as stopped:
            told = f"{str(stopped).capitalize()}. What it defines was kept, the rest left out."
            self.marks.cells[number] = Ran("", told)
            self.marks.remarks.append(f"cell {number + 1}: {stopped}")
            self.give(source, "define")
            return
        self._sound.append(("run", source))
        self.marks.cells[number] = Ran(reply.printed, shown(reply.error))

    def give(self, source: str, do: str = "run") -> None:
        """Run what the assignment gives, or what is left of a cell; nothing of it is told."""
        with contextlib.suppress(Stopped):
            self.ask(do, source, seconds=self.limits.cell)
            self._sound.append((do, source))

    def value(self, name: str, turn: "Turn") -> Any:
        """What a test gets for a name: a proxy of a function, a value, or `KeyError`."""
        reply = self.ask("get", name, seconds=turn.left(self.limits.call))
        if reply.kind == "missing":
            raise KeyError(name)
        if reply.kind == "error":
            raise raised(reply)
        return Proxy(self, name, reply.value, turn) if reply.kind == "function" else reply.value


class Turn:
    """The run of one test: the seconds it has left, and whether the worker was lost in it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.stopped: Stopped | None = None

    def left(self, most: float) -> float:
        return max(0.0, min(most, self._end - time.monotonic()))


class Proxy:
    """A student's function, seen from the grader: it is called over there, with plain data."""

    def __init__(self, session: Session, name: str, parameters: Any, turn: Turn) -> None:
        self.__name__ = name
        self._session, self._turn = session, turn
        with contextlib.suppress(TypeError, ValueError, IndexError):
            self.__signature__ = signature(parameters)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with arrays, or with lists where it cannot take arrays, as visible checks do."""
        reply = self._call([as_array(arg) for arg in args], kwargs)
        lists = [arg.tolist() if isinstance(arg, np.ndarray) else arg for arg in args]
        if reply.error and any(isinstance(arg, list) for arg in lists):
            again = self._call(lists, kwargs)
            reply = again if not again.error else reply
        print(reply.printed, end="")
        if reply.error:
            raise raised(reply)
        return reply.value

    def _call(self, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        if self._turn.stopped:  # a check may try on; the worker is not lost a second time
            raise self._turn.stopped
        sent = wire.encode(args), wire.encode(kwargs)
        seconds = self._turn.left(self._session.limits.call)
        try:
            return self._session.ask("call", self.__name__, *sent, seconds=seconds)
        except Stopped as stopped:
            self._turn.stopped = stopped
            raise


def as_array(value: Any) -> Any:
    """A list of numbers, or of lists of as many, as an array; anything else as it is."""
    if not isinstance(value, list):
        return value
    try:
        made = np.array(value)
    except ValueError:
        return value
    return made if made.dtype.kind in "biuf" else value


def signature(parameters: Any) -> inspect.Signature:
    """The signature that a worker told; any that fits where it told none that can be."""
    made = [
        inspect.Parameter(name, KINDS[kind], default=None if default else inspect.Parameter.empty)
        for name, kind, default in parameters
    ]
    return inspect.Signature(made)


KINDS = list(inspect._ParameterKind)


def raised(reply: Reply) -> Exception:
    """The exception of a student's function, if it is one of Python's own; else a RuntimeError."""
    assert reply.error
    kind, message, _ = reply.error
    own = vars(builtins).get(kind)
    if isinstance(own, type) and issubclass(own, Exception) and own is not StopIteration:
        with contextlib.suppress(TypeError):
            return own(message)
    return RuntimeError(f"{kind}: {message}")


def shown(error: tuple[str, str, int | None] | None) -> str:
    if not error:
        return ""
    kind, message, line = error
    if kind == "NotImplementedError":
        return ""  # an answer that is not written yet
    return f"{kind}: {message}" + (f" (line {line})" if line else "")


# --- The teacher's side --------------------------------------------------------------------------


def outcome(test: Test, told: str) -> Outcome:
    return Outcome(0.0 if told else test.points, test.points, told[:MOST_TOLD])


def _visible(source: str, *where: Any) -> str:
    try:
        _run(source, *where)
    except checks.NotYet as wrong:
        return str(wrong)
    except Stopped as stopped:
        return f"Your code was called, and {stopped}."
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:500]}"
    return ""


def _hidden(source: str, *where: Any) -> str:
    """As above; what is told must not tell the test."""
    try:
        _run(source, *where)
    except checks.NotYet as wrong:
        return str(wrong)
    except Stopped as stopped:
        return f"In a check that runs only here, your code was called, and {stopped}."
    except NotImplementedError:
        return "Not written yet."
    except Exception as error:
        return f"A check that runs only here could not go on: {type(error).__name__}."
    return ""


def _run(source: str, assignment: Assignment, session: Session, names: dict[str, Any]) -> None:
    limits = session.limits
    with _alarm(limits.submission), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        turn = Turn(limits.cell)
        for name in sorted(used(source) & assignment.asked):
            names.pop(name, None)
            with contextlib.suppress(KeyError):
                names[name] = session.value(name, turn)
        try:
            run(source, names)
        finally:
            if turn.stopped:  # whatever the check made of it
                raise turn.stopped


def used(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """A last resort: the test itself must not hang on what it was given."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise Stopped("the check of what it returned took too long")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
