"""Each mistake in an alignment is told to whoever makes it, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import checks


def ways(m, n, edge=1):
    table = np.full((m + 1, n + 1), edge)
    table[0, 0] = 1
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            table[i, j] = table[i - 1, j - 1] + table[i - 1, j] + table[i, j - 1]
    return table[m, n]


def priced(mismatch=3, gap=2):
    def cost(top, bottom):
        total = 0
        for one, two in zip(top, bottom, strict=True):
            if "-" in (one, two):
                total += gap
            elif one != two:
                total += mismatch
        return total

    return cost


def mismatches(top, bottom):
    return sum(one != two and "-" not in (one, two) for one, two in zip(top, bottom, strict=True))


def runs_in(row):
    return sum(
        letter == "-" and before != "-" for before, letter in zip(" " + row, row, strict=False)
    )


def runs(top, bottom):
    return runs_in(top) + runs_in(bottom)


def pieces(top, bottom):
    """All runs of columns of one kind."""
    kinds = ["gap" if "-" in pair else pair[0] == pair[1] for pair in zip(top, bottom, strict=True)]
    return sum(i == 0 or kind != kinds[i - 1] for i, kind in enumerate(kinds))


def together(top, bottom):
    row = "".join("-" if "-" in pair else "x" for pair in zip(top, bottom, strict=True))
    return runs_in(row)


def log_odds(joint):
    with np.errstate(divide="ignore"):
        return np.log2(joint / np.outer(joint.sum(axis=1), joint.sum(axis=0)))


RIGHT = [
    (checks.count_alignments, ways),
    (
        checks.count_alignments,
        lambda m, n: sum(math.comb(m, k) * math.comb(n, k) * 2**k for k in range(m + 1)),
    ),
    (checks.alignment_cost, priced()),
    (
        checks.alignment_cost,
        lambda top, bottom: 3 * mismatches(top, bottom) + 2 * (top.count("-") + bottom.count("-")),
    ),
    (checks.gap_runs, runs),
    (checks.log_odds, log_odds),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.count_alignments: [
        (lambda m, n: math.comb(m + n, m), "without diagonal steps"),
        (lambda m, n: 3 ** (m + n), "a diagonal step uses up a letter of each word"),
        (lambda m, n: 3 ** min(m, n), "more steps than the shorter word has letters"),
        (lambda m, n: ways(m, n, edge=0), "Along the borders there is 1 way"),
        (lambda m, n: ways(m - 1, n - 1), "m letters need m + 1 rows"),
        (lambda m, n: ways(m + 1, n + 1), "words that are one letter longer"),
        (lambda m, n: (m + 1) * (n + 1), "That is the number of cells"),
        (lambda m, n: ways(m, n) if m * n else 0, "(one word is empty) it gave `0`"),
    ],
    checks.alignment_cost: [
        (lambda top, bottom: 3 * sum(map(str.__ne__, top, bottom)), "counted a gap as a mismatch"),
        (priced(gap=0), "lets gaps go free"),
        (priced(mismatch=0), "lets mismatches go free"),
        (priced(mismatch=2, gap=3), "The prices are swapped"),
        (priced(mismatch=1, gap=1), "the number of columns that differ"),
        (priced(gap=5), "A gap is counted twice"),
        (
            lambda top, bottom: sum(map(str.__eq__, top, bottom)),
            "That counts the matches",
        ),
        (
            lambda top, bottom: 3 * mismatches(top, bottom) + 2 * top.count("-"),
            "Only gaps in the upper row",
        ),
        (
            lambda top, bottom: 3 * mismatches(top, bottom) + 2 * bottom.count("-"),
            "Only gaps in the lower row",
        ),
        (
            lambda top, bottom: 3 * mismatches(top, bottom) + 2 * runs(top, bottom),
            "You counted runs of gaps",
        ),
        (lambda top, bottom: priced()(top, bottom) if top else 1, "Nothing costs nothing"),
    ],
    checks.gap_runs: [
        (lambda top, bottom: top.count("-") + bottom.count("-"), "That is the number of gaps"),
        (lambda top, bottom: runs_in(top), "Only the upper row is looked at"),
        (lambda top, bottom: runs_in(bottom), "Only the lower row is looked at"),
        (together, "look at each row by itself"),
        (pieces, "You counted all runs"),
    ],
    checks.log_odds: [
        (np.log2, "Divide by p(a)p(b)"),
        (lambda joint: np.log2(joint / joint.sum(axis=1, keepdims=True)), "by p(a) alone"),
        (lambda joint: np.log2(joint / joint.sum(axis=0)), "by p(b) alone"),
        (lambda joint: joint * log_odds(joint), "the terms of the mutual information"),
        (lambda joint: 2 ** log_odds(joint), "Its logarithm is asked for"),
        (lambda joint: np.log2(joint * joint.size), "as equally likely"),
        (lambda joint: -log_odds(joint), "The sign is turned round"),
        (lambda joint: log_odds(joint) * np.log(2), "which gives nats; this asks for bits"),
        (lambda joint: log_odds(joint) * np.log10(2), "You used log10"),
        (lambda joint: np.nan_to_num(log_odds(joint)), "has the score minus infinity"),
        (lambda joint: np.sum(joint * log_odds(joint)), "one number for each of the inputs"),
    ],
}
