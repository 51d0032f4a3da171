"""What each letter of a name costs, under models that look back further and further."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from xent_lib.explorables._figure import Explorable, number

END = "."  # before the first letter, and after the last
SYMBOLS = "abcdefghijklmnopqrstuvwxyz" + END
MODELS = ["all alike", "letter counts", "1 letter before", "2 letters before", "3 letters before"]
LONGEST = 12
CREDIT = 16.0


def counted(names: Sequence[str]) -> Counter[str]:
    """Count the pieces of four symbols of all names: the last one, and the three before it."""
    padded = (END * 3 + name + END for name in names)
    return Counter(text[i - 3 : i + 1] for text in padded for i in range(3, len(text)))


class LetterModel:
    """How probable each symbol is after each context, by counts of at most four symbols in a row.

    The first probabilities are all alike. Each longer context takes those of the context one
    shorter as if they were `credit` further counts.
    """

    def __init__(self, pieces: Counter[str], credit: float = CREDIT) -> None:
        self.credit = credit
        self.seen: Counter[str] = Counter()
        self.before: Counter[str] = Counter()
        for piece, count in pieces.items():
            for start in range(4):  # the shorter pieces that end with the same symbol
                self.seen[piece[start:]] += count
                self.before[piece[start:-1]] += count

    def prob(self, symbol: str, context: str) -> float:
        """Return the probability of `symbol` after `context`, of at most three symbols."""
        shorter = self.prob(symbol, context[1:]) if context else 1 / len(SYMBOLS)
        counts = self.seen[context + symbol] + self.credit * shorter
        return counts / (self.before[context] + self.credit)

    def bits(self, name: str, model: int) -> list[float]:
        """Return the surprise of each symbol of a name, with its end, under one of `MODELS`."""
        if model == 0:
            return [math.log2(len(SYMBOLS))] * (len(name) + 1)
        text = END * 3 + name + END
        pieces = [text[i - model + 1 : i + 1] for i in range(3, len(text))]
        return [-math.log2(self.prob(piece[-1], piece[:-1])) for piece in pieces]


def packed(pieces: Counter[str]) -> str:
    """Write counts short: each context, then what came next and, where it is not 1, how often."""
    after: dict[str, list[str]] = {}
    for piece, count in sorted(pieces.items()):
        after.setdefault(piece[:-1], []).append(piece[-1] + (str(count) if count > 1 else ""))
    return " ".join(context + "".join(next_ones) for context, next_ones in after.items())


def letter_surprise(
    names: Sequence[str],
    name: str = "marianne",
    model: str = "2 letters before",
    credit: float = CREDIT,
) -> Explorable:
    """Type a name, and see what each of its letters costs.

    Parameters
    ----------
    names : list of str
        The names to count, in letters from a to z.
    name : str
        The name that is shown first, of 1 to 12 letters.
    model : str
        How far the first model looks back: "all alike", "letter counts",
        "1 letter before", "2 letters before" or "3 letters before".
    credit : float
        How many counts the next shorter context is worth; above 0.

    Examples
    --------
    >>> letter_surprise(["ann", "anna", "nan"], "nana", "1 letter before", credit=1)
    What each letter costs
    <BLANKLINE>
    letter  all alike  letter counts  1 letter before  2 letters before  3 letters before
    n            4.75           1.21             1.48              1.56              1.58
    a            4.75           1.79             1.61              0.59              0.27
    n            4.75           1.21             0.54              0.83              0.36
    a            4.75           1.79             1.61              3.61              4.61
    end          4.75           2.20             2.04              1.27              1.27
    <BLANKLINE>
    nana costs 7.3 bits (1 letter before), or 1.46 bits for each of 5 symbols: a perplexity of 2.7.
    """
    for given in [*names, name]:
        if not re.fullmatch("[a-z]+", given):
            raise ValueError(f"{given!r} is no name of letters from a to z")
    if not names:
        raise ValueError("`names` is empty: there is nothing to count")
    if len(name) > LONGEST:
        raise ValueError(f"`name` has {len(name)} letters; the figure shows up to {LONGEST}")
    if model not in MODELS:
        raise ValueError(f"`model` must be one of {MODELS}, not {model!r}")
    if not (credit > 0 and math.isfinite(credit)):
        raise ValueError(f"`credit` must be a number above 0, not {credit}")
    pieces = counted(names)
    letters = LetterModel(pieces, credit)
    costs = [letters.bits(name, place) for place in range(len(MODELS))]
    total = sum(costs[MODELS.index(model)])
    each = total / (len(name) + 1)
    return Explorable(
        kind="letter-surprise",
        params={
            "counts": packed(pieces),
            "symbols": SYMBOLS,
            "models": MODELS,
            "credit": credit,
            "longest": LONGEST,
            "name": name,
            "model": MODELS.index(model),
        },
        title="What each letter costs",
        columns=["letter", *MODELS],
        rows=[
            (letter, *(number(bits, 2) for bits in row))
            for letter, *row in zip([*name, "end"], *costs, strict=True)
        ],
        says=(
            f"{name} costs {number(total, 1)} bits ({model}), or {number(each, 2)} bits for each of"
            f" {len(name) + 1} symbols: a perplexity of {number(2**each, 1)}."
        ),
    )
