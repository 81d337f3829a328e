"""What goes into a model and what comes out of it, as columns of numbers, truth values or JSON; docs/worker-protocol.md has the forms."""

import base64
import datetime
import json
import math
import sys
from typing import Any

import numpy

OF_PREDICT = frozenset(("prediction", "predictions", "label", "class", "value", "result", "output", "y"))
DTYPES = {"f8": "<f8", "i8": "<i8", "b1": "?"}
# What the server's JSON reader takes; an answer beyond that is the model's error, and never reaches the server.
DEEPEST = 60
LONGEST_NAME = 10_000
LARGEST = int(sys.float_info.max)
MOST_DENSE = 64 << 20

Columns = list[tuple[str, Any]]
Outputs = dict[str, Any]


class AnswerShape(ValueError):
    """The length or the axes of an answer do not say one item per row."""


class AnswerValue(ValueError):
    """An answer holds a value that JSON does not have."""


def read_columns(head: dict, raw: memoryview) -> Columns:
    """The frame's columns, without copying numbers."""
    columns, at = [], 0
    for column in head["columns"]:
        data = raw[at : at + column["bytes"]]
        at += column["bytes"]
        dtype = DTYPES.get(column["dtype"])
        if dtype is None:
            columns.append((column["name"], json.loads(bytes(data))))
        else:
            array = numpy.frombuffer(data, dtype).reshape(column["shape"])
            columns.append((column["name"], array if array.flags.aligned else array.copy()))
    return columns


def cut(columns: Columns, start: int, end: int) -> Columns:
    """Rows start to end of each column."""
    return [(name, values[start:end]) for name, values in columns]


def tag(values: list) -> frozenset:
    """The types in a column of JSON, as far as they decide how a column of a DataFrame or an array is stored."""
    kinds = set(map(type, values))
    if float in kinds and kinds <= {int, float, type(None)}:
        return frozenset((float,))
    return frozenset((str,)) if kinds == {str, type(None)} else frozenset(kinds)


def tags(rows: list) -> Any:
    """The same of rows: objects by column, arrays of numbers by type and axes."""
    if all(isinstance(row, dict) for row in rows):
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: tag([row.get(name) for row in rows]) for name in names}
    try:
        array = numpy.asarray(rows)
    except ValueError:  # rows of different lengths
        return None
    return (array.dtype.kind, array.shape[1:]) if array.dtype.kind in "fiub" else None


def type_name(value: Any) -> str:
    """The type of a value, as Python names it."""
    kind = type(value)
    module = getattr(kind, "__module__", "builtins")
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def at(name: str) -> str:
    """The place of a value in an answer, for messages."""
    return f"the column {name!r} of the answer" if name else "the answer"


def refused(name: str, what: str) -> AnswerValue:
    """The error that names the column and the type."""
    return AnswerValue(f"{at(name)} holds {what}, which JSON does not have")


def key(value: Any, name: str) -> str:
    """A name of a column or of a member of an object, as json writes it."""
    if isinstance(value, numpy.generic):
        value = value.item()
    if isinstance(value, str):
        text = str.__str__(value)
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, (int, float)) and plain(value, name) is not None:
        text = int.__repr__(value) if isinstance(value, int) else float.__repr__(value)
    else:
        raise AnswerValue(f"{at(name)} has a name of the type {type_name(value)}, and names in JSON are text")
    if len(text) > LONGEST_NAME or not encodable(text):
        raise AnswerValue(f"{at(name)} has a name that is longer than {LONGEST_NAME} characters, or that has half of a surrogate pair")
    return text


