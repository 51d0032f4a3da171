"""Exercises on surprise, its averages, and codes."""

import math
from functools import partial
from itertools import pairwise, permutations, product
from typing import Any

import numpy as np

from xent_lib.checks._cases import (
    DISTRIBUTIONS,
    NEVER_EXPECTED,
    PAIRS,
    SIZES,
    TINY,
    ZERO_ADDS_NOTHING,
    P,
    Q,
    random_distribution,
    random_distributions,
    random_pairs,
    weighted,
)
from xent_lib.checks._engine import Case, Result, Table, check
from xent_lib.checks._units import Surprise, measure, surprise_in

# --- Surprise and its averages -------------------------------------------------------------------


def _surprisal(h: Surprise, prob: float) -> float:
    return h(prob)


def _entropy(h: Surprise, p: list[float]) -> float:
    return weighted(p, [*map(h, p)])


def _cross_entropy(h: Surprise, p: list[float], q: list[float]) -> float:
    return weighted(p, [*map(h, q)])


def _kl(h: Surprise, p: list[float], q: list[float]) -> float:
    return math.fsum(a * (h(b) - h(a)) for a, b in zip(p, q, strict=True) if a > 0)


def _mixture(p: list[float], q: list[float]) -> list[float]:
    return [(a + b) / 2 for a, b in zip(p, q, strict=True)]


def _js(h: Surprise, p: list[float], q: list[float]) -> float:
    m = _mixture(p, q)
    return (_kl(h, p, m) + _kl(h, q, m)) / 2


def surprisal(function: Any, base: float = 2) -> Result:
    """Check a function of one probability that gives its surprise.

    Examples
    --------
    >>> import math
    >>> surprisal(lambda prob: -math.log(prob))
    ✗ Not yet. You used the natural log, which gives nats; this asks for bits.
    """
    cases = [
        *(Case((prob,)) for prob in (0.5, 0.25, 0.1, 0.9, 0.75, 0.33, 0.04, 0.62, 0.001)),
        Case((1.0,), "certain", "What is certain is no surprise."),
        Case((0.0,), "impossible", "What cannot come is infinitely surprising if it comes."),
        Case((1e-300,), "all but impossible", TINY),
    ]
    mistakes: Table = [
        (lambda h, prob: 1 / prob, "That is 1/p: the logarithm is still to be taken."),
        (lambda h, prob: 1 - prob, "1 − p also falls as p grows, but there is no logarithm in it."),
        (lambda h, prob: h(1 - prob), "That is the surprise of the event *not* coming."),
        (
            lambda h, prob: prob * h(prob),
            "You multiplied by p. That is the share of this event in an average; its own surprise "
            "needs no weight.",
        ),
        (lambda h, prob: 2 ** (-prob), "You took a power where a logarithm is asked for."),
    ]
    return measure(function, _surprisal, cases, mistakes, base)


def entropy(function: Any, base: float = 2) -> Result:
    """Check a function of a distribution that gives its entropy.

    Examples
    --------
    >>> import numpy as np
    >>> entropy(lambda p: -np.log2(p).sum())
    ✗ Not yet. You added up the surprises unweighted: each has to count as often as it comes.
    """
    mistakes: Table = [
        (
            lambda h, p: math.fsum(map(h, p)),
            "You added up the surprises unweighted: each has to count as often as it comes.",
        ),
        (
            lambda h, p: math.fsum(map(h, p)) / len(p),
            "That is the plain mean of the surprises: each has to count as often as it comes.",
        ),
        (
            lambda h, p: _entropy(h, p) / len(p),
            "You divided by the number of outcomes. The weights p already make it an average: "
            "take the sum, not the mean.",
        ),
        (lambda h, p: math.fsum(p), "The logarithm is missing."),
        (lambda h, p: math.fsum(a * a for a in p), "You multiplied p by p, not by its surprise."),
        (
            lambda h, p: 1 - math.fsum(a * a for a in p),
            "1 − Σp² takes 1 − p for the surprise; the logarithm is missing.",
        ),
        (
            lambda h, p: 2 ** _entropy(surprise_in(2), p),
            "That is the perplexity, 2 to the entropy.",
        ),
        (
            lambda h, p: h(1 / len(p)),
            "That is the log of the number of outcomes: right only if all are equally likely.",
        ),
        (lambda h, p: h(max(p)), "That is the surprise of the likeliest outcome alone."),
        (lambda h, p: weighted(p, [h(1 - a) for a in p]), "You took the log of 1 − p."),
        (
            lambda h, p: p[0] * h(p[0]),
            "Only the first outcome is counted: does `return` stand in the loop?",
        ),
        (
            lambda h, p: p[-1] * h(p[-1]),
            "Only the last outcome is counted: are the terms added up?",
        ),
        (lambda h, p: _entropy(h, p[:2]), "Only the first two outcomes are counted."),
    ]
    return measure(function, _entropy, DISTRIBUTIONS, mistakes, base)


