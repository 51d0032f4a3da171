"""Rare events: what an estimate says of itself, its options, its refusals and its warnings.

What it says of probabilities is held against exact truths, over many seeds, in tests/method.
"""

import dataclasses
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy import stats

from xent_lib import rare_events
from xent_lib.rare_events import (
    Bernoulli,
    Exponential,
    Family,
    Level,
    Mixture,
    Normal,
    RareEventEstimate,
    crude_monte_carlo,
    estimate,
    importance_sampling,
)

BELL = Normal([0.0], 1.0)
QUICK = {"n_final": 5000, "rng": 7}


def first(x):
    return x[:, 0]


def total(x):
    return x.sum(axis=1)


def distance(x):
    return np.abs(x[:, 0])


@pytest.fixture(scope="module")
def tail():
    """P(Z > 4), in good health."""
    return estimate(first, 4, BELL, rng=1)


# The three estimators


def test_the_three_agree_with_the_truth_and_with_each_other():
    truth = stats.norm.sf(2.5)
    for found in (
        estimate(first, 2.5, BELL, rng=3),
        importance_sampling(first, 2.5, BELL, Normal([2.5], 1.0), n=50_000, rng=3),
        crude_monte_carlo(first, 2.5, BELL, n=200_000, rng=3),
    ):
        assert found.converged, found
        assert abs(found.estimate - truth) < 4 * found.std_error
        low, high = found.confidence_interval
        assert low < found.estimate < high == found.upper_bound


def test_the_numbers_of_an_estimate_are_what_their_names_say(tail):
    low, high = tail.confidence_interval
    assert tail.relative_error == tail.std_error / tail.estimate
    np.testing.assert_allclose(low * high, tail.estimate**2)
    np.testing.assert_allclose(
        math.log(high / low), 2 * stats.norm.ppf(0.975) * tail.relative_error
    )
    p = tail.estimate
    crude = p * (1 - p) / tail.n_evaluations
    np.testing.assert_allclose(tail.variance_reduction, crude / tail.std_error**2)
    assert isinstance(tail, RareEventEstimate)
    assert isinstance(tail.levels[-1], Level)
    assert tail.levels[-1].level == 4
    assert tail.levels[0].source is BELL
    assert [step.level for step in tail.levels] == sorted(step.level for step in tail.levels)
    assert tail.n_evaluations == 10 + 1000 * len(tail.levels) + 100_000 + 10_000
    assert tail.proposal is tail.levels[-1].family
    assert 1 / tail.effective_sample_size < tail.max_weight_share < 0.05
    assert abs(tail.consistency_z) < 3


def test_crude_monte_carlo_is_a_share_of_hits():
    found = crude_monte_carlo(first, 1, BELL, n=4000, block_size=4000, rng=5)
    seeds = np.random.SeedSequence(5)
    seeds.spawn(1)  # the points that are tried twice
    hits = (np.random.default_rng(seeds.spawn(1)[0]).normal(0, 1, (4000, 1)) >= 1).sum()
    assert found.estimate == hits / 4000
    np.testing.assert_allclose(found.effective_sample_size, hits)
    np.testing.assert_allclose(found.max_weight_share, 1 / hits)
    np.testing.assert_allclose(found.variance_reduction, 1, rtol=0.01)
    assert found.levels == ()
    assert math.isnan(found.consistency_z)


def test_an_event_that_always_happens_has_probability_one():
    for found in (estimate(first, -50, BELL, **QUICK), crude_monte_carlo(first, -50, BELL, rng=1)):
        assert found.estimate == pytest.approx(1, rel=0.01)
        assert found.confidence_interval[1] == pytest.approx(1, rel=0.1)
    assert found.std_error == 0
    assert found.variance_reduction == math.inf


def test_fixed_importance_sampling_can_do_without_a_pilot():
    found = importance_sampling(first, 4, BELL, Normal([4.0], 1.0), n=2000, n_pilot=0, rng=1)
    assert found.n_evaluations == 2010
    assert math.isnan(found.consistency_z)
    assert "consistency" not in repr(found)
    assert found.levels == ()


def test_the_final_points_are_not_those_of_the_way():
    """Two runs that differ only in the number of final points have the same way."""
    few, many = (estimate(first, 3, BELL, n_final=n, rng=2) for n in (1000, 2000))
    assert few.levels[-1].family.mean == many.levels[-1].family.mean
    seen = []

    def spy(x):
        seen.append(x[:, 0].copy())
        return x[:, 0]

    estimate(spy, 3, BELL, n_final=1000, rng=2)
    drawn = np.concatenate([block for block in seen if len(block) > 5])
    assert len(drawn) > 11_000
    assert len(np.unique(drawn)) == len(drawn)


