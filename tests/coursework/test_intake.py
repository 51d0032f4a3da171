"""A file is taken in as clean cells or turned away in words; a folder's files find their owners."""

import copy
import datetime
import json
import os
import socket
from pathlib import Path

import pytest
from small import answered, assignment, cell, taken_in

from coursework import intake
from coursework.intake import Cell, Suspicious, TurnedAway, differences, find, moment

NAMES = ["doubling", "halving"]


def notebook(cells=(), nbformat=4, **metadata):
    raw = {"nbformat": nbformat, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
    return json.dumps(raw).encode()


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} | more


# --- One file ------------------------------------------------------------------------------------


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"x" * intake.LARGEST)
    assert intake.read(path) == b"x" * intake.LARGEST


def linked(path):
    path.with_name("other").write_text("x")
    path.symlink_to(path.with_name("other"))


def twice(path):
    path.with_name("other").write_text("x")
    os.link(path.with_name("other"), path)


def bound(path):
    with socket.socket(socket.AF_UNIX) as made:
        os.chdir(path.parent)  # the name of a socket is short
        made.bind(path.name)


def large(path):
    path.write_bytes(b"x" * (intake.LARGEST + 1))


@pytest.mark.parametrize(
    ("make", "kind", "says"),
    [
        (linked, Suspicious, "it is a link to another file"),
        (lambda path: path.symlink_to("/nowhere"), Suspicious, "it is a link to another file"),
        (twice, Suspicious, "the same file has a second name elsewhere (a hard link)"),
        (os.mkfifo, Suspicious, "it is no ordinary file"),
        (Path.mkdir, Suspicious, "it is no ordinary file"),
        (bound, TurnedAway, "it cannot be opened: No such device or address"),
        (lambda path: None, TurnedAway, "it cannot be opened: No such file or directory"),
        (large, TurnedAway, "it is larger than 5 MB: clear the outputs and save it again"),
    ],
)
def test_what_is_no_plain_file_is_turned_away(tmp_path, monkeypatch, make, kind, says):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.ipynb"
    make(path)
    before = os.listdir("/proc/self/fd")
    with pytest.raises(TurnedAway) as away:
        intake.read(path)
    assert (type(away.value), str(away.value)) == (kind, says)
    assert os.listdir("/proc/self/fd") == before  # nothing was left open


def test_a_device_is_no_ordinary_file():
    with pytest.raises(Suspicious, match="no ordinary file"):
        intake.read(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"{\xe9}", "it is not UTF-8 text, from byte 1 on"),
        ('{"a": 1}'.encode("utf-16"), "it is not UTF-8 text, from byte 0 on"),
        (b"{", "it is no notebook: Expecting property name"),
        (b'{"cells": [', "it is no notebook: Expecting value"),
        (b"<html>", "it is no notebook: Expecting value"),
        (b"1" * 5000, "it is no notebook: Exceeds the limit"),
        (b"[" * 100_000, "it is no notebook: maximum recursion"),
        (b"[]", "it is no notebook of format 4"),
        (b"{}", "it is no notebook of format 4"),
        (b"NaN", "it is no notebook of format 4"),
        (notebook(nbformat=3), "it is no notebook of format 4"),
        (notebook(nbformat="4"), "it is no notebook of format 4"),
        (b'{"nbformat": 4, "cells": {}, "metadata": {}}', "it is no notebook of format 4"),
        (b'{"nbformat": 4, "cells": [], "metadata": []}', "it is no notebook of format 4"),
        (b'{"nbformat": NaN, "cells": [], "metadata": {}}', "it is no notebook of format 4"),
        (notebook([code("x"), 7]), "it is no notebook: cell 2 is none"),
        (notebook([code(7)]), "it is no notebook: cell 1 is none"),
        (notebook([code(["x", 7])]), "it is no notebook: cell 1 is none"),
        (notebook([code("x", cell_type="heading")]), "it is no notebook: cell 1 is none"),
        (notebook([code("x", cell_type=["code"])]), "it is no notebook: cell 1 is none"),
        (notebook([{"cell_type": "code"}]), "it is no notebook: cell 1 is none"),
        (notebook(kernelspec={"language": "R"}), "its kernel is for R, not for Python"),
        (notebook(kernelspec={"language": "\ud800"}), r"its kernel is for \?, not for Python"),
        (
            notebook(kernelspec={"language": "x" * 1000}),
            f"its kernel is for {'x' * 40}, not for Python",
        ),
        (notebook([code("x")] * (intake.MOST + 1)), "it has more than 1000 cells, or"),
        (notebook([code("x" * (intake.LONGEST + 1))]), "a cell of more than 200000 letters"),
    ],
    ids=lambda part: repr(part)[:40],
)
def test_what_is_no_notebook_is_turned_away(content, says):
    with pytest.raises(TurnedAway, match=says) as away:
        intake.cells(content)
    assert type(away.value) is TurnedAway
    assert len(str(away.value)) < 300


