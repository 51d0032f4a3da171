"""What every explorable figure is: parameters for the script, and values that stand without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase
from typing import Any

import numpy as np

from xent_lib._html import component


@dataclass(frozen=True, repr=False)
class Explorable:
    """A figure that the reader can move, and its first values as a table and a sentence."""

    kind: str
    params: dict[str, Any]
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    says: str
    wordy: bool = False  # the cells hold words: begin them at the left

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in self.rows
        )
        style = ' class="xent-text"' if self.wordy else ""
        return component(
            self.kind,
            self.params,
            f'<p class="xent-title"><strong>{escape(self.title)}</strong></p>'
            f"<table{style}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{escape(self.says)}</p>",
        )

    def __repr__(self) -> str:
        table = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        align = str.ljust if self.wordy else str.rjust
        lines = [
            "  ".join([row[0].ljust(widths[0]), *map(align, row[1:], widths[1:])]).rstrip()
            for row in table
        ]
        return "\n".join([self.title, "", *lines, "", self.says])


def number(value: float, digits: int = 3) -> str:
    """A number for people: fixed digits, a real minus sign, infinity in words."""
    if np.isinf(value):
        return "infinite"
    return f"{value:z.{digits}f}".replace("-", "−")


def symbols(p: Sequence[float], labels: Sequence[str] | None) -> list[str]:
    """The names of the symbols of p, a single distribution: those given, or A, B, C…"""
    if np.ndim(p) != 1 or not 2 <= len(p) <= 8:
        raise ValueError("a figure draws one distribution over 2 to 8 symbols")
    if labels is None:
        return list(ascii_uppercase[: len(p)])
    if len(labels) != len(p):
        raise ValueError(f"`labels` has {len(labels)} names for {len(p)} symbols")
    return [str(label) for label in labels]
