"""Servers to attack, and what the scenarios have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python" / "src"))
os.environ.setdefault("MODELWARD_LAUNCHER", str(ROOT / "modelward"))
os.environ["MODELWARD_ACTOR"] = "black box"

from modelward import ModelRegistry  # noqa: E402
from modelward.testing import Server  # noqa: E402
from postgresql import Postgres  # noqa: E402

# What runs tests side by side sets a terminal's width, and the programs that tests start would keep to it.
os.environ.pop("COLUMNS", None)
os.environ.pop("LINES", None)

HERE = Path(__file__).parent
IMPATIENT = "runtime.request-timeout = 2s\nruntime.hard-timeout = 4s\npredictions.segment-records = 64\n"


@pytest.fixture(scope="session")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short timeouts and small segments, so that their ends are met often."""
    file = tmp_path_factory.mktemp("configuration") / "modelward.properties"
    file.write_text(IMPATIENT)
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; each scenario has databases of its own."""
    running = Postgres()
    yield running
    running.close()


@pytest.fixture(scope="session")
def configured(configuration: Path, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """The configuration file for a data directory. With MODELWARD_CATALOG=postgresql each directory has its catalog in a database."""
    if os.environ.get("MODELWARD_CATALOG") != "postgresql":
        return lambda data: str(configuration)
    databases: Postgres = request.getfixturevalue("postgres")

    def with_database(data: Path) -> str:
        file = data.with_name(data.name + ".properties")
        file.write_text(configuration.read_text() + databases.beside(data))
        return str(file)

    return with_database


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, configured: Callable[[Path], str]) -> Iterator[Server]:
    """One server for all scenarios that leave it whole."""
    data = tmp_path_factory.mktemp("shared") / "data"
    with Server(data, "--config", configured(data)) as running:
        yield running


@pytest.fixture(scope="session")
def registry(server: Server) -> Iterator[ModelRegistry]:
    """A client of the shared server."""
    client = ModelRegistry(server.url)
    yield client
    client.close()


@pytest.fixture
def start(tmp_path: Path, configured: Callable[[Path], str]) -> Iterator[Callable[..., Server]]:
    """Starts servers of a scenario's own, on the same directory each time, and stops those still running."""
    servers: list[Server] = []

    def starter(data: Path | None = None) -> Server:
        place = data or tmp_path / "data"
        servers.append(Server(place, "--config", configured(place)))
        return servers[-1]

    yield starter
    for running in servers:
        running.stop()


@pytest.fixture(scope="session")
def odd() -> Any:
    """The module of models that misbehave."""
    sys.path.insert(0, str(HERE))
    import odd_models

    return odd_models


@pytest.fixture(scope="session")
def sums(registry: ModelRegistry, odd: Any) -> str:
    """An endpoint of three numbers a row, answering their sum; the shared server's plain model."""
    return serve(registry, "sums", odd.Sums(), odd)


def row_card(**other: Any) -> dict[str, Any]:
    """A card whose rows are three numbers."""
    rows = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
    return {"description": "for the black box", "input_schema": rows, **other}


def serve(registry: ModelRegistry, name: str, model: Any, odd: Any) -> str:
    """Saves a model as 1.0.0 and serves it at an endpoint of the same name."""
    registry.save_model(name, "1.0.0", model, row_card(), code=[odd.__file__], reason="a scenario")
    registry.create_endpoint(name, name, "1.0.0", reason="a scenario")
    return name
