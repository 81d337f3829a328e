"""What a server writes for as long as it lives is gone with it, or at the next start when it was killed."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serve
from modelward import ModelRegistry
from modelward.testing import Server

SEED = int(os.environ.get("MODELWARD_SEED", "15"))


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder for a server, where models' users may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="modelward-temporary-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def message(*fields: tuple[int, int | str | bytes]) -> bytes:
    """A message of protobuf with small numbers."""
    encoded = b""
    for number, value in fields:
        if isinstance(value, int):
            encoded += bytes([number << 3, value])
        else:
            content = value.encode() if isinstance(value, str) else value
            encoded += bytes([number << 3 | 2, len(content)]) + content
    return encoded


def graph() -> bytes:
    """A graph of ONNX that doubles three numbers a row."""
    shape = message((1, message((2, "n"))), (1, message((1, 3))))
    value = message((1, message((1, 1), (2, shape))))
    node = message((1, "x"), (1, "x"), (2, "y"), (4, "Add"))
    described = message((1, node), (2, "double"), (11, message((1, "x"), (2, value))), (12, message((1, "y"), (2, value))))
    return message((1, 8), (7, described), (8, message((2, 13))))


def left(temporary: Path) -> list[str]:
    """What lies in the temporary folder."""
    return sorted(entry.name for entry in temporary.iterdir())


def start(data: Path, temporary: Path) -> Server:
    return Server(data, env={"TMPDIR": str(temporary)})


def kill_and_start(data: Path, temporary: Path, rounds: int, odd: Any) -> None:
    """Kills servers, a model's worker running or being started, and looks at what each next start finds and leaves."""
    chance = random.Random(SEED)
    for turn in range(rounds):
        server = start(data, temporary)
        own = left(temporary)
        assert len(own) == 1 and own[0].startswith(f"modelward-server-{server.pid}-"), (turn, own)
        registry = ModelRegistry(server.url)
        if turn == 0:
            serve(registry, "sums", odd.Sums(), odd)
            folder = data.with_name("graph")
            folder.mkdir()
            (folder / "model.onnx").write_bytes(graph())
            registry.publish("double", folder, {"version": "1.0.0"}, bump=None)
            registry.create_endpoint("double", "double")
            assert registry.predict("double", [[1, 2, 3]])["predictions"] == [[2.0, 4.0, 6.0]]
        else:
            time.sleep(chance.random() / 2)
        registry.close()
        server.kill()
        assert left(temporary) == own, "a server that is killed leaves its folder: else this test shows nothing"


def test_a_killed_server_leaves_nothing_once_another_has_started_and_stopped(tmp_path: Path, temporary: Path, odd: Any) -> None:
    kill_and_start(tmp_path / "data", temporary, 3, odd)
    with start(tmp_path / "data", temporary) as server:
        registry = ModelRegistry(server.url)
        assert registry.predict("sums", [[1, 2, 3]])["predictions"] == [6.0]
        registry.close()
    assert left(temporary) == []


@pytest.mark.heavy
def test_fifty_killed_servers_leave_nothing(tmp_path: Path, temporary: Path, odd: Any) -> None:
    kill_and_start(tmp_path / "data", temporary, 50, odd)
    start(tmp_path / "data", temporary).stop()
    assert left(temporary) == []


def test_the_folder_of_a_server_that_lives_is_left_alone(tmp_path: Path, temporary: Path) -> None:
    with start(tmp_path / "one", temporary):
        (first,) = left(temporary)
        with start(tmp_path / "two", temporary):
            assert first in left(temporary) and len(left(temporary)) == 2
        assert left(temporary) == [first]
        assert {entry.name for entry in (temporary / first).iterdir()} >= {"lock", "sqlite", "workers"}
    assert left(temporary) == []


def test_what_others_have_in_the_temporary_folder_is_left_alone(tmp_path: Path, temporary: Path) -> None:
    for name in ("modelward-notes", "onnxruntime-java123", "modelward-server-x-1"):
        (temporary / name).mkdir()
    start(tmp_path / "data", temporary).stop()
    assert left(temporary) == ["modelward-notes", "modelward-server-x-1", "onnxruntime-java123"]
