"""The server as a service runs it: no root, and five capabilities by which models are users of their own and have no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, serve
from modelward import ModelRegistry
from modelward.testing import Server
from rolling import worker

SERVICE = ROOT / "packaging" / "service"
USER = 61_777
CAPABILITIES = "+setuid,+setgid,+kill,+chown,+sys_admin"
LAUNCHER = f"""#!/bin/sh
exec setpriv --reuid={USER} --regid={USER} --clear-groups --no-new-privs --bounding-set=-all,{CAPABILITIES} \\
  --inh-caps=-all,{CAPABILITIES} --ambient-caps=-all,{CAPABILITIES} "$MODELWARD_LAUNCHER" "$@"
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder of the service's user, which others may pass through."""
    if os.getuid() != 0:
        pytest.skip("only root can start a process with five capabilities")
    folder = Path(tempfile.mkdtemp(prefix="modelward-service-"))
    for path in (folder, folder / "data", folder / "cache", folder / "tmp"):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
        os.chown(path, USER, USER)
    yield folder
    shutil.rmtree(folder)


def start(home: Path, python: Path | None) -> Server:
    """A server of the service's user. It builds no environment when it has one to use."""
    launcher = home / "launcher"
    launcher.write_text(LAUNCHER)
    launcher.chmod(0o755)
    tried = subprocess.run([launcher, "--version"], capture_output=True, text=True)
    if tried.returncode == 126 or "Permission denied" in tried.stderr:
        pytest.skip("another user cannot reach the checkout")
    file = home / "modelward.properties"
    file.write_text(f"runtime.environment = {python}\n" if python else "")
    file.chmod(0o644)
    env = {"HOME": str(home), "CACHE_DIRECTORY": str(home / "cache"), "TMPDIR": str(home / "tmp"), "XDG_CACHE_HOME": str(home / "cache")}
    return Server(home / "data", "--config", str(file), launcher=str(launcher), env=env)


def words(pid: int) -> dict[str, list[str]]:
    """What the system tells of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}


def is_confined(server: Server, registry: ModelRegistry, odd: Any) -> None:
    """A model answers, and runs as nobody else, with nothing more than a user has and without the server's network."""
    assert registry.predict(serve(registry, "sums", odd.Sums(), odd), [[1, 2, 3]])["predictions"] == [6.0]
    process = worker("sums", "1.0.0", server.pid)
    own, model = words(server.pid), words(process)
    assert own["Uid"] == [str(USER)] * 4
    assert int(own["CapEff"][0], 16) == 0x2000E1, "the server has other capabilities than the service gives"
    assert int(model["Uid"][0]) >= 1_000_000_000 and len(set(model["Uid"])) == 1
    assert all(int(model[name][0], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"))
    assert model["NoNewPrivs"] == ["1"]
    for space in ("net", "mnt", "ipc"):
        assert os.readlink(f"/proc/{process}/ns/{space}") != os.readlink(f"/proc/{server.pid}/ns/{space}")


def test_a_service_keeps_models_apart_as_root_does(home: Path, registry: ModelRegistry, server: Server, sums: str, odd: Any) -> None:
    registry.predict(sums, [[1, 2, 3]])
    python = Path(f"/proc/{worker(sums, '1.0.0', server.pid)}/cmdline").read_bytes().split(b"\0")[0].decode()
    by_root = registry.status()
    if by_root["isolation"]["level"] != "OWN_USER_NO_NETWORK":
        pytest.skip("not even root keeps models from the network here")
    with start(home, Path(python)) as service:
        client = ModelRegistry(service.url)
        status = client.status()
        assert status["isolation"] == by_root["isolation"]
        assert status["limits"]["words"] == by_root["limits"]["words"]
        is_confined(service, client, odd)
        assert registry.predict(sums, [[1, 2, 3]])["predictions"] == [6.0]
        client.close()
    assert not list((home / "tmp").iterdir()), "the service left temporary files"


@pytest.mark.heavy
def test_a_service_builds_the_environment_of_models_itself(home: Path, odd: Any) -> None:
    shutil.rmtree(home / "data")
    with start(home, None) as service:
        client = ModelRegistry(service.url)
        is_confined(service, client, odd)
        client.close()
    built = [path for path in (home / "cache").iterdir() if path.name.startswith("worker-") and path.is_dir()]
    assert built and all(file.lstat().st_uid == USER for file in built[0].rglob("*")), "a model could change its environment"


def test_the_unit_is_one_that_systemd_takes_and_holds_for_confined(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt install systemd)")
    # The program that the unit starts is not installed here: another one stands for it.
    program = tmp_path / "modelward"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "modelward.service"
    unit.write_text((SERVICE / "modelward.service").read_text().replace("/opt/modelward/bin/modelward", str(program)))
    taken = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert taken.returncode == 0 and "modelward.service" not in taken.stderr, taken.stderr
    # Ten is a service without any confinement.
    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=35", unit], capture_output=True, text=True)
    assert judged.returncode == 0 and "Overall exposure level" in judged.stdout, judged.stdout + judged.stderr


def test_the_capabilities_of_the_unit_are_those_that_are_tried_here() -> None:
    lines = (SERVICE / "modelward.service").read_text().splitlines()
    given = {line.partition("=")[2] for line in lines if line.startswith(("AmbientCapabilities=", "CapabilityBoundingSet="))}
    (names,) = given
    assert {name.removeprefix("CAP_").lower() for name in names.split()} == set(CAPABILITIES.replace("+", "").split(","))


def test_the_example_of_a_configuration_starts_a_server(tmp_path: Path) -> None:
    text = (SERVICE / "modelward.properties").read_text()
    file = tmp_path / "modelward.properties"
    lines = [line.removeprefix("#") if line.startswith("#runtime") or line.startswith("#server") else line for line in text.splitlines()]
    file.write_text("\n".join(lines))
    with Server(tmp_path / "data", "--config", str(file)) as server:
        registry = ModelRegistry(server.url)
        assert registry.status()["limits"]["processes"] == 512
        registry.close()

