"""Taking in what students hand in, before anything else sees it.

A submission is one notebook file. It is opened once, without following links, read whole, and
reduced to its cells: their kind, their text and nbgrader's mark. Outputs, attachments and metadata
go no further. What is no clean notebook is turned away with the reason.
"""

import datetime
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursework.assignments import Assignment, grade_id, is_test
from coursework.sandbox.wire import text

LARGEST = 5_000_000  # bytes of a notebook
LONGEST = 200_000  # characters of a cell
MOST = 1_000  # cells


class TurnedAway(Exception):
    """A file is no clean notebook; the message says why, in words for the student."""


class Suspicious(TurnedAway):
    """A file is what no notebook program makes."""


@dataclass(frozen=True)
class Cell:
    """A cell of a student's notebook."""

    kind: str
    source: str
    id: str = ""
    mark: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A file that somebody handed in.

    Attributes
    ----------
    student, assignment : str
        As the names of the folders or of the file tell.
    path : Path
        The file.
    late : bool
        Whether the learning platform says so in the name of the file.
    at : datetime.datetime or None
        When it was handed in, where a ``timestamp.txt`` beside it tells.
    remarks : tuple of str
        What is odd about its name.
    """

    student: str
    assignment: str
    path: Path
    late: bool = False
    at: datetime.datetime | None = None
    remarks: tuple[str, ...] = ()


# --- One file ------------------------------------------------------------------------------------


def read(path: Path) -> bytes:
    """The bytes of a file that is a file.

    Raises
    ------
    TurnedAway
        If it is a link, a device, shared with another name, or too large.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise Suspicious("it is a link to another file") from None
        raise TurnedAway(f"it cannot be opened: {error.strerror}") from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise Suspicious("it is no ordinary file")
    with os.fdopen(handle, "rb") as file:
        if about.st_nlink > 1:
            raise Suspicious("the same file has a second name elsewhere (a hard link)")
        if about.st_size > LARGEST:
            raise TurnedAway(
                f"it is larger than {LARGEST // 1_000_000} MB: clear the outputs and save it again"
            )
        return file.read(LARGEST + 1)


def cells(content: bytes) -> list[Cell]:
    """The cells of a notebook.

    Raises
    ------
    TurnedAway
        If it is none.
    """
    if not content.strip():
        raise TurnedAway("the file is empty")
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TurnedAway(f"it is not UTF-8 text, from byte {error.start} on") from None
    try:
        raw = json.loads(decoded)
    except (ValueError, RecursionError) as error:
        raise TurnedAway(f"it is no notebook: {str(error)[:200]}") from None
    match raw:
        case {"nbformat": 4, "cells": list(raw_cells), "metadata": dict(metadata)}:
            found = [_cell(number, cell) for number, cell in enumerate(raw_cells, 1)]
        case _:
            raise TurnedAway("it is no notebook of format 4")
    match metadata:
        case {"kernelspec": {"language": str(language)}} if language != "python":
            raise TurnedAway(f"its kernel is for {text(language[:40])}, not for Python")
    if len(found) > MOST or any(len(cell.source) > LONGEST for cell in found):
        raise TurnedAway(f"it has more than {MOST} cells, or a cell of more than {LONGEST} letters")
    return found


def _cell(number: int, cell: Any) -> Cell:
    match cell:
        case {"cell_type": "code" | "markdown" | "raw" as kind, "source": source, **rest}:
            if isinstance(source, list) and all(isinstance(line, str) for line in source):
                source = "".join(source)
            if isinstance(source, str):
                source = text(source)
                match rest.get("metadata"):
                    case {"nbgrader": {"grade_id": str(id), **others}}:
                        mark = {str(key): value for key, value in others.items()}
                        return Cell(kind, source, text(id), mark)
                return Cell(kind, source)
    raise TurnedAway(f"it is no notebook: cell {number} is none")


def digest(content: bytes, *more: str) -> str:
    """What a submission is recognised by."""
    return hashlib.sha256(b"\0".join([content, *(text.encode() for text in more)])).hexdigest()


def differences(assignment: Assignment, cells: Sequence[Cell]) -> tuple[list[str], list[str]]:
    """What of the assignment's own cells a student's notebook has changed.

    None of it changes a mark: the tests are taken from the teacher's notebook.

    Returns
    -------
    remarks : list of str
        What honest people cause too.
    suspicions : list of str
        What takes intent.
    """
    remarks, suspicions = [], []
    here: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.id:
            here.setdefault(cell.id, []).append(cell)
    for released in assignment.released.cells:
        id = grade_id(released)
        if not id:
            continue
        own = here.pop(id, [])
        if not own:
            remarks.append(f"the cell {id} is missing")
        if len(own) > 1:
            remarks.append(f"the cell {id} is there {len(own)} times")
        mark = released.metadata.nbgrader
        locked = is_test(released) or id in assignment.given
        for cell in own:
            if any(cell.mark.get(key) != mark.get(key) for key in ("grade", "solution", "points")):
                suspicions.append(f"the mark of the cell {id} was changed")
            if locked and cell.source.strip() != released.source.strip():
                suspicions.append(f"the text of the cell {id} was changed")
    suspicions += [f"a cell {id[:40]!r} was added that poses as graded" for id in here]
    return remarks, suspicions


