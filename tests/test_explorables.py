"""The Python side of the explorable figures: values, fallback, parameters, errors."""

import json
import re
import sys
from html import unescape
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from xent_lib import _html, explorables
from xent_lib.explorables.code_lengths import canonical_words
from xent_lib.explorables.fit import GRID, TWO_PEAKS, bell
from xent_lib.explorables.trace import run

P, Q = (0.10, 0.40, 0.50), (0.80, 0.15, 0.05)
PROGRAM = """
total = 0
for side in [1, 2]:
    if side > 1:
        total = total + side
print(total)
"""
FIGURES = {
    "surprise": explorables.surprise,
    "entropy": explorables.entropy,
    "cross-entropy": explorables.cross_entropy,
    "coin-average": explorables.coin_average,
    "code-lengths": explorables.code_lengths,
    "fit": explorables.fit,
    "trace": lambda: explorables.trace(PROGRAM),
}


def params(figure):
    return json.loads(unescape(re.search(r'data-params="([^"]*)"', figure._repr_html_())[1]))


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_the_same_each_time_and_brings_no_script(kind):
    figure, again = FIGURES[kind](), FIGURES[kind]()
    html = figure._repr_html_()
    assert (html, repr(figure)) == (again._repr_html_(), repr(again))
    assert html.startswith(f'<div class="xent" data-xent="{kind}"')
    assert "<script" not in html
    assert "<style" not in html
    assert json.loads(json.dumps(figure.params)) == params(figure)


@pytest.mark.parametrize("kind", FIGURES)
def test_a_live_notebook_gets_script_and_style_inline(kind, monkeypatch):
    monkeypatch.setattr(_html, "live", lambda: True)
    html = FIGURES[kind]()._repr_html_()
    assert html.count("<script>") == html.count("</script>") == html.count("<style>") == 1
    assert f'xent.define("{kind}"' in html


def test_a_notebook_is_live_where_a_person_can_be_asked(monkeypatch):
    assert not _html.live()
    for allowed in (True, False):
        shell = SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=allowed))
        ipython = SimpleNamespace(get_ipython=lambda shell=shell: shell)
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        assert _html.live() is allowed
    monkeypatch.delitem(sys.modules, "IPython")
    assert not _html.live()
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert _html.live()


@pytest.mark.parametrize("kind", FIGURES)
def test_the_fallback_says_what_the_text_says(kind):
    figure = FIGURES[kind]()
    html = unescape(figure._repr_html_())
    for words in (figure.title, figure.says, *figure.columns, *(c for r in figure.rows for c in r)):
        assert words in html
        assert words in repr(figure)


def test_surprise_at_its_ends():
    assert "0                    infinite      infinite" in repr(explorables.surprise(0.0))
    assert explorables.surprise(0).says.endswith("infinitely surprising.")
    assert explorables.surprise(1).says.startswith("A certain event carries 0 bits")
    assert "0.04 heads" in explorables.surprise(0.97).says


def test_the_values_are_those_of_scipy():
    assert f"H(p) = {stats.entropy(P, base=2):.3f} bits" in explorables.entropy(P).says
    says = explorables.cross_entropy(P, Q).says
    own, extra = stats.entropy(P, base=2), stats.entropy(P, Q, base=2)
    assert says == (
        f"H(p) = {own:.3f} bits, D(p‖q) = {extra:.3f} bits extra, H(p, q) = {own + extra:.3f} bits."
    )
    assert says == ("H(p) = 1.361 bits, D(p‖q) = 1.927 bits extra, H(p, q) = 3.288 bits.")


def test_the_shares_of_the_extra_add_up():
    extras = [float(row[-1].replace("−", "-")) for row in explorables.cross_entropy(P, Q).rows]
    assert sum(extras) == pytest.approx(stats.entropy(P, Q, base=2), abs=0.002)


def test_zeros_are_told_in_words():
    figure = explorables.cross_entropy((0.5, 0.5, 0.0), (1.0, 0.0, 0.0))
    assert "H(p, q) = infinite" in figure.says
    assert figure.rows[1] == ("B", "0.500", "0.000", "1.000", "infinite", "infinite")
    assert figure.rows[2] == ("C", "0.000", "0.000", "infinite", "infinite", "0.000")
    assert explorables.entropy((1, 0)).says.startswith("H(p) = 0.000 bits")


def test_a_coin_keeps_its_draws_and_counts_its_heads():
    given = params(explorables.coin_average(0.3, tosses=100, seed=7))
    draws = np.array(given["draws"])
    assert draws.shape == (500,)
    assert draws.min() >= 0
    assert draws.max() < 1
    figure = explorables.coin_average(0.3, tosses=100, seed=7)
    assert f"After 100 tosses, {np.count_nonzero(draws[:100] < 0.3)} heads" in figure.says
    assert params(explorables.coin_average(0.9, seed=7))["draws"] == given["draws"]
    assert params(explorables.coin_average(0.3, seed=8))["draws"] != given["draws"]
    assert explorables.coin_average(1.0).rows[-1] == ("500", "500", "1.000", "0.000")
    assert explorables.coin_average(0.0).rows[-1] == ("500", "0", "0.000", "0.000")


