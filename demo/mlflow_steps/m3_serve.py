"""Step 3: an endpoint serves it, in the environment that the model asks for."""

from __future__ import annotations

from mlflow_steps.house import Team
from say import holds


def run(team: Team) -> None:
    say, registry = team.context.say, team.context.registry
    say.heading(3, "Serve it from an endpoint")
    with say.waiting("building the environment of the model's own requirements (once per machine and lock), then loading"):
        endpoint = registry.create_endpoint("iris", "iris", "1.0.0")
    packages = endpoint["worker"]["packages"]
    say.done(f"the worker has scikit-learn {packages['scikit-learn']} and MLflow {packages['mlflow']}, as the model's requirements say")
    answer = registry.predict("iris", team.rows)
    holds(answer["predictions"] == team.answers[0], f"the endpoint answers {answer['predictions']}, the run's model {team.answers[0]}")
    say.done(f"it answers {answer['predictions']}, as the model did in its run")
