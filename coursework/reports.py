"""What a batch ends in: a page of feedback for each student, tables for others, and a summary.

Everything that a student wrote is shown as text. Markdown becomes HTML and is cleaned by nh3; a
page's content security policy forbids all scripts and all of the network, should anything be left.
"""

import base64
import csv
import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from coursework import intake
from coursework.assignments import Assignment
from coursework.gradebook import MISSING, Mark, Row, Store, answers
from xent_lib._text import inline

TEMPLATES = Path(__file__).parent / "templates"
TAGS = nh3.ALLOWED_TAGS - {"img", "a", "area", "map", "bdo"}
NONE: dict[str, set[str]] = {"*": set()}  # attributes; an empty dict would leave title and lang
LONGEST = 10_000  # characters of Markdown; whoever tries can make twenty times that take a minute

_markdown = MarkdownIt("commonmark").enable("table")
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def clean(markdown: str) -> str:
    """Markdown as HTML that shows text and does nothing: no script, link, picture or style."""
    if len(markdown) > LONGEST:
        return f"<pre>{escape(markdown)}</pre>"
    html = nh3.clean(_markdown.render(markdown), tags=TAGS, attributes=NONE, link_rel=None)
    return re.sub(r"<(/?)h([1-4])>", lambda h: f"<{h[1]}h{int(h[2]) + 2}>", html)  # under our own


def told(sentence: str) -> str:
    """A sentence of the checks with its `code`."""
    return nh3.clean(inline(sentence), tags={"code"}, attributes=NONE, link_rel=None)


def page(template: str, **values: Any) -> str:
    """A page that can do nothing but be read."""
    style = (TEMPLATES / "style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _templates.get_template(template).render(
        policy=policy,
        style=Markup(style),
        clean=lambda text: Markup(clean(text)),
        told=lambda text: Markup(told(text)),
        **values,
    )


# --- Feedback ------------------------------------------------------------------------------------


def feedback(row: Row, assignment: Assignment, name: str) -> str:
    """The page that a student gets.

    Parameters
    ----------
    row : Row
        What the submission came to.
    assignment : Assignment
        The assignment, for its own cells.
    name : str
        The student's name or id.
    """
    return page(
        "feedback.html",
        row=row,
        result=row.result,
        assignment=assignment,
        name=name,
        last={one["id"]: number for number, one in enumerate(row.result.cells)},
    )


# --- Tables --------------------------------------------------------------------------------------


def cell(value: Any) -> str:
    """A value for a table that a spreadsheet opens: never a formula."""
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    text = re.sub("\r\n?", "\n", text)  # else csv takes the end of a line for the end of a row
    return f"'{text}" if re.match(r"\s*[=+\-@\t\r]", text) and not _number(text) else text


def _number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def table(header: list[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[cell(value) for value in row] for row in rows])
    return out.getvalue()


def grades(
    rows: Iterable[Row], students: Mapping[str, Mapping[str, str]], most: Mapping[str, float]
) -> str:
    """One line for each student and assignment; no points where nothing could be judged."""
    header = ["student", "last_name", "first_name", "email", "assignment", "status", "late"]
    header += ["points", "most", "not_marked_yet", "remarks"]
    lines = []
    for row in rows:
        one, about = row.result, students.get(row.result.student, {})
        who = [one.student, *(about.get(key, "") for key in ("last_name", "first_name", "email"))]
        what = [one.assignment, one.status, "yes" if one.late else "no"]
        lines.append(
            [*who, *what, row.points, most[one.assignment], row.unmarked, "; ".join(one.remarks)]
        )
    return table(header, lines)


def canvas(
    rows: Iterable[Row], students: Mapping[str, Mapping[str, str]], most: Mapping[str, float]
) -> str:
    """The table that Canvas imports: a line for each student, a column for each assignment."""
    names, by = _by_student(rows)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
    lines: list[list[Any]] = [
        ["    Points Possible", "", "", "", "", *(most[name] for name in names)]
    ]
    for student, points in by.items():
        about = students.get(student, {})
        name = ", ".join(filter(None, (about.get("last_name"), about.get("first_name")))) or student
        id = student if student.isdigit() else ""
        login = about.get("email") or student
        lines.append([name, id, "", login, "", *(points.get(each) for each in names)])
    return table(header, lines)


def moodle(
    rows: Iterable[Row], students: Mapping[str, Mapping[str, str]], most: Mapping[str, float]
) -> str:
    """The table that Moodle imports: a line for each student, a column for each assignment."""
    names, by = _by_student(rows)
    header = ["ID number", "Email address", *names]
    return table(
        header,
        [
            [
                student,
                students.get(student, {}).get("email", ""),
                *(points.get(each) for each in names),
            ]
            for student, points in by.items()
        ],
    )


def _by_student(rows: Iterable[Row]) -> tuple[list[str], dict[str, dict[str, float | None]]]:
    by: dict[str, dict[str, float | None]] = {}
    for row in rows:
        by.setdefault(row.result.student, {})[row.result.assignment] = row.points
    return sorted({name for points in by.values() for name in points}), dict(sorted(by.items()))


# --- Answers in words, marked by people ----------------------------------------------------------

WRITTEN = ["assignment", "student", "question", "answer", "most", "points", "comment"]


def written(rows: Iterable[Row], assignments: Mapping[str, Assignment]) -> str:
    """All answers in words, to be marked in a spreadsheet: fill in points and comment."""
    lines = []
    for row in rows:
        one = row.result
        for id, question in assignments[one.assignment].written.items():
            if one.tests:
                mark = row.written.get(id, Mark(None, ""))
                text = answers(one).get(id, "")
                lines.append(
                    [
                        one.assignment,
                        one.student,
                        id,
                        text,
                        question.points,
                        mark.points,
                        mark.comment,
                    ]
                )
    return table(WRITTEN, lines)