# Repeatable


def test_a_seed_gives_the_same_run_again_and_another_seed_another(tail):
    again = estimate(first, 4, BELL, rng=1)
    assert (again.estimate, again.std_error) == (tail.estimate, tail.std_error)
    assert tail.seed == 1
    assert estimate(first, 4, BELL, rng=2).estimate != tail.estimate


def test_what_a_run_tells_of_its_seed_gives_it_again():
    for rng in (None, np.random.default_rng(3), np.random.SeedSequence(9)):
        found = estimate(first, 3, BELL, n_final=1000, rng=rng)
        assert estimate(first, 3, BELL, n_final=1000, rng=found.seed).estimate == found.estimate
    generator = np.random.default_rng(3)
    one, two = (estimate(first, 3, BELL, n_final=1000, rng=generator) for _ in range(2))
    assert one.estimate != two.estimate


# Options


def test_a_defensive_share_bounds_every_weight():
    narrow = Normal([4.0], 0.3)
    with_share = estimate(first, 4, BELL, defensive=0.2, **QUICK)
    assert isinstance(with_share.proposal, Mixture)
    x = np.linspace(-9, 9, 99)[:, None]
    ratio = BELL.log_density(x) - with_share.proposal.log_density(x)
    assert ratio.max() <= math.log(1 / 0.2) + 1e-12
    assert (BELL.log_density(x) - narrow.log_density(x)).max() > 50
    assert abs(with_share.estimate - stats.norm.sf(4)) < 4 * with_share.std_error


def test_smoothing_keeps_a_share_of_the_last_parameters():
    free, smooth = (estimate(first, 4, BELL, smoothing=s, **QUICK) for s in (1.0, 0.5))
    assert smooth.levels[0].family.mean[0] == free.levels[0].family.mean[0] / 2
    assert len(smooth.levels) > len(free.levels)


def test_refinement_rounds_come_after_the_level_is_reached():
    none, three = (estimate(first, 4, BELL, refinement_rounds=r, **QUICK) for r in (0, 3))
    assert len(three.levels) == len(none.levels) + 3
    assert [step.level for step in three.levels[-4:]] == [4] * 4
    assert three.levels[-1].n_elites > none.levels[-1].n_elites


def test_fewer_elites_make_higher_steps():
    many, few = (estimate(first, 4, BELL, elite_fraction=f, **QUICK) for f in (0.3, 0.05))
    assert few.levels[0].level > many.levels[0].level
    assert len(few.levels) < len(many.levels)


def test_levels_go_up_only_where_fifty_effective_points_carry_them():
    found = estimate(total, 20, Exponential(np.ones(5)), n_pilot=300, **QUICK)
    assert all(step.effective_sample_size >= 50 - 1e-9 for step in found.levels)


def test_a_mixture_follows_two_modes():
    two = Mixture([Normal([-1.0], 1.0), Normal([1.0], 1.0)])
    found = estimate(distance, 4, BELL, proposal=two, **QUICK)
    assert found.converged, found
    assert abs(found.estimate - 2 * stats.norm.sf(4)) < 4 * found.std_error
    assert [round(abs(part.mean[0])) for part in found.proposal.parts] == [4, 4]


def test_a_family_of_ones_own_works():
    @dataclasses.dataclass(frozen=True)
    class Geometric(Family):
        prob: float

        def sample(self, n, rng):
            return rng.geometric(self.prob, (n, 1)).astype(float)

        def log_density(self, x):
            return np.log(self.prob) + (x[:, 0] - 1) * np.log1p(-self.prob)

        def fit(self, x, weights):
            return Geometric(float(weights.sum() / (weights @ x[:, 0])))

    found = estimate(first, 18, Geometric(0.5), **QUICK)
    assert found.converged, found
    assert abs(found.estimate - 0.5**17) < 4 * found.std_error
    assert isinstance(
        estimate(first, 18, Geometric(0.5), smoothing=0.7, **QUICK).proposal, Geometric
    )


def test_a_performance_of_few_values_climbs_them_one_by_one():
    found = estimate(total, 4, Bernoulli(np.full(4, 0.05)), **QUICK)
    assert found.converged, found
    assert abs(found.estimate - 0.05**4) < 4 * found.std_error
    assert sorted({step.level for step in found.levels}) == [1, 2, 3, 4]


# No estimate, but a reason


