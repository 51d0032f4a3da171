"""Explorable figures: pictures that the reader moves, on the website and in a live notebook.

Each function returns an object that a notebook shows as a figure. Where no script runs, its first
values stand as a table and a sentence, so that nothing is lost on paper or on a code host.
"""

from xent_lib.explorables.alignment_paths import alignment_paths
from xent_lib.explorables.block_schedule import block_schedule
from xent_lib.explorables.code_lengths import code_lengths
from xent_lib.explorables.coin_average import coin_average
from xent_lib.explorables.cross_entropy import cross_entropy
from xent_lib.explorables.digit_pixels import digit_pixels
from xent_lib.explorables.entropy import entropy
from xent_lib.explorables.fit import fit
from xent_lib.explorables.forger_and_expert import forger_and_expert
from xent_lib.explorables.gaussian_search import gaussian_search
from xent_lib.explorables.importance_weights import importance_weights
from xent_lib.explorables.iris_descent import iris_descent
from xent_lib.explorables.letter_surprise import letter_surprise
from xent_lib.explorables.level_walk import level_walk
from xent_lib.explorables.likelihood import likelihood
from xent_lib.explorables.logit_gradient import logit_gradient
from xent_lib.explorables.loss_race import loss_race
from xent_lib.explorables.max_cut import max_cut
from xent_lib.explorables.missed_mode import missed_mode
from xent_lib.explorables.network_levels import network_levels
from xent_lib.explorables.noisy_race import noisy_race
from xent_lib.explorables.opinions import opinions
from xent_lib.explorables.policy_push import policy_push
from xent_lib.explorables.reliability import reliability
from xent_lib.explorables.soft_label import soft_label
from xent_lib.explorables.softmax import softmax
from xent_lib.explorables.surprise import surprise
from xent_lib.explorables.tour_matrix import tour_matrix
from xent_lib.explorables.trace import trace
from xent_lib.explorables.traps import traps
from xent_lib.explorables.two_losses import two_losses

__all__ = [
    "alignment_paths",
    "block_schedule",
    "code_lengths",
    "coin_average",
    "cross_entropy",
    "digit_pixels",
    "entropy",
    "fit",
    "forger_and_expert",
    "gaussian_search",
    "importance_weights",
    "iris_descent",
    "letter_surprise",
    "level_walk",
    "likelihood",
    "logit_gradient",
    "loss_race",
    "max_cut",
    "missed_mode",
    "network_levels",
    "noisy_race",
    "opinions",
    "policy_push",
    "reliability",
    "soft_label",
    "softmax",
    "surprise",
    "tour_matrix",
    "trace",
    "traps",
    "two_losses",
]
