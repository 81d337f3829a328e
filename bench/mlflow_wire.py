"""Calls of MLflow's protocol with one kept connection for each thread, timed; the same code for every server."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


class Wire:
    """One connection to a server, or one for each call; for one thread. Servers close kept connections that are idle for seconds."""

    def __init__(self, url: str, keep: bool = True) -> None:
        self._address = url.split("//")[1]
        self._keep = keep
        self._connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Asks and waits for the answer; raises when it is not 200."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        status, text = self._exchange(method, API + path, data, headers)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {text[:300]!r}")
        return json.loads(text)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.call("POST", path, body)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.call("GET", f"{path}?{urllib.parse.urlencode(query)}")

    def upload(self, path: str, file: Path) -> None:
        """Sends a file as it lies on the disk."""
        with file.open("rb") as content:
            status, text = self._exchange("PUT", f"{FILES}/{path}", content, {"Content-Length": str(file.stat().st_size)})
        if status != 200:
            raise RuntimeError(f"PUT {path}: {status} {text[:300]!r}")

    def download(self, path: str) -> int:
        """Reads a file and throws it away; how many bytes it had."""
        connection = self._open()
        connection.request("GET", f"{FILES}/{path}")
        answer, size = connection.getresponse(), 0
        while part := answer.read(1 << 20):
            size += len(part)
        if not self._keep:
            self.close()
        return size

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._address, timeout=300, blocksize=1 << 20)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection

    def _exchange(self, method: str, path: str, data: Any, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = self._open()
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.will_close or not self._keep:
            self.close()
        return answer.status, text


@dataclass(frozen=True)
class Timing:
    """Calls of all threads; times are seconds."""

    calls: int
    rate: float
    p50: float
    p99: float


def timed(url: str, act: Callable[[Wire, int], object], calls: int, threads: int = 1, keep: bool = True) -> Timing:
    """Has threads do an act so often together; ``keep`` says whether connections are kept between calls."""
    numbers, lock = iter(range(calls)), threading.Lock()
    taken: list[float] = []
    failures: list[BaseException] = []

    def work() -> None:
        wire, mine = Wire(url, keep), []
        try:
            while (number := following()) is not None and not failures:
                start = time.perf_counter()
                act(wire, number)
                mine.append(time.perf_counter() - start)
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)
        finally:
            wire.close()
            with lock:
                taken.extend(mine)

    def following() -> int | None:
        with lock:
            return next(numbers, None)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - start
    if failures:
        raise failures[0]
    taken.sort()
    return Timing(calls, calls / took, taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))])
