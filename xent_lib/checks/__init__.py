"""Exercises that answer back.

Each check takes the learner's function, tries it on ordinary and on special inputs against a
computation of its own in plain Python, and says what is wrong in the learner's terms. Where a
logarithm is taken, bits are asked for; ``base=math.e`` asks for nats. Nothing is raised: a notebook
with exercises not yet written still runs.

``check`` makes one for a new exercise: the right function, the inputs to try and a table of
mistakes.
"""

from xent_lib.checks._activations import log_softmax, softmax, softmax_rows
from xent_lib.checks._alignment import alignment_cost, count_alignments, gap_runs, log_odds
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
from xent_lib.checks._combinatorial import (
    cut_weight,
    smoothed_fit,
    transition_fit,
    two_opt_gain,
)
from xent_lib.checks._continuous import elite_fit, reach_on_a_slope, smoothed_bell
from xent_lib.checks._counterexamples import (
    refute_closeness,
    refute_symmetry,
    refute_triangle,
)
from xent_lib.checks._engine import Case, Result, check
from xent_lib.checks._frameworks import cross_entropy_loss, diagnosis
from xent_lib.checks._generative import (
    best_expert,
    forger_slopes,
    game_value,
    missed_villages,
)
from xent_lib.checks._gradients import (
    logistic_gradient,
    logit_gradient,
    softmax_regression_gradient,
)
from xent_lib.checks._images import (
    confusion_matrix,
    label_bits,
    label_noise_floor,
    most_surprising,
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
from xent_lib.checks._noisy import difference_error, line_finish, weighted_flow_time
from xent_lib.checks._number import number
from xent_lib.checks._probability import expectation, joint_probability, mean, normalize
from xent_lib.checks._rare_events import (
    effective_sample_size,
    importance_estimate,
    rare_event,
    weighted_fit,
)
from xent_lib.checks._reinforcement import (
    discounted_return,
    elite_mean,
    project_onto_atoms,
    weighted_logit_gradient,
)
from xent_lib.checks._reliability import network_weight, queue_fit
from xent_lib.checks._scaling import amdahl, block_draws, block_sizes, busy_share
from xent_lib.checks._sealed import NotYet, agree, pack, seal, sealed, unpack
from xent_lib.checks._sentiment import combined_opinions, vote_loss, vote_slope
from xent_lib.checks._sequences import (
    added_shares,
    drawn_place,
    name_bits,
    names_perplexity,
)
from xent_lib.checks._slopes import softmax_squared_error_gradient, squared_error_slope
from xent_lib.checks._when_it_fails import closeness, consistency_z, variance_factor

__all__ = [
    "Case",
    "NotYet",
    "Result",
    "added_shares",
    "agree",
    "alignment_cost",
    "amdahl",
    "best_expert",
    "block_draws",
    "block_sizes",
    "busy_share",
    "calibration_error",
    "check",
    "closeness",
    "combined_opinions",
    "confusion_matrix",
    "consistency_z",
    "count_alignments",
    "cross_entropy",
    "cross_entropy_loss",
    "cut_weight",
    "diagnosis",
    "difference_error",
    "discounted_return",
    "drawn_place",
    "effective_sample_size",
    "elite_fit",
    "elite_mean",
    "entropy",
    "expectation",
    "expected_length",
    "forger_slopes",
    "game_value",
    "gap_runs",
    "hidden_weights_gradient",
    "importance_estimate",
    "joint_probability",
    "js_divergence",
    "kl_divergence",
    "kraft_sum",
    "label_bits",
    "label_noise_floor",
    "line_finish",
    "log_likelihood",
    "log_likelihood_slope",
    "log_loss",
    "log_loss_skill",
    "log_odds",
    "log_softmax",
    "logistic_gradient",
    "logit_gradient",
    "mean",
    "missed_villages",
    "most_surprising",
    "multilabel_cross_entropy",
    "mutual_information",
    "name_bits",
    "names_perplexity",
    "network_weight",
    "normalize",
    "number",
    "one_hot_cross_entropy",
    "output_weights_gradient",
    "pack",
    "pairwise_logistic",
    "perplexity",
    "prefix_free",
    "project_onto_atoms",
    "queue_fit",
    "rare_event",
    "reach_on_a_slope",
    "refute_closeness",
    "refute_symmetry",
    "refute_triangle",
    "relu_backward",
    "seal",
    "sealed",
    "smoothed_bell",
    "smoothed_fit",
    "softmax",
    "softmax_regression_gradient",
    "softmax_rows",
    "softmax_squared_error_gradient",
    "sparse_cross_entropy",
    "squared_error_slope",
    "surprisal",
    "transition_fit",
    "two_opt_gain",
    "undo_class_weight",
    "unpack",
    "variance_factor",
    "vote_loss",
    "vote_slope",
    "weighted_fit",
    "weighted_flow_time",
    "weighted_logit_gradient",
]
