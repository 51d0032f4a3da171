"""Questions to answer before reading on: ``Quiz`` with choices, ``Predict`` with a number.

Where no script runs, both are plain text with the answers folded away. With the script a quiz
becomes radio buttons that answer to every choice, and a prediction becomes a field.
Backticks in a text make code and stars make emphasis; all else is taken literally.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xent_lib._html import component
from xent_lib._text import inline

__all__ = ["Choice", "Predict", "Quiz"]


@dataclass(frozen=True)
class Choice:
    """One choice of a quiz.

    Parameters
    ----------
    text : str
        What the reader may choose.
    right : bool
        Whether it is right, computed where it can be: a quiz cannot then go stale.
    why : str
        What to tell a reader who chose it.
    """

    text: str
    right: bool
    why: str

    def __post_init__(self) -> None:
        if not isinstance(self.right, bool | np.bool_):
            raise ValueError(f'`right` of "{self.text}" must be True or False, not {self.right!r}')
        if not self.text.strip():
            raise ValueError("a choice needs a text")
        if not self.why.strip():
            raise ValueError(
                f'the choice "{self.text}" needs a `why`: what makes it right or wrong'
            )


@dataclass(frozen=True)
class Quiz:
    """A question with choices, each of which answers back.

    Parameters
    ----------
    question : str
        What is asked.
    choices : list of Choice
        At least two, shown in this order.
    several : bool, default False
        Whether the reader may tick any number of them. Otherwise exactly one must be right.

    Examples
    --------
    >>> import math
    >>> Quiz(
    ...     "What is the surprise of one side of a fair coin?",
    ...     [
    ...         Choice("1 bit", math.log2(2) == 1, "One yes-or-no question settles it."),
    ...         Choice("2 bits", math.log2(2) == 2, "Two bits tell *four* equal cases apart."),
    ...     ],
    ... )
    Question: What is the surprise of one side of a fair coin?
      A. 1 bit
      B. 2 bits
    Answers:
      A. Right. One yes-or-no question settles it.
      B. Not right. Two bits tell *four* equal cases apart.
    """

    question: str
    choices: list[Choice]
    several: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError("a quiz needs a question")
        if len(self.choices) < 2:
            raise ValueError(f"a quiz needs at least two choices, not {len(self.choices)}")
        texts = [choice.text.strip() for choice in self.choices]
        twice = sorted({text for text in texts if texts.count(text) > 1})
        if twice:
            raise ValueError(f'the choice "{twice[0]}" stands there twice')
        right = sum(bool(choice.right) for choice in self.choices)
        if self.several and right == 0:
            raise ValueError("at least one choice must be right")
        if not self.several and right != 1:
            raise ValueError(f"exactly one choice must be right, not {right}")

    def _hint(self) -> str:
        return " (Several may be right.)" if self.several else ""

    def __repr__(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        lettered = list(zip(letters, self.choices, strict=False))
        lines = [f"Question: {self.question}{self._hint()}"]
        lines += [f"  {letter}. {choice.text}" for letter, choice in lettered]
        lines += ["Answers:"]
        lines += [f"  {letter}. {_verdict(choice)} {choice.why}" for letter, choice in lettered]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        choices = "".join(f"<li>{inline(choice.text)}</li>" for choice in self.choices)
        answers = "".join(
            f"<li><strong>{_verdict(choice)}</strong> <span>{inline(choice.why)}</span></li>"
            for choice in self.choices
        )
        fallback = (
            f"<p><strong>Question.</strong> <span>{inline(self.question)}</span>{self._hint()}</p>"
            f'<ol type="A">{choices}</ol>'
            f'<details><summary>Answers</summary><ol type="A">{answers}</ol></details>'
        )
        params: dict[str, Any] = {
            "right": [bool(choice.right) for choice in self.choices],
            "several": self.several,
        }
        return component("quiz", params, fallback)


def _verdict(choice: Choice) -> str:
    return "Right." if choice.right else "Not right."


@dataclass(frozen=True)
class Predict:
    """A number to guess before it is computed.

    Parameters
    ----------
    question : str
        What is asked.
    answer : float
        The computed answer.
    unit : str
        The unit it comes in; may be empty.
    digits : int, default 2
        How many decimals are shown.

    Examples
    --------
    >>> import math
    >>> Predict("How surprising is a six of a fair die?", math.log2(6), "bits")
    Guess first: How surprising is a six of a fair die?
    Answer: 2.58 bits
    """

    question: str
    answer: float
    unit: str
    digits: int = field(default=2, kw_only=True)

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError("a prediction needs a question")
        if not math.isfinite(self.answer):
            raise ValueError(f"`answer` must be a finite number, not {self.answer}")

    def _shown(self) -> str:
        return f"{self.answer:.{self.digits}f} {self.unit}".rstrip()

    def __repr__(self) -> str:
        return f"Guess first: {self.question}\nAnswer: {self._shown()}"

    def _repr_html_(self) -> str:
        fallback = (
            f"<p><strong>Guess first.</strong> <span>{inline(self.question)}</span></p>"
            f"<details><summary>Answer</summary><p>{inline(self._shown())}</p></details>"
        )
        # More digits than are shown would be those of the machine that computed them.
        answer = float(f"{self.answer:.{self.digits + 3}f}")
        params = {"answer": answer, "unit": self.unit, "digits": self.digits}
        return component("predict", params, fallback)
