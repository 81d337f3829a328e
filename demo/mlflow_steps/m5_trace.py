"""Step 5: from one answer back to the run that trained the model."""

from __future__ import annotations

from cli import modelward
from mlflow_steps.house import Team
from mlflow_steps.m2_register import provenance
from say import holds


def run(team: Team) -> None:
    say, registry = team.context.say, team.context.registry
    say.heading(5, "Which run trained the model that answered this?")
    answer = registry.predict("iris", team.rows[:1])
    trace = registry.trace(answer["prediction_id"], verify=True)
    run = trace["version"]["provenance"]["run"]
    holds(run["id"] == team.runs[1], f"the trace names run {run['id']}, the second run is {team.runs[1]}")
    holds(run["parameters"] == {"n_estimators": "60", "max_depth": "8", "random_state": "42"}, f"its parameters are {run['parameters']}")
    holds(run["metrics"] == {"accuracy": 0.981, "precision": 0.982}, f"its metrics are {run['metrics']}")
    holds(trace["verification"]["intact"], "stored bytes are damaged")
    code, _ = modelward(team.context, "trace", answer["prediction_id"], pick=provenance)
    holds(code == 0, "the command line could not trace it")
    say.done("the prediction leads to its run, parameters and metrics; the stored bytes are those that were registered")