def encodable(text: str) -> bool:
    """Whether a text has whole characters only."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain(value: Any, name: str = "", depth: int = 0) -> Any:
    """A value as JSON knows it and as MLflow's server writes it; AnswerValue when there is none. What is missing is None."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is float or isinstance(value, (float, numpy.floating)) and getattr(value, "itemsize", 8) <= 8:
        value = float(value)
        if math.isinf(value):
            raise refused(name, f"an infinite {type_name(value)}")
        return None if math.isnan(value) else value
    if isinstance(value, str):
        if not encodable(value):
            raise refused(name, "a str with half of a surrogate pair")
        return str.__str__(value)
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise AnswerValue(f"{at(name)} holds an int of {value.bit_length()} bits, which is too large for a number")
        return int(value)
    if depth > DEEPEST:
        raise AnswerValue(f"{at(name)} holds a {type_name(value)} that nests deeper than {DEEPEST}")
    if kind.__name__ in ("NAType", "NaTType") or value is numpy.ma.masked:
        return None
    if isinstance(value, dict):
        members = {key(member, name): plain(item, name, depth + 1) for member, item in value.items()}
        if len(members) < len(value):
            raise AnswerValue(f"{at(name)} holds a dict with two members of one name")
        return members
    if isinstance(value, (list, tuple)):
        if set(map(type, value)) == {float} and numpy.isfinite(value).all():
            return list(value)
        return [plain(item, name, depth + 1) for item in value]
    if isinstance(value, numpy.ndarray):
        return listed(value, name, depth)
    if isinstance(value, numpy.generic):
        return listed(numpy.asarray(value), name, depth)
    if isinstance(value, (bytes, bytearray)):
        return base64.encodebytes(value).decode("ascii")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(value, pydantic.BaseModel):
        return plain(value.model_dump(), name, depth + 1)
    if hasattr(value, "__array__") and kind.__module__.split(".")[0] != "pandas":
        return plain(numpy.asarray(value), name, depth + 1)
    raise refused(name, f"a {type_name(value)}")


def listed(array: numpy.ndarray, name: str, depth: int = 0) -> Any:
    """An array as nested lists, or the value of an array without axes."""
    kind = array.dtype.kind
    if isinstance(array, numpy.ma.MaskedArray):
        return plain(array.tolist(), name, depth)
    if kind in "iub":
        return array.tolist()
    if kind == "M":
        moments = numpy.empty(array.shape, object)
        moments.flat = [moment(value) for value in array.ravel()]
        return moments.tolist()
    if kind in "mc" or (kind == "f" and array.dtype.itemsize > 8):
        raise refused(name, f"a numpy.{array.dtype}")
    values = array.tolist()
    if kind == "V" and not isinstance(values, (list, tuple)) and array.dtype.fields is None:
        raise refused(name, f"a numpy.{array.dtype}")
    return plain(values, name, depth)


def moment(value: Any) -> str | None:
    """A time as MLflow's server writes that of a DataFrame, whatever its unit."""
    if numpy.isnat(value):
        return None
    item = value.item()
    if isinstance(item, datetime.date):
        return item.isoformat()
    if numpy.datetime_data(value.dtype)[0] == "ns":
        import pandas

        return pandas.Timestamp(value).isoformat()
    return str(numpy.datetime_as_string(value))


def of_pandas(value: Any, *kinds: str) -> bool:
    """Whether a value is of these classes of pandas, which is not imported for the question."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, tuple(getattr(pandas, kind) for kind in kinds))


def extended(value: Any) -> bool:
    """Whether a value is one of pandas' own arrays."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, (pandas.Index, pandas.api.extensions.ExtensionArray))


def in_order(index: Any, rows: int) -> None:
    """AnswerShape when an index has the numbers of the rows in another order than they were asked in."""
    numbers = getattr(index, "dtype", None)
    if rows > 1 and numbers is not None and getattr(numbers, "kind", "") in "iu":
        places = numpy.asarray(index)
        if not numpy.array_equal(places, numpy.arange(rows)) and numpy.array_equal(numpy.sort(places), numpy.arange(rows)):
            raise AnswerShape(f"the index of the {type_name(index)} that the model answered has the {rows} rows in another order")


def counted(count: int, rows: int, name: str) -> None:
    """AnswerShape when there is not one item for each row."""
    if count != rows:
        place = f" in the column {name!r}" if name else ""
        raise AnswerShape(f"the model answered {count} values{place} for {rows} rows")


