"""Whatever a notebook looks like, each test meets what the student's code is and nothing else."""

import inspect
import signal
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import CHECK, RIGHT, answered, assignment, cell, cells, check_cell, taken_in

from coursework import marking
from coursework.assignments import Test as GradedCell
from coursework.intake import Cell
from coursework.marking import (
    Marks,
    Outcome,
    Ran,
    Session,
    mark,
    raised,
    shown,
    signature,
    timeline,
)
from coursework.sandbox import Limits, NoSandbox, Reply, Stopped, Tampered, wire

QUICK = Limits(call=0.5, cell=1.0, submission=20.0)
WHOLE = {"twice-check": Outcome(2, 2, ""), "thrice-check": Outcome(1, 1, "")}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return assignment(tmp_path_factory.mktemp("source"))


def points(marks):
    return {id: outcome.points for id, outcome in marks.tests.items()}


def told(marks, id="twice-check"):
    return marks.tests[id].told


# --- The order of things -------------------------------------------------------------------------

SOLUTIONS, GIVEN, TESTS = ["twice", "thrice"], ["setup", "given"], ["twice-check", "thrice-check"]


def noted(labels):
    """Cells by labels; what has no id in the assignment is a cell of the student's own."""
    known = [*SOLUTIONS, *GIVEN, *TESTS, "words"]
    return [Cell("code", label, label if label in known else "") for label in labels]


def order(small, labels):
    made = noted(labels)
    return [made[s].source if isinstance(s, int) else s for s in timeline(small, made)]


@pytest.mark.parametrize(
    ("notebook", "runs"),
    [
        (
            "setup twice twice-check given thrice thrice-check",
            "setup twice twice-check given thrice thrice-check",
        ),
        # what the student adds runs where it stands, and a test waits for its place
        (
            "a twice b twice-check c thrice",
            "setup a twice b twice-check given c thrice thrice-check",
        ),
        # deleted
        ("twice thrice", "setup twice twice-check given thrice thrice-check"),
        ("thrice", "setup twice-check given thrice thrice-check"),
        ("", "setup twice-check given thrice-check"),
        ("a twice-check thrice", "setup a twice-check given thrice thrice-check"),
        # moved
        ("twice-check twice thrice", "setup twice twice-check given thrice thrice-check"),
        ("thrice twice", "setup thrice twice twice-check given thrice-check"),
        ("thrice-check twice-check given setup", "setup twice-check given thrice-check"),
        ("twice thrice twice-check", "setup twice thrice twice-check given thrice-check"),
        # copied
        (
            "twice twice-check twice thrice",
            "setup twice twice twice-check given thrice thrice-check",
        ),
        ("twice twice-check a twice-check", "setup twice a twice-check given thrice-check"),
        (
            "twice twice-check thrice twice",
            "setup twice thrice twice twice-check given thrice-check",
        ),
    ],
)
def test_cells_run_in_the_student_s_order_and_tests_in_the_teacher_s(small, notebook, runs):
    assert " ".join(order(small, notebook.split())) == runs


@given(st.lists(st.sampled_from([*SOLUTIONS, *GIVEN, *TESTS, "a", "b"]), max_size=12))
def test_no_test_runs_before_what_stands_above_it_in_the_assignment(small, labels):
    runs = order(small, labels)
    teachers = [*GIVEN, *TESTS]
    assert [x for x in runs if x not in teachers] == [x for x in labels if x not in teachers]
    assert [x for x in runs if x in teachers] == [x for x in small.order if x in teachers]
    for test in TESTS:
        above = small.order[: small.order.index(test)]
        later = runs[runs.index(test) :]
        assert not {*above} & {*later}


def test_words_and_empty_cells_do_not_run(small):
    made = [Cell("markdown", "x"), Cell("raw", "x"), Cell("code", " \n"), Cell("code", "x")]
    assert [step for step in timeline(small, made) if isinstance(step, int)] == [3]


# --- Marks, in the sandbox -----------------------------------------------------------------------


