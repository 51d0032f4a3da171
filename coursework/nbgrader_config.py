"""For teachers who hand out and collect with nbgrader: run its commands in this folder.

``nbgrader generate_assignment`` makes what ``make assignments`` makes; ``nbgrader autograde``
refuses, and ``make grade`` takes its place.
"""

import os
import sys

from nbgrader.preprocessors import SaveCells

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from coursework.nbgrader_steps import Refuse, Release  # noqa: E402

c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.CourseDirectory.root = HERE
c.GenerateAssignment.preprocessors = [Release, SaveCells]
c.Autograde.sanitize_preprocessors = [Refuse]
c.Autograde.autograde_preprocessors = [Refuse]
