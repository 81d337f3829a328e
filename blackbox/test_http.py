"""Requests that two readers could read differently, forged names, and paths that lead elsewhere."""

from __future__ import annotations

import json

import pytest
from modelward.testing import Server
from raw_http import assert_no_leak, call, exchange, request

PREDICT = b'{"instances":[[1,2,3]]}'
SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
JSON = "Content-Type: application/json"


def chunked(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        [f"Content-Length: {len(PREDICT)}", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", f"Content-Length: {len(PREDICT)}"],
        ["Content-Length: 5", f"Content-Length: {len(PREDICT)}"],
        [f"Content-Length: {len(PREDICT)}, 5"],
        ["Transfer-Encoding: xchunked"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding : chunked"],
        ["Content-Length: -1"],
        [f"Content-Length: +{len(PREDICT)}"],
        ["Content-Length: 0x17"],
        ["Content-Length: 99999999999999999999"],
        [f"Content-Length: {len(PREDICT)}", "X-Folded: one\r\n two"],
        [f"Content-Length: {len(PREDICT)}", "X-Nul: a\x00b"],
        [f"Content-Length: {len(PREDICT)}", "X-Bare: a\rb"],
        [f"Content-Length: {len(PREDICT)}", "Bad Name: x"],
        [f"Content-Length: {len(PREDICT)}", ": nameless"],
    ],
    ids=repr,
)
def test_an_ambiguous_request_is_refused_and_nothing_behind_it_is_read(server: Server, sums: str, headers: list[str]) -> None:
    body = chunked(PREDICT) if any("chunked" in line for line in headers) else PREDICT
    answer = exchange(server.url, request("POST", f"/predict/{sums}", body, JSON, *headers) + SMUGGLED)
    assert answer.status in (400, 413, 501), answer
    assert answer.rest == b"", "the bytes behind a refused request were answered"
    assert_no_leak(answer)


@pytest.mark.parametrize(
    "data",
    [
        b"GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /livez\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"G\x00T /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["a version to come", "HTTP/0.9", "TLS", "NUL", "long header", "long target", "two hosts", "no host", "no path", "a star"],
)
def test_what_is_no_http_request_is_a_client_error(server: Server, data: bytes) -> None:
    answer = exchange(server.url, data)
    assert 400 <= answer.status < 500 or answer.status in (501, 505), answer
    assert_no_leak(answer)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["every line", "one line"])
def test_a_bare_lf_ends_no_line(server: Server, end: bytes) -> None:
    data = b"GET /livez HTTP/1.1" + end + b"Host: localhost\nX-Other: a" + end + end
    assert exchange(server.url, data).status == 400


def test_a_header_hidden_behind_a_bare_lf_does_not_frame_a_second_request(server: Server, sums: str) -> None:
    hidden = [f"Content-Length: {len(chunked(PREDICT))}", "X-Other: a\nTransfer-Encoding: chunked"]
    answer = exchange(server.url, request("POST", f"/predict/{sums}", chunked(PREDICT), JSON, *hidden) + SMUGGLED)
    assert answer.status == 400 and answer.rest == b"", answer


@pytest.mark.parametrize("body", [b"zz\r\nxx\r\n0\r\n\r\n", b"-1\r\n\r\n0\r\n\r\n", b"fffffffffffffffff\r\n", b"5\r\nabcdefgh\r\n0\r\n\r\n"])
def test_broken_chunks_are_a_client_error(server: Server, sums: str, body: bytes) -> None:
    answer = exchange(server.url, request("POST", f"/predict/{sums}", body, JSON, "Transfer-Encoding: chunked"))
    assert answer.status == 400, answer
    assert_no_leak(answer)


def test_a_chunked_prediction_is_answered(server: Server, sums: str) -> None:
    answer = exchange(server.url, request("POST", f"/predict/{sums}", chunked(PREDICT), JSON, "Transfer-Encoding: chunked"))
    assert json.loads(answer.body)["predictions"] == [6.0]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "169.254.169.254", "0.0.0.0", "[::2]"])
