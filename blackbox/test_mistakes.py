"""Typical mistakes of newcomers, and the words that meet them: `golden/mistakes.txt` has each mistake with its message.

Read the file as a stranger: each message names the thing, says the reason and tells the next step. After a message has changed:
MODELWARD_GOLDEN=write ./modelward test blackbox -n 0 blackbox/test_mistakes.py, and read what git shows of the file.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from conftest import HERE
from modelward import ModelRegistry, ModelwardError, ModelwardWarning
from modelward.testing import Server
from raw_http import exchange, request
from sklearn.linear_model import LogisticRegression, Ridge

GOLDEN = HERE / "golden" / "mistakes.txt"
WRITE = os.environ.get("MODELWARD_GOLDEN") == "write"
NAMES = """
r.list_versions("irsi")
r.load_model("iris", "9.9.9")
r.load_model("iris", "champion")
r.load_model("iris@champion")
r.show("iris", "1.0")
r.diff("iris", "1.0.0", "1.2.0")
r.set_alias("iris", "latest", "1.0.0")
r.set_alias("iris", "1.0.0", "1.0.0")
r.predict("nowhere", X)
r.predict("weights", X)
r.predict("Iris", X)
r.serve("nothing")
r.serve("iris", "2.0.0")
r.serve("weights")
r.rollback("iris", reason="worse")
r.flip("iris", "1.0.1", reason="better")
r.delete("iris")
r.trace("nothing")
r.trace("0199c2b5-7d3e-7c11-8000-000000000001")
r.run("nothing")
r.endpoint("irs")
"""
ROWS = """
r.predict("iris", X[0])
r.predict("iris", [5.1, 3.5, 1.4, 0.2])
r.predict("iris", {"length": 5.1})
r.predict("iris", "5.1,3.5,1.4,0.2")
r.predict("iris", [])
r.predict("iris", [["a", 3.5, 1.4, 0.2]])
r.predict("iris", [[5.1, 3.5, 1.4]])
r.predict("iris", [[5.1, 3.5, 1.4, float("nan")]])
r.predict("iris", [[5.1, 3.5, 1.4, float("inf")]])
r.predict("iris", FRAME)
r.predict("churn", [{"age": 31}])
r.predict("churn", [{"age": 31, "incom": 1.0}])
r.predict("churn", [{"age": "31", "income": 1.0}])
r.predict("iris", X, arm="blue")
r.predict("iris", X, outputs=["label"])
"""
SAVING = """
r.save_model("iris", "v1.2.0", MODEL)
r.save_model("iris", "1.2", MODEL)
r.save_model("iris", 1, MODEL)
r.save_model("iris", "latest", MODEL)
r.save_model("a/b/c", "1.0.0", MODEL)
r.save_model("iris@1.2.0", "1.2.0", MODEL)
r.save_model(MODEL, "iris", "1.0.0")
r.save_model("iris", "1.0.0", MODEL, {"author": "alice"}, sample=X)
r.save_model("iris", "1.0.0", OTHER, {}, sample=X)
r.save_model("iris", "1.0.1", NARROW, {}, sample=X[:, :2])
r.save_model("iris", "1.0.1", MODEL, [])
r.save_model("iris", "1.0.1", MODEL, {"performance": {"accuracy": "high"}})
r.save_model("iris", "1.0.1", MODEL, {"version": "9.9.9"})
r.save_model("iris", "1.0.1", MODEL, {"training_data": {"frame": FRAME}})
r.save_model("iris", "1.0.1", MODEL, {}, sample=X[:, :2])
r.save_model("iris", "1.0.1", MODEL, {}, sample=[])
r.save_model("iris", "1.0.1", MODEL, {}, code=["nothing.py"])
r.save_model("iris", "1.0.1", MODEL, {}, code=[sys])
r.save_model("iris", "1.0.1", MODEL, {}, requirements="xgboost")
r.save_model("mine", "1.0.0", lambda rows: rows)
r.save_model("mine", "1.0.0", Local())
r.save_model("nothing-fitted", "1.0.0", Ridge(), {"description": "forgot fit"})
r.save_model("no-predict", "1.0.0", {"weights": [1, 2]}, {"description": "a dictionary"})
r.publish("iris", "/nowhere/model.joblib", {})
r.publish("iris", EMPTY, {})
r.publish("iris", MODEL, {}, bump="foo")
"""
ROLLOUTS = """
r.rollout("iris", "1.0.0")
r.rollout("iris", "1.9.0")
r.rollout("iris", "1.0.0", min_dwel="1s")
r.rollout("iris", "1.0.0", min_dwell="5 minutes")
r.rollout("iris", "1.0.0", steps=(50, 25))
r.rollout("iris", "1.0.0", strategy="canary-ish")
r.rollout("nowhere", "1.0.0")
r.rollout_status("nothing")
r.release("iris", "1.0.0", reason="fixed")
list(r.predictions(since="yesterday"))
list(r.predictions(version="1.0.0"))
list(r.runs(filter="metrics.accuracy >"))
ModelRegistry("http://127.0.0.1:9").list_models()
ModelRegistry("http://no-such-host.invalid").list_models()
ModelRegistry("ftp://127.0.0.1").list_models()
ModelRegistry(actor="Zoë")
r.show("iris").accuracy
"""
HTTP = """
http("POST", "/predict/iris", '{"instances": [[1, 2, 3, 4]]}', "Content-Type: application/x-www-form-urlencoded")
http("POST", "/predict/iris", '{"instances": [[1, 2, 3, 4]')
http("POST", "/predict/iris", "[[1, 2, 3, 4]]")
http("POST", "/predict/iris", '{"instance": [[1, 2, 3, 4]]}')
http("POST", "/predict/iris", '{"instances": [[1, 2, NaN, 4]]}')
http("GET", "/predict/iris")
http("GET", "/api/v1/model")
http("GET", "/api/v1/models?page_size=0")
http("GET", "/api/v1/models/default/iris/versions/1.0")
http("PUT", "/api/v1/endpoints/new", '{"version": "1.0.0"}')
http("POST", "/api/v1/webhooks", '{"name": "chat", "url": "https://127.0.0.1/", "events": ["rollout.held"]}')
http("POST", "/api/v1/webhooks", '{"name": "chat", "url": "https://hooks.example.org/", "events": ["rollout.hold"]}')
http("GET", "/livez", "", "Host: models.example.org")
"""
STARTS = """
serve("--listen", "0.0.0.0:8080")
serve("--listen", "8080")
serve("--listen", TAKEN)
serve("--data", RUNNING)
serve("--data", FILE)
serve("--data", OTHERS)
serve("--config", "/nowhere/modelward.properties")
serve("--port", "8080")
serve(config="server.lisen = 127.0.0.1:8080")
serve(config="runtime.request-timeout = ten")
serve(config="runtime.worker-memory = lots")
serve(config="runtime.python = /nowhere/python")
serve(config="log.format = xml")
serve(config="log.levels = debug")
serve(config="catalog.url = mysql://localhost/modelward")
"""
MISTAKES = [line for part in (NAMES, ROWS, SAVING, ROLLOUTS, HTTP, STARTS) for line in part.strip().splitlines()]


class Local:
    """A class of a notebook."""

    def predict(self, rows: Any) -> Any:
        return rows


class Newcomer:
    """Whoever makes the mistakes: a server with three models, and the names that the mistakes use."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self.registry = ModelRegistry(server.url)
        rows = numpy.array([[5.1, 3.5, 1.4, 0.2], [7.0, 3.2, 4.7, 1.4], [4.9, 3.0, 1.4, 0.2], [6.4, 3.2, 4.5, 1.5]])
        frame = pandas.DataFrame({"age": [31, 44, 52, 28], "income": [1.0, 2.0, 1.5, 3.0]})
        model = LogisticRegression().fit(rows, [0, 1, 0, 1])
        other = LogisticRegression(C=2).fit(rows, [0, 1, 0, 1])
        (folder / "weights.bin").write_bytes(b"weights")
        self.registry.publish("weights", folder / "weights.bin", {})
        named = LogisticRegression().fit(frame, [0, 1, 0, 1])
        with ThreadPoolExecutor() as side:
            list(side.map(self.served, ("iris", "churn"), (model, named), (rows, frame)))
        for name in ("empty", "others"):
            (folder / name).mkdir()
        (folder / "others" / "notes.txt").write_text("mine")
        # As a notebook has it: a class of __main__.
        Local.__module__ = "__main__"
        sys.modules["__main__"].Local = Local  # type: ignore[attr-defined]
        self.port = socket.create_server(("127.0.0.1", 0))
        self.names: dict[str, Any] = {
            "r": self.registry, "ModelRegistry": ModelRegistry, "sys": sys, "X": rows, "FRAME": frame, "MODEL": model, "OTHER": other,
            "NARROW": LogisticRegression().fit(rows[:, :2], [0, 1, 0, 1]), "Ridge": Ridge, "Local": Local, "EMPTY": folder / "empty",
            "http": self.http, "serve": self.serve, "TAKEN": f"127.0.0.1:{self.port.getsockname()[1]}", "RUNNING": server.data,
            "FILE": folder / "weights.bin", "OTHERS": folder / "others",
        }  # fmt: skip

    def served(self, name: str, model: Any, sample: Any) -> None:
        self.registry.save_model(name, "1.0.0", model, {}, sample=sample)
        self.registry.serve(name)

    def close(self) -> None:
        self.port.close()
        self.registry.close()
        del sys.modules["__main__"].Local  # type: ignore[attr-defined]

    def http(self, method: str, target: str, body: str = "", *headers: str) -> str:
        host = next((header.removeprefix("Host: ") for header in headers if header.startswith("Host: ")), "localhost")
        sent = [header for header in headers if not header.startswith("Host: ")]
        if body and not any(header.startswith("Content-Type") for header in sent):
            sent.append("Content-Type: application/json")
        answer = exchange(self.server.url, request(method, target, body.encode(), *sent, host=host), 30.0, alone=True)
        problem = answer.problem()
        return f"{answer.status} {problem['detail']}" + (f" (field {problem['field']})" if problem.get("field") else "")

    def serve(self, *words: Any, config: str = "") -> str:
        """Starts a server that is not to start; what it says last."""
        given = [str(word) for word in words]
        if config:
            (self.folder / "modelward.properties").write_text(config + "\n")
            given += ["--config", str(self.folder / "modelward.properties")]
        for option, value in (("--listen", "127.0.0.1:0"), ("--data", str(self.folder / "unused"))):
            if option not in given:
                given += [option, value]
        command = [os.environ["MODELWARD_LAUNCHER"], "serve", *given]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return f"exit code {done.returncode}: {done.stderr.strip()}"

    def told(self, mistake: str) -> str:
        """What the mistake is met with, without what differs from run to run."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                answer = eval(mistake, self.names)
                words = answer if isinstance(answer, str) else ""
            except (ModelwardError, AttributeError) as error:
                words = f"{type(error).__name__}: {error}"
        said = [f"Warning: {warning.message}" for warning in caught if warning.category is ModelwardWarning] + ([words] if words else [])
        text = "\n".join(said) or "Nothing is said."
        for known, name in ((str(self.folder), "FOLDER"), (str(self.server.data), "DATA"), (self.server.url, "SERVER"), (self.names["TAKEN"], "TAKEN")):
            text = text.replace(known, name)
        text = re.sub(r"sha256:[0-9a-f]+", "sha256:…", text)
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
        return re.sub(r" at 0x[0-9a-f]+", "", text)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """One server for all mistakes."""
    folder = tmp_path_factory.mktemp("mistakes")
    with Server(folder / "data") as server:
        made = Newcomer(folder, server)
        yield made
        made.close()


@pytest.fixture(scope="module")
def golden() -> Iterator[dict[str, str]]:
    """The messages by mistake; with MODELWARD_GOLDEN=write those that are given now."""
    parts = [] if WRITE or not GOLDEN.exists() else GOLDEN.read_text(encoding="utf-8").split("\n>>> ")[1:]
    known = {mistake: words.strip() for mistake, _, words in (part.partition("\n") for part in parts)}
    yield known
    if WRITE:
        head = "Typical mistakes and the messages that they are met with. test_mistakes.py compares, and says how to write this file.\n"
        GOLDEN.write_text(head + "".join(f"\n>>> {mistake}\n{known[mistake]}\n" for mistake in MISTAKES if mistake in known), encoding="utf-8")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_typical_mistake_is_met_with_the_words_that_were_agreed_on(newcomer: Newcomer, golden: dict[str, str], mistake: str) -> None:
    told = newcomer.told(mistake)
    if WRITE:
        golden[mistake] = told
    assert told == golden.get(mistake), "if the new words are better, write the file anew"


def test_the_file_has_no_mistake_that_nobody_makes_any_more(golden: dict[str, str]) -> None:
    assert set(golden) == set(MISTAKES)
