"""Step 4: a second run's model is rolled out against it."""

from __future__ import annotations

import mlflow
from callers import Callers
from follow import follow
from mlflow_steps.house import Team, script
from say import holds

RATE = 40
PLAN = {"steps": (10, 50, 100), "min_dwell": "2s", "min_samples": 15}


def run(team: Team) -> None:
    say, context = team.context.say, team.context
    say.heading(4, "A second run, and a canary against the first")
    with say.waiting("running iris_second_run.py: another forest"):
        script(team, "iris_second_run.py")
    mlflow.register_model(f"runs:/{team.runs[1]}/iris-model", "iris")
    numbers = context.registry.list_versions("iris")
    holds(numbers == ["1.0.0", "1.1.0"], f"the versions are {numbers}")
    say.done("trained anew and compatible, so it became 1.1.0")
    context.callers = callers = Callers(context.server.url, "iris", rate=RATE, connections=8)
    with say.waiting("another process sends requests"):
        callers.settle()
    ended = follow(context, "1.1.0", seconds=180.0, reason="retrained", **PLAN).now
    holds(ended["state"] == "PROMOTED", f"1.1.0 was not promoted but is {ended['state']}: {ended['reason']}")
    callers.finish()
    failed = [request for request in callers.requests if request.status != 200]
    holds(not failed, f"{len(failed)} requests failed: {failed[0].error if failed else ''}")
    say.done(f"promoted on evidence; of {len(callers.requests):,} requests meanwhile none failed")
    mlflow.MlflowClient().set_registered_model_alias("iris", "champion", "2")
