"""Every decimal number that a reader meets is held by an assertion beside it.

A claim is a call ``claim("H(p, q) = 3.288 bits", h)`` in a hidden cell: when the notebook runs it
compares the numbers of the snippet with the values. The tests here close the other side: the
snippet stands word for word in the text before it, and no decimal number stands there without one.

A claim stands beside its text: no other cell with claims lies between the two.
"""

import ast
import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from notebooks import MASTERS, NOTEBOOKS, PAGES, ROOT, Cell, cells, mask, name

from xent_lib.claims import numbers_in

ALLOWED: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("allowed.toml").read_text("utf-8")
)["allowed"]

# Programs measure the numbers of these pages and write them: tests/frameworks measures the first
# anew; the second holds times, and its probabilities are those that tests/method holds.
MEASURED = [ROOT / "chapters" / "reference" / page for page in ("stability.md", "method-peers.md")]


@dataclass(frozen=True)
class Text:
    """A piece of prose, white space made one, and the same with what is not prose blotted out."""

    cell: int
    kind: str
    words: str
    masked: str

    def spans(self, snippet: str) -> list[tuple[int, int]]:
        """Where `snippet` stands, not cut out of a longer number or word."""
        snippet = squeeze(snippet)
        before = r"(?<!\w)(?<!\w[.,])(?<![-−])" if re.match(r"\w", snippet) else ""
        after = r"(?!\w|[.,]\d)" if re.search(r"\w$", snippet) else ""
        found = re.finditer(before + re.escape(snippet) + after, self.words)
        return [match.span() for match in found]

    def sentence(self, start: int, end: int) -> str:
        """The text around a place."""
        left = max(self.words.rfind(mark, 0, start) for mark in (". ", "? ", "! ")) + 1
        right = self.words.find(". ", end) + 1 or len(self.words)
        return self.words[max(left, start - 120) : min(right, end + 120)].strip()


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def texts(cell: Cell) -> Iterator[Text]:
    for kind, words in cell.texts():
        yield Text(cell.number, kind, squeeze(words), squeeze(mask(words)))


def snippets(cell: Cell) -> list[str]:
    """The words that the claims of a cell hold."""
    return [call.args[0].value for call in cell.calls("claim") if is_plain(call)]


def is_plain(call: ast.Call) -> bool:
    """Whether a claim begins with its words as a plain text and has values to hold them."""
    match call.args:
        case [ast.Constant(value=str()), _, *_]:
            return True
    return False


def problems(notebook: Sequence[Cell], allowed: Sequence[str] = ()) -> Iterator[str]:
    """What breaks the rule of computed prose in a notebook, in words for its author."""
    for cell in notebook:
        for call in cell.calls("claim"):
            if not is_plain(call):
                yield (
                    f"cell {cell.number}: `{ast.unparse(call)}` must begin with its words as a "
                    "plain text, and its values must follow"
                )
        for call in cell.calls("Predict"):
            if any(isinstance(answer, ast.Constant) for answer in answers(call)):
                yield f"cell {cell.number}: `{ast.unparse(call)}`: compute the answer"

    holders = [cell for cell in notebook if cell.calls("claim")]
    ends = [-1, *(cell.number for cell in holders), math.inf]
    for before, holder, after in zip(ends, holders, ends[2:], strict=False):
        near = [text for cell in notebook if before < cell.number < after for text in texts(cell)]
        yield from unfounded(holder, near)
    for cell in notebook:
        before = [holder for holder in holders if holder.number <= cell.number][-1:]
        after = [holder for holder in holders if holder.number >= cell.number][:1]
        held = [snippet for holder in before + after for snippet in snippets(holder)]
        for text in texts(cell):
            yield from unheld(text, [*held, *allowed])


