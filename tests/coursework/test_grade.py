"""`make grade` comes to its end, grades again only what changed, and says what it cannot do."""

import csv
import json
import os
import shutil
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small import RIGHT, answered, cells, check_cell, master

from coursework import demo, grade, intake
from coursework.assignments import SOURCE, Assignment
from coursework.grade import Job, in_parallel, is_late, missing
from coursework.gradebook import GRADED, LATE, MISSING, NOT_RUN, SUSPECTED, Result, Store
from coursework.sandbox import Limits, NoSandbox

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

WRONG = {"twice": "def twice(x):\n    return x"}


class Here:
    """A pool of processes that is this process."""

    def __init__(self, workers, context, initializer):
        self.broken = False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def submit(self, function, *arguments):
        future: Future = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(grade, "ProcessPoolExecutor", Here)


class Lesson:
    """A small assignment, what is handed in for it, and the grading of it."""

    def __init__(self, folder, monkeypatch, capsys, empty_book):
        self.folder, self._patch, self._capsys = folder, monkeypatch, capsys
        self.submissions, self.grades = folder / "submissions", folder / "grades"
        self.submissions.mkdir()
        self._book = empty_book
        self.assignment = Assignment(master(folder / "source"))

    def hand_in(self, student, place="{}/doubling.ipynb", **answers):
        path = self.submissions / place.format(student)
        path.parent.mkdir(exist_ok=True)
        demo.save(answered(self.assignment, **(RIGHT | answers)), path)
        return path

    def grade(self, *more):
        """Run the program; what it prints, or the words with which it ends."""
        if not self.grades.exists() and "--dry-run" not in more:
            self.grades.mkdir()
            shutil.copy(self._book, self.grades / "gradebook.db")
        argv = ["grade", self.submissions, "--source", self.folder / "source"]
        argv += ["--grades", self.grades, "--jobs", "2", *more]
        self._patch.setattr(sys, "argv", list(map(str, argv)))
        self._capsys.readouterr()
        grade.main()
        return self._capsys.readouterr().out

    def rows(self):
        with (self.grades / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def came_to(self):
        return {who: (row["status"], row["points"]) for who, row in self.rows().items()}


@pytest.fixture
def lesson(tmp_path, monkeypatch, capsys, empty_book, here):
    mask, path = os.umask(0o022), os.environ["PATH"]
    yield Lesson(tmp_path, monkeypatch, capsys, empty_book)
    os.umask(mask)
    os.environ["PATH"] = path


# --- The program ---------------------------------------------------------------------------------


def test_each_submission_gets_a_status_and_what_it_deserves(lesson):
    lesson.hand_in("ada")
    lesson.hand_in("bela", **WRONG)
    lesson.hand_in("chen").write_text("{")
    lesson.hand_in("dora").unlink()
    (lesson.submissions / "dora" / "doubling.ipynb").symlink_to("/etc/hostname")
    lesson.hand_in("emil", twice_check="pass")
    lesson.hand_in("fatou", place="fatou_LATE_12_34_doubling.ipynb")
    printed = lesson.grade()
    assert "6 submissions of 1 assignments, 6 to grade." in printed
    assert f"Marks, feedback and summary are in {lesson.grades}" in printed
    assert lesson.came_to() == {
        "ada": (GRADED, "3"),
        "bela": (GRADED, "1"),
        "chen": (NOT_RUN, ""),
        "dora": (SUSPECTED, ""),
        "emil": (SUSPECTED, "3"),
        "12": (LATE, "3"),
    }
    remarks = {who: row["remarks"] for who, row in lesson.rows().items()}
    assert remarks["ada"] == ""
    assert remarks["chen"].startswith("it is no notebook: ")
    assert remarks["dora"] == "it is a link to another file"
    assert remarks["emil"] == "the text of the cell twice-check was changed"


def test_what_it_writes_is_the_teacher_s_alone(lesson):
    lesson.hand_in("ada")
    lesson.grade()
    made = [path for path in lesson.grades.rglob("*") if path.name != "gradebook.db"]
    assert len(made) == 8
    assert not [path for path in made if path.stat().st_mode & 0o077]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(lesson, monkeypatch):
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "0")  # takes seconds
    lesson.hand_in("ada")
    (lesson.submissions / "notes.txt").write_text("x")
    before = sorted(lesson.folder.rglob("*"))
    printed = lesson.grade("--dry-run")
    assert printed.splitlines() == [
        "1 submissions of 1 assignments, 1 to grade.",
        "  left aside: notes.txt",
        "  would grade doubling of ada",
    ]
    assert sorted(lesson.folder.rglob("*")) == before


