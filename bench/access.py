"""What access control takes: CPU of a predict request with it off and on, and the time to know a caller and to decide."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from loads import java
from predict import CARD, HERE, middle
from processes import cpu_seconds
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from modelward import ModelRegistry
from modelward.testing import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
TURNS = 5
CONNECTIONS = 16
ON = "access.mode = on\n"


def turn(server: Server, token: str) -> dict:
    """One turn of load."""
    address = server.url.split("//")[1]
    command = [sys.executable, str(HERE / "http_load.py"), address, str(CONNECTIONS), str(SECONDS)]
    env = {**os.environ, "LOAD_AUTHORIZATION": f"Bearer {token}" if token else ""}
    before = cpu_seconds(server.pid)
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout)
    result["cpu_us"] = (cpu_seconds(server.pid) - before) * 1e6 / max(1, result["requests"])
    return result


def publish(url: str, token: str) -> None:
    """A model that the server evaluates itself, at the endpoint iris."""
    rows, labels = load_iris(return_X_y=True)
    registry = ModelRegistry(url, token=token) if token else ModelRegistry(url)
    registry.save_model("iris", "1.0.0", LogisticRegression(max_iter=500).fit(rows, labels), CARD, sample=rows[:2])
    registry.create_endpoint("iris", "iris", "1.0.0")


def main() -> None:
    """Two servers, in turns within one run."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "on.conf").write_text(ON)
        with Server(folder / "off") as off, Server(folder / "on", "--config", str(folder / "on.conf")) as on:
            token = re.search(r"mwt_\w+", on.log.read_text())[0]
            publish(off.url, "")
            publish(on.url, token)
            turn(off, ""), turn(on, token)
            without, with_token = [], []
            for _ in range(TURNS):
                without.append(turn(off, ""))
                with_token.append(turn(on, token))
        for name, results in (("off", without), ("on, token", with_token)):
            failed = sum(result["failed"] for result in results)
            print(
                f"access {name:10} {middle(results, 'cpu_us'):6.1f} µs CPU a request, {middle(results, 'per_second'):8.0f} requests/s,"
                f" p99 {middle(results, 'p99') * 1000:.2f} ms, failed {failed}"
            )
        print(f"difference {middle(with_token, 'cpu_us') - middle(without, 'cpu_us'):.1f} µs (at most 3)")
        ran = subprocess.run(java("AccessSpeed", folder, 10_000), check=True, capture_output=True, text=True)
        told = json.loads(ran.stdout)
        print(
            f"10,000 tokens and 10,000 grants: {told['one_ns']:,} ns for one caller again and again, {told['all_ns']:,} ns for all in turn;"
            f" {told['read_ms']} ms to read all, {told['change_ms']} ms after one changed"
        )


if __name__ == "__main__":
    main()
