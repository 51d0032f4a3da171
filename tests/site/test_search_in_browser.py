"""Whoever types a symbol into the search finds what it means."""

from urllib.parse import quote

import pytest

NOTATION = "reference/notation.html"


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("H(p, q)", f"{NOTATION}#symbol-cross-entropy-of-p-and-q"),
        ("H(p,q)", f"{NOTATION}#symbol-cross-entropy-of-p-and-q"),
        ("H( p , q )", f"{NOTATION}#symbol-cross-entropy-of-p-and-q"),
        ("H(p)", f"{NOTATION}#symbol-entropy-of-p"),
        ("D(p‖q)", f"{NOTATION}#symbol-kl-divergence-of-p-from-q"),
        ("D(p || q)", f"{NOTATION}#symbol-kl-divergence-of-p-from-q"),
        ("D_KL", f"{NOTATION}#symbol-kl"),
        ("D_KL(p||q)", f"{NOTATION}#symbol-kl"),
        ("KL", f"{NOTATION}#symbol-kl"),
        ("KL", "information/kl-divergence.html"),
        ("entropy", "information/entropy.html"),
        ("relative entropy", f"{NOTATION}#symbol-kl"),
        ("I(X;Y)", f"{NOTATION}#symbol-mutual-information-of-x-and-y"),
        ("σ", f"{NOTATION}#symbol-sigma-of-z"),
        ("sigma", f"{NOTATION}#symbol-sigma-of-z"),
        (r"\sigma", f"{NOTATION}#symbol-sigma-of-z"),
        ("Σ", f"{NOTATION}#symbol-sum-over"),
        ("∇", f"{NOTATION}#symbol-nabla"),
        ("gamma", f"{NOTATION}#symbol-gamma"),
        ("γ", f"{NOTATION}#symbol-gamma"),
        ("p log p", f"{NOTATION}#symbol-p-log-p"),
        ("logits", f"{NOTATION}#symbol-logits"),
        ("log_softmax", "reference/api.html#xent_lib.activations.log_softmax"),
        ("cross-entropy", "information/cross-entropy.html"),
        ("softmax", "loss/softmax.html"),
        ("Bayes", "start/probability.html"),
        ("Amdahl", "method/scaling-out.html"),
    ],
)
def test_the_page_that_explains_it_is_among_the_first_three(visit, query, page):
    tab = visit(f"search.html?q={quote(query)}")
    found = tab.locator("#search-results li a")
    found.first.wait_for()
    tab.locator(".search-summary:not(:empty)").wait_for()  # all are there
    first = [link.get_attribute("href") for link in found.all()[:3]]
    assert any(page in link for link in first), first
