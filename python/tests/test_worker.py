"""What a worker answers equals what scikit-learn answers."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from worker_process import COMPARE, COMPARED, FAILED, INSPECT, INSPECTED, LOADED, STOP, Worker, save

X, Y = load_iris(return_X_y=True)
NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
Start = Callable[..., Worker]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a worker on a model and loads it."""
    workers: list[Worker] = []

    def starter(model: Any, **head: Any) -> Worker:
        workers.append(Worker(save(tmp_path, model)))
        loaded = workers[0].load(**head)
        assert loaded.kind == LOADED, loaded.head
        return workers[0]

    yield starter
    for worker in workers:
        assert worker.close() == 0


def forest(**options: Any) -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators=20, random_state=42, **options).fit(X, Y)


@pytest.mark.parametrize(
    "model",
    [
        forest(max_depth=10),
        forest(n_jobs=-1),
        ExtraTreesClassifier(n_estimators=10, random_state=1).fit(X, [f"species {i}" for i in Y]),
        LogisticRegression(max_iter=500).fit(X, Y),
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y),
        RandomForestClassifier(n_estimators=5, class_weight="balanced", random_state=3).fit(X, Y > 0),
    ],
    ids=["forest", "parallel forest", "text classes", "logistic regression", "pipeline", "truth values"],
)
def test_classes_and_probabilities_are_those_of_scikit_learn(start: Start, model: Any) -> None:
    worker = start(model, output=["prediction", "probabilities"])
    frame = worker.matrix([X[:3], X[60:61], X[100:102]])
    rows = numpy.concatenate([X[:3], X[60:61], X[100:102]])
    assert frame.head["results"] == [{"rows": 3}, {"rows": 1}, {"rows": 2}]
    assert frame.columns["prediction"] == model.predict(rows).tolist()
    # The worker computes other batches than the test does, and linear algebra rounds by the shape of a batch on some processors.
    assert numpy.allclose(frame.columns["probabilities"], model.predict_proba(rows), rtol=0, atol=1e-14)
    assert frame.head["micros"] > 0


def test_types_of_the_answer_follow_the_model(start: Start) -> None:
    worker = start(forest(), output=["prediction", "probabilities"])
    dtypes = {c["name"]: (c["dtype"], c["shape"]) for c in worker.matrix([X[:2]]).head["columns"]}
    assert dtypes == {"prediction": ("i8", [2]), "probabilities": ("f8", [2, 3])}


@pytest.mark.parametrize("kind", [LinearRegression, lambda: RandomForestRegressor(n_estimators=7, random_state=0)])
def test_regressors_answer_numbers_without_a_name(start: Start, kind: Callable[[], Any]) -> None:
    rows, target = load_diabetes(return_X_y=True)
    model = kind().fit(rows, target)
    frame = start(model).matrix([rows[:4], rows[7:8]])
    assert frame.columns == {"": model.predict(numpy.concatenate([rows[:4], rows[7:8]])).tolist()}


def test_a_forest_that_computes_in_its_own_way_is_left_to_it(start: Start, tmp_path: Path) -> None:
    code = (
        "from sklearn.ensemble import RandomForestClassifier\n"
        "class Shifted(RandomForestClassifier):\n"
        "    def predict(self, rows):\n        return super().predict(rows) + 10\n"
    )
    (tmp_path / "shifted.py").write_text(code)
    sys.path.insert(0, str(tmp_path))
    import shifted  # type: ignore[import-not-found]

    model = shifted.Shifted(n_estimators=5, random_state=0).fit(X, Y)
    worker = Worker(save(tmp_path, model, {"shifted.py": code}))
    assert worker.load(code=[".modelward/code"]).kind == LOADED
    assert worker.matrix([X[:2]]).columns == {"": [10, 10]}
    worker.close()


def test_decision_function_is_a_property_too(start: Start) -> None:
    model = SVC().fit(X, Y)
    frame = start(model, output=["label", "decision"]).matrix([X[:2]])
    assert frame.columns["decision"] == model.decision_function(X[:2]).tolist()


def test_several_targets_are_grouped_by_row(start: Start) -> None:
    model = RandomForestClassifier(n_estimators=5, random_state=0).fit(X, numpy.column_stack([Y, Y > 1]))
    frame = start(model, output=["y", "scores"]).matrix([X[:2], X[3:4]])
    rows = X[[0, 1, 3]]
    assert frame.columns["y"] == model.predict(rows).tolist()
    left, right = model.predict_proba(rows)
    assert frame.columns["scores"] == [[left[i].tolist(), right[i].tolist()] for i in range(3)]