# --- A folder of them ----------------------------------------------------------------------------

COPY = re.compile(r"(?P<name>.+?)(?: ?\((?P<n>\d+)\)|[-_](?P<m>\d+)| - Copy|-Copy\d*)$")
CANVAS = re.compile(r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<name>.+)$")
MOODLE = re.compile(r"(?P<who>.+_\d+)_assignsubmission_file_?$")


def find(folder: Path, names: Sequence[str]) -> tuple[list[Found], list[Path]]:
    """The submissions in a folder, and the files that are none.

    Known are: ``student/assignment/assignment.ipynb`` (nbgrader), ``student/assignment.ipynb`` (a
    folder for each student, Moodle's names too), ``assignment/student.ipynb`` (a folder for each
    assignment) and Canvas's ``student_12_34_assignment.ipynb``.

    Parameters
    ----------
    folder : Path
        Where the submissions are. Links to folders are not followed.
    names : sequence of str
        The names of the assignments.
    """
    found: dict[tuple[str, str], list[tuple[int, Found]]] = {}
    aside = []
    for path in _files(folder):
        parts = path.relative_to(folder).parts
        one = _placed(path, parts, names)
        if one is None:
            if path.name != "timestamp.txt":
                aside.append(path)
            continue
        found.setdefault((one[1].student, one[1].assignment), []).append(one)
    chosen = []
    for several in found.values():
        several.sort(key=lambda pair: pair[0])
        best = several[-1][1]
        if len(several) > 1:
            others = ", ".join(sorted(one.path.name for _, one in several[:-1]))
            best = _remarked(best, f"there was also {others}; {best.path.name} was taken")
        chosen.append(best)
    return sorted(chosen, key=lambda one: (one.assignment, one.student)), aside


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(place) / name


def _placed(path: Path, parts: tuple[str, ...], names: Sequence[str]) -> tuple[int, Found] | None:
    """The submission that a file is by its place, and which version of it."""
    if path.suffix != ".ipynb":
        return None
    name, version = path.stem, 0
    match parts[:-1]:
        case [] | [_] if (canvas := CANVAS.match(name)) and _version(canvas["name"], names)[0]:
            assignment, version = _version(canvas["name"], names)
            late = bool(canvas["late"])
            return _checked(version, Found(canvas["id"], assignment, path, late))
        case [folder] if folder in names:
            return _checked(0, Found(name, folder, path, at=_at(path)))
        case [student] | [student, _] if parts[:-1]:
            if moodle := MOODLE.match(student):
                student = moodle["who"]
            if len(parts) == 3 and parts[1] in names:
                assignment, version = _version(name, names)
                if assignment != parts[1]:
                    remark = f"the file is named {path.name}, not {parts[1]}.ipynb"
                    found = Found(student, parts[1], path, at=_at(path), remarks=(text(remark),))
                    return _checked(-1, found)
            elif len(parts) == 2:
                assignment, version = _version(name, names)
            else:
                return None
            return _checked(version, Found(student, assignment, path, at=_at(path)))
    return None


def _version(name: str, names: Sequence[str]) -> tuple[str, int]:
    """The assignment that a file is named after, and the number that a browser added to a copy."""
    if name in names:
        return name, 0
    match = COPY.match(name)
    if match and match["name"] in names:
        return match["name"], int(match["n"] or match["m"] or 1)
    return "", 0


def _checked(version: int, found: Found) -> tuple[int, Found] | None:
    if not found.assignment:
        return None
    if version > 0:
        found = _remarked(found, f"the file is named {found.path.name}")
    return version, replace(found, student=_name(found.student))


def _name(student: str) -> str:
    """The name of a folder or file as the gradebook can hold it."""
    name = text(student)
    if len(name) <= 100:
        return name
    return f"{name[:90]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _remarked(found: Found, remark: str) -> Found:
    return replace(found, remarks=(*found.remarks, text(remark)))


def _at(path: Path) -> datetime.datetime | None:
    """The time in the ``timestamp.txt`` that nbgrader puts beside a submission."""
    try:
        return moment(read(path.with_name("timestamp.txt")).decode("utf-8"))
    except (TurnedAway, UnicodeDecodeError):
        return None


def moment(written: str) -> datetime.datetime | None:
    """A time as nbgrader or ISO 8601 writes it, in UTC; None if it is none."""
    iso = re.sub(r"\s*(UTC|Z)$", "+00:00", written.strip())
    try:
        when = datetime.datetime.fromisoformat(iso)
        if when.tzinfo is None:
            when = when.replace(tzinfo=datetime.UTC)
        return when.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
