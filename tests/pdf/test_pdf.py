"""The book and its cheat sheet as PDF: whole, linked, tagged, and nothing cut off."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright

from tests.site.browser import find
from tools.pdf import FLAGS, lay_out

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "print" / "_build" / "html"  # what the PDF was made of
PDF = ROOT / "_build" / "handout" / "pdf"
TITLE = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["title"]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
MILLIMETRE = 72 / 25.4
A4 = (210 * MILLIMETRE, 297 * MILLIMETRE)
FONTS = r"SourceSans3-\w+|SourceCodePro-\w+|KaTeX_\w+-\w+|DejaVuSans|FontAwesome6\w+-\w+"

FILES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
NOTEBOOKS = [ROOT / f"{file}.ipynb" for file in FILES if (ROOT / f"{file}.ipynb").is_file()]
# Texts that reach out of the page or of their cell, and boxes that hide a part of what they hold.
CUT = """() => {
  const cut = [];
  const out = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1;
  const paper = { left: 0, right: innerWidth };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const bound = document.querySelectorAll("article").length > 1;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest(".katex-mathml, .xent-hidden, script, style")) continue;
    if (bound && parent.closest('[id$="cheat-sheet"]')) continue; // on a page of another width
    range.selectNodeContents(text);
    const cell = parent.closest("td, th")?.getBoundingClientRect();
    for (const box of range.getClientRects())
      if (box.width && (out(box, paper) || (cell && out(box, cell)))) {
        cut.push(text.data.trim().slice(0, 100));
        break;
      }
  }
  for (const box of document.querySelectorAll(".bd-article *:not(.math, .math *)"))
    if (getComputedStyle(box).overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1
        && box.clientWidth > 1 && !box.closest(".xent-hidden"))
      cut.push(`${box.className}: ${box.textContent.trim().slice(0, 100)}`);
  return cut;
}"""
both = pytest.mark.parametrize("file", ["cross-entropy.pdf", "cheat-sheet.pdf"])


@cache
def pdf(file: str = "cross-entropy.pdf") -> pikepdf.Pdf:
    if not (PDF / file).is_file():
        pytest.fail("there is no PDF: run `make pdf` first", pytrace=False)
    return pikepdf.open(PDF / file)


@cache
def drawn(file: str = "cross-entropy.pdf") -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(PDF / file)


@cache
def texts(file: str = "cross-entropy.pdf") -> list[str]:
    """The words of each page; entry 0 is page 1."""
    return [squeeze(page.get_textpage().get_text_range()) for page in drawn(file)]


@cache
def article(file: str) -> Tag:
    """A page of the site without what leads around in it."""
    soup = BeautifulSoup((SITE / f"{file}.html").read_text("utf-8"), "html.parser")
    body = soup.select_one("article.bd-article")
    assert body
    for link in body.select(".headerlink"):
        link.decompose()
    return body


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def letters(text: str) -> str:
    """A text without its spaces and hyphens, with which a line break may do as it likes."""
    return re.sub(r"[-\s\ufffe\x02]", "", text)


@cache
def page_of() -> dict[tuple[int, int], int]:
    return {page.objgen: number for number, page in enumerate(pdf().pages, start=1)}


def places() -> dict[str, tuple[int, float]]:
    """Where links lead: the page, and the height on it in points."""
    return {
        unquote(name[1:]): (page_of()[place[0].objgen], float(place[3]))
        for name, place in pdf().Root.Dests.items()
    }


def outline() -> Iterator[tuple[int, str, int, float]]:
    """Depth, title, page and height of each bookmark."""

    def walk(items, depth: int) -> Iterator[tuple[int, str, int, float]]:
        for item in items:
            place = item.destination
            yield depth, squeeze(item.title), page_of()[place[0].objgen], float(place[3])
            yield from walk(item.children, depth + 1)

    with pdf().open_outline() as tree:
        yield from walk(tree.root, 1)


def headings() -> Iterator[tuple[int, str]]:
    """Depth and title of all that the pages of the site head, parts above their chapters."""
    captions = {part["chapters"][0]["file"]: part["caption"] for part in TOC["parts"]}
    yield 1, "Contents"
    for file in FILES:
        if file in captions:
            yield 1, captions[file]
        for heading in article(file).select("h1, h2, h3, h4"):
            yield int(heading.name[1]) + (file != TOC["root"]), squeeze(heading.get_text())


def elements(file: str, kind: str) -> list[pikepdf.Dictionary]:
    """The elements of a kind in the tree of tags."""
    return [
        thing
        for thing in pdf(file).objects
        if isinstance(thing, pikepdf.Dictionary)
        and thing.get("/Type") == "/StructElem"
        and thing.get("/S") == kind
    ]


def annotations(file: str) -> Iterator[tuple[int, pikepdf.Dictionary]]:
    for number, page in enumerate(pdf(file).pages, start=1):
        for one in page.get("/Annots", []):
            yield number, one


# What it is


@both
def test_it_says_its_title_its_language_and_that_it_is_tagged(file):
    root = pdf(file).Root
    title = str(pdf(file).docinfo["/Title"])
    assert title == TITLE if file == "cross-entropy.pdf" else "cheat sheet" in title
    assert root.Lang == "en"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert len(elements(file, "/P")) > (5_000 if file == "cross-entropy.pdf" else 10)


@both
def test_it_holds_no_date_so_that_the_same_book_is_the_same_file(file):
    assert not {"/CreationDate", "/ModDate"} & set(pdf(file).docinfo.keys())
    assert not re.search(rb"xmp:(Create|Modify|Metadata)Date", pdf(file).Root.Metadata.read_bytes())


@both
def test_it_is_a4_and_light_to_carry(file):
    for page in pdf(file).pages:
        assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, *A4], abs=1)
        assert page.get("/Rotate", 0) == 0
    assert (PDF / file).stat().st_size < 16e6


@both
def test_every_font_is_within_and_one_of_the_books_own(file):
    fonts = [
        thing
        for thing in pdf(file).objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
    ]
    names = set()
    for font in fonts:
        if font.Subtype == "/Type3":  # signs drawn as outlines within the file
            assert font.CharProcs
        elif font.Subtype != "/Type0":  # which stands for the font below it
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
            names.add(str(font.BaseFont))
    assert len(names) >= 4
    assert all(re.fullmatch(rf"/[A-Z]{{6}}\+({FONTS})", name) for name in names), names


# What is in it


def test_the_outline_is_that_of_the_book():
    assert [(depth, title) for depth, title, *_ in outline()] == list(headings())


def test_each_chapter_begins_on_the_page_that_the_contents_tell():
    contents = next(page for depth, title, page, _ in outline() if title == "Contents")
    first = next(page for depth, title, page, _ in outline() if page > contents)
    told = squeeze(" ".join(texts()[contents - 1 : first - 1]))
    pages = []
    for file in FILES:
        title = squeeze(article(file).select_one("h1").get_text())
        (number,) = re.findall(rf"(?<!\w){re.escape(title)} ?(\d+)(?= |$)", told)[:1]
        place, height = places()[f"{file}:"]
        assert int(number) == place, f"{title}: the contents say page {number}, it is {place}"
        assert title in texts()[place - 1]
        assert height > A4[1] - 40 * MILLIMETRE, f"{title} does not begin a page"
        pages.append(place)
    assert all(one < other for one, other in pairwise(pages))


def test_each_page_has_its_number_and_each_chapter_page_its_title():
    starts = [(places()[f"{file}:"][0], file) for file in FILES]
    for number, text in enumerate(texts(), start=1):
        file = next((file for start, file in reversed(starts) if start <= number), None)
        if file and file != "chapters/reference/cheat-sheet" and not is_part(number):
            title = squeeze(article(file).select_one("h1").get_text())
            assert re.search(rf"(^|\D){number}(\D|$)", text), f"page {number} has no number"
            assert title in text, f"page {number} does not say {title}"


def is_part(number: int) -> bool:
    return any(places()[f"part:{part['caption']}"][0] == number for part in TOC["parts"])


def test_links_lead_to_a_place_in_the_book_or_to_the_web():
    inside = 0
    for number, link in annotations("cross-entropy.pdf"):
        if "/Dest" in link:
            inside += 1
            assert unquote(str(link.Dest)[1:]) in places(), f"page {number}: {link.Dest}"
        elif "/A" in link and "/URI" in link.A:
            assert re.match(r"https?://(?!127\.|localhost)", str(link.A.URI)), link.A.URI
        else:
            pytest.fail(f"page {number}: a link that leads nowhere: {link}")
    assert inside > 1_000


def test_links_of_the_pages_are_links_of_the_book():
    """Every link from page to page, counted by where it leads."""
    wanted = Counter()
    for file in FILES:
        for link in article(file).select("a[href]"):
            target, _, place = link["href"].partition("#")
            if re.match(r"\w+:", link["href"]) or not target.endswith(".html"):
                continue
            name = (SITE / file).parent.joinpath(target).resolve().relative_to(SITE.resolve())
            if (file_ := name.as_posix().removesuffix(".html")) in FILES:
                wanted[f"{file_}:{unquote(place)}"] += 1
    led = Counter(
        unquote(str(link.Dest)[1:])
        for _, link in annotations("cross-entropy.pdf")
        if "/Dest" in link
    )
    missing = {place for place, times in wanted.items() if led[place] < times}
    assert wanted
    assert not missing


@both
def test_no_markup_and_no_dangling_reference_is_printed(file):
    for number, text in enumerate(texts(file), start=1):
        raw = re.search(r"\(\?\?\)|\\(frac|sum|log|begin)\b|\$\$|\{\w+\}`|&[lg]t;|&amp;", text)
        assert not raw, f"page {number}: {text[max(raw.start() - 60, 0) : raw.end() + 60]!r}"


def test_every_picture_is_there_and_told_in_words():
    told = Counter(
        squeeze(str(one.get("/Alt", ""))) for one in elements("cross-entropy.pdf", "/Figure")
    )
    assert all(len(alt) >= 20 for alt in told), [alt for alt in told if len(alt) < 20]
    wanted = Counter(
        squeeze(image["alt"]) for file in FILES for image in article(file).select("img")
    )
    assert len(wanted) > 80
    assert not wanted - told


def test_every_figure_that_moves_on_the_screen_is_drawn():
    everything = letters(" ".join(texts()))
    pictures = sum(len(article(file).select("img")) for file in FILES)
    kinds = "[data-xent]:not([data-xent=quiz], [data-xent=predict])"
    for file in FILES:
        for figure in article(file).select(kinds):
            title = letters(figure.select_one(".xent-title").get_text())
            assert title in everything, f"{file}: {title}"
            pictures += figure["data-xent"] != "trace"  # which is a table
    assert len(elements("cross-entropy.pdf", "/Figure")) >= pictures


def test_answers_and_solutions_lie_open():
    everything = letters(" ".join(texts()))
    for file in FILES:
        for answer in article(file).select(
            "[data-xent=quiz] details li, [data-xent=predict] details p"
        ):
            assert letters(answer.get_text()) in everything, f"{file}: {answer.get_text()}"
    tags = [
        cell["metadata"].get("tags", [])
        for notebook in NOTEBOOKS
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
    ]
    solutions = sum("solution" in one for one in tags)
    assert solutions > 100
    assert everything.count("Aworkedsolution") == solutions


@pytest.mark.parametrize(
    "words", ["Show the code", "Hide the", "Not written yet: replace", "Move a slider (the others"]
)
def test_what_only_a_screen_can_use_is_left_out(words):
    assert not [
        number
        for number, text in enumerate(texts(), start=1)
        if words in text and "API reference" not in text
    ]


# How it lies on the pages


@pytest.mark.parametrize(("file", "width"), [("cross-entropy", 605), ("cheat-sheet", 718)])
def test_no_line_is_cut_off(file, width):
    """Asked of the browser: what is wider than the page, it leaves out of the PDF."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 956})
        page.set_default_timeout(300_000)
        lay_out(file, page)
        cut = page.evaluate(CUT)
        assert page.evaluate("document.body.innerText.length") > 1_000
        browser.close()
    assert not cut, "\n".join(cut)


