"""One model on both servers: the same rows, the same answers, and what they cost."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loads import Load, Target, closed, write_rows
from say import holds
from serving_steps.kinds import Kind

CONNECTIONS = 8
SECONDS = 2
WARM_S = 1
CLOSE = 1e-9


@dataclass
class Measured:
    """A line of the table; ``difference`` is the largest relative one between an answer of a server and scikit-learn's own."""

    kind: Kind
    serving: dict[str, Any]
    difference: float
    ours: Load
    theirs: Load


def ask(at: Target, rows: list[Any]) -> list[Any]:
    """Predictions of one request."""
    body = json.dumps({"instances": rows}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{at.port}{at.path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["predictions"]


def difference(answers: list[Any], right: list[Any]) -> float:
    """The largest relative difference; infinity when a label is another one."""
    largest = 0.0
    for one, other in zip(answers, right, strict=True):
        if one != other:
            numbers = isinstance(one, float) and isinstance(other, float)
            largest = max(largest, abs(one - other) / max(abs(one), abs(other)) if numbers else float("inf"))
    return largest


def measure(kind: Kind, serving: dict[str, Any], ours: Target, theirs: Target, folder: Path) -> Measured:
    """Compares the answers of both with scikit-learn's, then has both answer for some seconds, one after the other."""
    rows, right = kind.instances(), kind.answers()
    largest = 0.0
    for who, at in (("Modelward", ours), ("FastAPI", theirs)):
        apart = difference([ask(at, [row])[0] for row in rows], right)
        holds(apart <= CLOSE, f"{who} answers other than scikit-learn for the model '{kind.title}': a relative difference of {apart:g}")
        largest = max(largest, apart)
    file = write_rows(folder / f"{kind.name}.rows", rows, right)
    loads = [closed(at, file, CONNECTIONS, SECONDS, WARM_S if at is ours else 1) for at in (ours, theirs)]
    for who, load in zip(("Modelward", "FastAPI"), loads):
        holds(load.failed + load.wrong == 0, f"{load.failed + load.wrong} of {load.requests} requests to {who} failed: {load.error}")
        holds(load.requests > 0, f"{who} answered no request for the model '{kind.title}'")
    return Measured(kind, serving, largest, *loads)
