"""``make grade``: mark a folder of submissions.

Graded again is only what changed: a file, an assignment, or the grader. A run that was stopped goes
on where it was. Whatever is handed in, the batch comes to its end, and every submission gets a
status and never a bare zero.
"""

import argparse
import csv
import ctypes
import functools
import hashlib
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from coursework import intake, marking, reports
from coursework.assignments import ROOT, SOURCE, Assignment, assignments
from coursework.gradebook import (
    GRADED,
    LATE,
    MISSING,
    NOT_RUN,
    SUSPECTED,
    Result,
    Store,
    Unfit,
)
from coursework.sandbox import Limits, NoSandbox, ready
from coursework.sandbox.wire import text

PR_SET_PDEATHSIG = 1
TRIES = 2  # of a submission at which the grader itself breaks


# --- One submission, in a process of its own -----------------------------------------------------


@functools.cache
def read_assignment(path: Path) -> Assignment:
    return Assignment(path)


@functools.cache
def version(master: Path) -> str:
    """What an assignment and the grader are: where it changes, work is graded again."""
    code = [*Path(__file__).parent.glob("**/*.py"), *(ROOT / "xent_lib").glob("**/*.py")]
    content = b"".join(path.read_bytes() for path in [master, *sorted(code)])
    return hashlib.sha256(content).hexdigest()


def digest(found: intake.Found, master: Path, late: bool) -> str:
    """What a submission is now."""
    try:
        content = intake.read(found.path)
    except intake.TurnedAway as away:
        content = str(away).encode()
    about = (version(master), found.student, str(late), *found.remarks)
    return intake.digest(content, *about)


def grade(
    found: intake.Found,
    master: Path,
    late: bool,
    limits: Limits,
    trusted: bool = False,
) -> Result:
    """Mark one submission.

    Raises
    ------
    NoSandbox
        If its code could not be put into a sandbox.
    """
    result = Result(
        found.student, found.assignment, NOT_RUN, digest(found, master, late), late, found.remarks
    )
    try:
        cells = intake.cells(intake.read(found.path))
    except intake.TurnedAway as away:
        status = SUSPECTED if isinstance(away, intake.Suspicious) else NOT_RUN
        return replace(result, status=status, remarks=(*found.remarks, str(away)))
    marks = marking.mark(read_assignment(master), cells, limits, trusted=trusted)
    ran = {n: {"printed": r.printed, "error": r.error} for n, r in marks.cells.items()}
    nothing = {"printed": "", "error": ""}
    return replace(
        result,
        status=SUSPECTED if marks.suspicions else LATE if late else GRADED,
        remarks=(*found.remarks, *marks.suspicions, *marks.remarks),
        tests={
            id: {"points": o.points, "most": o.most, "told": o.told}
            for id, o in marks.tests.items()
        },
        cells=tuple(
            {"kind": cell.kind, "source": cell.source, "id": cell.id, **ran.get(number, nothing)}
            for number, cell in enumerate(cells)
        ),
    )


# --- All of them ---------------------------------------------------------------------------------


class Job:
    """One submission to mark."""

    def __init__(self, found: intake.Found, master: Path, late: bool) -> None:
        self.found, self.master, self.late, self.tries = found, master, late, 0


def in_parallel(
    jobs: Iterable[Job], workers: int, limits: Limits, trusted: bool
) -> Iterator[Result]:
    """Mark all, as many at a time as there are workers, in the order in which they end."""
    waiting = list(jobs)[::-1]
    while waiting:
        running: dict[Future[Result], Job] = {}
        context = get_context("spawn")
        with ProcessPoolExecutor(workers, context, initializer=end_with_parent) as pool:
            broken = False
            while (waiting or running) and not broken:
                while waiting and len(running) < (1 if alone(waiting[-1], running) else workers):
                    job = waiting.pop()
                    about = (job.found, job.master, job.late, limits, trusted)
                    try:
                        running[pool.submit(grade, *about)] = job
                    except BrokenProcessPool:  # it broke since the last look at it
                        waiting.append(job)
                        broken = True
                        break
                    job.tries += 1
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:  # the machine ended the grader's process
                        broken = True
                        if job.tries < TRIES:
                            waiting.append(job)
                        else:
                            yield could_not(job, "the grader broke on it")
                    except NoSandbox:
                        raise
                    except Exception as error:
                        yield could_not(job, f"the grader failed on it: {type(error).__name__}")
        # the others were not at fault, or will be found out when their turn comes again
        waiting += running.values()


def alone(job: Job, running: dict[Future[Result], Job]) -> bool:
    """Whether the next job has to wait: one that was there when a grader broke runs alone."""
    return job.tries > 0 or any(one.tries > 1 for one in running.values())


