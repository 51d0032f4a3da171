"""What a reader who types along meets: code that runs as it stands, exercises that work."""

import builtins
import re
import symtable
from pathlib import Path

import pytest
from notebooks import NOTEBOOKS, Cell, cells, name

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=name)

# The cell before the exercises holds what their checks compare with, out of the reader's sight.
OF_EXERCISES = re.compile(r"(answer|mistakes|cases)_\d+")


def visible(cell: Cell) -> bool:
    return cell.is_code and not {"remove-cell", "remove-input"} & cell.tags


def names(code: str) -> tuple[set[str], set[str]]:
    """The names that a cell makes, and those it takes from elsewhere."""
    made, taken = set(), set()
    tables = [symtable.symtable(code, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            if table.get_type() == "module":
                (made if symbol.is_assigned() or symbol.is_imported() else taken).add(
                    symbol.get_name()
                )
            elif symbol.is_global():
                taken.add(symbol.get_name())
    return made, taken - made - set(dir(builtins))


def test_a_name_made_in_a_function_stays_there():
    assert names("def f(x):\n    y = x + z\n    return y") == ({"f"}, {"z"})


@each_notebook
def test_visible_code_uses_only_names_that_the_reader_has_seen_made(path: Path):
    seen: set[str] = set()
    missing = []
    for cell in filter(visible, cells(path)):
        made, taken = names(cell.source)
        missing += [
            f"cell {cell.number}: {word}"
            for word in sorted(taken - seen)
            if not OF_EXERCISES.fullmatch(word) and "except NameError" not in cell.source
        ]
        seen |= made
    assert not missing, "made in no visible cell before: " + ", ".join(missing)


def shown(cell: Cell) -> str:
    return "\n".join(
        "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
        for output in cell.outputs
    )


@each_notebook
def test_each_solution_passes_its_check_and_each_stub_is_told_to_be_unwritten(path: Path):
    solutions = [cell for cell in cells(path) if "solution" in cell.tags]
    stubs = [cell for cell in cells(path) if visible(cell) and "…" in shown(cell)[:1]]
    assert len(stubs) == len(solutions)
    for cell in solutions:
        assert "✓" in shown(cell), f"the solution in cell {cell.number} does not pass"
        assert "✗" not in shown(cell), f"the solution in cell {cell.number} does not pass"
