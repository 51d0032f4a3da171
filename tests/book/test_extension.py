"""What the book adds to Sphinx, where a built page does not show it."""

import sys
from types import SimpleNamespace

import pytest
from notebooks import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import address
import book


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
    return book.ways(SimpleNamespace(env=env), page)


def test_a_chapter_can_be_taken_along(monkeypatch):
    shown = links(monkeypatch, "")
    assert 'href="../../_sources/chapters/loss/softmax.ipynb" download' in shown


def test_errors_are_reported_where_the_address_is_known(monkeypatch):
    shown = links(monkeypatch, "git@github.com:reader/xent.git")
    assert "https://github.com/reader/xent/issues/new?title=chapters/loss/softmax" in shown
    assert "github.com" not in links(monkeypatch, "/srv/git/xent")


def test_a_page_without_code_has_nothing_to_run(monkeypatch):
    assert links(monkeypatch, "", "chapters/reference/notation") == ""
