"""A row of tosses and a guess: its likelihood, its loss a toss, and the slope of that loss."""

import math

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

GUESSES = [0.1, 0.3, 0.5, 0.7, 0.9]
TOSSES = (10, 100, 2000)


def row_likelihood(share: float, q: float, tosses: int) -> float:
    """The probability that a guess q gives to one row with that share of heads."""
    heads = round(share * tosses)
    return float(q**heads * (1 - q) ** (tosses - heads))


def loss_slope(share: float, q: float) -> float:
    """How fast the mean negative log-likelihood changes with q."""
    down = share / q if q else math.inf if share else 0.0
    up = (1 - share) / (1 - q) if q < 1 else math.inf if share < 1 else 0.0
    return up - down


def likelihood(share: float = 0.7, q: float = 0.5, tosses: int = 10) -> Explorable:
    """Move a guess q under the likelihood of a row of tosses, and see its loss and the slope.

    Parameters
    ----------
    share : float
        The share of heads among the tosses, in steps of 0.1.
    q : float
        The guess at the start.
    tosses : int
        How many tosses: 10, 100 or 2000.

    Examples
    --------
    >>> likelihood()
    What does the row say about the coin?
    <BLANKLINE>
    guess q  likelihood  mean NLL in nats   slope  excess D(p̂‖q)
    0.10       7.29e-08             1.643  −6.667           1.033
    0.30       7.50e-05             0.950  −1.905           0.339
    0.50       9.77e-04             0.693  −0.800           0.082
    0.70       2.22e-03             0.611   0.000           0.000
    0.90       4.78e-04             0.765   2.222           0.154
    <BLANKLINE>
    7 heads in 10 tosses: no guess is likelier than q = 0.70, where the slope is 0.
    """
    information.surprisal(q)  # says what is wrong where q is no probability
    if tosses not in TOSSES:
        raise ValueError(f"`tosses` must be 10, 100 or 2000, not {tosses}")
    if not 0 <= share <= 1 or not math.isclose(share * 10, round(share * 10)):
        raise ValueError(f"`share` must be one of 0, 0.1, …, 1, not {share}")
    data = [share, 1 - share]
    rows = []
    for guess in sorted({float(q), *GUESSES}):
        belief = [guess, 1 - guess]
        rows.append(
            (
                number(guess, 2),
                f"{row_likelihood(share, guess, tosses):.2e}",
                number(information.cross_entropy(data, belief, base=math.e)),
                number(loss_slope(share, guess)),
                number(information.kl_divergence(data, belief, base=math.e)),
            )
        )
    level = ", where the slope is 0" if 0 < share < 1 else ""
    return Explorable(
        kind="likelihood",
        params={"share": float(share), "q": float(q), "tosses": int(tosses)},
        title="What does the row say about the coin?",
        columns=["guess q", "likelihood", "mean NLL in nats", "slope", "excess D(p̂‖q)"],
        rows=rows,
        says=(
            f"{round(share * tosses)} heads in {tosses} tosses: no guess is likelier than "
            f"q = {number(share, 2)}{level}."
        ),
    )
