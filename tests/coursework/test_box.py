"""The grader's side of the sandbox waits for nobody and believes nobody, whoever the worker is."""

import os
import re
import sys
import time
from textwrap import indent

import pytest

from coursework.sandbox import Box, Limits, NoSandbox, Reply, Stopped, Tampered, box, ready, wire

HONEST = '{"id": q["id"], "kind": "done", "value": None, "error": None, "printed": ""}'
WELCOME = 'import json, os, sys, time\nprint(\'{"id":"ready"}\', flush=True)\n'


@pytest.fixture
def started(monkeypatch):
    """A box around a program of our own in place of the worker."""

    def start(program):
        command = [sys.executable, "-I", "-S", "-c", program]
        monkeypatch.setattr(box, "unprotected", lambda limits: command)
        return Box(Limits(start=10.0), trusted=True)

    return start


@pytest.fixture
def answering(started):
    """A box around a program that does this for each question ``q``."""

    def start(body):
        loop = f"for line in sys.stdin:\n    q = json.loads(line)\n{indent(body, '    ')}\n"
        return started(WELCOME + loop)

    return start


def says(message):
    return f"print(json.dumps({message}), flush=True)"


def test_an_honest_answer_is_taken_and_the_worker_ends_with_the_box(answering):
    with answering(says(HONEST)) as made:
        assert made.ask("run", "x", seconds=5.0) == Reply("done", None, None, "")
        assert made.ask("run", "y", seconds=5.0).kind == "done"
        assert made._process.poll() is None
    assert made._process.poll() is not None


def test_it_asks_what_it_is_told_to_ask_under_a_number_that_is_new_each_time(answering):
    honest = HONEST.replace('"printed": ""', '"printed": line')
    with answering(says(honest)) as made:
        asked = [wire.from_line(made.ask("run", "x", [1], seconds=5.0).printed.encode())]
        asked.append(wire.from_line(made.ask("run", "x", [1], seconds=5.0).printed.encode()))
    assert [(q["do"], q["with"]) for q in asked] == [("run", ["x", [1]])] * 2
    assert len({q["id"] for q in asked}) == 2
    assert all(len(q["id"]) == 32 for q in asked)


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        ("time.sleep(60)", Stopped, "took too long"),
        ("sys.stdout.write('{'); sys.stdout.flush(); time.sleep(60)", Stopped, "took too long"),
        ("os._exit(0)", Stopped, "ended the program"),
        (says(HONEST.replace('q["id"]', '"0" * 32')), Tampered, "to no question"),
        (says(HONEST.replace('"done"', '"well done"')), Tampered, "to no question"),
        (says("[]"), Tampered, "no message"),
        (says(f"{HONEST}), json.dumps({HONEST}") + "; time.sleep(60)", Tampered, "no JSON"),
        (f"print(json.dumps({HONEST}) + chr(10), flush=True)", Tampered, "more came"),
        ("print('x' * 5_000_000, flush=True)", Tampered, "longer than any may be"),
    ],
    ids=str,
)
def test_anything_else_ends_the_worker_and_says_why(answering, body, kind, told):
    with answering(body) as made:
        with pytest.raises(Stopped, match=told) as stopped:
            made.ask("run", "x", seconds=1.0)
        assert type(stopped.value) is kind
        assert made._process.poll() is not None


def test_an_answer_before_the_question_is_no_answer(started):
    with started(WELCOME + "time.sleep(0.1); print('{}', flush=True); time.sleep(60)") as made:
        time.sleep(0.5)
        with pytest.raises(Tampered, match="before the question"):
            made.ask("run", "x", seconds=1.0)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("time.sleep(60)", "took too long"),  # more than a pipe holds, and nobody reads it
        ("os.close(0); time.sleep(60)", "ended the program"),
    ],
)
def test_a_long_question_to_a_worker_that_does_not_listen_waits_no_longer(started, program, told):
    with started(WELCOME + program) as made:
        time.sleep(0.2)
        begun = time.monotonic()
        with pytest.raises(Stopped, match=told):
            made.ask("run", "x" * 3_000_000, seconds=0.5)
        assert time.monotonic() - begun < 5.0


def test_the_time_of_the_whole_submission_ends_each_question(answering):
    with answering("time.sleep(60)") as made:
        begun = time.monotonic()
        made.deadline = begun + 0.2
        with pytest.raises(Stopped, match="took too long"):
            made.ask("run", "x", seconds=60.0)
        assert time.monotonic() - begun < 5.0


def test_a_worker_that_begins_otherwise_is_no_worker(started):
    with pytest.raises(NoSandbox, match="began with b'hello"):
        started("print('hello', flush=True)")


def test_a_worker_that_does_not_start_is_no_student_s_fault_and_its_complaint_is_told(started):
    with pytest.raises(NoSandbox, match="nothing goes here"):
        started("import sys; sys.exit('nothing goes here')")


# --- What an answer is ---------------------------------------------------------------------------


