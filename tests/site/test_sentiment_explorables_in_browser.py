"""Ten people and a forecast in a real browser: its numbers, its keyboard and its look."""

import math
import random

import pytest
from figures import (
    MOVE,
    Look,
    assert_keys_move,
    click,
    read,
    says,
    sliders,
)

from xent_lib import cross_entropy, entropy, explorables, kl_divergence

FIGURE = explorables.opinions()
SAYS = ["negative", "neutral", "positive"]


def people(page):
    return page.get_by_role("group", name="The ten people").get_by_role("button").all()


def votes(page):
    """How many say what, as a screen reader tells."""
    said = [one.get_attribute("aria-label").rsplit(maxsplit=1)[-1] for one in people(page)]
    return [said.count(name) for name in SAYS]


def agree(page):
    """What is shown is what the library computes for the people and the sliders."""
    shown = read(page)
    p = [count / 10 for count in votes(page)]
    q = [shown[f"q-{i}"] for i in range(3)]
    expected = {
        "floor": entropy(p),
        "excess": kl_divergence(p, q),
        "loss": cross_entropy(p, q),
        "hard": math.log2(1 / q[p.index(max(p))]) if q[p.index(max(p))] else math.inf,
    }
    for name, value in expected.items():
        assert shown[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_numbers_are_those_of_the_library(open_figure):
    page, chance = open_figure(FIGURE), random.Random(10)
    agree(page)
    for _ in range(12):
        chance.choice(people(page)).click()
        page.evaluate(MOVE, [[[chance.randrange(3), chance.random()]]])
        agree(page)


def test_a_person_changes_their_mind_by_keyboard(open_figure):
    page = open_figure(FIGURE)
    assert votes(page) == [3, 2, 5]
    people(page)[0].focus()
    page.keyboard.press("Enter")
    assert votes(page) == [2, 3, 5]
    page.keyboard.press("Space")
    assert votes(page) == [2, 2, 6]
    page.keyboard.press("Enter")
    assert votes(page) == [3, 2, 5]
    assert "− negative: 3, 0 neutral: 2, + positive: 5" in page.inner_text("main")


def test_the_votes_are_the_best_forecast_and_the_floor_stays(open_figure):
    page = open_figure(FIGURE)
    click(page, "Predict the votes")
    shown = read(page)
    assert shown["excess"] == pytest.approx(0, abs=1e-12)
    assert shown["loss"] == pytest.approx(entropy([0.3, 0.2, 0.5]))
    assert "1.485 bits stay" in says(page)
    for one in people(page)[:5]:
        while not one.get_attribute("aria-label").endswith("positive"):
            one.click()
    click(page, "Predict the votes")
    assert votes(page) == [0, 0, 10]
    assert "the loss is 0" in says(page)


def test_the_majority_is_perfect_to_itself_and_infinitely_bad_to_the_people(open_figure):
    page = open_figure(FIGURE)
    click(page, "Predict the majority")
    shown = read(page)
    assert (shown["hard"], shown["loss"]) == (0, math.inf)
    assert "against the votes the loss is infinite" in says(page)
    click(page, "Reset")
    assert says(page).startswith("A vote costs 1.822 bits")


def test_people_have_room_for_a_finger_and_keep_their_keys(open_figure):
    page = open_figure(FIGURE, width=390)
    assert_keys_move(sliders(page)[0])
    for one in people(page):
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert one.get_attribute("data-lm-suppress-shortcuts") == "true"


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for wish in ("Predict the votes", "Predict the majority"):
            click(page, wish)
            yield
