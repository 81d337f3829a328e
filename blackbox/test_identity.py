"""Names come and go; what served is found again by its identity."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from conftest import serve
from modelward import Conflict, ModelRegistry, NotFound
from modelward.testing import Server


def call(server: Server, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(f"{server.url}/api/2.0/mlflow/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def answers(registry: ModelRegistry) -> dict[str, Any]:
    return registry.predict("sums", [[1, 2, 3]])


def refused(server: Server, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(urllib.error.HTTPError) as error:
        call(server, method, path, body)
    return error.value.code, json.load(error.value)


def series(server: Server) -> str:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


def save(registry: ModelRegistry, name: str, version: str, odd: Any) -> None:
    rows = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
    registry.save_model(name, version, odd.Sums(), {"description": version, "input_schema": rows}, code=[odd.__file__])


def agree(server: Server, name: str) -> None:
    """Answer, trace, endpoint, metrics and the list say one name and one digest."""
    registry = ModelRegistry(server.url)
    answer = answers(registry)
    trace = registry.trace(answer["prediction_id"])
    assert answer["model"] == trace["prediction"]["model"] == trace["version"]["model"] == trace["route"]["model"] == name
    with urllib.request.urlopen(f"{server.url}/api/v1/endpoints/sums", timeout=30) as reply:
        endpoint = json.load(reply)
    assert endpoint["model"] == endpoint["arms"][0]["model"] == name and endpoint["digest"] == answer["digest"]
    assert registry.show(name, answer["model_version"])["digest"] == answer["digest"]
    labels = [line for line in series(server).splitlines() if line.startswith("modelward_predictions_total") and 'endpoint="sums"' in line]
    assert labels and all(f'model="{name}"' in line for line in labels)


def test_a_model_goes_on_serving_under_its_new_name_and_cannot_be_deleted_while_it_serves(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "sums", odd.Sums(), odd)
    first = answers(registry)
    call(server, "POST", "registered-models/rename", {"name": "sums", "new_name": "adder"})
    agree(server, "default/adder")
    with pytest.raises(NotFound):
        registry.list_versions("sums")
    save(registry, "sums", "1.0.0", odd)
    agree(server, "default/adder")
    for path, body in (("registered-models/delete", {"name": "adder"}), ("model-versions/delete", {"name": "adder", "version": "1"})):
        status, problem = refused(server, "DELETE", path, body)
        assert status == 409 and problem["error_code"] == "RESOURCE_CONFLICT" and "endpoint sums" in problem["message"]
    server.kill()

    server = start()
    registry = ModelRegistry(server.url)
    agree(server, "default/adder")
    save(registry, "adder", "1.1.0", odd)
    registry.flip("sums", "1.1.0", reason="the model is meant, not the name that it had")
    assert answers(registry)["model_version"] == "1.1.0"
    call(server, "DELETE", "model-versions/delete", {"name": "adder", "version": "1"})
    assert registry.list_versions("adder") == ["1.1.0"]
    with pytest.raises(NotFound, match="deleted"):
        registry.flip("sums", "1.0.0", reason="it is deleted")
    with pytest.raises(Conflict, match="adder@1.0.0 was deleted at .*Flip the endpoint"):
        registry.rollback("sums", reason="what is deleted does not begin to serve")
    agree(server, "default/adder")
    trace = registry.trace(first["prediction_id"], verify=True)
    assert trace["version"]["digest"] == first["digest"] and trace["version"]["model"] == "default/adder"
    assert trace["verification"]["intact"] and trace["version"]["deleted_at"]
    assert "publish" in [entry["action"] for entry in trace["audit"]], "who published it is found under the name that it had then"


def test_a_rollout_whose_candidate_is_deleted_ends_and_says_so(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "sums", odd.Sums(), odd)
    save(registry, "sums", "1.1.0", odd)
    rollout = registry.rollout("sums", "1.1.0", steps=(50, 100), min_dwell="1h", min_samples=5)["id"]
    until = time.monotonic() + 60
    while registry.rollout_status(rollout)["state"] == "LOADING" and time.monotonic() < until:
        time.sleep(0.1)
    assert registry.rollout_status(rollout)["state"] == "RUNNING"
    call(server, "POST", "registered-models/rename", {"name": "sums", "new_name": "adder"})
    assert registry.rollout_status(rollout)["model"] == "default/adder"
    call(server, "DELETE", "model-versions/delete", {"name": "adder", "version": "2"})
    ended = registry.rollout_status(rollout)
    assert ended["state"] == "ROLLED_BACK" and "adder@1.1.0 was deleted at" in ended["reason"] and ended["candidate_deleted_at"]
    assert {answers(registry)["model_version"] for _ in range(20)} == {"1.0.0"}
    server.kill()
    server = start()
    assert ModelRegistry(server.url).rollout_status(rollout)["state"] == "ROLLED_BACK"


@pytest.mark.parametrize("name", ["SUMS", "ѕums", "ｓums", "𝐬ums", "sums.", "su\ufe0fms"])
def test_a_name_that_people_would_take_for_anothers_is_refused_with_the_other(server: Server, sums: str, name: str) -> None:
    status, problem = refused(server, "POST", "registered-models/create", {"name": name})
    assert status == 400 and problem["error_code"] == "RESOURCE_ALREADY_EXISTS" and "There is a model default/sums already" in problem["message"]
    status, problem = refused(server, "POST", "registered-models/create", {"name": "CON"})
    assert status == 400 and "device on Windows" in problem["message"]