def marked(small, *more, limits=QUICK, **answers):
    """The marks of a notebook that is right but for these answers, with cells added at its top."""
    made = answered(small, **(RIGHT | answers))
    made.cells[1:1] = [cell("code", source) for source in more]
    return mark(small, taken_in(made), limits)


def test_right_answers_get_all_points_and_no_remark(small):
    assert marked(small) == Marks(WHOLE, {2: Ran("", ""), 5: Ran("", "")}, [], [])


def test_without_the_sandbox_the_marks_are_the_same(small):
    made = taken_in(answered(small, **RIGHT))
    assert mark(small, made, trusted=True) == marked(small)


def test_without_a_sandbox_nothing_runs(small, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandbox):
        marked(small)


def test_what_a_student_s_own_cells_do_is_told(small):
    marks = marked(small, "print('hello')", "1 / 0", "raise NotImplementedError()")
    assert [marks.cells[n] for n in (1, 2, 3)] == [
        Ran("hello\n", ""),
        Ran("", "ZeroDivisionError: division by zero (line 1)"),
        Ran("", ""),  # not written yet
    ]
    assert marks.tests == WHOLE


@pytest.mark.parametrize(
    ("twice", "says"),
    [
        ("def twice(x):\n    return x", "AssertionError: twice two is four"),
        ("def twice(x):\n    return 1 / 0", "ZeroDivisionError: division by zero"),
        ("def twice(x):\n    raise NotImplementedError()", "NotImplementedError: "),
        ("def twice(x):\n    raise ValueError('x' * 9999)", f"ValueError: {'x' * 500}"),
        ("def twice(x):\n    return {x}", "TypeError: it returned a value of type set, which"),
        ("def twice():\n    pass", "TypeError: twice() takes 0 positional arguments"),
        ("twice = 5", "TypeError: 'int' object is not callable"),
        ("twice = {5}", "TypeError: it returned a value of type set, which"),
        ("pass", "NameError: name 'twice' is not defined"),
        ("def twice(x)\n    return 2 * x", "NameError: name 'twice' is not defined"),
        ("class twice:\n    pass", "TypeError: twice() takes no arguments"),
        (
            "def twice(x):\n    while True: pass",
            "Your code was called, and it took too long and was stopped.",
        ),
        (
            "import os\n\ndef twice(x):\n    os._exit(0)",
            "Your code was called, and it ended the program that runs it",
        ),
    ],
)
def test_a_visible_test_tells_what_is_wrong_and_the_others_go_on(small, twice, says):
    marks = marked(small, twice=twice)
    assert told(marks).startswith(says)
    assert points(marks) == {"twice-check": 0, "thrice-check": 1}
    assert marks.suspicions == []


def sometimes(does):
    return f"import os\n\ndef twice(x):\n    if x == 10: {does}\n    return 2 * x"


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("return 21", "✗ Not yet: a larger number. It gave another number."),
        ("return 'ten'", "✗ Not yet: a larger number. It gave a text where one number is right."),
        ("raise NotImplementedError(x)", "Not written yet."),
        ("raise ValueError(x)", "A check that runs only here could not go on: ValueError."),
        (
            "os._exit(0)",
            "In a check that runs only here, your code was called, and it ended the program that "
            "runs it, or used too much memory or time.",
        ),
    ],
)
def test_a_hidden_test_tells_only_the_kind_of_what_is_wrong(small, does, says):
    marks = marked(small, twice=sometimes(does))
    assert told(marks) == says
    assert points(marks) == {"twice-check": 0, "thrice-check": 1}


@pytest.mark.parametrize(
    ("secret", "kind"),
    [
        ("assert twice(10) == 20, f'SECRET {twice(10)} is not 20'", "AssertionError"),
        ("{20: 'SECRET'}[twice(10)]", "KeyError"),
        ("twice(10)['SECRET']", "TypeError"),
        ("print('SECRET')\nraise ValueError('SECRET')", "ValueError"),
    ],
)
def test_nothing_of_a_hidden_test_is_told(tmp_path, secret, kind):
    hard = assignment(tmp_path, cells("pass"))
    hard.tests["twice-check"] = GradedCell("twice-check", 2.0, CHECK, secret)
    marks = mark(hard, taken_in(answered(hard, twice="def twice(x):\n    return 4")), QUICK)
    assert told(marks) == f"A check that runs only here could not go on: {kind}."
    assert "SECRET" not in repr(marks)


