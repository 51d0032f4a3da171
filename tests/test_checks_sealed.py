"""A sealed check tells each student what is wrong, and holds no answer that could be read."""

import json
import math
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xent_lib.checks import Case, NotYet, agree, pack, seal, sealed, unpack

RATE = 0.7390851332151607


def cost(hours, rate):
    return rate * sum(hours)


TABLE = seal(
    cost,
    [
        Case(([1.25, 2.5], RATE)),
        Case(([3.0, 4.75, 0.5], 1.83)),
        Case(([7.0, 1.5, 2.25, 3.5], 0.377)),
        Case(([0.0], 2.0), "no hour", "Nothing is to be paid."),
        Case(([1.0], math.inf), "beyond price", "Then there is no end to it."),
    ],
    mistakes=[
        (lambda hours, rate: rate * len(hours), "You counted the hours; add them up."),
        (lambda hours, rate: sum(hours) / rate, "You divided by the rate."),
        (lambda hours, rate: hours[9], "Nobody answers so."),
        (lambda hours, rate: rate * math.fsum(hours), "Never told: it is right."),
        (lambda hours, rate: len(hours) * rate, "Never told: another says it first."),
    ],
    slips=[
        (lambda value: -value, "The sign is wrong."),
        (lambda value: 100 * value, "These are cents, not euros."),
    ],
)


def says(function, table=TABLE):
    with pytest.raises(NotYet) as caught:
        sealed(function, table)
    return str(caught.value)


# --- What it tells -------------------------------------------------------------------------------


def loop(hours, rate):
    total = 0
    for hour in hours:
        total += rate * hour
    return total


@pytest.mark.parametrize(
    "right",
    [cost, loop, lambda hours, rate: np.dot(hours, np.full(len(hours), rate))],
)
def test_who_is_right_is_told_so(right):
    result = sealed(right, TABLE)
    assert result.passed
    assert repr(result) == "✓ Right: tried on 3 ordinary and 2 special inputs."


def test_another_order_of_adding_is_right_and_a_ten_thousandth_more_is_not():
    assert sealed(lambda hours, rate: sum(rate * hour for hour in hours[::-1]), TABLE).passed
    assert "not right" in says(lambda hours, rate: cost(hours, rate) * (1 + 1e-4))


def stub(hours, rate):
    """What it costs."""
    raise NotImplementedError()


def passes(hours, rate):
    pass


@pytest.mark.parametrize(
    "nothing", [..., None, stub, passes, lambda hours, rate: ..., lambda hours, rate: ... * 2]
)
def test_what_is_not_written_is_told_as_such(nothing):
    assert says(nothing).startswith("… Not written yet: your code goes in place of the line")


def changes(hours, rate):
    paid = rate * sum(hours)
    hours[0] = 0.0
    return paid


def prints(hours, rate):
    print(cost(hours, rate))


def returns_nothing(hours, rate):
    cost(hours, rate)


