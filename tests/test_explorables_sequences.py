"""The costs of letters: the counts against plain ones, and what the figure refuses."""

import math
import re
from collections import Counter

import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.letter_surprise import (
    MODELS,
    SYMBOLS,
    LetterModel,
    counted,
    packed,
)

NAMES = ["ann", "anna", "hannah", "nan", "mary", "maria", "marianne", "io"]
FIGURE = explorables.letter_surprise(NAMES, "hanna", "2 letters before", credit=3)


def shares(context):
    """What came after a context, of at most three symbols, as shares; None if it never came."""
    came = Counter()
    for name in NAMES:
        text = f"...{name}."
        for place in range(3, len(text)):
            if text[:place].endswith(context):
                came[text[place]] += 1
    total = sum(came.values())
    return np.array([came[symbol] for symbol in SYMBOLS]), total


def by_hand(context, credit):
    """The forecast after a context, built up from no context at all."""
    q = np.full(27, 1 / 27)
    for start in range(len(context), -1, -1):
        came, total = shares(context[start:])
        weight = total / (total + credit)
        q = weight * came / max(total, 1) + (1 - weight) * q
    return q


@pytest.mark.parametrize("context", ["", "a", "an", "ann", "..m", "mar", "q", "xyz"])
@pytest.mark.parametrize("credit", [0.5, 16])
def test_a_forecast_is_that_of_plain_counting_and_sums_to_one(context, credit):
    model = LetterModel(counted(NAMES), credit)
    forecast = [model.prob(symbol, context) for symbol in SYMBOLS]
    np.testing.assert_allclose(forecast, by_hand(context, credit), rtol=1e-12)
    assert math.fsum(forecast) == pytest.approx(1)


@pytest.mark.parametrize("model", range(5))
def test_the_bits_of_a_name_are_those_of_its_probability(model):
    text, prob = "...hanna.", 1.0
    for place in range(3, len(text)):
        q = by_hand(text[place - model + 1 : place], 3) if model else np.full(27, 1 / 27)
        prob *= q[SYMBOLS.index(text[place])]
    assert sum(LetterModel(counted(NAMES), 3).bits("hanna", model)) == pytest.approx(
        -math.log2(prob)
    )


def test_the_packed_counts_are_all_there():
    unpacked = Counter()
    for group in packed(counted(NAMES)).split(" "):
        for symbol, digits in re.findall(r"(\D)(\d*)", group[3:]):
            unpacked[group[:3] + symbol] += int(digits or 1)
    assert unpacked == counted(NAMES)
    assert sum(unpacked.values()) == sum(len(name) + 1 for name in NAMES)


def test_the_fallback_tells_the_costs():
    model = LetterModel(counted(NAMES), 3)
    for column, name in enumerate(MODELS, start=1):
        assert FIGURE.columns[column] == name
        told = [float(row[column]) for row in FIGURE.rows]
        assert told == pytest.approx(model.bits("hanna", column - 1), abs=0.005)
    total = sum(model.bits("hanna", 3))
    assert f"costs {total:.1f} bits (2 letters before)" in FIGURE.says
    assert f"a perplexity of {2 ** (total / 6):.1f}." in FIGURE.says


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match="'Ann' is no name of letters from a to z"):
        explorables.letter_surprise(["Ann"])
    with pytest.raises(ValueError, match="'' is no name"):
        explorables.letter_surprise(NAMES, "")
    with pytest.raises(ValueError, match="`names` is empty"):
        explorables.letter_surprise([])
    with pytest.raises(ValueError, match="has 13 letters; the figure shows up to 12"):
        explorables.letter_surprise(NAMES, "a" * 13)
    with pytest.raises(ValueError, match="`model` must be one of"):
        explorables.letter_surprise(NAMES, model="4 letters before")
    with pytest.raises(ValueError, match="`credit` must be a number above 0, not 0"):
        explorables.letter_surprise(NAMES, credit=0)
