"""Exercises that answer back.

Each check takes the learner's function, tries it on ordinary and on special inputs against a
computation of its own in plain Python, and says what is wrong in the learner's terms. Where a
logarithm is taken, bits are asked for; ``base=math.e`` asks for nats. Nothing is raised: a notebook
with exercises not yet written still runs.

``check`` makes one for a new exercise: the right function, the inputs to try and a table of
mistakes.
"""

from xent_lib.checks._activations import log_softmax, softmax, softmax_rows
from xent_lib.checks._backpropagation import (
    hidden_weights_gradient,
    output_weights_gradient,
    relu_backward,
)
from xent_lib.checks._calibration import (
    calibration_error,
    log_loss_skill,
    undo_class_weight,
)
from xent_lib.checks._engine import Case, Result, check
from xent_lib.checks._frameworks import cross_entropy_loss, diagnosis
from xent_lib.checks._gradients import (
    logistic_gradient,
    logit_gradient,
    softmax_regression_gradient,
)
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
from xent_lib.checks._likelihood import log_likelihood, log_likelihood_slope, log_loss
from xent_lib.checks._losses import (
    multilabel_cross_entropy,
    pairwise_logistic,
    sparse_cross_entropy,
)
from xent_lib.checks._number import number
from xent_lib.checks._probability import expectation, joint_probability, mean, normalize
from xent_lib.checks._slopes import softmax_squared_error_gradient, squared_error_slope

__all__ = [
    "Case",
    "Result",
    "calibration_error",
    "check",
    "cross_entropy",
    "cross_entropy_loss",
    "diagnosis",
    "entropy",
    "expectation",
    "expected_length",
    "hidden_weights_gradient",
    "joint_probability",
    "js_divergence",
    "kl_divergence",
    "kraft_sum",
    "log_likelihood",
    "log_likelihood_slope",
    "log_loss",
    "log_loss_skill",
    "log_softmax",
    "logistic_gradient",
    "logit_gradient",
    "mean",
    "multilabel_cross_entropy",
    "mutual_information",
    "normalize",
    "number",
    "one_hot_cross_entropy",
    "output_weights_gradient",
    "pairwise_logistic",
    "perplexity",
    "prefix_free",
    "relu_backward",
    "softmax",
    "softmax_regression_gradient",
    "softmax_rows",
    "softmax_squared_error_gradient",
    "sparse_cross_entropy",
    "squared_error_slope",
    "surprisal",
    "undo_class_weight",
]
