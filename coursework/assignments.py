"""The assignments: from a teacher's master to the notebook that students get.

A master is a notebook in nbgrader's format, ``coursework/source/<name>/<name>.ipynb``. It holds the
solutions, the hidden tests, the marking schemes, and cells tagged ``teacher``, which make what the
visible checks know. Nothing of these is in a student's notebook.

``python -m coursework.assignments`` writes the students' versions, and refuses a master whose own
solution fails or whose stub passes.
"""

import argparse
import ast
import asyncio
import contextlib
import copy
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from inspect import CO_COROUTINE
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from tqdm import tqdm

from xent_lib import checks

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "coursework" / "source"
RELEASE = ROOT / "_build" / "handout" / "coursework"

HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS\n?", re.M | re.S)
CHAPTER_LINK = re.compile(r"\[([^]]+)\]\(\.\./(chapters/[^)]+)\)")
NO_SEALS = "seals = {}"

BOOTSTRAP = """\
# Run this cell first. Where the book's library is missing, it is fetched.
import sys

try:
    import xent_lib
except ModuleNotFoundError:
    if sys.platform == "emscripten":  # in the browser
        import piplite

        await piplite.install("xent_lib")
    else:
        import subprocess

        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "{wheel}"], check=True)
"""


class Refused(Exception):
    """A master is not fit to hand out; the message says which cell and why."""


@dataclass(frozen=True)
class Test:
    """A graded cell that tests code: the part that students see, and the part that they do not."""

    id: str
    points: float
    visible: str
    hidden: str


@dataclass(frozen=True)
class Written:
    """A graded answer in words, which a person marks."""

    id: str
    points: float
    scheme: str


class Assignment:
    """One assignment, read from its master.

    Attributes
    ----------
    name : str
        The name of the folder and of the notebook.
    master : NotebookNode
        The teacher's notebook.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.master = nbformat.read(path, as_version=4)

    @property
    def title(self) -> str:
        return str(self.master.cells[0].source.splitlines()[0].removeprefix("# Coursework: "))

    @property
    def chapter(self) -> str:
        """The chapter it belongs to, as a path under ``chapters``."""
        return str(self.master.metadata.coursework.chapter)

    @property
    def minutes(self) -> int:
        return int(self.master.metadata.coursework.minutes)

    @property
    def points(self) -> float:
        parts: list[Test | Written] = [*self.tests.values(), *self.written.values()]
        return sum(part.points for part in parts)

    @cached_property
    def order(self) -> list[str]:
        """The ids of all cells that have one, as they stand in the master."""
        return [grade_id(cell) for cell in self.master.cells if grade_id(cell)]

    @cached_property
    def tests(self) -> dict[str, Test]:
        """The graded code cells by their ids."""
        return {
            grade_id(cell): Test(
                grade_id(cell),
                float(cell.metadata.nbgrader.points),
                HIDDEN.sub("", cell.source),
                "\n".join(HIDDEN.findall(cell.source)),
            )
            for cell in self.master.cells
            if is_test(cell)
        }

    @cached_property
    def written(self) -> dict[str, Written]:
        """The graded answers in words by their ids."""
        return {
            grade_id(cell): Written(
                grade_id(cell),
                float(cell.metadata.nbgrader.points),
                "\n".join(re.findall(r"### BEGIN MARK SCHEME\n(.*?)### END", cell.source, re.S)),
            )
            for cell in self.master.cells
            if cell.cell_type == "markdown" and grade_id(cell) and cell.metadata.nbgrader.grade
        }

    @cached_property
    def given(self) -> dict[str, str]:
        """The code cells that students may not change and that are not tests, as released."""
        return {
            grade_id(cell): cell.source
            for cell in self.released.cells
            if cell.cell_type == "code" and grade_id(cell) and is_given(cell)
        }

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names that a student's code is to define: those that the solutions define."""
        sources = [
            cell.source
            for cell in self.master.cells
            if cell.cell_type == "code" and grade_id(cell) and cell.metadata.nbgrader.solution
        ]
        return frozenset(name for source in sources for name in defined(source))

    @cached_property
    def released(self) -> NotebookNode:
        """The students' notebook: no solution, hidden test, marking scheme or teacher's cell.

        Raises
        ------
        Refused
            If the master's own solution does not pass its tests.
        """
        notebook = copy.deepcopy(self.master)
        seals = f'seals = checks.unpack("{checks.pack(self._seals())}")'
        notebook.cells = [cell for cell in notebook.cells if not is_teacher(cell)]
        for cell in notebook.cells:
            if cell.cell_type == "code" and NO_SEALS in cell.source:
                cell.source = cell.source.replace(NO_SEALS, seals)
                cell.metadata["jupyter"] = {"source_hidden": True}
        tell_points(notebook)
        for step in RELEASING:
            notebook, _ = step().preprocess(notebook, {})
        result: NotebookNode = notebook
        return result

    def _seals(self) -> dict[str, dict[str, Any]]:
        names = namespace()
        for cell in code_cells(self.master):
            try:
                run(cell.source, names)
            except Exception as error:
                where = grade_id(cell) or cell.id
                raise Refused(
                    f"{self.name}: cell {where}: {type(error).__name__}: {error}"
                ) from error
        seals: dict[str, dict[str, Any]] = names.get("seals", {})
        return seals

    def stubs_that_pass(self) -> list[str]:
        """The tests that a student's notebook passes with nothing written; should be none."""
        names = namespace()
        passed = []
        for cell in code_cells(self.released):
            source = self.master_source(grade_id(cell)) if is_test(cell) else cell.source
            try:
                run(source, names)
            except Exception:
                continue
            passed += [grade_id(cell)] if is_test(cell) else []
        return passed

    def master_source(self, id: str) -> str:
        return next(str(cell.source) for cell in self.master.cells if grade_id(cell) == id)


