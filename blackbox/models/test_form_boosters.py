"""The portable form of XGBoost's and LightGBM's models: that it answers bit for bit what the libraries answer, and what has none."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

# Threads of OpenMP wait for each other without rest where other tests run beside them.
os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python" / "tests"))

import modelward_form  # noqa: E402
from form_evaluator import Form  # noqa: E402
from form_support import load  # noqa: E402
from lightgbm import LGBMClassifier, LGBMRanker, LGBMRegressor  # noqa: E402
from modelward_form import Described  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: E402
from xgboost import XGBClassifier, XGBRanker, XGBRegressor, XGBRFClassifier, XGBRFRegressor  # noqa: E402

RNG = numpy.random.default_rng(7)
X = RNG.normal(size=(300, 4))
X[:, 2] = RNG.integers(0, 40, 300)
X[RNG.random(X.shape) < 0.08] = numpy.nan
X[RNG.random(X.shape) < 0.08] = 0.0
CLEAN = numpy.nan_to_num(X)
SCORE = CLEAN[:, 0] + numpy.sin(CLEAN[:, 2] * 3) + 0.3 * RNG.normal(size=300)
POSITIVE = numpy.exp(SCORE / 3)
TWO = (SCORE > 0).astype(int)
THREE = numpy.digitize(SCORE, [-0.7, 0.7])
GROUPS = [30] * 10
SOME = {"n_jobs": 1, "n_estimators": 6, "max_depth": 4, "random_state": 1}
FEW = {"n_jobs": 1, "n_estimators": 6, "verbose": -1, "min_child_samples": 5, "min_data_per_group": 5, "random_state": 1}
TINY = (0.0, -0.0, 1e-36, -1e-36, float(numpy.float32(1e-35)), 1.1e-35, -1.1e-35, 1e-30)
ODD = (*TINY, -1.0, -0.5, 0.5, 39.7, 40.0, 63.0, 64.0, 1e6, 2.0**24, 2.0**31, 2.0**32 + 3, 1e10, -1e10, 1e19, numpy.nan)


def rows() -> numpy.ndarray:
    """Rows like those learnt, and rows with odd numbers in each column."""
    odd = numpy.repeat(X[:8], len(ODD) * 4, axis=0)
    for i in range(len(odd)):
        odd[i, i % 4] = ODD[i // 4 % len(ODD)]
    return numpy.vstack([X[:120], odd, RNG.normal(size=(60, 4)) * 3])


def form_of(tmp_path: Path, fitted: Any, **head: Any) -> Described:
    """Loads a fitted model as the worker does, and describes it."""
    return modelward_form.describe(load(tmp_path, fitted, **head))


def assert_same(tmp_path: Path, fitted: Any, method: str = "predict", exact: bool = True, given: Any = None, **head: Any) -> None:
    """A method of the model and its form answer the same."""
    described = form_of(tmp_path, fitted, predict=method, **head)
    assert described.reason is None, described.reason
    given = rows() if given is None else given
    theirs = getattr(fitted, method)(given)
    made = Form(described.head, described.arrays).answers(given if isinstance(given, numpy.ndarray) else given.to_numpy(object))[""]
    if exact:
        assert numpy.array_equal(numpy.asarray(made), theirs), (made[:3], theirs[:3])
    else:
        assert numpy.allclose(made, theirs, rtol=1e-12, atol=1e-15)


XGB_REGRESSION = {
    "reg:squarederror": SCORE,
    "reg:absoluteerror": SCORE,
    "reg:pseudohubererror": SCORE,
    "reg:squaredlogerror": POSITIVE,
    "reg:logistic": TWO,
    "reg:gamma": POSITIVE,
    "reg:tweedie": POSITIVE,
    "count:poisson": POSITIVE,
    "survival:cox": POSITIVE,
    "reg:quantileerror": SCORE,
}


@pytest.mark.parametrize("objective", XGB_REGRESSION)
def test_each_objective_of_xgboosts_regressor_is_the_same_bit_for_bit(tmp_path: Path, objective: str) -> None:
    options = {"quantile_alpha": 0.3} if "quantile" in objective else {}
    fitted = XGBRegressor(objective=objective, **SOME, **options).fit(X, XGB_REGRESSION[objective])
    assert_same(tmp_path, fitted)


XGB_CLASSES: dict[str, tuple[Any, Any]] = {
    "two": (XGBClassifier(**SOME), TWO),
    "three": (XGBClassifier(**SOME), THREE),
    "forest": (XGBRFClassifier(**SOME), THREE),
    "parallel trees": (XGBClassifier(num_parallel_tree=3, **SOME), THREE),
    "hinge": (XGBClassifier(objective="binary:hinge", **SOME), TWO),
    "raw": (XGBClassifier(objective="binary:logitraw", **SOME), TWO),
    "dart": (XGBClassifier(booster="dart", rate_drop=0.5, **SOME), THREE),
    "dart of two": (XGBClassifier(booster="dart", rate_drop=0.5, **SOME), TWO),
    "a start": (XGBClassifier(base_score=0.3, **SOME), TWO),
    "zero is missing": (XGBClassifier(missing=0.0, **SOME), TWO),
    "large trees": (XGBClassifier(n_jobs=1, n_estimators=3, max_depth=12, min_child_weight=0, gamma=0.3), THREE),
}


@pytest.mark.parametrize("name", XGB_CLASSES)
def test_xgboosts_classifiers_are_the_same_bit_for_bit(tmp_path: Path, name: str) -> None:
    maker, target = XGB_CLASSES[name]
    fitted = maker.fit(X, target)
    assert_same(tmp_path, fitted)
    assert_same(tmp_path, fitted, "predict_proba")


def test_xgboosts_other_models_are_the_same_bit_for_bit(tmp_path: Path) -> None:
    assert_same(tmp_path, XGBRanker(**SOME).fit(X, THREE, group=GROUPS))
    assert_same(tmp_path, XGBRFRegressor(**SOME).fit(X, SCORE))
    assert_same(tmp_path, XGBRegressor(**SOME).fit(X, numpy.column_stack([SCORE, POSITIVE])))
    assert_same(tmp_path, XGBRegressor(booster="dart", rate_drop=0.5, **SOME).fit(X, SCORE))
    assert_same(tmp_path, XGBClassifier(objective="multi:softmax", **SOME).fit(X, THREE))


def test_categories_of_xgboost_are_the_same_where_they_are_numbers(tmp_path: Path) -> None:
    for one_hot in (2, 100):
        fitted = XGBRegressor(feature_types=["q", "q", "c", "q"], enable_categorical=True, max_cat_to_onehot=one_hot, **SOME)
        assert_same(tmp_path, fitted.fit(X, SCORE))
    odd = pandas.DataFrame({"a": X[:, 0], "b": pd_categories()})
    described = form_of(tmp_path, XGBRegressor(enable_categorical=True, **SOME).fit(odd, SCORE))
    assert "type category" in str(described.reason)


def pd_categories() -> Any:
    """A column of pandas' own categories."""
    return pandas.Categorical([f"k{int(value)}" for value in CLEAN[:, 2]])


