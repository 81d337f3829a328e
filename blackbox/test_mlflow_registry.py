"""MLflow's own client, unmodified, and the model registry; then the bytes on the wire."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlflow_client import client, code  # noqa: F401

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward import ModelRegistry  # noqa: E402
from modelward.testing import Server  # noqa: E402
from test_mlflow_wire import call  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
API = "/api/2.0/mlflow"
names = (f"registry model {number}" for number in itertools.count())


@pytest.fixture
def name(client: MlflowClient) -> str:
    made = next(names)
    client.create_registered_model(made)
    return made


SIGNATURE = '[{"type": "double", "name": "a", "required": true}]'
WIDER = '[{"type": "double", "name": "a", "required": true}, {"type": "double", "name": "b", "required": true}]'


def logged(client: MlflowClient, signature: str = SIGNATURE, folder: str = "model", **metrics: float) -> str:
    """A run whose folder holds a model with a signature; nothing ever loads it."""
    run = client.create_run("0").info.run_id
    client.log_param(run, "depth", 3)
    for key, value in metrics.items():
        client.log_metric(run, key, value)
    client.log_text(run, f"flavors:\n  python_function:\n    loader_module: none\nsignature:\n  inputs: '{signature}'\nrun_id: {run}\n", f"{folder}/MLmodel")
    client.log_text(run, f"weights of {run}", f"{folder}/weights.bin")
    return run


def register(client: MlflowClient, name: str, signature: str = SIGNATURE, tags: dict[str, str] | None = None, **metrics: float) -> Any:
    run = logged(client, signature, **metrics)
    return client.create_model_version(name, f"runs:/{run}/model", run, tags=tags)


def raw(server: Server, name: str, version: str) -> dict[str, Any]:
    status, reply = call(server, "GET", f"{API}/model-versions/get?name={name.replace(' ', '%20')}&version={version}")
    assert status == 200
    return reply["model_version"]


def test_a_model_is_made_described_tagged_found_and_renamed(client: MlflowClient) -> None:
    name = next(names)
    made = client.create_registered_model(name, tags={"team": "blue"}, description="first")
    assert (made.name, made.tags, made.description) == (name, {"team": "blue"}, "first")
    assert code(client.create_registered_model, name) == "RESOURCE_ALREADY_EXISTS"
    client.update_registered_model(name, "second")
    client.set_registered_model_tag(name, "a/b c", "x" * 5000)
    client.delete_registered_model_tag(name, "team")
    client.delete_registered_model_tag(name, "team")
    found = client.get_registered_model(name)
    assert (found.description, found.tags) == ("second", {"a/b c": "x" * 5000})
    assert found.last_updated_timestamp >= found.creation_timestamp
    other = next(names)
    client.rename_registered_model(name, other)
    assert client.get_registered_model(other).description == "second"
    assert code(client.get_registered_model, name) == "RESOURCE_DOES_NOT_EXIST"
    client.create_registered_model(name)
    assert code(client.rename_registered_model, name, other) == "RESOURCE_ALREADY_EXISTS"


def test_a_version_has_all_that_is_known_of_it(client: MlflowClient, server: Server, name: str) -> None:
    run = logged(client, accuracy=0.9)
    made = client.create_model_version(name, f"runs:/{run}/model", run, tags={"t": "1"}, description="d", run_link="http://x/y")
    assert (made.name, made.version, made.status, made.current_stage) == (name, "1", "READY", "None")
    assert (made.source, made.run_id, made.run_link, made.description, made.tags) == (f"runs:/{run}/model", run, "http://x/y", "d", {"t": "1"})
    client.set_registered_model_alias(name, "Champion", "1")
    wire = raw(server, name, "1")
    assert wire["aliases"] == ["Champion"] and wire["semver"] == "1.0.0" and wire["digest"].startswith("sha256:")
    assert wire["model_params"] == [{"name": "depth", "value": "3"}] and wire["model_metrics"][0]["value"] == 0.9
    assert wire["user_id"] and wire["external"] is False
    assert client.get_model_version_download_uri(name, "1") == f"runs:/{run}/model"
    assert client.search_model_versions(f"name = '{name}'")[0].aliases == ["Champion"]
    mlmodel = Path(mlflow.artifacts.download_artifacts(f"models:/{name}/1")) / "MLmodel"
    assert run in mlmodel.read_text()


def test_what_a_registration_answers_is_what_is_found_later(client: MlflowClient, server: Server, name: str) -> None:
    run = logged(client, accuracy=0.5, loss=float("nan"))
    tags = [{"key": "z", "value": "1"}, {"key": "a", "value": "2"}, {"key": "z", "value": "last"}]
    body = {"name": name, "source": f"runs:/{run}/model", "run_id": run, "description": "the first", "tags": tags, "run_link": "https://example.com/r"}
    for source in (body, {"name": name, "source": "s3://bucket/model"}):
        status, reply = call(server, "POST", f"{API}/model-versions/create", source)
        assert status == 200
        assert reply["model_version"] == raw(server, name, reply["model_version"]["version"])


def test_the_number_follows_from_the_signature_and_tags_raise_it(client: MlflowClient, server: Server, name: str) -> None:
    numbers = []
    for signature, tags in [
        (SIGNATURE, {}),
        (SIGNATURE, {}),
        (SIGNATURE, {"modelward.bump": "patch"}),
        (WIDER, {}),
        (WIDER, {"modelward.bump": "major"}),
        (WIDER, {"modelward.version": "7.1.0"}),
    ]:
        version = register(client, name, signature, tags)
        numbers.append((version.version, raw(server, name, version.version)["semver"]))
    assert numbers == [("1", "1.0.0"), ("2", "1.1.0"), ("3", "1.1.1"), ("4", "2.0.0"), ("5", "3.0.0"), ("6", "7.1.0")]
    assert code(register, client, name, SIGNATURE, {"modelward.bump": "minor"}) == "INVALID_PARAMETER_VALUE"
    assert code(register, client, name, WIDER, {"modelward.version": "7.1.0"}) == "RESOURCE_ALREADY_EXISTS"
    assert code(register, client, name, WIDER, {"modelward.bump": "huge"}) == "INVALID_PARAMETER_VALUE"
    assert code(register, client, name, WIDER, {"modelward.version": "seven"}) == "INVALID_PARAMETER_VALUE"
    assert code(client.set_model_version_tag, name, "1", "modelward.bump", "major") == "INVALID_PARAMETER_VALUE"
    assert register(client, name, WIDER).version == "7", "refused versions leave no gap"


def test_every_way_of_naming_a_version(client: MlflowClient, name: str) -> None:
    for _ in range(3):
        register(client, name)
    register(client, name, WIDER)
    client.set_registered_model_alias(name, "champion", "2")
    client.transition_model_version_stage(name, "3", "Production")

    def loaded(form: str) -> str:
        source = (Path(mlflow.artifacts.download_artifacts(f"models:/{name}{form}")) / "weights.bin").read_text()
        return next(v.version for v in client.search_model_versions(f"name = '{name}'") if v.run_id in source)

    ways = {
        "/1": "1", "/latest": "4", "/Production": "3", "@champion": "2",
        "/1.0.0": "1", "/1.2.0": "3", "/^1": "3", "/~1.1.0": "2", "/1.x": "3", "/>=1.1,<1.2": "2", "/2.0.0": "4",
        "@1.1.0": "2", "@^1": "3", "@~1.0.0": "1",
    }
    assert {form: loaded(form) for form in ways} == ways
    for form in ("/9.9.9", "/^9", "/99", "@^9"):
        with pytest.raises(MlflowException):
            mlflow.artifacts.download_artifacts(f"models:/{name}{form}")
    assert code(client.get_latest_versions, name, ["nowhere"]) == "INVALID_PARAMETER_VALUE"
    assert code(client.get_model_version_by_alias, name, "nobody") == "INVALID_PARAMETER_VALUE"
    assert code(client.get_model_version_by_alias, name, "^9") == "RESOURCE_DOES_NOT_EXIST"


def test_stages_aliases_and_tags_of_versions(client: MlflowClient, name: str) -> None:
    for _ in range(3):
        register(client, name)
    assert client.transition_model_version_stage(name, "1", "staging").current_stage == "Staging"
    client.transition_model_version_stage(name, "2", "Production")
    client.transition_model_version_stage(name, "3", "Production", archive_existing_versions=True)
    assert [(v.version, v.current_stage) for v in client.get_registered_model(name).latest_versions] == [("1", "Staging"), ("3", "Production"), ("2", "Archived")]
    assert [v.version for v in client.get_latest_versions(name, ["Production", "Staging"])] == ["3", "1"]
    assert code(client.transition_model_version_stage, name, "1", "Nowhere") == "INVALID_PARAMETER_VALUE"
    assert code(client.transition_model_version_stage, name, "1", "None", True) == "INVALID_PARAMETER_VALUE"
    client.set_registered_model_alias(name, "a", "1")
    client.set_registered_model_alias(name, "a", "2")
    client.set_registered_model_alias(name, "_b-c", "2")
    assert client.get_registered_model(name).aliases == {"a": "2", "_b-c": "2"}
    client.delete_registered_model_alias(name, "_b-c")
    client.delete_registered_model_alias(name, "_b-c")
    assert client.get_model_version_by_alias(name, "a").version == "2"
    for reserved in ("latest", "v1", "V22", "a b", "x" * 256):
        assert code(client.set_registered_model_alias, name, reserved, "1") == "INVALID_PARAMETER_VALUE"
    assert code(client.set_registered_model_alias, name, "a", "99") == "RESOURCE_DOES_NOT_EXIST"
    client.set_model_version_tag(name, "1", "k", "v")
    client.delete_model_version_tag(name, "1", "k")
    client.update_model_version(name, "1", "described")
    assert (client.get_model_version(name, "1").tags, client.get_model_version(name, "1").description) == ({}, "described")


def test_search_goes_beyond_mlflows_own(client: MlflowClient, name: str) -> None:
    for accuracy in (0.7, 0.8, 0.9):
        register(client, name, accuracy=accuracy)
    register(client, name, WIDER, accuracy=0.95)
    client.set_registered_model_alias(name, "champion", "3")
    client.set_model_version_tag(name, "2", "quality", "good")
    client.transition_model_version_stage(name, "1", "Archived")

    def found(clause: str, order: list[str] | None = None) -> list[str]:
        return [v.version for v in client.search_model_versions(f"name = '{name}' AND {clause}", order_by=order)]

    by_number = ["version_number ASC"]
    assert found("alias = 'champion'") == ["3"] and found("alias != 'champion'", by_number) == ["1", "2", "4"]
    assert found("current_stage = 'Archived'") == ["1"]
    assert found("metrics.accuracy >= 0.9", by_number) == ["3", "4"]
    assert found("params.depth = '3'", ["metrics.accuracy DESC"]) == ["4", "3", "2", "1"]
    assert found("semver = '^1'", ["semver DESC"]) == ["3", "2", "1"] and found("semver >= '1.2.0'", by_number) == ["3", "4"]
    assert found("tags.quality = 'good'") == ["2"] and found("version_number > 2", by_number) == ["3", "4"]
    assert found("creation_timestamp > 1700000000000", by_number) == ["1", "2", "3", "4"] and found("status = 'READY'", by_number) == ["1", "2", "3", "4"]
    run = client.get_model_version(name, "2").run_id
    assert [v.version for v in client.search_model_versions(f"run_id = '{run}'")] == ["2"]
    assert found("source_path LIKE 'runs:%'", by_number) == ["1", "2", "3", "4"]
    assert code(client.search_model_versions, "nothing = 'x'") == "INVALID_PARAMETER_VALUE"
    assert code(client.search_model_versions, "semver = 'high'") == "INVALID_PARAMETER_VALUE"
    assert [m.name for m in client.search_registered_models(f"name = '{name}'")] == [name]
    assert name in [m.name for m in client.search_registered_models("name LIKE 'registry model%'", max_results=1000)]


def test_pages_join_to_the_whole_and_belong_to_their_query(client: MlflowClient, name: str) -> None:
    for _ in range(5):
        client.create_model_version(name, "s3://bucket/x")
    seen: list[str] = []
    token = None
    while True:
        page = client.search_model_versions(f"name = '{name}'", max_results=2, order_by=["version_number ASC"], page_token=token)
        seen += [v.version for v in page]
        token = page.token
        if not token:
            break
    assert seen == ["1", "2", "3", "4", "5"]
    page = client.search_model_versions(f"name = '{name}'", max_results=2)
    assert code(client.search_model_versions, f"name = '{name}' AND version_number > 0", max_results=2, page_token=page.token) == "INVALID_PARAMETER_VALUE"


def test_what_is_registered_is_sealed(client: MlflowClient, server: Server, name: str) -> None:
    run = logged(client)
    client.log_text(run, "free", "other.txt")
    client.create_model_version(name, f"runs:/{run}/model", run)
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/weights.bin"
    import requests

    for change in (requests.put(server.url + path, data=b"x"), requests.delete(server.url + path), requests.delete(server.url + path.rsplit("/", 1)[0])):
        assert change.status_code == 409 and change.json()["error_code"] == "RESOURCE_CONFLICT" and "ordinal 1" in change.json()["message"]
    client.log_text(run, "still free", "other.txt")
    client.delete_registered_model(name)
    assert requests.put(server.url + path, data=b"x").status_code == 409, "deleting keeps the lineage"


def test_references_are_ready_and_never_serve(client: MlflowClient, server: Server, name: str, registry: ModelRegistry) -> None:
    run = client.create_run("0").info.run_id
    for source, of in [("s3://bucket/model", None), (f"runs:/{run}/nothing", run), ("runs:/0123456789abcdef/x", "0123456789abcdef")]:
        made = client.create_model_version(name, source, of)
        assert made.status == "READY" and made.source == source
        wire = raw(server, name, made.version)
        assert wire["external"] is True
        assert client.get_model_version_download_uri(name, made.version) == source
    assert [raw(server, name, str(n))["semver"] for n in (1, 2, 3)] == ["1.0.0", "1.1.0", "1.2.0"]
    from modelward import Refused

    with pytest.raises(Refused, match="not kept here"):
        registry.create_endpoint("references", name, "1.0.0")


def test_a_source_belongs_to_who_is_named(client: MlflowClient, server: Server, name: str) -> None:
    mine, other = logged(client), logged(client)
    experiment = client.get_run(mine).info.artifact_uri
    model = client.create_logged_model("0", "m", source_run_id=mine)
    for source, run, model_id in [
        (f"runs:/{mine}/model", other, None),
        (f"runs:/{mine}/model", None, None),
        (f"{experiment}/model", other, None),
        (f"{experiment}/model", None, None),
        (f"models:/{model.model_id}", None, None),
        (f"models:/{model.model_id}", None, "m-" + "0" * 32),
        (f"models:/{model.model_id}", other, model.model_id),
        ("models:/m-" + "0" * 32, None, "m-" + "0" * 32),
        ("models:/nobody knows/1", None, None),
        ("models:/nope/1", None, None),
    ]:
        body = {"name": name, "source": source, "run_id": run, "model_id": model_id}
        status, reply = call(server, "POST", f"{API}/model-versions/create", {k: v for k, v in body.items() if v})
        assert (status, reply["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), body
    client.create_model_version(name, f"{experiment}/model", mine)
    copy = client.copy_model_version(f"models:/{name}/1", name + " copy")
    assert (copy.source, copy.run_id, copy.version) == (f"models:/{name}/1", mine, "1")
    assert (Path(mlflow.artifacts.download_artifacts(f"models:/{name} copy/1")) / "weights.bin").read_text() == f"weights of {mine}"
    assert not client.search_model_versions(f"name = '{name}' AND version_number > 1"), "what was refused left nothing"


ODD_SOURCES = [
    "/path", "../path", "./../path", "path/../to/file", "C:path", "C:\\path", "..\\..\\path", "file:///etc", "file:/etc/passwd", "FILE://x",
    "file://a#/..//tmp", "http://evil/x", "https://169.254.169.254/latest", "ftp://h/x", "hdfs://h/x", "abfss://c@h/x", "r2://h/x",
    "mlflow-artifacts://host:9000/models", "mlflow-artifacts://host:9000/models/../../../", "mlflow-artifacts:/../../etc",
    "mlflow-artifacts:/%2e%2e/%2e%2e/etc", "mlflow-artifacts:/%252e%252e/x", "mlflow-artifacts:/x;y/../../../", "mlflow-artifacts:/models/..%2f..%2fartifacts",
    "s3a://b/x/../../../", "s3://b/%2e%2e/x", "s3://b/a%252fb/..%252f", "dbfs:/R/artifacts/a%3f/../../../../", "dbfs:/R/a?x/../..", "s3://b/x#frag/../..", "s3://b/x;y",
    "runs:/", "runs:/../x", "runs:/abc/../../x", "runs:/abc/%2e%2e/x", "models:/", "models:/a/b/c", "models:/../1", "models:/%2e%2e/1", "gs:\\\\b\\..\\x",
    "s3://b/" + "x" * 600, "a\u0000b", "s3://b/\u0000", "",
]


@pytest.mark.parametrize("source", ODD_SOURCES)
def test_odd_sources_are_the_callers_mistake(server: Server, client: MlflowClient, source: str) -> None:
    call(server, "POST", f"{API}/registered-models/create", {"name": "odd sources"})
    run = source.split("/")[1] if source.startswith("runs:/abc") else None
    body = {"name": "odd sources", "source": source, **({"run_id": run} if run else {})}
    status, reply = call(server, "POST", f"{API}/model-versions/create", body)
    assert (status, reply["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), source
    assert "/tmp" not in reply["message"] or source.startswith("file://a#")
    assert not client.search_model_versions("name = 'odd sources'")


@pytest.mark.parametrize("odd", ["", " ", "a/b", "a:b", "..", "%2e%2e", "a%2Fb", "a\u0000b", "x" * 300, "a#b", "a?b", "a;b", 7, None, ["a"], {"a": 1}])
def test_odd_names_are_the_callers_mistake(server: Server, odd: Any) -> None:
    for path in ("registered-models/create", "registered-models/rename", "model-versions/create"):
        status, reply = call(server, "POST", f"{API}/{path}", {"name": odd, "new_name": "fine", "source": "s3://b/x"})
        assert status == 400 and reply["error_code"] == "INVALID_PARAMETER_VALUE", (path, odd)


def test_odd_versions_are_the_callers_mistake(server: Server, name: str) -> None:
    quoted = name.replace(" ", "%20")
    for version, expected in [("0", 404), ("7", 404), ("-1", 400), ("x", 400), ("1.5", 400), ("99999999999999999999", 400), ("", 400)]:
        status, reply = call(server, "GET", f"{API}/model-versions/get?name={quoted}&version={version}")
        assert status == expected, (version, reply)
    for path in ("update", "delete", "set-tag", "delete-tag", "transition-stage"):
        method = {"update": "PATCH", "delete": "DELETE", "delete-tag": "DELETE"}.get(path, "POST")
        status, reply = call(server, method, f"{API}/model-versions/{path}", {"name": name, "version": "9" * 20, "key": "k", "value": "v", "stage": "None", "archive_existing_versions": False})
        assert (status, reply["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), path
    status, reply = call(server, "POST", f"{API}/model-versions/transition-stage", {"name": name, "version": "1", "stage": "Staging"})
    assert status == 400 and "archive_existing_versions" in reply["message"]


def test_a_deleted_version_is_gone_and_its_number_with_it(client: MlflowClient, registry: ModelRegistry, name: str) -> None:
    for _ in range(2):
        register(client, name)
    client.set_registered_model_alias(name, "champion", "2")
    client.delete_model_version(name, "2")
    assert code(client.get_model_version, name, "2") == "RESOURCE_DOES_NOT_EXIST"
    assert code(client.delete_model_version, name, "2") == "RESOURCE_DOES_NOT_EXIST"
    assert client.get_registered_model(name).aliases == {} and registry.list_versions(name) == ["1.0.0"]
    assert [v.version for v in client.search_model_versions(f"name = '{name}'")] == ["1"]
    assert register(client, name).version == "3" and registry.list_versions(name) == ["1.0.0", "1.2.0"]


def test_a_recreated_name_is_a_new_model(client: MlflowClient, registry: ModelRegistry) -> None:
    name = next(names)
    client.create_registered_model(name, tags={"old": "1"})
    register(client, name)
    client.set_registered_model_alias(name, "champion", "1")
    client.delete_registered_model(name)
    assert code(client.get_registered_model, name) == "RESOURCE_DOES_NOT_EXIST"
    assert not client.search_model_versions(f"name = '{name}'")
    client.create_registered_model(name)
    assert client.get_registered_model(name).tags == {} and client.get_registered_model(name).aliases == {}
    assert register(client, name, WIDER).version == "1" and registry.list_versions(name) == ["1.0.0"]


def test_one_registry_behind_both_doors(client: MlflowClient, server: Server, registry: ModelRegistry) -> None:
    name = next(names)
    client.create_registered_model(name)
    version = register(client, name, accuracy=0.5)
    assert registry.list_versions(name) == ["1.0.0"]
    status, shown = call(server, "GET", f"/api/v1/models/default/{name.replace(' ', '%20')}/versions/1.0.0")
    assert status == 200 and shown["digest"] == raw(server, name, "1")["digest"]
    assert shown["card"]["performance"] == {"accuracy": 0.5} and shown["card"]["hyperparameters"] == {"depth": "3"}
    assert shown["card"]["source"]["run"] == version.run_id


def test_sixteen_threads_register_without_a_gap(client: MlflowClient, name: str) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                client.create_model_version(name, "s3://bucket/x")
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(int(v.version) for v in client.search_model_versions(f"name = '{name}'")) == list(range(1, 161))


def test_what_was_answered_to_a_registration_survives_a_kill(start: Callable[..., Server]) -> None:
    server = start()
    mine = MlflowClient(server.url)
    mine.create_registered_model("killed")
    runs = [logged(mine) for _ in range(3)]
    answered: list[str] = []
    refused: list[Exception] = []
    killed = threading.Event()

    def work() -> None:
        try:
            for number in itertools.count():
                run = runs[number % 3]
                answered.append(mine.create_model_version("killed", f"runs:/{run}/model", run).version)
        except Exception as failure:  # noqa: BLE001
            if not killed.is_set():
                refused.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while len(answered) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    killed.set()
    server.kill()
    for thread in threads:
        thread.join()
    again = MlflowClient(start().url)
    there = sorted(int(v.version) for v in again.search_model_versions("name = 'killed'"))
    assert there == list(range(1, len(there) + 1)) and {int(v) for v in answered} <= set(there)
    assert len(answered) >= 20 and not refused, refused
    assert register(again, "killed").version == str(len(there) + 1)


def test_getting_a_model_costs_the_same_with_many_versions(client: MlflowClient, server: Server, name: str) -> None:
    status, reply = call(server, "GET", f"{API}/registered-models/get?name={name.replace(' ', '%20')}")
    assert status == 200 and "latest_versions" not in reply["registered_model"]
    for _ in range(30):
        client.create_model_version(name, "s3://bucket/x")
    status, reply = call(server, "GET", f"{API}/registered-models/get?name={name.replace(' ', '%20')}")
    assert [v["version"] for v in reply["registered_model"]["latest_versions"]] == ["30"]
    assert len(json.dumps(reply)) < 4000


def test_a_versions_file_is_got_by_its_path_and_nothing_else(server: Server, client: MlflowClient, name: str) -> None:
    run = logged(client)
    client.create_model_version(name, f"runs:/{run}/model", run)
    import requests

    def get(path: str, version: str = "1") -> Any:
        return requests.get(f"{server.url}/model-versions/get-artifact", params={"name": name, "version": version, "path": path})

    found = get("weights.bin")
    assert found.text == f"weights of {run}" and found.headers["X-Content-Type-Options"] == "nosniff" and "attachment" in found.headers["Content-Disposition"]
    for path in ("../1/weights.bin", "/etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "a/../../b", "nothing", "weights.bin/x", "a\\b"):
        answer = get(path)
        assert answer.status_code in (400, 404) and answer.json()["error_code"] in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"), path
    assert get("weights.bin", "2").status_code == 404


def test_a_foreign_origin_changes_nothing(server: Server) -> None:
    import requests

    for method, path in [("POST", "registered-models/create"), ("PATCH", "registered-models/update"), ("DELETE", "registered-models/delete"), ("POST", "model-versions/create")]:
        answer = requests.request(method, f"{server.url}{API}/{path}", json={"name": "foreign", "source": "s3://b/x"}, headers={"Origin": "http://evil.example"})
        assert answer.status_code == 403 and answer.json()["error_code"] == "PERMISSION_DENIED"