def cross_entropy(function: Any, base: float = 2) -> Result:
    """Check a function of p and q that gives their cross-entropy.

    Examples
    --------
    >>> import numpy as np
    >>> cross_entropy(lambda p, q: -(q * np.log2(p)).sum())
    ✗ Not yet. p and q are swapped: that is H(q, p).
    """
    mistakes: Table = [
        (lambda h, p, q: _cross_entropy(h, q, p), "p and q are swapped: that is H(q, p)."),
        (lambda h, p, q: _entropy(h, p), "That is H(p), the entropy: q is not in it."),
        (lambda h, p, q: _entropy(h, q), "That is H(q), the entropy of q: p is not in it."),
        (
            lambda h, p, q: _kl(h, p, q),
            "That is D(p ‖ q), only the excess over H(p). The cross-entropy is the whole cost.",
        ),
        (lambda h, p, q: _kl(h, q, p), "That is D(q ‖ p): an excess only, and p and q swapped."),
        (
            lambda h, p, q: math.fsum(map(h, q)),
            "The weights are missing: each surprise counts as often as p brings it.",
        ),
        (
            lambda h, p, q: math.fsum(map(h, q)) / len(q),
            "That is the plain mean of the surprises: each counts as often as p brings it.",
        ),
        (
            lambda h, p, q: _cross_entropy(h, p, q) / len(p),
            "You divided by the number of outcomes. The weights p already make it an average: "
            "take the sum, not the mean.",
        ),
        (lambda h, p, q: weighted(p, q), "The logarithm is missing."),
        (
            lambda h, p, q: weighted(p, [1 - b for b in q]),
            "You took 1 − q for the surprise; it is a logarithm.",
        ),
        (lambda h, p, q: _entropy(h, p) + _entropy(h, q), "That is H(p) + H(q)."),
        (
            lambda h, p, q: _cross_entropy(h, p, q) + _entropy(h, p),
            "H(p) is in it twice: that is H(p) + H(p, q).",
        ),
        (
            lambda h, p, q: p[0] * h(q[0]),
            "Only the first outcome is counted: does `return` stand in the loop?",
        ),
        (
            lambda h, p, q: p[-1] * h(q[-1]),
            "Only the last outcome is counted: are the terms added up?",
        ),
    ]
    return measure(function, _cross_entropy, PAIRS, mistakes, base)


