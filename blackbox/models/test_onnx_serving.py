"""ONNX graphs that real tools wrote, published as files and by MLflow, served in the server; each answers what ONNX Runtime answers in Python."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import mlflow
import numpy
import onnxruntime
import pandas
import pytest
from conftest import House
from modelward import Refused
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROWS, LABELS = load_iris(return_X_y=True)
ROWS = ROWS.astype(numpy.float32)
TRIED = ROWS[::7]
NAMES = numpy.array(["setosa", "versicolor", "virginica"])


def write(folder: Path, graph: Any) -> Path:
    """The folder, with the graph in it."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    return folder


def session(folder: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])


def export(model: Any, rows: numpy.ndarray = ROWS, **options: Any) -> Any:
    return to_onnx(model, rows[:1], options=options or None)


CASES = {
    "forest": lambda: export(RandomForestClassifier(n_estimators=10, random_state=0).fit(ROWS, LABELS), zipmap=False),
    "words": lambda: export(LogisticRegression(max_iter=1000).fit(ROWS, NAMES[LABELS]), zipmap=False),
    "boosted": lambda: export(GradientBoostingRegressor(n_estimators=10, random_state=0).fit(ROWS, LABELS)),
    "doubles": lambda: export(make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, LABELS), ROWS.astype(float), zipmap=False),
    "network": lambda: export(MLPRegressor(hidden_layer_sizes=(8,), max_iter=200, random_state=0).fit(ROWS, ROWS[:, 0])),
}


@pytest.mark.parametrize("name", CASES)
def test_a_graph_answers_what_onnx_runtime_answers(house: House, tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / name, CASES[name]())
    house.serve(f"onnx-{name}", folder)
    run = session(folder)
    given = run.get_inputs()[0]
    rows = TRIED.astype(numpy.float64 if "double" in given.type else numpy.float32)
    expected = dict(zip([output.name for output in run.get_outputs()], run.run(None, {given.name: rows})))
    first = next(iter(expected.values()))
    # One value per row needs no list around it.
    flat = first.reshape(-1) if first.ndim == 2 and first.shape[1] == 1 else first
    # One row alone and all rows together: batches change nothing.
    for some in (slice(0, 1), slice(0, None)):
        assert house.predict(f"onnx-{name}", TRIED[some].tolist()) == flat[some].tolist()
    answer = house.registry.predict(f"onnx-{name}", TRIED.tolist(), outputs=list(expected))["predictions"]
    for output, values in expected.items():
        plain = values.reshape(-1) if values.ndim == 2 and values.shape[1] == 1 else values
        assert [row[output] for row in answer] == plain.tolist()


def test_a_map_of_probabilities_is_an_object_for_each_row(house: House, tmp_path: Path) -> None:
    folder = write(tmp_path / "maps", export(RandomForestClassifier(n_estimators=10, random_state=0).fit(ROWS, NAMES[LABELS])))
    house.serve("onnx-maps", folder)
    label, scores = session(folder).run(None, {"X": TRIED})
    assert house.predict("onnx-maps", TRIED.tolist()) == label.tolist()
    answer = house.registry.predict("onnx-maps", TRIED.tolist(), outputs=["output_label", "output_probability"])["predictions"]
    assert answer == [{"output_label": one, "output_probability": of} for one, of in zip(label.tolist(), scores)]


def test_a_graph_of_a_table_takes_objects_with_texts_and_numbers(house: House, tmp_path: Path) -> None:
    table = pandas.DataFrame({"city": ["Oslo", "Bern", "Oslo", "Rome"] * 10, "age": range(40), "size": numpy.linspace(0, 1, 40, dtype="float32")})
    model = make_pipeline(
        ColumnTransformer([("city", OneHotEncoder(), ["city"])], remainder="passthrough"), LogisticRegression()
    ).fit(table, [0, 1] * 20)
    columns = [("city", StringTensorType([None, 1])), ("age", Int64TensorType([None, 1])), ("size", FloatTensorType([None, 1]))]
    folder = write(tmp_path / "table", to_onnx(model, initial_types=columns, options={"zipmap": False}))
    house.serve("onnx-table", folder)
    inputs = {"city": table[["city"]].to_numpy(str), "age": table[["age"]].to_numpy("int64"), "size": table[["size"]].to_numpy("float32")}
    assert house.predict("onnx-table", table) == session(folder).run(["label"], inputs)[0].tolist()
    with pytest.raises(Refused) as missing:
        house.predict("onnx-table", [{"city": "Oslo", "age": 1}])
    assert "size" in str(missing.value)


