"""What the steps hand on to each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from context import Context
from say import StepFailed

HERE = Path(__file__).parent


@dataclass
class Team:
    """The runs' ids and what their models answer to the first rows, in the order of the runs."""

    context: Context
    runs: list[str] = field(default_factory=list)
    answers: list[list[int]] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)


def script(team: Team, name: str) -> None:
    """Runs a team's script as it stands, and keeps its run's id and what its loaded model answers."""
    tail = "\nimport json\nprint('RUN', json.dumps([mlflow.last_active_run().info.run_id, [int(y) for y in loaded_model.predict(X_test[:8])], X_test[:8].tolist()]))\n"
    code = (HERE / name).read_text() + tail
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=240, env=os.environ)
    told = [line for line in done.stdout.splitlines() if line.startswith("RUN ")]
    if done.returncode or not told:
        raise StepFailed(f"{name} ended with {done.returncode}: {done.stderr[-800:]}")
    run, answers, rows = json.loads(told[0][4:])
    team.runs.append(run)
    team.answers.append(answers)
    team.rows = rows


def show(team: Team, name: str) -> None:
    for line in (HERE / name).read_text().splitlines():
        team.context.say.note(line)


def environment(url: str) -> dict[str, Any]:
    with urlopen(url + "/api/v1/status", timeout=10) as answer:
        return json.load(answer)["environment"]
