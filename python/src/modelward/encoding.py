"""Python's values, and those of numpy and pandas, as JSON."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

from .errors import Invalid


def encode(value: Any) -> bytes:
    """JSON in UTF-8. numpy's numbers and arrays become plain ones; NaN and Infinity, which JSON has not, are refused."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=plain).encode()
    except UnicodeEncodeError as failure:
        raise Invalid("A text has half of a surrogate pair, which is no character.") from failure
    except ValueError as failure:
        where = _not_finite(value, "")
        if where is None:
            raise Invalid(f"This is not JSON: {failure}.") from failure
        raise Invalid(f"{where or 'The value'} is NaN or Infinity, which JSON has not. Leave it out, or use null.", field=where or None) from failure
    except TypeError as failure:
        raise Invalid(f"This cannot be sent as JSON: {failure}.") from failure


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
    raise TypeError(f"a {type(value).__name__} is no JSON value")


def _not_finite(value: Any, path: str) -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    if isinstance(value, dict):
        pairs = [(f"{path}.{key}" if path else str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        pairs = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    elif hasattr(value, "tolist"):
        return _not_finite(value.tolist(), path)
    else:
        return None
    return next((found for key, item in pairs if (found := _not_finite(item, key)) is not None), None)