def test_a_dry_run_knows_what_is_graded_and_changes_no_file(lesson):
    lesson.hand_in("ada")
    lesson.grade()
    lesson.hand_in("bela")
    before = {path: path.stat().st_mtime_ns for path in lesson.folder.rglob("*")}
    assert "2 submissions of 1 assignments, 1 to grade" in lesson.grade("--dry-run")
    assert {path: path.stat().st_mtime_ns for path in lesson.folder.rglob("*")} == before


def test_graded_again_is_only_what_changed(lesson):
    lesson.hand_in("ada")
    lesson.hand_in("bela")
    assert " 2 to grade." in lesson.grade()
    tables = {path: path.read_bytes() for path in lesson.grades.glob("*.csv")}
    assert " 0 to grade." in lesson.grade()
    assert {path: path.read_bytes() for path in lesson.grades.glob("*.csv")} == tables
    lesson.hand_in("bela", **WRONG)
    assert " 1 to grade." in lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "3"), "bela": (GRADED, "1")}


def test_all_is_graded_again_when_the_assignment_changes(lesson):
    lesson.hand_in("ada")
    lesson.grade()
    shutil.rmtree(lesson.folder / "source")
    master(lesson.folder / "source", cells("assert twice(0) == 0"))
    for each in (grade.version, grade.read_assignment):
        each.cache_clear()
    assert " 1 to grade." in lesson.grade()


def test_what_was_handed_in_after_it_was_due_is_late(lesson):
    for student, at in (("ada", "09:30"), ("bela", "18:01"), ("chen", "17:59")):
        path = lesson.hand_in(student)
        path.with_name("timestamp.txt").write_text(f"2026-03-02 {at}:00 UTC")
    lesson.grade("--due", "2026-03-02T19:00+01:00")
    assert {who: row["late"] for who, row in lesson.rows().items()} == {
        "ada": "no",
        "bela": "yes",
        "chen": "no",
    }
    assert lesson.came_to()["bela"] == (LATE, "3")


def test_a_later_word_on_when_it_was_due_counts(lesson):
    lesson.hand_in("ada").with_name("timestamp.txt").write_text("2026-03-02 09:30:00 UTC")
    lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "3")}
    lesson.grade("--due", "2026-03-01")
    assert lesson.came_to() == {"ada": (LATE, "3")}
    lesson.grade("--due", "2026-03-03")
    assert lesson.came_to() == {"ada": (GRADED, "3")}


def test_who_is_on_the_roster_and_handed_in_nothing_is_missing(lesson):
    lesson.hand_in("ada")
    roster = lesson.folder / "roster.csv"
    roster.write_text(
        "id,first_name,last_name,section\nada,Ada,Abel,1\nbela,Bela,,2\n", "utf-8-sig"
    )
    lesson.grade("--roster", roster)
    assert lesson.came_to() == {"ada": (GRADED, "3"), "bela": (MISSING, "")}
    assert lesson.rows()["bela"]["first_name"] == "Bela"
    assert lesson.rows()["bela"]["remarks"] == ""
    assert not (lesson.grades / "feedback" / "bela").exists()
    lesson.hand_in("bela")
    lesson.grade("--roster", roster)
    assert lesson.came_to()["bela"] == (GRADED, "3")


