"""Every chapter runs to its end in the reader's browser, and prints what the book prints.

``python -m pytest tests/lite --all-chapters`` runs all and prints a table of them; without the
option a telling few are run.
"""

import json
import re
import time
from pathlib import Path

import lite
import pytest
from lite_copies import what_runs

SOURCE = lite.ROOT / "coursework" / "source"
FEW = [
    "chapters/information/surprise.ipynb",
    "chapters/method/alignment.ipynb",  # networkx, from the book's own site
    "chapters/method/scaling-out.ipynb",  # processes, which a browser has not
    "coursework/cross-entropy.ipynb",
]
# The fixture's Pyodide is not whole: cells that need these packages are left out there.
LACKING = {"lzma"}
# What a reader's browser has not, a page that needs it does alone, says so, and prints less.
ALONE = re.compile(r"^A browser has no \w+: done alone\.$", re.M)
# A live notebook gets the style and the script of a figure with the figure.
ASSETS = re.compile(r"<style>.*?</style>(<script>.*?</script>)?$", re.S)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--all-chapters")
    metafunc.parametrize("file", lite.offered() if every else FEW)


def shown(cell: dict) -> list[tuple[str, str]]:
    """What a cell shows: its text to the letter, of a picture only that there is one."""
    parts: list[tuple[str, str]] = []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            data = {output["name"]: output["text"]}
        elif output["output_type"] == "error":
            data = {"error": f"{output['ename']}: {output['evalue']}"}
        else:
            data = output["data"]
        for kind, content in sorted(data.items()):
            text = "a picture" if kind.startswith("image/") else "".join(content)
            if parts and output["output_type"] == "stream" and parts[-1][0] == kind:
                text = parts.pop()[1] + text  # a print comes in one piece or in two
            parts.append((kind, ASSETS.sub("", text) if kind == "text/html" else text))
    return parts


def lacking(cells: list[dict]) -> list[int]:
    """The cells that cannot run with the fixture's Pyodide."""
    lost = set(LACKING)
    return [
        number
        for number, cell in enumerate(cells)
        if cell["cell_type"] == "code" and not what_runs("".join(cell["source"]), lost)[1]
    ]


def solutions(cells: list[dict], file: str) -> dict[int, str]:
    """What a student who knows everything writes."""
    master = json.loads((SOURCE / Path(file).stem / Path(file).name).read_text("utf-8"))["cells"]
    written = {grade_id(cell): "".join(cell["source"]) for cell in master}
    return {
        number: written[grade_id(cell)]
        for number, cell in enumerate(cells)
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    }


def grade_id(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def compare(cell: dict, expected: dict) -> None:
    """A cell shows what it shows in the book; done alone, no line that is not there."""
    here, there = shown(cell), shown(expected)
    text = dict(here).get("stdout", "")
    if ALONE.search(text):
        known = dict(there).get("stdout", "").splitlines()
        for line in filter(None, ALONE.sub("", text).splitlines()):
            # an error names the block it comes from, and no worker
            assert any(other.startswith(line.removesuffix(")")) for other in known), line
    else:
        assert here == there, "".join(cell["source"])


def test_notebook_runs_and_prints_what_the_book_prints(open_in, online, note, file):
    book = json.loads((lite.WORK / "files" / file).read_text("utf-8"))["cells"]
    student = file.startswith("coursework/")
    left_out = [] if student else lacking(book)
    row = {"chapter": file, "ran": False, "ready": 0.0, "run": 0.0, "left out": len(left_out)}

    begin = time.monotonic()
    notebook = open_in(online, file)
    notebook.wait_for_python()
    row["ready"] = time.monotonic() - begin
    notebook.write(solutions(book, file) if student else dict.fromkeys(left_out, ""))
    begin = time.monotonic()
    row["ran"] = notebook.run_all()
    row["run"] = time.monotonic() - begin
    note(row)

    if not student:  # a student's file holds no outputs: its tests fail where an answer is wrong
        for number, (cell, expected) in enumerate(zip(notebook.cells(), book, strict=True)):
            if cell["cell_type"] == "code" and number not in left_out:
                compare(cell, expected)
    assert row["ran"], [shown(cell) for cell in notebook.cells() if "error" in str(cell)]
