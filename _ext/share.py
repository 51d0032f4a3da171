"""What others see of a page: its description, and the card that a shared link shows.

The descriptions are written in `descriptions.yml`. The cards are drawn from them; those that have
not changed are taken from `_build/cards`. sphinxext.opengraph writes the tags.
"""

import hashlib
import io
import re
import shutil
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

import address
import yaml
from sphinx.application import Sphinx

from xent_lib import _html

HERE = Path(__file__).parent
ROOT = HERE.parent
CACHE = ROOT / "_build" / "cards"
WIDTH, HEIGHT = 1200, 630  # pixels, as social networks like it
LEFT = 80  # margin


@cache
def descriptions() -> dict[str, str]:
    """What each page is about."""
    found: dict[str, str] = yaml.safe_load((HERE / "descriptions.yml").read_text("utf-8"))
    return found


@cache
def parts() -> dict[str, str]:
    """The part of the book that each page is in."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return {page["file"]: part["caption"] for part in toc["parts"] for page in part["chapters"]}


def colour(name: str) -> str:
    """A colour of the book in light mode."""
    match = re.search(rf"--xent-{name}: (#\w+)", _html.style())
    assert match, name
    return match[1]


def draw(path: Path, title: str, part: str, line: str) -> None:
    """Draw a card."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from PIL import Image

    with rc_context({"font.family": "DejaVu Sans", "text.parse_math": False}):
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=colour("paper"))
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        axes.axis("off")

        def write(x: float, top: float, pixels: float, lines: list[str], **look: Any) -> float:
            """Lines of text below `top`; returns where they end."""
            for text in lines:
                axes.text(x, top, text, size=pixels * 0.72, va="top", **look)
                top += 1.3 * pixels
            return top

        end = write(LEFT, 72, 30, [part], color=colour("p-text"), weight="bold")
        end = write(LEFT, end + 14, 64, wrap(title, 25), color=colour("ink"), weight="bold")
        write(LEFT, end + 24, 32, wrap(line, 56), color=colour("muted"))
        write(LEFT, 532, 30, ["Cross-Entropy"], color=colour("ink"), weight="bold")
        bars = [(0, 30, "p"), (38, 54, "p"), (76, 24, "p")]  # the logo: p, and above it the excess
        for x, height, name in bars:
            axes.add_patch(Rectangle((1020 + x, 568 - height), 28, height, color=colour(name)))
        axes.add_patch(Rectangle((1020 + 76, 568 - 24 - 48), 28, 48, color=colour("q")))
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
    # A few dozen colours do for letters on paper, and make the file a third as large.
    Image.open(picture).convert("RGB").quantize(48).save(path, optimize=True)


def card(title: str, part: str, line: str) -> Path:
    """The card of a page, drawn only if there is none like it."""
    source = Path(__file__).read_text("utf-8") + _html.style()
    key = hashlib.sha256(repr((title, part, line, source)).encode()).hexdigest()[:16]
    path = CACHE / f"{key}.png"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draw(path, title, part, line)
    return path


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the description and the card of a page into its head."""
    line = descriptions().get(pagename)
    if line is None or app.builder.name != "html":
        return
    context["metatags"] += f'<meta name="description" content="{escape(line)}" />\n'
    tags = {"og:description": escape(line)}
    image = Path("_images", "cards", f"{pagename.replace('/', '-')}.png")
    target = Path(app.outdir) / image
    target.parent.mkdir(parents=True, exist_ok=True)
    title = app.env.titles[pagename].astext()
    shutil.copy(card(title, parts().get(pagename, "A book that runs"), line), target)
    if address.site():
        tags["og:image"] = address.site() + image.as_posix()
        tags["og:image:alt"] = escape(f"{title}. {line}")
        tags["og:image:width"], tags["og:image:height"] = str(WIDTH), str(HEIGHT)
    context["meta"] = {**(context.get("meta") or {}), **tags}


def setup(app: Sphinx) -> dict[str, bool]:
    """Have it done before sphinxext.opengraph looks at the page."""
    app.connect("html-page-context", describe, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
