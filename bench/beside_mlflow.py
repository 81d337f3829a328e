"""Modelward beside MLflow's own server, one after the other on this machine, with the same client code; ``--quick`` does less of each."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true", GIT_PYTHON_REFRESH="quiet")

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "blackbox"))

import mlflow  # noqa: E402
from mlflow_measures import Figures, Load, client, files, registry, tracking, warm  # noqa: E402
from mlflow_servers import Peer, settled_mib  # noqa: E402
from modelward.testing import Server  # noqa: E402
from postgresql import Postgres  # noqa: E402

OURS = Load(warming=3000, calls=600, sizes=(100, 1000, 3000), runs=10_000, mib=1024, models=7)
THEIRS = Load(warming=100, calls=60, sizes=(100, 1000, 3000), runs=1500, mib=1024, models=7)
QUICK_OURS = Load(warming=1000, calls=200, sizes=(100, 1000, 3000), runs=10_000, mib=256, models=3)
QUICK_THEIRS = Load(warming=40, calls=30, sizes=(100, 500), runs=200, mib=256, models=3)

GOALS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "idle, resident memory of all processes, MiB": ("at most 1/10", lambda ours, theirs: ours <= theirs / 10),
    "create version, a second": ("30 times", lambda ours, theirs: ours >= 30 * theirs),
    "create version, 16 threads, p99 ms": ("below 20 ms", lambda ours, theirs: ours < 20),
    "get model of 3000 versions, p50 ms": ("below 2 ms", lambda ours, theirs: ours < 2),
    "log_metric, a second": ("20 times", lambda ours, theirs: ours >= 20 * theirs),
    "log_batch of 100 metrics, a second": ("20 times", lambda ours, theirs: ours >= 20 * theirs),
    "search runs, filter and order by metric, p50 ms": ("below 20 ms", lambda ours, theirs: ours < 20),
    "search runs, order by metric, p50 ms": ("below 20 ms", lambda ours, theirs: ours < 20),
    "upload, MiB a second": ("4 times", lambda ours, theirs: ours >= 4 * theirs),
    "upload, growth of resident memory, MiB": ("below 100 MiB", lambda ours, theirs: ours < 100),
    "download, growth of resident memory, MiB": ("below 100 MiB", lambda ours, theirs: ours < 100),
}


def measure(url: str, pid: int, load: Load, file: Path) -> Figures:
    """All figures of one server."""
    figures: Figures = {}
    parts: dict[str, Callable[[], object]] = {
        "idle memory": lambda: figures.update({"idle, resident memory of all processes, MiB": settled_mib(pid)}),
        "warming": lambda: warm(url, load),
        "registry": lambda: registry(url, load, figures),
        "client": lambda: client(url, load, figures),
        "runs": lambda: tracking(url, load, figures),
        "files": lambda: files(url, pid, load, file, figures),
    }
    for name, part in parts.items():
        start = time.monotonic()
        part()
        print(f"  {name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return figures


def table(ours: Figures, theirs: Figures) -> list[str]:
    """A line for each figure: how many times better ours is, and whether it is as good as wanted."""
    lines = [f"{'':58}{'MLflow':>12}{'Modelward':>12}{'times':>10}   goal"]
    for what, value in ours.items():
        other = theirs.get(what)
        line = f"{what:58}{'-' if other is None else f'{other:.4g}':>12}{value:>12.4g}"
        if other is not None and "growth" not in what:
            better = value / other if what.endswith("a second") else other / value
            line += f"{better:>10.3g}"
        else:
            line += f"{'':>10}"
        if what in GOALS:
            goal, met = GOALS[what]
            line += f"   {goal}: {'met' if met(value, other or 0) else 'MISSED'}"
        lines.append(line)
    return lines


def machine() -> str:
    """What it runs on, and what else does."""
    cpu = next(line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB; load average {' '.join(f'{load:.1f}' for load in os.getloadavg())}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="modelward bench mlflow", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="in at most four minutes: fewer calls, versions and runs, a smaller file")
    parser.add_argument("--postgresql", action="store_true", help="both servers keep what they know in databases of one PostgreSQL 15 server")
    options = parser.parse_args()
    quick = options.quick
    ours, theirs = (QUICK_OURS, QUICK_THEIRS) if quick else (OURS, THEIRS)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    begun = time.monotonic()
    print(f"before: {machine()}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "big.bin"
        with file.open("wb") as out:
            for _ in range(ours.mib):
                out.write(os.urandom(1 << 20))
        os.sync()  # else the disk writes it while other things are measured
        database = Postgres(Path(tempfile.gettempdir())) if options.postgresql else None
        configuration = Path(scratch) / "configuration"
        configuration.write_text(database.settings(database.database()) if database else "")
        with Server(Path(scratch) / "data", "--config", str(configuration)) as server:
            first = measure(server.url, server.pid, ours, file)
        print(f"Modelward measured after {time.monotonic() - begun:.0f} s; load average {os.getloadavg()[0]:.1f}", flush=True)
        with Peer(Path(scratch) / "peer", database.url(database.database(), "postgresql+pg8000") if database else None) as peer:
            second = measure(peer.url, peer.pid, theirs, file)
        if database:
            database.close()
    place = "PostgreSQL, as Modelward" if options.postgresql else "SQLite"
    print(f"after:  {machine()}")
    print("\n".join(table(first, second)))
    print(
        f"MLflow {mlflow.__version__} with its defaults and {place}. One Python client, connections kept but where it says otherwise, {ours.mib} MiB for files."
        f"\nNot the same amounts: {ours.runs} runs here and {theirs.runs} there when runs are searched; {ours.sizes[-1]} and {theirs.sizes[-1]} versions of the model"
        f"\nwhen versions are read; {ours.calls} and {theirs.calls} calls a figure, after {ours.warming} and {theirs.warming} of three kinds to warm up. {time.monotonic() - begun:.0f} s in all."
    )


if __name__ == "__main__":
    main()
