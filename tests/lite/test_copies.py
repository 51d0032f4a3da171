"""The copies for the browser: what cannot run there is shown, the rest is the book's."""

import re

import lite
import nbformat
import pytest
from lite_copies import for_browser
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def notebook(*sources: str) -> nbformat.NotebookNode:
    printed = new_output("stream", name="stdout", text="5\n")
    cells = [new_code_cell(source, outputs=[printed]) for source in sources]
    return new_notebook(cells=[new_markdown_cell("# Title"), *cells])


def kinds(copy: nbformat.NotebookNode) -> list[str]:
    return [cell.cell_type for cell in copy.cells]


def test_what_needs_a_framework_and_what_builds_on_it_is_shown():
    copy = for_browser(
        notebook("import torch\nz = torch.tensor(5)", "print(z)", "def f():\n    return z", "f()")
    )
    assert kinds(copy) == ["markdown"] * 6
    assert "In your browser" in copy.cells[1].source
    assert copy.cells[3].source == "*Not run here:*\n\n```python\nprint(z)\n```\n\n```\n5\n```"


def test_what_is_changed_by_it_is_lost():
    copy = for_browser(notebook("found = {}", "import jax\nfound[1] = jax.one()", "print(found)"))
    assert kinds(copy) == ["markdown", "markdown", "code", "markdown", "markdown"]


def test_a_name_that_is_made_anew_is_there_again():
    copy = for_browser(notebook("import torch\nz = torch.one()", "z = 5", "print(z)"))
    assert kinds(copy) == ["markdown", "markdown", "markdown", "code", "code"]


def test_a_name_within_a_function_is_another():
    copy = for_browser(notebook("import torch\nz = torch.one()", "def f(z):\n    return z"))
    assert kinds(copy)[-1] == "code"


def test_what_later_cells_want_of_a_shown_one_is_defined():
    first = "import math\nimport torch\nunused = 1\nz = torch.one()"
    copy = for_browser(notebook(first, "print(math.pi)"))
    assert kinds(copy) == ["markdown", "markdown", "markdown", "code", "code"]
    assert copy.cells[3].source == "import math"


def test_a_hidden_check_that_cannot_run_is_left_out():
    book = notebook("import torch\nassert torch", "print(5)")
    book.cells[1].metadata["tags"] = ["remove-cell"]
    assert [cell.source for cell in for_browser(book).cells] == ["# Title", "print(5)"]


@pytest.mark.parametrize("file", lite.offered())
def test_all_cells_but_those_of_the_frameworks_are_the_books(file):
    book = nbformat.read(lite.source(file), as_version=4)
    copy = for_browser(book)
    if file == "chapters/loss/frameworks.ipynb":
        run = {cell.id for cell in copy.cells if cell.cell_type == "code"}
        assert len([cell for cell in book.cells if cell.id in run]) > 30
        exercises = [cell.id for cell in book.cells if "checks." in cell.source]
        assert set(exercises) <= run
    elif file == "chapters/applications/reinforcement.ipynb":
        run = {cell.id for cell in copy.cells if cell.cell_type == "code"}
        shown = [cell for cell in book.cells if cell.cell_type == "code" and cell.id not in run]
        assert 0 < len(shown) < 5
        assert all("gym" in cell.source for cell in shown)
    else:
        assert [plain(cell) for cell in copy.cells] == [plain(cell) for cell in book.cells]


def plain(cell: nbformat.NotebookNode) -> str:
    """The text of a cell without citations and links."""
    return re.sub(r"\{cite\}`[^`]+`|\[(\\.|[^]\\])*\]\([^)]*\)", "", cell.source)


def test_citations_are_those_of_the_book():
    book = new_notebook(cells=[new_markdown_cell("Shannon {cite}`shannon1948`")])
    link = r"[\[Shannon, 1948\]](../../chapters/reference/bibliography.md)"
    assert for_browser(book, root="../../").cells[0].source == f"Shannon {link}"


def test_every_address_leads_to_a_file_of_the_site():
    for file in lite.offered():
        page, path = lite.address(file).split("?path=")
        assert (lite.HANDOUT / page).is_file()
        assert (lite.SITE / "files" / path).is_file()


def test_a_picture_of_a_cell_that_is_not_run_is_there():
    folder = lite.WORK / "files" / "chapters" / "loss"
    text = (folder / "frameworks.ipynb").read_text("utf-8")
    named = set(re.findall(r"\]\(([\w-]+\.svg)\)", text))
    assert named
    assert named == {path.name for path in folder.glob("*.svg")}
