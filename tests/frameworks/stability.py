"""Measure what each library does with hard inputs, and write the page of the back matter.

``make stability`` runs this file. The page is committed, and test_stability.py measures it anew.
"""

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libraries as lib
import mpmath
import numpy as np

PAGE = Path(__file__).parents[2] / "chapters" / "reference" / "stability.md"

INF, NAN = np.inf, np.nan
RAISES = "refused"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


# What is put in, and what comes out


@dataclass(frozen=True)
class Row:
    """One hard input: what it is, what is wanted, and the calls that take it."""

    given: str
    wanted: str
    calls: lib.Calls
    args: tuple[Any, ...]
    why: str

    def outcomes(self) -> dict[str, str]:
        return {name: outcome(call, self.args) for name, call in self.calls.items()}


def row(given: str, wanted: str, calls: lib.Calls, *args: Any, why: str) -> Row:
    return Row(given, wanted, calls, args, why)


def array(*values: Any, dtype: Any = np.float64) -> Any:
    return np.array(values, dtype)


def sum_of(calls: lib.Calls) -> lib.Calls:
    """The same calls, their answers added up in float64, to two decimals."""
    return {
        name: lambda *args, call=call: np.asarray(call(*args)).astype(np.float64).sum().round(2)
        for name, call in calls.items()
    }


#: Labels are met by scikit-learn too, whose loss takes probabilities.
LABELS: lib.Calls = {
    **lib.SPARSE_FROM_LOGITS,
    "scikit-learn": lambda y, z: lib.SPARSE["scikit-learn"](y, lib.numpy_softmax(z)),
}
WEIGHTLESS: lib.Calls = {
    "xent_lib": lambda y, z, w: lib.losses.sparse_softmax_cross_entropy(y, z, sample_weight=w),
    "NumPy formula": lambda y, z, w: np.average(
        -lib.numpy_log_softmax(z)[np.arange(len(y)), y], weights=w
    ),
    "scikit-learn": lambda y, z, w: lib.metrics.log_loss(
        y, lib.numpy_softmax(z), sample_weight=w, labels=range(z.shape[1])
    ),
    "PyTorch": lambda y, z, w: lib.functional.cross_entropy(
        lib.tensor(z), lib.tensor(y), weight=lib.tensor(np.zeros(z.shape[1]))
    ),
    "Keras": lambda y, z, w: lib.keras_loss(
        lib.keras.losses.SparseCategoricalCrossentropy, from_logits=True
    )(y, z, sample_weight=w),
}

THREE = array([1.0, 2.0, 3.0])  # one row of ordinary logits

