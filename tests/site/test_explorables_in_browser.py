"""The explorable figures in a real browser: what they compute, say, and look like.

Each figure stands alone on a page of its own, so that these tests need no built site.
"""

import math

import numpy as np
import pytest
from figures import (
    CLASHES,
    MOVE,
    assert_accessible_and_fits,
    assert_names_and_room,
    document,
    drag,
    numbers,
    read,
    says,
    sliders,
)

from xent_lib import _html, activations, explorables, information, losses, networks
from xent_lib.activations import softmax
from xent_lib.calibration import expected_calibration_error
from xent_lib.explorables.fit import TWO_PEAKS, bell
from xent_lib.explorables.iris_descent import three_flower_network
from xent_lib.explorables.likelihood import loss_slope, row_likelihood
from xent_lib.explorables.loss_race import cross_entropy, descend, squared_error
from xent_lib.explorables.traps import TRAPS
from xent_lib.explorables.two_losses import at

SEVEN_FLOWERS = (
    [[0.0, 0.6], [0.1, 0.9], [0.4, 0.2], [0.55, 0.3], [0.6, 0.5], [0.8, 0.35], [0.95, 0.6]],
    [0, 0, 1, 1, 2, 1, 2],
)
FIGURES = {
    "surprise": explorables.surprise(0.25),
    "entropy": explorables.entropy((0.5, 0.25, 0.125, 0.125), ["sun", "cloud", "rain", "snow"]),
    "cross-entropy": explorables.cross_entropy(),
    "coin-average": explorables.coin_average(0.4, tosses=30, seed=3),
    "code-lengths": explorables.code_lengths(),
    "fit": explorables.fit(),
    "softmax": explorables.softmax((3, 2, 0), ["rain", "cloud", "sun"]),
    "logit-gradient": explorables.logit_gradient((3, 2, 0), ["rain", "cloud", "sun"]),
    "iris-descent": explorables.iris_descent(*SEVEN_FLOWERS),
    "likelihood": explorables.likelihood(),
    "soft-label": explorables.soft_label(),
    "reliability": explorables.reliability(),
    "two-losses": explorables.two_losses(),
    "loss-race": explorables.loss_race(),
    "traps": explorables.traps(),
    "trace": explorables.trace("total = 0\nfor n in [1, 2]:\n    total = total + n\nprint(total)"),
}


@pytest.fixture
def show(open_figure):
    """``show(kind)`` opens a page with that figure."""
    return lambda kind, **options: open_figure(FIGURES[kind], **options)


def vector(values, symbol):
    return [value for name, value in values.items() if name.startswith(f"{symbol}-")]


