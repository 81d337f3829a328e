"""Step 2: the run's model becomes a version."""

from __future__ import annotations

import logging

import mlflow
from cli import modelward
from mlflow_steps.house import Team
from say import holds

MODEL = "iris"


def run(team: Team) -> None:
    say = team.context.say
    say.heading(2, "Register it, and load it by number, range and alias")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    client = mlflow.MlflowClient()
    version = mlflow.register_model(f"runs:/{team.runs[0]}/iris-model", MODEL)
    holds(version.version == "1", f"the first version is {version.version}")
    client.set_registered_model_alias(MODEL, "champion", version.version)
    say.done(f"mlflow.register_model made version {version.version}: {version.status_message}")
    for name in ("models:/iris/1.0.0", "models:/iris/^1", "models:/iris@champion"):
        answers = [int(answer) for answer in mlflow.pyfunc.load_model(name).predict(team.rows)]
        holds(answers == team.answers[0], f"{name} answers {answers}, the run's model {team.answers[0]}")
        say.done(f'mlflow.pyfunc.load_model("{name}") answers the same')
    code, lines = modelward(team.context, "show", "iris@champion", pick=provenance)
    holds(code == 0 and any(team.runs[0] in line for line in lines), "the version does not name its run")


def provenance(lines: list[str]) -> list[str]:
    """The first lines, and the section that says where the version came from."""
    start = next((at for at, line in enumerate(lines) if line.strip() == "Provenance"), len(lines))
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    return [*lines[:4], *lines[start:end]]