def test_no_page_is_empty():
    for number, text in enumerate(texts(), start=1):
        assert len(text) > 60, f"page {number} holds only {text!r}"


def test_no_heading_is_left_alone_at_the_foot_of_a_page():
    foot = (22 + 10) * MILLIMETRE
    alone = [(title, page) for _, title, page, height in outline() if height < foot]
    assert not alone


# The cheat sheet


def test_the_cheat_sheet_is_one_page_in_its_own_file_and_in_the_book():
    assert len(pdf("cheat-sheet.pdf").pages) == 1
    after = FILES[FILES.index("chapters/reference/cheat-sheet") + 1]
    assert places()[f"{after}:"][0] == places()["chapters/reference/cheat-sheet:"][0] + 1


def test_the_cheat_sheet_is_whole_and_legible():
    printed = letters(texts("cheat-sheet.pdf")[0])
    for cell in article("chapters/reference/cheat-sheet").select(
        "td:not(:has(.katex)), li:not(:has(.katex), .ways li), h2"
    ):
        assert letters(cell.get_text()) in printed, cell.get_text()
    small = Counter()
    for thing in drawn("cheat-sheet.pdf")[0].get_objects():
        if isinstance(thing, pypdfium2.PdfTextObj):
            name = thing.get_font().get_base_name()
            size = thing.get_font_size() * abs(thing.get_matrix().d)
            if "KaTeX" not in name and size < 7.45:
                small[name, round(size, 2)] += 1
    assert not small