def test_a_test_uses_what_the_assignment_gives_and_not_what_the_student_made_of_it(small):
    spoil = "checks = np = seals = None\nstart = 0"
    assert marked(small, spoil, thrice=f"{RIGHT['thrice']}\n\n{spoil}").tests == WHOLE


def test_a_student_may_use_what_the_assignment_gives(small):
    thrice = "def thrice(x):\n    return float(np.add(start - 7, 3 * x))"
    assert marked(small, thrice=thrice).tests == WHOLE


def test_a_function_may_use_another_that_is_changed_later(small):
    """As in a notebook that is run from the top: each test sees what is there at its time."""
    twice = "def twice(x):\n    return times(x)\n\ndef times(x):\n    return 2 * x"
    thrice = "def times(x):\n    return 3 * x\n\nthrice = times"
    assert marked(small, twice=twice, thrice=thrice).tests == WHOLE


def added(small, source, **answers):
    """The marks of a right notebook with one more cell at its end, and that cell's number."""
    made = answered(small, **(RIGHT | answers))
    made.cells.append(cell("code", source))
    return mark(small, taken_in(made), QUICK), len(made.cells) - 1


def test_a_hidden_test_meets_the_names_as_they_stood_at_its_place(small):
    marks, _ = added(
        small,
        "def times(x):\n    return 0\n\ntwice = thrice = start = times",
        twice="def twice(x):\n    return times(x)\n\ndef times(x):\n    return 2 * x",
    )
    assert marks.tests == WHOLE


def test_nothing_that_is_shown_runs_after_a_hidden_test(small):
    """Else a student's code could keep what it was tried on, and print it."""
    keeps = "seen = []\n\ndef twice(x):\n    seen.append(float(x))\n    return 2 * x"
    thrice = "def thrice(x):\n    assert x == 0, seen\n    return 3 * x"
    marks, last = added(small, "print(seen)", twice=keeps, thrice=thrice)
    assert marks.cells[last].printed == "[2.0]\n"
    assert told(marks, "thrice-check") == "AssertionError: [2.0]"


def test_a_hidden_test_is_not_tried_where_the_visible_one_fails(small):
    twice = "def twice(x):\n    print(x)\n    raise ValueError(x)"
    assert told(marked(small, twice=twice)) == "ValueError: 2"


def test_hidden_tests_go_on_after_a_worker_was_lost_in_one(small):
    thrice = "def thrice(x):\n    return 3 * x + y\n\ny = 0"
    marks = marked(small, "y = 5", twice=sometimes("os._exit(0)"), thrice=thrice)
    assert points(marks) == {"twice-check": 0, "thrice-check": 1}


def test_what_one_test_defines_no_other_test_sees(tmp_path):
    made = cells()
    made[3].source = f"left = 21\n{made[3].source}"
    made[6].source = f"assert left\n{made[6].source}"
    leaky = assignment(tmp_path, made)
    marks = mark(leaky, taken_in(answered(leaky, **RIGHT)), QUICK)
    assert points(marks) == {"twice-check": 2, "thrice-check": 0}
    assert told(marks, "thrice-check") == "NameError: name 'left' is not defined"


def test_a_test_that_catches_all_is_not_passed_by_a_worker_that_ends(tmp_path):
    made = cells()
    made[3].source = "try:\n    twice(2)\nexcept Exception:\n    pass\n"
    trusting = assignment(tmp_path, made)
    ends = "import os\n\ndef twice(x):\n    os._exit(0)"
    marks = mark(trusting, taken_in(answered(trusting, twice=ends)), QUICK)
    assert told(marks).startswith("Your code was called, and it ended the program")
    assert points(marks)["twice-check"] == 0


