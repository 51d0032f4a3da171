"""One run, the same digits: alone, on threads, on processes, on Dask, and when a worker dies."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import performances
import pytest
from distributed import Client, LocalCluster

from xent_lib import problems, rare_events
from xent_lib.optimize import Categorical, Gaussian, maximize, minimize
from xent_lib.rare_events import Exponential

BRIDGE = Exponential(np.array(problems.BRIDGE_MEANS))


def estimate(performance=problems.bridge_length, **options):
    """A small run in blocks that do not come out even."""
    few = {"n_pilot": 500, "n_final": 2000, "block_size": 300, "rng": 3}
    return rare_events.estimate(performance, 1.5, BRIDGE, **few | options)


SEARCHES = {
    "estimate": estimate,
    "importance sampling": partial(
        rare_events.importance_sampling,
        problems.bridge_length,
        1.5,
        BRIDGE,
        Exponential(3 * BRIDGE.mean),
        n=2000,
        block_size=300,
        rng=3,
    ),
    "crude Monte Carlo": partial(
        rare_events.crude_monte_carlo, problems.bridge_length, 0.5, BRIDGE, n=2000, rng=3
    ),
    "minimize": partial(
        minimize,
        problems.rastrigin,
        Gaussian([1.0, 2.0], 2.0),
        n_samples=150,
        elite_memory=5,
        block_size=40,
        max_iterations=8,
        rng=3,
    ),
    "maximize, noisy": partial(
        maximize,
        performances.throughput,
        Categorical.uniform(2, 5),
        noisy=True,
        n_resamples=2,
        n_samples=60,
        block_size=25,
        max_iterations=4,
        rng=3,
    ),
}
ALONE = {name: search() for name, search in SEARCHES.items()}


@pytest.fixture(scope="module")
def dask_client():
    """The client of two workers on this machine, each a process, with a quiet log."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as workers,
        Client(workers) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def processes():
    """Two fresh Pythons, as they are on every system."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        yield executor


def same(one, other):
    """Whether two results agree in all that they tell, to the last digit."""
    if isinstance(one, rare_events.RareEventEstimate):
        facts = (
            "estimate",
            "std_error",
            "n_evaluations",
            "effective_sample_size",
            "max_weight_share",
        )
        alike = all(getattr(one, name) == getattr(other, name) for name in facts)
        levels = [[step.level for step in run.levels] for run in (one, other)]
        ways = [[step.family.mean.tolist() for step in run.levels] for run in (one, other)]
        return alike and levels[0] == levels[1] and ways[0] == ways[1]
    facts = ("fun", "std_error", "n_evaluations", "message")
    ways = [
        [(step.best, step.gamma, step.mean, step.spread) for step in run.history]
        for run in (one, other)
    ]
    alike = all(getattr(one, name) == getattr(other, name) for name in facts)
    return alike and ways[0] == ways[1] and one.x.tolist() == other.x.tolist()


def test_same_sees_a_difference():
    assert not same(estimate(rng=4), ALONE["estimate"])
    assert not same(SEARCHES["minimize"](rng=4), ALONE["minimize"])


@pytest.mark.parametrize("name", SEARCHES)
def test_threads_change_no_digit(name):
    for workers in (1, 2, 4):
        with ThreadPoolExecutor(workers) as executor:
            assert same(SEARCHES[name](executor=executor), ALONE[name])


@pytest.mark.parametrize("name", SEARCHES)
def test_processes_change_no_digit(name, processes):
    assert same(SEARCHES[name](executor=processes), ALONE[name])


@pytest.mark.parametrize("name", SEARCHES)
def test_dask_changes_no_digit(name, dask_client):
    assert same(SEARCHES[name](executor=dask_client.get_executor()), ALONE[name])


def test_dask_changes_no_digit_with_any_number_of_workers():
    for workers in (1, 3):
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=False, dashboard_address=":0"
            ) as threads,
            Client(threads) as client,
        ):
            assert same(estimate(executor=client.get_executor()), ALONE["estimate"])


def test_dask_takes_a_function_that_no_module_knows(dask_client):
    executor = dask_client.get_executor()
    assert same(estimate(lambda x: problems.bridge_length(x), executor=executor), ALONE["estimate"])


@contextmanager
def a_death(folder):
    """Kill the first worker that leaves its number in a folder, while its block runs."""
    killed = []

    def wait_and_kill():
        while not killed and not over.is_set():
            for file in Path(folder).iterdir():
                os.kill(int(file.name), signal.SIGKILL)
                killed.append(file.name)
                return
            time.sleep(0.002)

    over = threading.Event()
    killer = threading.Thread(target=wait_and_kill)
    killer.start()
    yield killed
    over.set()
    killer.join()


no_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


@no_kill
def test_a_run_outlives_a_process_pool(tmp_path):
    performance = performances.Watched(str(tmp_path), os.getpid())
    with (
        ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor,
        a_death(tmp_path) as killed,
    ):
        run = estimate(performance, executor=executor)
    assert len(killed) == 1
    assert same(run, ALONE["estimate"])
    assert "worker and w" in run.notes[0]
    assert run.warnings == ALONE["estimate"].warnings


@no_kill
def test_dask_does_the_blocks_of_a_killed_worker_elsewhere(tmp_path, dask_client):
    performance = performances.Watched(str(tmp_path), os.getpid())
    with a_death(tmp_path) as killed:
        run = estimate(performance, executor=dask_client.get_executor())
    assert len(killed) == 1
    assert same(run, ALONE["estimate"])
    assert not run.notes  # nothing was lost on the way to us


@no_kill
def test_a_block_that_dask_gives_up_is_done_here(tmp_path, dask_client, monkeypatch):
    monkeypatch.setattr(dask_client.cluster.scheduler, "allowed_failures", 0)
    performance = performances.Watched(str(tmp_path), os.getpid())
    with a_death(tmp_path) as killed:
        run = estimate(performance, executor=dask_client.get_executor())
    assert len(killed) == 1
    assert same(run, ALONE["estimate"])
    assert "worker and w" in run.notes[0]


def test_a_search_outlives_a_process_pool_too():
    executor = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    executor.submit(os._exit, 1).exception()
    run = SEARCHES["minimize"](executor=executor)
    assert same(run, ALONE["minimize"])
    assert "worker and w" in run.notes[-1]


def test_a_mistake_of_the_performance_arrives_with_its_words_and_its_block(processes, dask_client):
    with ThreadPoolExecutor(2) as threads:
        for executor in (threads, processes, dask_client.get_executor()):
            with pytest.raises(ZeroDivisionError, match="the machine is out of order") as caught:
                estimate(performances.breaks_down, n_pilot=1000, executor=executor)
            assert any("on a worker" in note for note in caught.value.__notes__)


def test_the_pool_is_of_use_after_a_mistake(processes, dask_client):
    for executor in (processes, dask_client.get_executor()):
        with pytest.raises(ZeroDivisionError):
            estimate(performances.breaks_down, n_pilot=1000, executor=executor)
        assert same(estimate(executor=executor), ALONE["estimate"])


def test_what_cannot_be_sent_is_told(processes, dask_client):
    with pytest.raises(Exception, match="pickle") as caught:
        estimate(lambda x: problems.bridge_length(x), executor=processes)
    assert any(
        "A process pool sends a function by its name" in note for note in caught.value.__notes__
    )
    for executor in (processes, dask_client.get_executor()):
        with pytest.raises(TypeError, match=r"pickle|serialize") as caught:
            estimate(performances.Locked(), executor=executor)
        assert any("goes as bytes" in note for note in caught.value.__notes__)


def test_a_closed_executor_is_told():
    with ThreadPoolExecutor(1) as executor:
        pass
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        estimate(executor=executor)
