"""Every attack, for real: one class of honest students and attackers, graded in one batch.

Run as a program, it writes the table of the page *How grading stays safe*.
"""

import csv
import ctypes
import re
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks import ATTACKS, NAME, Place, notebook, save

from coursework.assignments import ROOT, SOURCE, Assignment
from coursework.sandbox import ready

PAGE = ROOT / "chapters" / "coursework" / "safety.md"
HONEST = {  # what each has solved, and the points for it
    "ada": ("message-bits cheapest-book careful-book", 7.0),
    "bela": ("message-bits careful-book", 5.0),
    "chen": ("careful-book", 2.0),
    "dora": ("", 0.0),
    "Émile =1+1 <b>": ("message-bits cheapest-book", 5.0),
}
PR_SET_CHILD_SUBREAPER = 36
SECRET = "SECRET-"  # stands where nobody may read


@dataclass
class Batch:
    """A batch, graded: where it is, its table, and what was seen beside it."""

    folder: Path
    place: Place
    rows: dict[str, dict[str, str]]
    before: dict[Path, bytes]
    connections: int
    left: set[str]

    def attack(self, number: int) -> dict[str, str]:
        return self.rows[student(number)]

    def feedback(self, who: str) -> str:
        path = self.folder / "grades" / "feedback" / who / f"{NAME}.html"
        return path.read_text("utf-8")

    def harm(self, number: int) -> list[str]:
        """What an attack did that it should not have been able to."""
        seen = self.feedback(student(number))
        done = [word for word in (SECRET, "ESC-APED") if word in seen]
        folder = self.folder / "submissions" / student(number)
        done += [f"{path.name} changed" for path in changed(self.before, folder)]
        return done


def student(number: int) -> str:
    return f"attacker-{number:02d}"


def graded(folder: Path, *more: str) -> str:
    """Grade the folder as a teacher does, with little patience."""
    command = [sys.executable, "-m", "coursework.grade", str(folder / "submissions")]
    command += ["--grades", str(folder / "grades"), "--source", str(folder / "source"), *more]
    patience = ["--call-seconds=2", "--cell-seconds=4", "--submission-seconds=20"]
    done = subprocess.run(
        [*command, *patience], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def changed(before: dict[Path, bytes], folder: Path) -> list[Path]:
    now = files(folder)
    then = {path: content for path, content in before.items() if path.is_relative_to(folder)}
    return [path for path in {**then, **now} if then.get(path) != now.get(path)]


def adopt_orphans() -> None:
    """Whatever outlives the process that started it becomes a child of this one."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def children() -> set[str]:
    """The processes that this one has started or adopted and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    ids = {id for path in tasks for id in path.read_text().split()}
    commands = {id: Path("/proc", id, "cmdline").read_bytes() for id in ids}
    return {f"{id} {command!r}" for id, command in commands.items() if command}  # else it is dead


def hand_in(folder: Path, port: int) -> Place:
    """Write all submissions, the honest ones graded already; the place that is attacked."""
    shutil.copytree(SOURCE / NAME, folder / "source" / NAME)
    master = folder / "source" / NAME / f"{NAME}.ipynb"
    master.write_text(
        master.read_text("utf-8").replace(
            "from math import", f"# {SECRET}master\\nfrom math import"
        )
    )
    (folder / "outside").mkdir()
    assignment = Assignment(master)
    place = None
    for who, (solved, _) in HONEST.items():
        (folder / "submissions" / who).mkdir(parents=True)
        place = Place(
            assignment,
            folder / "submissions" / who,
            master,
            folder / "grades" / "gradebook.db",
            folder / "submissions" / "ada" / f"{NAME}.ipynb",
            folder / "outside",
            port,
        )
        made = notebook(place, *solved.split())
        made.cells[-1].source = f"{SECRET}other {who}"
        save(place, made)
    assert place
    graded(folder)
    for number, attack in enumerate(ATTACKS):
        (folder / "submissions" / student(number)).mkdir()
        attack.hand_in(Place(**{**vars(place), "folder": folder / "submissions" / student(number)}))
    return place


@pytest.fixture(scope="module")
def batch(tmp_path_factory) -> Batch:
    return run(tmp_path_factory.mktemp("class"))


def run(folder: Path) -> Batch:
    ready()  # what follows must never run without the sandbox
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connections.append(server.accept()[1])
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        place = hand_in(folder, server.getsockname()[1])
        before = files(folder)
        adopt_orphans()
        theirs = children()
        graded(folder)
        left = children() - theirs
        seen = len(connections)
    with (folder / "grades" / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return Batch(folder, place, rows, before, seen, left)


each_attack = pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[a.name for a in ATTACKS])


@each_attack
def test_an_attack_gets_what_it_deserves_and_does_no_harm(batch, number):
    attack, row = ATTACKS[number], batch.attack(number)
    points = float(row["points"]) if row["points"] else None
    assert (points, row["status"]) == (attack.deserved, attack.status), row["remarks"]
    assert batch.harm(number) == []


def test_every_honest_mark_is_right(batch):
    for who, (_, points) in HONEST.items():
        assert float(batch.rows[who]["points"]) == points
        assert batch.rows[who]["status"] == "graded"


def test_the_batch_came_to_its_end(batch):
    assert len(batch.rows) == len(ATTACKS) + len(HONEST)
    assert (batch.folder / "grades" / "summary.html").exists()


def test_nothing_was_written_that_was_not_the_grader_s(batch):
    assert changed(batch.before, batch.folder / "submissions") == []
    assert changed(batch.before, batch.folder / "source") == []
    assert list(batch.place.outside.iterdir()) == []
    assert not Path("/x").exists()


def test_nobody_was_called_over_the_network(batch):
    assert batch.connections == 0


def test_nothing_was_left_running(batch):
    assert batch.left == set()


def test_nothing_secret_stands_in_what_attackers_get(batch):
    for number in range(len(ATTACKS)):
        page = batch.feedback(student(number))
        for test in batch.place.assignment.tests.values():
            for line in test.hidden.splitlines():
                assert len(line) < 13 or line.strip() not in page


def test_a_spreadsheet_gets_no_formula(batch):
    for table in (batch.folder / "grades").glob("*.csv"):
        with table.open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                assert not any(re.match(r"[=+@\t\r]|-(?!\d)", value) for value in row), table


def test_graded_again_is_only_what_changed(batch):
    before = (batch.folder / "grades" / "grades.csv").read_text("utf-8")
    assert " 0 to grade" in graded(batch.folder)
    assert (batch.folder / "grades" / "grades.csv").read_text("utf-8") == before


def test_the_page_has_the_table_as_measured(batch):
    assert table(batch) in PAGE.read_text("utf-8")


def table(batch: Batch) -> str:
    """The table of the page."""
    lines = ["| Attack | Deserved | Given | Status | Harm |", "|---|---|---|---|---|"]
    for number, attack in enumerate(ATTACKS):
        row = batch.attack(number)
        deserved = "none" if attack.deserved is None else f"{attack.deserved:g}"
        harm = ", ".join(batch.harm(number)) or "none"
        given = row["points"] or "none"
        lines.append(f"| {attack.name} | {deserved} | {given} | {row['status']} | {harm} |")
    return "\n".join(lines)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        measured = table(run(Path(place)))
    head, _, _ = PAGE.read_text("utf-8").partition("| Attack |")
    PAGE.write_text(f"{head.rstrip()}\n\n{measured}\n", "utf-8")
