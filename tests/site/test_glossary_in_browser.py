"""Glossary terms in the chapters: links that show their definition, for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_pages import AXE, CHAPTERS, PAGES, article, each_page, parsed, told

GLOSSARY = "chapters/reference/glossary.html"
CHAPTER = "chapters/loss/gradients.html"


# As files


@each_page
def test_a_term_is_linked_once_and_leads_to_its_entry(site, page):
    terms = article(page).select("a.term")
    entries = [term["href"].split("#")[1] for term in terms]
    assert len(entries) == len(set(entries))
    assert set(entries) <= {entry["id"] for entry in parsed(GLOSSARY).select("dt[id]")}
    assert all(len(term["data-definition"]) > 15 for term in terms)


@each_page
def test_terms_are_linked_in_prose_only(site, page):
    elsewhere = "a, h1, h2, h3, figcaption, table, pre, code, strong, .math, .cell, dt"
    wrong = [
        term for term in article(page).select("a.term") if term.find_parent(elsewhere.split(", "))
    ]
    assert not wrong
    assert not [term for term in article(page).select("a.term") if term.find_parent(class_="cell")]


@each_page
def test_definitions_weigh_less_than_three_kilobytes(site, page):
    definitions = "".join(term["data-definition"] for term in article(page).select("a.term"))
    assert len(definitions.encode()) < 3_000


def test_most_chapters_have_terms_and_none_has_those_it_introduces(site):
    numbers = [len(article(f"{file}.html").select("a.term")) for file in CHAPTERS]
    assert sum(number >= 4 for number in numbers) >= 20
    entropy = {
        term["href"].split("#")[1]
        for term in article("chapters/information/entropy.html").select("a.term")
    }
    assert "term-surprise" in entropy
    assert not entropy & {"term-entropy", "term-perplexity"}


@pytest.mark.parametrize("page", [page for page in PAGES if "/reference/" in page])
def test_the_reference_has_no_linked_terms(site, page):
    assert not article(page).select("a.term")


# In a browser


@pytest.fixture
def chapter(visit):
    tab = visit(CHAPTER)
    return tab, tab.locator("a.term[href$='#term-logit']"), tab.get_by_role("tooltip")


def test_a_mouse_sees_the_definition_and_can_move_onto_it(chapter):
    tab, term, definition = chapter
    expect(definition).to_be_hidden()
    term.hover()
    expect(definition).to_have_text(term.get_attribute("data-definition"))
    definition.hover()
    tab.wait_for_timeout(400)
    expect(definition).to_be_visible()
    tab.locator("article h1").hover()
    expect(definition).to_be_hidden()


def test_a_keyboard_sees_the_definition_and_escape_closes_it(chapter):
    tab, term, definition = chapter
    term.focus()
    expect(definition).to_be_visible()
    assert term.get_attribute("aria-describedby") == definition.get_attribute("id")
    tab.wait_for_timeout(400)
    expect(definition).to_be_visible()
    tab.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    assert term.get_attribute("aria-describedby") is None
    expect(term).to_be_focused()
    tab.keyboard.press("Tab")
    expect(definition).to_have_text(tab.locator("a.term").nth(1).get_attribute("data-definition"))
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/glossary.html#term-logit")


def test_escape_closes_what_a_mouse_opened(chapter):
    tab, term, definition = chapter
    term.hover()
    expect(definition).to_be_visible()
    tab.keyboard.press("Escape")
    expect(definition).to_be_hidden()


@pytest.mark.parametrize("width", [1200, 390, 320])
def test_every_definition_is_in_the_window_and_beside_its_term(visit, width):
    tab = visit(CHAPTER, width=width)
    definition = tab.get_by_role("tooltip")
    for term in tab.locator("a.term").all():
        term.scroll_into_view_if_needed()
        term.focus()
        box, word = definition.bounding_box(), term.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        gap = max(box["y"] - word["y"] - word["height"], word["y"] - box["y"] - box["height"])
        assert 0 <= gap < 40, term.inner_text()  # a word over two lines is higher
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_first_tap_shows_the_definition_and_a_second_follows_the_link(browser, site):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(f"{site}/{CHAPTER}")
        term = tab.locator("a.term").first
        definition = tab.get_by_role("tooltip")
        term.tap()
        expect(definition).to_be_visible()
        assert tab.url.endswith(CHAPTER)
        tab.locator("article h1").tap()
        expect(definition).to_be_hidden()
        term.tap()
        expect(definition).to_be_visible()
        term.tap()
        tab.wait_for_url(f"**/{GLOSSARY}#*")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_shown_definition_is_accessible(visit, theme):
    tab = visit(CHAPTER, theme=theme)
    tab.locator("a.term").first.focus()
    expect(tab.get_by_role("tooltip")).to_be_visible()
    violations = Axe().run(tab, options=AXE).response["violations"]
    assert not violations, "".join(map(told, violations))


def test_without_javascript_a_term_is_a_link(visit):
    tab = visit(CHAPTER, javascript=False)
    term = tab.locator("a.term").first
    target = term.get_attribute("href").split("#")[1]
    term.click()
    assert tab.url.endswith(f"{GLOSSARY}#{target}")
    assert tab.locator(f"#{target}").is_visible()
