"""Each mistake with a noisy simulation is told to whoever makes it; who is right is told so."""

import numpy as np
import pytest

from xent_lib import checks


def finish(service, buffers, room=1, blocked=True):
    left = np.zeros(service.shape)
    for j in range(len(service)):
        done = 0.0
        for i in range(service.shape[1]):
            done = max(done, left[j - 1, i] if j else 0.0) + service[j, i]
            if blocked and i < len(buffers) and j > buffers[i] + room - 1:
                done = max(done, left[j - buffers[i] - room, i + 1])
            left[j, i] = done
    return left[-1, -1]


def one_place_less(service, buffers):
    left = np.zeros(service.shape)
    for j in range(len(service)):
        done = 0.0
        for i in range(service.shape[1]):
            done = max(done, left[j - 1, i] if j else 0.0) + service[j, i]
            if i < len(buffers) and buffers[i] > 0 and j >= buffers[i]:
                done = max(done, left[j - buffers[i], i + 1])
            left[j, i] = done
    return left[-1, -1]


def room_before_work(service, buffers):
    left = np.zeros(service.shape)
    for j in range(len(service)):
        ready = 0.0
        for i in range(service.shape[1]):
            start = max(ready, left[j - 1, i] if j else 0.0)
            if i < len(buffers) and j > buffers[i]:
                start = max(start, left[j - buffers[i] - 1, i + 1])
            ready = start + service[j, i]
            left[j, i] = ready
    return left[-1, -1]


def no_guard(service, buffers):
    left = np.zeros(service.shape)
    for j in range(len(service)):
        done = 0.0
        for i in range(service.shape[1]):
            done = max(done, left[j - 1, i] if j else 0.0) + service[j, i]
            if i < len(buffers):
                done = max(done, left[j - buffers[i] - 1, i + 1])
            left[j, i] = done
    return left[-1, -1]


def cost(order, means, weights):
    return np.sum(weights[order] * np.cumsum(means[order]))


def cost_in_a_loop(order, means, weights):
    clock = total = 0
    for job in order:
        clock = clock + means[job]
        total = total + weights[job] * clock
    return total


RIGHT = [
    (checks.line_finish, finish),
    (
        checks.difference_error,
        lambda first, second: (first - second).std(ddof=1) / len(first) ** 0.5,
    ),
    (
        checks.difference_error,
        lambda first, second: np.sqrt(np.var(first - second, ddof=1) / len(first)),
    ),
    (checks.weighted_flow_time, cost),
    (checks.weighted_flow_time, cost_in_a_loop),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.line_finish: [
        (
            lambda service, buffers: finish(service, buffers, blocked=False),
            "Nobody is ever blocked",
        ),
        (room_before_work, "You blocked before service"),
        (one_place_less, "One place too few"),
        (lambda service, buffers: finish(service, buffers, room=2), "One place too many"),
        (lambda service, buffers: service.sum(), "one job at a time into the whole line"),
        (lambda service, buffers: service.sum(axis=1).max(), "as if it were alone"),
        (lambda service, buffers: service[-1].sum(), "how long the last job is worked on"),
        (no_guard, "left[job - 8]"),
        (lambda service, buffers: service.sum(axis=0), "where one number is asked for"),
    ],
    checks.difference_error: [
        (
            lambda first, second: np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / len(first)),
            "These are pairs",
        ),
        (lambda first, second: (first - second).std(ddof=1), "standard deviation of one"),
        (lambda first, second: (first - second).std() / np.sqrt(len(first)), "`ddof=1`"),
        (lambda first, second: (first - second).std(ddof=1) / len(first), "square root of n"),
        (lambda first, second: np.mean(first - second), "the mean difference itself"),
        (
            lambda first, second: abs(first.std(ddof=1) - second.std(ddof=1)) / np.sqrt(len(first)),
            "the difference of the spreads",
        ),
    ],
    checks.weighted_flow_time: [
        (lambda order, means, weights: np.cumsum(means[order]).sum(), "The weights are missing"),
        (
            lambda order, means, weights: np.sum(
                weights[order] * (np.cumsum(means[order]) - means[order])
            ),
            "when the jobs *begin*",
        ),
        (lambda order, means, weights: weights @ np.cumsum(means), "makes no difference"),
        (
            lambda order, means, weights: weights @ np.cumsum(means[order]),
            "`weights[order]`",
        ),
        (
            lambda order, means, weights: cost(np.argsort(order), means, weights),
            "as the place of each job",
        ),
        (lambda order, means, weights: weights @ means, "of each job alone"),
        (
            lambda order, means, weights: cost(order, means, weights) / weights.sum(),
            "You divided by the weights",
        ),
    ],
}
