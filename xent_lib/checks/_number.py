"""Exercises whose answer is one number."""

import math
from collections.abc import Iterator, Mapping
from numbers import Integral
from operator import neg
from typing import Any

from xent_lib.checks._engine import NOT_WRITTEN, Result, near, not_yet, plain, shown
from xent_lib.checks._units import UNITS, log_slips


def number(
    answer: Any,
    truth: float,
    unit: str = "bits",
    mistakes: Mapping[float, str] | None = None,
    *,
    digits: int = 3,
) -> Result:
    """Check an exercise whose answer is one number.

    Parameters
    ----------
    answer : float
        The learner's answer, or ``...`` where there is none yet.
    truth : float
        The computed answer. If it is an ``int``, only exactly that is right.
    unit : str, default "bits"
        The unit asked for. In bits and nats the other logarithm is recognised, in ``"%"`` a share
        and elsewhere a percentage.
    mistakes : mapping of float to str, optional
        Wrong answers, computed, and what each of them tells.
    digits : int, default 3
        How many digits must be right.

    Examples
    --------
    >>> number(2.585, 2.584962500721156)
    ✓ Right: 2.585 bits.
    >>> number(1.792, 2.584962500721156)
    ✗ Not yet. You used the natural log, which gives nats; this asks for bits.
    >>> number(0.167, 2.584962500721156, mistakes={1 / 6: "That is the probability."})
    ✗ Not yet. That is the probability.
    """
    if answer is None or answer is Ellipsis:
        return NOT_WRITTEN
    given = plain(answer)
    if told := _no_number(answer, given):
        return not_yet(told)
    exact = isinstance(truth, Integral)
    if _agrees(given, truth, 12 if exact else digits):
        return Result(True, f"Right: {shown(given)} {unit}".rstrip() + ".")
    for wrong, told in [*(mistakes or {}).items(), *_number_slips(truth, unit)]:
        if _agrees(given, wrong, digits):
            return not_yet(told)
    if not exact and any(given == float(f"{truth:.{fewer}g}") for fewer in range(1, digits)):
        return not_yet(f"Right as far as it goes; give {digits} digits.")
    if not exact and near(given, truth):
        return not_yet(
            "Very close. Most likely something was rounded on the way: keep all digits until the "
            "end and round only once."
        )
    return not_yet(f"It is too {'large' if given > truth else 'small'}.")


def _no_number(answer: Any, given: Any) -> str:
    if isinstance(answer, tuple):
        return "In Python a comma makes two numbers: write a decimal *point*."
    if isinstance(given, list):
        return f"One number is asked for, not {len(given)}."
    if isinstance(given, str):
        return "Write the number without quotes."
    if callable(given):
        return "That is a function: call it, and give the number it returns."
    if not isinstance(given, float) or math.isnan(given):
        return f"`{shown(given)}` is no number."
    return ""


def _agrees(given: float, wanted: float, digits: int) -> bool:
    """Whether two numbers are the same within half a unit of the last digit asked for."""
    if wanted == 0 or math.isinf(wanted):
        return given == wanted or abs(given - wanted) < 10.0**-digits / 2
    last = math.floor(math.log10(abs(wanted))) - digits + 1
    return abs(given - wanted) <= 10.0**last / 2 * (1 + 1e-9)


def _number_slips(truth: float, unit: str) -> Iterator[tuple[float, str]]:
    base = next((base for base, name in UNITS.items() if name == unit), None)
    slips = log_slips(base) if base else [(neg, "The sign is turned round.")]
    yield from ((slip(truth), told) for slip, told in slips)
    if unit == "%":
        yield truth / 100, "That is the share of 1; this asks for percent."
    else:
        yield truth * 100, "That is in percent; give the number itself, where 1 is the whole."
