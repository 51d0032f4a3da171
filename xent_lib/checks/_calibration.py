"""Exercises on scores, their baseline, and calibration."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check

Numbers = list[float]


def _mean(values: Any) -> float:
    found = list(values)
    return math.fsum(found) / len(found)


def _forecasts() -> list[tuple[list[int], Numbers]]:
    """Labels and probabilities of class 1, in decimals that a reader can take over."""
    rng = np.random.default_rng(1950)
    found = []
    for size in (4, 5, 8, 10, 20, 30):
        probs = rng.integers(3, 98, size) / 100
        labels = (rng.random(size) < probs).astype(int)
        labels[:2] = 0, 1
        found.append((labels.tolist(), probs.tolist()))
    return found


TEN = ([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0.8, 0.9, 0.9, 0.6, 0.8, 0.1, 0.4, 0.2, 0.1, 0.3])


# --- Brier score ---------------------------------------------------------------------------------


def _losses(labels: list[int], probs: Numbers) -> Numbers:
    found = [q if y == 1 else 1 - q for y, q in zip(labels, probs, strict=True)]
    return [math.inf if q == 0 else -math.log(q) for q in found]


def _entropy_of_shares(labels: list[int]) -> float:
    share = _mean(labels)
    return -share * math.log(share) - (1 - share) * math.log(1 - share)


def log_loss_skill(function: Any) -> Result:
    """Check a function of labels (0 or 1) and probabilities of class 1: one minus loss over base.

    Examples
    --------
    >>> import numpy as np
    >>> def ratio(labels, probs):
    ...     share = labels.mean()
    ...     loss = -np.log(np.where(labels == 1, probs, 1 - probs)).mean()
    ...     return loss / -(share * np.log(share) + (1 - share) * np.log(1 - share))
    >>> log_loss_skill(ratio)
    ✗ Not yet. That is the share of the baseline that is left. The skill is what is saved: 1 minus that.
    """  # noqa: E501

    def truth(labels: list[int], probs: Numbers) -> float:
        return 1 - _mean(_losses(labels, probs)) / _entropy_of_shares(labels)

    def loss(labels: list[int], probs: Numbers) -> float:
        return _mean(_losses(labels, probs))

    mistakes: Table = [
        (
            lambda labels, probs: loss(labels, probs) / _entropy_of_shares(labels),
            "That is the share of the baseline that is left. The skill is what is saved: 1 minus "
            "that.",
        ),
        (
            lambda labels, probs: 1 - loss(labels, probs) / math.log(2),
            "You divided by log 2, the loss of a coin. The baseline is the entropy of the labels' "
            "own shares.",
        ),
        (
            lambda labels, probs: (
                1 - loss(labels, probs) * math.log(2) / _entropy_of_shares(labels)
            ),
            "Loss and baseline have different units: take the same logarithm in both.",
        ),
        (
            lambda labels, probs: (
                1 - loss(labels, probs) / math.log(2) / _entropy_of_shares(labels)
            ),
            "Loss and baseline have different units: take the same logarithm in both.",
        ),
        (
            lambda labels, probs: _entropy_of_shares(labels) - loss(labels, probs),
            "That is the difference, in nats. Divide it by the baseline.",
        ),
        (
            lambda labels, probs: 1 - _entropy_of_shares(labels) / loss(labels, probs),
            "The ratio is upside down: the loss over the baseline.",
        ),
        (
            lambda labels, probs: 1 - loss(labels, probs),
            "The baseline is missing: you took the loss from 1.",
        ),
        (
            lambda labels, probs: (
                1 - math.fsum(_losses(labels, probs)) / _entropy_of_shares(labels)
            ),
            "The loss is a sum here, the baseline is a mean: take the mean of the losses.",
        ),
        (
            lambda labels, probs: (
                1 - loss(labels, [1 - q for q in probs]) / _entropy_of_shares(labels)
            ),
            "The classes are swapped: `probs` are those of class 1.",
        ),
        (
            lambda labels, probs: 1 - loss(labels, probs) / _entropy_of_shares(probs),
            "The baseline is made of the shares of the *labels*, not of the predictions.",
        ),
    ]
    no_skill = "Predicting the share for everyone is the baseline itself: nothing is saved."
    cases = [
        Case(TEN),
        *map(Case, _forecasts()),
        Case(([1, 0, 0, 0], [0.25] * 4), "everyone gets the share", no_skill),
        Case(([1, 0], [0.01, 0.99]), "sure and wrong", "A skill can be negative."),
        Case(([1, 0], [0.0, 0.5]), "what came was called impossible", "The loss is infinite."),
        Case(
            ([1, 0], [1.0, 0.2]),
            "what did not come was called impossible",
            "Take the logarithm only of what was given to the true class: 0 times infinity is no "
            "number.",
        ),
    ]
    return check(function, truth, cases, mistakes)


# --- Calibration error ---------------------------------------------------------------------------


def _bins(hits: list[int], confidences: Numbers, n_bins: int) -> list[list[tuple[int, float]]]:
    """The pairs in each bin of [0, 1] that is not empty; a bin holds its upper edge."""
    found: dict[int, list[tuple[int, float]]] = {}
    for hit, sure in zip(hits, confidences, strict=True):
        place = max(0, math.ceil(round(sure * n_bins, 9)) - 1)
        found.setdefault(place, []).append((hit, sure))
    return list(found.values())


def _gap(pairs: list[tuple[int, float]]) -> float:
    return _mean(hit for hit, _ in pairs) - _mean(sure for _, sure in pairs)


def calibration_error(function: Any) -> Result:
    """Check a function of hits (0 or 1), confidences and a number of bins: the mean gap.

    Examples
    --------
    >>> import numpy as np
    >>> def error(hits, confidences, n_bins):
    ...     return abs(hits.mean() - confidences.mean())
    >>> calibration_error(error)
    ✗ Not yet. That is the gap of all examples together: sort them into bins first.
    """

    def truth(hits: list[int], confidences: Numbers, n_bins: int) -> float:
        bins = _bins(hits, confidences, n_bins)
        return math.fsum(len(b) / len(hits) * abs(_gap(b)) for b in bins)

    def on_bins(wrong: Any) -> Any:
        return lambda hits, confidences, n_bins: wrong(_bins(hits, confidences, n_bins), len(hits))

    mistakes: Table = [
        (
            lambda hits, confidences, n_bins: abs(_mean(hits) - _mean(confidences)),
            "That is the gap of all examples together: sort them into bins first.",
        ),
        (
            lambda hits, confidences, n_bins: _mean(hits) - _mean(confidences),
            "The gaps of the bins have cancelled: take the size of each, without its sign.",
        ),
        (
            lambda hits, confidences, n_bins: _mean(confidences) - _mean(hits),
            "The gaps of the bins have cancelled: take the size of each, without its sign.",
        ),
        (
            on_bins(lambda bins, n: _mean(abs(_gap(b)) for b in bins)),
            "Every bin counts the same here. Weigh each by the share of the examples in it.",
        ),
        (
            lambda hits, confidences, n_bins: (
                math.fsum(abs(_gap(b)) for b in _bins(hits, confidences, n_bins)) / n_bins
            ),
            "You averaged over the bins. Weigh each by the share of the examples in it.",
        ),
        (
            on_bins(lambda bins, n: max(abs(_gap(b)) for b in bins)),
            "That is the largest gap. What is asked is their mean, weighed by the examples.",
        ),
        (
            on_bins(lambda bins, n: math.fsum(len(b) * abs(_gap(b)) for b in bins)),
            "The gaps are weighed by counts: divide by the number of all examples.",
        ),
        (
            on_bins(lambda bins, n: math.fsum(len(b) / n * _gap(b) ** 2 for b in bins)),
            "You squared the gaps; take their size.",
        ),
        (
            lambda hits, confidences, n_bins: _mean(
                abs(hit - sure) for hit, sure in zip(hits, confidences, strict=True)
            ),
            "That is the gap of each example by itself. A single example is 0 or 1: the share that "
            "is right takes a whole bin.",
        ),
        (
            on_bins(lambda bins, n: math.fsum(abs(_gap(b)) for b in bins)),
            "You added up the gaps. Weigh each by the share of the examples in its bin.",
        ),
    ]
    rng = np.random.default_rng(2017)
    cases = [Case(([1, 1, 0, 1, 0, 0], [0.95, 0.85, 0.75, 0.35, 0.25, 0.15], 2))]
    for size, n_bins in ((8, 2), (12, 4), (20, 5), (30, 10), (60, 10)):
        sure = (2 * rng.integers(130, 500, size) - 1) / 1000  # odd thousandths: never on an edge
        hits = (rng.random(size) < 0.65).astype(int)
        cases.append(Case((hits.tolist(), sure.tolist(), n_bins)))
    cases += [
        Case(([1, 0, 1, 1], [0.75] * 4, 10), "one bin holds all", "And its gap is 0."),
        Case(([1, 0], [0.55, 0.95], 10), "most bins are empty", "An empty bin adds nothing."),
        Case(([1, 1], [1.0, 1.0], 5), "a confidence of 1", "The last bin holds 1, too."),
        Case(([0], [0.0], 5), "a confidence of 0", "The first bin holds 0, too."),
        Case(
            ([0, 0, 1], [0.5, 0.5, 0.75], 2),
            "a confidence on the edge of two bins",
            "An edge belongs to the bin below it: (0, 0.5] and (0.5, 1].",
        ),
    ]
    return check(function, truth, cases, mistakes)


# --- Class weights -------------------------------------------------------------------------------


def undo_class_weight(function: Any) -> Result:
    """Check a function of q, learned with class 1 counted `weight` times, that gives p.

    Examples
    --------
    >>> undo_class_weight(lambda q, weight: q / weight)
    ✗ Not yet. You divided the probability. It is the *odds* q/(1 − q) that the weight multiplied.
    """

    def back(q: float, weight: float) -> float:
        return q / (q + weight * (1 - q))

    mistakes: Table = [
        (
            lambda q, weight: q / weight,
            "You divided the probability. It is the *odds* q/(1 − q) that the weight multiplied.",
        ),
        (
            lambda q, weight: weight * q / (weight * q + 1 - q),
            "You weighed once more: the odds have to be divided by the weight.",
        ),
        (
            lambda q, weight: q / (1 - q) / weight,
            "These are the right odds: turn them back into a probability, odds/(1 + odds).",
        ),
        (
            lambda q, weight: q / (1 - q),
            "These are the odds as they are: divide them by the weight, and turn them back.",
        ),
        (
            lambda q, weight: 1 - back(q, weight),
            "That is the probability of class 0.",
        ),
    ]
    pairs = [(0.5, 4.0), (0.9, 9.0), (0.3, 2.0), (0.75, 19.0), (0.1, 3.0), (0.6, 0.5), (0.99, 49.0)]
    cases = [
        *map(Case, pairs),
        Case((0.0, 9.0), "impossible", "What is impossible stays so."),
        Case((1.0, 9.0), "certain", "What is certain stays so. Odds of 1 to 0 cannot be divided."),
        Case((0.4, 1.0), "a weight of 1", "It changes nothing."),
    ]
    return check(function, back, cases, mistakes)