def test_a_notebook_is_its_cells_and_nothing_more():
    mark = {"grade_id": "a", "grade": True, "points": 2}
    made = [
        code(["x = 1\n", "y"], metadata={"nbgrader": mark, "tags": ["t"]}, outputs=[{"text": "o"}]),
        {"cell_type": "markdown", "source": "é", "attachments": {"a.png": {}}},
        {"cell_type": "raw", "source": "", "metadata": {"nbgrader": {"grade_id": 7}}},
    ]
    assert intake.cells(notebook(made, kernelspec={"name": "python3"})) == [
        Cell("code", "x = 1\ny", "a", {"grade": True, "points": 2}),
        Cell("markdown", "é"),
        Cell("raw", ""),
    ]
    assert intake.cells(notebook()) == []


def test_the_largest_notebook_is_still_one():
    made = [code("x" * intake.LONGEST), *[code("x")] * (intake.MOST - 1)]
    assert len(intake.cells(notebook(made, kernelspec={"language": "python"}))) == intake.MOST


def test_half_characters_go_no_further():
    made = [code("\ud800x", metadata={"nbgrader": {"grade_id": "\udfff"}})]
    (taken,) = intake.cells(notebook(made))
    assert (taken.source, taken.id) == ("?x", "?")


@pytest.mark.parametrize("metadata", [None, 7, [], {"nbgrader": 7}, {"nbgrader": {"grade_id": []}}])
def test_a_cell_with_odd_metadata_is_a_cell_without_a_mark(metadata):
    assert intake.cells(notebook([code("x", metadata=metadata)])) == [Cell("code", "x")]


def test_a_digest_tells_contents_and_each_remark_apart():
    digests = {
        intake.digest(b"a"),
        intake.digest(b"b"),
        intake.digest(b"a", "b"),
        intake.digest(b"a", "b", "c"),
        intake.digest(b"a", "c", "b"),
        intake.digest(b"a", "bc"),
    }
    assert len(digests) == 6
    assert intake.digest(b"a", "é") == intake.digest(b"a", "é")


# --- What of the assignment's own cells was changed ----------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return assignment(tmp_path_factory.mktemp("source"))


def changed(small, change):
    made = copy.deepcopy(answered(small))
    cells = {one.id: one for one in made.cells}
    change(made, cells)
    return differences(small, taken_in(made))


@pytest.mark.parametrize(
    ("change", "remarks"),
    [
        (lambda made, cells: None, []),
        (lambda made, cells: cells["twice"].update(source="def twice(x): pass"), []),
        (lambda made, cells: cells["words"].update(source="So."), []),
        (lambda made, cells: made.cells.append(cell("code", "1 + 1")), []),
        (lambda made, cells: made.cells.reverse(), []),
        (lambda made, cells: cells["given"].update(source="\nstart = 7\n\n"), []),
        (lambda made, cells: made.cells.remove(cells["twice"]), ["the cell twice is missing"]),
        (
            lambda made, cells: made.cells.extend(map(copy.deepcopy, [cells["given"]] * 2)),
            ["the cell given is there 3 times"],
        ),
    ],
)
def test_what_honest_people_do_is_a_remark_at_most(small, change, remarks):
    assert changed(small, change) == (remarks, [])


def mark(id, **more):
    return lambda made, cells: cells[id].metadata.nbgrader.update(more)


