"""The grader's side of the sandbox.

A `Box` starts one worker inside bubblewrap and asks it one question at a time. Each question has a
number that nobody can guess, and only the answer with that number counts; whatever else comes out
of the box means that somebody tampers, and ends it. Nothing here waits without a deadline.
"""

import os
import secrets
import selectors
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from coursework.sandbox import wire

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "xent_lib"

HOW_TO_INSTALL = (
    "Grading runs students' code, and only inside bubblewrap, which this machine does not have or "
    "does not let run. Linux: `apt install bubblewrap`, `dnf install bubblewrap` or `pacman -S "
    "bubblewrap`. Where it is installed and still fails, the system may forbid user namespaces: "
    "see the page For instructors. Windows: grade in WSL. macOS: grade in a Linux virtual machine. "
    "Only for work that you would run yourself without a second thought, your own for example, "
    "there is --trust-students."
)


class NoSandbox(Exception):
    """There is no sandbox to run a student's code in; the message says how to get one."""


class Stopped(Exception):
    """The worker is gone; the message says why, in words for the student."""


class Tampered(Stopped):
    """The worker did what the program in it never does."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use, and how long the grader waits.

    Attributes
    ----------
    call, cell, submission : float
        Seconds for one call of a function, for one cell, and for the whole submission.
    start : float
        Seconds to be up and running.
    memory, file : int
        Bytes of memory, and of all its files together.
    """

    call: float = 5.0
    cell: float = 10.0
    submission: float = 60.0
    start: float = 30.0
    memory: int = 2 << 30
    file: int = 16 << 20


@dataclass(frozen=True)
class Reply:
    """A well-formed answer.

    Attributes
    ----------
    kind : str
        ``done``, ``value``, ``function``, ``missing`` or ``error``.
    value : object
        Plain data.
    error : tuple of (str, str, int or None) or None
        Type, message and line of the cell.
    printed : str
        The beginning of what was printed.
    """

    kind: str
    value: Any
    error: tuple[str, str, int | None] | None
    printed: str


