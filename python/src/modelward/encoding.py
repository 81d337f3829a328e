"""Python's values, and those of numpy and pandas, as JSON."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any

from .errors import Invalid


def encode(value: Any) -> bytes:
    """JSON in UTF-8. numpy's numbers and arrays become plain ones; NaN and Infinity, which JSON has not, are refused."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=plain).encode()
    except UnicodeEncodeError as failure:
        raise Invalid("A text has half of a surrogate pair, which is no character.") from failure
    except ValueError as failure:
        where = _place(value, "", _not_finite)
        if where is None:
            raise Invalid(f"This is not JSON: {failure}.") from failure
        raise Invalid(f"{where or 'The value'} is NaN or Infinity, which JSON has not. Leave it out, or use null.", field=where or None) from failure
    except TypeError as failure:
        where = _place(value, "", _not_json)
        raise Invalid(
            f"{where or 'This'} cannot be sent as JSON: {failure}. Use numbers, texts, lists and dictionaries.", field=where or None
        ) from failure


def plain(value: Any) -> Any:
    """numpy's, pandas' and the standard library's values as JSON knows them."""
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{a(value)} is no JSON value")


def a(value: Any) -> str:
    """What kind of value it is, with its article: ``an int``."""
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def _not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _not_json(value: Any) -> bool:
    if value is None or isinstance(value, (str, int, float, dict, list, tuple)):
        return False
    try:
        plain(value)
    except TypeError:
        return True
    return False


def _place(value: Any, path: str, wrong: Callable[[Any], bool]) -> str | None:
    """Where a wrong value is, as ``performance.accuracy`` or ``instances[0][3]``; None when there is none."""
    if wrong(value):
        return path
    if isinstance(value, dict):
        pairs = [(f"{path}.{key}" if path else str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        pairs = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    elif hasattr(value, "tolist"):
        return _place(value.tolist(), path, wrong)
    else:
        return None
    return next((found for key, item in pairs if (found := _place(item, key, wrong)) is not None), None)
