"""The gradebook: nbgrader's own, and beside it a table that says how each submission fared.

It lives in SQLite, or wherever an SQLAlchemy URL points, PostgreSQL for several graders at once.
Marks are written before the status that vouches for them: where grading is cut off in between, the
submission counts as not graded yet and is graded again.
"""

import copy
import datetime
import json
import os
import sys
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import nbgrader.api as nb
from nbgrader.preprocessors import SaveCells
from sqlalchemy import Boolean, Column, MetaData, String, Table, Text, delete, select, update
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import aliased

from coursework.assignments import Assignment

# nbgrader's own, of no consequence
warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")

GRADED, LATE, SUSPECTED = "graded", "late", "suspected of tampering"
NOT_RUN, MISSING = "could not be run", "missing"
ABOUT = ("first_name", "last_name", "email")  # what is known of a student

STATUS = Table(
    "submission_status",
    MetaData(),
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("status", String(32), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("record", Text, nullable=False),
)


class Unfit(Exception):
    """The gradebook cannot take this; the message says what to do."""


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    Attributes
    ----------
    status : str
        One of the five.
    digest : str
        What the file, the assignment and the grader were; empty where nothing was graded.
    tests : dict
        ``points``, ``most`` and ``told`` by the id of the test cell.
    cells : list of dict
        The student's cells for the feedback: ``kind``, ``source``, ``id``, ``printed``, ``error``.
    """

    student: str
    assignment: str
    status: str
    digest: str = ""
    late: bool = False
    remarks: tuple[str, ...] = ()
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Mark:
    """A person's mark for an answer in words."""

    points: float | None
    comment: str


@dataclass(frozen=True)
class Row:
    """A result with the marks of people, ready to be told."""

    result: Result
    written: dict[str, Mark]

    @property
    def points(self) -> float | None:
        """All points so far; None where there is nothing to judge."""
        if not self.result.tests:
            return None
        machine = sum(test["points"] for test in self.result.tests.values())
        return float(machine + sum(mark.points or 0 for mark in self.written.values()))

    @property
    def unmarked(self) -> int:
        """Answers in words that nobody has marked yet."""
        waiting = [mark for mark in self.written.values() if mark.points is None]
        return len(waiting) if self.result.tests else 0


class Store:
    """A gradebook, open; a context manager.

    Parameters
    ----------
    url : str
        Of the database, as SQLAlchemy takes it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        here = str(Path(sys.executable).parent)  # nbgrader runs the program alembic
        os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])
        self._book = nb.Gradebook(url)
        STATUS.metadata.create_all(self._book.engine)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self._book.close()

    def register(self, assignment: Assignment, due: datetime.datetime | None = None) -> None:
        """Make an assignment known, or bring what is known of it up to date.

        Raises
        ------
        Unfit
            If it has other graded cells than when others were graded.
        """
        about: dict[str, Any] = {"duedate": due.replace(tzinfo=None)} if due else {}
        self._book.update_or_create_assignment(assignment.name, **about)
        place = {"notebook": assignment.name, "assignment": assignment.name, "student": "."}
        try:
            SaveCells().preprocess(
                copy.deepcopy(assignment.released), {"nbgrader": {**place, "db_url": self.url}}
            )
        except RuntimeError as error:
            raise Unfit(
                f"{assignment.name} has other graded cells than when submissions of it were graded "
                "into this gradebook. Grade into another one, or put the cells back."
            ) from error

    def add_students(self, students: Iterable[dict[str, str]]) -> None:
        """Make students known: dicts of ``id`` and, if known, ``first_name`` and so on."""
        for student in students:
            about = {key: student[key] for key in ABOUT if student.get(key)}
            self._book.update_or_create_student(student["id"], **about)

    def digests(self) -> dict[tuple[str, str], str]:
        """What was graded already: digests by assignment and student."""
        rows = self._book.db.execute(select(STATUS.c.assignment, STATUS.c.student, STATUS.c.digest))
        return {(assignment, student): digest for assignment, student, digest in rows}

    def save(self, result: Result) -> None:
        """Write a result down, whole or not at all."""
        db = self._book.db
        before = next(iter(self.results(result.assignment, result.student)), None)
        if before and not result.tests:  # the answers that people have marked may come back
            result = replace(result, cells=before.cells)
        key = (STATUS.c.assignment == result.assignment) & (STATUS.c.student == result.student)
        db.execute(update(STATUS).where(key).values(digest=""))
        db.commit()
        if result.tests:
            self._save_marks(result, answers(before) if before else {})
        db.execute(delete(STATUS).where(key))
        row = {"status": result.status, "late": result.late, "digest": result.digest}
        record = json.dumps(asdict(result), ensure_ascii=False)
        where = {"assignment": result.assignment, "student": result.student}
        db.execute(STATUS.insert().values(**where, **row, record=record))
        db.commit()

    def _save_marks(self, result: Result, before: dict[str, str]) -> None:
        book, now = self._book, answers(result)
        book.update_or_create_student(result.student)
        (notebook,) = book.update_or_create_submission(result.assignment, result.student).notebooks
        comments = {comment.name: comment for comment in notebook.comments}
        for grade in notebook.grades:
            if grade.name in result.tests:
                grade.auto_score = result.tests[grade.name]["points"]
                grade.needs_manual_grade = False
            elif grade.manual_score is None:
                grade.needs_manual_grade = True
            elif now.get(grade.name) != before.get(grade.name):
                comment = comments[grade.name]
                was = f"[{grade.manual_score:g} points before the answer changed]"
                comment.manual_comment = f"{was} {comment.manual_comment or ''}".strip()
                grade.manual_score, grade.needs_manual_grade = None, True
        book.db.commit()

    def mark(self, student: str, assignment: str, id: str, mark: Mark) -> None:
        """Write down a person's mark for an answer in words."""
        grade = self._book.find_grade(id, assignment, assignment, student)
        grade.manual_score, grade.needs_manual_grade = mark.points, mark.points is None
        comment = self._book.find_comment(id, assignment, assignment, student)
        comment.manual_comment = mark.comment or None
        self._book.db.commit()

    def results(self, assignment: str = "", student: str = "") -> list[Result]:
        """All results, or those of an assignment or of a student, in the order of their names."""
        query = select(STATUS.c.record).order_by(STATUS.c.assignment, STATUS.c.student)
        if assignment:
            query = query.where(STATUS.c.assignment == assignment)
        if student:
            query = query.where(STATUS.c.student == student)
        made = []
        for (record,) in self._book.db.execute(query):
            values = json.loads(record)
            values |= {key: tuple(values[key]) for key in ("remarks", "cells")}
            made.append(Result(**values))
        return made

    def rows(self) -> list[Row]:
        """All results with the marks that people gave."""
        marks: dict[tuple[str, str], dict[str, Mark]] = {}
        solution = aliased(nb.SolutionCell, flat=True)
        query = (
            select(
                nb.Assignment.name,
                nb.SubmittedAssignment.student_id,
                nb.GradeCell.name,
                nb.Grade.manual_score,
                nb.Comment.manual_comment,
            )
            .select_from(nb.Grade)
            .join(nb.GradeCell, nb.Grade.cell_id == nb.GradeCell.id)
            .join(nb.SubmittedNotebook, nb.Grade.notebook_id == nb.SubmittedNotebook.id)
            .join(
                nb.SubmittedAssignment,
                nb.SubmittedNotebook.assignment_id == nb.SubmittedAssignment.id,
            )
            .join(nb.Assignment, nb.SubmittedAssignment.assignment_id == nb.Assignment.id)
            .outerjoin(
                solution,
                (solution.name == nb.GradeCell.name)
                & (solution.notebook_id == nb.GradeCell.notebook_id),
            )
            .outerjoin(
                nb.Comment,
                (nb.Comment.cell_id == solution.id)
                & (nb.Comment.notebook_id == nb.SubmittedNotebook.id),
            )
            .where(nb.GradeCell.cell_type == "markdown")
        )
        for assignment, student, id, points, comment in self._book.db.execute(query):
            marks.setdefault((assignment, student), {})[id] = Mark(points, comment or "")
        return [Row(one, marks.get((one.assignment, one.student), {})) for one in self.results()]

    def students(self) -> dict[str, dict[str, str]]:
        """What is known of each student, by their ids."""
        return {
            one.id: {key: getattr(one, key) or "" for key in ABOUT} for one in self._book.students
        }


def answers(result: Result) -> dict[str, str]:
    """The student's cells that have an id; of a cell that is there twice, the last."""
    return {cell["id"]: cell["source"] for cell in result.cells if cell["id"]}
