"""The chapter *Reinforcement learning*, its own code: against other ways to the same numbers.

The functions are those of the notebook. Its cells stay where a reader meets them, and are found
here by their names.
"""

import json
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from scipy.optimize import linprog

CHAPTER = Path(__file__).parents[1] / "chapters" / "applications" / "reinforcement.ipynb"
CELLS = [
    "the-pond", "neighbour", "table-of-steps", "reward", "coins", "evaluate", "value-iteration",
    "walk", "expert", "slope", "routes", "backup", "backup-step", "distributions", "push-cart",
    "survived", "fresh",
]  # fmt: skip
FORWARD = {(0, 0.8), (1, 0.1), (3, 0.1)}  # quarter turns from where one wants to go


@pytest.fixture(scope="module")
def page():
    """What the cells of the chapter define."""
    cells = json.loads(CHAPTER.read_text("utf-8"))["cells"]
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names = {}
    for cell in CELLS:
        exec(sources[cell], names)
    return names


def policies(rng, count=4):
    return rng.dirichlet(np.ones(4), size=(count, 15))


def test_each_step_leads_where_the_text_says(page):
    ice = np.array([[2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 0, 0, 0, 1]])
    for s, kind in enumerate(ice.ravel()):
        for a in range(4):
            odds = np.zeros((3, 5))
            if kind == 2:
                for turn, prob in FORWARD:
                    down, right = [(-1, 0), (0, 1), (1, 0), (0, -1)][(a + turn) % 4]
                    odds[np.clip(s // 5 + down, 0, 2), np.clip(s % 5 + right, 0, 4)] += prob
            else:
                odds[2, 0 if kind == 0 else 4] = 1
            np.testing.assert_allclose(page["P"][s, a], odds.ravel(), atol=1e-15)


def test_the_best_value_is_that_of_the_dual_linear_program(page):
    """The primal stands in the chapter. Here: how often each action is taken, in the best case."""
    P, home, start = page["P"], page["home"], page["start"]
    balance = np.repeat(np.eye(15)[:, :home], 4, axis=0) - P.reshape(60, 15)[:, :home]
    taken = linprog(
        np.repeat(-page["reward"], 4)[: 4 * home],
        A_eq=balance[: 4 * home].T,
        b_eq=np.eye(15)[start, :home],
    )
    assert page["best"][start] == pytest.approx(-taken.fun, abs=1e-8)


def test_values_are_those_of_walks(page):
    policy = page["expert"]
    states, _ = page["walk"](policy, 20_000, np.random.default_rng(5))
    returns = page["reward"][states].sum(axis=0)
    error = returns.std() / np.sqrt(len(returns))
    assert abs(returns.mean() - page["evaluate"](policy)[page["start"]]) < 4 * error


def test_walks_follow_the_policy_and_the_ice(page):
    policy = policies(np.random.default_rng(8), 1)[0]
    states, actions = page["walk"](policy, 3_000, np.random.default_rng(9))
    after = np.vstack([states[1:], np.full(states.shape[1], page["home"])])
    taken, led = np.zeros((15, 4)), np.zeros((15, 4, 15))
    np.add.at(taken, (states, actions), 1)
    np.add.at(led, (states, actions, after), 1)
    often = taken.sum(axis=1) > 500
    for seen, truth in [(taken[often], policy[often]), (led[taken > 500], page["P"][taken > 500])]:
        count = seen.sum(axis=1, keepdims=True)
        error = np.sqrt(truth * (1 - truth) / count)
        assert (abs(seen / count - truth) <= 5 * error + 1e-12).all()


def exact_gradient(page, policy):
    """The policy gradient theorem: visits × probability × advantage, no differences."""
    P, home, value = page["P"], page["home"], page["evaluate"](policy)
    go = np.einsum("sa,sat->st", policy, P)[:home, :home]
    visits = np.zeros(15)
    visits[:home] = np.linalg.solve((np.eye(home) - go).T, np.eye(home)[page["start"]])
    return visits[:, None] * policy * (page["reward"][:, None] + P @ value - value[:, None])


@pytest.mark.parametrize("less", ["nothing", "the value"])
def test_the_weighed_slopes_are_right_on_average(page, less):
    logits = page["worth"] / 2
    policy = page["softmax"](logits)
    baseline = page["evaluate"](policy) if less == "the value" else np.zeros(15)
    rng, each = np.random.default_rng(11), []
    for _ in range(200):
        states, actions = page["walk"](policy, 100, rng)
        to_go = page["reward"][states][::-1].cumsum(axis=0)[::-1]
        on = states != page["home"]
        s, a, weight = states[on], actions[on], (to_go - baseline[states])[on]
        each.append(-page["slope"](logits, s, a, weight) / 100)
    each, exact = np.array(each), exact_gradient(page, policy)
    error = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    moves = error > 0
    z = (each.mean(axis=0) - exact)[moves] / error[moves]
    assert moves[:10].all()
    assert np.mean(z**2) < 2.5
    assert abs(z).max() < 5
    assert abs(exact).max() > 20 * error.min()


def paths(page, policy, s, minutes):
    """The probability of being home after exactly so many minutes, path by path."""
    if s == page["home"]:
        return float(minutes == 0)
    left = minutes - int(-page["reward"][s])
    if left < 0:
        return 0.0
    go = policy[s] @ page["P"][s]
    return sum(go[t] * paths(page, policy, t, left) for t in np.flatnonzero(go))


@pytest.mark.parametrize("name", ["edge", "far", "coins"])
def test_the_distribution_is_that_of_all_paths(page, name):
    table = page["distribution_of"](page[name])
    for s in (page["start"], 6, 8, 12):
        expected = [paths(page, page[name], s, minutes) for minutes in range(9)]
        np.testing.assert_allclose(table[s, :9], expected, atol=1e-14)
    np.testing.assert_allclose(table.sum(axis=1), 1)


def test_the_distribution_has_the_mean_and_the_tail_of_walks(page):
    states, _ = page["walk"](page["edge"], 20_000, np.random.default_rng(3))
    minutes = -page["reward"][states].sum(axis=0).astype(int)
    seen = np.bincount(np.minimum(minutes, 60), minlength=61) / len(minutes)
    truth = page["distribution_of"](page["edge"])[page["start"]]
    error = np.sqrt(truth * (1 - truth) / len(minutes))
    assert (abs(seen - truth) <= 5 * error).all()


def test_the_cart_is_that_of_gymnasium(page):
    rng = np.random.default_rng(1983)
    env = gymnasium.make("CartPole-v1").unwrapped
    for episode in range(30):
        env.reset(seed=episode)
        state, fallen = np.array(env.state), False
        while not fallen:
            right = int(rng.random() < 0.5 + 0.3 * np.sign(state[2]))
            state = page["push_cart"](state, right)
            fallen = env.step(right)[2]
            np.testing.assert_allclose(state, env.state, rtol=1e-12, atol=1e-13)


def test_a_policy_survives_as_long_as_in_gymnasium(page):
    """Few steps only: where a policy nearly balances, the last digit decides in the end."""
    rng = np.random.default_rng(2003)
    env, starts = gymnasium.make("CartPole-v1").unwrapped, page["fresh"](rng, 60)
    weights = rng.standard_normal((60, 4))
    steps = page["survived"](weights, starts)
    short = np.flatnonzero(steps < 60)
    assert len(short) > 20
    for i in short:
        env.reset(seed=0)
        env.state, count, fallen = starts[i].copy(), 0, False
        while not fallen:
            fallen = env.step(int(weights[i] @ np.array(env.state) > 0))[2]
            count += 1
        assert steps[i] == count
