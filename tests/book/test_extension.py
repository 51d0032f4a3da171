"""What the book adds to Sphinx, where a built page does not show it."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from notebooks import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import address
import book
import cite
import functions
import share
import symbols


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/reader/xent.git",
        "https://github.com/reader/xent",
        "git@github.com:reader/xent.git",
        "ssh://git@github.com/reader/xent.git",
    ],
)
def test_public_address_is_read_off_a_github_remote(remote):
    assert address.public_address(remote) == "https://github.com/reader/xent"


@pytest.mark.parametrize("remote", ["", "/srv/git/xent", "git@gitlab.example:reader/xent.git"])
def test_any_other_remote_has_no_public_address(remote):
    assert address.public_address(remote) is None


def links(monkeypatch: pytest.MonkeyPatch, remote: str, page: str = "chapters/loss/softmax") -> str:
    answers = {("remote", "get-url", "origin"): remote}
    monkeypatch.setattr(address, "git", lambda *arguments: answers.get(arguments, "main"))
    env = SimpleNamespace(doc2path=lambda name, base: f"{name}.ipynb" if "loss" in name else name)
    return book.ways(SimpleNamespace(env=env, config=SimpleNamespace(root_doc="index")), page)


def test_a_chapter_can_be_run_and_taken_along(monkeypatch):
    shown = links(monkeypatch, "")
    assert 'href="../../lite/notebooks/index.html?path=chapters/loss/softmax.ipynb"' in shown
    assert 'href="../../_sources/chapters/loss/softmax.ipynb" download' in shown


def test_errors_are_reported_where_the_address_is_known(monkeypatch):
    shown = links(monkeypatch, "git@github.com:reader/xent.git")
    assert "https://github.com/reader/xent/issues/new?title=chapters/loss/softmax" in shown
    assert "github.com" not in links(monkeypatch, "/srv/git/xent")


def test_a_page_without_code_has_nothing_to_run(monkeypatch):
    assert links(monkeypatch, "", "chapters/reference/notation") == ""


SITE = "https://reader.github.io/xent/"


def page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> tuple[dict, SimpleNamespace]:
    """What a handler of a page gets."""
    monkeypatch.setattr(address, "site", lambda: site)
    title = SimpleNamespace(astext=lambda: "Entropy")
    highlighter = SimpleNamespace(highlight_block=lambda text, language: text)
    app = SimpleNamespace(
        builder=SimpleNamespace(
            name="html", highlighter=highlighter, get_target_uri=lambda page: f"{page}.html"
        ),
        config=SimpleNamespace(root_doc="index"),
        env=SimpleNamespace(titles={"chapters/information/entropy": title}),
        outdir=str(tmp_path),
    )
    return {"metatags": "", "meta": None, "body": ""}, app


@pytest.mark.parametrize("site", [SITE, ""])
def test_a_card_is_named_by_its_full_address_where_that_is_known(monkeypatch, tmp_path, site):
    context, app = page(monkeypatch, tmp_path, site)
    share.describe(app, "chapters/information/entropy", "page.html", context, None)
    assert (tmp_path / "_images" / "cards" / "chapters-information-entropy.png").is_file()
    image = f"{SITE}_images/cards/chapters-information-entropy.png"
    assert context["meta"].get("og:image") == (image if site else None)
    assert ("og:image:alt" in context["meta"]) == bool(site)


@pytest.mark.parametrize("site", [SITE, ""])
def test_a_citation_has_the_address_where_that_is_known(monkeypatch, tmp_path, site):
    context, app = page(monkeypatch, tmp_path, site)
    cite.add_citation(app, "chapters/information/entropy", "page.html", context, None)
    url = f"{SITE}chapters/information/entropy.html"
    for text in (context["body"], context["metatags"]):
        assert (url in text) == bool(site)


def test_an_unchanged_card_is_not_drawn_again(monkeypatch, tmp_path):
    monkeypatch.setattr(share, "CACHE", tmp_path)
    first = share.card("Entropy", "Information", "How much?")
    monkeypatch.setattr(share, "draw", lambda *what: pytest.fail("drawn again"))
    assert share.card("Entropy", "Information", "How much?") == first


def test_a_cell_of_symbols_is_taken_apart():
    assert list(symbols.symbols("L(q), ln L(q)")) == ["L(q)", "L", "ln L(q)", "ln L"]
    assert list(symbols.symbols("I(X; Y)")) == ["I(X, Y)", "I"]


def test_a_test_file_is_linked_where_the_address_is_known():
    file = functions.TESTS[0]
    linked = functions.test_link(file, "https://github.com/reader/xent")
    path = file.relative_to(ROOT).as_posix()
    assert linked["refuri"] == f"https://github.com/reader/xent/blob/HEAD/{path}"
    assert linked.astext() == functions.test_link(file, None).astext() == path[len("tests/") :]


def test_uses_are_found_whatever_a_module_or_a_name_is_called():
    code = """
from xent_lib import cross_entropy as h, losses as l, plots
from xent_lib.rare_events import Normal
import xent_lib.checks as c

l.hinge, c.entropy, plots.P, other.softmax, entropy
"""
    assert {used.path for used in functions.used(code)} == {
        "xent_lib.information.cross_entropy",
        "xent_lib.losses.hinge",
        "xent_lib.families.Normal",
        "xent_lib.checks.entropy",
        "xent_lib.plots.P",
    }
