"""What every release of MLflow's client does, with whichever is installed here: ``./modelward test`` runs it once for each.

The newest ones keep models as models of their own, those before 3.0 in the folder of the run; all the rest is the same.
"""

from __future__ import annotations

import itertools
import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_HTTP_REQUEST_MAX_RETRIES="1")
os.environ.update(MLFLOW_ENABLE_ASYNC_LOGGING="false", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true", GIT_PYTHON_REFRESH="quiet")

import mlflow  # noqa: E402
import pandas  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Metric, Param, RunTag, ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward.testing import Server  # noqa: E402
from sklearn.datasets import load_iris  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")
MODELS_OF_THEIR_OWN = int(mlflow.__version__.split(".")[0]) >= 3
ROWS, LABELS = load_iris(return_X_y=True, as_frame=True)
names = (f"age {number}" for number in itertools.count())


def code(call: Any, *arguments: object, **named: object) -> str:
    with pytest.raises(MlflowException) as refused:
        call(*arguments, **named)
    return refused.value.error_code


@pytest.fixture
def client(server: Server) -> MlflowClient:
    mlflow.set_tracking_uri(server.url)
    return MlflowClient(server.url)


@pytest.fixture
def experiment(client: MlflowClient) -> str:
    return mlflow.set_experiment(next(names)).experiment_id


@pytest.fixture(scope="module")
def model() -> LogisticRegression:
    return LogisticRegression(max_iter=500).fit(ROWS, LABELS)


@pytest.fixture(scope="module")
def run(server: Server, model: LogisticRegression) -> str:
    """A run that has logged the model as people write it."""
    mlflow.set_tracking_uri(server.url)
    mlflow.set_experiment("age of models")
    with mlflow.start_run() as started:
        mlflow.log_metric("accuracy", 0.9)
        mlflow.sklearn.log_model(model, "iris-model")
    return started.info.run_id


@pytest.fixture(scope="module")
def name(server: Server, run: str) -> str:
    """A registered model with the run's model as its first version."""
    made = f"iris of {mlflow.__version__}"
    version = mlflow.register_model(f"runs:/{run}/iris-model", made)
    assert (version.name, str(version.version), version.run_id, version.status) == (made, "1", run, "READY")
    return made


def answers(uri: str, model: LogisticRegression) -> bool:
    """Whether the model at an address answers what the model answers."""
    return mlflow.pyfunc.load_model(uri).predict(ROWS).tolist() == model.predict(ROWS).tolist()


def test_experiments_are_made_tagged_found_deleted_and_restored(client: MlflowClient) -> None:
    name = next(names)
    made = client.create_experiment(name, tags={"team": "blue"})
    client.set_experiment_tag(made, "note", "x")
    assert client.get_experiment_by_name(name).tags == client.get_experiment(made).tags and client.get_experiment(made).tags["note"] == "x"
    assert code(client.create_experiment, name) == "RESOURCE_ALREADY_EXISTS"
    assert [e.name for e in client.search_experiments(filter_string=f"name = '{name}' AND tags.team = 'blue'")] == [name]
    client.rename_experiment(made, name + " later")
    client.delete_experiment(made)
    assert client.get_experiment(made).lifecycle_stage == "deleted"
    assert made in [e.experiment_id for e in client.search_experiments(view_type=ViewType.DELETED_ONLY)]
    client.restore_experiment(made)
    assert client.get_experiment_by_name(name + " later").lifecycle_stage == "active"
    assert client.get_experiment_by_name(name) is None


def test_runs_are_nested_resumed_deleted_and_restored(client: MlflowClient, experiment: str) -> None:
    with mlflow.start_run(run_name="parent", tags={"kind": "sweep"}) as parent:
        with mlflow.start_run(nested=True) as child:
            mlflow.log_params({"depth": 3, "kind": "tree"})
    assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert client.get_run(child.info.run_id).data.params == {"depth": "3", "kind": "tree"}
    assert client.get_run(parent.info.run_id).info.status == "FINISHED" and client.get_run(parent.info.run_id).info.run_name == "parent"
    with mlflow.start_run(run_id=parent.info.run_id):
        mlflow.set_tag("again", "yes")
        mlflow.delete_tag("kind")
    tags = client.get_run(parent.info.run_id).data.tags
    assert tags["again"] == "yes" and "kind" not in tags
    client.delete_run(child.info.run_id)
    assert [r.info.run_id for r in client.search_runs([experiment])] == [parent.info.run_id]
    assert [r.info.run_id for r in client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)] == [child.info.run_id]
    client.restore_run(child.info.run_id)
    client.set_terminated(child.info.run_id, "KILLED")
    assert client.get_run(child.info.run_id).info.status == "KILLED"
    client.update_run(child.info.run_id, name="renamed")
    assert client.get_run(child.info.run_id).info.run_name == "renamed"
    assert code(client.log_param, child.info.run_id, "depth", 4) == "INVALID_PARAMETER_VALUE"


