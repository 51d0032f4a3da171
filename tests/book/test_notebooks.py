"""The committed notebooks are whole: run in order, outputs kept, described, and built alike."""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator

import nbformat
import pytest
import yaml
from notebooks import (
    CHAPTERS,
    INLINE_CODE,
    NOTEBOOKS,
    PAGES,
    ROOT,
    Cell,
    called,
    cells,
    joined,
    load,
    mask,
    name,
)

LONGEST_CELL = 15
LONGEST_FOLDED_CELL = 30
LONGEST_REMOVED_CELL = 40  # a quiz with its reasons, never seen as code on the site
MEDIAN_CELL = 4
SHORTEST_ALT = 40

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=name)
each_page = pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=name)


def code_cells(path) -> list[Cell]:
    return [cell for cell in cells(path) if cell.is_code]


def payloads(cell: Cell) -> Iterator[tuple[str, str]]:
    """The outputs of a cell: (media type, content)."""
    for output in cell.outputs:
        yield "text/plain", joined(output.get("text", ""))
        for kind, content in output.get("data", {}).items():
            yield kind, joined(content) if isinstance(content, str | list) else str(content)


def report(problems: Iterator[str] | list[str]) -> None:
    problems = list(problems)
    assert not problems, "\n".join(problems)


def test_the_table_of_contents_lists_exactly_the_pages_there_are():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [toc["root"]]
    listed += [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    there = [name(path.with_suffix("")) for path in [*NOTEBOOKS, *PAGES]]
    assert sorted(listed) == sorted(there)


# As a file


@each_notebook
def test_is_a_valid_notebook_of_this_python_and_of_no_machine(path):
    notebook = load(path)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    ids = Counter(cell["id"] for cell in notebook["cells"])
    assert max(ids.values()) == 1, f"cell ids used twice: {ids.most_common(3)}"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
    assert "version" not in notebook["metadata"].get("language_info", {}), "run `make notebooks`"
    for cell in cells(path):
        known = {"tags", "jupyter", "mystnb", "slideshow"}
        assert set(cell.metadata) <= known, (
            f"cell {cell.number}: metadata {set(cell.metadata) - known} belongs to one machine or "
            "one run: save with `make notebooks`"
        )


@each_notebook
def test_names_no_folder_of_one_machine(path):
    place = re.compile(r"(?<![\w.])(/home/|/root/|/Users/|/tmp/|[A-Z]:\\\w)")
    report(
        f"cell {cell.number}: {match[0]!r} is a folder of one machine"
        for cell in cells(path)
        for text in [cell.source, *(content for _, content in payloads(cell))]
        if (match := place.search(text))
    )


# As a run


@each_notebook
def test_every_code_cell_is_run_in_order_without_error(path):
    counts = [cell.raw["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1)), "run it anew: `make notebooks`"
    for cell in code_cells(path):
        assert cell.source.strip(), f"cell {cell.number} is empty"
        for output in cell.outputs:
            assert output["output_type"] != "error", f"cell {cell.number} ends in an error"
            assert output.get("name") != "stderr", f"cell {cell.number} warns: {output['text']}"


def run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a cell's code that run with the cell: all but the bodies of its functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield child
            yield from run_at_once(child)


def shows_something(cell: Cell) -> bool:
    """Whether the code must leave an output: it ends in a plain value, prints, or shows a thing.

    What any other function shows cannot be seen here: nbval compares it.
    """
    last = cell.tree.body[-1]
    if isinstance(last, ast.Expr) and not isinstance(
        last.value, ast.Call | ast.Await | ast.Constant
    ):
        return True
    calls = [called(node) for node in run_at_once(cell.tree) if isinstance(node, ast.Call)]
    shown = r"print|display|plt\.show|(quiz\.)?(Quiz|Predict)|(explorables|checks)\.\w+"
    return any(re.fullmatch(shown, call) for call in calls)


@each_notebook
def test_cells_that_show_something_keep_it(path):
    report(
        f"cell {cell.number}: its outputs were stripped, run `make notebooks`"
        for cell in code_cells(path)
        if shows_something(cell) and not cell.outputs
    )


@each_notebook
def test_every_cell_is_compared_when_it_is_run_again(path):
    escapes = {"skip-execution", "raises-exception"}
    for cell in code_cells(path):
        tags = {tag for tag in cell.tags if tag.startswith("nbval") or tag in escapes}
        assert not tags, f"cell {cell.number}: {tags} keeps it out of the comparison"
        assert not re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source)


@each_notebook
def test_outputs_carry_no_script(path):
    report(
        f"cell {cell.number}: saved from a live front end, with the script in its output: "
        "run `make notebooks`"
        for cell in code_cells(path)
        for _, content in payloads(cell)
        if "<script" in content
    )


def unsteady(cell: Cell) -> Iterator[str]:
    """What would come out differently in the next run."""
    clocks = {"time", "timeit", "datetime", "secrets", "uuid"}
    steady = {"Generator", "SeedSequence", "PCG64"}
    for node in ast.walk(cell.tree):
        modules: set[str] = set()
        match node:
            case ast.Import(names=names):
                modules = {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module), names=names):
                modules = {module.partition(".")[0]}
                if modules == {"random"} and [alias.name for alias in names] != ["Random"]:
                    yield f"`{ast.unparse(node)}`: the shared state of random has no seed"
            case ast.Call():
                owner, _, function = called(node).rpartition(".")
                seeded = any(getattr(arg, "value", arg) is not None for arg in node.args)
                seeded = seeded or bool(node.keywords)
                if function in {"default_rng", "Random", "RandomState"}:
                    if not seeded:
                        yield f"`{ast.unparse(node)}` has no seed"
                elif owner == "random" or (
                    owner in {"np.random", "numpy.random"} and function not in steady
                ):
                    yield f"`{ast.unparse(node)}`: draw from np.random.default_rng(seed) instead"
        if modules & clocks:
            yield f"`{ast.unparse(node)}` brings in a clock or a chance without a seed"


@each_notebook
def test_nothing_comes_out_differently_in_the_next_run(path):
    report(f"cell {cell.number}: {why}" for cell in code_cells(path) for why in unsteady(cell))


# As something to read


@each_notebook
def test_cells_are_short(path):
    seen = []
    for cell in code_cells(path):
        most = LONGEST_CELL
        if any(tag.startswith("hide-") for tag in cell.tags):
            most = LONGEST_FOLDED_CELL
        elif any(tag.startswith("remove-") for tag in cell.tags):
            most = LONGEST_REMOVED_CELL
        else:
            seen.append(cell.code_lines)
        assert cell.code_lines <= most, f"cell {cell.number}: {cell.code_lines} lines, not {most}"
    assert statistics.median(seen or [0]) <= MEDIAN_CELL, f"lines of the cells: {seen}"


@each_notebook
def test_what_the_site_hides_is_folded_in_jupyter_too(path):
    report(
        f"cell {cell.number}: tagged {cell.tags}, but not `jupyter.source_hidden`"
        for cell in code_cells(path)
        if cell.tags & {"remove-cell", "hide-cell", "hide-input", "remove-input"}
        and not cell.hidden_in_jupyter
    )


@each_notebook
def test_claims_stand_in_cells_that_the_site_leaves_out(path):
    for cell in code_cells(path):
        if cell.calls("claim"):
            assert "remove-cell" in cell.tags, f"cell {cell.number}: tag it remove-cell"
            assert not cell.outputs, f"cell {cell.number}: nobody sees its output"


@each_notebook
def test_every_picture_is_told_in_words_and_has_a_caption(path):
    for cell in code_cells(path):
        if not any(kind.startswith("image/") for kind, _ in payloads(cell)):
            continue
        alt, caption = cell.figure["alt"].strip(), cell.figure["caption"].strip()
        where = f"cell {cell.number}: metadata mystnb.image.alt"
        assert len(alt) >= SHORTEST_ALT, f"{where} must tell what is to be seen; it is {alt!r}"
        assert not re.search(r"\.(png|svg|jpe?g|webp)\b", alt), f"{where} is a file name: {alt!r}"
        assert not re.match(r"(?i)(a |the )?(figure|image|picture|plot|graph) (of|show)", alt), (
            f"{where} is read out as a picture anyway: begin with what it shows, not {alt!r}"
        )
        assert caption, f"cell {cell.number}: metadata mystnb.figure.caption is missing"
        assert caption != alt, f"cell {cell.number}: the caption says what the alt text says"


@each_page
def test_pictures_in_the_text_have_alt_texts(path):
    for cell in cells(path):
        if cell.is_markdown:
            text = mask(cell.source, INLINE_CODE)
            assert "<img" not in text, f"cell {cell.number}: write ![what is to be seen](file)"
            for match in re.finditer(r"!\[([^\]]*)\]\(", text):
                assert len(match[1]) >= SHORTEST_ALT, f"cell {cell.number}: alt text {match[1]!r}"


@each_page
def test_nothing_is_loaded_from_another_host(path):
    loading = re.compile(
        r"""!\[[^\]]*\]\(\s*<?(?:https?:)?//\S*        # a Markdown picture
        |```\{(?:image|figure|iframe)\}\s+https?://\S+  # a picture by directive
        |\bsrc(?:set)?\s*=\s*["'\\]*(?:https?:)?//\S*   # anything with a source
        |<(?:link|object|embed)\b[^>]*https?://\S*
        |\burl\(\s*["']?(?:https?:)?//\S*|@import\b""",
        re.VERBOSE,
    )
    report(
        f"cell {cell.number}: loads {match[0]!r} from another host"
        for cell in cells(path)
        for text in [cell.source, *(content for _, content in payloads(cell))]
        if (match := loading.search(text))
    )


@each_page
def test_the_voice_is_kept(path):
    report(
        f"cell {cell.number} ({kind}): {match[0]!r} says nothing or talks down: leave it out"
        for cell in cells(path)
        for kind, text in cell.texts()
        if (match := re.search(r"(?i)\b(simply|obviously|super)\b", mask(mask(text), INLINE_CODE)))
    )


# As a chapter


def whole_text(path) -> str:
    return "\n\n".join(cell.source for cell in cells(path) if cell.is_markdown)


def text_under(path, heading: str) -> str:
    """The Markdown from a heading of level two to the next one."""
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", whole_text(path), re.M | re.S)
    assert found, f"there is no section “## {heading}”"
    return found[1]


def cells_under(path, heading: str) -> list[Cell]:
    """The cells from the one whose last heading of level two is `heading` to the next such cell."""
    current, found = "", []
    for cell in cells(path):
        if cell.is_markdown:
            current = [current, *re.findall(r"^## (.+)$", mask(cell.source), re.MULTILINE)][-1]
        if current == heading:
            found.append(cell)
    return found


@each_chapter
def test_opens_with_title_question_objectives_prerequisites_and_minutes(path):
    text = whole_text(path)
    assert re.match(r"# \S", text), "the first cell begins with “# Title”"
    assert len(re.findall(r"^# (?!_)", mask(text), re.MULTILINE)) == 1, "one title a chapter"
    opening = cells(path)[:8]
    assert any(
        cell.calls("Predict") or "**Predict, then run.**" in cell.source for cell in opening
    ), "no question to predict among the first cells"
    assert re.search(r"\*\*You will be able to:?\*\*:?\n+(?:[-*] .+(?:\n .+)*\n?){2,}", text), (
        "no list under **You will be able to**"
    )
    assert "**You need first:**" in text
    assert re.search(r"\*\*Reading time:\*\* (about )?\d+ minutes", text)


@each_chapter
def test_has_something_to_move(path):
    kinds = [
        kind
        for cell in code_cells(path)
        for _, content in payloads(cell)
        for kind in re.findall(r'data-xent="([\w-]+)"', content)
    ]
    assert set(kinds) - {"quiz", "predict", "check"}, f"no explorable figure, only {kinds}"


@each_chapter
def test_quiz_explains_every_choice(path):
    quizzes = [call for cell in cells_under(path, "Quiz") for call in cell.calls("Quiz")]
    assert quizzes, "no Quiz in the section “## Quiz”"
    for cell in code_cells(path):
        for choice in cell.calls("Choice"):
            whys = [keyword.value for keyword in choice.keywords if keyword.arg == "why"]
            for why in [*choice.args[2:], *whys]:
                assert not (isinstance(why, ast.Constant) and len(why.value.split()) < 3), (
                    f"cell {cell.number}: explain `{ast.unparse(choice)}`"
                )


def is_stub(cell: Cell) -> bool:
    return any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(cell.tree))


