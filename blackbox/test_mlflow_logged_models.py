"""MLflow's own client, unmodified, and the models that its runs log; then the bytes on the wire."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest

from mlflow_client import client, code  # noqa: F401

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import LoggedModelOutput, LoggedModelParameter, Metric  # noqa: E402
from modelward.testing import Server  # noqa: E402
from test_mlflow_wire import call  # noqa: E402

API = "/api/2.0/mlflow"
names = (f"logged models {number}" for number in itertools.count())


@pytest.fixture
def experiment(client: MlflowClient) -> str:
    return client.create_experiment(next(names))


def test_a_model_is_begun_described_finished_and_deleted(client: MlflowClient, experiment: str, tmp_path: Path) -> None:
    run = client.create_run(experiment).info.run_id
    made = client.create_logged_model(experiment, "iris", source_run_id=run, params={"depth": "3"}, tags={"team": "blue"}, model_type="tree")
    assert made.model_id.startswith("m-") and len(made.model_id) == 34 and made.status == "PENDING"
    assert made.artifact_location == f"mlflow-artifacts:/{experiment}/models/{made.model_id}/artifacts"
    (tmp_path / "MLmodel").write_text("flavors: {}\n")
    client.log_model_artifacts(made.model_id, str(tmp_path))
    client.log_model_params(made.model_id, {"more": "4"})
    client.set_logged_model_tags(made.model_id, {"a/b": "1", "note": "x"})
    client.delete_logged_model_tag(made.model_id, "a/b")
    ready = client.finalize_logged_model(made.model_id, "READY")
    assert (ready.status, ready.model_type, ready.source_run_id) == ("READY", "tree", run)
    found = client.get_logged_model(made.model_id)
    assert found.params == {"depth": "3", "more": "4"} and found.tags["team"] == "blue" and "a/b" not in found.tags
    assert [item.path for item in client.list_logged_model_artifacts(made.model_id)] == ["MLmodel"]
    assert (Path(mlflow.artifacts.download_artifacts(f"models:/{made.model_id}")) / "MLmodel").read_text() == "flavors: {}\n"
    client.delete_logged_model(made.model_id)
    assert code(client.get_logged_model, made.model_id) == "RESOURCE_DOES_NOT_EXIST"
    assert code(client.finalize_logged_model, made.model_id, "READY") == "RESOURCE_DOES_NOT_EXIST"


def test_a_run_logs_a_model_and_loads_it_again(client: MlflowClient, experiment: str) -> None:
    pytest.importorskip("pandas")

    class Double(mlflow.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any) -> Any:
            return model_input

    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run() as run:
        mlflow.log_metric("acc", 0.9)
        info = mlflow.pyfunc.log_model(name="double", python_model=Double())
    assert client.get_run(run.info.run_id).outputs.model_outputs[0].model_id == info.model_id
    assert client.get_logged_model(info.model_id).metrics[0].value == 0.9
    assert mlflow.pyfunc.load_model(info.model_uri).predict([1]) == [1]


def test_metrics_are_kept_on_the_model_and_the_run(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    model = client.create_logged_model(experiment, "measured", source_run_id=run).model_id
    client.log_outputs(run, [LoggedModelOutput(model, 1)])
    client.log_outputs(run, [LoggedModelOutput(model, 1)])
    client.log_metric(run, "acc", 0.5, step=1, model_id=model)
    client.log_metric(run, "acc", 0.7, step=2, model_id=model, dataset_name="wine", dataset_digest="d1")
    client.log_batch(run, metrics=[Metric("loss", math.nan, 9, 0, model_id=model), Metric("acc", 0.6, 5, 3, model_id=model)])
    kept = {(metric.key, metric.dataset_name): (metric.value, metric.step, metric.run_id) for metric in client.get_logged_model(model).metrics}
    assert kept[("acc", None)] == (0.6, 3, run) and kept[("acc", "wine")] == (0.7, 2, run) and math.isnan(kept[("loss", None)][0])
    assert client.get_run(run).data.metrics["acc"] == 0.6
    assert [(made.model_id, made.step) for made in client.get_run(run).outputs.model_outputs] == [(model, 1)]
    assert code(client.log_metric, run, "acc", 1.0, model_id="m-" + "0" * 32) == "RESOURCE_DOES_NOT_EXIST"


def test_models_are_searched_ordered_and_paged(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    made = []
    for number in range(7):
        model = client.create_logged_model(experiment, f"m{number}", params={"n": str(number)}, tags={"even": str(number % 2 == 0)})
        made.append(model.model_id)
        if number:
            client.log_metric(run, "acc", number % 3, model_id=model.model_id, dataset_name="wine", dataset_digest=f"d{number % 2}")
    client.finalize_logged_model(made[2], "READY")

    def found(filter_string: str | None = None, **more: Any) -> list[str]:
        names, token = [], None
        while True:
            page = client.search_logged_models([experiment], filter_string, max_results=2, page_token=token, **more)
            names += [model.name for model in page]
            token = page.token
            if not token:
                return names

    assert found() == ["m6", "m5", "m4", "m3", "m2", "m1", "m0"]
    assert found(order_by=[{"field_name": "name", "ascending": True}]) == [f"m{number}" for number in range(7)]
    by_metric = found(order_by=[{"field_name": "metrics.acc", "ascending": False}])
    assert by_metric == ["m5", "m2", "m4", "m1", "m6", "m3", "m0"]
    first = {"field_name": "metrics.acc", "ascending": True, "dataset_name": "wine", "dataset_digest": "d1"}
    assert found(order_by=[first]) == ["m3", "m1", "m5", "m6", "m4", "m2", "m0"]
    assert found("metrics.acc >= 2") == ["m5", "m2"]
    assert found("metrics.acc >= 2", datasets=[{"dataset_name": "wine", "dataset_digest": "d1"}]) == ["m5"]
    assert found(datasets=[{"dataset_name": "beer"}]) == []
    assert found("params.n = '3' AND tags.even = 'False'") == ["m3"]
    assert found("status = 'READY' AND name LIKE 'm%'") == ["m2"]
    assert found(f"source_run_id = '{run}'") == []
    token = client.search_logged_models([experiment], max_results=2).token
    assert code(client.search_logged_models, [experiment], "name = 'x'", page_token=token) == "INVALID_PARAMETER_VALUE"
    for wrong in ["nope = 'x'", "metrics.acc = 'x'", "name = 'a' OR name = 'b'"]:
        assert code(client.search_logged_models, [experiment], wrong) == "INVALID_PARAMETER_VALUE"


def test_models_go_and_come_back_with_their_experiment(client: MlflowClient, experiment: str) -> None:
    model = client.create_logged_model(experiment, "m").model_id
    client.delete_experiment(experiment)
    assert code(client.get_logged_model, model) == "RESOURCE_DOES_NOT_EXIST"
    assert code(client.create_logged_model, experiment, "m") == "INVALID_PARAMETER_VALUE"
    client.restore_experiment(experiment)
    assert client.get_logged_model(model).name == "m"


# On the wire


def test_names_registrations_and_both_addresses(server: Server, experiment: str) -> None:
    for name in ["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b", "x" * 501, 7]:
        status, answer = call(server, "POST", API + "/logged-models", {"experiment_id": experiment, "name": name})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), name
    status, answer = call(server, "POST", "/ajax-api/2.0/mlflow/logged-models", {"experiment_id": experiment})
    info = answer["model"]["info"]
    assert status == 200 and info["name"].count("-") == 2 and info["status"] == "LOGGED_MODEL_PENDING" and "model_type" not in info
    address = f"{API}/logged-models/{info['model_id']}"
    versions = [{"name": "iris", "version": 1}, {"name": "iris", "version": "1"}, {"name": "iris", "version": 2}, {"odd": 1}]
    for text in [json.dumps(versions), "no json", "[1]", "{}"]:
        status, answer = call(server, "PATCH", address + "/tags", {"tags": [{"key": "mlflow.modelVersions", "value": text}]})
        assert status == 200
        if text.startswith("[{"):
            assert answer["model"]["info"]["registrations"] == [{"name": "iris", "version": "1"}, {"name": "iris", "version": "2"}]
        else:
            assert "registrations" not in answer["model"]["info"]
    assert call(server, "GET", f"{address}/artifacts/directories?artifact_directory_path=x")[1] == {"root_uri": info["artifact_uri"]}
    assert call(server, "DELETE", address, headers={})[0] == 200
    assert call(server, "GET", address)[0] == 404


WRONG: list[tuple[str, str, Any]] = [
    ("POST", "", {}), ("POST", "", {"experiment_id": "x"}), ("POST", "", {"experiment_id": 0}), ("POST", "", []), ("POST", "", b"{"),
    ("POST", "", {"experiment_id": "0", "params": {}}), ("POST", "", {"experiment_id": "0", "params": [{"key": "../x", "value": "1"}]}),
    ("POST", "", {"experiment_id": "0", "params": [{"key": "a", "value": "1"}] * 1001}), ("POST", "", {"experiment_id": "0", "source_run_id": "../x"}),
    ("PATCH", "/ID", {}), ("PATCH", "/ID", {"status": "DONE"}), ("PATCH", "/ID", {"status": "LOGGED_MODEL_PENDING"}), ("PATCH", "/ID", {"status": 0}),
    ("PATCH", "/ID/tags", {"tags": "x"}), ("PATCH", "/ID/tags", {"tags": [{"key": "a"}]}), ("POST", "/ID/params", {"params": [7]}),
    ("POST", "/search", {"experiment_ids": "0"}), ("POST", "/search", {"order_by": ["name"]}), ("POST", "/search", {"order_by": [{"field_name": "nope"}]}),
    ("POST", "/search", {"order_by": [{"field_name": "name", "ascending": "x"}]}), ("POST", "/search", {"order_by": [{"field_name": "name DESC"}]}),
    ("POST", "/search", {"order_by": [{"field_name": "name"}] * 11}), ("POST", "/search", {"datasets": [{}]}), ("POST", "/search", {"max_results": 0}),
    ("POST", "/search", {"page_token": "x"}), ("POST", "/search", {"filter": "dataset.name = 'x'"}), ("GET", "/m-%00", None), ("GET", "/..%2f", None),
    ("GET", "/ID/artifacts/directories?artifact_directory_path=../..", None), ("PATCH", "/m-\u00e9/tags", {}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_bad_input_is_the_callers_mistake(server: Server, client: MlflowClient, experiment: str, method: str, path: str, body: Any) -> None:
    model = client.create_logged_model(experiment, "m").model_id
    target = (API + "/logged-models" + path).replace("ID", model)
    status, answer = call(server, method, target.encode("ascii", "ignore").decode(), body)
    assert status in (400, 404), answer
    assert "Exception" not in json.dumps(answer)


def test_pages_of_other_sites_change_nothing(server: Server, client: MlflowClient, experiment: str) -> None:
    model = client.create_logged_model(experiment, "m").model_id
    headers = {"Content-Type": "application/json", "Origin": "https://evil.example"}
    for method, path in [("POST", ""), ("PATCH", f"/{model}"), ("DELETE", f"/{model}"), ("PATCH", f"/{model}/tags"), ("DELETE", f"/{model}/tags/a")]:
        status, answer = call(server, method, f"{API}/logged-models{path}", {"experiment_id": experiment}, headers)
        assert (status, answer["error_code"]) == (403, "PERMISSION_DENIED")


def test_older_clients_note_their_models_in_a_tag_that_is_never_cut(server: Server, client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    models = [{"artifact_path": f"m{number}", "utc_time_created": "2026-01-01", "flavors": {"f": "x" * 2000}, "run_id": run} for number in range(9)]
    for model in [*models, models[-1]]:
        assert call(server, "POST", API + "/runs/log-model", {"run_id": run, "model_json": json.dumps(model)}) == (200, {})
    assert json.loads(client.get_run(run).data.tags["mlflow.log-model.history"]) == models
    for wrong in ["", "{", "[]", "{}", json.dumps({"artifact_path": "a", "flavors": {}}), 7, None]:
        status, answer = call(server, "POST", API + "/runs/log-model", {"run_id": run, "model_json": wrong})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), wrong
