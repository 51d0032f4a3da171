"""The page of the back matter says what was measured just now."""

import re

import pytest
import stability

DIGITS = "## How many digits are right"
CELL = re.compile(r"\*\*(.+?)\*\* (.+?)(?:<br>| \|)")
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def without_digits(page):
    """The page without its last table, whose numbers vary with the processor."""
    before, after = page.split(DIGITS)
    return before + after[after.index("## Versions") :]


@pytest.fixture(scope="module")
def committed():
    return stability.PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def errors():
    return [(race, race.errors()) for race in stability.races()]


def test_the_page_says_what_the_libraries_do_now(committed):
    assert without_digits(committed) == without_digits(stability.page([])), "run `make stability`"


def test_we_answer_every_row_as_wanted():
    for rows in stability.GROUPS.values():
        for row in rows:
            assert stability.measured(row)["xent_lib"] == row.wanted, row.given


def test_our_digits_are_right(errors):
    for race, error in errors:
        assert error["xent_lib"] <= race.bound, race.what


def test_the_table_of_digits_has_the_size_of_each_error(committed, errors):
    for race, error in errors:
        (line,) = [line for line in committed.splitlines() if line.startswith(f"| {race.what} |")]
        cells = {name: cell for cell, names in CELL.findall(line) for name in names.split(", ")}
        assert cells.keys() == error.keys()
        for name, cell in cells.items():
            if name != "xent_lib":  # held by its bound
                assert value(cell) / 5 <= error[name] <= value(cell) * 5, (race.what, name)


def value(text):
    digits, _, power = text.partition("·10")
    return float(digits) * 10 ** int(power.translate(LOWERED) or 0)