def kl_divergence(function: Any, base: float = 2) -> Result:
    """Check a function of p and q that gives D(p ‖ q).

    Examples
    --------
    >>> import numpy as np
    >>> kl_divergence(lambda p, q: -(p * np.log2(q)).sum())
    ✗ Not yet. That is H(p, q), the whole cost. D(p ‖ q) is only its excess over H(p).
    """
    mistakes: Table = [
        (
            lambda h, p, q: -_kl(h, p, q),
            "The sign is turned round: is the ratio upside down, or a minus too many?",
        ),
        (lambda h, p, q: _kl(h, q, p), "p and q are swapped: that is D(q ‖ p)."),
        (
            lambda h, p, q: -_kl(h, q, p),
            "You weighted by q. What comes is drawn from p, so p weights.",
        ),
        (
            lambda h, p, q: _cross_entropy(h, p, q),
            "That is H(p, q), the whole cost. D(p ‖ q) is only its excess over H(p).",
        ),
        (lambda h, p, q: _cross_entropy(h, q, p), "That is H(q, p): swapped, and the whole cost."),
        (lambda h, p, q: _entropy(h, p), "That is H(p), the entropy: q is not in it."),
        (
            lambda h, p, q: _cross_entropy(h, p, q) - _entropy(h, q),
            "You took away H(q). The excess is over H(p), the best that can be done for p.",
        ),
        (
            lambda h, p, q: _cross_entropy(h, p, q) + _entropy(h, p),
            "You added H(p), where the excess over it is asked for.",
        ),
        (
            lambda h, p, q: math.fsum(h(b) - h(a) for a, b in zip(p, q, strict=True)),
            "The weights are missing: each log ratio counts as often as p brings it.",
        ),
        (
            lambda h, p, q: _kl(h, p, q) / len(p),
            "You divided by the number of outcomes. The weights p already make it an average: "
            "take the sum, not the mean.",
        ),
        (
            lambda h, p, q: math.fsum(a * abs(h(b) - h(a)) for a, b in zip(p, q, strict=True)),
            "You took the absolute value of each term. Single terms may be negative; their sum "
            "never is.",
        ),
        (
            lambda h, p, q: weighted(p, [a / b for a, b in zip(p, q, strict=True)]),
            "The logarithm of the ratio is missing.",
        ),
        (
            lambda h, p, q: _kl(h, p, q) + _kl(h, q, p),
            "You added both directions. D(p ‖ q) is one of them.",
        ),
        (
            lambda h, p, q: (_kl(h, p, q) + _kl(h, q, p)) / 2,
            "You took the mean of both directions. D(p ‖ q) is one of them.",
        ),
        (_js, "That is the Jensen–Shannon divergence."),
    ]
    return measure(function, _kl, PAIRS, mistakes, base)


def js_divergence(function: Any, base: float = 2) -> Result:
    """Check a function of p and q that gives their Jensen–Shannon divergence.

    Examples
    --------
    >>> js_divergence(...)
    … Not written yet: replace the ... and run the cell again.
    """
    cases = [
        Case((P, Q)),
        *(Case(pair) for pair in random_pairs()),
        Case((P, P), "p and q are the same"),
        Case(([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]), "p has a 0", ZERO_ADDS_NOTHING),
        Case(([0.25, 0.25, 0.5], [0.5, 0.5, 0.0]), "q has a 0", ZERO_ADDS_NOTHING),
        Case(([1.0, 0.0], [0.0, 1.0]), "nothing in common", "Two cannot differ more: by 1 bit."),
    ]
    mistakes: Table = [
        (
            lambda h, p, q: 2 * _js(h, p, q),
            "You added the two divergences from the mixture; their mean is asked for: the ½ is "
            "missing.",
        ),
        (
            lambda h, p, q: _js(h, p, q) / 2,
            "It is half of what it should be: is a ½ in it twice?",
        ),
        (lambda h, p, q: _kl(h, p, _mixture(p, q)), "Only p is compared with the mixture, not q."),
        (lambda h, p, q: _kl(h, q, _mixture(p, q)), "Only q is compared with the mixture, not p."),
        (
            lambda h, p, q: _kl(h, p, _mixture(p, q)) / 2,
            "Only p is compared with the mixture: the half for q is missing.",
        ),
        (
            lambda h, p, q: (_kl(h, _mixture(p, q), p) + _kl(h, _mixture(p, q), q)) / 2,
            "The mixture stands on the wrong side: p and q come first, m second.",
        ),
        (
            lambda h, p, q: (_kl(h, p, q) + _kl(h, q, p)) / 2,
            "You compared p and q with each other; each has to be compared with their mixture.",
        ),
        (
            lambda h, p, q: _kl(h, p, q) + _kl(h, q, p),
            "You compared p and q with each other; each has to be compared with their mixture.",
        ),
        (_kl, "That is D(p ‖ q): there is no mixture in it."),
        (
            lambda h, p, q: _js(h, p, q) - h(0.5),
            "The mixture is not halved: p + q sums to 2, not to 1.",
        ),
        (
            lambda h, p, q: 2 * (_js(h, p, q) - h(0.5)),
            "Two things. The mixture is not halved: p + q sums to 2, not to 1. And the ½ of the "
            "mean is missing.",
        ),
        (
            lambda h, p, q: math.sqrt(_js(h, p, q)),
            "That is the square root, the Jensen–Shannon *distance*.",
        ),
        (
            lambda h, p, q: _entropy(h, _mixture(p, q)),
            "That is the entropy of the mixture; the mean of the two entropies is still to be "
            "taken away.",
        ),
        (
            lambda h, p, q: _entropy(h, _mixture(p, q)) - _entropy(h, p) - _entropy(h, q),
            "You took away the sum of the two entropies, not their mean.",
        ),
        (
            lambda h, p, q: -_js(h, p, q),
            "The sign is turned round: is a ratio upside down, or a minus too many?",
        ),
    ]
    return measure(function, _js, cases, mistakes, base)


