"""The directive `formulas`: a list of formulas, where each was derived and what computes it.

Its content is a YAML list. An entry has a `name`, a reading in words (`said`) and, where there is
one, the function that computes it (`code`, without `xent_lib.`). Its formula is that of a labelled
equation of a chapter (`equation`), taken over as it stands there, or, where the chapter has it in
words or in code, is written out (`tex`) with the section that has it (`at`).
"""

import re

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class formula_list(nodes.Element):
    """Stands for the list until all chapters have been read."""


def reference(
    page: str, domain: str, kind: str, target: str, *shown: nodes.Node
) -> addnodes.pending_xref:
    """A reference on a page that Sphinx resolves, or complains about."""
    where = {"refdomain": domain, "reftype": kind, "reftarget": target}
    return addnodes.pending_xref("", *shown, **where, refdoc=page, refwarn=True)


def chapter_link(page: str, chapter: str) -> addnodes.pending_xref:
    """A link from a page to a chapter, under its title."""
    link = reference(page, "std", "doc", f"/{chapter}", nodes.inline())
    link["refexplicit"] = False  # Sphinx puts in the title
    return link


def anchor_of(name: str) -> str:
    """Where a formula stands on the page of the list."""
    return nodes.make_id(f"formula-{name}")


class Formulas(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        return [formula_list(entries=yaml.safe_load("\n".join(self.content)))]


class Fill(SphinxPostTransform):
    """Make the lists, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        for mark in list(self.document.findall(formula_list)):
            items = [self.item(**entry) for entry in mark["entries"]]
            formulas = nodes.definition_list("", *items, classes=["formulas"])
            mark.replace_self(addnodes.glossary("", formulas))  # which gives each term its link

    def item(
        self, name: str, said: str, code: str = "", equation: str = "", tex: str = "", at: str = ""
    ) -> nodes.Node:
        """One formula with all that belongs to it."""
        where = self.equation_link(equation) if equation else [self.section_link(at)]
        links = [self.code_link(code), nodes.Text(" · ")] if code else []
        math = self.tex(equation) if equation else tex
        return nodes.definition_list_item(
            "",
            nodes.term("", name, ids=[anchor_of(name)]),
            nodes.definition(
                "",
                nodes.math_block(math, math, nowrap=False, number=None),
                nodes.paragraph("", f"“{said}”", classes=["said"]),
                nodes.paragraph("", "", *links, *where),
            ),
        )

    def home(self, equation: str) -> str:
        """The page of a labelled equation."""
        return self.env.get_domain("math").equations[equation][0]  # type: ignore[attr-defined,no-any-return]

    def tex(self, equation: str) -> str:
        """A labelled equation as its chapter has it, without a full stop or comma at its end."""
        for math in self.env.get_doctree(self.home(equation)).findall(nodes.math_block):
            if math.get("label") == equation:
                return re.sub(r"\s*(?<!\\)[.,]\s*$", "", math.astext())
        raise LookupError(equation)

    def code_link(self, name: str) -> nodes.Node:
        """A function or class of the library."""
        short = name.split(".", 1)[1]
        target = f"xent_lib.{name}"
        return reference(self.env.docname, "py", "obj", target, nodes.literal("", short))

    def equation_link(self, equation: str) -> list[nodes.Node]:
        """The chapter of an equation, and the equation."""
        page = self.env.docname
        chapter = chapter_link(page, self.home(equation))
        number = reference(page, "math", "eq", equation, nodes.literal("", equation))
        return [chapter, nodes.Text(", equation "), number]

    def section_link(self, at: str) -> nodes.Node:
        """A section, under the title that it has in its chapter."""
        page, anchor = at.split("#")
        for section in self.env.get_doctree(page).findall(nodes.section):
            if anchor in section["ids"]:
                title = f"{self.env.titles[page].astext()}, {section[0].astext()}"
                address = f"{self.app.builder.get_relative_uri(self.env.docname, page)}#{anchor}"
                return nodes.reference("", title, internal=True, refuri=address)
        raise LookupError(at)


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_node(formula_list)
    app.add_directive("formulas", Formulas)
    app.add_post_transform(Fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