def test_points_for_a_file_that_is_gone_are_a_remark(lesson):
    lesson.hand_in("ada")
    gone = lesson.hand_in("bela")
    lesson.grade()
    gone.unlink()
    lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "3"), "bela": (MISSING, "")}
    remark = "had 3 points for a file that is no longer there"
    assert lesson.rows()["bela"]["remarks"] == remark
    lesson.grade()
    assert lesson.rows()["bela"]["remarks"] == remark  # and stays one
    lesson.hand_in("bela")
    lesson.grade()
    assert lesson.came_to()["bela"] == (GRADED, "3")


def test_marks_for_words_are_taken_over_in_the_next_run(lesson):
    lesson.hand_in("ada")
    lesson.grade()
    table = lesson.grades / "written.csv"
    table.write_text(table.read_text("utf-8").replace(",3,,", ",3,2.5,"), "utf-8")
    lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "5.5")}
    table.write_text(table.read_text("utf-8").replace(",3,2.5,", ",3,9,"), "utf-8")
    with pytest.raises(SystemExit, match=r"All submissions are graded; .* line 2: points are '9'"):
        lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "5.5")}
    assert ",3,9," in table.read_text("utf-8")  # what the person wrote is still there


def test_names_that_are_no_text_stop_nothing(lesson):
    work = lesson.hand_in("ada").read_bytes()
    for name in (b"caf\xe9.txt", b"caf\xe9.ipynb"):
        (lesson.submissions / "ada" / os.fsdecode(name)).write_text("x")
    (lesson.submissions / os.fsdecode(b"b\xe9la")).mkdir()
    (lesson.submissions / os.fsdecode(b"b\xe9la/doubling.ipynb")).write_bytes(work)
    printed = lesson.grade()
    assert "left aside: ada/caf?.txt" in printed
    assert lesson.came_to() == {"ada": (GRADED, "3"), "b?la": (GRADED, "3")}


@pytest.mark.parametrize("id", ["\ud800", "x" * 5000, "<script>", "\0"])
def test_odd_ids_of_cells_stop_nothing(lesson, id):
    made = answered(lesson.assignment, **RIGHT)
    made.cells[0].metadata["nbgrader"] = {"grade_id": id}
    (lesson.submissions / "ada").mkdir()
    (lesson.submissions / "ada" / "doubling.ipynb").write_text(json.dumps(made))
    lesson.grade()
    assert lesson.came_to() == {"ada": (SUSPECTED, "3")}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--due", "tomorrow"], "--due tomorrow: expected a time such as"),
        (["--roster", "{folder}/none.csv"], r"none.csv cannot be read: .*No such file"),
        (["--roster", "{folder}/names.csv"], "names.csv has no column named id"),
        (["--roster", "{folder}/empty.csv"], "empty.csv has no column named id"),
        (["--roster", "{folder}/latin.csv"], "latin.csv cannot be read: .*utf-8"),
    ],
)
def test_what_it_cannot_use_is_said_and_nothing_is_graded(lesson, more, says):
    lesson.hand_in("ada")
    (lesson.folder / "names.csv").write_text("name\nAda\n")
    (lesson.folder / "empty.csv").write_text("")
    (lesson.folder / "latin.csv").write_bytes(b"id\ncaf\xe9\n")
    with pytest.raises(SystemExit, match=says):
        lesson.grade(*(each.format(folder=lesson.folder) for each in more))
    assert [path.name for path in lesson.grades.iterdir()] == ["gradebook.db"]


def test_a_folder_that_is_none_is_said(lesson):
    lesson.submissions.rmdir()
    with pytest.raises(SystemExit, match="submissions is no folder"):
        lesson.grade()


def test_without_a_sandbox_nothing_is_graded(lesson, monkeypatch):
    lesson.hand_in("ada")
    monkeypatch.setattr(grade, "ready", no_sandbox)
    with pytest.raises(SystemExit, match="no bubblewrap here"):
        lesson.grade()
    assert [path.name for path in lesson.grades.iterdir()] == ["gradebook.db"]


