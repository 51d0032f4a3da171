"""What comes out of a printer when a reader prints a page of the site."""

from io import BytesIO

import pypdfium2
import pytest
from browser import QUIET, find

CHEAT_SHEET = "chapters/reference/cheat-sheet.html"
CHAPTER = "chapters/information/entropy.html"
TYPE = "[...document.fonts].filter(font => font.status == 'loaded').map(font => font.family)"


def printed(tab) -> list:
    """The pages on paper."""
    tab.evaluate("document.fonts.ready")
    paper = tab.pdf(format="A4", prefer_css_page_size=True)
    return list(pypdfium2.PdfDocument(BytesIO(paper)))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cheat_sheet_is_one_page_with_room_for_wider_type(browser, site, theme):
    # A browser of its own: one that had shown hundreds of pages before set this sheet longer, by
    # more than the room to spare, and why is not known.
    fresh = browser.browser_type.launch(executable_path=find(), args=QUIET)
    tab = fresh.new_page(color_scheme=theme)
    tab.goto(f"{site}/{CHEAT_SHEET}")
    tab.add_style_tag(content="@media print { @page sheet { margin-bottom: 24mm } }")  # of 9 mm
    first, *others = printed(tab)
    spilt, type_ = [page.get_textpage().get_text_range() for page in others], tab.evaluate(TYPE)
    fresh.close()
    assert not spilt, f"on paper of {first.get_size()} points, with {type_}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_and_ink_is_dark(visit, theme):
    tab = visit(CHAPTER, theme=theme)
    grey = printed(tab)[0].render(scale=0.5).to_numpy().mean(axis=2)
    assert (grey > 240).mean() > 0.75, "the paper is not white"
    assert grey.min() < 90, "the ink is pale"
    assert tab.locator("html").get_attribute("data-theme") == theme  # again, after the print


def test_solutions_lie_open_and_buttons_are_gone(visit):
    text = "\n".join(page.get_textpage().get_text_range() for page in printed(visit(CHAPTER)))
    assert text.count("A worked solution") >= 3
    for screen_only in ("Run in the browser", "Show the code", "Book as PDF"):
        assert screen_only not in text
