"""What crosses between the grader and a student's code is data, whole, and never code."""

import ast
import base64
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coursework.assignments import ROOT
from coursework.sandbox import wire
from coursework.sandbox.wire import Malformed, Unsendable, decode, encode, from_line, to_line

BIG = 1 << 4096

some_arrays = arrays.arrays(
    st.sampled_from(wire.ARRAYS), arrays.array_shapes(min_dims=0, max_dims=4, min_side=0)
)
keys = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)
leaves = keys | st.floats() | st.integers(-BIG + 1, BIG - 1) | some_arrays
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4)
    ),
    max_leaves=12,
)


def crossed(value):
    return decode(from_line(to_line({"value": encode(value)}))["value"])


def same(a, b):
    """Alike to the bit, and of one type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


# --- What crosses --------------------------------------------------------------------------------


@given(values)
def test_plain_data_cross_with_every_bit_kept(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        -0.0,
        5e-324,
        BIG - 1,
        1 - BIG,
        True,
        None,
        (),
        {},
        [[], ((),)],
        {1: {"a": (True, 1, 1.0)}, (1, "x"): [None]},
        np.array([math.nan, -math.nan, -0.0, math.inf]),
        np.zeros((0, 3)),
        np.array(2.0),
        np.array([[True], [False]]),
    ],
    ids=repr,
)
def test_odd_data_cross_too(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (np.bool_(True), True),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.str_("a"), "a"),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, 2], dtype=">i2"), np.array([1, 2])),
        (np.array([2**63], dtype="uint64"), [2**63]),
        (np.arange(6.0).reshape(2, 3).T, np.array([[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]])),
        ("half a character \ud800", "half a character ?"),
    ],
    ids=repr,
)
def test_what_is_nearly_plain_arrives_plain(value, arrives):
    assert same(crossed(value), arrives)


def test_a_subclass_arrives_as_what_it_is_made_of():
    class Text(str):
        pass

    class Number(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class Count(int):
        pass

    assert same(crossed([Text("a"), Number(0.5), Count(3)]), ["a", 0.5, 3])


def test_an_array_that_arrives_can_be_written_to():
    arrived = crossed(np.zeros(2))
    arrived[0] = 1.0
    assert arrived.tolist() == [1.0, 0.0]


# --- What does not -------------------------------------------------------------------------------


def nested(depth, value=0):
    for _ in range(depth):
        value = [value]
    return value


endless: list = []
endless.append(endless)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({1, 2}, "a value of type set"),
        (b"bytes", "a value of type bytes"),
        (len, "a value of type builtin_function_or_method"),
        (1j, "a value of type complex"),
        ({"a": object()}, "a value of type object"),
        (BIG, "a whole number of more than a thousand digits"),
        (np.array([1j]), "an array of complex128"),
        (np.array([None]), "an array of object"),
        (np.datetime64("2026-01-01"), r"an array of datetime64\[D\]"),
        (np.zeros(wire.LONGEST // 16 + 1), "an array of 250001 elements"),
        (nested(wire.DEEPEST + 1), "lists within lists without end"),
        (endless, "lists within lists without end"),
    ],
)
def test_nothing_else_is_sent(value, says):
    with pytest.raises(Unsendable, match=says):
        encode(value)


def test_the_deepest_list_and_the_longest_line_still_cross_and_none_beyond():
    assert same(crossed(nested(wire.DEEPEST)), nested(wire.DEEPEST))
    around = len(to_line({"value": ""}))
    assert len(to_line({"value": "x" * (wire.LONGEST - around)})) == wire.LONGEST
    with pytest.raises(Unsendable, match="4000001 bytes"):
        to_line({"value": "x" * (wire.LONGEST - around + 1)})


def array(kind="float64", shape=(1,), data=bytes(8), **more):
    code = data if isinstance(data, str) else base64.b64encode(data).decode()
    return {"array": kind, "shape": list(shape), "data": code, **more}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (nested(wire.DEEPEST + 1), "nested too deep"),
        ({"tuple": [nested(wire.DEEPEST)]}, "nested too deep"),
        ({"dict": [[1, nested(wire.DEEPEST)]]}, "nested too deep"),
        (1.5, "a bare float"),
        (b"", "a bare bytes"),
        ({"float": "one"}, "a number that is none"),
        ({"float": "0x1p1024"}, "a number that is none"),
        ({"float": 1}, "no known kind"),
        ({"float": "0x1p0", "more": 1}, "no known kind"),
        ({"tuple": {}}, "no known kind"),
        ({"tuple": [], "more": 1}, "no known kind"),
        ({"dict": {}}, "no known kind"),
        ({"dict": [], "more": 1}, "no known kind"),
        ({}, "no known kind"),
        ({"set": []}, "no known kind"),
        ({"__reduce__": ["os.system", ["true"]]}, "no known kind"),
        ({"dict": [1]}, "not made of pairs"),
        ({"dict": [[1, 2, 3]]}, "not made of pairs"),
        ({"dict": [[[1], 2]]}, "a key that cannot be one"),
        ({"dict": [[{"dict": []}, 2]]}, "a key that cannot be one"),
        ({"dict": [[array(), 2]]}, "a key that cannot be one"),
        (array(kind="object"), "an array of no known kind"),
        (array(kind="float32", data=bytes(4)), "an array of no known kind"),
        (array(shape=[1] * 17), "an array of no known kind"),
        (array(shape=[-1]), "an array of no shape"),
        (array(shape=[True]), "an array of no shape"),
        (array(shape=[1.0]), "an array of no shape"),
        (array(shape=["1"]), "an array of no shape"),
        (array(shape=[wire.LONGEST + 1]), "an array of no shape"),
        (array(shape=[0, *[wire.LONGEST] * 5], data=b""), "an array of no shape"),
        (array(data="?"), "cannot be read"),
        (array(data="é"), "cannot be read"),
        (array(data="AAAA\n" * 4), "cannot be read"),
        (array(data=bytes(7)), "do not fill its shape"),
        (array(shape=[1 << 20], data=b""), "do not fill its shape"),
        (array(shape=[], data=b""), "do not fill its shape"),
        (array(kind="bool", data=b"\x02"), "truth values that are none"),
        (array(more=1), "no known kind"),
    ],
)
def test_data_that_no_honest_worker_sends_are_refused(data, says):
    with pytest.raises(Malformed, match=says):
        decode(data)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"{} {}", "no JSON"),
        ('{"a":"é"}'.encode(), "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a":' + b"1" * 5000 + b"}", "no JSON"),
        (b"[1]", "no message"),
        (b'"a"', "no message"),
        (b"null", "no message"),
        (b'{"a":NaN}', "the word NaN"),
        (b'{"a":-Infinity}', "the word -Infinity"),
        (b'{"a":1.5}', "the word 1.5"),
        (b'{"a":1e999}', "the word 1e999"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_a_line_that_no_honest_worker_sends_is_refused(line, says):
    with pytest.raises(Malformed, match=says):
        from_line(line)


def test_a_refusal_quotes_little_of_what_it_refuses():
    with pytest.raises(Malformed) as refused:
        from_line(b'{"a":1.' + b"1" * 1_000_000 + b"}")
    assert len(str(refused.value)) < 100


words = st.sampled_from(["float", "tuple", "dict", "array", "shape", "data", "bool", "float64"])
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 1 << 70) | words | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=3),
    max_leaves=10,
)
near = st.fixed_dictionaries(
    {
        "array": st.sampled_from(wire.ARRAYS) | junk,
        "shape": st.lists(st.integers(-1, 4) | st.just(wire.LONGEST) | junk, max_size=5) | junk,
        "data": st.binary(max_size=16).map(lambda data: base64.b64encode(data).decode()) | junk,
    }
)


@given(junk | near)
def test_whatever_comes_is_plain_data_or_refused(data):
    try:
        value = decode(data)
    except Malformed:
        return
    assert same(crossed(value), value)


# --- Never code ----------------------------------------------------------------------------------

RUNS_WHAT_IT_READS = {"pickle", "_pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


def suspects(source):
    """What of a file could make code of data, each with the function in which it stands."""
    found = set()

    def look(node, where):
        if isinstance(node, ast.FunctionDef):
            where = node.name
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            roots = {part for module in modules for part in module.split(".")}
            found.update((where, name) for name in roots & RUNS_WHAT_IT_READS)
        if isinstance(node, ast.Name) and node.id in {"eval", "exec", "__import__"}:
            found.add((where, node.id))
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found.add((where, "allow_pickle"))
        for child in ast.iter_child_nodes(node):
            look(child, where)

    look(ast.parse(source), "")
    return found


def test_no_file_of_the_grading_makes_code_of_data_but_in_the_two_places_meant_for_it():
    folder = ROOT / "coursework"
    found = {
        (str(path.relative_to(folder)), *suspect)
        for path in folder.rglob("*.py")
        for suspect in suspects(path.read_text("utf-8"))
    }
    assert found == {
        ("assignments.py", "run", "eval"),  # a teacher's cell, in the grader
        ("assignments.py", "run", "exec"),
        ("sandbox/worker.py", "run", "eval"),  # a student's cell, in the sandbox
        ("sandbox/worker.py", "run", "exec"),
    }


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib.numpy_pickle as x",
        "from a import marshal",
        "run = eval",
        "exec('1')",
        "np.load(path, allow_pickle=True)",
    ],
)
def test_that_search_finds_what_it_looks_for(source):
    assert suspects(f"def f():\n    {source}")