def test_batches_and_the_history_of_metrics(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    client.log_batch(run, [Metric("loss", 1 / step, 1000 + step, step) for step in range(1, 301)], [Param("a", "b")], [RunTag("t", "u")])
    client.log_metric(run, "loss", float("nan"), step=400)
    history = client.get_metric_history(run, "loss")
    assert [m.step for m in history] == [*range(1, 301), 400] and history[99].value == 0.01
    found = client.get_run(run).data
    assert found.params == {"a": "b"} and found.tags["t"] == "u" and found.metrics["loss"] != found.metrics["loss"]
    for value in (0.2, 0.9, 0.5):
        client.log_metric(client.create_run(experiment).info.run_id, "score", value)
    best = client.search_runs([experiment], "metrics.score > 0.3", order_by=["metrics.score DESC"])
    assert [r.data.metrics["score"] for r in best] == [0.9, 0.5]
    frame = mlflow.search_runs([experiment], filter_string="attributes.status = 'RUNNING'", max_results=2)
    assert isinstance(frame, pandas.DataFrame) and len(frame) == 2


def test_files_texts_and_folders_come_back(client: MlflowClient, server: Server, experiment: str, tmp_path: Path) -> None:
    run = client.create_run(experiment).info
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.bin").write_bytes(bytes(range(256)) * 100)
    (folder / "a.txt").write_text("one")
    client.log_artifact(run.run_id, str(folder / "a.txt"), "single")
    client.log_artifacts(run.run_id, str(folder), "all")
    client.log_text(run.run_id, "text", "notes/n.md")
    client.log_dict(run.run_id, {"k": [1, 2]}, "d.json")
    assert {(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(run.run_id, "all")} == {("all/deep", True, None), ("all/a.txt", False, 3)}
    got = Path(client.download_artifacts(run.run_id, "", str(tmp_path)))
    assert (got / "all/deep/b.bin").read_bytes() == (folder / "deep/b.bin").read_bytes() and (got / "single/a.txt").read_text() == "one"
    assert mlflow.artifacts.load_text(f"runs:/{run.run_id}/notes/n.md") == "text"
    assert mlflow.artifacts.load_dict(run.artifact_uri + "/d.json") == {"k": [1, 2]}
    path = run.artifact_uri.split(":/", 1)[1] + "/all/deep/b.bin"
    part = urllib.request.Request(f"{server.url}/api/2.0/mlflow-artifacts/artifacts/{path}", headers={"Range": "bytes=10-19"})
    with urllib.request.urlopen(part) as answer:
        assert (answer.status, answer.read()) == (206, bytes(range(10, 20)))


def test_datasets_are_inputs_of_runs(client: MlflowClient, experiment: str) -> None:
    data = mlflow.data.from_pandas(ROWS, name="iris", source="https://example.org/iris.csv")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="training")
    (logged,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert (logged.dataset.name, logged.dataset.digest, logged.tags[0].value) == ("iris", data.digest, "training")
    assert [r.info.run_id for r in client.search_runs([experiment], "dataset.name = 'iris'")] == [run.info.run_id]


def test_a_logged_model_is_where_its_client_looks_for_it(client: MlflowClient, run: str, model: LogisticRegression) -> None:
    assert answers(f"runs:/{run}/iris-model", model)
    assert mlflow.sklearn.load_model(f"runs:/{run}/iris-model").classes_.tolist() == [0, 1, 2]
    info = mlflow.models.get_model_info(f"runs:/{run}/iris-model")
    assert info.run_id == run and "sklearn" in info.flavors
    if MODELS_OF_THEIR_OWN:
        (output,) = client.get_run(run).outputs.model_outputs
        kept = client.get_logged_model(output.model_id)
        assert (kept.name, kept.source_run_id, str(kept.status)) == ("iris-model", run, "READY")
        assert client.list_artifacts(run, "iris-model") == [] or "iris-model/MLmodel" in [f.path for f in client.list_artifacts(run, "iris-model")]
        assert answers(f"models:/{output.model_id}", model)
    else:
        assert "iris-model/MLmodel" in [f.path for f in client.list_artifacts(run, "iris-model")]
        (history,) = json.loads(client.get_run(run).data.tags["mlflow.log-model.history"])
        assert (history["artifact_path"], history["run_id"]) == ("iris-model", run)


def test_a_version_is_loaded_by_every_way_of_naming_it(client: MlflowClient, name: str, model: LogisticRegression) -> None:
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "1", "Production")
    for selector in ["/1", "/1.0.0", "/^1", "@champion", "/latest", "/Production", "@^1"]:
        assert answers(f"models:/{name}{selector}", model), selector
    assert client.get_model_version_by_alias(name, "champion").current_stage == "Production"
    assert [str(v.version) for v in client.get_latest_versions(name, ["Production"])] == ["1"]
    assert mlflow.models.get_model_info(f"models:/{name}@champion").flavors["python_function"]["loader_module"] == "mlflow.sklearn"
    with pytest.raises(MlflowException):
        mlflow.pyfunc.load_model(f"models:/{name}/^2")
    client.delete_registered_model_alias(name, "champion")
    assert code(client.get_model_version_by_alias, name, "champion") == "INVALID_PARAMETER_VALUE"
    client.transition_model_version_stage(name, "1", "Archived")
    assert client.get_model_version(name, "1").current_stage == "Archived"


def test_what_people_note_on_models_and_versions_is_found(client: MlflowClient, name: str, run: str) -> None:
    client.update_registered_model(name, "described")
    client.set_registered_model_tag(name, "team", "blue")
    client.set_model_version_tag(name, "1", "quality", "good")
    client.update_model_version(name, "1", "the first")
    assert (client.get_registered_model(name).description, client.get_registered_model(name).tags) == ("described", {"team": "blue"})
    assert (client.get_model_version(name, "1").description, client.get_model_version(name, "1").tags["quality"]) == ("the first", "good")
    # The client adds to this filter that prompts are no models.
    assert [m.name for m in mlflow.search_registered_models(filter_string="tags.team = 'blue'")] == [name]
    assert name in [m.name for m in mlflow.search_registered_models(filter_string="name LIKE 'iris of%'")]
    assert [str(v.version) for v in mlflow.search_model_versions(filter_string=f"name = '{name}' AND tags.quality = 'good'")] == ["1"]
    assert name in [v.name for v in client.search_model_versions(f"run_id = '{run}'")]
    client.delete_model_version_tag(name, "1", "quality")
    client.delete_registered_model_tag(name, "team")
    assert client.get_registered_model(name).tags == {} and "quality" not in client.get_model_version(name, "1").tags


def test_a_version_is_copied_and_what_is_deleted_is_gone(client: MlflowClient, name: str, model: LogisticRegression) -> None:
    copied = client.copy_model_version(f"models:/{name}/1", name + " copy")
    assert (copied.name, str(copied.version)) == (name + " copy", "1") and answers(f"models:/{name} copy/1", model)
    client.rename_registered_model(name + " copy", name + " copied")
    client.delete_model_version(name + " copied", "1")
    assert code(client.get_model_version, name + " copied", "1") == "RESOURCE_DOES_NOT_EXIST"
    client.delete_registered_model(name + " copied")
    assert code(client.get_registered_model, name + " copied") == "RESOURCE_DOES_NOT_EXIST"
    assert client.get_model_version(name, "1").status == "READY"


def test_a_model_is_logged_and_registered_in_one_call(client: MlflowClient, experiment: str, model: LogisticRegression) -> None:
    name = f"at once of {mlflow.__version__}"
    for expected in ("1", "2"):
        with mlflow.start_run():
            # Without named requirements the client takes seconds to find out which there are, as it did above.
            told = {"input_example": ROWS.head(2), "pip_requirements": ["scikit-learn"]}
            mlflow.sklearn.log_model(model, "iris-model", registered_model_name=name, **told)
        assert str(client.get_latest_versions(name)[0].version) == expected
    assert answers(f"models:/{name}/latest", model)
    assert mlflow.models.get_model_info(f"models:/{name}/2").signature.inputs.input_names() == list(ROWS.columns)


def test_autolog_keeps_parameters_metrics_and_the_model(client: MlflowClient, experiment: str) -> None:
    mlflow.sklearn.autolog(log_datasets=True, silent=True)
    try:
        fitted = LogisticRegression(max_iter=321).fit(ROWS, LABELS)
    finally:
        mlflow.sklearn.autolog(disable=True)
    (run,) = client.search_runs([experiment])
    assert run.info.status == "FINISHED" and run.data.params["max_iter"] == "321" and run.data.metrics["training_score"] > 0.9
    assert run.inputs.dataset_inputs and "estimator.html" in [f.path for f in client.list_artifacts(run.info.run_id)]
    assert answers(f"runs:/{run.info.run_id}/model", fitted)