def test_lines_that_only_notebooks_know_do_no_harm(small):
    twice = f"%matplotlib inline\n!ls\nlen?\n{RIGHT['twice']}"
    assert marked(small, "%%bash\nls", twice=twice).tests == WHOLE


# --- A worker that is lost -----------------------------------------------------------------------


def test_of_a_cell_that_never_ends_the_functions_stay(small):
    endless = f"import math\n{RIGHT['twice']}\n\nx = 2\nwhile True:\n    pass"
    marks = marked(small, "y = 3", twice=endless, thrice="def thrice(x):\n    return y * x")
    assert marks.tests == WHOLE  # and what ran before it is there again
    assert marks.cells[3].error == (
        "It took too long and was stopped. What it defines was kept, the rest left out."
    )
    assert marks.remarks == ["cell 4: it took too long and was stopped"]


class Scripted:
    """A box that does what is asked until a piece of code that breaks it."""

    made: list

    def __init__(self, limits, trusted=False):
        self.asked, self.deadline, self.open = [], time.monotonic() + 10, True
        Scripted.made.append(self)

    def ask(self, do, source, *rest, seconds):
        assert self.open
        self.asked.append((do, source))
        if "lie" in source and do != "define":
            raise Tampered("an answer came that no worker gives")
        if "break" in source and (do != "define" or "very bad" in source):
            raise Stopped("it ended the program that runs it")
        return Reply("function" if do == "get" else "done", None, None, "printed")

    def close(self):
        self.open = False


@pytest.fixture
def session(monkeypatch):
    Scripted.made = []
    monkeypatch.setattr(marking, "Box", Scripted)
    with Session(Marks(), QUICK, False) as made:
        yield made


def test_another_worker_starts_where_the_first_one_was(session):
    session.give("given")
    session.run(0, "one")
    session.run(1, "break two")
    session.run(2, "three")
    first, second = Scripted.made
    assert not first.open
    assert second.asked == [
        ("run", "given"),
        ("run", "one"),
        ("define", "break two"),
        ("run", "three"),
    ]
    assert second.deadline == first.deadline  # a lost worker buys no time


def test_what_breaks_a_worker_even_in_its_definitions_is_left_out(session):
    session.run(0, "break very bad")
    session.run(1, "one")
    assert Scripted.made[-1].asked == [("run", "one")]


def test_a_lie_is_a_suspicion(session):
    session.run(0, "lie")
    assert session.marks.suspicions == ["an answer came that no worker gives"]
    session.run(1, "one")
    assert len(session.marks.suspicions) == 1


def test_a_worker_that_is_lost_too_often_is_not_started_again(session):
    for number in range(20):
        session.run(number, "break very bad")
    assert len(Scripted.made) == 1 + marking.RESTARTS
    assert session.marks.cells[19].error.startswith("It was stopped too often.")
    with pytest.raises(Stopped, match="too often"):
        session.ask("get", "x", seconds=1.0)


def test_a_cell_that_breaks_only_the_second_time_leaves_no_worker(session, monkeypatch):
    session.run(0, "one")
    monkeypatch.setattr(
        Scripted, "ask", lambda self, *what, seconds: (_ for _ in ()).throw(Stopped("it ended"))
    )
    session.run(1, "break")
    assert not any(box.open for box in Scripted.made)
    with pytest.raises(Stopped, match="too often"):
        session.ask("get", "x", seconds=1.0)


def test_a_function_that_lost_its_worker_is_not_called_again_in_that_test(session):
    turn = marking.Turn(5.0)
    proxy = marking.Proxy(session, "break", None, turn)
    for _ in range(3):
        with pytest.raises(Stopped, match="ended the program"):
            proxy(1)
    assert len(Scripted.made) == 2


# --- A function across the wall ------------------------------------------------------------------