class Box:
    """One worker in its sandbox; a context manager, at whose end nothing of it is left running."""

    def __init__(self, limits: Limits, *, trusted: bool = False) -> None:
        command = unprotected(limits) if trusted else sandbox(limits)
        self.deadline = time.monotonic() + limits.submission
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._into, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._into, False)
        os.set_blocking(self._out, False)
        try:
            line = self._exchange(b"", time.monotonic() + limits.start)
        except Stopped as stopped:
            why = f"{stopped} {self._complaint()}".strip()
            self.close()
            raise NoSandbox(why) from None
        if line != b'{"id":"ready"}\n':
            self.close()
            raise NoSandbox(f"the worker began with {line[:80]!r}")

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill the worker, and with it all that it may have started."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream
            stream.close()

    def _complaint(self) -> str:
        stderr = self._process.stderr
        assert stderr
        os.set_blocking(stderr.fileno(), False)
        said = stderr.read() if not stderr.closed else b""
        return (said or b"").decode("utf-8", "replace")[-2000:]

    def ask(self, do: str, *arguments: Any, seconds: float) -> Reply:
        """Ask one thing and wait for its answer.

        Raises
        ------
        Stopped
            If no answer comes in time, or the worker ends.
        Tampered
            If something comes that was not asked for, or that no honest worker sends.
        """
        if self._readable():
            self._stop(Tampered("an answer came before the question was asked"))
        number = secrets.token_hex(16)
        line = wire.to_line({"id": number, "do": do, "with": list(arguments)})
        answer = self._exchange(line, min(time.monotonic() + seconds, self.deadline))
        try:
            return understood(wire.from_line(answer), number)
        except wire.Malformed as malformed:
            self._stop(Tampered(f"an answer came that no worker gives: {malformed}"))

    def _readable(self) -> bool:
        with selectors.DefaultSelector() as ready:
            ready.register(self._out, selectors.EVENT_READ)
            return bool(ready.select(0)) and bool(self._peek())

    def _peek(self) -> bytes:
        """What can be read now; nothing at the end of the stream."""
        try:
            return os.read(self._out, 1)
        except BlockingIOError:
            return b""

    def _exchange(self, line: bytes, deadline: float) -> bytes:
        """Write all of a line, as far as the worker reads it, and read one line."""
        got = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._out, selectors.EVENT_READ)
            if line:
                ready.register(self._into, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    self._stop(Stopped("it took too long and was stopped"))
                for key, _ in ready.select(left):
                    if key.fd == self._into:
                        line = self._write(line)
                        if not line:
                            ready.unregister(self._into)
                    elif self._read(got):
                        return bytes(got)

    def _write(self, line: bytes) -> bytes:
        try:
            return line[os.write(self._into, line) :]
        except BlockingIOError:
            return line
        except BrokenPipeError:
            self._stop(Stopped("it ended the program that runs it"))

    def _read(self, got: bytearray) -> bool:
        """Whether the line is complete."""
        try:
            piece = os.read(self._out, 1 << 16)
        except BlockingIOError:
            return False
        if not piece:
            self._stop(
                Stopped("it ended the program that runs it, or used too much memory or time")
            )
        got += piece
        if len(got) > wire.LONGEST:
            self._stop(Tampered("an answer came that is longer than any may be"))
        end = got.find(b"\n")
        if 0 <= end < len(got) - 1:
            self._stop(Tampered("more came than the answer to the question"))
        return end >= 0

    def _stop(self, why: Stopped) -> NoReturn:
        self._process.kill()
        self._process.wait()
        raise why


def understood(message: dict[str, Any], number: str) -> Reply:
    """The reply that a message is.

    Raises
    ------
    Malformed
        If it has not exactly the shape of an answer to the question of this number.
    """
    match message:
        case {
            "id": str(id),
            "kind": "done" | "value" | "function" | "missing" | "error" as kind,
            "value": value,
            "error": None | [str(), str(), None | int()] as error,
            "printed": str(printed),
        } if len(message) == 5 and secrets.compare_digest(id.encode(), number.encode()):
            if (kind == "error") != (error is not None):
                raise wire.Malformed("an error that is none")
            whole = (_some(error[0], 100), _some(error[1], 500), error[2]) if error else None
            return Reply(kind, wire.decode(value), whole, _some(printed, 10_000))
    raise wire.Malformed("an answer to no question")


def _some(text: str, most: int) -> str:
    """The beginning of a text; an honest worker sends no more."""
    return wire.text(text[:most])


# --- The command line of the walls ---------------------------------------------------------------


def environment(**more: str) -> dict[str, str]:
    """The variables that a worker sees, and no others."""
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    return {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", **one_thread, **more}


def worker(limits: Limits, trust: str, here: str, *paths: str) -> list[str]:
    """The worker itself, with the folders from which it may import."""
    python = getattr(sys, "_base_executable", sys.executable)
    amounts = (limits.memory, int(limits.submission) + 5, limits.file)
    # -I -S: nothing from the environment, the current folder or a user's packages is imported.
    command = [python, "-I", "-S", f"{here}/worker.py", trust, *map(str, amounts)]
    return [*command, here, *paths]


def site_packages() -> list[str]:
    """Where NumPy and what came with it is."""
    paths = sysconfig.get_paths()
    return sorted({paths["purelib"], paths["platlib"]})


def unprotected(limits: Limits) -> list[str]:
    """The worker with all rights of this user, for code that is trusted."""
    return worker(limits, "trusted", str(HERE), str(LIBRARY.parent), *site_packages())


def sandbox(limits: Limits) -> list[str]:
    """The worker inside bubblewrap."""
    bwrap = shutil.which("bwrap")
    if not bwrap:
        raise NoSandbox(HOW_TO_INSTALL)
    command = [
        bwrap,
        # Nothing of the outside: no network, no other process, no name, no terminal.
        *("--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--new-session", "--die-with-parent", "--clearenv"),
        *("--cap-drop", "ALL"),
        *whoever(),
    ]
    for name, value in environment(HOME="/tmp", PATH="/usr/bin").items():
        command += ["--setenv", name, value]
    # To be read: the system's libraries, Python, its packages, the book's library, the worker.
    folders = {"/usr": "/usr", sys.base_prefix: sys.base_prefix, str(LIBRARY): "/book/xent_lib"}
    folders |= {place: f"/site{i}" for i, place in enumerate(site_packages())}
    folders |= {str(HERE / name): f"/vault/{name}" for name in ("wire.py", "worker.py")}
    for outside, inside in folders.items():
        for parent in reversed(Path(inside).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", outside, inside]
    for name in ("/lib", "/lib64", "/lib32"):
        if os.path.islink(name):
            command += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            command += ["--ro-bind", name, name]
    # To be written: one small folder, gone with the worker.
    command += ["--size", str(limits.file), "--perms", "1777", "--tmpfs", "/tmp"]
    command += ["--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    packages = [folders[place] for place in site_packages()]
    return [*command, "--", *worker(limits, "boxed", "/vault", "/book", *packages)]


def whoever() -> list[str]:
    """Root keeps the rights to become nobody, and does; anyone else is nobody in there at once."""
    if os.geteuid() == 0:
        return ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"]


@cache
def ready() -> None:
    """Make sure, once, that the sandbox starts and holds.

    Raises
    ------
    NoSandbox
        If it does not; grading must not begin.
    """
    try:
        with Box(Limits()) as box:
            reply = box.ask("run", SELF_TEST, seconds=10.0)
            if not reply.error:
                arguments = wire.encode([3.0]), wire.encode({"y": 0.5})
                reply = box.ask("call", "sum_of", *arguments, seconds=10.0)
                if reply.value != 3.5:
                    raise NoSandbox(f"The sandbox does not work: 3 + 0.5 came to {reply}")
    except NoSandbox as missing:
        raise NoSandbox(
            missing if HOW_TO_INSTALL in str(missing) else f"{HOW_TO_INSTALL}\n{missing}"
        ) from None
    if reply.error:
        raise NoSandbox(f"The sandbox does not hold: {reply.error[1]}")


SELF_TEST = """\
import os, socket

def refused(what, do, *arguments):
    try:
        do(*arguments)
    except OSError:
        return
    raise SystemExit(what)

refused("a file could be written", open, "/x", "w")
refused("a process could be started", os.fork)
aloof = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # it sends nothing, and needs a route
refused("there is a way into the network", aloof.connect, ("192.0.2.1", 9))
refused("the processes of the machine can be seen", os.listdir, "/proc")
if 1 not in (os.getpid(), os.getppid()):
    raise SystemExit("it is among the processes of the machine")
if 0 in os.getresuid() + os.getresgid():
    raise SystemExit("it runs as root")
import numpy, xent_lib

def sum_of(x, *, y):
    return x + y
"""
