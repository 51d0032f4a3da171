"""Work in blocks, each with a seed of its own: the same digits on any number of workers.

All blocks but the last have one size. A block draws and evaluates its points in one place. Which
worker does it, and when, cannot matter: results are put together in the order of the blocks.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Any, TypeAlias, TypeVar

import numpy as np

from xent_lib._validation import Array

Seed: TypeAlias = np.random.Generator | np.random.SeedSequence | int | None
Function: TypeAlias = Callable[..., Any]
Result = TypeVar("Result")

# What executors raise when a worker is gone, by name where the class lives in an optional package.
_LOST = ("KilledWorker", "CommClosedError", "FutureCancelledError")

_UNSENDABLE = (
    "(What goes to another process goes as bytes. A process pool sends a function by its name: it"
    " must stand in a module that can be imported there. A lambda, or a function of a notebook,"
    " works with threads.)"
)


def as_seed_sequence(rng: Seed) -> np.random.SeedSequence:
    """Return the root of a run's seeds. A generator moves on; a number gives the same again."""
    if isinstance(rng, np.random.SeedSequence):
        return rng
    if isinstance(rng, np.random.Generator):
        return np.random.SeedSequence(int.from_bytes(rng.bytes(16)))
    if rng is not None and (isinstance(rng, bool) or not isinstance(rng, int | np.integer)):
        raise TypeError(
            "`rng` must be a seed, a numpy.random.Generator, a SeedSequence or None, not"
            f" {type(rng).__name__}"
        )
    if rng is not None and rng < 0:
        raise ValueError(f"`rng` is {rng}; a seed must not be negative")
    return np.random.SeedSequence(None if rng is None else int(rng))


def check_executor(executor: Executor | None) -> None:
    """Refuse what work cannot be submitted to."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"`executor` must be a concurrent.futures.Executor or None, not {executor!r}"
        )


def split(
    n: int, block_size: int, seeds: np.random.SeedSequence
) -> Iterator[tuple[int, np.random.SeedSequence]]:
    """Yield the size and the seed of each block of `n` draws."""
    sizes = [block_size] * (n // block_size) + [n % block_size] * (n % block_size > 0)
    yield from zip(sizes, seeds.spawn(len(sizes)), strict=True)


def run(
    task: Callable[..., Result], jobs: Sequence[tuple[Any, ...]], executor: Executor | None
) -> tuple[list[Result], int]:
    """Return what `task` makes of each job, in order, and how many jobs lost their worker.

    A job whose worker is gone is done here, in this process. An exception of the task itself is
    raised, with a note that says which job it was.
    """
    if executor is None:
        return [_noted(task, job, number) for number, job in enumerate(jobs)], 0
    futures: list[Future[Result] | None] = []
    results, lost = [], 0
    try:
        for job in jobs:
            futures.append(_submitted(executor, task, job))
        for number, (job, future) in enumerate(zip(jobs, futures, strict=True)):
            try:
                if future is None:
                    raise BrokenExecutor
                results.append(future.result())
            except Exception as error:
                if not _is_loss(error):
                    error.add_note(f"(in block {number} of {len(jobs)}, on a worker)")
                    raise
                lost += 1
                results.append(_noted(task, job, number))
    except BaseException as error:
        for future in futures:
            if future is not None:
                future.cancel()
        if "pickle" in repr(error) or "serialize" in repr(error):
            error.add_note(_UNSENDABLE)
        raise
    return results, lost


def _submitted(
    executor: Executor, task: Callable[..., Result], job: tuple[Any, ...]
) -> Future[Result] | None:
    """Hand a job to the executor; None if it has no workers any more."""
    try:
        return executor.submit(task, *job)
    except Exception as error:
        if _is_loss(error):
            return None
        raise


def _is_loss(error: Exception) -> bool:
    """Tell whether the worker is gone, where the task itself did nothing wrong."""
    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__name__ in _LOST


def _noted(task: Callable[..., Result], job: tuple[Any, ...], number: int) -> Result:
    try:
        return task(*job)
    except Exception as error:
        error.add_note(f"(in block {number})")
        raise


def told_of_loss(n_lost: int) -> tuple[str, ...]:
    """Return what to tell of a run that lost workers: a note, or nothing."""
    if not n_lost:
        return ()
    blocks = "1 block lost its" if n_lost == 1 else f"{n_lost} blocks lost their"
    done = "was" if n_lost == 1 else "were"
    return (f"{blocks} worker and {done} done in this process; the result is the same",)


def values_of(name: str, function: Function, points: Array, *more: Any) -> Array:
    """Return what `function` says of each row of `points`, once it is one number a row."""
    points.setflags(write=False)
    found = np.asarray(function(points, *more))
    if found.shape != points.shape[:1]:
        raise ValueError(
            f"`{name}` gave an array of shape {found.shape} for {len(points)} points; it must give"
            f" one number a row, shape ({len(points)},)"
        )
    if found.dtype.kind not in "fiub":
        raise TypeError(f"`{name}` must give real numbers, not values of dtype {found.dtype}")
    values = found.astype(float)
    wrong = np.isnan(values)
    if wrong.any():
        row = int(wrong.argmax())
        with np.printoptions(threshold=8, edgeitems=3, precision=4):
            raise ValueError(f"`{name}` is nan for row {row}, the point {points[row]}")
    return values
