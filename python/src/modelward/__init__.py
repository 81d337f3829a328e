"""Keeps, serves and traces every version of every model.

>>> from modelward import ModelRegistry
>>> registry = ModelRegistry()
>>> registry.save_model("iris", "1.2.0", model, metadata)
>>> model, metadata = registry.load_model("iris", "1.2.0")
"""

from pathlib import Path

from .errors import Conflict, Invalid, ModelwardError, NotFound, Refused, Unavailable, Unfinished, Unloadable
from .registry import ModelRegistry

__all__ = ["Conflict", "Invalid", "ModelRegistry", "ModelwardError", "NotFound", "Refused", "Unavailable", "Unfinished", "Unloadable"]

__version__ = Path(__file__).with_name("VERSION").read_text(encoding="ascii").strip()
