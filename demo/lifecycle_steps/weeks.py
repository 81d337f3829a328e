"""The weeks of the demo: each has rows of its own, and the job is told of them as a pipeline would tell it."""

from __future__ import annotations

import csv
import json
import random
import time
import urllib.request
from pathlib import Path
from typing import Any

from context import Context
from say import holds

JOB, MODEL = "iris-weekly", "iris"
# A week is a few seconds here.
SCHEDULE = "every 4s"
PLAN = {"strategy": "canary", "steps": [20, 100], "min_dwell": "1s", "min_samples": 30, "bake": "1s"}
ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "LOST")


def write_rows(file: Path, week: int, rows: int = 110) -> None:
    """So many rows of the iris data, others in each week."""
    from sklearn.datasets import load_iris

    iris = load_iris()
    chosen = sorted(random.Random(week).sample(range(len(iris.target)), rows))
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*iris.feature_names, "species"])
        writer.writerows([*iris.data[row], iris.target[row]] for row in chosen)


def call(context: Context, method: str, path: str, body: Any = None) -> Any:
    return context.registry._transport.json(method, path, body)


def new_rows(context: Context, file: Path) -> str:
    """Gives the job the rows of a new week, and answers the digest by which the server keeps them."""
    kept = upload(context, file)
    job = call(context, "GET", f"/api/v1/jobs/{JOB}")
    plan = {name: job[name] for name in ("model", "command", "code", "requirements", "bump", "variables", "seed", "notify", "timezone")}
    plan |= {"schedule": SCHEDULE, "rollout": PLAN, "data": [{"name": "week.csv", "sha256": kept}], "reason": "the rows of a new week"}
    call(context, "PUT", f"/api/v1/jobs/{JOB}", plan)
    return kept


def upload(context: Context, file: Path) -> str:
    request = urllib.request.Request(context.server.url + "/api/v1/job-files", data=file.read_bytes(), method="PUT")
    request.add_header("Content-Type", "application/octet-stream")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["sha256"])


def run_with(context: Context, rows: str, seconds: float = 120) -> dict[str, Any]:
    """Waits until a run that had these rows has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for run in call(context, "GET", f"/api/v1/jobs/{JOB}/runs")["runs"]:
            if run["state"] in ENDED:
                whole = call(context, "GET", f"/api/v1/job-runs/{run['run']}")
                if whole["plan"]["data"][0]["sha256"] == rows and run["trigger"] == "schedule":
                    return whole
        time.sleep(0.2)
    holds(False, f"no run of the job {JOB} ended within {seconds:.0f} s")
    raise AssertionError


def promoted(context: Context, version: str, seconds: float = 60) -> None:
    """Waits until the endpoint serves the version."""
    until = time.monotonic() + seconds
    while context.registry.endpoint(MODEL)["model_version"] != version:
        holds(time.monotonic() < until, f"{version} was not promoted within {seconds:.0f} s")
        time.sleep(0.2)
