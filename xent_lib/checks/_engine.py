"""The engine of the checks: it tries a learner's function and finds out what is wrong.

What it knows of an exercise comes in tables: a *mistake* is a function that computes the wrong
thing, and the sentence to tell whoever computes the same; a *slip* is a change that can befall
any answer, such as the wrong logarithm. The first mistake that gives all of the learner's answers
is told. Nothing is raised and nothing is printed, so a notebook with exercises not yet written
still runs.
"""

import dis
import inspect
import io
import math
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np

from xent_lib import _html
from xent_lib._text import inline

Function = Callable[..., Any]
Table = Sequence[tuple[Function, str]]


# --- What a check answers ------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What a check answers; shown by the notebook as a box.

    Attributes
    ----------
    passed : bool
        Whether the exercise is solved.
    message : str
        What to tell the learner.
    written : bool
        False where there is nothing to judge yet.
    """

    passed: bool
    message: str
    written: bool = True

    @property
    def _mark(self) -> str:
        return "✓" if self.passed else "✗" if self.written else "…"

    def __repr__(self) -> str:
        return f"{self._mark} {self.message}"

    def _repr_html_(self) -> str:
        state = "right" if self.passed else "wrong" if self.written else "open"
        style = f"<style>{_html.style()}</style>" if _html.live() else ""
        return (
            f'<div class="xent xent-check xent-{state}" role="status">'
            f'<p><span class="xent-mark" aria-hidden="true">{self._mark}</span> '
            f"{inline(self.message)}</p></div>{style}"
        )


NOT_WRITTEN = Result(False, "Not written yet: replace the ... and run the cell again.", False)


def not_yet(message: str) -> Result:
    return Result(False, f"Not yet. {message}")


# --- The engine ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One input to try.

    Attributes
    ----------
    args : tuple
        The arguments; lists are handed over as NumPy arrays.
    special : str
        What is special about it; empty for an ordinary input.
    hint : str
        What holds for such an input.
    """

    args: tuple[Any, ...]
    special: str = ""
    hint: str = ""


@dataclass(frozen=True)
class _Trial:
    """What the learner's function did with one input."""

    case: Case
    inputs: str
    expected: Any
    got: Any
    error: Exception | None
    printed: bool
    changed: bool

    @property
    def right(self) -> bool:
        return self.error is None and _same(self.got, self.expected)


class Hidden(ABC):
    """An answer that can be recognised but not read; ``blank`` is of its kind and shape."""

    blank: Any

    @abstractmethod
    def fits(self, got: Any) -> bool: ...


class Rows(NamedTuple):
    """What known mistakes answer to the ordinary inputs, and what to tell of each.

    Attributes
    ----------
    plain : iterable of (answers, str)
        The mistakes one by one.
    compound : iterable of (answers, str)
        Slips, and two mistakes together.
    """

    plain: Iterable[tuple[Iterable[Any], str]]
    compound: Iterable[tuple[Iterable[Any], str]]


def check(
    function: Any,
    truth: Function,
    cases: Sequence[Case],
    mistakes: Table = (),
    slips: Table = (),
) -> Result:
    """Try a learner's function and say what is wrong with it.

    Parameters
    ----------
    function : callable
        The learner's function, or ``...`` where there is none yet.
    truth : callable
        The right function. It gets plain numbers and lists; its parameters name the inputs.
    cases : sequence of Case
        The inputs, the ordinary ones from short to long.
    mistakes : sequence of (callable, str)
        Functions that compute something else, and what to tell whoever computes that.
    slips : sequence of (callable, str)
        Changes of a right answer, and what to tell. They are tried on the truth, two together
        too, and on each mistake.

    Returns
    -------
    Result
        Passed, not yet, or not written yet.

    Examples
    --------
    >>> cases = [Case((2.0,)), Case((3.0,)), Case((0.0,), "no side", "Then there is no area.")]
    >>> check(lambda side: side * 2, lambda side: side * side, cases,
    ...       mistakes=[(lambda side: side + side, "You doubled the side.")])
    ✗ Not yet. You doubled the side.
    >>> check(..., lambda side: side * side, cases)
    … Not written yet: replace the ... and run the cell again.
    """
    names = list(inspect.signature(truth).parameters)
    answers = [plain(truth(*case.args)) for case in cases]
    ordinary = [case for case in cases if not case.special]
    rows = Rows(
        plain=_answered(mistakes, ordinary),
        compound=_answered(compound(truth, mistakes, [*slips, *ROUNDINGS]), ordinary),
    )
    return judge(function, names, cases, answers, rows)


