"""Keeps, serves and traces every version of every model.

>>> from modelward import ModelRegistry
>>> registry = ModelRegistry()
>>> registry.save_model("iris", "1.2.0", model)
>>> registry.serve("iris")
>>> registry.predict("iris", rows)
>>> model, metadata = registry.load_model("iris", "1.2.0")
"""

from pathlib import Path

from .aio import AsyncModelRegistry
from .errors import (
    Conflict,
    Forbidden,
    Invalid,
    ModelwardError,
    ModelwardWarning,
    NotFound,
    Refused,
    Unauthenticated,
    Unavailable,
    Unfinished,
    Unloadable,
)
from .registry import ModelRegistry

__all__ = [
    "AsyncModelRegistry",
    "Conflict",
    "Forbidden",
    "Invalid",
    "ModelRegistry",
    "ModelwardError",
    "ModelwardWarning",
    "NotFound",
    "Refused",
    "Unauthenticated",
    "Unavailable",
    "Unfinished",
    "Unloadable",
]

__version__ = Path(__file__).with_name("VERSION").read_text(encoding="ascii").strip()
