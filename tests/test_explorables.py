"""The Python side of the explorable figures: values, fallback, parameters, errors."""

import json
import math
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
from xent_lib.explorables.loss_race import cross_entropy, descend, squared_error
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
    "softmax": explorables.softmax,
    "logit-gradient": explorables.logit_gradient,
    "iris-descent": explorables.iris_descent,
    "likelihood": explorables.likelihood,
    "soft-label": explorables.soft_label,
    "reliability": explorables.reliability,
    "two-losses": explorables.two_losses,
    "loss-race": explorables.loss_race,
    "trace": lambda: explorables.trace(PROGRAM),
    "traps": explorables.traps,
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


def test_the_boaster_is_twice_too_sure_and_the_table_is_the_curve():
    figure = explorables.reliability(n_bins=5)
    given = params(figure)
    labels, logits = np.array(given["labels"]), np.array(given["logits"])
    assert 1.8 < given["best"] < 2.2
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    hits = probs.argmax(axis=1) == labels
    inside = (probs.max(axis=1) > 0.6) & (probs.max(axis=1) <= 0.8)
    gap = abs(hits[inside].mean() - probs.max(axis=1)[inside].mean())
    shown = (hits[inside].mean(), gap)
    assert figure.rows[3][0] == "0.60 to 0.80"
    assert figure.rows[3][1] == str(inside.sum())
    assert figure.rows[3][3:] == tuple(f"{value:.3f}" for value in shown)
    assert figure.rows[0][1:] == ("0", "–", "–", "–")
    loss = -np.log(probs[np.arange(len(labels)), labels]).mean()
    assert figure.says.startswith(f"T = 1: {loss:.3f} nats")


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


@pytest.mark.parametrize("prob", [0.001, 0.05, 0.5, 0.999])
def test_both_losses_and_their_slopes_are_right(prob):
    def row(by):
        figure = explorables.two_losses(prob, by)
        told = next(cells for first, *cells in figure.rows if first == f"{prob:g}")
        return [float(cell.replace("−", "-")) for cell in told]

    left = 1 - prob
    by_prob = [-np.log(prob), -1 / prob, left**2, -2 * left]
    assert row("probability") == pytest.approx(by_prob, abs=5e-4)
    by_logit = [-np.log(prob), -left, left**2, -2 * left**2 * prob]
    assert row("logit") == pytest.approx(by_logit, abs=5e-4)


def test_the_race_is_plain_gradient_descent():
    figure = explorables.loss_race(2.0, 1.5, 0.5)
    for loss, slope_of, column in [
        (squared_error, lambda q: 2 * q * q * (1 - q), 2),
        (cross_entropy, lambda q: q, 4),
    ]:
        z = 3.5
        for step, logit in enumerate(descend(loss, 2.0, 1.5, 0.5)):
            assert logit == pytest.approx(z, rel=1e-12)
            slope = slope_of(1 / (1 + np.exp(-z)))
            for row in figure.rows:
                if row[0] == str(step):
                    assert float(row[column]) == pytest.approx(slope, abs=5e-4)
            z -= 2 * 0.5 * slope
    assert figure.rows[-1][0] == "300"


def test_the_race_tells_who_falls_below_one_half_and_who_never_does():
    assert (
        "Below one half: not in 300 steps by squared error, at step 30 by cross-entropy"
        in explorables.loss_race(4.0, 4.0).says
    )


def test_three_flowers_go_downhill_by_differences_as_by_backpropagation():
    def loss(weights):
        (w1, b1, w2, b2), x = weights, explorables.iris_descent().params["x"]
        z = np.maximum(np.array(x) @ w1 + b1, 0) @ w2 + b2
        return (np.log(np.exp(z).sum(axis=1)) - z[[0, 1, 2], [0, 2, 1]]).mean()

    figure = explorables.iris_descent()
    weights = [np.array(part) for part in figure.params["start"]]
    assert figure.rows[3][2] == f"{3 * loss(weights):.4f}" == "1.7750"
    moved = [part.copy() for part in weights]
    for part, new in zip(weights, moved, strict=True):
        for index in np.ndindex(part.shape):
            there = part[index]
            ends = []
            for nudge in (1e-5, -1e-5):
                part[index] = there + nudge
                ends.append(loss(weights))
            part[index] = there
            new[index] -= figure.params["rate"] * (ends[0] - ends[1]) / 2e-5
    assert figure.rows[3][3] == f"{3 * loss(moved):.4f}" == "1.5876"


