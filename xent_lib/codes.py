"""Codes: how short a message can be written in zeros and ones.

A code is a dictionary from symbols to code words, such as ``{"a": "0", "b": "10", "c": "11"}``.
It is prefix-free when no word begins another, and then words need no commas between them.
"""

import heapq
import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy.typing as npt

from xent_lib._validation import as_real_array, is_real

__all__ = ["decode", "encode", "expected_length", "huffman_code", "kraft_sum"]

Symbol: TypeAlias = Any  # anything a dictionary takes as a key: a letter, a word, a number
Code: TypeAlias = Mapping[Symbol, str]
Weights: TypeAlias = Mapping[Symbol, float] | npt.ArrayLike


def huffman_code(p: Weights) -> dict[Symbol, str]:
    """Make the shortest code there is for symbols of these probabilities.

    Parameters
    ----------
    p : mapping or array_like
        Probability or count of each symbol. Of a one-dimensional array the symbols are the
        indices. Only the proportions matter, so the numbers need not sum to 1.

    Returns
    -------
    dict
        The code word of each symbol, a string of ``0`` and ``1``, in the order of `p`. No word
        begins another. A symbol of probability 0 never occurs and gets no word. A symbol that is
        alone gets ``"0"``: the empty word would do to name it, but a message of empty words could
        not be counted.

    Raises
    ------
    TypeError
        If `p` holds anything but real numbers.
    ValueError
        If `p` is empty, holds a NaN, an infinity or a negative number, or nothing above 0.

    Notes
    -----
    The two lightest groups of symbols are joined until one is left; each joining puts one more
    bit before the words of both. Among groups of the same weight the one that came first is taken
    first, so that the same `p` always gives the same code.

    The expected length is at least the entropy of `p` in bits, and less than one bit above it (or
    one bit, for a symbol that is alone). Derived in the chapter *Codes*; the method is
    Huffman's [1]_.

    References
    ----------
    .. [1] Huffman, D. A. (1952). A method for the construction of minimum-redundancy codes.
       Proceedings of the IRE 40, 1098-1101.

    Examples
    --------
    >>> huffman_code({"a": 0.5, "b": 0.25, "c": 0.25})
    {'a': '0', 'b': '10', 'c': '11'}
    """
    weights = _weights(p)
    words = dict.fromkeys(weights, "")
    if len(words) == 1:
        return dict.fromkeys(weights, "0")
    order = itertools.count()
    groups = [(weight, next(order), [symbol]) for symbol, weight in weights.items()]
    heapq.heapify(groups)
    while len(groups) > 1:
        light, _, zeros = heapq.heappop(groups)
        heavy, _, ones = heapq.heappop(groups)
        for symbol in zeros:
            words[symbol] = "0" + words[symbol]
        for symbol in ones:
            words[symbol] = "1" + words[symbol]
        heapq.heappush(groups, (light + heavy, next(order), zeros + ones))
    return words


def encode(message: Iterable[Symbol], code: Code) -> str:
    """Write a message in a code.

    Parameters
    ----------
    message : iterable
        The symbols, one after another: a string, if the symbols are letters.
    code : mapping
        The code word of each symbol.

    Returns
    -------
    str
        The code words, joined.

    Raises
    ------
    TypeError
        If a code word is no string.
    ValueError
        If a symbol of the message has no code word, or if `code` is empty or has a word that is
        empty or is not made of ``0`` and ``1``.

    See Also
    --------
    decode : The way back.

    Notes
    -----
    Derived in the chapter *Codes*.

    Examples
    --------
    >>> encode("abca", {"a": "0", "b": "10", "c": "11"})
    '010110'
    """
    _check_words(code)
    words = []
    for position, symbol in enumerate(message):
        if symbol not in code:
            raise ValueError(f"`message[{position}]` is {symbol!r}, which has no code word")
        words.append(code[symbol])
    return "".join(words)


def decode(bits: str, code: Code) -> list[Symbol]:
    """Read a message back from its bits.

    Parameters
    ----------
    bits : str
        The message in zeros and ones.
    code : mapping
        The code word of each symbol; no word may begin another.

    Returns
    -------
    list
        The symbols. Of letters, ``"".join`` makes a string.

    Raises
    ------
    TypeError
        If `bits` or a code word is no string.
    ValueError
        If `bits` holds anything but zeros and ones, ends inside a word, or comes to bits that
        begin no word; if `code` is not prefix-free, is empty, or has a word that is empty or is
        not made of ``0`` and ``1``.

    See Also
    --------
    encode : The way there.

    Notes
    -----
    Derived in the chapter *Codes*.

    Examples
    --------
    >>> decode("010110", {"a": "0", "b": "10", "c": "11"})
    ['a', 'b', 'c', 'a']
    """
    _check_words(code)
    _check_prefix_free(code)
    _check_bits("`bits`", bits)
    symbols = {word: symbol for symbol, word in code.items()}
    beginnings = {word[:length] for word in symbols for length in range(1, len(word) + 1)}
    message = []
    start = 0
    for end in range(1, len(bits) + 1):
        word = bits[start:end]
        if word not in beginnings:
            raise ValueError(f"no code word begins with {word!r}, met at bit {start} of `bits`")
        if word in symbols:
            message.append(symbols[word])
            start = end
    if start < len(bits):
        raise ValueError(f"`bits` ends inside a code word: {bits[start:]!r} is left over")
    return message


