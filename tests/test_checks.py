"""Each mistake is told to whoever makes it, and whoever is right is told so, in any style."""

import math
import statistics
import warnings
from fractions import Fraction
from functools import partial, reduce
from itertools import pairwise

import numpy as np
import pytest

import xent_lib
from xent_lib import checks
from xent_lib.checks import Case, check, number

NATS = math.e


# --- Who is right --------------------------------------------------------------------------------


def loop_entropy(p):
    total = 0
    for prob in p:
        if prob > 0:
            total -= prob * math.log2(prob)
    return total


def loop_kl(p, q):
    total = 0
    for a, b in zip(p, q, strict=True):
        if a > 0 and b == 0:
            return math.inf
        if a > 0:
            total += a * math.log2(a / b)
    return total


def masked_kl(p, q):
    there = p > 0
    return np.sum(p[there] * np.log2(p[there] / q[there]))


def where_entropy(p):
    return -np.sum(np.where(p > 0, p * np.log2(p), 0))


def masked_cross_entropy(p, q):
    return -np.sum(p[p > 0] * np.log2(q[p > 0]))


def js_by_entropies(p, q):
    return where_entropy((p + q) / 2) - (where_entropy(p) + where_entropy(q)) / 2


def mi_by_entropies(joint):
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    return where_entropy(rows) + where_entropy(columns) - where_entropy(joint.ravel())


def mi_by_kl(joint):
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return masked_kl(joint.ravel(), product.ravel())


def mi_by_loops(joint):
    rows = [sum(row) for row in joint]
    columns = [sum(row[j] for row in joint) for j in range(len(joint[0]))]
    return sum(
        cell * math.log2(cell / (rows[i] * columns[j]))
        for i, row in enumerate(joint)
        for j, cell in enumerate(row)
        if cell > 0
    )


def prefix_free_sorted(words):
    words = sorted(words)
    return not any(b.startswith(a) for a, b in pairwise(words))


def prefix_free_loops(words):
    for i in range(len(words)):
        for j in range(len(words)):
            if i != j and words[j][: len(words[i])] == words[i]:
                return False
    return True


