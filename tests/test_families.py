"""Families: densities and draws against SciPy, fits against a minimiser, and clear refusals."""

import dataclasses

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from xent_lib import families
from xent_lib.families import (
    Bernoulli,
    Exponential,
    Family,
    Gamma,
    Lomax,
    Mixture,
    Normal,
    Pareto,
    Product,
    Weibull,
)

ONES = np.ones(2)
# Each family, and SciPy's distributions of its two coordinates.
PEERS = {
    "exponential": (Exponential([0.5, 3.0]), [stats.expon(scale=0.5), stats.expon(scale=3)]),
    "normal": (Normal([1.0, -2.0], [0.5, 4.0]), [stats.norm(1, 0.5), stats.norm(-2, 4)]),
    "gamma": (
        Gamma([0.7, 3.0], [2.0, 0.5]),
        [stats.gamma(0.7, scale=2), stats.gamma(3, scale=0.5)],
    ),
    "gamma of shape 1": (
        Gamma([1.0, 1.0], [2.0, 0.5]),
        [stats.expon(scale=2), stats.expon(scale=0.5)],
    ),
    "weibull": (
        Weibull([0.5, 2.0], [1.0, 3.0]),
        [stats.weibull_min(0.5), stats.weibull_min(2, scale=3)],
    ),
    "lomax": (Lomax([2.0, 0.5], [1.0, 3.0]), [stats.lomax(2), stats.lomax(0.5, scale=3)]),
    "pareto": (Pareto([2.0, 0.5], [1.0, 3.0]), [stats.pareto(2), stats.pareto(0.5, scale=3)]),
}
each_peer = pytest.mark.parametrize("name", PEERS)


@each_peer
def test_the_log_density_is_scipys(name):
    family, peers = PEERS[name]
    x = np.column_stack([peer.ppf(np.linspace(0.01, 0.99, 50)) for peer in peers])
    x[:, 1] = x[::-1, 1]
    expected = sum(peer.logpdf(column) for peer, column in zip(peers, x.T, strict=True))
    np.testing.assert_allclose(family.log_density(x), expected, rtol=1e-11, atol=1e-11)


@each_peer
def test_the_draws_follow_the_distribution(name):
    family, peers = PEERS[name]
    x = family.sample(4000, np.random.default_rng(1))
    assert x.shape == (4000, 2)
    for peer, column in zip(peers, x.T, strict=True):
        assert stats.kstest(column, peer.cdf).pvalue > 0.001
    assert abs(stats.spearmanr(x).statistic) < 4 / np.sqrt(4000)


@pytest.mark.parametrize(
    ("family", "outside"),
    [
        (Exponential(ONES), -0.1),
        (Gamma(ONES * 2, 1.0), -0.1),
        (Weibull(ONES * 2, 1.0), -0.1),
        (Lomax(ONES, 1.0), -0.1),
        (Pareto(ONES, 2.0), 1.9),
        (Bernoulli([0.5, 0.5]), 0.5),
    ],
)
def test_outside_its_support_the_log_density_is_minus_infinity(family, outside):
    inside = family.sample(1, np.random.default_rng(0))
    for column in range(2):
        x = inside.copy()
        x[0, column] = outside
        assert family.log_density(x)[0] == -np.inf
    assert np.isfinite(family.log_density(inside)[0])


@pytest.mark.parametrize(
    ("family", "at_zero"), [(Gamma([0.5], 1.0), np.inf), (Gamma([2.0], 1.0), -np.inf)]
)
def test_at_zero_a_gamma_density_is_what_its_limit_is(family, at_zero):
    assert family.log_density(np.zeros((1, 1)))[0] == at_zero
    again = Weibull(family.shape, 1.0)
    assert again.log_density(np.zeros((1, 1)))[0] == at_zero


def test_what_cannot_happen_has_a_log_density_of_minus_infinity():
    sure = Bernoulli([1.0, 0.0])
    found = sure.log_density(np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]]))
    np.testing.assert_array_equal(found, [0, -np.inf, -np.inf])


# Fits: the member of least cross-entropy, found by a minimiser

FITS = {
    "exponential": (Exponential([1.0]), ["mean"]),
    "normal": (Normal([0.0], 0.01), ["mean", "std"]),
    "normal, mean": (Normal([0.0], 2.0, learn="mean"), ["mean"]),
    "bernoulli": (Bernoulli([0.3]), ["prob"]),
    "gamma, scale": (Gamma([2.5], 1.0), ["scale"]),
    "gamma": (Gamma([2.5], 1.0, learn="both"), ["shape", "scale"]),
    "weibull, scale": (Weibull([0.5], 1.0), ["scale"]),
    "weibull": (Weibull([0.5], 1.0, learn="both"), ["shape", "scale"]),
    "lomax": (Lomax([2.0], 1.5), ["shape"]),
    "pareto": (Pareto([2.0], 0.01), ["shape"]),
}