GROUPS: dict[str, list[Row]] = {
    "Logits": [
        row(
            "logits −10³⁰⁸ and 10³⁰⁸, true class the first",
            "inf",
            lib.SPARSE_FROM_LOGITS,
            array(0, dtype=int),
            array([-1e308, 1e308]),
            why="The loss would be 2·10³⁰⁸, more than a float64 holds. Infinity says so; a warning "
            "would tell of an accident where there is none.",
        ),
        row(
            "softmax, all logits −∞",
            RAISES,
            lib.SOFTMAX,
            array(-INF, -INF),
            why="No class is left possible. A nan would show up much later, and far away.",
        ),
        row(
            "softmax, logits +∞, 0, 0",
            "1, 0, 0",
            lib.SOFTMAX,
            array(INF, 0, 0),
            why="The limit is plain: the first class has all.",
        ),
        row(
            "softmax, logits +∞, +∞, 0",
            RAISES,
            lib.SOFTMAX,
            array(INF, INF, 0),
            why="Which of the two wins is open.",
        ),
        row(
            "logits 0 and −∞, target (1, 0)",
            "0",
            lib.CATEGORICAL_FROM_LOGITS,
            array([1.0, 0.0]),
            array([0.0, -INF]),
            why="A class is ruled out by −∞. What cannot happen and does not happen costs "
            "nothing: 0·∞ counts as 0.",
        ),
        row(
            "whole-number logits 100 and −100 in 8 bits, true class the second",
            "200",
            lib.SPARSE_FROM_LOGITS,
            array(1, dtype=int),
            array([100, -100], dtype=np.int8),
            why="The gap of 200 does not fit into 8 bits.",
        ),
        row(
            "softmax of 70,000 zeros in float16, summed",
            "1",
            sum_of(lib.SOFTMAX),
            np.zeros(70_000, np.float16),
            why="The sum below the line, seventy thousand times e⁰ = 1, is beyond the largest "
            "float16, 65,504. Where it is kept in 16 bits it is infinite, and each share 0.",
        ),
    ],
    "Two classes": [
        row(
            "z = +∞, t = 1",
            "0",
            lib.BINARY_FROM_LOGITS,
            array(1.0),
            array(INF),
            why="Certain, and right.",
        ),
        row(
            "z = −40, t = 0",
            "4.2·10⁻¹⁸",
            lib.BINARY_FROM_LOGITS,
            array(0.0),
            array(-40.0),
            why="Nearly certain, and right: small, and not 0.",
        ),
        row(
            "z = 1, target 2",
            RAISES,
            lib.BINARY_FROM_LOGITS,
            array(2.0),
            array(1.0),
            why="A target is 0, 1 or a share between them. With 2 the loss has no floor.",
        ),
        row(
            "a list of targets, 1, 0, 1, 0; a column of logits, 1, 2, 3, 4",
            RAISES,
            lib.BINARY_FROM_LOGITS,
            array(1.0, 0, 1, 0),
            array([1.0], [2], [3], [4]),
            why="Spread against each other they make 16 losses, and a mean of the wrong ones.",
        ),
    ],
    "Labels and weights": [
        row(
            "label −1, logits 1, 2, 3",
            RAISES,
            LABELS,
            array(-1, dtype=int),
            THREE,
            why="Read from the end of the row it would be another class.",
        ),
        row(
            "label 3, logits 1, 2, 3 of the classes 0, 1, 2",
            RAISES,
            LABELS,
            array(3, dtype=int),
            THREE,
            why="There is no such class.",
        ),
        row(
            "no example at all, of 3 classes",
            RAISES,
            LABELS,
            array(dtype=int),
            np.zeros((0, 3)),
            why="A mean of nothing is no number.",
        ),
        row(
            "label 1, logits 1, 2, 3, all weights 0",
            RAISES,
            WEIGHTLESS,
            array(1, dtype=int),
            THREE,
            array(0.0),
            why="The weighted mean divides by 0.",
        ),
    ],
    "Probabilities": [
        row(
            "true class given probability 0",
            "inf",
            lib.BINARY,
            array(1.0),
            array(0.0),
            why="It was called impossible, and it came.",
        ),
        row(
            "true class given probability 10⁻¹⁰",
            "23.03",
            lib.BINARY,
            array(1.0),
            array(1e-10),
            why="−ln 10⁻¹⁰. Whoever clips the probability says less.",
        ),
        row(
            "true class given probability 1",
            "0",
            lib.BINARY,
            array(1.0),
            array(1.0),
            why="Certain, and right. (The nan of the NumPy formula is 0 · ln 0, from the other "
            "class.)",
        ),
    ],
    "Two distributions": [
        row(
            "D(p ‖ q), p = (1/2, 1/2), q = (1, 0)",
            "inf",
            lib.KL,
            array(0.5, 0.5),
            array(1.0, 0.0),
            why="p does what q calls impossible.",
        ),
        row(
            "D(p ‖ q), p = q = (1, 0)",
            "0",
            lib.KL,
            array(1.0, 0.0),
            array(1.0, 0.0),
            why="What never comes costs nothing.",
        ),
        row(
            "H(p, q), p = (1/2, 1/2), q = (1, 2·10⁻³²³)",
            "371.5",
            lib.CROSS_ENTROPY,
            array(0.5, 0.5),
            array(1.0, 2e-323),
            why="A number so small that it has few digits left, but it is not 0.",
        ),
        row(
            "D(p ‖ q), p = (−1/2, 3/2), q = (1/2, 1/2)",
            RAISES,
            lib.KL,
            array(-0.5, 1.5),
            array(0.5, 0.5),
            why="p is no distribution.",
        ),
        row(
            "D(p ‖ q), p = (1/2, 1/2), q = (nan, 1/2)",
            RAISES,
            lib.KL,
            array(0.5, 0.5),
            array(NAN, 0.5),
            why="Best told at the place where it is.",
        ),
        row(
            "D(p ‖ q), p = (1/2, 3/5), q = (1/2, 1/2)",
            RAISES,
            lib.KL,
            array(0.5, 0.6),
            array(0.5, 0.5),
            why="p sums to 11/10: a slip, most likely. To mend it in silence hides it.",
        ),
        row(
            "D(p ‖ q), p = (1/2, 1/2), q = (1)",
            RAISES,
            lib.KL,
            array(0.5, 0.5),
            array(1.0),
            why="One cannot say which entries belong together.",
        ),
    ],
}


