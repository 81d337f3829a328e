"""Writes models as MLflow does, and what each answers itself, into the working directory."""

import json
import os
from pathlib import Path

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true")

import mlflow  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from sklearn.datasets import load_iris  # noqa: E402
from sklearn.ensemble import RandomForestClassifier  # noqa: E402

REQUIREMENTS = Path("requirements.in").read_text().split()
rows, labels = load_iris(return_X_y=True, as_frame=True)
forest = RandomForestClassifier(n_estimators=5, n_jobs=2, random_state=0).fit(rows, labels)
signature = infer_signature(rows, forest.predict(rows))
common = {"pip_requirements": REQUIREMENTS}
skops = {"serialization_format": "skops", "skops_trusted_types": ["sklearn.tree._tree.Tree"]}
tried = rows.iloc[::15]

mlflow.sklearn.save_model(forest, "skops", signature=signature, input_example=rows.head(3), **skops, **common)
mlflow.sklearn.save_model(forest, "unsigned", **skops, **common)
mlflow.sklearn.save_model(forest, "pickled", serialization_format="pickle", signature=signature, **common)


class Typed(mlflow.pyfunc.PythonModel):
    """Tells which types it was given."""

    def predict(self, context, model_input, params=None):
        types = ",".join(str(dtype) for dtype in model_input.dtypes)
        return pandas.DataFrame({"types": [types] * len(model_input), "total": model_input["a"] + params["more"]})


given = pandas.DataFrame({"a": numpy.array([1, 2], "int64"), "b": [1.5, 2.5], "c": ["x", "y"]})
given["d"] = pandas.to_datetime(["2026-01-01", "2026-01-02"])
answered = pandas.DataFrame({"types": ["x"], "total": numpy.array([1], "int64")})
typed = infer_signature(given, answered, params={"more": 10})
mlflow.pyfunc.save_model("typed", python_model=Typed(), signature=typed, **common)

Path("rows.json").write_text(json.dumps(tried.to_numpy().tolist()))
Path("answers.json").write_text(json.dumps(forest.predict(tried).tolist()))