def test_early_stopping_leaves_later_trees_out(tmp_path: Path) -> None:
    noise = RNG.permutation(TWO[:100])
    fitted = XGBClassifier(early_stopping_rounds=3, n_jobs=1, n_estimators=30, num_parallel_tree=2)
    fitted.fit(X, TWO, eval_set=[(X[:100], noise)], verbose=False)
    assert fitted.best_iteration + 1 < fitted.get_booster().num_boosted_rounds()
    assert_same(tmp_path, fitted, "predict_proba")
    from lightgbm import early_stopping

    light = LGBMClassifier(**{**FEW, "n_estimators": 30})
    light.fit(X, TWO, eval_set=[(X[:100], noise)], callbacks=[early_stopping(2, verbose=False)])
    assert 0 < light.best_iteration_ < 30
    assert_same(tmp_path, light, "predict_proba", exact=False)


LIGHT_REGRESSION: dict[str, Any] = {
    **dict.fromkeys(("regression", "l1", "huber", "fair", "quantile"), SCORE),
    **dict.fromkeys(("mape", "poisson", "gamma", "tweedie"), POSITIVE),
    **dict.fromkeys(("cross_entropy", "cross_entropy_lambda"), TWO),
}


@pytest.mark.parametrize("objective", LIGHT_REGRESSION)
def test_each_objective_of_lightgbms_regressor_is_the_same(tmp_path: Path, objective: str) -> None:
    fitted = LGBMRegressor(objective=objective, **FEW).fit(X, LIGHT_REGRESSION[objective])
    linked = objective in ("poisson", "gamma", "tweedie", "cross_entropy", "cross_entropy_lambda")
    assert_same(tmp_path, fitted, exact=not linked)