def test_a_level_out_of_reach_gives_a_reason_and_a_bound_never_a_number():
    found = estimate(lambda x: np.minimum(x[:, 0], 1), 2, BELL, **QUICK)
    assert math.isnan(found.estimate)
    assert math.isnan(found.std_error)
    assert math.isnan(found.variance_reduction)
    assert not found.converged
    assert "no progress beyond γ" in found.reason
    assert "the best of" in found.reason
    assert found.confidence_interval == (0.0, found.upper_bound)
    assert found.proposal is None


def test_a_needle_in_a_haystack_gives_about_three_over_n():
    found = estimate(lambda x: 1.0 * (x[:, 0] > 5), 1, BELL, **QUICK)
    n = found.n_evaluations - 10
    np.testing.assert_allclose(found.upper_bound, 1 - 0.05 ** (1 / n), rtol=1e-9)
    np.testing.assert_allclose(found.upper_bound, 3 / n, rtol=0.01)
    assert found.levels == ()


def test_the_bound_counts_the_hits_there_were():
    rare = lambda x: 1.0 * (x[:, 0] > 3.1)  # noqa: E731
    found = estimate(rare, 1, BELL, n_pilot=500, **QUICK)
    assert math.isnan(found.estimate)
    n = found.n_evaluations - 10
    drawn = []
    estimate(lambda x: drawn.append(rare(x)) or rare(x), 1, BELL, n_pilot=500, **QUICK)
    hits = int(sum(block.sum() for block in drawn if len(block) > 5))
    assert 0 < hits < 50
    np.testing.assert_allclose(
        found.upper_bound, stats.beta.ppf(0.95, hits + 1, n - hits), rtol=1e-9
    )


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (400, 8000)])
def test_the_upper_bound_is_that_of_clopper_and_pearson(hits, n):
    expected = stats.beta.ppf(0.95, hits + 1, n - hits) if hits < n else 1
    np.testing.assert_allclose(rare_events._upper_bound(hits, n), expected, rtol=1e-9)


def test_when_the_levels_are_used_up_it_says_so():
    found = estimate(first, 6, BELL, max_levels=2, **QUICK)
    assert math.isnan(found.estimate)
    assert found.reason.startswith("`max_levels` is used up at γ")
    assert len(found.levels) == 2


def test_no_hit_among_the_final_points_is_no_estimate():
    crude = crude_monte_carlo(first, 9, BELL, n=1000, rng=1)
    away = importance_sampling(first, 4, BELL, Normal([-4.0], 1.0), n=1000, rng=1)
    for found in (crude, away):
        assert math.isnan(found.estimate)
        assert found.reason == "none of the 1,000 final points reached the level"
    np.testing.assert_allclose(crude.upper_bound, 1 - 0.05 ** (1 / 1000))
    blind = importance_sampling(first, 4, BELL, Normal([-4.0], 1.0), n=1000, n_pilot=0, rng=1)
    assert blind.upper_bound == 1


def test_a_family_that_cannot_reach_the_event_says_so():
    found = estimate(total, 2, Bernoulli([0.5, 0.0]), **QUICK)
    assert math.isnan(found.estimate)
    assert "a family that can reach the event" in found.reason


def test_hits_that_the_family_cannot_give_do_not_count():
    """A proposal may draw what the family does not; such points weigh nothing."""
    never = importance_sampling(first, 3, Exponential([1.0]), Normal([3.0], 1.0), n=4000, rng=1)
    assert abs(never.estimate - math.exp(-3)) < 4 * never.std_error
    below = importance_sampling(
        lambda x: -x[:, 0], 1, Exponential([1.0]), Normal([-3.0], 1.0), n=500, rng=1
    )
    assert "none of the 500 final points" in below.reason


def test_a_probability_too_small_for_a_float_is_none():
    found = importance_sampling(first, 40, BELL, Normal([40.0], 1.0), n=1000, n_pilot=0, rng=1)
    assert "below the smallest number that a float can hold" in found.reason


# Warnings: each with what to try


def told(found):
    return " | ".join(found.warnings)


def test_a_missed_mode_is_told_by_the_consistency_check():
    found = importance_sampling(distance, 4, BELL, Normal([4.0], 1.0), n=20_000, rng=1)
    assert found.estimate == pytest.approx(stats.norm.sf(4), rel=0.05)  # half the truth
    assert found.effective_sample_size > 1000
    assert found.consistency_z < -3
    assert "misses a part of the event, such as a second mode. Try a `Mixture`" in told(found)
    assert not found.converged


def lopsided(x):
    """One side is ahead of the other, until both reach 4 together."""
    x = x[:, 0]
    return np.where(x > 0, x, 4 * (np.abs(x) / 4) ** 1.3)


