"""The copies of the notebooks that JupyterLite opens.

A cell that needs what a browser cannot have becomes text there: its code, with what it printed in
the book. So does every cell that builds on it. All others run and print what the book prints.
"""

import ast
import copy
import re
import symtable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from pybtex.database import BibliographyData, parse_file

REFERENCES = Path(__file__).parent.parent / "references.bib"
CITATION = re.compile(r"\{cite\}`([^`]+)`")

NOT_THERE = {"torch", "tensorflow", "keras", "jax", "optax", "gymnasium"}
NOT_RUN = "*Not run here:*"
REST = "-rest"
NOTE = """\
**In your browser.** PyTorch, TensorFlow, Keras, JAX and Gymnasium are not to be had here. The \
cells that need them are shown with what they printed in the book, and marked *Not run here*. All \
other cells run."""


def for_browser(notebook: NotebookNode, root: str = "") -> NotebookNode:
    """A copy that runs to its end in a browser; `root` is the way from it to the book's root."""
    result = copy.deepcopy(notebook)
    result.metadata["kernelspec"] = {"display_name": "Python", "name": "python"}
    lost = set(NOT_THERE)  # names that are not there, or not as in the book
    cells: list[NotebookNode] = []
    for cell in result.cells:
        there, whole = what_runs(cell.source, lost) if cell.cell_type == "code" else ([], True)
        if whole:
            cells.append(cell)
        else:
            hidden = "remove-cell" in cell.metadata.get("tags", [])
            cells += [rest_of(cell, there)] if hidden else [as_text(cell), rest_of(cell, there)]
    keep_what_is_wanted(cells)
    if any(cell.source.startswith(NOT_RUN) for cell in cells):
        cells.insert(1, text_cell(NOTE, "in-your-browser"))
    for cell in cells:
        if cell.cell_type == "code":  # else its pictures do not show before it runs
            cell.metadata["trusted"] = True
        else:
            cell.source = CITATION.sub(lambda found: cited(found[1], root), cell.source)
    result.cells = cells
    return result


def cited(keys: str, root: str) -> str:
    """A citation as the book shows it, with a link to the bibliography."""
    texts = []
    for key in keys.split(","):
        entry = references().entries[key.strip()]
        names = [
            " ".join(person.prelast_names + person.last_names).strip("{}")
            for person in entry.persons["author"]
        ]
        who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        texts.append(f"{who}, {entry.fields['year']}")
    return f"[\\[{'; '.join(texts)}\\]]({root}chapters/reference/bibliography.md)"


@cache
def references() -> BibliographyData:
    return parse_file(REFERENCES)


def rest_of(cell: NotebookNode, there: list[str]) -> NotebookNode:
    """What a browser can define of a cell that is shown as text."""
    rest: NotebookNode = nbformat.v4.new_code_cell("\n".join(there), id=f"{cell.id}{REST}")
    rest.metadata["jupyter"] = {"source_hidden": True}
    return rest


def keep_what_is_wanted(cells: list[NotebookNode]) -> None:
    """Take from each rest what no later cell reads, and the cell too if nothing is left."""
    wanted: set[str] = set()
    for number in reversed(range(len(cells))):
        cell = cells[number]
        if cell.cell_type != "code":
            continue
        kept: list[str] = []
        for statement in reversed(ast.parse(cell.source).body):
            names = Names.of(ast.unparse(statement))
            if not cell.id.endswith(REST) or names.written & wanted:
                kept.insert(0, ast.unparse(statement))
                wanted |= names.read
        if cell.id.endswith(REST):
            cell.source = "\n".join(kept)
            if not kept:
                del cells[number]


def what_runs(source: str, lost: set[str]) -> tuple[list[str], bool]:
    """The definitions of a cell that a browser can make, and whether it can run the whole cell.

    `lost` is brought up to date.
    """
    there, whole = [], True
    for statement in ast.parse(source).body:
        code = ast.unparse(statement)
        names = Names.of(code)
        if (names.read | names.imported) & lost:
            whole = False
            lost |= names.written
        else:
            lost -= names.written
            there += [code] if names.written else []
    return there, whole


@dataclass
class Names:
    """The global names that some code reads, defines or changes, and the packages it imports."""

    read: set[str]
    written: set[str]
    imported: set[str]

    @classmethod
    def of(cls, code: str) -> "Names":
        nodes = list(ast.walk(ast.parse(code)))
        imported = {
            name.name for node in nodes if isinstance(node, ast.Import) for name in node.names
        } | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
        changed = {
            name.id
            for node in nodes
            if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store)
            for name in ast.walk(node.value)
            if isinstance(name, ast.Name)
        }
        table = symtable.symtable(code, "cell", "exec")
        top = table.get_symbols()
        defined = {name.get_name() for name in top if name.is_assigned() or name.is_imported()}
        return cls(reads(table), defined | changed, {name.split(".")[0] for name in imported})


def reads(table: symtable.SymbolTable) -> set[str]:
    """The global names that some code reads, also in the functions it defines."""
    top = table.get_type() == "module"
    own = {
        name.get_name()
        for name in table.get_symbols()
        if name.is_referenced() and (top or name.is_global())
    }
    return own.union(*map(reads, table.get_children()))


def text_cell(source: str, id: str) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=id)
    return cell


def picture(cell: NotebookNode) -> str:
    """The name of the file with the picture of a cell: as text, a cell cannot hold it itself."""
    return f"{cell.id}.svg"


def as_text(cell: NotebookNode) -> NotebookNode:
    """A cell as text: its code and what it printed in the book."""
    parts = [NOT_RUN]
    if "remove-input" not in cell.metadata.get("tags", []):
        parts.append(f"```python\n{cell.source}\n```")
    text = text_cell("", cell.id)
    for output in cell.outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "image/svg+xml" in data:
            parts.append(f"![{cell.metadata.mystnb.image.alt}]({picture(cell)})")
        else:
            parts.append(f"```\n{data['text/plain'].rstrip()}\n```")
    text.source = "\n\n".join(parts)
    return text
