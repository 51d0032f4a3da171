"""What others see of a page: a line that says what it is about, and a card."""

import hashlib

import pytest
import yaml
from PIL import Image
from test_pages import FILES, HTML, ROOT, each_page, parsed

LINES = yaml.safe_load((ROOT / "_ext" / "descriptions.yml").read_text("utf-8"))
CARDS = HTML / "_images" / "cards"

pytestmark = pytest.mark.usefixtures("site")


def content(page: str, tag: str) -> list[str]:
    return [found["content"] for found in parsed(page).select(f"meta[{tag}]")]


def test_every_page_has_a_description_of_its_own():
    assert list(LINES) == FILES, "_ext/descriptions.yml has the pages of _toc.yml, in their order"
    assert len(set(LINES.values())) == len(LINES)
    for page, line in LINES.items():
        assert 90 <= len(line) <= 160, f"{page}: {len(line)} characters"
        assert line[-1] in ".?", page


@each_page
def test_the_description_is_in_the_head_once(page):
    line = LINES[page.removesuffix(".html")]
    assert content(page, "name=description") == [line]
    assert content(page, 'property="og:description"') == [line]
    assert content(page, 'name="twitter:card"') == ["summary_large_image"]


@pytest.mark.parametrize("file", FILES)
def test_the_card_is_whole_and_light(file):
    card = CARDS / f"{file.replace('/', '-')}.png"
    assert card.stat().st_size <= 60_000
    with Image.open(card) as image:
        assert image.size == (1200, 630)
        # Nothing touches the edge, and the colours of the logo are there.
        paper = image.convert("RGB").getpixel((0, 0))
        edge = image.convert("RGB").crop((1150, 0, 1200, 630)).getcolors()
        assert edge == [(50 * 630, paper)]
        seen = {colour for _, colour in image.convert("RGB").getcolors()}
        assert {(0, 114, 178), (213, 94, 0)} <= seen


def test_no_two_cards_are_the_same():
    digests = {hashlib.sha256(card.read_bytes()).digest() for card in CARDS.iterdir()}
    assert len(digests) == len(FILES)


@each_page
def test_a_picture_is_named_by_its_full_address_or_not_at_all(page):
    assert all(url.startswith("https://") for url in content(page, 'property="og:image"'))
