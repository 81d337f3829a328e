"""MLflow's own client, unmodified, and the files it keeps with the server; then the bytes on the wire."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import socket
import threading
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlflow_client import client  # noqa: F401

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository  # noqa: E402
from modelward.testing import Server  # noqa: E402
from raw_http import Answer, assert_no_leak, exchange, request  # noqa: E402
from requests.exceptions import HTTPError  # noqa: E402

FILES = "/api/2.0/mlflow-artifacts/artifacts"
names = (f"artifacts {number}" for number in itertools.count())


@pytest.fixture
def run(client: MlflowClient) -> str:
    return client.create_run(client.create_experiment(next(names))).info.run_id


def tree(client: MlflowClient, run: str, folder: str | None = None) -> dict[str, int | None]:
    """Every path below a folder of a run, with the sizes of files."""
    found: dict[str, int | None] = {}
    for item in client.list_artifacts(run, folder):
        found[item.path] = item.file_size
        if item.is_dir:
            found |= tree(client, run, item.path)
    return found


def test_files_and_folders_come_back_as_they_were_logged(client: MlflowClient, run: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name, content in {"a.txt": b"one", "deep/er/b.bin": bytes(range(256)) * 5000, "deep/empty": b"", "ü b+%41.json": b"{}"}.items():
        file = source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    client.log_artifacts(run, str(source))
    client.log_artifact(run, str(source / "a.txt"), "again/and")
    client.log_text(run, "text", "notes/n.md")
    client.log_dict(run, {"k": [1, 2]}, "d.json")
    client.log_dict(run, {"k": "v"}, "d.yaml")
    assert tree(client, run)["deep/er/b.bin"] == 1_280_000
    assert {item.path for item in client.list_artifacts(run, "deep")} == {"deep/er", "deep/empty"}
    assert client.list_artifacts(run, "a.txt") == [] and client.list_artifacts(run, "nothing") == []
    got = Path(client.download_artifacts(run, "", str(tmp_path)))
    # A percent sign that encodes something is decoded on the way: so does MLflow.
    assert (got / "deep/er/b.bin").read_bytes() == (source / "deep/er/b.bin").read_bytes()
    assert (got / "deep/empty").read_bytes() == b"" and (got / "ü b+A.json").read_bytes() == b"{}"
    assert (got / "again/and/a.txt").read_text() == "one"
    assert mlflow.artifacts.load_text(f"runs:/{run}/notes/n.md") == "text"
    assert mlflow.artifacts.load_dict(f"runs:/{run}/d.json") == {"k": [1, 2]}


def test_a_file_is_replaced_until_it_is_deleted(client: MlflowClient, run: str) -> None:
    for text in ["first", "second, longer"]:
        client.log_text(run, text, "f.txt")
        assert mlflow.artifacts.load_text(f"runs:/{run}/f.txt") == text
    with pytest.raises(HTTPError, match="is a file"):
        client.log_text(run, "x", "f.txt/below")
    repository = get_artifact_repository(client.get_run(run).info.artifact_uri)
    repository.delete_artifacts("f.txt")
    assert client.list_artifacts(run) == []
    with pytest.raises(HTTPError, match="RESOURCE_DOES_NOT_EXIST"):
        repository.delete_artifacts("f.txt")


def test_tables_are_logged_and_appended_to(client: MlflowClient, run: str) -> None:
    pytest.importorskip("pandas")
    for row in range(2):
        client.log_table(run, {"a": [row], "b": ["x"]}, "table.json")
    assert client.load_table(client.get_run(run).info.experiment_id, "table.json", [run])["a"].tolist() == [0, 1]


def test_images_are_logged(client: MlflowClient, run: str) -> None:
    image = pytest.importorskip("PIL.Image")
    client.log_image(run, image.new("RGB", (4, 4)), "i.png")
    assert mlflow.artifacts.load_image(f"runs:/{run}/i.png").size == (4, 4)


def test_figures_are_logged(client: MlflowClient, run: str) -> None:
    figure = pytest.importorskip("matplotlib.figure")
    client.log_figure(run, figure.Figure(), "f.png")
    assert tree(client, run)["f.png"]


def test_an_experiment_elsewhere_has_no_files_here(client: MlflowClient, server: Server) -> None:
    elsewhere = client.create_run(client.create_experiment(next(names), artifact_location="s3://bucket/x")).info
    answer = ask(server, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={elsewhere.run_id}")
    assert json.loads(answer.body) == {"root_uri": elsewhere.artifact_uri}
    assert ask(server, "GET", f"/get-artifact?run_id={elsewhere.run_id}&path=a").status == 404


# On the wire


def ask(server: Server, method: str, target: str, body: bytes = b"", *headers: str) -> Answer:
    """A request whose target no library has made plain; the server closes after its answer."""
    address = urllib.parse.urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), 20) as connection:
        connection.sendall(request(method, target, body, *headers, "Connection: close"))
        received = b""
        while part := connection.recv(1 << 16):
            received += part
    head, _, rest = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if fields.get("transfer-encoding") == "chunked":
        rest = unchunked(rest)
    answer = Answer(int(lines[0].split(" ")[1]), fields, rest, b"")
    if answer.status >= 400:
        assert_no_leak(answer)
    return answer


def unchunked(data: bytes) -> bytes:
    whole = b""
    while size := int(data.partition(b"\r\n")[0], 16):
        data = data.partition(b"\r\n")[2]
        whole, data = whole + data[:size], data[size + 2 :]
    return whole


def refused(answer: Answer, status: int, code: str) -> None:
    problem = json.loads(answer.body)
    assert (answer.status, problem["error_code"]) == (status, code), answer
    assert problem["message"]


HOSTILE = [
    "../path", "./path", "./../path", "path/../to/file", "a/..", "a/.", ".", "..", "%2E%2E/x", "%2E%2E%2Fpath", "a/%2e%2e/%2e%2e/b", "%2e/x", "..%2f..%2fartifacts",
    "%252e%252e/x", "..%252f..%252fx", "%25252e%25252e%25252fx", "%252e%2e/x", "/path", "%2Fetc%2Fpasswd", "//etc/passwd", "%252Fetc/passwd", "etc/passwd%00.jpg",
    "a%2500b", "a%00b", "a%0ab", "a%09b", "%2%0952e%2%0952e/%2%0A52e%2%0A52e/path", "C:path", "C:/path", "C:%5Cpath", "c%3a/x", "..%5c..%5cpath", "..%5cx", "a%5cb",
    "a%255c..%255cb", "file://a#/..//tmp", "file://a%23/..//tmp/", "file:///etc/passwd", "s3:/b/x", "mlflow-artifacts:/x", "x;y/../z", "..;/x", ".;/x",
    "..;a=b/..;/x", "%c0%ae%c0%ae/x", "%ff", "%ed%a0%80", "a^b", "a|b", "a[b", "a%", "a%zz", "%u002e%u002e/x", "x" * 300, "%C3%A9" * 128, "/".join(["x" * 200] * 6),
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:20])
def test_a_path_that_is_not_plain_leads_nowhere(server: Server, path: str) -> None:
    for prefix in [FILES, "/ajax-api/2.0/mlflow-artifacts/artifacts"]:
        for method in ["PUT", "GET", "DELETE"]:
            answer = ask(server, method, f"{prefix}/{path}", b"x" if method == "PUT" else b"")
            assert answer.status in (400, 404) if method == "GET" else answer.status == 400, (method, answer)
    queried = urllib.parse.quote(urllib.parse.unquote(path.split("#")[0]), errors="surrogateescape")
    answer = ask(server, "GET", f"{FILES}?path={queried}")
    assert answer.status in (200, 400) and (answer.status == 400 or answer.body == b"{}")
    assert json.loads(ask(server, "GET", f"{FILES}?path=etc").body) == {}


def test_problems_have_mlflows_form(server: Server, run: str) -> None:
    for path in ["..%2fx", "a^b", "%252e%252e/x", "x" * 300, "a%5cb"]:
        refused(ask(server, "PUT", f"{FILES}/{path}", b"x"), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", f"{FILES}/0/nothing"), 404, "RESOURCE_DOES_NOT_EXIST")
    refused(ask(server, "DELETE", f"{FILES}/0/nothing"), 404, "RESOURCE_DOES_NOT_EXIST")
    refused(ask(server, "GET", f"/get-artifact?run_id={run}&path=nothing"), 404, "RESOURCE_DOES_NOT_EXIST")
    refused(ask(server, "GET", f"/get-artifact?run_id={run}&path=../../x"), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", f"/get-artifact?run_id={run}"), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", "/get-artifact?path=a"), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", "/api/2.0/mlflow-artifacts/nothing"), 404, "ENDPOINT_NOT_FOUND")
    refused(ask(server, "POST", f"{FILES}/a", b"x"), 405, "BAD_REQUEST")
    refused(ask(server, "GET", "/api/2.0/mlflow-artifacts/presigned/a/b"), 501, "NOT_IMPLEMENTED")


def test_a_file_that_a_client_sends_in_parts_is_the_file(client: MlflowClient, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", "1")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(5 << 20))
    whole = random.Random(3).randbytes((23 << 20) + 7)
    (tmp_path / "large.bin").write_bytes(whole)
    client.log_artifact(run, str(tmp_path / "large.bin"), "folder")
    assert [(one.path, one.file_size) for one in client.list_artifacts(run, "folder")] == [("folder/large.bin", len(whole))]
    assert Path(client.download_artifacts(run, "folder/large.bin", str(tmp_path))).read_bytes() == whole


def test_a_mistake_in_an_upload_in_parts_is_one(server: Server, client: MlflowClient, run: str) -> None:
    place = client.get_run(run).info.artifact_uri.removeprefix("mlflow-artifacts:/")

    def step(what: str, **message: Any) -> Answer:
        return ask(server, "POST", f"/api/2.0/mlflow-artifacts/mpu/{what}/{place}", json.dumps(message).encode(), "Content-Type: application/json")

    for parts in (0, 10_001, "x"):
        refused(step("create", path="a.bin", num_parts=parts), 400, "INVALID_PARAMETER_VALUE")
    refused(step("create", num_parts=1), 400, "INVALID_PARAMETER_VALUE")
    refused(step("create", path="..", num_parts=1), 400, "INVALID_PARAMETER_VALUE")
    made = json.loads(step("create", path="/home/me/a.bin", num_parts=2).body)
    first = made["credentials"][0]["url"].removeprefix(server.url)
    assert ask(server, "PUT", first, b"one").status == 200
    refused(ask(server, "PUT", first, b"two"), 409, "RESOURCE_CONFLICT")
    refused(ask(server, "PUT", first[:-1] + "3", b"x"), 400, "INVALID_PARAMETER_VALUE")
    refused(step("complete", path="a.bin", upload_id=made["upload_id"], parts=[]), 400, "INVALID_PARAMETER_VALUE")
    refused(step("complete", path="b.bin", upload_id=made["upload_id"], parts=[]), 404, "RESOURCE_DOES_NOT_EXIST")
    assert step("abort", path="a.bin", upload_id=made["upload_id"]).status == 200
    refused(ask(server, "PUT", first, b"one"), 404, "RESOURCE_DOES_NOT_EXIST")
    refused(ask(server, "GET", f"{FILES}/{place}/a.bin"), 404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize(
    ("sent", "kept"), [("w1/foo///bar", "w1/foo/bar"), ("w2/a/", "w2/a"), ("w3/artifact/..../", "w3/artifact/...."), ("w4/e%CC%81", "w4/é"), ("w5/100%25.txt", "w5/100%.txt")]
)  # fmt: skip
def test_odd_but_harmless_writings_are_one_path(server: Server, sent: str, kept: str) -> None:
    assert ask(server, "PUT", f"{FILES}/{sent}", b"bytes").status == 200
    folder, _, name = kept.rpartition("/")
    files = json.loads(ask(server, "GET", f"{FILES}?path={folder}").body)["files"]
    assert files == [{"path": name, "is_dir": False, "file_size": 5}]
    for path in [sent, urllib.parse.quote(kept)]:
        assert ask(server, "GET", f"{FILES}/{path}").body == b"bytes"
    assert ask(server, "DELETE", f"{FILES}/{sent}").status == 200


def test_files_are_sent_whole_or_in_ranges_and_never_as_pages(server: Server, run: str) -> None:
    body = bytes(range(100))
    home = json.loads(ask(server, "GET", f"/api/2.0/mlflow/artifacts/list?run_uuid={run}").body)["root_uri"].split(":/", 1)[1]
    assert ask(server, "PUT", f"{FILES}/{home}/a%20%22b.html", body).status == 200
    for target in [f"{FILES}/{home}/a%20%22b.html", f"/get-artifact?run_id={run}&path=a%20%22b.html", f"/get-artifact?run_uuid={run}&path=a%20%22b.html"]:
        whole = ask(server, "GET", target)
        assert (whole.status, whole.body, whole.headers["content-type"]) == (200, body, "text/html")
        assert whole.headers["content-disposition"] == "attachment; filename=\"a \\\"b.html\""
        assert whole.headers["x-content-type-options"] == "nosniff" and whole.headers["content-security-policy"].startswith("sandbox")
        head = ask(server, "HEAD", target)
        assert (head.status, head.body, head.headers["content-length"], head.headers["etag"]) == (200, b"", "100", whole.headers["etag"])
        etag = whole.headers["etag"]
        assert hashlib.sha256(body).hexdigest() in etag and whole.headers["last-modified"].endswith("GMT")
        for wanted, first, last in [("0-0", 0, 0), ("10-19", 10, 19), ("95-", 95, 99), ("-3", 97, 99), ("90-500", 90, 99)]:
            part = ask(server, "GET", target, b"", f"Range: bytes={wanted}")
            assert (part.status, part.body, part.headers["content-range"]) == (206, body[first : last + 1], f"bytes {first}-{last}/100")
        outside = ask(server, "GET", target, b"", "Range: bytes=100-")
        refused(outside, 416, "INVALID_PARAMETER_VALUE")
        assert outside.headers["content-range"] == "bytes */100"
        for passed in ["bytes=1-2,4-5", "lines=1-2", "bytes=x"]:
            assert ask(server, "GET", target, b"", f"Range: {passed}").status == 200
        assert ask(server, "GET", target, b"", "Range: bytes=1-2", f"If-Range: {etag}").status == 206
        assert ask(server, "GET", target, b"", "Range: bytes=1-2", 'If-Range: "other"').status == 200
        assert ask(server, "GET", target, b"", f"If-None-Match: {etag}").status == 304
    for name, kind in [("MLmodel", "text/plain"), ("a.JSON", "text/plain"), ("a.svg", "image/svg+xml"), ("a.pkl", "application/octet-stream"), ("none", "application/octet-stream")]:
        ask(server, "PUT", f"{FILES}/{home}/t/{name}", b"x")
        answer = ask(server, "GET", f"{FILES}/{home}/t/{name}")
        assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (kind, f"attachment; filename={name}")


def test_pages_of_other_sites_write_and_delete_nothing(server: Server) -> None:
    ask(server, "PUT", f"{FILES}/origin/kept", b"x")
    for origin in ["https://evil.example", "null"]:
        for method in ["PUT", "DELETE"]:
            refused(ask(server, method, f"{FILES}/origin/kept", b"y" if method == "PUT" else b"", f"Origin: {origin}"), 403, "PERMISSION_DENIED")
    assert ask(server, "GET", f"{FILES}/origin/kept").body == b"x"


def test_a_file_is_no_folder_and_a_folder_no_file(server: Server) -> None:
    ask(server, "PUT", f"{FILES}/kinds/file", b"x")
    for path in ["kinds/file/below", "kinds/file/below/deep", "kinds"]:
        refused(ask(server, "PUT", f"{FILES}/{path}", b"x"), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", f"{FILES}/kinds"), 404, "RESOURCE_DOES_NOT_EXIST")
    assert ask(server, "DELETE", f"{FILES}/kinds").status == 200
    assert json.loads(ask(server, "GET", f"{FILES}?path=kinds").body) == {}


def test_an_upload_that_breaks_off_leaves_nothing(server: Server) -> None:
    exchange(server.url, request("PUT", f"{FILES}/broken/off", b"half", "Content-Length: 1000"), 5.0, finish=True)
    assert ask(server, "GET", f"{FILES}/broken/off").status == 404


def test_what_was_answered_survives_kill_9_and_nothing_is_there_by_half(start: Callable[..., Server]) -> None:
    server = start()
    answered: dict[str, bytes] = {}
    wrong: list[Any] = []
    stop = threading.Event()

    def upload(worker: int) -> None:
        for number in itertools.count():
            content = bytes([worker, number % 256]) * (200_000 + 1000 * number)
            path = f"crash/{worker}/{number}"
            try:
                answer = ask(server, "PUT", f"{FILES}/{path}", content)
            except (OSError, IndexError) as lost:
                if not stop.is_set():
                    wrong.append(lost)
                return
            if answer.status != 200:
                wrong.append(answer)
                return
            answered[path] = content
            if stop.is_set():
                return

    workers = [threading.Thread(target=upload, args=(number,)) for number in range(3)]
    for worker in workers:
        worker.start()
    threading.Event().wait(1.5)
    stop.set()
    server.kill()
    for worker in workers:
        worker.join(30)
    again = start()
    assert len(answered) > 3 and not wrong, wrong
    for path, content in answered.items():
        assert ask(again, "GET", f"{FILES}/{path}").body == content
    for worker in range(3):
        for file in json.loads(ask(again, "GET", f"{FILES}?path=crash/{worker}").body).get("files", []):
            number = int(file["path"])
            assert file["file_size"] == 2 * (200_000 + 1000 * number)
            assert ask(again, "GET", f"{FILES}/crash/{worker}/{number}").body == bytes([worker, number % 256]) * (200_000 + 1000 * number)


def keys(answer: Any) -> list[str]:
    return [file["path"] for file in json.loads(answer.body)["files"]]


def test_a_runs_files_are_listed_by_paths_below_it(server: Server, client: MlflowClient, run: str) -> None:
    for path in ["m/a", "m/b/c", "m.txt"]:
        client.log_text(run, "x", path)
    assert keys(ask(server, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}")) == ["m.txt", "m"]
    assert keys(ask(server, "GET", f"/ajax-api/2.0/mlflow/artifacts/list?run_id={run}&path=m")) == ["m/a", "m/b"]
    refused(ask(server, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path=../.."), 400, "INVALID_PARAMETER_VALUE")
    refused(ask(server, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={'0' * 32}"), 404, "RESOURCE_DOES_NOT_EXIST")
