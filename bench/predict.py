"""CPU and throughput of /predict beside FastAPI, on the same artifact, in turns within one run."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import joblib
from processes import cpu_seconds
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from modelward import ModelRegistry
from modelward.testing import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
TURNS = 3
HERE = Path(__file__).parent
CARD = {
    "input_schema": {"type": "array", "items": {"type": "number"}},
    "output_schema": {
        "type": "object",
        "properties": {"prediction": {"type": "integer"}, "probabilities": {"type": "array", "items": {"type": "number"}}},
    },
}


def load(address: str, connections: int, seconds: float) -> dict:
    """One turn of load, from a process of its own."""
    command = [sys.executable, str(HERE / "http_load.py"), address, str(connections), str(seconds)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(address: str, pid: int, connections: int) -> dict:
    """Throughput, latency and CPU milliseconds per request."""
    load(address, connections, 1)
    before = cpu_seconds(pid)
    result = load(address, connections, SECONDS)
    result["cpu_ms"] = (cpu_seconds(pid) - before) * 1000 / max(1, result["requests"])
    return result


def peer(artifact: Path) -> tuple[subprocess.Popen, str]:
    """Starts FastAPI under uvicorn with its defaults: one process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "peer:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=HERE, env=dict(os.environ, MODEL=str(artifact)))
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process, f"127.0.0.1:{port}"
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the peer did not start")


def middle(results: list[dict], key: str) -> float:
    """The median over the turns."""
    return sorted(result[key] for result in results)[len(results) // 2]


def main() -> None:
    rows, labels = load_iris(return_X_y=True)
    models = {
        "logistic regression": LogisticRegression(max_iter=500).fit(rows, labels),
        "forest of 100 trees": RandomForestClassifier(100, max_depth=10, random_state=1).fit(rows, labels),
    }
    for name, model in models.items():
        with tempfile.TemporaryDirectory() as scratch, Server(Path(scratch) / "data") as server:
            artifact = Path(scratch) / "model.joblib"
            joblib.dump(model, artifact)
            registry = ModelRegistry(server.url)
            registry.save_model("iris", "1.0.0", model, CARD, sample=rows[:2])
            registry.create_endpoint("iris", "iris", "1.0.0")
            other, address = peer(artifact)
            ours = server.url.split("//")[1]
            try:
                for connections in (1, 32):
                    mine, theirs = [], []
                    for _ in range(TURNS):
                        mine.append(measure(ours, server.pid, connections))
                        theirs.append(measure(address, other.pid, connections))
                    report(name, connections, mine, theirs)
            finally:
                other.terminate()
                other.wait()


def report(name: str, connections: int, mine: list[dict], theirs: list[dict]) -> None:
    """One paragraph, medians of the turns."""
    print(f"{name}, {connections} connections, median of {TURNS} turns of {SECONDS:g} s:", flush=True)
    for who, results in (("modelward", mine), ("fastapi", theirs)):
        failed = sum(result["failed"] for result in results)
        print(
            f"  {who:9}  {middle(results, 'per_second'):8.0f} req/s  p50 {middle(results, 'p50') * 1000:7.2f} ms"
            f"  p99 {middle(results, 'p99') * 1000:7.2f} ms  CPU {middle(results, 'cpu_ms'):.3f} ms a request  failed {failed}"
        )
    print(
        f"  throughput x {middle(mine, 'per_second') / middle(theirs, 'per_second'):.1f},"
        f" CPU per request / {middle(theirs, 'cpu_ms') / middle(mine, 'cpu_ms'):.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
