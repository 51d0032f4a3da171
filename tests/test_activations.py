"""Sigmoid, softmax and their derivatives: values, limits, and errors that name the place."""

import warnings

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xent_lib import activations
from xent_lib.activations import (
    log_sigmoid,
    log_sigmoid_grad,
    log_softmax,
    log_softmax_jvp,
    logsumexp,
    logsumexp_grad,
    sigmoid,
    sigmoid_grad,
    softmax,
    softmax_jvp,
)

inf, nan = np.inf, np.nan
ROWS = [softmax, log_softmax, logsumexp, logsumexp_grad]
EACH = [sigmoid, log_sigmoid, sigmoid_grad, log_sigmoid_grad]
SHAPES = [(3,), (4, 3), (5, 40), (2, 3, 4), (3000, 4), (300, 200), (1, 1)]


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def logits_of(shape, seed=0, spread=3):
    return np.random.default_rng(seed).normal(0, spread, shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_rows_agree_with_scipy_along_every_axis(shape):
    logits = logits_of(shape)
    for axis in range(-len(shape), len(shape)):
        for ours, theirs in [
            (softmax, scipy.special.softmax),
            (log_softmax, scipy.special.log_softmax),
            (logsumexp, scipy.special.logsumexp),
        ]:
            value = ours(logits, axis=axis)
            np.testing.assert_allclose(value, theirs(logits, axis=axis), rtol=1e-12, atol=1e-14)
        np.testing.assert_array_equal(logsumexp_grad(logits, axis=axis), softmax(logits, axis=axis))


def test_each_agrees_with_scipy():
    z = logits_of((70, 1000), spread=10)
    np.testing.assert_allclose(sigmoid(z), scipy.special.expit(z), rtol=1e-13)
    np.testing.assert_allclose(log_sigmoid(z), scipy.special.log_expit(z), rtol=1e-13)
    np.testing.assert_allclose(
        sigmoid_grad(z), sigmoid(z) * (1 - sigmoid(z)), rtol=1e-3, atol=1e-15
    )
    np.testing.assert_allclose(log_sigmoid_grad(z), scipy.special.expit(-z), rtol=1e-13)


@pytest.mark.parametrize(
    ("function", "grad"), [(sigmoid, sigmoid_grad), (log_sigmoid, log_sigmoid_grad)]
)
def test_slopes_agree_with_differences(function, grad):
    z, step = np.linspace(-8, 8, 33), 1e-5
    differences = (function(z + step) - function(z - step)) / (2 * step)
    np.testing.assert_allclose(grad(z), differences, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize(
    ("function", "jvp"), [(softmax, softmax_jvp), (log_softmax, log_softmax_jvp)]
)
@pytest.mark.parametrize("temperature", [1.0, 0.5, 3.0])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_jacobian_vector_products_agree_with_differences(function, jvp, temperature, axis):
    z, direction, step = logits_of((4, 5), 1), logits_of((4, 5), 2), 1e-6
    options = {"axis": axis, "temperature": temperature}
    ahead, behind = (function(z + s * direction, **options) for s in (step, -step))
    np.testing.assert_allclose(
        jvp(z, direction, **options), (ahead - behind) / (2 * step), rtol=1e-6, atol=1e-8
    )


def test_the_jacobian_of_softmax_is_the_textbook_one():
    z = logits_of(4)
    q = softmax(z)
    jacobian = np.array([softmax_jvp(z, unit) for unit in np.eye(4)])
    np.testing.assert_allclose(jacobian, np.diag(q) - np.outer(q, q), atol=1e-15)


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.floats(-1e308, 1e308),
    ),
    st.floats(1e-3, 1e3),
)
def test_softmax_sums_to_1_keeps_the_order_and_agrees_with_its_log(logits, temperature):
    probs = softmax(logits, temperature=temperature)
    np.testing.assert_allclose(probs.sum(axis=-1), 1, rtol=1e-14)
    assert (np.take_along_axis(probs, logits.argmax(-1)[:, None], -1)[:, 0] == probs.max(-1)).all()
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(
            np.exp(log_softmax(logits, temperature=temperature)), probs, rtol=1e-11, atol=1e-300
        )


@given(hnp.arrays(np.float64, 4, elements=st.integers(-50, 50).map(float)), st.integers(-50, 50))
def test_a_shift_of_all_logits_changes_no_probability(logits, shift):
    np.testing.assert_array_equal(softmax(logits + shift), softmax(logits))


@given(st.floats(-700, 700))
def test_sigmoid_is_softmax_of_two(z):
    np.testing.assert_allclose(softmax([z, 0.0]), [sigmoid(z), sigmoid(-z)], rtol=1e-13)
    assert log_sigmoid(z) == pytest.approx(log_softmax([z, 0.0])[0], rel=1e-13)


def test_temperature_divides_the_logits():
    z = logits_of((3, 4))
    for function in (softmax, log_softmax):
        np.testing.assert_allclose(function(z, temperature=2.5), function(z / 2.5), rtol=1e-12)
    np.testing.assert_allclose(softmax([0.0, 1.0], temperature=1e-300), [0, 1])
    np.testing.assert_allclose(softmax([0.0, 1.0], temperature=1e300), [0.5, 0.5])
    assert log_softmax([0.1, 40.3, -3.7], temperature=5e-324).tolist() == [-inf, 0, -inf]


