"""What the benchmarks share."""

import tracemalloc

import numpy as np


def extra_memory(function, arguments, input_bytes):
    """The most memory in use at once beyond input and result, as a share of the input."""
    tracemalloc.start()
    result = function(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - np.asarray(result).nbytes) / input_bytes
