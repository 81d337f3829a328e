"""Rollouts through the client, against a running server with real models."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from modelward import Conflict, Invalid, ModelRegistry, NotFound, Unfinished

pytestmark = pytest.mark.alone
QUICK = {"min_dwell": "200ms", "min_samples": 10, "latency": False}
PATIENCE = 30

SULKING = '''
class Sulking:
    """Predicts as the model it holds, but not for a quarter of the rows."""

    def __init__(self, model):
        self.model = model
        self.n_features_in_ = model.n_features_in_

    def predict(self, rows):
        if any(int(row[0]) % 4 == 3 for row in rows):
            raise ValueError("not today")
        return self.model.predict(rows)

    def predict_proba(self, rows):
        self.predict(rows)
        return self.model.predict_proba(rows)
'''


@pytest.fixture(scope="module")
def served(server, train) -> Iterator[str]:
    """One endpoint for all tests here, with two good versions, because making versions takes most of the time."""
    client = ModelRegistry(server, actor="tester")
    for seed, version in enumerate(("1.0.0", "1.1.0")):
        client.save_model("rolled", version, train(seed), {})
    client.create_endpoint("rolled", "rolled", "1.0.0", reason="start")
    yield "rolled"
    client.close()


@pytest.fixture
def active(registry, served) -> str:
    """The version that serves."""
    return registry.endpoint(served)["model_version"]


@pytest.fixture
def other(active) -> str:
    """The good version that does not serve."""
    return "1.1.0" if active == "1.0.0" else "1.0.0"


@pytest.fixture
def sulking(registry, served, train, tmp_path, monkeypatch):
    """A version 1.2.0 that fails for a quarter of the rows that ``traffic`` sends."""
    (tmp_path / "sulking_model.py").write_text(SULKING)
    monkeypatch.syspath_prepend(str(tmp_path))
    from sulking_model import Sulking

    registry.save_model(served, "1.2.0", Sulking(train(3)), {}, code=[tmp_path / "sulking_model.py"])
    return served


@contextmanager
def traffic(registry, endpoint: str) -> Iterator[list[str]]:
    """Sends rows as fast as they are answered, from two threads; yields the versions that answered so far."""
    stop, answered = threading.Event(), []

    def caller(first: int) -> None:
        number = first
        while not stop.is_set():
            number += 2
            try:
                answer = registry.predict(endpoint, [[number % 8, 3.5, 1.4, 0.2]])
                answered.append(answer["model_version"])
            except Exception as failure:  # noqa: BLE001 - a failing candidate is what is tested
                answered.append(f"{type(failure).__name__} {getattr(failure, 'extra', {}).get('model_version')}")

    threads = [threading.Thread(target=caller, args=(first,), daemon=True) for first in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield answered
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def until(registry, rollout_id: str, *states: str) -> dict:
    """The rollout when it is in one of the states."""
    give_up = time.monotonic() + PATIENCE
    while (rollout := registry.rollout_status(rollout_id))["state"] not in states:
        assert time.monotonic() < give_up, rollout
        time.sleep(0.05)
    return rollout


def test_a_good_candidate_goes_through_its_steps_and_is_promoted(registry, served, active, other):
    with traffic(registry, served) as answered:
        started = registry.rollout(served, other, steps=(20, 50, 100), reason="retrained", **QUICK)
        ended = registry.wait(started["id"], timeout=PATIENCE)
    assert started["state"] == "LOADING" and started["candidate"] == other and started["active"] == active
    assert started["started"]["reason"] == "retrained" and started["limits"] and started["sensitivity"]
    assert ended["state"] == "PROMOTED" and ended["step"] == ended["step_count"] == 3
    assert registry.endpoint(served)["model_version"] == other
    assert {active, other} == set(answered)
    assert next(registry.rollouts(served))["id"] == started["id"]
    evidence = registry.rollout_evidence(started["id"])
    assert evidence["rollout"] == started["id"] and "verdict" not in evidence
    assert sum(tick["errors"]["n_canary"] for tick in evidence["ticks"]) >= 30


def test_a_candidate_that_fails_is_rolled_back_and_stays_out_until_it_is_released(registry, sulking, active, other):
    with traffic(registry, sulking) as answered:
        started = registry.rollout(sulking, "1.2.0", steps=(50, 100), rollback={"points": 0.05}, min_dwell="30s", latency=False)
        ended = registry.wait(started["id"], timeout=PATIENCE)
        count = len(answered)
        time.sleep(0.3)
    assert ended["state"] == "ROLLED_BACK"
    verdict = ended["verdict"]
    assert (verdict["guardrail"], verdict["limit"]) == ("errors", "rollback")
    assert "1.2.0 failed" in verdict["sentence"] and verdict["callers_affected"] > 0
    assert set(answered[count + 2 :]) == {active}
    assert registry.rollout_evidence(started["id"])["verdict"]["tick"] == verdict["tick"]

    (kept,) = registry.quarantine(sulking)
    assert (kept["version"], kept["rollout"]) == ("1.2.0", started["id"]) and kept["why"]
    with pytest.raises(Conflict):
        registry.rollout(sulking, "1.2.0")
    with pytest.raises(NotFound):
        registry.release(sulking, other, reason="wrong one")
    assert registry.release(sulking, "1.2.0", reason="understood") == []
    assert registry.quarantine(sulking) == []
    again = registry.rollout(sulking, "1.2.0", **QUICK)
    registry.abort(again["id"], reason="enough")
    assert registry.wait(again["id"], timeout=PATIENCE)["state"] in ("CANCELLED", "ROLLED_BACK")


def test_a_person_holds_resumes_and_promotes(registry, served, other):
    with traffic(registry, served):
        rollout_id = registry.rollout(served, other, min_dwell="10m")["id"]
        until(registry, rollout_id, "RUNNING")
        held = registry.hold(rollout_id, reason="lunch")
        assert (held["state"], held["held_by"]) == ("HELD", "manual") and "tester" in held["reason"]
        with pytest.raises(Unfinished) as caught:
            registry.wait(rollout_id, timeout=0.2)
        assert isinstance(caught.value, TimeoutError) and caught.value.extra["rollout"]["state"] == "HELD"
        assert registry.resume(rollout_id, reason="back")["state"] == "RUNNING"
        registry.promote(rollout_id, reason="seen enough")
        assert registry.wait(rollout_id, timeout=PATIENCE)["state"] == "PROMOTED"
    assert registry.endpoint(served)["model_version"] == other
    with pytest.raises(Conflict):
        registry.hold(rollout_id, reason="too late")


def test_a_rollout_that_is_aborted_leaves_no_quarantine(registry, served, active, other):
    with traffic(registry, served):
        rollout_id = registry.rollout(served, other, min_dwell="10m")["id"]
        until(registry, rollout_id, "RUNNING")
        registry.abort(rollout_id, reason="changed my mind")
        assert registry.wait(rollout_id, timeout=PATIENCE)["state"] == "ROLLED_BACK"
    assert registry.endpoint(served)["model_version"] == active
    assert registry.quarantine(served) == []


def test_watching_shows_every_state_up_to_the_last(registry, served, other):
    with traffic(registry, served):
        rollout_id = registry.rollout(served, other, steps=(50, 100), **QUICK)["id"]
        seen = list(registry.watch(rollout_id))
    states = [rollout["state"] for rollout in seen if rollout.get("held_by") != "no_traffic"]
    assert states[-1] == "PROMOTED" and "RUNNING" in states
    assert states == sorted(states, key=["LOADING", "RUNNING", "BAKING", "PROMOTED"].index)
    assert all(one != other for one, other in zip(seen, seen[1:]))
    assert [rollout["state"] for rollout in registry.watch(rollout_id)] == ["PROMOTED"]


def test_an_arm_can_be_asked_for_and_a_key_sticks(registry, served, active, other):
    rollout_id = registry.rollout(served, other, steps=(50, 100), min_dwell="10m")["id"]
    until(registry, rollout_id, "RUNNING", "HELD")
    row = [[5.1, 3.5, 1.4, 0.2]]
    assert registry.predict(served, row, arm="canary")["model_version"] == other
    assert registry.predict(served, row, arm="active")["model_version"] == active
    with pytest.raises(Invalid) as caught:
        registry.predict(served, row, arm="shadow")
    assert caught.value.field == "arm"
    for key in range(6):
        assert len({registry.predict(served, row, key=f"user-{key}")["model_version"] for _ in range(4)}) == 1
    time.sleep(0.5)
    assert registry.rollout_status(rollout_id)["samples"] <= 6, "pinned requests, or later ones of a key, were counted"
    registry.abort(rollout_id, reason="done")
    registry.wait(rollout_id, timeout=PATIENCE)


def test_a_blue_green_rollout_has_one_step(registry, served, other):
    with traffic(registry, served):
        started = registry.rollout(served, other, strategy="blue-green", **QUICK)
        assert started["plan"]["steps"] == [100] and started["strategy"] == "blue-green"
        assert registry.wait(started["id"], timeout=PATIENCE)["state"] == "PROMOTED"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"steps": (25, 5)}, "steps"),
        ({"steps": ()}, "steps"),
        ({"min_dwell": "soon"}, "min_dwell"),
        ({"min_samples": -1}, "min_samples"),
        ({"rollback": {"point": 0.05}}, "rollback.point"),
        ({"halt": {"points": 2}}, "halt.points"),
        ({"latency": {"quantile": 0.9}}, "latency.quantile"),
        ({"gate": "vibes"}, "gate"),
        ({"gate": ["no-harm"]}, "gate"),
        ({"on_halt": "panic"}, "on_halt"),
        ({"evidence_deadline": "1h"}, "evidence_deadline"),
        ({"min_dwel": "5s"}, "min_dwel"),
    ],
)
def test_wrong_input_names_the_field(registry, served, other, wrong, field):
    before = [one["id"] for one in registry.rollouts(served)]
    with pytest.raises(Invalid) as caught:
        registry.rollout(served, other, **wrong)
    assert caught.value.field == field
    assert [one["id"] for one in registry.rollouts(served)] == before


def test_what_is_not_there_is_not_found(registry, served, active, other):
    for call in (
        lambda: registry.rollout("nowhere", other),
        lambda: registry.rollout(served, "9.9.9"),
        lambda: registry.rollout_status("r-0"),
        lambda: registry.hold("r-0", reason="r"),
        lambda: list(registry.watch("r-0")),
        lambda: registry.wait("r-0"),
        lambda: registry.rollout_evidence("r-0"),
        lambda: list(registry.rollouts("nowhere")),
        lambda: registry.quarantine("nowhere"),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(Conflict):
        registry.rollout(served, active)