FIRST = "`hours = [1.25, 2.5]`, `rate = 0.739085`"


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (3.0, "Give the check the function itself: its name, without brackets."),
        (
            lambda hours: 1.0,
            "Your function takes `(hours)`, but this exercise calls it with `(hours, rate)`.",
        ),
        (prints, "It prints the answer but does not hand it back: use `return`."),
        (
            returns_nothing,
            f"With {FIRST} it returned nothing (`None`): is a `return` missing?",
        ),
        (
            lambda hours, rate: 1 / 0,
            f"With {FIRST} it stopped: `ZeroDivisionError: division by zero`. It divided by zero.",
        ),
        (lambda hours, rate: rate * len(hours), "You counted the hours; add them up."),
        (lambda hours, rate: sum(hours) / rate, "You divided by the rate."),
        (lambda hours, rate: -cost(hours, rate), "The sign is wrong."),
        (lambda hours, rate: 100 * cost(hours, rate), "These are cents, not euros."),
        (
            lambda hours, rate: -sum(hours) / rate,
            "Two things. You divided by the rate. The sign is wrong.",
        ),
        (
            lambda hours, rate: -100 * cost(hours, rate),
            "Two things. The sign is wrong. These are cents, not euros.",
        ),
        (
            lambda hours, rate: round(cost(hours, rate), 2),
            "The answers are rounded: hand back all digits, and round only where you print.",
        ),
        (
            lambda hours, rate: [rate * hour for hour in hours],
            f"With {FIRST} it returned `[0.923856, 1.84771]`, where one number is asked for: is a "
            "sum or an index missing?",
        ),
        (
            lambda hours, rate: "much",
            f"With {FIRST} it returned `'much'`, which is a text: return the value itself.",
        ),
        (
            lambda hours, rate: {"cost": 1},
            f"With {FIRST} it returned `a dict`, which is no number.",
        ),
        (
            lambda hours, rate: [[1.0], [2.0, 3.0]],
            f"With {FIRST} it returned `[[1], [2, 3]]`, where one number is asked for: is a sum or "
            "an index missing?",
        ),
        (
            lambda hours, rate: 4.5,
            f"It gives `4.5` whatever it is given. With {FIRST} it gave `4.5`, and that is not "
            "right.",
        ),
        (
            lambda hours, rate: rate * (sum(hours[:2]) + sum(hours[2:]) ** 2),
            "Right for the first input tried, but not in general: with `hours = [3, 4.75, 0.5]`, "
            "`rate = 1.83` it gave `14.64`, and that is not right.",
        ),
        (
            lambda hours, rate: rate + sum(hours),
            f"With {FIRST} it gave `4.48909`, and that is not right.",
        ),
        (
            lambda hours, rate: cost(hours, rate) or 1.0,
            "Right on ordinary inputs. But with `hours = [0]`, `rate = 2` (no hour) it gave `1`, "
            "and that is not right. Nothing is to be paid.",
        ),
        (
            lambda hours, rate: cost(hours, rate) / (cost(hours, rate) > 0),
            "Right on ordinary inputs. But with `hours = [0]`, `rate = 2` (no hour) it gave `nan`, "
            "and that is not right. Nothing is to be paid.",
        ),
        (
            lambda hours, rate: cost([*hours][: 9 if any(hours) else hours.index(9)], rate),
            "Right on ordinary inputs. But with `hours = [0]`, `rate = 2` (no hour) it stopped: "
            "`AttributeError: 'numpy.ndarray' object has no attribute 'index'`. That is not right. "
            "Nothing is to be paid.",
        ),
        (
            lambda hours, rate: min(cost(hours, rate), 1e9),
            "Right on ordinary inputs. But with `hours = [1]`, `rate = inf` (beyond price) it gave "
            "`1e+09`, and that is not right. Then there is no end to it.",
        ),
        (
            changes,
            f"The answers are right, but with {FIRST} your function changes what it was given; "
            "whoever calls it will be surprised. Work on a copy.",
        ),
    ],
)
def test_each_is_told_what_is_wrong(function, told):
    assert says(function) == f"✗ Not yet. {told}"


def test_a_mistake_that_is_right_or_known_already_is_not_kept():
    assert "Never told" not in json.dumps(TABLE)


def test_a_mistake_that_gives_nothing_is_told_to_nobody():
    assert "IndexError" in says(lambda hours, rate: hours[9])
    assert "`return` missing" in says(lambda hours, rate: [].append(rate))


# --- Answers of each kind ------------------------------------------------------------------------


def words(text):
    return text.split()


def grid(size):
    return [[i * j + 0.5 for j in range(int(size))] for i in range(int(size))]