@pytest.mark.parametrize("name", FITS)
def test_a_fit_has_the_least_cross_entropy_of_all_members(name):
    family, learned = FITS[name]
    rng = np.random.default_rng(5)
    x = rng.gamma(2.0, 1.5, (60, 1)) + 0.02
    if name == "bernoulli":
        x = (x > 3).astype(float)
    weights = rng.random(60)
    fitted = family.fit(x, weights)

    def cross_entropy(parameters):
        named = {name: np.array([value]) for name, value in zip(learned, parameters, strict=True)}
        try:
            member = dataclasses.replace(family, **named)
        except ValueError:
            return np.inf
        return -(weights @ member.log_density(x)) / weights.sum()

    here = [float(getattr(fitted, parameter)[0]) for parameter in learned]
    best = optimize.minimize(
        cross_entropy,
        np.array(here) * 1.2,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-13},
    )
    np.testing.assert_allclose(here, best.x, rtol=1e-5)
    assert cross_entropy(here) <= best.fun + 1e-12


@pytest.mark.parametrize("shape", [0.05, 0.4, 1.0, 7.0, 300.0])
def test_shapes_are_found_wherever_they_are(shape):
    rng = np.random.default_rng(8)
    weights = np.ones(4000)
    x = np.maximum(rng.gamma(shape, 2.0, (4000, 1)), 1e-300)
    ours = Gamma([1.0], 1.0, learn="both").fit(x, weights)
    a, _, scale = stats.gamma.fit(x[:, 0], floc=0)
    np.testing.assert_allclose([ours.shape[0], ours.scale[0]], [a, scale], rtol=1e-4)
    x = 2.0 * rng.weibull(shape, (4000, 1))
    ours = Weibull([1.0], 1.0, learn="both").fit(np.maximum(x, 1e-300), weights)

    def slope(k):  # of the log-likelihood
        power = np.exp(k * np.log(x / x.max()))
        return (power * np.log(x)).sum() / power.sum() - 1 / k - np.log(x).mean()

    assert abs(slope(ours.shape[0])) < 1e-8 / shape


def test_a_point_that_outweighs_all_others_makes_no_infinite_scale():
    x = np.concatenate([np.random.default_rng(0).weibull(0.5, (200, 1)), [[3e3]]])
    weights = np.append(np.full(200, 1e-9), 1.0)
    fitted = Weibull([0.5], 1.0, learn="both").fit(x, weights)
    assert fitted.scale[0] == pytest.approx(3e3)
    nothing = Weibull([0.5], 1.0).fit(np.array([[0.0], [4.0]]), np.array([1.0, 1.0]))
    assert nothing.scale[0] == pytest.approx(1.0)


@pytest.mark.parametrize("x", [1e-3, 0.5, 1.0, 3.3, 9.99, 10.0, 250.0])
def test_digamma_and_trigamma_are_scipys(x):
    np.testing.assert_allclose(families._digamma(x), special.digamma(x), rtol=1e-12)
    np.testing.assert_allclose(families._trigamma(x), special.polygamma(1, x), rtol=1e-12)


def test_a_search_without_a_root_comes_to_an_end():
    assert 0 < families._newton(lambda x: (1.0, 1.0), 1.0) < 1


def test_where_all_points_agree_what_has_no_answer_stays():
    x, weights = np.full((5, 1), 3.0), np.ones(5)
    assert Normal([0.0], 2.0, narrowest=0.0).fit(x, weights).std[0] == 2.0
    assert Gamma([2.0], 1.0, learn="both").fit(x, weights).shape[0] == 2.0
    assert Weibull([2.0], 1.0, learn="both").fit(x, weights).shape[0] == 2.0


def test_a_bell_grows_no_narrower_than_asked():
    x, weights = np.array([[1.0], [1.2]]), np.ones(2)
    assert Normal([0.0], 2.0).fit(x, weights).std[0] == 2.0
    assert Normal([0.0], 2.0, narrowest=0.5).fit(x, weights).std[0] == 1.0
    np.testing.assert_allclose(Normal([0.0], 2.0, narrowest=0).fit(x, weights).std[0], 0.1)


