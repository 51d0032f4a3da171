"""The figure of the missed mode: its numbers against others found in another way."""

import math

import numpy as np
import pytest
from scipy import stats

from xent_lib import explorables
from xent_lib.explorables.missed_mode import DRAWS, FIRST, N_PILOT, TRUTH, run
from xent_lib.rare_events import Mixture, Normal, importance_sampling


def density(x, right):
    """Of a number of the size of a standard normal, positive with probability `right`."""
    return 2 * np.where(x > 0, right, 1 - right) * stats.norm.pdf(x)


@pytest.mark.parametrize("right", [0.0, 0.35, 0.5, 1.0])
@pytest.mark.parametrize(("mean", "width"), [(4.2, 1.0), (-3.0, 2.5), (0.0, 4.2), (5.0, 0.3)])
def test_the_report_is_that_of_plain_importance_sampling(mean, width, right):
    x = mean + width * DRAWS
    weights = density(x, right) / stats.norm.pdf(x, mean, width)
    hits = weights * (abs(x) >= 4)
    low = weights * (abs(x) >= FIRST)
    report = run(mean, width, right)
    n = len(DRAWS)
    assert math.isclose(report.estimate, hits.mean(), rel_tol=1e-9)
    if report.estimate:
        error = stats.sem(hits) / hits.mean()
        assert math.isclose(report.relative_error, error, rel_tol=1e-9)
        assert math.isclose(report.ess, hits.sum() ** 2 / (hits**2).sum(), rel_tol=1e-9)
    pilot = 2 * stats.norm.sf(FIRST)
    spread = math.sqrt(low.var(ddof=1) / n + pilot * (1 - pilot) / N_PILOT)
    assert math.isclose(report.z, (low.mean() - pilot) / spread, rel_tol=1e-9, abs_tol=1e-12)


def test_the_truth_does_not_depend_on_the_shares():
    assert math.isclose(TRUTH, 2 * stats.norm.sf(4), rel_tol=1e-12)
    assert abs(2 * stats.norm.sf(FIRST) - 0.1) < 1e-4
    for right in (0.1, 0.5, 0.8):
        report = run(0.0, 4.2, right)
        assert abs(report.estimate / TRUTH - 1) < 3 * report.relative_error


def test_one_side_looks_better_and_is_half_as_in_the_library():
    one, tight, both = run(4.2, 1.0, 0.5), run(4.2, 0.6, 0.5), run(0.0, 4.2, 0.5)
    assert tight.ess > one.ess > 3 * both.ess
    assert max(abs(one.estimate / TRUTH - 0.5), abs(tight.estimate / TRUTH - 0.5)) < 0.03
    assert max(one.z, tight.z) < -3 < both.z < 3
    found = importance_sampling(
        lambda x: np.abs(x[:, 0]),
        4,
        Normal([0.0], 1.0),
        Mixture([Normal([4.2], 1.0)]),
        n=20_000,
        n_pilot=N_PILOT,
        rng=1,
    )
    assert found.consistency_z < -3
    assert abs(found.estimate / TRUTH - 0.5) < 0.05


def test_no_hit_is_told_in_words():
    told = repr(explorables.missed_mode(0.0, 0.5))
    assert run(0.0, 0.5, 0.5).relative_error == math.inf
    assert "0.0, 0.5                       0.00      –          0" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((7.0, 1.0), "`mean` must lie between -6 and 6, not 7.0"),
        ((0.0, 0.2), r"`width` must lie between 0.3 and 6, not 0.2"),
        ((0.0, 1.0, 1.5), "`right` must lie between 0 and 1, not 1.5"),
    ],
)
def test_wrong_parameters_are_refused_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        explorables.missed_mode(*arguments)


def test_a_figure_is_the_same_each_time():
    one, other = explorables.missed_mode(1.0, 2.0, 0.3), explorables.missed_mode(1.0, 2.0, 0.3)
    assert one._repr_html_() == other._repr_html_()
    assert one.params["start"] == (1.0, 2.0)
    assert one.params["right"] == 0.3
