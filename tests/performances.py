"""Performances and objectives that the tests send to other processes, so they stand in a module.

A worker finds them here by name; what they hold travels with them.
"""

import dataclasses
import os
import threading
import time
from pathlib import Path

from xent_lib.problems import bridge_length, buffer_line_throughput


def throughput(buffers, rng):
    """Jobs per unit of time of production lines with three stations, with noise."""
    return buffer_line_throughput(buffers, (1.0, 1.1, 1.2), 50, rng)


def breaks_down(x):
    """A performance with a mistake of its own that only some points meet."""
    if x.max() > 2:
        raise ZeroDivisionError("the machine is out of order")
    return bridge_length(x)


@dataclasses.dataclass(frozen=True)
class Watched:
    """The length of the way across the bridge, slowly; each worker leaves a file with its number.

    The process of `home` is in no hurry to be seen: it leaves none and does not sleep.
    """

    folder: str
    home: int

    def __call__(self, x):
        if os.getpid() != self.home:
            Path(self.folder, str(os.getpid())).touch()
            time.sleep(0.03)
        return bridge_length(x)


class Locked:
    """A performance that holds what no process can send to another."""

    def __init__(self):
        self.lock = threading.Lock()

    def __call__(self, x):
        return bridge_length(x)
