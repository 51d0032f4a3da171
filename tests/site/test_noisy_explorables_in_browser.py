"""The race of noisy plans in a real browser: what JavaScript shows is what the library says."""

import math

import numpy as np
import pytest
from figures import MOVE, Look, numbers, read, says, sliders

from xent_lib import explorables
from xent_lib.explorables.noisy_race import standings

TRUTH = np.array([0.779, 0.8216, 0.8409, 0.8417, 0.8197])
LABELS = ["1 and 5", "2 and 4", "3 and 3", "4 and 2", "5 and 1"]
RUNS = np.random.default_rng(8).normal(TRUTH[:, np.newaxis], 0.02, size=(20, 5, 100)).round(4)
RACE = explorables.noisy_race(RUNS, TRUTH, LABELS)


@pytest.fixture
def page(open_figure):
    return open_figure(RACE)


def assert_agrees(values):
    n, race = int(values["count"]), int(values["race"]) - 1
    means, _, leaders = standings(RUNS, n)
    leader = leaders[race]
    expected = {
        "mean": means[race, leader],
        "truth": TRUTH[leader],
        "luck": means[race, leader] - TRUTH[leader],
        "wrong": np.sum(leaders != TRUTH.argmax()),
    }
    for name, value in expected.items():
        assert math.isclose(values[name], value, rel_tol=1e-9, abs_tol=1e-12), (name, values)


def test_what_the_script_computes_is_what_the_library_computes(page):
    rng = np.random.default_rng(20)
    shares = np.concatenate([rng.random(40), [0.0, 1.0]])
    settings = [[]] + [[[0, share], [1, float(rng.random())]] for share in shares.tolist()]
    for values in page.evaluate(MOVE, settings):
        assert_agrees(numbers(values))


def test_the_keyboard_moves_both_sliders_and_is_told_where(page):
    runs, race = sliders(page)
    assert runs.get_attribute("aria-valuetext") == "5 runs of each plan"
    runs.focus()
    page.keyboard.press("ArrowRight")
    assert runs.get_attribute("aria-valuetext") == "6 runs of each plan"
    assert_agrees(read(page))
    page.keyboard.press("Home")
    assert says(page).startswith("After 1 run of each plan, ")
    assert_agrees(read(page))
    page.keyboard.press("End")
    race.focus()
    page.keyboard.press("End")
    assert race.get_attribute("aria-valuetext") == "race 20 of 20"
    assert_agrees(read(page))
    page.get_by_role("button", name="Reset").click()
    assert (read(page)["count"], read(page)["race"]) == (5, 1)


def test_the_truth_is_hidden_until_it_is_asked_for(page):
    luck = page.locator("[data-name=luck]")
    drawing = page.locator(".xent-picture").first
    assert luck.inner_text() == "?"
    assert drawing.locator(".curve.p").count() == drawing.locator(".area.excess").count() == 0
    assert says(page).endswith("Is it the best?")
    page.get_by_role("button", name="shown").click()
    leader = standings(RUNS, 5)[2][0]
    verdict = "and it is the best." if leader == 3 else "but 4 and 2 is the best."
    assert says(page) == f"After 5 runs of each plan, {LABELS[leader]} leads, {verdict}"
    assert luck.inner_text() == f"{read(page)['luck']:.3f}".replace("-", "−")
    assert drawing.locator(".curve.p").count() == 5
    area = drawing.locator(".area.excess")
    ticks = drawing.locator(".curve.p")
    mean = float(drawing.locator("circle.solid.q").get_attribute("cx"))
    truth = float(ticks.nth(int(leader)).get_attribute("x1"))
    assert math.isclose(float(area.get_attribute("width")), abs(mean - truth), abs_tol=1e-6)
    page.get_by_role("button", name="hidden").click()
    assert luck.inner_text() == "?"


def test_one_run_has_no_bar_and_each_run_has_a_dot(page):
    drawing = page.locator(".xent-picture").first
    assert drawing.locator("circle.dot").count() == 25
    assert drawing.locator("line.edge.q").count() == 5
    page.evaluate(MOVE, [[[0, 0.0]]])
    assert drawing.locator("circle.dot").count() == 5
    assert drawing.locator("line.edge.q").count() == 0


def test_the_lower_curve_is_the_mean_luck(page):
    label = page.get_by_role("img").nth(1).get_attribute("aria-label")
    means, _, leaders = standings(RUNS, 5)
    luck = (means.max(axis=1) - TRUTH[leaders]).mean()
    first = (RUNS[:, :, 0].max(axis=1) - TRUTH[RUNS[:, :, 0].argmax(axis=1)]).mean()
    assert label.endswith(f"20 races: {first:.3f} after 1 run, {luck:.3f} after 5.")


def test_a_single_race_has_no_slider_for_races(open_figure):
    page = open_figure(explorables.noisy_race(RUNS[:1], TRUTH, LABELS))
    assert len(sliders(page)) == 1


class TestLook(Look):
    figure = RACE

    def states(self, page):
        page.get_by_role("button", name="shown").click()
        for share in (0.0, 0.3, 1.0):
            page.evaluate(MOVE, [[[0, share], [1, share]]])
            yield
