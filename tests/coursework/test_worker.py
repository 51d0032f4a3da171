"""The program in the sandbox runs cells as a notebook does, and has an answer to every question."""

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from coursework.sandbox import box, wire, worker
from coursework.sandbox.worker import Printed, Student, answer, parameters, plain_python


def asked(student, do, *arguments):
    """The reply as the grader understands it."""
    reply = answer(student, {"id": "7", "do": do, "with": list(arguments)})
    return box.understood(wire.from_line(wire.to_line(reply)), "7")


@pytest.fixture
def student():
    return Student()


# --- Cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("x = 1 % 2", "x = 1 % 2"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install numpy\nx = 1", "pass\nx = 1"),
        ("if True:\n    !ls\nx = 1", "if True:\n    pass\nx = 1"),
        ("np.sum?\nx = 1", "pass\nx = 1"),
        ("x = 1\nsum??", "x = 1\npass"),
        ("%%bash\nx = 1", ""),
        ("\n%%html\n<b>x", ""),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%capture out\nx = 1", "pass\nx = 1"),
        ("text = '''\n%d of\n'''", "text = '''\n%d of\n'''"),
        ("def f(:", "def f(:"),
    ],
)
def test_what_only_notebooks_know_is_left_out(source, python):
    assert plain_python(source) == python


def test_a_cell_prints_and_its_names_stay(student):
    assert asked(student, "run", "import sys\nx = 3\nprint(x)\nprint('y', file=sys.stderr)") == (
        box.Reply("done", None, None, "3\ny\n")
    )
    assert asked(student, "run", "print(x + 1)").printed == "4\n"


def test_a_cell_may_await_and_display(student):
    source = "import asyncio\nawait asyncio.sleep(0)\ndisplay(1)\nx = 3"
    assert asked(student, "run", source).kind == "done"
    assert asked(student, "get", "x").value == 3


def test_of_much_that_is_printed_the_beginning_is_kept():
    printed = Printed()
    print("a" * 9_999, end="", file=printed)
    print("bc", end="", file=printed)
    print("d", end="", file=printed)
    assert printed.text == "a" * 9_999 + "b"
    assert printed.writable()


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("x = 1\n1 / 0", ("ZeroDivisionError", "division by zero", 2)),
        ("def f():\n    return 1 / 0\n\nf()", ("ZeroDivisionError", "division by zero", 2)),
        ("x = 1\nreturn", ("SyntaxError", "'return' outside function", 2)),
        ("raise NotImplementedError", ("NotImplementedError", "", 1)),
        ("import sys\nsys.exit(3)", ("SystemExit", "3", 2)),
        ("class Own(Exception): pass\nraise Own('m')", ("Exception", "m", 2)),
        ("raise ValueError('x' * 1000)", ("ValueError", "x" * 500, 1)),
        (
            "class Own(Exception):\n    def __str__(self): 1 / 0\nraise Own",
            ("Exception", "", 3),
        ),
        ("x = 1\0", ("SyntaxError", "source code string cannot contain null bytes", None)),
    ],
)
def test_an_error_is_told_with_its_line(student, source, error):
    reply = asked(student, "run", source)
    assert reply.kind == "error"
    if error[2] is None:  # Python's versions differ in the kind of this one
        assert reply.error[1:] == error[1:]
    else:
        assert reply.error == error


def test_of_a_cell_to_define_only_imports_and_functions_run(student):
    source = "%pylab\nimport math\nfrom math import pi\nx = 1\n\ndef f():\n    return pi\n"
    source += "\nwhile True: pass"
    assert asked(student, "define", source).kind == "done"
    assert asked(student, "call", "f", {"tuple": []}, {"dict": []}).value == pytest.approx(3.14159)
    assert asked(student, "get", "math").error[0] == "TypeError"  # a module is there, and stays
    assert asked(student, "get", "x").kind == "missing"


def test_names_can_be_made_to_stand_for_what_they_stood_for(student):
    asked(student, "run", "x = 1\n\ndef f():\n    return x")
    asked(student, "pin", "then")
    asked(student, "run", "x = y = 2")
    assert asked(student, "call", "f", {"tuple": []}, {"dict": []}).value == 2
    asked(student, "recall", "then")
    assert asked(student, "call", "f", {"tuple": []}, {"dict": []}).value == 1
    assert asked(student, "get", "y").kind == "missing"
    asked(student, "run", "x = 3")
    asked(student, "recall", "then")
    assert asked(student, "get", "x").value == 1
    assert asked(student, "recall", "never").error[0] == "KeyError"


