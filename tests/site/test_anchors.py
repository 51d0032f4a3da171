"""A link into the book keeps working: no name of a place vanishes."""

import pytest
from anchors import anchors, published
from playwright.sync_api import expect
from test_pages import CHAPTERS, PAGES, article

pytestmark = pytest.mark.usefixtures("site")


def test_no_published_anchor_vanishes():
    lost = sorted(published() - anchors())
    assert not lost, (
        "These can no longer be linked to. Put the old name before what it named, as\n"
        "(old-name)=\non a line of its own, or leave a line under that name that says where it "
        "went:\n" + "\n".join(lost)
    )


def test_every_page_has_published_anchors():
    listed = {name.split("#")[0] for name in published()}
    assert listed == set(PAGES), "`make anchors` adds a new page to tests/site/anchors.txt"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_reader_would_link_to_has_a_readable_name(page):
    places = article(page).select(
        "section, figure:has(.headerlink), div.math:has(.eqno), dl.glossary > dt, dl.formulas > dt"
    )
    places = [place for place in places if not place.find_parent(class_="cell_output")]
    unnamed = [place for place in places if len(place.get("id", "").strip("0123456789id-")) < 1]
    assert not unnamed, [str(place)[:200] for place in unnamed]


@pytest.mark.parametrize("kind", ["h2", "figcaption", ".eqno"])
def test_the_link_of_a_place_is_reached_by_keyboard(visit, kind):
    tab = visit("chapters/information/entropy.html")
    link = tab.locator(f"article {kind} a.headerlink").first
    expect(link).to_have_css("opacity", "0")
    link.focus()  # which what is hidden cannot have
    expect(link).to_be_focused()
    expect(link).to_have_css("opacity", "1")
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == link.get_attribute("href")


def test_exercises_can_be_linked_to():
    for file in CHAPTERS:
        headings = article(f"{file}.html").select("section[id^=exercise-] > h3")
        assert len(headings) >= 3, file
