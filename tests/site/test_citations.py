"""Every chapter says how to cite it, and says the same as CITATION.cff."""

import pytest
import yaml
from playwright.sync_api import expect
from pybtex.database import parse_string
from test_pages import CHAPTERS, PAGES, ROOT, article, parsed, squeeze

import xent_lib

CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
BOOK = ["index.html", "chapters/reference/bibliography.html"]
CITED = [
    page
    for page in PAGES
    if "/reference/" not in page or page in BOOK or page.removesuffix(".html") in CHAPTERS
]

pytestmark = pytest.mark.usefixtures("site")
each_cited = pytest.mark.parametrize("page", CITED)


def entry(page: str):
    """The one BibTeX entry of a page, and its key."""
    (box,) = article(page).select("details.cite")
    ((key, found),) = parse_string(box.select("pre")[1].get_text(), "bibtex").entries.items()
    return key, found


@each_cited
def test_the_bibtex_of_a_page_says_what_the_citation_file_says(page):
    _, found = entry(page)
    assert [str(person) for person in found.persons["author"]] == [
        f"{{{author['name']}}}" for author in CFF["authors"]
    ]
    assert found.fields["year"] == str(CFF["date-released"])[:4]
    assert found.fields["note"] == f"Version {xent_lib.__version__}"
    book = found.fields["title" if page in BOOK else "booktitle"]
    assert book == f"{{{CFF['title']}}}"
    if page not in BOOK:
        heading = parsed(page).select_one("article h1").get_text().removesuffix("#")
        assert found.fields["title"] == f"{{{heading}}}"


@each_cited
def test_the_line_to_cite_has_authors_year_title_and_version(page):
    line = squeeze(article(page).select("details.cite pre")[0].get_text())
    title = entry(page)[1].fields["title"].strip("{}")
    year = str(CFF["date-released"])[:4]
    assert line.startswith(f"{CFF['authors'][0]['name']} ({year}). {title}")
    assert f"version {CFF['version']}." in line


def test_the_keys_are_unique():
    keys = [entry(page)[0] for page in CITED if page != BOOK[1]]
    assert len(keys) == len(set(keys))
    assert entry(BOOK[0])[0] == entry(BOOK[1])[0]


def test_the_lists_of_the_reference_have_none():
    assert not [page for page in PAGES if page not in CITED and article(page).select(".cite")]


@pytest.mark.parametrize("file", CHAPTERS)
def test_reference_managers_can_read_the_head(file):
    page = f"{file}.html"
    tags = {tag["name"]: tag["content"] for tag in parsed(page).select("meta[name^=citation_]")}
    assert tags["citation_title"] == entry(page)[1].fields["title"].strip("{}")
    assert tags["citation_author"] == CFF["authors"][0]["name"]
    assert tags["citation_publication_date"] == str(CFF["date-released"]).replace("-", "/")
    assert ("citation_inbook_title" in tags) == (page not in BOOK)


def test_the_box_is_the_last_thing_of_a_chapter_and_is_folded():
    for file in CHAPTERS:
        after = article(f"{file}.html").select("details.cite ~ *, details.cite ~ section")
        assert not after, file
        assert not article(f"{file}.html").select_one("details.cite").has_attr("open")


def test_the_citation_can_be_copied(visit):
    tab = visit("chapters/information/entropy.html")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.locator("details.cite summary").click()
    button = tab.locator("details.cite .highlight-bibtex button.copybtn")
    expect(button).to_have_count(1)
    button.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(300)
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "xent-information-entropy" in parse_string(copied, "bibtex").entries
