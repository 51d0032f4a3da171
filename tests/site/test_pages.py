"""Every built page, first as a file and then in a browser: whole, quiet, accessible, offline."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
TITLE = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
FILES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
CHAPTERS = [file for file in FILES if (ROOT / f"{file}.ipynb").is_file()]
PAGES = [f"{file}.html" for file in FILES]
MADE = ["genindex.html", "py-modindex.html", "search.html"]  # by Sphinx itself
AXE = {"resultTypes": ["violations"], "preload": False}  # it would fetch style sheets wrongly
LOAD_ALL = "for (const one of document.images) one.loading = 'eager'"
LOADED = "[...document.images].every(one => one.complete && one.naturalWidth)"
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 390)]

each_page = pytest.mark.parametrize("page", PAGES)
every_page = pytest.mark.parametrize("page", [*PAGES, *MADE])
each_look = pytest.mark.parametrize(("theme", "width"), LOOKS)


@pytest.fixture(autouse=True)
def built(site):
    """All tests here read the built site."""


@cache
def parsed(page: str) -> BeautifulSoup:
    return BeautifulSoup((HTML / page).read_text("utf-8"), "html.parser")


def article(page: str) -> Tag:
    """What the page is about, without the theme's frame around it."""
    found = parsed(page).select_one("article.bd-article, #main-content")
    assert found, f"{page} has no article"
    return found


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# As files


@every_page
def test_page_says_what_it_is(page):
    soup = parsed(page)
    assert soup.html["lang"] == "en"
    assert len(squeeze(soup.title.get_text())) > 8
    assert len(soup.select("article h1, #main-content article h1") or soup.select("h1")) == 1
    description = soup.select_one('meta[name="description"]')
    assert description, "no meta description"
    assert len(description["content"]) > 50
    if page in PAGES:
        assert soup.select_one('meta[property="og:site_name"]')["content"] == TITLE


@each_page
def test_every_equation_is_rendered(page):
    body = article(page)
    assert not body.select(".katex-error"), [str(error) for error in body.select(".katex-error")]
    for formula in body.select(".math"):
        assert formula.select_one(".katex"), f"not rendered: {formula.get_text()}"
    shown = BeautifulSoup(str(body), "html.parser")
    for other in shown.select("pre, code, script, .katex"):
        other.decompose()
    raw = re.search(r"\\[(\[]|\$\$|\$[^$\s][^$]*\$|\{\w+\}`|\\(frac|log|sum)\b", shown.get_text())
    assert not raw, f"raw markup: {shown.get_text()[raw.start() - 60 : raw.end() + 60]!r}"
    assert "(??)" not in shown.get_text(), "a reference to no equation"


def targets(page: str) -> set[str]:
    return {tag["id"] for tag in parsed(page).select("[id]")} | {""}


@every_page
def test_links_inside_the_site_are_alive(page):
    dead = []
    for link in parsed(page).select("a[href], area[href]"):
        address = urlsplit(link["href"])
        if address.scheme or address.netloc:
            continue
        file = (HTML / page).parent / unquote(address.path) if address.path else HTML / page
        if address.path.startswith("/") or not file.is_file():
            dead.append(f"{link['href']} leads to no file ({squeeze(link.get_text())!r})")
        elif file.suffix == ".html":
            target = file.resolve().relative_to(HTML.resolve()).as_posix()
            if unquote(address.fragment) not in targets(target):
                dead.append(f"{link['href']} leads to no place ({squeeze(link.get_text())!r})")
    assert not dead, "\n".join(dead)


@every_page
def test_nothing_on_the_page_comes_from_another_host(page):
    soup = parsed(page)
    loading = [tag["src"] for tag in soup.select("[src]")]
    loading += [tag["href"] for tag in soup.select("link[href]:not([rel=canonical])")]
    assert not [address for address in loading if re.match(r"(https?:)?//", address)]


@each_page
def test_pictures_are_told_in_words(page):
    for image in article(page).select("img"):
        alt = image.get("alt", "")
        assert len(alt) >= 20, f"alt text {alt!r} of {image.get('src')}"
        assert Path(image["src"]).stem not in alt
        assert not re.search(r"\.(png|svg|jpe?g|webp)\b", alt), f"a file name: {alt!r}"


def shown_text(outputs: list[dict]) -> str:
    """What a reader sees of a cell's outputs: the richest form of each, pictures left out."""
    text = []
    for output in outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        data = {kind: "".join(content) for kind, content in data.items()}
        if any(kind.startswith("image/") for kind in data):
            continue
        if "text/html" in data:
            text.append(BeautifulSoup(data["text/html"], "html.parser").get_text())
        else:
            text.append(data["text/plain"])
    return re.sub(r"\s", "", "".join(text))


