"""What ended badly at other servers, tried against one that knows its callers and has a model that serves."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import row_card
from modelward import ModelRegistry
from modelward.testing import Server

ENDPOINT = "guarded"
WAIT = 20.0


@dataclass
class Guarded:
    """A server with access control on which a rollout is held, and its first administrator's token."""

    server: Server
    administrator: str
    rollout: str

    def call(self, token: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """The status and the body of an answer; without a credential when the token is empty."""
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=WAIT)
        sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **headers}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            # The events of a rollout never end: what came first says enough.
            first = answer.read1() if answer.getheader("Content-Type") == "text/event-stream" else answer.read()
            return answer.status, first
        finally:
            connection.close()

    def grant(self, name: str, role: str, scope: str) -> str:
        wish = {"subject": f"service:{name}", "role": role, "scope": scope}
        status, made = self.call(self.administrator, "POST", "/api/v1/access/grants", wish)
        assert status == 201, made
        return str(json.loads(made)["id"])

    def token(self, name: str, role: str, scope: str) -> str:
        wish = {"name": "a test", "owner": f"service:{name}", "grants": [{"role": role, "scope": scope}], "expires": "1h"}
        status, made = self.call(self.administrator, "POST", "/api/v1/access/tokens", wish)
        assert status == 201, made
        return str(json.loads(made)["token"])

    @property
    def events(self) -> str:
        return f"/api/v1/rollouts/{self.rollout}/events"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, odd: Any) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    with Server(folder / "data") as server:
        registry = ModelRegistry(server.url)
        for version in ("1.0.0", "1.1.0"):
            registry.save_model(ENDPOINT, version, odd.Sums(), row_card(), code=[odd.__file__], reason="a scenario")
        registry.create_endpoint(ENDPOINT, ENDPOINT, "1.0.0", reason="a scenario")
        begun = registry.rollout(ENDPOINT, "1.1.0", steps=(10, 100), min_dwell="1h", min_samples=1000, reason="a scenario")
        registry.close()
    settings = folder / "modelward.properties"
    settings.write_text("access.mode = on\n")
    with Server(folder / "data", "--config", str(settings)) as server:
        lines = server.log.read_text().splitlines()
        bootstrap = next(line.rsplit(" ", 1)[1] for line in lines if line.startswith("Bootstrap token"))
        yield Guarded(server, bootstrap, begun["id"])


def read_to_the_end(answer: http.client.HTTPResponse) -> None:
    """Fails when the answer goes on: its rollout does, so it says something at least every few seconds, and then it times out."""
    limit = time.monotonic() + WAIT
    try:
        while answer.read1():
            assert time.monotonic() < limit
    except (http.client.IncompleteRead, ConnectionError):
        pass  # It was cut, which is an end too.


def test_cve_2026_25714_a_limited_token_opens_no_stream_of_another_endpoint(guarded: Guarded) -> None:
    guarded.grant("streams", "reader", "endpoint:*")
    narrow, wide = guarded.token("streams", "reader", "endpoint:other"), guarded.token("streams", "reader", f"endpoint:{ENDPOINT}")
    assert guarded.call(wide, "GET", guarded.events)[0] == 200
    basic = base64.b64encode(f"anybody:{narrow}".encode()).decode()
    for path in (guarded.events, guarded.events.replace("/events", ""), guarded.events.replace("/events", "/evidence")):
        assert guarded.call(narrow, "GET", path)[0] == 404
        assert guarded.call("", "GET", path, Authorization=f"Basic {basic}")[0] == 404
        assert guarded.call("", "GET", f"{path}?token={wide}&access_token={wide}")[0] == 401
        assert guarded.call("", "GET", path, Cookie=f"__Host-modelward={wide}")[0] == 401
    # Who may steer no rollout at all is told so before the rollout is looked for.
    assert guarded.call(narrow, "POST", guarded.events.replace("/events", "/abort"), {"reason": "a test"})[0] == 403


