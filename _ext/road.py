"""The picture on the front page: the road from a coin toss to a rare event, ten steps in two rows.

In the notebook the road is a numbered list of links. Here every step gets a small drawing, whose
curves are computed with `xent_lib`. They are SVG inside the page, so that they take its colours,
light or dark, and need no request.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise, product

import numpy as np
from docutils import nodes
from sklearn.datasets import load_digits
from sphinx.application import Sphinx

from xent_lib import binary_entropy, cross_entropy, entropy, huffman_code, surprisal

WIDTH, HEIGHT = 160, 92
P, Q = np.array([0.10, 0.40, 0.50]), np.array([0.60, 0.25, 0.15])


def line(x: np.ndarray, y: np.ndarray, kind: str) -> str:
    """A curve through points whose coordinates are shares of the width and of the height."""
    points = zip(4 + (WIDTH - 8) * x, 4 + (HEIGHT - 8) * (1 - y), strict=True)
    return f'<path class="{kind}" d="M{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>'


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A rectangle by its lower left corner, all in shares."""
    left, top = 4 + (WIDTH - 8) * x, 4 + (HEIGHT - 8) * (1 - y - height)
    size = f'width="{(WIDTH - 8) * width:.1f}" height="{(HEIGHT - 8) * height:.1f}"'
    return f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" {size}/>'


def coin_toss() -> Iterable[str]:
    """The share of heads, which finds its way to one half."""
    tosses = np.random.default_rng(22).random(400) < 0.5
    when = np.arange(1, 401)
    yield line(np.array([0.0, 1.0]), np.array([0.5, 0.5]), "aid")
    yield line(np.log(when) / np.log(400), np.cumsum(tosses) / when, "p")


def surprise() -> Iterable[str]:
    """Surprise over probability, from the rare to the certain."""
    prob = np.linspace(0.02, 1, 60)
    yield line(prob, surprisal(prob) / surprisal(0.02), "p")


def arch() -> Iterable[str]:
    """The entropy of a coin, over its bias."""
    heads = np.linspace(0, 1, 61)
    yield line(heads, binary_entropy(heads), "p")


def codes() -> Iterable[str]:
    """The best code for four symbols: a filled square is a 1, an empty one a 0."""
    words = huffman_code([0.5, 0.25, 0.125, 0.125]).values()
    for row, word in enumerate(words):
        for column, bit in enumerate(word):
            x, y = 0.22 + 0.2 * column, 0.78 - 0.25 * row
            yield box(x, y, 0.15, 0.19, "p fill" if bit == "1" else "p")


def mismatch() -> Iterable[str]:
    """What happens, beside what was expected."""
    for place, (happens, expected) in enumerate(zip(P, Q, strict=True)):
        yield box(0.04 + 0.34 * place, 0, 0.13, happens / 0.65, "p fill")
        yield box(0.18 + 0.34 * place, 0, 0.13, expected / 0.65, "q fill")


def excess() -> Iterable[str]:
    """The entropy, and on top of it what the wrong expectation costs."""
    top = cross_entropy(P, Q)
    yield box(0.18, 0, 0.24, entropy(P) / top, "p fill")
    yield box(0.58, 0, 0.24, entropy(P) / top, "p fill")
    yield box(0.58, entropy(P) / top, 0.24, 1 - entropy(P) / top, "excess fill")


def learning() -> Iterable[str]:
    """The loss of a model that learns a coin by gradient steps on its logit."""
    logit, losses = -3.0, []
    for _ in range(16):
        q = 1 / (1 + np.exp(-logit))
        losses.append(cross_entropy([0.3, 0.7], [1 - q, q]))
        logit += 0.9 * (0.7 - q)
    heights = (np.array(losses) - 0.8 * losses[-1]) / (losses[0] - 0.8 * losses[-1])
    yield line(np.linspace(0, 1, 16), np.full(16, heights[-1]), "aid")
    yield line(np.linspace(0, 1, 16), heights, "q")


def network() -> Iterable[str]:
    """Two numbers go in, pass three nodes, and come out as two."""
    layers = [[(0.1, y) for y in (0.25, 0.75)], [(0.5, y) for y in (0.1, 0.5, 0.9)]]
    layers.append([(0.9, y) for y in (0.25, 0.75)])
    for left, right in pairwise(layers):
        for (x, y), (to_x, to_y) in product(left, right):
            yield line(np.array([x, to_x]), np.array([y, to_y]), "aid")
    for number, layer in enumerate(layers):
        for x, y in layer:
            yield box(x - 0.04, y - 0.07, 0.08, 0.14, "q fill" if number == 2 else "p fill")


def digit() -> Iterable[str]:
    """A three, written by hand, in eight rows of eight."""
    for row, column in np.argwhere(load_digits().images[3] > 6):
        yield box(0.26 + column * 0.06, 0.9 - row * 0.125, 0.06, 0.11, "p fill")


def rare_event() -> Iterable[str]:
    """A bell, a tail that it hardly ever reaches, and the bell that was sent there."""
    z = np.linspace(-3, 8, 111)
    x = (z - z[0]) / (z[-1] - z[0])
    first = (3.0 - z[0]) / (z[-1] - z[0])
    yield box(first, 0, 1 - first, 1, "excess tail")
    yield line(x, 0.94 * np.exp(-(z**2) / 2), "p")
    yield line(x, 0.94 * np.exp(-((z - 4) ** 2) / 2), "q")


STEPS: tuple[Callable[[], Iterable[str]], ...] = (
    coin_toss,
    surprise,
    arch,
    codes,
    mismatch,
    excess,
    learning,
    network,
    digit,
    rare_event,
)


def draw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the drawings into the list of the section "The road"."""
    if docname != app.config.root_doc or app.builder.format != "html":
        return
    (section,) = (one for one in doctree.findall(nodes.section) if "the-road" in one["ids"])
    (road,) = section.findall(nodes.enumerated_list)
    road["classes"].append("road")
    for step, item in zip(STEPS, road.findall(nodes.list_item), strict=True):
        shapes = "".join(step())
        svg = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{shapes}</svg>'
        item.insert(0, nodes.raw("", svg, format="html"))


def setup(app: Sphinx) -> dict[str, bool]:
    """Draw when the page is about to be written."""
    app.connect("doctree-resolved", draw)
    return {"parallel_read_safe": True}
