"""The game along a road: its turns against plain NumPy, and what it refuses."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import norm

from xent_lib import explorables
from xent_lib.explorables.forger_and_expert import (
    FLOOR,
    GRID,
    HOUSES,
    REAL,
    ROUNDS,
    STEPS,
    VILLAGES,
    game,
    shares,
    value,
)
from xent_lib.information import js_divergence

FIGURE = explorables.forger_and_expert()
ALL = [(s, loss, steps) for s in ("middle", "far off") for loss in (False, True) for steps in STEPS]
each_game = pytest.mark.parametrize(("start", "saturating", "steps"), ALL)


def forged(houses):
    return norm.pdf(GRID, np.reshape(houses, (-1, 1)), 0.7).mean(axis=0)


def test_the_real_houses_are_three_bells():
    np.testing.assert_allclose(REAL, norm.pdf(GRID, [[-3], [0], [3]], 0.8).mean(axis=0))


@each_game
def test_the_expert_is_the_best_there_is_and_its_value_is_the_bound(start, saturating, steps):
    for seen in game(start, saturating, steps):
        q = forged(seen.houses)
        np.testing.assert_allclose(1 / (1 + np.exp(-seen.logits)), REAL / (REAL + q), atol=1e-12)
        js = js_divergence(REAL, q, base=math.e, normalize=True)
        assert seen.value == pytest.approx(2 * js - math.log(4), abs=2e-3)  # the grid's ends
        assert value(seen.logits + 0.3, seen.houses) < seen.value
        assert value(seen.logits * 0.9, seen.houses) < seen.value


@each_game
def test_the_forger_steps_down_the_slopes_of_its_loss(start, saturating, steps):
    seen = game(start, saturating, steps)[2]
    houses = seen.houses.copy()
    losses = np.logaddexp(0, seen.logits if saturating else -seen.logits)
    losses = -losses if saturating else losses
    for _ in range(steps):
        step = 1e-5

        def mean_loss(at):
            return norm.pdf(GRID, at.reshape(-1, 1), 0.7) @ losses * 0.1

        slopes = (mean_loss(houses + step) - mean_loss(houses - step)) / (2 * step)
        houses = np.clip(houses - np.clip(0.5 * slopes, -0.3, 0.3), -8, 8)
    # The figure takes the slope along the road from differences on the grid.
    np.testing.assert_allclose(seen.moved, houses, atol=0.01 * steps)


@each_game
def test_each_round_goes_on_where_the_last_one_ended(start, saturating, steps):
    rounds = game(start, saturating, steps)
    assert len(rounds) == ROUNDS
    for before, after in itertools.pairwise(rounds):
        np.testing.assert_array_equal(before.moved, after.houses)
        assert shares(before.moved).sum() == HOUSES


def test_the_value_never_falls_to_the_floor_while_a_village_is_missing():
    for seen in (seen for options in ALL for seen in game(*options)):
        if shares(seen.houses).min() == 0:
            assert seen.value > FLOOR + 0.1
        assert FLOOR < seen.value < 0


def test_a_forger_who_takes_many_steps_runs_to_and_fro_and_a_patient_one_covers_all():
    hasty, patient = game("middle", False, 16), game("middle", False, 4)
    assert all(seen.value > -1.1 for seen in hasty[2:])
    assert all(seen.fooled < FLOOR for seen in hasty)
    assert patient[-1].value == pytest.approx(FLOOR, abs=0.002)
    np.testing.assert_array_equal(shares(patient[-1].houses), [4, 4, 4])


def test_from_far_off_the_saturating_loss_is_slower():
    turned, saturating = game("far off", False, 1), game("far off", True, 1)
    assert all(
        one.value < other.value for one, other in zip(turned[1:], saturating[1:], strict=True)
    )


def test_the_fallback_tells_the_values_of_the_last_turns():
    losses = {"−ln D": False, "ln(1 − D)": True}
    assert len(FIGURE.rows) == len(ALL)
    for start, loss, steps, told in FIGURE.rows:
        seen = game(start, losses[loss], int(steps))[-1]
        assert float(told.replace("−", "-")) == pytest.approx(seen.value, abs=5e-4)
    assert "the value after 20 turns" in FIGURE.says
    assert explorables.forger_and_expert("far off", True, 1).says.startswith("From far off, with")


def test_the_houses_are_counted_at_the_nearest_village():
    np.testing.assert_array_equal(shares(np.array([-8.0, -1.6, -1.4, 0, 8])), [2, 2, 1])
    assert len(VILLAGES) == 3


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match="`start` must be one of"):
        explorables.forger_and_expert("left")
    with pytest.raises(TypeError, match="`saturating` must be True or False, not 1"):
        explorables.forger_and_expert(saturating=1)
    with pytest.raises(ValueError, match=r"`steps` must be one of \[1, 4, 16\], not 2"):
        explorables.forger_and_expert(steps=2)