# --- What a test asks for ------------------------------------------------------------------------


def test_a_name_is_a_value_or_a_function_or_missing(student):
    asked(student, "run", "x = (1, 2.5)\n\ndef f(a, *b, c=1, **d): pass")
    assert asked(student, "get", "x") == box.Reply("value", (1, 2.5), None, "")
    assert asked(student, "get", "f").value == [
        ["a", 1, False],
        ["b", 2, False],
        ["c", 3, True],
        ["d", 4, False],
    ]
    assert asked(student, "get", "y").kind == "missing"


def test_a_function_that_does_not_tell_its_parameters_has_none():
    assert parameters(dict) is None
    assert parameters(len) == [["obj", 0, False]]


def test_a_function_is_called_with_what_was_sent(student):
    asked(student, "run", "def f(x, by=1):\n    print('called')\n    return x * by")
    args, kwargs = wire.encode((np.array([1.0, 2.0]),)), wire.encode({"by": 3})
    reply = asked(student, "call", "f", args, kwargs)
    assert reply.value.tolist() == [3.0, 6.0]
    assert reply.printed == "called\n"


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        ("{1}", ("TypeError", "it returned a value of type set, which a check cannot read")),
        ("'x' * 5_000_000", ("ValueError", "it returned 5000063 bytes; 4000000 may cross")),
    ],
)
def test_what_cannot_cross_is_an_error_of_the_function(returned, error, monkeypatch):
    replies = conversation(
        monkeypatch,
        ("run", f"def f(): return {returned}"),
        ("call", "f", {"tuple": []}, {"dict": []}),
    )
    assert replies[1].error[:2] == error


# --- The conversation ----------------------------------------------------------------------------


def conversation(monkeypatch, *questions):
    """The replies of the program to some questions, without the process around it."""
    lines = [wire.to_line({"id": "7", "do": do, "with": list(rest)}) for do, *rest in questions]
    answers = io.BytesIO()
    streams = {"rb": io.BytesIO(b"".join(lines)), "wb": answers}
    with monkeypatch.context() as patch:
        for name in ("dup", "open", "dup2"):
            patch.setattr(worker.os, name, lambda *arguments: 0)
        patch.setattr(worker.os, "fdopen", lambda handle, mode: streams[mode])
        worker.main()
    first, *rest = answers.getvalue().splitlines(keepends=True)
    assert first == b'{"id":"ready"}\n'
    return [box.understood(wire.from_line(line), "7") for line in rest]


def test_it_says_that_it_is_ready_and_answers_in_order(monkeypatch):
    replies = conversation(monkeypatch, ("run", "x = 1"), ("get", "x"), ("get", "y"))
    assert [reply.kind for reply in replies] == ["done", "value", "missing"]


def test_root_becomes_nobody_for_good_or_the_program_ends(monkeypatch):
    ids, calls = [0, 0, 0], []
    monkeypatch.setattr(worker.os, "getuid", lambda: ids[0])
    monkeypatch.setattr(worker.os, "getresuid", lambda: ids)
    monkeypatch.setattr(worker.os, "getresgid", lambda: ids)
    monkeypatch.setattr(worker.os, "setgroups", lambda groups: calls.append(groups))
    monkeypatch.setattr(worker.os, "setresgid", lambda *own: calls.append(own))
    monkeypatch.setattr(worker.os, "setresuid", lambda *own: calls.append(own))
    with pytest.raises(SystemExit, match="could not give up"):
        worker.give_up_rights()
    assert calls == [[], (worker.NOBODY,) * 3, (worker.NOBODY,) * 3]
    ids[:], calls[:] = [1000] * 3, []
    worker.give_up_rights()
    assert calls == []


def test_limits_are_set_so_that_they_cannot_be_raised(monkeypatch):
    limits = {}
    monkeypatch.setattr(
        worker.resource, "setrlimit", lambda what, pair: limits.update({what: pair})
    )
    worker.limit(1000, 20, 300)
    assert all(soft == hard for soft, hard in limits.values())
    assert limits[worker.resource.RLIMIT_NPROC] == (0, 0)
    assert limits[worker.resource.RLIMIT_AS] == (1000, 1000)
    assert limits[worker.resource.RLIMIT_CPU] == (20, 20)
    assert limits[worker.resource.RLIMIT_FSIZE] == (300, 300)


def test_the_files_in_the_sandbox_need_nothing_but_numpy():
    for module in (wire, worker):
        text = Path(module.__file__).read_text("utf-8")
        imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.M))
        assert imported <= {*sys.stdlib_module_names, "numpy"}
