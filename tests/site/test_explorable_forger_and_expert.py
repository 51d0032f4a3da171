"""The game along a road in a real browser: its numbers, its keyboard and its look."""

import math

import numpy as np
import pytest
from figures import (
    MOVE,
    Look,
    click,
    read,
    says,
)

from xent_lib import explorables
from xent_lib.explorables.forger_and_expert import FLOOR, ROUNDS, STEPS, game, shares, value

FIGURE = explorables.forger_and_expert()
LAST = 2 * ROUNDS - 1
LOSSES = {"−ln D": False, "ln(1 − D)": True}


def go(page, turn):
    page.evaluate(MOVE, [[[0, turn / LAST]]])


def agree(page, start, loss, steps):
    """What is shown is what the library computes for this turn."""
    shown = read(page)
    rounds = game(start, LOSSES[loss], steps)
    seen = rounds[int(shown["turn"]) // 2]
    forgers = shown["turn"] % 2 == 1
    houses = seen.moved if forgers else seen.houses
    # A hasty forger against ln(1 − D) forks at the last digits: fewer agree there.
    close = 1e-3 if LOSSES[loss] and steps == 16 else 1e-6
    assert math.isclose(shown["value"], seen.fooled if forgers else seen.value, abs_tol=close)
    answer = [one.value for one in rounds[1:]] + [None]
    if forgers and (best := answer[int(shown["turn"]) // 2]) is not None:
        assert math.isclose(shown["best"], best, abs_tol=close)
    assert [shown[f"near-{i}"] for i in range(3)] == shares(houses).tolist()


@pytest.mark.parametrize("start", ["middle", "far off"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("steps", STEPS)
def test_every_game_is_that_of_the_library(start, loss, steps, open_figure):
    page = open_figure(FIGURE)
    click(page, start, loss, str(steps))
    for turn in (0, 1, 2, 9, 20, LAST):
        go(page, turn)
        agree(page, start, loss, steps)


def test_it_is_stepped_and_played_by_keyboard(open_figure):
    page = open_figure(FIGURE)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert read(page)["turn"] == 1
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    assert read(page)["turn"] == 2
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")  # no motion is wanted: at once
    assert read(page)["turn"] == LAST
    click(page, "4")
    assert read(page)["turn"] == 0
    click(page, "Reset")
    button = page.get_by_role("button", name="16", exact=True)
    assert button.get_attribute("aria-pressed") == "true"


def test_it_says_whose_turn_it_is_and_what_came_of_it(open_figure):
    page = open_figure(FIGURE)
    assert says(page).startswith("The expert's turn: −0.872 nats. A village has no forged house.")
    click(page, "Step")
    assert "of a turn ago is fooled" in says(page)
    go(page, LAST - 1)
    assert "D falls where too many houses stand" in says(page)
    click(page, "4")
    go(page, LAST - 1)
    assert "can only guess" in says(page)
    assert math.isclose(read(page)["value"], FLOOR, abs_tol=0.001)
    houses, track = (page.get_by_role("img").nth(i).get_attribute("aria-label") for i in (0, 1))
    assert "4, 4, 4 of them" in houses
    assert "the floor −1.386" in track


def test_the_best_expert_is_never_below_the_one_shown(open_figure):
    page = open_figure(FIGURE)
    for turn in range(0, LAST, 3):
        go(page, turn)
        shown = read(page)
        assert shown["best"] >= shown["value"] - 1e-9
        assert shown["best"] > FLOOR
    seen = game("middle", False, 16)[0]
    assert value(np.zeros(181), seen.houses) == pytest.approx(FLOOR, abs=2e-3)


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for turn in (0, 5, LAST):
            go(page, turn)
            yield