def normal(values: Any, rows: int, name: str = "") -> Any:
    """One output as an array of numbers or truth values, or else as a list; AnswerShape when it does not say one item per row."""
    if hasattr(values, "toarray") and hasattr(values, "shape"):
        if math.prod(values.shape) * 8 > MOST_DENSE:
            raise AnswerValue(f"{at(name)} is a {type_name(values)} of {values.shape}, which is too large when its zeros are written")
        values = values.toarray()
    if of_pandas(values, "Series", "DataFrame"):
        counted(len(values), rows, name)
        in_order(values.index, rows)
        if values.ndim == 2:
            values = values.to_numpy()
        elif isinstance(values.dtype, numpy.dtype) and values.dtype.kind in "fiub":
            values = values.to_numpy()
        else:
            boxed = sys.modules["pandas"].Timestamp
            return plain([boxed(value) if isinstance(value, numpy.datetime64) else value for value in values.tolist()], name)
    elif extended(values):
        counted(len(values), rows, name)
        return plain(values.tolist(), name)
    if isinstance(values, list):
        counted(len(values), rows, name)
        array = dense(values)
        return plain(values, name) if array is None else array
    if not isinstance(values, numpy.ndarray):
        if isinstance(values, tuple) or not hasattr(values, "__array__") or numpy.ndim(values) == 0:
            raise AnswerShape(
                f"{at(name)} is a {type_name(values)}, which does not say one item for each of {rows} rows: an array, a list, a Series, "
                "a DataFrame, or a dict of these does"
            )
        values = numpy.asarray(values)
    if values.ndim == 0:
        raise AnswerShape(f"the model answered one value for {rows} rows")
    counted(values.shape[0], rows, name)
    kind = values.dtype.kind
    whole = kind == "i" or (kind == "u" and values.dtype.itemsize < 8)
    if isinstance(values, numpy.ma.MaskedArray) or not (whole or kind == "b" or (kind == "f" and values.dtype.itemsize <= 8)):
        return listed(values, name)
    if kind == "f" and numpy.isinf(values).any():
        raise refused(name, f"an infinite numpy.{values.dtype}")
    return numpy.asarray(values).astype({"f": "<f8", "b": "?"}.get(kind, "<i8"), order="C", copy=False)


def dense(values: list) -> numpy.ndarray | None:
    """A list of numbers or truth values of one type, or of such lists of one length, as an array; None for any other."""
    kinds = set(map(type, values))
    if len(kinds) != 1:
        return None
    if kinds == {list}:
        rows = [dense(row) for row in values]
        alike = rows[0] is not None and all(
            row is not None and row.shape == rows[0].shape and row.dtype == rows[0].dtype for row in rows
        )
        return numpy.stack(rows) if alike else None
    dtype = {float: "<f8", bool: "?", int: "<i8"}.get(kinds.pop())
    try:
        array = None if dtype is None else numpy.array(values, dtype)
        # Infinities are left to the way that finds words for them.
        return None if array is None or (dtype == "<f8" and numpy.isinf(array).any()) else array
    except OverflowError:  # a whole number of more than 64 bits
        return None