def test_cve_2026_27775_a_stream_ends_when_the_role_is_taken_away(guarded: Guarded) -> None:
    role = guarded.grant("watcher", "reader", f"endpoint:{ENDPOINT}")
    token = guarded.token("watcher", "reader", f"endpoint:{ENDPOINT}")
    connection = http.client.HTTPConnection(urlsplit(guarded.server.url).netloc, timeout=WAIT)
    try:
        connection.request("GET", guarded.events, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.readline().startswith(b"event: rollout")
        assert guarded.call(guarded.administrator, "DELETE", f"/api/v1/access/grants/{role}")[0] == 204
        taken = time.monotonic()
        read_to_the_end(answer)
        assert time.monotonic() - taken < WAIT
    finally:
        connection.close()
    # The token may look at nothing any more.
    assert guarded.call(token, "GET", guarded.events)[0] == 403
    # Another one's stream goes on.
    assert guarded.call(guarded.administrator, "GET", guarded.events)[0] == 200


def test_cve_2026_27775_a_stream_ends_when_the_token_is_revoked(guarded: Guarded) -> None:
    guarded.grant("revoked", "reader", f"endpoint:{ENDPOINT}")
    token = guarded.token("revoked", "reader", f"endpoint:{ENDPOINT}")
    identity = json.loads(guarded.call(token, "GET", "/api/v1/access/whoami")[1])["token_id"]
    connection = http.client.HTTPConnection(urlsplit(guarded.server.url).netloc, timeout=WAIT)
    try:
        connection.request("GET", guarded.events, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.readline().startswith(b"event: rollout")
        assert guarded.call(guarded.administrator, "DELETE", f"/api/v1/access/tokens/{identity}")[0] == 204
        read_to_the_end(answer)
    finally:
        connection.close()
    assert guarded.call(token, "GET", guarded.events)[0] == 401


def test_cve_2025_15381_predictions_are_told_to_those_only_who_may_audit_them(guarded: Guarded) -> None:
    guarded.grant("caller", "predictor", f"endpoint:{ENDPOINT}")
    predictor = guarded.token("caller", "predictor", f"endpoint:{ENDPOINT}")
    status, answered = guarded.call(predictor, "POST", f"/predict/{ENDPOINT}", {"instances": [[1, 2, 3]]})
    assert status == 200, answered
    record = f"/api/v1/predictions/{json.loads(answered)['prediction_id']}"
    guarded.grant("auditor", "auditor", f"endpoint:{ENDPOINT}")
    auditor = guarded.token("auditor", "auditor", f"endpoint:{ENDPOINT}")
    limit = time.monotonic() + WAIT
    while guarded.call(auditor, "GET", record)[0] != 200:
        assert time.monotonic() < limit
        time.sleep(0.1)
    guarded.grant("elsewhere", "auditor", "endpoint:other")
    for other in (predictor, guarded.token("elsewhere", "auditor", "endpoint:other")):
        for path in (record, f"{record}/trace"):
            assert guarded.call(other, "GET", path)[0] in (403, 404)
        status, listed = guarded.call(other, "GET", "/api/v1/predictions")
        assert status == 403 or ENDPOINT.encode() not in listed
    assert guarded.call(auditor, "POST", f"/predict/{ENDPOINT}", {"instances": [[1, 2, 3]]})[0] == 403


def test_a_token_is_printed_once_and_is_nowhere_in_the_data(guarded: Guarded) -> None:
    log = guarded.server.log.read_text()
    assert log.count(guarded.administrator) == 1
    token = guarded.token("streams", "reader", f"endpoint:{ENDPOINT}")
    kept = [file.read_bytes() for file in Path(guarded.server.data).rglob("*") if file.is_file()]
    assert any(b"catalog" in content or b"SQLite" in content for content in kept)
    for secret in (guarded.administrator, token):
        assert not any(secret.encode() in content for content in kept)
