"""Bits and nats, and the slips of whoever takes the other logarithm."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import mul, neg
from typing import Any

from xent_lib.checks._engine import Case, Function, Result, Table, check

Surprise = Callable[[float], float]

UNITS = {2: "bits", math.e: "nats"}
LOGS = {2: "log2, which gives bits", math.e: "the natural log, which gives nats", 10: "log10"}


def surprise_in(base: float) -> Surprise:
    """The surprise of a probability, in the unit of the base."""
    if base not in UNITS:
        raise ValueError(f"`base` must be 2 for bits or math.e for nats, not {base}")
    log = math.log2 if base == 2 else math.log
    return lambda prob: math.inf if prob == 0 else 0.0 - log(prob)  # 0, where -log(1) is -0


def log_slips(base: float) -> Table:
    minus = "The minus is missing: the log of a probability is negative, a surprise is not."
    others = [
        (
            partial(mul, math.log(base) / math.log(other)),
            f"You used {name}; this asks for {UNITS[base]}.",
        )
        for other, name in LOGS.items()
        if other != base
    ]
    return [(neg, minus), *others]


def measure(
    function: Any, truth: Function, cases: Sequence[Case], mistakes: Table, base: float
) -> Result:
    """A check of a function that is written with the surprise h of a probability."""
    h = surprise_in(base)
    return check(
        function,
        partial(truth, h),
        cases,
        [(partial(wrong, h), told) for wrong, told in mistakes],
        log_slips(base),
    )
