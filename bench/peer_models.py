"""The peer of the benchmarks of serving: models behind FastAPI, as a team writes it by hand. ``MODELS`` names their files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

Predict = Callable[[list[Any]], list[Any]]


class Request(BaseModel):
    """Rows: lists of numbers, or objects by column; null is a missing value."""

    instances: list[Any]


def pickled(file: str) -> Predict:
    """scikit-learn's own predict."""
    import joblib
    import numpy
    import pandas

    model = joblib.load(file)

    def predict(rows: list[Any]) -> list[Any]:
        table = pandas.DataFrame(rows) if isinstance(rows[0], dict) else numpy.asarray(rows, dtype=float)
        return model.predict(table).tolist()

    return predict


def graph(file: str) -> Predict:
    """ONNX Runtime; one thread a request, which is the quickest for one row."""
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    given, wanted = session.get_inputs()[0].name, [session.get_outputs()[0].name]

    def predict(rows: list[Any]) -> list[Any]:
        return session.run(wanted, {given: numpy.asarray(rows, dtype=numpy.float32)})[0].tolist()

    return predict


app = FastAPI()
models = {name: graph(file) if file.endswith(".onnx") else pickled(file) for name, file in json.loads(os.environ["MODELS"]).items()}


@app.post("/predict/{name}")
def predict(name: str, request: Request) -> dict[str, Any]:
    """The predictions, under the name that the server beside it uses."""
    return {"predictions": models[name](request.instances)}
