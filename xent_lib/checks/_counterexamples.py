"""Exercises that ask for a counter-example: distributions that refute a sentence.

Each is a list of probabilities, or ``...`` as long as there is none.
"""

import math
from typing import Any

from xent_lib.checks._engine import NOT_WRITTEN, Result, not_yet, plain, shown

Distribution = list[float]


def refute_symmetry(p: Any, q: Any) -> Result:
    """Check that p and q refute "cross-entropy is symmetric".

    Examples
    --------
    >>> refute_symmetry([0.5, 0.5], [0.25, 0.75])
    ✓ Right: H(p, q) is 1.208 bits and H(q, p) is 1.000 bits.
    >>> refute_symmetry([0.25, 0.75], [0.75, 0.25])
    ✗ Not yet. Both are 1.604 bits: your p and q mirror one another. Try another q.
    """
    if isinstance(given := _given(p=p, q=q), Result):
        return given
    there, back = _cost(given["p"], given["q"]), _cost(given["q"], given["p"])
    if given["p"] == given["q"]:
        return not_yet("Your p and q are the same, and the sentence speaks of two.")
    if math.isinf(there) and math.isinf(back):
        return not_yet(
            "Both are infinite: each has something that the other holds to be impossible."
        )
    if math.isclose(there, back, rel_tol=1e-9):
        told = f"Both are {_bits(there)}: your p and q mirror one another. Try another q."
        return not_yet(told)
    return Result(True, f"Right: H(p, q) is {_bits(there)} and H(q, p) is {_bits(back)}.")


def refute_closeness(p: Any, q: Any) -> Result:
    """Check that p and q refute "if D(p ‖ q) is small, so is D(q ‖ p)".

    Asked for are D(p ‖ q) below 0.01 bits and D(q ‖ p) above 1 bit.

    Examples
    --------
    >>> refute_closeness([0.5, 0.5], [0.25, 0.75])
    ✗ Not yet. D(p ‖ q) is 0.208 bits, which is not below 0.01.
    """
    if isinstance(given := _given(p=p, q=q), Result):
        return given
    there, back = _excess(given["p"], given["q"]), _excess(given["q"], given["p"])
    if back < 0.01 and there > 1:
        return not_yet("A fine pair, but the wrong way round: swap p and q.")
    if there >= 0.01:
        return not_yet(f"D(p ‖ q) is {_bits(there)}, which is not below 0.01.")
    if back <= 1:
        return not_yet(f"D(q ‖ p) is {_bits(back)}, which is not above 1.")
    return Result(True, f"Right: D(p ‖ q) is {_bits(there)}, and D(q ‖ p) is {_bits(back)}.")


def refute_triangle(p: Any, q: Any, r: Any) -> Result:
    """Check that p, q and r refute "a detour by q is never shorter", with D as the length.

    Examples
    --------
    >>> refute_triangle([0.5, 0.5], [0.9, 0.1], [0.8, 0.2])
    ✗ Not yet. From p to r it is 0.322 bits, and by q 0.790 bits: the detour is no shorter.
    """
    if isinstance(given := _given(p=p, q=q, r=r), Result):
        return given
    p, q, r = given.values()
    if q in (p, r):
        return not_yet("Your q is p or r itself, so there is no detour.")
    straight, detour = _excess(p, r), _excess(p, q) + _excess(q, r)
    ways = f"From p to r it is {_bits(straight)}, and by q {_bits(detour)}"
    if straight <= detour * (1 + 1e-9):
        return not_yet(f"{ways}: the detour is no shorter.")
    return Result(True, f"Right. {ways}.")


def _given(**answers: Any) -> dict[str, Distribution] | Result:
    """The learner's distributions, or what to say where they are none."""
    if any(answer is None or answer is Ellipsis for answer in answers.values()):
        return NOT_WRITTEN
    values = {name: plain(answer) for name, answer in answers.items()}
    for name, value in values.items():
        if not isinstance(value, list) or not all(isinstance(x, float) for x in value):
            return not_yet(f"`{name}` must be a list of probabilities, like `[0.5, 0.5]`.")
        if not all(x >= 0 for x in value):
            return not_yet(f"A probability in `{name}` is negative, or no number.")
        if not math.isclose(sum(value), 1, abs_tol=1e-9):
            return not_yet(f"`{name}` sums to {shown(sum(value))}, not 1.")
    if len({len(value) for value in values.values()}) > 1:
        return not_yet("All must have as many entries, one for each thing that can happen.")
    return values


def _cost(p: Distribution, q: Distribution) -> float:
    happens = [(p_x, q_x) for p_x, q_x in zip(p, q, strict=True) if p_x > 0]
    if any(q_x == 0 for _, q_x in happens):
        return math.inf
    return math.fsum(p_x * math.log2(1 / q_x) for p_x, q_x in happens)


def _excess(p: Distribution, q: Distribution) -> float:
    return _cost(p, q) - _cost(p, p)


def _bits(value: float) -> str:
    return f"{value:.3f} bits"
