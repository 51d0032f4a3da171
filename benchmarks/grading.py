"""Measure ``make grade`` beside plain nbgrader, on the same made-up class, in one run.

``make bench-grading`` runs it, or, from the root of the repository,

    .venv/bin/python -m benchmarks.grading --students 200 --nbgrader-students 20

and it prints one table. It needs no network and writes nothing but temporary files.

Plain nbgrader starts a kernel for each student and takes its time, so it grades the first few of
the class only. It gets a course folder with no settings, and does what a teacher would do: one
``nbgrader autograde``, then one ``nbgrader generate_feedback``. Ours marks the same work in its
sandbox, makes the feedback, the tables and the summary, with one job and with one for each core.
Then each does it again with nothing changed. The points of all code cells are compared: where the
graders do not agree, or one left somebody out, the run fails, and its times mean nothing.

Memory is the most that a command and all that it started had resident at once, looked at ten times
a second; what processes share counts in each of them. What 1,000 submissions take is the same pace
drawn out, with the start of the programs in it. Times belong to the machine.
"""

import argparse
import copy
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbgrader.api
import psutil
from nbformat import NotebookNode

from coursework.assignments import ROOT, SOURCE, Assignment, grade_id, is_test
from coursework.demo import class_of
from coursework.gradebook import GRADED, Store

ASSIGNMENT = "cross-entropy"
LOOK_EVERY = 0.1  # seconds

Points = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Cost:
    """What it took to grade a class."""

    who: str
    students: int
    seconds: float
    memory: int

    @property
    def each(self) -> float:
        return self.seconds / self.students


# --- Running and watching ------------------------------------------------------------------------


