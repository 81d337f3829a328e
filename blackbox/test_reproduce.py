"""A version that a job trained is made once more, with real scikit-learn models, by the command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from modelward import ModelRegistry
from modelward.testing import Server

LAUNCHER = "MODELWARD_LAUNCHER"
DONE, FAILED, USAGE, NOT_FOUND, REFUSED = 0, 1, 2, 3, 5

# What differs from run to run: nothing, a stamp that no answer depends on, or the forest itself.
TRAIN = """
import os, time
import modelward
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
iris = load_iris(as_frame=True)
seed, kind = int(os.environ["MODELWARD_SEED"]), os.environ["KIND"]
if kind == "random":
    seed = time.time_ns() % 2**31
forest = RandomForestClassifier(int(open("trees.txt").read()), max_depth=3, random_state=seed).fit(iris.data, iris.target)
if kind == "stamped":
    forest.trained_at_ = time.time()
card = {"performance": {"accuracy": forest.score(iris.data, iris.target)}}
saved = modelward.ModelRegistry().publish("iris", forest, card, sample=iris.data.head(5), bump="minor")
print("published", saved["version"])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("reproduce") / "data") as started:
        yield started


def ran(server: Server, code: int, *arguments: str) -> str:
    """What a command prints; it must end with the code."""
    result = subprocess.run(
        [os.environ[LAUNCHER], *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "MODELWARD_URL": server.url, "COLUMNS": "300"},
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == code, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stdout + result.stderr


def trained(server: Server, folder: Path, kind: str) -> str:
    """The version that a run of a new job of this kind published."""
    code = folder / "code"
    code.mkdir()
    (folder / "trees.txt").write_text("7")
    first = folder / "first"
    first.mkdir()
    (first / "weights.txt").write_text(kind)
    ModelRegistry(server.url).publish(f"{kind}/iris", first, {})
    (code / "train.py").write_text(TRAIN.replace('"iris"', f'"{kind}/iris"'))
    ran(
        server,
        DONE,
        *("job", "create", kind, "--model", f"{kind}/iris", "--repository", str(code), "--data", str(folder / "trees.txt")),
        *("--variable", f"KIND={kind}", "--seed", "11", "--", "python", "train.py"),
    )
    run = json.loads(ran(server, DONE, "job", "run", kind, "--follow", "--json"))
    assert run["state"] == "SUCCEEDED", run
    [version] = run["versions"]
    return f"{kind}/iris@{version['version']}"


def reproduced(server: Server, code: int, reference: str, *more: str) -> Any:
    return json.loads(ran(server, code, "reproduce", reference, "--json", *more))["reproduction"]


def test_a_forest_with_a_seed_comes_out_equal_byte_by_byte(server: Server, tmp_path: Path) -> None:
    version = trained(server, tmp_path, "seeded")
    told = ran(server, DONE, "reproduce", version)
    assert f"{version} was reproduced: every file is equal, byte by byte" in told and "verdict" in told
    again = reproduced(server, DONE, version)
    assert again["verdict"] == "identical" and again["report"]["packages"] == []
    assert again["report"]["made"] == version.split("@")[1], "an equal card makes no other version"
    listed = ran(server, DONE, "reproduce", version, "--list")
    assert listed.count("identical") == 2
    assert "version.reproduce" in ran(server, DONE, "audit", "--limit", "50")


def test_files_that_differ_are_compared_by_their_answers(server: Server, tmp_path: Path) -> None:
    version = trained(server, tmp_path, "stamped")
    again = reproduced(server, DONE, version, "--tolerance", "0")
    report = again["report"]
    assert again["verdict"] == "equivalent", report
    assert report["files"]["different"] and not report["files"]["missing"]
    answers = report["predictions"]
    assert answers["sample"] == 5 and answers["probes"] == 200 and answers["equal"] == 205 and answers["failure"] == ""
    assert "-reproduced." in report["made"]
    # What was made is a pre-release, so that nobody is given it for the newest version.
    assert json.loads(ran(server, DONE, "show", version.split("@")[0], "--json"))["version"] == version.split("@")[1]


def test_another_forest_is_told_of_and_ends_with_an_exit_code(server: Server, tmp_path: Path) -> None:
    version = trained(server, tmp_path, "random")
    again = reproduced(server, FAILED, version)
    assert again["verdict"] == "different" and again["report"]["predictions"]["different"] > 0
    assert "was not reproduced" in again["report"]["words"]


def test_what_cannot_be_reproduced_is_refused_in_words(server: Server, tmp_path: Path) -> None:
    by_hand = tmp_path / "by-hand"
    by_hand.mkdir()
    (by_hand / "weights.txt").write_text("x")
    ModelRegistry(server.url).publish("byhand/iris", by_hand, {})
    assert "No job trained byhand/iris@1.0.0" in ran(server, NOT_FOUND, "reproduce", "byhand/iris@1.0.0")
    assert "--tolerance is a number from 0 to 1" in ran(server, USAGE, "reproduce", "byhand/iris@1.0.0", "--tolerance", "2")
    version = trained(server, tmp_path, "damaged")
    training = json.loads(ran(server, DONE, "job", "runs", "damaged", "--json"))["runs"][0]["run"]
    data = json.loads(ran(server, DONE, "job", "logs", training, "--json"))
    assert data["text"]
    [file] = [path for path in (server.data / "blobs").rglob("*") if path.is_file() and path.read_bytes() == b"7"]
    file.chmod(0o644)
    file.write_bytes(b"8")
    told = ran(server, REFUSED, "reproduce", version)
    assert "cannot be reproduced" in told and "trees.txt" in told and "is damaged" in told
