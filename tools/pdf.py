"""The book on paper: the pages of the site put behind one another and printed by Chromium.

``python -m tools.pdf`` reads the pages that `make pdf` built into ``_build/print`` and writes
``cross-entropy.pdf`` and ``cheat-sheet.pdf`` into ``_build/handout/pdf``. What is on the pages
comes from the site, how they look on paper from ``_ext/print.css`` and ``_ext/paper.css``.
"""

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import matplotlib
import yaml
from bs4 import BeautifulSoup, Tag
from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf, settings
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.site.browser import MISSING, find
from xent_lib import _html

ROOT = Path(__file__).parent.parent
PRINT = ROOT / "_build" / "print"
NODE = ROOT / "_build" / "node" / "node_modules"
SITE = "_build/html"  # the built pages, as seen from PRINT, where Jupyter Book puts them
TARGET = ROOT / "_build" / "handout" / "pdf"
CHEAT_SHEET = "chapters/reference/cheat-sheet"
TEXT_AREA = ViewportSize(width=605, height=956)  # of A4 without its margins, in CSS pixels
FLAGS = ("--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

# What only a screen can use, and the list of pages at the foot of the first one.
SCREEN_ONLY = "script, button, .headerlink, .toctree-wrapper, .place, .ways, .cite"
NAMED = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls")

# What can play is printed as it is at its end.
PLAY = """() => {
  for (const button of document.querySelectorAll("[data-xent] button"))
    if (button.textContent === "Play") button.click();
}"""
FILL = """(numbers) => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = numbers[place.dataset.pageOf];
}"""


@dataclass
class Chapter:
    """A page of the site, ready to be bound in."""

    name: str
    part: str
    body: Tag

    @property
    def anchor(self) -> str:
        return f"{self.name}:"

    @property
    def title(self) -> str:
        return words(self.body.select_one("h1, h2"))

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Anchor and title of its sections."""
        own = self.body.select("article > section > section[id]")
        return [(str(one["id"]), words(one.select_one("h2, h3"))) for one in own]


def words(tag: Tag | None) -> str:
    """The text of a tag on one line."""
    return " ".join(tag.get_text().split()) if tag else ""


def files() -> Iterator[tuple[str, str]]:
    """Part and name of every page, in order. The first page belongs to no part."""
    yield "", TOC["root"]
    for part in TOC["parts"]:
        for chapter in part["chapters"]:
            yield part["caption"], chapter["file"]


def read(name: str, part: str, pages: set[str]) -> tuple[Chapter, list[str]]:
    """A chapter out of its page, and the style sheets of that page."""
    soup = BeautifulSoup((PRINT / SITE / f"{name}.html").read_text("utf-8"), "html.parser")
    styles = [address(name, str(link["href"])) for link in soup.select('link[rel="stylesheet"]')]
    body = soup.select_one("article.bd-article")
    assert body, f"{name} has no article"
    for tag in body.select(SCREEN_ONLY):
        tag.decompose()
    for tag in body.select("details"):
        tag["open"] = ""
    for tag in body.select('[data-xent="quiz"], [data-xent="predict"]'):
        del tag["data-xent"]  # stays the text it is, with its answers
    for tag in body.select("img"):
        del tag["loading"]  # on paper nothing is far
    for tag in body.select("[src]"):
        tag["src"] = address(name, str(tag["src"]))
    for key in NAMED:
        for tag in body.select(f"[{key}]"):
            tag[key] = " ".join(f"{name}:{one}" for one in " ".join(listed(tag[key])).split())
    for link in body.select("a[href]"):
        bind(link, name, pages)
    if part:  # the part is the first level, so all headings go one down
        for heading in body.select("h1, h2, h3, h4, h5"):
            heading.name = f"h{int(heading.name[1]) + 1}"
    body["id"] = f"{name}:"
    return Chapter(name, part, body), styles


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def address(name: str, link: str) -> str:
    """Where a file that a page names lies, seen from the bound book."""
    return join(SITE, normpath(join(dirname(name), link)))


def bind(link: Tag, name: str, pages: set[str]) -> None:
    """Let a link to another page of the book lead to its place in the book."""
    parts = urlsplit(str(link["href"]))
    if parts.scheme:
        return
    path = normpath(join(dirname(name), unquote(parts.path))) if parts.path else f"{name}.html"
    if path.removesuffix(".html") in pages:
        link["href"] = f"#{path.removesuffix('.html')}:{unquote(parts.fragment)}"
    else:
        link.unwrap()  # a file that the site offers for download


def numbered(anchor: str, title: str, kind: str = "span") -> str:
    """A line of the contents: a title that leads to its place, and the number of its page."""
    return (
        f'<a class="entry" href="#{escape(anchor)}"><{kind}>{escape(title)}</{kind}>'
        f'<span class="page" data-page-of="{escape(anchor)}">000</span></a>'
    )


def contents(chapters: list[Chapter]) -> str:
    """The table of contents: parts, chapters, and the sections that only one chapter has."""
    common = Counter(title for one in chapters for _, title in one.sections)
    lines, part = [], ""
    for one in chapters:
        if one.part != part:
            part = one.part
            lines.append(f'<p class="contents-part">{numbered(f"part:{part}", part)}</p>')
        lines.append(f'<p class="contents-chapter">{numbered(one.anchor, one.title)}</p>')
        sections = [numbered(*section) for section in one.sections if common[section[1]] < 5]
        lines.append(f'<p class="contents-sections">{" ".join(sections)}</p>')
    return f'<nav class="book-contents"><h1 id="contents">Contents</h1>{"".join(lines)}</nav>'


def part_page(part: str, chapters: list[Chapter]) -> str:
    """The page before a part."""
    lines = "".join(
        f"<li>{numbered(one.anchor, one.title)}</li>" for one in chapters if one.part == part
    )
    anchor = escape(f"part:{part}")
    return f'<section class="part"><h1 id="{anchor}">{escape(part)}</h1><ul>{lines}</ul></section>'


def cover() -> str:
    title, subtitle = CITATION["title"].split(": ")
    picture = (ROOT / "_ext" / "cover.svg").read_text("utf-8")
    authors = " · ".join(author["name"] for author in CITATION["authors"])
    return (
        f'<section class="cover"><p class="cover-title">{escape(title)}</p>'
        f'<p class="cover-subtitle">{escape(subtitle)}</p>{picture}'
        f'<p class="cover-foot">{escape(authors)}<span>Version {VERSION}</span></p></section>'
        f'<section class="imprint"><p>{escape(CITATION["title"])}.<br>Version {VERSION}.</p>'
        f"<p>{escape(CONFIG['copyright'])}</p>"
        "<p>Every number in this book is computed and held by a check. "
        "Its figures move, its quizzes answer and its exercises say what is wrong on the screen; "
        "here the figures stand still, and answers and solutions are unfolded.</p></section>"
    )


def quoted(text: str) -> str:
    """A text as CSS writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def running_heads(chapters: list[Chapter]) -> str:
    """A kind of page for each chapter, which has its title at the head."""
    return "".join(
        f"@page c{number} {{ @top-left {{ content: {quoted(one.part or CONFIG['title'])} }} "
        f"@top-right {{ content: {quoted(one.title)} }} }}"
        f"#{css_id(one.anchor)} {{ page: c{number} }}\n"
        for number, one in enumerate(chapters)
    )


def css_id(anchor: str) -> str:
    return re.sub(r"([^\w-])", r"\\\1", anchor)


def document(title: str, inside: str, styles: list[str], own: str) -> str:
    """A whole HTML page. What is drawn by scripts is drawn once, and light."""
    links = "".join(f'<link rel="stylesheet" href="{escape(one)}">' for one in styles)
    paper = "".join(
        (ROOT / "_ext" / file).read_text("utf-8") for file in ("print.css", "paper.css")
    )
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head>'
        f'<meta charset="utf-8"><title>{escape(title)}</title>{links}'
        f"<style>{paper}{own}</style></head>"
        f'<body><div class="bd-content">{inside}</div>'
        f"<script>{_html.script()}</script></body></html>"
    )


