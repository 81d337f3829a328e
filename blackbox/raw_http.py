"""HTTP as an attacker speaks it: bytes on a socket, and what comes back."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LEAKS = re.compile(
    rb"\.java\b|jetty|java\.|javax?\.|io\.modelward|Traceback|Exception\b|sqlite|\bat [a-z]+\.[a-z]+\.|/(?:work|root|tmp|home|var|usr|proc)/",
    re.IGNORECASE,
)


@dataclass
class Answer:
    """One parsed response, and what came after it on the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    rest: bytes

    def problem(self) -> dict[str, Any]:
        """The body as an RFC 9457 problem that names its kind and leaks nothing of the inside."""
        assert self.headers["content-type"].startswith("application/problem+json"), self
        document = json.loads(self.body)
        assert {"type", "title", "status", "detail"} <= document.keys(), document
        assert document["status"] == self.status
        assert document["type"].startswith("urn:modelward:problem:")
        assert_no_leak(self)
        return document


def assert_no_leak(answer: Answer) -> None:
    """No path, class or trace is in the answer."""
    found = LEAKS.search(answer.body)
    assert not found, f"the answer leaks {found.group()!r}: {answer.body[:500]!r}"


def exchange(url: str, data: bytes, timeout: float = 10.0, *, finish: bool = False, alone: bool = False) -> Answer:
    """Sends bytes and reads until the server is silent or closes; ``finish`` ends the sending side first. One answer that comes ``alone``
    is not waited after."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout) as connection:
        try:
            connection.sendall(data)
            if finish:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = b""
        try:
            while part := connection.recv(1 << 16):
                received += part
                if complete(received):
                    if alone:
                        break
                    connection.settimeout(0.3)  # a second answer would follow at once
        except (TimeoutError, ConnectionResetError):
            pass
    return parse(received)


def complete(data: bytes) -> bool:
    """Whether a whole response is there."""
    try:
        return bool(data) and parse(data) is not None
    except (ValueError, IndexError):
        return False


def parse(data: bytes) -> Answer:
    """The first response of a stream; ValueError when it is not whole."""
    if not data:
        return Answer(0, {}, b"", b"")
    head, mark, rest = data.partition(b"\r\n\r\n")
    if not mark:
        raise ValueError("no end of the header")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = int(headers.get("content-length", 0))
    if headers.get("transfer-encoding") == "chunked" or len(rest) < length:
        raise ValueError("the body is not whole")
    return Answer(int(lines[0].split(" ")[1]), headers, rest[:length], rest[length:])


def request(method: str, target: str | bytes, body: bytes = b"", *headers: str, host: str | None = "localhost") -> bytes:
    """A request as bytes, its target and headers untouched."""
    raw = target if isinstance(target, bytes) else target.encode()
    lines = [*([f"Host: {host}"] if host is not None else []), *headers]
    if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return method.encode() + b" " + raw + b" HTTP/1.1\r\n" + "".join(line + "\r\n" for line in lines).encode("latin-1") + b"\r\n" + body


def call(url: str, method: str, target: str, body: Any = None, *headers: str) -> Answer:
    """An ordinary request with a JSON body, or with bytes as they are."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    if data and not any(line.lower().startswith("content-type") for line in headers):
        headers = (*headers, "Content-Type: application/json")
    return exchange(url, request(method, target, data, *headers), 30.0, alone=True)
