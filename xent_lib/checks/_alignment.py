"""Exercises on aligning two words: how many ways, what they cost, what is learnt from the best."""

import math
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np

from xent_lib.checks._cases import random_distribution
from xent_lib.checks._engine import Case, Result, Table, check

# --- How many ---------------------------------------------------------------------------------


@cache
def _ways(m: int, n: int) -> int:
    if m == 0 or n == 0:
        return 1
    return _ways(m - 1, n) + _ways(m, n - 1) + _ways(m - 1, n - 1)


def count_alignments(function: Any) -> Result:
    """Check a function of the lengths of two words that gives how many alignments there are.

    Examples
    --------
    >>> count_alignments(lambda m, n: math.comb(m + n, n))
    ✗ Not yet. Yours counts the ways without diagonal steps: two letters may stand below one \
another, too.
    """
    cases = [
        *map(Case, [(1, 1), (2, 1), (1, 3), (3, 3), (2, 5), (7, 4), (7, 7)]),
        Case((0, 4), "one word is empty", "There is one way: all letters below gaps."),
        Case((0, 0), "both words are empty", "There is one way: write nothing."),
    ]
    mistakes: Table = [
        (
            lambda m, n: math.comb(m + n, n),
            "Yours counts the ways without diagonal steps: two letters may stand below one "
            "another, too.",
        ),
        (
            lambda m, n: 3 ** (m + n),
            "Not every move is free: at the border of the grid there is one way left, and a "
            "diagonal step uses up a letter of each word.",
        ),
        (
            lambda m, n: 3 ** min(m, n),
            "Not every move is free, and a path has more steps than the shorter word has letters.",
        ),
        (
            lambda m, n: _ways(m - 1, n - 1),
            "That is the count for words that are one letter shorter. Along the borders there is 1 "
            "way, not 0, and m letters need m + 1 rows.",
        ),
        (
            lambda m, n: _ways(m + 1, n + 1),
            "That is the count for words that are one letter longer: rows count from 0 to m.",
        ),
        (
            lambda m, n: (m + 1) * (n + 1),
            "That is the number of cells. Count the paths through them.",
        ),
    ]
    return check(function, _ways, cases, mistakes)


# --- What it costs ----------------------------------------------------------------------------


def _columns(top: str, bottom: str) -> list[str]:
    """What each column is: match, mismatch or gap."""
    return [
        "gap" if "-" in (one, two) else "match" if one == two else "mismatch"
        for one, two in zip(top, bottom, strict=True)
    ]


def _priced(match: float = 0, mismatch: float = 3, gap: float = 2) -> Any:
    prices = {"match": match, "mismatch": mismatch, "gap": gap}
    return lambda top, bottom: float(sum(prices[kind] for kind in _columns(top, bottom)))


def _runs(top: str, bottom: str) -> int:
    """In how many runs the gaps stand: a run stays in one row."""
    sides = [
        1 if one == "-" else 2 if two == "-" else 0 for one, two in zip(top, bottom, strict=True)
    ]
    return sum(side > 0 for side, _ in groupby(sides))


def alignment_cost(function: Any) -> Result:
    """Check a function of the two rows of an alignment: 3 for a mismatch, 2 for a gap.

    Examples
    --------
    >>> alignment_cost(lambda top, bottom: 3 * sum(a != b for a, b in zip(top, bottom)))
    ✗ Not yet. You counted a gap as a mismatch: a letter below a gap costs 2, not 3.
    """
    truth = _priced()

    def right(top: str, bottom: str) -> float:
        return float(truth(top, bottom))

    cases = [
        Case(("GATT-ACA", "-ATTGACA")),
        Case(("GAT", "GCT")),
        Case(("A--CGT", "AGGCT-")),
        Case(("GATTACA", "ATTGACA")),
        Case(("-AC", "TGC")),
        Case(("TT-", "-CA")),
        Case(("AC", "AC"), "the words are equal", "Equal letters cost nothing."),
        Case(("AC--", "--GT"), "there are only gaps"),
        Case(("", ""), "both words are empty", "Nothing costs nothing."),
    ]
    mistakes: Table = [
        (
            _priced(gap=3),
            "You counted a gap as a mismatch: a letter below a gap costs 2, not 3.",
        ),
        (_priced(gap=0), "Yours lets gaps go free: each costs 2."),
        (_priced(mismatch=0), "Yours lets mismatches go free: each costs 3."),
        (_priced(mismatch=2, gap=3), "The prices are swapped: 3 for a mismatch, 2 for a gap."),
        (
            _priced(mismatch=1, gap=1),
            "That is the number of columns that differ. Weigh them: 3 for a mismatch, 2 for a gap.",
        ),
        (_priced(mismatch=3, gap=5), "A gap is counted twice: as a gap, and as a mismatch."),
        (_priced(match=1, mismatch=0, gap=0), "That counts the matches, which cost nothing."),
        (
            lambda top, bottom: (
                3.0 * _columns(top, bottom).count("mismatch") + 2.0 * top.count("-")
            ),
            "Only gaps in the upper row are counted. They stand in the lower one, too.",
        ),
        (
            lambda top, bottom: (
                3.0 * _columns(top, bottom).count("mismatch") + 2.0 * bottom.count("-")
            ),
            "Only gaps in the lower row are counted. They stand in the upper one, too.",
        ),
        (
            lambda top, bottom: (
                3.0 * _columns(top, bottom).count("mismatch") + 2.0 * _runs(top, bottom)
            ),
            "You counted runs of gaps. Here each letter below a gap costs 2.",
        ),
    ]
    return check(function, right, cases, mistakes)


