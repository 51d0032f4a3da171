"""A reliability diagram, and the one number that makes a model less sure of itself."""

import math

import numpy as np
import numpy.typing as npt

from xent_lib import calibration, losses
from xent_lib.activations import softmax
from xent_lib.explorables._figure import Explorable, number

SLIDER = (-2.0, 3.0)  # where the slider of log₂ T begins and ends
MOST_BINS = 20


def boaster(days: int = 400, seed: int = 4) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.float64]]:
    """Weather of three kinds, and the logits of a forecaster who is twice too sure of it."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=2.5, size=(days, 3)).round(2)
    chances = softmax(logits, temperature=2.0).cumsum(axis=1)
    return (rng.random((days, 1)) > chances[:, :2]).sum(axis=1), logits


def reliability(
    labels: npt.ArrayLike | None = None, logits: npt.ArrayLike | None = None, *, n_bins: int = 10
) -> Explorable:
    """Divide logits by a temperature, and watch the gap between confidence and accuracy.

    Parameters
    ----------
    labels : array_like of shape (N,), optional
        The number of the true class of each example; by default 400 days of made-up weather.
    logits : array_like of shape (N, K), optional
        A row of finite logits for each example, at best with two decimals: they are stored in the
        page. By default those of a forecaster who is twice too sure.
    n_bins : int
        The number of bins at the start, from 2 to 20.

    Examples
    --------
    >>> reliability(n_bins=4)
    Is 0.8 right 8 times in 10?
    <BLANKLINE>
    confidence    examples  mean confidence  share right    gap
    0.00 to 0.25         0                –            –      –
    0.25 to 0.50        19            0.443        0.579  0.136
    0.50 to 0.75       138            0.622        0.464  0.158
    0.75 to 1.00       243            0.899        0.733  0.167
    <BLANKLINE>
    T = 1: 0.959 nats, mean gap 0.162. The best, T = 2.10: 0.819 nats, mean gap 0.007.
    """
    if labels is None or logits is None:
        labels, logits = boaster()
    if n_bins not in range(2, MOST_BINS + 1):
        raise ValueError(f"`n_bins` must be a whole number from 2 to {MOST_BINS}, not {n_bins}")
    rows = np.asarray(logits, dtype=float)
    if rows.ndim != 2:
        raise ValueError(
            f"`logits` has shape {rows.shape}; the figure takes a row for each example"
        )
    best = calibration.fit_temperature(labels, rows)
    if not SLIDER[0] <= math.log2(best or math.inf) <= SLIDER[1]:
        raise ValueError(
            f"the best temperature is {best:.3g}; the slider goes from {2 ** SLIDER[0]:g} to"
            f" {2 ** SLIDER[1]:g}"
        )
    curve = calibration.reliability_curve(labels, softmax(rows), n_bins=n_bins)
    table = []
    for b in range(n_bins):
        name = f"{number(curve.edges[b], 2)} to {number(curve.edges[b + 1], 2)}"
        sure, right = curve.confidence[b], curve.accuracy[b]
        means = [number(v) if curve.counts[b] else "–" for v in (sure, right, abs(right - sure))]
        table.append((name, str(curve.counts[b]), *means))
    return Explorable(
        kind="reliability",
        params={
            "labels": np.asarray(labels).tolist(),
            "logits": rows.tolist(),
            "bins": int(n_bins),
            "best": best,
            "range": SLIDER,
        },
        title="Is 0.8 right 8 times in 10?",
        columns=["confidence", "examples", "mean confidence", "share right", "gap"],
        rows=table,
        says=(
            f"T = 1: {_told(labels, rows, n_bins)}. "
            f"The best, T = {number(best, 2)}: {_told(labels, rows / best, n_bins)}."
        ),
    )


def _told(labels: npt.ArrayLike, logits: npt.NDArray[np.float64], n_bins: int) -> str:
    loss = losses.sparse_softmax_cross_entropy(labels, logits)
    error = calibration.expected_calibration_error(labels, softmax(logits), n_bins=n_bins)
    return f"{number(loss)} nats, mean gap {number(error)}"
