"""A whole class from end to end: as this user, as an ordinary one, and cut off in the middle."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursework import demo
from coursework.assignments import ROOT, SOURCE, Assignment

STUDENTS = 200
PATIENCE = ["--cell-seconds", "3", "--submission-seconds", "20"]


def command(folder: Path, name: str = "grades") -> list[str]:
    made = [sys.executable, "-m", "coursework.grade", str(folder / "submissions")]
    made += ["--grades", str(folder / name), "--roster", str(folder / "roster.csv")]
    return [*made, "--due", "2026-03-03", *PATIENCE]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Path:
    """A class that has handed in, and been graded without interruption."""
    folder = tmp_path_factory.mktemp("lesson")
    demo.class_of(STUDENTS, Assignment(SOURCE / "cross-entropy" / "cross-entropy.ipynb"), folder)
    subprocess.run(command(folder), cwd=ROOT, check=True, capture_output=True)
    return folder


def content(grades: Path) -> dict[str, str]:
    """All that was written for people, and all marks and statuses of the gradebook."""
    found = {
        str(path.relative_to(grades)): path.read_text("utf-8")
        for path in sorted(grades.rglob("*"))
        if path.suffix in {".csv", ".html"}
    }
    book = sqlite3.connect(grades / "gradebook.db")
    for query in (
        "SELECT assignment, student, status, late, digest, record FROM submission_status",
        "SELECT student_id, base_cell.name, auto_score, manual_score, needs_manual_grade FROM grade"
        " JOIN base_cell ON cell_id = base_cell.id"
        " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
        " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id",
    ):
        found[query] = "\n".join(sorted(map(repr, book.execute(query))))
    book.close()
    return found


def count(grades: Path) -> int:
    """How many submissions the gradebook holds."""
    try:
        book = sqlite3.connect(f"file:{grades / 'gradebook.db'}?mode=ro", uri=True, timeout=5)
        with book:
            return int(book.execute("SELECT count(*) FROM submission_status").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_everybody_has_a_status_and_nobody_a_bare_zero(lesson):
    lines = (lesson / "grades" / "grades.csv").read_text("utf-8").splitlines()[1:]
    assert len(lines) == STUDENTS
    statuses = [line.split(",")[5] for line in lines]
    assert {"graded", "late", "missing", "could not be run", "suspected of tampering"} == set(
        statuses
    )
    for line, status in zip(lines, statuses, strict=True):
        assert (line.split(",")[7] == "") == (status in {"missing", "could not be run"})


def test_killed_in_the_middle_and_resumed_it_is_the_same(lesson):
    grades = lesson / "again"
    run = subprocess.Popen(command(lesson, "again"), cwd=ROOT, stdout=-3, stderr=-3)
    while count(grades) < STUDENTS // 3 and run.poll() is None:
        time.sleep(0.1)
    run.kill()
    assert run.wait() == -signal.SIGKILL
    cut_off = count(grades)
    assert STUDENTS // 3 <= cut_off < STUDENTS
    done = subprocess.run(
        command(lesson, "again"), cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert f" {STUDENTS - 1 - cut_off} to grade" in done.stdout  # one has handed in nothing
    assert content(grades) == content(lesson / "grades")


@pytest.mark.skipif(os.geteuid() != 0, reason="all else here runs as an ordinary user already")
def test_an_ordinary_user_comes_to_the_same_marks(tmp_path):
    """Graded by somebody who is not root, in a world that this somebody may read."""
    few = tmp_path / "few"
    few.mkdir()
    demo.class_of(12, Assignment(SOURCE / "cross-entropy" / "cross-entropy.ipynb"), few)
    subprocess.run(command(few), cwd=ROOT, check=True, capture_output=True)
    for path in [few, *few.rglob("*")]:
        os.chown(path, 12345, 12345)
    world = ["bwrap", "--proc", "/proc", "--dev", "/dev"]
    for place in ("/tmp", "/dev/shm"):
        world += ["--perms", "1777", "--tmpfs", place]
    for name in ("/usr", "/etc", "/lib", "/lib64", "/bin"):
        if os.path.islink(name):
            world += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            world += ["--ro-bind", name, name]
    for path in (sys.base_prefix, sys.prefix, ROOT / "coursework", ROOT / "xent_lib", few):
        for parent in reversed(Path(path).parents[:-1]):
            world += ["--perms", "0755", "--dir", str(parent)]
        world += ["--bind" if path == few else "--ro-bind", str(path), str(path)]
    for right in ("SETUID", "SETGID", "SETPCAP"):
        world += ["--cap-add", f"CAP_{right}"]
    nobody = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "--inh-caps=-all"]
    world += ["--chdir", str(ROOT), *nobody, "--bounding-set=-all", *command(few, "others")]
    done = subprocess.run(world, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert content(few / "others") == content(few / "grades")
    assert (few / "others" / "gradebook.db").stat().st_uid == 12345
