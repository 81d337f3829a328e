"""What goes into a model and what comes out of it, as columns of numbers, truth values or JSON; docs/worker-protocol.md has the forms."""

import json
from typing import Any

import numpy

OF_PREDICT = frozenset(("prediction", "predictions", "label", "class", "value", "result", "output", "y"))
DTYPES = {"f8": "<f8", "i8": "<i8", "b1": "?"}

Columns = list[tuple[str, Any]]
Outputs = dict[str, Any]


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


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if type(value).__name__ in ("NAType", "NaTType") else str(value)


def normal(values: Any, rows: int) -> Any:
    """One output as an array of numbers or truth values, or else as a list; ValueError when it has not one value per row."""
    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        array = numpy.asarray(values)
    except ValueError:  # rows of different lengths
        array = None
    count = len(values) if array is None else array.shape[0] if array.ndim else None
    if count != rows:
        raise ValueError(f"the model answered {'one value' if count is None else f'{count} values'} for {rows} rows")
    kind = "O" if array is None else array.dtype.kind
    if kind == "f" or kind == "b" or kind == "i" or (kind == "u" and array.dtype.itemsize < 8):
        return array.astype({"f": "<f8", "b": "?"}.get(kind, "<i8"), order="C", copy=False)
    return plain(array if isinstance(values, numpy.ndarray) or not isinstance(values, (list, tuple)) else values)


def encode(name: str, values: Any) -> tuple[dict, bytes]:
    """One output as a column: its description and its bytes."""
    if isinstance(values, list):
        try:
            raw = json.dumps(values, allow_nan=False, separators=(",", ":")).encode()
        except ValueError as error:
            raise ValueError("the model answered NaN or an infinity, which JSON does not have") from error
        return {"name": name, "dtype": "json", "shape": [len(values)], "bytes": len(raw)}, raw
    raw = values.tobytes()
    dtype = {"f": "f8", "i": "i8", "b": "b1"}[values.dtype.kind]
    return {"name": name, "dtype": dtype, "shape": list(values.shape), "bytes": len(raw)}, raw


def join(parts: list[Outputs]) -> Outputs:
    """The outputs of several requests, one below the other; of different types, as lists."""
    if len(parts) <= 1:
        return parts[0] if parts else {}
    joined = {}
    for name in parts[0]:
        column = [part[name] for part in parts]
        if len({(v.dtype, v.shape[1:]) if isinstance(v, numpy.ndarray) else None for v in column}) == 1 and not isinstance(
            column[0], list
        ):
            joined[name] = numpy.concatenate(column)
        else:
            joined[name] = [item for values in column for item in plain(values)]
    return joined


def named(predicted: Any) -> Outputs | None:
    """What predict answered, when it names its outputs itself: a DataFrame, a dictionary of columns, or a dictionary per row."""
    if isinstance(predicted, dict):
        return {str(name): values for name, values in predicted.items()}
    if hasattr(predicted, "columns") and hasattr(predicted, "to_dict"):
        return {str(name): predicted.iloc[:, i].to_numpy() for i, name in enumerate(predicted.columns)}
    is_rows = isinstance(predicted, (list, tuple)) or (isinstance(predicted, numpy.ndarray) and predicted.dtype == object)
    return {"": predicted} if is_rows and len(predicted) and isinstance(predicted[0], dict) else None


def by_row(probabilities: Any) -> Any:
    """scikit-learn answers a list of matrices for several targets; turned so that each row has all of its own."""
    if isinstance(probabilities, list) and probabilities and getattr(probabilities[0], "ndim", 0) == 2:
        return [list(row) for row in zip(*(matrix.tolist() for matrix in probabilities))]
    return probabilities


def leaves(value: Any) -> Any:
    """The leaves of nested lists and dictionaries."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def one_thread(model: Any) -> None:
    """A worker is one core's work: the pools that some estimators start cost more than they give."""
    try:
        for name, value in model.get_params(deep=True).items():
            if name.split("__")[-1] == "n_jobs" and value not in (None, 1):
                model.set_params(**{name: 1})
    except Exception:  # not an estimator, or one that does not want to
        return
