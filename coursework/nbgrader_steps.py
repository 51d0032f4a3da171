"""What nbgrader's own commands do here, where a teacher works with them: see nbgrader_config.py."""

from pathlib import Path
from typing import Any, NoReturn

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from coursework.assignments import Assignment


class Release(NbGraderPreprocessor):  # type: ignore[misc]
    """``nbgrader generate_assignment`` makes what ``make assignments`` makes."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        path = Path(resources["metadata"]["path"], f"{resources['nbgrader']['notebook']}.ipynb")
        return Assignment(path).released, resources


class Refuse(NbGraderPreprocessor):  # type: ignore[misc]
    """``nbgrader autograde`` runs students' code with the teacher's rights; this one does not."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> NoReturn:
        raise RuntimeError(
            "Nothing was run: nbgrader's own autograding puts no wall between students' code and "
            "your files. Use `make grade SUBMISSIONS=…/submitted`, which does."
        )
