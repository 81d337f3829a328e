"""A server for models that MLflow wrote, and how scenarios save and serve them. Runs where MLflow and the libraries of the models are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true")

import pytest  # noqa: E402
from modelward import ModelRegistry  # noqa: E402
from modelward.testing import Server  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = (ROOT / "runtime/src/test/resources/models/requirements.txt").read_text().split()
"""One environment for all scenarios, and for the runtime's own tests: what is installed here."""


class House:
    """A server, and what is asked of it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.start()

    def start(self) -> None:
        """Starts it, on the same directory each time; its first start on a machine builds the shared environment."""
        self.server = Server(self.data)
        self.registry = ModelRegistry(self.server.url, timeout=600)

    def stop(self) -> None:
        """Stops it in order."""
        self.registry.close()
        self.server.stop()

    def publish(self, name: str, folder: Path) -> str:
        """Publishes a folder as it is; the version."""
        return self.registry.publish(name, folder, {"description": "MLflow wrote it"}, reason="a scenario")["version"]

    def serve(self, name: str, folder: Path) -> str:
        """Publishes a folder and serves it at an endpoint of the same name; the version."""
        version = self.publish(name, folder)
        self.registry.create_endpoint(name, name, version, reason="a scenario")
        return version

    def predict(self, endpoint: str, rows: list) -> list:
        """The predictions."""
        return self.registry.predict(endpoint, rows)["predictions"]

    def version(self, name: str, version: str) -> dict[str, Any]:
        """What the server shows of a version."""
        with urlopen(f"{self.server.url}/api/v1/models/default/{name}/versions/{version}") as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The server of all scenarios."""
    house = House(tmp_path_factory.mktemp("models") / "data")
    yield house
    house.stop()


@pytest.fixture
def require(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Copies a saved model with other requirements."""

    def copy(folder: Path, requirements: str) -> Path:
        import shutil

        changed = Path(shutil.copytree(folder, tmp_path / "changed"))
        (changed / "requirements.txt").write_text(requirements)
        return changed

    return copy
