"""XGBoost's and LightGBM's models behind a real server: their own files, and pickles; the server itself evaluates them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lightgbm
import numpy
import pytest
import xgboost
from modelward import ModelwardError

RNG = numpy.random.default_rng(3)
X = RNG.normal(size=(200, 3))
TWO = (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int)
THREE = TWO + (X[:, 2] > 0.7)
ROWS = X[:40]
ODD: list[list[Any]] = [[None, 0.0, 1.0], [0.0, -0.0, 1e-36], [1e30, -1e30, None], [3, 4, 5], [None, None, None]]
PARAMETERS = {"nthread": 1, "max_depth": 4}


def shown(house: Any, name: str) -> dict[str, Any]:
    """What the server shows of a model's only version."""
    (version,) = (one["version"] for one in house.registry.versions(name))
    return house.version(name, version)


def serving(house: Any, name: str) -> dict[str, Any]:
    """Who answers for a model's only version."""
    return shown(house, name)["serving"]


def served(house: Any, name: str, folder: Path, by: tuple[str, ...] = ("evaluator",)) -> None:
    """Publishes a folder with one file, and serves it; the server evaluates it unless said otherwise."""
    house.registry.publish(name, folder, {"description": "a booster"}, reason="a scenario")
    house.registry.serve(name)
    assert serving(house, name)["by"] in by, serving(house, name)["reason"]


def answers(house: Any, name: str, rows: Any) -> numpy.ndarray:
    """The predictions; null is NaN."""
    return numpy.array(house.registry.predict(name, rows).predictions, float)


def odd() -> numpy.ndarray:
    """The odd rows, with NaN for null."""
    return numpy.array(ODD, float)


@pytest.mark.parametrize("ending", ["json", "ubj"])
def test_the_own_files_of_xgboost_are_published_as_they_are_and_evaluated(house: Any, tmp_path: Path, ending: str) -> None:
    learnt = xgboost.DMatrix(X, label=THREE, nthread=1)
    booster = xgboost.train({**PARAMETERS, "objective": "multi:softprob", "num_class": 3}, learnt, 5)
    booster.save_model(tmp_path / f"model.{ending}")
    served(house, f"own-{ending}", tmp_path)
    for rows, array in ((ROWS.tolist(), ROWS), (ODD, odd())):
        assert numpy.array_equal(answers(house, f"own-{ending}", rows), booster.predict(xgboost.DMatrix(array, nthread=1)))


def test_xgboosts_names_of_columns_become_those_of_the_version(house: Any, tmp_path: Path) -> None:
    learnt = xgboost.DMatrix(X, label=TWO, feature_names=["age", "height", "city size"], nthread=1)
    booster = xgboost.train({**PARAMETERS, "objective": "binary:logistic"}, learnt, 5)
    booster.save_model(tmp_path / "churn.json")
    # Columns of which the names alone are known may hold a truth value among numbers, which the worker takes and the evaluator refuses.
    served(house, "own-names", tmp_path, ("evaluator", "worker"))
    rows = [{"city size": row[2], "age": row[0], "height": row[1]} for row in ROWS.tolist()]
    data = xgboost.DMatrix(ROWS, feature_names=booster.feature_names, nthread=1)
    assert numpy.array_equal(answers(house, "own-names", rows), booster.predict(data))
    # The environment of the library is there since the version before; so the file was looked into.
    columns = shown(house, "own-names")["signature"]["input"]
    assert "city size" in str(columns), columns


def test_lightgbms_own_file_is_published_as_it_is_and_evaluated(house: Any, tmp_path: Path) -> None:
    data = lightgbm.Dataset(X, label=TWO)
    options = {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 6, "zero_as_missing": True}
    booster = lightgbm.train(options, data, 5)
    booster.save_model(tmp_path / "model.txt")
    (tmp_path / "README.txt").write_text("tree: this one is no model\n")
    served(house, "own-lightgbm", tmp_path)
    for rows, array in ((ROWS.tolist(), ROWS), (ODD, odd())):
        assert numpy.allclose(answers(house, "own-lightgbm", rows), booster.predict(array), rtol=1e-12, atol=0)


@pytest.mark.heavy
def test_pickled_models_of_both_libraries_are_evaluated(house: Any) -> None:
    models = {
        "pickled-xgboost": xgboost.XGBClassifier(n_estimators=5, n_jobs=1).fit(X, THREE),
        "pickled-lightgbm": lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1).fit(X, numpy.array(["a", "b", "c"])[THREE]),
    }
    for name, model in models.items():
        house.registry.save_model(name, "1.0.0", model, {}, sample=ROWS[:2])
        house.registry.serve(name)
        assert serving(house, name)["by"] == "evaluator", serving(house, name)["reason"]
        assert house.registry.predict(name, ROWS).predictions == model.predict(ROWS).tolist()


def test_a_file_with_the_ending_alone_is_no_model(house: Any, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"learner": "none", "version": [1, 0, 0]}')
    house.registry.publish("no-booster", tmp_path, {"description": "text"}, reason="a scenario")
    with pytest.raises(ModelwardError, match="XGBoost's Booster.save_model"):
        house.registry.serve("no-booster")


def test_a_damaged_file_is_refused_with_the_librarys_words(house: Any, tmp_path: Path) -> None:
    (tmp_path / "model.txt").write_text("tree\nversion=v4\nnum_class=1\n")
    house.registry.publish("damaged", tmp_path, {"description": "text"}, reason="a scenario")
    with pytest.raises(ModelwardError, match="LightGBMError"):
        house.registry.serve("damaged")