def outcome(call: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """What a call gives, as the page shows it."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            values = np.asarray(call(*args), np.float64)
        except Exception:
            return RAISES
    if not values.size:
        return "an empty list"
    told = list(map(number, values.ravel().tolist()))
    text = told[0] if len(set(told)) == 1 else ", ".join(told)
    return f"{text} ⚠" if heard else text


def number(value: float) -> str:
    """Four digits, or two and a power of ten."""
    if 0 < abs(value) < 1e-3:
        digits, exponent = f"{value:.1e}".split("e")
        return f"{digits.replace('-', '−')}·10{str(int(exponent)).translate(RAISED)}"
    return f"{value + 0.0:.4g}".replace("-", "−")


# How many digits are right


@dataclass(frozen=True)
class Race:
    """Answers compared with mpmath: the largest error of each library, in units of `unit`."""

    what: str
    unit: str
    bound: float  # ours may not be larger
    calls: lib.Calls
    args: tuple[Any, ...]
    exact: Callable[[], list[Any]]

    def errors(self) -> dict[str, float]:
        true = self.exact()
        return {name: self._largest(call, true) for name, call in self.calls.items()}

    def _largest(self, call: Callable[..., Any], true: list[Any]) -> float:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            given = np.asarray(call(*self.args))
        return max(map(self._error, given.ravel(), true))

    def _error(self, given: np.floating, true: Any) -> float:
        step = np.abs(true) if self.unit == "relative" else np.spacing(abs(given.dtype.type(true)))
        return float(abs(mpmath.mpf(float(given)) - true) / mpmath.mpf(float(step)))


def each(values: Any, function: Callable[[Any], Any]) -> list[Any]:
    return [function(mpmath.mpf(float(value))) for value in np.ravel(values)]


def exact_losses(labels: Any, logits: Any) -> list[Any]:
    """−log softmax at the label of each row, by mpmath."""
    rows = [[mpmath.mpf(float(z)) for z in row] for row in logits]
    return [
        mpmath.log(mpmath.fsum(map(mpmath.exp, z))) - z[label]
        for label, z in zip(labels, rows, strict=True)
    ]


def exact_kl(p: Any, q: Any) -> list[Any]:
    p, q = ([mpmath.mpf(float(value)) for value in side] for side in (p, q))
    return [mpmath.fsum(a * mpmath.log(a / b) for a, b in zip(p, q, strict=True))]


def only(names: tuple[str, ...], calls: lib.Calls) -> lib.Calls:
    return {name: call for name, call in calls.items() if name in names}


RACERS = ("xent_lib", "NumPy formula", "SciPy", "PyTorch", "JAX")


def one_by_one(calls: lib.Calls) -> lib.Calls:
    """A loss for each example: the same calls on batches of one."""
    return {
        name: lambda t, z, call=call: np.array(
            [np.float64(call(t[i : i + 1], z[i : i + 1])) for i in range(len(z))]
        )
        for name, call in only(RACERS, calls).items()
    }


def races() -> Iterator[Race]:
    mpmath.mp.dps = 50
    rng = np.random.default_rng(2026)

    z = rng.normal(0, 3, (200, 10))
    every = np.repeat(z, 10, axis=0), np.tile(np.arange(10), 200)
    yield Race(
        "log-softmax, 10 logits, normal with standard deviation 3",
        "ulp",
        4,
        only(RACERS, lib.LOG_SOFTMAX),
        (z,),
        lambda: [-loss for loss in exact_losses(every[1], every[0])],
    )

    gaps = rng.normal(0, 1, (200, 10))
    labels = rng.integers(10, size=200)
    rows = np.arange(200)
    gaps[rows, labels] = gaps.max(axis=1) + rng.uniform(5, 40, 200)
    yield Race(
        "cross-entropy from logits, confident and right",
        "ulp",
        4,
        one_by_one(lib.SPARSE_FROM_LOGITS),
        (labels, gaps),
        lambda: exact_losses(labels, gaps),
    )

    t = rng.integers(2, size=400).astype(float)
    logit = np.where(t == 1, 1, -1) * np.concatenate(
        [rng.normal(0, 3, 200), rng.uniform(5, 40, 200)]
    )
    yield Race(
        "binary cross-entropy from logits, ordinary and confident",
        "ulp",
        4,
        one_by_one(lib.BINARY_FROM_LOGITS),
        (t, logit),
        lambda: each(np.where(t == 1, -logit, logit), lambda x: mpmath.log1p(mpmath.exp(x))),
    )

    x = rng.uniform(-100, 20, 2000).astype(np.float32)
    yield Race(
        "sigmoid in float32, from −100 to 20",
        "ulp",
        4,
        only(RACERS, lib.SIGMOID),
        (x,),
        lambda: each(x, lambda x: 1 / (1 + mpmath.exp(-x))),
    )

    p = np.concatenate([10 ** rng.uniform(-15, -0.01, 200), 1 - 10 ** rng.uniform(-15, -0.5, 200)])
    yield Race(
        "binary entropy, p from 10⁻¹⁵ to 1 − 10⁻¹⁵",
        "ulp",
        4,
        lib.BINARY_ENTROPY,
        (p,),
        lambda: each(p, lambda p: -p * mpmath.log(p) - (1 - p) * mpmath.log(1 - p)),
    )

    # Both are exact in binary, and so are their sums, which are 1: neighbours trade a little.
    near = rng.multinomial(2**30, rng.dirichlet(np.ones(10))) / 2**30
    traded = np.floor(near.reshape(5, 2).min(axis=1) * 1e-5 * 2**50) / 2**50
    moved = near + np.column_stack([traded, -traded]).ravel()
    yield Race(
        "D(p ‖ q), q and p 10⁻⁵ apart, as a share",
        "relative",
        1e-12,
        only(RACERS, lib.KL),
        (near, moved),
        lambda: exact_kl(near, moved),
    )


# The page


INTRO = """\
# Stability and accuracy, measured

What does a library do with an infinite logit, with a label that is not there, with a probability
of 0? This page asks six libraries, the plain formula in NumPy and our own `xent_lib`, and writes
down what came. Every entry is measured by a program, which runs anew in the tests of the book: an
entry that is no longer true makes them fail.

Read it as a map of the places where a number may mislead you, not as a ranking. We chose the
inputs because they are hard, we chose what is wanted, and we built `xent_lib` to it: so it answers
all of them. The large frameworks are made for speed, and every look at the input costs time. The
traps behind many of the rows are shown in
[The same number everywhere](../loss/frameworks.ipynb).

## How to read it

- **The wanted answer comes first**, with a ✓. It is what mathematics says. Where mathematics says
  nothing, or where the input must be a slip, the call should refuse it with an error: *refused*.
- After each answer stand the libraries that gave it. A ⚠ says that a warning came with the number;
  such an answer is not counted as the wanted one.
- Losses are in nats, and a mean if there are several. z is a logit, t a target, p the true and q
  the predicted distribution.
- *NumPy formula* is the line that a careful textbook prints: the largest logit is taken off before
  `exp`, and no special case has a line of its own. *JAX* is JAX with the losses of Optax.
- A library without the loss is asked for the parts that its documentation puts together: SciPy
  for `log_softmax`, from which NumPy picks the label, and PyTorch, TensorFlow and JAX for the sum
  of −p·ln q. A library that has no such parts either is not named in the row. scikit-learn takes
  only labels and probabilities. Each call stands in `tests/frameworks/libraries.py`.
- Each was asked in float64, if it can: Keras with `dtype="float64"`, JAX with its 64 bits switched
  on.
"""

ACCURACY = """\
## How many digits are right

How far from the truth is the worst answer? The truth comes from mpmath, a library that computes
with as many digits as you like, here 50. The unit is the *ulp*, the unit in the last place: the
step from one floating-point number to the next. Half an ulp is the best possible, and 1 is very
good. A float64 has nearly sixteen digits, so an error of 500 ulp has lost about three of them, and
from 4·10¹⁵ on all are lost. A float32 has seven, and its smallest numbers have fewer: there an
error of millions is everything. In both, that is where a library answers 0 and the truth is tiny,
but not 0.

The last row gives the error as a share of the true value. Our own numbers are held to at most
4 ulp. The others vary a little from one processor to the next, so the tests hold their size only.
"""

CLOSING = """
Back to [The same number everywhere](../loss/frameworks.ipynb), where the traps are shown one by
one.
"""


def page(errors: list[tuple[Race, dict[str, float]]]) -> str:
    groups = [group(title, rows) for title, rows in GROUPS.items()]
    return "\n".join([INTRO, *groups, tally(), accuracy(errors), footer()]) + CLOSING


def tally() -> str:
    """How many rows each library answers as wanted."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for rows in GROUPS.values():
        for one in rows:
            for name, given in measured(one).items():
                counts[name].append(given == one.wanted)
    lines = [f"| {name} | {sum(counts[name])} of {len(counts[name])} |" for name in lib.NAMES]
    head = ["## How often", "", "| library | answered as wanted |", "|---|---|"]
    return "\n".join([*head, *lines, ""])


_MEASURED: dict[int, dict[str, str]] = {}


def measured(one: Row) -> dict[str, str]:
    if id(one) not in _MEASURED:
        _MEASURED[id(one)] = one.outcomes()
    return _MEASURED[id(one)]


def group(title: str, rows: list[Row]) -> str:
    lines = [f"## {title}", "", "| given | answers |", "|---|---|"]
    for one in rows:
        answers: dict[str, list[str]] = defaultdict(list)
        for name, given in measured(one).items():
            answers[given].append(name)
        for names in answers.values():
            names.sort(key=lib.NAMES.index)
        told = [
            f"**{given}**{' ✓' if given == one.wanted else ''} {', '.join(names)}"
            for given, names in sorted(answers.items(), key=lambda item: item[0] != one.wanted)
        ]
        lines.append(f"| {one.given}<br><small>{one.why}</small> | {'<br>'.join(told)} |")
    return "\n".join([*lines, ""])


def accuracy(errors: list[tuple[Race, dict[str, float]]]) -> str:
    lines = [ACCURACY, "| input | largest error, in ulp |", "|---|---|"]
    for race, error in errors:
        sizes: dict[str, list[str]] = defaultdict(list)
        for name, size in error.items():
            sizes[amount(size)].append(name)
        told = [f"**{size}** {', '.join(names)}" for size, names in sizes.items()]
        lines.append(f"| {race.what} | {'<br>'.join(told)} |")
    return "\n".join([*lines, ""])


def amount(error: float) -> str:
    """Two digits of a small number, else one and a power of ten."""
    if 0.1 <= error < 10:
        return f"{error:.1f}"
    digit, exponent = f"{error:.0e}".split("e")
    if 0 < int(exponent) < 4:
        return str(int(digit) * 10 ** int(exponent))
    return f"{digit}·10{str(int(exponent)).translate(RAISED)}"


def footer() -> str:
    told = ", ".join(f"{name} {number}" for name, number in lib.versions().items())
    return (
        "## Versions\n\n"
        f"Measured on the processor, without a graphics card, with {told}. "
        "`make stability` measures it anew, and `make test-frameworks` compares.\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page([(race, race.errors()) for race in races()]), "utf-8")
    print(PAGE.name)
