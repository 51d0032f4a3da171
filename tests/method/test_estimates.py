"""The estimator over many seeds, against exact truths: bias, coverage, warnings, efficiency."""

import numpy as np
import pytest
import truths
from cases import BRIDGE_TRUTHS, HEALTHY, SUMS, TAILS, ZOO, runs
from scipy import stats

SEEDS = 50


# The truths themselves


@pytest.mark.parametrize("level", [*BRIDGE_TRUTHS, 4])
def test_the_truth_of_the_bridge(level):
    told = BRIDGE_TRUTHS.get(level) or ZOO["bridge, 4"].truth
    assert truths.bridge(level) == pytest.approx(told, rel=1e-8)


def test_the_truths_of_light_tails():
    for level, told in TAILS.items():
        assert truths.normal_tail(level) == pytest.approx(told, rel=1e-8)
    for (n, level), told in SUMS.items():
        assert truths.gamma_tail(n, level) == pytest.approx(told, rel=1e-8)
    for level in (5, 8):
        told = HEALTHY[f"hypoexponential, {level}"].truth
        assert truths.hypoexponential(level) == pytest.approx(told, rel=1e-8)
    assert truths.four_branches() == pytest.approx(HEALTHY["four branches"].truth, rel=1e-7)


def test_the_truths_of_heavy_tails():
    lomax, weibull = stats.lomax(2), stats.weibull_min(0.5)
    assert truths.two_heavy(lomax, 1000) == pytest.approx(HEALTHY["Lomax, 2"].truth, rel=1e-6)
    assert truths.two_heavy(weibull, 200) == pytest.approx(HEALTHY["Weibull, 2"].truth, rel=1e-7)
    for law, level, name in [(lomax, 300, "Lomax, 10"), (weibull, 400, "Weibull, 10")]:
        found, error = truths.many_heavy(law, 10, level)
        assert abs(found - ZOO[name].truth) < 4 * error
        assert error < 2e-3 * found


# Right, and quiet, where all is well


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_case_is_right_on_average_and_seldom_flagged(name):
    found = runs(name, SEEDS)
    assert abs(found.deviation) < 4
    assert found.flagged.sum() <= 2
    assert found.wrong_in_silence <= 0.02


def test_false_alarms_are_at_most_two_in_a_hundred():
    flagged = np.concatenate([runs(name, SEEDS).flagged for name in HEALTHY])
    assert flagged.mean() <= 0.02


# Never wrong in silence


@pytest.mark.parametrize("name", ZOO)
def test_what_goes_wrong_in_the_zoo_is_told(name):
    assert runs(name, SEEDS).wrong_in_silence <= 0.02


def test_the_zoo_is_one():
    """Without the warnings, many of its answers would be wrong, or there would be none."""
    bad = []
    for name in ["two modes, mean", "two modes, one drawn from", "Weibull, 10", "a needle"]:
        found = runs(name, SEEDS)
        off = np.abs(found.estimates - found.truth) > 4 * found.errors
        bad.append(np.mean(off | np.isnan(found.estimates)))
    assert min(bad) > 0.95


# Intervals and efficiency


def test_intervals_hold_the_truth_as_often_as_they_say():
    two, three = runs("bridge, 2", 500), runs("bridge, 3", 500)
    assert 0.93 <= two.covered <= 0.97
    assert three.covered >= 0.92
    assert two.flagged.mean() <= 0.02
    assert three.flagged.mean() <= 0.03


def test_an_evaluation_is_worth_hundreds_of_crude_ones():
    few = runs("bridge, 2", 500, n_final=12_000, n_audit=0)
    assert few.evaluations.mean() < 20_400
    assert few.variance_reduction >= 450
    many = runs("bridge, 2", 500, n_final=82_000)
    assert many.evaluations.mean() < 100_400
    assert many.variance_reduction >= 600


if __name__ == "__main__":  # the table of all cases
    print(f"{'case':28}{'truth':>12}{'ours':>12}{'95% interval of seed 0':>28}", end="")
    print(
        f"{'mean/truth':>11}{'dev':>6}{'rel.err':>8}{'cover':>7}{'VRF':>9}{'flag':>6}{'silent':>7}"
    )
    for name, case in (HEALTHY | ZOO).items():
        found = runs(name, SEEDS)
        ratio = np.nanmean(found.estimates) / case.truth if found.errors.any() else np.nan
        interval = f"{found.low[0]:.4g} to {found.high[0]:.4g}"
        print(f"{name:28}{case.truth:12.5g}{found.estimates[0]:12.5g}{interval:>28}", end="")
        print(f"{ratio:11.3f}{found.deviation:6.1f}{found.relative_error:8.3f}", end="")
        print(f"{found.covered:7.2f}{found.variance_reduction:9.3g}", end="")
        print(f"{found.flagged.mean():6.2f}{found.wrong_in_silence:7.2f}")