def test_no_outcome_of_a_bernoulli_becomes_much_less_likely_than_it_was():
    x, weights = np.array([[1.0, 0.0], [1.0, 0.0]]), np.ones(2)
    fitted = Bernoulli([0.2, 0.2], max_ratio=4).fit(x, weights)
    np.testing.assert_allclose(fitted.prob, [1 - 0.8 / 4, 0.2 / 4])
    np.testing.assert_allclose(
        Bernoulli([0.2, 0.2], max_ratio=np.inf).fit(x, weights).prob, [1.0, 0.0]
    )


# Put together


def test_a_product_is_its_parts_side_by_side():
    parts = [Exponential([1.0, 2.0]), Normal([0.0], 1.0), Bernoulli([0.3])]
    both = Product(parts)
    x = both.sample(500, np.random.default_rng(2))
    assert x.shape == (500, 4)
    expected = (
        parts[0].log_density(x[:, :2])
        + parts[1].log_density(x[:, 2:3])
        + parts[2].log_density(x[:, 3:])
    )
    np.testing.assert_allclose(both.log_density(x), expected)
    weights = np.random.default_rng(3).random(500)
    fitted = both.fit(x, weights)
    np.testing.assert_array_equal(fitted.parts[1].mean, parts[1].fit(x[:, 2:3], weights).mean)
    np.testing.assert_allclose(fitted.parameters["0.mean"], weights @ x[:, :2] / weights.sum())
    half = fitted.blend(both, 0.25)
    np.testing.assert_allclose(
        half.parameters["3.prob" if "3.prob" in half.parameters else "2.prob"],
        0.25 * fitted.parts[2].prob + 0.75 * parts[2].prob,
    )


def test_a_mixture_has_the_weighted_density_and_draws_from_all_parts():
    mixture = Mixture([Normal([-3.0], 1.0), Normal([5.0], 0.5)], [0.25, 0.75])
    x = np.linspace(-7, 8, 301)[:, None]
    expected = 0.25 * stats.norm(-3).pdf(x[:, 0]) + 0.75 * stats.norm(5, 0.5).pdf(x[:, 0])
    np.testing.assert_allclose(np.exp(mixture.log_density(x)), expected, rtol=1e-12)
    total = integrate.quad(
        lambda t: np.exp(mixture.log_density(np.array([[t]])))[0], -12, 9, points=[5]
    )
    assert abs(total[0] - 1) < 1e-6
    drawn = mixture.sample(4000, np.random.default_rng(4))[:, 0]
    cdf = lambda t: 0.25 * stats.norm(-3).cdf(t) + 0.75 * stats.norm(5, 0.5).cdf(t)  # noqa: E731
    assert stats.kstest(drawn, cdf).pvalue > 0.001


def test_no_step_of_a_mixtures_fit_makes_its_cross_entropy_larger():
    rng = np.random.default_rng(6)
    x = np.concatenate([rng.normal(-2, 1, (80, 1)), rng.normal(3, 2, (120, 1))])
    weights = rng.random(200)
    start = Mixture([Normal([-1.0], 0.1), Normal([1.0], 0.1)])
    found = []
    for steps in range(1, 15):
        fitted = dataclasses.replace(start, n_steps=steps).fit(x, weights)
        found.append(-(weights @ fitted.log_density(x)) / weights.sum())
    assert np.diff(found).max() < 1e-3  # every part keeps a hundredth of an even share
    assert found[-1] < found[0]
    np.testing.assert_allclose(fitted.parts[1].mean, 3, atol=0.7)


def test_a_part_that_no_point_speaks_for_stays_where_it_is():
    start = Mixture([Normal([0.0], 1.0), Normal([500.0], 1.0)])
    fitted = start.fit(np.array([[-0.5], [0.5]]), np.ones(2))
    assert fitted.parts[1].mean[0] == 500
    np.testing.assert_allclose(fitted.parameters["weights"], [0.995, 0.005])
    assert fitted.parameters["0.mean"][0] == 0


def test_points_that_no_part_can_give_are_shared_evenly():
    never = Mixture([Bernoulli([1.0]), Bernoulli([1.0], max_ratio=2)])
    x = np.array([[0.0], [1.0]])
    np.testing.assert_array_equal(never.log_density(x), [-np.inf, 0])
    np.testing.assert_allclose(never.fit(x, np.ones(2)).weights, [0.5, 0.5])