def expected(kind, values, params, base=2):
    """Every number of a figure, computed by the library from where its sliders stand."""
    if kind == "surprise":
        bits = float(information.surprisal(values["prob"]))
        nats = float(information.surprisal(values["prob"], base=math.e))
        return {"bits": bits, "nats": nats, "tosses": bits}
    if kind == "entropy":
        p = vector(values, "p")
        h = float(information.entropy(p))
        return {"entropy": h, "maximum": math.log2(len(p)), "perplexity": 2**h}
    if kind == "cross-entropy":
        p, q = vector(values, "p"), vector(values, "q")
        return {
            "entropy": float(information.entropy(p, base=base)),
            "cross-entropy": float(information.cross_entropy(p, q, base=base)),
            "divergence": float(information.kl_divergence(p, q, base=base)),
        }
    if kind == "coin-average":
        tosses = int(values["tosses"])
        heads = int(np.count_nonzero(np.array(params["draws"][:tosses]) < values["prob"]))
        share = heads / tosses
        return {"heads": heads, "share": share, "distance": abs(share - values["prob"])}
    if kind == "code-lengths":
        lengths = np.array(vector(values, "length"))
        return {
            "kraft": float(np.sum(2**-lengths)),
            "expected": float(np.dot(params["p"], lengths)),
            "entropy": float(information.entropy(params["p"])),
        }
    if kind == "softmax":
        z = np.add(vector(values, "z"), values["shift"])
        probs = softmax(z, temperature=values["temperature"])
        told = {f"prob-{i}": prob for i, prob in enumerate(probs)}
        own = float(information.entropy(probs, base=math.e))
        return {**told, "entropy": own, "argmax": np.argmax(z)}
    if kind == "logit-gradient":
        z, label = vector(values, "z"), int(values["target"])
        loss, slopes = losses.sparse_softmax_cross_entropy_and_grad(label, z)
        after = losses.sparse_softmax_cross_entropy(label, z - values["rate"] * slopes)
        told = {f"slope-{i}": slope for i, slope in enumerate(slopes)}
        return {**told, "loss": loss, "next": after}
    if kind == "reliability":
        probs = softmax(np.array(params["logits"]) / values["temperature"])
        hits = probs.argmax(axis=1) == params["labels"]
        return {
            "loss": -np.log(probs[np.arange(len(probs)), params["labels"]]).mean(),
            "error": expected_calibration_error(
                params["labels"], probs, n_bins=int(values["bins"])
            ),
            "accuracy": hits.mean(),
            "confidence": probs.max(axis=1).mean(),
        }
    if kind == "likelihood":
        share, q, tosses = values["share"], values["q"], params["tosses"]
        data, belief = [share, 1 - share], [q, 1 - q]
        return {
            "likelihood": row_likelihood(share, q, tosses),
            "loss": float(information.cross_entropy(data, belief, base=math.e)),
            "excess": float(information.kl_divergence(data, belief, base=math.e)),
            "slope": loss_slope(share, q),
        }
    if kind == "soft-label":
        y, q = values["target"], values["prob"]
        label, belief = [y, 1 - y], [q, 1 - q]
        return {
            "floor": float(information.entropy(label, base=math.e)),
            "excess": float(information.kl_divergence(label, belief, base=math.e)),
            "loss": float(information.cross_entropy(label, belief, base=math.e)),
        }
    if kind == "two-losses":
        names = ["ce", "ce-slope", "se", "se-slope"]
        return dict(zip(names, at(values["prob"], params["by"]), strict=True))
    if kind == "loss-race":
        start = [values[name] for name in ("weight", "bias", "rate")]
        told = {}
        for name, loss in [("se", squared_error), ("ce", cross_entropy)]:
            logit = descend(loss, *start)[int(values["step"])]
            told[f"{name}-loss"], told[f"{name}-slope"] = loss(logit)
            told[f"{name}-output"] = activations.sigmoid(logit)
        return told
    if kind == "iris-descent":
        network = three_flower_network()
        for parameter, symbol in zip(network.parameters(), ["w1", "b1", "w2", "b2"], strict=True):
            parameter[...] = np.reshape(vector(values, symbol), parameter.shape)
        return network_numbers(network, params, params["x"], params["y"])
    if kind == "traps":
        labels, z = np.array(params["labels"]), np.array(params["logits"])
        z[0] = vector(values, "logit")
        printed = [trap(labels, z) for _, _, trap in TRAPS]
        right = losses.sparse_softmax_cross_entropy(labels, z)
        told = {f"trap-{i}": value for i, value in enumerate(printed)}
        return {**told, "right": right, "printed": printed[0]}
    q = bell(values["mean"], values["width"])
    return {
        "forward": float(information.kl_divergence(TWO_PEAKS, q)),
        "reverse": float(information.kl_divergence(q, TWO_PEAKS)),
    }


def network_numbers(network, params, x, y):
    """What the figure shows of a network that is trained on the flowers x of the species y."""
    costs = losses.sparse_softmax_cross_entropy(
        params["y"], network.forward(params["x"]), reduction="none"
    )
    logits = network.forward(x)
    mean, slope = losses.sparse_softmax_cross_entropy_and_grad(y, logits)
    network.backward(slope)
    told = {"total": costs.sum(), "mean": mean, "right": np.sum(logits.argmax(axis=1) == y)}
    for i, cost in enumerate(costs):
        told |= {f"loss-{i}": cost, f"prob-{i}": np.exp(-cost)}
    told |= by_name("slope-", network.gradients()) | by_name("", network.parameters())
    return told


