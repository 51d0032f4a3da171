"""The race of noisy plans: each number by another computation, and bad input refused."""

import json
import statistics

import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.noisy_race import FIRST, standings

TRUTH = [1.0, 1.1, 1.05]
RUNS = np.random.default_rng(3).normal(np.reshape(TRUTH, (1, 3, 1)), 0.2, size=(6, 3, 30))
LABELS = ["none", "many", "some"]


def race(runs=RUNS, truth=TRUTH, labels=LABELS):
    return explorables.noisy_race(runs, truth, labels)


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_means_errors_and_leaders_are_those_of_the_first_runs(n):
    means, errors, leaders = standings(RUNS, n)
    for number, plans in enumerate(RUNS.tolist()):
        own = [statistics.fmean(runs[:n]) for runs in plans]
        assert means[number] == pytest.approx(own)
        assert leaders[number] == own.index(max(own))
        for plan, runs in enumerate(plans):
            if n == 1:
                assert np.isnan(errors[number, plan])
            else:
                expected = statistics.stdev(runs[:n]) / n**0.5
                assert errors[number, plan] == pytest.approx(expected)


def test_the_script_gets_the_runs_in_whole_numbers_and_the_truth_in_full():
    params = race().params
    back = np.array(params["runs"]) / params["scale"]
    assert back.shape == RUNS.shape
    assert np.abs(back - RUNS).max() <= 0.5 / params["scale"]
    assert params["truth"] == TRUTH
    assert params["labels"] == LABELS
    json.dumps(params, allow_nan=False)


def test_the_text_tells_the_leader_of_the_first_race_and_who_is_wrong_in_all():
    rounded = np.round(RUNS, 4)
    means = rounded[0, :, :FIRST].mean(axis=1)
    leader = int(np.argmax(means))
    wrong = int(np.sum(rounded[:, :, :FIRST].mean(axis=2).argmax(axis=1) != 1))
    told = race().says
    assert told.startswith(f"After 5 runs of each plan, {LABELS[leader]} leads with ")
    assert f"its truth is {TRUTH[leader]:.3f}" in told
    assert told.endswith(f"A wrong one leads in {wrong} of 6 races.")
    assert [row[0] for row in race().rows] == LABELS
    assert [row[2] for row in race().rows] == [f"{mean:.3f}" for mean in means]


def test_both_verdicts_are_told():
    clear = np.broadcast_to(np.reshape(TRUTH, (1, 3, 1)), (2, 3, 5))
    assert "and many is the best. A wrong one leads in 0 of 2 races." in race(clear).says
    turned = race(clear, truth=[1.2, 1.1, 1.0]).says
    assert "and many is not the best: none is. A wrong one leads in 2 of 2 races." in turned


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runs": RUNS[0]}, r"`runs` has shape \(3, 30\)"),
        ({"runs": RUNS[:, :, :4]}, "in 4 runs; the figure draws"),
        ({"runs": RUNS[:, :1], "truth": [1.0], "labels": ["a"]}, "6 races of 1 plans"),
        ({"runs": np.zeros((41, 3, 5))}, "41 races"),
        ({"truth": TRUTH[:2]}, r"`truth` has shape \(2,\)"),
        ({"labels": LABELS[:2]}, "there are 2 labels"),
        ({"runs": np.where(RUNS > 1.4, np.nan, RUNS)}, "`runs` holds a value that is not finite"),
        ({"truth": [1.0, np.inf, 1.0]}, "`truth` holds a value that is not finite"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        race(**change)


def test_a_figure_is_the_same_each_time_and_brings_no_script():
    html = race()._repr_html_()
    assert html == race()._repr_html_()
    assert html.startswith('<div class="xent" data-xent="noisy-race"')
    assert "<script" not in html
