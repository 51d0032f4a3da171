"""The directive `functions`: the public names of a module, what for, and where they are used.

Its argument is a module of `xent_lib`. A row of its table has a name, the formula that it computes
or else what its docstring says first, the chapters that derive and use it, and the test files that
hold it. Uses are read off the code of chapters and tests, so nobody has to keep the table up.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import address
from docutils import nodes
from formulas import anchor_of, chapter_link, formula_list, reference
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

import xent_lib

ROOT = Path(__file__).parent.parent
NOTEBOOKS = [ROOT / "index.ipynb", *sorted((ROOT / "chapters").glob("*/*.ipynb"))]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
FORMULAS = "chapters/reference/formulas"
COLUMNS = {"name": 23, "formula, or what it does": 24, "chapters": 25, "tests": 28}  # and widths
TOP_LEVEL_AWAIT = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as in a cell


class function_table(nodes.Element):
    """Stands for the table until all chapters have been read."""


class Functions(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        for file in (*NOTEBOOKS, *TESTS):
            self.env.note_dependency(str(file))
        return [function_table(module=self.arguments[0])]


class Public(NamedTuple):
    """A public name of the library, in the module where it is at home."""

    module: str
    name: str

    @property
    def path(self) -> str:
        return f"xent_lib.{self.module}.{self.name}"

    @property
    def says(self) -> str:
        """Its docstring, or of a constant the comment over it."""
        value = getattr(load(self.module), self.name)
        if inspect.isroutine(value) or inspect.isclass(value):
            return inspect.getdoc(value) or ""
        comments = ModuleAnalyzer.for_module(load(self.module).__name__).find_attr_docs()
        return "\n".join(comments["", self.name])

    @property
    def derived_in(self) -> str:
        """The title of the chapter that its docstring names, or nothing."""
        found = re.search(r"Derived in the chapter \*(.+?)\*", " ".join(self.says.split()))
        return found[1] if found else ""


class Uses(NamedTuple):
    """Where a name is used: chapters as Sphinx calls them, and test files."""

    chapters: set[str]
    tests: set[Path]


def load(module: str) -> ModuleType:
    return importlib.import_module(f"xent_lib.{module}") if module else xent_lib


@cache
def ways() -> dict[str, Public]:
    """All the ways to import a public name, each with the name where it is at home."""
    found = {}
    modules = [one.name for one in pkgutil.iter_modules(xent_lib.__path__) if one.name[0] != "_"]
    for module in ("", *modules):
        for name in load(module).__all__:
            # a class or function knows where it was written; a constant is at home where it is told
            origin = getattr(getattr(load(module), name), "__module__", f"xent_lib.{module}")
            public = Public(origin.split(".")[1], name)
            found[f"{load(module).__name__}.{name}"] = found[f"{origin}.{name}"] = public
    return found


@cache
def uses() -> dict[Public, Uses]:
    """Where the public names are used; each file is read once."""
    found: dict[Public, Uses] = defaultdict(lambda: Uses(set(), set()))
    for notebook in NOTEBOOKS:
        for public in used(shown_code(notebook)):
            chapter = notebook.relative_to(ROOT).with_suffix("").as_posix()
            found[public].chapters.add(chapter)
    for test in TESTS:
        for public in used(test.read_text("utf-8")):
            found[public].tests.add(test)
    return found


def code_cells(notebook: Path) -> list[tuple[str, set[str]]]:
    """The code and the tags of each code cell."""
    return [
        ("".join(cell["source"]), set(cell["metadata"].get("tags", [])))
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def shown_code(notebook: Path) -> str:
    """The code of a notebook without the cells that the book does not show."""
    return "\n".join(code for code, tags in code_cells(notebook) if "remove-cell" not in tags)


def used(code: str) -> Iterator[Public]:
    """The public names that code imports, or takes from a module that it imports."""
    called: dict[str, str] = {}  # what the code calls a thing, and its full name
    attributes = []
    for node in ast.walk(compile(code, "code", "exec", TOP_LEVEL_AWAIT)):
        if isinstance(node, ast.ImportFrom):
            called |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            called |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.append((node.value.id, node.attr))
    taken = {f"{called[thing]}.{name}" for thing, name in attributes if thing in called}
    for name in taken | set(called.values()):
        if name in ways():
            yield ways()[name]


class Fill(SphinxPostTransform):
    """Make the tables, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        for mark in list(self.document.findall(function_table)):
            at_home = {public for public in ways().values() if public.module == mark["module"]}
            by_name = sorted(at_home, key=lambda public: public.name.lower())
            mark.replace_self(table(map(self.row, by_name)))

    def row(self, public: Public) -> nodes.row:
        """What stands in the four columns."""
        name = nodes.literal("", public.name)
        return line(
            [paragraph(reference(self.env.docname, "py", "obj", public.path, name))],
            [paragraph(*(self.formulas(public) or first_line(public.says)))],
            [paragraph(*self.chapters(public))],
            map(paragraph, self.tests(public)),
        )

    def formulas(self, public: Public) -> list[nodes.Node]:
        """The formulas that it computes, as links to their list."""
        page = self.app.builder.get_relative_uri(self.env.docname, FORMULAS)
        return listed(
            nodes.reference("", name, internal=True, refuri=f"{page}#{anchor_of(name)}")
            for mark in self.env.get_doctree(FORMULAS).findall(formula_list)
            for name in (entry["name"] for entry in mark["entries"] if code_of(entry) == public)
        )

    def chapters(self, public: Public) -> list[nodes.Node]:
        """The chapter that derives it, then those that use it, in the order of the book."""
        order = list(self.env.external_site_map)  # type: ignore[attr-defined]
        where = [page for page in order if page in uses()[public].chapters]
        if public.derived_in:
            titles = {self.env.titles[page].astext(): page for page in order}
            home = titles[public.derived_in]
            where = [home, *(page for page in where if page != home)]
        if len(where) > len(NOTEBOOKS) / 2:
            return [nodes.Text("most chapters")]
        return listed(chapter_link(self.env.docname, page) for page in where) or [nodes.Text("—")]

    def tests(self, public: Public) -> list[nodes.Node]:
        """The test files that hold a name, first the one that has its module's name."""
        own = f"test_{public.module}"
        files = sorted(uses()[public].tests, key=lambda file: (file.stem != own, file))
        return [test_link(file, self.repository) for file in files]

    @cached_property
    def repository(self) -> str | None:
        return address.repository()