def test_what_mlflow_logged_as_onnx_is_served_without_an_environment(house: House, tmp_path: Path) -> None:
    graph = export(RandomForestClassifier(n_estimators=10, random_state=0).fit(ROWS, LABELS), zipmap=False)
    mlflow.set_tracking_uri(house.server.url)
    mlflow.set_experiment("graphs")
    with mlflow.start_run():
        mlflow.onnx.log_model(graph, name="model", registered_model_name="onnx-logged", input_example=ROWS[:2], save_as_external_data=False)
    version = house.registry.list_versions("onnx-logged")[0]
    shown = house.registry.create_endpoint("onnx-logged", "onnx-logged", version)
    assert shown["worker"]["packages"] == {"onnxruntime": onnxruntime.__version__}
    expected = onnxruntime.InferenceSession(graph.SerializeToString()).run(None, {"X": TRIED})[0]
    assert house.predict("onnx-logged", TRIED.tolist()) == expected.tolist()
    loaded = mlflow.pyfunc.load_model(f"models:/onnx-logged/{1}")
    assert list(loaded.predict(TRIED)["label"]) == expected.tolist()


def test_a_published_graph_is_one_that_mlflow_loads(house: House, tmp_path: Path) -> None:
    folder = write(tmp_path / "plain", CASES["forest"]())
    house.publish("onnx-plain", folder)
    mlflow.set_registry_uri(house.server.url)
    loaded = mlflow.onnx.load_model("models:/onnx-plain/1")
    assert [output.name for output in loaded.graph.output] == ["label", "probabilities"]


def test_a_graph_takes_over_from_a_model_of_scikit_learn_in_a_rollout_and_each_prediction_says_what_computed_it(
    house: House, tmp_path: Path
) -> None:
    forest = RandomForestClassifier(n_estimators=10, random_state=0).fit(ROWS, LABELS)
    registry = house.registry
    registry.save_model("onnx-canary", "1.0.0", forest, {}, sample=ROWS[:3])
    registry.create_endpoint("onnx-canary", "onnx-canary", "1.0.0")
    by_python = registry.predict("onnx-canary", TRIED.tolist())
    registry.publish("onnx-canary", write(tmp_path / "canary", export(forest, zipmap=False)), {"version": "1.1.0"}, bump=None)
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            registry.predict("onnx-canary", TRIED[:1].tolist())

    callers = [threading.Thread(target=ask) for _ in range(3)]
    for caller in callers:
        caller.start()
    try:
        rollout = registry.rollout("onnx-canary", "1.1.0", steps=(50, 100), min_dwell="300ms", min_samples=20)
        assert registry.wait(rollout["id"], timeout=60)["state"] == "PROMOTED"
    finally:
        stop.set()
        for caller in callers:
            caller.join(60)
    by_graph = registry.predict("onnx-canary", TRIED.tolist())
    assert by_graph["predictions"] == by_python["predictions"]
    ran = [registry.trace(answer["prediction_id"])["prediction"]["runtime"] for answer in (by_python, by_graph)]
    assert ran == ["evaluator-form-1", "onnx"]


def test_weights_beside_a_graph_are_loaded_from_the_version_alone(house: House, tmp_path: Path) -> None:
    import onnx

    graph = CASES["network"]()
    folder = tmp_path / "beside"
    folder.mkdir()
    for init in graph.graph.initializer:
        # Only raw bytes are saved in a file of their own, and ONNX Runtime reads no shape from such a file.
        if init.data_type == onnx.TensorProto.FLOAT:
            init.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(init), init.name))
    onnx.save_model(graph, folder / "model.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (folder / "weights.bin").is_file()
    house.serve("onnx-beside", folder)
    expected = session(folder).run(None, {"X": TRIED})[0].reshape(-1).tolist()
    assert house.predict("onnx-beside", TRIED.tolist()) == expected
    (folder / "weights.bin").unlink()
    version = house.publish("onnx-alone", folder)
    with pytest.raises(Refused, match="weights.bin, which is not a file of the version"):
        house.registry.create_endpoint("onnx-alone", "onnx-alone", version)


def test_a_graph_says_what_it_takes_and_gives(house: House, tmp_path: Path) -> None:
    folder = write(tmp_path / "quick", CASES["forest"]())
    version = house.publish("onnx-quick", folder)
    shown = house.version("onnx-quick", version)
    assert shown["signature"]["input"]["width"] == 4 and shown["signature"]["output"] == {"type": "integer"}
