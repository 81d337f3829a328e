"""kill -9 beside training jobs: of the server while a run publishes, and of all that a run is made of."""

from __future__ import annotations

import json
import os
import random
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from modelward import ModelRegistry
from modelward.testing import Server
from test_jobs import DONE, ran

# A file for each step of a publish that is interrupted: the server is killed somewhere between the first and the last.
FILES = 40
PUBLISHES = """
import os, pathlib, subprocess, sys
import modelward
number = sys.argv[1]
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"],
                 start_new_session=True)
registry = modelward.ModelRegistry()
for version in range(1000):
    folder = pathlib.Path(f"model-{version}")
    folder.mkdir()
    for file in range(%d):
        (folder / f"part-{file}").write_bytes(f"{number} {version} {file} ".encode() * 2000)
    print("begins", version, flush=True)
    registry.publish(os.environ["MODELWARD_MODEL"], folder)
    print("published", version, flush=True)
    if version >= int(sys.argv[2]):
        break
""" % FILES

SLEEPS = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) < 2:
    subprocess.Popen([sys.executable, __file__, "child"], start_new_session=True)
elif sys.argv[1] == "child":
    subprocess.Popen([sys.executable, __file__, "grandchild"], start_new_session=True)
print("sleeps", flush=True)
time.sleep(600)
"""


def answer(server: Server, path: str) -> Any:
    with urllib.request.urlopen(server.url + path, timeout=60) as found:
        return json.loads(found.read())


def log(server: Server, run: str) -> str:
    return str(answer(server, f"/api/v1/job-runs/{run}/log")["text"])


def begun(server: Server, job: str) -> str:
    """The id of a run that was just started."""
    asked = urllib.request.Request(f"{server.url}/api/v1/jobs/{job}/runs", b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as found:
        return str(json.loads(found.read())["run"])


def until(words: str, asked: Callable[[], Any], seconds: float = 60) -> Any:
    """What is asked for, as soon as it is anything."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        found = asked()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:g} s: {words}")


def family(run: str) -> list[int]:
    """The processes that live and have the run's id in their environment, which all that a run starts inherits."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdigit() or f"MODELWARD_RUN={run}".encode() not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def command(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return []


def has_own_users(server: Server) -> bool:
    runtimes = answer(server, "/api/v1/status").get("runtimes", {})
    return '"own_user": true' in json.dumps(runtimes)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "modelward.properties"
    file.write_text("jobs.parallel = 4\nstorage.gc-grace = 1s\n")
    return file


@pytest.fixture
def serve(tmp_path: Path, settings: Path) -> Iterator[Callable[[], Server]]:
    """Starts a server on the same data each time, and stops the last one."""
    servers: list[Server] = []

    def start() -> Server:
        servers.append(Server(tmp_path / "data", "--config", str(settings)))
        return servers[-1]

    yield start
    for one in servers:
        one.stop()


def prepared(server: Server, tmp_path: Path, model: str) -> None:
    first = tmp_path / f"first-{model}"
    first.mkdir()
    (first / "weights.txt").write_text(f"{model} by hand")
    ModelRegistry(server.url).publish(model, first, {"version": "1.0.0"}, bump=None)


def create(server: Server, tmp_path: Path, job: str, model: str, script: str, *words: str) -> None:
    code = tmp_path / f"code-{job}"
    code.mkdir()
    (code / "train.py").write_text(script)
    ran(server, DONE, "job", "create", job, "--model", model, "--repository", str(code), "--", "python", "train.py", *words)


def test_kill_9_of_the_server_while_runs_publish(serve: Callable[[], Server], tmp_path: Path) -> None:
    seed = int(os.environ.get("MODELWARD_SEED", str(time.time_ns() % 100_000)))
    moments = random.Random(seed)
    server = serve()
    names = [f"turn-{number}" for number in range(3)]
    for number, name in enumerate(names):
        prepared(server, tmp_path, name)
        create(server, tmp_path, name, name, PUBLISHES, str(number), "1000")
    runs: dict[str, str] = {}
    told: dict[str, int] = {}
    for name in names:
        run = runs[name] = begun(server, name)
        until("the run publishes", lambda run=run: "begins" in log(server, run))
        time.sleep(moments.uniform(0, 0.8))
        told[name] = log(server, run).count("published ")
        server.kill()
        server = serve()
        # A server looks for what an earlier one left before anything else.
        if has_own_users(server):
            assert not family(run), f"seed {seed}: of the run {run} there are {[command(one) for one in family(run)]}"
    registry = ModelRegistry(server.url)
    for name, run in runs.items():
        found = until("the run is lost", lambda run=run: (now := answer(server, f"/api/v1/job-runs/{run}"))["state"] != "RUNNING" and now)
        versions = {row["version"] for row in registry.versions(name)} - {"1.0.0"}
        where = f"seed {seed}, {name}: {found['outcome']}; there are {sorted(versions)}"
        assert found["state"] == "LOST", where
        assert {one["version"] for one in found["versions"]} == versions, where
        assert len(versions) in (told[name], told[name] + 1), f"{where}, and {told[name]} were told to the run"
        for version in versions:
            assert version in found["outcome"], where
            files = answer(server, f"/api/v1/models/default/{name}/versions/{version}/manifest")["files"]
            assert len(files) >= FILES, where
        assert ("published nothing" in found["outcome"]) == (not versions), where
    assert registry.verify()["intact"] is True, f"seed {seed}"
    # The next run of a job whose run was lost works.
    run = begun(server, names[0])
    # What the lost run published already is found, and no version of this run.
    until("the next run publishes", lambda: answer(server, f"/api/v1/job-runs/{run}")["versions"])
    asked = urllib.request.Request(f"{server.url}/api/v1/job-runs/{run}/stop", b"{}", {"Content-Type": "application/json"})
    urllib.request.urlopen(asked, timeout=60).close()
    over = until("the next run ends", lambda: (now := answer(server, f"/api/v1/job-runs/{run}"))["state"] != "RUNNING" and now)
    assert over["state"] == "FAILED" and over["versions"] and not family(run), over


def test_kill_9_of_a_run_and_of_its_whole_family(serve: Callable[[], Server], tmp_path: Path) -> None:
    server = serve()
    prepared(server, tmp_path, "sleepy")
    create(server, tmp_path, "sleeps", "sleepy", SLEEPS)
    for whole in (False, True):
        run = begun(server, "sleeps")
        until("three processes sleep", lambda run=run: log(server, run).count("sleeps\n") == 3)
        members = family(run)
        assert len([one for one in members if "train.py" in " ".join(command(one))]) == 3, [command(one) for one in members]
        [first] = [one for one in members if command(one)[-2:-1] == ["train.py"]]
        for one in members if whole else [first]:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                assert whole
        found = until("the run is over", lambda run=run: (now := answer(server, f"/api/v1/job-runs/{run}"))["state"] != "RUNNING" and now)
        assert (found["state"], found["outcome"]) == ("FAILED", "The command was ended by signal 9."), found
        assert found["exit_code"] == 128 + signal.SIGKILL
        assert not family(run), [command(one) for one in family(run)]