class Answering:
    """A session whose worker gives one answer."""

    limits = QUICK

    def __init__(self, **reply):
        self.reply = Reply(**({"kind": "value", "value": 3, "error": None, "printed": ""} | reply))
        self.asked = []

    def ask(self, *question, seconds):
        self.asked.append((question, seconds))
        return self.reply


def proxy(parameters=None, seconds=5.0, **reply):
    session = Answering(**reply)
    return session, marking.Proxy(session, "f", parameters, marking.Turn(seconds))


def test_it_sends_plain_data_and_gives_what_comes_back(capsys):
    session, f = proxy(printed="hello\n")
    assert f(np.array([True]), by=2.0) == 3
    (((do, name, args, kwargs), seconds),) = session.asked
    assert (do, name) == ("call", "f")
    assert wire.decode(args)[0].tolist() == [True]
    assert wire.decode(kwargs) == {"by": 2.0}
    assert seconds == QUICK.call
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize(
    ("takes", "value"),
    [
        ("np.ndarray", [1.0, 2.0]),
        ("np.ndarray", [[1, 2], [3, 4]]),
        ("np.ndarray", np.array([True])),
        ("list", [1.0, 2.0]),
        ("list", np.array([1.0])),
        ("list", ["a", "b"]),
        ("list", [[1], [2, 3]]),
        ("float", 2.0),
    ],
)
def test_a_function_gets_arrays_or_lists_where_it_cannot_take_arrays(takes, value):
    """As from the visible checks: a student must not fail for what was never asked."""
    source = f"import numpy as np\ndef twice(x):\n    assert isinstance(x, {takes})\n    return 1"
    with Session(Marks(), QUICK, False) as session:
        session.run(0, source)
        assert session.value("twice", marking.Turn(5.0))(value) == 1


def test_a_function_that_can_take_neither_is_told_of_arrays():
    with Session(Marks(), QUICK, False) as session:
        session.run(0, "def f(x):\n    raise ValueError(type(x).__name__)")
        with pytest.raises(ValueError, match="ndarray"):
            session.value("f", marking.Turn(5.0))([1.0])


def test_it_waits_no_longer_than_the_test_has_left():
    session, f = proxy(seconds=0.0)
    f()
    assert session.asked[0][1] == 0.0


def test_it_raises_what_the_function_raised():
    _, f = proxy(kind="error", value=None, error=("KeyError", "x", 3))
    with pytest.raises(KeyError, match="x"):
        f()


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        ("ValueError", ValueError("m")),
        ("ZeroDivisionError", ZeroDivisionError("m")),
        ("Exception", Exception("m")),
        ("NotImplementedError", NotImplementedError("m")),
        ("UserWarning", UserWarning("m")),
        ("UnicodeDecodeError", RuntimeError("UnicodeDecodeError: m")),  # wants more than a message
        ("SystemExit", RuntimeError("SystemExit: m")),
        ("KeyboardInterrupt", RuntimeError("KeyboardInterrupt: m")),
        ("GeneratorExit", RuntimeError("GeneratorExit: m")),
        ("StopIteration", RuntimeError("StopIteration: m")),  # it would end a test's loop as passed
        ("print", RuntimeError("print: m")),
        ("object", RuntimeError("object: m")),
        ("NotYet", RuntimeError("NotYet: m")),
    ],
)
def test_an_exception_is_one_of_python_s_own_or_a_runtime_error(kind, becomes):
    got = raised(Reply("error", None, (kind, "m", None), ""))
    assert (type(got), got.args) == (type(becomes), becomes.args)


def test_no_exception_passes_a_loop_of_a_test_as_its_end():
    _, f = proxy(kind="error", value=None, error=("StopIteration", "", None))
    with pytest.raises(RuntimeError):
        list(map(f, [1, 2, 3]))


def example(a, /, b, *c, d, e=1, **f): ...


