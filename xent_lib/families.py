"""Families of distributions that can be fitted: what the cross-entropy method samples from.

A family member draws points, knows its log-density, and can be fitted to weighted points: it gives
the member nearest to them, the one of least cross-entropy. Those three methods are all that
`xent_lib.rare_events` needs, so a new family is a class with three methods.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from xent_lib._validation import Array, as_number, as_real_array, refuse_first

__all__ = [
    "Bernoulli",
    "Exponential",
    "Family",
    "Gamma",
    "Lomax",
    "Mixture",
    "Normal",
    "Pareto",
    "Product",
    "Weibull",
]


class Family:
    """A member of a family of distributions over points with `d` coordinates; the base of all.

    A new family needs three methods: ``sample``, ``log_density`` and ``fit``. If it is a dataclass
    whose fields are its parameters, `parameters` and `blend` come by themselves.

    Examples
    --------
    The geometric distribution, the number of trials up to the first success:

    >>> @dataclasses.dataclass(frozen=True)
    ... class Geometric(Family):
    ...     prob: float
    ...
    ...     def sample(self, n, rng):
    ...         return rng.geometric(self.prob, (n, 1)).astype(float)
    ...
    ...     def log_density(self, x):
    ...         return np.log(self.prob) + (x[:, 0] - 1) * np.log1p(-self.prob)
    ...
    ...     def fit(self, x, weights):
    ...         return Geometric(weights.sum() / (weights @ x[:, 0]))
    >>> Geometric(0.5).fit(np.array([[3.0], [5.0]]), np.array([1.0, 1.0]))
    Geometric(prob=np.float64(0.25))
    """

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Return `n` points, shape (n, d)."""
        raise NotImplementedError(f"{type(self).__name__} has no method `sample`")

    def log_density(self, x: Array) -> Array:
        """Return the logarithm of the density, in nats, of each row of `x`; −inf where it is 0."""
        raise NotImplementedError(f"{type(self).__name__} has no method `log_density`")

    def fit(self, x: Array, weights: Array) -> Self:
        """Return the member of least cross-entropy to the rows of `x`, weighed by `weights` ≥ 0."""
        raise NotImplementedError(f"{type(self).__name__} has no method `fit`")

    @property
    def parameters(self) -> dict[str, Array]:
        """The parameters that a fit can change, by name."""
        if not dataclasses.is_dataclass(self):
            return {}
        named = ((f.name, getattr(self, f.name)) for f in dataclasses.fields(self))
        return {
            name: np.asarray(value, dtype=float)
            for name, value in named
            if isinstance(value, float | np.ndarray)
        }

    def blend(self, other: Self, share: float) -> Self:
        """Return the member with ``share`` of these parameters and the rest of `other`'s."""
        if not self.parameters:
            raise TypeError(
                f"{type(self).__name__} names no parameters, so it cannot be smoothed: make it a"
                " dataclass, or write a method `blend`"
            )
        mixed = {
            name: share * value + (1 - share) * other.parameters[name]
            for name, value in self.parameters.items()
        }
        return dataclasses.replace(self, **mixed)  # type: ignore[type-var]


