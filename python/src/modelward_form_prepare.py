"""scikit-learn's scalers, encoders, imputers and selectors in the portable form."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Value, cell, handles, number, plain_array


@handles("sklearn.preprocessing", "StandardScaler", "RobustScaler", "MaxAbsScaler", "MinMaxScaler")
class Scalers(Estimator):
    """Subtract, divide, multiply, add, in scikit-learn's order."""

    sparse = True

    def kept(self, array: Any, value: Value) -> numpy.ndarray:
        """A column's numbers; StandardScaler rounds them to the type of the rows."""
        array = plain_array(array)
        return array.astype("<f4" if value.f4 and self.kind == "StandardScaler" else "<f8").astype("<f8")

    def transform(self, value: Value) -> Value:
        """The scaled rows."""
        model = self.model
        rows = self.graph.numeric(self, value, "keep", missing=True)
        steps: list[tuple[str, Any]] = []
        if self.kind == "MinMaxScaler":
            if value.sparse:
                raise self.no("it takes no sparse rows")
            steps += [("multiply", self.kept(model.scale_, value)), ("add", self.kept(model.min_, value))]
            if model.clip:
                low, high = (float(numpy.float32(end) if value.f4 else end) for end in model.feature_range)
                steps += [("maximum", low), ("minimum", high)]
            return self.graph.arithmetic(rows, *steps)
        centre = {"StandardScaler": "mean_", "RobustScaler": "center_"}.get(self.kind)
        if centre and getattr(model, {"mean_": "with_mean", "center_": "with_centering"}[centre]):
            if value.sparse:
                raise self.no("it takes no sparse rows")
            steps.append(("subtract", self.kept(getattr(model, centre), value)))
        scaled = {"StandardScaler": "with_std", "RobustScaler": "with_scaling"}.get(self.kind)
        if scaled is None or getattr(model, scaled):
            scale = self.kept(model.scale_, value)
            steps.append(("multiply", 1.0 / scale) if value.sparse else ("divide", scale))
        if self.kind == "MaxAbsScaler" and getattr(model, "clip", False):
            if value.sparse:
                raise self.no("it clips sparse rows before it scales them")
            steps += [("maximum", -1.0), ("minimum", 1.0)]
        return self.graph.arithmetic(rows, *steps)
