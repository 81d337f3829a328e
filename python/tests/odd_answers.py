"""What models answer, in every form and of every type: for tests that compare a worker's answer with another way to it."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pandas

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 3


class Word(str):
    """A text of a class of its own."""


UTC = datetime.timezone(datetime.timedelta(hours=2))
UNITS = ("D", "h", "m", "s", "ms", "us", "ns")

# One value of a row, made of the row's number.
VALUES: dict[str, Callable[[int], Any]] = {
    "float": lambda i: i + 0.5,
    "int": lambda i: i,
    "bool": lambda i: i % 2 == 0,
    "text": lambda i: f"row {i}",
    "unicode": lambda i: "ž😀\u2028" * (i + 1),
    "none": lambda i: None,
    "some none": lambda i: None if i % 2 else i + 0.5,
    "some null text": lambda i: None if i % 2 else "a",
    "nan": lambda i: float("nan") if i % 2 else 1.5,
    "NA": lambda i: pandas.NA if i % 2 else i,
    "NaT": lambda i: pandas.NaT if i % 2 else pandas.Timestamp("2024-01-31 05:06:07.000000008"),
    "mixed numbers": lambda i: i if i % 2 else i + 0.5,
    "bools and ints": lambda i: True if i % 2 else i,
    "text and numbers": lambda i: "x" if i % 2 else i,
    "2^53 + 1": lambda i: 2**53 + 1 + i,
    "largest long": lambda i: 2**63 - 1 - i,
    "least long": lambda i: -(2**63) + i,
    "beyond long": lambda i: 2**64 + i,
    "2^53 + 1 and a float": lambda i: 0.5 if i % 2 else 2**53 + 1,
    "float64": lambda i: numpy.float64(i + 0.1),
    "float32": lambda i: numpy.float32(i + 0.1),
    "float16": lambda i: numpy.float16(i + 0.1),
    "int8": lambda i: numpy.int8(-i),
    "uint64": lambda i: numpy.uint64(2**64 - 1 - i),
    "bool_": lambda i: numpy.bool_(i % 2),
    "str_": lambda i: numpy.str_(f"s{i}"),
    "word": lambda i: Word(f"w{i}"),
    "level": lambda i: Level.LOW,
    "bytes": lambda i: bytes(range(i + 60)),
    "bytearray": lambda i: bytearray(b"\x00\xff" * (i + 1)),
    "Timestamp": lambda i: pandas.Timestamp("2024-01-31 05:06:07") + pandas.Timedelta(days=i),
    "Timestamp with a zone": lambda i: pandas.Timestamp("2024-01-31 05:06:07", tz="Europe/Oslo"),
    "datetime": lambda i: datetime.datetime(2024, 1, 31, 5, i),
    "datetime with a zone": lambda i: datetime.datetime(2024, 1, 31, 5, i, tzinfo=UTC),
    "date": lambda i: datetime.date(2024, 1, 1 + i),
    "time": lambda i: datetime.time(5, i),
    "array": lambda i: numpy.arange(3.0) + i,
    "array of texts": lambda i: numpy.array(["a", f"b{i}"]),
    "list": lambda i: [i, i + 0.5, None, "x"],
    "ragged list": lambda i: list(range(i)),
    "nested": lambda i: {"a": [numpy.int64(i), {"b": b"x"}], "c": pandas.Timestamp("2024-01-31"), "d": (1, numpy.float32(2.5))},
    "numbers as names": lambda i: {1: "a", 2.5: "b", True is False: "c", None: "d"},
    **{f"datetime64[{unit}]": (lambda unit: lambda i: numpy.datetime64("2024-01-31", unit) + i)(unit) for unit in UNITS},
}

# Values that neither JSON nor MLflow's server has, or that JSON has not: the type that the error names.
REFUSED: dict[str, tuple[Callable[[int], Any], str]] = {
    "infinity": (lambda i: float("inf"), "infinite"),
    "minus infinity": (lambda i: numpy.float32("-inf") if i % 2 else 1.5, "infinite"),
    "Decimal": (lambda i: decimal.Decimal(i), "decimal.Decimal"),
    "complex": (lambda i: complex(i, 1), "complex"),
    "set": (lambda i: {i}, "set"),
    "UUID": (lambda i: uuid.UUID(int=i), "uuid.UUID"),
    "Enum": (lambda i: Colour.RED, "Colour"),
    "object": (lambda i: object(), "object"),
    "function": (lambda i: print, "builtin_function_or_method"),
    "timedelta": (lambda i: datetime.timedelta(days=i), "imedelta"),
    "timedelta64": (lambda i: numpy.timedelta64(i, "ns"), "imedelta"),
    "Period": (lambda i: pandas.Period("2024-01"), "Period"),
    "longdouble": (lambda i: numpy.longdouble(i), "longdouble float128".split()[1]),
    "half a surrogate pair": (lambda i: "\ud83d" if i else "x\udc00", "surrogate"),
    "surrogate name": (lambda i: {"\ud83d": 1}, "surrogate"),
    "tuple as a name": (lambda i: {(1, 2): 1}, "tuple"),
    "two names": (lambda i: {1: "a", "1": "b"}, "two members"),
    "a number beyond doubles": (lambda i: 10**400, "too large"),
    "Series inside": (lambda i: [pandas.Series([1.0])], "Series"),
}

# How a model puts the values of its rows together: each says one item per row.
CONTAINERS: dict[str, Callable[[list], Any]] = {
    "list": list,
    "object array": lambda values: _objects(values),
    "array": lambda values: numpy.array(values),
    "Series": pandas.Series,
    "Series of a name": lambda values: pandas.Series(values, name="y"),
    "DataFrame": lambda values: pandas.DataFrame({"label": ["x"] * len(values), "upper": pandas.Series(values)}),
    "DataFrame of objects": lambda values: pandas.DataFrame({"upper": pandas.Series(_objects(values), dtype=object)}),
    "DataFrame with days": lambda values: pandas.DataFrame(
        {"upper": pandas.Series(values).to_list()}, index=pandas.date_range("2024-01-01", periods=len(values))
    ),
    "DataFrame of one index": lambda values: pandas.DataFrame({"upper": pandas.Series(values).to_list()}, index=[0] * len(values)),
    "dict of lists": lambda values: {"upper": list(values), "lower": [0] * len(values)},
    "dict of arrays": lambda values: {"upper": _objects(values), 1: numpy.zeros(len(values))},
    "rows": lambda values: [{"upper": value, "lower": 0} for value in values],
    "rows in lists": lambda values: [[value, 0] for value in values],
}

# Answers that do not say one item per row, of rows' values and of whatever number of rows.
SHAPES: dict[str, Callable[[list], Any]] = {
    "tuple of arrays": lambda v: (numpy.array(v), numpy.zeros(len(v))),
    "tuple": tuple,
    "list of arrays": lambda v: [numpy.array(v), numpy.zeros(len(v))],
    "list of lists": lambda v: [list(v), [0.0] * len(v)],
    "transposed": lambda v: numpy.array([v, v]),
    "transposed frame": lambda v: pandas.DataFrame([v, v]),
    "three rows": lambda v: numpy.array([v, v, v]),
    "scalar": lambda v: sum(v),
    "array without axes": lambda v: numpy.array(sum(v)),
    "mean in a list": lambda v: [sum(v) / len(v)],
    "text": lambda v: "x" * len(v),
    "none": lambda v: None,
    "generator": lambda v: (x for x in v),
    "range": lambda v: range(len(v)),
    "set": set,
    "dict of numbers": lambda v: {"mean": sum(v), "std": 0.0},
    "dict by row": lambda v: dict(enumerate(v)),
    "dict of other lengths": lambda v: {"a": list(v), "b": list(v) + [0.0]},
    "dict of tuples": lambda v: {"a": tuple(v)},
    "dict of transposed": lambda v: {"a": numpy.array([v, v])},
    "one row more": lambda v: [*v, 0.0],
    "one row less": lambda v: v[1:],
    "nothing": lambda v: [],
    "no columns": lambda v: {},
    "frame of one row": lambda v: pandas.DataFrame({"mean": [sum(v)]}),
    "frame turned round": lambda v: pandas.DataFrame({"a": v}).iloc[::-1],
    "series turned round": lambda v: pandas.Series(v).sort_values(ascending=False),
    "two columns of one name": lambda v: pandas.DataFrame([[x, x] for x in v], columns=["a", "a"]),
    "two names alike": lambda v: pandas.DataFrame([[x, x] for x in v], columns=[1, "1"]),
    "bytes": lambda v: bytes(len(v)),
}


def _objects(values: list) -> numpy.ndarray:
    array = numpy.empty(len(values), object)
    for i, value in enumerate(values):
        array[i] = value
    return array


class Pipe:
    """Keeps what a worker writes, as the server reads it."""

    def write(self, kind: int, correlation: int, head: dict, columns: list[bytes] | tuple = ()) -> None:
        """Decodes one ANSWER."""
        head = json.loads(json.dumps(head, allow_nan=False).encode())
        self.results, self.columns = head["results"], {}
        for column, data in zip(head["columns"], columns, strict=True):
            column["name"].encode()
            dtype = {"f8": "<f8", "i8": "<i8", "b1": "?"}.get(column["dtype"])
            values = json.loads(data.decode()) if dtype is None else numpy.frombuffer(data, dtype).reshape(column["shape"]).tolist()
            assert len(values) == column["shape"][0] == sum(result.get("rows", 0) for result in self.results)
            self.columns[column["name"]] = plain(values)

    def answers(self) -> list[Any]:
        """For each request its predictions, or the error's name and message."""
        at, found = 0, []
        for result in self.results:
            if "error" in result:
                found.append((result["error"], result["message"]))
                continue
            rows = range(at, at + result["rows"])
            at += result["rows"]
            whole = self.columns.get("") if "" in self.columns else None
            found.append([whole[i] if whole is not None else {name: v[i] for name, v in self.columns.items()} for i in rows])
        return found


def plain(value: Any) -> Any:
    """JSON in which what is missing is null, as the server writes it."""
    if isinstance(value, float):
        assert value not in (float("inf"), float("-inf"))
        return None if value != value else value
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value
