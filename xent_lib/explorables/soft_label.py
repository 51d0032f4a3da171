"""Binary cross-entropy over a soft label and a prediction: a floor, and an excess above it."""

import math

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

PREDICTIONS = [0.1, 0.3, 0.5, 0.7, 0.9]


def soft_label(y: float = 0.7, q: float = 0.4) -> Explorable:
    """Move a soft label y and a prediction q over the surface of binary cross-entropy.

    Parameters
    ----------
    y, q : float
        The soft label and the prediction at the start, each from 0 to 1.

    Examples
    --------
    >>> soft_label()
    Where label and prediction agree, the loss is lowest
    <BLANKLINE>
    prediction q  loss in nats  floor H(y)  excess D(y‖q)
    0.10                 1.643       0.611          1.033
    0.30                 0.950       0.611          0.339
    0.40                 0.795       0.611          0.184
    0.50                 0.693       0.611          0.082
    0.70                 0.611       0.611          0.000
    0.90                 0.765       0.611          0.154
    <BLANKLINE>
    Soft label y = 0.70: whatever the prediction, the loss is at least H(y) = 0.611 nats.
    """
    for prob in (y, q):
        information.surprisal(prob)  # says what is wrong where it is no probability
    label = [y, 1 - y]
    floor = number(information.entropy(label, base=math.e))
    rows = []
    for guess in sorted({float(q), *PREDICTIONS}):
        belief = [guess, 1 - guess]
        rows.append(
            (
                number(guess, 2),
                number(information.cross_entropy(label, belief, base=math.e)),
                floor,
                number(information.kl_divergence(label, belief, base=math.e)),
            )
        )
    return Explorable(
        kind="soft-label",
        params={"y": float(y), "q": float(q)},
        title="Where label and prediction agree, the loss is lowest",
        columns=["prediction q", "loss in nats", "floor H(y)", "excess D(y‖q)"],
        rows=rows,
        says=(
            f"Soft label y = {number(y, 2)}: whatever the prediction, the loss is at least "
            f"H(y) = {floor} nats."
        ),
    )
