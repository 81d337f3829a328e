"""scikit-learn's pipelines and estimators made of estimators in the portable form."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Value, handles, own, plain_array
from modelward_form_trees import Classifier, aligned


class Composite(Estimator):
    """An estimator made of others."""

    leaf = False


@handles("sklearn.pipeline", "Pipeline")
class Pipeline(Composite):
    """One estimator after the other."""

    def before(self, value: Value) -> Value:
        """What the last step gets."""
        for i, (_, step) in enumerate(self.model.steps[:-1]):
            value = self.apply(i, step, value)
        return value

    def apply(self, i: int, step: Any, value: Value) -> Value:
        """What a step makes of its rows."""
        return value if step is None or step == "passthrough" else self.child(step, f"step {i + 1}").ask("transform", value)

    def last(self, method: str, value: Value) -> Value:
        """A method of the last step."""
        value = self.before(value)
        return self.child(self.model.steps[-1][1], f"step {len(self.model.steps)}").ask(method, value)

    def transform(self, value: Value) -> Value:
        """All steps, each of which transforms."""
        return self.apply(len(self.model.steps) - 1, self.model.steps[-1][1], self.before(value))

    def predict(self, value: Value) -> Value:
        """The last step's."""
        return self.last("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The last step's."""
        return self.last("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The last step's."""
        return self.last("decision_function", value)

    def score_samples(self, value: Value) -> Value:
        """The last step's."""
        return self.last("score_samples", value)
