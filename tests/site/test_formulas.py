"""The list of formulas leaves none out: no labelled equation, no function that computes one."""

import importlib
import inspect

import pytest
from test_pages import CHAPTERS, article, squeeze

FORMULAS = "chapters/reference/formulas.html"
MODULES = (
    "information",
    "codes",
    "activations",
    "losses",
    "networks",
    "linear",
    "calibration",
    "rare_events",
    "optimize",
    "problems",
)
# Functions that are no formula, and why.
NOT_LISTED = {
    "encode decode": "a table looked up",
    "log_sigmoid_grad logsumexp_grad log_softmax_jvp": "a listed formula over again, as they say",
    "check_gradients train fit_temperature reliability_curve": "procedures",
    "estimate maximize": "the method as a whole; `minimize` stands for its smoothing",
    "adjacency complete_graph connected cut_weight distances dodecahedron grid heawood icosahedron "
    "knapsack_instance petersen random_cities rastrigin rosenbrock tour_length bridge_length "
    "exact_throughput": "problems to try the method on",
}

pytestmark = pytest.mark.usefixtures("site")


def links() -> set[str]:
    return {link["href"] for link in article(FORMULAS).select("dl.formulas dd a[href]")}


def test_every_labelled_equation_of_the_chapters_is_listed():
    labelled = {
        f"{file.removeprefix('chapters/')}.html#{equation['id']}"
        for file in CHAPTERS
        for equation in article(f"{file}.html").select("div.math[id^=equation-]")
    }
    assert len(labelled) > 40
    listed = {link.removeprefix("../") for link in links()}
    assert not labelled - listed, "add them to chapters/reference/formulas.md"


def test_every_function_that_computes_a_formula_is_listed():
    excused = {name for names in NOT_LISTED for name in names.split()}
    listed = {link.rsplit(".", 1)[1] for link in links() if "api.html#" in link}
    functions = set()
    for module in MODULES:
        public = importlib.import_module(f"xent_lib.{module}")
        functions |= {name for name in public.__all__ if inspect.isfunction(getattr(public, name))}
    # A loss and its twin with the gradient stand side by side in the reference.
    missing = {name for name in functions if name.removesuffix("_and_grad") not in listed}
    assert not missing - excused, "add them to chapters/reference/formulas.md"
    assert not excused - missing, "excused, but listed or no longer there"


def test_every_formula_has_a_name_a_reading_and_a_place():
    names = article(FORMULAS).select("dl.formulas > dt")
    assert len({name["id"] for name in names}) == len(names) > 60
    for entry in article(FORMULAS).select("dl.formulas > dd"):
        assert entry.select_one(".math .katex")
        assert len(squeeze(entry.select_one("p.said").get_text())) > 10
        *_, place = entry.select("p:last-child a")
        assert ".html#" in place["href"]
        assert "api.html" not in place["href"]


def test_formulas_stand_in_the_order_of_the_book():
    order = [f"../{file.removeprefix('chapters/')}.html" for file in CHAPTERS]
    for group in article(FORMULAS).select("section section"):
        places = [
            order.index(place["href"].split("#")[0])
            for place in group.select("dl.formulas > dd > p:last-child > a:last-child")
        ]
        assert places == sorted(places), group["id"]