def test_feature_names_give_a_frame_in_the_order_learnt(start: Start) -> None:
    model = RandomForestClassifier(n_estimators=5, random_state=0).fit(pandas.DataFrame(X, columns=NAMES), Y)
    turned = NAMES[::-1]
    worker = start(model, columns=turned, output=["prediction", "probabilities"])
    expected = model.predict_proba(pandas.DataFrame(X[:5], columns=NAMES)).tolist()
    assert worker.matrix([X[:5, ::-1]]).columns["probabilities"] == expected
    assert "feature names" not in worker.logged()
    columns = {name: X[:5, NAMES.index(name)].tolist() for name in turned}
    assert worker.json_columns("columns", [2, 3], columns).columns["probabilities"] == expected


def test_a_pipeline_gets_columns_of_text_and_numbers(start: Start) -> None:
    frame = pandas.DataFrame({"city": ["Oslo", "Rome", "Rome", "Oslo"], "size": [1.0, 2.0, 3.0, 4.0]})
    steps = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["city"]), (StandardScaler(), ["size"]))
    model = make_pipeline(steps, LogisticRegression()).fit(frame, ["a", "b", "b", "a"])
    worker = start(model, columns=["city", "size"], output=["class", "probability"])
    answer = worker.json_columns("columns", [1, 3], {"city": list(frame["city"]), "size": list(frame["size"])})
    assert answer.columns["class"] == model.predict(frame).tolist()
    assert answer.columns["probability"] == model.predict_proba(frame).tolist()
    rows = [{"size": 2.0, "city": "Rome"}, {"city": "Oslo", "size": 1.5}]
    answer = worker.json_columns("json", [1, 1], {"instances": rows})
    assert answer.columns["class"] == model.predict(pandas.DataFrame(rows)).tolist()


def test_json_rows_become_an_array_when_they_are_numbers(start: Start) -> None:
    model = forest()
    frame = start(model).json_columns("json", [2], {"instances": X[:2].tolist()})
    assert frame.columns == {"": model.predict(X[:2]).tolist()}


def test_the_load_tells_versions_and_what_is_left_out(start: Start, tmp_path: Path) -> None:
    worker = Worker(save(tmp_path, LinearRegression().fit(X, Y)))
    head = worker.load(output=["prediction", "probabilities"]).head
    assert head["model"] == "LinearRegression"
    assert head["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"scikit-learn", "numpy", "scipy", "joblib"} <= set(head["packages"])
    assert any("probabilities" in warning for warning in head["warnings"])
    assert worker.matrix([X[:1]]).columns.keys() == {"prediction"}
    worker.close()


def test_a_schema_of_which_nothing_can_be_produced_fails_the_load(tmp_path: Path) -> None:
    worker = Worker(save(tmp_path, LinearRegression().fit(X, Y)))
    frame = worker.load(output=["verdict"])
    assert frame.kind == FAILED and "verdict" in frame.head["message"]
    worker.close()


def test_models_that_batch_alike_are_told_from_those_that_do_not(start: Start) -> None:
    frame = start(forest(), output=["prediction", "probabilities"]).matrix([X[:4], X[4:8]], COMPARE)
    assert frame.kind == COMPARED
    assert frame.head["batchable"] is True and frame.head["difference"] < 1e-6


def test_stop_ends_the_process(tmp_path: Path) -> None:
    worker = Worker(save(tmp_path, forest()))
    worker.load()
    worker.send(STOP, {})
    assert worker.process.wait(20) == 0
    worker.close()


def test_a_model_tells_of_its_rows_and_of_the_kind_of_its_answer(start: Start) -> None:
    rows, labels = load_iris(return_X_y=True, as_frame=True)
    frame = start(LogisticRegression(max_iter=500).fit(rows, labels)).exchange(INSPECT, {})
    assert frame.kind == INSPECTED
    assert frame.head == {"features": 4, "feature_names": list(rows.columns), "output": {"type": "integer"}}


def test_a_model_without_names_tells_of_its_width_and_of_several_answers(start: Start) -> None:
    several = LinearRegression().fit(X, numpy.column_stack([Y, Y]))
    told = start(several).exchange(INSPECT, {}).head
    number = {"type": "number"}
    assert told == {
        "features": 4,
        "feature_names": [],
        "output": {"type": "array", "items": number, "minItems": 2, "maxItems": 2},
    }