def _marginals(joint: list[list[float]]) -> tuple[list[float], list[float]]:
    columns = zip(*joint, strict=True)
    return [*map(math.fsum, joint)], [*map(math.fsum, columns)]


def _flat(joint: list[list[float]]) -> list[float]:
    return [cell for row in joint for cell in row]


def _independent(joint: list[list[float]]) -> list[float]:
    """The table its marginals would give if they were independent, row after row."""
    return [a * b for a, b in product(*_marginals(joint))]


def _mutual_information(h: Surprise, joint: list[list[float]]) -> float:
    return _kl(h, _flat(joint), _independent(joint))


def mutual_information(function: Any, base: float = 2) -> Result:
    """Check a function of a joint table that gives the mutual information.

    Examples
    --------
    >>> mutual_information(...)
    … Not written yet: replace the ... and run the cell again.
    """

    def marginal_entropies(h: Surprise, joint: list[list[float]]) -> tuple[float, float]:
        rows, columns = _marginals(joint)
        return _entropy(h, rows), _entropy(h, columns)

    rng = np.random.default_rng(1949)
    shapes = [(2, 2), (2, 3), (3, 2), (3, 3), (2, 4), (4, 3)]
    tables = [np.reshape(random_distribution(rng, r * c), (r, c)).tolist() for r, c in shapes]
    cases = [
        *(Case((table,)) for table in tables),
        Case(([[0.06, 0.14], [0.24, 0.56]],), "independent", "One tells nothing of the other."),
        Case(([[0.5, 0.25], [0.0, 0.25]],), "one cell is 0", ZERO_ADDS_NOTHING),
        Case(([[0.5, 0.0], [0.0, 0.5]],), "one tells the other", ZERO_ADDS_NOTHING),
        Case(([[0.5, 0.5], [0.0, 0.0]],), "a row never comes", ZERO_ADDS_NOTHING),
    ]
    mistakes: Table = [
        (
            lambda h, joint: -_mutual_information(h, joint),
            "The sign is turned round: is the ratio upside down, or a minus too many?",
        ),
        (
            lambda h, joint: _entropy(h, _flat(joint)),
            "That is the joint entropy H(X, Y): what the marginals explain is missing.",
        ),
        (
            lambda h, joint: -_entropy(h, _flat(joint)),
            "You took the log of the joint table alone; it has to be compared with the product of "
            "its marginals.",
        ),
        (
            lambda h, joint: marginal_entropies(h, joint)[0],
            "That is the entropy of the rows alone.",
        ),
        (
            lambda h, joint: marginal_entropies(h, joint)[1],
            "That is the entropy of the columns alone.",
        ),
        (
            lambda h, joint: sum(marginal_entropies(h, joint)),
            "That is H(X) + H(Y): the joint entropy is still to be taken away.",
        ),
        (
            lambda h, joint: _entropy(h, _flat(joint)) - marginal_entropies(h, joint)[0],
            "That is a conditional entropy, H(columns | rows): what is left to learn, not what was "
            "learnt.",
        ),
        (
            lambda h, joint: _entropy(h, _flat(joint)) - marginal_entropies(h, joint)[1],
            "That is a conditional entropy, H(rows | columns): what is left to learn, not what was "
            "learnt.",
        ),
        (
            lambda h, joint: _kl(h, _independent(joint), _flat(joint)),
            "The two tables are swapped: the joint table weights, not the product of the "
            "marginals.",
        ),
        (
            lambda h, joint: -_kl(h, _independent(joint), _flat(joint)),
            "You weighted by the product of the marginals. What comes is drawn from the joint "
            "table.",
        ),
        (
            lambda h, joint: math.fsum(
                h(b) - h(a) for a, b in zip(_flat(joint), _independent(joint), strict=True)
            ),
            "The weights are missing: each log ratio counts as often as its cell comes.",
        ),
        (
            lambda h, joint: _mutual_information(h, joint) / len(_flat(joint)),
            "You divided by the number of cells: take the sum, not the mean.",
        ),
    ]
    return measure(function, _mutual_information, cases, mistakes, base)


