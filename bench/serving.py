"""What it costs to serve scikit-learn models that the server evaluates itself, beside FastAPI, MLflow and a server written by hand.

Each figure has its goal beside it, and each measurement compares answers with scikit-learn's own: wrong answers are no figure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import serving_parts
from serving_parts import PARTS, Bench, Row

from modelward import ModelRegistry
from modelward.testing import Server


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="modelward bench serving", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="about six minutes: each figure from fewer seconds, flips and models")
    parser.add_argument("--long", action="store_true", help="10 minutes of the open loop, 10,000 flips, 300 models")
    parser.add_argument("--seconds", type=int, help="of each closed loop (5; 3 with --short)")
    parser.add_argument("--open-seconds", type=float, help="of the open loop (60; 15 with --short; 600 with --long)")
    parser.add_argument("--flips", type=int, help="2,000; 500 with --short; 10,000 with --long")
    parser.add_argument("--models", type=int, help="how many small models one server has: 60; 30 with --short; 300 with --long")
    parser.add_argument("--only", help="parts, with commas between: " + ", ".join(PARTS))
    chosen = parser.parse_args()
    usual = {"seconds": (5, 3, 5), "open_seconds": (60, 15, 600), "flips": (2000, 500, 10_000), "models": (60, 30, 300)}
    for name, (ordinary, short, long) in usual.items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, long if chosen.long else short if chosen.short else ordinary)
    unknown = set((chosen.only or "").split(",")) - {*PARTS, ""}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    return chosen


def main() -> int:
    options = arguments()
    warnings.simplefilter("ignore")
    wanted = options.only.split(",") if options.only else list(PARTS)
    started = time.monotonic()
    print(f"{time.strftime('%d %B %Y')}; {serving_parts.machine()}", flush=True)
    print(
        "load: "
        + ("wrk" if shutil.which("wrk") else "bench/java/HttpLoad, there is no wrk on the PATH")
        + "; open loops: bench/java/HttpLoad",
        flush=True,
    )
    rows: list[Row] = []
    failed = False
    with tempfile.TemporaryDirectory(prefix="modelward-bench-") as scratch, Server(Path(scratch) / "data") as server:
        bench = Bench(Path(scratch), server, ModelRegistry(server.url), options)
        for name in wanted:
            begun = time.monotonic()
            try:
                rows += PARTS[name](bench)
            except Exception as failure:  # noqa: BLE001 - the other parts have figures all the same
                traceback.print_exc()
                rows.append(Row(name, f"not measured: {type(failure).__name__}: {str(failure)[:160]}", "", False))
                failed = True
            print(f"  {name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(table(rows)))
    print(
        f"answers of each part were compared with scikit-learn's own predict; {serving_parts.machine()};"
        f" {time.monotonic() - started:.0f} s in all"
    )
    return 1 if failed else 0


def table(rows: list[Row]) -> list[str]:
    """A line for each figure, with its goal and whether it is met."""
    width = max(len(row.what) for row in rows)
    figures = max(len(row.figure) for row in rows)
    lines = [f"{'what':{width}}  {'figure':{figures}}  goal"]
    for row in rows:
        verdict = "" if row.met is None else ": met" if row.met else ": MISSED"
        lines.append(f"{row.what:{width}}  {row.figure:{figures}}  {row.goal}{verdict}".rstrip())
    return lines


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    sys.exit(main())
