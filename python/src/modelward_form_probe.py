"""Answers to the frame PROBE: single steps of a form, or the whole model, request by request."""

import contextlib
import json
import time
from typing import Any

import numpy
from modelward_failures import describe as told
from modelward_outputs import by_row, cut, encode, join

DTYPES = {"f8": "<f8", "f4": "<f4", "i8": "<i8", "b1": "?"}


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
    start, began = 0, time.perf_counter()
    results: list[dict] = []
    parts: list[dict[str, Any]] = []
    with one_core():
        columns = read(head, raw)
        for count in head["requests"]:
            piece = cut(columns, start, start + count)
            start += count
            try:
                part = {name: sendable(values, count) for name, values in answered(model, steps, head, piece, count).items()}
            except BaseException as error:  # a model does not end the worker by raising
                results.append(told(error))
            else:
                parts.append(part)
                results.append({"rows": count})
    encoded = [encode(name, values) for name, values in join(parts).items()]
    micros = int((time.perf_counter() - began) * 1e6)
    return {"results": results, "columns": [column for column, _ in encoded], "micros": micros}, [data for _, data in encoded]


def answered(model: Any, steps: list, head: dict, piece: list[tuple[str, Any]], count: int) -> dict[str, Any]:
    """The answer to one request: of a step, of a method, or of the whole model."""
    if head.get("step") is not None:
        return {"": steps[head["step"]](step_rows(head, piece))}
    if head.get("method"):
        rows = model.rows(head["form"], piece, count) if hasattr(model, "pyfunc") else model.rows(head["form"], piece)
        return {"": numpy.asarray(by_row(getattr(model.model, head["method"])(rows)))}
    return model.compute(head["form"], piece, count)


def one_core() -> Any:
    """Holds the pools of threads of BLAS and OpenMP at one."""
    try:
        import threadpoolctl

        return threadpoolctl.threadpool_limits(1)
    except ImportError:
        return contextlib.nullcontext()


def sendable(values: Any, count: int) -> Any:
    """An answer as a column: a list, or numbers in the types that a frame has; infinities are numbers too."""
    if len(values) != count:
        raise ValueError(f"the answer has {len(values)} items for {count} rows")
    if isinstance(values, list):
        return values
    array = numpy.asarray(values)
    return array.astype({"f": "<f8", "b": "?"}.get(array.dtype.kind, "<i8"))
