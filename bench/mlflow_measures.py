"""What is measured of a server that speaks MLflow's protocol, each for itself on its own data."""

from __future__ import annotations

import contextlib
import io
import logging
import random
import time
from dataclasses import dataclass
from pathlib import Path

import mlflow
from mlflow.models import infer_signature
from mlflow_servers import Growth
from mlflow_wire import Timing, Wire, timed
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

VERSION = {"name": "measured", "source": "s3://bucket/model"}
PAIRS = 10


@dataclass(frozen=True)
class Load:
    """How much is done to a server: of each kind of call, in the sizes of models and runs."""

    warming: int
    calls: int
    sizes: tuple[int, ...]
    runs: int
    mib: int
    models: int


Figures = dict[str, float]
"""Rates a second, milliseconds (``… p50``, ``… p99``) and MiB, by what was measured."""


def note(figures: Figures, what: str, timing: Timing) -> None:
    """A rate with its latencies."""
    figures.update({what + ", a second": timing.rate, what + ", p50 ms": timing.p50 * 1000, what + ", p99 ms": timing.p99 * 1000})


def create(wire: Wire, number: int) -> None:
    wire.post("/model-versions/create", **VERSION)


def point(key: str, value: float, step: int) -> dict[str, object]:
    return {"key": key, "value": value, "timestamp": 1_700_000_000_000 + step, "step": step}


def warm(url: str, load: Load) -> None:
    """The first calls to a process say how cold it was; what is compiled while it runs needs more of them."""
    wire = Wire(url, keep=False)
    wire.post("/registered-models/create", name="warm")
    run = wire.post("/runs/create", experiment_id="0")["run"]["info"]["run_id"]

    def act(w: Wire, n: int) -> None:
        w.post("/model-versions/create", name="warm", source="s3://bucket/model")
        w.get("/registered-models/get", name="warm")
        w.post("/runs/log-metric", run_id=run, **point("warm", n, n))

    timed(url, act, load.warming, threads=8)


def registry(url: str, load: Load, figures: Figures) -> None:
    """Versions made, then read while there are more and more of them."""
    wire = Wire(url, keep=False)
    wire.post("/registered-models/create", name="measured")
    note(figures, "create version", timed(url, create, load.calls))
    note(figures, "create version, new connections", timed(url, create, load.calls, keep=False))
    have, together = 2 * load.calls, None
    for size in load.sizes:
        if size > have:
            together = timed(url, create, size - have, threads=16)
            have = size
        got = timed(url, lambda w, n: w.get("/registered-models/get", name="measured"), load.calls)
        figures[f"get model of {size} versions, p50 ms"] = got.p50 * 1000
    if together:
        note(figures, "create version, 16 threads", together)
    wire.post("/registered-models/alias", name="measured", alias="champion", version="1")
    last = str(have)
    acts = {
        "get version": lambda w, n: w.get("/model-versions/get", name="measured", version=str(1 + n % have)),
        "get version by alias": lambda w, n: w.get("/registered-models/alias", name="measured", alias="champion"),
        "set alias": lambda w, n: w.post("/registered-models/alias", name="measured", alias="champion", version=last),
        "search versions, 100": lambda w, n: w.get("/model-versions/search", filter="name = 'measured'", max_results=100),
    }
    for what, act in acts.items():
        figures[what + ", p50 ms"] = timed(url, act, load.calls).p50 * 1000
    found = timed(url, lambda w, n: w.get("/model-versions/search", filter="name = 'measured'", max_results=10000), 5)
    figures["search versions, all, p50 ms"] = found.p50 * 1000


