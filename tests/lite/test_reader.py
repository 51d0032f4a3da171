"""A reader at work: figures, quizzes and exercises answer, work is kept, and trouble is told."""

import json
from urllib.parse import unquote

import lite
import pytest
from axe_playwright_python.sync_playwright import Axe
from server import HTML

CHAPTER = "chapters/information/surprise.ipynb"
# JupyterLab's own faults around the bar are not ours to mend.
AXE = {"resultTypes": ["violations"], "preload": False}
EXERCISE = "jackpot = ..."


@pytest.fixture
def chapter(open_in, online):
    """A chapter, with Python ready."""
    notebook = open_in(online, CHAPTER)
    notebook.wait_for_python()
    return notebook


def cell_with(notebook, text: str):
    """The cell whose code holds a text."""
    return notebook.page.locator(".jp-CodeCell").filter(has_text=text).first


def source(notebook, text: str) -> str:
    """The whole code of the cell that holds a text, or nothing."""
    sources = ("".join(cell["source"]) for cell in notebook.cells())
    return next((code for code in sources if text in code), "")


def write(notebook, text: str, code: str) -> None:
    """Type code over a cell, key by key, and run it."""
    cell_with(notebook, text).locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.press("Delete")
    notebook.page.keyboard.insert_text(code)
    notebook.page.keyboard.press("Shift+Enter")


def test_figures_quizzes_and_exercises_answer(chapter):
    page = chapter.page
    assert chapter.run_all()

    figure = page.locator("[data-xent=surprise][data-ready=true]")
    slider = figure.locator("input[type=range]").first
    slider.focus()
    before = figure.inner_text()
    for _ in range(3):
        slider.press("ArrowRight")
    assert figure.inner_text() != before
    assert slider.evaluate("slider => slider === document.activeElement"), "the notebook took a key"

    quiz = page.locator("[data-xent=quiz]").first
    quiz.locator("input").first.focus()
    page.keyboard.press("Space")
    quiz.locator("button").first.focus()
    page.keyboard.press("Enter")
    assert "Not right" in quiz.locator("[aria-live], [role=status]").first.inner_text()

    exercise = cell_with(chapter, EXERCISE)
    assert "Not written yet" in exercise.locator(".jp-OutputArea").inner_text()
    solution = source(chapter, EXERCISE).replace("...", "math.log2(math.comb(49, 6))")
    write(chapter, EXERCISE, solution)
    page.locator(".xent-check", has_text="Right: 23.7373 bits").first.wait_for()
    answered = page.locator(".jp-CodeCell", has_text="mistakes=mistakes_1").first
    assert "Right: 23.7373 bits" in answered.locator(".jp-OutputArea").inner_text()


def test_work_is_kept_downloaded_and_reset(open_in, online):
    notebook = open_in(online, CHAPTER)
    page, mine = notebook.page, "jackpot = 'mine'"
    notebook.wait_for_python()
    exercise = cell_with(notebook, EXERCISE)
    exercise.scroll_into_view_if_needed()
    write(notebook, EXERCISE, mine)

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download", exact=True).click()
    assert waiting.value.suggested_filename == "surprise.ipynb"
    downloaded = json.loads(waiting.value.path().read_text("utf-8"))
    assert mine in [cell["source"] for cell in downloaded["cells"]]

    page.reload()
    page.locator("#bar-reset:enabled").wait_for()
    assert source(notebook, mine), "the work was not kept"
    notebook.wait_for_python()

    page.get_by_role("button", name="Reset this chapter").click()
    page.get_by_role("button", name="Keep my changes").click()
    assert source(notebook, mine)

    page.get_by_role("button", name="Reset this chapter").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function(
        "jupyterapp.shell.currentWidget.context.model.toString().includes('jackpot = ...')"
    )
    book = json.loads((lite.WORK / "files" / CHAPTER).read_text("utf-8"))
    assert [cell["source"] for cell in notebook.cells()] == [
        cell["source"] for cell in book["cells"]
    ]
    notebook.wait_for_python()
    page.reload()
    page.locator("#bar-reset:enabled").wait_for()
    assert not source(notebook, mine), "the reset was not kept"


def test_reader_gets_back_to_the_book(open_in, offline, site):
    notebook = open_in(offline, CHAPTER)
    page = notebook.page
    page.locator("#bar-download:enabled").wait_for()
    page.get_by_role("link", name="Back to the chapter").click()
    page.wait_for_url(f"{site}/chapters/information/surprise.html")


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("API reference", "/chapters/reference/api.html"),
        ("Cross-entropy", "path=chapters/information/cross-entropy.ipynb"),
    ],
)
def test_links_lead_to_the_book_and_to_other_chapters(open_in, offline, site, name, leads_to):
    page = open_in(offline, "chapters/information/kl-divergence.ipynb").page
    page.locator("#bar-download:enabled").wait_for()
    with page.expect_popup() as opened:
        page.locator(".jp-Notebook").get_by_role("link", name=name, exact=True).first.click()
    opened.value.wait_for_url(lambda url: url.startswith(site) and leads_to in unquote(url))


def test_missing_host_of_python_is_told_with_what_to_do(open_in, offline, site):
    notebook = open_in(offline, CHAPTER)
    notice = notebook.page.get_by_role("alert")
    notice.get_by_role("button", name="Try again").wait_for()
    assert notebook.state() == "Python cannot start"
    told = notice.inner_text()
    assert "cdn.jsdelivr.net" in told
    assert "cannot be reached" in told
    link = notice.get_by_role("link", name="Read on in the book")
    assert link.evaluate("link => link.href") == f"{site}/chapters/information/surprise.html"
    with notebook.page.expect_navigation():
        notice.get_by_role("button", name="Try again").click()


def test_a_copy_in_a_folder_says_that_it_wants_a_server(offline):
    page = offline.new_page()
    page.goto((HTML / lite.address(CHAPTER).partition("?")[0]).as_uri() + f"?path={CHAPTER}")
    notice = page.get_by_role("alert")
    notice.get_by_role("button", name="Try again").wait_for()
    assert "python -m http.server" in notice.inner_text()
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_bar_is_accessible_and_fits(open_in, offline, theme, width):
    notebook = open_in(offline, CHAPTER, width=width, theme=theme)
    page = notebook.page
    page.locator("#bar-notice button").wait_for()
    for name in ("Run all", "Download", "Reset this chapter"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    bar = page.locator("#bar").bounding_box()
    assert page.locator("#main").bounding_box()["y"] == pytest.approx(bar["height"], abs=1)
    violations = Axe().run(page, context="#bar", options=AXE).response["violations"]
    assert not violations, violations
    page.get_by_role("button", name="Reset this chapter").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    assert not Axe().run(page, context="#bar-ask", options=AXE).response["violations"]
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
