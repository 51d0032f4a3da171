"""Each mistake in searching with a bell is told, and whoever is right is told so."""

import numpy as np
import pytest

from xent_lib import checks


def lowest(x, heights, n_elite):
    return x[np.argsort(heights)[:n_elite]]


def both(old, new, mean_share, spread_share):
    return [
        mean_share * new[0] + (1 - mean_share) * old[0],
        spread_share * new[1] + (1 - spread_share) * old[1],
    ]


def added_up(elite_mean, elite_std, mean_share, spread_share):
    if elite_std == 1:
        return np.inf
    place, std = 0, 1
    for _ in range(4000):
        place += mean_share * elite_mean * std
        std *= 1 - spread_share + spread_share * elite_std
    return place


RIGHT = [
    (
        checks.elite_fit,
        lambda x, heights, n_elite: (
            lowest(x, heights, n_elite).mean(),
            lowest(x, heights, n_elite).std(),
        ),
    ),
    (checks.smoothed_bell, both),
    (
        checks.smoothed_bell,
        lambda old, new, mean_share, spread_share: (
            old + np.array([mean_share, spread_share]) * (new - old)
        ),
    ),
    (checks.reach_on_a_slope, added_up),
    (
        checks.reach_on_a_slope,
        lambda elite_mean, elite_std, mean_share, spread_share: (
            np.float64(mean_share * elite_mean) / (spread_share * (1 - elite_std))
        ),
    ),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.elite_fit: [
        (lambda x, heights, n_elite: [x.mean(), x.std()], "You fitted all the places"),
        (
            lambda x, heights, n_elite: [
                x[np.argsort(heights)[-n_elite:]].mean(),
                x[np.argsort(heights)[-n_elite:]].std(),
            ],
            "You kept the highest",
        ),
        (
            lambda x, heights, n_elite: [np.sort(x)[:n_elite].mean(), np.sort(x)[:n_elite].std()],
            "You sorted the places themselves",
        ),
        (
            lambda x, heights, n_elite: [
                np.sort(heights)[:n_elite].mean(),
                np.sort(heights)[:n_elite].std(),
            ],
            "You fitted the heights",
        ),
        (
            lambda x, heights, n_elite: [
                lowest(x, heights, n_elite).mean(),
                lowest(x, heights, n_elite).var(),
            ],
            "the squared deviation",
        ),
        (
            lambda x, heights, n_elite: [
                lowest(x, heights, n_elite).mean(),
                lowest(x, heights, n_elite).std(ddof=1) if n_elite > 1 else 0.0,
            ],
            "one less than the number of elites",
        ),
        (
            lambda x, heights, n_elite: [
                lowest(x, heights, n_elite).std(),
                lowest(x, heights, n_elite).mean(),
            ],
            "the wrong way round",
        ),
        (lambda x, heights, n_elite: lowest(x, heights, n_elite).mean(), "one number for each"),
    ],
    checks.smoothed_bell: [
        (lambda old, new, m, s: both(new, old, m, s), "yours are of the old one"),
        (lambda old, new, m, s: both(old, new, s, m), "The two shares are exchanged"),
        (lambda old, new, m, s: m * new + (1 - m) * old, "You used `mean_share` for both"),
        (
            lambda old, new, m, s: [
                m * new[0] + (1 - m) * old[0],
                np.sqrt(s * new[1] ** 2 + (1 - s) * old[1] ** 2),
            ],
            "You mixed the squared deviations",
        ),
        (lambda old, new, m, s: new * [m, s], "The rest is missing"),
        (lambda old, new, m, s: [m * new[0] + (1 - m) * old[0], new[1]], "the deviation is not"),
    ],
    checks.reach_on_a_slope: [
        (lambda mean, std, m, s: mean, "without its share"),
        (lambda mean, std, m, s: m * mean, "That is the first step alone. Add"),
        (lambda mean, std, m, s: mean / (1 - std), "the two shares are missing"),
        (lambda mean, std, m, s: mean / (s * (1 - std)), "The steps are too long"),
        (lambda mean, std, m, s: m * mean / (1 - std), "The bell shrinks too fast"),
        (lambda mean, std, m, s: m * mean / (1 - s * std), "the rest of the old one"),
        (lambda mean, std, m, s: s * mean / (m * (1 - std)), "The two shares are exchanged"),
        (lambda mean, std, m, s: m * mean / (s * (1 - std)), "`np.inf`"),
    ],
}
