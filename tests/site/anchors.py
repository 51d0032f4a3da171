"""The names of places in the book that others may have linked to.

``python -m tests.site.anchors`` adds what the built site has to `anchors.txt`; it takes nothing
out, so that no name is lost unseen.
"""

import re
from pathlib import Path

from bs4 import BeautifulSoup

HTML = Path(__file__).parents[2] / "_build" / "html"
LIST = Path(__file__).with_name("anchors.txt")

# Names that Sphinx and its extensions count up: they change when something is put in before them.
COUNTED = re.compile(r"(cell-)?id\d+|r[0-9a-f]{12}-\d+")


def anchors() -> set[str]:
    """Every `page#name` of the built site, for sections, formulas, figures, terms and functions."""
    found = set()
    for file in [HTML / "index.html", *sorted(HTML.glob("chapters/*/*.html"))]:
        page = file.relative_to(HTML).as_posix()
        article = BeautifulSoup(file.read_text("utf-8"), "html.parser").select_one("article")
        names = {tag["id"] for tag in article.select("[id]") if not tag.find_parent(class_="cell")}
        names |= {figure["id"] for figure in article.select("figure[id]")}
        found |= {f"{page}#{name}" for name in names if not COUNTED.fullmatch(name)}
    return found


def published() -> set[str]:
    """The names that were published once."""
    return set(LIST.read_text("utf-8").splitlines()) if LIST.exists() else set()


if __name__ == "__main__":
    LIST.write_text("".join(f"{name}\n" for name in sorted(anchors() | published())), "utf-8")
