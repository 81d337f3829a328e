"""What the client makes of servers and networks that do not behave; the server here is a fake one that plays a script."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelward import Conflict, Invalid, ModelRegistry, ModelwardError, Refused, Unavailable, Unloadable

Reply = Callable[[str], bytes | None]
ANSWER = {"predictions": [1], "model": "default/m", "model_version": "1.0.0", "digest": "sha256:0", "prediction_id": "p"}


def reply(body: Any, status: int = 200, *headers: str, length: int | None = None) -> bytes:
    """A response as bytes; ``length`` claims another Content-Length than the true one."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + data


class Fake:
    """Answers each request by ``act(request line)``; None closes the connection without a byte. Connections are kept."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.headers: list[list[str]] = []
        self.act: Reply = lambda line: reply(ANSWER)
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while line := stream.readline().decode().strip():
                length, headers = 0, []
                while header := stream.readline().decode().strip():
                    headers.append(header.lower())
                    if header.lower().startswith("content-length:"):
                        length = int(header.split(":")[1])
                stream.read(length)
                self.headers.append(headers)
                self.requests.append(line.rsplit(" ", 1)[0])
                answer = self.act(self.requests[-1])
                if answer is None:
                    return
                connection.sendall(answer)
                if b"Connection: close" in answer or b"Content-Length: 9999" in answer:
                    return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    yield server
    server.close()


@pytest.fixture
def client(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelRegistry]:
    monkeypatch.setenv("MODELWARD_CACHE", str(tmp_path / "cache"))
    registry = ModelRegistry(fake.url, timeout=2)
    yield registry
    registry.close()


def test_connections_are_kept(fake: Fake, client: ModelRegistry) -> None:
    for _ in range(5):
        client.predict("m", [[1]])
    assert fake.connections == 1


def closing_after_one(fake: Fake) -> Reply:
    """Closes a connection at its second request, without a byte of an answer, as a server does that tidied up idle ones."""
    def act(line: str) -> bytes | None:
        return None if len(fake.requests) == 2 else reply(ANSWER)

    return act


def test_a_kept_connection_that_was_closed_meanwhile_is_tried_once_more(fake: Fake, client: ModelRegistry) -> None:
    fake.act = closing_after_one(fake)
    client.predict("m", [[1]])
    assert client.predict("m", [[1]])["prediction_id"] == "p"
    assert len(fake.requests) == 3 and fake.connections == 2


def test_a_flip_is_never_sent_twice(fake: Fake, client: ModelRegistry) -> None:
    fake.act = lambda line: None if "flip" in line or "rollback" in line else reply(ANSWER)
    client.predict("m", [[1]])
    for move in (lambda: client.flip("m", "1.0.0", reason="r"), lambda: client.rollback("m", reason="r")):
        with pytest.raises(Unavailable):
            move()
    assert len(fake.requests) == 3


def test_a_first_connection_that_is_closed_is_not_tried_again(fake: Fake, client: ModelRegistry) -> None:
    fake.act = lambda line: None
    with pytest.raises(Unavailable, match="broke off"):
        client.predict("m", [[1]])
    assert len(fake.requests) == 1


def test_an_answer_that_breaks_off_is_not_tried_again(fake: Fake, client: ModelRegistry) -> None:
    client.predict("m", [[1]])
    fake.act = lambda line: reply(b'{"predictions": [', length=9999)
    with pytest.raises(Unavailable):
        client.predict("m", [[1]])
    assert len(fake.requests) == 2


def test_a_server_that_says_nothing_is_unavailable_after_the_timeout(fake: Fake, client: ModelRegistry) -> None:
    release = threading.Event()
    fake.act = lambda line: None if release.wait(10) else None
    with pytest.raises(Unavailable, match="did not answer within 2 s"):
        client.predict("m", [[1]])
    release.set()


@pytest.mark.parametrize(
    ("status", "members", "kind"),
    [
        (409, {"current": {"revision": 7}}, Conflict),
        (412, {"current": {"revision": 7}}, Conflict),
        (422, {"breaking": [{"path": "input_schema", "what": "was 4, is 3", "verdict": "breaking"}], "least_version": "2.0.0"}, Refused),
        (429, {"retry_after": 3}, Unavailable),
        (500, {"prediction_id": "p"}, ModelwardError),
        (507, {}, ModelwardError),
    ],
)
def test_a_problem_becomes_the_error_that_it_means(
    fake: Fake, client: ModelRegistry, status: int, members: dict[str, Any], kind: type[ModelwardError]
) -> None:
    problem = {"type": "urn:modelward:problem:x", "title": "T", "status": status, "detail": "What to do.", "field": "version", **members}
    fake.act = lambda line: reply(problem, status, "Content-Type: application/problem+json")
    with pytest.raises(kind) as caught:
        client.predict("m", [[1]])
    error = caught.value
    assert (error.status, error.type, error.detail, error.field) == (status, problem["type"], "What to do.", "version")
    assert error.extra == members and "What to do." in str(error)
    for attribute in ("current", "least_version", "breaking", "retry_after"):
        if attribute in members:
            assert getattr(error, attribute) == members[attribute]


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[1]", b'"text"', b"\xff"])
def test_a_proxy_that_knows_no_problems_is_understood(fake: Fake, client: ModelRegistry, body: bytes) -> None:
    fake.act = lambda line: reply(body, 503, "Retry-After: 9")
    with pytest.raises(Unavailable) as caught:
        client.list_versions("m")
    assert caught.value.retry_after == 9 and "503" in str(caught.value)


def test_an_answer_that_is_no_json_is_not_taken_for_one(fake: Fake, client: ModelRegistry) -> None:
    fake.act = lambda line: reply(b"<html>Welcome to the hotel's network</html>")
    with pytest.raises(Unavailable, match="not a Modelward server"):
        client.list_versions("m")


def test_pages_are_followed_to_the_last(fake: Fake, client: ModelRegistry) -> None:
    pages = {"": (["1.0.0", "1.2.0"], "a/b ="), "a%2Fb%20%3D": (["1.10.0"], None)}

    def act(line: str) -> bytes:
        versions, token = pages[line.partition("page_token=")[2]]
        return reply({"versions": [{"version": v} for v in versions], **({"next_page_token": token} if token else {})})

    fake.act = act
    assert client.list_versions("m") == ["1.0.0", "1.2.0", "1.10.0"]


def version_of(content: bytes, sent: bytes, *, digest: str | None = None, length: int | None = None) -> Reply:
    """A version of one file, whose bytes as sent may differ from those in the manifest."""
    file = {"path": "model.joblib", "size": len(content), "sha256": "sha256:" + hashlib.sha256(content).hexdigest()}
    manifest = json.dumps({"card": "sha256:0", "files": [file]}).encode()
    named = digest or "sha256:" + hashlib.sha256(manifest).hexdigest()

    def act(line: str) -> bytes:
        if "/files/" in line:
            return reply(sent, length=length)
        if line.endswith("/manifest"):
            return reply(manifest)
        return reply({"model": "default/m", "version": "1.0.0", "digest": named, "card": {}, "files": [file]})

    return act


@pytest.mark.parametrize(
    "damage",
    [
        {"sent": b"x" * 999 + b"y"},
        {"sent": b"x" * 400, "length": 9999},
        {"sent": b"x" * 400},
        {"sent": b"x" * 1001},
        {"sent": b"x" * 1000, "digest": "sha256:" + "0" * 64},
    ],
    ids=["a flipped byte", "a transfer that breaks off", "fewer bytes", "more bytes", "another manifest"],
)
def test_bytes_that_are_not_those_published_are_never_loaded(
    fake: Fake, client: ModelRegistry, tmp_path: Path, damage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import joblib

    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("damaged bytes were unpickled"))
    fake.act = version_of(b"x" * 1000, **damage)
    with pytest.raises((Unloadable, Unavailable)):
        client.load_model("m", "1.0.0")
    assert not list((tmp_path / "cache").rglob("model.joblib")), "damaged bytes stay in the cache"


def test_a_path_that_leads_out_of_the_version_is_not_written(fake: Fake, client: ModelRegistry, tmp_path: Path) -> None:
    file = {"path": "../../../escaped", "size": 1, "sha256": "sha256:" + hashlib.sha256(b"x").hexdigest()}
    manifest = json.dumps({"card": "sha256:0", "files": [file]}).encode()
    shown = {"model": "default/m", "version": "1.0.0", "digest": "sha256:" + hashlib.sha256(manifest).hexdigest(), "card": {}}
    fake.act = lambda line: reply(b"x") if "/files/" in line else reply(manifest if line.endswith("/manifest") else shown)
    with pytest.raises(Unloadable, match="outside"):
        client.load_model("m", "1.0.0")
    assert not list(tmp_path.rglob("escaped"))


def test_many_threads_share_one_client(fake: Fake, client: ModelRegistry) -> None:
    wrong: list[Any] = []

    def caller() -> None:
        for _ in range(20):
            if client.predict("m", [[1]]) != ANSWER:
                wrong.append(1)

    threads = [threading.Thread(target=caller) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(fake.requests) == 240 and fake.connections <= 24


def test_only_a_repeated_prediction_says_that_it_is_no_evidence(fake: Fake, client: ModelRegistry) -> None:
    fake.act = closing_after_one(fake)
    client.predict("m", [[1]], arm="canary")
    client.predict("m", [[1]])
    assert ["modelward-uncounted: retry" in headers for headers in fake.headers] == [False, False, True]
    assert ["modelward-arm: canary" in headers for headers in fake.headers] == [True, False, False]


def event(state: str, **more: Any) -> bytes:
    """A server-sent event of a rollout."""
    return f"event: rollout\ndata: {json.dumps({'id': 'r-1', 'state': state, **more})}\n\n".encode()


def test_a_stream_that_breaks_is_opened_again_and_nothing_is_told_twice(
    fake: Fake, client: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelward.rollouts._PAUSES", (0, 0, 0))
    streams = [
        reply(b": hello\n\n" + event("RUNNING", step=1) + b"event: other\ndata: {}\n\n" + b"event: rollout\ndata: {", length=9999),
        None,
        reply({"detail": "The server is stopping."}, 503),
        reply(event("RUNNING", step=1) + event("PROMOTED") + event("NEVER")),
    ]
    fake.act = lambda line: streams[len(fake.requests) - 1]
    assert [rollout["state"] for rollout in client.watch("r-1")] == ["RUNNING", "PROMOTED"]
    assert fake.requests == ["GET /api/v1/rollouts/r-1/events"] * 4


def test_a_stream_that_stays_broken_is_given_up(fake: Fake, client: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelward.rollouts._PAUSES", (0, 0))
    fake.act = lambda line: reply(b"")
    with pytest.raises(Unavailable):
        list(client.watch("r-1"))
    assert len(fake.requests) == 3


def test_a_rollout_is_started_with_a_key_that_a_repetition_keeps(fake: Fake, client: ModelRegistry) -> None:
    fake.act = closing_after_one(fake)
    client.predict("m", [[1]])
    client.rollout("m", "1.1.0")
    keys = [[line for line in headers if line.startswith("idempotency-key:")] for headers in fake.headers]
    assert keys[0] == [] and keys[1] == keys[2] and len(keys[1]) == 1


class Refusing:
    """Answers as soon as the headers are there and hangs up at once, whatever is still on its way."""

    def __init__(self, answer: bytes, most: int) -> None:
        self._answer, self._most = answer, most
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                data, length = b"", 0
                while b"\r\n\r\n" not in data:
                    data += connection.recv(1 << 16)
                for line in data.split(b"\r\n\r\n")[0].decode().lower().split("\r\n"):
                    length = int(line.split(":")[1]) if line.startswith("content-length:") else length
                got = len(data.split(b"\r\n\r\n", 1)[1])
                while length <= self._most and got < length:
                    got += len(connection.recv(1 << 16))
                connection.sendall(reply({"id": "d"}, 200, "Connection: close") if length <= self._most else self._answer)
                threading.Event().wait(0.3)

    def close(self) -> None:
        """Listens no longer."""
        self._listener.close()


@pytest.mark.parametrize("megabytes", [3, 40])
def test_a_refusal_of_a_body_that_is_not_sent_whole_is_heard(megabytes: int, tmp_path: Path) -> None:
    problem = {"status": 413, "detail": "The body has at most 2 MiB here.", "type": "urn:modelward:problem:too-large"}
    server = Refusing(reply(problem, 413, "Connection: close"), 2 << 20)
    registry = ModelRegistry(server.url, timeout=10)
    for _ in range(3):
        with pytest.raises(Invalid, match="at most 2 MiB") as error:
            registry.predict("m", [["x" * 1000] * 1000] * megabytes)
        assert error.value.status == 413
    (tmp_path / "model.bin").write_bytes(bytes(megabytes << 20))
    with pytest.raises(Invalid, match="at most 2 MiB"):
        registry.publish("m", tmp_path / "model.bin", {})
    registry.close()
    server.close()
