"""The search with a bell: its rounds against plain NumPy, and what it refuses."""

import itertools

import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.gaussian_search import (
    INJECTED,
    LANDSCAPES,
    MEAN_SHARE,
    N_ELITES,
    ROUNDS,
    SHARES,
    SMALL,
    draws,
    height,
    search,
)

FIGURE = explorables.gaussian_search()


def ground(name, x, y):
    if name == "slope":
        return np.sqrt((x - 8) ** 2 + y**2)
    if name == "bent valley":
        return 100 * (y - x**2) ** 2 + (1 - x) ** 2
    return x**2 + y**2 + 20 - 10 * np.cos(2 * np.pi * x) - 10 * np.cos(2 * np.pi * y)


def by_hand(name, upright, share, inject):
    """Centres and covariances of all rounds."""
    start = LANDSCAPES[name]
    mean, cov = np.array(start.mean), np.eye(2) * start.std**2
    seen = []
    for z in np.reshape(FIGURE.params["draws"], (ROUNDS, -1, 2)) / 100:
        seen.append((mean, cov))
        x = mean + z @ np.linalg.cholesky(cov).T
        elites = x[np.argsort(ground(name, *x.T))[:N_ELITES]]
        fitted = np.cov(elites.T, bias=True)
        mean = (1 - MEAN_SHARE) * mean + MEAN_SHARE * elites.mean(axis=0)
        if upright:
            std = (1 - share) * np.sqrt(np.diag(cov)) + share * elites.std(axis=0)
            cov = np.diag(std**2)
        else:
            cov = (1 - share) * cov + share * fitted
        if inject and np.sqrt(np.linalg.eigvalsh(cov)[-1]) <= SMALL * start.std:
            more = (INJECTED * start.std) ** 2
            cov = np.maximum(cov, np.eye(2) * more) if upright else cov + np.eye(2) * more
    return seen


@pytest.mark.parametrize("name", LANDSCAPES)
@pytest.mark.parametrize("kind", ["diagonal", "full"])
@pytest.mark.parametrize(
    ("share", "inject"), [(1.0, True), (0.7, False), (0.5, True), (0.2, False)]
)
def test_the_rounds_are_those_of_plain_numpy(name, kind, share, inject):
    rounds = search(name, kind, share, inject)
    assert len(rounds) == ROUNDS
    for seen, (mean, cov) in zip(
        rounds, by_hand(name, kind == "diagonal", share, inject), strict=True
    ):
        np.testing.assert_allclose(seen.bell.mean, mean, atol=1e-8)
        spread = np.sqrt(np.linalg.eigvalsh(cov)[-1])
        assert seen.bell.spread() == pytest.approx(spread, rel=1e-6, abs=1e-8)


def test_elites_are_the_lowest_and_the_best_never_rises():
    rounds = search("many pits", "full", 0.5, False)
    for seen in rounds:
        values = height("many pits", seen.points)
        assert len(seen.elites) == N_ELITES
        assert values[seen.elites].max() <= np.delete(values, seen.elites).min()
    bests = [seen.best for seen in rounds]
    assert bests == sorted(bests, reverse=True)


def test_a_bell_that_shrinks_more_slowly_comes_further_down_the_slope():
    reached = [search("slope", "diagonal", share, False)[-1].bell.mean[0] for share in SHARES[1:]]
    assert all(before > after for before, after in itertools.pairwise(reached))
    assert reached[0] == pytest.approx(8, abs=0.01)
    assert reached[-1] < 3


def test_injection_widens_again():
    spreads = [seen.bell.spread() for seen in search("slope", "full", 1.0, True)]
    assert max(np.diff(spreads)) > 0.3


def test_the_fallback_tells_heights_of_the_last_centres():
    for name, share, *heights in FIGURE.rows:
        for kind, told in zip(("diagonal", "full"), heights, strict=True):
            end = search(name, kind, float(share), False)[-1].bell.mean
            assert float(told) == pytest.approx(ground(name, *end), abs=5e-5)


def test_all_draw_the_same_and_chance_is_standard():
    z = draws() / 100
    assert z.shape == (ROUNDS, 80, 2)
    assert abs(z.mean()) < 0.05
    assert abs(z.std() - 1) < 0.05
    np.testing.assert_array_equal(draws(), draws())


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match="`landscape` must be one of"):
        explorables.gaussian_search("hill")
    with pytest.raises(ValueError, match="`family` must be 'diagonal' or 'full', not 'round'"):
        explorables.gaussian_search(family="round")
    with pytest.raises(ValueError, match="`spread_share` must be one of"):
        explorables.gaussian_search(spread_share=0.4)
    with pytest.raises(TypeError, match="`injection` must be True or False, not 1"):
        explorables.gaussian_search(injection=1)