@pytest.mark.parametrize(
    ("change", "suspicions"),
    [
        (mark("twice-check", points=100), ["the mark of the cell twice-check was changed"]),
        (mark("twice-check", points="NaN"), ["the mark of the cell twice-check was changed"]),
        (mark("twice", grade=True), ["the mark of the cell twice was changed"]),
        (mark("given", solution=True), ["the mark of the cell given was changed"]),
        (
            lambda made, cells: cells["twice-check"].update(source="pass"),
            ["the text of the cell twice-check was changed"],
        ),
        (
            lambda made, cells: cells["setup"].update(source="pass"),
            ["the text of the cell setup was changed"],
        ),
        (
            lambda made, cells: made.cells.append(
                cell("code", "1", "bonus" * 20, grade=True, points=9)
            ),
            [f"a cell {'bonus' * 8!r} was added that poses as graded"],
        ),
    ],
)
def test_what_takes_intent_is_a_suspicion(small, change, suspicions):
    assert changed(small, change) == ([], suspicions)


# --- A folder of files ---------------------------------------------------------------------------


def handed_in(folder, *files):
    for file in files:
        path = folder / os.fsdecode(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found, aside = find(folder, NAMES)
    return found, [str(path.relative_to(folder)) for path in aside]


@pytest.mark.parametrize(
    ("file", "student", "late"),
    [
        ("ada/doubling/doubling.ipynb", "ada", False),  # nbgrader
        ("ada/doubling.ipynb", "ada", False),
        ("doubling/ada.ipynb", "ada", False),
        ("doe_12_345_doubling.ipynb", "12", False),  # Canvas
        ("doe_LATE_12_345_doubling.ipynb", "12", True),
        ("Ada Abel_7_assignsubmission_file_/doubling.ipynb", "Ada Abel_7", False),  # Moodle
        ("Ada Abel_7_assignsubmission_file/doubling.ipynb", "Ada Abel_7", False),
        ("Ada_Abel_7_assignsubmission_file_/doubling/doubling.ipynb", "Ada_Abel_7", False),
        ("Émile =1+1 <b>/doubling.ipynb", "Émile =1+1 <b>", False),
    ],
)
def test_each_layout_of_a_learning_platform_is_known(tmp_path, file, student, late):
    (found,), aside = handed_in(tmp_path, file)
    assert (found.student, found.assignment, found.late) == (student, "doubling", late)
    assert (found.path, found.remarks, aside) == (tmp_path / file, (), [])


@pytest.mark.parametrize(
    "name",
    [
        *("doubling (1)", "doubling(1)", "doubling-1", "doubling_2", "doubling - Copy"),
        *("doubling-Copy1", "doubling-Copy"),
    ],
)
@pytest.mark.parametrize("place", ["ada/{}", "ada/doubling/{}", "doe_12_345_{}"])
def test_a_copy_by_a_browser_is_known_and_remarked(tmp_path, name, place):
    (found,), _ = handed_in(tmp_path, place.format(name) + ".ipynb")
    assert found.assignment == "doubling"
    assert found.remarks == (f"the file is named {found.path.name}",)


@pytest.mark.parametrize(
    "file",
    [
        "doubling.ipynb",
        "ada/tripling.ipynb",
        "ada/notes.txt",
        "ada/doubling",
        "ada/doubling.ipynb.bak",
        "ada/tripling/doubling.ipynb",
        "ada/a/doubling/doubling.ipynb",
        "doe_12_345_tripling.ipynb",
        "doe_x_345_doubling.ipynb",
        "ada/doubling (x).ipynb",
    ],
)
def test_what_is_nobody_s_work_is_left_aside(tmp_path, file):
    assert handed_in(tmp_path, file) == ([], [file])


def test_what_programs_leave_behind_is_not_spoken_of(tmp_path):
    files = ["ada/.ipynb_checkpoints/doubling.ipynb", "ada/.doubling.ipynb", "ada/timestamp.txt"]
    assert handed_in(tmp_path, *files) == ([], [])


def test_a_link_to_a_folder_is_not_followed(tmp_path):
    (tmp_path / "bela").symlink_to(tmp_path / "ada")
    found, _ = handed_in(tmp_path, "ada/doubling.ipynb")
    assert [one.student for one in found] == ["ada"]


def test_a_file_under_another_name_in_the_folder_of_the_assignment_is_taken(tmp_path):
    (found,), _ = handed_in(tmp_path, "ada/doubling/mine.ipynb")
    assert found.remarks == ("the file is named mine.ipynb, not doubling.ipynb",)


@pytest.mark.parametrize(
    ("files", "taken", "others"),
    [
        (["doubling.ipynb", "doubling (1).ipynb"], "doubling (1).ipynb", "doubling.ipynb"),
        (
            ["doubling (2).ipynb", "doubling (10).ipynb", "doubling.ipynb"],
            "doubling (10).ipynb",
            "doubling (2).ipynb, doubling.ipynb",
        ),
        (["doubling.ipynb", "zebra.ipynb"], "doubling.ipynb", "zebra.ipynb"),
        (["doubling.ipynb", "halving.ipynb"], "doubling.ipynb", "halving.ipynb"),
    ],
)
def test_of_several_versions_the_last_is_taken_and_the_others_told(tmp_path, files, taken, others):
    (found,), aside = handed_in(tmp_path, *(f"ada/doubling/{file}" for file in files))
    assert found.path.name == taken
    assert found.remarks[-1] == f"there was also {others}; {taken} was taken"
    assert aside == []


def test_the_last_of_canvas_is_taken_too(tmp_path):
    files = ["doe_12_1_doubling.ipynb", "doe_LATE_12_2_doubling-1.ipynb"]
    (found,), _ = handed_in(tmp_path, *files)
    assert (found.path.name, found.late) == (files[1], True)


def test_canvas_s_names_are_known_in_a_folder_too(tmp_path):
    (found,), _ = handed_in(tmp_path, "doubling/doe_LATE_12_2_doubling.ipynb")
    assert (found.student, found.assignment, found.late) == ("12", "doubling", True)


def test_they_come_in_the_order_of_assignments_and_students(tmp_path):
    files = ["bela/doubling.ipynb", "ada/halving.ipynb", "ada/doubling.ipynb"]
    found, _ = handed_in(tmp_path, *files)
    assert [(one.assignment, one.student) for one in found] == [
        ("doubling", "ada"),
        ("doubling", "bela"),
        ("halving", "ada"),
    ]


def test_a_name_that_is_no_text_becomes_one(tmp_path):
    names = [b"caf\xe9/doubling.ipynb", b"ada/doubling/caf\xe9.ipynb", b"bela/doubling/b\xe9.ipynb"]
    found, _ = handed_in(tmp_path, *names)
    for one in found:
        assert "\udce9" not in one.student + "".join(one.remarks)
        assert intake.read(one.path) == b"x"
    assert [one.student for one in found] == ["ada", "bela", "caf?"]


def test_long_names_are_cut_and_stay_apart(tmp_path):
    names = ["a" * 150 + end for end in "xy"]
    found, _ = handed_in(tmp_path, *(f"{name}/doubling.ipynb" for name in names))
    students = {one.student for one in found}
    assert len(students) == 2
    assert all(len(student) <= 100 and student.startswith("a" * 90) for student in students)


# --- When it was handed in -----------------------------------------------------------------------

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-03-02 09:30:00 UTC", AT),
        ("2026-03-02 09:30:00.000000 UTC\n", AT),
        ("2026-03-02T09:30Z", AT),
        ("2026-03-02T10:30+01:00", AT),
        ("2026-03-02T09:30", AT),
        ("2026-03-02", AT.replace(hour=0, minute=0)),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00+23:00", None),
        ("9999-12-31T23:59-23:00", None),
    ],
)
def test_a_time_is_understood_in_utc_or_not_at_all(written, when):
    assert moment(written) == when
    assert when is None or moment(written).tzinfo is datetime.UTC


def test_the_time_stands_beside_the_file(tmp_path):
    for place in ("ada", "bela/doubling"):
        handed_in(tmp_path, f"{place}/doubling.ipynb")
        (tmp_path / place / "timestamp.txt").write_text("2026-03-02 09:30:00 UTC")
    found, aside = find(tmp_path, NAMES)
    assert [one.at for one in found] == [AT, AT]
    assert aside == []


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text("soon"),
        lambda path: path.symlink_to("/etc/hostname"),
        lambda path: path.mkdir(),
        os.mkfifo,
    ],
)
def test_a_time_that_cannot_be_read_is_none(tmp_path, make):
    handed_in(tmp_path, "ada/doubling.ipynb")
    make(tmp_path / "ada" / "timestamp.txt")
    (found,), _ = find(tmp_path, NAMES)
    assert found.at is None