def end_with_parent() -> None:
    """Let the system end this process when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def could_not(job: Job, why: str) -> Result:
    found = job.found
    return Result(
        found.student,
        found.assignment,
        NOT_RUN,
        digest(found, job.master, job.late),
        job.late,
        (*found.remarks, why),
    )


def is_late(found: intake.Found, due: datetime | None) -> bool:
    return found.late or bool(due and found.at and found.at > due)


def missing(
    store: Store, jobs: Iterable[Job], students: Iterable[str], names: Iterable[str]
) -> Iterator[Result]:
    """Who has handed in nothing, of a roster or of those who once had."""
    here = {(job.found.assignment, job.found.student) for job in jobs}
    names = set(names)
    before = {(one.assignment, one.student): one for one in store.results()}
    for key in sorted({(name, student) for name in names for student in students} - here):
        if key not in before:
            yield Result(key[1], key[0], MISSING)
    for key, one in before.items():
        if key[0] in names and key not in here and one.status != MISSING:
            points = sum(test["points"] for test in one.tests.values())
            remark = f"had {points:g} points for a file that is no longer there"
            yield Result(key[1], key[0], MISSING, remarks=(remark,))


def roster(path: Path | None) -> list[dict[str, str]]:
    """The students of a CSV file: id and, if known, first_name, last_name, email."""
    if path is None:
        return []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        sys.exit(f"{path} cannot be read: {error}")
    if not rows or "id" not in rows[0]:
        sys.exit(f"{path} has no column named id (others may be first_name, last_name, email).")
    return rows


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="the folder with what was handed in")
    parser.add_argument("--grades", type=Path, default=Path("grades"), help="where results go")
    parser.add_argument(
        "--db", default="", help="the gradebook's URL, such as postgresql+psycopg://…"
    )
    parser.add_argument("--source", type=Path, default=SOURCE, help="the folder with the masters")
    parser.add_argument("--roster", type=Path, help="CSV: id, first_name, last_name, email")
    parser.add_argument("--due", help="when it was due, such as 2026-12-01T18:00+01:00")
    parser.add_argument(
        "--jobs",
        type=int,
        default=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        help="at a time",
    )
    for name, default in (("call", 5.0), ("cell", 10.0), ("submission", 60.0)):
        parser.add_argument(
            f"--{name}-seconds", type=float, default=default, help=f"for one {name} at most"
        )
    parser.add_argument("--dry-run", action="store_true", help="say what would be graded, and stop")
    parser.add_argument(
        "--trust-students",
        action="store_true",
        help="run students' code with your own rights: it can read and change all that you can",
    )
    return parser.parse_args()


def main() -> None:
    chosen = options()
    if not chosen.submissions.is_dir():
        sys.exit(f"{chosen.submissions} is no folder.")
    due = None
    if chosen.due and not (due := intake.moment(chosen.due)):
        sys.exit(f"--due {chosen.due}: expected a time such as 2026-12-01T18:00+01:00.")
    if chosen.trust_students:
        print("NO SANDBOX: students' code runs with your rights, and can read solutions and marks.")
    else:
        try:
            ready()
        except NoSandbox as none:
            sys.exit(str(none))
    everything = {one.name: one for one in assignments(chosen.source)}
    found, aside = intake.find(chosen.submissions, list(everything))
    names = sorted({one.assignment for one in found})
    masters = {name: chosen.source / name / f"{name}.ipynb" for name in everything}
    jobs = [Job(one, masters[one.assignment], is_late(one, due)) for one in found]
    students = roster(chosen.roster)
    file = (chosen.grades / "gradebook.db").resolve()
    url = chosen.db or f"sqlite:///{file}"
    os.umask(0o077)  # what follows is the teacher's alone
    if not chosen.dry_run:
        chosen.grades.mkdir(parents=True, exist_ok=True)
    elif not chosen.db and not file.exists():
        url = "sqlite://"  # nothing yet, and a dry run leaves it so
    with Store(url) as store:
        done = store.digests()
        new = [
            job
            for job in jobs
            if done.get((job.found.assignment, job.found.student))
            != digest(job.found, job.master, job.late)
        ]
        print(f"{len(jobs)} submissions of {len(names)} assignments, {len(new)} to grade.")
        for path in aside:
            print(f"  left aside: {text(str(path.relative_to(chosen.submissions)))}")
        if chosen.dry_run:
            for job in new:
                print(f"  would grade {job.found.assignment} of {job.found.student}")
            return
        try:
            for name in names:
                store.register(everything[name], due)
        except Unfit as unfit:
            sys.exit(str(unfit))
        store.add_students(students)
        limits = Limits(chosen.call_seconds, chosen.cell_seconds, chosen.submission_seconds)
        results = in_parallel(new, chosen.jobs, limits, chosen.trust_students)
        try:
            for result in tqdm(results, total=len(new), unit="submission"):
                store.save(result)
        except NoSandbox as none:
            sys.exit(f"Stopped; what was graded so far is saved. {none}")
        for result in missing(store, jobs, [one["id"] for one in students], names):
            store.save(result)
        try:
            reports.read_written(store, chosen.grades, everything)
        except ValueError as error:
            sys.exit(f"All submissions are graded; the marks of people were not taken: {error}")
        reports.write(store, everything, chosen.grades)
    print(f"Marks, feedback and summary are in {chosen.grades}")


if __name__ == "__main__":
    main()
