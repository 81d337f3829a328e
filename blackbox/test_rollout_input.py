"""What callers get wrong when they start and steer rollouts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import row_card
from modelward import ModelRegistry
from modelward.testing import Server
from raw_http import Answer, assert_no_leak, call

TARGET = "/api/v1/endpoints/planned/rollouts"


@pytest.fixture(scope="module")
def planned(registry: ModelRegistry, odd: Any) -> str:
    """An endpoint with a version that serves, one that could, and one that breaks its contract."""
    rows = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    for version, card in (("1.0.0", {}), ("1.1.0", {}), ("2.0.0", {"input_schema": rows})):
        registry.save_model("planned", version, odd.Shifted(0), {**row_card(version=version), **card}, code=[odd.__file__])
    registry.create_endpoint("planned", "planned", "1.0.0", reason="a scenario")
    return "planned"


def start(server: Server, body: Any, target: str = TARGET) -> Answer:
    return call(server.url, "POST", target, body)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"candidate": 5}, "candidate"),
        ({"candidate": ""}, "candidate"),
        ({"candidate": ["1.1.0"]}, "candidate"),
        ({"candidate": None}, "candidate"),
        ({"candidate": ">>1"}, "candidate"),
        ({"candidate": "1" * 10_000}, "candidate"),
        ({"candidate": "1.1.0", "step_timeout": "0s"}, "step_timeout"),
        ({"steps": "5,25"}, "steps"),
        ({"steps": []}, "steps"),
        ({"steps": [50, 5]}, "steps"),
        ({"steps": [5, 5]}, "steps"),
        ({"steps": [0, 100]}, "steps"),
        ({"steps": [-5, 100]}, "steps"),
        ({"steps": [5, 101]}, "steps"),
        ({"steps": [1e308, 100]}, "steps"),
        ({"steps": [None]}, "steps"),
        ({"steps": list(range(1, 100)) * 20}, "steps"),
        ({"strategy": "red-black"}, "strategy"),
        ({"min_dwell": 5}, "min_dwell"),
        ({"min_dwell": "soon"}, "min_dwell"),
        ({"min_dwell": "-5s"}, "min_dwell"),
        ({"min_dwell": "99999999999999999999d"}, "min_dwell"),
        ({"min_samples": -1}, "min_samples"),
        ({"min_samples": 1.5}, "min_samples"),
        ({"min_samples": 10**30}, "min_samples"),
        ({"min_samples": "100"}, "min_samples"),
        ({"gate": "open"}, "gate"),
        ({"gate": ["no-harm"]}, "gate"),
        ({"gate": 1}, "gate"),
        ({"bake": "x"}, "bake"),
        ({"holdback": 200}, "holdback"),
        ({"holdback": -1}, "holdback"),
        ({"rollback": 5}, "rollback"),
        ({"rollback": {"points": 2}}, "rollback"),
        ({"rollback": {"alpha": 0}}, "rollback"),
        ({"rollback": {"alpha": 1e-400}}, "rollback"),
        ({"rollback": {"ratio": -1}}, "rollback"),
        ({"rollback": {"ration": 1}}, "rollback"),
        ({"halt": {"points": "1"}}, "halt"),
        ({"latency": True}, "latency"),
        ({"latency": {"quantile": 0.42}}, "latency"),
        ({"latency": {"tolerance": -3}}, "latency"),
        ({"on_halt": "promote"}, "on_halt"),
        ({"on_inconclusive": 0}, "on_inconclusive"),
        ({"step_timeout": "never"}, "step_timeout"),
        ({"evidence_deadline": "0s"}, "evidence_deadline"),
        ({"evidence_deadline": "1000d"}, "evidence_deadline"),
        ({"incident_rate": 5}, "incident_rate"),
        ({"expected_revision": "one"}, "expected_revision"),
        ({"supersede": "yes"}, "supersede"),
        ({"reason": {"why": 1}}, "reason"),
        ({"step": [5]}, "step"),
    ],
    ids=lambda value: json.dumps(value)[:50] if isinstance(value, dict) else "",
)
def test_a_wrong_part_of_a_plan_is_named(server: Server, planned: str, wrong: dict[str, Any], field: str) -> None:
    answer = start(server, {"candidate": "1.1.0", **wrong})
    assert answer.status in (400, 422), answer
    problem = answer.problem()
    assert field in str(problem.get("field", "")) + problem["detail"], problem


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b"5",
        b"{",
        b"\xff\xfe",
        b'{"candidate":"1.1.0","incident_rate":NaN}',
        b'{"candidate":"1.1.0","incident_rate":Infinity}',
        b'{"candidate":"1.1.0","min_samples":1e999999999}',
        b'{"candidate":"1.1.0","candidate":"1.0.0"}',
        b'{"candidate":"1.1.0","steps":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"candidate":"1.1.0"} {"candidate":"1.1.0"}',
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
def test_bodies_that_are_no_plan_are_refused(server: Server, planned: str, body: bytes) -> None:
    answer = start(server, body)
    assert answer.status in (400, 422), answer
    answer.problem()


def test_an_empty_body_is_refused(server: Server, planned: str) -> None:
    answer = call(server.url, "POST", TARGET, None, "Content-Type: application/json", "Content-Length: 0")
    assert answer.status in (400, 415, 422), answer
    answer.problem()


@pytest.mark.parametrize(
    ("target", "body", "status"),
    [
        ("/api/v1/endpoints/nothing/rollouts", {"candidate": "1.1.0"}, 404),
        ("/api/v1/endpoints/%2e%2e/rollouts", {"candidate": "1.1.0"}, 400),
        (TARGET, {"candidate": "9.9.9"}, 404),
        (TARGET, {"candidate": "1.1.0", "model": "default/nothing"}, 404),
        (TARGET, {"candidate": "1.0.0"}, 409),
        (TARGET, {"candidate": "2.0.0"}, 422),
        (TARGET, {"candidate": "1.1.0", "expected_revision": 99}, 409),
        ("/api/v1/rollouts/nothing/abort", {"reason": "x"}, 404),
        ("/api/v1/rollouts/r-0000000000000000/resume", {"reason": "x"}, 404),
        ("/api/v1/endpoints/planned/quarantine/release", {"version": "1.1.0", "reason": "x"}, 404),
    ],
)
def test_what_cannot_be_rolled_out_is_said(server: Server, planned: str, target: str, body: Any, status: int) -> None:
    answer = start(server, body, target)
    assert answer.status == status, answer
    answer.problem()


def test_nothing_of_all_that_began_a_rollout(server: Server, registry: ModelRegistry, planned: str) -> None:
    assert list(registry.rollouts(planned)) == []
    assert registry.endpoint(planned)["revision"] == 1
    assert_no_leak(call(server.url, "GET", TARGET))