def no_sandbox(*anything, **more):
    raise NoSandbox("no bubblewrap here")


def test_trusted_work_needs_no_sandbox_and_a_warning_is_given(lesson, monkeypatch):
    lesson.hand_in("ada")
    monkeypatch.setattr(grade, "ready", no_sandbox)
    assert "NO SANDBOX" in lesson.grade("--trust-students")
    assert lesson.came_to() == {"ada": (GRADED, "3")}


def test_an_assignment_with_other_cells_than_before_is_refused_in_words(lesson):
    lesson.hand_in("ada")
    lesson.grade()
    shutil.rmtree(lesson.folder / "source")
    master(lesson.folder / "source", [*cells(), check_cell("more", 1, "pass\n", "pass")])
    for each in (grade.version, grade.read_assignment):
        each.cache_clear()
    with pytest.raises(SystemExit, match="doubling has other graded cells"):
        lesson.grade()
    assert lesson.came_to() == {"ada": (GRADED, "3")}


def test_several_assignments_are_graded_in_one_run(lesson):
    made = cells()
    made[0].source = "# Coursework: Other"
    master(lesson.folder / "source", made, "other")
    work = lesson.hand_in("ada").read_bytes()
    (lesson.submissions / "bela").mkdir()
    (lesson.submissions / "bela" / "other.ipynb").write_bytes(work)
    assert "2 submissions of 2 assignments" in lesson.grade()
    (_, *lines) = (lesson.grades / "canvas.csv").read_text("utf-8").splitlines()
    assert lines[1:] == ["ada,,,ada,,3,", "bela,,,bela,,,3"]


def test_an_assignment_that_nobody_handed_in_is_not_spoken_of(lesson):
    master(lesson.folder / "source", None, "other")
    lesson.hand_in("ada")
    roster = lesson.folder / "roster.csv"
    roster.write_text("id\nada\nbela\n")
    lesson.grade("--roster", roster)
    assert {row["assignment"] for row in lesson.rows().values()} == {"doubling"}


# --- Parts of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "at", "due", "is_so"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (False, None, 2, False),
        (False, 1, None, False),
        (False, 1, 2, False),
        (False, 2, 2, False),
        (False, 3, 2, True),
    ],
)
def test_late_is_what_the_platform_calls_late_or_came_after_it_was_due(late, at, due, is_so):
    hour = {n: datetime(2026, 3, 2, n, tzinfo=UTC) for n in (1, 2, 3)} | {None: None}
    assert is_late(intake.Found("a", "b", Path("x"), late, hour[at]), hour[due]) is is_so


def found(student, path="/nowhere"):
    return intake.Found(student, "doubling", Path(path))


def test_missing_is_said_once(tmp_path, empty_book):
    shutil.copy(empty_book, tmp_path / "book.db")
    with Store(f"sqlite:///{tmp_path}/book.db") as store:
        test = {"t": {"points": 2.5, "most": 3.0, "told": ""}}
        for one in (
            Result("ada", "doubling", GRADED),
            Result("bela", "doubling", MISSING, remarks=("before",)),
            Result("chen", "halving", GRADED),
            Result("dora", "doubling", GRADED),
        ):
            store.save(one)
        record = Result("emil", "doubling", GRADED, tests=test)
        store._save_marks = lambda *_: None
        store.save(record)
        jobs = [Job(found("ada"), Path("m"), False)]
        told = list(missing(store, jobs, ["ada", "bela", "fatou"], ["doubling"]))
    assert told == [
        Result("fatou", "doubling", MISSING),
        Result(
            "dora",
            "doubling",
            MISSING,
            remarks=("had 0 points for a file that is no longer there",),
        ),
        Result(
            "emil",
            "doubling",
            MISSING,
            remarks=("had 2.5 points for a file that is no longer there",),
        ),
    ]


