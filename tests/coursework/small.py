"""A small assignment, so that each test says all that matters in it, and work for it."""

import copy
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursework import intake
from coursework.assignments import Assignment, grade_id

NAME = "doubling"
RIGHT = {"twice": "def twice(x):\n    return 2 * x", "thrice": "def thrice(x):\n    return 3 * x"}
HIDDEN = """\
### BEGIN HIDDEN TESTS
{}
### END HIDDEN TESTS
"""
CHECK = "assert twice(2) == 4, 'twice two is four'\n"
SECRET = "checks.agree(twice(10), 20.0, 'a larger number')"


def cell(kind: str, source: str, id: str = "", **mark: object) -> NotebookNode:
    """A cell with nbgrader's mark; an ordinary one without an id."""
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind](
        source
    )
    if id:
        rest = {"grade": False, "solution": False, "locked": False, "task": False}
        about = {"grade_id": id, "schema_version": 3, "cell_type": kind, **rest, **mark}
        made.metadata["nbgrader"] = nbformat.from_dict(about)
        made.id = id
    return made


def check_cell(id: str, points: float, visible: str, hidden: str) -> NotebookNode:
    source = visible + HIDDEN.format(hidden)
    return cell("code", source, id, grade=True, locked=True, points=points)


def solution_cell(id: str, source: str) -> NotebookNode:
    head, body = source.split("\n", 1)
    inside = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n"
    return cell("code", inside, id, solution=True)


def cells(secret: str = SECRET) -> list[NotebookNode]:
    """The cells of the master: 2 + 1 points for code, 3 for words."""
    setup = "import numpy as np\n\nfrom xent_lib import checks\n\nseals = {}\n"
    scheme = "### BEGIN MARK SCHEME\nOne point: it is so.\n### END MARK SCHEME"
    words = {"grade": True, "solution": True, "points": 3}
    return [
        cell("markdown", "# Coursework: Doubling"),
        cell("code", setup, "setup", locked=True),
        solution_cell("twice", RIGHT["twice"]),
        check_cell("twice-check", 2, CHECK, secret),
        cell("code", "start = 7\n", "given", locked=True),
        solution_cell("thrice", RIGHT["thrice"]),
        check_cell("thrice-check", 1, "assert thrice(start) == 21\n", "assert thrice(0) == 0"),
        cell("markdown", f"It is so.\n\n{scheme}", "words", **words),
    ]


def master(source: Path, made: list[NotebookNode] | None = None, name: str = NAME) -> Path:
    """Write a master into a folder of masters."""
    notebook = nbformat.v4.new_notebook(cells=cells() if made is None else made)
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "P"}
    notebook.metadata.coursework = {"chapter": "information/entropy", "minutes": 5}
    path = source / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(notebook), "utf-8")
    return path


def assignment(source: Path, made: list[NotebookNode] | None = None) -> Assignment:
    return Assignment(master(source, made))


def answered(one: Assignment, **answers: str) -> NotebookNode:
    """A student's notebook, with these cells filled in."""
    notebook = copy.deepcopy(one.released)
    for each in notebook.cells:
        each.source = answers.get(grade_id(each).replace("-", "_"), each.source)
    return notebook


def taken_in(notebook: NotebookNode) -> list[intake.Cell]:
    return intake.cells(json.dumps(notebook).encode())
