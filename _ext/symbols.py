"""Searching for symbols: H(p, q), σ, D_KL, "p log p".

Sphinx's search knows words, and what stands in the index. So the symbols of the page *Notation*,
the words they are read as and their other spellings go into the index, each with a link to its
row. `search.js` brings what a reader types to the same form.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

NOTATION = "chapters/reference/notation"


def symbols(cell: str) -> Iterator[str]:
    """The symbols of a cell, and of σ(z) the σ too: commas within brackets divide nothing."""
    for symbol in re.split(r", (?![^(]*\))", cell):
        yield symbol.replace(";", ",")  # which an index entry cannot hold
        yield re.sub(r"[(\[].*", "", symbol)


def spoken(cell: str) -> list[str]:
    """What stands in quotation marks in a cell."""
    return re.findall(r"[“\"](.+?)[”\"]", cell)


class IndexSymbols(SphinxTransform):
    """Give each row of the tables of symbols a name and its entries of the index."""

    default_priority = 800  # before Sphinx gathers the index, after smart quotation marks

    def apply(self, **kwargs: object) -> None:
        if self.env.docname != NOTATION:
            return
        for table in self.document.findall(nodes.table):
            head, *rows = table.findall(nodes.row)
            first = head[0].astext()
            if first in ("symbol", "elsewhere"):
                for row in rows:
                    self.index(row, *(cell.astext() for cell in row[:2]))

    def index(self, row: nodes.row, written: str, read: str) -> None:
        names = [name for name in dict.fromkeys([*spoken(read), *symbols(written)]) if name]
        words = next(filter(None, map(nodes.make_id, names)))  # of ∇ it makes nothing
        anchor = f"symbol-{words}"
        while anchor in self.document.ids:  # q(x) has two rows
            anchor += "-again"
        row["ids"].append(anchor)
        self.document.note_explicit_target(row)
        entries = [("single", name, anchor, "main", None) for name in names]
        row.children[0].insert(0, addnodes.index(entries=entries))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the functions above to the steps of a build."""
    app.add_transform(IndexSymbols)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
