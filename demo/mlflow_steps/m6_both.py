"""Step 6: one registry, whichever door a version came through."""

from __future__ import annotations

import mlflow
from cli import modelward
from mlflow_steps.house import Team
from say import holds
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression


def run(team: Team) -> None:
    say, registry = team.context.say, team.context.registry
    say.heading(6, "One registry behind both doors")
    code, _ = modelward(team.context, "list", "iris")
    holds(code == 0, "the command line could not list the versions")
    X, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=1000).fit(X, y)
    with say.waiting("publishing another model with Modelward's own client"):
        registry.save_model("iris-native", "1.0.0", model, {"description": "published without MLflow"})
    answers = [int(answer) for answer in mlflow.pyfunc.load_model("models:/iris-native/1.0.0").predict(team.rows)]
    holds(answers == [int(answer) for answer in model.predict(team.rows)], f"MLflow's client loads a model that answers {answers}")
    say.done('published without MLflow, loaded by mlflow.pyfunc.load_model("models:/iris-native/1.0.0"), it answers the same')
