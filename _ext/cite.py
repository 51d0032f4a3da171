"""How to cite: a folded box at the foot of each chapter, and what reference managers read.

Everything is taken from CITATION.cff, from the title of the page and, where the checkout knows
it, from the public address of the site.
"""

from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import address
import yaml
from sphinx.application import Sphinx

HERE = Path(__file__).parent
BIBLIOGRAPHY = "chapters/reference/bibliography"


class Book(NamedTuple):
    """What CITATION.cff says of the book."""

    title: str
    authors: list[str]
    version: str
    released: str  # year-month-day

    @property
    def year(self) -> str:
        return self.released[:4]


class Citation(NamedTuple):
    """The book, or one chapter of it."""

    book: Book
    page: str
    chapter: str  # its title, or nothing for the book as a whole
    url: str  # or nothing

    def text(self) -> str:
        """In a line, for a list of references."""
        book = self.book
        title = f"{self.chapter}. In: {book.title}" if self.chapter else book.title
        who, end = " and ".join(book.authors), f" {self.url}" if self.url else ""
        return f"{who} ({book.year}). {title}, version {book.version}.{end}"

    def bibtex(self) -> str:
        """As an entry of a BibTeX file."""
        name = self.page.removeprefix("chapters/").replace("/", "-")
        kind, key = ("incollection", f"xent-{name}") if self.chapter else ("book", "xent")
        fields = {
            "author": " and ".join(f"{{{author}}}" for author in self.book.authors),
            "title": f"{{{self.chapter or self.book.title}}}",
            "booktitle": f"{{{self.book.title}}}" if self.chapter else "",
            "year": self.book.year,
            "note": f"Version {self.book.version}",
            "url": self.url,
        }
        lines = [f"  {field} = {{{value}}},\n" for field, value in fields.items() if value]
        return f"@{kind}{{{key},\n{''.join(lines)}}}"

    def meta(self) -> str:
        """As tags for the head of the page, in the names that Google Scholar and Zotero read."""
        book = self.book
        tags = [
            ("title", self.chapter or book.title),
            *(("author", author) for author in book.authors),
            ("publication_date", book.released.replace("-", "/")),
            *([("inbook_title", book.title)] if self.chapter else []),
            ("language", "en"),
            *([("fulltext_html_url", self.url)] if self.url else []),
        ]
        return "".join(
            f'<meta name="citation_{name}" content="{escape(text)}" />\n' for name, text in tags
        )


def book() -> Book:
    """The book as CITATION.cff has it."""
    cff = yaml.safe_load((HERE.parent / "CITATION.cff").read_text("utf-8"))
    authors = [author["name"] for author in cff["authors"]]
    return Book(cff["title"], authors, str(cff["version"]), str(cff["date-released"]))


def citation(app: Sphinx, page: str) -> Citation | None:
    """What a page is cited as: a chapter, the book as a whole, or nothing."""
    home = page in (app.config.root_doc, BIBLIOGRAPHY)
    if page not in app.env.titles or (is_list(app, page) and not home):
        return None
    site = address.site()
    if home:
        return Citation(book(), page, "", site)
    url = site and site + app.builder.get_target_uri(page)
    return Citation(book(), page, app.env.titles[page].astext(), url)


def is_list(app: Sphinx, page: str) -> bool:
    """Whether a page is one of the lists and tables of the reference, which nobody cites."""
    return page.startswith("chapters/reference/") and app.env.doc2path(page).endswith(".md")


def add_citation(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Write the citation at the foot of the page and into its head."""
    cited = citation(app, pagename) if app.builder.name == "html" else None
    if cited is None:
        return
    what = "chapter" if cited.chapter else "book"
    text = app.builder.highlighter.highlight_block(cited.text(), "text")  # type: ignore[attr-defined]
    bibtex = app.builder.highlighter.highlight_block(cited.bibtex(), "bibtex")  # type: ignore[attr-defined]
    context["body"] += (
        f'<details class="cite"><summary>Cite this {what}</summary>'
        f'<div class="highlight-text notranslate">{text}</div>'
        f'<div class="highlight-bibtex notranslate">{bibtex}</div></details>'
    )
    if pagename != BIBLIOGRAPHY:
        context["metatags"] += cited.meta()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the functions above to the steps of a build."""
    app.connect("html-page-context", add_citation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