RIGHT = [
    (checks.surprisal, lambda prob: -np.log2(prob)),
    (checks.surprisal, lambda prob: np.log2(1 / np.float64(prob))),
    (checks.surprisal, lambda prob: math.inf if prob == 0 else -math.log2(prob)),
    (checks.surprisal, xent_lib.surprisal),
    (partial(checks.surprisal, base=NATS), lambda prob: -np.log(prob)),
    (checks.entropy, loop_entropy),
    (checks.entropy, where_entropy),
    (checks.entropy, lambda p: sum(-x * math.log2(x) for x in p if x)),
    (checks.entropy, xent_lib.entropy),
    (partial(checks.entropy, base=np.e), lambda p: -np.sum(p[p > 0] * np.log(p[p > 0]))),
    (checks.cross_entropy, masked_cross_entropy),
    (checks.cross_entropy, lambda p, q: where_entropy(p) + masked_kl(p, q)),
    (checks.cross_entropy, xent_lib.cross_entropy),
    (checks.kl_divergence, masked_kl),
    (checks.kl_divergence, loop_kl),
    (checks.kl_divergence, lambda p, q: masked_cross_entropy(p, q) - where_entropy(p)),
    (checks.kl_divergence, xent_lib.kl_divergence),
    (checks.js_divergence, js_by_entropies),
    (checks.js_divergence, lambda p, q: (loop_kl(p, (p + q) / 2) + loop_kl(q, (p + q) / 2)) / 2),
    (checks.js_divergence, xent_lib.js_divergence),
    (checks.mutual_information, mi_by_entropies),
    (checks.mutual_information, mi_by_kl),
    (checks.mutual_information, mi_by_loops),
    (checks.mutual_information, xent_lib.mutual_information),
    (checks.one_hot_cross_entropy, lambda q, label: -np.log2(q[label])),
    (checks.perplexity, lambda p: 2 ** where_entropy(p)),
    (checks.perplexity, lambda p: np.exp(-np.sum(p[p > 0] * np.log(p[p > 0])))),
    (checks.perplexity, lambda p: np.prod(p**-p)),
    (checks.perplexity, xent_lib.perplexity),
    (checks.expected_length, lambda p, lengths: p @ lengths),
    (checks.expected_length, lambda p, lengths: sum(map(lambda a, n: a * n, p, lengths))),
    (checks.expected_length, lambda p, lengths: np.average(lengths, weights=p)),
    (checks.kraft_sum, lambda lengths: (2.0**-lengths).sum()),
    (checks.kraft_sum, lambda lengths: sum(2**-n for n in lengths)),  # takes lists, not arrays
    (checks.kraft_sum, lambda lengths: sum(1 / 2**n for n in lengths)),
    (checks.kraft_sum, lambda lengths: sum(Fraction(1, 2**n) for n in lengths)),
    (checks.prefix_free, prefix_free_sorted),
    (checks.prefix_free, prefix_free_loops),
    (checks.mean, np.mean),
    (checks.mean, statistics.mean),
    (checks.mean, lambda values: sum(values) / len(values)),
    (checks.expectation, lambda values, probs: np.sum(values * probs)),
    (checks.expectation, np.dot),
    (checks.normalize, lambda weights: weights / weights.sum()),
    (checks.normalize, lambda weights: [w / sum(weights) for w in weights]),
    (checks.normalize, lambda weights: tuple(w / sum(weights) for w in weights)),
    (checks.joint_probability, math.prod),
    (checks.joint_probability, np.prod),
    (checks.joint_probability, lambda probs: reduce(lambda a, b: a * b, probs)),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes_in_every_style(exercise, function):
    result = exercise(function)
    assert result.passed, result
    assert result.written
    assert str(result).startswith("✓ Right: tried on ")


# --- Each mistake is told ------------------------------------------------------------------------

log, log2, log10 = np.log, np.log2, np.log10


def js_with(m, p, q):
    return (masked_kl(p, m) + masked_kl(q, m)) / 2


def returns_in_the_loop(p):
    total = 0
    for prob in p:
        total += -prob * math.log2(prob)
        return total


def forgets_to_add_up(p):
    for prob in p:
        total = -prob * math.log2(prob)
    return total


def independent(joint):
    return np.outer(joint.sum(axis=1), joint.sum(axis=0))


BITS_TOLD = "You used the natural log, which gives nats; this asks for bits."
NATS_TOLD = "You used log2, which gives bits; this asks for nats."
MINUS_TOLD = "The minus is missing"
ADDS_NOTHING = "What never comes adds nothing to an average: 0·log 0 counts as 0."

TOLD = {
    checks.surprisal: [
        (lambda prob: -log(prob), BITS_TOLD),
        (lambda prob: -log10(prob), "You used log10; this asks for bits."),
        (lambda prob: log2(prob), MINUS_TOLD),
        (lambda prob: log(prob), "Two things. The minus is missing"),
        (lambda prob: 1 / np.float64(prob), "1/p: the logarithm is still to be taken"),
        (lambda prob: 1 - prob, "there is no logarithm in it"),
        (lambda prob: -log2(1 - prob), "surprise of the event *not* coming"),
        (lambda prob: -log(1 - prob), "*not* coming. You used the natural log"),
        (lambda prob: -prob * log2(prob), "You multiplied by p."),
        (lambda prob: 2**-prob, "You took a power where a logarithm is asked for"),
        (lambda prob: round(-log2(prob), 3), "The answers are rounded"),
        (lambda prob: -math.log2(prob), "does not take 0. `inf` is right. What cannot come"),
        (lambda prob: -log2(max(prob, 1e-12)), "a small number, that hides the infinity"),
    ],
    partial(checks.surprisal, base=NATS): [
        (lambda prob: -log2(prob), NATS_TOLD),
        (lambda prob: -log10(prob), "You used log10; this asks for nats."),
    ],
    checks.entropy: [
        (lambda p: -np.sum(p * log(p)), BITS_TOLD),
        (lambda p: np.sum(p * log2(p)), MINUS_TOLD),
        (lambda p: -np.sum(log2(p)), "added up the surprises unweighted"),
        (lambda p: -np.sum(log(p)), "unweighted: each has to count as often as it comes. You used"),
        (lambda p: -np.mean(log2(p)), "plain mean of the surprises"),
        (lambda p: -np.mean(p * log2(p)), "take the sum, not the mean"),
        (lambda p: np.sum(p), "The logarithm is missing"),
        (lambda p: np.sum(p * p), "You multiplied p by p"),
        (lambda p: 1 - np.sum(p * p), "takes 1 − p for the surprise"),
        (lambda p: 2 ** -np.sum(p * log2(p)), "That is the perplexity"),
        (lambda p: log2(len(p)), "log of the number of outcomes"),
        (lambda p: -log2(p.max()), "likeliest outcome alone"),
        (lambda p: -np.sum(p * log2(1 - p)), "You took the log of 1 − p"),
        (returns_in_the_loop, "does `return` stand in the loop?"),
        (forgets_to_add_up, "are the terms added up?"),
        (lambda p: -sum(x * log2(x) for x in p[:2]), "Only the first two outcomes"),
        (lambda p: -np.sum(p * log2(p)), f"it gave `nan`, and `1` is right. {ADDS_NOTHING}"),
        (lambda p: -p @ log2(p), ADDS_NOTHING),
        (lambda p: -sum(x * math.log2(x) for x in p), f"not take 0. `1` is right. {ADDS_NOTHING}"),
        (lambda p: sum(x * math.log2(1 / x) for x in p.tolist()), "It divided by zero. `1` is"),
        (lambda p: -np.sum(p * log2(p + 1e-4)), "Nearly: with `p = [0.1, 0.4, 0.5]` it gave"),
        (lambda p: 1.3609640474436813, "It gives `1.36096` whatever it is given. With `p = ["),
        (lambda p: loop_entropy(p) if len(p) == 3 else 7, "Right for the first input tried, but"),
        (lambda p: 1.5 * loop_entropy(p), "yet. With `p = [0.1, 0.4, 0.5]` it gave `2.04145`, and"),
        (lambda p: -p * log2(p), "where one number is asked for: is a sum or an index missing?"),
        (lambda p: f"{loop_entropy(p)} bits", "which is a text: return the value itself"),
        (lambda p: (-x * log2(x) for x in p), "it returned `a generator`, which is no number"),
        (lambda p: loop_entropy(p) > 0, "it returned `True`, which is no number"),
    ],
    partial(checks.entropy, base=NATS): [(loop_entropy, NATS_TOLD)],
    checks.cross_entropy: [
        (lambda p, q: -np.sum(q * log2(p)), "p and q are swapped: that is H(q, p)"),
        (
            lambda p, q: -np.sum(q * log(p)),
            "p and q are swapped: that is H(q, p). You used the nat",
        ),
        (lambda p, q: np.sum(q * log2(p)), "H(q, p). The minus is missing"),
        (lambda p, q: -np.sum(p * log(q)), BITS_TOLD),
        (lambda p, q: np.sum(p * log2(q)), MINUS_TOLD),
        (lambda p, q: where_entropy(p), "That is H(p), the entropy"),
        (lambda p, q: where_entropy(q), "That is H(q), the entropy of q"),
        (masked_kl, "That is D(p ‖ q), only the excess"),
        (lambda p, q: masked_kl(q, p), "That is D(q ‖ p): an excess only"),
        (lambda p, q: -np.sum(log2(q)), "The weights are missing"),
        (lambda p, q: -np.mean(log2(q)), "That is the plain mean of the surprises"),
        (lambda p, q: -np.mean(p * log2(q)), "take the sum, not the mean"),
        (lambda p, q: np.sum(p * q), "The logarithm is missing"),
        (lambda p, q: np.sum(p * (1 - q)), "You took 1 − q for the surprise"),
        (lambda p, q: where_entropy(p) + where_entropy(q), "That is H(p) + H(q)"),
        (lambda p, q: 2 * where_entropy(p) + masked_kl(p, q), "H(p) is in it twice"),
        (lambda p, q: -p[0] * log2(q[0]), "does `return` stand in the loop?"),
        (lambda p, q: -p[-1] * log2(q[-1]), "are the terms added up?"),
        (lambda p, q: -np.sum(p * log2(q)), "(p and q have a 0 at one place) it gave `nan`, and"),
        (
            lambda p, q: -sum(a * math.log2(b) for a, b in zip(p, q, strict=True) if b > 0),
            "q calls impossible: that is infinitely surprising, and so is the average. If you clip",
        ),
        (lambda p, q: masked_cross_entropy(p, np.clip(q, 1e-15, 1)), "that hides the infinity"),
        (lambda p, q: masked_cross_entropy(p, q + 1e-12), "that hides the infinity"),
        (
            lambda p, q: -sum(a * math.log2(b) for a, b in zip(p, q, strict=True) if a > 0),
            "does not take 0. `inf` is right. Something comes that q calls impossible",
        ),
        (
            lambda p, q: 997 if q.min() < 1e-200 and q.min() > 0 else masked_cross_entropy(p, q),
            "A very small probability is not 0",
        ),
    ],
    partial(checks.cross_entropy, base=NATS): [
        (masked_cross_entropy, NATS_TOLD),
        (lambda p, q: np.sum(p * log2(q)), "Two things. The minus is missing"),
    ],
    checks.kl_divergence: [
        (lambda p, q: np.sum(p * log2(q / p)), "is the ratio upside down, or a minus too many?"),
        (lambda p, q: -np.sum(p * log2(p / q)), "is the ratio upside down, or a minus too many?"),
        (lambda p, q: np.sum(q * log2(q / p)), "p and q are swapped: that is D(q ‖ p)"),
        (lambda p, q: np.sum(q * log2(p / q)), "You weighted by q"),
        (lambda p, q: -np.sum(p * log2(q)), "That is H(p, q), the whole cost"),
        (lambda p, q: -np.sum(q * log2(p)), "That is H(q, p): swapped"),
        (lambda p, q: where_entropy(p), "That is H(p), the entropy"),
        (lambda p, q: -np.sum(p * log2(q)) - where_entropy(q), "You took away H(q)"),
        (lambda p, q: -np.sum(p * log2(q)) + where_entropy(p), "You added H(p)"),
        (lambda p, q: np.sum(log2(p / q)), "The weights are missing: each log ratio"),
        (lambda p, q: np.mean(p * log2(p / q)), "take the sum, not the mean"),
        (lambda p, q: np.sum(p * abs(log2(p / q))), "You took the absolute value"),
        (lambda p, q: np.sum(p * p / q), "The logarithm of the ratio is missing"),
        (lambda p, q: masked_kl(p, q) + masked_kl(q, p), "You added both directions"),
        (lambda p, q: (masked_kl(p, q) + masked_kl(q, p)) / 2, "the mean of both directions"),
        (js_by_entropies, "That is the Jensen–Shannon divergence"),
        (lambda p, q: np.sum(p * log(p / q)), BITS_TOLD),
        (lambda p, q: np.sum(p * log2(p / q)), "(p is one-hot) it gave `nan`, and `0.415037` is"),
        (lambda p, q: np.sum(p * log2(p / q)), ADDS_NOTHING),
        (lambda p, q: masked_kl(p, np.maximum(q, 1e-12)), "that hides the infinity"),
    ],
    partial(checks.kl_divergence, base=NATS): [
        (masked_kl, NATS_TOLD),
        (lambda p, q: masked_kl(q, p), "Two things. p and q are swapped: that is D(q ‖ p). You"),
    ],
    checks.js_divergence: [
        (lambda p, q: 2 * js_by_entropies(p, q), "the ½ is missing"),
        (lambda p, q: js_by_entropies(p, q) / 2, "is a ½ in it twice?"),
        (lambda p, q: masked_kl(p, (p + q) / 2), "Only p is compared with the mixture, not q"),
        (lambda p, q: masked_kl(q, (p + q) / 2), "Only q is compared with the mixture, not p"),
        (lambda p, q: masked_kl(p, (p + q) / 2) / 2, "the half for q is missing"),
        (
            lambda p, q: (masked_kl((p + q) / 2, p) + masked_kl((p + q) / 2, q)) / 2,
            "The mixture stands on the wrong side",
        ),
        (lambda p, q: (masked_kl(p, q) + masked_kl(q, p)) / 2, "compared p and q with each other"),
        (lambda p, q: masked_kl(p, q) + masked_kl(q, p), "compared p and q with each other"),
        (masked_kl, "That is D(p ‖ q): there is no mixture in it"),
        (lambda p, q: js_with(p + q, p, q), "yet. The mixture is not halved"),
        (lambda p, q: 2 * js_with(p + q, p, q), "yet. Two things. The mixture is not halved"),
        (lambda p, q: np.sqrt(js_by_entropies(p, q)), "Jensen–Shannon *distance*"),
        (lambda p, q: where_entropy((p + q) / 2), "the mean of the two entropies is still to be"),
        (
            lambda p, q: where_entropy((p + q) / 2) - where_entropy(p) - where_entropy(q),
            "the sum of the two entropies, not their mean",
        ),
        (lambda p, q: -js_by_entropies(p, q), "The sign is turned round"),
        (lambda p, q: js_by_entropies(p, q) * np.log(2), BITS_TOLD),
        (
            lambda p, q: np.sum(p * log2(2 * p / (p + q)) + q * log2(2 * q / (p + q))) / 2,
            f"(p has a 0) it gave `nan`, and `0.311278` is right. {ADDS_NOTHING}",
        ),
        (
            lambda p, q: 0.5 if p @ q == 0 else js_by_entropies(p, q),
            "(nothing in common) it gave `0.5`, and `1` is right. Two cannot differ more",
        ),
    ],
    checks.mutual_information: [
        (lambda joint: -mi_by_kl(joint), "The sign is turned round"),
        (lambda joint: where_entropy(joint), "That is the joint entropy H(X, Y)"),
        (lambda joint: np.sum(joint * log2(joint)), "You took the log of the joint table alone"),
        (lambda joint: where_entropy(joint.sum(axis=1)), "entropy of the rows alone"),
        (lambda joint: where_entropy(joint.sum(axis=0)), "entropy of the columns alone"),
        (
            lambda joint: where_entropy(joint.sum(axis=0)) + where_entropy(joint.sum(axis=1)),
            "That is H(X) + H(Y)",
        ),
        (
            lambda joint: where_entropy(joint) - where_entropy(joint.sum(axis=1)),
            "That is a conditional entropy, H(columns | rows)",
        ),
        (
            lambda joint: where_entropy(joint) - where_entropy(joint.sum(axis=0)),
            "That is a conditional entropy, H(rows | columns)",
        ),
        (
            lambda joint: np.sum(independent(joint) * log2(independent(joint) / joint)),
            "The two tables are swapped",
        ),
        (
            lambda joint: np.sum(independent(joint) * log2(joint / independent(joint))),
            "You weighted by the product of the marginals",
        ),
        (lambda joint: np.sum(log2(joint / independent(joint))), "The weights are missing"),
        (lambda joint: np.mean(joint * log2(joint / independent(joint))), "not the mean"),
        (lambda joint: np.sum(joint * log(joint / independent(joint))), BITS_TOLD),
        (
            lambda joint: np.sum(joint * log2(joint / independent(joint))),
            f"(one cell is 0) it gave `nan`, and `0.311278` is right. {ADDS_NOTHING}",
        ),
    ],
    checks.one_hot_cross_entropy: [
        (lambda q, label: q[label], "its log is missing"),
        (lambda q, label: 1 - q[label], "You took 1 − q for the surprise"),
        (lambda q, label: -log2(1 - q[label]), "You took the log of 1 − q"),
        (lambda q, label: -log2(q[label - 1]), "yours looks one place too early"),
        (lambda q, label: -log2(np.roll(q, -1)[label]), "yours looks one place too far"),
        (lambda q, label: -log2(q[label + 1]), "not there; counting starts at 0"),
        (lambda q, label: -log2(max(q)), "the likeliest class, not at the true one"),
        (lambda q, label: where_entropy(q), "That is the entropy of q"),
        (lambda q, label: -np.sum(log2(q)), "You added up all classes"),
        (lambda q, label: -q[label] * log2(q[label]), "You weighted by q"),
        (lambda q, label: -log2(q[label]) / len(q), "You divided by the number of classes"),
        (
            lambda q, label: -log2(q[label]) - np.sum(log2(1 - np.delete(q, label))),
            "You also counted the wrong classes",
        ),
        (lambda q, label: log2(q[label]), MINUS_TOLD),
        (lambda q, label: -log(q[label]), BITS_TOLD),
        (lambda q, label: -np.sum(np.eye(len(q))[label] * log2(q)), ADDS_NOTHING),
        (lambda q, label: -log2(np.clip(q, 1e-7, 1)[label]), "that hides the infinity"),
    ],
    checks.perplexity: [
        (where_entropy, "That is the entropy in bits; it belongs in the exponent"),
        (lambda p: where_entropy(p) * log(2), "That is the entropy in nats"),
        (lambda p: np.exp(where_entropy(p)), "The bases differ"),
        (lambda p: 2 ** (where_entropy(p) * log(2)), "The bases differ"),
        (lambda p: 2 ** -where_entropy(p), "That is 1 over the perplexity"),
        (len, "That is the number of outcomes"),
        (lambda p: 1 / np.sum(p**2), "another effective number of outcomes"),
        (lambda p: where_entropy(p) ** 2, "2 to the H, not H²"),
    ],
    checks.expected_length: [
        (lambda p, lengths: np.mean(lengths), "plain mean of the lengths"),
        (lambda p, lengths: np.sum(lengths), "added up the lengths unweighted"),
        (lambda p, lengths: np.mean(p * lengths), "You divided by the number of words"),
        (lambda p, lengths: where_entropy(p), "That is the entropy of p"),
        (lambda p, lengths: max(lengths), "That is the longest word"),
        (lambda p, lengths: p @ 2.0**-lengths, "You weighted 2 to the −length"),
        (lambda p, lengths: p * lengths, "is a sum or an index missing?"),
    ],
    checks.kraft_sum: [
        (lambda lengths: np.sum(2.0**lengths), "The sign of the exponent is missing"),
        (sum, "That is the sum of the lengths themselves"),
        (lambda lengths: np.sum(np.exp(-lengths)), "You took powers of e"),
        (lambda lengths: np.sum(1 / lengths), "You added up 1 / length"),
        (lambda lengths: np.sum(lengths**-2.0), "Base and exponent are swapped"),
        (lambda lengths: np.mean(2.0**-lengths), "You divided by the number of words"),
        (lambda lengths: np.prod(2.0**-lengths), "You multiplied the shares"),
        (lambda lengths: np.sum(2.0**-lengths) <= 1, "You already compare with 1"),
        (lambda lengths: np.sum(2**-lengths), "NumPy wants `2.0`, not `2`, for negative powers"),
    ],
    checks.prefix_free: [
        (lambda words: not prefix_free_loops(words), "`True` and `False` are turned round"),
        (lambda words: len(set(words)) == len(words), "You looked for equal words"),
        (
            lambda words: prefix_free_loops([word[::-1] for word in words]),
            "You looked whether a word *ends* another",
        ),
        (
            lambda words: (
                not any(a in b for i, a in enumerate(words) for j, b in enumerate(words) if i != j)
            ),
            "You looked for a word anywhere inside another",
        ),
        (
            lambda words: not any(b.startswith(a) for a, b in pairwise(words)),
            "only with the next one",
        ),
        (
            lambda words: all(map(prefix_free_loops, pairwise(words))),
            "only with the next one",
        ),
        (
            lambda words: not any(word.startswith(words[0]) for word in words[1:]),
            "Only the first word is compared",
        ),
        (
            lambda words: (
                not any(b.startswith(a) for i, a in enumerate(words) for b in words[i + 1 :])
            ),
            "You looked only at later words",
        ),
        (
            lambda words: not any(b.startswith(a) for i, a in enumerate(words) for b in words[:i]),
            "You looked only at earlier words",
        ),
        (
            lambda words: len({word[0] for word in words}) == len(words),
            "You compared first letters only",
        ),
        (lambda words: sum(2.0 ** -len(word) for word in words) <= 1, "You tested Kraft's sum"),
        (
            lambda words: not any(b.startswith(a) for a in words for b in words),
            "do you compare each word with itself, too?",
        ),
        (lambda words: True, "It gives `True` whatever it is given"),
        (lambda words: 1, "where `True` or `False` is asked for"),
        (
            lambda words: not any(a != b and b.startswith(a) for a in words for b in words),
            "but for two symbols with the same word",
        ),
    ],
    checks.mean: [
        (sum, "still has to be divided by how many there are"),
        (lambda values: sum(values) / max(len(values) - 1, 1), "You divided by one too few"),
        (lambda values: sum(values) / (len(values) + 1), "You divided by one too many"),
        (lambda values: sum(values) // len(values), "`//` throws the fraction away"),
        (np.median, "That is the median"),
        (lambda values: (min(values) + max(values)) / 2, "midway between least and largest"),
        (max, "That is the largest value"),
        (len, "That is how many there are"),
        (lambda values: sum(values[1:]) / len(values), "The first value is left out"),
        (
            lambda values: sum(values[i] for i in range(len(values) - 1)) / len(values),
            "The last value is left out",
        ),
        (lambda values: values[0] / len(values), "does `return` stand in the loop?"),
        (lambda values: round(sum(values) / len(values), 1), "The answers are rounded"),
    ],
    checks.expectation: [
        (lambda values, probs: np.mean(values), "That is the plain mean"),
        (lambda values, probs: np.sum(values), "without their weights"),
        (lambda values, probs: np.mean(values * probs), "take the sum, not the mean"),
        (lambda values, probs: np.sum(probs), "The values are missing"),
        (lambda values, probs: values[np.argmax(probs)], "That is the likeliest value"),
        (lambda values, probs: np.sum(probs * values**2), "You squared the values"),
        (lambda values, probs: np.sum(values / probs), "You divided by the probabilities"),
        (lambda values, probs: values[0] * probs[0], "does `return` stand in the loop?"),
        (lambda values, probs: values * probs, "is a sum or an index missing?"),
    ],
    checks.normalize: [
        (lambda weights: weights, "These are the weights as they came"),
        (sum, "That is their sum: each weight is still to be divided by it"),
        (lambda weights: weights / weights.max(), "You divided by the largest weight"),
        (lambda weights: weights / len(weights), "You divided by how many there are"),
        (lambda weights: weights / np.linalg.norm(weights), "You made the *squares* sum to 1"),
        (lambda weights: np.exp(weights) / np.exp(weights).sum(), "That is the softmax"),
        (
            lambda weights: (weights - weights.min()) / (weights.max() - weights.min()),
            "You stretched them from 0 to 1",
        ),
        (lambda weights: 100 * weights / sum(weights), "These are percentages"),
        (lambda weights: sum(weights) / weights, "The ratio is upside down"),
        (lambda weights: weights / weights[-1], "You divided by the last weight"),
        (lambda weights: 1.0, "where one number for each of the inputs is asked for"),
        (
            lambda weights: weights[1:] / sum(weights),
            "which does not have as many values as are asked for",
        ),
        (lambda weights: 2 * weights / sum(weights), "it gave `[0.25, 0.5, 1.25]`, and"),
    ],
    checks.joint_probability: [
        (sum, "You added them up"),
        (np.mean, "That is the mean"),
        (lambda probs: 1 - np.prod(1 - probs), "*at least one* happens"),
        (lambda probs: np.prod(1 - probs), "*none* of them happens"),
        (lambda probs: 1 - np.prod(probs), "*not all* happen"),
        (min, "That is the least likely of them"),
        (max, "That is the likeliest of them"),
        (lambda probs: probs[0] * probs[1], "Only the first two are multiplied"),
        (lambda probs: probs[0], "does `return` stand in the loop?"),
        (lambda probs: np.sum(log2(probs)), "That is the log of the probability"),
    ],
}
EACH = [(exercise, *told) for exercise, table in TOLD.items() for told in table]


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    EACH,
    ids=[f"{getattr(each[0], '__name__', 'in nats')}: {each[2]}" for each in EACH],
)
def test_a_mistake_is_told(exercise, function, told):
    result = exercise(function)
    assert not result.passed
    assert result.written
    assert str(result).startswith("✗ Not yet. ")
    assert told in result.message


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    assert not never_heard(EACH)


# --- Exercises not yet written -------------------------------------------------------------------


def stub(p): ...


def documented(p):
    """What it will do."""


def returns_dots(p):
    return ...


def dots_inside(p):
    total = ...
    return -total.sum()


def dots_in_a_formula(p):
    return -np.sum(p * ...)


def not_implemented(p):
    raise NotImplementedError


@pytest.mark.parametrize(
    "function",
    [None, ..., stub, documented, returns_dots, dots_inside, dots_in_a_formula, not_implemented],
)
def test_a_stub_is_not_written_yet(function):
    result = checks.entropy(function)
    assert not result.passed
    assert not result.written
    assert str(result) == "… Not written yet: replace the ... and run the cell again."


# --- What goes wrong whatever the exercise -------------------------------------------------------


def forgets_to_return(p):
    total = -np.sum(p * np.log2(p))
    total + 1


def returns_in_one_branch(p):
    if len(p) < 5:
        return loop_entropy(p)


def prints_only(p):
    print(loop_entropy(p))


def misspelt(p):
    return summ(p)  # noqa: F821


def asks_an_array(p):
    if p > 0:
        return loop_entropy(p)


def calls_itself(p):
    return calls_itself(p)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (loop_entropy([0.5, 0.5]), "Give the check the function itself"),
        (masked_kl, "Your function takes `(p, q)`, but this exercise calls it with `(p)`."),
        (lambda: 1, "Your function takes `()`"),
        (forgets_to_return, "With `p = [0.1, 0.4, 0.5]` it returned nothing (`None`): is a `ret"),
        (returns_in_one_branch, "it returned nothing (`None`)"),
        (prints_only, "It prints the answer but does not hand it back: use `return`."),
        (misspelt, "it stopped: `NameError: name 'summ' is not defined`. Is that name spelt"),
        (lambda p: math.log2(p), "`math` takes one number at a time, not an array."),
        (asks_an_array, "An `if` asks one question, an array holds many."),
        (lambda p: p[len(p)], "It asks for an element that is not there; counting starts at 0."),
        (lambda p: 1 / 0, "`ZeroDivisionError: division by zero`. It divided by zero."),
        (lambda p: {}["p"], "With `p = [0.1, 0.4, 0.5]` it stopped: `KeyError: 'p'`."),
        (calls_itself, "It calls itself without end."),
        (lambda p: np.array([loop_entropy(p)]), "it returned `[1.36096]`, where one number"),
        (lambda p: (loop_entropy(p), 1), "it returned `[1.36096, 1]`, where one number"),
        (lambda p: {loop_entropy(p)}, "it returned `a set`, which is no number"),
    ],
)
def test_what_goes_wrong_is_told(function, told):
    assert told in checks.entropy(function).message


