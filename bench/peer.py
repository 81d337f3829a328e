"""The peer: FastAPI and scikit-learn, as a team writes it by hand. ``MODEL`` names the joblib file."""

import os

import joblib
import numpy
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
model = joblib.load(os.environ["MODEL"])


class Request(BaseModel):
    """Rows of numbers."""

    instances: list[list[float]]


@app.post("/predict/iris")
def predict(request: Request) -> dict:
    """Predictions and probabilities, as the server beside it answers."""
    rows = numpy.asarray(request.instances)
    probabilities = model.predict_proba(rows)
    labels = model.predict(rows)
    return {
        "predictions": [
            {"prediction": int(label), "probabilities": row.tolist()} for label, row in zip(labels, probabilities)
        ]
    }
