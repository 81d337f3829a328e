"""Steady traffic from a process of its own: ``python traffic.py URL ENDPOINT RATE CONNECTIONS``.

It is open: RATE requests begin every second, also while others wait for their answers, as callers do who know nothing of each other. A request
takes a connection that is free, and a new one when none is. Each carries a random row of scikit-learn's iris data.

Standard output has a line for each request that is over: ``sent answered status version prediction-id error``, with times in nanoseconds of the
monotonic clock, which all processes of a Linux machine share. ``sent`` is when it was due, so that a late sender does not flatter the server.
The traffic ends when standard input does, after what is on its way.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import sys
import time
from typing import Any
from urllib.parse import urlsplit

MOST_CONNECTIONS = 600
FLUSH_S = 0.1
LAST_ANSWERS_S = 15.0


class Connection:
    """A kept connection and the request on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0
        self.received = b""

    def answer(self) -> tuple[int, bytes] | None:
        """Status and body, once they are whole. Raises when the connection ends before."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the connection was closed")
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return None
        at = head.lower().find(b"content-length:")
        if at < 0 or len(body) < int(head[at + 15 :].split(b"\r\n", 1)[0]):
            return None
        self.received = b""
        return int(head.split(b" ", 2)[1]), body


class Traffic:
    """One thread for all connections."""

    def __init__(self, url: str, endpoint: str, rate: float, connections: int) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), int(parts.port or 80))
        self._requests = [_request(parts.netloc, endpoint, row) for row in iris_rows()]
        self._gap = int(1e9 / rate)
        self._selector = selectors.DefaultSelector()
        self._free = [self._connect() for _ in range(connections)]
        self._count = connections
        self._lines: list[str] = []

    def _connect(self) -> Connection:
        connection = Connection(self._address)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        return connection

    def run(self) -> None:
        self._selector.register(sys.stdin, selectors.EVENT_READ, None)
        due = flushed = time.monotonic_ns()
        stop_at: int | None = None
        while True:
            now = time.monotonic_ns()
            while stop_at is None and due <= now:
                self._send(due)
                due += self._gap
            if now - flushed > FLUSH_S * 1e9:
                self._flush()
                flushed = now
            if stop_at is not None and (now > stop_at or len(self._free) == self._count):
                break
            for key, _ in self._selector.select(max(0.0, min(FLUSH_S, (due - time.monotonic_ns()) / 1e9)) if stop_at is None else FLUSH_S):
                if key.data is not None:
                    self._receive(key.data)
                elif not sys.stdin.buffer.read1(1024):
                    self._selector.unregister(sys.stdin)
                    stop_at = time.monotonic_ns() + int(LAST_ANSWERS_S * 1e9)
        self._flush()

    def _send(self, due: int) -> None:
        if not self._free and self._count >= MOST_CONNECTIONS:
            self._over(due, 0, b"all connections wait")
            return
        try:
            if self._free:
                connection = self._free.pop()
            else:
                connection = self._connect()
                self._count += 1
            connection.due = due
            connection.socket.sendall(random.choice(self._requests))
        except OSError as broken:
            self._over(due, 0, str(broken).encode())
            if "connection" in locals():
                self._drop(connection)

    def _receive(self, connection: Connection) -> None:
        try:
            answer = connection.answer()
        except OSError as broken:
            if connection not in self._free:
                self._over(connection.due, 0, str(broken).encode())
            else:
                self._free.remove(connection)
            self._drop(connection)
            return
        if answer is not None:
            self._free.append(connection)
            self._over(connection.due, *answer)

    def _drop(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        self._count -= 1

    def _over(self, due: int, status: int, body: bytes) -> None:
        answered = time.monotonic_ns()
        found: dict[str, Any] = {}
        try:
            found = json.loads(body)
        except ValueError:
            pass
        version, prediction = found.get("model_version", "-"), found.get("prediction_id", "-")
        error = "" if status == 200 else (found.get("detail") or body.decode(errors="replace"))[:200].replace("\n", " ")
        self._lines.append(f"{due} {answered} {status} {version} {prediction} {error}\n")

    def _flush(self) -> None:
        sys.stdout.write("".join(self._lines))
        sys.stdout.flush()
        self._lines.clear()


def iris_rows() -> list[list[float]]:
    """The data set's 150 rows."""
    from sklearn.datasets import load_iris

    return load_iris().data.tolist()


def _request(host: str, endpoint: str, row: list[float]) -> bytes:
    body = json.dumps({"instances": [row]}).encode()
    head = f"POST /predict/{endpoint} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


if __name__ == "__main__":
    try:
        Traffic(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])).run()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