LIGHT_CLASSES: dict[str, tuple[Any, Any]] = {
    "two": (LGBMClassifier(**FEW), TWO),
    "texts": (LGBMClassifier(**FEW), numpy.array(["b", "a", "ç"])[THREE]),
    "three": (LGBMClassifier(**FEW), THREE * 10),
    "one against all": (LGBMClassifier(objective="multiclassova", sigmoid=1.7, **FEW), THREE),
    "another sigmoid": (LGBMClassifier(sigmoid=0.6, **FEW), TWO == 1),
    "forest": (LGBMClassifier(boosting_type="rf", subsample=0.5, subsample_freq=1, **FEW), THREE),
    "dart": (LGBMClassifier(boosting_type="dart", drop_rate=0.5, **FEW), TWO),
    "goss": (LGBMClassifier(data_sample_strategy="goss", **FEW), TWO),
    "zero is missing": (LGBMClassifier(zero_as_missing=True, **FEW), TWO),
    "nothing is missing": (LGBMClassifier(use_missing=False, **FEW), TWO),
    "a constant": (LGBMClassifier(**{**FEW, "min_child_samples": 1000}), THREE),
}


@pytest.mark.parametrize("name", LIGHT_CLASSES)
def test_lightgbms_classifiers_are_the_same(tmp_path: Path, name: str) -> None:
    maker, target = LIGHT_CLASSES[name]
    fitted = maker.fit(X, target)
    assert_same(tmp_path, fitted)
    assert_same(tmp_path, fitted, "predict_proba", exact=False)
    assert_same(tmp_path, fitted, "decision_function")


def test_categories_of_lightgbm_are_the_same_where_they_are_numbers(tmp_path: Path) -> None:
    for one_hot in (1, 100):
        for learnt in (X, CLEAN):
            fitted = LGBMRegressor(max_cat_to_onehot=one_hot, cat_smooth=1, **FEW).fit(learnt, SCORE, categorical_feature=[2])
            assert_same(tmp_path, fitted)
    odd = pandas.DataFrame({"a": X[:, 0], "b": pd_categories()})
    assert "type category" in str(form_of(tmp_path, LGBMRegressor(**FEW).fit(odd, SCORE)).reason)


def test_lightgbms_ranker_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    assert_same(tmp_path, LGBMRanker(**FEW).fit(X, THREE, group=GROUPS))


def frame_of(values: numpy.ndarray) -> pandas.DataFrame:
    return pandas.DataFrame({"a": values[:, 0], "city": numpy.where(values[:, 1] > 0, "Oslo", "Wien"), "c": values[:, 2]})