def test_a_function_that_does_not_tell_its_arguments_is_tried():
    assert "That is the largest value" in checks.mean(max).message


def overwrites(p):
    p[p == 0] = 1
    return -np.sum(p * np.log2(p))


def empties(words):
    answer = prefix_free_sorted(words)
    words.clear()
    return answer


@pytest.mark.parametrize(
    ("exercise", "function"), [(checks.entropy, overwrites), (checks.prefix_free, empties)]
)
def test_a_function_that_changes_what_it_was_given_is_told_so(exercise, function):
    result = exercise(function)
    assert not result.passed
    assert "changes what it was given" in result.message


def noisy(p):
    print("here")
    warnings.warn("there", stacklevel=1)
    return where_entropy(p)  # divides by zero on the way


def test_nothing_that_a_function_prints_or_warns_of_comes_through(capsys):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert checks.entropy(noisy).passed
    assert not caught
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("exercise", [checks.entropy, checks.kl_divergence])
def test_a_check_says_the_same_each_time_and_leaves_the_random_state_alone(exercise):
    def wrong(*distributions):
        return 1.01 * sum(map(loop_entropy, distributions))

    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    assert exercise(wrong).message == exercise(wrong).message
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_a_base_other_than_2_and_e_is_refused():
    with pytest.raises(ValueError, match=r"`base` must be 2 for bits or math\.e for nats, not 10"):
        checks.entropy(loop_entropy, base=10)


