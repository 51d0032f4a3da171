"""The picture of pixels in a real browser: what it computes, and how it is moved and painted."""

import math

import numpy as np
from figures import (
    MOVE,
    Look,
    assert_keys_move,
    click,
    document,
    read,
    says,
)
from scipy.special import log_softmax
from sklearn.datasets import load_digits

from xent_lib import explorables
from xent_lib.networks import Dense, ReLU, Sequential, train

DIGITS = load_digits()
INK = DIGITS.data / 16
NETWORK = Sequential(Dense(64, 8, rng=1), ReLU(), Dense(8, 10, rng=2))
train(NETWORK, INK[50:], DIGITS.target[50:], epochs=20, batch_size=50, rng=0)
FIGURE = explorables.digit_pixels(
    NETWORK, INK[[3, 5, 8]], DIGITS.target[[3, 5, 8]], ["a plain 3", "an odd 5", "an 8"]
)
W1, B1, W2, B2 = (np.array(array) for array in FIGURE.params["layers"])
THREE, FIVE, _ = (np.array(ink).reshape(8, 8) for ink in FIGURE.params["pictures"])


def assert_reads(page, picture, truth, strength=1.0):
    """The figure must show what the rounded network makes of this picture."""
    ink = np.minimum(picture * strength, 16).ravel() / 16
    logs = log_softmax(np.maximum(ink @ W1 + B1, 0) @ W2 + B2)
    shown = read(page)
    assert shown["guess"] == logs.argmax()
    assert math.isclose(shown["prob"], np.exp(logs.max()), rel_tol=1e-9)
    assert math.isclose(shown["bits"], -logs[truth] / math.log(2), rel_tol=1e-9, abs_tol=1e-12)
    assert f"the true digit, {truth}, costs {shown['bits']:.3f} bits" in says(page)
    told = page.get_by_role("img").get_attribute("aria-label")
    for digit, bits in enumerate(-logs / math.log(2)):
        assert f" {digit} {bits:.1f}" in told


def pixel(page, row, column):
    return page.get_by_role("gridcell").nth(8 * row + column)


def test_each_picture_is_read_as_python_reads_it(open_figure):
    page = open_figure(FIGURE)
    assert_reads(page, THREE, 3)
    click(page, "an odd 5")
    assert_reads(page, FIVE, 5)
    row = FIGURE.rows[1]
    assert (f"{read(page)['prob']:.3f}", f"{read(page)['bits']:.3f}") == row[3:]


def test_it_is_moved_and_what_leaves_it_is_lost(open_figure):
    page = open_figure(FIGURE)
    click(page, "Move the picture left")
    moved = np.pad(THREE, ((0, 0), (0, 1)))[:, 1:]
    assert_reads(page, moved, 3)
    click(page, "Move the picture up")
    moved = np.pad(moved, ((0, 1), (0, 0)))[1:]
    assert_reads(page, moved, 3)
    click(page, "Move the picture down", "Move the picture down", "Move the picture right")
    moved = np.pad(moved, ((2, 0), (1, 0)))[:8, :8]
    assert_reads(page, moved, 3)
    click(page, "Reset")
    assert_reads(page, THREE, 3)


def test_the_keyboard_walks_over_the_pixels_and_paints(open_figure):
    page, painted = open_figure(FIGURE), THREE.copy()
    pixel(page, 0, 0).focus()
    for key in ("ArrowLeft", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("row 2, column 2: ink ")
    page.keyboard.press("Space")
    painted[1, 1] = 0 if painted[1, 1] else 16
    assert_reads(page, painted, 3)
    page.keyboard.press("Enter")
    painted[1, 1] = 0 if painted[1, 1] else 16
    assert_reads(page, painted, 3)
    stops = page.locator("[role=gridcell][tabindex='0']")
    assert stops.count() == 1  # one stop on the way of the tab key
    assert stops.get_attribute("aria-label").startswith("row 2, column 2")


def test_a_mouse_paints_a_line_and_a_finger_a_point(open_figure, browser):
    page, painted = open_figure(FIGURE), THREE.copy()
    start, end = (pixel(page, 5, column).bounding_box() for column in (0, 3))
    assert not THREE[5, :4].any()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=12)
    page.mouse.up()
    painted[5, :4] = 16
    assert_reads(page, painted, 3)
    pixel(page, 5, 1).click()
    painted[5, 1] = 0
    assert_reads(page, painted, 3)
    page.keyboard.press("Space")  # by key after the mouse
    painted[5, 1] = 16
    assert_reads(page, painted, 3)

    touched = browser.new_page(has_touch=True)
    touched.set_content(document(FIGURE))
    pixel(touched, 5, 2).tap()
    once = THREE.copy()
    once[5, 2] = 16
    assert_reads(touched, once, 3)
    touched.close()


def test_the_ink_is_strengthened_and_wiped(open_figure):
    page = open_figure(FIGURE)
    assert_keys_move(page.get_by_role("slider"))
    page.evaluate(MOVE, [[[0, 0.25]]])
    assert read(page)["strength"] == 0.5
    assert_reads(page, THREE, 3, strength=0.5)
    page.evaluate(MOVE, [[[0, 1.0]]])
    assert_reads(page, THREE, 3, strength=2.0)
    click(page, "Wipe all ink")
    assert_reads(page, np.zeros((8, 8)), 3)
    click(page, "an odd 5")  # another picture comes as it is
    assert_reads(page, FIVE, 5)


def test_a_finger_finds_room(open_figure):
    page = open_figure(FIGURE, width=390)
    for button in page.locator(".xent-canvas .xent-buttons button, .xent-choice button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert min(pixel(page, 3, 3).bounding_box()[side] for side in ("width", "height")) >= 40


class TestLook(Look):
    figure = FIGURE

    def states(self, page):
        for strength in (0.0, 0.5, 1.0):
            page.evaluate(MOVE, [[[0, strength]]])
            yield