def judge(
    function: Any, names: list[str], cases: Sequence[Case], answers: Sequence[Any], rows: Rows
) -> Result:
    """Try a learner's function on the cases, whose right answers may be hidden ones."""
    if function is None or function is Ellipsis:
        return NOT_WRITTEN
    if not callable(function):
        return not_yet("Give the check the function itself: its name, without brackets.")
    if told := _wrong_arguments(function, names):
        return not_yet(told)
    trials = [_try(function, *pair, names) for pair in zip(cases, answers, strict=True)]
    if _unwritten(function, trials):
        return NOT_WRITTEN
    ordinary = [trial for trial in trials if not trial.case.special]
    special = [trial for trial in trials if trial.case.special]
    told = (
        _nothing_returned(trials)
        or _stopped(ordinary)
        or _wrong(ordinary, rows)
        or _wrong_special(special)
        or _changed_input(trials)
    )
    if told:
        return not_yet(told)
    count = f"{len(ordinary)} ordinary and {len(special)} special inputs"
    return Result(True, f"Right: tried on {count}.")


def _try(function: Function, case: Case, expected: Any, names: list[str]) -> _Trial:
    """Call the function with arrays, or with lists where it cannot take arrays."""
    run = _run(function, [_array(arg) for arg in case.args])
    if run.error is not None:
        again = _run(function, [_list(arg) for arg in case.args])
        run = again if again.error is None else run
    return _Trial(
        case,
        inputs=", ".join(f"`{n} = {shown(a)}`" for n, a in zip(names, case.args, strict=True)),
        expected=expected,
        got=plain(run.got),
        error=run.error,
        printed=run.printed,
        changed=plain(run.args) != plain(case.args),
    )


class _Run(NamedTuple):
    args: list[Any]
    got: Any
    error: Exception | None
    printed: bool


def _run(function: Function, args: list[Any]) -> _Run:
    """Call the function with its output, its warnings and its exception caught."""
    output = io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        redirect_stdout(output),
        redirect_stderr(output),
    ):
        warnings.simplefilter("ignore")
        try:
            got, error = function(*args), None
        except Exception as caught:
            got, error = None, caught
    return _Run(args, got, error, bool(output.getvalue().strip()))


def _array(arg: Any) -> Any:
    return np.array(arg) if isinstance(arg, list) and not isinstance(arg[0], str) else _list(arg)


def _list(arg: Any) -> Any:
    return [_list(item) for item in arg] if isinstance(arg, list) else arg


def plain(value: Any) -> Any:
    """Numbers as float, truth values as bool, arrays and sequences of them as lists."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bool | str):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return value


def _same(got: Any, expected: Any) -> bool:
    if isinstance(expected, Hidden):
        return expected.fits(got)
    if type(got) is not type(expected):
        return False
    if isinstance(got, list):
        return len(got) == len(expected) and all(map(_same, got, expected))
    if isinstance(got, float):
        both_nan = math.isnan(got) and math.isnan(expected)
        return both_nan or math.isclose(got, expected, rel_tol=1e-7, abs_tol=1e-9)
    return bool(got == expected)


def shown(value: Any) -> str:
    """A value as the learner would write it, with six digits."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value) if isinstance(value, int | str | None) else f"a {type(value).__name__}"


