"""The bibliography holds what the chapters cite, and nothing else."""

import re

from notebooks import NOTEBOOKS, PAGES, ROOT, cells

ENTRIES = re.findall(r"^@\w+\{([^,\s]+),$", (ROOT / "references.bib").read_text("utf-8"), re.M)


def cited() -> set[str]:
    texts = (
        cell.source for path in [*NOTEBOOKS, *PAGES] for cell in cells(path) if cell.is_markdown
    )
    lists = (found for text in texts for found in re.findall(r"\{cite[\w:]*\}`([^`]+)`", text))
    return {key.strip() for keys in lists for key in keys.split(",")}


def test_no_entry_stands_there_twice():
    assert ENTRIES
    assert len(ENTRIES) == len(set(ENTRIES))


def test_every_entry_is_cited_and_every_cited_work_has_one():
    assert set(ENTRIES) == cited()
