"""The figures of rare events in a real browser: what JavaScript shows is what the library says."""

import math

import numpy as np
import pytest
from figures import (
    CLASHES,
    MOVE,
    assert_accessible_and_fits,
    assert_keys_move,
    assert_names_and_room,
    numbers,
    read,
    says,
    sliders,
)

from xent_lib import explorables
from xent_lib.explorables.importance_weights import tell

WALK = explorables.level_walk()
WEIGHTS = explorables.importance_weights()
FIGURES = {"level-walk": WALK, "importance-weights": WEIGHTS}


def agree(got, expected):
    if math.isnan(expected):
        return math.isnan(got)
    return math.isclose(got, expected, rel_tol=1e-12)


def test_the_walk_shows_each_level_step_by_step(open_figure):
    page = open_figure(WALK)
    looks = WALK.params["looks"]
    assert says(page).startswith("No point of p comes near 6.0.")
    last = 2 * len(looks) - 1
    step = page.get_by_role("button", name="Step", exact=True)
    for at in range(1, last + 1):
        step.click()
        shown = read(page)
        look = looks[(at - 1) // 2]
        fitted = at % 2 == 0
        assert shown["step"] == at
        assert shown["mean"] == (look["next"] if fitted else look["mean"])
        for name in ("level", "estimate", "truth"):
            assert shown[name] == look[name]
        assert says(page).startswith(
            f"{len(look['points'])} fresh points"
            if at == last
            else "Fit: the weighted mean"
            if fitted
            else f"Level {(at + 1) // 2}: 200 points"
        )
    assert step.is_disabled()
    assert "The truth is 9.87 × 10⁻¹⁰." in says(page).replace("\u00a0", " ")
    page.get_by_role("button", name="Reset").click()
    assert read(page)["step"] == 0
    page.get_by_role("button", name="Play").click()  # no motion wanted: there at once
    assert read(page)["step"] == last


def test_elites_are_drawn_above_the_level_and_taller_where_they_weigh_more(open_figure):
    page = open_figure(WALK)
    page.evaluate(MOVE, [[[0, 3 / 11]]])
    ticks = page.evaluate(
        "[...document.querySelector('.xent-picture').querySelectorAll('line.edge.q')]"
        ".map(line => [+line.getAttribute('x1'),"
        " line.getAttribute('y1') - line.getAttribute('y2')])"
    )
    assert len(ticks) == WALK.params["looks"][1]["elites"] == 20
    heights = [height for _, height in sorted(ticks)]
    assert heights == sorted(heights, reverse=True)


def test_every_place_of_the_bell_says_what_the_library_says(open_figure):
    page = open_figure(WEIGHTS)
    draws, gamma = np.array(WEIGHTS.params["draws"]), WEIGHTS.params["gamma"]
    readings = page.evaluate(MOVE, [[[0, i / 80]] for i in range(81)])
    for i, shown in enumerate(map(numbers, readings)):
        told = tell(draws, gamma, i / 10)
        assert shown["mean"] == i / 10
        assert shown["hits"] == told.hits
        assert agree(shown["estimate"], told.estimate)
        assert agree(shown["relative"], told.relative_error)
        assert agree(shown["effective"], told.effective)
        assert shown["truth"] == WEIGHTS.params["truth"]


def test_too_little_and_too_much_are_said_in_words(open_figure):
    page = open_figure(WEIGHTS)
    assert says(page) == "None of 400 points hits: there is nothing to say."
    page.evaluate(MOVE, [[[0, 0.525]]])
    assert "The estimate is 1.19 times the truth, give or take 10%." in says(page)
    page.evaluate(MOVE, [[[0, 1.0]]])
    assert "One of them carries 43% of the estimate: do not trust it." in says(page)
    page.get_by_role("button", name="Reset").click()
    assert read(page)["mean"] == 0


@pytest.mark.parametrize("kind", FIGURES)
def test_the_keyboard_moves_every_slider_and_is_told_where(kind, open_figure):
    page = open_figure(FIGURES[kind])
    for slider in sliders(page):
        assert_keys_move(slider)
    assert_names_and_room(page)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
@pytest.mark.parametrize("kind", FIGURES)
def test_the_figures_are_accessible_and_fit(kind, width, theme, script, open_figure):
    page = open_figure(FIGURES[kind], width=width, theme=theme, script=script)
    if script:
        page.evaluate(MOVE, [[[0, 0.5]]])
    assert_accessible_and_fits(page)


@pytest.mark.parametrize("kind", FIGURES)
def test_text_in_drawings_stays_inside_and_apart(kind, open_figure):
    page = open_figure(FIGURES[kind])
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for stop in range(41):
            page.evaluate(MOVE, [[[0, stop / 40]]])
            assert page.evaluate(CLASHES) == [], (width, stop)