def test_a_second_set_of_flowers_is_handed_over_as_it_came():
    flowers, labels = [[0.25, 0.5], [1.0, 0.0]], [0, 2]
    assert params(explorables.iris_descent(flowers, labels))["more"] == {"x": flowers, "y": labels}
    assert params(explorables.iris_descent())["more"] is None


def test_a_probability_too_small_for_half_precision_costs_infinitely_much():
    rows = dict(row[:2] for row in explorables.traps([[20, 0], [0, 20]], [1, 0], ["a", "b"]).rows)
    assert rows["none"] == "20.000"
    assert rows["float16"] == "infinite"
    assert rows["clipped"] == "16.118"


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


def test_a_likelihood_at_its_ends():
    assert explorables.likelihood(share=1.0, q=0.0).rows[0] == (
        "0.00",
        "0.00e+00",
        "infinite",
        "infinite",
        "infinite",
    )
    assert explorables.likelihood(share=0.0, q=1.0).rows[-1][3] == "infinite"
    assert explorables.likelihood(share=0.0, q=0.0).rows[0][1:4] == ("1.00e+00", "0.000", "1.000")
    assert "level" not in explorables.likelihood(share=1.0).says
    assert explorables.likelihood(tosses=2000).rows[3][1] == "0.00e+00"


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
        (lambda: explorables.softmax((1, 5.1)), "`logits[1]` must lie in [-5, 5], not 5.1"),
        (lambda: explorables.softmax((1,)), "2 to 8 symbols"),
        (lambda: explorables.softmax(temperature=0), "`temperature` must lie between 0.1 and 10"),
        (lambda: explorables.logit_gradient((math.nan, 1)), "`logits[0]` must lie in [-10, 10]"),
        (lambda: explorables.logit_gradient(target=3), "`target` must be a class from 0 to 2"),
        (lambda: explorables.logit_gradient(rate=3), "`rate` must be one of 0.1, 0.2, 0.5, 1"),
        (lambda: explorables.fit(width=0.1), "`width` in"),
        (lambda: explorables.likelihood(q=1.5), "prob"),
        (lambda: explorables.likelihood(share=0.75), "`share` must be one of 0, 0.1, …, 1"),
        (lambda: explorables.likelihood(share=-0.1), "`share` must be one of 0, 0.1, …, 1"),
        (lambda: explorables.likelihood(tosses=20), "`tosses` must be 10, 100 or 2000, not 20"),
        (lambda: explorables.soft_label(y=1.5), "prob"),
        (lambda: explorables.soft_label(q=-0.5), "prob"),
        (lambda: explorables.reliability(n_bins=1), "`n_bins` must be a whole number from 2 to 20"),
        (lambda: explorables.reliability([0, 1], [3.0, -3.0]), "takes a row for each example"),
        (lambda: explorables.reliability([0, 1], [[9, 0], [0, 9]]), "best temperature is 0;"),
        (lambda: explorables.reliability([1, 0], [[9, 0], [0, 9]]), "best temperature is inf;"),
        (lambda: explorables.two_losses(1.0), "`prob` must lie between 0.001 and 0.999, not 1.0"),
        (lambda: explorables.two_losses(by="z"), "`by` must be 'probability' or 'logit', not 'z'"),
        (lambda: explorables.loss_race(bias=5), "`bias` must lie between -4 and 4, not 5"),
        (lambda: explorables.loss_race(-5), "`weight` must lie between -4 and 4, not -5"),
        (lambda: explorables.loss_race(learning_rate=3), "`learning_rate` must be one of [0.005"),
        (lambda: explorables.iris_descent([0.5, 0.5], [0]), "`flowers` must have the shape (N, 2)"),
        (lambda: explorables.iris_descent([[0.5, 0.5, 0.5]], [0]), "not (1, 3)"),
        (lambda: explorables.iris_descent([[0.5, 0.5]], [3]), "one of 0, 1, 2 for each of 1 flow"),
        (lambda: explorables.iris_descent([[0.5, 0.5]], [0, 1]), "`labels` must be one of 0, 1, 2"),
        (lambda: explorables.iris_descent([[0.5, 0.5]]), "`labels` must be one of 0, 1, 2"),
        (lambda: explorables.traps([[1, 2]], [0]), "`logits` must be a square table, not of shape"),
        (lambda: explorables.traps(labels=[0, 1, 3]), "`labels` must be 3 class numbers below 3"),
        (lambda: explorables.traps(labels=[0, 1]), "`labels` must be 3 class numbers below 3"),
        (lambda: explorables.traps(names=["a", "b"]), "`names` has 2 names for 3 classes"),
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