KINDS = {
    "truth values": (
        lambda x: x > 2,
        [1.0, 3.0, 2.0, 5.0],
        lambda x: np.bool_(x > 2),
        [
            (lambda x: x >= 2, "Right for the first input tried"),
            (lambda x: float(x > 2), "it returned `0`, where `True` or `False` is asked for."),
            (lambda x: True, "It gives `True` whatever it is given."),
        ],
    ),
    "texts": (
        lambda x: "even" if x % 2 == 0 else "odd",
        [4.0, 3.0, 6.0],
        lambda x: np.array(["even", "odd"])[int(x % 2)],
        [
            (lambda x: "odd" if x % 2 == 0 else "even", "it gave `'odd'`, and that is not right."),
            (lambda x: x % 2, "it returned `0`, where a text is asked for."),
        ],
    ),
    "lists": (
        lambda x: [x / 3, x / 7],
        [1.0, 2.0, 5.0],
        lambda x: np.array([x, x]) / [3, 7],
        [
            (lambda x: x / 3, "where one number for each of the inputs is asked for."),
            (lambda x: [x / 3], "which does not have as many values as are asked for."),
            (lambda x: [[x / 3], [x, 7]], "which does not have as many values as are asked for."),
            (lambda x: [x / 7, x / 3], "and that is not right."),
            (lambda x: [x / 3, None], "and that is not right."),
        ],
    ),
    "lists of lists": (
        grid,
        [1.0, 2.0, 3.0],
        lambda size: tuple(tuple(row) for row in grid(size)),
        [
            (
                lambda size: [sum(row) for row in grid(size)],
                "not have as many values as are asked for.",
            ),
            (lambda size: [row[::-1] for row in grid(size)], "Right for the first input tried"),
        ],
    ),
    "infinity": (
        lambda x: math.inf if x > 1 else x,
        [0.25, 2.0, 3.0],
        lambda x: np.where(x > 1, np.inf, x),
        [(lambda x: x, "not in general"), (lambda x: -math.inf if x > 1 else x, "`-inf`")],
    ),
    "no number": (
        lambda x: math.nan if x > 1 else x,
        [0.25, 2.0],
        lambda x: np.where(x > 1, np.nan, x),
        [(lambda x: x, "not in general"), (lambda x: 7.0 if x > 1 else x, "`7`")],
    ),
    "nothing": (
        lambda x: x - x,
        [1.0, 2.0],
        lambda x: -1e-12,
        [(lambda x: 1e-8, "It gives `1e-08` whatever it is given.")],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_may_be_of_any_plain_kind(kind):
    truth, inputs, same, wrong = KINDS[kind]
    table = unpack(pack({"t": seal(truth, [Case((x,)) for x in inputs])}))["t"]
    assert sealed(truth, table).passed
    assert sealed(same, table).passed
    for function, told in wrong:
        assert told in says(function, table)


@given(st.floats(1e-6, 1e6), st.floats(-1e-8, 1e-8))
def test_an_answer_that_is_off_by_less_than_the_digits_of_a_float_is_right(x, off):
    table = seal(lambda x: x / 3, [Case((x,))])
    assert sealed(lambda x: x / 3 * (1 + off), table).passed


@given(st.floats(1e-6, 1e6), st.floats(1e-4, 1e6), st.sampled_from([-1, 1]))
def test_an_answer_that_is_off_by_more_is_wrong(x, off, sign):
    table = seal(lambda x: x / 3, [Case((x,))])
    with pytest.raises(NotYet):
        sealed(lambda x: x / 3 * (1 + sign * min(off, 0.9)), table)


def test_an_answer_that_is_right_stays_so_where_its_digits_round_the_other_way():
    table = seal(lambda x: x, [Case((1.23456499999,)), Case((2.5,))])
    assert sealed(lambda x: x + 2e-11, table).passed
    assert f"{1.23456499999:.5e}" != f"{1.23456499999 + 2e-11:.5e}"


# --- What it holds -------------------------------------------------------------------------------


def test_no_answer_can_be_read_of_a_seal():
    """Neither of the right ones nor of those of the mistakes."""
    text, packed = json.dumps(TABLE), pack({"t": TABLE})
    answers = [
        f(*case)
        for f in (cost, lambda hours, rate: rate * len(hours), lambda h, rate: -cost(h, rate))
        for case in [(args[0], args[1]) for args, special, _ in TABLE["cases"] if not special]
    ]
    assert len(set(answers)) == 9
    for answer in answers:
        digits = f"{abs(answer):.4e}"[:6].replace(".", "")
        assert len(digits) == 5
        for secret in (repr(answer), f"{answer:g}", digits):
            assert secret not in text
            assert secret not in packed


def test_prints_are_eight_hexadecimal_digits_and_say_only_the_kind():
    table = seal(lambda x: [x / 3, x > 2, "a word"], [Case((1.5,))])
    ((number, truth, word),) = table["right"]
    assert [print[0] for print in (number, truth, word)] == ["f", "b", "s"]
    assert all(re.fullmatch("[fbs][0-9a-f]{8}", print) for print in (number, truth, word))
    assert set(table) == {"names", "cases", "right", "plain", "compound"}


def test_like_answers_do_not_look_alike():
    prints = seal(lambda x: [0.5, 0.5], [Case((1.0,)), Case((2.0,))])["right"]
    assert len({*prints[0], *prints[1]}) == 4


def test_a_seal_is_packed_into_one_line_and_comes_back():
    packed = pack({"a": TABLE, "b": TABLE})
    assert "\n" not in packed
    assert '"' not in packed
    assert "\\" not in packed
    assert unpack(packed) == {"a": TABLE, "b": TABLE}


def test_packing_gives_the_same_text_each_time():
    assert pack({"a": TABLE}) == pack({"a": json.loads(json.dumps(TABLE))})


# --- The answers of hidden tests -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (0.5, 0.5),
        (1, 1.0),
        (np.float32(0.5), 0.5),
        (0.5 + 1e-9, 0.5),
        (1e-10, 0.0),
        (math.inf, math.inf),
        (math.nan, math.nan),
        (True, np.bool_(True)),
        ("a", np.str_("a")),
        ((1, 2), [1.0, 2.0]),
        (np.ones((2, 2)), [[1, 1], [1, 1]]),
        ([], []),
        ([True, "a", [0.5]], [True, "a", [0.5]]),
    ],
)
def test_right_answers_agree(got, want):
    assert agree(got, want, "x") is None


