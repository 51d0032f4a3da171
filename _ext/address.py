"""Where this checkout is published, if it is: read off its remote.

``python _ext/address.py`` prints the address of the site, or an empty line.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def public_address(remote: str) -> str | None:
    """The web address of a GitHub remote, or None where the remote is no public GitHub one."""
    match = re.fullmatch(r"(?:https://|git@|ssh://git@)github\.com[:/](.+?)(?:\.git)?/?", remote)
    return f"https://github.com/{match[1]}" if match else None


def git(*arguments: str) -> str:
    """What git prints, or an empty text outside a checkout."""
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return result.stdout.strip()


def repository() -> str | None:
    """The web address of this checkout's repository, if it is a public one."""
    return public_address(git("remote", "get-url", "origin"))


def site() -> str:
    """The address of the published site, or an empty text."""
    found = repository()
    if not found:
        return ""
    owner, name = found.rsplit("/", 2)[-2:]
    return f"https://{owner}.github.io/{name}/"


if __name__ == "__main__":
    print(site())
