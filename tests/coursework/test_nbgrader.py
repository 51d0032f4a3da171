"""nbgrader's own commands, run in the folder of the coursework."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursework.assignments import ROOT, SOURCE, Assignment

NAME = "cross-entropy"


@pytest.fixture
def course(tmp_path) -> Path:
    """A copy of the coursework, for nbgrader writes beside the masters."""
    shutil.copytree(ROOT / "coursework", tmp_path / "coursework")
    return tmp_path / "coursework"


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    here = str(Path(sys.executable).parent)
    variables = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course, env=variables, capture_output=True, text=True)


def test_generate_assignment_makes_the_students_notebook_and_autograde_refuses(course):
    made = nbgrader(course, "generate_assignment", NAME)
    assert made.returncode == 0, made.stderr
    released = course / "release" / NAME / f"{NAME}.ipynb"
    assert (
        nbformat.read(released, 4).cells
        == Assignment(SOURCE / NAME / f"{NAME}.ipynb").released.cells
    )
    handed_in = course / "submitted" / "ada" / NAME
    handed_in.mkdir(parents=True)
    notebook = json.loads(released.read_text("utf-8"))
    notebook["cells"][1]["source"] = f"open({str(course / 'ran')!r}, 'w')"
    (handed_in / f"{NAME}.ipynb").write_text(json.dumps(notebook), "utf-8")
    graded = nbgrader(course, "autograde", NAME, "--create")
    assert graded.returncode != 0
    assert "make grade" in graded.stderr
    assert not (course / "ran").exists()
