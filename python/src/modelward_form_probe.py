"""Answers to the frame PROBE: single steps of a form, or the whole model, request by request."""

import json
from typing import Any

import numpy
from modelward_failures import describe as told
from modelward_outputs import cut, encode

DTYPES = {"f8": "<f8", "f4": "<f4"}


def read(head: dict, raw: memoryview) -> list[tuple[str, Any]]:
    """The frame's columns; in those of JSON, {"nan": true} is NaN."""
    columns, at = [], 0
    for column in head["columns"]:
        data = bytes(raw[at : at + column["bytes"]])
        at += column["bytes"]
        if column["dtype"] == "json":
            values = json.loads(data)
            columns.append((column["name"], [float("nan") if isinstance(value, dict) else value for value in values]))
        else:
            columns.append((column["name"], numpy.frombuffer(data, DTYPES[column["dtype"]]).reshape(column["shape"]).copy()))
    return columns


def series(values: Any) -> Any:
    """A column of a step's rows: numbers, texts, or objects as they are."""
    import pandas

    if isinstance(values, numpy.ndarray):
        return values
    kinds = {type(value) for value in values if not (isinstance(value, float) and value != value)}
    if kinds == {str}:
        return pandas.Series(values, dtype="str")
    return pandas.Series(values, dtype=object)


def step_rows(head: dict, columns: list[tuple[str, Any]]) -> Any:
    """The rows for a step: an array, or a DataFrame."""
    if head["form"] == "matrix":
        return columns[0][1]
    import pandas

    return pandas.DataFrame({i: series(values) for i, (_, values) in enumerate(columns)})


def probe(model: Any, steps: list, head: dict, raw: memoryview) -> tuple[dict, list[bytes]]:
    """The head and the columns of the ANSWER: a result for each request, each computed alone."""
    columns, results, parts, start = read(head, raw), [], [], 0
    step = head.get("step")
    for count in head["requests"]:
        piece = cut(columns, start, start + count)
        start += count
        try:
            if step is not None:
                part = {"": steps[step](step_rows(head, piece))}
            elif head.get("method"):
                part = {"": numpy.asarray(getattr(model.model, head["method"])(model.rows(head["form"], piece)))}
            else:
                part = model.compute(head["form"], piece, count)
            if any(len(values) != count for values in part.values()):
                raise ValueError("the answer does not have one item per row")
            encoded = [encode(name, values if isinstance(values, list) else numeric(values)) for name, values in part.items()]
        except BaseException as error:  # a model does not end the worker by raising
            results.append(told(error))
        else:
            parts.append(encoded)
            results.append({"rows": count})
    return {"results": results, "columns": [column for part in parts for column, _ in part], "micros": 0}, [
        data for part in parts for _, data in part
    ]


def numeric(values: Any) -> numpy.ndarray:
    """Numbers in the types that a frame has."""
    array = numpy.asarray(values)
    return array.astype({"f": "<f8", "b": "?"}.get(array.dtype.kind, "<i8"))
