"""Checks for coursework: they tell what is wrong and hold no answer that could be read.

A seal is made once, by whoever has the solution: it holds the inputs to try, fingerprints of the
right answers, and fingerprints of what known mistakes answer, each with its sentence. Students get
the seal and not the solution.
"""

import base64
import hashlib
import inspect
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from xent_lib.checks._engine import (
    ROUNDINGS,
    Case,
    Function,
    Hidden,
    Result,
    Rows,
    Table,
    answer,
    compound,
    judge,
    plain,
)

Seal = dict[str, Any]


class NotYet(AssertionError):
    """An answer of coursework is wrong or not there yet; the message tells the student why.

    A notebook shows the message alone, without a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


# --- Fingerprints --------------------------------------------------------------------------------

_CLOSE = 1e-7  # relative; a fingerprint is of six digits, and this far off may still round alike


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _digits(value: float) -> str:
    return f"{0.0 if abs(value) <= 1e-9 else value:.5e}"


def _fingerprint(value: Any, salt: str) -> Any:
    """The value with each number, truth value and text in it replaced by a fingerprint."""
    if isinstance(value, list):
        return [_fingerprint(item, f"{salt}.{i}") for i, item in enumerate(value)]
    if isinstance(value, float):
        return "f" + _hash(salt + _digits(value))
    if isinstance(value, bool | str):
        return type(value).__name__[0] + _hash(f"{salt}{value}")
    return None  # a mistake that gives nothing here fits nothing


class _Print(Hidden):
    def __init__(self, fingerprint: Any, salt: str) -> None:
        self.fingerprint, self.salt = fingerprint, salt
        self.blank = self._blank(fingerprint)

    def _blank(self, fingerprint: Any) -> Any:
        if isinstance(fingerprint, list):
            return [self._blank(item) for item in fingerprint]
        kinds: dict[str, Any] = {"f": 0.0, "b": False, "s": ""}
        return kinds.get((fingerprint or "-")[0])

    def fits(self, got: Any) -> bool:
        return self._fits(got, self.fingerprint, self.salt)

    def _fits(self, got: Any, fingerprint: Any, salt: str) -> bool:
        if isinstance(fingerprint, list):
            return (
                isinstance(got, list)
                and len(got) == len(fingerprint)
                and all(
                    self._fits(a, f, f"{salt}.{i}")
                    for i, (a, f) in enumerate(zip(got, fingerprint, strict=True))
                )
            )
        if isinstance(got, float) and math.isfinite(got):
            near = (got, got * (1 - _CLOSE), got * (1 + _CLOSE))
            return fingerprint in [_fingerprint(value, salt) for value in near]
        return fingerprint is not None and fingerprint == _fingerprint(got, salt)


# --- Making a seal -------------------------------------------------------------------------------


def seal(truth: Function, cases: Sequence[Case], mistakes: Table = (), slips: Table = ()) -> Seal:
    """What a check of coursework may know, without the answers.

    Parameters
    ----------
    truth : callable
        The right function. It gets plain numbers and lists; its parameters name the inputs.
    cases : sequence of Case
        The inputs, the ordinary ones from short to long. The student can read them.
    mistakes, slips : sequence of (callable, str)
        As for `check`. The sentences can be read too.

    Returns
    -------
    dict
        Of texts, numbers, lists and dicts only.

    Examples
    --------
    >>> area = seal(lambda side: side * side, [Case((2.0,)), Case((3.0,))],
    ...             mistakes=[(lambda side: 4 * side, "That is the way around, not the area.")])
    >>> sealed(lambda side: side * side, area)
    ✓ Right: tried on 2 ordinary and 0 special inputs.
    >>> sealed(lambda side: side * 4, area)
    Traceback (most recent call last):
    ...
    xent_lib.checks._sealed.NotYet: ✗ Not yet. That is the way around, not the area.
    """
    ordinary = [(i, case) for i, case in enumerate(cases) if not case.special]
    right = [_fingerprint(plain(truth(*case.args)), str(i)) for i, case in enumerate(cases)]
    known = {json.dumps([right[i] for i, _ in ordinary])}

    def row(function: Function, told: str) -> list[Any]:
        return [[_fingerprint(answer(function, case), str(i)) for i, case in ordinary], told]

    def rows(table: Any) -> list[Any]:
        made = []
        for function, told in table:
            one = row(function, told)
            if (key := json.dumps(one[0])) not in known:  # the first who says it is heard
                known.add(key)
                made.append(one)
        return made

    return {
        "names": list(inspect.signature(truth).parameters),
        "cases": [[list(case.args), case.special, case.hint] for case in cases],
        "right": right,
        "plain": rows(mistakes),
        "compound": rows([*compound(truth, mistakes, slips), *compound(truth, (), ROUNDINGS[:3])]),
    }


def pack(seals: Mapping[str, Seal]) -> str:
    """Seals as one line of text, for a student's notebook."""
    return base64.b85encode(zlib.compress(json.dumps(seals).encode(), 9)).decode()