def bind_book() -> str:
    """All pages as one."""
    pages = {name for _, name in files()}
    chapters, styles = [], dict[str, None]()
    for part, name in files():
        chapter, used = read(name, part, pages)
        chapters.append(chapter)
        styles |= dict.fromkeys(used)
    inside, part = [cover(), contents(chapters)], ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            inside.append(part_page(part, chapters))
        inside.append(str(chapter.body))
    return document(CITATION["title"], "".join(inside), list(styles), running_heads(chapters))


def bind_sheet() -> str:
    """The cheat sheet alone. Its links have nowhere to lead."""
    chapter, styles = read(CHEAT_SHEET, "", {CHEAT_SHEET})
    foot = quoted(f"{CITATION['title']} · version {VERSION} · text CC BY 4.0")
    own = f"@page sheet {{ @bottom-center {{ content: {foot} }} }}"
    return document(f"{CONFIG['title']}: {chapter.title}", str(chapter.body), styles, own)


def pdf(page: Page) -> bytes:
    """The document as Chromium prints it."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    # Its names for elements count what came and went while loading, too: number them anew.
    name = re.compile(rb"\(node(\d{8})\)")
    ranks = {old: b"%08d" % rank for rank, old in enumerate(sorted(set(name.findall(printed))))}
    return name.sub(lambda found: b"(node" + ranks[found[1]] + b")", printed)


def page_numbers(printed: bytes) -> dict[str, int]:
    """On which page each place lies that a link leads to."""
    with Pdf.open(BytesIO(printed)) as pdf:
        order = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        places = pdf.Root.Dests.items()
        return {unquote(name[1:]): order[place[0].objgen] for name, place in places}


def mend(printed: Pdf) -> None:
    """Set right what Chromium writes into the outline and the tags."""
    with printed.open_outline() as outline:
        items = list(outline.root)
        for item in items:  # which grows meanwhile
            # a heading that begins a page has its words twice
            item.title = re.sub(r"^(.+)\1$", r"\1", item.title)
            items += item.children
    for thing in printed.objects:
        # a <figure> is only the frame of a picture; what has to be told in words is the picture
        if isinstance(thing, Dictionary) and thing.get("/S") == "/Figure" and "/Alt" not in thing:
            thing.S = Name.Div


def lay_out(file: str, page: Page) -> None:
    """Open a bound document as it will be printed."""
    page.emulate_media(media="print", color_scheme="light", reduced_motion="reduce")
    page.goto((PRINT / f"{file}.html").as_uri())
    page.evaluate("document.fonts.ready")
    page.evaluate(PLAY)


def print_to(file: str, title: str, html: str, page: Page) -> None:
    """Print a document, write the numbers of its pages into it, and print it again."""
    (PRINT / f"{file}.html").write_text(html, "utf-8")
    lay_out(file, page)
    printed = pdf(page)
    if page.locator("[data-page-of]").count():
        numbers = page_numbers(printed)
        page.evaluate(FILL, numbers)
        printed = pdf(page)
        assert page_numbers(printed) == numbers, "the numbers of the pages moved the pages"
    with Pdf.open(BytesIO(printed)) as result:
        mend(result)
        # This also drops the dates: the same book gives the same file.
        with result.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"] = title
            about["dc:creator"] = [author["name"] for author in CITATION["authors"]]
            about["dc:language"] = {"en"}
            about["dc:rights"] = CONFIG["copyright"]
            about["dc:description"] = f"Version {VERSION}"
        result.save(
            TARGET / f"{file}.pdf",
            object_stream_mode=ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )


def fetch_type() -> None:
    """Lay the type beside the pages, so that lines break alike on every machine.

    Source Sans and Source Code are under the SIL Open Font License. The few signs that they do not
    have come from DejaVu Sans, which is a part of matplotlib.
    """
    fonts = PRINT / "fonts"
    fonts.mkdir(exist_ok=True)
    for package in ("source-sans", "source-code-pro"):
        for font in (NODE / package / "WOFF2" / "TTF").glob("*.woff2"):
            shutil.copy(font, fonts)
    shutil.copy(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", fonts)


def main() -> None:
    settings.set_flate_compression_level(9)
    browser = find()
    if not browser:
        raise SystemExit(MISSING)
    TARGET.mkdir(parents=True, exist_ok=True)
    fetch_type()
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=FLAGS).new_page(
            viewport=TEXT_AREA
        )
        page.set_default_timeout(300_000)
        print_to("cheat-sheet", f"{CONFIG['title']}: cheat sheet", bind_sheet(), page)
        print_to("cross-entropy", CITATION["title"], bind_book(), page)


if __name__ == "__main__":
    main()
