"""What callers get wrong: each mistake is a client error that names the field and says nothing of the inside."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import row_card
from modelward import Invalid, ModelRegistry, NotFound, Refused
from modelward.testing import Server
from raw_http import Answer, call, exchange, request

OCTETS = "Content-Type: application/octet-stream"


def predict(server: Server, endpoint: str, body: Any, *headers: str) -> Answer:
    return call(server.url, "POST", f"/predict/{endpoint}", body, *headers)


def new_draft(server: Server, model: str = "bad-input") -> str:
    return json.loads(call(server.url, "POST", f"/api/v1/models/default/{model}/drafts", {}).body)["id"]


def put(server: Server, draft: str, path: str, data: bytes, *headers: str) -> Answer:
    return call(server.url, "PUT", f"/api/v1/drafts/{draft}/files/{path}", data, OCTETS, *headers)


def files(server: Server, draft: str) -> list[dict[str, Any]]:
    return json.loads(call(server.url, "GET", f"/api/v1/drafts/{draft}").body)["files"]


def publish(server: Server, draft: str, **body: Any) -> Answer:
    return call(server.url, "POST", f"/api/v1/drafts/{draft}/publish", body)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/api/v1/models/default/nothing", 404),
        ("/api/v1/models/default/nothing/versions", 404),
        ("/api/v1/models/default/sums/versions/9.9.9", 404),
        ("/api/v1/models/default/sums/versions/1.0", 400),
        ("/api/v1/models/default/sums/versions/01.0.0", 400),
        ("/api/v1/models/default/sums/versions/1.0.0/files/nothing", 404),
        ("/api/v1/models/default/sums/resolve?selector=champion", 404),
        ("/api/v1/models/default/sums/resolve?selector=%5E9", 404),
        ("/api/v1/models/default/sums/resolve?selector=ordinal:99", 404),
        ("/api/v1/models/default/sums/resolve?selector=ordinal:-1", 400),
        ("/api/v1/models/default/sums/resolve?selector=sha256:" + "0" * 64, 404),
        ("/api/v1/models/default/sums/resolve?selector=sha256:xyz", 400),
        ("/api/v1/models/default/sums/resolve?selector=%3E%3E1", 400),
        ("/api/v1/models/default/sums/resolve?selector=", 400),
        ("/api/v1/models/default/sums/resolve", 400),
        ("/api/v1/models/default/sums/aliases/nothing", 404),
        ("/api/v1/models/default/sums/compare?from=1.0.0", 400),
        ("/api/v1/models?page_size=0", 400),
        ("/api/v1/models?page_size=1001", 400),
        ("/api/v1/models?page_size=ten", 400),
        ("/api/v1/models?page_token=%00", 400),
        ("/api/v1/endpoints/nothing", 404),
        ("/api/v1/predictions/nothing", 404),
        ("/api/v1/drafts/nothing", 404),
    ],
)
def test_what_is_not_there_is_404_and_what_is_malformed_400(server: Server, sums: str, target: str, status: int) -> None:
    answer = call(server.url, "GET", target)
    assert answer.status == status, answer
    answer.problem()


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({"description": 5}, "description"),
        ({"hyperparameters": []}, "hyperparameters"),
        ({"performance": {"accuracy": "high"}}, "performance.accuracy"),
        ({"training_data": "UCI"}, "training_data"),
        ({"training_data": {"samples": "many"}}, "training_data.samples"),
        ({"limitations": "none"}, "limitations"),
        ({"limitations": [1]}, "limitations"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"input_schema": {"type": "nothing"}}, "input_schema"),
        ({"version": "9.9.9"}, "version"),
        ({"version": 1.0}, "version"),
    ],
)
def test_a_card_with_a_wrong_type_or_version_is_refused_naming_the_field(server: Server, card: dict[str, Any], field: str) -> None:
    draft = new_draft(server)
    put(server, draft, "weights.bin", b"1")
    problem = publish(server, draft, version="1.0.0", card=row_card(**card)).problem()
    assert problem["status"] == 422
    assert field in problem["field"]


@pytest.mark.parametrize(
    "body",
    [
        {"version": "1.0", "card": {}}, {"version": "1.0.0", "bump": "major", "card": {}}, {"bump": "huge", "card": {}}, {"version": "1.0.0"},
        {"version": "1.0.0", "card": []}, {"version": 1, "card": {}}, {"version": "1.0.0", "card": {}, "colour": "red"}, [], "text", None, 5,
    ],
    ids=repr,
)  # fmt: skip
def test_a_publish_request_that_is_malformed_is_400(server: Server, body: Any) -> None:
    draft = new_draft(server)
    put(server, draft, "weights.bin", b"1")
    data = json.dumps(body).encode()
    answer = call(server.url, "POST", f"/api/v1/drafts/{draft}/publish", data)
    assert answer.status == 400, answer
    answer.problem()


def test_a_draft_without_files_is_not_a_version(server: Server) -> None:
    assert publish(server, new_draft(server), version="1.0.0", card={}).problem()["status"] in (400, 422)


@pytest.mark.parametrize(("first", "second"), [("Weights.bin", "weights.BIN"), ("a", "a/b"), ("a/b", "a")])
def test_paths_that_are_in_each_others_way_do_not_meet_in_one_version(server: Server, first: str, second: str) -> None:
    draft = new_draft(server, "paths-in-the-way")
    assert put(server, draft, first, b"1").status == 200
    refused = put(server, draft, second, b"2")
    if refused.status == 200:
        refused = publish(server, draft, version="1.0.0", card={})
    problem = refused.problem()
    assert problem["status"] in (400, 409, 422)
    assert first in problem["detail"] or second in problem["detail"], "it is refused for another reason"


@pytest.mark.parametrize("digest", [base64.b64encode(hashlib.sha256(b"other").digest()).decode(), "AAAA", "?", ""])
def test_a_digest_that_is_not_that_of_the_bytes_stores_nothing(server: Server, digest: str) -> None:
    draft = new_draft(server)
    answer = put(server, draft, "weights.bin", b"these bytes", f"Content-Digest: sha-256=:{digest}:")
    assert answer.status in (400, 422), answer
    answer.problem()
    assert files(server, draft) == []


@pytest.mark.parametrize("headers", [["Content-Length: 100000"], ["Transfer-Encoding: chunked"]])
def test_a_truncated_upload_stores_nothing(server: Server, headers: list[str]) -> None:
    draft = new_draft(server)
    data = request("PUT", f"/api/v1/drafts/{draft}/files/weights.bin", b"800\r\n" + b"x" * 500, OCTETS, *headers)
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), 20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):  # the server closes when it is done with the upload
            pass
    assert files(server, draft) == []
    assert put(server, draft, "weights.bin", b"whole").status == 200
    assert [file["size"] for file in files(server, draft)] == [5]


def test_a_body_above_32_mib_is_too_large_to_predict(server: Server, sums: str) -> None:
    answer = predict(server, sums, b'{"instances":[[1,2,3]],"key":"' + b"x" * (33 << 20) + b'"}')
    assert answer.status == 413
    answer.problem()


def test_a_body_that_only_claims_to_be_too_large_is_refused_at_once(server: Server, sums: str) -> None:
    data = request("POST", f"/predict/{sums}", b"{", "Content-Type: application/json", f"Content-Length: {1 << 40}")
    assert exchange(server.url, data).status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"text"', b'{"instances":}', b'{"instances":[[1,2,NaN]]}', b'{"instances":[[1,2,Infinity]]}',
        b'{"instances":[[1,2,-Infinity]]}', b'{"instances":[[1,2,1e999]]}', b'{"instances":[[1,2,01]]}', b'{"instances":[[1,2,.5]]}',
        b'{"instances":[[1,2,3]]} trailing', b'{"instances":[[1,2,3]],"instances":[[4,5,6]]}', b'{"instances":[[1,2,3]]}\x00',
        b"\xff\xfe{", b'{"instances":[["\xff"]]}', b"[" * 100_000, b'{"instances":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 5000 + b"1" + b"}" * 5000, b"// comment\n{}", b"{'instances':[[1,2,3]]}", b'{"instances":[[1,2,3],]}',
    ],
    ids=lambda body: repr(body[:30]),
)  # fmt: skip
def test_a_prediction_that_is_no_json_of_the_one_kind_is_400(server: Server, sums: str, body: bytes) -> None:
    answer = predict(server, sums, body, "Content-Type: application/json")
    assert answer.status in (400, 422), answer
    assert answer.status == 400 or b"NaN" in body or b"Infinity" in body or b"1e999" in body or body in (b"[]", b"null", b'"text"')
    answer.problem()


@pytest.mark.parametrize("rows", [
    [], {}, "rows", 5, None, [[]], [5], ["abc"], [None], [[1, 2]], [[1, 2, 3, 4]], [[1, 2, "3"]], [[1, 2, True]], [[1, 2, None]], [[1, 2, [3]]],
    [[1, 2, 3], [1, 2]], [[1, 2, 3], {"a": 1}], [{"a": 1, "b": 2, "c": 3}],
], ids=repr)  # fmt: skip
def test_rows_that_do_not_fit_the_contract_are_refused_naming_the_place(server: Server, sums: str, rows: Any) -> None:
    answer = predict(server, sums, {"instances": rows})
    assert answer.status in (400, 422), answer
    assert answer.problem()["field"].startswith("instances")
    assert "modelward-prediction-id" not in answer.headers, "a caller's mistake is never evidence against a version"


def test_a_wrong_column_names_itself(registry: ModelRegistry, server: Server) -> None:
    import pandas
    from sklearn.linear_model import LinearRegression

    frame = pandas.DataFrame({"size": [1.0, 2.0], "weight": [2.0, 4.0]})
    registry.save_model("columns", "1.0.0", LinearRegression().fit(frame, [1, 2]), {}, sample=frame)
    registry.create_endpoint("columns", "columns", "1.0.0")
    for row, field in [({"size": 1}, "weight"), ({"size": 1, "weight": 2, "colour": 3}, "colour"), ({"size": "1", "weight": 2}, "size")]:
        problem = predict(server, "columns", {"instances": [{"size": 1, "weight": 2}, row]}).problem()
        assert problem["status"] == 422
        assert "1" in problem["field"] and field in problem["field"] + problem["detail"]
    assert len(registry.predict("columns", [{"weight": 2, "size": 1}])["predictions"]) == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"])
def test_another_content_type_is_415(server: Server, sums: str, kind: str) -> None:
    answer = predict(server, sums, {"instances": [[1, 2, 3]]}, f"Content-Type: {kind}")
    assert answer.status == 415
    answer.problem()


def test_a_prediction_for_an_unknown_endpoint_is_404(server: Server) -> None:
    assert predict(server, "nowhere", {"instances": [[1]]}).problem()["status"] == 404


@pytest.mark.parametrize("name", ["", " ", "a ", "a%b", "a;b", "a..b", "a/b/c", "../x", "x" * 300, "e\u0301", "\x00", "api/x", "."])
def test_a_model_name_that_is_malformed_is_refused(registry: ModelRegistry, tmp_path: Path, name: str) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(b"1")
    with pytest.raises((Invalid, NotFound, Refused)):
        registry.publish(f"default/{name}" if "/" not in name else name, file, row_card(version="1.0.0"), bump=None)


@pytest.mark.parametrize("name", ["a b", "é", "R&D (v2)"])
def test_a_model_may_be_named_in_any_language(registry: ModelRegistry, tmp_path: Path, name: str) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(b"1")
    registry.publish(name, file, row_card(version="1.0.0"), bump=None)
    assert registry.list_versions(name) == ["1.0.0"]


@pytest.mark.parametrize("alias", ["1.0.0", "latest", "^1", "a b", "ordinal:1", "sha256:x", "x" * 300])
def test_an_alias_that_reads_like_another_selector_is_refused(registry: ModelRegistry, sums: str, alias: str) -> None:
    with pytest.raises((Invalid, Refused)):
        registry.set_alias("sums", alias, "1.0.0")


def test_an_endpoint_does_not_move_to_what_is_not_there(registry: ModelRegistry, sums: str) -> None:
    with pytest.raises(NotFound):
        registry.flip(sums, "7.0.0", reason="no such version")
    with pytest.raises(NotFound):
        registry.create_endpoint("other", "no-such-model", "1.0.0")
    with pytest.raises(NotFound):
        registry.flip("no-such-endpoint", "1.0.0", reason="nothing")
    assert registry.endpoint(sums)["model_version"] == "1.0.0"
