"""A version with requests in flight is never taken away under them."""

from __future__ import annotations

import threading
import time

import slow_models
from conftest import row_card

from modelward import ModelRegistry

ROW = [1.0, 2.0, 3.0]


def test_a_request_in_flight_is_answered_by_the_version_it_began_with(registry: ModelRegistry) -> None:
    for version, seconds in (("1.0.0", 1.2), ("1.1.0", 0.0), ("1.2.0", 0.0)):
        registry.save_model("slow", version, slow_models.Slow(seconds), row_card(version=version), code=[slow_models.__file__])
    registry.create_endpoint("slow", "slow", "1.0.0", reason="slow at first")
    registry.flip("slow", "1.1.0", reason="warm the next")
    registry.flip("slow", "1.0.0", reason="and back")
    found: list[str] = []
    caller = threading.Thread(target=lambda: found.append(registry.predict("slow", [ROW])["model_version"]))
    caller.start()
    time.sleep(0.3)
    registry.flip("slow", "1.1.0", reason="while a request is in flight")
    assert caller.is_alive() and not found, "the request was over before the version that answers it was taken away"
    registry.flip("slow", "1.2.0", reason="the version that answers is not even kept to go back to")
    assert registry.predict("slow", [ROW])["model_version"] == "1.2.0"
    caller.join()
    assert found == ["1.0.0"]
