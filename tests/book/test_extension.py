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


def settings(monkeypatch: pytest.MonkeyPatch, remote: str) -> SimpleNamespace:
    answers = {("remote", "get-url", "origin"): remote}
    monkeypatch.setattr(address, "git", lambda *arguments: answers.get(arguments, "main"))
    config = SimpleNamespace(html_theme_options={}, html_baseurl="", ogp_site_url="")
    book.add_repository_buttons(config)
    return config


def test_buttons_appear_where_the_address_is_known(monkeypatch):
    options = settings(monkeypatch, "git@github.com:reader/xent.git").html_theme_options
    assert options["repository_url"] == "https://github.com/reader/xent"
    assert options["use_source_button"]
    assert {"colab_url", "binderhub_url"} <= set(options["launch_buttons"])


def test_no_button_and_no_address_where_it_is_not(monkeypatch):
    config = settings(monkeypatch, "/srv/git/xent")
    assert config.html_theme_options == {}
    assert config.html_baseurl == ""


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
        add_css_file=lambda file: None,
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
