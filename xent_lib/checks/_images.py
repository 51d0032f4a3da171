"""Exercises on classified pictures: their table of mix-ups, their bits, and wrong labels."""

import math
from itertools import chain
from typing import Any

import numpy as np

from xent_lib.checks._cases import TINY
from xent_lib.checks._engine import Case, Result, Table, check
from xent_lib.checks._units import log_slips

Rows = list[list[float]]


def _confusion(labels: list[int], guesses: list[int], n_classes: int) -> list[list[int]]:
    table = [[0] * n_classes for _ in range(n_classes)]
    for label, guess in zip(labels, guesses, strict=True):
        table[label][guess] += 1
    return table


def confusion_matrix(function: Any) -> Result:
    """Check a function of labels, guesses and the number of classes that counts each pair.

    Examples
    --------
    >>> import numpy as np
    >>> def counted(labels, guesses, n_classes):
    ...     table = np.zeros((n_classes, n_classes))
    ...     table[labels, guesses] += 1
    ...     return table
    >>> confusion_matrix(counted)
    ✗ Not yet. Each pair is counted once, however often it comes: `table[labels, guesses] += 1` \
does each cell only once. Go through the pairs in a loop, or use `np.add.at(table, (labels, \
guesses), 1)`.
    """
    rng = np.random.default_rng(1998)
    shapes = [(6, 2), (9, 3), (12, 3), (20, 4), (30, 5)]
    tables = [
        (rng.integers(k, size=n).tolist(), rng.integers(k, size=n).tolist(), k) for n, k in shapes
    ]
    cases = [
        Case(([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], 2)),
        *map(Case, tables),
        Case(([0, 1], [1, 0], 4), "two classes never come", "They keep their rows and columns."),
        Case(([2], [2], 3), "there is one example"),
    ]
    mistakes: Table = [
        (
            lambda labels, guesses, n_classes: _confusion(guesses, labels, n_classes),
            "Rows and columns are swapped: a row for each label, a column for each guess.",
        ),
        (
            lambda labels, guesses, n_classes: [
                [min(count, 1) for count in row] for row in _confusion(labels, guesses, n_classes)
            ],
            "Each pair is counted once, however often it comes: `table[labels, guesses] += 1` does "
            "each cell only once. Go through the pairs in a loop, or use `np.add.at(table, "
            "(labels, guesses), 1)`.",
        ),
        (
            lambda labels, guesses, n_classes: [
                [count / len(labels) for count in row]
                for row in _confusion(labels, guesses, n_classes)
            ],
            "Those are shares of all examples. The counts are asked for.",
        ),
        (
            lambda labels, guesses, n_classes: [
                [count / sum(row) for count in row]
                for row in _confusion(labels, guesses, n_classes)
            ],
            "Each row is divided by its sum. The counts are asked for.",
        ),
        (
            lambda labels, guesses, n_classes: [
                [0 if i == j else count for j, count in enumerate(row)]
                for i, row in enumerate(_confusion(labels, guesses, n_classes))
            ],
            "Only the mistakes are counted. What was read rightly stands on the diagonal.",
        ),
        (
            lambda labels, guesses, n_classes: [
                row[i] for i, row in enumerate(_confusion(labels, guesses, n_classes))
            ],
            "That is the diagonal, what was read rightly. The whole table is asked for.",
        ),
        (
            lambda labels, guesses, n_classes: [*chain(*_confusion(labels, guesses, n_classes))],
            "The counts are right, but stand in one line: make a table of `n_classes` rows.",
        ),
    ]
    return check(function, _confusion, cases, mistakes)


def _log_sum_exp(values: list[float]) -> float:
    top = max(values)
    return top + math.log(math.fsum(math.exp(value - top) for value in values))


def _label_bits(logits: Rows, labels: list[int]) -> list[float]:
    return [
        (_log_sum_exp(row) - row[label]) / math.log(2)
        for row, label in zip(logits, labels, strict=True)
    ]


