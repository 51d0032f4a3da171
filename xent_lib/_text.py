"""The little markup that quizzes and checks understand: `code` and *emphasis*."""

import re
from html import escape


def inline(text: str) -> str:
    """Plain text as safe HTML; backticks make code, stars emphasis.

    >>> inline("`a < b` is *not* a < b")
    '<code>a &lt; b</code> is <em>not</em> a &lt; b'
    """
    pieces = re.split(r"`([^`]+)`", text)  # every second piece stood between backticks
    pieces[::2] = map(_prose, pieces[::2])
    pieces[1::2] = [f"<code>{escape(code)}</code>" for code in pieces[1::2]]
    return "".join(pieces)


def _prose(text: str) -> str:
    text = re.sub(r"\*(\S(?:[^*]*\S)?)\*", r"<em>\1</em>", escape(text))
    return re.sub(r"\b[A-Z]\([^()]+ [^()]+\)", r'<span class="xent-whole">\g<0></span>', text)
