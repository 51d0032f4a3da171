"""What the tests of the coursework need of the machine: bubblewrap, and PostgreSQL.

``python -m tests.coursework.machine`` installs what is missing, where it can.
"""

import os
import shutil
import subprocess
from pathlib import Path


def postgres() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of the way."""
    folders = [*map(Path, os.environ["PATH"].split(os.pathsep))]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    has = (one for one in folders if (one / "initdb").exists() and (one / "postgres").exists())
    return next(has, None)


def missing() -> list[str]:
    """The packages that are not there."""
    here = {"bubblewrap": shutil.which("bwrap"), "postgresql": postgres()}
    return [package for package, path in here.items() if not path]


if __name__ == "__main__":
    if missing() and shutil.which("apt-get"):
        rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
        for command in (["update", "-qq"], ["install", "-y", "-qq", *missing()]):
            subprocess.run([*rights, "apt-get", *command])
    for package in missing():
        print(f"{package} is missing, and could not be installed.")
