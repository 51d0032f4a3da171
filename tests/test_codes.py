"""The codes are as short as they can be, and what they write can be read."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xent_lib.codes import decode, encode, expected_length, huffman_code, kraft_sum
from xent_lib.information import cross_entropy, entropy

ABC = {"a": "0", "b": "10", "c": "11"}

counts = st.dictionaries(st.characters(), st.integers(0, 1000), min_size=1, max_size=30).filter(
    lambda found: any(found.values())
)
floats = st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda found: sum(found) > 1e-9)


# Huffman's code


def test_the_code_of_halves_and_quarters_has_whole_surprises_as_lengths():
    assert huffman_code({"a": 0.5, "b": 0.25, "c": 0.25}) == ABC
    assert expected_length({"a": 0.5, "b": 0.25, "c": 0.25}, ABC) == 1.5


def test_of_an_array_the_symbols_are_the_indices():
    assert huffman_code(np.array([0.5, 0.25, 0.25])) == {0: "0", 1: "10", 2: "11"}
    assert huffman_code([2, 1, 1]) == huffman_code((0.5, 0.25, 0.25)) == {0: "0", 1: "10", 2: "11"}
    assert expected_length([2, 1, 1], {0: "0", 1: "10", 2: "11"}) == 1.5


def test_among_equal_weights_the_first_comes_first():
    assert huffman_code(dict.fromkeys("abcd", 1)) == {"a": "00", "b": "01", "c": "10", "d": "11"}
    assert huffman_code(dict.fromkeys("dcba", 1)) == {"d": "00", "c": "01", "b": "10", "a": "11"}


def test_a_symbol_that_is_alone_gets_one_bit():
    code = huffman_code({"a": 7})
    assert code == {"a": "0"}
    assert decode(encode("aaa", code), code) == list("aaa")


def test_a_symbol_that_never_occurs_gets_no_word():
    assert huffman_code({"a": 1, "b": 0, "c": 1}) == {"a": "0", "c": "1"}
    assert huffman_code([0, 3]) == {1: "0"}
    assert expected_length({"a": 1, "b": 0, "c": 1}, {"a": "0", "c": "1"}) == 1


def test_symbols_of_any_kind_can_be_coded():
    weights = {("to", "be"): 3, None: 2, 1.5: np.float32(1), "x": np.int8(100), 7: Fraction(1, 3)}
    code = huffman_code(weights)
    assert list(code) == list(weights)
    assert decode(encode(weights, code), code) == list(weights)


def test_counts_of_a_narrow_dtype_do_not_overflow():
    assert huffman_code(np.array([100, 100, 100], np.int8)) == huffman_code([1, 1, 1])


@given(counts)
def test_huffman_lies_within_one_bit_of_the_entropy(weights):
    code = huffman_code(weights)
    floor = entropy([float(n) for n in weights.values()], normalize=True)
    length = expected_length(weights, code)
    assert length >= floor - 1e-12
    assert length < floor + 1 or len(code) == 1


@given(counts)
def test_huffman_wastes_no_word(weights):
    code = huffman_code(weights)
    assert kraft_sum(code) == (1 if len(code) > 1 else 0.5)


@given(floats)
def test_the_proportions_alone_matter(weights):
    doubled = [4 * weight for weight in weights]
    assert huffman_code(doubled) == huffman_code(weights)
    code = huffman_code(weights)
    assert expected_length(doubled, code) == pytest.approx(expected_length(weights, code))


@given(st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_no_prefix_free_code_is_shorter(weights):
    # By Kraft's inequality, lengths belong to some prefix-free code when their sum is at most 1.
    best = min(
        sum(weight * length for weight, length in zip(weights, lengths, strict=True))
        for lengths in itertools.product(range(1, len(weights)), repeat=len(weights))
        if sum(2.0**-length for length in lengths) <= 1
    )
    assert expected_length(weights, huffman_code(weights)) * sum(weights) == pytest.approx(best)


@given(
    st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(1, 9), min_size=10, max_size=10)
)
def test_with_the_code_of_powers_of_two_the_wrong_book_costs_the_cross_entropy(message, weights):
    q = 2.0 ** -np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
    p = np.array(weights) / sum(weights)
    assert expected_length(p, huffman_code(q)) == pytest.approx(cross_entropy(p, q))
    assert len(encode(message, huffman_code(q))) == sum(min(i + 1, 9) for i in message)


# There and back


@given(st.text(min_size=1))
def test_decoding_takes_back_encoding(text):
    code = huffman_code(Counter(text))
    bits = encode(text, code)
    assert "".join(decode(bits, code)) == text
    assert len(bits) == pytest.approx(len(text) * expected_length(Counter(text), code))


def test_the_empty_message_has_no_bits():
    assert encode("", ABC) == ""
    assert decode("", ABC) == []


def test_a_symbol_without_a_word_cannot_be_encoded():
    with pytest.raises(ValueError, match=r"^`message\[2\]` is 'd', which has no code word$"):
        encode("abd", ABC)


def test_bits_that_end_inside_a_word_cannot_be_decoded():
    with pytest.raises(ValueError, match=r"^`bits` ends inside a code word: '1' is left over$"):
        decode("0101", ABC)


@pytest.mark.parametrize("bits", ["011", "0110", "0111", "01101"])
def test_bits_that_begin_no_word_cannot_be_decoded(bits):
    with pytest.raises(
        ValueError, match=r"^no code word begins with '11', met at bit 1 of `bits`$"
    ):
        decode(bits, {"a": "0", "b": "100", "c": "101"})


@pytest.mark.parametrize("bits", ["012", "0 1", "a", "01\n"])
def test_what_are_no_bits_cannot_be_decoded(bits):
    with pytest.raises(ValueError, match=r"^`bits` holds .*; only 0 and 1 are bits$"):
        decode(bits, ABC)


@pytest.mark.parametrize("bits", [b"01", 1, ["0", "1"], None])
def test_only_a_string_can_be_decoded(bits):
    with pytest.raises(TypeError, match=r"^`bits` must be a string of 0 and 1, not "):
        decode(bits, ABC)


@pytest.mark.parametrize(
    "code",
    [{"a": "0", "b": "01"}, {"a": "10", "b": "10"}, {"a": "110", "b": "0", "c": "1", "d": "111"}],
)
def test_a_code_that_is_not_prefix_free_cannot_be_decoded(code):
    with pytest.raises(
        ValueError, match=r"^`code` is not prefix-free: '\d+' \('\w'\) begins '\d+'"
    ):
        decode("0", code)


@given(st.dictionaries(st.integers(), st.text("01", min_size=1, max_size=4), min_size=1))
def test_a_code_is_prefix_free_when_no_word_begins_another(code):
    words = list(code.values())
    begins = any(a.startswith(b) for a, b in itertools.permutations(words, 2))
    message = list(code)
    try:
        assert decode(encode(message, code), code) == message
    except ValueError:
        assert begins
    else:
        assert not begins
        assert kraft_sum(code) <= 1


# Sums and lengths


def test_kraft_sums():
    assert kraft_sum(ABC) == 1
    assert kraft_sum({"a": "0", "b": "10"}) == 0.75
    assert kraft_sum({"a": "0", "b": "1", "c": "01"}) == 1.25


def test_a_symbol_that_occurs_needs_a_word():
    with pytest.raises(ValueError, match=r"^`p\['d'\]` is 0.5, but 'd' has no code word$"):
        expected_length({"a": 0.5, "d": 0.5}, ABC)


def test_expected_length_of_counts_is_that_of_their_proportions():
    assert expected_length({"a": 2, "b": 1, "c": 1}, ABC) == 1.5


# Bad input


@pytest.mark.parametrize("function", [huffman_code, lambda p: expected_length(p, {0: "0", 1: "1"})])
@pytest.mark.parametrize(
    ("p", "error", "message"),
    [
        ({}, ValueError, "` is empty"),
        ([], ValueError, "` is empty"),
        ([0, 0], ValueError, "` has nothing above 0"),
        ([0.5, -0.5], ValueError, r"\[1\]` is -0.5; it must be finite and not negative"),
        ([0.5, math.nan], ValueError, r"\[1\]` is nan; it must be finite"),
        ({"a": math.inf}, ValueError, r"\['a'\]` is inf; it must be finite"),
        ({"a": "1"}, TypeError, r"\['a'\]` is '1', not a number"),
        ({"a": True}, TypeError, r"\['a'\]` is True, not a number"),
        ({"a": None}, TypeError, r"\['a'\]` is None, not a number"),
        (["0.5"], TypeError, "` must hold real numbers"),
        ([[0.5, 0.5]], ValueError, r"` has shape \(1, 2\); it must have one dimension"),
        (0.5, ValueError, r"` has shape \(\); it must have one dimension"),
    ],
)
def test_what_are_no_weights_is_refused(function, p, error, message):
    with pytest.raises(error, match="^`p" + message):
        function(p)


@pytest.mark.parametrize(
    "function",
    [
        kraft_sum,
        lambda code: encode("a", code),
        lambda code: decode("0", code),
        lambda code: expected_length({"a": 1}, code),
    ],
)
@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        ({}, ValueError, "` is empty"),
        ({"a": ""}, ValueError, r"\['a'\]` is empty; a code word has at least one bit"),
        ({"a": "02"}, ValueError, r"\['a'\]` holds '2'; only 0 and 1 are bits"),
        ({"a": 0}, TypeError, r"\['a'\]` must be a string of 0 and 1, not 0"),
        (["0", "1"], TypeError, "` must map symbols to code words, not "),
    ],
)
def test_what_is_no_code_is_refused(function, code, error, message):
    with pytest.raises(error, match="^`code" + message):
        function(code)
