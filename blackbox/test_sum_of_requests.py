"""Many requests at once, each within its own limit: their sum is bounded, and small requests do not notice."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy
import pytest

from conftest import HERE, serve
from modelward import ModelRegistry
from modelward.testing import Server
from raw_http import call, parse, request

sys.path[:0] = [str(HERE), str(HERE / "soak")]
import flood  # noqa: E402
import greedy_models  # noqa: E402

REFUSED = {"200", "400", "408", "413", "422", "429", "503"}


def memory_in_use(url: str) -> dict[str, float]:
    """By share, the bytes that requests hold."""
    text = call(url, "GET", "/metrics").body.decode()
    return {share: float(used) for share, used in re.findall(r'modelward_request_memory_used_bytes\{share="([^"]+)"\} (\S+)', text)}


@pytest.mark.alone
def test_a_flood_of_large_bodies_ends_nothing_and_leaves_nothing(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "sums", odd.Sums(), odd)
    report = flood.run(server.url, server.pid, "sums", 8, seed=3, bodies_each=1)
    assert server.exit_code is None, server.log_end()
    assert len(report.small) > 20 and not report.small_failed
    assert len(report.live) > 20 and not report.live_failed
    # A sender who is refused early may see its connection end before it reads the answer.
    statuses = {name.split(" ", 1)[1] for name in report.sent}
    assert statuses & {"429", "413"}, "the flood met no limit, so it tried nothing"
    assert statuses <= REFUSED | {"cut off", "ConnectionResetError", "BrokenPipeError"}, report.sent
    until = time.monotonic() + 20
    while any(memory_in_use(server.url).values()) and time.monotonic() < until:
        time.sleep(0.2)
    assert memory_in_use(server.url) == dict.fromkeys(
        ["small predictions", "large predictions", "answers", "documents", "mlflow"], 0.0
    )
    assert "memory for requests: " in server.log.read_text()


def test_a_request_of_many_rows_is_computed_in_slices_and_answered_as_a_whole(registry: ModelRegistry, sums: str) -> None:
    rows = numpy.random.default_rng(5).integers(-1000, 1000, (30_011, 3)).astype(float)
    taken: list[float] = []
    stop = threading.Event()

    def beside() -> None:
        other = ModelRegistry(registry.url)
        while not stop.is_set():
            other.predict(sums, [[1, 2, 3]])
            taken.append(time.monotonic())
        other.close()

    thread = threading.Thread(target=beside)
    thread.start()
    try:
        answers = [registry.predict(sums, rows.tolist())["predictions"] for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    for answer in answers:
        assert answer == rows.sum(axis=1).tolist()
    assert len(taken) > 3


def test_no_answer_and_no_body_is_held_before_it_is_counted(start: Callable[..., Server]) -> None:
    server = start()
    registry = ModelRegistry(server.url)
    serve(registry, "wide", greedy_models.Wide(), greedy_models)
    many = b",".join([b"[1,2,3]"] * 200_000)
    bodies = {
        "many rows whose answers are wide": b'{"instances":[' + many + b"]}",
        "one row whose answer has many numbers": b'{"instances":[[4,0,0]]}',
        "a few rows whose answers are matrices": b'{"instances":[[2,0,0],[2,0,0],[2,0,0]]}',
        "an axis of length 0": b'{"instances":[' + b",".join([b"[3,0,0]"] * 200) + b"]}",
        "a body of many members": b"{" + b",".join(b'"%x":true' % number for number in range(2_000_000)) + b"}",
        "a body of one long text": b'{"instances":"' + "ä".encode() * 15_000_000 + b'"}',
    }
    for name, body in bodies.items():
        answers = [call(server.url, "POST", "/predict/wide", body) for _ in range(2)]
        assert server.exit_code is None, (name, server.log_end())
        for answer in answers:
            assert answer.status in (400, 413, 422, 429) or (
                answer.status == 500 and answer.problem()["error"] in ("AnswerTooLarge", "AnswerShape", "AnswerValue", "WorkerDied")
            ), (name, answer.status, answer.body[:300])
    assert call(server.url, "POST", "/predict/wide", {"instances": [[1, 2, 3]]}).status == 200
    until = time.monotonic() + 20
    while any(memory_in_use(server.url).values()) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any(memory_in_use(server.url).values())


def test_an_answer_that_nobody_reads_is_given_up(start: Callable[..., Server], odd: Any) -> None:
    server = start()
    serve(ModelRegistry(server.url), "sums", odd.Sums(), odd)
    parts = urlsplit(server.url)
    # More than the 4 MiB that the system takes in for a caller who does not read.
    body = json.dumps({"instances": [[0.123456789012345, 2, 3]] * 300_000}).encode()
    for attempt in range(5):
        silent = socket.socket()
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect((parts.hostname, parts.port))
        silent.sendall(request("POST", "/predict/sums", body, "Content-Type: application/json"))
        # By then it has been computed, or the request timeout is over, as may be on a busy machine.
        time.sleep(3)
        if memory_in_use(server.url)["answers"] > 0:
            break
        assert b" 504 " in silent.recv(20), "the answer waits for its reader"
        silent.close()
    assert memory_in_use(server.url)["answers"] > 0, f"the answer waits for its reader, in attempt {attempt}"
    silent.close()
    until = time.monotonic() + 15
    while memory_in_use(server.url)["answers"] > 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert memory_in_use(server.url)["answers"] == 0
    assert call(server.url, "POST", "/predict/sums", {"instances": [[1, 2, 3]]}).status == 200


def test_a_body_that_does_not_arrive_is_a_408_in_time(server: Server, sums: str) -> None:
    parts = urlsplit(server.url)
    waiting = []
    for address in ("/predict/sums", "/api/v1/endpoints/sums/flip", "/api/2.0/mlflow/experiments/create", "/api/v1/verify"):
        connection = socket.create_connection((parts.hostname, parts.port), 30)
        head = request("POST", address, b"", "Content-Type: application/json", "Content-Length: 100")
        connection.sendall(head + b'{"instances":')
        waiting.append((address, connection))
    for address, connection in waiting:
        with connection:
            answer = parse(connection.recv(1 << 16))
        assert answer.status == 408, (address, answer)
        assert b"did not arrive in time" in answer.body


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "x-unknown"])
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/predict/sums"),
        ("PUT", "/api/v1/endpoints/sums"),
        ("POST", "/api/2.0/mlflow/runs/search"),
        ("PUT", "/api/2.0/mlflow-artifacts/artifacts/1/x"),
    ],
)
def test_a_body_in_a_content_coding_is_a_415(server: Server, sums: str, method: str, address: str, coding: str) -> None:
    answer = call(server.url, method, address, {"instances": [[1, 2, 3]]}, f"Content-Encoding: {coding}")
    assert answer.status == 415
    assert b"without a content coding" in answer.body


@pytest.mark.parametrize("header", ["Transfer-Encoding: gzip, chunked", "Content-Type: application/json; charset=utf-16"])
def test_a_body_in_another_transfer_coding_or_charset_is_refused(server: Server, sums: str, header: str) -> None:
    body = b'{"instances":[[1,2,3]]}'
    if header.startswith("Transfer"):
        answer = call(server.url, "POST", "/predict/sums", f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n", header)
    else:
        answer = call(server.url, "POST", "/predict/sums", body, header)
    assert answer.status in (400, 415, 501), answer
    answer.problem()


FOREIGN = [
    "Origin: https://elsewhere.example",
    "Origin: null",
    "Origin: http://localhost.elsewhere.example",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site",
]


def changing_routes() -> list[tuple[str, str]]:
    """Every method and address of docs/api.yaml that is no GET, with something in the place of parameters."""
    text = (HERE.parent / "docs" / "api.yaml").read_text()
    routes, path = [], ""
    for line in text.splitlines():
        if found := re.match(r"  (/\S*):$", line):
            path = re.sub(r"\{[^}]+\}", "x", found.group(1))
        elif found := re.match(r"    (post|put|patch|delete):$", line):
            routes.append((found.group(1).upper(), path))
    assert len(routes) > 15
    return routes


@pytest.mark.parametrize("foreign", FOREIGN)
def test_no_page_of_another_site_changes_anything(server: Server, foreign: str) -> None:
    for method, path in changing_routes():
        answer = call(server.url, method, path, None, foreign)
        assert answer.status == 403, (method, path, answer)
    own = call(server.url, "POST", "/api/v1/endpoints/x/flip", {}, f"Origin: {server.url}", f"Host: {urlsplit(server.url).netloc}")
    assert own.status != 403


def test_a_version_of_http_that_is_not_spoken_is_a_505_in_words_of_its_own(server: Server) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        connection.sendall(b"GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n")
        answer = parse(connection.recv(1 << 16))
    assert answer.status == 505
    assert "HTTP/1.1" in answer.problem()["detail"]