def encode(name: str, values: Any) -> tuple[dict, bytes]:
    """One output as a column: its description and its bytes."""
    if isinstance(values, list):
        raw = json.dumps(values, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
        return {"name": name, "dtype": "json", "shape": [len(values)], "bytes": len(raw)}, raw
    raw = values.tobytes()
    dtype = {"f": "f8", "i": "i8", "b": "b1"}[values.dtype.kind]
    return {"name": name, "dtype": dtype, "shape": list(values.shape), "bytes": len(raw)}, raw


def join(parts: list[Outputs]) -> Outputs:
    """The outputs of several requests, one below the other; of different types, as lists."""
    if len(parts) <= 1:
        return parts[0] if parts else {}
    if any(list(part) != list(parts[0]) for part in parts):
        return {"": [row for part in parts for row in objects(part)]}
    joined = {}
    for name in parts[0]:
        column = [part[name] for part in parts]
        if len({(v.dtype, v.shape[1:]) if isinstance(v, numpy.ndarray) else None for v in column}) == 1 and not isinstance(
            column[0], list
        ):
            joined[name] = numpy.concatenate(column)
        else:
            joined[name] = [item for values in column for item in plain(values, name)]
    return joined


def objects(part: Outputs) -> list:
    """The outputs of a request, row by row."""
    if "" in part:
        return plain(part[""])
    return [dict(zip(part, row)) for row in zip(*(plain(values, name) for name, values in part.items()))]


def named(predicted: Any) -> Outputs | None:
    """What predict answered, when it names its outputs itself: a DataFrame, a dictionary of columns, or a dictionary per row."""
    if isinstance(predicted, dict):
        items = list(predicted.items())
    elif of_pandas(predicted, "DataFrame"):
        items = [(name, predicted.iloc[:, i]) for i, name in enumerate(predicted.columns)]
    else:
        is_rows = isinstance(predicted, list) or (isinstance(predicted, numpy.ndarray) and predicted.dtype == object)
        return {"": predicted} if is_rows and len(predicted) and isinstance(predicted[0], dict) else None
    outputs: Outputs = {}
    for label, values in items:
        name = key(label, "")
        if not name:
            raise AnswerValue(f"a column of the {type_name(predicted)} that the model answered has an empty name")
        if name in outputs:
            raise AnswerValue(f"two columns of the {type_name(predicted)} that the model answered are named {name!r}")
        outputs[name] = values
    return outputs


def by_row(probabilities: Any) -> Any:
    """scikit-learn answers a list of matrices for several targets; turned so that each row has all of its own."""
    if isinstance(probabilities, list) and probabilities and getattr(probabilities[0], "ndim", 0) == 2:
        return [list(row) for row in zip(*(matrix.tolist() for matrix in probabilities))]
    return probabilities


def apart(left: Any, right: Any) -> float:
    """How far two answers are from each other, relative to the larger: 0 when they are equal, 1 when they are no numbers alike."""
    if isinstance(left, numpy.ndarray) and isinstance(right, numpy.ndarray) and left.dtype == right.dtype == "<f8":
        if left.shape != right.shape:
            return 1.0
        with numpy.errstate(all="ignore"):
            ratio = numpy.abs(left - right) / numpy.maximum(numpy.abs(left), numpy.abs(right))
        equal = (left == right) | (numpy.isnan(left) & numpy.isnan(right))
        return float(numpy.max(numpy.where(equal, 0.0, numpy.where(ratio < 1.0, ratio, 1.0)), initial=0.0))
    if isinstance(left, numpy.ndarray):
        left = left.tolist()
    if isinstance(right, numpy.ndarray):
        right = right.tolist()
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return max(map(apart, left, right), default=0.0)
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        return max((apart(left[name], right[name]) for name in left), default=0.0)
    left, right = (math.nan if side is None else side for side in (left, right))
    if left == right or (left != left and right != right):
        return 0.0
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        difference = abs(left - right) / max(abs(left), abs(right))
        return difference if difference < 1.0 else 1.0
    return 1.0


class Together:
    """Whether requests may be computed together: only once rows of different callers came out together as they did alone.

    A model may answer something else than one item per row and look right by chance, for example when as many rows are asked as it has
    outputs. No caller may see another's value then.
    """

    ENOUGH_ALIKE = 20

    def __init__(self) -> None:
        self.proven: bool | None = None
        self.alike = 0

    def joins(self, model: Any, head: dict, columns: Columns) -> bool:
        """Whether the rows of these requests have one form: what a caller gets never depends on another's nulls or types."""
        if head["form"] == "matrix":
            return True
        start, layouts = 0, []
        for count in head["requests"]:
            layouts.append(model.layout(head["form"], cut(columns, start, start + count)))
            start += count
        return all(layout == layouts[0] for layout in layouts)

    def look(self, model: Any, head: dict, columns: Columns, parts: list[Outputs]) -> None:
        """Compares the answers that requests got alone with what they get together."""
        if len(parts) < len(head["requests"]):
            return
        try:
            same = difference(model.compute(head["form"], columns, sum(head["requests"])), join(parts)) <= 1e-6
        except Exception:  # alone they were answered
            same = False
        distinct = any(difference(cut_outputs(parts[0]), cut_outputs(part)) > 0 for part in parts[1:])
        self.alike += 1
        # Answers that are all alike prove little, and a model that always answers the same needs no more proof than many of them.
        if not same or distinct or self.alike >= self.ENOUGH_ALIKE:
            self.proven = same


def cut_outputs(part: Outputs) -> Outputs:
    """The answer to the first row of a request."""
    return {name: values[:1] for name, values in part.items()}


def difference(left: Outputs, right: Outputs) -> float:
    """How far two answers are from each other, as apart says."""
    if left.keys() != right.keys():
        return 1.0
    return max((apart(left[name], right[name]) for name in left), default=0.0)


def numbers(values: list) -> numpy.ndarray:
    """A column of numbers and nulls."""
    return numpy.array([numpy.nan if value is None else value for value in values], "<f8")


def doubles(array: numpy.ndarray, values: list) -> Any:
    """Rows in float64, also those with null or of whole numbers, of which LightGBM would make float32; else as they came."""
    try:
        return array.astype("<f8") if array.dtype.kind in "fiubO" else values
    except (TypeError, ValueError):
        return values


def one_thread(model: Any) -> None:
    """A worker is one core's work: the pools that some estimators start cost more than they give."""
    try:
        for name, value in model.get_params(deep=True).items():
            if name.split("__")[-1] == "n_jobs" and value not in (None, 1):
                model.set_params(**{name: 1})
    except Exception:  # not an estimator, or one that does not want to
        return