# nbgrader's own steps. The checksums come last: they are of what students see.
RELEASING = [
    LockCells,
    ClearSolutions,
    ClearOutput,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]


# --- Cells ---------------------------------------------------------------------------------------


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's id of a cell, or an empty text."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_test(cell: NotebookNode) -> bool:
    mark = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and mark.get("grade") and not mark.get("solution"))


def is_given(cell: NotebookNode) -> bool:
    mark = cell.metadata.nbgrader
    return bool(mark.get("locked") and not mark.get("grade") and not mark.get("solution"))


def is_teacher(cell: NotebookNode) -> bool:
    return "teacher" in cell.metadata.get("tags", [])


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def defined(source: str) -> Iterator[str]:
    """The names that a piece of code defines at its top level."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (name for target in targets for name in ast.walk(target))
            yield from (name.id for name in names if isinstance(name, ast.Name))


def tell_points(notebook: NotebookNode) -> None:
    """Say in the heading of each task what it is worth."""
    heads = [n for n, cell in enumerate(notebook.cells) if cell.source.startswith("## Task ")]
    for head, end in pairwise([*heads, None]):
        marks = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells[head:end]]
        points = sum(mark.get("points", 0) for mark in marks)
        heading, *rest = notebook.cells[head].source.split("\n")
        heading += f" ({points:g} {'point' if points == 1 else 'points'})"
        notebook.cells[head].source = "\n".join([heading, *rest])


# --- Running a teacher's own code ----------------------------------------------------------------


def namespace() -> dict[str, Any]:
    return {"__name__": "__main__", "display": lambda *things: None}


def run(source: str, names: dict[str, Any]) -> None:
    """Run a cell in this process. For code of the teacher's only."""
    code = compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with contextlib.redirect_stdout(io.StringIO()):
        if code.co_flags & CO_COROUTINE:
            asyncio.run(eval(code, names))
        else:
            exec(code, names)


# --- Handing out ---------------------------------------------------------------------------------