# --- Independent coordinates ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Exponential(Family):
    """Independent exponential coordinates: waiting times that do not age.

    Parameters
    ----------
    mean : array_like, shape (d,)
        Their means, above 0. The log-density of a negative coordinate is −inf.

    Notes
    -----
    The fit of least cross-entropy is the weighted mean [1]_.

    References
    ----------
    .. [1] de Boer, P.-T., Kroese, D. P., Mannor, S. and Rubinstein, R. Y. (2005). A tutorial on
       the cross-entropy method. Annals of Operations Research 134, 19-67.

    Examples
    --------
    >>> Exponential([0.25, 0.4]).log_density(np.array([[0.0, 0.0], [0.25, 0.4]])).round(3)
    array([2.303, 0.303])
    >>> Exponential([1.0]).fit(np.array([[2.0], [6.0]]), np.array([3.0, 1.0]))
    Exponential(mean=array([3.]))
    """

    mean: Array

    def __post_init__(self) -> None:
        _set(self, mean=_vector("mean", self.mean, above=0))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return rng.exponential(self.mean, (n, len(self.mean)))

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.mean))
        density = -(x / self.mean).sum(axis=1) - np.log(self.mean).sum()
        return np.where((x >= 0).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        return dataclasses.replace(self, mean=_mean(x, weights))


@dataclasses.dataclass(frozen=True)
class Normal(Family):
    """Independent normal coordinates.

    Parameters
    ----------
    mean, std : array_like, shape (d,) or number
        Means, and standard deviations above 0.
    learn : {"both", "mean"}
        What a fit changes. With "mean" the bells are moved and keep their widths, which stays
        reliable in many dimensions, where there are few points for each number to learn.
    narrowest : float
        No width becomes smaller than this share of its present one. A bell that is narrower than
        the one it stands for has too light a tail: a weight can be of any size, and with less than
        0.71 of the width their variance is infinite. Set it to 0 only for an event that itself
        keeps the points together.

    Notes
    -----
    The fit is the weighted mean and the weighted standard deviation (divided by the sum of the
    weights), within the bound. Where all points agree in a coordinate, its width stays.

    Examples
    --------
    >>> bell = Normal([0.0], 1.0)
    >>> bell.fit(np.array([[1.0], [7.0]]), np.array([1.0, 1.0])).std
    array([3.])
    >>> bell.fit(np.array([[3.9], [4.1]]), np.array([1.0, 1.0]))
    Normal(mean=array([4.]), std=array([1.]), learn='both', narrowest=1.0)
    >>> float(bell.log_density(np.array([[0.0]]))[0])  # -ln sqrt(2 pi)
    -0.9189385332046727
    """

    mean: Array
    std: Array = dataclasses.field(default_factory=lambda: np.ones(1))
    learn: Literal["both", "mean"] = "both"
    narrowest: float = 1.0

    def __post_init__(self) -> None:
        mean, std = _vectors(mean=_vector("mean", self.mean), std=_vector("std", self.std, above=0))
        _set(self, mean=mean, std=std)
        _check_choice("learn", self.learn, ("both", "mean"))
        as_number("narrowest", self.narrowest, least=0, most=1)

    @property
    def parameters(self) -> dict[str, Array]:
        return {"mean": self.mean, "std": self.std}

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return rng.normal(self.mean, self.std, (n, len(self.mean)))

    def log_density(self, x: Array) -> Array:
        z = (_points(self, x, len(self.mean)) - self.mean) / self.std
        normalizer = np.log(self.std).sum() + 0.5 * len(self.mean) * math.log(2 * math.pi)
        return np.asarray(-0.5 * np.einsum("ij,ij->i", z, z) - normalizer)

    def fit(self, x: Array, weights: Array) -> Self:
        mean = _mean(x, weights)
        if self.learn == "mean":
            return dataclasses.replace(self, mean=mean)
        std = np.sqrt(_mean((x - mean) ** 2, weights))
        std = np.maximum(std, self.narrowest * self.std)
        return dataclasses.replace(self, mean=mean, std=np.where(std > 0, std, self.std))


@dataclasses.dataclass(frozen=True)
class Bernoulli(Family):
    """Independent coordinates that are 1 with a probability and 0 otherwise: what fails and holds.

    Parameters
    ----------
    prob : array_like, shape (d,)
        Probability of a 1 in each coordinate, from 0 to 1.
    max_ratio : float
        No outcome of a coordinate becomes more than so many times less likely than here, whatever
        it is fitted to. A few hundred points may happen to hold no failure of some part; a fit
        without this bound would call it impossible, and all that needs it would be lost.

    Notes
    -----
    The fit is the weighted mean, kept within ``prob / max_ratio`` and
    ``1 - (1 - prob) / max_ratio``.

    Examples
    --------
    >>> parts = Bernoulli([0.01, 0.5])
    >>> parts.fit(np.array([[1, 0], [1, 1]]), np.array([1.0, 3.0])).prob
    array([0.901, 0.75 ])
    >>> parts.fit(np.array([[0, 0], [0, 1]]), np.array([1.0, 3.0])).prob
    array([0.001, 0.75 ])
    >>> np.exp(parts.log_density(np.array([[1, 1], [0, 1]]))).round(3)
    array([0.005, 0.495])
    """

    prob: Array
    max_ratio: float = 10.0

    def __post_init__(self) -> None:
        prob = _vector("prob", self.prob)
        wrong = ~((prob >= 0) & (prob <= 1))
        if wrong.any():
            refuse_first("prob", prob, wrong, "a probability lies between 0 and 1")
        if not (isinstance(self.max_ratio, int | float) and self.max_ratio >= 1):
            raise ValueError(f"`max_ratio` is {self.max_ratio!r}; it must be 1 or more")
        _set(self, prob=prob)

    @property
    def parameters(self) -> dict[str, Array]:
        return {"prob": self.prob}

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return (rng.random((n, len(self.prob))) < self.prob).astype(float)

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.prob))
        with np.errstate(divide="ignore"):
            ones, zeros = np.log(self.prob), np.log1p(-self.prob)
        density = np.where(x == 1, ones, zeros).sum(axis=1)
        return np.where(((x == 0) | (x == 1)).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        least, most = self.prob / self.max_ratio, 1 - (1 - self.prob) / self.max_ratio
        return dataclasses.replace(self, prob=np.clip(_mean(x, weights), least, most))


@dataclasses.dataclass(frozen=True)
class Gamma(Family):
    """Independent gamma coordinates: sums of waiting times.

    Parameters
    ----------
    shape, scale : array_like, shape (d,) or number
        Both above 0; the mean is their product.
    learn : {"scale", "both"}
        What a fit changes.

    Notes
    -----
    The fitted scale is the weighted mean over the shape. For both, Newton's method finds the shape
    at which ln(shape) − ψ(shape) is ln(mean) − mean(ln x), where ψ is the digamma function.

    Examples
    --------
    >>> Gamma(2.0, 1.0).fit(np.array([[2.0], [6.0]]), np.array([3.0, 1.0]))
    Gamma(shape=array([2.]), scale=array([1.5]), learn='scale')
    >>> float(np.exp(Gamma(1.0, 0.5).log_density(np.array([[0.0]])))[0])
    2.0
    """

    shape: Array
    scale: Array
    learn: Literal["scale", "both"] = "scale"

    def __post_init__(self) -> None:
        _set_shape_and_scale(self)
        _check_choice("learn", self.learn, ("scale", "both"))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return rng.gamma(self.shape, self.scale, (n, len(self.shape)))

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.shape))
        inside = np.where(x >= 0, x, 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.where(self.shape == 1, 0.0, (self.shape - 1) * np.log(inside))
        normalizer = sum(map(math.lgamma, self.shape)) + (self.shape * np.log(self.scale)).sum()
        density = (power - inside / self.scale).sum(axis=1) - normalizer
        return np.where((x >= 0).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        mean = _mean(x, weights)
        if self.learn == "scale":
            return dataclasses.replace(self, scale=mean / self.shape)
        gap = np.log(mean) - _mean(np.log(x), weights)  # at least 0, and 0 for equal points
        shape = np.array([_gamma_shape(g, k) for g, k in zip(gap, self.shape, strict=True)])
        return dataclasses.replace(self, shape=shape, scale=mean / shape)


@dataclasses.dataclass(frozen=True)
class Weibull(Family):
    """Independent Weibull coordinates: lifetimes; a shape below 1 has a heavy tail.

    Parameters
    ----------
    shape, scale : array_like, shape (d,) or number
        Both above 0. P(X > x) = exp(−(x / scale)^shape).
    learn : {"scale", "both"}
        What a fit changes.

    Notes
    -----
    The fitted scale is the weighted mean of x^shape, to the power 1/shape. For both, Newton's
    method finds the shape at which the slope of the weighted log-likelihood is 0.

    Examples
    --------
    >>> Weibull(0.5, 1.0).fit(np.array([[4.0], [16.0]]), np.array([1.0, 1.0]))
    Weibull(shape=array([0.5]), scale=array([9.]), learn='scale')
    >>> float(np.exp(Weibull(1.0, 0.5).log_density(np.array([[0.0]])))[0])
    2.0
    """

    shape: Array
    scale: Array
    learn: Literal["scale", "both"] = "scale"

    def __post_init__(self) -> None:
        _set_shape_and_scale(self)
        _check_choice("learn", self.learn, ("scale", "both"))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self.scale * rng.weibull(self.shape, (n, len(self.shape)))

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.shape))
        z = np.where(x >= 0, x, 1.0) / self.scale
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.where(self.shape == 1, 0.0, (self.shape - 1) * np.log(z))
        density = (power - z**self.shape).sum(axis=1) + np.log(self.shape / self.scale).sum()
        return np.where((x >= 0).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        shape = self.shape
        if self.learn == "both":
            columns = zip(x.T, shape, strict=True)
            shape = np.array([_weibull_shape(column, weights, k) for column, k in columns])
        top = x.max(axis=0)  # taken out, so that no power is too large for a float
        scale = top * _mean((x / np.where(top > 0, top, 1.0)) ** shape, weights) ** (1 / shape)
        return dataclasses.replace(self, shape=shape, scale=scale)


@dataclasses.dataclass(frozen=True)
class Lomax(Family):
    """Independent Lomax coordinates: a tail as heavy as a power, from 0 on.

    Parameters
    ----------
    shape, scale : array_like, shape (d,) or number
        Both above 0. P(X > x) = (1 + x / scale)^(−shape).

    Notes
    -----
    A fit changes the shape: one over the weighted mean of ln(1 + x / scale).

    Examples
    --------
    >>> Lomax(2.0, 1.0).fit(np.array([[math.e - 1], [math.e**3 - 1]]), np.array([1.0, 1.0])).shape
    array([0.5])
    >>> np.exp(Lomax(2.0, 1.0).log_density(np.array([[1.0]]))).round(9)
    array([0.25])
    """

    shape: Array
    scale: Array

    def __post_init__(self) -> None:
        _set_shape_and_scale(self)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self.scale * rng.pareto(self.shape, (n, len(self.shape)))

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.shape))
        surprise = (1 + self.shape) * np.log1p(np.where(x >= 0, x, 0.0) / self.scale)
        density = np.log(self.shape / self.scale).sum() - surprise.sum(axis=1)
        return np.where((x >= 0).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        return dataclasses.replace(self, shape=1 / _mean(np.log1p(x / self.scale), weights))


@dataclasses.dataclass(frozen=True)
class Pareto(Family):
    """Independent Pareto coordinates: a tail as heavy as a power, from `scale` on.

    Parameters
    ----------
    shape, scale : array_like, shape (d,) or number
        Both above 0. P(X > x) = (x / scale)^(−shape) for x ≥ scale.

    Notes
    -----
    A fit changes the shape: one over the weighted mean of ln(x / scale).

    Examples
    --------
    >>> Pareto(2.0, 1.0).fit(np.array([[math.e], [math.e**3]]), np.array([1.0, 1.0])).shape
    array([0.5])
    >>> np.exp(Pareto(2.0, 1.0).log_density(np.array([[2.0]]))).round(9)
    array([0.25])
    """

    shape: Array
    scale: Array

    def __post_init__(self) -> None:
        _set_shape_and_scale(self)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self.scale * (1 + rng.pareto(self.shape, (n, len(self.shape))))

    def log_density(self, x: Array) -> Array:
        x = _points(self, x, len(self.shape))
        inside = np.where(x >= self.scale, x, self.scale)
        surprise = (1 + self.shape) * np.log(inside / self.scale)
        density = np.log(self.shape / self.scale).sum() - surprise.sum(axis=1)
        return np.where((x >= self.scale).all(axis=1), density, -math.inf)

    def fit(self, x: Array, weights: Array) -> Self:
        return dataclasses.replace(self, shape=1 / _mean(np.log(x / self.scale), weights))


# --- Put together --------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Product(Family):
    """Points whose first coordinates come from one family, the next from another, independently.

    Parameters
    ----------
    parts : sequence of Family
        One or more families; the coordinates of a point are theirs, in this order.

    Examples
    --------
    >>> both = Product([Exponential([1.0, 2.0]), Bernoulli([0.1])])
    >>> both.sample(4, np.random.default_rng(0)).shape
    (4, 3)
    >>> sorted(both.parameters)
    ['0.mean', '1.prob']
    """

    parts: tuple[Family, ...]

    def __post_init__(self) -> None:
        _set(self, parts=_families("parts", self.parts))

    @property
    def parameters(self) -> dict[str, Array]:
        return _parameters_of(self.parts)

    def blend(self, other: Self, share: float) -> Self:
        return dataclasses.replace(self, parts=_blend_parts(self.parts, other.parts, share))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return np.concatenate([part.sample(n, rng) for part in self.parts], axis=1)

    def log_density(self, x: Array) -> Array:
        pairs = zip(self.parts, self._columns(x), strict=True)
        return np.asarray(sum(part.log_density(columns) for part, columns in pairs))

    def fit(self, x: Array, weights: Array) -> Self:
        pairs = zip(self.parts, self._columns(x), strict=True)
        fitted = tuple(part.fit(columns, weights) for part, columns in pairs)
        return dataclasses.replace(self, parts=fitted)

    def _columns(self, x: Array) -> list[Array]:
        sizes = [_dimension(part) for part in self.parts]
        return np.split(_points(self, x, sum(sizes)), np.cumsum(sizes)[:-1], axis=1)


@dataclasses.dataclass(frozen=True)
class Mixture(Family):
    """Each point comes from one of several families, chosen by chance: several modes at once.

    Parameters
    ----------
    parts : sequence of Family
        Families over points with the same coordinates. Where a fit should tell them apart, they
        must differ from the start.
    weights : array_like, shape (number of parts,), optional
        Probability of each part; by default all the same.
    n_steps : int
        Steps of expectation maximisation [1]_ in a fit.

    Notes
    -----
    A fit has no formula: each step shares every point out among the parts, by the probability
    that it came from them, and fits each part to its shares. No step makes the cross-entropy
    larger. A part that no point speaks for keeps its parameters, and every part keeps a hundredth
    of an even share.

    References
    ----------
    .. [1] Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from
       incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39, 1-38.

    Examples
    --------
    >>> two = Mixture([Normal([-1.0], 1.0), Normal([1.0], 1.0)])
    >>> fitted = two.fit(np.array([[-5.0], [-4.0], [4.0], [5.0]]), np.array([1.0, 1.0, 3.0, 3.0]))
    >>> [part.mean.round(3) for part in fitted.parts], fitted.weights.round(2)
    ([array([-4.5]), array([4.5])], array([0.25, 0.75]))
    """

    parts: tuple[Family, ...]
    weights: Array | None = None
    n_steps: int = 20

    def __post_init__(self) -> None:
        parts = _families("parts", self.parts)
        sizes = [_dimension(part) for part in parts]
        if len(set(sizes)) > 1:
            raise ValueError(f"the parts of a mixture have points of {sizes} coordinates")
        even = np.full(len(parts), 1 / len(parts))
        weights = even if self.weights is None else as_real_array("weights", self.weights)
        if weights.shape != even.shape or not (weights >= 0).all() or abs(weights.sum() - 1) > 1e-9:
            raise ValueError(
                f"`weights` must be {len(parts)} probabilities that sum to 1, not {weights}"
            )
        _set(self, parts=parts, weights=weights.astype(float))

    @property
    def parameters(self) -> dict[str, Array]:
        return {"weights": self._shares, **_parameters_of(self.parts)}

    @property
    def _shares(self) -> Array:
        return np.asarray(self.weights)

    def blend(self, other: Self, share: float) -> Self:
        weights = share * self._shares + (1 - share) * other._shares
        parts = _blend_parts(self.parts, other.parts, share)
        return dataclasses.replace(self, parts=parts, weights=weights)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        chosen = rng.choice(len(self.parts), n, p=self._shares)
        drawn = np.empty((n, _dimension(self.parts[0])))
        for number, part in enumerate(self.parts):
            mine = chosen == number
            drawn[mine] = part.sample(int(mine.sum()), rng)
        return drawn

    def log_density(self, x: Array) -> Array:
        return log_sum_exp(self._joint(x))

    def fit(self, x: Array, weights: Array) -> Self:
        now = self
        for _ in range(self.n_steps):
            joint = now._joint(x)
            total = log_sum_exp(joint)
            with np.errstate(invalid="ignore"):
                share = np.where(total == -math.inf, 1 / len(joint), np.exp(joint - total))
            mine = share * weights
            parts = tuple(
                part.fit(x, w) if w.sum() > 1e-12 * weights.sum() else current
                for part, w, current in zip(self.parts, mine, now.parts, strict=True)
            )
            even = 1 / len(parts)
            weights_of_parts = 0.99 * mine.sum(axis=1) / mine.sum() + 0.01 * even
            now = dataclasses.replace(self, parts=parts, weights=weights_of_parts)
        return now

    def _joint(self, x: Array) -> Array:
        """The log-densities of all parts, each with the logarithm of its weight: (parts, n)."""
        with np.errstate(divide="ignore"):
            prior = np.log(self._shares)
        densities = [part.log_density(x) for part in self.parts]
        return np.array(densities) + prior[:, np.newaxis]


# --- Pieces --------------------------------------------------------------------------------------


def log_sum_exp(rows: Array) -> Array:
    """Return the logarithm of the sum over the first axis, of numbers given by their logarithms."""
    top = rows.max(axis=0)
    shift = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(rows - shift).sum(axis=0)) + shift)


