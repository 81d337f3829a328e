"""Webhooks, made by MLflow's own client and received on a socket of our own. Runs in the client's environment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_HTTP_REQUEST_MAX_RETRIES="1")

from mlflow import MlflowClient  # noqa: E402
from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent, WebhookStatus  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward.testing import Server  # noqa: E402
from test_mlflow_wire import API, call, post  # noqa: E402

names = (f"hook-{number}" for number in itertools.count())
SECRET = "a secret of ours"
CREATED = "registered_model.created"
ALL = [
    CREATED,
    "model_version.created",
    "model_version_tag.set",
    "model_version_tag.deleted",
    "model_version_alias.created",
    "model_version_alias.deleted",
]
PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://localhost.localdomain./",
    "http://0.0.0.0/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://user@8.8.8.8/",
    "http://8.8.8.8@127.0.0.1/",
    "http://127.0.0.1./",
    "ftp://8.8.8.8/",
    "file:///etc/passwd",
]


class Receiver:
    """A real receiver; it answers the statuses that are lined up, else 200, and keeps what it got."""

    def __init__(self, port: int = 0) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.location = ""
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                self.send_response(status)
                if status // 100 == 3:
                    self.send_header("Location", receiver.location)
                self.end_headers()
                self.wfile.write(b"answered " + b"x" * 5000)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in list(self.got)]

    def wait(self, count: int, seconds: float = 30) -> list[dict[str, Any]]:
        """What it got, when it is so many."""
        end = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.got) >= count, f"{len(self.got)} of {count} deliveries came"
        return self.bodies()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def signed(headers: dict[str, str], body: bytes) -> bool:
    """Whether the signature is that of the secret, worked out from the description alone."""
    content = f"{headers['X-MLflow-Delivery-Id']}.{headers['X-MLflow-Timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(SECRET.encode(), content, hashlib.sha256).digest()).decode()
    return headers["X-MLflow-Signature"] == f"v1,{mac}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.fixture(scope="module")
def open_configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("webhooks") / "modelward.properties"
    file.write_text("webhooks.allow-private = true\n")
    return file


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, open_configuration: Path) -> Iterator[Server]:
    """A server whose operator allows private addresses."""
    with Server(tmp_path_factory.mktemp("opened") / "data", "--config", str(open_configuration)) as running:
        yield running


@pytest.fixture
def client(opened: Server) -> Iterator[MlflowClient]:
    client = MlflowClient(opened.url)
    yield client
    for hook in client.list_webhooks(max_results=1000):
        client.delete_webhook(hook.webhook_id)


def shown(server: Server, webhook_id: str) -> dict[str, Any]:
    status, answer = call(server, "GET", f"{API}/webhooks/{webhook_id}")
    assert status == 200
    return answer["webhook"]


def until(check: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
    return found


def test_webhooks_are_made_listed_changed_and_deleted(client: MlflowClient) -> None:
    made = client.create_webhook("first", "https://hooks.example/in", ALL, description="d", secret=SECRET)
    assert (made.name, made.url, made.description, made.status) == ("first", "https://hooks.example/in", "d", WebhookStatus.ACTIVE)
    assert [str(event) for event in made.events] == ALL
    for _ in range(4):
        client.create_webhook(next(names), "https://hooks.example/", [CREATED])
    page = client.list_webhooks(max_results=3)
    rest = client.list_webhooks(max_results=3, page_token=page.token)
    assert len(page) == 3 and len(rest) == 2 and not rest.token and rest[-1].webhook_id == made.webhook_id
    changed = client.update_webhook(made.webhook_id, status=WebhookStatus.DISABLED, events=[CREATED])
    assert (changed.name, changed.status, len(changed.events)) == ("first", WebhookStatus.DISABLED, 1)
    assert client.get_webhook(made.webhook_id).description == "d"
    client.delete_webhook(made.webhook_id)
    for use in [client.get_webhook, client.delete_webhook, client.test_webhook]:
        with pytest.raises(MlflowException) as gone:
            use(made.webhook_id)
        assert gone.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_every_event_of_mlflow_arrives_signed_in_order_with_its_shape(client: MlflowClient, receiver: Receiver) -> None:
    client.create_webhook(next(names), receiver.url, ALL, secret=SECRET)
    name = next(names)
    client.create_registered_model(name, tags={"a": "b"}, description="about")
    version = client.create_model_version(name, "s3://bucket/model", tags={"c": "d"}, description="one").version
    client.set_model_version_tag(name, version, "k", "v")
    client.delete_model_version_tag(name, version, "k")
    client.set_registered_model_alias(name, "champion", version)
    client.delete_registered_model_alias(name, "champion")
    got = receiver.wait(6)
    assert [f"{body['entity']}.{body['action']}" for body in got] == ALL
    assert all(signed(headers, body) for headers, body in receiver.got)
    assert all(set(body) == {"entity", "action", "timestamp", "data"} for body in got)
    data = [body["data"] for body in got]
    assert data[0] == {"name": name, "tags": {"a": "b"}, "description": "about"}
    created = {"name": name, "version": "1", "source": "s3://bucket/model", "run_id": None, "tags": {"c": "d"}, "description": "one"}
    assert created.items() <= data[1].items()
    assert data[2] == {"name": name, "version": "1", "key": "k", "value": "v"}
    assert data[3] == {"name": name, "version": "1", "key": "k"}
    assert data[4] == {"name": name, "alias": "champion", "version": "1"}
    assert data[5] == {"name": name, "alias": "champion"}
    assert len({headers["X-MLflow-Delivery-Id"] for headers, _ in receiver.got}) == 6


def test_our_own_events_arrive_and_clients_can_still_read_the_webhook(opened: Server, client: MlflowClient, receiver: Receiver) -> None:
    own = [{"entity": "MODEL_VERSION", "action": "UPDATED"}, {"entity": 1, "action": 3}]
    body = {"name": next(names), "url": receiver.url, "events": [{"entity": "MODEL_VERSION_TAG", "action": "SET"}, *own]}
    status, answer = post(opened, "/webhooks", body)
    assert status == 200
    hook = client.get_webhook(answer["webhook"]["webhook_id"])
    assert [str(event) for event in hook.events] == ["model_version_tag.set"]
    assert [event["action"] for event in answer["webhook"]["modelward_events"]] == ["UPDATED", "DELETED"]
    name = next(names)
    client.create_registered_model(name)
    client.create_model_version(name, "s3://bucket/model")
    client.transition_model_version_stage(name, "1", "Production")
    client.delete_registered_model(name)
    got = receiver.wait(2)
    assert got[0]["data"]["stage"] == "Production" and got[1]["action"] == "deleted"


def test_bad_input_is_refused_by_name(opened: Server) -> None:
    good = {"name": "good", "url": "https://hooks.example/", "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]}
    bad: list[dict[str, Any]] = [
        {**good, "name": "no good"},
        {**good, "name": ""},
        {**good, "name": 7},
        {**good, "url": ""},
        {**good, "url": "https://" + "x" * 500},
        {**good, "events": []},
        {**good, "events": "all"},
        {**good, "events": [{}]},
        {**good, "events": [{"entity": "REGISTERED_MODEL", "action": "SET"}]},
        {**good, "events": [{"entity": "PROMPT", "action": "CREATED"}]},
        {**good, "events": [{"entity": "ENTITY_UNSPECIFIED", "action": "CREATED"}]},
        {**good, "events": [{"entity": 99, "action": 1}]},
        {**good, "status": "ASLEEP"},
        {**good, "secret": "x" * 1001},
        {**good, "secret": {}},
        {**good, "description": "x" * 1001},
    ]
    for body in bad:
        status, answer = post(opened, "/webhooks", body)
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), body
    for query in ["max_results=0", "max_results=1001", "page_token=%00", "page_token=x"]:
        assert call(opened, "GET", f"{API}/webhooks?{query}")[0] == 400, query
    status, answer = post(opened, "/webhooks", good)
    assert status == 200
    one = f"/webhooks/{answer['webhook']['webhook_id']}"
    assert call(opened, "PATCH", API + one, {"url": "gopher://x/"})[0] == 400
    assert post(opened, one + "/test", {"event": {"entity": "MODEL_VERSION", "action": "SET"}})[0] == 400
    assert post(opened, "/webhooks", good, {"Content-Type": "application/json", "Origin": "http://evil.example"})[0] == 403
    assert call(opened, "DELETE", API + one) == (200, {})


def test_a_secret_is_never_shown(opened: Server, client: MlflowClient) -> None:
    hook = client.create_webhook(next(names), "https://hooks.example/in?token=in-the-query", [CREATED], secret=SECRET)
    client.update_webhook(hook.webhook_id, secret=SECRET + " changed")
    texts = [json.dumps(call(opened, "GET", f"{prefix}/webhooks")[1]) for prefix in [API, "/ajax-api/2.0/mlflow"]]
    texts += [json.dumps(shown(opened, hook.webhook_id)), json.dumps(call(opened, "GET", "/api/v1/audit")[1]), opened.log.read_text()]
    assert "webhook.create" in texts[3] and "in-the-query" not in texts[3] + texts[4]
    stored = [file.read_bytes().decode("latin-1") for file in opened.data.iterdir() if file.is_file()]
    assert all(SECRET not in text for text in texts + stored)
    assert (opened.data / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_try_says_what_the_receiver_answered(client: MlflowClient, receiver: Receiver) -> None:
    hook = client.create_webhook(next(names), receiver.url, ["model_version.created"], secret=SECRET)
    result = client.test_webhook(hook.webhook_id)
    assert (result.success, result.response_status, len(result.response_body)) == (True, 200, 1024)
    receiver.statuses = [500]
    event = WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, WebhookAction.CREATED)
    result = client.test_webhook(hook.webhook_id, event)
    assert (result.success, result.response_status) == (False, 500)
    bodies = receiver.bodies()
    assert bodies[0]["data"]["name"] == "example_model" and bodies[1]["entity"] == "model_version_alias"
    assert all(signed(headers, body) for headers, body in receiver.got)
    client.update_webhook(hook.webhook_id, url="http://127.0.0.1:1/")
    result = client.test_webhook(hook.webhook_id)
    assert (result.success, result.response_status) == (False, None) and result.error_message


def test_a_redirect_is_a_failure_that_says_so(opened: Server, client: MlflowClient, receiver: Receiver) -> None:
    receiver.statuses, receiver.location = [302], receiver.url + "/inside"
    hook = client.create_webhook(next(names), receiver.url, [CREATED])
    client.create_registered_model(next(names))
    last = until(lambda: shown(opened, hook.webhook_id).get("last_delivery"))
    assert (last["state"], last["response_status"]) == ("GIVEN_UP", 302) and "redirect" in last["error_message"]
    assert len(receiver.got) == 1


def test_a_failure_that_may_pass_is_tried_again_with_the_same_id(opened: Server, client: MlflowClient, receiver: Receiver) -> None:
    receiver.statuses = [503]
    hook = client.create_webhook(next(names), receiver.url, [CREATED], secret=SECRET)
    client.create_registered_model(next(names))
    receiver.wait(2)
    first, second = (headers["X-MLflow-Delivery-Id"] for headers, _ in receiver.got)
    assert first == second
    until(lambda: shown(opened, hook.webhook_id)["deliveries_waiting"] == 0)
    last = shown(opened, hook.webhook_id)["last_delivery"]
    assert (last["state"], last["tries"], last["delivery_id"]) == ("DELIVERED", 2, first)


def test_a_disabled_webhook_gets_nothing(client: MlflowClient, receiver: Receiver) -> None:
    client.create_webhook(next(names), receiver.url, [CREATED], status=WebhookStatus.DISABLED)
    other = Receiver()
    client.create_webhook(next(names), other.url, [CREATED])
    client.create_registered_model(next(names))
    other.wait(1)
    time.sleep(0.5)
    other.close()
    assert receiver.got == []


def test_a_receiver_that_says_nothing_holds_up_nobody(client: MlflowClient, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client.create_webhook(next(names), f"http://127.0.0.1:{silent.getsockname()[1]}/", [CREATED])
        client.create_webhook(next(names), receiver.url, [CREATED])
        started = time.monotonic()
        for _ in range(20):
            client.create_registered_model(next(names))
        receiver.wait(20, 60)
        # Each of the 20 would take 10 s, the timeout of a delivery, if it waited for the silent receiver.
        assert time.monotonic() - started < 100
        silent.settimeout(10)
        with silent.accept()[0] as held:
            assert b"POST" in held.recv(100), "nobody waited for the silent receiver"


def test_what_was_not_sent_when_the_server_was_killed_is_sent_after_its_start(tmp_path: Path, open_configuration: Path) -> None:
    receiver = Receiver()
    receiver.close()
    server = Server(tmp_path / "data", "--config", str(open_configuration))
    try:
        client = MlflowClient(server.url)
        client.create_webhook("kept", receiver.url, [CREATED], secret=SECRET)
        wanted = [next(names) for _ in range(5)]
        for name in wanted:
            client.create_registered_model(name)
    finally:
        server.kill()
    again = Receiver(receiver.port)
    with Server(tmp_path / "data", "--config", str(open_configuration)) as server:
        got = again.wait(5, 60)
        assert [body["data"]["name"] for body in got] == wanted
        assert all(signed(headers, body) for headers, body in again.got)
    again.close()


def test_without_the_setting_nothing_private_is_reached(server: Server, receiver: Receiver) -> None:
    event = [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]
    for url in [*PRIVATE, receiver.url, f"http://localhost:{receiver.port}/"]:
        status, answer = post(server, "/webhooks", {"name": "private", "url": url, "events": event})
        assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), url
    status, answer = post(server, "/webhooks", {"name": "outside", "url": "https://no-such-name.invalid/", "events": event})
    assert status == 200
    one = f"{API}/webhooks/{answer['webhook']['webhook_id']}"
    assert call(server, "PATCH", one, {"url": receiver.url})[0] == 400
    assert call(server, "DELETE", one)[0] == 200
    assert receiver.got == []


def test_what_was_allowed_before_is_refused_when_it_is_sent(tmp_path: Path, open_configuration: Path, receiver: Receiver) -> None:
    with Server(tmp_path / "data", "--config", str(open_configuration)) as server:
        hook = MlflowClient(server.url).create_webhook("inside", receiver.url, [CREATED])
    with Server(tmp_path / "data") as server:
        client = MlflowClient(server.url)
        client.create_registered_model("a")
        last = until(lambda: shown(server, hook.webhook_id).get("last_delivery"))
        assert last["state"] == "GIVEN_UP" and "not public" in last["error_message"]
        assert client.test_webhook(hook.webhook_id).success is False
    assert receiver.got == []
