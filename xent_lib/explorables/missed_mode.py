"""Two sides of one rare event, and a bell that may see only one of them."""

import math
from typing import NamedTuple

import numpy as np

from xent_lib.explorables._figure import Explorable, number

LEVEL = 4.0  # the event is |X| ≥ 4
FIRST = 1.645  # one draw in ten of the original distribution is at least so far out
N_DRAWS = N_PILOT = 2000
MEANS, WIDTHS = (-6.0, 6.0), (0.3, 6.0)
TRUTH = math.erfc(LEVEL / math.sqrt(2))  # whatever the shares of the sides
DRAWS = np.random.default_rng(3).standard_normal(N_DRAWS).round(2)
PLACES = [(4.2, 1.0), (0.0, 4.2)]  # over one side, over both sides


class Report(NamedTuple):
    """What a run says of itself."""

    estimate: float
    relative_error: float
    ess: float
    z: float


def run(mean: float, width: float, right: float) -> Report:
    """Estimate P(|X| ≥ 4) with draws from a bell, where X is positive with probability `right`."""
    x = mean + width * DRAWS
    side = np.where(x > 0, 2 * right, 2 * (1 - right))
    weights = side * width * np.exp((DRAWS**2 - x**2) / 2)
    hits = np.where(np.abs(x) >= LEVEL, weights, 0.0)
    found = float(hits.mean())
    error = float(hits.std(ddof=1)) / math.sqrt(N_DRAWS)
    here = np.where(np.abs(x) >= FIRST, weights, 0.0)
    pilot = math.erfc(FIRST / math.sqrt(2))
    spread = math.sqrt(here.var(ddof=1) / N_DRAWS + pilot * (1 - pilot) / N_PILOT)
    return Report(
        estimate=found,
        relative_error=error / found if found else math.inf,
        ess=float(hits.sum() ** 2 / (hits @ hits)) if found else 0.0,
        z=(float(here.mean()) - pilot) / spread,
    )


def missed_mode(mean: float = 4.2, width: float = 1.0, right: float = 0.5) -> Explorable:
    """Aim a bell at a rare event with two sides; see what the run reports and what the check says.

    The event is that X lies 4 or more from 0. X has the size of a standard normal and is positive
    with probability `right`. Two thousand draws are made from the bell, always with the same luck.

    Parameters
    ----------
    mean : float
        Where the bell stands at the start, from −6 to 6.
    width : float
        Its standard deviation, from 0.3 to 6.
    right : float
        The right side's share of the event, from 0 to 1.

    Examples
    --------
    >>> missed_mode()
    Which side of the event is missing?
    <BLANKLINE>
    mean, width of the bell  in 100,000  error  effective     z
    4.2, 1.0                       3.28   4.6%        380  −5.6
    0.0, 4.2                       6.21   9.3%        110  −0.5
    <BLANKLINE>
    The truth is 6.33 in 100,000, of which the right side has 50%. Beyond 3 or −3, z is an alarm.
    """
    for name, value, (least, most) in [
        ("mean", mean, MEANS),
        ("width", width, WIDTHS),
        ("right", right, (0.0, 1.0)),
    ]:
        if not least <= value <= most:
            raise ValueError(f"`{name}` must lie between {least:g} and {most:g}, not {value}")
    start = (round(float(mean), 1), round(float(width), 1))
    share = round(float(right), 2)
    rows = []
    for place in dict.fromkeys([start, *PLACES]):
        report = run(*place, share)
        rows.append(
            (
                ", ".join(number(value, 1) for value in place),
                number(1e5 * report.estimate, 2),
                "–" if math.isinf(report.relative_error) else f"{report.relative_error:.1%}",
                number(report.ess, 0),
                number(report.z, 1),
            )
        )
    return Explorable(
        kind="missed-mode",
        params={
            "start": start,
            "right": share,
            "draws": DRAWS.tolist(),
            "level": LEVEL,
            "first": FIRST,
            "truth": TRUTH,
            "pilot": [round(math.erfc(FIRST / math.sqrt(2)), 12), N_PILOT],
            "places": PLACES,
        },
        title="Which side of the event is missing?",
        columns=["mean, width of the bell", "in 100,000", "error", "effective", "z"],
        rows=rows,
        says=(
            f"The truth is {number(1e5 * TRUTH, 2)} in 100,000, of which the right side has"
            f" {share:.0%}. Beyond 3 or −3, z is an alarm."
        ),
    )