def by_name(prefix, arrays):
    """Numbers of the network by the names that the figure gives them."""
    return {
        "-".join([prefix + symbol, *map(str, index)]): array[index]
        for symbol, array in zip(["w1", "b1", "w2", "b2"], arrays, strict=True)
        for index in np.ndindex(array.shape)
    }


def slopes_of_one(network, flower, label):
    """The slopes of the cost of one flower alone."""
    logits = network.forward([flower])
    network.backward(losses.sparse_softmax_cross_entropy_and_grad([label], logits)[1])
    return by_name("own-", network.gradients())


def assert_agree(kind, values, base=2):
    for name, value in expected(kind, values, FIGURES[kind].params, base).items():
        assert math.isclose(values[name], value, rel_tol=1e-12, abs_tol=1e-15), (name, values)


@pytest.mark.parametrize("kind", [kind for kind in FIGURES if kind != "trace"])
def test_what_the_script_computes_is_what_the_library_computes(kind, show):
    page = show(kind)
    rng = np.random.default_rng(20)
    count = len(sliders(page))
    settings = [[]] + [
        [[int(rng.integers(count)), float(rng.choice([rng.random(), rng.random() ** 4, 0.0, 1.0]))]]
        for _ in range(60)
    ]
    for values in page.evaluate(MOVE, settings):
        assert_agree(kind, numbers(values))


def test_every_probability_of_the_slider_is_right(show):
    page = show("surprise")
    stops = int(page.get_by_role("slider").get_attribute("max"))
    readings = page.evaluate(MOVE, [[[0, stop / stops]] for stop in range(stops + 1)])
    probs = [float(values["prob"]) for values in readings]
    assert probs[:3] == [0, 1e-6, 2e-6]
    assert probs[-1] == 1
    assert probs == sorted(probs)
    for values in readings:
        assert_agree("surprise", numbers(values))


