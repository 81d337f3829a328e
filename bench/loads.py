"""Load for the benchmarks of serving, and what it costs: ``wrk`` where it is on the PATH, else a generator of our own, in Java."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import cpu_seconds

ROOT = Path(__file__).resolve().parents[1]
JAVA = Path(os.environ.get("JAVA_HOME", "")) / "bin"
CLASSES = ROOT / "build" / "bench-java"
_TIMES = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_SCRIPT = """
local requests, at = {}, 0
init = function(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, line:match("^[^\\t]*"))
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
"""


@dataclass(frozen=True)
class Load:
    """What was sent and answered; times in seconds. ``cpu_ms`` is what the server and its children took for each request."""

    requests: int
    failed: int
    wrong: int
    per_second: float
    p50: float
    p99: float
    cpu_ms: float
    """Of the server and all that it started, a request."""
    sender: float
    """The share of one core that the load generator took."""
    error: str = ""

    @property
    def limited(self) -> bool:
        """Whether the generator was the limit, so that only the CPU says how quick the server is."""
        return self.sender > 0.85


@dataclass(frozen=True)
class Target:
    """A server: its port, the path that is asked, and its process."""

    port: int
    path: str
    pid: int


def target(url: str, path: str, pid: int) -> Target:
    return Target(int(url.rsplit(":", 1)[1]), path, pid)


def compile_java() -> Path:
    """The classes of ``bench/java``, compiled when a source is newer."""
    sources = sorted((ROOT / "bench" / "java").glob("*.java"))
    jar = ROOT / "app" / "target" / "modelward.jar"
    done = CLASSES / "READY"
    if not done.exists() or any(source.stat().st_mtime > done.stat().st_mtime for source in [*sources, jar]):
        CLASSES.mkdir(parents=True, exist_ok=True)
        subprocess.run([str(JAVA / "javac"), "-d", str(CLASSES), "-cp", str(jar), *map(str, sources)], check=True)
        done.touch()
    return CLASSES


def java(name: str, *words: object, options: tuple[str, ...] = ("-Xmx512m",)) -> list[str]:
    """The command that runs a class of ``bench/java``."""
    path = f"{compile_java()}{os.pathsep}{ROOT / 'app' / 'target' / 'modelward.jar'}"
    return [str(JAVA / "java"), *options, "-XX:+UseSerialGC", "-cp", path, name, *map(str, words)]


def write_rows(file: Path, rows: list[Any], answers: list[Any]) -> Path:
    """One request a row, with the first bytes of its answer: that of Modelward, FastAPI and MLflow alike."""
    lines = []
    for row, answer in zip(rows, answers, strict=True):
        lines.append(f"{json.dumps({'instances': [row]})}\t{prefix(answer)}\n")
    file.write_text("".join(lines))
    return file


def prefix(answer: Any) -> str:
    """The beginning of the answer to one row; as far as the number when that is a float, which others may write in other words."""
    return '{"predictions":[' + (json.dumps(answer) + "]" if not isinstance(answer, float) else "")


def closed(at: Target, file: Path, connections: int, seconds: float, warm: float = 1.0) -> Load:
    """Each connection sends its next request when it has the answer to the last. ``warm`` seconds of the same come before."""
    if warm:
        _closed(at, file, connections, warm)
    return _closed(at, file, connections, seconds)


def _closed(at: Target, file: Path, connections: int, seconds: float) -> Load:
    wrk = shutil.which("wrk")
    if wrk is None:
        return open_loop(at, file, connections, 0, seconds)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT)
        script.flush()
        url = f"http://127.0.0.1:{at.port}{at.path}"
        seconds = max(1, round(seconds))
        command = [
            wrk,
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "--latency",
            "-s",
            script.name,
            url,
            "--",
            str(file),
        ]
        text, cpu, sender = _run(command, at.pid)
    count = int(_found(r"(\d+) requests in", text))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failed = (int(bad.group(1)) if bad else 0) + (sum(map(int, broken.groups())) if broken else 0)
    quantile = {share: _seconds(_found(rf"\n\s+{share}%\s+(\S+)", text)) for share in (50, 99)}
    return Load(
        count,
        failed,
        0,
        float(_found(r"Requests/sec:\s+(\S+)", text)),
        quantile[50],
        quantile[99],
        cpu * 1000 / max(1, count),
        sender / seconds,
    )


def open_loop(at: Target, file: Path, connections: int, rate: float, seconds: float) -> Load:
    """Requests at a rate, each timed from the moment it was due; all answers are compared. A rate of 0 is a closed loop."""
    text, cpu, sender = _run(java("HttpLoad", at.port, at.path, file, connections, rate, seconds), at.pid)
    told = json.loads(text)
    failed = told["failed"] + told["unsent"]
    count = told["requests"]
    return Load(
        count,
        failed,
        told["wrong"],
        told["per_second"],
        told["p50"],
        told["p99"],
        cpu * 1000 / max(1, count),
        sender / seconds,
        told["error"],
    )


def _run(command: list[str], pid: int) -> tuple[str, float, float]:
    """Output, CPU seconds of the server meanwhile, and those of the command."""
    before, own = cpu_seconds(pid), _children()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the load ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}")
    return done.stdout, cpu_seconds(pid) - before, _children() - own


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk said no {pattern}: {text[-500:]}")
    return match.group(1)


def _seconds(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * _TIMES[unit]


class Peer:
    """FastAPI under uvicorn with its defaults, one process: models by name, ``{"iris": "/…/model.joblib"}``."""

    def __init__(self, models: dict[str, str], folder: Path, path: list[str] | None = None) -> None:
        import socket
        import sys

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        env = dict(os.environ, MODELS=json.dumps(models), PYTHONPATH=os.pathsep.join([*(path or []), os.environ.get("PYTHONPATH", "")]))
        command = [sys.executable, "-m", "uvicorn", "peer_models:app", "--port", str(self.port), "--log-level", "error"]
        self._log = folder / f"peer-{self.port}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=Path(__file__).parent, env=env, stdout=log, stderr=log)
        self.pid = self._process.pid
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    raise RuntimeError("FastAPI did not start: " + self._log.read_text()[-800:]) from None
                time.sleep(0.1)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(20)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
