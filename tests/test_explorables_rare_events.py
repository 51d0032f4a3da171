"""The figures of rare events: each number by another computation, and bad input refused."""

import itertools
import json
import math

import numpy as np
import pytest
from scipy.stats import norm

from xent_lib import explorables
from xent_lib.explorables.importance_weights import tell
from xent_lib.explorables.level_walk import MOST_LEVELS, walk

LOOKS = explorables.level_walk().params["looks"]


def ratio(points, mean):
    return norm.pdf(points) / norm.pdf(points, mean)


@pytest.mark.parametrize("look", LOOKS, ids=[f"{look['level']:.2f}" for look in LOOKS])
def test_each_level_is_what_its_points_say(look):
    points = np.array(look["points"])
    parts = ratio(points, look["mean"]) * (points >= look["level"])
    assert look["estimate"] == pytest.approx(parts.mean(), rel=1e-6)
    assert look["error"] == pytest.approx(parts.std(ddof=1) / math.sqrt(200), rel=1e-6)
    assert look["truth"] == pytest.approx(norm.sf(look["level"]), rel=1e-8)


def test_each_bell_is_the_weighted_mean_of_the_elites_before():
    for look, after in itertools.pairwise(LOOKS):
        points = np.array(look["points"])
        elites = points[points >= look["level"]]
        assert look["elites"] == len(elites) >= 20
        assert look["next"] == after["mean"]
        mean = np.average(elites, weights=ratio(elites, look["mean"]))
        assert look["next"] == pytest.approx(mean, rel=1e-6)
    assert LOOKS[0]["mean"] == 0
    levels = [look["level"] for look in LOOKS]
    assert levels == sorted(levels)
    assert levels[-2:] == [6, 6]
    assert "next" not in LOOKS[-1]


def test_the_last_bell_comes_near_the_best_and_the_estimates_near_the_truth():
    best = norm.pdf(6) / norm.sf(6)
    for seed in range(30):
        final = walk(6.0, 200, seed)[-1]
        assert final["mean"] == pytest.approx(best, abs=0.15)
        assert final["estimate"] == pytest.approx(norm.sf(6), rel=0.8)


@pytest.mark.parametrize("mean", [0.0, 1.5, 3.0, 4.2, 6.0, 8.0])
def test_what_the_hits_of_a_moved_bell_say(mean):
    draws = np.array(explorables.importance_weights().params["draws"])
    points = mean + draws
    parts = ratio(points, mean) * (points >= 4)
    told = tell(draws, 4.0, mean)
    assert told.hits == np.count_nonzero(parts)
    assert told.estimate == pytest.approx(parts.mean())
    if told.hits == 0:
        assert math.isnan(told.relative_error)
        assert math.isnan(told.largest_share)
        assert told.effective == 0
        return
    assert told.relative_error == pytest.approx(parts.std(ddof=1) / 20 / parts.mean())
    assert told.effective == pytest.approx(parts.sum() ** 2 / (parts**2).sum())
    assert told.largest_share == pytest.approx(parts.max() / parts.sum())


def test_the_figures_are_the_same_each_time_small_and_bring_no_script():
    for make in (explorables.level_walk, explorables.importance_weights):
        figure = make()
        html = figure._repr_html_()
        assert html == make()._repr_html_()
        assert "<script" not in html
        assert len(html) < 16_000
        json.dumps(figure.params, allow_nan=False)
    assert explorables.importance_weights(3, 2.04).params["mean"] == 2.0
    assert "P(Z ≥ 3)" in explorables.importance_weights(3).title


@pytest.mark.parametrize(
    ("make", "options", "told"),
    [
        (explorables.level_walk, {"gamma": 1.0}, "`gamma` is 1.0; it must be between 2 and 8"),
        (explorables.level_walk, {"gamma": math.nan}, "`gamma` is nan"),
        (explorables.level_walk, {"n": 10}, "`n` must lie between 50 and 500, not 10"),
        (explorables.importance_weights, {"gamma": 6}, "`gamma` is 6; it must be between 2 and 5"),
        (explorables.importance_weights, {"mean": -1}, "`mean` is -1; it must be between 0 and 8"),
        (explorables.importance_weights, {"n": 2000}, "`n` must lie between 50 and 1000"),
    ],
)
def test_bad_input_is_refused(make, options, told):
    with pytest.raises(ValueError, match=told):
        make(**options)


def test_a_number_of_points_is_whole():
    with pytest.raises(TypeError, match="`n` must be an integer"):
        explorables.level_walk(n=99.5)
    with pytest.raises(TypeError, match="`seed` must be an integer"):
        explorables.importance_weights(seed="one")


def test_a_walk_that_does_not_arrive_says_so():
    assert MOST_LEVELS == 12
    with pytest.raises(ValueError, match="12 levels did not reach 30"):
        walk(30.0, 50, 1)