@pytest.mark.parametrize("kind", ["entropy", "cross-entropy"])
def test_distributions_keep_summing_to_one(kind, show):
    page = show(kind)
    rng = np.random.default_rng(21)
    count = len(sliders(page))
    settings = [[[int(rng.integers(count)), float(rng.choice([0.0, 0.3, 1.0]))]] for _ in range(40)]
    for values in map(numbers, page.evaluate(MOVE, settings)):
        for symbol in ("p", "q")[: count // 3]:
            assert math.isclose(sum(vector(values, symbol)), 1, rel_tol=1e-14)


def test_a_bar_pushed_to_one_comes_back(show):
    page = show("entropy")
    readings = page.evaluate(MOVE, [[[0, 1.0]], [[0, 0.5]]])
    assert vector(numbers(readings[0]), "p") == [1, 0, 0, 0]
    assert vector(numbers(readings[1]), "p") == [0.5, 0.25, 0.125, 0.125]


@pytest.mark.parametrize("kind", FIGURES)
def test_the_keyboard_moves_every_slider_and_is_told_where(kind, show):
    page = show(kind)
    for slider in sliders(page):
        before = slider.get_attribute("aria-valuetext")
        slider.focus()
        page.keyboard.press("ArrowRight")
        after = slider.get_attribute("aria-valuetext")
        assert before != after
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Home")
        page.keyboard.press("End")
        assert slider.get_attribute("aria-valuetext") not in (before, after)
        if kind != "trace":
            assert_agree(kind, read(page))
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("kind", FIGURES)
def test_controls_have_names_and_room(kind, show):
    page = show(kind)
    for slider in sliders(page):
        assert slider.get_attribute("data-lm-suppress-shortcuts") == "true"
        label = slider.locator("xpath=ancestor::label")
        assert label.locator("span").is_visible()
    assert_names_and_room(page)
    assert page.get_by_role("group", name=FIGURES[kind].title).count() == 1


@pytest.mark.parametrize("kind", FIGURES)
def test_the_live_region_speaks_once_when_the_reader_pauses(kind, show):
    page = show(kind)
    assert page.get_by_role("status").inner_text() == ""
    page.evaluate(
        """() => {
            window.spoken = 0;
            const region = document.querySelector('[aria-live=polite]');
            new MutationObserver(() => window.spoken++).observe(region, { childList: true });
        }"""
    )
    page.evaluate(MOVE, [[[0, share]] for share in (0.2, 0.9, 0.4, 0.6)])
    assert page.get_by_role("status").inner_text() == ""
    page.wait_for_function("window.spoken > 0")
    assert page.evaluate("window.spoken") == 1
    assert page.get_by_role("status").text_content() == says(page)


# iris-descent keeps the learning rate: it has a test of its own
@pytest.mark.parametrize("kind", [kind for kind in FIGURES if kind != "iris-descent"])
def test_reset_goes_back_to_the_start(kind, show):
    page = show(kind)
    start = read(page)
    page.evaluate(MOVE, [[[0, 0.9]]])
    assert read(page) != start
    page.get_by_role("button", name="Reset").click()
    assert read(page) == start


def test_infinite_is_said_in_words(show):
    page = show("cross-entropy")
    values = numbers(page.evaluate(MOVE, [[[5, 0.0]]])[0])
    assert values["cross-entropy"] == values["divergence"] == math.inf
    assert "q calls C impossible" in says(page)
    assert page.locator("[data-name=cross-entropy]").inner_text() == "infinite"
    page.set_content(document(FIGURES["surprise"]))
    page.evaluate(MOVE, [[[0, 0.0]]])
    assert "infinitely surprising" in says(page)
    page.evaluate(MOVE, [[[0, 1.0]]])
    assert page.locator("[data-name=bits]").inner_text() == "0.000"


def test_the_buttons_of_cross_entropy(show):
    page = show("cross-entropy")
    start = read(page)
    page.get_by_role("button", name="nats").click()
    assert_agree("cross-entropy", read(page), base=math.e)
    assert page.get_by_role("button", name="nats").get_attribute("aria-pressed") == "true"
    assert page.locator(".xent-amount").all_inner_texts() == [
        "0.943 nats",
        "1.336 nats",
        "2.279 nats",
    ]
    page.get_by_role("button", name="bits").click()
    page.get_by_role("button", name="Swap p and q").click()
    swapped = read(page)
    assert (vector(swapped, "p"), vector(swapped, "q")) == (vector(start, "q"), vector(start, "p"))
    assert math.isclose(swapped["cross-entropy"], 2.906, abs_tol=5e-4)
    page.get_by_role("button", name="Make q equal to p").click()
    equal = read(page)
    assert equal["divergence"] == 0
    assert equal["cross-entropy"] == equal["entropy"]
    assert says(page).startswith("q equals p: nothing extra")


def test_the_buttons_of_the_other_figures(show):
    page = show("entropy")
    page.get_by_role("button", name="Make all equal").click()
    assert read(page)["entropy"] == 2
    page = show("fit")
    for name, key in [("Least D(p‖q)", "forward"), ("Least D(q‖p)", "reverse")]:
        page.get_by_role("button", name=name).click()
        values = read(page)
        assert (values["mean"], values["width"]) == FIGURES["fit"].params[key]
        assert says(page).startswith("No bell has a smaller")
    page = show("reliability")
    before = read(page)
    page.get_by_role("button", name="Best temperature").click()
    after = read(page)
    assert after["temperature"] == FIGURES["reliability"].params["best"]
    assert after["loss"] < before["loss"]
    assert after["accuracy"] == before["accuracy"]
    assert says(page).startswith("No temperature has a smaller loss.")
    assert_agree("reliability", after)
    page = show("coin-average")
    page.get_by_role("button", name="Toss once").click()
    page.get_by_role("button", name="Toss 10 times").click()
    assert read(page)["tosses"] == 41


def test_the_buttons_of_likelihood_and_soft_label(show):
    page = show("likelihood")
    page.get_by_role("button", name="2000 tosses").click()
    values = read(page)
    assert values["likelihood"] == row_likelihood(0.7, 0.5, 2000) == 0
    assert math.isclose(values["loss"], math.log(2), rel_tol=1e-15)
    assert says(page).endswith("too small for a computer.")
    page.get_by_role("button", name="100 tosses").click()
    values = read(page)
    assert math.isclose(values["likelihood"], row_likelihood(0.7, 0.5, 100), rel_tol=1e-12)
    page.get_by_role("button", name="Best guess").click()
    values = read(page)
    assert (values["q"], values["slope"], values["excess"]) == (0.7, 0, 0)
    assert "no guess is likelier than 0.70" in says(page)
    page.evaluate(MOVE, [[[0, 0.0]]])
    assert "calls impossible what came" in says(page)
    page = show("soft-label")
    page.get_by_role("button", name="Make q equal to y").click()
    values = read(page)
    assert (values["prob"], values["excess"]) == (0.7, 0)
    assert values["loss"] == values["floor"]
    page.evaluate(MOVE, [[[0, 1.0], [1, 1.0]]])
    assert says(page) == "Sure and right: the loss is 0."
    page.evaluate(MOVE, [[[1, 0.0]]])
    assert "calls impossible" in says(page)


def test_the_points_of_likelihood_and_soft_label_can_be_dragged(show):
    for kind, handle, way in [
        ("likelihood", "top", (60, 0)),
        ("likelihood", "q", (60, 0)),
        ("soft-label", "point", (50, -40)),
    ]:
        page = show(kind)
        start = read(page)
        drag(page.locator(f"[data-drag={handle}]"), *way)
        values = read(page)
        assert values != start
        assert_agree(kind, values)
    assert values["target"] > start["target"]
    assert values["prob"] > start["prob"]


def test_both_losses_are_drawn_by_the_probability_or_by_the_logit(show):
    page = show("two-losses")
    page.get_by_role("button", name="by logit z").click()
    assert page.get_by_role("button", name="by logit z").get_attribute("aria-pressed") == "true"
    params = {"by": "logit"}
    for share in (0.0, 0.03, 0.2, 0.5, 0.97, 1.0):
        values = numbers(page.evaluate(MOVE, [[[0, share]]])[0])
        for name, value in expected("two-losses", values, params).items():
            assert math.isclose(values[name], value, rel_tol=1e-12, abs_tol=1e-15), (name, values)
    assert "a logit of 6.91" in says(page)
    for name in ("ce", "se"):
        page.evaluate(MOVE, [[[0, 0.5]]])
        before = read(page)["prob"]
        drag(page.locator(f"[data-drag={name}]"), -90, -40)
        assert read(page)["prob"] < before
    page.get_by_role("button", name="Reset").click()
    assert_agree("two-losses", read(page))


def test_the_race_is_stepped_and_played(show):
    page = show("loss-race")
    step = page.get_by_role("button", name="Step", exact=True)
    for taken in (1, 2, 3):
        step.click()
        assert read(page)["step"] == taken
        assert_agree("loss-race", read(page))
    page.get_by_role("button", name="Play").click()  # no motion wanted: there at once
    assert read(page)["step"] == 300
    assert step.is_disabled()
    assert page.get_by_role("button", name="Play").is_visible()
    assert_agree("loss-race", read(page))
    told = says(page)
    assert "(below one half since step 117) by squared error" in told
    assert "(below one half since step 17) by cross-entropy" in told
    page.get_by_role("button", name="Reset").click()
    assert says(page).startswith("At the start the output is 0.982")


def test_the_race_plays_for_those_who_want_motion(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURES["loss-race"]))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-name=step]').dataset.value > 5")
    page.get_by_role("button", name="Pause").click()
    first = read(page)
    assert first["step"] < 300
    page.wait_for_timeout(200)
    assert read(page) == first
    page.get_by_role("button", name="Play").click()
    page.evaluate(MOVE, [[[3, 0.5]]])  # the reader takes over: the play ends
    page.wait_for_timeout(200)
    assert read(page)["step"] == 150
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-name=step]').dataset.value === '300'")
    page.get_by_role("button", name="Play").click()  # from the end it starts anew
    page.wait_for_function("document.querySelector('[data-name=step]').dataset.value < 200")
    page.close()