# --- What can be seen without knowing the exercise -----------------------------------------------


def _wrong_arguments(function: Function, names: list[str]) -> str:
    try:
        parameters = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return ""
    try:
        parameters.bind(*names)
    except TypeError:
        return (
            f"Your function takes `{parameters}`, but this exercise calls it with "
            f"`({', '.join(names)})`."
        )
    return ""


_IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


def _unwritten(function: Function, trials: list[_Trial]) -> bool:
    first = trials[0]
    if isinstance(first.error, NotImplementedError) or "ellipsis" in str(first.error):
        return True
    if first.got is not None or first.error is not None:
        return first.got is Ellipsis
    code = getattr(function, "__code__", None)
    return code is not None and {step.opname for step in dis.get_instructions(code)} <= _IDLE


def _nothing_returned(trials: list[_Trial]) -> str:
    for trial in trials:
        if trial.error is None and trial.got is None:
            if trial.printed:
                return "It prints the answer but does not hand it back: use `return`."
            return f"With {trial.inputs} it returned nothing (`None`): is a `return` missing?"
    return ""


_ERRORS: tuple[tuple[type[Exception], str, str], ...] = (
    (ZeroDivisionError, "", "It divided by zero."),
    (ValueError, "math domain", "The logarithm of `math` does not take 0."),
    (ValueError, "expected a positive", "The logarithm of `math` does not take 0."),
    (ValueError, "truth value of an array", "An `if` asks one question, an array holds many."),
    (ValueError, "negative integer powers", "NumPy wants `2.0`, not `2`, for negative powers."),
    (TypeError, "arrays can be converted", "`math` takes one number at a time, not an array."),
    (NameError, "", "Is that name spelt as above, or is an import missing?"),
    (IndexError, "", "It asks for an element that is not there; counting starts at 0."),
    (RecursionError, "", "It calls itself without end."),
)


def _explained(error: Exception) -> str:
    why = [
        f" {told}" for kind, part, told in _ERRORS if isinstance(error, kind) and part in str(error)
    ]
    return f"`{type(error).__name__}: {error}`.{why[0] if why else ''}"


def _stopped(trials: list[_Trial]) -> str:
    for trial in trials:
        if trial.error is not None:
            return f"With {trial.inputs} it stopped: {_explained(trial.error)}"
    return ""


_KINDS: tuple[tuple[type, type, str], ...] = (
    (float, list, "where one number is asked for: is a sum or an index missing?"),
    (list, float, "where one number for each of the inputs is asked for."),
    (list, list, "which does not have as many values as are asked for."),
    (list, object, "where a list or an array is asked for."),
    (str, object, "where a text is asked for."),
    (bool, object, "where `True` or `False` is asked for."),
    (object, str, "which is a text: return the value itself."),
    (object, object, "which is no number."),
)


def _other_kind(trials: list[_Trial]) -> str:
    for trial in trials:
        expected, got = trial.expected, trial.got
        if isinstance(expected, Hidden):
            expected = expected.blank
        if _shape(expected) != _shape(got) or type(expected) is not type(got):
            what = next(
                told
                for asked, given, told in _KINDS
                if isinstance(expected, asked) and isinstance(got, given)
            )
            return f"With {trial.inputs} it returned `{shown(got)}`, {what}"
    return ""


def _shape(value: Any) -> tuple[int, ...] | None:
    try:
        shape: tuple[int, ...] = np.shape(value)
    except ValueError:  # rows of different lengths
        return None
    return shape


def _changed_input(trials: list[_Trial]) -> str:
    for trial in trials:
        if trial.changed:
            return (
                f"The answers are right, but with {trial.inputs} your function changes what it was "
                "given; whoever calls it will be surprised. Work on a copy."
            )
    return ""


# --- What the tables know ------------------------------------------------------------------------