@pytest.mark.parametrize("port", ["", ":80"])
def test_a_forged_host_is_misdirected(server: Server, host: str, port: str) -> None:
    answer = exchange(server.url, request("GET", "/api/v1/models", host=host + port))
    assert answer.status == 421
    assert answer.problem()["field"] == "Host"


def test_an_absolute_target_does_not_get_around_the_host_check(server: Server) -> None:
    assert exchange(server.url, request("GET", "http://evil.example/api/v1/models")).status in (400, 421)


def test_its_own_names_are_answered(server: Server) -> None:
    port = server.url.rsplit(":", 1)[1]
    for host in ("localhost", f"localhost:{port}", f"127.0.0.1:{port}", "LOCALHOST"):
        assert exchange(server.url, request("GET", "/livez", host=host)).status == 200


BAD_PATHS = [
    "../secret", "a/../b", "a/..", "./a", "a/./b", "%2e%2e/secret", "a/%2e%2e/b", "..%2fsecret", "%2e%2e%2fsecret", "a%2f..%2fb", "..%5csecret",
    "%2fetc%2fpasswd", "/etc/passwd", "a//b", "a/", "", "%00", "a%00.txt", "a%0ab", "%7f", "C:%5cx", "C:/x", "%ff", "%c0%ae%c0%ae/x", "%ed%a0%80",
    "a%", "a%2", "a%zz", "e%cc%81", "x" * 256, "/".join(["x" * 200] * 6), "a;b=c/../d", "a%5cb",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD_PATHS, ids=lambda path: path[:20] or "empty")
def test_a_path_that_is_not_plain_is_refused_and_stores_nothing(server: Server, path: str) -> None:
    draft = json.loads(call(server.url, "POST", "/api/v1/models/default/paths/drafts", {}).body)["id"]
    target = f"/api/v1/drafts/{draft}/files/{path}"
    answer = exchange(server.url, request("PUT", target, b"data", "Content-Type: application/octet-stream"))
    assert 400 <= answer.status < 500, answer
    assert_no_leak(answer)
    assert json.loads(call(server.url, "GET", f"/api/v1/drafts/{draft}").body)["files"] == []


@pytest.mark.parametrize("raw", [b"/api/v1/models/\xff\xfe", b"/api/v1/models/a b", b"/api/v1/models/default/a^b", b"/api/v1/models/default/a?b=%zz"])
def test_a_raw_target_that_is_no_uri_is_a_client_error(server: Server, raw: bytes) -> None:
    answer = exchange(server.url, request("GET", raw))
    assert 400 <= answer.status < 500, answer
    assert_no_leak(answer)


@pytest.mark.parametrize("path", ["../../../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/format", "..%2f..%2f..%2fformat", ".modelward/../../x"])
def test_a_download_never_leaves_its_version(server: Server, sums: str, path: str) -> None:
    answer = exchange(server.url, request("GET", f"/api/v1/models/default/{sums}/versions/1.0.0/files/{path}"))
    assert 400 <= answer.status < 500, answer
    assert b"root:" not in answer.body
    assert_no_leak(answer)


def test_unknown_addresses_and_methods_are_problems(server: Server) -> None:
    assert call(server.url, "GET", "/nothing/here").problem()["status"] == 404
    refused = call(server.url, "DELETE", "/api/v1/models")
    assert refused.status == 405 and refused.problem()
    assert call(server.url, "GET", "/predict/sums").status == 405


@pytest.mark.parametrize("namespace", ["api", "v1", "predict", "metrics", "ui", "hf", "datasets", "-x", "x" * 200, "%2e%2e", "a%2fb", "%00", "é"])
def test_a_reserved_or_malformed_namespace_is_refused(server: Server, namespace: str) -> None:
    target = f"/api/v1/models/{namespace}/m/drafts".encode()
    answer = exchange(server.url, request("POST", target, b"{}", JSON))
    assert 400 <= answer.status < 500, answer
    assert_no_leak(answer)
