"""Writes ``src/modelward/aio.pyi``: the types of the asynchronous client, which has the methods of the other one.

Run it after a change of ModelRegistry: ``python python/generate_stubs.py``. A test compares.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "src"
STUB = SOURCE / "modelward" / "aio.pyi"
HEAD = '''"""Made by python/generate_stubs.py from ModelRegistry; not to be edited."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from . import bundle
from .access import Permission
from .operations import Moment
from .progress import Progress
from .results import (
    Alias,
    Answer,
    AuditEntry,
    Caller,
    Comparison,
    Endpoint,
    Explanation,
    Grant,
    Model,
    Prediction,
    Result,
    Results,
    Revision,
    Rollout,
    Run,
    Saved,
    Status,
    Token,
    Trace,
    Verification,
    Version,
)

class AsyncModelRegistry:
    def __init__(
        self,
        url: str | None = None,
        *,
        namespace: str = "default",
        actor: str | None = None,
        timeout: float = 180.0,
        progress: Progress | None = None,
        token: str | None = None,
        insecure_http: bool = False,
        calls_at_once: int = 32,
    ) -> None: ...
    @property
    def url(self) -> str: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> AsyncModelRegistry: ...
    async def __aexit__(self, *_: object) -> None: ...
'''


class _Default:
    """Stands for a default in a stub."""

    def __repr__(self) -> str:
        return "..."


def _written(signature: inspect.Signature) -> str:
    parameters = [
        parameter if parameter.default is parameter.empty else parameter.replace(default=_Default())
        for parameter in signature.parameters.values()
    ]
    # Annotations are texts, which would be written in quotes.
    return str(signature.replace(parameters=parameters)).replace("'", "")


def stub() -> str:
    """The stub's text."""
    sys.path.insert(0, str(SOURCE))
    from modelward.registry import ModelRegistry

    lines = [HEAD]
    for name in sorted(dir(ModelRegistry)):
        function = inspect.getattr_static(ModelRegistry, name)
        if name.startswith("_") or name == "close" or not inspect.isfunction(function):
            continue
        signature = _written(inspect.signature(function))
        if signature.partition("->")[2].strip().startswith("Iterator"):
            lines.append(f"    def {name}{signature.replace('-> Iterator', '-> AsyncIterator')}: ...\n")
        else:
            lines.append(f"    async def {name}{signature}: ...\n")
    return "".join(lines)


if __name__ == "__main__":
    STUB.write_text(stub(), encoding="utf-8")