def is_check(cell: Cell) -> bool:
    calls = (node for node in ast.walk(cell.tree) if isinstance(node, ast.Call))
    return any(re.search(r"\bcheck", called(call)) for call in calls)


@each_chapter
def test_exercises_have_a_stub_a_check_and_a_folded_solution(path):
    exercises: list[list[Cell]] = []
    for cell in cells_under(path, "Exercises"):
        for number in re.findall(r"^### Exercise (\d+) · \S", cell.source, re.MULTILINE):
            assert int(number) == len(exercises) + 1, f"cell {cell.number}: number {number}"
            exercises.append([])
        if exercises:
            exercises[-1].append(cell)
    assert 3 <= len(exercises) <= 6, f"{len(exercises)} exercises, not three to six"
    for number, exercise in enumerate(exercises, start=1):
        open_cells = [cell for cell in exercise if cell.is_code and "solution" not in cell.tags]
        solutions = [cell for cell in exercise if "solution" in cell.tags]
        assert any(map(is_stub, open_cells)), f"exercise {number} has no stub with `...`"
        assert any(map(is_check, open_cells)), f"exercise {number} has no check"
        assert solutions, f"exercise {number} has no cell tagged solution"
        for cell in solutions:
            assert "hide-cell" in cell.tags, f"exercise {number}: fold the solution by hide-cell"
            assert cell.code_lines or cell.is_markdown, f"exercise {number}: an empty solution"


@each_chapter
def test_closes_with_three_lines_to_remember_and_where_to_read_on(path):
    lines = re.findall(r"^[-*] ", text_under(path, "What to remember"), re.MULTILINE)
    assert len(lines) == 3, f"{len(lines)} points to remember, not three"
    assert "{cite" in text_under(path, "Where to read on"), "nothing cited by {cite}"
