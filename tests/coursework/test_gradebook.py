"""What was marked is kept: in SQLite and in PostgreSQL, by one grader and by two at once."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from machine import postgres
from small import assignment, cell, cells, check_cell
from sqlalchemy.exc import OperationalError

from coursework.gradebook import (
    GRADED,
    LATE,
    MISSING,
    NOT_RUN,
    Mark,
    Result,
    Row,
    Store,
    Unfit,
    answers,
)

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own

TESTS = {
    "twice-check": {"points": 2.0, "most": 2.0, "told": ""},
    "thrice-check": {"points": 0.0, "most": 1.0, "told": "✗ “so” \\ 'it' is\n"},
}


def said(text, id="words"):
    return {"kind": "markdown", "source": text, "id": id, "printed": "", "error": ""}


def result(student="ada", words="It is so.", **more):
    about = {"status": GRADED, "tests": TESTS, "cells": (said(words), said("x = 1", ""))}
    return Result(student, "doubling", **({"digest": "d1"} | about | more))


# --- A gradebook in each kind of database --------------------------------------------------------


def ordinary() -> dict[str, object]:
    """As whom PostgreSQL runs, which refuses root: somebody with a name."""
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name: one for one in pwd.getpwall()}
    somebody = names.get("postgres") or names["nobody"]
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return assignment(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def cluster(small):
    """A PostgreSQL of our own, on a socket in a folder: its address without a database."""
    bin = postgres()
    if not bin:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's initdb and postgres are missing")
        pytest.skip("PostgreSQL's initdb and postgres are neither on PATH nor in /usr/lib")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the name of a socket is short
    who = ordinary()
    if who:
        os.chown(folder, who["user"], who["group"])
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    place = {"cwd": folder, "env": clean, "stdout": -3, "stderr": subprocess.STDOUT, **who}
    make = ["--username=book", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run([bin / "initdb", "-D", folder / "data", *make], check=True, **place)
    serve = ["-F", "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=40"]
    server = subprocess.Popen([bin / "postgres", "-D", folder / "data", *serve], **place)
    try:
        for _ in range(200):
            try:
                psycopg.connect(host=str(folder), user="book", dbname="postgres").close()
                break
            except psycopg.OperationalError:
                assert server.poll() is None
                time.sleep(0.05)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nbgrader.api.get_alembic_version", lambda: "0")  # takes seconds
            with Store(address(folder, "template1")) as store:  # each database begins as this one
                store.register(small)
        yield folder
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder)


def address(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://book@/{database}?host={folder}"


@pytest.fixture(scope="module")
def file(small, empty_book, tmp_path_factory):
    path = shutil.copy(empty_book, tmp_path_factory.mktemp("registered"))
    with Store(f"sqlite:///{path}") as store:
        store.register(small)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, file):
    """The address of a gradebook that knows the small assignment."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(file, tmp_path)}"
    folder = request.getfixturevalue("cluster")
    name = f"book{time.monotonic_ns()}"
    with psycopg.connect(
        host=str(folder), user="book", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address(folder, name)


@pytest.fixture
def store(url):
    with Store(url) as made:
        yield made


# --- What is kept --------------------------------------------------------------------------------


def test_results_come_back_as_they_were(store):
    some = [
        result("bela", words="ü \ud7ff \0 “x”", late=True, status=LATE, remarks=("a", "b")),
        result("ada"),
        Result("chen", "doubling", MISSING),
        Result("dora", "doubling", NOT_RUN, "d", False, ("it is no notebook",)),
    ]
    for one in some:
        store.save(one)
    assert store.results() == sorted(some, key=lambda one: one.student)
    assert store.results("doubling", "bela") == [some[0]]
    assert store.results(student="ada") == [some[1]]
    assert store.results("halving") == []


def test_what_is_graded_again_takes_the_place_of_what_was(store):
    store.save(result(digest="d1"))
    again = result(words="No.", digest="d2")
    store.save(again)
    assert store.results() == [again]
    assert store.digests() == {("doubling", "ada"): "d2"}


def test_it_is_all_there_for_the_next_run(store, url):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.5, "Well said."))
    store.add_students([{"id": "ada", "first_name": "Ada"}])
    with Store(url) as other:
        assert other.rows() == [Row(result(), {"words": Mark(2.5, "Well said.")})]
        assert other.digests() == {("doubling", "ada"): "d1"}
        assert other.students()["ada"]["first_name"] == "Ada"


