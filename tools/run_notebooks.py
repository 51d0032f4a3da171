"""Run notebooks from the first cell to the last and save their outputs, two at a time.

What is saved depends on the notebook alone: no times, no version of the machine's Python.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def run(path: Path) -> None:
    """Run one notebook in its own folder and save it. A cell that fails stops everything."""
    notebook = nbformat.read(path, as_version=4)
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["kernelspec"] = kernelspec
    client = NotebookClient(
        notebook,
        timeout=300,
        record_timing=False,
        coalesce_streams=True,  # or a print comes in one piece or in two, as chance has it
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    print(path)


if __name__ == "__main__":
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(run, map(Path, sys.argv[1:])))
