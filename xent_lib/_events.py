"""Sums over the events of many distributions, block by block.

Every quantity of :mod:`xent_lib.information` is a sum over events. This module cuts its input
into blocks that stay in the processor's cache, so that a block is checked and summed while it is
at hand, and the whole takes next to no memory of its own.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from xent_lib._validation import Array, check_entries, check_totals, working_dtype

# A block holds at most 512 KiB of float64, and of a small input no more than a sixteenth.
_LARGEST_BLOCK = 65_536
_SMALLEST_BLOCK = 4_096

# Rows up to this length are summed in one go, longer ones in stretches of half of it.
_SHORT = 128


def sum_over_events(
    kernel: Callable[..., Array], distributions: dict[str, Array], *, axis: int, normalize: bool
) -> Array:
    """Check distributions of one shape and apply `kernel`, which sums over their events.

    `kernel` takes a block of each distribution, a table with one distribution a row, and returns
    the sum of each row. A row too long for one block comes in parts, whose sums are added.
    """
    dtype = working_dtype(*distributions.values())
    readers = [_Reader(name, a, axis, dtype, normalize) for name, a in distributions.items()]
    *batch, events = readers[0].array.shape
    length = min(max(readers[0].array.size // 16, _SMALLEST_BLOCK), _LARGEST_BLOCK)
    result = np.empty(batch, dtype)

    with np.errstate(all="ignore"):  # zeros and overflow are looked after where they matter
        for rows in _groups(batch, max(1, length // events)):
            parts = [(*rows, slice(i, i + length)) for i in range(0, events, length)]
            for reader in readers:
                reader.open(parts)
            sums = _join([kernel(*[reader.read(part) for reader in readers]) for part in parts])
            for reader in readers:
                reader.close()
            result[rows] = sums.reshape(result[rows].shape)
    return result


def check_distributions(name: str, array: Array) -> None:
    """Refuse what holds no distributions along its last axis."""
    sum_over_events(total, {name: array}, axis=array.ndim - 1, normalize=False)


def expected_surprise(p: Array, q: Array, log: Callable[[Array], Array]) -> Array:
    """Return the sum of -p·log q of each row."""
    terms = log(q)
    terms *= p
    if p.min() == 0:
        terms[p == 0] = 0  # an impossible event adds nothing, whatever q says of it
    # A probability that rounding left above 1 has a logarithm above 0.
    return np.maximum(-add_up(terms), 0)


class _Reader:
    """Reads the distributions of one argument, block by block, and checks them on the way."""

    def __init__(
        self, name: str, array: Array, axis: int, dtype: np.dtype[Any], normalize: bool
    ) -> None:
        self.name, self.given, self.axis, self.dtype = name, array, axis, dtype
        self.normalize = normalize
        self.array = array if axis == array.ndim - 1 else np.moveaxis(array, axis, -1)
        self.rows_done = 0

    def open(self, parts: list[tuple[slice, ...]]) -> None:
        """Get ready for a group of rows that comes in these parts."""
        self.totals: list[Array] = []
        if self.normalize:
            divisors = _join([add_up(self._load(part)) for part in parts])
            self.divisors = divisors[:, np.newaxis]

    def read(self, part: tuple[slice, ...]) -> Array:
        """Return a part as a table with one distribution a row, events checked."""
        block = self._load(part)
        check_entries(self.name, block, self.given)
        self.totals.append(total(block))
        return block / self.divisors if self.normalize else block

    def close(self) -> None:
        """Check the sums of the rows that were read."""
        totals = _join(self.totals)
        check_totals(
            self.name,
            totals,
            self.given,
            axis=self.axis,
            first_row=self.rows_done,
            normalize=self.normalize,
        )
        self.rows_done += len(totals)

    def _load(self, part: tuple[slice, ...]) -> Array:
        block = self.array[part]
        # Copied only where it has to be: from another dtype, or from another order in memory.
        return np.ascontiguousarray(block, self.dtype).reshape(-1, block.shape[-1])


def total(a: Array) -> Array:
    """Sum over the last axis, quickly."""
    if a.shape[-1] > _SHORT:
        return np.asarray(a.sum(axis=-1))
    return np.asarray(np.einsum("...i->...", a))  # on short rows several times as fast


def add_up(a: Array) -> Array:
    """Sum over the last axis with next to no error from rounding.

    One after another, K equal numbers gather an error that grows with K. In stretches, whose sums
    are added in stretches in turn, they do not: a long uniform distribution keeps its digits.
    """
    if a.shape[-1] <= _SHORT:
        return total(a)
    stretch = _SHORT // 2
    whole = a.shape[-1] - a.shape[-1] % stretch
    sums = total(a[..., :whole].reshape(*a.shape[:-1], -1, stretch))
    return add_up(sums) + total(a[..., whole:])


def _join(parts: list[Array]) -> Array:
    """Add up the sums of the parts of each row."""
    return parts[0] if len(parts) == 1 else add_up(np.stack(parts, axis=-1))


def _groups(batch: list[int], rows: int) -> Iterator[tuple[slice, ...]]:
    """Cut a batch of this shape into groups of at most `rows` distributions, or of one."""
    if not batch:
        yield ()
        return
    first, *rest = batch
    inner = math.prod(rest)
    if inner <= rows:
        step = rows // inner
        for i in range(0, first, step):
            yield slice(i, i + step), *(slice(0, n) for n in rest)
    else:
        for i in range(first):
            for group in _groups(rest, rows):
                yield slice(i, i + 1), *group
