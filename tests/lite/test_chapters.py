"""Every chapter runs to its end in the reader's browser, and prints what the book prints.

``python -m pytest tests/lite --all-chapters`` runs all and writes a table of them; without the
option a telling few are run.
"""

import json
import re
import time
from pathlib import Path

import lite
import pytest

TABLE = lite.ROOT / "_build" / "lite-chapters.json"
FEW = [
    "chapters/information/surprise.ipynb",
    "chapters/method/alignment.ipynb",  # networkx, from the book's own site
    "chapters/method/scaling-out.ipynb",  # processes, which a browser has not
    "coursework/cross-entropy.ipynb",
]
# A live notebook gets the style and the script of a figure with the figure.
ASSETS = re.compile(r"<style>.*?</style>(<script>.*?</script>)?$", re.S)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("--all-chapters")
    metafunc.parametrize("file", lite.offered() if every else FEW)


@pytest.fixture(scope="session")
def table():
    """One row a chapter, written and printed in the end."""
    rows: list[dict] = []
    yield rows
    TABLE.write_text(json.dumps(rows, indent=1), "utf-8")
    print("\n\n| chapter | ran to its end | seconds to ready | seconds to run |\n|---|---|--:|--:|")
    for row in rows:
        ran = "yes" if row["ran"] else "no"
        print(f"| {row['chapter']} | {ran} | {row['ready']:.0f} | {row['run']:.0f} |")


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


def code_cells(cells: list[dict]) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_chapter_runs_and_prints_what_the_book_prints(open_in, online, table, file):
    book = json.loads(Path(lite.WORK / "files" / file).read_text("utf-8"))["cells"]
    begin = time.monotonic()
    notebook = open_in(online, file)
    notebook.wait_for_python()
    ready = time.monotonic()
    ran = notebook.run_all()
    row = {"chapter": file, "ran": ran, "ready": ready - begin, "run": time.monotonic() - ready}
    table.append(row)
    cells = notebook.cells()
    for cell, expected in zip(code_cells(cells), code_cells(book), strict=True):
        source = "".join(cell["source"])
        if lite.PRINTS.get(file, "all") == "nothing":
            continue
        assert shown(cell) == shown(expected), source
    assert ran
