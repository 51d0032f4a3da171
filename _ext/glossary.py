"""The first use of a glossary term in a chapter leads to the glossary and shows its definition.

The definition stands on the link itself, in plain text; `glossary.js` shows it to whoever points
at the link, comes to it by keyboard or taps it. Without the script the link is a link.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

GLOSSARY = "chapters/reference/glossary"

# Words that a chapter also uses in another sense ("the code below", "at this level",
# "cut off", the chain rule of entropies), or that are known to everybody: they get no link, for no
# machine can tell which of the senses is meant.
EVERYDAY = {
    "alignment", "argument", "array", "audit", "block", "blocking", "chain rule", "code", "core",
    "context", "cut", "event", "executor", "floor", "function", "gap", "level", "load", "loss",
    "margin", "mode", "objective", "overflow", "penalty", "performance", "pilot", "probability",
    "process", "reduction", "separable", "skill", "smoothing", "temperature", "terminals", "thread",
    "worker",
}  # fmt: skip

# No link within these: they are links already, are no prose, or define the term.
NO_PROSE = (
    nodes.reference,
    addnodes.pending_xref,
    nodes.literal,
    nodes.math,
    nodes.strong,
    nodes.caption,
    nodes.legend,
    nodes.table,
    nodes.citation,
)


class term_link(nodes.reference):
    """A link to the glossary that has its definition with it."""


class Term(NamedTuple):
    """An entry of the glossary."""

    words: str
    anchor: str
    definition: str
    introduced_in: str

    @property
    def pattern(self) -> str:
        """The term as it stands in a text: with a capital or not, one or many."""
        first, rest = self.words[0], re.escape(self.words[1:]).replace(r"\ ", r"\s+")
        if first.islower():
            first = f"[{first}{first.upper()}]"
        plural = r"(?:y|ies)" if rest.endswith("y") else rest[-1:] + "(?:e?s)?"
        return first + rest[:-1] + plural


def terms(env: BuildEnvironment) -> Iterator[Term]:
    """The entries of the glossary that can be recognised in a text."""
    for entry in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        name, definition = entry.children[0], entry.children[-1]
        assert isinstance(name, nodes.term)
        words = re.sub(r" \(.*\)$", "", name.astext())
        chapter = next(iter(definition.findall(addnodes.pending_xref)))["reftarget"]
        text = re.sub(r"\s*\([^()]*\)$", "", definition.astext())
        if words not in EVERYDAY:
            yield Term(words, name["ids"][0], text, chapter)


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make a link of the first use of each term in the prose of a chapter."""
    if app.builder.format != "html" or docname.startswith("chapters/reference/"):
        return
    known = [term for term in terms(app.env) if term.introduced_in != docname]
    known.sort(key=lambda term: -len(term.words))  # "binary cross-entropy" before "entropy"
    pattern = re.compile(
        r"(?<![\w-])(?<!will )(?:"
        + "|".join(f"({term.pattern})" for term in known)
        + r")(?![\w(]|-\w)"
    )
    used: set[Term] = set()
    for text in [text for text in doctree.findall(nodes.Text) if is_prose(text)]:
        pieces: list[nodes.Node] = []
        end = 0
        for match in pattern.finditer(text):
            term = known[(match.lastindex or 1) - 1]
            if term not in used:
                used.add(term)
                pieces.append(nodes.Text(text[end : match.start()]))
                pieces.append(linked(app, docname, match[0], term))
                end = match.end()
        if pieces:
            assert text.parent is not None
            text.parent.replace(text, [*pieces, nodes.Text(text[end:])])


def is_prose(text: nodes.Text) -> bool:
    """Whether a text is running prose of the chapter."""
    node: nodes.Node | None = text.parent
    in_paragraph = False
    while node is not None:
        if isinstance(node, NO_PROSE) or "cell" in getattr(node, "attributes", {}).get(
            "classes", []
        ):
            return False
        in_paragraph = in_paragraph or isinstance(node, nodes.paragraph)
        node = node.parent
    return in_paragraph


def linked(app: Sphinx, docname: str, words: str, term: Term) -> term_link:
    """The words as a link to their entry."""
    page = app.builder.get_relative_uri(docname, GLOSSARY)
    link = term_link("", words, internal=True, refuri=f"{page}#{term.anchor}")
    link["definition"] = term.definition
    return link


def visit_html(writer: Any, link: term_link) -> None:
    address, definition = escape(link["refuri"]), escape(link["definition"])
    writer.body.append(f'<a class="term" href="{address}" data-definition="{definition}">')


def depart_html(writer: Any, link: term_link) -> None:
    writer.body.append("</a>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the functions above to the steps of a build."""
    app.add_node(term_link, html=(visit_html, depart_html))
    app.connect("doctree-resolved", link_first_uses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
