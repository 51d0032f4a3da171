"""A game along a road: a forger moves its houses where the expert believes them, turn by turn."""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from xent_lib._validation import Array
from xent_lib.activations import sigmoid
from xent_lib.explorables._figure import Explorable, number

VILLAGES = np.array([-3.0, 0.0, 3.0])  # km along the road
VILLAGE_WIDTH, HOUSE_WIDTH = 0.8, 0.7  # of the bell of a village, and of one forged house
HOUSES = 12
FIRST, SPACE = {"middle": -0.6, "far off": 6.0}, {"middle": 0.15, "far off": 0.07}
GRID = np.linspace(-9, 9, 181)
RATE, FARTHEST = 0.5, 0.3  # of a step, and how far it goes at most
END = 8.0  # of the road, to both sides
ROUNDS = 20
STEPS = (1, 4, 16)
FLOOR = -float(np.log(4))

Start: TypeAlias = Literal["middle", "far off"]


class Round(NamedTuple):
    """A turn of the expert, and the forger's answer."""

    houses: Array  # as the expert finds them
    logits: Array  # of the expert, at each place of the grid
    value: float  # V(D, G) after the expert's turn, in nats
    moved: Array  # the houses after the forger's turn
    fooled: float  # V(D, G) then, the expert being the same


def _bells(centres: Array, width: float) -> Array:
    """Densities of bells at each place of the grid, shape (bells, places)."""
    away = (GRID - np.reshape(centres, (-1, 1))) / width
    return np.asarray(np.exp(-(away**2) / 2) / (width * np.sqrt(2 * np.pi)))


REAL = _bells(VILLAGES, VILLAGE_WIDTH).mean(axis=0)


def value(logits: Array, houses: Array) -> float:
    """Return V(D, G) in nats, for an expert given by its logits at each place of the grid."""
    forged = _bells(houses, HOUSE_WIDTH).mean(axis=0)
    costs = REAL * np.logaddexp(0, -logits) + forged * np.logaddexp(0, logits)
    return -float(costs.sum() * (GRID[1] - GRID[0]))


def game(start: Start, saturating: bool, steps: int) -> list[Round]:
    """Play all rounds: the expert answers at best, then the forger takes its steps."""
    step = GRID[1] - GRID[0]
    houses = FIRST[start] + SPACE[start] * np.arange(HOUSES)
    rounds = []
    for _ in range(ROUNDS):
        logits = np.log(REAL / _bells(houses, HOUSE_WIDTH).mean(axis=0))
        prob_real = sigmoid(logits)
        # The slope of the forger's loss along the road: that by the logit, times the logit's own.
        by_logit = -prob_real if saturating else prob_real - 1
        slope = by_logit * np.gradient(logits, step)
        moved = houses
        for _ in range(steps):
            slopes = _bells(moved, HOUSE_WIDTH) @ slope * step
            moved = moved - np.clip(RATE * slopes, -FARTHEST, FARTHEST)
            moved = np.clip(moved, -END, END)
        rounds.append(Round(houses, logits, value(logits, houses), moved, value(logits, moved)))
        houses = moved
    return rounds


def shares(houses: Array) -> Array:
    """Return how many houses are nearest to each village."""
    nearest = np.abs(houses[:, np.newaxis] - VILLAGES).argmin(axis=1)
    return np.bincount(nearest, minlength=len(VILLAGES))


def forger_and_expert(
    start: Start = "middle", saturating: bool = False, steps: int = 16
) -> Explorable:
    """Step or play a game of a forger and an expert along a road with three villages.

    The forger owns 12 houses, each a small bell. The expert answers to where they stand with the
    best D there is, p/(p + q). Then the forger takes a number of steps against this D.

    Parameters
    ----------
    start : {"middle", "far off"}
        Whether the houses stand near the village in the middle at first, or beyond the last one.
    saturating : bool
        Whether the forger goes down the mean of ln(1 − D), or of −ln D.
    steps : int
        How many steps the forger takes before the expert looks again: one of 1, 4 and 16.

    Examples
    --------
    >>> forger_and_expert()
    A forger and an expert
    <BLANKLINE>
    houses start  forger's loss  steps each turn  last value in nats
    middle                −ln D                1              −1.342
    middle                −ln D                4              −1.386
    middle                −ln D               16              −0.896
    middle            ln(1 − D)                1              −1.348
    middle            ln(1 − D)                4              −1.386
    middle            ln(1 − D)               16              −0.773
    far off               −ln D                1              −0.882
    far off               −ln D                4              −1.335
    far off               −ln D               16              −0.834
    far off           ln(1 − D)                1              −0.470
    far off           ln(1 − D)                4              −1.171
    far off           ln(1 − D)               16              −1.127
    <BLANKLINE>
    From the middle, with −ln D and 16 steps each turn, \
the value after 20 turns of the expert is −0.896 nats. \
The least there is, −ln 4, is −1.386 nats.
    """
    if start not in FIRST:
        raise ValueError(f"`start` must be one of {list(FIRST)}, not {start!r}")
    if not isinstance(saturating, bool):
        raise TypeError(f"`saturating` must be True or False, not {saturating!r}")
    if steps not in STEPS:
        raise ValueError(f"`steps` must be one of {list(STEPS)}, not {steps}")
    losses = {False: "−ln D", True: "ln(1 − D)"}
    rows = [
        (begin, losses[loss], str(many), number(game(begin, loss, many)[-1].value))
        for begin in ("middle", "far off")
        for loss in losses
        for many in STEPS
    ]
    last = number(game(start, saturating, steps)[-1].value)
    return Explorable(
        kind="forger-and-expert",
        params={
            "villages": VILLAGES.tolist(),
            "widths": [VILLAGE_WIDTH, HOUSE_WIDTH],
            "houses": HOUSES,
            "first": FIRST,
            "space": SPACE,
            "rate": RATE,
            "farthest": FARTHEST,
            "end": END,
            "rounds": ROUNDS,
            "choices": STEPS,
            "start": start,
            "loss": losses[saturating],
            "steps": steps,
        },
        title="A forger and an expert",
        columns=["houses start", "forger's loss", "steps each turn", "last value in nats"],
        rows=rows,
        says=(
            f"From {'the middle' if start == 'middle' else start}, with {losses[saturating]} and "
            f"{steps} {'step' if steps == 1 else 'steps'} each turn, the value after {ROUNDS} "
            f"turns of the expert is {last} nats. The least there is, −ln 4, is "
            f"{number(FLOOR)} nats."
        ),
    )
