"""What a model can reach, wherever the server says that its workers are users of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serve

from modelward import ModelRegistry
from modelward.testing import Server

SECRET = "a secret of the server's environment"
DENIED = ("data directory", "server's environment", "network")


def may_become_another_user() -> bool:
    """Whether a process of ours may run as another user, as the server needs for workers of their own."""
    try:
        return subprocess.run(["true"], user=65534).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def spied(tmp_path_factory: pytest.TempPathFactory, odd: Any) -> Iterator[dict[str, Any]]:
    """What a model found out by itself: attempts and their outcome."""
    data = tmp_path_factory.mktemp("confined") / "data"
    with Server(data, env={"BLACKBOX_SECRET": SECRET}) as server:
        registry = ModelRegistry(server.url)
        if not registry.status()["isolation"].get("own_user"):
            assert not may_become_another_user(), "a server that may start workers as other users does not do so"
            pytest.skip("workers run as the server's own user here (isolation.own_user is false): nothing is promised")
        spy = odd.Spy(str(data), int(server.url.rsplit(":", 1)[1]))
        free = spy.look(server.pid)
        assert all(free[what] == "reached" for what in DENIED), f"nobody reaches these, so nothing is shown: {free}"
        assert SECRET.encode() in Path(f"/proc/{server.pid}/environ").read_bytes()
        endpoint = serve(registry, "spy", spy, odd)
        (found,) = registry.predict(endpoint, [[1, 2, 3]])["predictions"]
        yield found


@pytest.mark.parametrize("what", DENIED)
def test_a_model_is_denied_what_a_process_without_confinement_reaches(spied: dict[str, Any], what: str) -> None:
    assert spied[what] != "reached"


def test_a_model_sees_no_secret(spied: dict[str, Any]) -> None:
    assert spied["secret"] == ""


def test_a_model_is_a_user_of_its_own(spied: dict[str, Any]) -> None:
    assert spied["user"] not in (0, os.getuid())


def test_a_model_inherits_no_file_and_no_socket(spied: dict[str, Any]) -> None:
    assert any(name.startswith("pipe:") for name in spied["descriptors"]), "the model does not see its descriptors"
    kept = [name for name in spied["descriptors"] if not name.startswith(("pipe:", "/proc/", "/dev/"))]
    assert not [name for name in kept if Path(name).suffix or name.startswith("socket:")], kept
