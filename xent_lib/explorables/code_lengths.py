"""Choose the lengths of code words within the budget that Kraft's inequality sets."""

import math
from collections.abc import Sequence

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number, symbols

LONGEST = 6


def canonical_words(lengths: Sequence[int]) -> list[str] | None:
    """The words of a prefix code with these lengths, or None where the budget is overspent.

    Shorter words come first; each begins where the one before it ends in the budget [0, 1].

    >>> canonical_words([1, 2, 3, 3])
    ['0', '10', '110', '111']
    >>> canonical_words([1, 1, 2]) is None
    True
    """
    if sum(2.0**-length for length in lengths) > 1:
        return None
    words = [""] * len(lengths)
    spent = 0.0
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        words[i] = f"{int(spent * 2 ** lengths[i]):0{lengths[i]}b}"
        spent += 2.0 ** -lengths[i]
    return words


def code_lengths(
    p: Sequence[float] = (0.5, 0.25, 0.125, 0.125),
    labels: Sequence[str] | None = None,
    lengths: Sequence[int] | None = None,
) -> Explorable:
    """Choose a length for each code word; the budget allows it or not, and the average tells.

    Parameters
    ----------
    p : sequence of float
        How often each symbol is sent: 2 to 8 probabilities that sum to 1.
    labels : sequence of str, optional
        A name for each symbol; A, B, C… by default.
    lengths : sequence of int, optional
        The lengths at the start, from 1 to 6; all equal and just long enough by default.

    Examples
    --------
    >>> code_lengths((0.5, 0.25, 0.25), lengths=(1, 2, 2))
    Spend the budget for code words
    <BLANKLINE>
    symbol      p  length in bits  code word  share of the budget
    A       0.500               1          0               0.5000
    B       0.250               2         10               0.2500
    C       0.250               2         11               0.2500
    <BLANKLINE>
    Budget spent: 1.0000 of 1. Expected length 1.500 bits, entropy 1.500 bits.
    """
    names = symbols(p, labels)
    entropy = information.entropy(p)
    if lengths is None:
        lengths = [math.ceil(math.log2(len(p)))] * len(p)
    if len(lengths) != len(p):
        raise ValueError(f"`lengths` has {len(lengths)} entries for {len(p)} symbols")
    if any(length not in range(1, LONGEST + 1) for length in lengths):
        raise ValueError(f"`lengths` must be whole numbers from 1 to {LONGEST}, not {lengths}")
    words = canonical_words(lengths) or ["none"] * len(p)
    expected = sum(prob * length for prob, length in zip(p, lengths, strict=True))
    budget = sum(2.0**-length for length in lengths)
    return Explorable(
        kind="code-lengths",
        params={
            "p": [float(prob) for prob in p],
            "labels": names,
            "lengths": [int(length) for length in lengths],
        },
        title="Spend the budget for code words",
        columns=["symbol", "p", "length in bits", "code word", "share of the budget"],
        rows=[
            (name, number(prob), str(length), word, number(2.0**-length, 4))
            for name, prob, length, word in zip(names, p, lengths, words, strict=True)
        ],
        says=(
            f"Budget spent: {number(budget, 4)} of 1. "
            f"Expected length {number(expected)} bits, entropy {number(entropy)} bits."
        ),
    )
