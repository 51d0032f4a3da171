"""The book's matplotlib style."""

import io
import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from xent_lib import plots


@pytest.fixture(autouse=True)
def own_settings():
    with mpl.rc_context(), plt.style.context("default"):
        mpl.use("agg")
        yield
        plt.close("all")


def luminance(color: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines define it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def rgb(color: str) -> tuple[float, float, float]:
    return mpl.colors.to_rgb(color)


def test_style_draws_the_first_line_in_the_colour_of_p():
    plots.use_style()
    assert mpl.rcParams["figure.figsize"] == list(plots.STYLE["figure.figsize"])
    (line,) = plt.figure().add_subplot().plot([0, 1])
    assert line.get_color() == plots.P


def test_a_picture_drawn_twice_is_the_same_file():
    plots.use_style()

    def draw() -> bytes:
        figure, axes = plt.subplots()
        axes.plot([0, 1], [1, 0])
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    assert draw() == draw()


def test_label_stands_at_the_end_of_its_line_in_its_colour():
    _, axes = plt.subplots()
    axes.plot([0, 1, 2], [5, 4, 3], color=plots.Q)
    plots.label_end(axes, "H(p, q)")
    (label,) = axes.texts
    assert (label.get_text(), label.xy, label.get_color()) == ("H(p, q)", (2, 3), plots.Q)


def test_label_takes_a_colour_and_a_line():
    _, axes = plt.subplots()
    axes.plot([0, 1], [0, 1])
    axes.plot([0, 1], [1, 0])
    plots.label_end(axes, "first", color="black", line=0)
    assert axes.texts[0].xy == (1, 1)
    assert axes.texts[0].get_color() == "black"


@pytest.mark.parametrize("color", [plots.P, plots.Q, plots.INK, plots.MUTED])
def test_colours_stand_out_from_white_paper(color):
    assert 1.05 / (luminance(color) + 0.05) >= 3


def test_the_three_colours_of_meaning_differ_in_lightness_or_hue_for_everyone():
    # Blue and pink, which a reader without red sees alike in hue, differ in lightness.
    for one, other in itertools.combinations([plots.P, plots.Q, plots.EXCESS], 2):
        blue = abs(rgb(one)[2] - rgb(other)[2])
        light = abs(luminance(one) - luminance(other))
        assert blue > 0.25 or light > 0.1