def _set(family: Family, **values: Any) -> None:
    """Give a frozen dataclass its checked values."""
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
        object.__setattr__(family, name, value)


def _vector(name: str, values: npt.ArrayLike, above: float = -math.inf) -> Array:
    """Return a parameter as a vector of its own, once it is finite and above a bound."""
    vector = np.array(np.atleast_1d(as_real_array(name, values)), dtype=float)
    if vector.ndim != 1:
        raise ValueError(f"`{name}` has shape {vector.shape}; it must hold one number a coordinate")
    wrong = ~(np.isfinite(vector) & (vector > above))
    if wrong.any():
        bound = f"finite and above {above:g}" if above > -math.inf else "finite"
        refuse_first(name, vector, wrong, f"it must be {bound}")
    return vector


def _vectors(**vectors: Array) -> list[Array]:
    """Return vectors of one length, made of numbers and of vectors of that length."""
    sizes = {name: len(vector) for name, vector in vectors.items()}
    if len(set(sizes.values()) - {1}) > 1:
        told = " and ".join(f"`{name}` has {size} numbers" for name, size in sizes.items())
        raise ValueError(f"{told}; they must have as many")
    return [np.array(v) for v in np.broadcast_arrays(*vectors.values())]


def _set_shape_and_scale(family: Gamma | Weibull | Lomax | Pareto) -> None:
    shape = _vector("shape", family.shape, above=0)
    shape, scale = _vectors(shape=shape, scale=_vector("scale", family.scale, above=0))
    _set(family, shape=shape, scale=scale)


