"""A quiz is whole, computed, readable without a script, and the same each time."""

import html
import json
import re

import numpy as np
import pytest

from xent_lib import _html
from xent_lib._text import inline
from xent_lib.quiz import Choice, Predict, Quiz

YES = Choice("1 bit", True, "One question settles it.")
NO = Choice("2 bits", np.False_, "Two bits tell *four* cases apart.")
ALSO = Choice("`log2(2)` bits", np.True_, "The same number.")


def params(component):
    return json.loads(
        html.unescape(re.search(r'data-params="([^"]*)"', component._repr_html_())[1])
    )


def test_a_quiz_reads_well_as_text():
    assert repr(Quiz("How much is a coin?", [NO, YES])) == (
        "Question: How much is a coin?\n"
        "  A. 2 bits\n"
        "  B. 1 bit\n"
        "Answers:\n"
        "  A. Not right. Two bits tell *four* cases apart.\n"
        "  B. Right. One question settles it."
    )


def test_without_a_script_the_choices_stand_there_and_the_answers_are_folded():
    page = Quiz("How much is a *fair* coin?", [NO, YES])._repr_html_()
    assert page.startswith('<div class="xent" data-xent="quiz" data-params="')
    assert "<span>How much is a <em>fair</em> coin?</span>" in page
    assert '<ol type="A"><li>2 bits</li><li>1 bit</li></ol>' in page
    assert "<details><summary>Answers</summary>" in page
    assert "<strong>Not right.</strong> <span>Two bits tell <em>four</em> cases apart.</s" in page
    assert "<script" not in page


def test_the_script_gets_plain_truth_values():
    assert params(Quiz("Which?", [YES, NO])) == {"right": [True, False], "several": False}
    both = Quiz("Which?", [YES, NO, ALSO], several=True)
    assert params(both) == {"right": [True, False, True], "several": True}
    assert "(Several may be right.)" in both._repr_html_()
    assert "(Several may be right.)" in repr(both)


def test_a_quiz_is_the_same_each_time():
    assert Quiz("Which?", [YES, NO])._repr_html_() == Quiz("Which?", [YES, NO])._repr_html_()


def test_in_a_live_notebook_the_script_comes_along(monkeypatch):
    monkeypatch.setattr(_html, "live", lambda: True)
    page = Quiz("Which?", [YES, NO])._repr_html_()
    assert 'define("quiz"' in page
    assert ".xent-option" in page


@pytest.mark.parametrize(
    ("choices", "options", "message"),
    [
        ([YES], {}, "at least two choices, not 1"),
        ([], {}, "at least two choices, not 0"),
        ([YES, ALSO], {}, "exactly one choice must be right, not 2"),
        ([NO, Choice("3 bits", False, "No.")], {}, "exactly one choice must be right, not 0"),
        ([NO, Choice("3 bits", False, "No.")], {"several": True}, "at least one choice must be"),
        ([YES, NO, Choice("1 bit ", False, "No.")], {}, 'the choice "1 bit" stands there twice'),
    ],
)
def test_a_quiz_without_a_fair_answer_is_refused(choices, options, message):
    with pytest.raises(ValueError, match=message):
        Quiz("Which?", choices, **options)


@pytest.mark.parametrize("make", [lambda: Quiz(" ", [YES, NO]), lambda: Predict("", 1.0, "bits")])
def test_a_question_must_ask_something(make):
    with pytest.raises(ValueError, match="needs a question"):
        make()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", True, "Why."), "a choice needs a text"),
        (("1 bit", True, " "), 'the choice "1 bit" needs a `why`'),
        (("1 bit", 1, "Why."), '`right` of "1 bit" must be True or False, not 1'),
        (("1 bit", "yes", "Why."), "must be True or False, not 'yes'"),
    ],
)
def test_a_choice_must_say_what_and_why(arguments, message):
    with pytest.raises(ValueError, match=message):
        Choice(*arguments)


def test_a_prediction_shows_its_answer_folded_away():
    guess = Predict("How *surprising* is a six?", np.log2(6), "bits", digits=3)
    assert repr(guess) == "Guess first: How *surprising* is a six?\nAnswer: 2.585 bits"
    page = guess._repr_html_()
    assert "How <em>surprising</em> is a six?" in page
    assert "<details><summary>Answer</summary><p>2.585 bits</p></details>" in page
    assert params(guess) == {"answer": 2.584963, "unit": "bits", "digits": 3}


def test_a_prediction_may_be_a_bare_count():
    assert repr(Predict("How many?", 7, "", digits=0)).endswith("Answer: 7")


@pytest.mark.parametrize("answer", [np.nan, np.inf])
def test_only_a_finite_number_can_be_predicted(answer):
    with pytest.raises(ValueError, match="`answer` must be a finite number"):
        Predict("How much?", answer, "bits")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ('<script>alert("x")</script>', "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"),
        ("`p * q * r` is code", "<code>p * q * r</code> is code"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("*both words*, *one*", "<em>both words</em>, <em>one</em>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a ` alone", "a ` alone"),
        ("of D(p ‖ q)", 'of <span class="xent-whole">D(p ‖ q)</span>'),
        ("*H(p, q)*", '<em><span class="xent-whole">H(p, q)</span></em>'),
    ],
)
def test_only_code_and_emphasis_are_markup(text, page):
    assert inline(text) == page
