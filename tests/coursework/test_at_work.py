"""Images and Sequences: what they hand out is real, and a wrong answer costs what it should."""

import copy

import nbformat
import numpy as np
import pytest
from sklearn.datasets import load_digits

from coursework import demo, intake, marking
from coursework.assignments import SOURCE, Assignment, code_cells, grade_id, namespace, run
from xent_lib.datasets import census_names

ALL = {name: Assignment(SOURCE / name / f"{name}.ipynb") for name in ("images", "sequences")}


def handed_out(name, id):
    """What a cell that students get defines."""
    names = namespace() | {"np": np}
    run(ALL[name].given[id], names)
    return names


def test_the_pictures_are_scikit_learn_s_and_the_logits_those_of_the_mean_pictures():
    which = [1001, 1660, 1000, 1495, 1003, 1662, 1010, 1611, 1005, 1582, 1002, 1628]
    given, digits = handed_out("images", "pictures"), load_digits()
    shades = " .:-=+*#@"
    drawn = [
        "/".join("".join(shades[int(grey) // 2] for grey in row) for row in digits.images[n])
        for n in which
    ]
    assert given["pictures"] == drawn
    assert given["labels"].tolist() == digits.target[which].tolist()
    seen, true = digits.data[:1000], digits.target[:1000]
    means = np.array([seen[true == digit].mean(axis=0) for digit in range(10)])
    # The nearer a picture is to a mean, the larger the logit; what all ten share is left out.
    logits = (digits.data[which] @ means.T - (means**2).sum(axis=1) / 2) / 100
    np.testing.assert_allclose(given["logits"], logits, atol=0.05)


def test_the_names_are_the_most_frequent_ones_of_the_census():
    given = handed_out("sequences", "names")
    assert given["women"] == census_names("female")[0][:120]
    assert given["letters"] == ".abcdefghijklmnopqrstuvwxyz"


WRONG = [
    (
        "images",
        "picture-bits",
        ("nats / np.log(2)", "nats"),
        {
            "picture-bits-check": "These are nats",
            "picture-bits-special": "logits of 1000 and −1000",
        },
    ),
    (
        "images",
        "most-surprising",
        ("np.argsort(-np.asarray(bits, dtype=float), stable=True)", "np.argsort(bits)[::-1]"),
        {"most-surprising-check": "the earlier one comes first"},
    ),
    (
        "images",
        "one-step",
        ("dz /= len(x)", "pass"),
        {"one-step-check": "That is the step for the sum over the pictures"},
    ),
    (
        "images",
        "floor-bits",
        ("(digits - 1) / share", "digits / share"),
        {"floor-bits-check": "a wrong label cannot be the true digit"},
    ),
    (
        "sequences",
        "next-probs",
        ("raised[raised.sum(axis=1) == 0] = 1", "pass"),
        {"next-probs-check": "Equal probabilities are asked for there"},
    ),
    (
        "sequences",
        "cost",
        ("dtype=float))", "dtype=float).clip(1e-12))"),
        {
            "cost-check": "Both numbers are infinite then: nothing is clipped",
            "cost-special": "a pair of probability 0",
        },
    ),
    (
        "sequences",
        "cost",
        ("+= len(name) + 1", "+= len(name)"),
        {
            "cost-check": "but do not count the marks as characters",
            "cost-special": "a pair of probability 0 not met",
        },
    ),
    (
        "sequences",
        "draw-name",
        ("> number", ">= number"),
        {"draw-name-check": "must be *larger*", "draw-name-special": "numbers on the edge"},
    ),
]


@pytest.mark.parametrize(("name", "id", "slip", "lost"), WRONG)
def test_a_slip_costs_the_points_of_its_task_and_is_named(name, id, slip, lost):
    notebook = copy.deepcopy(ALL[name].released)
    for cell in code_cells(notebook):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = demo.solution(ALL[name], grade_id(cell))
            if grade_id(cell) == id:
                assert slip[0] in cell.source
                cell.source = cell.source.replace(*slip)
    marks = marking.mark(ALL[name], intake.cells(nbformat.writes(notebook).encode()))
    for test, outcome in marks.tests.items():
        assert outcome.points == (0 if test in lost else outcome.most), (test, outcome.told)
        assert lost.get(test, "") in outcome.told