@pytest.mark.parametrize("file", CHAPTERS)
def test_page_shows_exactly_the_outputs_of_the_notebook(file):
    cells = json.loads((ROOT / f"{file}.ipynb").read_text("utf-8"))["cells"]
    expected = [
        shown_text(cell["outputs"])
        for cell in cells
        if cell["cell_type"] == "code"
        and cell["outputs"]
        and not {"remove-cell", "remove-output"} & set(cell["metadata"].get("tags", []))
    ]
    page = BeautifulSoup(str(article(f"{file}.html")), "html.parser")
    for caption in page.select(".cell_output figcaption"):
        caption.decompose()
    shown = [re.sub(r"\s", "", output.get_text()) for output in page.select(".cell_output")]
    assert shown == expected


# In a browser


@each_look
@every_page
def test_page_is_quiet_accessible_and_no_wider_than_the_window(visit, page, theme, width):
    tab = visit(page, theme=theme, width=width)  # which fails in the end if anything complained
    tab.wait_for_load_state("networkidle")
    assert tab.locator("html").get_attribute("data-theme") == theme
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, too_wide(tab)
    tab.evaluate(f"() => {{ {LOAD_ALL} }}")  # not only those that are near
    tab.wait_for_function(LOADED)
    violations = Axe().run(tab, options=AXE).response["violations"]
    assert not violations, "".join(map(told, violations))


def told(violation: dict) -> str:
    """A finding of axe in a few lines."""
    nodes = [squeeze(node["html"])[:160] for node in violation["nodes"]]
    first = "".join(f"\n    {node}" for node in nodes[:5])
    return f"{violation['help']} ({violation['id']}, {len(nodes)} times):{first}\n"


def too_wide(tab) -> list[str]:
    """What sticks out of the window."""
    return tab.evaluate(
        """[...document.querySelectorAll("main *")]
           .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
           .map(element => element.outerHTML.slice(0, 120))"""
    )


def readings(figure) -> str:
    """The numbers that an explorable shows."""
    return figure.locator("[data-value]").evaluate_all(
        "all => all.map(one => one.dataset.name + '=' + one.dataset.value).join()"
    )


@pytest.mark.parametrize("file", CHAPTERS)
def test_explorables_are_moved_by_keyboard(visit, file):
    tab = visit(f"{file}.html")
    for figure in tab.locator("[data-xent]:not([data-xent=quiz], [data-xent=predict])").all():
        kind = figure.get_attribute("data-xent")
        assert figure.get_attribute("data-ready") == "true", f"{kind} is not live"
        before = readings(figure)
        assert before, f"{kind} shows no value"
        control = figure.locator("input[type=range], [role=slider], input[type=text]").first
        control.focus()
        for _ in range(3):
            control.press("x" if control.get_attribute("type") == "text" else "ArrowRight")
        assert readings(figure) != before, f"{kind} does not move"
        assert figure.locator("[aria-live], [role=status], output").count(), f"{kind} is silent"


@pytest.mark.parametrize("file", CHAPTERS)
def test_quizzes_answer_by_keyboard(visit, file):
    tab = visit(f"{file}.html")
    for quiz in tab.locator("[data-xent=quiz]").all():
        said = quiz.locator("[aria-live], [role=status]")
        assert not "".join(said.all_inner_texts()).strip(), "it speaks before it is asked"
        quiz.locator("input").first.focus()
        tab.keyboard.press("Space")
        button = quiz.locator("button:visible")
        if button.count():
            button.first.focus()
            tab.keyboard.press("Enter")
        assert re.search(r"[Rr]ight", "".join(said.all_inner_texts())), "no answer in a live region"


@pytest.mark.parametrize("page", PAGES)
def test_page_reads_without_javascript(visit, page):
    tab = visit(page, javascript=False)
    assert tab.locator("article h1").is_visible()
    assert tab.locator("article p").first.is_visible()
    for component in tab.locator("[data-xent]").all():
        assert component.is_visible()
        assert component.inner_text().strip(), "nothing stands there without JavaScript"
    formula = tab.locator("article .katex-html").first
    assert formula.count() == 0 or formula.is_visible()


def test_search_finds_a_word_offline(visit):
    tab = visit("search.html?q=Huffman")
    found = tab.locator("#search-results a")
    found.first.wait_for()
    links = [link.get_attribute("href") for link in found.all()]
    assert any("chapters/information/codes.html" in link for link in links), links


def test_the_only_pages_are_those_of_the_table_of_contents():
    built = {path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html")}
    built = {page for page in built if not page.startswith(("_", "lite/"))}
    assert built == {*PAGES, *MADE}


def test_a_second_build_has_nothing_to_do():
    # no step of a build may make its own sources look new
    assert subprocess.run(["make", "-q", "_build/html/.built"], cwd=ROOT).returncode == 0, (
        "run `make book`"
    )
