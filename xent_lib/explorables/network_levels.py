"""A network of thirty edges learns, level by level, which of them to break."""

import math
from typing import Any

import numpy as np

from xent_lib._validation import Array
from xent_lib.explorables._figure import Explorable, number
from xent_lib.problems import dodecahedron
from xent_lib.rare_events import Bernoulli, RareEventEstimate

TWO, ALL = "0 from 5", "all nodes"
TERMINALS = {TWO: [0, 5], ALL: list(range(20))}


def nodes() -> list[list[float]]:
    """Where the nodes lie when the dodecahedron is pressed flat: no two edges cross."""
    radius = [0.62] * 10 + [1.0, 0.3] * 5
    angles = [2 * math.pi * (node % 10) / 10 for node in range(20)]
    return [
        [round(r * math.sin(angle), 4), round(-r * math.cos(angle), 4)]
        for r, angle in zip(radius, angles, strict=True)
    ]


def cut_off(probs: Array, terminals: list[int]) -> float:
    """How many of the terminals lose all three of their edges in a draw, on average."""
    ends = dodecahedron()
    return sum(float(np.prod(probs[(ends == node).any(axis=1)])) for node in terminals)


def steps(name: str, found: RareEventEstimate) -> list[dict[str, Any]]:
    """The network itself, and the fit of each level."""
    if not isinstance(found, RareEventEstimate):
        raise TypeError(f"{name!r} needs what `estimate` gives, not {type(found).__name__}")
    if not found.levels:
        raise ValueError(f"the run of {name!r} has no levels")
    walk = []
    families = [found.levels[0].source, *(step.family for step in found.levels)]
    gammas = [None, *(step.level for step in found.levels)]
    for gamma, family in zip(gammas, families, strict=True):
        if not isinstance(family, Bernoulli) or len(family.prob) != 30:
            raise ValueError(f"the proposals of {name!r} must be Bernoulli, with 30 edges")
        walk.append({"gamma": gamma, "probs": [float(f"{prob:.6g}") for prob in family.prob]})
    return walk


def row(name: str, at: dict[str, Any]) -> tuple[str, ...]:
    """A step in numbers."""
    probs = np.array(at["probs"])
    best = int(probs.argmax())
    a, b = sorted(dodecahedron()[best].tolist())
    return (
        name,
        "–" if at["gamma"] is None else f"{at['gamma']:g}",
        f"{a}–{b}: {probs[best]:.3f}",
        number(probs.sum(), 2),
        f"{cut_off(probs, TERMINALS[name]):.2e}",
    )


def network_levels(two_terminal: RareEventEstimate, all_terminal: RareEventEstimate) -> Explorable:
    """Step through the levels of two runs on the dodecahedron, an edge as thick as it often fails.

    Parameters
    ----------
    two_terminal, all_terminal : RareEventEstimate
        What `xent_lib.rare_events.estimate` gave, with a `Bernoulli` of 30 edges as its family,
        for the way from node 0 to node 5, and for all nodes hanging together.

    Examples
    --------
    >>> from xent_lib.rare_events import estimate
    >>> ends = (dodecahedron()[:, :, None] == np.arange(20)).any(axis=1)
    >>> run = estimate(
    ...     lambda x: (x @ ends[:, [0, 5]]).max(axis=1),
    ...     3,
    ...     Bernoulli(np.full(30, 0.1)),
    ...     n_pilot=500,
    ...     n_final=100,
    ...     rng=1,
    ... )
    >>> network_levels(run, run)
    Which edges the proposal breaks, level by level
    <BLANKLINE>
    asked      γ  fails most often  failing   cut off
    0 from 5   –        0–1: 0.100     3.00  2.00e-03
    0 from 5   1        0–1: 0.243     3.59  1.82e-02
    0 from 5   2        4–5: 0.433     4.79  1.13e-01
    0 from 5   2        4–5: 0.400     4.60  1.11e-01
    0 from 5   3        0–1: 0.574     5.78  3.25e-01
    0 from 5   3        5–6: 0.571     5.36  3.31e-01
    all nodes  –        0–1: 0.100     3.00  2.00e-02
    all nodes  1        0–1: 0.243     3.59  4.05e-02
    all nodes  2        4–5: 0.433     4.79  1.50e-01
    all nodes  2        4–5: 0.400     4.60  1.44e-01
    all nodes  3        0–1: 0.574     5.78  3.71e-01
    all nodes  3        5–6: 0.571     5.36  3.62e-01
    <BLANKLINE>
    failing: edges that fail in a draw, on average; cut off: nodes that are asked about and lose \
all three edges, on average.
    """
    runs = {TWO: steps(TWO, two_terminal), ALL: steps(ALL, all_terminal)}
    edges = dodecahedron()
    return Explorable(
        kind="network-levels",
        params={
            "nodes": nodes(),
            "edges": np.sort(edges, axis=1).tolist(),
            "runs": [
                {"name": name, "terminals": TERMINALS[name], "steps": walk}
                for name, walk in runs.items()
            ],
        },
        title="Which edges the proposal breaks, level by level",
        columns=["asked", "γ", "fails most often", "failing", "cut off"],
        rows=[row(name, at) for name, walk in runs.items() for at in walk],
        says=(
            "failing: edges that fail in a draw, on average; cut off: nodes that are asked about "
            "and lose all three edges, on average."
        ),
    )
