"""Every assignment is fit to hand out: its own solution passes, and nothing of it can be read."""

import ast
import copy
import re

import nbformat
import pytest
import yaml

from coursework import demo, intake, marking
from coursework.assignments import (
    ROOT,
    Refused,
    assignments,
    code_cells,
    defined,
    grade_id,
    is_teacher,
    is_test,
    namespace,
    run,
)
from xent_lib import checks

ALL = {assignment.name: assignment for assignment in assignments()}
every_assignment = pytest.mark.parametrize("name", ALL)

SECRET = ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "agree(", "checks.seal(", "claim(")


def source(notebook):
    return "\n".join(cell.source for cell in notebook.cells)


def lines(text):
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 12}


@every_assignment
def test_the_solution_passes_and_the_stub_fails(name):
    assert ALL[name].released  # refuses a master whose solution fails
    assert ALL[name].stubs_that_pass() == []


@every_assignment
def test_in_the_sandbox_the_solution_gets_all_points_and_the_stub_none(name):
    assignment = ALL[name]
    for solved in (True, False):
        notebook = copy.deepcopy(assignment.released)
        for cell in notebook.cells:
            if (
                solved
                and cell.cell_type == "code"
                and cell.metadata.get("nbgrader", {}).get("solution")
            ):
                cell.source = demo.solution(assignment, grade_id(cell))
        cells = intake.cells(nbformat.writes(notebook).encode())
        marks = marking.mark(assignment, cells)
        for id, outcome in marks.tests.items():
            assert outcome.points == (outcome.most if solved else 0), (id, outcome.told)
        assert marks.remarks == marks.suspicions == []


@every_assignment
def test_nothing_of_the_teacher_s_is_in_the_student_s_file(name):
    assignment = ALL[name]
    text = source(assignment.released)
    for secret in SECRET:
        assert secret not in text
    theirs = [cell.source for cell in assignment.master.cells if is_teacher(cell)]
    theirs += [test.hidden for test in assignment.tests.values()]
    theirs += re.findall(r"### BEGIN SOLUTION\n(.*?)### END", source(assignment.master), re.S)
    given = "\n".join(assignment.given.values())
    for line in set().union(*map(lines, theirs)) - lines(given):
        assert line not in text
    assert nbformat.validate(assignment.released) is None
    assert not any(cell.get("outputs") for cell in assignment.released.cells)


@every_assignment
def test_it_says_what_it_is_worth_and_stands_by_its_chapter(name):
    assignment = ALL[name]
    intro = assignment.released.cells[0].source
    assert f"**{assignment.points:g} points, about {assignment.minutes} minutes.**" in intro
    assert assignment.points == 10
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    assert f"chapters/{assignment.chapter}" in chapters
    assert f"(../chapters/{assignment.chapter}.html)" in intro
    assert assignment.name == assignment.chapter.split("/")[1]


@every_assignment
def test_it_has_code_tasks_hidden_tests_and_one_question_with_a_scheme(name):
    assignment = ALL[name]
    assert len(assignment.asked) >= 3
    assert len([test for test in assignment.tests.values() if "checks.sealed" in test.visible]) >= 3
    assert all("checks.agree(" in test.hidden for test in assignment.tests.values())
    assert any("default_rng(" in test.hidden for test in assignment.tests.values())
    assert len(assignment.written) == 1
    for written in assignment.written.values():
        assert written.scheme.count("One point: ") == written.points


@every_assignment
def test_it_needs_only_numpy_and_the_library(name):
    for cell in code_cells(ALL[name].master):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                modules = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules = {node.module}
            else:
                continue
            allowed = {"numpy", "math", "itertools", "xent_lib"}
            assert {module.split(".")[0] for module in modules} <= allowed
            if "solution" in grade_id(cell) or not (is_teacher(cell) or grade_id(cell) == "setup"):
                assert not any(module.startswith("xent_lib") for module in modules)


def sealed_tables(assignment, monkeypatch):
    """What the master gives to ``checks.seal``, and the seals, each under its id."""
    tables = []

    def record(truth, cases, mistakes=(), slips=()):
        tables.append((truth, cases, [*mistakes, *slips], mistakes, slips))
        return original(truth, cases, mistakes, slips)

    original = checks.seal
    monkeypatch.setattr(checks, "seal", record)
    seals = assignment._seals()
    assert len(tables) == len(seals) >= 3
    return list(zip(seals.items(), tables, strict=True))


@every_assignment
def test_every_mistake_of_its_tables_is_told(name, monkeypatch):
    for (id, seal), (truth, cases, _, mistakes, slips) in sealed_tables(ALL[name], monkeypatch):
        assert len(mistakes) + len(slips) >= 3, id
        made = [(wrong, told) for wrong, told in mistakes]
        made += [
            (lambda *args, slip=slip, truth=truth: slip(truth(*args)), told) for slip, told in slips
        ]
        for wrong, told in made:
            with pytest.raises(checks.NotYet) as caught:
                checks.sealed(named(wrong, truth), seal)
            assert told in str(caught.value), id
        assert any(case.special for case in cases), id
        assert len([case for case in cases if not case.special]) >= 3, id


def named(function, truth):
    """The function with the parameters of the exercise, given lists as the tables expect."""
    names = ", ".join(seal_names(truth))
    scope = {"function": function, "plain": lambda x: x.tolist() if hasattr(x, "tolist") else x}
    call = ", ".join(f"plain({one})" for one in seal_names(truth))
    exec(f"def answer({names}):\n    return function({call})", scope)
    return scope["answer"]


def seal_names(truth):
    return truth.__code__.co_varnames[: truth.__code__.co_argcount]


@every_assignment
def test_knowing_the_visible_answers_is_not_enough(name, monkeypatch):
    """A table of the answers to the visible checks fails the graded cell."""
    assignment = ALL[name]
    for (id, seal), (truth, cases, *_) in sealed_tables(assignment, monkeypatch):
        names = namespace()
        for cell in code_cells(assignment.master):
            if not is_test(cell):
                run(cell.source, names)
        (function,) = [
            each
            for cell in code_cells(assignment.master)
            if grade_id(cell) == id
            for each in defined(cell.source)
            if callable(names[each])
        ]
        known = {repr(case.args): truth(*case.args) for case in cases}

        def table(*args, known=known):
            args = tuple(a.tolist() if hasattr(a, "tolist") else a for a in args)
            return known.get(repr(args), next(iter(known.values())))

        names[function] = named(table, truth)
        checks.sealed(names[function], seal)
        with pytest.raises(checks.NotYet):
            run(assignment.master_source(f"{id}-check"), names)


def test_a_master_whose_solution_fails_is_refused():
    broken = assignments()[0]
    cell = next(cell for cell in code_cells(broken.master) if is_test(cell))
    cell.source += "\nassert False"
    with pytest.raises(Refused, match=grade_id(cell)):
        _ = broken.released
