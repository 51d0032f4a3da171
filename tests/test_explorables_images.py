"""The figure of the chapter on images: its values against a computation of another kind."""

import json
import re
from html import unescape

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.datasets import load_digits

from xent_lib import explorables
from xent_lib.networks import Dense, ReLU, Sequential, Tanh, train

DIGITS = load_digits()
INK = DIGITS.data / 16


def small_network():
    network = Sequential(Dense(64, 8, rng=1), ReLU(), Dense(8, 10, rng=2))
    train(network, INK[50:], DIGITS.target[50:], epochs=3, batch_size=50, rng=0)
    return network


def figure():
    return explorables.digit_pixels(small_network(), INK[:3], DIGITS.target[:3])


def test_the_figure_is_the_same_each_time_and_its_values_stand_without_a_script():
    one, again = figure(), figure()
    html = one._repr_html_()
    assert (html, repr(one)) == (again._repr_html_(), repr(again))
    assert html.startswith('<div class="xent" data-xent="digit-pixels"')
    assert "<script" not in html
    sent = json.loads(unescape(re.search(r'data-params="([^"]*)"', html)[1]))
    assert sent == json.loads(json.dumps(one.params))
    for words in (one.title, one.says, *(cell for row in one.rows for cell in row)):
        assert words in unescape(html)
        assert words in repr(one)


def test_bits_and_guesses_are_those_of_the_network_but_for_rounded_weights():
    shown = figure()
    log_q = log_softmax(small_network().forward(INK[:3]), axis=1)
    for row, label, logs in zip(shown.rows, DIGITS.target, log_q, strict=False):
        assert row[:3] == (f"a {label}", str(label), str(logs.argmax()))
        assert float(row[3]) == pytest.approx(np.exp(logs.max()), abs=0.02)
        assert float(row[4]) == pytest.approx(-logs[label] / np.log(2), abs=0.1)
    assert shown.says.startswith("For a 0, the network's guess is ")


def test_pictures_are_sent_in_sixteenths_and_weights_with_two_decimals():
    params = figure().params
    assert params["pictures"] == DIGITS.data[:3].astype(int).tolist()
    for sent, array in zip(params["layers"], small_network().parameters(), strict=True):
        assert np.abs(np.array(sent) - array).max() <= 0.005 + 1e-12
    assert len(figure()._repr_html_()) < 12_000


@pytest.mark.parametrize(
    ("network", "pictures", "labels", "told"),
    [
        (Sequential(Dense(64, 10)), INK[:1], [0], "Dense"),
        (Sequential(Dense(64, 4), Tanh(), Dense(4, 10)), INK[:1], [0], "Tanh"),
        (Sequential(Dense(63, 4), ReLU(), Dense(4, 10)), INK[:1], [0], "`network` must be"),
        (Sequential(Dense(64, 4), ReLU(), Dense(4, 9)), INK[:1], [0], "`network` must be"),
        (small_network(), INK[0], [0], r"shape \(64,\)"),
        (small_network(), INK[:7], [0] * 7, r"shape \(7, 64\)"),
        (small_network(), 16 * INK[:1], [0], "ink from 0 to 1"),
        (small_network(), INK[:2], [0], "of one length"),
        (small_network(), INK[:1], [10], "digits from 0 to 9"),
    ],
)
def test_what_cannot_be_drawn_is_refused(network, pictures, labels, told):
    with pytest.raises(ValueError, match=told):
        explorables.digit_pixels(network, pictures, labels)
