"""The soak: minutes of what a server meets in months. Ends with the figures, and with exit code 1 when a promise did not hold.

Run by ``modelward soak [MINUTES]``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "python" / "src"), str(HERE.parent), str(HERE)]
os.environ.setdefault("MODELWARD_LAUNCHER", str(ROOT / "modelward"))
os.environ["MODELWARD_ACTOR"] = "soak"

import flood  # noqa: E402
import odd_models  # noqa: E402
from conftest import row_card, serve  # noqa: E402
from modelward import ModelRegistry  # noqa: E402
from modelward.errors import ModelwardError  # noqa: E402
from modelward.testing import Server  # noqa: E402

SMALL_P99_MILLIS = 250.0
LIVE_P99_MILLIS = 100.0
LIVE_MOST_MILLIS = 2000.0
GROWTH_MIB = 24


class Verdict:
    """What did not hold."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def hold(self, holds: bool, words: str) -> None:
        if not holds:
            self.broken.append(words)
            print(f"  BROKEN: {words}", flush=True)


def flooded(minutes: float, verdict: Verdict) -> None:
    """Forty large bodies at a time, mixed, beside small predictions and /livez."""
    print(f"== a flood of large bodies, {minutes:g} minutes, default heap", flush=True)
    with tempfile.TemporaryDirectory(prefix="modelward-soak-") as folder, Server(Path(folder) / "data") as server:
        registry = ModelRegistry(server.url)
        serve(registry, "sums", odd_models.Sums(), odd_models)
        report = flood.run(server.url, server.pid, "sums", minutes * 60, seed=int(time.time()))
        print("\n".join("  " + line for line in report.words()), flush=True)
        verdict.hold(server.exit_code is None, f"the server ended: {server.log_end(5)}")
        verdict.hold(not report.small_failed, f"small predictions failed: {dict(report.small_failed)}")
        verdict.hold(not report.live_failed, f"/livez failed: {dict(report.live_failed)}")
        small, live = flood.quantile(report.small, 0.99), flood.quantile(report.live, 0.99)
        verdict.hold(small < SMALL_P99_MILLIS, f"p99 of small predictions is {small:.0f} ms; {SMALL_P99_MILLIS:.0f} is the most")
        verdict.hold(live < LIVE_P99_MILLIS, f"p99 of /livez is {live:.0f} ms; {LIVE_P99_MILLIS:.0f} is the most")
        verdict.hold(max(report.live) < LIVE_MOST_MILLIS, f"one /livez took {max(report.live):.0f} ms")


def worked(minutes: float, verdict: Verdict) -> None:
    """An ordinary mix: predictions, moves, publishes, runs, downloads. The memory must level off."""
    print(f"== an ordinary mix, {minutes:g} minutes", flush=True)
    counts: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="modelward-soak-") as folder, Server(Path(folder) / "data") as server:
        registry = ModelRegistry(server.url)
        serve(registry, "mix", odd_models.Sums(), odd_models)
        for number in (1, 2):
            registry.save_model("mix", f"1.{number}.0", odd_models.Sums(), row_card(), code=[odd_models.__file__], reason="a scenario")

        def loop(name: str, pause: float, action: Any) -> threading.Thread:
            def run() -> None:
                turn = 0
                while not stop.is_set():
                    try:
                        action(turn)
                        counts[name] += 1
                    except ModelwardError as failure:
                        failures[f"{name}: {failure}"[:160]] += 1
                    turn += 1
                    stop.wait(pause)

            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            return thread

        loop("predict", 0.002, lambda turn: registry.predict("mix", [[turn, 1, 2]]))
        loop("predict many", 0.2, lambda turn: registry.predict("mix", [[turn, 1, 2]] * 2000))
        loop("list", 0.05, lambda turn: registry.list_versions("mix"))
        loop("move", 2.0, lambda turn: registry.flip("mix", f"1.{turn % 3}.0", reason="a soak"))
        loop("load", 5.0, lambda turn: registry.load_model("mix", "1.0.0"))
        memory = []
        until = time.time() + minutes * 60
        while time.time() < until and server.exit_code is None:
            memory.append(flood.own(server.pid))
            time.sleep(1)
        stop.set()
        print(f"  done: {dict(counts)}; failed: {dict(failures)}", flush=True)
        verdict.hold(server.exit_code is None, f"the server ended: {server.log_end(5)}")
        verdict.hold(not failures, f"calls failed: {dict(failures)}")
        tenths = [memory[len(memory) * part // 10 - (part == 10)] >> 20 for part in range(1, 11)]
        print(f"  memory of its own at each tenth of the time, MiB: {tenths}; resident in all {flood.resident(server.pid) >> 20 if server.exit_code is None else 0}", flush=True)
        verdict.hold(tenths[9] - tenths[4] <= GROWTH_MIB, f"the memory grew from {tenths[4]} to {tenths[9]} MiB in the second half")


def handed_out(verdict: Verdict) -> None:
    """2,000 starts, crashes and failed loads of workers: all that they were given comes back."""
    print("== 2,000 starts of workers", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        [
            "mvn", "--batch-mode", "--quiet", "-Dspotless.check.skip=true", "-pl", "core,store,runtime", "test", "-Dtest=HandOutTest",
            "-Dmodelward.starts=2000", "-Dsurefire.failIfNoSpecifiedTests=false",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    print(f"  {time.monotonic() - started:.0f} s", flush=True)
    verdict.hold(done.returncode == 0, "something was not given back:\n" + done.stdout[-3000:])


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    verdict = Verdict()
    flooded(minutes, verdict)
    worked(minutes, verdict)
    handed_out(verdict)
    print("all held" if not verdict.broken else f"{len(verdict.broken)} did not hold")
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    sys.exit(main())
