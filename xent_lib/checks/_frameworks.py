"""Exercises on the losses of the frameworks, and on what goes wrong with them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xent_lib.checks._engine import NOT_WRITTEN, Case, Result, Table, check, near, not_yet, shown

Rows = list[list[float]]


def _softmax(row: Sequence[float]) -> list[float]:
    exps = [math.exp(z - max(row)) for z in row]
    return [e / math.fsum(exps) for e in exps]


def _loss(row: Sequence[float], label: int) -> float:
    return math.log(math.fsum(math.exp(z - max(row)) for z in row)) + max(row) - row[label]


def _mean(losses: Sequence[float]) -> float:
    return math.fsum(losses) / len(losses)


def _losses(logits: Rows, labels: list[int]) -> list[float]:
    return [_loss(row, label) for row, label in zip(logits, labels, strict=True)]


def _cross_entropy_loss(logits: Rows, labels: list[int]) -> float:
    return _mean(_losses(logits, labels))


def _of_probs(logits: Rows, labels: list[int], function: Any) -> float:
    """The mean of a function of the probability of the true class."""
    pairs = zip(logits, labels, strict=True)
    return _mean([function(_softmax(row)[label]) for row, label in pairs])


def cross_entropy_loss(function: Any) -> Result:
    """Check a function of logits and labels that gives PyTorch's ``CrossEntropyLoss``.

    Examples
    --------
    >>> from xent_lib import losses
    >>> cross_entropy_loss(lambda logits, labels: losses.sparse_softmax_cross_entropy(
    ...     labels, logits, reduction="sum"))
    ✗ Not yet. That is the sum over the batch: `reduction="mean"` divides by the examples.
    """
    rng = np.random.default_rng(2019)
    shapes = [(2, 2), (3, 3), (4, 3), (1, 4), (5, 6)]
    cases = [
        *(
            Case(
                (
                    [[round(float(z), 1) for z in row] for row in rng.normal(0, 2, shape)],
                    [int(label) for label in rng.integers(shape[1], size=shape[0])],
                )
            )
            for shape in shapes
        ),
        Case(
            ([[1000.0, 0.0]], [0]),
            "a logit is 1000",
            "exp(1000) is more than a float holds. Take the largest logit of the row off first: "
            "it changes nothing else.",
        ),
        Case(
            ([[0.0, 800.0]], [0]),
            "sure and wrong by 800",
            "The probability is 0 in floats, but the loss is not infinite, and no 16: "
            "log-sum-exp minus the logit of the true class needs no log of a probability.",
        ),
    ]
    mistakes: Table = [
        (
            lambda logits, labels: math.fsum(_losses(logits, labels)),
            'That is the sum over the batch: `reduction="mean"` divides by the examples.',
        ),
        (
            lambda logits, labels: _mean(_losses([_softmax(row) for row in logits], labels)),
            "Softmax is taken twice: what you took it of were probabilities already.",
        ),
        (
            lambda logits, labels: _cross_entropy_loss(logits, labels) / math.log(2),
            "You give bits; the frameworks give nats, with the natural log.",
        ),
        (
            lambda logits, labels: _cross_entropy_loss(logits, labels) / len(logits[0]),
            "You divided by the number of all entries. The mean is over the examples only: "
            "`np.mean` of one number for each row.",
        ),
        (
            lambda logits, labels: _of_probs(logits, labels, lambda q: q),
            "That is the mean probability of the true class; its log is missing.",
        ),
        (
            lambda logits, labels: _of_probs(logits, labels, math.log),
            "The minus is missing: the log of a probability is negative, a loss is not.",
        ),
        (
            lambda logits, labels: -math.log(_of_probs(logits, labels, lambda q: q)),
            "You took the log of the mean. Take the mean of the logs: one loss an example first.",
        ),
        (
            lambda logits, labels: _mean(
                [-row[label] for row, label in zip(logits, labels, strict=True)]
            ),
            "That is minus the logit of the true class; the log-sum-exp of its row is missing.",
        ),
        (
            lambda logits, labels: _cross_entropy_loss(logits, [label - 1 for label in labels]),
            "Labels count from 0: yours look one place too early.",
        ),
        (
            lambda logits, labels: _mean(
                [
                    math.log(math.fsum(math.exp(z) for other in logits for z in other)) - row[label]
                    for row, label in zip(logits, labels, strict=True)
                ]
            ),
            "Your softmax runs over the whole table: sum along each row, `axis=1`.",
        ),
        (
            lambda logits, labels: _mean(
                [
                    math.log(math.fsum(math.exp(other[label]) for other in logits)) - row[label]
                    for row, label in zip(logits, labels, strict=True)
                ]
            ),
            "Your softmax runs down the columns: sum along each row, `axis=1`.",
        ),
    ]
    return check(function, _cross_entropy_loss, cases, mistakes)


def diagnosis(
    found: Any, printed: Mapping[str, float], traps: Mapping[str, float], *, digits: int = 3
) -> Result:
    """Check which trap explains each printed number.

    Parameters
    ----------
    found : mapping of str to str
        For each who printed a number the name of a trap; ``...`` where there is none yet.
    printed : mapping of str to float
        Who printed what.
    traps : mapping of str to float
        What each trap prints. Those that explain one of the `printed` numbers are right.
    digits : int, default 3
        The digits after the decimal point in which numbers are shown.

    Examples
    --------
    >>> traps = {"sum": 1.775, "bits": 0.854, "softmax twice": 0.891}
    >>> diagnosis({"Ada": "bits"}, {"Ada": 0.854}, traps)
    ✓ Right: Ada fell for "bits".
    >>> diagnosis({"Ada": "sum"}, {"Ada": 0.854}, traps)
    ✗ Not yet. Ada printed 0.854, but "sum" would have printed 1.775.
    >>> diagnosis({"Ada": ...}, {"Ada": 0.854}, traps)
    … Not written yet: replace the ... and run the cell again.
    """
    if found is None or found is Ellipsis:
        return NOT_WRITTEN
    if not isinstance(found, Mapping):
        return not_yet(f"A dictionary is asked for, one entry for each of {_names(printed)}.")
    if missing := [name for name in printed if name not in found]:
        return not_yet(f"Nothing is said about {_names(missing)}.")
    answers = {name: found[name] for name in printed}
    if all(answer is None or answer is Ellipsis for answer in answers.values()):
        return NOT_WRITTEN
    for name, answer in answers.items():
        if answer is None or answer is Ellipsis:
            return not_yet(f"{name} is still open.")
        if not isinstance(answer, str) or answer not in traps:
            return not_yet(f"{name}: `{shown(answer)}` is no trap; they are {_names(traps)}.")
        if not near(traps[answer], printed[name]):
            return not_yet(
                f"{name} printed {printed[name]:.{digits}f}, but {_quoted(answer)} would have "
                f"printed {traps[answer]:.{digits}f}."
            )
    told = (f"{name} fell for {_quoted(answer)}" for name, answer in answers.items())
    return Result(True, f"Right: {', '.join(told)}.")


def _quoted(word: str) -> str:
    return f'"{word}"'


def _names(words: Any) -> str:
    *some, last = map(_quoted, words)
    return f"{', '.join(some)} and {last}" if some else last
