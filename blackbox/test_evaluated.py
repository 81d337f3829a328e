"""Versions that the server evaluates itself: who computes is told, nothing else of them changes, and no end of the server spoils them."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from conftest import ROOT
from modelward import Invalid, ModelRegistry, ModelwardError
from modelward.testing import Server
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

X, Y = load_iris(return_X_y=True)
ROWS = (X[::10] + 0.013).tolist()


def forest(seed: int = 0, trees: int = 40) -> RandomForestClassifier:
    """A forest on flowers."""
    return RandomForestClassifier(trees, random_state=seed).fit(X, Y)


def version(registry: ModelRegistry, name: str, number: str = "1.0.0") -> dict[str, Any]:
    """A version, as the API shows it."""
    return registry._transport.json("GET", f"/api/v1/models/default/{name}/versions/{number}")


def workers_of(reference: str) -> list[str]:
    """The command lines of all processes that hold a version."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "modelward_worker.py" in line and reference in line:
            found.append(line)
    return found


def shown(url: str, *words: str) -> str:
    """What the command line prints."""
    command = [str(ROOT / "modelward"), *words, "--url", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_two_endpoints_on_one_version_answer_alike_and_one_of_them_keeps_the_worker(registry: ModelRegistry) -> None:
    model = forest()
    registry.save_model("twofold", "1.0.0", model, sample=X[:5], reason="a scenario")
    registry.create_endpoint("in-server", "twofold", "1.0.0", reason="a scenario")
    registry.create_endpoint("in-worker", "twofold", "1.0.0", reason="a scenario", evaluate="off")
    assert registry.endpoint("in-server")["serving"]["by"] == "evaluator"
    assert registry.endpoint("in-worker")["serving"]["by"] == "worker"
    assert registry.endpoint("in-worker")["evaluate"] == "off"

    serving = version(registry, "twofold")["serving"]
    assert serving["by"] == "evaluator" and serving["reason"] == ""
    assert serving["nodes_reached"] == serving["nodes"] > 500 and serving["largest_difference"] == 0
    assert f"equal to scikit-learn on {serving['probes']:,} probes that reach every leaf; largest difference 0" in shown(
        registry.url, "show", "twofold@1.0.0", "--wide"
    )

    ours, theirs = (registry.predict(endpoint, ROWS) for endpoint in ("in-server", "in-worker"))
    assert ours["predictions"] == theirs["predictions"] == model.predict(ROWS).tolist()
    traces = [registry.trace(answer["prediction_id"]) for answer in (ours, theirs)]
    kinds = [trace["prediction"].pop("runtime") for trace in traces]
    assert kinds == ["evaluator-form-1", "python-worker"]
    for name in ("prediction_id", "time", "endpoint", "latency_ms"):
        assert all(trace["prediction"].pop(name) for trace in traces)
    assert traces[0]["prediction"] == traces[1]["prediction"]
    for number in (1e300, "text"):
        problems = []
        for endpoint in ("in-server", "in-worker"):
            with pytest.raises(ModelwardError) as raised:
                registry.predict(endpoint, [[1.0, 2.0, 3.0, 4.0], [1.0, number, 3.0, 4.0]] if number != 1e300 else [[number] * 4])
            problems.append((raised.value.status, str(raised.value).split(" (")[0]))
        assert problems[0] == problems[1]

    # What was said of the endpoint stays so when it moves, until somebody says otherwise.
    registry.save_model("twofold", "1.1.0", forest(1), sample=X[:5], reason="a scenario")
    registry.flip("in-worker", "1.1.0", reason="a scenario")
    assert registry.endpoint("in-worker")["serving"]["by"] == "worker"
    registry.create_endpoint("in-worker", "twofold", "1.1.0", reason="a scenario", evaluate="auto")
    assert registry.endpoint("in-worker")["serving"]["by"] == "evaluator"
    assert registry.endpoint("in-worker")["revision"] == 3


def test_a_wrong_word_for_evaluate_is_named(registry: ModelRegistry, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="evaluate is auto.*off"):
        registry.create_endpoint("nowhere", "twofold", "1.0.0", evaluate="on")
    file = tmp_path / "wrong.properties"
    file.write_text("serving.evaluate = on\n")
    done = subprocess.run(
        [str(ROOT / "modelward"), "serve", "--data", str(tmp_path / "data"), "--config", str(file)], capture_output=True, text=True
    )
    assert done.returncode != 0 and "serving.evaluate is auto or off" in done.stderr


def test_texts_and_missing_values_are_evaluated(registry: ModelRegistry) -> None:
    import pandas

    table = pandas.DataFrame(
        {"city": ["Rome", "Oslo", None, "Bonn"] * 20, "age": [20.0, float("nan"), 44.5, 61.0] * 20, "n": list(range(80))}
    )
    target = ["yes" if n % 3 else "no" for n in range(80)]
    steps = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), ["city"]),
        (SimpleImputer(add_indicator=True), ["age"]),
        remainder="passthrough",
    )
    model = make_pipeline(steps, LogisticRegression(max_iter=1000)).fit(table, target)
    registry.save_model("people", "1.0.0", model, sample=table.head(8), reason="a scenario")
    registry.create_endpoint("people", "people", "1.0.0", reason="a scenario")
    assert version(registry, "people")["serving"]["by"] == "evaluator", version(registry, "people")["serving"]["reason"]
    rows = [{"city": "Oslo", "age": 30.5, "n": 3}, {"city": None, "age": None, "n": 70}, {"city": "Lima", "age": 99, "n": 9}]
    want = model.predict(pandas.DataFrame(rows)).tolist()
    assert registry.predict("people", rows)["predictions"] == want