def test_softmax_does_not_feel_a_shift(show):
    page = show("softmax")
    start = vector(read(page), "prob")
    page.get_by_role("button", name="Add 1000 to every z").click()
    assert np.allclose(vector(read(page), "prob"), start, rtol=1e-12)
    assert says(page).endswith("written naively gives nan.")
    assert page.locator("tbody tr").first.inner_text().split("\t")[1:] == [
        "1003.0",
        "inf",
        "nan",
        "0.705",
    ]


def test_steps_against_the_gradient_lower_the_loss(show):
    page = show("logit-gradient")
    seen = [read(page)]
    for button in ["Take a step", "Take 10 steps"]:
        page.get_by_role("button", name=button).click()
        seen.append(read(page))
        assert_agree("logit-gradient", seen[-1])
    assert [values["steps"] for values in seen] == [0, 1, 11]
    assert math.isclose(seen[1]["loss"], seen[0]["next"], rel_tol=1e-12)
    assert seen[0]["loss"] > seen[1]["loss"] > seen[2]["loss"]
    page.get_by_role("button", name="cloud").click()
    assert read(page)["target"] == 1
    assert read(page)["steps"] == 0
    assert_agree("logit-gradient", read(page))
    page.evaluate(MOVE, [[[3, 1.0]]])
    assert read(page)["rate"] == 10


