"""HTTP over connections that are kept and shared by threads; standard library only."""

from __future__ import annotations

import http.client
import io
import json
import os
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode, urlsplit

from . import credentials
from .encoding import encode
from .errors import Invalid, ModelwardError, Unauthenticated, Unavailable, from_problem

CHUNK = 1 << 20
_MOST_KEPT = 16
_GONE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ConnectionAbortedError)


def path_of(*segments: str) -> str:
    """A path of percent-encoded segments. A slash inside a segment is encoded too, so that it stays within its segment."""
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


class _EarlyAnswer(Exception):
    """The server answered before it had the whole body."""


class _Watched:
    """A body that stops being sent once the server answers or hangs up: what is sent beyond that can destroy the answer on its way."""

    def __init__(self, body: Any, connection: http.client.HTTPConnection) -> None:
        self._body = io.BytesIO(body) if isinstance(body, bytes) else body
        self._connection = connection

    def read(self, _: int = -1) -> bytes:
        sock = self._connection.sock
        # What arrives beneath TLS is not always an answer.
        if sock is not None and not isinstance(sock, ssl.SSLSocket) and _readable(sock):
            raise _EarlyAnswer("the connection was closed while the body was sent")
        return self._body.read(CHUNK)


def _readable(sock: socket.socket) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