def code_of(entry: dict[str, str]) -> Public | None:
    """What computes a formula of the list."""
    return ways()[f"xent_lib.{entry['code']}"] if "code" in entry else None


def test_link(file: Path, repository: str | None) -> nodes.Node:
    """A test file, and a link to it where the repository is a public one."""
    path = file.relative_to(ROOT).as_posix()
    name = nodes.literal("", path.removeprefix("tests/"))
    return (
        nodes.reference("", "", name, refuri=f"{repository}/blob/HEAD/{path}")
        if repository
        else name
    )


def first_line(text: str) -> Iterator[nodes.Node]:
    """The first line of a docstring; what stands in backticks there is code."""
    for number, part in enumerate(re.split("(?::func:)?`+", text.split("\n\n")[0])):
        yield nodes.literal("", part) if number % 2 else nodes.Text(part)


def listed(items: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Things one after another, with commas between them."""
    return [part for item in items for part in (nodes.Text(", "), item)][1:]


def table(rows: Iterable[nodes.row]) -> nodes.table:
    """A table with the heads of `COLUMNS`."""
    columns = [nodes.colspec("", colwidth=width) for width in COLUMNS.values()]
    head = line(*([paragraph(nodes.Text(head))] for head in COLUMNS))
    parts = [*columns, nodes.thead("", head), nodes.tbody("", *rows)]
    group = nodes.tgroup("", *parts, cols=len(COLUMNS))
    return nodes.table("", group, classes=["functions", "colwidths-given"])


def line(*cells: Iterable[nodes.paragraph]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells))


def paragraph(*parts: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_node(function_table)
    app.add_directive("functions", Functions)
    app.add_post_transform(Fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
