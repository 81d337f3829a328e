"""The parts of the benchmark of serving; each answers the lines of the table that it measured."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import joblib
import numpy
from loads import Load, Peer, Target, closed, java, open_loop, target
from processes import memory_mib
from serving_models import Wrong, check, digits_forest, iris_forest, post, requests_of, write_forest, write_onnx, write_version
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier

from modelward import ModelRegistry
from modelward.testing import Server

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 32
SCORED = 100_000


class Row(NamedTuple):
    """A line of the table; ``met`` is None where there is no goal."""

    what: str
    figure: str
    goal: str = ""
    met: bool | None = None


@dataclass
class Bench:
    """What the parts share: a server with the iris forest of 100 trees, and figures that later parts compare with."""

    folder: Path
    server: Server
    registry: ModelRegistry
    options: argparse.Namespace
    found: dict[str, float] = field(default_factory=dict)
    served: dict[str, tuple[Any, numpy.ndarray, list[int], Path]] = field(default_factory=dict)

    def iris(self) -> tuple[Target, numpy.ndarray, list[int], Path, Any]:
        """The endpoint of the forest, its rows and answers, and their file."""
        if "iris" not in self.served:
            model, rows, answers = iris_forest()
            self.registry.save_model("iris", "1.0.0", model)
            endpoint = self.registry.serve("iris")
            if endpoint["serving"]["by"] != "evaluator":
                raise Wrong(f"the forest is not evaluated: {endpoint['serving']}")
            self.served["iris"] = (model, rows, answers, requests_of(self.folder, "iris", rows, answers))
            warm(self.at("iris"), self.served["iris"][3])
        model, rows, answers, file = self.served["iris"]
        return self.at("iris"), rows, answers, file, model

    def at(self, endpoint: str) -> Target:
        return target(self.server.url, f"/predict/{endpoint}", self.server.pid)

    def capacity(self) -> Load:
        """What the endpoint takes with 32 connections, measured once."""
        at, rows, answers, file, _ = self.iris()
        if "rate" not in self.found:
            load = good(measured(at, rows, answers, file, CONNECTIONS, self.options.seconds, "Modelward"))
            self.found.update(rate=load.per_second, cpu_ms=load.cpu_ms, sender=load.sender, p99=load.p99)
        found = self.found
        return Load(1, 0, 0, found["rate"], 0, found["p99"], found["cpu_ms"], found["sender"])


def warm(at: Target, file: Path) -> None:
    """A JVM compiles while it runs: the first seconds say how cold it was. Ends when a request takes no less CPU than before."""
    before = closed(at, file, CONNECTIONS, 4, 0).cpu_ms
    for _ in range(8):
        now = closed(at, file, CONNECTIONS, 3, 0).cpu_ms
        if now > before * 0.95:
            return
        before = now


def measured(at: Target, rows: numpy.ndarray, answers: list[Any], file: Path, connections: int, seconds: float, who: str) -> Load:
    """A closed loop, with answers compared before and after it."""
    check(at, rows, answers, who)
    load = closed(at, file, connections, seconds)
    check(at, rows, answers, who)
    return load


def good(load: Load) -> Load:
    """Raises when a request failed or an answer was wrong."""
    if load.failed or load.wrong or not load.requests:
        raise Wrong(f"{load.failed} requests failed and {load.wrong} answers are wrong of {load.requests}: {load.error}")
    return load


def figures(load: Load) -> str:
    """CPU and rate, and whether the load generator was the limit."""
    limit = " (the load generator was the limit)" if load.limited else ""
    return f"{load.cpu_ms * 1000:,.0f} µs, {load.per_second:,.0f} requests/s{limit}"


def machine() -> str:
    """What it runs on, and what else does."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    return f"{os.cpu_count()} cores ({cpu}), load average {' '.join(f'{load:.1f}' for load in os.getloadavg())}"