@pytest.mark.parametrize(
    ("got", "want", "told"),
    [
        (0.6, 0.5, "another number"),
        (-math.inf, math.inf, "another number"),
        (5.0, math.nan, "another number"),
        (math.nan, 0.5, "nan, which is no number"),
        (math.nan, math.inf, "nan, which is no number"),
        (math.inf, 0.5, "something infinite"),
        (1e300, math.inf, "something finite"),
        (math.inf, math.nan, "something infinite"),
        (False, True, "another answer"),
        ("a", "b", "another answer"),
        ([0.5], 0.5, "a list where one number is right"),
        (np.ones(2), 0.5, "a list where one number is right"),
        (0.5, [0.5], "a number where a list is right"),
        (1, True, "a number where True or False is right"),
        (True, 1, "True or False where one number is right"),
        ("0.5", 0.5, "a text where one number is right"),
        (0.5, "a", "a number where a text is right"),
        (None, 0.5, "nothing where one number is right"),
        ({0.5}, 0.5, "something else where one number is right"),
        ([1.0], [1.0, 2.0], "1 values where 2 are right"),
        ([1.0, 3.0], [1.0, 2.0], "another number"),
        ([[1.0], 2.0], [1.0, 2.0], "a list where one number is right"),
        ([[1.0, 2.0]], [[1.0, math.inf]], "something finite"),
    ],
)
def test_wrong_answers_are_told_by_kind_and_neither_is_shown(got, want, told):
    with pytest.raises(NotYet) as caught:
        agree(got, want, "a zero in q")
    assert str(caught.value) == f"✗ Not yet: a zero in q. It gave {told}."


def test_how_near_is_right_can_be_said():
    agree(0.51, 0.5, "x", atol=0.02)
    agree(51.0, 50.0, "x", rtol=0.03)
    with pytest.raises(NotYet):
        agree(0.51, 0.5, "x", atol=0.005)


# --- In a notebook -------------------------------------------------------------------------------


def test_a_notebook_shows_the_message_and_no_traceback(tmp_path):
    source = "from xent_lib import checks\nchecks.agree(1.0, 2.0, 'a coin')"
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}
    shell = [sys.executable, "-W", "ignore", "-m", "IPython", "--colors=nocolor", "-c", source]
    done = subprocess.run(shell, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 1
    assert (done.stdout + done.stderr).strip() == ("✗ Not yet: a coin. It gave another number.")


def test_it_is_a_failed_assertion_to_whoever_grades():
    with pytest.raises(AssertionError):
        sealed(..., TABLE)
    assert NotYet("so")._render_traceback_() == ["so"]
