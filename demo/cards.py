"""The card of the iris models, as a team would write it by hand."""

from __future__ import annotations

from typing import Any

_CARD: dict[str, Any] = {
    "name": "iris-classifier",
    "version": "1.2.0",
    "description": "Iris flower classification (setosa, versicolor, virginica)",
    "created_at": "2026-06-02T15:30:00Z",
    "updated_at": "2026-06-02T15:30:00Z",
    "author": "Iris team",
    "framework": "scikit-learn",
    "algorithm": "RandomForestClassifier",
    "hyperparameters": {"n_estimators": 100, "max_depth": 10, "random_state": 42},
    "training_data": {"source": "UCI Machine Learning Repository", "samples": 150, "features": 4, "date_collected": "1936"},
    "performance": {"accuracy": 0.973, "precision": 0.975, "recall": 0.973, "f1_score": 0.973, "latency_ms": 2.4},
    "input_schema": {
        "type": "array",
        "items": {"type": "number", "description": "[sepal_length, sepal_width, petal_length, petal_width]"},
    },
    "output_schema": {
        "type": "object",
        "properties": {
            "prediction": {"type": "integer", "enum": [0, 1, 2]},
            "probabilities": {"type": "array", "items": {"type": "number"}},
        },
    },
    "limitations": [
        "Trained only on UCI Iris dataset; may not generalize to other iris species.",
        "Assumes numerical input; does not handle missing values.",
    ],
}


def iris_card(version: str, **other: Any) -> dict[str, Any]:
    """The card for a version; other members replace the card's."""
    return {**_CARD, "version": version, **other}