def answers(call: ast.Call) -> list[ast.expr]:
    """What a Predict has for its answer."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "answer"]
    return [*call.args[1:2], *named]


def unfounded(holder: Cell, near: Sequence[Text]) -> Iterator[str]:
    """Claims about words that do not stand where they should, or that could hold anything."""
    for snippet in snippets(holder):
        if not re.search(r"[^\W\d_]|[=+×/]", snippet):
            yield (
                f"cell {holder.number}: claim({snippet!r}) names only a number: give the words "
                "around it too, so that it is clear which number it holds"
            )
        elif not any(text.spans(snippet) for text in near):
            yield (
                f"cell {holder.number}: claim({snippet!r}) is not to be found in the text beside "
                "it, up to the next cell with claims: copy the words letter by letter"
            )


def unheld(text: Text, snippets: Sequence[str]) -> Iterator[str]:
    """Decimal numbers that lie in no snippet."""
    held = [span for snippet in snippets for span in text.spans(snippet)]
    for number in numbers_in(text.masked):
        start, end = number.span
        if not any(left <= start and end <= right for left, right in held):
            yield (
                f"cell {text.cell} ({text.kind}): no claim holds {number.text} in\n"
                f"    “{text.sentence(start, end)}”\n"
                '    Compute it: claim("…words with the number…", value) in a hidden cell beside;\n'
                "    or, if nothing can compute it, give the reason in tests/book/allowed.toml."
            )


@pytest.mark.parametrize(
    "path",
    [*NOTEBOOKS, *MASTERS, *(page for page in PAGES if page not in MEASURED)],
    ids=name,
)
def test_each_decimal_number_in_prose_is_held_by_a_claim(path):
    found = [f"{name(path)}, {problem}" for problem in problems(cells(path), list(ALLOWED))]
    assert not found, "\n\n".join(found)


def test_each_allowed_number_is_still_there_and_has_a_reason():
    everything = [
        text for path in [*NOTEBOOKS, *PAGES] for cell in cells(path) for text in texts(cell)
    ]
    for snippet, reason in ALLOWED.items():
        assert len(reason) > 10, f"tests/book/allowed.toml: say why {snippet!r} is allowed"
        assert numbers_in(snippet), f"tests/book/allowed.toml: no decimal in {snippet!r}"
        assert any(text.spans(snippet) for text in everything), (
            f"tests/book/allowed.toml: {snippet!r} stands nowhere in the book, remove it"
        )


# The rule itself, on made-up notebooks.


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, **figure: str) -> dict:
    mystnb = {
        "image": {"alt": figure.get("alt", "")},
        "figure": {"caption": figure.get("caption", "")},
    }
    return {"cell_type": "code", "metadata": {"mystnb": mystnb}, "source": source, "outputs": []}


def broken(*raw: dict, allowed: Sequence[str] = ()) -> list[str]:
    return list(problems([Cell(number, cell) for number, cell in enumerate(raw, 1)], allowed))


TEXT = "With $p$ the cost is 1.361 bits,\nwith $q$ it is 3.288 bits."
CLAIM = 'claim("the cost is 1.361 bits, with $q$ it is 3.288 bits", h, hq)'


def test_a_text_with_its_claim_passes_over_line_breaks_and_visible_code():
    assert not broken(markdown(TEXT), code("h = entropy(p)"), markdown("Words."), code(CLAIM))


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (TEXT.replace("3.288", "3.289"), CLAIM),
        ("With $p$ the cost is 3.288 bits,\nwith $q$ it is 1.361 bits.", CLAIM),
        (TEXT, "h"),
        (TEXT, 'claim("the cost is 1.361 bits", h)'),
        (TEXT, 'claim("3.288", hq); claim("is 1.361 bits", h)'),
        (TEXT, 'claim("is 3.28", hq); claim("is 1.361 bits", h)'),
        (TEXT, f"snippet = 'is 1.361 bits'; {CLAIM}; claim(snippet, h)"),
        (TEXT, CLAIM + "; claim('it is so')"),
        (TEXT + " So 3.288 bits.", CLAIM),
        (TEXT.replace("3.288", "-3.288"), CLAIM.replace("it is 3.288", "it is")),
    ],
    ids=[
        "a number changed",
        "two numbers swapped",
        "claim removed",
        "one number without a claim",
        "a snippet of a number only",
        "a snippet that cuts a number",
        "a snippet that is no literal",
        "a claim without values",
        "a number said again",
        "a sign outside of the snippet",
    ],
)
def test_a_broken_text_or_claim_is_found(text, claim):
    assert broken(markdown(text), code(claim))


def test_a_claim_holds_the_text_before_and_after_it_up_to_the_next_claims():
    other = code('claim("the price is 0.25 bits", h)')
    price = markdown("So the price is 0.25 bits.")
    assert not broken(markdown(TEXT), code(CLAIM), price, other)
    assert not broken(code(CLAIM), markdown(TEXT), other, price)
    assert broken(markdown(TEXT), other, code(CLAIM), price)
    assert broken(markdown(TEXT), code(CLAIM), price)
    assert broken(markdown(TEXT), price, code(CLAIM))


def test_numbers_of_captions_alt_texts_and_questions_count():
    claims = code('claim("a height of 0.81 bits", h)')
    assert broken(code("plt.show()", caption="The bar has a height of 0.81 bits."))
    assert broken(code("plt.show()", alt="The bar has a height of 0.81 bits."))
    assert broken(code('Quiz("Which?", Choice("one", why="It has a height of 0.81 bits."))'))
    assert broken(code('quiz.Predict("Guess: a height of 0.81 bits?", h, "bits")'))
    assert broken(code('quiz.Predict("Guess the height.", 0.81, "bits")'))
    assert broken(code('quiz.Predict("Guess the height.", answer=0.81, unit="bits")'))
    assert not broken(code("plt.show()", caption="The bar has a height of 0.81 bits."), claims)
    assert not broken(code('quiz.Predict("Guess: a height of 0.81 bits?")'), claims)


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(0.5)\n```",
        "[a paper](https://doi.org/10.1002/0471)",
        "See https://doi.org/10.1002/0471 for {cite}`a10.1002`.",
        "## 2.1 Bits",
        "Version 2.4.6, a coin with P = 1/2, 7 bits.",
        '<span style="width: 0.5em">word</span>',
    ],
)
def test_what_is_not_prose_needs_no_claim(text):
    assert not broken(markdown(text))


@pytest.mark.parametrize(
    "text",
    [
        "`p = 0.5`",
        "$p = 0.5$",
        "p < 0.5 and q > 1",
        "```{note}\nA coin with 0.5.\n```",
        "```\n0.5\n```",
        "Labels .8 and so on",
        "a loss of −0.5",
        "## A coin with 0.5",
        "- 1,000.5 bits",
        "![a bar of 0.5 bits](bar.png)",
        "about 1.5e-15",
        "2.5% of it",
        "0.5.",
    ],
)
def test_what_is_prose_needs_a_claim(text):
    (problem,) = broken(markdown(text))
    assert "no claim holds" in problem


def test_an_allowed_snippet_needs_no_claim():
    assert not broken(markdown("You need Python 3.11 here."), allowed=["Python 3.11"])
    assert broken(markdown("You need 3.11 bits here."), allowed=["Python 3.11"])
