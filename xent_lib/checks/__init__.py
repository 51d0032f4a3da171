"""Exercises that answer back.

Each check takes the learner's function, tries it on ordinary and on special inputs against a
computation of its own in plain Python, and says what is wrong in the learner's terms. Where a
logarithm is taken, bits are asked for; ``base=math.e`` asks for nats. Nothing is raised: a notebook
with exercises not yet written still runs.

``check`` makes one for a new exercise: the right function, the inputs to try and a table of
mistakes.
"""

from xent_lib.checks._engine import Case, Result, check
from xent_lib.checks._information import (
    cross_entropy,
    entropy,
    expected_length,
    js_divergence,
    kl_divergence,
    kraft_sum,
    mutual_information,
    one_hot_cross_entropy,
    perplexity,
    prefix_free,
    surprisal,
)
from xent_lib.checks._number import number
from xent_lib.checks._probability import expectation, joint_probability, mean, normalize

__all__ = [
    "Case",
    "Result",
    "check",
    "cross_entropy",
    "entropy",
    "expectation",
    "expected_length",
    "joint_probability",
    "js_divergence",
    "kl_divergence",
    "kraft_sum",
    "mean",
    "mutual_information",
    "normalize",
    "number",
    "one_hot_cross_entropy",
    "perplexity",
    "prefix_free",
    "surprisal",
]