def one_hot_cross_entropy(function: Any, base: float = 2) -> Result:
    """Check a function of a prediction q and a label that gives the cross-entropy.

    Examples
    --------
    >>> one_hot_cross_entropy(lambda q, label: 1 - q[label])
    ✗ Not yet. You took 1 − q for the surprise; it is a logarithm.
    """

    def truth(h: Surprise, q: list[float], label: int) -> float:
        return h(q[label])

    rng = np.random.default_rng(1950)
    cases = [
        *(Case((q, int(rng.integers(len(q))))) for q in [Q, *random_distributions()]),
        Case(([0.0, 0.25, 0.75], 1), "another class has 0", ZERO_ADDS_NOTHING),
        Case(([0.0, 1.0, 0.0], 1), "sure and right", "Nothing is surprising then."),
        Case(([0.0, 0.25, 0.75], 0), "sure and wrong", NEVER_EXPECTED),
    ]
    mistakes: Table = [
        (
            lambda h, q, label: q[label],
            "That is the probability of the true class; its log is missing.",
        ),
        (lambda h, q, label: 1 - q[label], "You took 1 − q for the surprise; it is a logarithm."),
        (
            lambda h, q, label: h(1 - q[label]),
            "You took the log of 1 − q, of all the wrong classes.",
        ),
        (
            lambda h, q, label: h(q[label - 1]),
            "Labels count from 0: yours looks one place too early.",
        ),
        (
            lambda h, q, label: h(q[(label + 1) % len(q)]),
            "Labels count from 0: yours looks one place too far.",
        ),
        (lambda h, q, label: h(max(q)), "You looked at the likeliest class, not at the true one."),
        (lambda h, q, label: _entropy(h, q), "That is the entropy of q: the label is not in it."),
        (
            lambda h, q, label: math.fsum(map(h, q)),
            "You added up all classes; only the true one counts.",
        ),
        (
            lambda h, q, label: q[label] * h(q[label]),
            "You weighted by q. The label says what came, so the weight of the true class is 1.",
        ),
        (
            lambda h, q, label: h(q[label]) / len(q),
            "You divided by the number of classes: take the sum, not the mean.",
        ),
        (
            lambda h, q, label: (
                h(q[label]) + math.fsum(h(1 - b) for i, b in enumerate(q) if i != label)
            ),
            "You also counted the wrong classes by their 1 − q, as one binary loss for each class.",
        ),
    ]
    return measure(function, truth, cases, mistakes, base)


