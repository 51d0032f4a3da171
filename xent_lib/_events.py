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

# A block holds at most 256 KiB of float64, and of a small input no more than a sixteenth.
_LARGEST_BLOCK = 32_768
_SMALLEST_BLOCK = 4_096

# Numbers that are added up in one go, before their sums are added up in turn.
_STRETCH = 128


def sum_over_events(
    kernel: Callable[..., Array], distributions: dict[str, Array], *, axis: int, normalize: bool
) -> Array:
    """Check distributions of one shape and apply `kernel`, which sums over their events.

    `kernel` takes a block of each distribution, a table with one distribution a row, and returns
    the sum of each row. A row too long for one block comes in parts, whose sums are added.
    """
    names = list(distributions)
    given = list(distributions.values())
    arrays = [a if axis == a.ndim - 1 else np.moveaxis(a, axis, -1) for a in given]
    dtype = working_dtype(*arrays)
    *batch, events = arrays[0].shape
    length = min(max(arrays[0].size // 16, _SMALLEST_BLOCK), _LARGEST_BLOCK)
    result = np.empty(batch, dtype)
    done = 0

    with np.errstate(all="ignore"):
        for rows in _groups(batch, max(1, length // events)):
            parts = [(*rows, slice(i, i + length)) for i in range(0, events, length)]
            if normalize:
                divisors = [_add([total(_load(a, at, dtype)) for at in parts]) for a in arrays]
            totals: list[list[Array]] = [[] for _ in arrays]
            sums = []
            for at in parts:
                blocks = [_load(array, at, dtype) for array in arrays]
                for i, block in enumerate(blocks):
                    check_entries(names[i], block, given[i])
                    totals[i].append(total(block))
                    if normalize:
                        blocks[i] = block / divisors[i][:, np.newaxis]
                sums.append(kernel(*blocks))
            for name, array, seen in zip(names, given, totals, strict=True):
                check_totals(
                    name, _add(seen), array, axis=axis, first_row=done, normalize=normalize
                )
            done += len(sums[0])
            result[rows] = _add(sums).reshape(result[rows].shape)
    return result


def total(a: Array) -> Array:
    """Sum `a` over the last axis."""
    if a.shape[-1] > _STRETCH:
        return np.asarray(a.sum(axis=-1))
    return np.asarray(np.einsum("...i->...", a))  # on many short rows several times as fast


def dot(a: Array, b: Array) -> Array:
    """Sum `a` times `b` over the last axis.

    One after another, K equal terms gather an error that grows with K. In stretches, and their
    sums by halves, they gather next to none: a long uniform distribution keeps its digits too.
    """
    if a.shape[-1] <= _STRETCH:
        return np.asarray(np.vecdot(a, b))
    whole = a.shape[-1] - a.shape[-1] % _STRETCH
    stretches = *a.shape[:-1], -1, _STRETCH
    sums = np.vecdot(a[..., :whole].reshape(stretches), b[..., :whole].reshape(stretches))
    return _by_halves(sums) + np.asarray(np.vecdot(a[..., whole:], b[..., whole:]))


def _by_halves(a: Array) -> Array:
    while (n := a.shape[-1]) > 8:
        half = n // 2
        pairs = a[..., :half] + a[..., half : 2 * half]
        if n % 2:
            pairs[..., 0] += a[..., -1]
        a = pairs
    return np.asarray(a.sum(axis=-1))


def _load(array: Array, at: tuple[slice, ...], dtype: np.dtype[Any]) -> Array:
    """Return a block as a table, one distribution a row; copied only where it has to be."""
    block = array[at]
    return np.ascontiguousarray(block, dtype).reshape(-1, block.shape[-1])


def _add(parts: list[Array]) -> Array:
    """Add up the sums of the parts of a row."""
    return parts[0] if len(parts) == 1 else _by_halves(np.stack(parts, axis=-1))


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
