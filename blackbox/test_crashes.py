"""kill -9 at any moment: what was answered is there, what is visible is whole."""

from __future__ import annotations

import http.client
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import slow_models
from conftest import row_card
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server

Start = Callable[..., Server]


class Load:
    """Threads that predict, publish and flip until the server is gone; all that was acknowledged."""

    def __init__(self, url: str, folder: Path, turn: int) -> None:
        self.registry = ModelRegistry(url, timeout=30)
        self.folder, self.turn = folder, turn
        self.predictions: dict[str, tuple[str, str, int]] = {}
        self.unlogged = 0
        self.published: dict[str, str] = {}
        self.revisions: dict[int, str] = {}
        self.errors: list[ModelwardError] = []
        self.killed = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(act,)) for act in [*[self._predict] * 4, self._publish, self._flip]]

    def _run(self, act: Callable[[int], None]) -> None:
        number = 0
        while True:
            try:
                act(number)
            except ModelwardError as error:
                if error.status != 0 or not self.killed.is_set():  # anything but that the server was killed
                    self.errors.append(error)
                return
            number += 1

    def begins(self) -> None:
        """Waits until each kind of change was acknowledged once: on a busy machine the first one of a kind takes seconds."""
        deadline = time.monotonic() + 60
        while not (self.predictions and self.published and self.revisions) and not self.errors and time.monotonic() < deadline:
            time.sleep(0.01)

    def _predict(self, number: int) -> None:
        rows = [[number, 1, 1]] * (1 + number % 3)
        answer = self.registry.predict("crash", rows)
        if answer.get("logged") is False:  # segments are tiny here: on a busy machine the next one may not be ready
            self.unlogged += 1
            return
        self.predictions[answer["prediction_id"]] = (answer["model_version"], answer["digest"], len(rows))

    def _publish(self, number: int) -> None:
        file = self.folder / f"weights-{self.turn}-{number}.bin"
        file.write_bytes(f"{self.turn} {number} ".encode() * 10_000)
        done = self.registry.publish("growing", file, row_card(version=f"1.{self.turn}.{number}"), bump=None)
        self.published[done["version"]] = done["digest"]

    def _flip(self, number: int) -> None:
        moved = self.registry.flip("crash", "1.1.0" if number % 2 == 0 else "1.0.0", reason=f"turn {number}")
        self.revisions[moved["revision"]] = moved["model_version"]


@pytest.fixture
def prepared(start: Start, odd: Any) -> Server:
    """A server with an endpoint of two versions."""
    server = start()
    registry = ModelRegistry(server.url)
    for version, shift in [("1.0.0", 0), ("1.1.0", 1)]:
        registry.save_model("crash", version, odd.Shifted(shift), row_card(), code=[odd.__file__])
    registry.create_endpoint("crash", "crash", "1.0.0", reason="before the crash")
    return server


def test_all_that_was_acknowledged_is_there_after_kill_9_under_load(prepared: Server, start: Start, tmp_path: Path) -> None:
    server = prepared
    published: dict[str, str] = {}
    revisions: dict[int, str] = {}
    for turn, seconds in enumerate((0.5, 1.1, 2.3)):
        load = Load(server.url, tmp_path, turn)
        for thread in load.threads:
            thread.start()
        load.begins()
        time.sleep(seconds)
        load.killed.set()
        server.kill()
        for thread in load.threads:
            thread.join(60)
        assert load.predictions and not load.errors, load.errors
        assert load.unlogged < len(load.predictions) / 2
        published |= load.published
        revisions |= load.revisions

        server = start(server.data)
        registry = ModelRegistry(server.url)
        for identity, (version, digest, rows) in load.predictions.items():
            record = registry._transport.json("GET", f"/api/v1/predictions/{identity}")
            assert (record["model_version"], record["digest"], record["rows"], record["status"]) == (version, digest, rows, 200)
        trace = registry.trace(next(reversed(load.predictions)), verify=True)
        assert trace["verification"]["intact"] and trace["live"]

        versions = list(registry.versions("growing"))
        assert sorted(row["ordinal"] for row in versions) == list(range(1, len(versions) + 1)), "an ordinal is missing"
        assert published.items() <= {row["version"]: row["digest"] for row in versions}.items()
        endpoint = registry.endpoint("crash")
        # One thread flips, so at most one flip was kept without an answer.
        assert endpoint["revision"] - max(revisions, default=1) in (0, 1)
        assert endpoint["model_version"] == revisions.get(endpoint["revision"], endpoint["model_version"])
        assert registry.verify()["intact"] is True
        assert answered(registry)["model_version"] == endpoint["model_version"]
    assert published and len(revisions) > 3


