"""One neuron, sure and wrong, learns by squared error and by cross-entropy: who is there first?"""

from collections.abc import Callable

from xent_lib import activations, losses
from xent_lib.explorables._figure import Explorable, number

MOST = 300
RATES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5, 1.0, 2.0]
SHOWN = [0, 1, 2, 3, 10, 30, 100, MOST]

Loss = Callable[[float], tuple[float, float]]


def squared_error(logit: float) -> tuple[float, float]:
    """Loss and slope by the logit, where the target is 0."""
    loss, slope = losses.squared_error_and_grad(0.0, activations.sigmoid(logit))
    return float(loss), float(slope * activations.sigmoid_grad(logit))


def cross_entropy(logit: float) -> tuple[float, float]:
    """Loss and slope by the logit, where the target is 0."""
    loss, slope = losses.sigmoid_cross_entropy_and_grad(0.0, logit)
    return float(loss), float(slope)


def descend(loss: Loss, weight: float, bias: float, rate: float) -> list[float]:
    """The logits of a neuron with input 1 from its start through 300 steps down the slope."""
    logits = [weight + bias]
    for _ in range(MOST):
        _, slope = loss(logits[-1])
        weight, bias = weight - rate * slope, bias - rate * slope
        logits.append(weight + bias)
    return logits


def through(logits: list[float]) -> str:
    """When the output falls below one half, in words."""
    step = next((step for step, logit in enumerate(logits) if logit < 0), None)
    return f"not in {MOST} steps" if step is None else f"at step {step}"


def loss_race(weight: float = 2.0, bias: float = 2.0, learning_rate: float = 0.15) -> Explorable:
    """Step or play 300 steps of gradient descent, by squared error and by cross-entropy.

    The neuron has one input, x = 1. Its output is the sigmoid of weight·x + bias, and 0 is right.

    Parameters
    ----------
    weight, bias : float
        Where the neuron starts, each from −4 to 4 in steps of 0.1.
    learning_rate : float
        One of 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.5, 1 and 2.

    Examples
    --------
    >>> loss_race()
    One neuron, two losses
    <BLANKLINE>
    step  squared error  its slope  cross-entropy in nats  its slope
    0             0.964      0.035                  4.018      0.982
    1             0.964      0.035                  3.730      0.976
    2             0.964      0.035                  3.445      0.968
    3             0.963      0.036                  3.165      0.958
    10            0.960      0.038                  1.492      0.775
    30            0.949      0.049                  0.229      0.204
    100           0.632      0.259                  0.042      0.041
    300           0.006      0.011                  0.012      0.012
    <BLANKLINE>
    From 0.982, in 300 steps: 0.078 by squared error, 0.012 by cross-entropy; 0 is right. \
Below one half: at step 117 by squared error, at step 17 by cross-entropy.
    """
    for name, value in [("weight", weight), ("bias", bias)]:
        if not -4 <= value <= 4:
            raise ValueError(f"`{name}` must lie between -4 and 4, not {value}")
    if learning_rate not in RATES:
        raise ValueError(f"`learning_rate` must be one of {RATES}, not {learning_rate}")
    start = [round(float(weight), 1), round(float(bias), 1), float(learning_rate)]
    by_square = descend(squared_error, *start)
    by_entropy = descend(cross_entropy, *start)
    rows = [
        (
            str(step),
            *map(number, squared_error(by_square[step])),
            *map(number, cross_entropy(by_entropy[step])),
        )
        for step in SHOWN
    ]
    ends = [number(activations.sigmoid(logits[-1])) for logits in (by_square, by_entropy)]
    return Explorable(
        kind="loss-race",
        params={"weight": start[0], "bias": start[1], "rate": start[2], "rates": RATES},
        title="One neuron, two losses",
        columns=["step", "squared error", "its slope", "cross-entropy in nats", "its slope"],
        rows=rows,
        says=(
            f"From {number(activations.sigmoid(by_square[0]))}, in {MOST} steps: "
            f"{ends[0]} by squared error, {ends[1]} by cross-entropy; 0 is right. "
            f"Below one half: {through(by_square)} by squared error, "
            f"{through(by_entropy)} by cross-entropy."
        ),
    )
