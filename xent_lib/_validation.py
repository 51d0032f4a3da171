"""The door: what comes into the library is checked here, and nowhere else."""

import itertools
import math
import operator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

# What the public functions return: a float for one distribution, an array for a batch of them.
# Which of the two depends on the shape of the input, so no narrower type would be true.
FloatOrArray: TypeAlias = Any


def as_real_array(name: str, values: npt.ArrayLike) -> Array:
    """Return `values` as a NumPy array that holds at least one real number."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"`{name}` has rows of different lengths") from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"`{name}` must hold real numbers, not {_kind_of(array)}")
    if array.size == 0:
        raise ValueError(f"`{name}` is empty: its shape is {array.shape}")
    return array


def as_table(name: str, values: npt.ArrayLike, *, normalize: bool) -> Array:
    """Return a joint distribution as a table of floats that sums to 1 as a whole."""
    array = as_real_array(name, values)
    if array.ndim != 2:
        raise ValueError(f"`{name}` has shape {array.shape}; a joint distribution is a table")
    table = array.astype(working_dtype(array))
    flat = table.reshape(-1)
    check_entries(name, table, table, (slice(0, None), slice(0, None)), axis=1)
    total = flat.sum(keepdims=True)
    check_totals(name, total, array.reshape(-1), (), 0, normalize=normalize)
    return table / total if normalize else table


def as_categories(name: str, values: npt.ArrayLike) -> Array:
    """Return a sequence of labels as the numbers 0, 1, 2, ... of its different values."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"`{name}` has shape {array.shape}; it must be a sequence")
    if array.size == 0:
        raise ValueError(f"`{name}` is empty")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"`{name}[{int(np.argmax(np.isnan(array)))}]` is nan")
    try:
        return np.unique(array, return_inverse=True)[1]
    except TypeError:
        raise TypeError(f"`{name}` mixes values that cannot be compared") from None


def _kind_of(array: Array) -> str:
    kinds = {"b": "truth values", "c": "complex numbers", "U": "text", "S": "bytes"}
    return kinds.get(array.dtype.kind, f"values of dtype {array.dtype}")


def working_dtype(*arrays: Array) -> np.dtype[Any]:
    """Return the dtype to compute in: integers become float64, float16 becomes float32."""
    return np.result_type(
        np.float32, *(a.dtype if a.dtype.kind == "f" else np.float64 for a in arrays)
    )


def check_base(base: float) -> float:
    """Return `base` as a Python float, once it is fit to be the base of a logarithm."""
    if isinstance(base, bool | np.bool_):
        raise TypeError("`base` must be a number, not a truth value")
    try:
        number = float(base)
    except (TypeError, ValueError):
        raise TypeError(f"`base` must be a number, not {base!r}") from None
    if not (0 < number < math.inf) or number == 1:
        raise ValueError(
            f"`base` is {base}; a logarithm needs a finite base above 0 that is not 1"
            " (2 for bits, math.e for nats)"
        )
    return number


def check_axis(axis: int, name: str, array: Array) -> int:
    """Return `axis` counted from the front, once `array` is known to have it."""
    if array.ndim == 0:
        raise ValueError(f"`{name}` is a single number; a distribution needs an array of them")
    try:
        number = operator.index(axis)
    except TypeError:
        raise TypeError(f"`axis` must be an integer, not {axis!r}") from None
    if not -array.ndim <= number < array.ndim:
        raise ValueError(f"`axis` is {axis}, but `{name}` has shape {array.shape}")
    return number % array.ndim


def check_same_shape(name: str, array: Array, other_name: str, other: Array) -> None:
    """Refuse two arrays of different shapes: broadcasting would compare what does not belong."""
    if array.shape != other.shape:
        raise ValueError(
            f"`{name}` has shape {array.shape} and `{other_name}` has shape {other.shape};"
            " they must have the same shape"
        )


def check_probabilities(name: str, array: Array) -> None:
    """Refuse numbers outside [0, 1]; each number is a probability of its own."""
    inside = (array >= 0) & (array <= 1)
    if not inside.all():
        index = _first(~inside)
        value = array[tuple(index)]
        raise ValueError(
            f"`{name}{_subscript(index)}` is {value}, which is no probability:"
            " it must lie between 0 and 1"
        )


def sum_tolerance(dtype: np.dtype[Any], events: int) -> float:
    """Return how far from 1 a distribution of this dtype and length may sum.

    Rounding to the dtype and the sum that normalised the numbers account for a few units in the
    last place and a random walk of them; 1e-9 lets through what was typed with ten digits.
    """
    eps = float(np.finfo(dtype).eps) if dtype.kind == "f" else 0.0
    return max(1e-9, eps * (4 + math.sqrt(events) / 4))


def check_entries(name: str, block: Array, array: Array, at: tuple[slice, ...], axis: int) -> None:
    """Refuse a NaN or a negative number in `block`, which lies `at` this place of `array`.

    The events are the last axis of `array`; they were its axis number `axis` when it came in.
    """
    if not block.min() >= 0:  # a NaN fails this too
        wrong = np.isnan(block) | (block < 0)
        *place, event = _first(wrong.reshape(array[at].shape), at)
        place.insert(axis, event)
        value = block[wrong][0]
        why = "a probability cannot be negative" if value < 0 else "a probability is a number"
        raise ValueError(f"`{name}{_subscript(place)}` is {value}: {why}")


def check_totals(
    name: str, totals: Array, array: Array, at: tuple[slice, ...], axis: int, *, normalize: bool
) -> None:
    """Refuse distributions that do not sum to 1 or, if asked to normalize, cannot be made to."""
    if normalize:
        wrong = ~((totals > 0) & (totals < math.inf))
    else:
        wrong = ~(np.abs(totals - 1) <= _tolerance(array.dtype, array.shape[-1]))
    if wrong.any():
        row = _first(wrong.reshape(array[at].shape[:-1]), at)
        infinite = np.isinf(array[tuple(row)])
        if infinite.any():
            row.insert(axis, int(np.argmax(infinite)))
            raise ValueError(f"`{name}{_subscript(row)}` is inf: a probability is finite")
        problem = "which cannot be normalized" if normalize else "not 1"
        raise ValueError(f"{_row(name, row, axis)} sums to {totals[wrong][0]:.12g}, {problem}")


def _tolerance(dtype: np.dtype[Any], events: int) -> float:
    """Return how far from 1 a distribution of this dtype and length may sum.

    Rounding to the dtype, and the sum that normalised the numbers, account for a few units in
    the last place and a random walk of them; 1e-9 lets through what was typed with ten digits.
    """
    eps = float(np.finfo(dtype).eps) if dtype.kind == "f" else 0.0
    return max(1e-9, eps * (4 + math.sqrt(events) / 4))


def _first(mask: Array, at: tuple[slice, ...] = ()) -> list[int]:
    """Return the index of the first true value of `mask`, which lies `at` some place."""
    index = np.unravel_index(int(np.argmax(mask)), mask.shape)
    starts = (part.start for part in at) if at else itertools.repeat(0)
    return [start + int(i) for start, i in zip(starts, index, strict=False)]


def _subscript(index: list[int]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _row(name: str, row: list[int], axis: int) -> str:
    """Name one distribution of a batch as its reader would."""
    match row:
        case []:
            return f"`{name}`"
        case [number]:
            return f"`{name}` {'column' if axis == 0 else 'row'} {number}"
        case _:
            place = [str(i) for i in row]
            place.insert(axis, ":")
            return f"`{name}[{', '.join(place)}]`"