def tracking(url: str, load: Load, figures: Figures) -> None:
    """What runs log, one by one and many at once, and what a search among many runs costs."""
    wire = Wire(url, keep=False)
    run = wire.post("/runs/create", experiment_id="0")["run"]["info"]["run_id"]
    log = lambda w, n: w.post("/runs/log-metric", run_id=run, **point("loss", n / 7, n))  # noqa: E731
    note(figures, "log_metric", timed(url, log, load.calls))
    note(figures, "log_metric, new connections", timed(url, log, load.calls, keep=False))
    note(figures, "log_metric, 8 threads", timed(url, log, 4 * load.calls, threads=8))
    batch = lambda w, n: w.post("/runs/log-batch", run_id=run, metrics=[point("many", i, 100 * n + i) for i in range(100)])  # noqa: E731
    note(figures, "log_batch of 100 metrics", timed(url, batch, load.calls))
    note(figures, "log_batch of 100 metrics, 8 threads", timed(url, batch, 2 * load.calls, threads=8))
    experiment = wire.post("/experiments/create", name="many runs")["experiment_id"]
    chance = random.Random(1)
    values = [chance.random() for _ in range(load.runs)]

    def whole_run(w: Wire, n: int) -> None:
        made = w.post("/runs/create", experiment_id=experiment, start_time=1_700_000_000_000 + n)["run"]["info"]["run_id"]
        metrics = [point(f"m{i}", values[n] + i, 0) for i in range(PAIRS)]
        w.post("/runs/log-batch", run_id=made, metrics=metrics, params=[{"key": f"p{i}", "value": str(n % (i + 2))} for i in range(PAIRS)])

    note(figures, "run with 10 metrics and 10 parameters, 8 threads", timed(url, whole_run, load.runs, threads=8))
    order = ["metrics.m0 DESC"]
    searches = {
        "search runs, filter and order by metric": {"filter": "metrics.m0 > 0.2 AND params.p1 = '1'", "order_by": order},
        "search runs, order by metric": {"order_by": order},
        "search runs, the newest": {},
    }
    for what, asked in searches.items():
        search = lambda w, n, asked=asked: w.post("/runs/search", experiment_ids=[experiment], max_results=100, **asked)  # noqa: E731
        timed(url, search, load.calls // 20)  # as all else is, it is measured when it is warm
        figures[what + ", p50 ms"] = timed(url, search, min(15, load.calls)).p50 * 1000


def files(url: str, pid: int, load: Load, file: Path, figures: Figures) -> None:
    """One large file there and back, after a small one."""
    wire = Wire(url, keep=False)
    run = wire.post("/runs/create", experiment_id="0")["run"]["info"]
    home = run["artifact_uri"].split(":/", 1)[1].strip("/")
    small = file.with_name("small.bin")
    small.write_bytes(b"warm" * 1000)
    wire.upload(f"{home}/small.bin", small)
    wire.download(f"{home}/small.bin")
    for what, act in (("upload", lambda: wire.upload(f"{home}/big.bin", file)), ("download", lambda: wire.download(f"{home}/big.bin"))):
        with Growth(pid) as growth:
            start = time.perf_counter()
            act()
            took = time.perf_counter() - start
        figures[what + ", MiB a second"] = load.mib / took
        figures[what + ", growth of resident memory, MiB"] = growth.mib


def client(url: str, load: Load, figures: Figures) -> None:
    """The real client: a model logged and registered in one call, and loaded."""
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(url)
    rows, labels = load_iris(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=500).fit(rows, labels)
    told = {"signature": infer_signature(rows, model.predict(rows)), "pip_requirements": ["scikit-learn"]}
    logged, loaded = [], []
    for _ in range(load.models + 1):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), mlflow.start_run():
            mlflow.sklearn.log_model(model, name="iris-model", registered_model_name="by the client", **told)
            logged.append(time.perf_counter() - start)
        start = time.perf_counter()
        mlflow.pyfunc.load_model("models:/by the client/latest")
        loaded.append(time.perf_counter() - start)
    # The first of each also imports what the others have.
    figures["client: log_model and register, ms"] = sorted(logged[1:])[load.models // 2] * 1000
    figures["client: load_model, ms"] = sorted(loaded[1:])[load.models // 2] * 1000