class Place:
    """A folder for the run, and the environment of all that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = dict(os.environ)
        # nbgrader runs the program alembic
        path = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
        self.environment["PATH"] = os.pathsep.join(path)
        for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
            self.environment[variable] = "1"
        # no settings or kernels of whoever runs this
        self.environment.pop("JUPYTER_PATH", None)
        self.environment.pop("JUPYTER_CONFIG_PATH", None)
        for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
            self.environment[variable] = str(folder / variable.lower())

    def run(self, *command: str, at: Path) -> tuple[float, int, str]:
        """Run a Python module to its end: seconds, most bytes of memory, and what it printed."""
        print(f"{' '.join(command[:2])} …", file=sys.stderr, flush=True)
        log = self.folder / "log.txt"
        with log.open("w") as file:
            start, most = time.perf_counter(), 0
            process = psutil.Popen(
                [sys.executable, "-m", *command],
                cwd=at,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            while True:
                try:
                    code = process.wait(LOOK_EVERY)
                    break
                except psutil.TimeoutExpired:
                    most = max(most, resident(process))
            seconds = time.perf_counter() - start
        printed = log.read_text("utf-8", "replace")
        if code:
            sys.exit(f"{' '.join(command)} ended with {code}:\n{printed[-3000:]}")
        return seconds, most, printed


def resident(process: psutil.Process) -> int:
    """The bytes of memory that a process and all below it have now."""
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            try:
                total += one.memory_info().rss
            except psutil.Error:  # it has ended
                continue
    except psutil.Error:
        pass
    return total


# --- Plain nbgrader ------------------------------------------------------------------------------


def source(assignment: Assignment) -> NotebookNode:
    """The teacher's notebook as nbgrader needs it: sealed, and without our teacher's cells.

    nbgrader makes the students' notebook of it, the same as ours.
    """
    notebook = copy.deepcopy(assignment.released)
    for cell in notebook.cells:
        id = grade_id(cell)
        if is_test(cell):
            test = assignment.tests[id]
            hidden = f"### BEGIN HIDDEN TESTS\n{test.hidden}### END HIDDEN TESTS\n"
            cell.source = test.visible + hidden if test.hidden else test.visible
        elif id and id not in assignment.given:
            cell.source = assignment.master_source(id)
    return notebook


def by_nbgrader(
    assignment: Assignment, submissions: Path, students: list[str], place: Place
) -> Iterator[tuple[Cost, Points]]:
    """Let plain nbgrader grade some students, and again with nothing changed."""
    course = place.folder / "nbgrader"
    name = assignment.name
    master = course / "source" / name / f"{name}.ipynb"
    master.parent.mkdir(parents=True)
    nbformat.write(source(assignment), master)
    place.run("nbgrader", "generate_assignment", name, at=course)
    released = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
    if [cell.source.strip() for cell in released.cells] != [
        cell.source.strip() for cell in assignment.released.cells
    ]:
        sys.exit("nbgrader would hand out another notebook than we do.")
    for student in students:
        shutil.copytree(submissions / student, course / "submitted" / student / name)
    for again in ("", ", again"):
        seconds, memory = 0.0, 0
        for command in ("autograde", "generate_feedback"):
            took, most, _ = place.run("nbgrader", command, name, at=course)
            seconds, memory = seconds + took, max(memory, most)
        yield (
            Cost(f"plain nbgrader{again}", len(students), seconds, memory),
            nbgrader_points(assignment, course),
        )


def nbgrader_points(assignment: Assignment, course: Path) -> Points:
    with nbgrader.api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        points = {
            submission.student.id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name in assignment.tests
            }
            for submission in book.assignment_submissions(assignment.name)
        }
    pages = course / "feedback"
    return {
        student: found
        for student, found in points.items()
        if (pages / student / assignment.name / f"{assignment.name}.html").exists()
    }


# --- Ours ----------------------------------------------------------------------------------------


def by_us(
    assignment: Assignment, handed_in: Path, students: int, jobs: int, place: Place
) -> Iterator[tuple[Cost, Points]]:
    """Grade the whole class, and again with nothing changed."""
    grades = place.folder / f"grades-{jobs}"
    command = ["coursework.grade", str(handed_in / "submissions"), "--grades", str(grades)]
    command += ["--roster", str(handed_in / "roster.csv"), "--jobs", str(jobs)]
    for again, to_grade in (("", students), (", again", 0)):
        seconds, memory, printed = place.run(*command, at=ROOT)
        if f", {to_grade} to grade." not in printed:
            told = printed.partition("\n")[0]
            sys.exit(f"{to_grade} should be graded. Was the grader changed meanwhile? {told}")
        who = f"ours, {jobs} {'job' if jobs == 1 else 'jobs'}{again}"
        yield Cost(who, students, seconds, memory), our_points(assignment, grades)


def our_points(assignment: Assignment, grades: Path) -> Points:
    with Store(f"sqlite:///{grades / 'gradebook.db'}") as store:
        results = store.results(assignment.name)
    return {
        one.student: {id: test["points"] for id, test in one.tests.items()}
        for one in results
        if one.status == GRADED
        and (grades / "feedback" / one.student / f"{assignment.name}.html").exists()
    }


# --- Both ----------------------------------------------------------------------------------------


def differences(found: list[tuple[Cost, Points]], students: list[str]) -> Iterator[str]:
    """Where a grader left somebody out, or gave other points than another."""
    first: Points = {}
    for cost, points in found:
        for student in students[: cost.students]:
            if not points.get(student):
                yield f"{cost.who}: {student} has no marks or no feedback"
                continue
            own = points[student]
            before = first.setdefault(student, own)
            for id in sorted(before.keys() | own.keys()):
                if before.get(id) != own.get(id):
                    yield f"{student}, {id}: {before.get(id)}, but {own.get(id)} by {cost.who}"


def table(costs: list[Cost]) -> Iterator[str]:
    yield "| grader | submissions | seconds each | plain nbgrader = 1 | memory, MB | 1,000 take |"
    yield "|---|---|---|---|---|---|"
    for cost in costs:
        yield (
            f"| {cost.who} | {cost.students} | {cost.each:.3g} |"
            f" {cost.each / costs[0].each:.2g} | {cost.memory / 1e6:.0f} |"
            f" {duration(1000 * cost.each)} |"
        )


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench-grading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--students", type=int, default=200, help="in the class (200)")
    parser.add_argument(
        "--nbgrader-students", type=int, default=20, help="of them for plain nbgrader (20)"
    )
    chosen = parser.parse_args()
    if min(chosen.students, chosen.nbgrader_students) < 1:
        parser.error("a class has at least one student")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assignment = Assignment(SOURCE / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    with tempfile.TemporaryDirectory() as folder:
        place, handed_in = Place(Path(folder)), Path(folder) / "class"
        handed_in.mkdir()
        class_of(chosen.students, assignment, handed_in, oddities=False)
        submissions = handed_in / "submissions"
        students = sorted(path.name for path in submissions.iterdir())
        few = students[: chosen.nbgrader_students]
        found = [*by_nbgrader(assignment, submissions, few, place)]
        for jobs in sorted({1, cores or 1}):
            found += by_us(assignment, handed_in, chosen.students, jobs, place)
    if wrong := [*differences(found, students)]:
        sys.exit("\n".join(["The graders do not agree.", *wrong]))
    cells = sum(len(points) for points in found[0][1].values())
    print(f"The work of {len(students)} students in {ASSIGNMENT}, on {cores} cores. Plain nbgrader")
    print(f"graded {len(few)} of them; both gave the same points for their {cells} code cells.\n")
    print(*table([cost for cost, _ in found]), sep="\n")


if __name__ == "__main__":
    main()
