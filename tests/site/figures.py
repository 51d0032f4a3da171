"""What the tests of the explorable figures share: a page made of figures, and ways to use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from xent_lib import _html

# Moves sliders, given as (index, share of the way), and reads every number after each.
MOVE = """settings => settings.map(moves => {
    const sliders = document.querySelectorAll('input[type=range]');
    for (const [index, share] of moves) {
        const slider = sliders[index];
        slider.value = +slider.min + share * (slider.max - slider.min);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
    }
    return Object.fromEntries([...document.querySelectorAll('[data-name]')]
        .map(node => [node.dataset.name, node.dataset.value]));
})"""
# Lists the texts in drawings that leave their figure or lie on one another.
CLASHES = """() => [...document.querySelectorAll('.xent-picture svg')].flatMap(svg => {
    const frame = svg.closest('.xent').getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent);
    const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
    const out = boxes.filter(([, b]) => b.left < frame.left || b.right > frame.right);
    const met = boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
    ).map(([two]) => `${one} / ${two}`));
    return [...out.map(([words]) => words), ...met];
})"""


def document(*figures, theme="light", script=True):
    """A page with nothing but these figures, so that their tests need no built site."""
    assets = f"<script>{_html.script()}</script>" if script else ""
    body = "".join(figure._repr_html_() for figure in figures)
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        f"<title>Figures</title><style>body {{ margin: 16px; font-family: sans-serif }}"
        f"{_html.style()}</style>{assets}</head><body><main><h1>Figures</h1>{body}</main>"
    )


def numbers(texts):
    return {name: float(text) for name, text in texts.items()}


def read(page):
    """Every number that the page shows, by name."""
    return numbers(page.evaluate(MOVE, [[]])[0])


def known(page):
    """The numbers of a page that does not know all of them yet."""
    texts = page.evaluate(MOVE, [[]])[0]
    return numbers({name: text for name, text in texts.items() if text})


def says(page):
    return page.locator(".xent-says").inner_text()


def sliders(page):
    return page.get_by_role("slider").all()


def click(page, *names):
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def drag(handle, right, down):
    """Drag an element by its centre, and tell where that was."""
    box, mouse = handle.bounding_box(), handle.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + right, y + down, steps=4)
    mouse.up()
    return x, y


def assert_keys_move(slider):
    """The start, a step to the right and the end are told in three ways."""
    told = [slider.get_attribute("aria-valuetext")]
    slider.focus()
    for key in ("ArrowRight", "End"):
        slider.page.keyboard.press(key)
        told.append(slider.get_attribute("aria-valuetext"))
    assert len(set(told)) == 3


def assert_names_and_room(page):
    """Sliders and pictures have names, and controls are large enough for a finger."""
    for slider in sliders(page):
        assert slider.locator("xpath=ancestor::label").inner_text().strip()
    for control in [*sliders(page), *page.get_by_role("button").all()]:
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    for picture in page.get_by_role("img").all():
        assert len(picture.get_attribute("aria-label")) > 10


def assert_accessible_and_fits(page, **options):
    result = Axe().run(page, **options)
    assert result.violations_count == 0, result.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")  # nothing scrolls sideways
    assert width <= page.viewport_size["width"]


class Look:
    """What holds for every figure: the tests of one figure have a class of their own made of this.

    `figure` is the figure, and `states` leads a page of it through what its drawings can be,
    stopping at each.
    """

    figure = None

    def states(self, page):
        yield

    def test_values_stand_without_javascript(self, browser):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.set_content(document(self.figure))
        assert page.get_by_text(self.figure.says).is_visible()
        assert page.get_by_role("slider").or_(page.get_by_role("textbox")).count() == 0
        context.close()

    @pytest.mark.parametrize("script", [True, False])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("width", [800, 390])
    def test_it_is_accessible_and_fits(self, width, theme, script, open_figure):
        page = open_figure(self.figure, width=width, theme=theme, script=script)
        assert_accessible_and_fits(page)
        for _ in self.states(page) if script else ():
            assert_accessible_and_fits(page)

    @pytest.mark.parametrize("width", [800, 390])
    def test_text_in_drawings_stays_inside_and_apart(self, width, open_figure):
        page = open_figure(self.figure, width=width)
        for _ in self.states(page):
            assert page.evaluate(CLASHES) == []

    @pytest.mark.parametrize("width", [800, 390])
    def test_controls_have_names_and_room(self, width, open_figure):
        page = open_figure(self.figure, width=width)
        assert_names_and_room(page)
        for control in page.get_by_role("slider").or_(page.get_by_role("textbox")).all():
            assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
