"""The pages of an injector, opened with scripts allowed: nothing runs and nothing is fetched.

Two walls stand between a student's text and a reader's browser, the cleaning and the page's policy.
Each is tried without the other.
"""

import re
import sys
from pathlib import Path

import pytest
from attacks import INJECTION, NAME
from playwright.sync_api import sync_playwright

from coursework import reports
from coursework.assignments import SOURCE, Assignment
from coursework.gradebook import GRADED, Mark, Result, Row

sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
import browser as machine

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

REFRESH = re.compile(r"<meta http-equiv=refresh[^>]*>")


def injection() -> str:
    return INJECTION.replace("PORT", "9")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=machine.find(), args=args)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def row() -> Row:
    """A result with harm wherever a student's words, or an attacker's name, can get."""
    harm = injection()
    cell = {"printed": harm, "error": harm}
    kinds = [("markdown", ""), ("code", ""), ("raw", ""), ("code", "message-bits")]
    cells = [{"kind": kind, "source": harm, "id": id, **cell} for kind, id in kinds]
    cells += [{"kind": "markdown", "source": harm, "id": "in-your-own-words", **cell}]
    tests = {"message-bits-check": {"points": 0.0, "most": 2.0, "told": f"`{harm}` {harm}"}}
    result = Result(harm, NAME, GRADED, "", False, (harm,), tests, tuple(cells))
    return Row(result, {"in-your-own-words": Mark(1.0, harm)})


@pytest.fixture(scope="module")
def pages(row) -> dict[str, str]:
    assignment = Assignment(SOURCE / NAME / f"{NAME}.ipynb")
    for id, test in assignment.tests.items():
        right = {"points": test.points, "most": test.points, "told": ""}
        row.result.tests.setdefault(id, right)
    return {
        "feedback": reports.feedback(row, assignment, row.result.student),
        "summary": reports.summary([row], {NAME: assignment}),
    }


def opened(browser, html: str, folder: Path) -> tuple[str, list[str], list[str]]:
    """The title of the page, what it asked for, and the handlers in it, once it has settled."""
    path = folder / "page.html"
    path.write_text(html, "utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: "csp" in request.failure and asked.remove(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    page.goto(path.as_uri())
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    handlers = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]"
        ".filter(a => /^on|javascript:/i.test(a.name + a.value)).map(a => e.tagName + a.name))"
    )
    title = page.title()
    page.close()
    return title, [url for url in asked if url != path.as_uri()], handlers


@pytest.mark.parametrize("name", ["feedback", "summary"])
@pytest.mark.parametrize("walls", ["both", "no policy"])
def test_nothing_runs_and_nothing_is_fetched(browser, pages, name, walls, tmp_path):
    html = pages[name] if walls == "both" else POLICY.sub("", pages[name])
    title, asked, handlers = opened(browser, html, tmp_path)
    assert title != "PWNED"
    assert asked == []
    assert handlers == []


def test_the_policy_alone_holds_too(browser, row, tmp_path, monkeypatch):
    from markupsafe import Markup

    monkeypatch.setattr(reports, "clean", lambda text: Markup(text))
    monkeypatch.setattr(reports, "told", lambda text: Markup(text))
    assignment = Assignment(SOURCE / NAME / f"{NAME}.ipynb")
    html = reports.feedback(row, assignment, "x")
    assert "<script>" in html  # nothing was cleaned
    html = REFRESH.sub("", html)  # a policy cannot forbid a page to be left
    title, asked, _ = opened(browser, html, tmp_path)
    assert title != "PWNED"
    assert asked == []


def test_without_both_the_attack_works(browser, row, tmp_path, monkeypatch):
    """Else the tests above would show nothing."""
    monkeypatch.setattr(reports, "clean", lambda text: text)
    assignment = Assignment(SOURCE / NAME / f"{NAME}.ipynb")
    html = REFRESH.sub("", POLICY.sub("", reports.feedback(row, assignment, "x")))
    title, asked, _ = opened(browser, html, tmp_path)
    assert title == "PWNED"
    assert asked
