"""Rows of tables in the forms that people have them in: lists, numpy arrays and pandas DataFrames."""

from __future__ import annotations

from typing import Any

from .encoding import a
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
    value becomes null, also in arrays and lists. An array of shape (rows, columns) becomes a list of lists. ``most`` cuts after so many rows.
    """
    if is_frame(value):
        frame = value if most is None else value.iloc[:most]
        frame = frame if names is None else frame[names]
        keys = [str(name) for name in frame.columns]
        if names is None and len(set(keys)) < len(keys):
            double = next(key for key in keys if keys.count(key) > 1)
            raise Invalid(f"Two columns of the table are named {double!r}. Give each column a name of its own.", field="instances")
        columns = [[_cell(item) for item in frame.iloc[:, index].tolist()] for index in range(len(keys))]
        lists = [list(row) for row in zip(*columns)] if columns else [[] for _ in range(len(frame))]
        return lists if names is not None else [dict(zip(keys, row)) for row in lists]
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "tolist"):
        if not getattr(value, "shape", ()):
            raise _no_rows(value.tolist())
        whole = getattr(getattr(value, "dtype", None), "kind", "O") in "biu" or _is_full(value)
        value = value.tolist()
        if whole:
            return value if most is None else value[:most]
    if not isinstance(value, (list, tuple)):
        raise _no_rows(value)
    return [_filled(row) for row in (value if most is None else value[:most])]


def _is_full(array: Any) -> bool:
    """Whether it is an array of floats of which none is missing: then no cell need be looked at by itself."""
    return getattr(getattr(array, "dtype", None), "kind", "O") == "f" and not bool((array != array).any())


def _no_rows(value: Any) -> Invalid:
    one = isinstance(value, (dict, str, bytes, bool, int, float)) or value is None
    hint = f" This is one {'row' if isinstance(value, dict) else 'value'}: put it in a list." if one else f" This is {a(value)}."
    return Invalid("Rows are a list of rows, an array of shape (rows, columns) or a DataFrame." + hint, field="instances")


def _filled(row: Any) -> Any:
    """The row with null where a value is missing: NaN, which JSON has not."""
    if hasattr(row, "tolist"):
        row = row.tolist()
    if isinstance(row, (list, tuple)):
        return [_filled(cell) if _nests(cell) else _cell(cell) for cell in row]
    if isinstance(row, dict):
        return {key: _filled(cell) if _nests(cell) else _cell(cell) for key, cell in row.items()}
    return _cell(row)


def _nests(cell: Any) -> bool:
    return isinstance(cell, (list, tuple, dict)) or bool(getattr(cell, "shape", ()))


def _cell(value: Any) -> Any:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, float) or type(value).__name__ in ("float32", "float16"):  # numpy's float64 is a float
        return None if value != value else value
    return value
