"""Loads a saved model in a process that knows nothing of this one, so that what only works here is found before it is published."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Unloadable

TIMEOUT_S = 300


@dataclass(frozen=True)
class Found:
    """What a clean process found out about a model: the packages it needs with their releases, what it lacks to be served, and a JSON
    Schema of its rows where it was asked for one, and the columns of its sample, by place or name, in which it takes NaN."""

    needs: dict[str, str]
    lacks: str
    row: dict[str, Any] | None
    missing: list[int | str]


def check_loads(folder: Path, artifact: str) -> Found:
    """Loads ``folder/artifact`` and predicts its sample, in a clean process. Raises Unloadable, which says what to do."""
    script = Path(__file__).with_name("_try_load.py")
    with tempfile.TemporaryDirectory(prefix="modelward-check-") as scratch:
        report = Path(scratch) / "report.json"
        command = [sys.executable, "-I", "-B", str(script), str(folder), artifact, str(report)]
        try:
            done = subprocess.run(command, cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired as failure:
            if not report.exists():  # else it loads, and was only asked for more
                raise Unloadable(f"The model did not load in a clean process within {TIMEOUT_S} s.") from failure
        if not report.exists():
            output = done.stderr.decode(errors="replace").strip().splitlines()
            last = f" Its last words: {output[-1]}" if output else ""
            raise Unloadable(f"Loading the model ended a clean process with the code {done.returncode}.{last}")
        found = json.loads(report.read_text(encoding="utf-8"))
    if not found["ok"]:
        raise Unloadable(_explain(found), extra={"error": found.get("error"), "stage": found["stage"]})
    return Found(found["needs"], _lacks(found), found["row"], found["missing"])


def _lacks(found: dict[str, Any]) -> str:
    if not found["predicts"]:
        return (
            "It has no method predict, so it is kept and cannot be served. "
            "A class of your own with predict(self, rows) can wrap it: pass its file in code=[…]."
        )
    if found["local"]:
        return (
            f"It needs {', '.join(found['local'])}, which was installed from a directory or an address here: the server cannot ask for it."
            " Pass its files in code=[…], or what it can ask for in requirements=[…]."
        )
    if not found["fitted"]:
        return "It is not fitted, so it will fail when it predicts: call fit before you save it."
    return ""


def _explain(found: dict[str, Any]) -> str:
    for name in found["main"]:
        if not name.startswith("__"):
            return (
                f"The {_kind(name)} {name} is defined in __main__, which no other process has: "
                "move it to a module and pass code=[…] with that module's file."
            )
    error = f"{found['error']}: {found['message']}"
    if found["stage"] == "predict":
        return f"The model loads in a clean process, but does not predict its sample there ({error})."
    if found.get("module"):
        return (
            f"The model needs the module {found['module']}, which a clean process does not find ({error}): "
            "pass code=[…] with its file, or the package's directory."
        )
    return f"The model does not load in a clean process ({error})."


def _kind(name: str) -> str:
    value = getattr(sys.modules.get("__main__"), name, None)
    return "class" if value is None or isinstance(value, type) else "function"