def _wrong(trials: list[_Trial], rows: Rows) -> str:
    wrong = [trial for trial in trials if not trial.right]
    if not wrong:
        return ""
    return (
        _recognised(trials, rows.plain)
        or _other_kind(wrong)
        or _constant(trials, wrong[0])
        or _recognised(trials, rows.compound)
        or _unknown(trials, wrong[0])
    )


def _recognised(trials: list[_Trial], rows: Iterable[tuple[Iterable[Any], str]]) -> str:
    """What is told of the first mistake that gives all of the learner's answers."""
    for answers, told in rows:
        if all(_same(trial.got, answer) for trial, answer in zip(trials, answers, strict=False)):
            return told
    return ""


def _answered(
    mistakes: Iterable[tuple[Function, str]], cases: Sequence[Case]
) -> Iterator[tuple[Iterable[Any], str]]:
    for function, told in mistakes:
        yield (answer(function, case) for case in cases), told


def answer(function: Function, case: Case) -> Any:
    """What a mistake gives, or None: it need not be defined everywhere."""
    try:
        return plain(function(*case.args))
    except (ArithmeticError, ValueError, IndexError, TypeError):
        return None


def compound(truth: Function, mistakes: Table, slips: Table) -> Iterator[tuple[Function, str]]:
    """One slip, a mistake with a slip, two slips."""
    for slip, told in slips:
        yield _after(truth, slip), told
    for wrong, told in mistakes:
        for slip, also in slips:
            yield _after(wrong, slip), f"Two things. {told} {also}"
    for (slip, told), (other, also) in permutations(slips, 2):
        yield _after(_after(truth, slip), other), f"Two things. {told} {also}"


def _after(function: Function, slip: Function) -> Function:
    return lambda *args: slip(function(*args))


def _constant(trials: list[_Trial], first: _Trial) -> str:
    if len(trials) > 1 and all(_same(trial.got, first.got) for trial in trials):
        return f"It gives `{shown(first.got)}` whatever it is given. {_sentence(_gave(first))}"
    return ""


def _unknown(trials: list[_Trial], first: _Trial) -> str:
    if all(near(trial.got, trial.expected) for trial in trials):
        return (
            f"Nearly: {_gave(first)} Is something rounded on the way, or a small number added to "
            "keep away from zero?"
        )
    if trials[0].right:
        return f"Right for the first input tried, but not in general: {_gave(first)}"
    return _sentence(_gave(first))


def _gave(trial: _Trial) -> str:
    return f"with {trial.inputs} it gave `{shown(trial.got)}`, and {_right(trial)}."


def _right(trial: _Trial) -> str:
    if isinstance(trial.expected, Hidden):
        return "that is not right"
    return f"`{shown(trial.expected)}` is right"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def near(got: Any, expected: Any) -> bool:
    return (
        isinstance(got, float)
        and isinstance(expected, float)
        and math.isclose(got, expected, rel_tol=1e-2)
    )


def _wrong_special(trials: list[_Trial]) -> str:
    for trial in trials:
        if not trial.right:
            if trial.error is not None:
                did = f"it stopped: {_explained(trial.error)} {_sentence(_right(trial))}."
            else:
                did = f"it gave `{shown(trial.got)}`, and {_right(trial)}."
            return (
                f"Right on ordinary inputs. But with {trial.inputs} ({trial.case.special}) {did} "
                f"{trial.case.hint}{_clipped(trial)}".rstrip()
            )
    return ""


def _clipped(trial: _Trial) -> str:
    finite = isinstance(trial.got, float) and math.isfinite(trial.got)
    hidden = trial.expected == math.inf and finite
    return " If you clip, or add a small number, that hides the infinity." if hidden else ""


ROUNDINGS: Table = [
    (
        partial(lambda digits, value: round(value, digits), digits),
        "The answers are rounded: hand back all digits, and round only where you print.",
    )
    for digits in range(1, 7)
]
