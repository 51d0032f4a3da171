"""Blocks: how they are cut, seeded, sent, put together, and what is done when one is lost."""

from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor

import numpy as np
import pytest

from xent_lib import _blocks


class Scripted(Executor):
    """Does as it is told for each job: run it, lose it, refuse it or fail in its own way."""

    def __init__(self, *script):
        self.script = list(script)
        self.futures = []

    def submit(self, task, /, *args, **kwargs):
        what = self.script[len(self.futures)]
        future = Future()
        self.futures.append(future)
        if what == "refuse":
            raise BrokenExecutor("no workers")
        if what == "closed":
            raise RuntimeError("cannot schedule new futures after shutdown")
        if what == "wait":
            return future
        if what == "cancelled":
            future.cancel()
        elif isinstance(what, Exception):
            future.set_exception(what)
        else:
            future.set_result(task(*args))
        return future


class KilledWorker(Exception):
    """As the optional package names it."""


def double(number):
    if number == 13:
        raise ValueError("13 is not doubled")
    return 2 * number


JOBS = [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("rng", "entropy"),
    [(5, 5), (np.int64(5), 5), (np.random.SeedSequence(5), 5)],
)
def test_a_seed_becomes_the_root_of_all_seeds(rng, entropy):
    assert _blocks.as_seed_sequence(rng).entropy == entropy


def test_no_seed_is_another_one_each_time():
    assert _blocks.as_seed_sequence(None).entropy != _blocks.as_seed_sequence(None).entropy


def test_a_generator_moves_on():
    rng = np.random.default_rng(5)
    first = _blocks.as_seed_sequence(rng).entropy
    assert first != _blocks.as_seed_sequence(rng).entropy
    assert first == _blocks.as_seed_sequence(np.random.default_rng(5)).entropy


@pytest.mark.parametrize(
    ("rng", "error", "message"),
    [
        ("5", TypeError, "`rng` must be a seed"),
        (True, TypeError, "not bool"),
        (1.0, TypeError, "not float"),
        (-1, ValueError, "`rng` is -1; a seed must not be negative"),
    ],
)
def test_what_is_no_seed_is_refused(rng, error, message):
    with pytest.raises(error, match=message):
        _blocks.as_seed_sequence(rng)


@pytest.mark.parametrize(
    ("n", "sizes"), [(6, [2, 2, 2]), (7, [2, 2, 2, 1]), (1, [1]), (2, [2]), (0, [])]
)
def test_all_blocks_but_the_last_have_one_size(n, sizes):
    assert [size for size, _ in _blocks.split(n, 2, np.random.SeedSequence(1))] == sizes


def test_each_block_has_a_seed_of_its_own_and_the_next_blocks_have_others():
    root = np.random.SeedSequence(1)
    blocks = [*_blocks.split(5, 2, root), *_blocks.split(5, 2, root)]
    assert len({tuple(seed.generate_state(4)) for _, seed in blocks}) == 6
    again = _blocks.split(5, 2, np.random.SeedSequence(1))
    for (_, seed), (_, same) in zip(blocks, again, strict=False):
        assert (seed.generate_state(4) == same.generate_state(4)).all()


def test_without_an_executor_the_jobs_are_done_here():
    assert _blocks.run(double, JOBS, None) == ([2, 4, 6], 0)
    with pytest.raises(ValueError, match="13 is not doubled") as caught:
        _blocks.run(double, [(1,), (13,)], None)
    assert caught.value.__notes__ == ["(in block 1)"]


def test_results_come_in_the_order_of_the_jobs_whatever_the_order_of_arrival():
    executor = Scripted("wait", "run", "run")

    class Late(Future):
        def result(self, timeout=None):
            return 2

    executor.submit = lambda task, job, submit=executor.submit: (
        Late() if submit(task, job) is executor.futures[0] else executor.futures[-1]
    )
    assert _blocks.run(double, JOBS, executor) == ([2, 4, 6], 0)
    with ThreadPoolExecutor(3) as threads:
        assert _blocks.run(double, JOBS, threads) == ([2, 4, 6], 0)


@pytest.mark.parametrize(
    "loss",
    ["refuse", "cancelled", BrokenExecutor(), CancelledError(), KilledWorker("a block", "a host")],
    ids=str,
)
def test_a_lost_job_is_done_here(loss):
    assert _blocks.run(double, JOBS, Scripted("run", loss, "run")) == ([2, 4, 6], 1)


def test_a_lost_job_that_fails_here_too_says_which():
    with pytest.raises(ValueError, match="13 is not doubled") as caught:
        _blocks.run(double, [(1,), (13,)], Scripted("run", BrokenExecutor()))
    assert "(in block 1)" in caught.value.__notes__


def test_a_mistake_stops_the_run_and_calls_the_others_back():
    for first in ("run", "refuse"):
        executor = Scripted(first, ValueError("of its own"), "wait")
        with pytest.raises(ValueError, match="of its own") as caught:
            _blocks.run(double, JOBS, executor)
        assert caught.value.__notes__ == ["(in block 1 of 3, on a worker)"]
        assert executor.futures[2].cancelled()


def test_what_cannot_be_handed_over_stops_the_run_and_calls_the_others_back():
    executor = Scripted("wait", "closed")
    with pytest.raises(RuntimeError, match="after shutdown") as caught:
        _blocks.run(double, JOBS, executor)
    assert not hasattr(caught.value, "__notes__")
    assert executor.futures[0].cancelled()


@pytest.mark.parametrize(
    "error",
    [
        TypeError("cannot pickle '_thread.lock' object"),
        AttributeError("Can't pickle local object"),
        TypeError("Could not serialize object of type LLGExpr"),
    ],
)
def test_what_cannot_be_sent_comes_with_advice(error):
    with pytest.raises(type(error)) as caught:
        _blocks.run(double, JOBS, Scripted(error, "run", "run"))
    assert "must stand in a module" in caught.value.__notes__[-1]


def test_values_are_one_real_number_a_row():
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert _blocks.values_of("f", lambda x: [1, 2], points).tolist() == [1.0, 2.0]
    assert _blocks.values_of("f", lambda x, y: x[:, 0] > y, points, 2).tolist() == [0.0, 1.0]
    assert _blocks.values_of("f", lambda x: [1, np.inf], points)[1] == np.inf
    with pytest.raises(ValueError, match="read-only"):
        _blocks.values_of("f", lambda x: x.sort(), points)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda x: 1.0, ValueError, r"`f` gave an array of shape \(\) for 2 points"),
        (lambda x: x, ValueError, r"`f` gave an array of shape \(2, 2\) for 2 points"),
        (lambda x: ["a", "b"], TypeError, "`f` must give real numbers"),
        (lambda x: [1j, 2j], TypeError, "not values of dtype complex128"),
        (lambda x: [1, np.nan], ValueError, r"`f` is nan for row 1, the point \[3. 4.\]"),
    ],
)
def test_other_values_are_refused(function, error, message):
    with pytest.raises(error, match=message):
        _blocks.values_of("f", function, np.array([[1.0, 2.0], [3.0, 4.0]]))