def test_each_trap_is_chosen_and_explained(show):
    page = show("traps")
    said = set()
    for i, (name, call, _) in enumerate(TRAPS):
        page.get_by_role("button", name=name, exact=True).click()
        values = read(page)
        assert values["printed"] == values[f"trap-{i}"]
        assert page.locator(".xent-legend code").inner_text() == call
        told = says(page)
        assert told.endswith(f"Right 0.592, printed {values['printed']:.3f}.")
        said.add(told)
    assert len(said) == len(TRAPS)
    page.evaluate(MOVE, [[[0, 0.0], [1, 1.0]]])
    assert read(page)["printed"] == math.inf  # float16
    assert "printed infinite" in says(page)
    assert page.evaluate(CLASHES) == []


def test_areas_can_be_dragged(show):
    page = show("cross-entropy")
    start = read(page)
    for handle, way, symbol in [("q1", (0, -40), "q"), ("1", (50, 0), "p")]:
        x, y = drag(page.locator(f"[data-drag='{handle}']"), *way)
        page.mouse.move(x, y + 200)
        values = read(page)
        assert vector(values, symbol) != vector(start, symbol)
        assert_agree("cross-entropy", values)
    assert values["q-1"] < start["q-1"]
    assert values["p-0"] > start["p-0"]
    assert values["p-2"] == start["p-2"]
    page = show("surprise")
    box = page.locator("[data-drag=point]").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 60, steps=4)
    page.mouse.up()
    assert read(page)["prob"] > 0.4


def test_a_finger_drags_and_the_page_stays(browser):
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 900}
    )
    page = context.new_page()
    page.set_content(document(*FIGURES.values()))
    handle = page.locator("[data-drag=q2]")
    handle.evaluate("node => node.scrollIntoView({ block: 'center' })")
    box, scrolled = handle.bounding_box(), page.evaluate("scrollY")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)
    for kind, down in [("touchStart", 0), *(("touchMove", 8 * i) for i in range(1, 10))]:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + down}]}
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert float(page.locator("[data-name=q-2]").get_attribute("data-value")) > 0.14
    assert page.evaluate("scrollY") == scrolled
    context.close()


def test_code_words_appear_while_the_budget_allows_them(show):
    page = show("code-lengths")
    page.evaluate(MOVE, [[[0, 0.0], [1, 0.2], [2, 0.4], [3, 0.4]]])
    shown = page.locator(".xent-slider [data-value]").all_inner_texts()
    assert shown == ["1 bit: 0", "2 bits: 10", "3 bits: 110", "3 bits: 111"]
    page.evaluate(MOVE, [[[1, 0.0]]])
    assert "no such prefix code" in says(page)
    assert page.locator(".xent-slider [data-value]").first.inner_text() == "1 bit"