def gap_runs(function: Any) -> Result:
    """Check a function of the two rows of an alignment that counts the runs of gaps.

    Examples
    --------
    >>> gap_runs(lambda top, bottom: top.count("-") + bottom.count("-"))
    ✗ Not yet. That is the number of gaps. Gaps that follow each other in one row are one run.
    """
    cases = [
        Case(("GATT-ACA", "-ATTGACA")),
        Case(("A--CGT", "AGGCT-")),
        Case(("A---C", "AGGGC")),
        Case(("AC-GT-A", "A-TG-TA")),
        Case(("--GA--T", "CCGATTT")),
        Case(("GATTACA", "GA---CA")),
        Case(("GAT", "GCT"), "there are no gaps"),
        Case(
            ("A--", "-GT"), "a gap below follows a gap above", "They stand in two rows: two runs."
        ),
        Case(("", ""), "both words are empty"),
    ]
    mistakes: Table = [
        (
            lambda top, bottom: _columns(top, bottom).count("gap"),
            "That is the number of gaps. Gaps that follow each other in one row are one run.",
        ),
        (
            lambda top, bottom: _runs(top, top),
            "Only the upper row is looked at.",
        ),
        (
            lambda top, bottom: _runs(bottom, bottom),
            "Only the lower row is looked at.",
        ),
        (
            lambda top, bottom: sum(kind == "gap" for kind, _ in groupby(_columns(top, bottom))),
            "A gap above and a gap below, side by side, are two runs: look at each row by itself.",
        ),
        (
            lambda top, bottom: len(list(groupby(_columns(top, bottom)))),
            "You counted all runs, those of letters too.",
        ),
    ]
    return check(function, _runs, cases, mistakes)


# --- What a score means -----------------------------------------------------------------------


_SLIPS: Table = [
    (
        lambda table: [[-score for score in row] for row in table],
        "The sign is turned round: a pair that comes more often than by chance scores above 0.",
    ),
    (
        lambda table: [[score * math.log(2) for score in row] for row in table],
        "You used the natural log, which gives nats; this asks for bits.",
    ),
    (
        lambda table: [[score * math.log10(2) for score in row] for row in table],
        "You used log10; this asks for bits.",
    ),
]


def _log2(value: float) -> float:
    return math.log2(value) if value > 0 else -math.inf


def _margins(joint: list[list[float]]) -> tuple[list[float], list[float]]:
    return [math.fsum(row) for row in joint], [
        math.fsum(column) for column in zip(*joint, strict=True)
    ]


def _scores(joint: list[list[float]]) -> list[list[float]]:
    left, right = _margins(joint)
    return [
        [_log2(prob / (a * b)) for prob, b in zip(row, right, strict=True)]
        for row, a in zip(joint, left, strict=True)
    ]


def log_odds(function: Any) -> Result:
    """Check a function of a table p(a, b) that gives the table of scores log₂ p(a,b)/(p(a)p(b)).

    Examples
    --------
    >>> import numpy as np
    >>> log_odds(lambda joint: np.log2(joint))
    ✗ Not yet. Divide by p(a)p(b): how likely the pair is if the two have nothing to do with \
each other.
    """
    rng = np.random.default_rng(1991)
    tables = [
        np.reshape(random_distribution(rng, rows * columns), (rows, columns)).tolist()
        for rows, columns in ((2, 2), (2, 3), (3, 2), (2, 4))
    ]
    cases = [
        Case(([[0.4, 0.1], [0.2, 0.3]],)),
        *(Case((table,)) for table in tables),
        Case(
            ([[0.5, 0.0], [0.0, 0.5]],),
            "a pair never comes",
            "What never comes has the score minus infinity.",
        ),
    ]
    mistakes: Table = [
        (
            lambda joint: [[_log2(prob) for prob in row] for row in joint],
            "Divide by p(a)p(b): how likely the pair is if the two have nothing to do with each "
            "other.",
        ),
        (
            lambda joint: [
                [_log2(prob / a) for prob in row]
                for row, a in zip(joint, _margins(joint)[0], strict=True)
            ],
            "You divided by p(a) alone. Divide by p(b) as well.",
        ),
        (
            lambda joint: [
                [_log2(prob / b) for prob, b in zip(row, _margins(joint)[1], strict=True)]
                for row in joint
            ],
            "You divided by p(b) alone. Divide by p(a) as well.",
        ),
        (
            lambda joint: [
                [prob * score for prob, score in zip(row, scores, strict=True)]
                for row, scores in zip(joint, _scores(joint), strict=True)
            ],
            "Those are the terms of the mutual information: without the factor p(a, b) you have "
            "the scores.",
        ),
        (
            lambda joint: [[2**score for score in row] for row in _scores(joint)],
            "That is the ratio itself. Its logarithm is asked for.",
        ),
        (
            lambda joint: [[_log2(prob * len(row) * len(joint)) for prob in row] for row in joint],
            "You took all letters as equally likely. p(a) and p(b) are the sums of the rows and "
            "the columns.",
        ),
    ]
    return check(function, _scores, cases, mistakes, _SLIPS)