def test_an_audit_sees_what_the_pilot_is_too_small_to_see():
    bell = Normal([0.0], 1.0, learn="mean")
    blind, seen = (
        estimate(lopsided, 4, bell, n_final=20_000, n_audit=n, rng=1) for n in (0, 10_000)
    )
    assert blind.estimate == seen.estimate == pytest.approx(stats.norm.sf(4), rel=0.05)
    assert blind.converged  # half the truth, and nothing told
    assert seen.n_evaluations == blind.n_evaluations + 10_000
    assert seen.consistency_z < -4
    assert "misses a part of the event" in told(seen)


def test_what_the_proposal_can_never_draw_is_told():
    half = importance_sampling(distance, 2, BELL, Exponential([2.0]), n=20_000, rng=1)
    assert "the proposal can never draw" in told(half)
    assert half.estimate == pytest.approx(stats.norm.sf(2), rel=0.05)  # the other half is lost
    whole = Mixture([Exponential([2.0]), BELL])
    assert "never draw" not in told(importance_sampling(distance, 2, BELL, whole, rng=1))


def test_where_no_weight_differs_the_check_is_all_or_nothing():
    even, never = Bernoulli([0.5, 0.5]), Bernoulli([0.0, 0.0])
    same = importance_sampling(lambda x: 1 + 0 * x[:, 0], 1, even, even, rng=1)
    assert same.consistency_z == 0
    other = importance_sampling(lambda x: 1 + 0 * x[:, 0], 1, even, never, rng=1)
    assert other.consistency_z == -math.inf
    assert "can never draw" in told(other)


def test_few_effective_points_are_told():
    found = importance_sampling(first, 4, BELL, Normal([2.0], 1.0), n=1000, rng=1)
    assert found.effective_sample_size < 100
    assert "effective points (below 100): its error may be far too small. Try" in told(found)


def test_one_heavy_weight_is_told():
    found = importance_sampling(first, 1, BELL, Normal([2.5], 0.4), n=500, rng=11)
    assert found.max_weight_share > 0.05
    assert f"one point carries {found.max_weight_share:.0%} of the estimate" in told(found)


def test_a_fit_to_few_points_is_told():
    found = estimate(first, 3, BELL, n_pilot=60, max_levels=400, **QUICK)
    assert found.levels[-1].effective_sample_size >= 50  # it waited for them
    short = dataclasses.replace(found.levels[-1], effective_sample_size=12.0)
    poor = dataclasses.replace(found, levels=(short,))
    assert "rests on 12 effective points (below 50)" in next(rare_events._diagnose(poor, 0, 0))


def test_a_slow_way_is_told():
    found = estimate(first, 3, BELL, elite_fraction=0.6, smoothing=0.3, **QUICK)
    assert f"it took {len(found.levels)} steps where 3 would do" in told(found)


def test_an_infinite_performance_is_told_and_counted():
    def gap(x):
        with np.errstate(divide="ignore"):
            return 1 / np.maximum(x[:, 0], 0)

    found = estimate(gap, 2, BELL, **QUICK)
    count = int(told(found).split("infinite at ")[1].split(" points")[0].replace(",", ""))
    assert count > 1000
    assert "look for a division by 0 or an overflow" in told(found)
    assert abs(found.estimate - stats.norm.cdf(0.5)) < 4 * found.std_error  # 1/0 is on top of all


# What is shown


def test_the_text_tells_the_estimate_its_interval_and_the_warnings(tail):
    text = repr(tail)
    assert text.startswith("P(performance ≥ 4) by the cross-entropy method\n  estimate: 3.1")
    for part in ("95% interval", "relative error", "evaluations: 114,010", "consistency z"):
        assert part in text
    assert "!" not in text
    odd = dataclasses.replace(tail, warnings=("too <odd>",), notes=("one block",), reason="")
    assert repr(odd).endswith("\n  ! too <odd>\n  (one block)")
    html = odd._repr_html_()
    assert "<li>too &lt;odd&gt;</li><li>one block</li>" in html
    assert '<th scope="row">estimate</th><td>3.1' in html
    assert "<ul>" not in tail._repr_html_()


def test_without_an_estimate_the_text_tells_the_reason_and_the_bound():
    found = crude_monte_carlo(first, 9, BELL, n=1000, rng=1)
    assert "estimate: none: none of the 1,000 final points" in repr(found)
    assert "upper bound (95%): 0.00299" in repr(found)
    assert "effective" not in repr(found)


def test_the_levels_are_drawn(tail):
    axes = tail.plot()
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [step.level for step in tail.levels])
    assert axes.get_ylabel() == "level γ"
    own = plt.figure().add_subplot()
    assert tail.plot(own) is own
    plt.close("all")
    with pytest.raises(ValueError, match="crude Monte Carlo has no levels to draw"):
        crude_monte_carlo(first, 1, BELL, rng=1).plot()