def perplexity(function: Any) -> Result:
    """Check a function of a distribution that gives its perplexity.

    Examples
    --------
    >>> perplexity(len)
    ✗ Not yet. That is the number of outcomes: right only if all are equally likely.
    """
    bits, nats = surprise_in(2), surprise_in(math.e)
    mistakes: Table = [
        (partial(_entropy, bits), "That is the entropy in bits; it belongs in the exponent."),
        (partial(_entropy, nats), "That is the entropy in nats; it belongs in the exponent."),
        (
            lambda p: math.exp(_entropy(bits, p)),
            "The bases differ: entropy in bits goes with powers of 2, in nats with powers of e.",
        ),
        (
            lambda p: 2 ** _entropy(nats, p),
            "The bases differ: entropy in bits goes with powers of 2, in nats with powers of e.",
        ),
        (lambda p: 2 ** -_entropy(bits, p), "That is 1 over the perplexity: a minus too many."),
        (len, "That is the number of outcomes: right only if all are equally likely."),
        (
            lambda p: 1 / math.fsum(a * a for a in p),
            "1/Σp² is another effective number of outcomes; this one is a power of the entropy.",
        ),
        (
            lambda p: _entropy(bits, p) ** 2,
            "Entropy is the exponent, not the base: 2 to the H, not H².",
        ),
    ]
    return check(function, lambda p: 2 ** _entropy(bits, p), DISTRIBUTIONS, mistakes)


# --- Codes ---------------------------------------------------------------------------------------


def _random_lengths() -> list[list[int]]:
    rng = np.random.default_rng(1952)
    return [[int(length) for length in rng.integers(1, 7, size)] for size in SIZES]


def expected_length(function: Any) -> Result:
    """Check a function of p and the lengths of the words that gives the mean length.

    Examples
    --------
    >>> expected_length(lambda p, lengths: sum(lengths) / len(lengths))
    ✗ Not yet. That is the plain mean of the lengths: each counts as often as its word comes.
    """
    pairs = zip(random_distributions(), _random_lengths(), strict=True)
    cases = [
        Case(([0.5, 0.25, 0.25], [1, 3, 2])),
        *map(Case, pairs),
        Case(([0.5, 0.5, 0.0], [1, 2, 2]), "one word never comes", "It adds nothing."),
        Case(([1.0], [1]), "there is only one word"),
    ]
    bits = surprise_in(2)
    mistakes: Table = [
        (
            lambda p, lengths: math.fsum(lengths) / len(p),
            "That is the plain mean of the lengths: each counts as often as its word comes.",
        ),
        (
            lambda p, lengths: math.fsum(lengths),
            "You added up the lengths unweighted: each counts as often as its word comes.",
        ),
        (
            lambda p, lengths: weighted(p, lengths) / len(p),
            "You divided by the number of words. The weights p already make it an average.",
        ),
        (
            lambda p, lengths: _entropy(bits, p),
            "That is the entropy of p, the least a code can reach: the lengths are not in it.",
        ),
        (lambda p, lengths: max(lengths), "That is the longest word."),
        (
            lambda p, lengths: weighted(p, [2.0**-n for n in lengths]),
            "You weighted 2 to the −length.",
        ),
    ]
    return check(function, _weighted_lengths, cases, mistakes)


def _weighted_lengths(p: list[float], lengths: list[int]) -> float:
    return weighted(p, lengths)