def _check_choice(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"`{name}` is {value!r}; it must be one of {', '.join(map(repr, known))}")


def _points(family: Family, x: Array, d: int) -> Array:
    """Return points, once they have the family's number of coordinates."""
    x = np.asarray(x, dtype=float)
    if x.ndim != 2 or x.shape[1] != d:
        raise ValueError(
            f"`x` has shape {x.shape}; {type(family).__name__} has points of {d} coordinates, one"
            f" a row: (n, {d})"
        )
    return x


def _mean(x: Array, weights: Array) -> Array:
    """Return the weighted mean of the rows."""
    total = weights.sum()
    if not 0 < total < math.inf:
        raise ValueError(f"`weights` sum to {total}; a fit needs weights of a finite sum above 0")
    return np.asarray(weights @ x / total)


def _families(name: str, parts: Sequence[Family]) -> tuple[Family, ...]:
    found = tuple(parts)
    if not found:
        raise ValueError(f"`{name}` is empty")
    for part in found:
        if not isinstance(part, Family):
            raise TypeError(f"`{name}` must hold families, not {type(part).__name__}")
    return found


def _dimension(family: Family) -> int:
    """Return the number of coordinates of a family's points."""
    return int(family.sample(1, np.random.default_rng(0)).shape[1])


def _parameters_of(parts: Sequence[Family]) -> dict[str, Array]:
    return {
        f"{number}.{name}": value
        for number, part in enumerate(parts)
        for name, value in part.parameters.items()
    }


