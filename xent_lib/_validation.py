"""The door: what comes into the library is checked here, once."""

import math
import numbers
import operator
from typing import Any, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

# What the public functions return: a float for one distribution, an array for a batch of them.
# Which of the two depends on the shape of the input, so no narrower type would be true.
FloatOrArray: TypeAlias = Any


def is_real(value: object) -> bool:
    """Tell whether `value` is a real number; a truth value is none."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def as_real_array(name: str, values: npt.ArrayLike) -> Array:
    """Return `values` as an array of real numbers, at least one of them."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"`{name}` has rows of different lengths") from None
    if array.size == 0:
        raise ValueError(f"`{name}` is empty: its shape is {array.shape}")
    if array.dtype.kind not in "fiu":
        raise TypeError(f"`{name}` must hold real numbers, not values of dtype {array.dtype}")
    return array


def as_table(name: str, values: npt.ArrayLike, *, normalize: bool) -> Array:
    """Return a joint distribution as a table of floats that sums to 1 as a whole."""
    array = as_real_array(name, values)
    if array.ndim != 2:
        raise ValueError(
            f"`{name}` has shape {array.shape}; a joint distribution of two variables is a table"
        )
    table = array.astype(working_dtype(array))
    check_entries(name, table, table)
    if np.isinf(table).any():
        _refuse_entry(name, table)
    total = table.sum()
    check_totals(name, total, table.reshape(-1), normalize=normalize)
    return table / total if normalize else table


def as_categories(name: str, values: npt.ArrayLike) -> Array:
    """Return a sequence of labels as the numbers 0, 1, 2, ... of its different values."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"`{name}` has shape {array.shape}; it must be a sequence of labels")
    if array.size == 0:
        raise ValueError(f"`{name}` is empty")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"`{name}[{int(np.argmax(np.isnan(array)))}]` is nan: it is no label")
    try:
        return np.unique(array, return_inverse=True)[1]
    except TypeError:
        raise TypeError(f"`{name}` mixes values that cannot be compared") from None


def working_dtype(*arrays: Array) -> np.dtype[Any]:
    """Return the dtype to compute in: float64 for integers, float32 for float16."""
    return np.result_type(
        np.float32, *(a.dtype if a.dtype.kind == "f" else np.float64 for a in arrays)
    )


def as_number(
    name: str,
    value: float,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    most: float = math.inf,
) -> float:
    """Return an option as a Python float, once it is a finite number within its bounds."""
    if not is_real(value):
        raise TypeError(f"`{name}` must be a number, not {value!r}")
    number = float(value)
    if not (math.isfinite(number) and number > above and least <= number <= most):
        if above > -math.inf:
            bounds = f"finite and above {above:g}"
        elif most < math.inf:
            bounds = f"between {least:g} and {most:g}"
        else:
            bounds = f"finite and at least {least:g}"
        raise ValueError(f"`{name}` is {value}; it must be {bounds}")
    return number


def as_integer(name: str, value: int) -> int:
    """Return an option as an int, once it is a whole number."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"`{name}` must be an integer, not {value!r}") from None


def as_count(name: str, value: int, least: int = 1) -> int:
    """Return an option as an int, once it is a whole number and at least `least`."""
    number = as_integer(name, value)
    if number < least:
        raise ValueError(f"`{name}` is {number}; it must be at least {least}")
    return number


def as_scalar(array: Array) -> FloatOrArray:
    """Return an array of no dimension as a number, any other as it is."""
    if array.ndim > 0:
        return array
    return float(array) if array.dtype == np.float64 else array[()]


def check_base(base: float) -> float:
    """Return `base` as a Python float, once it is fit to be the base of a logarithm."""
    if not is_real(base):
        raise TypeError(f"`base` must be a number, not {base!r}")
    if not 0 < base < math.inf or base == 1:
        raise ValueError(
            f"`base` is {base}; a logarithm needs a finite base above 0 that is not 1"
            " (2 for bits, math.e for nats)"
        )
    return float(base)


