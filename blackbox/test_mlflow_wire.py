"""MLflow's protocol, byte by byte: what clients rely on beside their calls, and bad input. No answer is ever a 5xx."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from modelward.testing import Server

API = "/api/2.0/mlflow"
JSON = {"Content-Type": "application/json"}
counter = itertools.count()


def call(server: Server, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, JSON if headers is None else headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, text = refused.code, refused.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text.decode()


def post(server: Server, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    return call(server, "POST", API + path, body, headers)


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    status, answer = post(server, "/runs/create", {"experiment_id": "0"})
    assert status == 200
    return answer["run"]["info"]["run_id"]


def test_the_server_says_what_it_speaks(server: Server) -> None:
    assert call(server, "GET", "/health") == (200, "OK")
    assert call(server, "GET", "/version") == (200, "3.18.0")
    for prefix in ["/api/3.0", "/ajax-api/3.0"]:
        status, info = call(server, "GET", prefix + "/mlflow/server-info")
        assert status == 200 and info["artifacts_presigned_only"] is False and info["multipart_uploads_enabled"] is False


def test_unknown_addresses_answer_as_clients_expect(server: Server) -> None:
    for path in [API + "/traces", "/api/3.0/mlflow/traces/search", "/ajax-api/2.0/mlflow/nothing", "/ajax-api/9"]:
        status, answer = call(server, "POST", path, {})
        assert (status, answer["error_code"]) == (404, "ENDPOINT_NOT_FOUND"), path
    status, answer = call(server, "GET", API + "/runs/create")
    assert (status, answer["error_code"]) == (405, "BAD_REQUEST")
    status, answer = call(server, "GET", "/nothing")
    assert status == 404 and answer["type"].startswith("urn:modelward:")


def test_numbers_are_numbers_and_strings_are_taken_for_them(server: Server, run: str) -> None:
    sent = {"run_uuid": run, "key": "a", "value": "0.5", "timestamp": "12", "step": "-3", "unknown": [1]}
    assert post(server, "/runs/log-metric", sent) == (200, {})
    status, answer = call(server, "GET", f"{API}/metrics/get-history?run_id={run}&metric_key=a")
    assert answer == {"metrics": [{"key": "a", "value": 0.5, "timestamp": 12, "step": -3}]}
    post(server, "/runs/log-metric", {**sent, "value": "NaN", "timestamp": 13.0})
    status, answer = call(server, "GET", f"{API}/metrics/get-history?run_uuid={run}&metric_key=a&max_results=1")
    assert len(answer["metrics"]) == 1 and answer["next_page_token"]
    token = urllib.parse.quote(answer["next_page_token"])
    status, answer = call(server, "GET", f"{API}/metrics/get-history?run_id={run}&metric_key=a&max_results=1&page_token={token}")
    assert answer == {"metrics": [{"key": "a", "value": "NaN", "timestamp": 13, "step": -3}]}
    status, info = call(server, "GET", f"/ajax-api/2.0/mlflow/runs/get?run_id={run}")
    assert "end_time" not in info["run"]["info"] and isinstance(info["run"]["info"]["start_time"], int)


def test_charts_get_samples_with_the_first_and_last_step(server: Server, run: str) -> None:
    points = [{"key": "curve", "value": step, "timestamp": 1, "step": step} for step in range(1000)]
    assert post(server, "/runs/log-batch", {"run_id": run, "metrics": points}) == (200, {})
    for prefix in ["/api/2.11", "/ajax-api/2.0"]:
        path = f"{prefix}/mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=curve&max_results=10"
        status, answer = call(server, "GET", path)
        steps = [point["step"] for point in answer["metrics"]]
        assert steps[0] == 0 and steps[-1] == 999 and 10 <= len(steps) <= 12 and answer["metrics"][0]["run_id"] == run
    status, answer = call(server, "GET", path + "&start_step=5&end_step=7")
    assert [point["step"] for point in answer["metrics"]] == [5, 6, 7]


def test_whole_histories_of_several_runs(server: Server) -> None:
    experiment = call(server, "POST", "/api/2.0/mlflow/experiments/create", {"name": "whole histories"})[1]["experiment_id"]
    runs = sorted(call(server, "POST", "/api/2.0/mlflow/runs/create", {"experiment_id": experiment})[1]["run"]["info"]["run_id"] for _ in range(2))
    for run in runs:
        for step in range(3):
            call(server, "POST", "/api/2.0/mlflow/runs/log-metric", {"run_id": run, "key": "m", "value": step, "timestamp": 5, "step": step})
    path = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"
    status, answer = call(server, "GET", f"{path}?run_id={runs[1]}&run_id={runs[0]}&metric_key=m")
    assert status == 200 and [(point["run_id"], point["step"]) for point in answer["metrics"]] == [(run, step) for run in runs for step in range(3)]
    assert len(call(server, "GET", f"{path}?run_id={runs[0]}&run_id={runs[1]}&metric_key=m&max_results=4")[1]["metrics"]) == 4
    for query, words in [
        ("metric_key=m", "at least one run_id"),
        ("&".join(f"run_id={number}" for number in range(200)) + "&metric_key=m", "cannot specify more than"),
        (f"run_id={runs[0]}", "must specify a metric_key"),
        (f"run_id={runs[0]}&metric_key=m&max_results=0", "max_results"),
    ]:
        status, answer = call(server, "GET", f"{path}?{query}")
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE") and words in answer["message"], query


def test_twice_encoded_json_is_read(server: Server) -> None:
    name = f"wire {next(counter)}"
    status, answer = post(server, "/experiments/create", json.dumps({"name": name}))
    assert status == 200
    status, found = call(server, "GET", f"{API}/experiments/get?experiment_id={answer['experiment_id']}")
    assert found["experiment"]["name"] == name and "tags" not in found["experiment"]


def test_pages_of_other_sites_change_nothing(server: Server) -> None:
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"]:
        status, answer = post(server, "/experiments/create", {"name": "stolen"}, {**JSON, "Origin": origin})
        assert (status, answer["error_code"]) == (403, "PERMISSION_DENIED")
    status, _ = post(server, "/experiments/create", {"name": f"own {next(counter)}"}, {**JSON, "Origin": server.url})
    assert status == 200


BODIES: list[Any] = [
    b"", b"{", b"[]", b"1", b"null", b'"x"', b'"{"', b"\xff", b"[" * 5000, b'{"a":' * 200, b'{"run_id":"a","run_id":"b"}', b'{"run_id": NaN}',
    {}, [], {"run_id": 1}, {"run_id": None}, {"run_id": []}, {"run_id": {}}, {"run_id": "a\x00b"}, {"run_id": "../.."}, {"run_id": "é"},
    {"run_id": "x" * 300}, {"run_id": "0" * 32}, {"experiment_id": -1}, {"experiment_id": "1e3"}, {"experiment_id": "9" * 30},
    {"experiment_id": "0\n"}, {"experiment_ids": "0"}, {"experiment_ids": [0]}, {"experiment_ids": [None]},
]  # fmt: skip
POSTS = [
    "/experiments/create", "/experiments/update", "/experiments/delete", "/experiments/restore", "/experiments/set-experiment-tag",
    "/experiments/delete-experiment-tag", "/runs/update", "/runs/delete", "/runs/restore", "/runs/log-metric",
    "/runs/log-parameter", "/runs/log-batch", "/runs/set-tag", "/runs/delete-tag", "/runs/log-inputs", "/runs/outputs",
    "/runs/log-model", "/logged-models",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_bad_bodies_are_the_callers_mistake(server: Server, path: str) -> None:
    for body in BODIES:
        status, answer = post(server, path, body)
        assert status in (400, 404), (path, body, status, answer)
        assert answer["error_code"] in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"), (path, body)
        assert answer["message"] and "Exception" not in answer["message"]
    for headers in [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}]:
        assert post(server, path, b"{}", headers)[0] == 400


@pytest.mark.parametrize("path", ["/runs/search", "/experiments/search"])
@pytest.mark.parametrize(
    "body",
    [
        {"max_results": 0}, {"max_results": -1}, {"max_results": 50001}, {"max_results": 10**30}, {"max_results": "x"}, {"max_results": 1.5},
        {"max_results": True}, {"filter": 5}, {"filter": "x" * 30000}, {"filter": "tags.a = '" + "%" * 60000 + "'"}, {"filter": "(" * 1000},
        {"filter": "tags.a LIKE 'x' OR 1=1"}, {"filter": "tags.a = 'x'; DROP TABLE runs"}, {"order_by": "x"}, {"order_by": ["nope DESC"]},
        {"order_by": ["tags.a SIDEWAYS"]}, {"page_token": "abc"}, {"page_token": "W10"}, {"page_token": 5}, {"run_view_type": "SOME", "view_type": "SOME"},
        {"run_view_type": 9, "view_type": 9}, {"run_view_type": [], "view_type": []}, {"filter": "tags.a = 'x\x00'"},
    ],
)  # fmt: skip
def test_bad_searches_are_the_callers_mistake(server: Server, path: str, body: dict[str, Any]) -> None:
    status, answer = post(server, path, {"experiment_ids": ["0"], **body})
    assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer


@pytest.mark.parametrize(
    "change",
    [
        {"value": None}, {"value": "x"}, {"value": "1" * 500}, {"value": []}, {"value": True}, {"timestamp": None}, {"timestamp": -1},
        {"timestamp": 10**30}, {"timestamp": 1.5}, {"timestamp": "1e3"}, {"step": 2**63}, {"step": "x"}, {"key": ""}, {"key": "x" * 251},
        {"key": "a/../b"}, {"key": "/a"}, {"key": "."}, {"key": "a//b"}, {"key": "a*"}, {"key": "a\x00"}, {"key": 7},
    ],
)  # fmt: skip
def test_bad_metrics_are_the_callers_mistake(server: Server, run: str, change: dict[str, Any]) -> None:
    metric = {"key": "m", "value": 1, "timestamp": 1, "step": 0, **change}
    for path, body in [("/runs/log-metric", {"run_id": run, **metric}), ("/runs/log-batch", {"run_id": run, "metrics": [metric]})]:
        status, answer = post(server, path, body)
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), (body, answer)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc", "/etc", "http://host/x", "ftp://host/x", "mlflow-artifacts:/../../etc", "mlflow-artifacts://host/x", "s3://b/../../x",
        "s3://b/%2e%2e/x", "s3://b/%252e%252e/x", "mlflow-artifacts:/x;y/../../../", "s3://b/a#/../x", "s3://b/..\\x", "x" * 600, "C:\\x", "relative",
    ],
)  # fmt: skip
def test_artifact_locations_lead_nowhere_else(server: Server, location: str) -> None:
    status, answer = post(server, "/experiments/create", {"name": f"at {location[:90]}", "artifact_location": location})
    assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_missing_value_and_a_wrong_status_are_refused(server: Server, run: str) -> None:
    for path, body in [
        ("/runs/log-parameter", {"key": "k"}),
        ("/runs/set-tag", {"key": "k"}),
        ("/runs/update", {"status": "DONE"}),
        ("/runs/update", {"status": 9}),
        ("/runs/log-inputs", {"datasets": [{"dataset": {"name": "x"}}]}),
        ("/runs/log-inputs", {"datasets": [{"tags": []}]}),
        ("/runs/log-batch", {"params": [{"key": "a"}]}),
        ("/runs/log-batch", {"metrics": {}}),
    ]:
        status, answer = post(server, path, {"run_id": run, **body})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), (path, body, answer)
    assert post(server, "/runs/log-parameter", {"run_id": run, "key": "empty", "value": ""}) == (200, {})


# What MLflow's own server answers with a 5xx, or lets pass


def test_a_list_is_no_message(server: Server) -> None:
    for path in ["/registered-models/create", "/model-versions/create", "/registered-models/alias", "/registered-models/get-latest-versions", "/runs/search"]:
        for body in [b"[]", b'[{"name": "a"}]', b'"[1]"']:
            status, answer = post(server, path, body)
            assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), (path, body, answer)


def test_a_name_of_300_characters_is_too_long_for_a_file(server: Server, run: str) -> None:
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/" + "x" * 300
    status, answer = call(server, "PUT", path, b"bytes", {})
    assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    status, answer = call(server, "GET", f"{API}/artifacts/list?run_id={run}&path={'x' * 300}")
    assert status == 400 and answer["error_code"] == "INVALID_PARAMETER_VALUE", answer


@pytest.mark.parametrize("path", ["..%5cx", "a%00b", "%2Fetc%2Fpasswd", "%2e%2e%2fx"])
def test_a_path_that_leads_out_is_refused_below_a_run_too(server: Server, run: str, path: str) -> None:
    home = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    for method in ["PUT", "GET", "DELETE"]:
        for folder in [home, "/api/2.0/mlflow-artifacts/artifacts"]:
            # Slashes in a row are one, so this path lies below the run.
            if path.startswith("%2F") and folder == home:
                continue
            status, answer = call(server, method, f"{folder}/{path}", b"x" if method == "PUT" else None, {})
            assert status == 400, (method, folder, answer)
            # NUL is refused while the request is parsed, before it is known to be MLflow's.
            if "%00" not in path:
                assert answer["error_code"] == "INVALID_PARAMETER_VALUE", (method, folder, answer)


def test_the_header_of_a_workspace_is_not_looked_at(server: Server, run: str) -> None:
    for workspace in ["default", "other", "../x", "x" * 5000]:
        status, answer = call(server, "GET", f"{API}/runs/get?run_id={run}", None, {"X-MLFLOW-WORKSPACE": workspace})
        assert status == 200 and answer["run"]["info"]["run_id"] == run
        assert post(server, "/runs/set-tag", {"run_id": run, "key": "w", "value": "1"}, {**JSON, "X-MLFLOW-WORKSPACE": workspace}) == (200, {})


def test_a_second_experiment_of_a_name_is_told_without_sql(server: Server) -> None:
    name = f"wire {next(counter)}"
    assert post(server, "/experiments/create", {"name": name})[0] == 200
    status, answer = post(server, "/experiments/create", {"name": name})
    assert (status, answer["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS") and name in answer["message"]
    assert not any(word in answer["message"].upper() for word in ["INSERT", "SELECT", "SQL", "CONSTRAINT"])


def test_an_output_that_a_run_has_already_is_no_mistake(server: Server, run: str) -> None:
    status, made = post(server, "/logged-models", {"experiment_id": "0", "name": "twice", "source_run_id": run})
    model = made["model"]["info"]["model_id"]
    for step in (1, 1, 2):
        assert post(server, "/runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": step}]}) == (200, {})
    status, answer = call(server, "GET", f"{API}/runs/get?run_id={run}")
    assert [output["step"] for output in answer["run"]["outputs"]["model_outputs"] if output["model_id"] == model] == [1, 2]


def test_odd_aliases_stages_and_versions_are_the_callers_mistake(server: Server) -> None:
    name = f"wire {next(counter)}"
    post(server, "/registered-models/create", {"name": name})
    post(server, "/model-versions/create", {"name": name, "source": "s3://b/x"})
    for version in ["99999999999999999999", "-1", "1e0", "1.0", "0x1", "１", "1 "]:
        for path, method in [("/registered-models/alias", "POST"), ("/model-versions/update", "PATCH"), ("/model-versions/set-tag", "POST")]:
            body = {"name": name, "version": version, "alias": "a", "key": "k", "value": "v", "description": "d"}
            status, answer = call(server, method, API + path, body)
            assert status in (400, 404), (path, version, answer)
    change = {"name": name, "version": "1", "archive_existing_versions": True}
    for stage in ["None", "none"]:
        status, answer = post(server, "/model-versions/transition-stage", {**change, "stage": stage})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), (stage, answer)
    for stage in ["Nowhere", "", 7, None, "Deleted_Internal"]:
        status, answer = post(server, "/model-versions/transition-stage", {**change, "stage": stage})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), (stage, answer)