def label_bits(function: Any) -> Result:
    """Check a function of rows of logits and labels that gives the bits that each label costs.

    Examples
    --------
    >>> import numpy as np
    >>> def mean_bits(logits, labels):
    ...     powers = np.exp(logits)
    ...     probs = powers / powers.sum(axis=1, keepdims=True)
    ...     return -np.log2(probs[np.arange(len(labels)), labels]).mean()
    >>> label_bits(mean_bits)
    ✗ Not yet. That is the mean over the examples. One number for each of them is asked for.
    """
    rng = np.random.default_rng(2021)
    shapes = [(3, 3), (2, 4), (4, 2), (5, 10)]
    tables = [
        ((rng.integers(-30, 31, size=(n, k)) / 10).tolist(), rng.integers(k, size=n).tolist())
        for n, k in shapes
    ]
    cases = [
        Case(([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]], [0, 2])),
        *map(Case, tables),
        Case(([[0.0, 0.0, 0.0, 0.0]], [3]), "all logits are equal", "One of four costs 2 bits."),
        Case(
            ([[1000.0, 0.0]], [0]),
            "a large logit",
            "e^1000 is too large for a computer: take the largest logit off each row first.",
        ),
        Case(
            ([[1000.0, 0.0]], [1]),
            "sure and wrong",
            f"{TINY} Here the probability itself becomes 0: stay with logits, "
            "`logsumexp(logits) − logit`.",
        ),
    ]
    mistakes: Table = [
        (
            lambda logits, labels: math.fsum(_label_bits(logits, labels)) / len(labels),
            "That is the mean over the examples. One number for each of them is asked for.",
        ),
        (
            lambda logits, labels: [2**-bits for bits in _label_bits(logits, labels)],
            "Those are the probabilities of the labels. Their surprise is asked for.",
        ),
        (
            lambda logits, labels: [
                -row[label] / math.log(2) for row, label in zip(logits, labels, strict=True)
            ],
            "The logits still have to become probabilities: the softmax of each row is missing.",
        ),
        (
            lambda logits, labels: _label_bits(logits, [row.index(max(row)) for row in logits]),
            "You looked at the likeliest class, not at the label.",
        ),
        (
            lambda logits, labels: _label_bits(logits, [label - 1 for label in labels]),
            "Labels count from 0: yours looks one place too early.",
        ),
        (
            lambda logits, labels: [
                bits + (_log_sum_exp([*chain(*logits)]) - _log_sum_exp(row)) / math.log(2)
                for bits, row in zip(_label_bits(logits, labels), logits, strict=True)
            ],
            "You divided by the sum of the whole table. Each row has a softmax of its own: sum "
            "along `axis=1`, with `keepdims=True`.",
        ),
        (
            lambda logits, labels: [
                (_log_sum_exp([other[label] for other in logits]) - row[label]) / math.log(2)
                for row, label in zip(logits, labels, strict=True)
            ],
            "Your softmax runs down the columns, over the examples. It belongs along each row.",
        ),
        (
            lambda logits, labels: [1 - 2**-bits for bits in _label_bits(logits, labels)],
            "You took 1 − q for the surprise; it is a logarithm.",
        ),
    ]
    slips = [
        (lambda values, slip=slip: [slip(value) for value in values], told)
        for slip, told in log_slips(2)
    ]
    return check(function, _label_bits, cases, mistakes, slips)


def _most_surprising(bits: list[float], n: int) -> list[int]:
    return sorted(range(len(bits)), key=lambda place: -bits[place])[:n]