@pytest.mark.parametrize("rate", [0.1, 0.3, 2.0])
@pytest.mark.parametrize("chosen", ["three flowers", "all of Iris"])
def test_gradient_descent_in_the_browser_is_that_of_the_library(chosen, rate, show):
    page = show("iris-descent")
    params = FIGURES["iris-descent"].params
    x, y = SEVEN_FLOWERS if chosen == "all of Iris" else (params["x"], params["y"])
    page.get_by_role("button", name=chosen).click()
    rates = params["rates"]
    page.evaluate(MOVE, [[[0, rates.index(rate) / (len(rates) - 1)]]])
    network = three_flower_network()
    descent = networks.SGD(network, learning_rate=rate)
    taken = 0
    for button, times in [("1 step", 1), ("10 steps", 10), ("▶ 100 steps", 100)]:
        page.get_by_role("button", name=button, exact=True).click()
        taken += times
        for _ in range(times):
            network_numbers(network, params, x, y)
            descent.step()
        values = read(page)
        assert values["steps"] == taken
        for name, value in network_numbers(network, params, x, y).items():
            assert math.isclose(values[name], value, rel_tol=1e-9, abs_tol=1e-12), name
    if rate == 2:
        told = says(page)
        assert told.startswith("Both nodes are off for every flower: they are dead")
        if chosen == "three flowers":
            assert math.isclose(values["total"], 3 * math.log(3), rel_tol=1e-2)


def test_the_network_shows_each_flower_its_weights_and_its_slopes(show):
    page = show("iris-descent")
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for flower in ("setosa", "virginica", "versicolor"):
            page.get_by_role("button", name=flower).click()
            for lines in ("slopes", "weights"):
                page.get_by_role("button", name=lines).click()
                drawn = page.locator(".xent-picture", has=page.locator(".wire"))
                told = drawn.get_by_role("img").get_attribute("aria-label")
                assert told.startswith(f"The network with all its {lines}, as it sees {flower}")
                assert drawn.locator(".wire").count() == 10
                assert drawn.locator(".node.off").count() == (2 if flower == "virginica" else 0)
                assert page.evaluate(CLASHES) == []
    page.get_by_role("button", name="▶ 100 steps").click()
    assert page.evaluate(CLASHES) == []


def test_the_slopes_in_the_picture_are_those_of_the_chosen_flower_alone(show):
    page = show("iris-descent")
    params = FIGURES["iris-descent"].params
    page.get_by_role("button", name="slopes").click()
    network = three_flower_network()
    for flower, label in zip(params["x"], params["y"], strict=True):
        name = params["species"][label]
        page.get_by_role("button", name=name).click()
        values = read(page)
        for key, value in slopes_of_one(network, flower, label).items():
            assert math.isclose(values[key], value, rel_tol=1e-12, abs_tol=1e-15), (name, key)
        assert f"the cost of {name} alone" in page.locator(".xent-legend").inner_text()
        if name == "virginica":  # both nodes are off: it moves the biases of the outputs alone
            texts = page.locator(".xent-picture svg", has=page.locator(".wire"))
            drawn = texts.locator("text").all_text_contents()
            assert drawn.count("0.000") == 10
            assert drawn.count("bias 0.000") == 2
            assert {"bias 0.212", "bias −0.424"} <= set(drawn)


def test_reset_keeps_the_flowers_and_the_rate(show):
    page = show("iris-descent")
    page.get_by_role("button", name="all of Iris").click()
    page.evaluate(MOVE, [[[0, 0]]])
    page.get_by_role("button", name="10 steps").click()
    assert says(page).startswith("After 10 steps on all of Iris: mean")
    page.get_by_role("button", name="Reset").click()
    values = read(page)
    assert (values["steps"], values["rate"]) == (0, FIGURES["iris-descent"].params["rates"][0])
    assert page.get_by_role("button", name="all of Iris").get_attribute("aria-pressed") == "true"


def test_a_hundred_steps_are_played_and_can_be_stopped(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURES["iris-descent"]))
    page.get_by_role("button", name="▶ 100 steps").click()
    page.wait_for_function("document.querySelector('[data-name=steps]').dataset.value > 2")
    page.get_by_role("button", name="Pause").click()
    steps = read(page)["steps"]
    assert 2 < steps < 100
    page.wait_for_timeout(200)
    assert read(page)["steps"] == steps
    page.get_by_role("button", name="Reset").click()
    assert read(page)["steps"] == 0
    page.close()


