"""The paths that learn to align, in a real browser."""

import math

import numpy as np
import pytest
from figures import (
    CLASHES,
    MOVE,
    assert_accessible_and_fits,
    assert_names_and_room,
    click,
    document,
    known,
    says,
)

from xent_lib import explorables
from xent_lib.explorables.alignment_paths import (
    chance,
    cost_table,
    entropy,
    mean_cost,
    whole,
)

FIGURES = {
    "of the chapter": explorables.alignment_paths(),
    "uneven": explorables.alignment_paths(
        "ACGTACGTACGT", "TTA", mismatch=1, gap=1.5, n_points=(30,), n_rounds=4, seed=2
    ),
}


def agrees(page, name, which, at):
    """Hold what the page shows to what the library computes from the table of that round."""
    params, values = FIGURES[name].params, known(page)
    run, table = params["runs"][which], whole(params["runs"][which]["tables"][at])
    costs = cost_table(params["a"], params["b"], params["mismatch"], params["gap"])
    exact = np.array([int(move) for move in params["exact"]])
    expected = {
        "round": at,
        "mean": mean_cost(table, costs),
        "entropy": entropy(table),
        "chance": chance(table, exact),
    }
    if at:
        expected |= {"level": run["levels"][at - 1], "best": run["best"][at - 1]}
    assert set(values) == set(expected)
    for key, value in expected.items():
        assert math.isclose(values[key], value, rel_tol=1e-9, abs_tol=1e-12), (key, values)


@pytest.mark.parametrize("name", FIGURES)
def test_each_round_shows_what_the_library_computes(name, open_figure):
    page, params = open_figure(FIGURES[name]), FIGURES[name].params
    agrees(page, name, 0, 0)
    for at in range(1, len(params["runs"][0]["levels"]) + 1):
        click(page, "Step")
        agrees(page, name, 0, at)
    assert page.get_by_role("button", name="Step", exact=True).is_disabled()


def test_fewer_paths_end_sure_and_wrong(open_figure):
    page = open_figure(FIGURES["of the chapter"])
    click(page, "20 paths a round")
    click(page, "Play")  # no motion wanted: there at once
    agrees(page, "of the chapter", 1, 12)
    assert "the best so far 7" in says(page)
    assert page.locator("pre").first.text_content() == "GATTA-CA\n |||× ||\n-ATTGACA"
    pressed = page.get_by_role("button", name="20 paths a round").get_attribute("aria-pressed")
    assert pressed == "true"
    click(page, "Reset")
    agrees(page, "of the chapter", 0, 0)
    assert "all moves are alike" in says(page)


def test_the_exact_best_is_drawn_on_request(open_figure):
    page = open_figure(FIGURES["of the chapter"])
    picture = page.get_by_role("img")
    assert picture.locator(".curve.p").count() == 0
    click(page, "Exact best")
    assert picture.locator(".curve.p").count() == 1
    assert "the exact best is drawn below it" in picture.get_attribute("aria-label")
    assert "GATT-ACA\n ||| |||\n-ATTGACA" in page.locator("pre").last.text_content()
    button = page.get_by_role("button", name="Exact best")
    assert button.get_attribute("aria-pressed") == "true"
    click(page, "Exact best")
    assert picture.locator(".curve.p").count() == 0


def test_the_keyboard_moves_the_round_and_is_told_where(open_figure):
    page = open_figure(FIGURES["of the chapter"])
    slider = page.get_by_role("slider")
    slider.focus()
    told = []
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        page.keyboard.press(key)
        told.append(slider.get_attribute("aria-valuetext"))
    assert told == [f"round {at} of 12" for at in (1, 2, 12, 0)]
    agrees(page, "of the chapter", 0, 0)


def test_it_plays_for_those_who_want_motion(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURES["of the chapter"]))
    click(page, "Play")
    page.wait_for_function("document.querySelector('[data-name=round]').dataset.value > 1")
    click(page, "Pause")
    assert 1 < known(page)["round"] < 12
    page.close()


def test_values_stand_without_javascript(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(document(*FIGURES.values()))
    for figure in FIGURES.values():
        assert page.get_by_text(figure.says).is_visible()
    assert page.get_by_role("slider").count() == 0
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
def test_it_is_accessible_and_fits(width, theme, open_figure):
    page = open_figure(*FIGURES.values(), width=width, theme=theme)
    for button in page.get_by_role("button", name="Exact best").all():
        button.click()
    for share in (0.0, 0.3, 1.0):
        page.evaluate(MOVE, [[[0, share], [1, share]]])
        assert page.evaluate(CLASHES) == []
    assert_accessible_and_fits(page)
    assert_names_and_room(page)
