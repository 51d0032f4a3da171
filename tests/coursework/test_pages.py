"""The pages on coursework tell the truth about the assignments and the commands."""

import re
import tomllib

import yaml

from coursework import grade, gradebook, intake
from coursework.assignments import ROOT, Assignment, assignments
from coursework.sandbox import Limits

FOLDER = ROOT / "chapters" / "coursework"
STUDENTS, TEACHERS, SAFETY = (
    (FOLDER / f"{page}.md").read_text("utf-8") for page in ("assignments", "instructors", "safety")
)
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
CHAPTERS = [chapter["file"] for part in TOC["parts"] for chapter in part["chapters"]]
ALL = sorted(assignments(), key=lambda one: CHAPTERS.index(f"chapters/{one.chapter}"))


def row(one: Assignment) -> str:
    """The line of the page's table for an assignment."""
    files = [
        f'<a href="../../coursework/{one.name}.{kind}" download>{told}</a>'
        for kind, told in (("ipynb", "notebook"), ("zip", "zip"))
    ]
    opened = f"../../lite/notebooks/index.html?path=coursework/{one.name}.ipynb"
    links = ", ".join([f'<a href="{opened}">run</a>', *files])
    cells = [f"[{one.title}](../{one.chapter}.ipynb)", links, f"{one.points:g}", one.minutes]
    return f"| {' | '.join(map(str, cells))} |"


def table(page: str, heading: str) -> list[str]:
    """The lines of the first table after a heading, without its own head."""
    lines = page.partition(f"\n{heading}\n")[2].splitlines()
    return [line for line in lines if line.startswith("|")][2:]


def test_the_table_holds_every_assignment_in_the_order_of_the_chapters():
    want = [row(one) for one in ALL]
    got = [line for line in table(STUDENTS, "## Take one") if "download" in line]
    assert got == want, "chapters/coursework/assignments.md should have\n" + "\n".join(want)


def test_a_syllabus_gives_only_assignments_that_there_are():
    titles = {one.title for one in ALL}
    for time in ("### One week", "### Four weeks", "### A term"):
        until = TEACHERS.partition(f"\n{time}\n")[2].partition("\n#")[0]
        rows = [line for line in until.splitlines() if line.startswith("|")][2:]
        given = [title.strip() for line in rows for title in line.split("|")[3].split(";")]
        if time == "### A term":
            project = given.pop()
            assert "project" in project
            assert sorted(given) == sorted(titles)  # each once
        assert set(given) <= titles, time
        assert len(given) == len(set(given)), time


def test_what_the_question_in_words_is_worth_is_as_told():
    worth = {(sum(each.points for each in one.written.values()), one.points) for one in ALL}
    ((question, all_of_it),) = worth
    assert f"worth {question:g} of its {all_of_it:g} points" in TEACHERS


def test_a_title_is_the_chapter_s():
    for page in (STUDENTS, TEACHERS):
        for title, chapter in re.findall(r"\[([^]]+)\]\(\.\./([\w/-]+)\.ipynb\)", page):
            source = (ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf-8")
            assert f'"# {title}' in source, title


def test_every_status_is_explained():
    told = [
        line.split("|")[1].strip()
        for line in table(TEACHERS, "A submission has one of five statuses:")
    ]
    names = ("GRADED", "LATE", "NOT_RUN", "SUSPECTED", "MISSING")
    assert told[:5] == [getattr(gradebook, name) for name in names]


def test_the_limits_are_as_told():
    limits = Limits()
    for page in (STUDENTS, TEACHERS, SAFETY):
        assert re.search(rf"{limits.call:g} seconds,? .*?{limits.cell:g}[ ,]", page)
    assert limits.submission == 60
    assert f"{limits.submission:g} a submission" in SAFETY
    assert f"{limits.memory >> 30} GB of memory, {limits.file >> 20} MB a file" in SAFETY
    for page in (STUDENTS, SAFETY):
        assert f"{intake.LARGEST // 1_000_000} MB" in page


def test_the_commands_are_as_told(monkeypatch, capsys):
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(
        r"^make (?:assignments|demo-class|grade SUBMISSIONS=_build.*\\\n.*)$", readme, re.M
    )
    assert len(commands) == 3
    assert all(f"\n{command}\n" in TEACHERS for command in commands)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    asked = set(re.findall(r"\$\(if \$\(([A-Z_]+)\)", makefile))
    told = set(re.findall(r"\b([A-Z_]{2,})=", TEACHERS))
    assert asked - told == set()
    assert told - asked <= {"SUBMISSIONS"}
    monkeypatch.setattr("sys.argv", ["grade", "--help"])
    try:
        grade.options()
    except SystemExit:
        known = set(re.findall(r"--[\w-]+", capsys.readouterr().out))
    given = set(re.findall(r"(?<= )--[\w-]+", TEACHERS)) - {"--to"}  # of the other program
    assert given <= known


def test_the_oldest_python_is_as_told():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert f"Python {oldest} or newer" in STUDENTS
