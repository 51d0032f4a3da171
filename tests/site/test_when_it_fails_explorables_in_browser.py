"""The missed mode in a real browser: what JavaScript shows is what the library says."""

import math

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from test_explorables_in_browser import CLASHES, MOVE, document, numbers, read, sliders

from xent_lib import explorables
from xent_lib.explorables.missed_mode import run

FIGURE = explorables.missed_mode()


@pytest.fixture(scope="module")
def still(browser):
    """A window whose reader wants no motion, so that buttons act at once."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 800, "height": 900})
    context.set_default_timeout(5_000)
    yield context
    context.close()


@pytest.fixture
def show(still):
    """``show()`` opens a page with the figure; a complaint of the page fails the test."""
    page = still.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_figure(**options):
        page.set_content(document(FIGURE._repr_html_(), **options))
        return page

    yield open_figure
    page.close()
    assert not complaints


def says(page):
    return page.locator(".xent-says").inner_text()


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


def test_what_the_script_computes_is_what_the_library_computes(show):
    page = show()
    for shown in map(numbers, page.evaluate(MOVE, [[], *random_moves(60, 1)])):
        assert_agree({name: math.inf if v is None else v for name, v in shown.items()})


def test_the_buttons_aim_and_the_verdict_follows(show):
    page = show()
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


def test_the_bell_can_be_dragged(show):
    page = show()
    grip = page.locator(".grasp").first.bounding_box()
    at = (grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] - 150, at[1], steps=4)
    page.mouse.up()
    shown = read(page)
    assert -1 < shown["mean"] < 3
    assert_agree(shown)


def test_the_keyboard_moves_every_slider_and_is_told_where(show):
    page = show()
    for slider in sliders(page):
        before = slider.get_attribute("aria-valuetext")
        slider.focus()
        page.keyboard.press("ArrowRight")
        after = slider.get_attribute("aria-valuetext")
        page.keyboard.press("End")
        assert len({before, after, slider.get_attribute("aria-valuetext")}) == 3
        assert slider.locator("xpath=ancestor::label").inner_text().strip()
        assert_agree(read(page))
    for control in [*sliders(page), *page.get_by_role("button").all()]:
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    for picture in page.get_by_role("img").all():
        assert len(picture.get_attribute("aria-label")) > 10


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
def test_the_figure_is_accessible_and_fits(width, theme, script, show):
    page = show(theme=theme, script=script)
    page.set_viewport_size({"width": width, "height": 900})
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_in_drawings_stays_inside_and_apart(show):
    page = show()
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for moves in random_moves(30, 2):
            page.evaluate(MOVE, [moves])
            assert page.evaluate(CLASHES) == [], (width, moves)