def both(registry: ModelRegistry, name: str, model: Any, rows: list, **save: Any) -> list[Any]:
    """What an evaluated endpoint and one with a worker answer to the same rows; the error when they raise."""
    registry.save_model(name, "1.0.0", model, reason="a scenario", **save)
    registry.create_endpoint(name, name, "1.0.0", reason="a scenario")
    registry.create_endpoint(name + "-worker", name, "1.0.0", reason="a scenario", evaluate="off")
    answers: list[Any] = []
    for endpoint in (name, name + "-worker"):
        try:
            answers.append(registry.predict(endpoint, rows)["predictions"])
        except ModelwardError as error:
            answers.append(error.status)
    return answers


def test_a_request_that_is_computed_in_parts_is_read_as_a_whole(registry: ModelRegistry) -> None:
    import pandas

    table = pandas.DataFrame({"city": ["Rome", "Oslo", float("nan"), "Bonn"] * 20, "n": range(80)})
    target = [n % 3 for n in range(80)]
    encoded = make_column_transformer((OneHotEncoder(), ["city"]), remainder="passthrough")
    model = make_pipeline(encoded, RandomForestClassifier(200, random_state=1)).fit(table, target)
    schema = {
        "type": "object",
        "properties": {"city": {"type": ["string", "null"]}, "n": {"type": "integer"}},
        "additionalProperties": False,
    }
    rows = [{"city": None, "n": n % 80} for n in range(1500)] + [{"city": "Rome", "n": 7}]
    ours, theirs = both(registry, "in-parts", model, rows, metadata={"description": "a scenario", "input_schema": schema})
    assert version(registry, "in-parts")["serving"]["by"] == "evaluator", version(registry, "in-parts")["serving"]["reason"]
    assert ours == theirs and len(ours) == 1501


