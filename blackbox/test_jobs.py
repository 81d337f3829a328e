"""Training jobs by the command line: made, run, followed, refused."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from modelward.testing import Server

LAUNCHER = "MODELWARD_LAUNCHER"
DONE, FAILED, USAGE, CONFLICT, TIMED_OUT = 0, 1, 2, 4, 8

TRAIN = """
import os, pathlib, sys
import modelward
accuracy = float(pathlib.Path("accuracy.txt").read_text())
if accuracy < 0:
    sys.exit("no data this week")
folder = pathlib.Path("model")
folder.mkdir()
(folder / "weights.txt").write_text(f"{accuracy} seed {os.environ['MODELWARD_SEED']} {os.environ['KEY']}")
print("trained with", os.environ["KEY"])
saved = modelward.ModelRegistry().publish("iris", folder, {"performance": {"accuracy": accuracy}})
print("published", saved["version"])
"""


@pytest.fixture(scope="module")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("jobs") / "data") as server:
        yield server


def ran(server: Server, code: int, *arguments: str) -> str:
    """What a command prints, or why it fails; it must end with the code."""
    environment = {**os.environ, "MODELWARD_URL": server.url, "KEY": "a-secret-of-the-job"}
    result = subprocess.run(
        [os.environ[LAUNCHER], *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == code, (arguments, result.returncode, result.stdout, result.stderr)
    return result.stdout + result.stderr


def answer(server: Server, path: str) -> Any:
    with urllib.request.urlopen(server.url + path, timeout=60) as found:
        return json.loads(found.read())


def git(folder: Path, *words: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "a user", f"GIT_{who}_EMAIL": "a.user@example.org"}
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True, env=environment).stdout


def create(server: Server, code: int, name: str, repository: str, *more: str, command: tuple[str, ...] = ("python", "train.py")) -> str:
    return ran(server, code, "job", "create", name, "--model", "iris", "--repository", repository, *more, "--", *command)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "train.py").write_text(TRAIN)
    return folder


def test_a_job_trains_from_a_commit_and_the_version_tells_of_it(trainer: Server, code: Path, tmp_path: Path) -> None:
    # The model is there before its job.
    subprocess_code = tmp_path / "first"
    subprocess_code.mkdir()
    (subprocess_code / "weights.txt").write_text("by hand")
    card = tmp_path / "card.json"
    card.write_text('{"performance": {"accuracy": 0.9}}')
    ran(trainer, DONE, "publish", "iris", str(subprocess_code), "--card", str(card), "--version", "1.0.0")
    git(code, "init", "--quiet")
    git(code, "add", ".")
    git(code, "commit", "--quiet", "-m", "train")
    commit = git(code, "rev-parse", "HEAD").strip()
    (code / "train.py").write_text("raise SystemExit('not this one')")
    data = tmp_path / "accuracy.txt"
    data.write_text("0.93")
    made = create(
        trainer,
        DONE,
        "iris-weekly",
        f"{code}@{commit[:10]}",
        *("--schedule", "0 3 * * MON", "--timezone", "Europe/Berlin", "--data", str(data), "--secret", "KEY", "--seed", "7"),
        *("--require", "accuracy >= champion - 0.005"),
    )
    assert "0 3 * * MON (Europe/Berlin)" in made
    log = ran(trainer, DONE, "job", "run", "iris-weekly", "--follow")
    assert "trained with ***" in log and "published 1.1.0" in log and "SUCCEEDED: It published 1.1.0." in log
    assert "a-secret-of-the-job" not in log
    training = answer(trainer, "/api/v1/models/default/iris/versions/1.1.0/training")
    assert training["plan"]["code"]["commit"] == commit
    assert training["plan"]["data"][0]["name"] == "accuracy.txt"
    assert any(line.startswith("python==3.") for line in training["packages"])
    [run] = json.loads(ran(trainer, DONE, "job", "runs", "iris-weekly", "--json"))["runs"]
    assert run["versions"][0]["metrics"] == {"accuracy": 0.93}
    assert "trained with ***" in ran(trainer, DONE, "job", "logs", run["run"])
    # Once more makes the same model, card and all.
    assert "is the version 1.1.0 already" in ran(trainer, DONE, "job", "run", "iris-weekly", "--follow")
    assert "iris-weekly" in ran(trainer, DONE, "job", "list")


def test_outcomes_have_exit_codes_and_sentences(trainer: Server, code: Path, tmp_path: Path) -> None:
    data = tmp_path / "accuracy.txt"
    for name, accuracy, more, command, exit_code, words in (
        ("worse", "0.5", ("--require", "accuracy >= 0.9"), ("python", "train.py"), DONE, "as a pre-release"),
        ("none", "-1", (), ("python", "train.py"), FAILED, "no data this week"),
        ("missing", "1", (), ("pyhton", "train.py"), FAILED, 'There is no command "pyhton"'),
        ("nothing", "1", (), ("true",), FAILED, "published nothing"),
        ("slow", "1", ("--timeout", "1s"), ("sleep", "60"), TIMED_OUT, "time limit of 1s"),
    ):
        data.write_text(accuracy)
        create(trainer, DONE, name, str(code), "--data", str(data), "--secret", "KEY", *more, command=command)
        said = ran(trainer, exit_code, "job", "run", name, "--follow")
        assert words in said, said
    assert "1.2.0-held." in ran(trainer, DONE, "job", "runs", "worse", "--wide")


def test_wrong_input_is_told_with_the_field(trainer: Server, code: Path) -> None:
    for exit_code, more, words in (
        (USAGE, ("--schedule", "0 0 30 2 *"), "never comes"),
        (USAGE, ("--schedule", "@daily", "--timezone", "Europe/Atlantis"), "no time zone"),
        (USAGE, ("--require", "accuracy is good"), "no demand on a metric"),
        (USAGE, ("--bump", "huge"), "bump"),
        (USAGE, ("--secret", "NOT_SET_ANYWHERE"), "names a variable of this shell"),
        (USAGE, ("--data", str(code / "none.csv")), "names no file"),
        (USAGE, ("--memory", "much"), "is a size"),
    ):
        said = create(trainer, exit_code, "wrong", str(code), *more)
        assert words in said, said
    assert "--repository is a folder" in create(trainer, USAGE, "wrong", str(code / "none"))
    assert "after two hyphens" in create(trainer, USAGE, "wrong", str(code), command=())
    create(trainer, DONE, "twice", str(code))
    assert "There is a job twice already" in create(trainer, CONFLICT, "twice", str(code))
    ran(trainer, DONE, "job", "pause", "twice")
    assert "paused" in ran(trainer, DONE, "job", "show", "twice")
    ran(trainer, DONE, "job", "delete", "twice")
    assert "There is no job" in ran(trainer, 3, "job", "show", "twice")
