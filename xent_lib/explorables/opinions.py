"""Ten people judge a word: their disagreement is the floor, and a forecast adds to it."""

from collections.abc import Sequence

import numpy as np

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

SAYS = ["negative", "neutral", "positive"]
PEOPLE = 10


def opinions(
    votes: Sequence[int] = (3, 2, 5), q: Sequence[float] = (0.10, 0.10, 0.80)
) -> Explorable:
    """Change the minds of ten people and the forecast q: floor, excess and loss against the votes.

    Parameters
    ----------
    votes : sequence of int
        How many of the ten say negative, neutral and positive at the start.
    q : sequence of float
        The forecast for the three at the start.

    Examples
    --------
    >>> opinions((3, 2, 5), (0.25, 0.25, 0.5))
    Ten people and a forecast
    <BLANKLINE>
    forecast      loss, in bits  floor H(p)  excess D(p‖q)  against the majority alone
    q                     1.500       1.485          0.015                       1.000
    the votes             1.485       1.485          0.000                       1.000
    all the same          1.585       1.485          0.099                       1.585
    the majority       infinite       1.485       infinite                       0.000
    <BLANKLINE>
    3 say negative, 2 neutral, 5 positive. Whatever is predicted, a vote costs at least \
H(p) = 1.485 bits.
    """
    votes = [int(count) for count in votes]
    if len(votes) != len(SAYS) or min(votes) < 0 or sum(votes) != PEOPLE:
        raise ValueError(f"`votes` is {votes}; it must be three counts that sum to {PEOPLE}")
    p = np.array(votes) / PEOPLE
    top = int(p.argmax())
    forecasts = {
        "q": q,
        "the votes": p,
        "all the same": np.ones(3) / 3,
        "the majority": np.eye(3)[top],
    }
    floor = number(information.entropy(p))
    rows = [
        (
            name,
            number(information.cross_entropy(p, guess)),
            floor,
            number(information.kl_divergence(p, guess)),
            number(information.surprisal(guess[top])),
        )
        for name, guess in forecasts.items()
    ]
    told = ", ".join(f"{count} {name}" for count, name in zip(votes, SAYS, strict=True))
    return Explorable(
        kind="opinions",
        params={"votes": votes, "q": [float(prob) for prob in q], "labels": SAYS},
        title="Ten people and a forecast",
        columns=[
            "forecast",
            "loss, in bits",
            "floor H(p)",
            "excess D(p‖q)",
            "against the majority alone",
        ],
        rows=rows,
        says=(
            f"{told.replace(' ', ' say ', 1)}. Whatever is predicted, a vote costs at least "
            f"H(p) = {floor} bits."
        ),
    )
