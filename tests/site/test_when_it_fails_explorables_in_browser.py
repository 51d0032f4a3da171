"""The missed mode in a real browser: what JavaScript shows is what the library says."""

import math

import numpy as np
import pytest
from figures import (
    CLASHES,
    MOVE,
    assert_accessible_and_fits,
    assert_keys_move,
    assert_names_and_room,
    drag,
    numbers,
    read,
    says,
    sliders,
)

from xent_lib import explorables
from xent_lib.explorables.missed_mode import run

FIGURE = explorables.missed_mode()


def assert_agree(shown):
    told = run(shown["mean"], shown["width"], shown["right"])
    assert math.isclose(shown["estimate"], told.estimate, rel_tol=1e-9)
    assert math.isclose(shown["error"], told.relative_error, rel_tol=1e-9)
    assert math.isclose(shown["ess"], told.ess, rel_tol=1e-9)
    assert math.isclose(shown["z"], told.z, rel_tol=1e-9, abs_tol=1e-9)


def random_moves(count, seed):
    rng = np.random.default_rng(seed)
    ways = rng.choice([0.0, 0.5, 1.0, *rng.random(20)], (count, 3))
    return [[[i, float(way)] for i, way in enumerate(three)] for three in ways]


def test_what_the_script_computes_is_what_the_library_computes(open_figure):
    page = open_figure(FIGURE)
    for shown in map(numbers, page.evaluate(MOVE, [[], *random_moves(60, 1)])):
        assert_agree({name: math.inf if v is None else v for name, v in shown.items()})


def test_the_buttons_aim_and_the_verdict_follows(open_figure):
    page = open_figure(FIGURE)
    assert "The check gives alarm." in says(page)
    page.get_by_role("button", name="Over both sides").click()
    assert (read(page)["mean"], read(page)["width"]) == (0, 4.2)
    assert "give or take 9.3%; the truth is 6.33. The check is quiet." in says(page)
    page.evaluate(MOVE, [[[1, 0.0]]])
    assert says(page) == "Not one draw hit the event. The truth is 6.33. The check gives alarm."
    page.evaluate(MOVE, [[[2, 1.0]]])
    page.get_by_role("button", name="Reset").click()
    shown = read(page)
    assert (shown["mean"], shown["width"], shown["right"]) == (4.2, 1, 0.5)
    page.get_by_role("button", name="Over one side").click()
    assert_agree(read(page))


def test_the_bell_can_be_dragged(open_figure):
    page = open_figure(FIGURE)
    drag(page.locator(".grasp").first, -150, 0)
    shown = read(page)
    assert -1 < shown["mean"] < 3
    assert_agree(shown)


def test_the_keyboard_moves_every_slider_and_is_told_where(open_figure):
    page = open_figure(FIGURE)
    for slider in sliders(page):
        assert_keys_move(slider)
        assert_agree(read(page))
    assert_names_and_room(page)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
def test_the_figure_is_accessible_and_fits(width, theme, script, open_figure):
    page = open_figure(FIGURE, width=width, theme=theme, script=script)
    assert_accessible_and_fits(page)


def test_text_in_drawings_stays_inside_and_apart(open_figure):
    page = open_figure(FIGURE)
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for moves in random_moves(30, 2):
            page.evaluate(MOVE, [moves])
            assert page.evaluate(CLASHES) == [], (width, moves)