def unpack(text: str) -> dict[str, Seal]:
    """The seals that `pack` made a text of."""
    seals: dict[str, Seal] = json.loads(zlib.decompress(base64.b85decode(text)))
    return seals


# --- Using it ------------------------------------------------------------------------------------


def sealed(function: Any, seal: Seal) -> Result:
    """Try a student's function; for coursework, where a wrong answer must not go on.

    Parameters
    ----------
    function : callable
        The student's function, or ``...`` where there is none yet.
    seal : dict
        Made by `seal`.

    Returns
    -------
    Result
        Always passed.

    Raises
    ------
    NotYet
        What is wrong, or that nothing is written yet. The right answer is not told.
    """
    cases = [Case(tuple(args), special, hint) for args, special, hint in seal["cases"]]
    ordinary = [str(i) for i, case in enumerate(cases) if not case.special]

    def hidden(rows: list[Any]) -> Any:
        for fingerprints, told in rows:
            yield (_Print(f, salt) for f, salt in zip(fingerprints, ordinary, strict=True)), told

    result = judge(
        function,
        seal["names"],
        cases,
        [_Print(right, str(i)) for i, right in enumerate(seal["right"])],
        Rows(hidden(seal["plain"]), hidden(seal["compound"])),
    )
    if not result.written:
        raise NotYet(
            "… Not written yet: your code goes in place of the line `# YOUR CODE HERE` and of the "
            "line `raise NotImplementedError()` below it."
        )
    if not result.passed:
        raise NotYet(repr(result))
    return result


def agree(got: Any, want: Any, where: str, *, rtol: float = 1e-7, atol: float = 1e-9) -> None:
    """Hold a student's answer to the right one; for hidden tests.

    Parameters
    ----------
    got : object
        The student's answer: a number, a truth value, a text, or a list or array of such.
    want : object
        The right answer.
    where : str
        What kind of input it was, in words that the student may read: "a zero in q".
    rtol, atol : float
        How far off is still right, relative and absolute.

    Raises
    ------
    NotYet
        Names the kind of input and the kind of the difference; neither answer is told.

    Examples
    --------
    >>> agree(0.5, 0.5, "a fair coin")
    >>> agree([0.5], 0.5, "a coin")
    Traceback (most recent call last):
    ...
    xent_lib.checks._sealed.NotYet: ✗ Not yet: a coin. It gave a list where one number is right.
    """
    difference = _difference(plain(got), plain(want), rtol, atol)
    if difference:
        raise NotYet(f"✗ Not yet: {where}. It gave {difference}.")


def _difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    if type(got) is not type(want):
        return f"{_kind(got)} where {_kind(want, one=True)} is right"
    if isinstance(want, list):
        if len(got) != len(want):
            return f"{len(got)} values where {len(want)} are right"
        each = (_difference(g, w, rtol, atol) for g, w in zip(got, want, strict=True))
        return next(filter(None, each), "")
    if isinstance(want, float):
        if math.isnan(got) and not math.isnan(want):
            return "nan, which is no number"
        if math.isinf(got) != math.isinf(want):
            return "something finite" if math.isinf(want) else "something infinite"
        both_nan = math.isnan(got) and math.isnan(want)
        same = both_nan or math.isclose(got, want, rel_tol=rtol, abs_tol=atol)
        return "" if same else "another number"
    return "" if got == want else "another answer"


def _kind(value: Any, one: bool = False) -> str:
    kinds = {float: "one number" if one else "a number", list: "a list", bool: "True or False"}
    kinds |= {str: "a text", type(None): "nothing"}
    return kinds.get(type(value), "something else")
