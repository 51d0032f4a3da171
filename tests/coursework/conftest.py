"""What the tests of the coursework need of the machine."""

from pathlib import Path

import pytest

from coursework.gradebook import Store
from coursework.sandbox import NoSandbox, ready


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> None:
    """Without bubblewrap, grading cannot be tested, and that is no reason to pass."""
    try:
        ready()
    except NoSandbox as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory) -> Path:
    """A new gradebook, to be copied: to make one takes nbgrader seconds."""
    path = tmp_path_factory.mktemp("book") / "gradebook.db"
    Store(f"sqlite:///{path}")._book.close()
    return path