@pytest.mark.parametrize("maker", [lambda: XGBClassifier(**SOME), lambda: LGBMClassifier(**FEW)])
def test_models_inside_of_scikit_learns_are_described(tmp_path: Path, maker: Callable[[], Any]) -> None:
    assert_same(tmp_path, make_pipeline(StandardScaler(), maker()).fit(X, TWO), given=rows()[:120])
    encoded = ColumnTransformer([("city", OneHotEncoder(), ["city"]), ("rest", "passthrough", ["a", "c"])])
    assert_same(tmp_path, make_pipeline(encoded, maker()).fit(frame_of(X), TWO), given=frame_of(X))
    sparse = make_pipeline(OneHotEncoder(handle_unknown="ignore"), maker()).fit(CLEAN[:, 2:3], TWO)
    assert_same(tmp_path, sparse, "predict_proba", exact=False, given=CLEAN[:, 2:3])
    assert_same(tmp_path, GridSearchCV(maker(), {"n_estimators": [2, 3]}, cv=2).fit(X, TWO))
    assert_same(tmp_path, CalibratedClassifierCV(maker(), cv=2).fit(X, TWO), "predict_proba", exact=False)
    named = maker().fit(pandas.DataFrame(X, columns=list("abcd")), TWO)
    assert_same(tmp_path, named, given=pandas.DataFrame(X, columns=list("abcd")))


def objective(target: Any, raw: Any) -> Any:
    """Somebody's own objective."""
    return raw - target, numpy.ones(len(raw))


class Subclass(XGBRegressor):
    """Somebody's own class."""


class Subclass2(LGBMRegressor):
    """Somebody's own class."""


def test_what_is_somebodys_own_has_no_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reason(fitted: Any) -> str:
        described = form_of(tmp_path, fitted)
        assert described.reason and not described.head, described.head
        return described.reason

    assert "code of your own" in reason(XGBRegressor(objective=objective, **SOME).fit(X, SCORE))
    assert "code of your own" in reason(LGBMRegressor(objective=objective, **FEW).fit(X, SCORE))
    assert "class of your own" in reason(Subclass(**SOME).fit(X, SCORE))
    assert "class of your own" in reason(Subclass2(**FEW).fit(X, SCORE))
    for plain in (XGBRegressor(**SOME).fit(X, SCORE), LGBMRegressor(**FEW).fit(X, SCORE)):
        hidden = load(tmp_path, plain)
        hidden.model.predict = lambda rows: numpy.zeros(len(rows))
        assert "hides the method" in str(modelward_form.describe(hidden).reason)
        whole = load(tmp_path, plain)
        booster = "_Booster"
        vars(whole.model)[booster].predict = len
        vars(whole.model)[booster].inplace_predict = len
        assert "hides the method" in str(modelward_form.describe(whole).reason)
    import lightgbm.sklearn
    import xgboost.sklearn

    fitted, light = XGBRegressor(**SOME).fit(X, SCORE), LGBMRegressor(**FEW).fit(X, SCORE)
    monkeypatch.setattr(xgboost.sklearn, "config_context", lambda **_: None)
    assert "was replaced" in reason(fitted)
    monkeypatch.setattr(lightgbm.sklearn, "_choose_param_value", lambda name, params, value: params)
    assert "was replaced" in reason(light)


def test_what_is_not_known_has_no_form_and_the_reason_names_it(tmp_path: Path) -> None:
    for fitted, reason in (
        (XGBRegressor(booster="gblinear", n_jobs=1, n_estimators=3).fit(CLEAN, SCORE), "its booster gblinear"),
        (XGBRegressor(multi_strategy="multi_output_tree", **SOME).fit(X, numpy.column_stack([SCORE, SCORE])), "vectors"),
        (LGBMRegressor(linear_tree=True, **FEW).fit(CLEAN, SCORE), "linear"),
        (LGBMRegressor(reg_sqrt=True, **FEW).fit(X, SCORE), "its objective regression"),
        (LGBMClassifier(pred_early_stop=True, **FEW).fit(X, TWO), "pred_early_stop"),
    ):
        assert reason in str(form_of(tmp_path, fitted).reason)
