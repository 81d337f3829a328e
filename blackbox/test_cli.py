"""The command line as a user at a terminal and a pipeline meet it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from typing import Any

import pytest
from conftest import serve
from modelward import ModelRegistry
from modelward.testing import Server
from rolling import cli, until

LAUNCHER = "MODELWARD_LAUNCHER"


def at_terminal(url: str, columns: int, *arguments: str) -> list[str]:
    """The lines that a command prints on a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = ["setsid", "--ctty", "--wait", os.environ[LAUNCHER], *arguments]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env={**environment, "MODELWARD_URL": url, "TERM": "dumb"}
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the last writer has gone
            break
        if not part:
            break
        printed += part
    os.close(ours)
    assert process.wait(60) == 0
    return printed.decode().replace("\r", "").splitlines()


@pytest.fixture(scope="module")
def shown(registry: ModelRegistry, odd: Any) -> str:
    """A model of two versions, the first served, with predictions that were answered and one that failed."""
    name = serve(registry, "shown", odd.Odd(), odd)
    registry.save_model(name, "1.1.0", odd.Shifted(1.0), {**CARD}, code=[odd.__file__], reason="a reason that is longer than a narrow terminal is wide")
    registry.predict(name, [[1, 2, 3]])
    with pytest.raises(Exception, match="refused by the model"):
        registry.predict(name, [[odd.FAIL, 2, 3]])
    return name


CARD = {"description": "for the black box", "input_schema": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}}


def test_a_table_is_as_wide_as_the_terminal_and_as_wide_as_needed_in_a_pipe(server: Server, shown: str) -> None:
    narrow = at_terminal(server.url, 44, "list", shown)
    assert max(map(len, narrow)) <= 44, narrow
    assert any(line.startswith("1.1.0") for line in narrow), narrow
    piped = cli(server.url, "list", shown).stdout.splitlines()
    assert max(map(len, piped)) > 80, piped
    assert piped[0].split()[:3] == ["VERSION", "LIVE", "ALIASES"]
    assert piped[1].split()[:2] == ["1.0.0", shown]


def test_records_of_predictions_are_found_by_version_and_status(server: Server, shown: str) -> None:
    found = json.loads(cli(server.url, "predictions", "--version", f"{shown}@1.0.0", "--since", "1h", "--json").stdout)["predictions"]
    assert [one["status"] for one in found] == [500, 200]
    failed = cli(server.url, "predictions", "--endpoint", shown, "--status", "failed")
    assert found[0]["prediction_id"] in failed.stdout
    assert found[1]["prediction_id"] not in failed.stdout
    none = cli(server.url, "predictions", "--version", f"{shown}@1.1.0")
    assert (none.returncode, none.stdout) == (0, "There is no record of such a prediction.\n")


def test_the_audit_log_is_searched_by_person_action_and_version(server: Server, shown: str) -> None:
    mine = json.loads(cli(server.url, "audit", f"{shown}@1.1.0", "--by", "black box", "--json").stdout)["entries"]
    assert [(one["action"], one["detail"]["version"]) for one in mine] == [("publish", "1.1.0")]
    nobody = json.loads(cli(server.url, "audit", shown, "--by", "nobody", "--json").stdout)["entries"]
    assert nobody == []
    moves = json.loads(cli(server.url, "audit", f"endpoint:{shown}", "--action", "endpoint", "--json").stdout)["entries"]
    assert [one["action"] for one in moves] == ["endpoint.create"]


def test_waiting_ends_and_the_rollout_goes_on(server: Server, registry: ModelRegistry, shown: str) -> None:
    same = cli(server.url, "rollout", "start", shown, "1.0.0", "--watch")
    assert (same.returncode, same.stdout.strip()) == (0, f"default/{shown}@1.0.0 serves endpoint {shown} already.")
    waited = cli(server.url, "rollout", "start", shown, "1.1.0", "--watch", "--timeout", "2s")
    assert waited.returncode == 8, waited
    assert "goes on" in waited.stderr, waited
    rollout = json.loads(cli(server.url, "rollout", "list", shown, "--json").stdout)["rollouts"][0]
    assert rollout["state"] in ("LOADING", "RUNNING", "HELD"), rollout
    watch = subprocess.Popen(
        [os.environ[LAUNCHER], "rollout", "status", rollout["id"], "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MODELWARD_URL": server.url},
        start_new_session=True,
        # Who starts the tests in the background has them ignore the signal, and so would the command.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert watch.stdout is not None
    assert watch.stdout.readline(), "the watch says where the rollout is"
    watch.send_signal(signal.SIGINT)
    _, said = watch.communicate(timeout=60)
    assert f"modelward rollout abort {rollout['id']}" in said
    until(registry, rollout["id"], lambda now: now["state"] in ("RUNNING", "HELD"), seconds=60)
    assert cli(server.url, "rollout", "abort", shown, "--reason", "a scenario").returncode == 0
    limit = time.monotonic() + 60
    while "ABORTED" not in cli(server.url, "rollout", "list", shown).stdout:
        assert time.monotonic() < limit
