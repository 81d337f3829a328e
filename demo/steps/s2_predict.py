"""Step 2: an endpoint and a first prediction."""

from __future__ import annotations

import time

from context import Context
from modelward import Unavailable
from say import holds

ROW = [5.1, 3.5, 1.4, 0.2]


def run(context: Context) -> None:
    say, registry = context.say, context.registry
    say.heading(2, "Create the endpoint iris and predict")
    with say.waiting("loading iris 1.9.0 into a worker, testing and warming it"):
        endpoint = _create(context)
    say.done(f"endpoint iris serves {endpoint['model_version']}, route revision {endpoint['revision']}")
    answer = registry.predict("iris", [ROW])
    expected = context.models["1.9.0"].predict_proba([ROW])[0].tolist()
    prediction = answer["predictions"][0]
    holds(prediction == {"prediction": 0, "probabilities": expected}, f"the answer {prediction} is not scikit-learn's own")
    holds(answer["model_version"] == "1.9.0", f"{answer['model_version']} answered instead of 1.9.0")
    say.done(f"predict {ROW} → class {prediction['prediction']}, probabilities {prediction['probabilities']}")
    say.note(f"version       {answer['model_version']}")
    say.note(f"digest        {answer['digest']}")
    say.note(f"prediction id {answer['prediction_id']}")


def _create(context: Context) -> dict:
    """At a machine's first start the server prepares the workers' Python environment meanwhile."""
    until = time.monotonic() + 600
    while True:
        try:
            return context.registry.create_endpoint("iris", "iris", "1.9.0", reason="first endpoint")
        except Unavailable as not_yet:
            if not_yet.status != 503 or time.monotonic() > until:
                raise
            context.say.live(str(not_yet))
            time.sleep(not_yet.retry_after or 2)
