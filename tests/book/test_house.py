"""The repository keeps its promises: locked, offline, one version, nothing generated."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from notebooks import ROOT, name

# Written in parts, so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("anaconda", "com"),
        ("crates", "io"),
    )
]
PLACEHOLDERS = [
    "".join(parts)
    for parts in (
        ("example", ".com"),
        ("example", ".org"),
        ("your", "-username"),
        ("your", "_username"),
        ("your", "username"),
        ("your", "-name"),
        ("your", "-org"),
        ("your", "-repo"),
        ("<user", "name>"),
        ("<own", "er>"),
        ("TO", "DO"),
    )
]
GENERATED = re.compile(
    r"(^|/)(_build|\.ipynb_checkpoints|__pycache__|\.venv[\w-]*|[^/]+\.egg-info|\.pytest_cache"
    r"|\.hypothesis|\.\w+_cache|\.jupyter_cache|\.benchmarks)/|\.py[co]$|(^|/)\.coverage|\.orig$"
)


def read(file: str) -> str:
    return (ROOT / file).read_text("utf-8")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def files() -> list[str]:
    """Everything that git tracks or would add."""
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the book is no git checkout")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    return [file for file in listed.stdout.split("\0") if file and (ROOT / file).is_file()]


@pytest.fixture(scope="module")
def texts(files) -> dict[str, str]:
    return {file: (ROOT / file).read_bytes().decode("utf-8", "replace") for file in files}


REQUIREMENTS = ["requirements.txt", "requirements-frameworks.txt", "requirements-peers.txt"]


@pytest.mark.parametrize("file", REQUIREMENTS)
def test_requirements_are_exact_versions_without_addresses(file):
    lines = [line for line in read(file).splitlines() if not line.startswith("#")]
    loose = [line for line in lines if not re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+( ;|$)", line)]
    assert not loose, f"not pinned: {loose}"
    assert "://" not in read(file)


@pytest.mark.parametrize("forbidden", [*REGISTRIES, *PLACEHOLDERS])
def test_no_file_holds_a_registry_or_a_placeholder(texts, forbidden):
    word = re.compile(rf"(?<![\w-]){re.escape(forbidden)}(?![\w-])")
    assert not [file for file, text in texts.items() if word.search(text)]


def test_no_file_names_the_folder_of_this_checkout(texts):
    assert not [file for file, text in texts.items() if str(ROOT) in text]


def test_nothing_generated_is_in_git(files):
    assert not [file for file in files if GENERATED.search(file)]


def test_every_place_tells_the_same_version():
    project = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    changelog = re.search(r"^## \[?v?(\d+\.\d+\.\d+\S*?)\]?( |$)", read("CHANGELOG.md"), re.M)
    library = run(sys.executable, "-c", "import xent_lib; print(xent_lib.__version__)")
    versions = {
        "pyproject.toml": project,
        "CHANGELOG.md": changelog and changelog[1],
        "CITATION.cff": yaml.safe_load(read("CITATION.cff"))["version"],
        "xent_lib": library.stdout.strip() or library.stderr,
    }
    assert len(set(versions.values())) == 1, versions


def test_the_library_loads_numpy_alone():
    code = "import sys, xent_lib; print(*{module.partition('.')[0] for module in sys.modules})"
    result = run(sys.executable, "-c", code)
    assert result.returncode == 0, result.stderr
    heavy = {"scipy", "matplotlib", "sklearn", "pandas", "IPython", "ipykernel", "ipywidgets"}
    assert not heavy & set(result.stdout.split())


def test_the_workflows_are_valid():
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert workflows
    schema = ["--builtin-schema", "vendor.github-workflows"]
    result = run(sys.executable, "-m", "check_jsonschema", *schema, *map(name, workflows))
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_citation_file_has_what_a_citation_needs():
    citation = yaml.safe_load(read("CITATION.cff"))
    needed = {"cff-version", "message", "title", "authors", "version", "date-released", "license"}
    assert needed <= set(citation)
    assert citation["authors"]


def test_the_licences_are_there():
    assert "MIT License" in read("LICENSE")
    assert re.search(r"CC BY 4\.0|Attribution 4\.0", read("LICENSE-TEXT.md"))
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "MIT"


def test_the_readme_tells_the_two_commands():
    assert {"make book", "make test"} <= set(re.findall(r"make \w+", read("README.md")))


@pytest.mark.skipif(os.name == "nt", reason="make and its shell are not Windows's own")
def test_make_help_tells_every_target():
    phony = re.search(r"^\.PHONY:(.*)$", read("Makefile"), re.MULTILINE)[1].split()
    told = set(re.findall(r"^make ([\w-]+)", run("make", "help").stdout, re.MULTILINE))
    assert told == set(phony)
    assert {"help", "book", "serve", "test", "notebooks", "lint", "clean"} <= told