def test_marks_stand_in_nbgrader_s_own_tables_too(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.5, "Well said."))
    (one,) = store._book.submission_dicts("doubling")
    assert (one["id"] and one["score"], one["max_score"]) == (4.5, 6)
    assert (one["written_score"], one["needs_manual_grade"]) == (2.5, False)
    grade = store._book.find_grade("thrice-check", "doubling", "doubling", "ada")
    assert (grade.auto_score, grade.max_score) == (0.0, 1.0)


def test_students_are_made_known_and_brought_up_to_date(store):
    roster = {"id": "ada", "first_name": "Ada", "last_name": None, "email": "", "group": "7"}
    store.add_students([roster | {None: ["more"]}, {"id": "bela"}])
    store.add_students([{"id": "ada", "last_name": "Abel", "email": "ada@school.example"}])
    nobody = {"first_name": "", "last_name": "", "email": ""}
    assert store.students() == {
        "ada": {"first_name": "Ada", "last_name": "Abel", "email": "ada@school.example"},
        "bela": nobody,
    }


# --- Points --------------------------------------------------------------------------------------


def test_points_are_those_of_tests_and_people_and_words_wait_for_a_person(store):
    store.save(result())
    (row,) = store.rows()
    assert row.written == {"words": Mark(None, "")}
    assert (row.points, row.unmarked) == (2.0, 1)
    store.mark("ada", "doubling", "words", Mark(0.0, ""))
    (row,) = store.rows()
    assert (row.points, row.unmarked) == (2.0, 0)
    store.mark("ada", "doubling", "words", Mark(3.0, "Yes."))
    (row,) = store.rows()
    assert (row.points, row.unmarked) == (5.0, 0)
    assert row.written == {"words": Mark(3.0, "Yes.")}


@pytest.mark.parametrize("status", [MISSING, NOT_RUN])
def test_where_nothing_could_be_judged_there_are_no_points(store, status):
    store.save(result())
    store.save(Result("ada", "doubling", status))
    (row,) = store.rows()
    assert (row.points, row.unmarked) == (None, 0)


def test_a_mark_stays_when_the_answer_stays(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.0, "Good."))
    right = {id: test | {"points": test["most"], "told": ""} for id, test in TESTS.items()}
    store.save(result(digest="d2", tests=right))
    (row,) = store.rows()
    assert row.written == {"words": Mark(2.0, "Good.")}
    assert row.points == 5.0


def test_a_mark_is_taken_back_with_a_note_when_the_answer_changes(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.5, "Good."))
    store.save(result(words="It is not so.", digest="d2"))
    (row,) = store.rows()
    assert row.written == {"words": Mark(None, "[2.5 points before the answer changed] Good.")}
    assert (row.points, row.unmarked) == (2.0, 1)
    store.save(result(words="It is not so.", digest="d3"))
    assert store.rows()[0].written == row.written  # the note is made once


def test_a_mark_without_a_comment_is_taken_back_with_the_note_alone(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(0.0, ""))
    store.save(result(words=""))
    note = "[0 points before the answer changed]"
    assert store.rows()[0].written == {"words": Mark(None, note)}


def test_a_mark_can_be_taken_back(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.5, "Good."))
    store.mark("ada", "doubling", "words", Mark(None, ""))
    assert store.rows()[0].written == {"words": Mark(None, "")}


def test_marks_belong_to_one_student_and_one_assignment(store, tmp_path):
    made = cells()
    made[0].source = "# Coursework: Other"
    other = assignment(tmp_path, made)
    other.name = "other"
    store.register(other)
    for student in ("ada", "bela"):
        store.save(result(student))
        store.save(replace(result(student), assignment="other"))
    store.mark("ada", "other", "words", Mark(1.0, "x"))
    marked = {(row.result.assignment, row.result.student): row.written for row in store.rows()}
    nothing = {"words": Mark(None, "")}
    assert marked == {
        ("doubling", "ada"): nothing,
        ("doubling", "bela"): nothing,
        ("other", "ada"): {"words": Mark(1.0, "x")},
        ("other", "bela"): nothing,
    }


