"""Two distributions: entropy, cross-entropy and the extra bits, drawn as the areas they are."""

from collections.abc import Sequence

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number, symbols


def cross_entropy(
    p: Sequence[float] = (0.10, 0.40, 0.50),
    q: Sequence[float] = (0.80, 0.15, 0.05),
    labels: Sequence[str] | None = None,
) -> Explorable:
    """Move two distributions and watch H(p), H(p, q) and the extra bits D(p‖q) between them.

    Parameters
    ----------
    p, q : sequence of float
        The true and the predicted distribution at the start, over the same 2 to 8 symbols.
    labels : sequence of str, optional
        A name for each symbol; A, B, C… by default.

    Examples
    --------
    >>> cross_entropy((0.5, 0.5), (0.75, 0.25))
    The price of predicting q where p is true
    <BLANKLINE>
    symbol      p      q  log₂ 1/p  log₂ 1/q  extra bits × p
    A       0.500  0.750     1.000     0.415          −0.292
    B       0.500  0.250     1.000     2.000           0.500
    <BLANKLINE>
    H(p) = 1.000 bits, D(p‖q) = 0.208 bits extra, H(p, q) = 1.208 bits.
    """
    names = symbols(p, labels)
    h_pq = float(information.cross_entropy(p, q))
    rows = []
    for name, p_x, q_x in zip(names, p, q, strict=True):
        own = float(information.surprisal(p_x))
        other = float(information.surprisal(q_x))
        extra = p_x * (other - own) if p_x else 0.0
        rows.append((name, *(number(value) for value in (p_x, q_x, own, other, extra))))
    return Explorable(
        kind="cross-entropy",
        params={"p": [float(v) for v in p], "q": [float(v) for v in q], "labels": names},
        title="The price of predicting q where p is true",
        columns=["symbol", "p", "q", "log₂ 1/p", "log₂ 1/q", "extra bits × p"],
        rows=rows,
        says=(
            f"H(p) = {number(information.entropy(p))} bits, "
            f"D(p‖q) = {number(information.kl_divergence(p, q))} bits extra, "
            f"H(p, q) = {number(h_pq)} bits."
        ),
    )
