"""Rollouts of real models under real traffic: what evidence, operators and hangs do to them."""

from __future__ import annotations

import math
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from conftest import row_card
from modelward import Conflict, ModelRegistry, NotFound
from modelward.testing import Server
from rolling import ENDED, QUICK, Callers, cli, counted, until, worker

NUMBERS = ("1.0.0", "1.1.0")
pytestmark = pytest.mark.alone


@pytest.fixture
def pair(registry: ModelRegistry, odd: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Publishes a good 1.0.0 and the given 1.1.0, serves the first, and ends what is still at work afterwards."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40].rstrip("-")

    def publish(candidate: Any, active: Any = None, **card: Any) -> str:
        for version, model in zip(NUMBERS, (active or odd.Shifted(0), candidate)):
            registry.save_model(name, version, model, row_card(version=version, **card), code=[odd.__file__], reason="a scenario")
        registry.create_endpoint(name, name, NUMBERS[0], reason="a scenario")
        return name

    yield publish
    for rollout in registry.rollouts(name):
        if rollout["state"] not in ENDED:
            registry.abort(rollout["id"], reason="the scenario is over")


def test_a_good_candidate_is_promoted_step_by_step(server: Server, registry: ModelRegistry, odd: Any, pair: Callable[..., str]) -> None:
    name = pair(odd.Shifted(1))
    with Callers(server.url, name, keys=True) as callers:
        time.sleep(1)
        started = time.monotonic()
        rollout = registry.rollout(name, NUMBERS[1], **QUICK)
        entered: dict[int, float] = {}
        for seen in registry.watch(rollout["id"]):
            if seen["state"] in ("RUNNING", "BAKING"):
                entered.setdefault(seen["step"], time.monotonic())
            assert time.monotonic() < started + 30, seen
        promoted = time.monotonic()
        time.sleep(0.3)
    assert seen["state"] == "PROMOTED", seen
    assert sorted(entered) == [1, 2, 3]
    # By the server's clock: a busy machine may be late to see a step.
    revisions = registry._transport.json("GET", f"/api/v1/endpoints/{name}/revisions")["revisions"]
    moments = [datetime.fromisoformat(revision["changed_at"]) for revision in reversed(revisions)][1:]
    assert len(moments) == 4, "a revision for each step and one for the end"
    assert all((later - earlier).total_seconds() >= 0.6 for earlier, later in zip(moments, moments[1:])), moments
    assert all(call.status == 200 for call in callers.calls), "a caller got an error"
    assert {call.version for call in callers.since(promoted)} == {NUMBERS[1]}
    assert registry.endpoint(name)["model_version"] == NUMBERS[1]
    assert counted(registry.rollout_evidence(rollout["id"])) <= len(callers.since(started))
    sticky(callers, entered)


def sticky(callers: Callers, entered: dict[int, float]) -> None:
    """A key that met the candidate never goes back while the share rises, and about the share of all keys meets it in each step."""
    versions = defaultdict(list)
    for call in sorted(call for call in callers.calls if call.key):
        versions[call.key].append(call.version)
    went_back = [key for key, met in versions.items() if met != sorted(met)]
    assert not went_back, f"{len(went_back)} of {len(versions)} keys went back to {NUMBERS[0]}"
    first = {call.key: call.version for call in callers.calls if call.key and entered[1] + 0.1 < call.sent < entered[2] - 0.1}
    share = sum(version == NUMBERS[1] for version in first.values()) / len(first)
    assert abs(share - 0.2) <= 5 * math.sqrt(0.2 * 0.8 / len(first)), f"{share:.3f} of {len(first)} keys met the candidate"


def test_harm_is_rolled_back_and_kept_away(server: Server, registry: ModelRegistry, odd: Any, pair: Callable[..., str]) -> None:
    name = pair(odd.Flaky(1, 4))
    with Callers(server.url, name) as callers:
        time.sleep(1)
        done = cli(server.url, "rollout", "start", name, NUMBERS[1], "--steps", "20,100", "--min-dwell", "5s", "--reason", "a scenario", "--watch")
        gone = time.monotonic()
        time.sleep(1)
    assert done.returncode == 6, (done.returncode, done.stdout, done.stderr)
    assert "ROLLED_BACK" in done.stdout
    rollout = registry.rollout_status(next(registry.rollouts(name))["id"])
    verdict = rollout["verdict"]
    assert (verdict["guardrail"], verdict["limit"]) == ("errors", "rollback"), verdict
    failed = [call for call in callers.calls if call.status != 200]
    assert failed and {call.version for call in failed} == {NUMBERS[1]}
    assert verdict["callers_affected"] <= len(failed)
    later = callers.since(gone)
    assert len(later) > 50 and {(call.version, call.status) for call in later} == {(NUMBERS[0], 200)}
    trace = registry.trace(failed[0].prediction)
    assert trace["rollout"]["id"] == rollout["id"] == trace["route"]["rollout"]["id"]
    quarantined(registry, name)


def quarantined(registry: ModelRegistry, name: str) -> None:
    """The version may not serve until it is released."""
    assert [entry["version"] for entry in registry.quarantine(name)] == [NUMBERS[1]]
    with pytest.raises(Conflict):
        registry.flip(name, NUMBERS[1], reason="try")
    with pytest.raises(Conflict):
        registry.rollout(name, NUMBERS[1], **QUICK)
    assert registry.release(name, NUMBERS[1], reason="it was the data") == []
    with pytest.raises(NotFound):
        registry.release(name, NUMBERS[1], reason="once more")
    assert registry.flip(name, NUMBERS[1], reason="released")["model_version"] == NUMBERS[1]


def test_a_slow_candidate_is_held_and_a_person_decides(server: Server, registry: ModelRegistry, odd: Any, pair: Callable[..., str]) -> None:
    name = pair(odd.Late(1))
    with Callers(server.url, name) as callers:
        time.sleep(1)
        rollout = registry.rollout(name, NUMBERS[1], **{**QUICK, "steps": (10, 100), "min_dwell": "10s"})["id"]
        held = until(registry, rollout, lambda now: now["state"] == "HELD")
        assert held["held_by"] == "latency" and "longer than" in held["reason"], held
        registry.abort(rollout, reason="too slow")
        aborted = time.monotonic()
        time.sleep(0.5)
    assert registry.wait(rollout, 5)["state"] == "ROLLED_BACK"
    assert registry.quarantine(name) == [], "a person's decision is no quarantine"
    assert all(call.status == 200 for call in callers.calls)
    assert {call.version for call in callers.since(aborted)} == {NUMBERS[0]}


def test_a_hung_candidate_is_rolled_back_in_time(server: Server, registry: ModelRegistry, odd: Any, pair: Callable[..., str]) -> None:
    name = pair(odd.Shifted(1))
    with Callers(server.url, name, rate=250, threads=96) as callers:
        time.sleep(1)
        plan = {**QUICK, "steps": (20, 100), "min_dwell": "30s", "evidence_deadline": "1s"}
        rollout = registry.rollout(name, NUMBERS[1], **plan)["id"]
        until(registry, rollout, lambda now: now["state"] == "RUNNING" and now["samples"] > 5)
        pid = worker(name, NUMBERS[1], server.pid)
        os.kill(pid, signal.SIGSTOP)
        stopped = time.monotonic()
        try:
            ended = registry.wait(rollout, 10)
            seconds = time.monotonic() - stopped
        finally:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
        time.sleep(1)
    assert ended["state"] == "ROLLED_BACK" and ended["verdict"]["limit"] == "rollback", ended
    meanwhile = [call for call in callers.calls if stopped <= call.sent <= stopped + seconds]
    assert all(call.status == 200 for call in callers.calls), "a caller got an error"
    waited = [call for call in meanwhile if call.answered - call.sent > 0.9]
    assert waited and {call.version for call in waited} == {NUMBERS[0]}, "the active version did not answer those who waited"
    # A fifth of 250 requests a second meets the candidate: in the deadline and a second about 100, fewer on a machine that is slow.
    assert len(waited) <= 200, f"{len(waited)} requests waited for the candidate, in {seconds:.2f} s"
    quick = [call for call in meanwhile if call.answered - call.sent < 0.5]
    assert len(quick) > len(waited), f"{len(waited)} requests waited, and of the others only {len(quick)} did not"


def test_answers_outside_the_contract_count_as_errors(server: Server, registry: ModelRegistry, odd: Any, pair: Callable[..., str]) -> None:
    schema = {"type": "object", "properties": {"prediction": {"type": "integer", "enum": [0, 1, 2]}}}
    name = pair(odd.Classes(7), odd.Classes(1), output_schema=schema)
    with Callers(server.url, name) as callers:
        time.sleep(0.5)
        rollout = registry.rollout(name, NUMBERS[1], **{**QUICK, "min_dwell": "10s"})["id"]
        ended = registry.wait(rollout, 20)
    assert ended["state"] == "ROLLED_BACK" and ended["verdict"]["guardrail"] == "errors", ended
    assert {call.status for call in callers.calls if call.version == NUMBERS[1]} <= {500, 502}
    assert {call.status for call in callers.calls if call.version == NUMBERS[0]} == {200}


def test_watching_a_promotion_ends_with_0(server: Server, odd: Any, pair: Callable[..., str]) -> None:
    name = pair(odd.Shifted(1))
    with Callers(server.url, name, rate=150, threads=8):
        options = ("--strategy", "blue-green", "--min-dwell", "500ms", "--min-samples", "20", "--reason", "a scenario", "--watch")
        done = cli(server.url, "rollout", "start", name, NUMBERS[1], *options)
    assert done.returncode == 0 and "PROMOTED" in done.stdout, (done.returncode, done.stdout, done.stderr)