def test_a_digest_changes_with_all_that_matters(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text("one")
    file = master(tmp_path)
    first = grade.digest(found("ada", path), file, False)
    assert grade.digest(found("ada", path), file, False) == first
    others = {
        grade.digest(found("bela", path), file, False),
        grade.digest(found("ada", path), file, True),
        grade.digest(found("ada", tmp_path), file, False),
        grade.digest(intake._remarked(found("ada", path), "x"), file, False),
    }
    path.write_text("two")
    others.add(grade.digest(found("ada", path), file, False))
    assert len(others) == 5
    assert first not in others


# --- A grader that breaks ------------------------------------------------------------------------


class Breaking(Here):
    """A pool that breaks on some students, and with it all that it has in hand."""

    breaks_on: set
    ran: list
    slowly = False  # whether one of the broken ones is seen at a time

    def __init__(self, workers, *rest):
        super().__init__(workers, *rest)
        self.hand = []

    def submit(self, function, found, *rest):
        if self.broken:
            raise BrokenProcessPool
        Breaking.ran.append(found.student)
        future: Future = Future()
        self.hand.append((future, found))
        if found.student == "bad":
            future.set_exception(ValueError("x"))
        return future


def waits(pools):
    """The look of the batch at its futures: one ends at a time, a breaking one ends all."""

    def wait(running, return_when):
        pool = pools[-1]
        for future, found in pool.hand:
            if found.student in Breaking.breaks_on and not future.done():
                pool.broken = True
                for each, _ in pool.hand:
                    if not each.done():
                        each.set_exception(BrokenProcessPool())
        if not pool.broken:
            future, found = next((f, one) for f, one in pool.hand if f in running)
            if not future.done():
                future.set_result(Result(found.student, "doubling", GRADED))
        done = {future for future in running if future.done()}
        if Breaking.slowly:
            done = {next(iter(done))}
        return type("Done", (), {"done": done})

    return wait


@pytest.fixture
def breaking(monkeypatch):
    pools = []

    def pool(*arguments, initializer):
        pools.append(Breaking(*arguments, initializer))
        return pools[-1]

    Breaking.breaks_on, Breaking.ran = set(), []
    monkeypatch.setattr(grade, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(grade, "wait", waits(pools))
    monkeypatch.setattr(grade, "digest", lambda *_: "d")

    def run(students, *breaks, workers=2):
        Breaking.breaks_on = set(breaks)
        jobs = [Job(found(student), Path("m"), False) for student in students.split()]
        results = list(in_parallel(jobs, workers, Limits(), False))
        return {one.student: (one.status, *one.remarks) for one in results}

    return run


FINE, BROKE = (GRADED,), (NOT_RUN, "the grader broke on it")


@pytest.mark.parametrize("slowly", [False, True])
@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize(
    ("students", "breaks"), [("a b c d", "a"), ("a b c d", "d"), ("a b c d e", "b c"), ("a", "a")]
)
def test_whoever_breaks_a_grader_is_found_out_and_nobody_else_suffers(
    breaking, students, breaks, workers, slowly, monkeypatch
):
    monkeypatch.setattr(Breaking, "slowly", slowly)
    assert breaking(students, *breaks.split(), workers=workers) == {
        student: BROKE if student in breaks.split() else FINE for student in students.split()
    }
    assert all(Breaking.ran.count(student) == 2 for student in breaks.split())


def test_without_harm_each_is_graded_once_and_in_order(breaking):
    assert breaking("a b c d") == dict.fromkeys("abcd", FINE)
    assert Breaking.ran == list("abcd")


def test_a_mistake_of_the_grader_is_one_submission_s_and_is_named(breaking):
    assert breaking("a bad c") == {
        "a": FINE,
        "bad": (NOT_RUN, "the grader failed on it: ValueError"),
        "c": FINE,
    }


def test_a_pool_that_breaks_between_two_looks_loses_nobody(breaking, monkeypatch):
    honest = Breaking.submit
    left = [2]

    def submit(self, function, found, *rest):
        left[0] -= 1
        if left[0] == 0:
            raise BrokenProcessPool
        return honest(self, function, found, *rest)

    monkeypatch.setattr(Breaking, "submit", submit)
    assert breaking("a b c") == dict.fromkeys("abc", FINE)


def test_a_sandbox_that_is_gone_ends_the_batch(here, monkeypatch, tmp_path):
    path = tmp_path / "a.ipynb"
    file = master(tmp_path / "source")
    demo.save(answered(Assignment(file)), path)
    monkeypatch.setattr(grade.marking, "mark", no_sandbox)
    with pytest.raises(NoSandbox):
        list(in_parallel([Job(found("ada", path), file, False)], 1, Limits(), False))


def test_a_grader_s_process_that_dies_is_one_submission_s_and_the_batch_goes_on(tmp_path):
    """For real: the teacher's own test ends its process, at one student's answer."""
    deadly = "import multiprocessing, os\n"
    deadly += "if twice(2) == 5 and multiprocessing.parent_process(): os._exit(1)\n"
    made = cells()
    made[3].source = deadly + made[3].source
    file = master(tmp_path / "source", made)
    jobs = []
    for student, source in (("ada", RIGHT["twice"]), ("bad", "def twice(x):\n    return 5")):
        path = tmp_path / f"{student}.ipynb"
        demo.save(answered(Assignment(file), **(RIGHT | {"twice": source})), path)
        jobs.append(Job(found(student, path), file, False))
    results = {one.student: one for one in in_parallel(jobs, 2, Limits(), False)}
    assert {student: one.status for student, one in results.items()} == {
        "ada": GRADED,
        "bad": NOT_RUN,
    }
    assert results["bad"].remarks == ("the grader broke on it",)
    assert results["bad"].digest == grade.digest(jobs[1].found, file, False)


# --- The made-up class ---------------------------------------------------------------------------


def test_a_made_up_class_has_all_that_happens_in_one(tmp_path):
    assignment = Assignment(SOURCE / "cross-entropy" / "cross-entropy.ipynb")
    demo.class_of(9, assignment, tmp_path)
    with (tmp_path / "roster.csv").open(newline="") as file:
        students = [line["id"] for line in csv.DictReader(file)]
    assert len(students) == 9
    handed_in, aside = intake.find(tmp_path / "submissions", ["cross-entropy"])
    assert len(handed_in) == 8  # one handed in nothing
    assert aside == []
    assert len([one for one in handed_in if one.remarks]) == 1
    due = datetime(2026, 3, 3, tzinfo=UTC)
    assert len([one for one in handed_in if is_late(one, due)]) == 1
    broken = 0
    for one in handed_in:
        try:
            intake.cells(intake.read(one.path))
        except intake.TurnedAway:
            broken += 1
    assert broken == 2
    assert not [one for one in handed_in if b"HIDDEN" in one.path.read_bytes()]


def test_without_oddities_everyone_hands_in_a_notebook_in_time(tmp_path):
    demo.class_of(3, Assignment(master(tmp_path / "source")), tmp_path, oddities=False)
    handed_in, _ = intake.find(tmp_path / "submissions", ["doubling"])
    assert [len(intake.cells(intake.read(one.path))) for one in handed_in] == [8] * 3
    assert {one.remarks for one in handed_in} == {()}


def test_a_class_is_made_up_once_and_of_an_assignment_that_is_there(tmp_path, monkeypatch, capsys):
    place = tmp_path / "class"
    monkeypatch.setattr(sys, "argv", ["demo", "--to", str(place), "--students", "2"])
    demo.main()
    assert f"2 students and their work are in {place}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        demo.main()
    assert "is there already" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["demo", "--to", f"{place}2", "--assignment", "x"])
    with pytest.raises(SystemExit):
        demo.main()
    assert "no assignment x; there are" in capsys.readouterr().err
