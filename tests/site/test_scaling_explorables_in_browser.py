"""The timetable of blocks, in a real browser."""

import math
from itertools import product

import pytest
from figures import MOVE, Look, click, read, says

from xent_lib import explorables
from xent_lib.explorables.block_schedule import (
    MOST,
    SIZES,
    digits,
    length,
    out_of_order,
    schedule,
    stages_of,
)

FIGURE = explorables.block_schedule()


def agrees(page, workers, size, dies):
    """Hold what the page shows to what the library computes."""
    stages = stages_of(size)
    bars = schedule(stages, workers)
    if dies:
        bars = schedule(stages, workers, length(bars) / 2)
    alone = sum(map(sum, stages))
    expected = {
        "workers": workers,
        "time": length(bars),
        "speedup": alone / length(bars),
        "limit": alone / sum(map(max, stages)),
        "swapped": out_of_order(bars),
        "digits": float(digits(size)[0]),
    }
    values = read(page)
    assert set(values) == set(expected)
    for name, value in expected.items():
        assert math.isclose(values[name], value, rel_tol=1e-9), (workers, size, dies, name)
    drawn = page.locator(".xent-picture").first
    assert drawn.locator("rect").count() == sum(not bar.lost for bar in bars)
    assert drawn.locator(".hatch").count() == dies


@pytest.mark.parametrize("size", SIZES)
def test_each_timetable_is_that_of_the_library(size, open_figure):
    page = open_figure(FIGURE)
    click(page, str(size))
    for fate in ("one dies", "all live"):
        click(page, fate)
        for workers in range(1, MOST + 1):
            page.evaluate(MOVE, [[[0, (workers - 1) / (MOST - 1)]]])
            agrees(page, workers, size, fate == "one dies")


def test_the_keyboard_adds_workers_and_changes_no_digit(open_figure):
    page = open_figure(FIGURE)
    slider = page.get_by_role("slider", name="Workers")
    slider.focus()
    seen = set()
    for workers in (4, 5, 6, 7, 8, 8):
        page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == f"{workers} workers"
        agrees(page, workers, 500, False)
        seen.add(page.locator("[data-name=digits]").inner_text())
    assert seen == {digits(500)[0]}
    assert digits(500)[0] in says(page)
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "1 worker"


def test_buttons_tell_what_is_chosen_and_reset_goes_back(open_figure):
    page = open_figure(explorables.block_schedule(2, 1000, dies=True))
    agrees(page, 2, 1000, True)
    assert page.get_by_role("button", name="one dies").get_attribute("aria-pressed") == "true"
    click(page, "125")
    click(page, "all live")
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    agrees(page, MOST, 125, False)
    assert (
        page.get_by_role("button", name="125", exact=True).get_attribute("aria-pressed") == "true"
    )
    click(page, "Reset")
    agrees(page, 2, 1000, True)


def test_the_last_one_alive_is_this_process(open_figure):
    page = open_figure(explorables.block_schedule(1, 500, dies=True))
    rows = page.locator(".xent-picture").first.locator("text")
    assert "here" in rows.all_text_contents()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert "here" not in rows.all_text_contents()


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for size, fate, key in product(("125", "1000"), ("all live", "one dies"), ("Home", "End")):
            click(page, size)
            click(page, fate)
            page.get_by_role("slider").focus()
            page.keyboard.press(key)
            yield


def test_values_stand_in_the_table_without_a_script(open_figure):
    page = open_figure(FIGURE, script=False)
    assert page.locator("tbody tr").count() == 5
    assert digits(500)[0] in page.locator("body").inner_text()
