"""What the tests of the coursework need of the machine."""

import os
import shutil
import subprocess

import pytest

from coursework.sandbox import NoSandbox, ready


def pytest_sessionstart() -> None:
    """Get bubblewrap where it is missing; without it, grading cannot be tested and must fail."""
    if not shutil.which("bwrap") and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "bubblewrap"]):
            subprocess.run(["apt-get", *command])


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> None:
    try:
        ready()
    except NoSandbox as missing:
        pytest.exit(str(missing), returncode=1)
