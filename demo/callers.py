"""The process that sends the traffic, and every request of it that is over."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

from say import holds

RATE = 350
CONNECTIONS = 24
RECENT_S = 2.0


class Request(NamedTuple):
    """When it was sent and answered, in ns of the monotonic clock, and what came back; status 0 when nothing did."""

    sent: int
    answered: int
    status: int
    version: str
    prediction: str
    error: str

    @property
    def ms(self) -> float:
        return (self.answered - self.sent) / 1e6


class Callers:
    """Runs ``traffic.py`` and keeps what it reports, in the order of the answers."""

    def __init__(self, url: str, endpoint: str, rate: int = RATE, connections: int = CONNECTIONS) -> None:
        script = Path(__file__).with_name("traffic.py")
        command = [sys.executable, str(script), url, endpoint, str(rate), str(connections)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.requests: list[Request] = []
        self.failed = 0
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            sent, answered, status, version, prediction, *error = line.rstrip("\n").split(" ", 5)
            self.failed += status != "200"
            self.requests.append(Request(int(sent), int(answered), int(status), version, prediction, "".join(error)))

    def settle(self) -> float:
        """Waits until the traffic is steady and answers how many requests are sent a second."""
        until = time.monotonic() + 30
        while not self.requests:
            holds(time.monotonic() < until and self._process.poll() is None, "the traffic did not begin")
            time.sleep(0.05)
        time.sleep(RECENT_S)
        return len(self.sent_between(time.monotonic_ns() - int(1.2e9), time.monotonic_ns() - int(0.2e9)))

    def sent_between(self, start: int, end: int) -> list[Request]:
        """All that were sent in between and are over."""
        found = []
        for request in reversed(self.requests):
            if request.answered < start:
                break
            if start <= request.sent < end:
                found.append(request)
        return found

    def p95(self, version: str, seconds: float = RECENT_S) -> float:
        """Of the version's answers in the last seconds, in ms; NaN when there are none."""
        start = time.monotonic_ns() - int(seconds * 1e9)
        times = []
        for request in reversed(self.requests):
            if request.answered < start:
                break
            if request.version == version:
                times.append(request.ms)
        return p95(times)

    def finish(self) -> None:
        """Ends the traffic after what is on its way."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._reading.join(10)

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def p95(times: list[float]) -> float:
    """NaN of none."""
    return sorted(times)[int(len(times) * 0.95)] if times else math.nan


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3g} %" if whole else "none yet"
