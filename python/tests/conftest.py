"""A server for the tests, and the models and cards that they publish."""

from __future__ import annotations

import copy
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python" / "src"))
os.environ.setdefault("MODELWARD_LAUNCHER", str(ROOT / "modelward"))

from modelward import ModelRegistry  # noqa: E402
from modelward.testing import Server  # noqa: E402

IRIS_CARD: dict[str, Any] = {
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


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server's process."""
    with Server(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """The server's address."""
    return running.url


@pytest.fixture
def registry(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelRegistry]:
    """A client with a cache of its own."""
    monkeypatch.setenv("MODELWARD_CACHE", str(tmp_path / "cache"))
    client = ModelRegistry(server, actor="tester")
    yield client
    client.close()


_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """A model's name that no other test has."""
    return f"model-{next(_numbers)}"


@pytest.fixture
def card() -> Callable[..., dict[str, Any]]:
    """Makes the iris card for a version, with other members where they are given."""

    def make(version: str = "1.2.0", **other: Any) -> dict[str, Any]:
        return {**copy.deepcopy(IRIS_CARD), "version": version, **other}

    return make


@pytest.fixture(scope="session")
def iris() -> tuple[Any, Any]:
    """Rows of shape (150, 4) and their classes."""
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


@pytest.fixture(scope="session")
def train(iris: tuple[Any, Any]) -> Callable[..., Any]:
    """Trains a small forest; other seeds give other bytes."""
    from sklearn.ensemble import RandomForestClassifier

    def make(seed: int = 42, trees: int = 5) -> Any:
        return RandomForestClassifier(n_estimators=trees, max_depth=4, random_state=seed).fit(*iris)

    return make


@pytest.fixture
def served(registry, name, card, train):
    """A model with two versions, the first of which serves."""
    registry.save_model(name, "1.9.0", train(1), card("1.9.0"), reason="first")
    registry.save_model(name, "1.10.0", train(2), card("1.10.0"), reason="second")
    registry.create_endpoint(name, name, "1.9.0", reason="start")
    return name