def test_its_signature_is_the_function_s():
    told = [[p.name, int(p.kind), p.default is not p.empty] for p in parameters_of(example)]
    _, f = proxy(told)
    assert [(p.name, p.kind) for p in parameters_of(f)] == [
        (p.name, p.kind) for p in parameters_of(example)
    ]
    assert f.__name__ == "f"
    inspect.signature(f).bind(1, 2, 3, d=4)
    with pytest.raises(TypeError, match="missing a required"):
        inspect.signature(f).bind(1, 2)


def parameters_of(function):
    return inspect.signature(function).parameters.values()


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        [1],
        [["a"]],
        [["a", 9, False]],
        [["a", -9, False]],
        [["a", "1", False]],
        [["a b", 1, False]],
        [[7, 1, False]],
        [["a", 1, False], ["a", 1, False]],
        [["a", 1, True], ["b", 1, False]],
        [["a", 4, False], ["b", 1, False]],
        [["a", 1, np.zeros(2)]],
        {"a": 1},
    ],
    ids=repr,
)
def test_where_the_worker_tells_none_that_can_be_any_call_fits(told):
    session, f = proxy(told)
    inspect.signature(f).bind(1, 2, c=3)
    assert f(1) == 3
    assert len(session.asked) == 1


def test_a_signature_has_as_many_names_as_were_told():
    assert str(signature([["a", 1, False], ["b", 1, True]])) == "(a, b=None)"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (None, ""),
        (("NotImplementedError", "", 3), ""),
        (("ValueError", "m", 3), "ValueError: m (line 3)"),
        (("ValueError", "m", None), "ValueError: m"),
    ],
)
def test_an_error_is_shown_with_its_line(error, says):
    assert shown(error) == says


# --- A test that goes wrong itself ---------------------------------------------------------------


def outcome(visible, hidden="", limits=QUICK):
    nobody = SimpleNamespace(asked=frozenset())
    names = {"checks": marking.checks, "kept": [1]}
    about = nobody, SimpleNamespace(limits=limits), names
    told = marking._visible(visible, *about) or marking._hidden(hidden, *about)
    return marking.outcome(GradedCell("t", 2.0, visible, hidden), told)


def test_what_a_test_says_is_told_and_its_points_are_given_only_without_a_word():
    assert outcome("pass", "pass") == Outcome(2.0, 2.0, "")
    assert outcome("raise checks.NotYet('so')", "1 / 0") == Outcome(0.0, 2.0, "so")
    assert outcome("pass", "raise checks.NotYet('so')") == Outcome(0.0, 2.0, "so")


def test_of_what_is_told_there_is_an_end():
    assert outcome("raise checks.NotYet('x' * 100_000)").told == "x" * marking.MOST_TOLD


def test_the_hidden_part_sees_what_the_visible_part_defines_and_the_next_test_does_not():
    assert outcome("x = 1", "assert x == 1").told == ""
    assert outcome("x", "").told == "NameError: name 'x' is not defined"


def test_a_test_warns_nobody():
    assert outcome("import warnings\nwarnings.warn('x')\nimport numpy\nnumpy.log(0.0)").told == ""


def test_a_test_that_never_ends_on_an_answer_is_ended():
    before = signal.getsignal(signal.SIGALRM)
    stopped = outcome("while True: pass", limits=Limits(submission=0.2))
    assert stopped.told == (
        "Your code was called, and the check of what it returned took too long."
    )
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_after_a_test_no_clock_is_left_running():
    assert outcome("import time\ntime.sleep(0)") == Outcome(2.0, 2.0, "")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_test_runs_in_any_thread():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(outcome("pass")))
    thread.start()
    thread.join()
    assert outcomes == [Outcome(2.0, 2.0, "")]


def test_names_are_asked_for_only_where_a_test_uses_them(small):
    assert marking.used("f(x).y\nfor z in a: pass") == {"f", "x", "z", "a"}
    assert small.asked == {"twice", "thrice"}


def test_the_parts_of_a_test_are_told_apart(small):
    check = check_cell("t", 1, CHECK, "SECRET")
    assert CHECK in check.source
    assert "SECRET" not in small.tests["twice-check"].visible
    assert small.tests["twice-check"].hidden.startswith("checks.agree(")
