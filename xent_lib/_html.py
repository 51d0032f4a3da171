"""The shell that explorables, quizzes and checks share: HTML that stands without JavaScript.

A component is a ``<div>`` with its parameters as data and a readable fallback inside. The script
that brings it to life is kept out of saved notebooks: the website loads it once a page, and a
live notebook gets it inline, because there is no other place from which a front end could fetch it.
"""

import json
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from xent_lib._text import inline

STATIC = Path(__file__).parent / "static"


def component(kind: str, params: dict[str, Any], fallback: str) -> str:
    """HTML of an interactive component: its data, its fallback and, if live, its script."""
    data = escape(json.dumps(params, ensure_ascii=False, allow_nan=False))
    html = f'<div class="xent" data-xent="{escape(kind)}" data-params="{data}">{fallback}</div>'
    return f"{html}<style>{style()}</style><script>{script([kind])}</script>" if live() else html


def report(title: str, facts: Iterable[tuple[str, str]], told: Iterable[str]) -> str:
    """HTML of a result: a title, a table of names and values, and a list of what else to know."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{inline(value)}</td></tr>'
        for name, value in facts
    )
    points = "".join(f"<li>{inline(text)}</li>" for text in told)
    look = f"<style>{style()}</style>" if live() else ""
    return (
        f'<div class="xent xent-result"><p><strong>{escape(title)}</strong></p>'
        f"<table><tbody>{rows}</tbody></table>{points and f'<ul>{points}</ul>'}</div>{look}"
    )


def style() -> str:
    """All style sheets as one."""
    return "\n".join(path.read_text("utf-8") for path in sorted(STATIC.glob("*.css")))


def script(kinds: Iterable[str] | None = None) -> str:
    """The scripts of components of these kinds, or of all, behind the core that they share."""
    scripts = [path.read_text("utf-8") for path in sorted(STATIC.glob("*.js"))]
    if kinds is not None:
        starts = [f'define("{kind}",' for kind in kinds]
        scripts = [text for text in scripts if any(start in text for start in starts)]
    core = STATIC.joinpath("core.js").read_text("utf-8")
    return "\n".join([core, *(text for text in scripts if text != core)])


def live() -> bool:
    """True where a person sits at the notebook, false where a program runs it.

    Front ends let a cell ask for input; nbclient and nbval, which run notebooks unattended, do
    not. JupyterLite's kernel runs in the reader's own browser, so it is always live.
    """
    if sys.platform == "emscripten":
        return True
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))
