"""Ten people and a forecast: the table against plain sums, and what is refused."""

import math

import pytest

from xent_lib import explorables


def cost(votes, q):
    return math.fsum(n / 10 * math.log2(1 / prob) for n, prob in zip(votes, q, strict=True) if n)


@pytest.mark.parametrize("votes", [(3, 2, 5), (0, 10, 0), (4, 3, 3), (0, 1, 9)])
def test_the_fallback_tells_floor_excess_and_what_the_majority_hides(votes):
    figure = explorables.opinions(votes, (0.25, 0.25, 0.5))
    floor = cost(votes, [n / 10 or 1 for n in votes])
    top = votes.index(max(votes))
    forecasts = {
        "q": (0.25, 0.25, 0.5),
        "the votes": [n / 10 or 1 for n in votes],
        "all the same": (1 / 3,) * 3,
    }
    told = {name: [*map(float, numbers)] for name, *numbers in figure.rows[:3]}
    for name, q in forecasts.items():
        loss = cost(votes, q)
        expected = [loss, floor, loss - floor, -math.log2(q[top])]
        assert told[name] == pytest.approx(expected, abs=6e-4)
    name, loss, *_, alone = figure.rows[3]
    assert (name, alone) == ("the majority", "0.000")
    assert loss == ("0.000" if max(votes) == 10 else "infinite")


def test_it_starts_where_it_is_told_to():
    figure = explorables.opinions((0, 1, 9), (0.5, 0.25, 0.25))
    assert figure.params["votes"] == [0, 1, 9]
    assert figure.params["q"] == [0.5, 0.25, 0.25]
    assert figure.says.startswith("0 say negative, 1 neutral, 9 positive.")


@pytest.mark.parametrize("votes", [(3, 2, 4), (5, 5), (-1, 5, 6), (1, 2, 3, 4)])
def test_votes_that_are_not_those_of_ten_people_are_refused(votes):
    with pytest.raises(ValueError, match=r"`votes` is .* must be three counts that sum to 10"):
        explorables.opinions(votes)


def test_a_forecast_that_is_none_is_refused():
    with pytest.raises(ValueError, match="`q` sums to"):
        explorables.opinions((3, 2, 5), (0.5, 0.5, 0.5))
