"""Values through a server: what is taken reaches the model, what is answered comes out, and what is neither is said by its name."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import cloudpickle
import mlflow
import numpy
import pandas
import pytest
from conftest import REQUIREMENTS, House
from mlflow.models import ModelSignature, infer_signature
from mlflow.types import ColSpec, Schema, TensorSpec
from modelward import ModelwardError, Refused
from sklearn.ensemble import RandomForestClassifier

cloudpickle.register_pickle_by_value(sys.modules[__name__])

COLUMNS = [
    ColSpec("string", "how"),
    ColSpec("datetime", "t", required=False),
    ColSpec("binary", "b", required=False),
    ColSpec("long", "k", required=False),
    ColSpec("boolean", "truth", required=False),
    ColSpec("double", "x", required=False),
]


def save(folder: Path, model: Any, inputs: Schema | None, **more: Any) -> Path:
    """Saves a model of Python."""
    signature = None if inputs is None else ModelSignature(inputs)
    mlflow.pyfunc.save_model(folder, python_model=model, signature=signature, pip_requirements=REQUIREMENTS, **more)
    return folder


class Echo(mlflow.pyfunc.PythonModel):
    """Answers the column that the first row names, as an object of its own."""

    def predict(self, context, model_input, params=None):
        how = model_input["how"].iloc[0]
        if how == "cut":
            return ["\ud83d"] * len(model_input)
        if how == "infinite":
            return pandas.DataFrame({"upper": [float("inf")] * len(model_input)})
        if how == "set":
            return [{"a": {1}}] * len(model_input)
        return list(model_input[how].astype(object)) if how in model_input else ["absent"] * len(model_input)


@pytest.fixture(scope="module")
def echo(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    house.serve("echo", save(tmp_path_factory.mktemp("echo") / "m", Echo(), Schema(COLUMNS)))
    return "echo"


@pytest.mark.parametrize(
    ("how", "values", "answers"),
    [
        ("t", ["2024-01-31", "2024-01-31T05:00:00+02:00", None], ["2024-01-31T00:00:00", "2024-01-31T03:00:00", None]),
        ("t", ["2024-01-31T05:06:07Z"], ["2024-01-31T05:06:07"]),
        ("b", ["AP8Q\n", None, ""], ["AP8Q\n", None, ""]),
        ("k", [2**63 - 1, -(2**63), 2**53 + 1], [2**63 - 1, -(2**63), 2**53 + 1]),
        ("k", [2**53 + 1, None], [2**53 + 1, None]),
        ("k", [None], [None]),
        ("truth", [True, None, False], [True, None, False]),
        ("truth", [None], [None]),
        ("x", [None, 1.5], [None, 1.5]),
        ("x", [None], [None]),
        ("x", [...], ["absent"]),
    ],
)
def test_what_the_contract_takes_comes_back(house: House, echo: str, how: str, values: list, answers: list) -> None:
    rows = [{"how": how} if value is ... else {"how": how, how: value} for value in values]
    assert house.predict(echo, rows) == answers


@pytest.mark.parametrize(
    ("column", "value"),
    [("t", "tomorrow"), ("t", "2024-02-30"), ("t", "9999-12-31"), ("b", "no base64!"), ("b", "AP8"), ("k", 2**63), ("k", 0.5), ("truth", 1)],
)
def test_what_the_contract_does_not_take_is_refused_by_the_name_of_the_column(house: House, echo: str, column: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        house.predict(echo, [{"how": "x", "x": 1.0}, {"how": "x", column: value}])
    assert refused.value.field == f"instances[1].{column}"


def test_what_json_has_not_is_an_error_by_its_type_and_the_worker_lives(house: House, echo: str) -> None:
    for how, words in {"cut": "surrogate", "infinite": "'upper'", "set": "a set"}.items():
        with pytest.raises(ModelwardError) as error:
            house.predict(echo, [{"how": how}])
        assert error.value.extra["error"] == "AnswerValue" and words in str(error.value)
    assert house.predict(echo, [{"how": "x", "x": 2.0}]) == [2.0]
    assert house.registry.endpoint(echo)["worker"]["restarts"] == 0


class Shaped(mlflow.pyfunc.PythonModel):
    """Answers in a form that does not say one item per row."""

    def __init__(self, shape: str) -> None:
        self.shape = shape

    def predict(self, context, model_input, params=None):
        values = model_input["x"].to_numpy()
        if self.shape == "transposed":
            return numpy.array([values, values])
        if self.shape == "always two":
            return [1.0, 2.0]
        return values, values


@pytest.mark.parametrize("shape", ["transposed", "always two", "tuple"])
def test_an_answer_that_does_not_say_one_item_per_row_is_found_before_it_serves(house: House, tmp_path: Path, shape: str) -> None:
    folder = save(tmp_path / "m", Shaped(shape), Schema([ColSpec("double", "x"), ColSpec("string", "s")]))
    with pytest.raises(Refused, match="one item per row"):
        house.serve(f"shaped-{shape.replace(' ', '-')}", folder)


def test_an_example_with_a_missing_value_is_a_sample(house: House, tmp_path: Path) -> None:
    class Never(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            if model_input["a"].isna().any():
                raise ValueError("cannot take its own example")
            return [1.0] * len(model_input)

    example = pandas.DataFrame({"a": [1.0, numpy.nan], "b": [1.0, 2.0]})
    mlflow.pyfunc.save_model(
        tmp_path / "m", python_model=Never(), signature=infer_signature(example), input_example=example, pip_requirements=REQUIREMENTS
    )
    with pytest.raises(Refused, match="cannot take its own example"):
        house.serve("never", tmp_path / "m")


def test_the_function_that_a_model_was_saved_with_makes_its_contract(house: House, tmp_path: Path) -> None:
    rows = numpy.random.RandomState(0).rand(40, 2)
    model = RandomForestClassifier(n_estimators=3, random_state=0).fit(rows, ["no"] * 20 + ["yes"] * 20)
    mlflow.sklearn.save_model(
        model, tmp_path / "m", pyfunc_predict_fn="predict_proba", pip_requirements=REQUIREMENTS, serialization_format="cloudpickle"
    )
    house.serve("proba", tmp_path / "m")
    assert house.predict("proba", rows[:2].tolist()) == model.predict_proba(rows[:2]).tolist()


def test_callers_of_a_tensor_get_their_own_numbers(house: House, tmp_path: Path) -> None:
    class First(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input[:, 0]

    house.serve("first", save(tmp_path / "m", First(), Schema([TensorSpec(numpy.dtype("int64"), (-1, 2))])))
    wrong: list[Any] = []

    def caller(mine: int) -> None:
        for _ in range(10):
            got = house.predict("first", [[mine, 0]])
            if got != [mine]:
                wrong.append((mine, got))

    threads = [threading.Thread(target=caller, args=(2**53 + 1 + 2 * i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