def test_limits_of_rows():
    assert softmax([inf, 0.0, -inf]).tolist() == [1, 0, 0]
    assert log_softmax([inf, 0.0]).tolist() == [0, -inf]
    assert softmax([0.0, -inf, 0.0]).tolist() == [0.5, 0, 0.5]
    assert softmax([1e308, -1e308]).tolist() == [1, 0]
    assert log_softmax([1e308, -1e308]).tolist() == [0, -inf]
    assert logsumexp([-inf, -inf]) == -inf
    assert logsumexp([inf, inf]) == logsumexp([inf, 1.0]) == inf
    assert softmax([[5.0], [-7.0]]).tolist() == [[1], [1]]
    assert log_softmax([5.0]).tolist() == [0]
    wide = np.zeros((2, 50))
    wide[0, 7] = inf
    assert softmax(wide)[0].tolist() == [float(k == 7) for k in range(50)]


def test_limits_of_each():
    assert sigmoid([-inf, 0.0, inf]).tolist() == [0, 0.5, 1]
    assert log_sigmoid([-inf, inf]).tolist() == [-inf, 0]
    assert sigmoid_grad([-inf, 0.0, inf]).tolist() == [0, 0.25, 0]
    assert log_sigmoid_grad([-inf, inf]).tolist() == [1, 0]
    assert sigmoid(-745.0) > 0


@pytest.mark.parametrize("function", [*ROWS, *EACH])
def test_dtypes(function):
    assert np.asarray(function(np.zeros(3, np.int8))).dtype == np.float64
    assert np.asarray(function(np.zeros(3, np.float32))).dtype == np.float32
    assert np.asarray(function(np.zeros(3, np.float16))).dtype == np.float32


def test_small_integers_do_not_overflow():
    logits = np.array([-128, 127], np.int8)
    np.testing.assert_allclose(softmax(logits), softmax(logits.astype(float)))


def test_float16_sums_in_float32():
    assert softmax(np.zeros(70_000, np.float16)).sum(dtype=np.float64) == pytest.approx(1, rel=1e-6)


def test_one_number_gives_one_number():
    assert isinstance(sigmoid(0), float)
    assert isinstance(logsumexp([0, 1]), float)
    assert isinstance(logsumexp(np.zeros(2, np.float32)), np.float32)
    assert isinstance(softmax([0, 1]), np.ndarray)


@pytest.mark.parametrize("function", [*ROWS, *EACH])
def test_a_nan_is_named_with_its_place(function):
    with pytest.raises(ValueError, match=r"`logits\[1, 2\]` is nan; a logit must be a number"):
        function([[0.0, 1.0, 2.0], [0.0, inf, nan]])


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp_grad])
def test_rows_without_an_answer_are_named(function):
    with pytest.raises(ValueError, match=r"`logits` row 1 has no logit above -inf"):
        function([[0.0, 1.0], [-inf, -inf]])
    with pytest.raises(ValueError, match=r"`logits` row 1 has several logits of \+inf"):
        function([[0.0, 1.0], [inf, inf]])
    with pytest.raises(ValueError, match=r"`logits` column 2 has no logit above -inf"):
        function([[0.0, 1.0, -inf], [1.0, 2.0, -inf]], axis=0)
    with pytest.raises(ValueError, match=r"^`logits` has no logit above -inf"):
        function([-inf, -inf])
    far = np.zeros((20_000, 3))
    far[19_999] = -inf
    with pytest.raises(ValueError, match="row 19999"):
        function(far)


@pytest.mark.parametrize("function", [*ROWS, *EACH])
def test_what_is_no_array_of_numbers_is_refused(function):
    with pytest.raises(ValueError, match="`logits` is empty"):
        function([])
    with pytest.raises(TypeError, match="`logits` must hold real numbers"):
        function(["a", "b"])
    with pytest.raises(TypeError, match="`logits` must hold real numbers"):
        function([True, False])


@pytest.mark.parametrize("function", ROWS)
def test_an_axis_that_is_not_there_is_refused(function):
    with pytest.raises(ValueError, match="`axis` is 2"):
        function([[0.0, 1.0]], axis=2)
    with pytest.raises(ValueError, match="`logits` is a single number"):
        function(1.0)


@pytest.mark.parametrize("temperature", [0, -1, inf, nan])
def test_a_temperature_must_be_above_0_and_finite(temperature):
    with pytest.raises(ValueError, match=r"`temperature` is .*; it must be finite and above 0"):
        softmax([0.0, 1.0], temperature=temperature)
    with pytest.raises(TypeError, match="`temperature` must be a number, not '1'"):
        softmax([0.0, 1.0], temperature="1")


def test_a_direction_must_fit():
    with pytest.raises(ValueError, match=r"`logits` has shape \(2,\) and `direction` has shape"):
        softmax_jvp([0.0, 1.0], [1.0])
    with pytest.raises(ValueError, match=r"`direction\[1\]` is inf; a direction must be finite"):
        log_softmax_jvp([0.0, 1.0], [1.0, inf])


def test_the_input_is_left_as_it_was():
    logits = logits_of((50, 40))
    before = logits.copy()
    for function in (*ROWS, *EACH):
        function(logits)
    np.testing.assert_array_equal(logits, before)


def test_everything_public_has_its_derivative_beside_it():
    names = set(activations.__all__)
    assert {name.removesuffix("_grad").removesuffix("_jvp") for name in names} <= names
    for name in names:
        if not name.endswith(("_grad", "_jvp")):
            assert {f"{name}_grad", f"{name}_jvp"} & names