def expected_length(p: Weights, code: Code) -> float:
    """Average length of a code word, in bits, when symbols occur with these probabilities.

    Parameters
    ----------
    p : mapping or array_like
        Probability or count of each symbol, as for :func:`huffman_code`: only the proportions
        matter. It need not be the `p` that the code was made for.
    code : mapping
        The code word of each symbol.

    Returns
    -------
    float
        Bits for a symbol, on average.

    Raises
    ------
    TypeError
        If `p` holds anything but real numbers, or a code word is no string.
    ValueError
        If a symbol that occurs has no code word; if `p` is empty, holds a NaN, an infinity or a
        negative number, or nothing above 0; if `code` is empty or has a word that is empty or is
        not made of ``0`` and ``1``.

    Notes
    -----
    With a prefix-free code it is never below the entropy of `p` in bits. Derived in the chapter
    *Codes*; see Cover and Thomas [1]_, section 5.3.

    References
    ----------
    .. [1] Cover, T. M. and Thomas, J. A. (2006). Elements of Information Theory, 2nd edition.
       Wiley.

    Examples
    --------
    >>> expected_length({"a": 0.5, "b": 0.25, "c": 0.25}, {"a": "0", "b": "10", "c": "11"})
    1.5
    """
    _check_words(code)
    weights = _weights(p)
    for symbol, weight in weights.items():
        if symbol not in code:
            raise ValueError(f"`p[{symbol!r}]` is {weight}, but {symbol!r} has no code word")
    bits = math.fsum(weight * len(code[symbol]) for symbol, weight in weights.items())
    return bits / math.fsum(weights.values())


def kraft_sum(code: Code) -> float:
    """Kraft sum of a code: the sum of ``2 ** -length`` over its words.

    Parameters
    ----------
    code : mapping
        The code word of each symbol.

    Returns
    -------
    float
        At most 1 for every prefix-free code, and 1 for one that wastes nothing. Above 1, no
        prefix-free code has words of these lengths.

    Raises
    ------
    TypeError
        If a code word is no string.
    ValueError
        If `code` is empty or has a word that is empty or is not made of ``0`` and ``1``.

    Notes
    -----
    Each word takes its share of all that can still be said: half of it for one bit, a quarter
    for two. Derived in the chapter *Codes*; the inequality is Kraft's [1]_.

    References
    ----------
    .. [1] Kraft, L. G. (1949). A device for quantizing, grouping, and coding amplitude-modulated
       pulses. Master's thesis, Massachusetts Institute of Technology.

    Examples
    --------
    >>> kraft_sum({"a": "0", "b": "10", "c": "11"})
    1.0
    """
    _check_words(code)
    return math.fsum(2.0 ** -len(word) for word in code.values())


def _weights(p: Weights) -> dict[Symbol, float]:
    """Return the weight of each symbol that occurs, once all numbers of `p` are fit for that."""
    if not isinstance(p, Mapping):
        array = as_real_array("p", p)
        if array.ndim != 1:
            raise ValueError(f"`p` has shape {array.shape}; it must have one dimension")
        p = dict(enumerate(array.tolist()))
    if not p:
        raise ValueError("`p` is empty")
    for symbol, weight in p.items():
        if not is_real(weight):
            raise TypeError(f"`p[{symbol!r}]` is {weight!r}, not a number")
        if not 0 <= weight < math.inf:
            raise ValueError(f"`p[{symbol!r}]` is {weight}; it must be finite and not negative")
    weights = {symbol: float(weight) for symbol, weight in p.items() if weight > 0}
    if not weights:
        raise ValueError("`p` has nothing above 0")
    return weights


def _check_words(code: Code) -> None:
    """Refuse a code without words, or with a word that is no string of zeros and ones."""
    if not isinstance(code, Mapping):
        raise TypeError(f"`code` must map symbols to code words, not {code!r}")
    if not code:
        raise ValueError("`code` is empty")
    for symbol, word in code.items():
        _check_bits(f"`code[{symbol!r}]`", word)
        if not word:
            raise ValueError(f"`code[{symbol!r}]` is empty; a code word has at least one bit")


def _check_bits(what: str, bits: str) -> None:
    if not isinstance(bits, str):
        raise TypeError(f"{what} must be a string of 0 and 1, not {bits!r}")
    strange = bits.strip("01")
    if strange:
        raise ValueError(f"{what} holds {strange[0]!r}; only 0 and 1 are bits")


def _check_prefix_free(code: Code) -> None:
    """Refuse a code in which a word begins another: its messages can be read in two ways."""
    # In alphabetical order a word stands right before the words that it begins.
    in_order = sorted(code.items(), key=lambda item: item[1])
    for (symbol, word), (next_symbol, next_word) in itertools.pairwise(in_order):
        if next_word.startswith(word):
            raise ValueError(
                f"`code` is not prefix-free: {word!r} ({symbol!r}) begins"
                f" {next_word!r} ({next_symbol!r})"
            )
