"""Step 1: a training script that knows nothing of Modelward."""

from __future__ import annotations

import time

from mlflow_steps.house import Team, environment, script, show
from say import holds


def run(team: Team) -> None:
    say = team.context.say
    say.heading(1, "A training script logs to MLFLOW_TRACKING_URI, unchanged")
    show(team, "iris_run.py")
    with say.waiting("running it"):
        script(team, "iris_run.py")
    say.done(f"run {team.runs[0]}: parameters, metrics and the model are kept; loaded again it answers {team.answers[0]}")
    until = time.monotonic() + 600
    with say.waiting("the server prepares the Python environment that it looks at models in (once per machine)"):
        while environment(team.context.server.url)["state"] == "preparing":
            holds(time.monotonic() < until, "the environment for models was not ready after 10 minutes")
            time.sleep(0.5)
    state = environment(team.context.server.url)["state"]
    holds(state == "ready", f"the environment for models is {state}")