def test_a_check_can_be_made_for_a_new_exercise():
    cases = [Case((3.0,)), Case((5.0,)), Case((0.0,), "no side", "Then there is no area.")]
    square = partial(check, truth=lambda side: side * side, cases=cases)
    right = square(lambda side: side**2)
    assert right.message == "Right: tried on 2 ordinary and 1 special inputs."
    told = square(lambda side: side * side or math.nan).message
    assert told == (
        "Not yet. Right on ordinary inputs. But with `side = 0` (no side) it gave `nan`, and `0` "
        "is right. Then there is no area."
    )


def test_a_result_is_a_box_that_tells_its_state_in_words(monkeypatch):
    right, wrong, unwritten = checks.mean(np.mean), checks.mean(np.median), checks.mean(...)
    assert isinstance(right, checks.Result)
    assert right._repr_html_() == (
        '<div class="xent xent-check xent-right" role="status"><p>'
        '<span class="xent-mark" aria-hidden="true">✓</span> '
        f"{right.message}</p></div>"
    )
    assert 'class="xent xent-check xent-wrong"' in wrong._repr_html_()
    assert 'class="xent xent-check xent-open"' in unwritten._repr_html_()
    monkeypatch.setattr("xent_lib._html.live", lambda: True)
    assert right._repr_html_().endswith("</style>")