def cpu(bench: Bench) -> Iterator[Row]:
    """CPU per request of the whole path, beside three others with the same forest."""
    ours = bench.capacity()
    _, rows, answers, file, model = bench.iris()
    what = f"CPU a request, 100-tree forest, {CONNECTIONS} connections"
    yield Row(what, figures(ours))
    java_server = hand_written(bench, model)
    at = Target(int(java_server.stdout.readline()), "/predict/iris", java_server.pid)  # type: ignore[union-attr]
    try:
        warm(at, file)
        # It knows single rows only.
        load = good(open_loop(at, file, CONNECTIONS, 0, bench.options.seconds))
        by_hand = closed(at, file, CONNECTIONS, bench.options.seconds)
    finally:
        java_server.kill()
        java_server.wait()
    by_hand = load if by_hand.failed else by_hand
    ratio = ours.cpu_ms / by_hand.cpu_ms
    yield Row("  beside a server written by hand in Java", f"{ratio:.1f}x: it takes {figures(by_hand)}", "at most 2x", ratio <= 2)
    joblib.dump(model, bench.folder / "forest.joblib")
    models = {"onnx": str(write_onnx(model, rows.shape[1], bench.folder / "forest.onnx")), "iris": str(bench.folder / "forest.joblib")}
    with Peer(models, bench.folder) as peer:
        for name, title, goal in (("onnx", "FastAPI and ONNX Runtime", 15), ("iris", "FastAPI and scikit-learn", 500)):
            theirs = good(
                measured(Target(peer.port, f"/predict/{name}", peer.pid), rows, answers, file, CONNECTIONS, bench.options.seconds, title)
            )
            ratio = theirs.cpu_ms / ours.cpu_ms
            yield Row(f"  beside {title}", f"{ratio:,.1f}x less: it takes {figures(theirs)}", f"at least {goal}x less", ratio >= goal)


def hand_written(bench: Bench, model: Any) -> subprocess.Popen[str]:
    """bench/java/ForestServer.java; its first line is its port."""
    forest = write_forest(model, bench.folder / "forest.bin")
    return subprocess.Popen(java("ForestServer", forest), stdout=subprocess.PIPE, text=True)


def tail(bench: Bench) -> Iterator[Row]:
    """The slowest hundredth at half of what the server takes, timed from the moment that each request was due."""
    rate = bench.capacity().per_second / 2
    at, rows, answers, file, _ = bench.iris()
    load = good(open_loop(at, file, CONNECTIONS, rate, bench.options.open_seconds))
    what = f"p99, open loop of {rate:,.0f} requests/s, {bench.options.open_seconds:g} s, heap 512 MiB"
    figure = (
        f"{load.p99 * 1000:.2f} ms (p50 {load.p50 * 1000:.2f} ms; {load.cpu_ms * 1000:.0f} µs CPU a request; {load.requests:,} answers)"
    )
    yield Row(what, figure, "at most 5 ms", load.p99 <= 0.005)


def single(bench: Bench) -> Iterator[Row]:
    """One caller, one row after the other."""
    at, rows, answers, file, _ = bench.iris()
    load = good(measured(at, rows, answers, file, 1, bench.options.seconds, "Modelward"))
    again = good(open_loop(at, file, 1, 0, bench.options.seconds))
    figure = f"{load.p50 * 1000:.3f} ms (p99 {load.p99 * 1000:.2f} ms, {load.per_second:,.0f} requests/s)"
    figure += f"; with HttpLoad {again.p50 * 1000:.3f} ms"
    yield Row("one row, one connection: p50", figure, "at most 0.2 ms", max(load.p50, again.p50) <= 0.0002)


def many_rows(bench: Bench) -> Iterator[Row]:
    """100,000 rows of JSON in one request, beside MLflow's scoring server."""
    at, rows, answers, _, model = bench.iris()
    chance = numpy.random.default_rng(5)
    table = chance.uniform(rows.min(axis=0), rows.max(axis=0), (SCORED, rows.shape[1])).round(2)
    right = model.predict(table).tolist()
    body = json.dumps({"instances": table.tolist()}, separators=(",", ":")).encode()
    ours = best_of(at, body, right, "Modelward", 7)
    what = f"{SCORED:,} rows of JSON in one request ({len(body) / 2**20:.1f} MiB)"
    with scoring(bench, model) as theirs_at:
        if theirs_at is None:
            yield Row(what, f"{ours:.2f} s; MLflow's environment is not here", "at least 5x MLflow")
            return
        theirs = best_of(theirs_at, body, right, "MLflow", 3)
    yield Row(what, f"{ours:.2f} s, MLflow's scoring server {theirs:.2f} s: {theirs / ours:.1f}x", "at least 5x MLflow", theirs / ours >= 5)


