"""Rows of tables in the forms that people have them in: lists, numpy arrays and pandas DataFrames."""

from __future__ import annotations

from typing import Any

from .errors import Invalid


def is_frame(value: Any) -> bool:
    """Whether it is a pandas DataFrame, or quacks like one; pandas itself is not needed to know."""
    return hasattr(value, "columns") and hasattr(value, "iloc")


def column_names(value: Any) -> list[str]:
    """A DataFrame's column names when all are texts, else an empty list."""
    names = list(value.columns) if is_frame(value) else []
    return names if all(isinstance(name, str) for name in names) else []


def rows(value: Any, *, names: list[str] | None = None, most: int | None = None) -> list[Any]:
    """The rows as JSON values.

    A DataFrame's rows become lists, in the order of ``names`` when given, or objects by column when ``names`` is None; a missing
    value becomes null. An array of shape (rows, columns) becomes a list of lists. ``most`` cuts after so many rows.
    """
    if is_frame(value):
        frame = value if most is None else value.iloc[:most]
        frame = frame if names is None else frame[names]
        keys = [str(name) for name in frame.columns]
        columns = [[_cell(item) for item in frame.iloc[:, index].tolist()] for index in range(len(keys))]
        lists = [list(row) for row in zip(*columns)] if columns else [[] for _ in range(len(frame))]
        return lists if names is not None else [dict(zip(keys, row)) for row in lists]
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        raise Invalid("Rows are a list of rows, an array of shape (rows, columns) or a DataFrame.", field="instances")
    return list(value if most is None else value[:most])


def _cell(value: Any) -> Any:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(value, float) and value != value else value
