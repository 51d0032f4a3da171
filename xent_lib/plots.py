"""The book's pictures: one matplotlib style and colours that mean one thing everywhere.

`P` is the true distribution, `Q` the predicted one, `EXCESS` what a wrong prediction costs,
D(p ‖ q). The three come from a palette that colour-blind readers can tell apart, and differ in
lightness too. Import this module only where you plot: it needs matplotlib, the library does not.
"""

from typing import Any

import matplotlib.style
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats

__all__ = ["EXCESS", "INK", "MUTED", "STYLE", "P", "Q", "label_end", "use_style"]

#: The colour of the true distribution, blue.
P = "#0072B2"

#: The colour of the predicted distribution, orange.
Q = "#D55E00"

#: The colour of the excess, D(p ‖ q), pink.
EXCESS = "#CC79A7"

#: The colour of words and of what is neither p nor q.
INK = "#222222"

#: The colour of axes and of what stands back.
MUTED = "#6B6B6B"

#: The settings of matplotlib that make the style of the book.
STYLE: dict[str, Any] = {
    "figure.figsize": (5.6, 3.3),
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=[P, Q, EXCESS, INK, MUTED]),
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": "#E3E3E3",
    "lines.linewidth": 2.2,
    "hatch.linewidth": 1.2,
    # the same picture gives the same file, so that a notebook changes only where its picture does
    "svg.hashsalt": "xent_lib",
}


def use_style() -> None:
    """Draw as the book does from here on: its style, and pictures as sharp as the screen (SVG)."""
    matplotlib.style.use(STYLE)
    set_matplotlib_formats("svg", metadata={"Date": None})


def label_end(axes: Axes, text: str, color: str | None = None, line: int = -1) -> None:
    """Write a line's name where the line ends, so that no legend is needed.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The axes that hold the line.
    text : str
        The name.
    color : str, optional
        By default the line's own colour.
    line : int
        Which of the axes' lines; by default the one drawn last.
    """
    drawn = axes.lines[line]
    end = (drawn.get_xdata()[-1], drawn.get_ydata()[-1])  # type: ignore[index]
    axes.annotate(
        text,
        end,
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=color or drawn.get_color(),
        annotation_clip=False,
    )
