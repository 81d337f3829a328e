"""Names come and go; what served is found again by its identity."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from conftest import serve
from modelward import ModelRegistry, NotFound
from modelward.testing import Server


def call(server: Server, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(f"{server.url}/api/2.0/mlflow/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def answers(registry: ModelRegistry) -> dict[str, Any]:
    return registry.predict("sums", [[1, 2, 3]])


def test_a_model_goes_on_serving_under_another_name_and_after_its_end(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "sums", odd.Sums(), odd)
    first = answers(registry)
    call(server, "POST", "registered-models/rename", {"name": "sums", "new_name": "adder"})
    with pytest.raises(NotFound):
        registry.list_versions("sums")
    assert registry.list_versions("adder") == ["1.0.0"]
    registry.save_model("adder", "1.1.0", odd.Sums(), {"description": "again", "input_schema": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}}, code=[odd.__file__])
    registry.flip("sums", "1.1.0", reason="the model is meant, not the name that it had")
    second = answers(registry)
    assert second["model"] == "default/adder" and second["model_version"] == "1.1.0"
    registry.rollback("sums", reason="and back")
    server.stop()

    server = start()
    registry = ModelRegistry(server.url)
    assert answers(registry)["predictions"] == first["predictions"]
    call(server, "DELETE", "registered-models/delete", {"name": "adder"})
    assert answers(registry)["model_version"] == "1.0.0", "an endpoint goes on when its model is deleted"
    call(server, "POST", "registered-models/create", {"name": "sums"})
    call(server, "POST", "registered-models/create", {"name": "adder"})
    registry.publish("sums", odd.__file__, {"description": "something else", "version": "1.0.0"}, bump=None)
    server.kill()

    server = start()
    registry = ModelRegistry(server.url)
    after = answers(registry)
    assert after["digest"] == first["digest"]
    for answer in (first, second, after):
        trace = registry.trace(answer["prediction_id"], verify=True)
        assert trace["version"]["digest"] == answer["digest"] and trace["version"]["model"] == "default/adder"
        assert trace["verification"]["intact"] and trace["version"]["deleted_at"]
        actions = [entry["action"] for entry in trace["audit"]]
        assert "publish" in actions, "who published it is found under the name that it had then"
    assert registry.list_versions("sums") == ["1.0.0"] and registry.list_versions("adder") == []
    with pytest.raises(NotFound):
        registry.flip("sums", "1.1.0", reason="a deleted model has no versions to move to")


def test_a_deleted_version_serves_on_and_may_be_gone_back_to(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "sums", odd.Sums(), odd)
    rows = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
    registry.save_model("sums", "1.1.0", odd.Sums(), {"description": "again", "input_schema": rows}, code=[odd.__file__])
    registry.flip("sums", "1.1.0", reason="newer")
    call(server, "DELETE", "model-versions/delete", {"name": "sums", "version": "1"})
    assert registry.list_versions("sums") == ["1.1.0"]
    with pytest.raises(NotFound, match="deleted"):
        registry.flip("sums", "1.0.0", reason="it is deleted")
    registry.rollback("sums", reason="what served may serve again")
    assert answers(registry)["model_version"] == "1.0.0"
