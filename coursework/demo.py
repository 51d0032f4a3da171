"""A made-up class, to try the grading on: its students, and what they hand in.

Most hand in right answers, forgotten ones and wrong ones. A few do what happens in every class: a
loop without end, a file that is none, a renamed copy, a check cell deleted, an answer too late, and
one hands in nothing.
"""

import argparse
import copy
import csv
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode

from coursework.assignments import ROOT, Assignment, assignments, grade_id

NAMES = [
    *(("Ada", "Abel"), ("Bela", "Brandt"), ("Chen", "Costa"), ("Dora", "Diop"), ("Emil", "Egede")),
    *(("Fatou", "Farkas"), ("Goran", "Grau"), ("Hana", "Hofer"), ("Ivo", "Ito"), ("Jun", "Jensen")),
    *(("Kofi", "Kaya"), ("Lena", "Lind"), ("Musa", "Moreau")),
]

#: What a student may have written for what is right: (right, wrong).
SLIPS = [
    ("np.log2(", "np.log("),
    ("np.log(", "np.log2("),
    ("np.sum(", "np.mean("),
    (".sum(", ".mean("),
    ("argmin", "argmax"),
    ("np.exp(-", "np.exp("),
    ("-np.", "np."),
    (" / ", " * "),
    (" - ", " + "),
    ("axis=1", "axis=0"),
    ("return ", "print("),
]
WORDS = [
    "",
    "The weights come from what happens, the words from what was expected.",
    "It is because **p** and *q* differ, so H(p, q) is larger than H(p).\n\n- and $p < q$",
]


def class_of(
    size: int, assignment: Assignment, folder: Path, seed: int = 1, *, oddities: bool = True
) -> None:
    """Write a class of `size` students and their work for an assignment into a folder.

    Without oddities, everyone hands in a notebook in time.
    """
    rng = np.random.default_rng(seed)
    some = ODDITIES if oddities else []
    odd = {int(at): one for at, one in zip(rng.permutation(size), some, strict=False)}
    with (folder / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "first_name", "last_name", "email"])
        for number in range(size):
            first, last = NAMES[number % len(NAMES)]
            writer.writerow([f"s{number:04d}", first, last, f"s{number:04d}@school.example"])
            place = folder / "submissions" / f"s{number:04d}"
            place.mkdir(parents=True)
            (place / "timestamp.txt").write_text("2026-03-02 09:30:00 UTC\n")
            notebook = answered(assignment, rng)
            path = place / f"{assignment.name}.ipynb"
            if number in odd:
                odd[number](notebook, path)
            else:
                save(notebook, path)


def answered(assignment: Assignment, rng: np.random.Generator) -> NotebookNode:
    """A student's notebook: most answers right, some with a slip, some not written."""
    notebook = copy.deepcopy(assignment.released)
    for cell in notebook.cells:
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        luck = rng.random()
        if cell.cell_type == "markdown":
            cell.source = str(rng.choice(WORDS))
        elif luck > 0.05:
            cell.source = solution(assignment, grade_id(cell))
            possible = [slip for slip in SLIPS if slip[0] in cell.source]
            if luck < 0.2 and possible:
                right, wrong = possible[int(rng.integers(len(possible)))]
                cell.source = cell.source.replace(right, wrong)
                if wrong == "print(":
                    cell.source = "".join(
                        f"{line})\n"
                        if "print(" in line and line.count("(") > line.count(")")
                        else f"{line}\n"
                        for line in cell.source.splitlines()
                    )
    return notebook


def solution(assignment: Assignment, id: str) -> str:
    lines = assignment.master_source(id).splitlines()
    return "\n".join(line for line in lines if "### " not in line)


def save(notebook: NotebookNode, path: Path) -> None:
    path.write_text(nbformat.writes(notebook), "utf-8")


# --- What happens in every class -----------------------------------------------------------------


def endless(notebook: NotebookNode, path: Path) -> None:
    cell = next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")
    )
    cell.source += "\n\nwhile True:\n    pass\n"
    save(notebook, path)


def cut_off(notebook: NotebookNode, path: Path) -> None:
    path.write_text(nbformat.writes(notebook)[:-200], "utf-8")


def empty(notebook: NotebookNode, path: Path) -> None:
    path.write_text("")


def copied(notebook: NotebookNode, path: Path) -> None:
    save(notebook, path.with_name(f"{path.stem} (1).ipynb"))


def check_deleted(notebook: NotebookNode, path: Path) -> None:
    cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    notebook.cells = cells
    save(notebook, path)


def check_edited(notebook: NotebookNode, path: Path) -> None:
    for cell in notebook.cells:
        if "checks.sealed(" in cell.source:
            cell.source = "print('all right')"
    save(notebook, path)


def late(notebook: NotebookNode, path: Path) -> None:
    path.with_name("timestamp.txt").write_text("2026-03-05 23:59:00 UTC\n")
    save(notebook, path)


def nothing(notebook: NotebookNode, path: Path) -> None:
    path.with_name("timestamp.txt").unlink()
    path.parent.rmdir()


ODDITIES: list[Callable[[NotebookNode, Path], None]] = [
    late,
    nothing,
    endless,
    cut_off,
    empty,
    copied,
    check_deleted,
    check_edited,
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo-class", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "demo-class")
    parser.add_argument("--assignment", default="cross-entropy")
    parser.add_argument("--students", type=int, default=24)
    chosen = parser.parse_args()
    if chosen.to.exists():
        parser.error(f"{chosen.to} is there already; remove it or choose another place with --to")
    every = {one.name: one for one in assignments()}
    if chosen.assignment not in every:
        parser.error(f"no assignment {chosen.assignment}; there are {', '.join(every)}")
    chosen.to.mkdir(parents=True)
    class_of(chosen.students, every[chosen.assignment], chosen.to)
    print(f"{chosen.students} students and their work are in {chosen.to}")


if __name__ == "__main__":
    main()