def message(**changed):
    whole = {"id": "7", "kind": "value", "value": 1, "error": None, "printed": "p"} | changed
    return {key: value for key, value in whole.items() if value is not ...}


def test_an_error_comes_with_its_line():
    reply = box.understood(message(kind="error", value=None, error=["E", "m", 3]), "7")
    assert reply == Reply("error", None, ("E", "m", 3), "p")


def test_of_what_comes_only_as_much_is_kept_as_an_honest_worker_sends():
    error = ["E" * 1000, "m" * 1000, None]
    reply = box.understood(message(kind="error", error=error, printed="p" * 20_000), "7")
    assert reply.error == ("E" * 100, "m" * 500, None)
    assert reply.printed == "p" * 10_000


@pytest.mark.parametrize(
    "wrong",
    [
        message(id="8"),
        message(id=7),
        message(id=...),
        message(kind="run"),
        message(kind=["done"]),
        message(value=...),
        message(error="E"),
        message(error=["E", "m"]),
        message(error=["E", "m", "3"]),
        message(error=["E", None, 3]),
        message(printed=...),
        message(printed=None),
        message(more=1),
        message(kind="error"),  # and none is told
        message(error=["E", "m", 3]),  # and it is a value
        message(value={"float": "one"}),
    ],
)
def test_what_has_not_the_shape_of_an_answer_is_none(wrong):
    with pytest.raises(wire.Malformed):
        box.understood(wrong, "7")


# --- Whether there is a sandbox ------------------------------------------------------------------


def test_without_bubblewrap_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandbox, match="apt install bubblewrap") as missing:
        ready.__wrapped__()
    assert str(missing.value) == box.HOW_TO_INSTALL


def test_where_bubblewrap_is_forbidden_it_says_so_too(monkeypatch, tmp_path):
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho no permissions to make a new namespace >&2\nexit 1\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NoSandbox, match=r"(?s)apt install.*no permissions to make"):
        ready.__wrapped__()


def test_a_sandbox_with_a_hole_is_not_used(monkeypatch):
    monkeypatch.setattr(box, "SELF_TEST", "raise SystemExit('a file could be written')")
    with pytest.raises(NoSandbox, match="does not hold: a file could be written"):
        ready.__wrapped__()


def test_a_sandbox_that_gives_wrong_answers_is_not_used(monkeypatch):
    monkeypatch.setattr(box, "SELF_TEST", "def sum_of(x, *, y):\n    return x - y")
    with pytest.raises(NoSandbox, match=r"does not work: 3 \+ 0.5 came to .*value=2.5"):
        ready.__wrapped__()


def test_libraries_are_mounted_where_the_system_has_them(monkeypatch):
    monkeypatch.setattr(box.os.path, "islink", lambda path: path == "/lib")
    monkeypatch.setattr(box.os, "readlink", lambda path: "usr/lib")
    monkeypatch.setattr(box.os.path, "isdir", lambda path: path == "/lib64")
    command = " ".join(box.sandbox(Limits()))
    assert " --symlink usr/lib /lib " in command
    assert " --ro-bind /lib64 /lib64 " in command
    assert "lib32" not in command


def test_a_pipe_that_is_not_ready_after_all_is_tried_again(answering, monkeypatch):
    with answering(says(HONEST)) as made:
        honest, refused = {"read": os.read, "write": os.write}, set()

        def stubborn(name):
            def do(handle, *rest):
                if handle in (made._into, made._out) and name not in refused:
                    refused.add(name)
                    raise BlockingIOError
                return honest[name](handle, *rest)

            return do

        for name in honest:
            monkeypatch.setattr(box.os, name, stubborn(name))
        assert made.ask("run", "x", seconds=5.0).kind == "done"
        assert refused == {"read", "write"}
        refused.discard("read")
        assert made._peek() == b""


@pytest.mark.parametrize("line", re.findall(r"^refused\(.*", box.SELF_TEST, re.M))
def test_the_self_test_tells_each_thing_that_is_not_refused(line):
    helper = re.search(r"^def refused.*?(?=^refused)", box.SELF_TEST, re.M | re.S)
    what, allowed = line.split('"')[1], re.sub(", .*", ", print)", line)
    with pytest.raises(SystemExit, match=what):
        exec(f"{helper[0]}\n{allowed}", {})


def test_root_becomes_nobody_and_others_are_nobody_at_once(monkeypatch):
    monkeypatch.setattr(box.os, "geteuid", lambda: 0)
    assert box.whoever()[1::2] == ["CAP_SETUID", "CAP_SETGID"]
    monkeypatch.setattr(box.os, "geteuid", lambda: 1000)
    assert box.whoever()[0] == "--unshare-user"
    assert box.whoever()[-4:] == ["--uid", "65534", "--gid", "65534"]


def test_a_worker_sees_no_variable_of_the_grader_s(monkeypatch):
    monkeypatch.setenv("SECRET", "s")
    assert set(box.environment()) == {
        "LANG",
        "PATH",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
    }
    assert "SECRET" not in " ".join(box.sandbox(Limits()))