def test_a_program_is_stepped_through(show):
    page = show("trace")
    step = page.get_by_role("button", name="Next")
    seen = []
    while step.is_enabled():
        step.click()
        seen.append(
            {
                "line": page.evaluate(
                    "[...document.querySelectorAll('.xent-listing li')]"
                    ".findIndex(line => line.ariaCurrent === 'step') + 1"
                ),
                "variables": dict(
                    row.split("\t") for row in page.locator("tbody").inner_text().split("\n")
                ),
                "printed": page.locator("pre").text_content().replace("nothing", ""),
            }
        )
    assert seen == FIGURES["trace"].params["steps"]
    assert says(page).endswith("it printed 3.")
    page.get_by_role("button", name="Back").click()
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "step 6 of 7"


def test_motion_only_for_those_who_want_it(browser):
    page = browser.new_page(reduced_motion="no-preference")
    page.set_content(document(FIGURES["cross-entropy"]))
    start = vector(read(page), "q")
    page.get_by_role("button", name="Make q equal to p").click()
    assert read(page)["divergence"] > 0  # on its way
    page.wait_for_function("document.querySelector('[data-name=divergence]').dataset.value === '0'")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(f"document.querySelector('[data-name=q-0]').dataset.value == {start[0]}")
    page.get_by_role("button", name="Swap p and q").click()
    page.evaluate(MOVE, [[[0, 0.5]]])  # the reader takes over: the flight ends
    first = read(page)
    page.wait_for_timeout(500)
    assert read(page) == first
    page.close()


def test_a_second_copy_of_the_script_only_wakes_what_is_new(show):
    page = show("entropy")
    page.evaluate(MOVE, [[[0, 0.7]]])
    moved = read(page)
    page.add_script_tag(content=_html.script())
    assert read(page) == moved
    assert len(sliders(page)) == 4
    page.evaluate(
        "html => document.body.insertAdjacentHTML('beforeend', html)",
        FIGURES["surprise"]._repr_html_(),
    )
    assert len(sliders(page)) == 4
    page.add_script_tag(content=_html.script())
    assert len(sliders(page)) == 5
    page.evaluate(MOVE, [[[0, 0.5], [4, 1.0]]])
    assert read(page)["p-0"] == 0.5
    assert read(page)["bits"] == 0


def test_values_stand_without_javascript(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(document(*FIGURES.values()))
    for figure in FIGURES.values():
        assert page.get_by_text(figure.says).is_visible()
        assert page.get_by_role("row").filter(has_text=figure.rows[0][0]).first.is_visible()
    assert page.get_by_role("slider").count() == 0
    context.close()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [800, 390])
def test_every_figure_is_accessible_and_fits(width, theme, script, open_figure):
    page = open_figure(*FIGURES.values(), width=width, theme=theme, script=script)
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible_and_fits(page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.xent *')]"
        ".map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 12


def test_text_in_drawings_stays_inside_and_apart(open_figure):
    """Wide and narrow, wherever the sliders stand."""
    page = open_figure(*FIGURES.values())
    rng = np.random.default_rng(22)
    for width in (800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for _ in range(12):
            ways = rng.choice([0.0, 1.0, *rng.random(20)], len(sliders(page)))
            moves = [[i, float(way)] for i, way in enumerate(ways)]
            page.evaluate(MOVE, [moves])
            assert page.evaluate(CLASHES) == []


def test_the_dark_has_its_own_colours(show):
    look = """() => {
        const style = getComputedStyle(document.querySelector('.xent'));
        return [style.backgroundColor, style.color,
                getComputedStyle(document.querySelector('.curve.q')).stroke];
    }"""
    light = show("cross-entropy").evaluate(look)
    dark = show("cross-entropy", theme="dark").evaluate(look)
    assert light == ["rgb(255, 255, 255)", "rgb(34, 40, 50)", "rgb(213, 94, 0)"]
    assert dark == ["rgb(26, 31, 39)", "rgb(228, 233, 239)", "rgb(255, 159, 87)"]
    page = show("cross-entropy")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")  # JupyterLab in the dark
    assert page.evaluate(look) == dark


def test_forced_colours_keep_sliders_and_text(browser):
    page = browser.new_page(forced_colors="active", reduced_motion="reduce")
    page.set_content(document(FIGURES["cross-entropy"]))
    assert page.evaluate("getComputedStyle(document.querySelector('input')).appearance") == "auto"
    page.close()