# Bad input


class Wide(Normal):
    def sample(self, n, rng):
        return rng.normal(0, 1, n)


class Tall(Normal):
    def log_density(self, x):
        return np.zeros((len(x), 1))


class Endless(Normal):
    def log_density(self, x):
        return np.where(x[:, 0] > 0, np.inf, 0.0)


def chance(x):
    return np.random.default_rng().normal(0, 1, len(x))


def ranked(x):
    return np.argsort(np.argsort(x[:, 0])).astype(float)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"performance": 3}, TypeError, "`performance` must be a function, not int"),
        ({"performance": lambda x: x}, ValueError, r"shape \(5, 1\) for 5 points"),
        ({"performance": lambda x: x.sum()}, ValueError, r"shape \(\) for 5 points"),
        ({"performance": lambda x: x[:, 0] * np.nan}, ValueError, "is nan for row 0, the point"),
        ({"performance": lambda x: x[:, 0] + 1j}, TypeError, "must give real numbers, not values"),
        ({"performance": chance}, ValueError, "and then .* for the same point"),
        ({"performance": ranked}, ValueError, "whatever other points come with it"),
        ({"level": np.nan}, ValueError, "`level` is nan; it must be finite"),
        ({"level": np.inf}, ValueError, "`level` is inf; it must be finite"),
        ({"level": "4"}, TypeError, "`level` must be a number, not '4'"),
        ({"family": 1.0}, TypeError, "`family` must be a family, such as Normal"),
        ({"family": Wide([0.0])}, ValueError, r"5 points as an array of shape \(5,\)"),
        ({"family": Tall([0.0])}, ValueError, r"`log_density` of Tall gave shape \(5, 1\) for 5"),
        ({"family": Endless([0.0])}, ValueError, "`log_density` of Endless is inf at"),
        ({"proposal": "normal"}, TypeError, "`proposal` must be a family"),
        ({"proposal": Normal([0.0, 0.0])}, ValueError, "Normal has points of 2 coordinates"),
        ({"n_pilot": 10}, ValueError, "`n_pilot` is 10; it must be at least 20"),
        ({"n_final": 1}, ValueError, "`n_final` is 1; it must be at least 2"),
        ({"n_final": 10.5}, TypeError, "`n_final` must be an integer"),
        ({"n_audit": -1}, ValueError, "`n_audit` is -1; it must be at least 0"),
        ({"max_levels": 0}, ValueError, "`max_levels` is 0; it must be at least 1"),
        ({"refinement_rounds": -1}, ValueError, "`refinement_rounds` is -1"),
        (
            {"elite_fraction": 1},
            ValueError,
            "`elite_fraction` is 1; it must be above 0 and below 1",
        ),
        ({"elite_fraction": "a"}, TypeError, "`elite_fraction` must be a number"),
        ({"smoothing": 0}, ValueError, "`smoothing` is 0; it must be above 0 and at most 1"),
        ({"defensive": 1}, ValueError, "`defensive` is 1; it must be between 0 and 1"),
        ({"block_size": 0}, ValueError, "`block_size` is 0"),
        ({"rng": "seed"}, TypeError, "`rng` must be a seed, a numpy.random.Generator"),
        ({"rng": -1}, ValueError, "`rng` is -1; a seed must not be negative"),
        ({"executor": 4}, TypeError, "`executor` must be a concurrent.futures.Executor or None"),
    ],
)
def test_bad_input_is_named(change, error, message):
    arguments = {"performance": first, "level": 3, "family": BELL, **change}
    with pytest.raises(error, match=message):
        estimate(**arguments)


def test_a_nan_is_named_by_its_row_and_point_wherever_it_comes():
    def broken(x):
        return np.where(x[:, 0] > 2, np.nan, x[:, 0])

    with pytest.raises(
        ValueError, match=r"`performance` is nan for row \d+, the point \[2\."
    ) as caught:
        estimate(broken, 3, BELL, rng=1)
    assert caught.value.__notes__ == ["(in block 0)"]


def test_a_performance_cannot_change_the_points():
    def careless(x):
        x[:, 0] = 9
        return x[:, 0]

    with pytest.raises(ValueError, match="read-only"):
        estimate(careless, 3, BELL, rng=1)


def test_truth_values_and_whole_numbers_count_as_performance():
    found = crude_monte_carlo(lambda x: x[:, 0] > 1, 1, BELL, n=2000, rng=1)
    assert abs(found.estimate - stats.norm.sf(1)) < 4 * found.std_error