def best_of(at: Target, body: bytes, right: list[Any], who: str, times: int) -> float:
    """The median of the later half of the requests: the first ones warm up."""
    taken = []
    for _ in range(times):
        answers, took = post(at, body)
        if answers != right:
            raise Wrong(f"{sum(a != b for a, b in zip(answers, right))} of {len(right)} answers of {who} are not scikit-learn's")
        taken.append(took)
    return statistics.median(taken[times // 2 :])


@contextmanager
def scoring(bench: Bench, model: Any) -> Iterator[Target | None]:
    """MLflow's scoring server, as ``mlflow models serve`` starts it, from the environment of ``bench mlflow``; None when there is none."""
    python = ROOT / "build" / "bench-mlflow" / "bin" / "python"
    if not python.exists():
        yield None
        return
    env = dict(
        os.environ,
        MLFLOW_DISABLE_TELEMETRY="true",
        DO_NOT_TRACK="true",
        GIT_PYTHON_REFRESH="quiet",
        MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true",
    )
    env.update(PATH=f"{python.parent}{os.pathsep}{env['PATH']}", MLFLOW_TRACKING_URI=f"sqlite:///{bench.folder / 'mlflow.db'}")
    joblib.dump(model, bench.folder / "scored.joblib")
    save = (
        "import sys, joblib, mlflow.sklearn as m; m.save_model(joblib.load(sys.argv[1]), sys.argv[2], serialization_format='cloudpickle')"
    )
    subprocess.run(
        [python, "-W", "ignore", "-c", save, bench.folder / "scored.joblib", bench.folder / "scored"],
        check=True,
        env=env,
        capture_output=True,
    )
    port = free_port()
    command = [
        python,
        "-m",
        "mlflow",
        "models",
        "serve",
        "-m",
        bench.folder / "scored",
        "--env-manager",
        "local",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    log = bench.folder / "scoring.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True, cwd=bench.folder)
    try:
        until = time.monotonic() + 120
        at = Target(port, "/invocations", process.pid)
        while True:
            try:
                post(at, b'{"instances": [[5.1, 3.5, 1.4, 0.2]]}')
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("MLflow's scoring server did not start: " + log.read_text()[-600:]) from None
                time.sleep(0.3)
        yield at
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def worker(bench: Bench) -> Iterator[Row]:
    """The same forest, kept in its worker."""
    _, rows, answers, file, _ = bench.iris()
    endpoint = bench.registry.create_endpoint("iris-worker", "iris", evaluate="off")
    if endpoint["serving"]["by"] != "worker":
        raise Wrong(f"evaluate=off, and it is computed by the {endpoint['serving']['by']}")
    load = good(measured(bench.at("iris-worker"), rows, answers, file, CONNECTIONS, bench.options.seconds, "the worker"))
    yield Row("the worker's path (evaluate off), CPU a request", figures(load))


def rollout(bench: Bench) -> Iterator[Row]:
    """CPU per request while a rollout has half of the traffic, both versions evaluated, in turns with none."""
    at, rows, answers, file, _ = bench.iris()
    second, _, others = iris_forest(100, seed=2)
    bench.registry.save_model("iris", "1.1.0", second)
    both = [row for row, one, other in zip(rows, answers, others) if one == other]
    found: dict[bool, list[float]] = {False: [], True: []}
    same = numpy.array(both)
    right = [answer for answer, other in zip(answers, others) if answer == other]
    file = requests_of(bench.folder, "both", same, right)
    share = 0.0
    for turn in range(4):
        # Each comes first in every other turn: what else runs here changes with time.
        for rolling in (turn % 2 == 1, turn % 2 == 0):
            begun = begin(bench.registry, "1.1.0") if rolling else ""
            load = good(closed(at, file, CONNECTIONS, bench.options.seconds, 0))
            found[rolling].append(load.cpu_ms)
            if begun:
                share = bench.registry.rollout_status(begun)["samples"] / load.requests
                check(at, same, right, "Modelward")
                bench.registry.abort(begun, reason="measured")
                if not 0.4 < share < 0.6:
                    raise Wrong(f"the candidate got {share:.0%} of the requests")
    without, during = (statistics.median(found[rolling]) for rolling in (False, True))
    ratio = during / without
    yield Row(
        "a rollout at 50 %, CPU a request",
        f"{ratio:.2f}x: {during * 1000:.0f} µs, without {without * 1000:.0f} µs; the candidate had {share:.0%}",
        "at most 1.1x",
        ratio <= 1.1,
    )


def begin(registry: ModelRegistry, candidate: str) -> str:
    """Starts a rollout that stays at 50 %, and waits until the candidate has traffic."""
    begun = registry.rollout("iris", candidate, steps=(50, 100), min_dwell="1h", latency=False)["id"]
    while (state := registry.rollout_status(begun)["state"]) == "LOADING":
        time.sleep(0.02)
    if state not in ("RUNNING", "HELD"):
        raise RuntimeError(f"the rollout is {state}")
    return begun


def flips(bench: Bench) -> Iterator[Row]:
    """Moves between two versions while requests come at a steady rate; each answer is compared."""
    _, rows, answers, _, model = bench.iris()
    bench.registry.save_model("flipped", "1.0.0", model)
    bench.registry.save_model("flipped", "1.1.0", iris_forest(100, seed=2)[0])
    bench.registry.create_endpoint("flipped", "flipped", "1.0.0")
    others = iris_forest(100, seed=2)[2]
    same = [at for at, (one, other) in enumerate(zip(answers, others)) if one == other]
    file = requests_of(bench.folder, "flipped", rows[same], [answers[at] for at in same])
    bench.registry.flip("flipped", "1.1.0", reason="loaded")
    rate, done, over = 2000, [0], threading.Event()

    def move() -> None:
        while done[0] < bench.options.flips and not over.is_set():
            bench.registry.flip("flipped", "1.0.0" if done[0] % 2 == 0 else "1.1.0", reason="measured")
            done[0] += 1

    requests, failed, loads = 0, 0, []
    mover = threading.Thread(target=move)
    mover.start()
    started = time.monotonic()
    while mover.is_alive() and time.monotonic() - started < 1200:
        load = open_loop(bench.at("flipped"), file, CONNECTIONS, rate, 5)
        requests, failed = requests + load.requests, failed + load.failed + load.wrong
        loads.append(load)
    over.set()
    mover.join()
    took = time.monotonic() - started
    error = next((load.error for load in loads if load.error), "")
    p99 = statistics.median(load.p99 for load in loads)
    figure = f"{failed} failed of {requests:,}; {done[0]:,} flips in {took:.0f} s, p99 {p99 * 1000:.1f} ms"
    whole = done[0] >= bench.options.flips
    yield Row(
        f"{bench.options.flips:,} flips at {rate:,} requests/s", figure + (f": {error}" if error else ""), "0 failed", failed == 0 and whole
    )


def speed(bench: Bench) -> Iterator[Row]:
    """The evaluator alone, in one thread, beside scikit-learn's own predict."""
    _, rows, answers, _, model = bench.iris()
    forms = list((bench.server.data / "forms").iterdir())
    many = numpy.random.default_rng(3).uniform(rows.min(axis=0), rows.max(axis=0), (10_000, rows.shape[1]))
    right = model.predict(many).tolist()
    raw = bench.folder / "rows.f8"
    raw.write_bytes(many.astype("<f8").tobytes())
    for batch, goal in ((1, 1000), (1000, 1)):
        told = None
        for form in forms:
            ran = subprocess.run(java("EvaluatorSpeed", form, raw, rows.shape[1], batch, 4), capture_output=True, text=True)
            if ran.returncode == 0 and json.loads(ran.stdout)["labels"] == right:
                told = json.loads(ran.stdout)
                break
        if told is None:
            raise Wrong("no kept form answers as the forest does")
        theirs = predict_ns(model, many, batch)
        ratio = theirs / told["ns"]
        figure = f"{told['ns']:,.0f} ns a row; scikit-learn {theirs:,.0f} ns: {ratio:,.1f}x"
        yield Row(f"the evaluator alone, one thread, batch {batch:,}", figure, f"at least {goal:,}x", ratio >= goal)


def predict_ns(model: Any, rows: numpy.ndarray, batch: int) -> float:
    """scikit-learn's own predict, nanoseconds a row, the median of calls within two seconds."""
    taken, end, at = [], time.perf_counter() + 2, 0
    while time.perf_counter() < end:
        part = rows[at : at + batch]
        start = time.perf_counter_ns()
        model.predict(part)
        taken.append(time.perf_counter_ns() - start)
        at = (at + batch) % len(rows)
    return statistics.median(taken) / batch


def load(bench: Bench) -> Iterator[Row]:
    """A forest of 500 trees is loaded and proved while another endpoint answers."""
    at, _, _, file, _ = bench.iris()
    model, rows, answers = digits_forest()
    bench.registry.save_model("large", "1.0.0", model)
    rate, seconds = 500, 10
    before = good(open_loop(at, file, CONNECTIONS, rate, seconds))
    took: list[float] = []
    served: list[dict[str, Any]] = []

    def serve() -> None:
        start = time.monotonic()
        served.append(bench.registry.serve("large"))
        took.append(time.monotonic() - start)

    loading = threading.Thread(target=serve)
    loading.start()
    meanwhile = []
    while loading.is_alive():
        meanwhile.append(good(open_loop(at, file, CONNECTIONS, rate, 3)))
    loading.join()
    if not took:
        raise RuntimeError("the large forest could not be served")
    check(bench.at("large"), rows, answers, "the large forest")
    serving = served[0]["serving"]
    by = (
        f"{serving['probes']:,} probes, {serving['nodes']:,} nodes"
        if serving["by"] == "evaluator"
        else f"in its worker: {serving['reason']}"
    )
    evaluated = None if serving["by"] == "evaluator" else False
    yield Row("load of a 500-tree forest of 64 columns, with its proof", f"{took[0]:.1f} s ({by})", "seconds", evaluated)
    p99 = statistics.median(one.p99 for one in meanwhile)
    ratio = p99 / before.p99
    figure = f"{ratio:.1f}x: {p99 * 1000:.2f} ms, before {before.p99 * 1000:.2f} ms, at {rate} requests/s"
    yield Row("  p99 of another endpoint meanwhile", figure, "at most 2x", ratio <= 2)


def fleet(bench: Bench) -> Iterator[Row]:
    """Many small models on one server of its own, a third of them busy, with room in memory for a part of them."""
    count = bench.options.models
    rows, labels = load_iris(return_X_y=True)
    folder = bench.folder / "fleet"
    folder.mkdir()
    configuration = folder / "configuration"
    configuration.write_text("serving.memory = 1m\n")
    answers: dict[str, list[int]] = {}
    with Server(folder / "data", "--config", str(configuration)) as server:
        registry = ModelRegistry(server.url)
        empty, started = memory_mib(server.pid, "VmRSS"), time.monotonic()
        for number in range(count):
            model = RandomForestClassifier(100, random_state=number).fit(rows, labels)
            name = f"small-{number}"
            registry.publish(name, write_version(folder / name, model, rows[:2]), {"description": name})
            endpoint = registry.serve(name)
            if endpoint["serving"]["by"] != "evaluator":
                raise Wrong(f"{name} is not evaluated: {endpoint['serving']}")
            answers[name] = model.predict(rows).tolist()
        made = time.monotonic() - started
        busy, cold = list(answers)[: max(1, count // 3)], list(answers)[max(1, count // 3) :]
        body = json.dumps({"instances": rows.tolist()}).encode()

        def ask(name: str) -> float:
            got, took = post(target(server.url, f"/predict/{name}", server.pid), body)
            if got != answers[name]:
                raise Wrong(f"an answer of {name} is not scikit-learn's")
            return took

        for _ in range(20):
            for name in busy:
                ask(name)
        warm_times = [ask(name) for name in busy]
        # Each of the others once, in the order in which they were loaded, which is the order in which they are let go to make room.
        forms = sum(file.stat().st_size for file in (folder / "data" / "forms").iterdir()) / 2**20
        if forms < 2:
            raise RuntimeError(f"{count} models take {forms:.1f} MiB, so that all stay in memory: take more models")
        cold_times = [ask(name) for name in cold]
        memory = memory_mib(server.pid, "VmRSS")
    yield Row(
        f"{count} small models on one server: memory",
        f"{memory:.0f} MiB, {empty:.0f} MiB without any; {made / count:.2f} s to publish and serve one; {forms:.1f} MiB of forms on disk",
    )
    cold_ms, warm_ms = statistics.median(cold_times) * 1000, statistics.median(warm_times) * 1000
    figure = f"p50 {cold_ms:.1f} ms, most {max(cold_times) * 1000:.1f} ms; to a busy one p50 {warm_ms:.1f} ms"
    yield Row(f"  150 rows to a cold one, {len(busy)} others busy, serving.memory = 1m", figure)


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "cpu": cpu,
    "tail": tail,
    "single": single,
    "rows": many_rows,
    "worker": worker,
    "rollout": rollout,
    "flips": flips,
    "speed": speed,
    "load": load,
    "fleet": fleet,
}
