"""Rollouts: how often each rule is wrong and how soon it is right (simulated), and what a rollout costs a live server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from predict import CARD, load
from processes import cpu_seconds
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from modelward import ModelRegistry
from modelward.testing import Server

ROOT = Path(__file__).resolve().parents[1]
RUNS = os.environ.get("BENCH_RUNS", "1000")
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
TURNS = 3
ROLLBACKS = 6
CONNECTIONS = 8
FAILING = '''"""A candidate that fails a share of its requests."""
import time


class Failing:
    def __init__(self, model, share):
        self.model, self.share, self.classes_, self.n_features_in_ = model, share, model.classes_, model.n_features_in_

    def predict(self, rows):
        return self.model.predict(rows)

    def predict_proba(self, rows):
        # By the clock, not by chance: the worker asks a second time before it says that a row failed.
        if time.time() * 50 % 1 < self.share:
            raise ValueError("no luck")
        return self.model.predict_proba(rows)
'''


def simulate() -> None:
    """The table of the test sources: false rollbacks, requests until harm is seen, beside the rules that people write by hand."""
    classes = [ROOT / "core" / "target" / name for name in ("classes", "test-classes")]
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    command = [str(java), "-cp", os.pathsep.join(map(str, classes)), "io.modelward.core.evidence.EvidenceBench", RUNS]
    subprocess.run(command, check=True)


def main() -> None:
    simulate()
    rows, labels = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=500).fit(rows, labels)
    with tempfile.TemporaryDirectory() as scratch, Server(Path(scratch) / "data") as server:
        module = Path(scratch) / "failing.py"
        module.write_text(FAILING)
        sys.path.insert(0, scratch)
        import failing

        registry = ModelRegistry(server.url)
        registry.save_model("iris", "1.0.0", model, CARD, sample=rows[:2])
        registry.save_model("iris", "1.1.0", model, {**CARD, "description": "the same"}, sample=rows[:2])
        registry.create_endpoint("iris", "iris", "1.0.0")
        cost(server, registry)
        for number in range(ROLLBACKS):
            harmful = failing.Failing(model, 0.25 if number % 2 else 1.0)
            registry.save_model("iris", f"1.2.{number}", harmful, {**CARD, "description": str(number)}, code=[module])
        rollbacks(server, registry)


def cost(server: Server, registry: ModelRegistry) -> None:
    """CPU of server and workers per request, without and with a rollout at 50 %, in turns."""
    found: dict[bool, list[float]] = {False: [], True: []}
    address = server.url.split("//")[1]
    load(address, CONNECTIONS, 3)
    for _ in range(TURNS):
        for rolling in (False, True):
            rollout = begin(server, registry, "1.1.0", steps=(50, 100), min_dwell="1h", latency=False) if rolling else ""
            load(address, CONNECTIONS, 1)
            before = cpu_seconds(server.pid)
            result = load(address, CONNECTIONS, SECONDS)
            found[rolling].append((cpu_seconds(server.pid) - before) * 1e6 / result["requests"])
            if rollout:
                registry.abort(rollout, reason="measured")
    without, during = (statistics.median(found[rolling]) for rolling in (False, True))
    print(f"\nCPU a request, median of {TURNS} turns of {SECONDS:g} s, {CONNECTIONS} connections:")
    print(f"  without a rollout {without:.0f} µs, with one at 50 % {during:.0f} µs (two workers instead of one), ratio {during / without:.2f}", flush=True)


def begin(server: Server, registry: ModelRegistry, candidate: str, **plan: Any) -> str:
    """Starts a rollout and waits until the candidate has traffic."""
    rollout = registry.rollout("iris", candidate, **plan)["id"]
    while registry.rollout_status(rollout)["state"] == "LOADING":
        time.sleep(0.02)
    return rollout


def rollbacks(server: Server, registry: ModelRegistry) -> None:
    """Candidates that fail all or a quarter of their requests, each rolled back by itself."""
    address = server.url.split("//")[1]
    withdrawn = []
    print("\nlive rollbacks at 5 % of the traffic:")
    for number in range(ROLLBACKS):
        rollout = registry.rollout("iris", f"1.2.{number}", steps=(5, 100), min_dwell="1h")["id"]
        traffic = threading.Thread(target=lambda: load_until(address, registry, rollout))
        traffic.start()
        ended = registry.wait(rollout, 60)
        traffic.join()
        verdict = ended["verdict"]
        withdrawn.append(ended["withdrawn_us"])
        print(
            f"  {'25' if number % 2 else '100'} % fail: {verdict['canary_requests']} requests to the candidate, {verdict['canary_bad']} failed, "
            f"served {ended['served_ms']} ms, withdrawn {ended['withdrawn_us']:.0f} µs after the decision",
            flush=True,
        )
    print(f"decision to withdrawn: median {statistics.median(withdrawn):.0f} µs, most {max(withdrawn):.0f} µs of {ROLLBACKS}")


def load_until(address: str, registry: ModelRegistry, rollout: str) -> None:
    """Load in short turns until the rollout is over."""
    while registry.rollout_status(rollout)["state"] in ("LOADING", "RUNNING", "HELD", "ABORTING"):
        load(address, 2, 0.5)


if __name__ == "__main__":
    main()