def check_axis(axis: int, name: str, array: Array) -> int:
    """Return `axis` counted from the front, once `array` is known to have it."""
    if array.ndim == 0:
        raise ValueError(f"`{name}` is a single number; a distribution is an array of them")
    number = as_integer("axis", axis)
    if not -array.ndim <= number < array.ndim:
        raise ValueError(f"`axis` is {axis}, but `{name}` has shape {array.shape}")
    return number % array.ndim


def check_same_shape(name: str, array: Array, other_name: str, other: Array) -> None:
    """Refuse arrays of different shapes: broadcasting would compare what does not belong."""
    if array.shape != other.shape:
        raise ValueError(
            f"`{name}` has shape {array.shape} and `{other_name}` has shape {other.shape};"
            " they must have the same shape"
        )


def check_probabilities(name: str, array: Array) -> None:
    """Refuse numbers outside [0, 1]; each number is a probability of its own."""
    inside = (array >= 0) & (array <= 1)
    if not inside.all():
        refuse_first(name, array, ~inside, "a probability lies between 0 and 1")


def check_entries(name: str, block: Array, array: Array) -> None:
    """Refuse a NaN or a negative number in `block`, a part of `array`."""
    if not block.min() >= 0:  # a NaN fails this too
        _refuse_entry(name, array)


def check_totals(
    name: str,
    totals: Array,
    array: Array,
    *,
    axis: int = 0,
    first_row: int = 0,
    normalize: bool,
) -> None:
    """Refuse distributions that do not sum to 1 or, if asked to normalize, cannot be made to.

    `totals` are the sums of `array` along `axis`, or a stretch of them from number `first_row` on.
    """
    if normalize:
        right = (totals > 0) & (totals < math.inf)
    else:
        right = np.abs(totals - 1) <= _tolerance(array.dtype, array.shape[axis])
    if not right.all():
        wrong = int(right.argmin())
        total = float(totals.flat[wrong])
        if total == math.inf and np.isinf(array).any():
            _refuse_entry(name, array)
        problem = "which cannot be normalized" if normalize else "not 1"
        refuse_row(name, array, axis, first_row + wrong, f"sums to {total:.12g}, {problem}")


def refuse_row(name: str, array: Array, axis: int, number: int, problem: str) -> NoReturn:
    """Name one distribution of a batch, by its number, and what is wrong with it."""
    axis %= array.ndim
    batch = array.shape[:axis] + array.shape[axis + 1 :]
    row = tuple(map(int, np.unravel_index(number, batch))) if batch else ()
    raise ValueError(f"{_distribution(name, row, axis)} {problem}")


def refuse_first(name: str, array: Array, wrong: Array, must: str) -> NoReturn:
    """Name the first entry of `array` where `wrong` is true, and what it should be."""
    index = _first(wrong)
    raise ValueError(f"`{name}{_subscript(index)}` is {array[index]}; {must}")


def _refuse_entry(name: str, array: Array) -> NoReturn:
    """Name the first number in `array` that is no probability, nor a count."""
    wrong = ~((array >= 0) & (array < math.inf))
    value = array[_first(wrong)]
    must = "not be negative" if value < 0 else "be finite" if value > 0 else "be a number"
    refuse_first(name, array, wrong, f"a probability must {must}")


def _tolerance(dtype: np.dtype[Any], events: int) -> float:
    """Return how far from 1 a distribution of this dtype and length may sum.

    Rounding to the dtype, and the sum that normalised the numbers, account for a few units in
    the last place and a random walk of them; 1e-9 lets through what was typed with ten digits.
    """
    eps = float(np.finfo(dtype).eps) if dtype.kind == "f" else 0.0
    return max(1e-9, eps * (4 + math.sqrt(events) / 4))


def _first(mask: Array) -> tuple[int, ...]:
    """Return the index of the first true value."""
    return tuple(map(int, np.unravel_index(int(np.argmax(mask)), mask.shape)))


def _subscript(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _distribution(name: str, row: tuple[int, ...], axis: int) -> str:
    """Name one distribution of a batch: ```q` row 3``, ```q[2, :, 1]```."""
    if not row:
        return f"`{name}`"
    if len(row) == 1:
        return f"`{name}` {'column' if axis == 0 else 'row'} {row[0]}"
    place = [str(i) for i in row]
    place.insert(axis, ":")
    return f"`{name}[{', '.join(place)}]`"