@pytest.mark.parametrize("lengths", [(1, 2, 3, 3), (2, 2, 2, 2), (6, 1, 6, 3), (3, 2, 1, 6)])
def test_canonical_words_have_their_lengths_and_no_prefix(lengths):
    words = canonical_words(lengths)
    assert [len(word) for word in words] == list(lengths)
    assert not any(a != b and b.startswith(a) for a in words for b in words)


def test_an_overspent_budget_has_no_words():
    figure = explorables.code_lengths(lengths=(1, 1, 2, 2))
    assert [row[3] for row in figure.rows] == ["none"] * 4
    assert "Budget spent: 1.5000 of 1" in figure.says


def test_the_best_bells_are_the_best_of_all_places():
    given = params(explorables.fit())
    best = {"forward": np.inf, "reverse": np.inf}
    found = {}
    for mean in np.round(np.arange(-4, 4.05, 0.1), 1):
        for width in np.round(np.arange(0.7, 4.05, 0.1), 1):
            q = bell(mean, width)
            for kind, value in [
                ("forward", stats.entropy(TWO_PEAKS, q)),
                ("reverse", stats.entropy(q, TWO_PEAKS)),
            ]:
                if value < best[kind]:
                    best[kind], found[kind] = value, [mean, width]
    assert {kind: given[kind] for kind in found} == found
    assert GRID.shape == TWO_PEAKS.shape == (61,)


def test_a_trace_records_each_line_in_turn():
    steps = params(explorables.trace(PROGRAM))["steps"]
    assert [step["line"] for step in steps] == [1, 2, 3, 2, 3, 4, 2, 5]
    assert steps[4]["variables"] == {"total": "0", "side": "2"}
    assert steps[5]["variables"] == {"total": "2", "side": "2"}
    assert [step["printed"] for step in steps[-2:]] == ["", "2\n"]


def test_a_trace_enters_functions_and_leaves_loops():
    steps = run(
        "import math\n"
        "def half(x):\n"
        "    y = x / 2\n"
        "    return y\n"
        "n = 4\n"
        "while n > 1:\n"
        "    n = half(n)\n"
        "    if n == 1:\n"
        "        break\n"
        "    else:\n"
        "        continue\n"
        "_hidden = 'x' * 100\n"
        "wide = 'x' * 100\n"
    )
    assert [step["line"] for step in steps] == [
        *(1, 2, 5, 6),
        *(3, 4, 7, 8, 11, 6),
        *(3, 4, 7, 8, 9, 12, 13),
    ]
    assert steps[4]["variables"] == {"n": "4", "x (in half)": "4", "y (in half)": "2.0"}
    assert set(steps[-1]["variables"]) == {"n", "wide"}
    assert steps[-1]["variables"]["wide"].endswith("…")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explorables.surprise(1.5), "prob"),
        (lambda: explorables.surprise(-0.1), "prob"),
        (lambda: explorables.surprise(float("nan")), "prob"),
        (lambda: explorables.entropy((0.5, 0.6)), "`p` sums to 1.1, not 1"),
        (lambda: explorables.entropy((0.5, 0.5), labels=["only"]), "`labels` has 1 names for 2"),
        (lambda: explorables.entropy((1.0,)), "2 to 8 symbols"),
        (lambda: explorables.entropy([[0.5, 0.5], [0.5, 0.5]]), "one distribution"),
        (lambda: explorables.cross_entropy(P, (0.5, 0.5)), "shape"),
        (lambda: explorables.cross_entropy(P, (0.5, 0.4, 0.3)), "`q` sums to 1.2, not 1"),
        (lambda: explorables.coin_average(2), "prob"),
        (lambda: explorables.coin_average(tosses=0), "`tosses` must lie between 1 and 500, not 0"),
        (lambda: explorables.code_lengths(lengths=(1, 2)), "`lengths` has 2 entries for 4"),
        (lambda: explorables.code_lengths(lengths=(0, 2, 3, 7)), "whole numbers from 1 to 6"),
        (lambda: explorables.fit(mean=9), "`mean` must lie in"),
        (lambda: explorables.fit(width=0.1), "`width` in"),
        (lambda: explorables.trace("while True:\n    pass"), "more than 200 steps"),
        (lambda: explorables.trace("\n"), "no line to run"),
    ],
)
def test_wrong_parameters_are_refused_in_words(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_labels_cannot_break_the_page():
    html = explorables.entropy((0.5, 0.5), labels=['<b>"', "&"])._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
