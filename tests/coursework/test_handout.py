"""What students get is whole, says where the library is, and is written only if all is well."""

import sys
import zipfile

import nbformat
import pytest
from small import NAME, cell, cells, check_cell, master

from coursework import assignments
from coursework.assignments import Assignment, Refused, defined, namespace, run, write


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "wheel" / "xent_lib-1-py3-none-any.whl"
    path.parent.mkdir()
    path.write_bytes(b"PK")
    return path


def linked():
    made = cells()
    made[0].source += "\n\nSee [Entropy](../chapters/information/entropy.html) and [x](http://y)."
    return made


def written(tmp_path, wheel, site=""):
    write(Assignment(master(tmp_path / "source", linked())), wheel.parent, wheel, site)
    return nbformat.read(wheel.with_name(f"{NAME}.ipynb"), 4)


def test_the_zip_holds_the_notebook_the_library_and_what_to_do(tmp_path, wheel):
    written(tmp_path, wheel)
    with zipfile.ZipFile(wheel.with_name(f"{NAME}.zip")) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert set(content) == {f"{NAME}/{x}" for x in (f"{NAME}.ipynb", wheel.name, "README.txt")}
    assert content[f"{NAME}/{wheel.name}"] == b"PK"
    assert content[f"{NAME}/{NAME}.ipynb"] == wheel.with_name(f"{NAME}.ipynb").read_bytes()
    how_to = content[f"{NAME}/README.txt"].decode()
    assert how_to.startswith("Doubling\n")
    assert wheel.name in how_to


def test_the_same_master_gives_the_same_files(tmp_path, wheel):
    written(tmp_path, wheel)
    before = {path.name: path.read_bytes() for path in wheel.parent.iterdir()}
    write(Assignment(tmp_path / "source" / NAME / f"{NAME}.ipynb"), wheel.parent, wheel)
    assert {path.name: path.read_bytes() for path in wheel.parent.iterdir()} == before


def test_the_first_cell_fetches_the_library_where_it_is_missing(tmp_path, wheel):
    bootstrap = written(tmp_path, wheel, "https://book.example/").cells[1].source
    assert f'"https://book.example/coursework/{wheel.name}"' in bootstrap
    assert f'"{wheel.name}"' in assignments.bootstrap(wheel.name).source
    names = namespace()
    run(bootstrap, names)  # it is here already, so nothing is fetched
    assert "subprocess" not in names
    assert names["xent_lib"].__name__ == "xent_lib"


@pytest.mark.parametrize(
    ("site", "link"),
    [
        ("https://b.example/", "[Entropy](https://b.example/chapters/information/entropy.html)"),
        ("", "*Entropy*"),
    ],
)
def test_links_to_chapters_lead_to_the_site_or_nowhere(tmp_path, wheel, site, link):
    assert f"See {link} and [x](http://y)." in written(tmp_path, wheel, site).cells[0].source


def test_a_check_that_passes_with_nothing_written_is_refused(tmp_path, wheel):
    made = [*cells(), check_cell("free", 1, "pass\n", "pass")]
    with pytest.raises(Refused, match="doubling: passed with nothing written: free"):
        write(Assignment(master(tmp_path / "source", made)), wheel.parent, wheel)


def test_a_folder_without_assignments_is_refused(tmp_path):
    with pytest.raises(Refused, match="holds no assignment"):
        assignments.assignments(tmp_path)


def test_the_wheel_holds_the_library_and_nothing_of_the_coursework(tmp_path):
    with zipfile.ZipFile(assignments.build_wheel(tmp_path)) as archive:
        names = archive.namelist()
    assert "xent_lib/checks/_sealed.py" in names
    assert not [name for name in names if "coursework" in name or name.endswith(".ipynb")]


@pytest.fixture
def program(tmp_path, wheel, monkeypatch):
    """The program on the small assignment, without building a wheel."""
    monkeypatch.setattr(assignments, "build_wheel", lambda folder: wheel)
    to = tmp_path / "handout"

    def start(*more):
        argv = ["x", "--source", tmp_path / "source", "--to", to, *more]
        monkeypatch.setattr(sys, "argv", list(map(str, argv)))
        assignments.main()

    return to, start


def test_the_program_writes_all_and_tells_what_they_are_worth(tmp_path, program, capsys):
    to, start = program
    master(tmp_path / "source")
    to.mkdir()
    (to / "old.zip").write_text("x")
    start()
    assert sorted(path.name for path in to.iterdir()) == [f"{NAME}.ipynb", f"{NAME}.zip"]
    line, last = capsys.readouterr().out.splitlines()
    assert line.split() == ["doubling", "6", "points", "5", "minutes", "Doubling"]
    assert last == f"They are in {to}"


def test_a_dry_run_writes_nothing(tmp_path, program, capsys):
    to, start = program
    master(tmp_path / "source")
    start("--dry-run")
    assert not to.exists()
    assert "Nothing was written." in capsys.readouterr().out


def test_one_bad_master_and_nothing_is_written(tmp_path, program):
    to, start = program
    master(tmp_path / "source")
    made = cells()
    made[3].source = "assert False, 'no'"
    master(tmp_path / "source", made, "other")
    with pytest.raises(SystemExit, match=r"Nothing was written\. other: cell twice-check: Assert"):
        start()
    assert not to.exists()


def test_what_a_cell_defines_is_its_top_level():
    source = (
        "x, (y, *z) = 1, (2, 3)\na: int = 1\n\ndef f(b):\n    c = 1\n\nclass G:\n    d = 1\n\nh()"
    )
    assert set(defined(source)) == {"x", "y", "z", "a", "f", "G"}


def test_a_teacher_s_cell_may_await_and_display():
    names = namespace()
    run("import asyncio\nawait asyncio.sleep(0)\ndisplay(1)\nx = 3", names)
    assert names["x"] == 3


def test_a_cell_without_an_id_is_nobody_s():
    assert assignments.grade_id(cell("code", "x")) == ""
    assert not assignments.is_test(cell("code", "x"))
