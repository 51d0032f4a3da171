"""The notebooks of the book as the tests see them: cells, their code as trees, their words."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*/*.ipynb"))
NOTEBOOKS = [ROOT / "index.ipynb", *CHAPTERS]
#: The teachers' notebooks of the coursework.
MASTERS = sorted((ROOT / "coursework" / "source").glob("*/*.ipynb"))
PAGES = sorted((ROOT / "chapters").glob("*/*.md"))

QUESTIONS = ("Choice", "Quiz", "Predict")


def name(path: Path) -> str:
    """A page's path as the tests show it."""
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook; `number` counts from 1 over all cells."""

    number: int
    raw: dict[str, Any] = field(repr=False)

    @property
    def is_code(self) -> bool:
        return self.raw["cell_type"] == "code"

    @property
    def is_markdown(self) -> bool:
        return self.raw["cell_type"] == "markdown"

    @property
    def source(self) -> str:
        return joined(self.raw["source"])

    @property
    def metadata(self) -> dict[str, Any]:
        return self.raw["metadata"]

    @property
    def tags(self) -> set[str]:
        return set(self.metadata.get("tags", []))

    @property
    def hidden_in_jupyter(self) -> bool:
        return self.metadata.get("jupyter", {}).get("source_hidden") is True

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return self.raw["outputs"] if self.is_code else []

    @cached_property
    def tree(self) -> ast.Module:
        """The code as a tree; a cell may await something."""
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = self.source if self.is_code else ""
        return compile(code, f"cell {self.number}", "exec", flags)

    @property
    def code_lines(self) -> int:
        lines = map(str.strip, self.source.splitlines())
        return sum(bool(line) and not line.startswith("#") for line in lines)

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of functions with these names, with or without a module in front."""
        return [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in names
        ]

    @property
    def figure(self) -> dict[str, str]:
        """What the cell's metadata says about its picture: ``alt`` and ``caption``."""
        mystnb = self.metadata.get("mystnb", {})
        return {
            "alt": mystnb.get("image", {}).get("alt", ""),
            "caption": mystnb.get("figure", {}).get("caption", ""),
        }

    def texts(self) -> Iterator[tuple[str, str]]:
        """The words of the cell that a reader reads: (what they are, the words)."""
        if self.is_markdown:
            yield "text", self.source
        for kind, text in self.figure.items():
            if text:
                yield kind, text
        literals = {
            node: node.value
            for call in self.calls(*QUESTIONS)  # a Choice inside a Quiz is met twice
            for node in ast.walk(call)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for text in literals.values():
            yield "question", text


def joined(text: str | list[str]) -> str:
    """A text of the notebook format, which may be a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def called(call: ast.Call) -> str:
    """The dotted name that a call calls."""
    return ast.unparse(call.func)


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook; a Markdown page is one Markdown cell."""
    if path.suffix == ".md":
        page = {"cell_type": "markdown", "metadata": {}, "source": path.read_text("utf-8")}
        return [Cell(1, page)]
    return [Cell(number, raw) for number, raw in enumerate(load(path)["cells"], start=1)]


#: What a Markdown text holds that is not read as a sentence.
NOT_PROSE = re.compile(
    r"""
    ^(?P<fence>`{3,}|~{3,})[ ]*(?!text\b)\w+[^\n]*\n.*?^(?P=fence)[ ]*$ # code in some language
    | (?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)                      # the address of a link
    | \b(?:https?|doi):\S+                                               # any other address
    | \{cite[\w:]*\}`[^`]*`                                             # citation keys
    | ^\#+[ ]+\d+(?:\.\d+)*\.?(?=[ ])                                   # the number of a heading
    | </?(?!img\b)[a-zA-Z][^<>]*>                                        # an HTML tag
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def mask(text: str, pattern: re.Pattern[str] = NOT_PROSE) -> str:
    """`text` with the letters and digits of what is not prose blotted out; places stay."""
    return pattern.sub(lambda match: re.sub(r"\w", "_", match[0]), text)