def test_cells_that_the_signature_takes_and_the_model_never_saw_are_answered_alike(registry: ModelRegistry) -> None:
    import pandas
    from sklearn.preprocessing import FunctionTransformer

    table = pandas.DataFrame({"city": ["Rome", "Oslo", "Bonn", "Lima"] * 20, "n": range(80)})
    whole = {"type": "object", "properties": {"city": {"type": "string"}, "n": {"type": "integer"}}, "additionalProperties": False}
    any_cell = {"type": ["string", "boolean", "number", "null"]}
    anything = {"type": "object", "properties": {"city": any_cell, "n": any_cell}, "additionalProperties": False}
    squares = make_column_transformer((FunctionTransformer(numpy.square), ["n"]), (OneHotEncoder(handle_unknown="ignore"), ["city"]))
    texts = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["city", "n"]))
    for name, steps, schema, rows in (
        ("squared", squares, whole, [{"city": "Rome", "n": 1 << 32}]),
        ("truths", texts, anything, [{"city": True, "n": 1}]),
        ("huge", texts, anything, [{"city": "Rome", "n": 1 << 64}, {"city": "Oslo", "n": None}]),
    ):
        model = make_pipeline(steps, LogisticRegression(max_iter=50)).fit(table, [n % 2 for n in range(80)])
        ours, theirs = both(registry, name, model, rows, metadata={"description": "a scenario", "input_schema": schema})
        assert ours == theirs, name


def test_null_is_taken_where_the_model_itself_takes_a_missing_value(registry: ModelRegistry) -> None:
    model = HistGradientBoostingClassifier(max_iter=5).fit(X, Y)
    registry.save_model("holes", "1.0.0", model, sample=X[:5], reason="a scenario")
    registry.save_model("whole", "1.0.0", LogisticRegression(max_iter=500).fit(X, Y), sample=X[:5], reason="a scenario")
    for name in ("holes", "whole"):
        registry.create_endpoint(name, name, "1.0.0", reason="a scenario")
        assert version(registry, name)["serving"]["by"] == "evaluator"
    row = [5.0, None, 1.5, None]
    want = model.predict(numpy.array([[5.0, numpy.nan, 1.5, numpy.nan]])).tolist()
    assert registry.predict("holes", [row])["predictions"] == want
    with pytest.raises(ModelwardError, match="must be a number, is null"):
        registry.predict("whole", [row])


def test_after_kill_9_a_version_that_was_proved_serves_without_a_worker(start: Callable[..., Server]) -> None:
    server = start()
    client = ModelRegistry(server.url)
    model = forest(3)
    client.save_model("kept", "1.0.0", model, sample=X[:5], reason="a scenario")
    client.create_endpoint("kept", "kept", "1.0.0", reason="a scenario")
    server.kill()
    again = ModelRegistry(start().url)
    assert again.predict("kept", ROWS)["predictions"] == model.predict(ROWS).tolist()
    assert version(again, "kept")["serving"]["by"] == "evaluator"
    assert not workers_of("default/kept@1.0.0")


@pytest.mark.heavy
def test_kill_9_at_any_moment_of_a_load_leaves_a_version_that_loads(start: Callable[..., Server], tmp_path: Path) -> None:
    model = forest(4, trees=150)
    server = start()
    client = ModelRegistry(server.url)
    client.save_model("torn", "1.0.0", model, sample=X[:5], reason="a scenario")

    def ask(url: str) -> None:
        try:
            ModelRegistry(url).create_endpoint("torn", "torn", "1.0.0", reason="a scenario")
        except ModelwardError:
            pass  # the server was killed

    seed = random.randrange(1 << 30)
    print(f"seed {seed}", file=sys.stderr)
    moments = random.Random(seed)
    for _ in range(4):
        asking = threading.Thread(target=ask, args=(server.url,))
        asking.start()
        time.sleep(moments.uniform(0.2, 2.5))
        server.kill()
        asking.join()
        server = start()
    client = ModelRegistry(server.url)
    client.create_endpoint("torn", "torn", "1.0.0", reason="a scenario")
    assert client.predict("torn", ROWS)["predictions"] == model.predict(ROWS).tolist()
    assert version(client, "torn")["serving"]["by"] == "evaluator"
    assert [file.name for file in (tmp_path / "data" / "forms").iterdir() if file.name.endswith(".unfinished")] == []