def kraft_sum(function: Any) -> Result:
    """Check a function of the lengths of the words that gives their Kraft sum.

    Examples
    --------
    >>> kraft_sum(lambda lengths: sum(2.0**n for n in lengths))
    ✗ Not yet. The sign of the exponent is missing: a longer word takes up less room, not more.
    """
    cases = [
        Case(([1, 2, 3, 3],)),
        *(Case((lengths,)) for lengths in _random_lengths()),
        Case(([1, 1],), "the room is used up", "Two words of one bit each take all of it."),
        Case(([1, 1, 1],), "no such code exists", "The sum says so by being larger than 1."),
        Case(
            ([0],), "one word of no length", "A lone symbol needs no bits, and takes all the room."
        ),
        Case(([40, 50],), "long words", "The sum is small, but not 0."),
    ]
    mistakes: Table = [
        (
            lambda lengths: math.fsum(2.0**n for n in lengths),
            "The sign of the exponent is missing: a longer word takes up less room, not more.",
        ),
        (lambda lengths: math.fsum(lengths), "That is the sum of the lengths themselves."),
        (
            lambda lengths: math.fsum(math.exp(-n) for n in lengths),
            "You took powers of e; words of bits branch in two.",
        ),
        (
            lambda lengths: math.fsum(1 / n for n in lengths if n),
            "You added up 1 / length; a word takes up a *power* of one half.",
        ),
        (
            lambda lengths: math.fsum(n**-2.0 for n in lengths if n),
            "Base and exponent are swapped: the length is the exponent.",
        ),
        (
            lambda lengths: math.fsum(2.0**-n for n in lengths) / len(lengths),
            "You divided by the number of words: take the sum, not the mean.",
        ),
        (
            lambda lengths: 2.0 ** -math.fsum(lengths),
            "You multiplied the shares; add them up.",
        ),
        (
            lambda lengths: math.fsum(2.0**-n for n in lengths) <= 1,
            "You already compare with 1; the sum itself is asked for.",
        ),
    ]
    return check(function, lambda lengths: math.fsum(2.0**-n for n in lengths), cases, mistakes)


def prefix_free(function: Any) -> Result:
    """Check a function of a list of words that tells whether none begins another.

    Examples
    --------
    >>> prefix_free(lambda words: len(set(words)) == len(words))
    ✗ Not yet. You looked for equal words; a word must not *begin* another either.
    """

    def free(words: list[str]) -> bool:
        return not any(b.startswith(a) for a, b in permutations(words, 2))

    cases = [
        *(
            Case((words.split(),))
            for words in (
                "0 10 11",
                "0 01 11",
                "01 11 0",
                "1 00 10",
                "10 110 0 111",
                "10 0 1110 11",
                "00 11 110 01",
                "00 01 10 11",
                "101 0 11 100",
                "0 10 010 11",
                "1 01 001",
                "100 00 10 01",
                "1 10",
                "01 1",
                "110 11",
                "00 1 01 000",
                "0 11 0 10",
            )
        ),
        Case((["0"],), "one word alone", "There is no other word that it could begin."),
    ]
    neighbours = "You compared each word only with the next one in the list."
    mistakes: Table = [
        (lambda words: not free(words), "`True` and `False` are turned round."),
        (
            lambda words: len(set(words)) == len(words),
            "You looked for equal words; a word must not *begin* another either.",
        ),
        (
            lambda words: free(list(set(words))),
            "All is right, but for two symbols with the same word: that word begins the other.",
        ),
        (
            lambda words: not any(b.endswith(a) for a, b in permutations(words, 2)),
            "You looked whether a word *ends* another; the beginning counts.",
        ),
        (
            lambda words: not any(a in b for a, b in permutations(words, 2)),
            "You looked for a word anywhere inside another; only the beginning counts.",
        ),
        (lambda words: not any(b.startswith(a) for a, b in pairwise(words)), neighbours),
        (
            lambda words: not any(b.startswith(a) or a.startswith(b) for a, b in pairwise(words)),
            neighbours,
        ),
        (
            lambda words: not any(b.startswith(words[0]) for b in words[1:]),
            "Only the first word is compared with the others: does `return` stand in the loop?",
        ),
        (
            lambda words: (
                not any(words[j].startswith(words[i]) for j in range(len(words)) for i in range(j))
            ),
            "You looked only at later words; a word may also begin an earlier one.",
        ),
        (
            lambda words: (
                not any(words[i].startswith(words[j]) for j in range(len(words)) for i in range(j))
            ),
            "You looked only at earlier words; a word may also begin a later one.",
        ),
        (
            lambda words: len({word[0] for word in words}) == len(words),
            "You compared first letters only; words may share them and still differ later.",
        ),
        (
            lambda words: math.fsum(2.0 ** -len(word) for word in words) <= 1,
            "You tested Kraft's sum. It tells whether such lengths *can* be prefix-free, not "
            "whether these words are.",
        ),
        (
            lambda words: False,
            "It always says `False`: do you compare each word with itself, too?",
        ),
    ]
    return check(function, free, cases, mistakes)
