"""The figures of the combinatorial chapter in a real browser."""

import math

import numpy as np
import pytest
from figures import (
    CLASHES,
    MOVE,
    assert_accessible_and_fits,
    assert_keys_move,
    click,
    document,
    known,
    says,
    sliders,
)
from scipy import special, stats

from xent_lib import explorables

FIGURES = {"max-cut": explorables.max_cut(), "tour-matrix": explorables.tour_matrix()}


def agree(values, expected):
    for name, value in expected.items():
        assert math.isclose(values[name], value, rel_tol=1e-9, abs_tol=1e-12), (name, values)


def coins(run, at):
    """What the figure of the coins must show after a round."""
    at = min(at, len(run["level"]))
    probs = np.array(run["probs"][at])
    told = {f"prob-{i}": prob for i, prob in enumerate(probs)}
    told["entropy"] = stats.entropy([probs, 1 - probs], base=2, axis=0).sum()
    if at:
        told |= {name: run[name][at - 1] for name in ("best", "level", "mean")}
    return told


def matrix(params, at):
    """What the figure of the matrix must show after a round."""
    table = np.array(params["tables"][at])
    entropy = special.entr(table).sum() / math.log(2) / len(table)  # rounded rows, not scaled
    told = {"entropy": entropy, "choices": 2**entropy}
    if at:
        told |= {name: params[name][at - 1] for name in ("best", "level")}
    return told


def test_the_coins_are_stepped_and_played(open_figure):
    page, params = open_figure(FIGURES["max-cut"]), FIGURES["max-cut"].params
    many, few = params["runs"]
    agree(known(page), coins(many, 0))
    assert "every coin is fair" in says(page)
    for round_ in (1, 2, 3):
        click(page, "Step")
        assert known(page)["round"] == round_
        agree(known(page), coins(many, round_))
    click(page, "20 points a round")
    assert (
        page.get_by_role("button", name="20 points a round").get_attribute("aria-pressed") == "true"
    )
    agree(known(page), coins(few, 3))
    click(page, "Play")  # no motion wanted: there at once
    agree(known(page), coins(few, len(many["level"])))
    assert page.get_by_role("button", name="Step", exact=True).is_disabled()
    assert says(page).startswith(
        f"The run came to rest in round {len(few['level'])} (240 cuts tried)"
    )
    assert "the best cut so far 21 of 30" in says(page)
    click(page, "Reset")
    agree(known(page), coins(many, 0))


def test_the_picture_tells_the_best_cut(open_figure):
    page = open_figure(FIGURES["max-cut"])
    graph = page.get_by_role("img").first
    assert "No cut is known yet" in graph.get_attribute("aria-label")
    click(page, "Play")
    assert "20 nodes, of which 20" in graph.get_attribute("aria-label")
    assert "through 24 of 30 edges" in graph.get_attribute("aria-label")
    assert graph.locator("line.curve.run").count() == 24
    page.locator("summary").click()
    cut = FIGURES["max-cut"].params["runs"][0]["cuts"][-1]
    cells = page.locator("details tbody tr td:last-child").all_inner_texts()
    assert "".join(cells) == cut


def test_the_matrix_is_stepped_and_played_and_a_city_is_chosen(open_figure):
    page, params = open_figure(FIGURES["tour-matrix"]), FIGURES["tour-matrix"].params
    last = len(params["level"])
    agree(known(page), matrix(params, 0))
    for round_ in (1, 2):
        click(page, "Step")
        agree(known(page), matrix(params, round_))
    page.evaluate(MOVE, [[[1, 1.0]]])
    row = params["tables"][2][9]
    assert f"city 9 goes on to {int(np.argmax(row))} with probability {max(row):.3f}" in (
        says(page)
    )
    click(page, "Play")
    agree(known(page), matrix(params, last))
    picture = page.get_by_role("img").nth(1).get_attribute("aria-label")
    assert picture.endswith("goes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.")
    click(page, "Reset")
    agree(known(page), {"round": 0, "city": 0, **matrix(params, 0)})


@pytest.mark.parametrize("kind", FIGURES)
def test_the_keyboard_moves_every_slider_and_is_told_where(kind, open_figure):
    page = open_figure(FIGURES[kind])
    for slider in sliders(page):
        assert_keys_move(slider)
    last = page.get_by_role("slider").first.get_attribute("max")
    assert known(page)["round"] == float(last)


def test_the_tour_plays_for_those_who_want_motion(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURES["tour-matrix"]))
    click(page, "Play")
    page.wait_for_function("document.querySelector('[data-name=round]').dataset.value > 1")
    click(page, "Pause")
    assert 1 < known(page)["round"] < 13
    page.close()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
def test_every_figure_is_accessible_and_fits(width, theme, script, open_figure):
    page = open_figure(*FIGURES.values(), width=width, theme=theme, script=script)
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible_and_fits(page)


def test_text_in_drawings_stays_inside_and_apart(open_figure):
    page = open_figure(*FIGURES.values())
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for way in (0.0, 0.1, 0.3, 0.5, 0.8, 1.0):
            page.evaluate(MOVE, [[[i, way] for i in range(3)]])
            assert page.evaluate(CLASHES) == []
