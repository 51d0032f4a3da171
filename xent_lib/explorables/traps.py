"""One loss, and the numbers that the usual slips with a framework print in its place."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from xent_lib.explorables._figure import Explorable, number

Array = npt.NDArray[np.float64]

# The logits of three flowers, from the worked example of the chapter on backpropagation.
LOGITS = [[1.0368, 0.0032, 0.1352], [0.0, 0.0, 1.0], [0.0898, 0.8632, 0.1042]]
LABELS = [0, 2, 1]
NAMES = ["setosa", "versicolor", "virginica"]

#: Probabilities below this are raised to it by Keras.
EPSILON = 1e-7


def _log_softmax(logits: Array) -> Array:
    gaps = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(gaps - np.log(np.exp(gaps).sum(axis=-1, keepdims=True)))


def _pick(labels: Array, rows: Array) -> Array:
    return np.asarray(rows[np.arange(len(labels)), labels])


def _losses(labels: Array, logits: Array) -> Array:
    return -_pick(labels, _log_softmax(logits))


def _clipped(labels: Array, probs: Array) -> float:
    inside = np.clip(probs, EPSILON, 1 - EPSILON)
    return float(np.mean(-np.log(_pick(labels, inside) / inside.sum(axis=-1))))


def _softmax_twice(labels: Array, logits: Array) -> float:
    return float(_losses(labels, np.exp(_log_softmax(logits))).mean())


def _indices_as_targets(labels: Array, logits: Array) -> float:
    return float(np.mean(-_log_softmax(logits) @ labels))


def _swapped(labels: Array, logits: Array) -> float:
    classes = logits.shape[-1]
    return float(np.mean(np.log(np.e + classes - 1) - np.exp(-_losses(labels, logits))))


def _float16(labels: Array, logits: Array) -> float:
    with np.errstate(divide="ignore"):
        rounded = np.exp(-_losses(labels, logits)).astype(np.float16).astype(np.float64)
        return float(np.mean(-np.log(rounded)))


#: For each trap: its name, the call that falls into it, and the number which that call gives.
TRAPS: list[tuple[str, str, Callable[[Array, Array], float]]] = [
    ("softmax twice", "CrossEntropyLoss()(probs, labels)", _softmax_twice),
    (
        "logits as probs",
        "SparseCategoricalCrossentropy()(labels, logits)",
        lambda labels, logits: _clipped(labels, logits),
    ),
    (
        "labels as rows",
        "softmax_cross_entropy_with_logits(labels, logits)",
        _indices_as_targets,
    ),
    ("sum", 'CrossEntropyLoss(reduction="sum")', lambda y, z: float(_losses(y, z).sum())),
    ("bits", "loss / log(2)", lambda y, z: float(_losses(y, z).mean() / np.log(2))),
    (
        "clipped",
        "SparseCategoricalCrossentropy()(labels, probs)",
        lambda labels, logits: _clipped(labels, np.exp(_log_softmax(logits))),
    ),
    ("swapped", "cross_entropy(one_hot, probs)", _swapped),
    ("float16", "-log(probs.half())", _float16),
]


def traps(
    logits: Sequence[Sequence[float]] = LOGITS,
    labels: Sequence[int] = LABELS,
    names: Sequence[str] = NAMES,
) -> Explorable:
    """Move the first example's logits, and see what each slip would print for the batch.

    Parameters
    ----------
    logits : sequence of sequences of float
        A batch with one example a row and one class a column; by default three flowers. There must
        be as many examples as classes, or one of the traps would stop with an error, and be none.
    labels : sequence of int
        The true class of each example, from 0.
    names : sequence of str
        The names of the classes.

    Examples
    --------
    >>> traps()
    One right number, eight ways to miss it
    <BLANKLINE>
    trap             what is printed  the call
    none             0.592            CrossEntropyLoss()(logits, labels)
    softmax twice    0.891            CrossEntropyLoss()(probs, labels)
    logits as probs  0.111            SparseCategoricalCrossentropy()(labels, logits)
    labels as rows   3.684            softmax_cross_entropy_with_logits(labels, logits)
    sum              1.775            CrossEntropyLoss(reduction="sum")
    bits             0.854            loss / log(2)
    clipped          0.592            SparseCategoricalCrossentropy()(labels, probs)
    swapped          0.997            cross_entropy(one_hot, probs)
    float16          0.592            -log(probs.half())
    <BLANKLINE>
    The mean cross-entropy of the batch is 0.592 nats.
    """
    rows, truth = np.array(logits, dtype=np.float64), np.array(labels)
    if rows.ndim != 2 or rows.shape[0] != rows.shape[1]:
        raise ValueError(f"`logits` must be a square table, not of shape {rows.shape}")
    if truth.shape != rows.shape[:1] or not np.isin(truth, range(len(rows))).all():
        raise ValueError(f"`labels` must be {len(rows)} class numbers below {len(rows)}")
    if len(names) != len(rows):
        raise ValueError(f"`names` has {len(names)} names for {len(rows)} classes")
    right = float(_losses(truth, rows).mean())
    printed = [(name, call, trap(truth, rows)) for name, call, trap in TRAPS]
    return Explorable(
        kind="traps",
        params={
            "logits": rows.tolist(),
            "labels": truth.tolist(),
            "names": [str(name) for name in names],
            "traps": [[name, call] for name, call, _ in TRAPS],
        },
        title="One right number, eight ways to miss it",
        columns=["trap", "what is printed", "the call"],
        rows=[
            ("none", number(right), "CrossEntropyLoss()(logits, labels)"),
            *((name, number(value), call) for name, call, value in printed),
        ],
        says=f"The mean cross-entropy of the batch is {number(right)} nats.",
        wordy=True,
    )