def read_written(store: Store, folder: Path, assignments: Mapping[str, Assignment]) -> None:
    """Take over the marks that a person wrote into ``written.csv``.

    Raises
    ------
    ValueError
        If a mark is no number from 0 to the most that the question gives; nothing is taken then.
    """
    path = folder / "written.csv"
    if not path.exists():
        return
    csv.field_size_limit(2 * intake.LONGEST)
    known = {(row.result.assignment, row.result.student): row for row in store.rows()}
    marks, not_taken = [], []
    with path.open(newline="", encoding="utf-8-sig") as file:
        for line, entry in enumerate(csv.DictReader(file), 2):
            if absent := [key for key in WRITTEN if entry.get(key) is None]:
                raise ValueError(f"{path}, line {line}: no column {', '.join(absent)}")
            where = entry["assignment"], entry["student"].removeprefix("'")
            row = known.get(where)
            old = row.written.get(entry["question"]) if row else None
            answer = answers(row.result).get(entry["question"], "") if row else ""
            if not old or entry["answer"].split() != cell(answer).split():
                if entry["points"].strip():  # the answer that was marked is not there any more
                    not_taken.append([entry[key] for key in WRITTEN])
                continue
            comment = entry["comment"].removeprefix("'")
            mark = Mark(_points(entry, assignments, f"{path}, line {line}"), comment)
            if mark != old:
                marks.append((where[1], where[0], entry["question"], mark))
    for student, assignment, question, mark in marks:
        store.mark(student, assignment, question, mark)
    if not_taken:
        apart = path.with_name("written-not-taken.csv")
        earlier = []
        if apart.exists():
            with apart.open(newline="", encoding="utf-8") as file:
                earlier = list(csv.reader(file))[1:]
        put(apart, table(WRITTEN, [*earlier, *(line for line in not_taken if line not in earlier)]))
        print(f"{len(not_taken)} marks are for answers that have changed since: see {apart}")


def _points(
    entry: Mapping[str, str], assignments: Mapping[str, Assignment], where: str
) -> float | None:
    text = entry["points"].strip()
    if not text:
        return None
    most = assignments[entry["assignment"]].written[entry["question"]].points
    try:
        points = float(text.replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= most:
        raise ValueError(f"{where}: points are {text!r}, not a number from 0 to {most:g}")
    return points


# --- Summary -------------------------------------------------------------------------------------


def summary(rows: list[Row], assignments: Mapping[str, Assignment]) -> str:
    """The page for the teacher: how the marks lie, which question was hard, what went wrong."""
    parts = []
    for name in sorted({row.result.assignment for row in rows}):
        own = [row for row in rows if row.result.assignment == name]
        judged = [row for row in own if row.result.tests]
        tests: list[dict[str, Any]] = [
            {
                "id": id,
                "most": test.points,
                "passed": sum(not row.result.tests[id]["told"] for row in judged),
            }
            for id, test in assignments[name].tests.items()
        ]
        told = Counter(
            (id, test["told"])
            for row in judged
            for id, test in row.result.tests.items()
            if test["told"]
        )
        parts.append(
            {
                "assignment": assignments[name],
                "statuses": Counter(row.result.status for row in own).most_common(),
                "judged": len(judged),
                "bars": bars([row.points or 0.0 for row in judged], assignments[name].points),
                "mean": sum(row.points or 0.0 for row in judged) / max(1, len(judged)),
                "tests": sorted(tests, key=lambda test: test["passed"]),
                "wrong": [
                    (id, text, n)
                    for (id, text), n in sorted(told.items(), key=lambda item: (-item[1], item[0]))[
                        :8
                    ]
                ],
                "unmarked": sum(row.unmarked for row in own),
                "look": [
                    row.result for row in own if row.result.remarks or row.result.status == MISSING
                ],
            }
        )
    return page("summary.html", parts=parts)


def bars(points: list[float], most: float) -> list[dict[str, Any]]:
    """How many reached 0, 1, 2 … points, rounded down; heights are of the tallest."""
    counts = Counter(int(value) for value in points)
    tallest = max(counts.values(), default=1)
    return [
        {"points": value, "count": counts[value], "height": round(100 * counts[value] / tallest)}
        for value in range(int(most) + 1)
    ]


# --- All of it -----------------------------------------------------------------------------------


def write(store: Store, assignments: Mapping[str, Assignment], folder: Path) -> None:
    """Write pages and tables into a folder."""
    rows, students = store.rows(), store.students()
    most = {name: one.points for name, one in assignments.items()}
    for row in rows:
        one = row.result
        if one.status != MISSING:
            about = students.get(one.student, {})
            name = " ".join(filter(None, (about.get("first_name"), about.get("last_name"))))
            text = feedback(row, assignments[one.assignment], name or one.student)
            put(folder / "feedback" / one.student / f"{one.assignment}.html", text)
    put(folder / "grades.csv", grades(rows, students, most))
    put(folder / "canvas.csv", canvas(rows, students, most))
    put(folder / "moodle.csv", moodle(rows, students, most))
    put(folder / "written.csv", written(rows, assignments))
    put(folder / "summary.html", summary(rows, assignments))


def put(path: Path, text: str) -> None:
    """Write a file whole, or leave the old one; leave it alone where nothing changed."""
    if path.exists() and path.read_text("utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, "utf-8")
    os.replace(new, path)
