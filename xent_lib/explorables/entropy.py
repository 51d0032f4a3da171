"""One distribution and its entropy, drawn as an area."""

import math
from collections.abc import Sequence

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number, symbols


def entropy(
    p: Sequence[float] = (0.5, 0.25, 0.125, 0.125), labels: Sequence[str] | None = None
) -> Explorable:
    """Move the bars of a distribution and watch its entropy, the area under its surprise.

    Parameters
    ----------
    p : sequence of float
        The distribution at the start: 2 to 8 probabilities that sum to 1.
    labels : sequence of str, optional
        A name for each symbol; A, B, C… by default.

    Examples
    --------
    >>> entropy((0.5, 0.25, 0.25))
    Entropy as an area
    <BLANKLINE>
    symbol      p  surprise in bits  p × surprise
    A       0.500             1.000         0.500
    B       0.250             2.000         0.500
    C       0.250             2.000         0.500
    <BLANKLINE>
    H(p) = 1.500 bits, of at most log₂ 3 = 1.585: as uncertain as 2.83 equally likely choices.
    """
    names = symbols(p, labels)
    total = float(information.entropy(p))
    rows = []
    for name, prob in zip(names, p, strict=True):
        bits = float(information.surprisal(prob))
        rows.append((name, number(prob), number(bits), number(prob * bits if prob else 0)))
    return Explorable(
        kind="entropy",
        params={"p": [float(prob) for prob in p], "labels": names},
        title="Entropy as an area",
        columns=["symbol", "p", "surprise in bits", "p × surprise"],
        rows=rows,
        says=(
            f"H(p) = {number(total)} bits, of at most log₂ {len(p)} = "
            f"{number(math.log2(len(p)))}: as uncertain as {2**total:.2f} equally likely choices."
        ),
    )
