"""Plans are measured again and again with noise: who leads, and by how much luck?"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xent_lib.explorables._figure import Explorable, number

FIRST = 5  # runs, at first
DIGITS = 4


def standings(
    runs: npt.NDArray[np.float64], n: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Means and standard errors of the first `n` runs, shape (races, plans), and the leaders.

    One run has no standard error: it is nan.
    """
    some = runs[:, :, :n]
    means = some.mean(axis=2)
    errors = some.std(axis=2, ddof=1) / np.sqrt(n) if n > 1 else np.full(means.shape, np.nan)
    return means, errors, means.argmax(axis=1)


def noisy_race(
    runs: npt.ArrayLike,
    truth: npt.ArrayLike,
    labels: Sequence[str],
    *,
    quantity: str = "throughput, jobs per unit of time",
) -> Explorable:
    """Add simulation runs to some plans and see who leads; then see who should.

    Parameters
    ----------
    runs : array_like, shape (races, plans, n)
        What each run of each plan gave, larger is better; each race is a fresh start. Of 2 to 8
        plans, in 1 to 40 races of 5 to 200 runs. Four decimals are kept.
    truth : array_like, shape (plans,)
        The exact value of each plan.
    labels : sequence of str
        The names of the plans.
    quantity : str
        What is measured, with its unit.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> noisy_race(rng.normal([[[1.0], [1.1]]], 0.2, size=(4, 2, 50)), [1.0, 1.1], ["A", "B"])
    A race in the fog
    <BLANKLINE>
    plan  truth  mean of 5 runs  standard error
    A     1.000           0.944           0.136
    B     1.100           1.143           0.093
    <BLANKLINE>
    After 5 runs of each plan, B leads with 1.143; its truth is 1.100, and B is the best. \
A wrong one leads in 1 of 4 races.
    """
    values = np.round(np.asarray(runs, dtype=float), DIGITS)
    exact = np.asarray(truth, dtype=float)
    if values.ndim != 3:
        raise ValueError(
            f"`runs` has shape {values.shape}; it must have three axes: races, plans, runs"
        )
    races, plans, most = values.shape
    if not (1 <= races <= 40 and 2 <= plans <= 8 and FIRST <= most <= 200):
        raise ValueError(
            f"`runs` holds {races} races of {plans} plans in {most} runs; the figure draws 1 to 40"
            f" races, 2 to 8 plans and {FIRST} to 200 runs"
        )
    if exact.shape != (plans,) or len(labels) != plans:
        raise ValueError(
            f"`runs` has {plans} plans, `truth` has shape {exact.shape} and there are"
            f" {len(labels)} labels"
        )
    for name, array in (("runs", values), ("truth", exact)):
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` holds a value that is not finite")
    means, errors, leaders = standings(values, FIRST)
    best, leader = int(exact.argmax()), int(leaders[0])
    verdict = "is the best" if leader == best else f"is not the best: {labels[best]} is"
    wrong = int((leaders != best).sum())
    return Explorable(
        kind="noisy-race",
        params={
            "runs": np.rint(values * 10**DIGITS).astype(int).tolist(),
            "scale": 10**DIGITS,
            "truth": exact.round(12).tolist(),
            "labels": [str(label) for label in labels],
            "quantity": quantity,
            "first": FIRST,
        },
        title="A race in the fog",
        columns=["plan", "truth", f"mean of {FIRST} runs", "standard error"],
        rows=[
            (str(label), number(exact[i]), number(means[0, i]), number(errors[0, i]))
            for i, label in enumerate(labels)
        ],
        says=(
            f"After {FIRST} runs of each plan, {labels[leader]} leads with "
            f"{number(means[0, leader])}; its truth is {number(exact[leader])}, and "
            f"{labels[leader]} {verdict}. A wrong one leads in {wrong} of {races} races."
        ),
    )
