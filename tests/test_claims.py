"""A claim holds when the text shows the value, and only then."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xent_lib.claims import Number, claim, numbers_in


def texts(text, **options):
    return [number.text for number in numbers_in(text, **options)]


def values(text, **options):
    return [number.value for number in numbers_in(text, **options)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("H(p, q) = 3.288 bits", ["3.288"]),
        ("It ends in 3.288.", ["3.288"]),
        ("from 0.10 to 0.25", ["0.10", "0.25"]),
        ("(0.10,0.40,0.50)", ["0.10", "0.40", "0.50"]),
        ("0.10–0.25 and 0.1-0.2", ["0.10", "0.25", "0.1", "0.2"]),
        ("−3.2, -3.2, $-3.2$, x=-3.2", ["−3.2", "-3.2", "-3.2", "-3.2"]),
        ("5-3.2, p-0.5, H(p)-0.5, 1.5%-2.5%", ["3.2", "0.5", "0.5", "1.5%", "2.5%"]),
        (".8 .9 and -.5", [".8", ".9", "-.5"]),
        ("12.5%, 12.5 %, 12.5 percent", ["12.5%", "12.5 %", "12.5 percent"]),
        (r"$12.5\%$ and $12.5\,\%$", [r"12.5\%", r"12.5\,\%"]),
        ("12.5 percentage points", ["12.5"]),
        ("1,234.5 and $1{,}234.5$", ["1,234.5", "1{,}234.5"]),
        ("1.34e-5, 1.34 × 10⁻⁵, 1.34·10^-5", ["1.34e-5", "1.34 × 10⁻⁵", "1.34·10^-5"]),
        (r"$1.34 \times 10^{-5}$ bits", [r"1.34 \times 10^{-5}"]),
        ("3.5e bits, 3.5em", ["3.5", "3.5"]),
        (r"$\log_2 0.5$, $\log0.5$, 2^{-1.5}", ["0.5", "0.5", "-1.5"]),
        ("version 1.0.4, fig.8, and so on...5", []),
        ("eight letters, 7 bits", []),
    ],
)
def test_numbers_with_a_decimal_point_are_found(text, found):
    assert texts(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,200 letters, 7 bits", ["1,200", "7"]),
        ("8 letters.", ["8"]),
        ("−3 of 5-3", ["−3", "5", "3"]),
        ("1,1,1 and (3)", ["1", "1", "1", "3"]),
        ("100% and 2 × 10⁷ and 1e-15", ["100%", "2 × 10⁷", "1e-15"]),
        (r"\frac{1}{2}", ["1", "2"]),
        ("log2(p), float32, 3D, 1st, x_1, x_{12}, 2^{-5}, 10^7, 2⁷, 10⁻⁵, 1.5", []),
    ],
)
def test_whole_numbers_are_found_when_asked_for(text, found):
    assert texts(text, integers=True) == found


def test_a_number_says_where_it_stands_and_what_it_is():
    (number,) = numbers_in("about 12.5 % of all")
    assert isinstance(number, Number)
    assert number.span == (6, 12)
    assert number.value == Decimal("12.5")
    assert number.percent


def test_exponents_minus_signs_and_commas_are_read():
    found = values("1.34e-5 1.34 × 10⁻⁵ $1.34 \\times 10^{-5}$ −0.5 1,234.5 1{,}234.5")
    assert found == [*[Decimal("0.0000134")] * 3, *map(Decimal, ("-0.5", "1234.5", "1234.5"))]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("H(p, q) = 3.288 bits", [3.28796]),
        ("from 0.10 to 0.25", [0.1, 0.25]),
        ("12.5% of them", [0.125]),
        ("1,200 letters, 7 bits", [1200, np.int64(7)]),
        ("in 3 steps to 0.5", [0.5]),  # where there are decimals, whole numbers are just words
        ("2.5 × 10⁻⁵", [2.4999e-5]),
        ("0.1", [np.float32(0.1)]),
        ("0.33", [Fraction(1, 3)]),
        ("0.5", [np.array(0.5)]),
        ("−0.5", [-0.5]),
        ("0.00", [-1e-9]),
        ("1.0e308", [1e308]),
        ("9007199254740993 words", [2**53 + 1]),
    ],
)
def test_a_right_claim_holds(text, given, capsys):
    assert claim(text, *given) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("text", ["0.12", "0.13"])
def test_a_tie_may_be_rounded_up_or_to_the_even_digit(text):
    claim(text, 0.125)


def test_elsewhere_a_tie_is_rounded_one_way():
    claim("0.38", 0.375)
    with pytest.raises(AssertionError):
        claim("0.37", 0.375)


def test_a_tie_of_the_digits_alone_may_be_rounded_as_python_prints_it():
    value = 131072.4112475  # in binary a little less
    assert f"{value:.6f}" == "131072.411247"
    claim("131072.411247 or 131072.411248", value, value)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("H(p, q) = 3.289 bits", [3.28796], 'the text says "3.289", the computation gives 3.28796'),
        ("from 0.10 to 0.26", [0.1, 0.25], 'says "0.26", the computation gives 0.25'),
        ("12.6%", [0.125], 'says "12.6%", the computation gives 12.5%'),
        ("3 of 4", [3, 5], 'says "4", the computation gives 5'),
        ("1.34e-5", [1.35e-5], 'says "1.34e-5", the computation gives 1.35e-05'),
        ("0.5 bits", [-0.5], "gives -0.5"),
        ("0.13", [0.1249], "gives 0.1249"),
        ("1.0", [1e308], r"gives 1e\+308"),
    ],
)
def test_a_wrong_claim_fails_and_names_both_numbers(text, given, message):
    with pytest.raises(AssertionError, match=message):
        claim(text, *given)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("0.1 and 0.2", [0.1], r"claims 2 number\(s\) \(0.1, 0.2\), but 1 value\(s\) came"),
        ("0.1", [0.1, 0.2], r"claims 1 number\(s\) \(0.1\), but 2"),
        ("no number", [], "there is no number"),
        ("0.1", [math.nan], "value 1 is nan: only a finite number"),
        ("0.1 and 0.2", [0.1, math.inf], "value 2 is inf"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(text, given, message):
    with pytest.raises(ValueError, match=message):
        claim(text, *given)


@pytest.mark.parametrize("value", [True, np.True_, "0.1", None, 0.1j, np.array([0.1])])
def test_only_one_real_number_can_be_claimed(value):
    with pytest.raises(TypeError, match="value 1 must be one real number"):
        claim("0.1", value)


@given(st.floats(-1e6, 1e6), st.integers(1, 9))
def test_what_python_prints_is_always_a_right_claim(value, digits):
    claim(f"the value {value:.{digits}f} stands here", value)


@given(st.floats(1e-12, 1e12), st.integers(1, 12))
def test_so_it_is_with_an_exponent(value, digits):
    claim(f"{value:.{digits}e} bits", value)


@given(st.floats(0.001, 1e6), st.integers(1, 6))
def test_one_more_in_the_last_digit_is_a_wrong_claim(value, digits):
    with pytest.raises(AssertionError):
        claim(f"{value + 1.01 * 10**-digits:.{digits}f}", value)
