"""The search with a bell in a real browser: its numbers, its keyboard and its look."""

import math
import random

from figures import (
    MOVE,
    Look,
    click,
    document,
    read,
    says,
)

from xent_lib import explorables
from xent_lib.explorables.gaussian_search import LANDSCAPES, ROUNDS, SHARES, height, search

FIGURE = explorables.gaussian_search()


def press(page, slider, *keys):
    page.get_by_role("slider").nth(slider).focus()
    for key in keys:
        page.keyboard.press(key)


def agree(page, ground, family, inject):
    """What is shown is what the library computes for where the sliders stand."""
    values = read(page)
    seen = search(ground, family, values["share"], inject)[int(values["round"])]
    at = float(height(ground, seen.bell.mean[None])[0])
    expected = {"height": at, "best": seen.best, "spread": seen.bell.spread()}
    for name, value in expected.items():
        assert math.isclose(values[name], value, rel_tol=1e-6, abs_tol=1e-6), (name, values, value)
    assert values["evaluations"] == 80 * (values["round"] + 1)


def test_every_search_is_that_of_the_library(open_figure):
    page, chance = open_figure(FIGURE), random.Random(7)
    agree(page, "slope", "diagonal", False)
    for ground in LANDSCAPES:
        for family in ("diagonal", "full"):
            for injection in ("off", "on"):
                click(page, ground, family, injection)
                for _ in range(3):
                    ways = [[0, chance.random()], [1, chance.random()]]
                    page.evaluate(MOVE, [ways])
                    agree(page, ground, family, injection == "on")


def test_it_is_stepped_and_played_by_keyboard(open_figure):
    page = open_figure(FIGURE)
    press(page, 1, "ArrowRight", "ArrowRight")
    assert read(page)["round"] == 2
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    assert read(page)["round"] == 3
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")  # no motion is wanted: at once
    assert read(page)["round"] == ROUNDS - 1
    assert page.get_by_role("button", name="Step").is_disabled()
    assert "it stands still" in says(page)
    press(page, 0, "Home")
    assert read(page)["share"] == SHARES[0]
    press(page, 0, "ArrowRight")
    assert says(page).startswith("Round 49: centre (8.00")
    assert "at the bottom" in says(page)
    click(page, "Reset")
    assert read(page) | {"share": 0.7, "round": 0} == read(page)


def test_the_choices_are_pressed_and_the_picture_tells_itself(open_figure):
    page = open_figure(FIGURE)
    click(page, "bent valley", "full")
    for name in ("bent valley", "full", "off"):
        button = page.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("aria-pressed") == "true"
    label = page.get_by_role("img").get_attribute("aria-label")
    assert label.startswith(
        "The bent valley from above. In round 0 the bell stands at (−1.00, 1.00)"
    )
    assert page.locator("circle.solid.p").count() == 8
    click(page, "slope", "on")
    page.evaluate(MOVE, [[[0, 1.0], [1, 1.0]]])
    texts = []
    for step in range(ROUNDS):
        page.evaluate(MOVE, [[[1, step / (ROUNDS - 1)]]])
        texts.append(says(page))
    assert any("widened again" in text for text in texts)


def test_it_plays_for_those_who_want_motion(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURE))
    click(page, "Play")
    page.wait_for_function("document.querySelector('[data-name=round]').dataset.value > 1")
    click(page, "Pause")
    first = read(page)["round"]
    page.wait_for_timeout(600)
    assert read(page)["round"] == first < ROUNDS - 1
    page.close()


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for ground in LANDSCAPES:
            click(page, ground)
            yield
