"""Watch a few lines of Python run, one step after another."""

import ast
import contextlib
import io
import types
from typing import Any

import numpy as np

from xent_lib.explorables._figure import Explorable

MOST = 200
WIDEST = 60
SHOWN = (bool, int, float, str, list, tuple, dict, types.NoneType, np.ndarray, np.generic)


class Recorder(ast.NodeTransformer):
    """Puts a call of ``_record`` behind every statement, and into every branch and loop.

    The program is rewritten instead of traced: `sys.settrace` counts lines a little differently
    in each version of Python, and a debugger or a coverage run may need it for itself.
    """

    def __init__(self) -> None:
        self.scope = ""

    def record(self, line: int) -> ast.stmt:
        return ast.parse(f"_record({line}, {self.scope!r}, locals())").body[0]

    def body(self, statements: list[ast.stmt], header: int | None = None) -> list[ast.stmt]:
        """Statements, each followed by its record, or led by it where nothing can follow."""
        result = [] if header is None else [self.record(header)]
        for statement in statements:
            leaves = isinstance(statement, ast.Return | ast.Break | ast.Continue | ast.Raise)
            branches = isinstance(statement, ast.If | ast.For | ast.While)
            changed = self.visit(statement)
            if leaves:
                result += [self.record(statement.lineno), changed]
            else:
                result += [changed] if branches else [changed, self.record(statement.lineno)]
        return result

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = self.body(node.body)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        outer, self.scope = self.scope, node.name
        node.body = self.body(node.body)
        self.scope = outer
        return node

    def visit_If(self, node: Any) -> Any:
        node.body = self.body(node.body, node.lineno)
        node.orelse = self.body(node.orelse, node.lineno)
        return node

    visit_For = visit_While = visit_If


def run(source: str) -> list[dict[str, Any]]:
    """The steps of a program: after each line the variables and what has been printed."""
    program = ast.fix_missing_locations(Recorder().visit(ast.parse(source)))
    printed = io.StringIO()
    steps: list[dict[str, Any]] = []
    namespace: dict[str, Any] = {"__name__": "__main__"}

    def record(line: int, scope: str, local: dict[str, Any]) -> None:
        if len(steps) == MOST:
            raise ValueError(f"the program takes more than {MOST} steps: show a shorter one")
        variables = {name: text for name, value in namespace.items() if (text := show(name, value))}
        if scope:
            variables |= {
                f"{name} (in {scope})": text
                for name, value in local.items()
                if (text := show(name, value))
            }
        steps.append({"line": line, "variables": variables, "printed": printed.getvalue()})

    namespace["_record"] = record
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "<program>", "exec"), namespace)
    return steps


def show(name: str, value: Any) -> str:
    """How a variable is written in the table; empty where it is left out."""
    if name.startswith("_") or not isinstance(value, SHOWN):
        return ""
    text = " ".join(repr(value).split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def trace(source: str) -> Explorable:
    """Step through a program: the line that ran, the variables after it, what has been printed.

    The program runs once, here; the figure only shows what was recorded.

    Parameters
    ----------
    source : str
        A few lines of Python, of at most 200 steps.

    Examples
    --------
    >>> trace('''
    ... total = 0
    ... for side in [1, 2]:
    ...     total = total + side
    ... print(total)
    ... ''')
    Watch the program run
    <BLANKLINE>
    step  line that ran            variables after it   printed
    1     1: total = 0             total = 0
    2     2: for side in [1, 2]:   total = 0, side = 1
    3     3: total = total + side  total = 1, side = 1
    4     2: for side in [1, 2]:   total = 1, side = 2
    5     3: total = total + side  total = 3, side = 2
    6     2: for side in [1, 2]:   total = 3, side = 2
    7     4: print(total)          total = 3, side = 2  3
    <BLANKLINE>
    The program took 7 steps.
    """
    source = source.strip("\n")
    lines = source.split("\n")
    steps = run(source)
    if not steps:
        raise ValueError("`source` has no line to run")
    rows, before = [], ""
    for i, step in enumerate(steps, start=1):
        variables = ", ".join(f"{name} = {value}" for name, value in step["variables"].items())
        fresh = step["printed"].removeprefix(before)
        before = step["printed"]
        rows.append(
            (str(i), f"{step['line']}: {lines[step['line'] - 1].strip()}", variables, fresh.strip())
        )
    return Explorable(
        kind="trace",
        params={"lines": lines, "steps": steps},
        title="Watch the program run",
        columns=["step", "line that ran", "variables after it", "printed"],
        rows=rows,
        says=f"The program took {len(steps)} steps.",
        wordy=True,
    )
