"""Rows of logits, block by block: the one loop under softmax and the losses from logits.

The logits of a batch are a table with one example a row and one class a column. This module cuts
the table into blocks that stay in the processor's cache, takes each block as gaps to the largest
logit of its row, and turns the gaps into exponentials in the same buffer. So nothing overflows, a
block is checked while it is at hand, and the whole takes next to no memory of its own.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

import numpy as np

from xent_lib._validation import Array, refuse_first, refuse_row, working_dtype

# A block holds at most 256 KiB of float64, and of a small input no more than 1 part in 40.
BLOCK = 32_768
_SMALLEST_BLOCK = 8_192

# Up to so many classes, the columns of a block lie one after another in memory: NumPy is several
# times as quick to run down a long column as along many short rows.
_FEW = 128


class Block:
    """Some rows of a table of logits, less the largest of each row.

    Attributes
    ----------
    rows : slice
        Which rows of the table.
    peak : ndarray, shape (n,)
        The largest logit of each row.
    finite : bool
        Whether all of these are finite.
    values : ndarray, shape (n, K)
        The gaps, logit minus peak, until :attr:`sums` turns them into their exponentials.
    """

    def __init__(self, given: Array, rows: slice, buffer: Array, temperature: float) -> None:
        self.given, self.rows, self.temperature = given[rows], rows, temperature
        self.order: Literal["C", "F"] = "C" if buffer.flags.c_contiguous else "F"
        self.values = buffer[: len(self.given)]
        logits = self.given
        if self.order == "F" or logits.dtype != buffer.dtype:
            self.values[...] = logits
            logits = self.values
        self.peak = logits.max(axis=-1)
        np.subtract(logits, self.peak[:, np.newaxis], out=self.values)
        self.finite = bool(np.isfinite(self.peak).all())
        if not self.finite:
            # The gap of what is at an infinite peak is 0, of the rest −inf.
            high = np.isinf(self.peak)
            at_peak = self.given[high] == self.peak[high, np.newaxis]
            self.values[high] = np.where(at_peak, 0, -np.inf)
        if temperature != 1:
            self.values /= temperature

    @cached_property
    def sums(self) -> Array:
        """Sum of the exponentials of each row's gaps; from then on `values` holds them."""
        np.exp(self.values, out=self.values)
        return np.asarray(self.values.sum(axis=-1))

    def log_sums(self, where: Any = True) -> Array:
        """Logs of the sums, from 0 to log K, with all their digits in the rows told by `where`."""
        logs = np.log(self.sums, dtype=np.float64)
        led = np.nonzero((self.sums < 2) & where)[0]
        # Several arrays are needed at once here: a large block is taken in thirds.
        step = max(len(self.values) // 3, _SMALLEST_BLOCK // self.values.shape[1]) + 1
        for start in range(0, led.size, step):
            some = led[start : start + step]
            logs[some] = np.log1p(self._all_but_the_largest(some))
        return np.asarray(logs, self.values.dtype)

    def _all_but_the_largest(self, led: Array) -> Array:
        """The sums without the 1 of the largest, for rows that one logit leads.

        Beside that 1 a small rest would lose its digits, and with them a small loss.
        """
        rest = self._sums_without_ones(led)
        far = np.nonzero(rest < 1 / 16)[0]
        if far.size:
            rest[far] = self._of_exact_gaps(led[far])
        return rest

    def _sums_without_ones(self, led: Array) -> Array:
        terms = self.values[led] if self.order == "C" else self.values.T.take(led, axis=1).T
        terms *= terms < 1
        return np.asarray(terms.sum(axis=-1, dtype=np.float64))

    def _of_exact_gaps(self, led: Array) -> Array:
        """The same with gaps as if never rounded, for rows that one logit leads by far.

        Rounding a large gap changes its exponential by several units in the last place. What the
        rounding took is found and put back as a factor.
        """
        logits = self.given[led].astype(np.float64, order=self.order)
        peak = self.peak[led, np.newaxis]
        gaps = logits - peak
        shown = gaps - logits
        rounding = gaps - shown
        np.subtract(logits, rounding, out=rounding)
        rounding -= np.add(shown, peak, out=shown)
        rounding /= self.temperature
        rounding[~np.isfinite(rounding)] = 0
        rounding += 1
        gaps /= self.temperature
        terms = np.exp(gaps, out=gaps)
        terms *= rounding
        terms[logits == peak] = 0
        return np.asarray(terms.sum(axis=-1))

    def probabilities(self) -> Array:
        """The exponentials, divided in place by their sums."""
        sums = self.sums[:, np.newaxis]  # asked for first: it changes the values
        self.values /= sums
        return self.values


def blocks(
    name: str,
    logits: Array,
    axis: int = -1,
    temperature: float = 1.0,
    *,
    proper: bool = True,
    into: Array | None = None,
) -> Iterator[Block]:
    """Cut logits into blocks of rows, with the classes along `axis`, and check them on the way.

    To be used under ``np.errstate(all="ignore")``: infinities are looked after where they matter.

    If there is a table that the results go `into`, blocks of many classes are worked on there.

    A row is refused if it holds a NaN. Unless `proper` is false, it is refused too if it leaves its
    probabilities open: if all of its logits are −inf, or several +inf.
    """
    table = as_rows(logits, axis)
    count, classes = table.shape
    size = min(max(table.size // 40, _SMALLEST_BLOCK), BLOCK)
    length = max(1, min(count, size // classes))
    dtype = working_dtype(logits)
    if classes <= _FEW:
        into = None
    order: Literal["C", "F"] = "F" if classes <= _FEW else "C"
    buffer = np.empty((length if into is None else 0, classes), dtype, order)
    for start in range(0, count, length):
        rows = slice(start, start + length)
        block = Block(table, rows, buffer if into is None else into[rows], temperature)
        if not block.finite:
            _check(name, logits, axis, block, proper=proper)
        yield block


def as_rows(array: Array, axis: int = -1) -> Array:
    """The array as a table with one example a row, its classes taken from `axis`."""
    moved = array if axis in (-1, array.ndim - 1) else np.moveaxis(array, axis, -1)
    return moved.reshape(-1, moved.shape[-1])


def _check(name: str, logits: Array, axis: int, block: Block, *, proper: bool) -> None:
    if np.isnan(block.peak).any():
        refuse_first(name, logits, np.isnan(logits), "a logit must be a number")
    if proper:
        crowded = (block.given == np.inf).sum(axis=-1) > 1
        for wrong, problem in [
            (block.peak == -np.inf, "has no logit above -inf: it leaves no class possible"),
            (crowded, "has several logits of +inf: which of them wins is open"),
        ]:
            if wrong.any():
                row = block.rows.start + int(np.argmax(wrong))
                refuse_row(name, logits, axis, row, problem)


def elementwise(function: Any, *arrays: Array) -> Array:
    """Apply a function of numbers to arrays of one shape, block by block."""
    dtype = working_dtype(*arrays)
    flat = [array.reshape(-1) for array in arrays]
    result = np.empty(flat[0].shape, dtype)
    with np.errstate(all="ignore"):
        for start in range(0, result.size, BLOCK):
            part = slice(start, start + BLOCK)
            result[part] = function(*(a[part].astype(dtype, copy=False) for a in flat))
    return result.reshape(arrays[0].shape)
