"""The network that learns, in a real browser: what JavaScript shows is what the library says."""

import math

import numpy as np
import pytest
from figures import CLASHES, assert_accessible_and_fits, read, says, sliders

from xent_lib import explorables
from xent_lib.explorables.network_levels import cut_off
from xent_lib.problems import dodecahedron
from xent_lib.rare_events import Bernoulli, estimate

ENDS = np.array([(dodecahedron() == node).any(axis=1) for node in range(20)]).T
NETWORK = Bernoulli(np.full(30, 0.05), max_ratio=2)
TWO = estimate(
    lambda x: (x @ ENDS[:, [0, 5]]).max(axis=1), 3, NETWORK, n_pilot=2000, n_final=1000, rng=1
)
ALL = estimate(lambda x: (x @ ENDS).max(axis=1), 3, NETWORK, n_pilot=4000, n_final=1000, rng=1)
FIGURE = explorables.network_levels(TWO, ALL)


@pytest.fixture
def page(open_figure):
    return open_figure(FIGURE)


def assert_shows(page, run, at):
    """Every number of the figure is that of a step of a run."""
    step = run["steps"][min(at, len(run["steps"]) - 1)]
    probs = np.array(step["probs"])
    shown = read(page)
    assert shown["step"] == at
    assert math.isclose(shown["failing"], probs.sum(), rel_tol=1e-12)
    assert math.isclose(shown["cut-off"], cut_off(probs, run["terminals"]), rel_tol=1e-12)
    if step["gamma"] is None:
        assert math.isnan(shown["gamma"])
        assert says(page) == "The network as it is: each edge fails with probability 0.05."
    else:
        raised = int((probs >= 0.075).sum())
        assert shown["gamma"] == step["gamma"]
        assert says(page).startswith(f"After γ = {step['gamma']:g}, {raised} edge")
        assert page.locator(".xent-picture line.curve.q").count() == raised
    listed = [float(text) for text in page.locator(".xent tbody td").all_inner_texts()]
    assert np.allclose(listed, np.sort(probs)[:-7:-1], atol=6e-4)
    assert page.evaluate(CLASHES) == []


def test_the_keyboard_walks_through_the_levels_of_both_runs(page):
    two, all_nodes = FIGURE.params["runs"]
    (level,) = sliders(page)
    longest = max(len(two["steps"]), len(all_nodes["steps"])) - 1
    for run in (two, all_nodes):
        page.get_by_role("button", name=run["name"]).click()
        level.focus()
        page.keyboard.press("Home")
        for at in range(longest + 1):
            assert_shows(page, run, at)
            page.keyboard.press("ArrowRight")
        assert says(page).endswith("This is the final proposal.")


def test_the_cuts_around_the_terminals_light_up(page):
    page.get_by_role("button", name="Play").click()  # no motion wanted: there at once
    label = page.locator(".xent-picture svg").get_attribute("aria-label")
    for edge in ["0–1", "0–9", "0–10", "4–5", "5–6", "5–15"]:
        assert f"{edge} 0." in label
    widths = page.evaluate(
        "[...document.querySelectorAll('.xent-picture line.curve.q')]"
        ".map(line => parseFloat(getComputedStyle(line).strokeWidth)).sort((a, b) => b - a)"
    )
    assert min(widths[:6]) > 8
    assert max(widths[6:], default=0) < 5


def test_reset_goes_back_to_the_first_run_and_the_start(page):
    page.get_by_role("button", name="all nodes").click()
    page.get_by_role("button", name="Step", exact=True).click()
    assert read(page)["step"] == 1
    page.get_by_role("button", name="Reset").click()
    assert_shows(page, FIGURE.params["runs"][0], 0)
    pressed = page.get_by_role("button", name="0 from 5").get_attribute("aria-pressed")
    assert pressed == "true"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_figure_is_accessible_and_fits(width, theme, script, open_figure):
    page = open_figure(FIGURE, width=width, theme=theme, script=script)
    if script:
        page.get_by_role("button", name="Play").click()
    standards = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    assert_accessible_and_fits(page, options={"runOnly": standards})
