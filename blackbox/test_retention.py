"""Rules of retention and the collection of garbage, by the command line and the API."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import row_card
from modelward import ModelRegistry
from modelward.testing import Server

LAUNCHER = "MODELWARD_LAUNCHER"
DONE, CONFLICT, REFUSED = 0, 4, 5
MODEL = "/api/v1/models/default/"


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose next collection gives up the bytes of deleted versions, and that runs no rule by itself."""
    folder = tmp_path_factory.mktemp("retention")
    settings = folder / "modelward.properties"
    settings.write_text("retention.undelete-window = 0d\nretention.automatic = false\nstorage.gc-grace = 1s\n")
    with Server(folder / "data", "--config", str(settings)) as server:
        yield server


def asked(server: Server, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """The status and the JSON of an answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read())


def ran(server: Server, code: int, *arguments: str) -> str:
    """What a command prints, or why it fails; it must end with the code."""
    environment = {**os.environ, "MODELWARD_URL": server.url}
    command = [os.environ[LAUNCHER], *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, stdin=subprocess.DEVNULL)
    assert result.returncode == code, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stdout if code == DONE else result.stderr


def published(server: Server, folder: Path, name: str, versions: int) -> None:
    """Publishes 1.0.0, 1.1.0 and so on, each with content of its own."""
    with closing(ModelRegistry(server.url)) as registry:
        for minor in range(versions):
            file = folder / f"{name}-{minor}" / "notes.txt"
            file.parent.mkdir()
            file.write_text(f"the content of {name} 1.{minor}.0\n")
            registry.publish(name, file.parent, {**row_card(), "version": f"1.{minor}.0"}, bump=None)


def gone(preview: Any) -> list[str]:
    return [one["version"] for one in preview["versions"] if one["deletes"]]


def why(preview: Any, version: str) -> list[str]:
    [found] = [one for one in preview["versions"] if one["version"] == version]
    return [reason["why"] for reason in found["kept_by"]]


def test_a_rule_is_set_looked_at_run_and_undone(forgetful: Server, tmp_path: Path) -> None:
    server = forgetful
    published(server, tmp_path, "kept", 6)
    of = MODEL + "kept"
    assert "No rule" in ran(server, REFUSED, "retention", "run", "kept")
    assert "keep the last 2" in ran(server, DONE, "retention", "set", "kept", "--keep-last", "2", "--delete-after", "0d", "--keep-tag", "keep=yes")
    assert gone(asked(server, "GET", of + "/retention/preview")[1]) == ["1.3.0", "1.2.0", "1.1.0", "1.0.0"]
    ran(server, DONE, "retention", "hold", "kept@1.0.0", "--reason", "an audit")
    asked(server, "PUT", of + "/versions/1.1.0/tags/keep", {"value": "yes"})
    preview = json.loads(ran(server, DONE, "retention", "preview", "kept", "--json"))
    assert gone(preview) == ["1.3.0", "1.2.0"]
    assert (why(preview, "1.0.0"), why(preview, "1.1.0"), why(preview, "1.4.0")) == (["held"], ["tag"], ["last"])
    status, problem = asked(server, "DELETE", of + "/versions/1.0.0")
    assert status == 409 and "is held" in problem["detail"]
    assert "an audit" in ran(server, DONE, "retention", "show", "kept")

    # What got an alias since the preview stays.
    asked(server, "PUT", of + "/aliases/champion", {"version": "1.3.0"})
    assert asked(server, "POST", of + "/retention/run", {"fingerprint": preview["fingerprint"]})[0] == 412
    deleted = json.loads(ran(server, DONE, "retention", "run", "kept", "--json"))
    assert [one["version"] for one in deleted["versions"]] == ["1.2.0"]
    assert asked(server, "GET", of + "/versions/1.2.0")[0] == 404
    assert asked(server, "GET", of + "/versions/1.2.0/tombstone")[1]["card"]["description"] == "for the black box"
    assert "is back" in ran(server, DONE, "retention", "undelete", "kept@1.2.0")
    assert asked(server, "GET", of + "/versions/1.2.0")[0] == 200

    ran(server, DONE, "retention", "release", "kept@1.0.0", "--reason", "the audit is over")
    asked(server, "DELETE", of + "/aliases/champion")
    asked(server, "DELETE", of + "/versions/1.1.0/tags/keep")
    assert "4 of the 6" in ran(server, REFUSED, "retention", "run", "kept")
    assert "4 versions" in ran(server, DONE, "retention", "run", "kept", "--yes", "--reason", "space")
    entries = asked(server, "GET", "/api/v1/audit?subject=default/kept&action=retention")[1]["entries"]
    assert [one["action"] for one in entries] == ["retention.run", "retention.run", "retention.set"]


def test_a_collection_frees_what_deleted_versions_had(forgetful: Server, tmp_path: Path) -> None:
    server = forgetful
    published(server, tmp_path, "freed", 3)
    assert asked(server, "PUT", MODEL + "freed/retention", {"keep_last": 1, "delete_after": "0d"})[0] == 200
    assert asked(server, "POST", MODEL + "freed/retention/run", {"confirm": True})[1]["deleted"] == 2
    limit = time.monotonic() + 60
    while (estimate := asked(server, "POST", "/api/v1/gc?dry_run=true", {})[1])["blobs"] < 2:
        assert time.monotonic() < limit, estimate
        time.sleep(0.2)
    assert "would free" in ran(server, DONE, "gc", "--dry-run")
    assert "Freed" in ran(server, DONE, "gc", "--reason", "the disk is small")
    collected = asked(server, "GET", "/api/v1/gc")[1]
    assert collected["blobs"] >= estimate["blobs"] and collected["bytes"] > 0 and not collected["failed"]
    assert asked(server, "POST", "/api/v1/gc?dry_run=true", {})[1]["versions"] == 0
    assert "were given up" in ran(server, CONFLICT, "retention", "undelete", "freed@1.0.0")
    status, found = asked(server, "POST", "/api/v1/verify", {})
    assert status == 200 and found["damaged"] == []
    with urllib.request.urlopen(server.url + MODEL + "freed/versions/1.2.0/files/notes.txt", timeout=60) as file:
        assert file.read() == b"the content of freed 1.2.0\n"


WRONG = [
    ("PUT", {"keep_last": -1}, "keep_last"),
    ("PUT", {"keep_last": 2**53}, "keep_last"),
    ("PUT", {"keep_last": None, "delete_after": "NaN"}, "delete_after"),
    ("PUT", {"delete_after": "999999999d"}, "delete_after"),
    ("PUT", {"keep_tags": ["a\u0000b"]}, "keep_tags"),
    ("PUT", {"keep_tags": [None]}, "keep_tags"),
    ("PUT", {"keep_tags": ["t"] * 21}, "keep_tags"),
    ("PUT", {"reason": "\u0000"}, "reason"),
    ("PUT", {"keep": 1}, "keep"),
]


@pytest.mark.parametrize(("method", "body", "field"), WRONG)
def test_a_wrong_rule_is_refused_by_the_name_of_its_field(forgetful: Server, method: str, body: Any, field: str) -> None:
    for path in ("/api/v1/retention/server", "/api/v1/retention/namespaces/team"):
        status, problem = asked(forgetful, method, path, body)
        assert (status, problem["field"]) == (400, field), problem
    assert asked(forgetful, "PUT", "/api/v1/retention/namespaces/te%20am", {})[0] == 400
    assert asked(forgetful, "PUT", MODEL + "nothing/retention", {})[0] == 404


def test_deleted_runs_and_old_records_go_by_the_settings_and_a_trace_says_so(tmp_path: Path, odd: Any) -> None:
    settings = tmp_path / "modelward.properties"
    settings.write_text("retention.runs = 1s\nretention.predictions = 1s\nretention.automatic = false\npredictions.segment-records = 16\n")
    with Server(tmp_path / "data", "--config", str(settings)) as server, closing(ModelRegistry(server.url)) as registry:
        registry.save_model("sums", "1.0.0", odd.Sums(), row_card(), code=[odd.__file__])
        registry.create_endpoint("sums", "sums", "1.0.0", reason="a scenario")
        answers = [registry.predict("sums", [[1, 2, 3]]) for _ in range(60)]
        made = asked(server, "POST", "/api/2.0/mlflow/runs/create", {"experiment_id": "0"})[1]
        run = made["run"]["info"]["run_id"]
        assert asked(server, "POST", "/api/2.0/mlflow/runs/delete", {"run_id": run})[0] == 200
        limit = time.monotonic() + 60
        while (preview := asked(server, "GET", "/api/v1/retention/server/preview")[1])["prediction_files"] < 2 or not preview["runs"]:
            assert time.monotonic() < limit, preview
            time.sleep(0.2)
        assert asked(server, "GET", f"/api/v1/predictions/{answers[0]['prediction_id']}")[0] == 200
        assert "would end 1 deleted run and" in ran(server, DONE, "retention", "preview", "--server")
        ended = json.loads(ran(server, DONE, "retention", "run", "--server", "--reason", "the law", "--json"))
        assert ended["runs"] == 1 and ended["predictions"] >= preview["predictions"]

        status, problem = asked(server, "GET", f"/api/v1/predictions/{answers[0]['prediction_id']}/trace")
        assert status == 404 and "removed by rule" in problem["detail"], problem
        newest = registry.predict("sums", [[1, 2, 3]])["prediction_id"]
        assert asked(server, "GET", f"/api/v1/predictions/{newest}/trace")[1]["live"]
        unknown = newest[:-4] + ("0000" if newest[-4:] != "0000" else "1111")
        assert "removed by rule" not in asked(server, "GET", f"/api/v1/predictions/{unknown}")[1]["detail"]
        assert asked(server, "GET", f"/api/2.0/mlflow/runs/get?run_id={run}")[0] == 404
        assert asked(server, "POST", "/api/2.0/mlflow/runs/restore", {"run_id": run})[0] == 404
        assert asked(server, "POST", "/api/v1/verify", {})[1]["damaged"] == []
        actions = {one["action"] for one in asked(server, "GET", "/api/v1/audit?page_size=100")[1]["entries"]}
        assert {"run.purge", "predictions.remove"} <= actions
        assert "one of them" in ran(server, 2, "retention", "preview")
