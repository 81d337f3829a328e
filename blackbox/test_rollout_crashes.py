"""Rollouts and the end of the server: kill -9 at any moment, and a clean stop."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import row_card
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server
from rolling import ENDED, Callers, counted, until

PLAN: dict[str, Any] = {"steps": (30, 60, 100), "min_dwell": "800ms", "min_samples": 30, "reason": "a scenario"}


class House:
    """A server that comes back on the same data directory and port."""

    def __init__(self, data: Path, configuration: str) -> None:
        self.data, self.configuration = data, configuration
        self.server = Server(data, "--config", configuration)
        self.registry = ModelRegistry(self.server.url)

    def restart(self) -> None:
        self.server = Server(self.data, "--config", self.configuration, listen=urlsplit(self.server.url).netloc)
        for _ in range(300):
            try:
                self.registry.predict("crash", [[1, 2, 3]])
                return
            except ModelwardError as error:
                assert error.status in (0, 429, 503), error
                time.sleep(0.05)
        raise AssertionError("the endpoint does not come back")


@pytest.fixture
def house(tmp_path: Path, configured: Callable[[Path], str], odd: Any) -> Iterator[House]:
    made = House(tmp_path / "data", configured(tmp_path / "data"))
    for number in range(5):
        version = f"1.{number}.0"
        made.registry.save_model("crash", version, odd.Shifted(number), row_card(version=version), code=[odd.__file__])
    made.registry.create_endpoint("crash", "crash", "1.0.0", reason="before the crash")
    yield made
    made.server.stop()


def test_kill_9_at_any_moment_of_a_rollout(house: House) -> None:
    seed = int(os.environ.get("MODELWARD_SEED", "20261"))
    moments = random.Random(seed)
    for number in (1, 2, 3):
        try:
            crash_in(house, f"1.{number}.0", moments.uniform(0.1, 3.0))
        except AssertionError as failure:
            raise AssertionError(f"seed {seed}, turn {number}: {failure}") from failure


def crash_in(house: House, candidate: str, moment: float) -> None:
    """One rollout with one crash, looked at from all sides; ends with the candidate promoted or without weight."""
    registry = house.registry
    with Callers(house.server.url, "crash", rate=200) as callers:
        rollout = registry.rollout("crash", candidate, **PLAN)["id"]
        until(registry, rollout, lambda now: now["state"] != "LOADING")
        time.sleep(moment)
        before = counted(registry.rollout_evidence(rollout)) if moment < 2.4 else 0
        house.server.kill()
        house.restart()
        found = registry.rollout_status(rollout)
        assert found["state"] in (*ENDED, "HELD"), found
        assert found["state"] != "HELD" or found["held_by"] == "restarted", found
        time.sleep(1)
        kept = counted(registry.rollout_evidence(rollout))
        assert kept >= before, f"the evidence shrank from {before} to {kept} requests"
        ends_clear(registry, callers, rollout, candidate)
    answered = {call.prediction: call for call in callers.calls if call.status == 200 and call.prediction}
    assert counted(registry.rollout_evidence(rollout)) <= callers.sent
    for prediction in [*list(answered)[::25], *list(answered)[-3:]]:
        assert registry.trace(prediction)["prediction"]["model_version"] == answered[prediction].version
    records = [registry._transport.json("GET", f"/api/v1/predictions/{prediction}") for prediction in answered]
    assert answered
    assert [record["model_version"] for record in records] == [call.version for call in answered.values()]


def ends_clear(registry: ModelRegistry, callers: Callers, rollout: str, candidate: str) -> None:
    """After an abort no request and no revision gives the candidate anything."""
    if registry.rollout_status(rollout)["state"] != "HELD":
        return
    registry.abort(rollout, reason="after a crash")
    aborted, revision = time.monotonic(), registry.endpoint("crash")["revision"]
    time.sleep(0.7)
    assert registry.rollout_status(rollout)["state"] == "ROLLED_BACK"
    later = callers.since(aborted)
    assert later and not [call for call in later if call.version == candidate], "the candidate answers after the abort"
    for row in registry._transport.json("GET", "/api/v1/endpoints/crash/revisions", query={"page_size": 100})["revisions"]:
        if row["revision"] >= revision:
            assert candidate not in str(row["arms"]), row


def test_a_rollout_goes_on_by_itself_after_a_clean_stop(house: House) -> None:
    registry = house.registry
    with Callers(house.server.url, "crash", rate=200):
        rollout = registry.rollout("crash", "1.4.0", **{**PLAN, "min_dwell": "2s"})["id"]
        until(registry, rollout, lambda now: now["state"] == "RUNNING" and now["samples"] > 20)
        kept = counted(registry.rollout_evidence(rollout))
        assert house.server.stop() in (0, 143, -15)
        house.restart()
        again = registry.rollout_status(rollout)
        assert again["state"] in ("RUNNING", "BAKING", "PROMOTED"), again
        assert counted(registry.rollout_evidence(rollout)) >= kept
        assert registry.wait(rollout, 30)["state"] == "PROMOTED"