def _blend_parts(
    parts: Sequence[Family], others: Sequence[Family], share: float
) -> tuple[Family, ...]:
    return tuple(a.blend(b, share) for a, b in zip(parts, others, strict=True))


def _newton(slope: Callable[[float], tuple[float, float]], start: float) -> float:
    """Return the positive root of a function, given with its slope, by Newton's steps."""
    at = start
    for _ in range(100):
        value, derivative = slope(at)
        step = max(-1.0, min(1.0, value / (derivative * at)))
        at *= math.exp(-step)
        if abs(step) < 1e-12:
            break
    return at


def _gamma_shape(gap: float, start: float) -> float:
    """Return the shape k at which ln k − ψ(k) is `gap`; where the points agree, the old one."""
    if not gap > 1e-12:
        return start
    return _newton(lambda k: (math.log(k) - _digamma(k) - gap, 1 / k - _trigamma(k)), 0.5 / gap)


def _weibull_shape(x: Array, weights: Array, start: float) -> float:
    """Return the shape of the likeliest Weibull distribution; where the points agree, the old."""
    log_x = np.log(x / x.max())
    mean_log = float(weights @ log_x / weights.sum())
    if not mean_log < -1e-12:
        return start

    def slope(k: float) -> tuple[float, float]:
        power = weights * np.exp(k * log_x)
        first, second = power @ log_x / power.sum(), power @ log_x**2 / power.sum()
        return float(first - 1 / k - mean_log), float(second - first**2 + 1 / k**2)

    return _newton(slope, start)


def _digamma(x: float) -> float:
    """Return the slope of ln Γ, by its recurrence and, from 10 on, its asymptotic series."""
    shift = 0.0
    while x < 10:
        shift -= 1 / x
        x += 1
    y = 1 / (x * x)
    series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))
    return shift + math.log(x) - 0.5 / x - series


def _trigamma(x: float) -> float:
    """Return the slope of the digamma function, in the same way."""
    shift = 0.0
    while x < 10:
        shift += 1 / (x * x)
        x += 1
    y = 1 / (x * x)
    series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * 5 / 66))))
    return shift + (1 + 0.5 / x + series) / x