HOW_TO = """\
{title}

{notebook} is the assignment. Open it in Jupyter (or Colab, or any other place that runs notebooks),
write your answers, and hand in that one file under the same name.

It needs Python 3.11 or newer with NumPy, and the book's library, which is {wheel} in this folder.
The first cell of the notebook installs it where it is missing; on Colab, put both files there.
"""


def assignments(source: Path = SOURCE) -> list[Assignment]:
    """All assignments of a folder, in the order of their names."""
    found = [Assignment(folder / f"{folder.name}.ipynb") for folder in sorted(source.glob("*/"))]
    if not found:
        raise Refused(f"{source} holds no assignment: expected {source}/<name>/<name>.ipynb")
    return found


def write(assignment: Assignment, folder: Path, wheel: Path, site: str = "") -> None:
    """Write a student's notebook, and a zip with it and the library.

    Parameters
    ----------
    assignment : Assignment
        Which one.
    folder : Path
        Where to write.
    wheel : Path
        The library as a wheel.
    site : str
        The address of the published book; empty where there is none. The notebook links to it and
        fetches the library from there.
    """
    if passed := assignment.stubs_that_pass():
        raise Refused(f"{assignment.name}: passed with nothing written: {', '.join(passed)}")
    notebook = copy.deepcopy(assignment.released)
    fetch = f"{site}coursework/{wheel.name}" if site else wheel.name
    notebook.cells.insert(1, bootstrap(fetch))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = CHAPTER_LINK.sub(rf"[\1]({site}\2)" if site else r"*\1*", cell.source)
    text = nbformat.writes(notebook) + "\n"
    (folder / f"{assignment.name}.ipynb").write_text(text, "utf-8")
    how_to = HOW_TO.format(
        title=assignment.title, notebook=f"{assignment.name}.ipynb", wheel=wheel.name
    )
    with zipfile.ZipFile(folder / f"{assignment.name}.zip", "w") as archive:
        for name, content in (
            (f"{assignment.name}.ipynb", text.encode()),
            (wheel.name, wheel.read_bytes()),
            ("README.txt", how_to.encode()),
        ):
            entry = zipfile.ZipInfo(f"{assignment.name}/{name}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def bootstrap(wheel: str) -> NotebookNode:
    """The cell that fetches the library where it is missing."""
    cell: NotebookNode = nbformat.v4.new_code_cell(BOOTSTRAP.format(wheel=wheel))
    cell.id = "bootstrap"
    cell.metadata = nbformat.from_dict({"jupyter": {"source_hidden": True}})
    return cell


def build_wheel(folder: Path) -> Path:
    """The library as a wheel, built apart so that the checkout stays clean."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("xent_lib", "pyproject.toml", "README.md", "LICENSE"):
            copy_of = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy_of(ROOT / name, Path(place) / name)
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        build += ["--no-build-isolation", "--wheel-dir", str(folder), place]
        always = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}  # the same file each time
        subprocess.run(build, check=True, env=always)
    return next(folder.glob("xent_lib-*.whl"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make assignments", description=__doc__)
    parser.add_argument("--source", type=Path, default=SOURCE, help="the folder with the masters")
    parser.add_argument("--to", type=Path, default=RELEASE, help="where the students' files go")
    parser.add_argument("--site", default="", help="the address of the published book")
    parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "coursework"
        folder.mkdir()
        wheel = build_wheel(folder)
        try:
            all_of_them = assignments(options.source)
            for assignment in tqdm(all_of_them, unit="assignment"):
                write(assignment, folder, wheel, options.site)
        except Refused as refused:
            sys.exit(f"Nothing was written. {refused}")
        if not options.dry_run:
            shutil.rmtree(options.to, ignore_errors=True)
            shutil.copytree(folder, options.to)
    for each in all_of_them:
        print(f"{each.name:20} {each.points:4g} points {each.minutes:4d} minutes  {each.title}")
    print("Nothing was written." if options.dry_run else f"They are in {options.to}")


if __name__ == "__main__":
    main()
