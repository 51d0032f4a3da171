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