def test_of_a_cell_that_is_there_twice_the_last_is_the_answer():
    twice = result(tests={}, cells=(said("one"), said("two"), said("x", "")))
    assert answers(twice) == {"words": "two"}


# --- Cut off in the middle -----------------------------------------------------------------------


def test_what_is_cut_off_is_not_graded_yet_and_loses_no_mark(store, monkeypatch):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.0, "Good."))
    with monkeypatch.context() as patch:
        patch.setattr(store, "_save_marks", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.save(result(digest="d2"))
    assert store.digests() == {("doubling", "ada"): ""}
    store.save(result(digest="d2"))
    assert store.digests() == {("doubling", "ada"): "d2"}
    assert store.rows()[0].written == {"words": Mark(2.0, "Good.")}


# --- Assignments ---------------------------------------------------------------------------------


def test_it_knows_when_an_assignment_was_due(store, small):
    store.register(small, datetime(2026, 3, 3, 18, tzinfo=UTC))
    assert store._book.find_assignment("doubling").duedate == datetime(2026, 3, 3, 18)
    store.register(small)
    assert store._book.find_assignment("doubling").duedate == datetime(2026, 3, 3, 18)


def more_cells():
    return [*cells(), check_cell("more", 1, "pass\n", "pass")]


def fewer_cells():
    return [each for each in cells() if each.id != "thrice-check"]


@pytest.mark.parametrize("make", [more_cells, fewer_cells])
def test_other_graded_cells_than_before_do_not_fit(store, tmp_path, make):
    changed = assignment(tmp_path, make())
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(2.0, "Good."))
    with pytest.raises(Unfit, match=r"doubling has other graded cells .* Grade into another one"):
        store.register(changed)
    assert store.rows() == [Row(result(), {"words": Mark(2.0, "Good.")})]


def test_before_anything_is_graded_cells_may_change(store, tmp_path):
    store.register(assignment(tmp_path, more_cells()))
    store.save(result(tests={**TESTS, "more": {"points": 1.0, "most": 1.0, "told": ""}}))
    assert store._book.find_grade("more", "doubling", "doubling", "ada").auto_score == 1.0


def test_other_points_and_other_words_of_a_cell_fit(store, tmp_path):
    store.save(result())
    made = cells()
    made[-1].metadata.nbgrader.points = 5
    made.append(cell("markdown", "Well done."))
    store.register(assignment(tmp_path, made))
    assert store._book.find_grade_cell("words", "doubling", "doubling").max_score == 5


# --- Two graders at once -------------------------------------------------------------------------


def test_two_graders_write_at_once_and_nothing_is_lost(store, url):
    wrong = []

    def write(grader):
        try:
            with Store(url) as own:
                for number in range(10):
                    one = result(f"{grader}{number}", words=grader)
                    own.save(one)
                    own.mark(one.student, "doubling", "words", Mark(float(number % 4), grader))
        except OperationalError as error:
            wrong.append(error)

    graders = [threading.Thread(target=write, args=(grader,)) for grader in "ab"]
    for one in graders:
        one.start()
    for one in graders:
        one.join()
    assert wrong == []
    assert [(row.result.student, row.written["words"]) for row in store.rows()] == [
        (f"{grader}{number}", Mark(float(number % 4), grader))
        for grader in "ab"
        for number in range(10)
    ]


def test_a_mark_survives_a_file_that_was_away_for_a_while(store):
    store.save(result())
    store.mark("ada", "doubling", "words", Mark(1.0, "good"))
    store.save(Result("ada", "doubling", MISSING, remarks=("gone",)))
    assert store.rows()[0].points is None
    store.save(result(digest="d2"))
    assert store.rows()[0].written["words"] == Mark(1.0, "good")