def test_what_a_learner_wrote_is_escaped_in_the_box():
    html = checks.mean(lambda values: "<b>")._repr_html_()
    assert "<code>&#x27;&lt;b&gt;&#x27;</code>" in html


ODD = [max, sorted, str, type, abs, reversed, math.gcd, np.add, np.outer, "text", 3, [], object]


@pytest.mark.parametrize("exercise", TOLD)
def test_no_answer_however_odd_makes_a_check_fail_itself(exercise):
    for function in [*ODD, *(function for _, function, _ in EACH[::7])]:
        assert str(exercise(function))[0] in "✓✗…"


# --- One number ----------------------------------------------------------------------------------

SURPRISE = math.log2(6)  # 2.585 bits, 1.792 nats


@pytest.mark.parametrize(
    "answer",
    [SURPRISE, 2.585, 2.58, np.float64(2.585), np.array(2.585), Fraction(2585, 1000)],
)
def test_a_right_number_passes(answer):
    assert number(answer, SURPRISE).passed


def test_a_right_number_is_repeated_with_its_unit():
    assert str(number(2.585, SURPRISE)) == "✓ Right: 2.585 bits."
    assert str(number(6, 6, "")) == "✓ Right: 6."
    assert number(0, 0.0).passed
    assert number(math.inf, math.inf).passed
    assert number(1e-4, 0.0).passed


