"""The index of functions leaves no public name of the library out, and each has a test."""

import importlib.util
import inspect
import pkgutil
import posixpath
import re
from collections import defaultdict
from functools import cache

import pytest
from bs4 import Tag
from test_pages import CHAPTERS, HTML, ROOT, article, squeeze

import xent_lib

FUNCTIONS = "chapters/reference/functions.html"
FORMULAS = "chapters/reference/formulas.html"
IMPORT = re.compile(r"from xent_lib(\.\w+)? import (?:\(([^)]*)\)|(.*))")

pytestmark = pytest.mark.usefixtures("site")


@cache
def rows() -> dict[str, list[Tag]]:
    """The cells of each row after the first, by the place in the reference that its name leads to.

    A place is, say, ``losses.hinge``.
    """
    found = {}
    for row in article(FUNCTIONS).select("table.functions tbody tr"):
        name, *others = row.select("td")
        link = name.select_one("a[href^='api.html#xent_lib.']")
        assert link, f"{squeeze(name.get_text())} does not lead to the reference"
        place = link["href"].removeprefix("api.html#xent_lib.")
        assert place not in found, f"{place} has two rows"
        assert squeeze(name.get_text()) == place.split(".")[1]
        found[place] = others
    return found


@cache
def public() -> dict[object, list[str]]:
    """Every public thing of the library, with the places where it can be had.

    A constant, which may look like another, goes by its place.
    """
    places = defaultdict(list)
    for module in pkgutil.iter_modules(xent_lib.__path__):
        if not module.name.startswith("_"):
            for name in importlib.import_module(f"xent_lib.{module.name}").__all__:
                places[thing(module.name, name)].append(f"{module.name}.{name}")
    return places


def thing(module: str, name: str) -> object:
    value = getattr(importlib.import_module(f"xent_lib.{module}".rstrip(".")), name)
    known = inspect.isclass(value) or inspect.isfunction(value)
    return value if known else f"{module}.{name}"


def row_of(thing: object) -> list[Tag]:
    """The row of a public thing."""
    return next(rows()[place] for place in public()[thing] if place in rows())


def links(cell: Tag) -> set[str]:
    return {link["href"] for link in cell.select("a[href]")}


def test_every_public_name_has_one_row():
    listed = [(places, rows().keys() & places) for places in public().values()]
    missing = [places for places, found in listed if not found]
    assert not missing, "a module that is not in chapters/reference/functions.md?"
    assert not [found for _, found in listed if len(found) > 1], "they are the same"
    assert len(rows()) == len(listed) > 200, "a row of what is not public"


def test_what_can_be_imported_from_the_library_itself_has_a_row():
    assert all(row_of(thing("", name)) for name in xent_lib.__all__)


def test_every_row_tells_what_the_name_is_for():
    assert not [place for place, (what, _, _) in rows().items() if len(what.get_text()) < 4]


def test_every_formula_with_a_function_is_in_its_row():
    formulas = article(FORMULAS).select("dl.formulas > dt")
    assert len(formulas) > 60
    for formula in formulas:
        computed = formula.find_next("dd").select_one("a[href^='api.html#xent_lib.']")
        if computed:
            place = computed["href"].removeprefix("api.html#xent_lib.")
            what, _, _ = row_of(thing(*place.split(".")))
            assert f"formulas.html#{formula['id']}" in links(what)


def test_every_name_has_a_test_file_that_names_it():
    for place, (_, _, tests) in rows().items():
        files = [squeeze(file.get_text()) for file in tests.select("code")]
        assert files, f"{place} is held by no test"
        for file in files:
            text = (ROOT / "tests" / file).read_text("utf-8")
            assert re.search(rf"\b{place.split('.')[1]}\b", text), f"{file} has no {place}"


def shown(file: str) -> set[object]:
    """The public things that the code on a chapter's page takes from the library."""
    code = "\n".join(cell.get_text() for cell in article(f"{file}.html").select(".cell_input pre"))
    found = set()
    for module, several, one in IMPORT.findall(code):
        for name in re.findall(r"(?:^|, |\n\s+)(\w+)", several or one):
            if not module and importlib.util.find_spec(f"xent_lib.{name}"):
                found |= {thing(name, used) for used in re.findall(rf"\b{name}\.(\w+)", code)}
            else:
                found.add(thing(module[1:], name))
    return found & public().keys()


@pytest.mark.parametrize("file", CHAPTERS)
def test_every_name_that_a_chapter_shows_leads_to_it(file):
    page = posixpath.relpath(f"{file}.html", "chapters/reference")
    assert shown(file)
    for used in shown(file):
        _, chapters, _ = row_of(used)
        assert page in links(chapters) or chapters.get_text() == "most chapters", used


def test_a_chapter_in_a_row_shows_the_name_or_derives_it():
    for place, (_, chapters, _) in rows().items():
        name = place.split(".")[1]
        for link in chapters.select("a[href]"):
            file = (HTML / FUNCTIONS).parent.joinpath(link["href"]).resolve()
            notes = inspect.getdoc(thing(*place.split("."))) or ""
            derived = f"in the chapter *{squeeze(link.get_text())}*" in squeeze(notes)
            notebook = (ROOT / file.relative_to(HTML)).with_suffix(".ipynb").read_text("utf-8")
            assert derived or re.search(rf"\b{name}\b", notebook), f"{place}: {file.stem}"
