"""Entropy, cross-entropy and KL divergence in NumPy: the library of the book."""

from xent_lib.codes import decode, encode, expected_length, huffman_code, kraft_sum
from xent_lib.information import (
    binary_entropy,
    cross_entropy,
    entropy,
    information_gain,
    js_divergence,
    kl_divergence,
    mutual_information,
    perplexity,
    surprisal,
)

__version__ = "0.6.0"

__all__ = [
    "binary_entropy",
    "cross_entropy",
    "decode",
    "encode",
    "entropy",
    "expected_length",
    "huffman_code",
    "information_gain",
    "js_divergence",
    "kl_divergence",
    "kraft_sum",
    "mutual_information",
    "perplexity",
    "surprisal",
]
