"""What may cross between the grader and a student's code: plain data as lines of JSON.

Numbers, truth values, texts, lists, tuples, dicts and NumPy arrays of numbers cross with every bit
kept; nothing else does. Reading makes only these, so that what comes out of the sandbox is data and
never code. The worker uses this file too, inside the sandbox; there it must need nothing else.
"""

import base64
import json
import math
from typing import Any

import numpy as np

LONGEST = 4_000_000  # bytes of one line
DEEPEST = 40  # lists within lists
ARRAYS = ("bool", "int64", "float64")  # kinds of elements


class Unsendable(Exception):
    """A value cannot cross; the message says what it is."""


class Malformed(Exception):
    """A line is not one that an honest worker sends."""


def encode(value: Any, depth: int = 0) -> Any:
    """The value as JSON can hold it.

    Raises
    ------
    Unsendable
        If it is something else than plain data, too deep, or too large.
    """
    if depth > DEEPEST:
        raise Unsendable("lists within lists without end")
    if isinstance(value, np.ndarray | np.generic):
        return _encode_numpy(value, depth)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if value.bit_length() > 4096:
            raise Unsendable("a whole number of more than a thousand digits")
        return int(value)
    if isinstance(value, float):
        return {"float": float.hex(value)}
    if isinstance(value, list | tuple):
        items = [encode(item, depth + 1) for item in value]
        return items if isinstance(value, list) else {"tuple": items}
    if isinstance(value, dict):
        pairs = [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]
        return {"dict": pairs}
    raise Unsendable(f"a value of type {type(value).__name__}")


def _encode_numpy(value: Any, depth: int) -> Any:
    kind = {"b": "bool", "i": "int64", "u": "int64", "f": "float64"}.get(value.dtype.kind)
    if kind is None:
        if value.dtype.kind == "U":
            return encode(value.tolist(), depth)
        raise Unsendable(f"an array of {value.dtype}")
    if isinstance(value, np.generic):
        return encode(float(value) if kind == "float64" else value.item(), depth)
    if value.dtype.kind == "u" and value.size and value.max() > np.iinfo(kind).max:
        return encode(value.tolist(), depth)
    if value.nbytes > LONGEST // 2:
        raise Unsendable(f"an array of {value.size} elements")
    data = np.ascontiguousarray(value, dtype=kind).tobytes()
    return {
        "array": kind,
        "shape": list(value.shape),
        "data": base64.b64encode(data).decode("ascii"),
    }


def decode(data: Any, depth: int = 0) -> Any:
    """The value that `encode` made this of, and no other.

    Raises
    ------
    Malformed
        If `encode` does not make such a thing.
    """
    if depth > DEEPEST:
        raise Malformed("nested too deep")
    if data is None or isinstance(data, bool | int):
        return data
    if isinstance(data, str):
        return text(data)
    if isinstance(data, list):
        return [decode(item, depth + 1) for item in data]
    if not isinstance(data, dict):
        raise Malformed(f"a bare {type(data).__name__}")
    match data:
        case {"float": str(digits)} if len(data) == 1:
            return _decode_float(digits)
        case {"tuple": list(items)} if len(data) == 1:
            return tuple(decode(item, depth + 1) for item in items)
        case {"dict": list(pairs)} if len(data) == 1:
            return _decode_dict(pairs, depth)
        case {"array": str(kind), "shape": list(shape), "data": str(code)} if len(data) == 3:
            return _decode_array(kind, shape, code)
    raise Malformed("an object of no known kind")


def _decode_float(digits: str) -> float:
    try:
        return float.fromhex(digits)
    except (ValueError, OverflowError):
        raise Malformed("a number that is none") from None


def _decode_dict(pairs: list[Any], depth: int) -> dict[Any, Any]:
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Malformed("a dict that is not made of pairs")
    try:
        return {decode(k, depth + 1): decode(v, depth + 1) for k, v in pairs}
    except TypeError:
        raise Malformed("a dict with a key that cannot be one") from None


def _decode_array(kind: str, shape: list[Any], code: str) -> Any:
    if kind not in ARRAYS or len(shape) > 16:
        raise Malformed("an array of no known kind")
    if not all(type(n) is int and 0 <= n <= LONGEST for n in shape):
        raise Malformed("an array of no shape")
    try:
        data = base64.b64decode(code, validate=True)
    except ValueError:
        raise Malformed("an array whose data cannot be read") from None
    if len(data) != math.prod(shape) * np.dtype(kind).itemsize:
        raise Malformed("an array whose data do not fill its shape")
    if kind == "bool" and not set(data) <= {0, 1}:
        raise Malformed("truth values that are none")
    try:
        return np.frombuffer(data, dtype=kind).reshape(shape).copy()
    except ValueError:  # nothing in it, and longer than an array can be
        raise Malformed("an array of no shape") from None


def text(data: str) -> str:
    """The text without the halves of characters that JSON lets through and UTF-8 does not."""
    return data.encode("utf-8", "replace").decode("utf-8")


def to_line(message: dict[str, Any]) -> bytes:
    """A message as one line."""
    line = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
    if len(line) > LONGEST:
        raise Unsendable(f"{len(line)} bytes; {LONGEST} may cross")
    return line


def from_line(line: bytes) -> dict[str, Any]:
    """The message of a line; JSON's own dialect for NaN is refused."""

    def refuse(word: str) -> Any:
        raise Malformed(f"the word {word[:20]}")

    try:
        message = json.loads(line.decode("ascii"), parse_constant=refuse, parse_float=refuse)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if not isinstance(message, dict):
        raise Malformed("no message")
    return message
