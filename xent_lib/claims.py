"""Numbers of the prose, each held by an assertion beside it.

A reader must be able to trust every number in the text, on every viewer. So the number stands
plainly in the prose, and a hidden cell next to it repeats the words and computes the value::

    claim("H(p, q) = 3.288 bits", cross_entropy(p, q))

If the computation and the text ever part, the cell stops and says which number is wrong.
"""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = ["Number", "claim", "numbers_in"]

_WHOLE = r"(?:[0-9]{1,3}(?:(?:,|\{,\})[0-9]{3})+|[0-9]+)"
_SIGN = r"(?:(?<![\w)}\]%.])[-−+])?"  # in "5-3.2" and "p-0.5" the dash is no sign
_POWER = r"\^\{?(?P<power>[-−+]?[0-9]+)\}?|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_SPACE = r"(?:\s|\\[,;:!]|~)*"
_SUFFIX = (
    rf"(?:[eE](?P<e>[-−+]?[0-9]+)(?!\w)|{_SPACE}(?:×|·|\\times|\\cdot){_SPACE}10(?:{_POWER}))?"
    rf"(?:{_SPACE}(?P<percent>\\?%|per\s?cent\b))?"
)
# "1.2.3" is a version, not a number; ".8" is one.
_DECIMAL = re.compile(
    rf"(?<![0-9.])(?P<mantissa>{_SIGN}(?:{_WHOLE}|(?<!\w))\.[0-9]++)(?!\.[0-9]){_SUFFIX}"
)
# Digits inside a name (`log2`, `3D`), an index or an exponent are no claim.
_INTEGER = re.compile(
    r"(?<![\w.^])(?<![\^_]\{)(?<![\^{][-−+])"
    rf"(?P<mantissa>{_SIGN}{_WHOLE})(?![0-9.^⁻⁺]*[0-9^⁻⁺⁰¹²³⁴-⁹]){_SUFFIX}(?!\w)"
)
_ASCII = str.maketrans("−⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "--+0123456789", ",{}")
_EXACT = Context(prec=1000)  # wide enough for every float written out in full


@dataclass(frozen=True)
class Number:
    """One number as it stands in a text.

    Attributes
    ----------
    text : str
        The number as written, with its exponent and its percent sign.
    span : tuple of int
        Where it starts and stops in the text.
    value : decimal.Decimal
        What it says, with the digits it shows; for ``12.5%`` this is 12.5.
    percent : bool
        Whether a percent sign follows.
    """

    text: str
    span: tuple[int, int]
    value: Decimal
    percent: bool


def numbers_in(text: str, *, integers: bool = False) -> list[Number]:
    r"""Find the numbers of a text, in order.

    Parameters
    ----------
    text : str
        Prose, with or without LaTeX.
    integers : bool, default False
        Look for whole numbers instead of those with a decimal point.

    Returns
    -------
    list of Number
        What was found, each with its place.

    Examples
    --------
    >>> [number.text for number in numbers_in("from 0.10 to 12.5 % in 3 steps")]
    ['0.10', '12.5 %']
    >>> [str(number.value) for number in numbers_in(r"an error of $1.34 \times 10^{-5}$")]
    ['0.0000134']
    >>> [number.text for number in numbers_in("1,200 letters, 7 bits", integers=True)]
    ['1,200', '7']
    """
    found = (_INTEGER if integers else _DECIMAL).finditer(text)
    return [
        Number(match[0], match.span(), _value(match), bool(match["percent"])) for match in found
    ]


def _value(match: re.Match[str]) -> Decimal:
    exponent = match["e"] or match["power"] or match["raised"] or "0"
    return Decimal(f"{match['mantissa']}e{exponent}".translate(_ASCII))


def claim(text: str, *values: Any) -> None:
    """Hold the numbers of a piece of prose to computed values.

    Parameters
    ----------
    text : str
        The words of the prose, letter by letter. Its numbers with a decimal point are claimed,
        in order; if it has none, its whole numbers are. ``12.5%`` claims 0.125.
    *values : number
        The computed values, as many as there are numbers.

    Raises
    ------
    AssertionError
        If a number is not its value, rounded to the digits shown. A value halfway between two
        roundings may be rounded up, to the even digit, or as Python prints it.
    ValueError
        If there are more or fewer values than numbers, or a value is infinite or nan.
    TypeError
        If a value is not one real number.

    Examples
    --------
    >>> import math
    >>> claim("a die shows six with a surprise of 2.585 bits", math.log2(6))
    >>> claim("a die shows six with a surprise of 2.584 bits", math.log2(6))
    Traceback (most recent call last):
    AssertionError: the text says "2.584", the computation gives 2.58496
    """
    numbers = numbers_in(text) or numbers_in(text, integers=True)
    if not numbers:
        raise ValueError(f'there is no number in "{text}"')
    if len(numbers) != len(values):
        shown = ", ".join(number.text for number in numbers)
        raise ValueError(
            f'"{text}" claims {len(numbers)} number(s) ({shown}), but {len(values)} value(s) came'
        )
    for place, (number, value) in enumerate(zip(numbers, values, strict=True), start=1):
        _hold(number, _exactly(value, place) * (100 if number.percent else 1))


def _exactly(value: Any, place: int) -> Decimal:
    """The value in decimal, digit by digit as Python prints it."""
    scalar = np.asarray(value)[()]
    if isinstance(scalar, bool | np.bool_) or not isinstance(scalar, Real):
        raise TypeError(f"value {place} must be one real number, not {value!r}")
    if not math.isfinite(scalar):
        raise ValueError(f"value {place} is {scalar}: only a finite number can be claimed")
    if isinstance(scalar, Integral):
        return Decimal(int(scalar))
    return Decimal(str(scalar if isinstance(scalar, np.floating) else float(scalar)))


def _hold(number: Number, value: Decimal) -> None:
    binary = Decimal(float(value))  # what lies behind the digits, and what formatting rounds
    roundings = (
        value.quantize(number.value, ROUND_HALF_EVEN, _EXACT),
        value.quantize(number.value, ROUND_HALF_UP, _EXACT),
        binary.quantize(number.value, ROUND_HALF_EVEN, _EXACT),
    )
    if number.value not in roundings:
        digits = len(number.value.as_tuple().digits) + 2
        raise AssertionError(
            f'the text says "{number.text}", the computation gives '
            f"{float(value):.{digits}g}{'%' if number.percent else ''}"
        )
