"""MLflow's own client, unmodified, at a server that asks who its callers are: a token is all that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlflow_client import code

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward import ModelRegistry  # noqa: E402
from modelward.testing import Server  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
GRANTS = {
    "publisher": ("publisher", "model:default/iris*"),
    "stranger": ("publisher", "model:default/other*"),
    "releaser": ("releaser", "model:default/iris*"),
    "reader": ("reader", "model:default/iris*"),
}


@dataclass
class Team:
    """A server with access control, and a token for each of its programs."""

    url: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("access")
    settings = folder / "modelward.properties"
    settings.write_text("access.mode = on\n")
    with Server(folder / "data", "--config", str(settings)) as server:
        found = re.search(r"Bootstrap token \(shown once\): (mwt_\S+)", server.log.read_text())
        assert found, server.log_end()
        administrator = ModelRegistry(server.url, token=found.group(1))
        tokens = {}
        for name, (role, scope) in GRANTS.items():
            administrator.grant(f"service:{name}", role, scope, reason="a scenario")
            tokens[name] = administrator.create_token(name, [(role, scope)], owner=f"service:{name}").token
        yield Team(server.url, tokens)


class As:
    """Lets MLflow's client have somebody's token, as an environment has it."""

    def __init__(self, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
        self._team, self._patch = team, monkeypatch
        self.nobody()
        mlflow.set_tracking_uri(team.url)

    def nobody(self) -> MlflowClient:
        for name in ("TOKEN", "USERNAME", "PASSWORD"):
            self._patch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)
        return MlflowClient(self._team.url)

    def token(self, name: str) -> MlflowClient:
        client = self.nobody()
        self._patch.setenv("MLFLOW_TRACKING_TOKEN", self._team.tokens[name])
        return client

    def password(self, name: str) -> MlflowClient:
        client = self.nobody()
        self._patch.setenv("MLFLOW_TRACKING_USERNAME", "anything")
        self._patch.setenv("MLFLOW_TRACKING_PASSWORD", self._team.tokens[name])
        return client


@pytest.fixture
def acting(team: Team, monkeypatch: pytest.MonkeyPatch) -> As:
    return As(team, monkeypatch)


class Double(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[float]) -> list[float]:
        return [2 * value for value in model_input]


def log(registered: str | None = None) -> str:
    """A run with a model; answers the run's id."""
    with mlflow.start_run() as run:
        mlflow.log_param("depth", 3)
        mlflow.log_metric("accuracy", 0.97)
        mlflow.pyfunc.log_model(name="model", python_model=Double(), registered_model_name=registered)
    return run.info.run_id


def test_a_model_goes_from_its_publisher_by_its_releaser_to_its_reader(acting: As) -> None:
    stranger = acting.token("stranger")
    strange = log()
    assert {run.info.run_id for run in stranger.search_runs(["0"])} == {strange}

    publisher = acting.token("publisher")
    own = log("iris-x")
    assert {run.info.run_id for run in publisher.search_runs(["0"])} == {own}
    assert publisher.get_run(own).data.metrics == {"accuracy": 0.97}
    assert code(publisher.get_run, strange) == "RESOURCE_DOES_NOT_EXIST"
    assert code(publisher.log_metric, strange, "accuracy", 0.1) == "RESOURCE_DOES_NOT_EXIST"
    assert publisher.get_model_version("iris-x", "1").status == "READY"
    with pytest.raises(MlflowException, match="releaser") as refused:
        publisher.set_registered_model_alias("iris-x", "champion", "1")
    assert refused.value.error_code == "PERMISSION_DENIED"
    assert code(publisher.delete_registered_model, "iris-x") == "PERMISSION_DENIED"

    releaser = acting.password("releaser")
    releaser.set_registered_model_alias("iris-x", "champion", "1")

    reader = acting.token("reader")
    assert mlflow.pyfunc.load_model("models:/iris-x@champion").predict([1.0, 2.0]) == [2.0, 4.0]
    assert [model.name for model in reader.search_registered_models()] == ["iris-x"]
    assert code(reader.create_registered_model, "iris-y") == "PERMISSION_DENIED"

    acting.password("stranger")
    assert code(stranger.get_registered_model, "iris-x") == "RESOURCE_DOES_NOT_EXIST"
    assert stranger.search_registered_models() == []


def test_without_a_token_the_error_says_what_is_missing(acting: As, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = acting.nobody()
    for call in (nobody.search_experiments, nobody.search_registered_models):
        with pytest.raises(MlflowException, match="known callers only") as refused:
            call()
        assert refused.value.error_code == "UNAUTHENTICATED"
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "mwt_wrong")
    with pytest.raises(MlflowException, match="not valid") as refused:
        nobody.search_experiments()
    assert "mwt_wrong" not in str(refused.value)
