"""Quizzes and predictions in a browser, on a page of their own: by keyboard, in light and dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from xent_lib import _html, checks
from xent_lib.quiz import Choice, Predict, Quiz

QUIZ = Quiz(
    "You send letters that follow `p` with the code made for `q`. What does D(p ‖ q) tell?",
    [
        Choice("What a letter costs", False, "That is H(p, q), the *whole* cost."),
        Choice("What a letter costs too much", True, "It is the excess over the best code."),
        Choice(
            "How often p and q differ, and this is long enough to wrap", False, "It is in bits."
        ),
    ],
)
SEVERAL = Quiz(
    "What holds?",
    [
        Choice("H(p, q) ≥ H(p)", True, "No code beats the right one."),
        Choice("H(p, q) = H(q, p)", False, "It is *not* symmetric."),
        Choice("D(p ‖ p) = 0", True, "Nothing is too much."),
    ],
    several=True,
)
PREDICT = Predict("What would you pay for each letter?", 3.28796, "bits")
CHECKS = [checks.mean(...), checks.mean(max), checks.mean(lambda values: sum(values) / len(values))]
COMPONENTS = [QUIZ, QUIZ, SEVERAL, PREDICT, *CHECKS]
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 390)]


def html(theme: str) -> str:
    body = "".join(component._repr_html_() for component in COMPONENTS)
    return f"""<!doctype html>
<html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quiz</title>
<style>
  body {{ margin: 8px; font-family: sans-serif; background: var(--xent-paper); }}
  h1 {{ color: var(--xent-ink); }}
  {_html.style()}
</style></head>
<body><main><h1>Quiz</h1>{body}</main><script>{_html.script()}</script></body></html>"""


@pytest.fixture
def show(browser: Browser) -> Iterator:
    """``show(theme, width)`` opens the page; at the end nothing may have gone wrong on it."""
    contexts, trouble = [], []

    def open_page(theme: str = "light", width: int = 1280, javascript: bool = True) -> Page:
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=javascript
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.set_content(html(theme))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble


def answer(page: Page, number: int):
    """The live region of the form with this number."""
    return page.locator("form").nth(number).get_by_role("status")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent || document.activeElement.type")


def test_a_quiz_is_answered_by_keyboard_alone(show):
    page = show()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(answer(page, 0)).to_be_empty()  # nothing is told before it is asked for
    page.keyboard.press("Tab")
    assert focused(page) == "Check"
    page.keyboard.press("Enter")
    expect(answer(page, 0)).to_have_text("✗Not right. That is H(p, q), the whole cost.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(answer(page, 0)).to_be_empty()  # the old verdict does not stand beside the new choice
    page.keyboard.press("Enter")  # in a form this is enough
    expect(answer(page, 0)).to_have_text("✓Right. It is the excess over the best code.")
    expect(answer(page, 1)).to_be_empty()  # the same quiz again is a quiz of its own


def test_who_chose_nothing_is_asked_to(show):
    page = show()
    page.get_by_role("button", name="Check").first.click()
    expect(answer(page, 0)).to_have_text("Choose an answer first.")


def test_two_quizzes_on_a_page_do_not_clash(show):
    page = show()
    groups = page.get_by_role("group", name="Question. You send letters")
    groups.nth(0).get_by_role("radio").nth(0).check()
    groups.nth(1).get_by_role("radio").nth(1).check()
    expect(groups.nth(0).get_by_role("radio").nth(0)).to_be_checked()
    expect(groups.nth(1).get_by_role("radio").nth(1)).to_be_checked()


def test_every_choice_has_its_text_as_its_name(show):
    group = show().get_by_role("group", name="Question. You send letters that follow p").first
    for choice in QUIZ.choices:
        expect(group.get_by_role("radio", name=choice.text, exact=True)).to_be_visible()


def test_of_several_all_and_only_the_right_ones_are_right(show):
    page = show()
    boxes = page.get_by_role("checkbox")
    check = page.locator("form").nth(2).get_by_role("button", name="Check")
    expect(page.get_by_role("group", name="(Several may be right.)")).to_be_visible()

    boxes.nth(1).check()
    check.click()
    expect(answer(page, 2)).to_contain_text("Not right: H(p, q) = H(q, p) — It is not symmetric.")
    expect(answer(page, 2)).to_contain_text("2 right answers are not ticked yet.")

    boxes.nth(1).uncheck()
    boxes.nth(0).check()
    check.click()
    expect(answer(page, 2)).to_have_text("One right answer is not ticked yet.")

    boxes.nth(2).check()
    check.click()
    expect(answer(page, 2)).to_have_text(
        "✓Right. No code beats the right one.✓Right. Nothing is too much."
    )


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        ("2", "The answer is 3.29 bits. Your guess is 1.29 bits too low."),
        ("5.5", "The answer is 3.29 bits. Your guess is 2.21 bits too high."),
        ("-1e2", "The answer is 3.29 bits. Your guess is 103.29 bits too low."),
        ("3.29", "The answer is 3.29 bits. You guessed exactly that."),
        ("", "Write down a number first: any guess will do."),
    ],
)
def test_a_guess_is_compared_with_the_answer(show, guess, told):
    page = show()
    page.get_by_label("Guess first. What would you pay for each letter?").focus()
    page.keyboard.type(guess)
    page.keyboard.press("Enter")
    expect(answer(page, 3)).to_have_text(told)
    shown = page.locator("[data-name=answer]")
    if guess:
        assert float(shown.get_attribute("data-value")) == PREDICT.answer
    else:
        expect(shown).to_have_count(0)


def test_a_notebook_leaves_the_keys_to_the_inputs(show):
    page = show()
    fields = page.locator("form input, form button")
    assert fields.count() == 3 + 1 + 3 + 1 + 3 + 1 + 1 + 1
    for field in fields.all():
        assert field.get_attribute("data-lm-suppress-shortcuts") == "true"


def test_a_second_copy_of_the_script_is_harmless(show):
    page = show()
    page.get_by_role("radio").nth(1).check()
    page.evaluate("script => { (0, eval)(script) }", _html.script())
    expect(page.locator("form")).to_have_count(4)
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_without_a_script_all_can_be_read(show):
    page = show(javascript=False)
    expect(page.locator("form")).to_have_count(0)
    for choice in QUIZ.choices:
        expect(page.locator("ol").first.get_by_text(choice.text, exact=True)).to_be_visible()
    page.get_by_text("Answers").first.click()
    expect(page.get_by_text("It is the excess over the best code.").first).to_be_visible()
    page.get_by_text("Answer", exact=True).click()
    expect(page.get_by_text("3.29 bits")).to_be_visible()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_page_is_accessible_and_fits(show, theme, width):
    page = show(theme, width)
    for number in range(3):
        form = page.locator("form").nth(number)
        form.locator("input").nth(number % 2).check()
        form.get_by_role("button").click()
    page.get_by_role("spinbutton").fill("1")
    page.get_by_role("button", name="Compare").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for target in page.locator("form label, form button").all():
        assert target.bounding_box()["height"] >= 24


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_a_check_says_is_told_by_words_marks_and_colour(show, theme):
    page = show(theme)
    seen = {}
    for state, words in (
        ("right", "✓ Right: tried on"),
        ("wrong", "✗ Not yet. That is the largest value"),
        ("open", "… Not written yet"),
    ):
        box = page.locator(f".xent-check.xent-{state}")
        expect(box).to_have_role("status")
        expect(box).to_contain_text(words)
        seen[state] = box.evaluate("box => getComputedStyle(box).borderLeftColor")
    assert len(set(seen.values())) == 3