class Transport:
    """Sends requests to one server. Safe for any number of threads: each request has a connection to itself while it runs.

    A request that found its kept connection closed, before any byte of an answer, is sent once more on a new one; every
    mutation of the native API may be repeated, so this is safe for all of them. Redirects are not followed, so that a token goes to
    its own server only.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        headers: dict[str, str] | None = None,
        token: str | None = None,
        insecure_http: bool = False,
    ) -> None:
        parts = urlsplit(url if "//" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid(f"{url} is no address of a server; it looks like http://127.0.0.1:8080.", field="url")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._base = parts.path.rstrip("/")
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port = parts.hostname, parts.port
        self._timeout = timeout
        self._headers = headers or {}
        self._credential = credentials.find(token, parts, insecure_http=insecure_http)
        self._lock = threading.Lock()
        self._idle: list[http.client.HTTPConnection] = []
        self._process = os.getpid()

    def close(self) -> None:
        """Closes the kept connections; the transport opens new ones when it is used again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def json(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        again: dict[str, str] | None = None,
        once: bool = False,
    ) -> Any:
        """The parsed answer, or None when it has no body. Raises the error that the problem means.

        ``again`` are headers that only a second attempt carries. ``once`` sends the request at most once, on a connection of its
        own: for what must not happen twice.
        """
        sent: dict[str, str] = {"Accept": "application/json", **(headers or {})}
        data = None
        if body is not None:
            data = encode(body)
            sent["Content-Type"] = "application/json"
        with self._exchange(method, self._target(path, query), lambda: data, sent, again=again, fresh=once) as response:
            return self._parsed(response)

    def pages(self, path: str, member: str, query: dict[str, Any] | None = None, *, page_size: int = 1000) -> Iterator[dict[str, Any]]:
        """The items of a list, page by page, each page asked for when its first item is wanted."""
        token = None
        while True:
            page = self.json("GET", path, query={**(query or {}), "page_size": page_size, "page_token": token})
            yield from page[member]
            token = page.get("next_page_token")
            if not token:
                return

    def put_file(self, path: str, open_body: Callable[[], BinaryIO], headers: dict[str, str]) -> Any:
        """Streams a file as the body; ``open_body`` is called for each attempt. Content-Length is among the headers."""
        with self._exchange("PUT", self._target(path), open_body, {"Accept": "application/json", **headers}) as response:
            return self._parsed(response)

    @contextmanager
    def stream(self, path: str) -> Iterator[http.client.HTTPResponse]:
        """A GET whose answer is read by the caller, piece by piece; only the answer 200 comes back."""
        with self._exchange("GET", self._target(path), lambda: None, {}) as response:
            yield response

    def line(self, response: http.client.HTTPResponse) -> str:
        """The next line of an answer with its end; empty at the answer's end. Raises as ``read`` does."""
        try:
            return response.readline().decode()
        except (OSError, http.client.HTTPException, UnicodeDecodeError) as failure:
            raise self._broken(failure) from failure

    def read(self, response: http.client.HTTPResponse, most: int | None = None) -> bytes:
        """The next bytes of an answer; empty at its end. Raises Unavailable when the connection breaks off."""
        try:
            return response.read() if most is None else response.read(most)
        except (OSError, http.client.HTTPException) as failure:
            raise self._broken(failure) from failure

    def _parsed(self, response: http.client.HTTPResponse) -> Any:
        data = self.read(response)
        if not data:
            return None
        try:
            return json.loads(data)
        except ValueError as failure:
            raise Unavailable("What answered is not a Modelward server: its answer is no JSON.", status=response.status) from failure

    def _error(self, response: http.client.HTTPResponse) -> ModelwardError:
        try:
            problem = json.loads(self.read(response))
        except ValueError:
            problem = None
        error = from_problem(response.status, problem, response.getheader("Retry-After"))
        if isinstance(error, Unauthenticated):
            error.detail = self._credential.refused(self.url, error.detail)
            error.args = (error.detail,)
        return error

    def _target(self, path: str, query: dict[str, Any] | None = None) -> str:
        given = {key: value for key, value in (query or {}).items() if value is not None}
        return self._base + path + ("?" + urlencode(given, quote_via=quote) if given else "")

    @contextmanager
    def _exchange(
        self,
        method: str,
        target: str,
        body: Callable[[], Any],
        headers: dict[str, str],
        *,
        again: dict[str, str] | None = None,
        fresh: bool = False,
    ) -> Iterator[http.client.HTTPResponse]:
        connection, response = self._answered(method, target, body, {**self._headers, **headers}, again or {}, fresh)
        try:
            if response.status >= 300:
                raise self._error(response)
            yield response
        finally:
            if response.isclosed() and not response.will_close:
                self._keep(connection)
            else:
                connection.close()

    def _answered(
        self, method: str, target: str, body: Callable[[], Any], headers: dict[str, str], again: dict[str, str], fresh: bool
    ):
        connection = None if fresh else self._kept()
        reused = connection is not None
        while True:
            connection = connection or self._kind(self._host, self._port, timeout=self._timeout)
            try:
                return connection, self._send(connection, method, target, body(), headers)
            except _GONE as failure:
                connection.close()
                if not reused:
                    raise self._broken(failure) from failure
            except (OSError, http.client.HTTPException) as failure:
                connection.close()
                raise self._broken(failure) from failure
            except BaseException:
                connection.close()
                raise
            connection, reused, headers = None, False, {**headers, **again}

    def _send(self, connection, method: str, target: str, body: Any, headers: dict[str, str]) -> http.client.HTTPResponse:
        try:
            if connection.sock is None:
                connection.connect()
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            failure = None
            sent = body
            if hasattr(body, "read") or (body is not None and len(body) > CHUNK):
                sent = _Watched(body, connection)
                headers = {"Content-Length": str(len(body)), **headers} if isinstance(body, bytes) else headers
            try:
                connection.request(method, target, body=sent, headers={**headers, **self._credential.headers()})
            except (BrokenPipeError, ConnectionResetError, _EarlyAnswer) as broken:
                # A server that refuses a body early answers before it has read all of it: that answer is what counts.
                if body is None:
                    raise
                failure = broken
            try:
                response = connection.getresponse()
            except (OSError, http.client.HTTPException) as silent:
                raise (failure if isinstance(failure, OSError) else silent) from silent
            response.will_close |= failure is not None
            return response
        finally:
            if hasattr(body, "close"):
                body.close()

    def _kept(self) -> http.client.HTTPConnection | None:
        with self._lock:
            if self._process != os.getpid():  # after a fork, the parent's connections are the parent's
                self._idle, self._process = [], os.getpid()
            return self._idle.pop() if self._idle else None

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < _MOST_KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _broken(self, failure: Exception) -> Unavailable:
        if isinstance(failure, TimeoutError):
            return Unavailable(f"The server at {self.url} did not answer within {self._timeout:g} s.")
        if isinstance(failure, ConnectionRefusedError):
            return Unavailable(f"No server answers at {self.url}. Start one with: modelward serve")
        if isinstance(failure, socket.gaierror):
            return Unavailable(f"The host of {self.url} is not known.")
        return Unavailable(f"The connection to {self.url} broke off ({failure or type(failure).__name__}).")