def most_surprising(function: Any) -> Result:
    """Check a function of bits and a number n that gives the places of the n largest.

    Examples
    --------
    >>> import numpy as np
    >>> most_surprising(lambda bits, n: np.argsort(bits)[:n])
    ✗ Not yet. Those are the least surprising: `argsort` begins with the smallest.
    """
    rng = np.random.default_rng(1012)
    sizes = [(4, 2), (6, 3), (9, 4), (12, 5)]
    tables = [((rng.permutation(100)[:size] / 10).tolist(), n) for size, n in sizes]
    cases = [
        Case(([0.1, 7.5, 0.0, 3.2], 2)),
        *map(Case, tables),
        Case(([1.0, 5.0, 2.0], 3), "all are asked for"),
        Case(
            ([2.0, 5.0, 1.0, 5.0, 5.0], 2),
            "some cost the same",
            "Of equal ones the first comes first. `np.argsort(-bits, stable=True)` keeps it so; "
            "turning the order round at the end does not.",
        ),
        Case(([math.inf, 3.0], 1), "one is infinite"),
    ]
    mistakes: Table = [
        (
            lambda bits, n: _most_surprising([-value for value in bits], n),
            "Those are the least surprising: `argsort` begins with the smallest.",
        ),
        (
            lambda bits, n: _most_surprising(bits, n)[::-1],
            "The right ones, but the most surprising is to come first.",
        ),
        (
            lambda bits, n: [bits[place] for place in _most_surprising(bits, n)],
            "Those are the bits. The places where they stand are asked for.",
        ),
        (
            lambda bits, n: sorted(_most_surprising(bits, n)),
            "The right ones, but in the order of their places. The most surprising comes first.",
        ),
        (
            lambda bits, n: _most_surprising(bits, len(bits)),
            "All places are there. Only the first `n` are asked for.",
        ),
        (
            lambda bits, n: _most_surprising(bits, 1)[0],
            "That is the most surprising one alone. The first `n` are asked for.",
        ),
        (
            lambda bits, n: [place + 1 for place in _most_surprising(bits, n)],
            "Places count from 0.",
        ),
    ]
    return check(function, _most_surprising, cases, mistakes)


def _parts(wrong: float) -> float:
    return -math.fsum(share * math.log2(share) for share in (wrong, 1 - wrong) if share > 0)


def _floor(wrong: float, n_classes: float) -> float:
    return _parts(wrong) + wrong * math.log2(n_classes - 1)


def label_noise_floor(function: Any) -> Result:
    """Check a function of the share of wrong labels and the number of classes: a floor in bits.

    Examples
    --------
    >>> from xent_lib import binary_entropy
    >>> label_noise_floor(lambda wrong, n_classes: binary_entropy(wrong))
    ✗ Not yet. That is the price of whether a label is wrong. Which of the other classes it then \
names costs more: log2 of their number, where it is wrong.
    """
    rng = np.random.default_rng(5)
    shares = (rng.integers(1, 60, size=6) / 100).tolist()
    cases = [
        Case((0.05, 10)),
        *map(Case, zip(shares, (3, 4, 5, 10, 20, 100), strict=True)),
        Case((0.2, 2), "two classes", "There is only one other class: which, costs nothing."),
        Case((0.0, 10), "no label is wrong", "Nothing is left open; 0·log 0 counts as 0."),
        Case((1.0, 4), "every label is wrong", "One of three others: 0·log 0 counts as 0."),
    ]
    mistakes: Table = [
        (
            lambda wrong, n_classes: _parts(wrong),
            "That is the price of whether a label is wrong. Which of the other classes it then "
            "names costs more: log2 of their number, where it is wrong.",
        ),
        (
            lambda wrong, n_classes: wrong * math.log2(n_classes - 1),
            "That is the price of which other class it is. Whether the label is wrong costs, too.",
        ),
        (
            lambda wrong, n_classes: _parts(wrong) + wrong * math.log2(n_classes),
            "A wrong label names one of the *other* classes: one fewer than there are.",
        ),
        (
            lambda wrong, n_classes: _parts(wrong) + math.log2(n_classes - 1),
            "Which other class it is costs only where the label is wrong: times that share.",
        ),
        (
            lambda wrong, n_classes: _parts(wrong) + (1 - wrong) * math.log2(n_classes - 1),
            "You paid for the choice among the others where the label is right.",
        ),
        (
            lambda wrong, n_classes: math.log2(n_classes),
            "That is the baseline, of one who knows nothing. The floor is of one who knows the "
            "true digit.",
        ),
        (
            lambda wrong, n_classes: -wrong * math.log2(wrong),
            "The right labels have a surprise as well: −log2(1 − wrong).",
        ),
    ]
    return check(function, _floor, cases, mistakes, log_slips(2))
