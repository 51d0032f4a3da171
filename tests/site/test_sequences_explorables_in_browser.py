"""The costs of letters in a real browser: their numbers, the keyboard and the look."""

import math

import pytest
from figures import (
    Look,
    click,
    read,
    says,
)

from xent_lib import explorables
from xent_lib.datasets import census_names
from xent_lib.explorables.letter_surprise import MODELS, LetterModel, counted

NAMES = census_names("female")[0][:400]
FIGURE = explorables.letter_surprise(NAMES, "marianne", "2 letters before")
MODEL = LetterModel(counted(NAMES))


def write(page, name):
    page.get_by_role("textbox", name="Name").fill(name)


def agree(page, name, model):
    """What is shown is what the library computes."""
    bits = MODEL.bits(name, model)
    each = sum(bits) / len(bits)
    values = read(page)
    for what, value in {"total": sum(bits), "each": each, "perplexity": 2**each}.items():
        assert math.isclose(values[what], value, rel_tol=1e-9), (what, name, model)


@pytest.mark.parametrize("name", ["marianne", "zoe", "mr", "xqzv", "a", "abcdefghijkl"])
def test_every_cost_is_that_of_the_library(name, open_figure):
    page = open_figure(FIGURE)
    write(page, name)
    for place, model in enumerate(MODELS):
        click(page, model)
        agree(page, name, place)
        assert says(page).startswith(f"{name} costs ")


def test_it_is_typed_and_chosen_by_keyboard(open_figure):
    page = open_figure(FIGURE)
    field = page.get_by_role("textbox", name="Name")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    agree(page, "mariann", 3)
    page.keyboard.type("A 9-x")  # capitals become small; what is no letter is left out
    assert field.input_value() == "mariannax"
    agree(page, "mariannax", 3)
    page.get_by_role("button", name="1 letter before").focus()
    page.keyboard.press("Enter")
    agree(page, "mariannax", 2)
    click(page, "Reset")
    assert field.input_value() == "marianne"
    agree(page, "marianne", 3)


def test_an_empty_name_is_only_its_end(open_figure):
    page = open_figure(FIGURE)
    write(page, "")
    agree(page, "", 3)
    assert says(page) == "No name yet: only the end costs something."


def test_the_choice_is_pressed_and_the_picture_tells_itself(open_figure):
    page = open_figure(FIGURE)
    click(page, "3 letters before")
    pressed = [
        button.inner_text()
        for button in page.get_by_role("button").all()
        if button.get_attribute("aria-pressed") == "true"
    ]
    assert pressed == ["3 letters before"]
    label = page.get_by_role("img").get_attribute("aria-label")
    bits = MODEL.bits("marianne", 4)
    assert label.startswith(f"Bars of surprise in bits: m {bits[0]:.1f}, a {bits[1]:.1f}")
    assert page.locator("rect.area.q").count() == 9


def test_a_finger_finds_room(open_figure):
    page = open_figure(FIGURE, width=390)
    for control in [page.get_by_role("textbox", name="Name"), *page.get_by_role("button").all()]:
        assert control.bounding_box()["height"] >= 44


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for name in ("mr", "marianne", "abcdefghijkl"):
            write(page, name)
            yield
