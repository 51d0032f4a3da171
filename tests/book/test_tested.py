"""The page on how the book is tested says what there is: files, commands, tests, numbers."""

import ast
import re
import sys

import pytest
from notebooks import NOTEBOOKS, ROOT, cells

sys.path.insert(0, str(ROOT / "_ext"))
import counts

PAGE = (ROOT / "chapters" / "reference" / "tested.md").read_text("utf-8")
TESTS = [ast.parse(file.read_text("utf-8")) for file in sorted(ROOT.glob("tests/**/test_*.py"))]
NAMES = [
    node.name for tree in TESTS for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
]
BROKEN = re.compile(
    r"^perl -pi -e 's/(.+?)/(.+?)/' (\S+)\n\S+/python -m pytest (.+)$", re.MULTILINE
)


def test_every_file_that_it_names_is_there():
    named = re.findall(r"(?<![\w/.])((?:tests|xent_lib|chapters)/[\w/.*-]*)", PAGE)
    assert len(named) > 20
    assert not [path for path in named if not list(ROOT.glob(path.rstrip(".")))]


def test_every_test_and_command_that_it_names_is_there():
    assert not set(re.findall(r"\btest_\w+(?=`)(?!\.py)", PAGE)) - set(NAMES)
    commands = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert not set(re.findall(r"`make ([\w-]+)`", PAGE)) - set(commands)


def test_what_the_reader_is_to_break_is_still_there():
    broken = BROKEN.findall(PAGE)
    assert len(broken) == PAGE.count("```sh") == 3
    for old, new, file, _ in broken:
        text = (ROOT / file).read_text("utf-8")
        assert len(re.findall(old, text)) == 1, f"{file} has no {old} to break, or several"
        assert new not in text


def attacks() -> int:
    """How many functions of a file are handed in."""
    tree = ast.parse((ROOT / "tests" / "coursework" / "attacks.py").read_text("utf-8"))
    made = [node.decorator_list for node in tree.body if isinstance(node, ast.FunctionDef)]
    calls = [one.func.id for several in made for one in several if isinstance(one, ast.Call)]
    return sum(name in ("attack", "coded") for name in calls)


def test_the_counts_are_right():
    code = [cell for path in NOTEBOOKS for cell in cells(path) if cell.is_code]
    right = {
        "notebooks": len(NOTEBOOKS),
        "cells": len(code),
        "claims": sum(len(cell.calls("claim")) for cell in code),
        "exercises": sum("solution" in cell.tags for cell in code),
        "attacks": attacks(),
        "tests": sum(name.startswith("test_") for name in NAMES),
        "test files": len(TESTS),
    }
    assert {name: counts.COUNTS[name]() for name in right} == right


@pytest.mark.parametrize("name", counts.COUNTS)
def test_every_count_is_used(name):
    assert f"{{count}}`{name}`" in PAGE
