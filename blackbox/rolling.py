"""What the scenarios of rollouts have in common: callers at a steady pace, and a rollout followed to a state."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from modelward import ModelRegistry

HERE = Path(__file__).parent
ENDED = ("PROMOTED", "ROLLED_BACK", "LOAD_FAILED", "SUPERSEDED", "CANCELLED")
QUICK: dict[str, Any] = {"steps": (20, 50, 100), "min_dwell": "600ms", "min_samples": 30, "reason": "a scenario"}


class Call(NamedTuple):
    """A request that is over, with times of the monotonic clock in seconds; status 0 when no answer came."""

    sent: float
    answered: float
    status: int
    version: str
    prediction: str
    key: str


class Callers:
    """Threads that send together ``rate`` requests a second, each on a connection of its own, until the ``with`` block ends.

    With ``keys`` a third of them has one of four keys a thread; a key is evidence once only, so the others have none."""

    def __init__(self, url: str, endpoint: str, rate: float = 250, threads: int = 24, keys: bool = False) -> None:
        self._address, self._path = urlsplit(url).netloc, f"/predict/{endpoint}"
        self._gap, self._keys = threads / rate, keys
        self._stop = threading.Event()
        self.calls: list[Call] = []
        self.sent = 0
        self._counting = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(threads)]

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _run(self, number: int) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=20)
        due = time.monotonic() + self._gap * number / len(self._threads)
        turn = 0
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            key = f"caller-{number}-{turn % 12}" if self._keys and turn % 3 == 0 else ""
            self._one(connection, number * 100_000 + turn, key)
            turn += 1
            due = max(due + self._gap, time.monotonic() - 1)
        connection.close()

    def _one(self, connection: http.client.HTTPConnection, first: int, key: str) -> None:
        body: dict[str, Any] = {"instances": [[first, 1, 1]], **({"key": key} if key else {})}
        with self._counting:
            self.sent += 1
        sent, status, answer = time.monotonic(), 0, {}
        try:
            connection.request("POST", self._path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            data = response.read()
            status, answer = response.status, json.loads(data)
        except (OSError, ValueError, http.client.HTTPException):
            connection.close()
            time.sleep(0.02)
        # An answer may say that its record could not be kept: then there is nothing to look up.
        kept = answer.get("logged", True)
        found = answer.get("model_version", ""), answer.get("prediction_id", "") if kept else ""
        self.calls.append(Call(sent, time.monotonic(), status, *found, key))

    def since(self, moment: float) -> list[Call]:
        """Those sent after it that are over."""
        return [call for call in list(self.calls) if call.sent > moment]


def until(registry: ModelRegistry, rollout: str, reached: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
    """The rollout as soon as it is so; fails when it ends before or takes too long."""
    limit = time.monotonic() + seconds
    while True:
        now = registry.rollout_status(rollout)
        if reached(now):
            return now
        assert now["state"] not in ENDED, now
        assert time.monotonic() < limit, now
        time.sleep(0.03)


def worker(name: str, version: str, server: int | None = None) -> int:
    """The process of a version's worker, a child of the given server; its command line ends with the version's name."""
    wanted = f"default/{name}@{version}".encode()
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdigit() or wanted not in (entry / "cmdline").read_bytes().split(b"\0")[-2:]:
                continue
            parent = (entry / "status").read_text().split("PPid:")[1].split()[0]
        except OSError:
            continue
        if server is None or parent == str(server):
            return int(entry.name)
    raise AssertionError(f"no worker of {name}@{version}")


def counted(evidence: dict[str, Any]) -> int:
    """All requests in the ticks of an export, whose numbers are ascending without one twice."""
    numbers = [tick["tick"] for tick in evidence["ticks"]]
    assert numbers == sorted(set(numbers)), numbers
    return sum(tick["errors"][name] for tick in evidence["ticks"] for name in ("n_canary", "n_active"))


def cli(url: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """``./modelward …`` against a server."""
    command = [os.environ["MODELWARD_LAUNCHER"], *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env={**os.environ, "MODELWARD_URL": url})
