"""Ten kinds of scikit-learn models: who computes them, and what that costs beside FastAPI. Run by ``./modelward demo serving``."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / "bench"))

import joblib  # noqa: E402
from cli import modelward  # noqa: E402
from context import Context  # noqa: E402
from loads import Peer, closed, compile_java, target, write_rows  # noqa: E402
from modelward import ModelRegistry, ModelwardError  # noqa: E402
from modelward.testing import Server, StartFailed  # noqa: E402
from say import Say, StepFailed, holds  # noqa: E402
import own_function  # noqa: E402
from serving_steps.kinds import Kind, kinds  # noqa: E402
from serving_steps.measure import CONNECTIONS, SECONDS, Measured, measure  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say = Say()
    folder = Path(tempfile.mkdtemp(prefix="modelward-demo-"))
    server, code = None, 1
    started = time.monotonic()
    try:
        with say.waiting("starting a server on a free port of this machine"):
            server = Server(folder / "data")
        say.done(f"the server listens on {server.url}")
        _steps(say, server, folder)
        code = 0
        say.line(f"\nAll of it held, in {time.monotonic() - started:.0f} s. The server has ended, its data are removed.")
    except StepFailed as failed:
        say.failed(f"{failed}.")
    except (ModelwardError, StartFailed, RuntimeError) as error:
        say.failed(str(error))
    except KeyboardInterrupt:
        say.line("\nStopped.")
        code = 130
    finally:
        if server is not None:
            server.stop()
            if code == 1:
                say.line("The end of the server's log:\n" + server.log_end())
        shutil.rmtree(folder, ignore_errors=True)
    return code


def _steps(say: Say, server: Server, folder: Path) -> None:
    os.environ["MODELWARD_URL"] = server.url
    os.environ["MODELWARD_CACHE"] = str(folder / "cache")
    # A model has no card here; the demo without a word shows cards.
    warnings.simplefilter("ignore")
    context = Context(say, server, ModelRegistry(), folder / "scratch")
    context.scratch.mkdir()
    say.heading(1, "Train ten kinds of models")
    trained = _train(say)
    say.heading(2, "Save and serve each, with nothing said about how it is to be computed")
    say.note('registry.save_model("forest", "1.0.0", model)')
    say.note('registry.serve("forest")')
    endpoints = {kind.name: _serve(context, kind) for kind in trained}
    _told(context, trained, endpoints)
    say.heading(3, "Ask both Modelward and FastAPI, with the same artifacts and the same rows")
    measured = _beside(context, trained, endpoints)
    say.heading(4, "What it costs")
    _report(say, measured)


def _train(say: Say) -> list[Kind]:
    trained = []
    with threadpool_limits(1):  # many threads for little tables only wait for each other
        for kind in kinds():
            trained.append(kind)
            say.live(f"{len(trained)} of 10: {kind.title}")
    holds(len(trained) == 10, f"{len(trained)} models were trained")
    say.done("trained: " + "; ".join(kind.title for kind in trained))
    return trained


def _serve(context: Context, kind: Kind) -> dict[str, Any]:
    """The endpoint, and that it is computed where it should be."""
    say, registry = context.say, context.registry
    with say.waiting(f"saving and serving: {kind.title}"):
        registry.save_model(kind.name, "1.0.0", kind.model, code=kind.code)
        started = time.monotonic()
        endpoint = registry.serve(kind.name)
        took = time.monotonic() - started
    serving = endpoint["serving"]
    holds(serving["by"] == kind.by, f"'{kind.title}' is computed by the {serving['by']} and not the {kind.by}: {serving.get('reason')}")
    if kind.by == "evaluator":
        holds(serving["probes"] > 0, f"'{kind.title}' was compared on no row")
        holds(serving["largest_difference"] <= 1e-6, f"'{kind.title}' differs by {serving['largest_difference']} from its worker")
        trees = (
            f", which reach {100 * serving['nodes_reached'] // serving['nodes']} % of {serving['nodes']:,} tree nodes"
            if serving["nodes"]
            else ""
        )
        say.done(
            f"{kind.title}: the server computes it, after {serving['probes']:,} rows answered as its worker answers{trees}; {took:.1f} s"
        )
    else:
        holds(bool(serving["reason"]), f"nothing says why '{kind.title}' stays in its worker")
        say.done(f"{kind.title}: stays in its worker, because {serving['reason']}; {took:.1f} s")
    return endpoint


def _told(context: Context, trained: list[Kind], endpoints: dict[str, dict[str, Any]]) -> None:
    """Anybody can ask who computes a version; one that must stay in its worker stays there."""
    code, lines = modelward(context, "endpoint", "show", trained[0].name)
    holds(code == 0 and any("evaluated" in line for line in lines), "the command line does not say who computes the endpoint")
    registry, name = context.registry, trained[0].name
    off = registry.create_endpoint(name + "-in-its-worker", name, evaluate="off")
    holds(off["serving"]["by"] == "worker", f"an endpoint with evaluate=off is computed by the {off['serving']['by']}")
    context.say.done('create_endpoint(…, evaluate="off") keeps the same forest in its worker')
    endpoints[off["endpoint"]] = off


def _beside(context: Context, trained: list[Kind], endpoints: dict[str, dict[str, Any]]) -> list[Measured]:
    say, server = context.say, context.server
    files = {}
    for kind in trained:
        files[kind.name] = str(context.scratch / f"{kind.name}.joblib")
        joblib.dump(kind.model, files[kind.name])
    forest = trained[0]
    again = Kind(forest.name + "-in-its-worker", "the same forest, evaluate off", forest.model, forest.rows, "worker")
    files[again.name] = files[forest.name]
    compile_java()
    with say.waiting("the server compiles while it runs: some seconds of requests before anything is measured"):
        warm = write_rows(context.scratch / "warm.rows", forest.instances(), forest.answers())
        closed(target(server.url, f"/predict/{forest.name}", server.pid), warm, CONNECTIONS, 5, 0)
    measured = []
    with say.waiting("starting FastAPI under uvicorn, one process"):
        peer = Peer(files, context.scratch, [str(Path(own_function.__file__).parent)])
    with peer:
        for kind in [*trained, again]:
            with say.waiting(f"both answer {CONNECTIONS} connections for {SECONDS} s: {kind.title}"):
                ours, theirs = (
                    target(server.url, f"/predict/{kind.name}", server.pid),
                    target(f":{peer.port}", f"/predict/{kind.name}", peer.pid),
                )
                measured.append(measure(kind, endpoints[kind.name]["serving"], ours, theirs, context.scratch))
    rows = sum(len(one.kind.rows) for one in measured)
    largest = max(one.difference for one in measured)
    exact = "to the last bit" if largest == 0 else f"labels the same, numbers within {largest:.1g}"
    say.done(f"both servers answered {rows:,} rows as scikit-learn's own predict does: {exact}; no request failed")
    return measured


def _report(say: Say, measured: list[Measured]) -> None:
    header = ("model", "computed by", "probes", "difference", "CPU/request", "requests/s", "FastAPI: CPU", "requests/s", "CPU, times less")
    rows = []
    for one in measured:
        evaluated, ours, theirs = one.serving["by"] == "evaluator", one.ours, one.theirs
        rows.append(
            (
                one.kind.title,
                "the server" if evaluated else "its worker",
                f"{one.serving['probes']:,}" if evaluated else "-",
                f"{one.serving['largest_difference']:.1g}" if evaluated else "-",
                f"{ours.cpu_ms:.3f} ms",
                f"{ours.per_second:,.0f}" + ("*" if ours.limited else ""),
                f"{theirs.cpu_ms:.2f} ms",
                f"{theirs.per_second:,.0f}",
                f"{theirs.cpu_ms / ours.cpu_ms:.0f}",
            )
        )
        holds(ours.cpu_ms > 0, f"no CPU time was seen for '{one.kind.title}'")
    say.table(header, rows)
    say.note(f"{CONNECTIONS} connections, {SECONDS} s each, one row a request; CPU of the server and all its workers, from /proc.")
    say.note("difference: the largest relative one between the server's numbers and its worker's, when the model was loaded.")
    if any(one.ours.limited for one in measured):
        say.note("* the load generator used up its core, so that the server could have answered more; CPU/request is not touched by that.")
    say.note(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores: what else runs here makes all rates smaller.")


if __name__ == "__main__":
    sys.exit(main())
