"""A choice among few ways, its reward, and the push that it gives to the logits of a policy."""

from collections.abc import Sequence

import numpy as np

from xent_lib import losses
from xent_lib.explorables._figure import Explorable, number, symbols

RATE = 0.1
REACH = 10.0  # of the logits
SEED = 1992
N_DRAWS = 200


def draws() -> list[float]:
    """Return the chances by which ways are chosen, between 0 and 1: the same for all."""
    return [float(mark) for mark in np.random.default_rng(SEED).random(N_DRAWS).round(4)]


def policy_push(
    rewards: Sequence[float], labels: Sequence[str] | None = None, chosen: int = 0
) -> Explorable:
    """Choose a way, and see how its reward pushes the logits: weight × (y − q).

    All ways are equally likely at first, and the baseline is 0.

    Parameters
    ----------
    rewards : sequence of 2 to 8 numbers
        What each way brings; not the same for all.
    labels : sequence of str, optional
        Names of the ways; by default A, B, C…
    chosen : int, default 0
        The way that is chosen first, counted from 0.

    Examples
    --------
    >>> policy_push((-8, -12, -20), ["bridge", "ice", "road"])
    A reward pushes the logits
    <BLANKLINE>
    way     reward      q  label y  push, reward × (y − q)  push on average
    bridge    −8.0  0.333        1                  −5.333            1.778
    ice      −12.0  0.333        0                   2.667            0.444
    road     −20.0  0.333        0                   2.667           −2.222
    <BLANKLINE>
    The expected reward is −13.33. One choice of bridge pushes its own logit down.
    """
    r = np.array([float(reward) for reward in rewards])
    names = symbols(r.tolist(), labels)
    if not np.isfinite(r).all() or (r == r[0]).all():
        raise ValueError("`rewards` must be finite, and not all the same")
    if not 0 <= chosen < len(r):
        raise ValueError(f"`chosen` must be a way from 0 to {len(r) - 1}, not {chosen}")
    ways = np.arange(len(r))
    z = np.zeros((len(r), len(r)))
    slopes = losses.sparse_softmax_cross_entropy_and_grad(ways, z, reduction="none")[1]
    pushes = -r[:, np.newaxis] * slopes
    way = "up" if r[chosen] > 0 else "down" if r[chosen] < 0 else "nowhere"
    return Explorable(
        kind="policy-push",
        params={
            "rewards": r.tolist(),
            "labels": names,
            "chosen": int(chosen),
            "rate": RATE,
            "reach": REACH,
            "draws": draws(),
        },
        title="A reward pushes the logits",
        columns=["way", "reward", "q", "label y", "push, reward × (y − q)", "push on average"],
        rows=[
            (
                name,
                number(r[i], 1),
                number(1 / len(r)),
                str(int(i == chosen)),
                number(pushes[chosen, i]),
                number(pushes[:, i].mean()),
            )
            for i, name in enumerate(names)
        ],
        says=(
            f"The expected reward is {number(r.mean(), 2)}. "
            f"One choice of {names[chosen]} pushes its own logit {way}."
        ),
    )
