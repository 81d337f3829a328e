"""When the server must not start, and bad days of the disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import row_card
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server


def refused(*arguments: str) -> str:
    """Starts a server that must not start; what it says. It ends by itself with the exit code 2."""
    command = [os.environ["MODELWARD_LAUNCHER"], "serve", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "http://" not in done.stdout
    assert "Exception" not in done.stderr and "\tat " not in done.stderr, done.stderr
    return done.stderr


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "8.8.8.8:80"])
def test_an_address_that_others_can_reach_is_refused(tmp_path: Path, address: str) -> None:
    assert "Set access.mode = on" in refused("--listen", address, "--data", str(tmp_path / "data"))


WRONG = ("server.colour = red", "runtime.request-timeout = soon", "runtime.request-timeout = 0s", "server.listen = here")
WRONG_PROGRAMS = ("runtime.python = /nowhere", "runtime.python = /bin/false", "runtime.environment = /nowhere")


@pytest.mark.parametrize("line", WRONG + WRONG_PROGRAMS)
def test_a_configuration_that_is_not_understood_stops_the_start(tmp_path: Path, line: str) -> None:
    file = tmp_path / "modelward.properties"
    file.write_text(line + "\n")
    listen = () if line.startswith("server.listen") else ("--listen", "127.0.0.1:0")
    said = refused(*listen, "--data", str(tmp_path / "data"), "--config", str(file))
    assert line.split(" ")[0] in said


def test_a_configuration_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    assert "nowhere" in refused("--data", str(tmp_path / "data"), "--config", str(tmp_path / "nowhere"))


def test_a_data_directory_in_use_is_refused(server: Server) -> None:
    assert "in use by another process" in refused("--listen", "127.0.0.1:0", "--data", str(server.data))
    assert ModelRegistry(server.url).status()


def test_a_data_directory_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "format").write_text("999\n")
    assert "newer release" in refused("--listen", "127.0.0.1:0", "--data", str(data))
    assert [file.name for file in data.iterdir() if file.name != "lock"] == ["format"]


def test_a_directory_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "not a data directory" in refused("--listen", "127.0.0.1:0", "--data", str(tmp_path))
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("years of work")
    assert "is a file. Name a directory" in refused("--listen", "127.0.0.1:0", "--data", str(tmp_path / "notes"))
    assert (tmp_path / "notes").read_text() == "years of work"


def test_a_port_that_is_taken_is_told_before_anything_is_made(server: Server, tmp_path: Path) -> None:
    assert "Cannot listen" in refused("--listen", server.url.removeprefix("http://"), "--data", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MiB."""
    mount = tmp_path / "small"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(mount)], capture_output=True).returncode:
        pytest.skip("a file system can be mounted only by root")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=False)


def test_on_a_full_disk_writes_answer_507_and_the_rest_goes_on(
    small_disk: Path, start: Callable[..., Server], odd: Any, tmp_path: Path
) -> None:
    server = start(small_disk / "data")
    registry = ModelRegistry(server.url)
    registry.save_model("sums", "1.0.0", odd.Sums(), row_card(), code=[odd.__file__])
    registry.create_endpoint("sums", "sums", "1.0.0")
    large = tmp_path / "weights.bin"
    large.write_bytes(os.urandom(64 << 20))
    with pytest.raises(ModelwardError) as caught:
        registry.publish("large", large, row_card(version="1.0.0"), bump=None)
    assert caught.value.status == 507, caught.value

    filler = small_disk / "filler"
    with pytest.raises(OSError), open(filler, "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    for number in range(300):
        answer = registry.predict("sums", [[number, 1, 1]])
        assert answer["predictions"] == [number + 2.0]
    assert registry.list_versions("sums") == ["1.0.0"]
    with pytest.raises(ModelwardError) as caught:
        registry.publish("small", Path(odd.__file__), row_card(version="1.0.0"), bump=None)
    assert caught.value.status == 507, caught.value

    filler.unlink()
    assert registry.publish("small", Path(odd.__file__), row_card(version="1.0.0"), bump=None)["ordinal"] == 1
    assert registry.verify()["intact"] is True
