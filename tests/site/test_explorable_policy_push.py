"""The choice whose reward pushes the logits, in a real browser: its numbers, keyboard and look."""

import random

import numpy as np
from figures import (
    MOVE,
    Look,
    assert_keys_move,
    click,
    read,
    says,
)

from xent_lib import activations, explorables
from xent_lib.explorables.policy_push import RATE, REACH, draws

WAYS = ["bridge", "ice", "road"]
REWARDS = np.array([-8.0, -12.0, -20.0])
FIGURE = explorables.policy_push(REWARDS, labels=WAYS)


class Twin:
    """The same figure in Python: the slopes of cross-entropy, times a weight."""

    def __init__(self):
        self.z, self.baseline, self.chosen, self.steps = np.zeros(3), 0.0, 0, 0
        self.marks = iter(draws() * 2)

    @property
    def q(self):
        return activations.softmax(self.z)

    def pushes(self):
        return (REWARDS - self.baseline)[:, None] * (np.eye(3) - self.q)

    def step(self):
        self.z = np.clip(self.z + RATE * self.pushes()[self.chosen], -REACH, REACH)
        self.steps += 1

    def play(self):
        self.chosen = int((self.q.cumsum() <= next(self.marks)).sum())
        self.step()

    def agrees_with(self, page):
        mean = self.q @ self.pushes()
        shown = read(page)
        np.testing.assert_allclose(
            [shown[name] for name in ("expected", "weight", "spread", "baseline", "steps")],
            [
                self.q @ REWARDS,
                REWARDS[self.chosen] - self.baseline,
                self.q @ ((self.pushes() - mean) ** 2).sum(axis=1),
                self.baseline,
                self.steps,
            ],
            rtol=1e-9,
            atol=1e-9,
        )


def test_every_step_is_that_of_python(open_figure):
    page, twin, chance = open_figure(FIGURE), Twin(), random.Random(7)
    twin.agrees_with(page)
    for _ in range(12):
        twin.chosen = chance.randrange(3)
        click(page, WAYS[twin.chosen])
        twin.agrees_with(page)
        click(page, "Take this step")
        twin.step()
        twin.agrees_with(page)
        page.evaluate(MOVE, [[[0, chance.random()]]])
        twin.baseline = read(page)["baseline"]
        twin.agrees_with(page)
        click(page, "Play by chance")
        twin.play()
        twin.agrees_with(page)


def test_the_expected_reward_as_baseline_leaves_the_mean_and_lowers_the_variance(open_figure):
    page, twin = open_figure(FIGURE), Twin()
    means = page.locator("svg text.p").all_inner_texts()
    before = read(page)["spread"]
    click(page, "Baseline = expected reward")
    twin.baseline = twin.q @ REWARDS
    twin.agrees_with(page)
    assert page.locator("svg text.p").all_inner_texts() == means
    assert read(page)["spread"] < before / 5
    for _ in range(10):  # two hundred draws, and then the first ones again
        click(page, "Play 20")
        for _ in range(20):
            twin.play()
        twin.agrees_with(page)
    assert read(page)["expected"] > -8.5
    click(page, "Reset")
    Twin().agrees_with(page)


def test_it_is_moved_by_keyboard_and_told_in_words(open_figure):
    page = open_figure(FIGURE)
    assert says(page).startswith(
        "bridge was chosen, reward −8.0: its weight is −8.00, so its logit goes down."
    )
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    assert read(page)["baseline"] == -20
    assert "its weight is 12.00, so its logit goes up" in says(page)
    page.get_by_role("button", name="road", exact=True).focus()
    page.keyboard.press("Enter")
    assert "its weight is 0.00, so its logit is not pushed" in says(page)
    road = page.get_by_role("button", name="road", exact=True)
    assert road.get_attribute("aria-pressed") == "true"
    label = page.get_by_role("img").get_attribute("aria-label")
    assert label.startswith("Bars and pushes: bridge q 0.333, push 0.000")
    assert_keys_move(page.get_by_role("slider"))


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for way in WAYS:
            click(page, way)
            yield
