"""The choice whose reward pushes the logits: its first values, and what it refuses."""

import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.policy_push import draws

FIGURE = explorables.policy_push([-8, -12, -20], labels=["bridge", "ice", "road"])


def told(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_the_fallback_tells_the_push_and_its_mean(chosen):
    rewards, q = np.array([3.0, -1.0, 7.0]), np.full(3, 1 / 3)
    figure = explorables.policy_push(rewards, chosen=chosen)
    pushes = [reward * (np.eye(3)[way] - q) for way, reward in enumerate(rewards)]
    for way, (_, reward, prob, label, push, mean) in enumerate(figure.rows):
        assert told(reward) == rewards[way]
        assert told(prob) == pytest.approx(1 / 3, abs=5e-4)
        assert int(label) == (way == chosen)
        assert told(push) == pytest.approx(pushes[chosen][way], abs=5e-4)
        assert told(mean) == pytest.approx(np.mean(pushes, axis=0)[way], abs=5e-4)
        assert told(mean) == pytest.approx((rewards[way] - rewards.mean()) / 3, abs=5e-4)
    up = "up" if rewards[chosen] > 0 else "down"
    assert figure.says == (
        f"The expected reward is 3.00. One choice of {'ABC'[chosen]} pushes its own logit {up}."
    )


def test_a_reward_of_nothing_pushes_nowhere():
    assert "logit nowhere" in explorables.policy_push([0, 1]).says


def test_chance_is_the_same_for_all():
    marks = np.array(draws())
    assert FIGURE.params["draws"] == draws()
    assert ((marks >= 0) & (marks < 1)).all()
    assert abs(marks.mean() - 0.5) < 0.06


def test_what_cannot_be_shown_is_refused():
    with pytest.raises(ValueError, match="2 to 8 symbols"):
        explorables.policy_push([1.0])
    with pytest.raises(ValueError, match="not all the same"):
        explorables.policy_push([2, 2, 2])
    with pytest.raises(ValueError, match="must be finite"):
        explorables.policy_push([1, np.inf])
    with pytest.raises(ValueError, match="`chosen` must be a way from 0 to 1, not 2"):
        explorables.policy_push([1, 2], chosen=2)
