"""People are told what happens: in the log, by webhooks, and by counters."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from modelward import ModelRegistry, Refused
from modelward.testing import Server

WAIT = 60.0
EVENTS = [
    "version.published",
    "version.load-failed",
    "worker.died",
    "endpoint.moved",
    "rollout.started",
    "rollout.held",
    "rollout.rolled-back",
    "rollout.promoted",
]


class Receiver:
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[str]:
        """Their names, in order."""
        return [str(body.get("event")) for body in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


def until(holds: Callable[[], Any]) -> Any:
    """What holds, once it does."""
    deadline = time.monotonic() + WAIT
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.05)
    return found


def call(server: Server, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and answer."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(server.url + path, data=data, method=method, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_happens_is_told_in_the_log_by_webhooks_and_by_counters(tmp_path: Path, receiver: Receiver, form: str) -> None:
    from sklearn.linear_model import LogisticRegression

    def model(strength: float) -> Any:
        return LogisticRegression(C=strength).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])

    config = tmp_path / "config"
    config.write_text(f"webhooks.allow-private = true\nlog.format = {form}\n")
    with Server(tmp_path / "data", "--config", str(config)) as server:
        place = f"http://127.0.0.1:{receiver.server.server_port}/hook"
        assert call(server, "POST", "/api/v1/webhooks", {"name": "w", "url": place, "events": EVENTS})[0] == 201
        registry = ModelRegistry(server.url, actor="alice")
        registry.save_model("told", "1.0.0", model(1), {}, reason="first")
        registry.serve("told", reason="go live\nWARN forged")
        registry.save_model("told", "1.1.0", model(2), {})
        rollout = registry.rollout("told", "1.1.0", steps=[50], min_dwell="100ms", min_samples=1)
        until(lambda: registry.rollout_status(rollout.id).state == "RUNNING")
        registry.promote(rollout.id, reason="sure")
        assert registry.wait(rollout.id, timeout=WAIT).state == "PROMOTED"
        registry.rollback("told", reason="no")
        # Two more moves, so that versions leave the memory: that is no failure to load.
        for version, strength in (("1.2.0", 3), ("1.3.0", 4)):
            registry.save_model("told", version, model(strength), {})
            registry.serve("told", version)
        with pytest.raises(Refused):
            registry.save_model("told-bad", "1.0.0", model(1), {}, requirements=["no such line"])
            registry.serve("told-bad")
        expected = ["version.published", "endpoint.moved", "version.published", "rollout.started", "endpoint.moved",
                    "rollout.promoted", "endpoint.moved", *["version.published", "endpoint.moved"] * 2, "version.published", "version.load-failed"]  # fmt: skip
        until(lambda: sorted(receiver.events()) == sorted(expected))
        assert [event for event in receiver.events() if event != "rollout.promoted"] == [e for e in expected if e != "rollout.promoted"]
        moved = receiver.received[1]
        assert moved["data"] | {"digest": "", "revision": 0} == {
            "model": "default/told", "version": "1.0.0", "actor": "alice", "reason": "go live\nWARN forged", "digest": "",
            "endpoint": "told", "revision": 0, "cause": "create"}  # fmt: skip
        until(lambda: counted(server, 'modelward_rollouts_total{outcome="promoted"}') == 1)
        assert counted(server, "modelward_rollouts_started_total") == 1
        lines = until(lambda: told(server, form, "rolled back endpoint told"))
    for sentence in (
        "alice published default/told@1.0.0: first",
        "alice created endpoint told with default/told@1.0.0: go live",
        f"rollout {rollout.id} of endpoint told to default/told@1.1.0: promote, now PROMOTED",
        "alice rolled back endpoint told to default/told@1.0.0: no",
        "default/told-bad@1.0.0 cannot be loaded",
    ):
        assert sum(sentence in line for line in lines) == 1, (sentence, lines)
    assert not [line for line in lines if line.startswith("WARN forged")]


def counted(server: Server, series: str) -> float:
    """A counter's value."""
    with urlopen(server.url + "/metrics") as answer:
        found = re.search(rf"^{re.escape(series)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else -1


def told(server: Server, form: str, sentence: str) -> list[str]:
    """The messages of the log, when one has the sentence."""
    lines = server.log.read_text().splitlines()
    if form == "json":
        lines = [json.loads(line)["message"] for line in lines]
    return lines if any(sentence in line for line in lines) else []


def test_wrong_webhooks_are_refused_by_the_field(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        for body, field in [
            ({"name": "w", "url": "http://127.0.0.1/", "events": ["rollout.held"]}, "url"),
            ({"name": "w", "url": "https://hooks.example/", "events": ["rollout.hold"]}, "events"),
            ({"name": "w", "url": "https://hooks.example/", "events": []}, "events"),
            ({"name": "w", "url": "https://hooks.example/", "events": "rollout.held"}, "events"),
            ({"name": "w", "events": ["rollout.held"]}, "url"),
            ({"url": "https://hooks.example/", "events": ["rollout.held"]}, "name"),
            ({"name": "w", "url": "https://hooks.example/", "events": ["rollout.held"], "activ": True}, "activ"),
        ]:
            status, answer = call(server, "POST", "/api/v1/webhooks", body)
            assert (status, answer["field"]) == (400, field), (body, answer)
        assert call(server, "GET", "/api/v1/webhooks")[1] == {"webhooks": []}
        assert call(server, "POST", "/api/v1/webhooks/nope/test", {})[0] == 404
