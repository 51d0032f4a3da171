"""The data that other packages ship, as `xent_lib.datasets` hands them over."""

import sys

import numpy as np
import pytest

from xent_lib import datasets


def test_each_word_has_ten_ratings_whose_mean_the_lexicon_states():
    words, ratings = datasets.word_ratings()
    assert len(words) == 7520
    assert ratings.shape == (7520, 10)
    assert set(ratings.flat) == set(range(-4, 5))
    path = datasets._shipped("vaderSentiment", "vader_lexicon.txt")
    stated = np.array([line.split("\t")[1] for line in path.read_text("utf-8").splitlines()], float)
    wrong = np.flatnonzero(np.abs(stated - ratings.mean(axis=1)) > 0.0501)  # rounded to 0.1
    assert [words[row] for row in wrong] == ["lmfao"]  # a slip of the file: 2.5, not 2.4


def test_fourteen_words_are_rated_twice():
    words, _ = datasets.word_ratings()
    assert len(words) - len(set(words)) == 14


@pytest.mark.parametrize(
    ("which", "size", "total"),
    [("female", 4275, 89.94), ("male", 1219, 90.05), ("last", 88799, 79.59)],
)
def test_the_census_lists_are_whole_sorted_and_of_plain_letters(which, size, total):
    names, percent = datasets.census_names(which)
    assert len(names) == len(set(names)) == len(percent) == size
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")
    assert (np.diff(percent) <= 0).all()
    assert percent.sum() == pytest.approx(total, abs=0.01)


def test_a_list_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="`which` is 'dogs'; the lists are 'female', 'male' and"):
        datasets.census_names("dogs")


@pytest.mark.parametrize(
    ("package", "call"),
    [("vaderSentiment", datasets.word_ratings), ("names", lambda: datasets.census_names("male"))],
)
def test_a_package_that_is_missing_is_named(monkeypatch, package, call):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError) as caught:
        call()
    assert f"pip install {package}" in "".join(caught.value.__notes__)