def test_blending_mixes_parameters():
    a, b = Normal([0.0], 1.0), Normal([4.0], 3.0)
    mixed = b.blend(a, 0.25)
    assert (mixed.mean[0], mixed.std[0]) == (1.0, 1.5)
    two = Mixture([a, b], [0.2, 0.8]).blend(Mixture([b, a], [0.6, 0.4]), 0.5)
    np.testing.assert_allclose(two.weights, [0.4, 0.6])
    assert two.parts[0].mean[0] == 2.0


def test_a_family_of_ones_own_needs_three_methods_and_says_which_is_missing():
    class Nothing(Family):
        pass

    family, x = Nothing(), np.zeros((1, 1))
    for call, name in [
        (lambda: family.sample(1, np.random.default_rng()), "sample"),
        (lambda: family.log_density(x), "log_density"),
        (lambda: family.fit(x, np.ones(1)), "fit"),
    ]:
        with pytest.raises(NotImplementedError, match=f"Nothing has no method `{name}`"):
            call()
    assert family.parameters == {}
    with pytest.raises(TypeError, match="names no parameters, so it cannot be smoothed"):
        family.blend(family, 0.5)


def test_parameters_cannot_be_changed_behind_the_familys_back():
    mean = np.array([1.0])
    family = Exponential(mean)
    mean[0] = 7
    assert family.mean[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        family.mean[0] = 7


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: Exponential([1.0, 0.0]), ValueError, r"`mean\[1\]` is 0.0; it must be finite and"),
        (lambda: Exponential([np.nan]), ValueError, r"`mean\[0\]` is nan; it must be finite"),
        (lambda: Exponential([[1.0]]), ValueError, r"`mean` has shape \(1, 1\)"),
        (lambda: Exponential([]), ValueError, "`mean` is empty"),
        (lambda: Exponential("one"), TypeError, "`mean` must hold real numbers"),
        (lambda: Normal([np.inf], 1.0), ValueError, r"`mean\[0\]` is inf; it must be finite"),
        (lambda: Normal([0.0], -1.0), ValueError, r"`std\[0\]` is -1.0; it must be finite and"),
        (lambda: Normal([0.0, 1.0, 2.0], [1.0, 1.0]), ValueError, "`mean` has 3 numbers and `std`"),
        (lambda: Normal([0.0], 1.0, learn="std"), ValueError, "`learn` is 'std'; it must be one"),
        (
            lambda: Normal([0.0], 1.0, narrowest=2),
            ValueError,
            "`narrowest` is 2; it must be between",
        ),
        (lambda: Bernoulli([0.5, 1.2]), ValueError, r"`prob\[1\]` is 1.2; a probability lies"),
        (lambda: Bernoulli([0.5], max_ratio=0.5), ValueError, "`max_ratio` is 0.5; it must be 1"),
        (lambda: Gamma([1.0], 0.0), ValueError, r"`scale\[0\]` is 0.0"),
        (lambda: Gamma([1.0], 1.0, learn="shape"), ValueError, "`learn` is 'shape'"),
        (lambda: Weibull([0.0], 1.0), ValueError, r"`shape\[0\]` is 0.0"),
        (lambda: Weibull([1.0], 1.0, learn="x"), ValueError, "`learn` is 'x'"),
        (
            lambda: Lomax([1.0, 2.0], [1.0] * 3),
            ValueError,
            "`shape` has 2 numbers and `scale` has 3",
        ),
        (lambda: Pareto([-1.0], 1.0), ValueError, r"`shape\[0\]` is -1.0"),
        (lambda: Product([]), ValueError, "`parts` is empty"),
        (lambda: Product([1.0]), TypeError, "`parts` must hold families, not float"),
        (lambda: Mixture([Normal(ONES, 1.0), Normal([0.0], 1.0)]), ValueError, r"\[2, 1\] coordin"),
        (lambda: Mixture([Exponential(ONES)], [0.5]), ValueError, "`weights` must be 1 probabilit"),
        (lambda: Mixture([Exponential(ONES)] * 2, [1.5, -0.5]), ValueError, "`weights` must be 2"),
        (
            lambda: Normal(ONES, 1.0).log_density(np.zeros((3, 1))),
            ValueError,
            r"shape \(3, 1\); Nor",
        ),
        (lambda: Normal(ONES, 1.0).log_density(np.zeros(2)), ValueError, r"shape \(2,\); Normal"),
        (
            lambda: Exponential(ONES).fit(np.ones((2, 2)), np.zeros(2)),
            ValueError,
            "`weights` sum to 0.0",
        ),
    ],
)
def test_bad_parameters_are_named(make, error, told):
    with pytest.raises(error, match=told):
        make()