@pytest.mark.parametrize("answer", [None, ...])
def test_no_number_is_not_written_yet(answer):
    assert not number(answer, SURPRISE).written


@pytest.mark.parametrize(
    ("answer", "options", "told"),
    [
        (1.792, {}, BITS_TOLD),
        (0.778, {}, "You used log10; this asks for bits."),
        (SURPRISE, {"truth": math.log(6), "unit": "nats"}, NATS_TOLD),
        (-2.585, {}, MINUS_TOLD),
        (-0.2, {"truth": 0.2, "unit": ""}, "The sign is turned round."),
        (258.5, {}, "That is in percent; give the number itself"),
        (0.125, {"truth": 12.5, "unit": "%"}, "That is the share of 1; this asks for percent."),
        (0.167, {"mistakes": {1 / 6: "That is the probability."}}, "That is the probability."),
        (2.6, {}, "Right as far as it goes; give 3 digits."),
        (3, {}, "Right as far as it goes; give 3 digits."),
        (2.57, {}, "Very close. Most likely something was rounded on the way"),
        (7, {"truth": 6, "unit": "words"}, "It is too large."),
        (5.99, {"truth": 6, "unit": "words"}, "It is too small."),
        (math.inf, {}, "It is too large."),
        (math.nan, {}, "`nan` is no number."),
        (True, {}, "`True` is no number."),
        ("2.585", {}, "Write the number without quotes."),
        ((2, 585), {}, "In Python a comma makes two numbers: write a decimal *point*."),
        ([2.585, 1.0], {}, "One number is asked for, not 2."),
        (math.log2, {}, "That is a function: call it"),
        ({2.585}, {}, "`a set` is no number."),
        (1e-3, {"truth": 0.0}, "It is too large."),
    ],
)
def test_a_wrong_number_is_told(answer, options, told):
    result = number(answer, **{"truth": SURPRISE, **options})
    assert not result.passed
    assert result.written
    assert told in result.message


@pytest.mark.parametrize("answer", ODD)
def test_no_odd_number_makes_the_check_fail_itself(answer):
    assert not number(answer, SURPRISE).passed
