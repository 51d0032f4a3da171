"""The role `count`: how many of a thing the book has, counted when it is built.

{count}`claims` in a page becomes, say, "1,234".
"""

import re
import tomllib
from collections.abc import Callable

from docutils import nodes
from functions import NOTEBOOKS, ROOT, TESTS, code_cells, ways
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from xent_lib import explorables

ATTACKS = ROOT / "tests" / "coursework" / "attacks.py"


def cells(tag: str = "") -> list[str]:
    """The code cells of all notebooks, or those with a tag."""
    found = [cell for notebook in NOTEBOOKS for cell in code_cells(notebook)]
    return [code for code, tags in found if not tag or tag in tags]


def lines(pattern: str, *texts: str) -> int:
    """How many lines of some texts begin with a pattern."""
    return sum(len(re.findall(rf"^ *{pattern}", text, re.MULTILINE)) for text in texts)


def coverage() -> int:
    """The share of the library that the tests must run, in percent."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return int(project["tool"]["coverage"]["report"]["fail_under"])


COUNTS: dict[str, Callable[[], int]] = {
    "notebooks": lambda: len(NOTEBOOKS),
    "cells": lambda: len(cells()),
    "claims": lambda: lines(r"claim\(", *cells()),
    "exercises": lambda: len(cells("solution")),
    "explorables": lambda: len(explorables.__all__),
    "names": lambda: len(set(ways().values())),
    "tests": lambda: lines("def test_", *(file.read_text("utf-8") for file in TESTS)),
    "test files": lambda: len(TESTS),
    "attacks": lambda: lines(r"@(attack|coded)\(", ATTACKS.read_text("utf-8")),
    "coverage": coverage,
}


class Count(SphinxRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.Text(f"{COUNTS[self.text]():,}")], []


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the role known."""
    app.add_role("count", Count())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