def answered(registry: ModelRegistry) -> dict[str, Any]:
    """An answer, once the version that serves is loaded again."""
    for _ in range(300):
        try:
            return registry.predict("crash", [[1, 2, 3]])
        except ModelwardError as error:
            assert error.status in (429, 503), error
            time.sleep(0.1)
    raise AssertionError("the endpoint does not come back")


class Asked(NamedTuple):
    """A request that is over: when its last byte was sent, and the status of its answer or the error that came instead."""

    sent: float
    outcome: int | OSError | http.client.HTTPException


def ask_until_refused(url: str, asked: list[Asked]) -> None:
    """Sends one prediction after the other, each on a connection of its own, until one has no answer."""
    outcome: int | OSError | http.client.HTTPException = 200
    while outcome == 200:
        connection, sent = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30), math.inf
        try:
            connection.request("POST", "/predict/slow", b'{"instances":[[1,2,3]]}', {"Content-Type": "application/json"})
            sent = time.monotonic()
            answer = connection.getresponse()
            answer.read()
            outcome = answer.status
        except (OSError, http.client.HTTPException) as error:
            outcome = error
        finally:
            connection.close()
        asked.append(Asked(sent, outcome))


def test_a_stop_answers_every_request_that_was_sent_before_it(start: Start) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    registry.save_model("slow", "1.0.0", slow_models.Slow(0.2), row_card(), code=[slow_models.__file__])
    registry.create_endpoint("slow", "slow", "1.0.0", reason="each answer takes its time")
    asked: list[Asked] = []
    callers = [threading.Thread(target=ask_until_refused, args=(server.url, asked)) for _ in range(4)]
    for caller in callers:
        caller.start()
    until = time.monotonic() + 30
    while len(asked) < 8 and time.monotonic() < until:
        time.sleep(0.01)
    answered = len(asked)
    time.sleep(0.1)
    signal = time.monotonic()
    assert server.stop() in (0, 143, -15)
    for caller in callers:
        caller.join(60)
        assert not caller.is_alive(), "a caller waits for an answer"
    before = [one for one in asked if one.sent < signal]
    assert answered >= 8 and len(before) > answered, "no request was in flight when the server was told to stop"
    assert {one.outcome for one in before} == {200}, "a request that was sent before the stop has no answer"
    after = [one.outcome for one in asked if one.sent >= signal]
    # The system may have taken a connection that the server has not taken from it yet: closing the port resets that one.
    assert all(outcome in (200, 503) or type(outcome) in (ConnectionRefusedError, ConnectionResetError) for outcome in after), after


def test_no_worker_outlives_a_killed_server(prepared: Server) -> None:
    def workers() -> list[str]:
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
                parent = (entry / "status").read_text().split("PPid:")[1].split()[0] if words else ""
            except OSError:
                continue
            if words and words[-2:-1] and words[-2].startswith(b"default/crash@") and (parent == str(prepared.pid) or entry.name in known):
                found.append(entry.name)
        return found

    known: list[str] = []
    known.extend(workers())
    assert known
    prepared.kill()
    for _ in range(50):
        if not workers():
            return
        time.sleep(0.1)
    raise AssertionError("workers live on")
