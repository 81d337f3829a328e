"""Portable forms of single classes and options that random models seldom reach; each answers what scikit-learn answers."""

import copy
from pathlib import Path
from typing import Any

import modelward_form
import numpy
import pandas
import pytest
from form_examples import CASES, R, THREE, X, Y
from form_support import assert_alike, load
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_known_class_is_described_and_answers_alike(tmp_path: Path, name: str) -> None:
    unfitted, rows, target, *others = CASES[name]
    fitted = copy.deepcopy(unfitted).fit(rows, target)
    able = {"probabilities": "predict_proba", "decision": "decision_function"}
    output = ["prediction", *(answer for answer, method in able.items() if hasattr(fitted, method))]
    names = list(rows.columns) if isinstance(rows, pandas.DataFrame) else None
    model = load(tmp_path, fitted, columns=names, output=output)
    described = modelward_form.describe(model)
    assert described.reason is None, described.reason
    for request in [rows, rows[:1], *others]:
        if isinstance(request, pandas.DataFrame):
            cells = [(c, [None if pandas.isna(v) else v for v in request[c].tolist()]) for c in request]
            assert_alike(model, described, "columns", cells)
        else:
            assert_alike(model, described, "matrix", [("", numpy.ascontiguousarray(request, float))])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("fitted", "reason"),
    [
        (DummyClassifier(strategy="stratified").fit(X, Y), "DummyClassifier: it answers at random"),
        (
            make_pipeline(PolynomialFeatures(12), Ridge()).fit(numpy.hstack([X, X]), R),
            "step 1, PolynomialFeatures: it makes 125970 columns, and the evaluator takes 1 to 10000",
        ),
        (
            GradientBoostingClassifier(n_estimators=2, init=LogisticRegression()).fit(X, THREE),
            "GradientBoostingClassifier: its start is another classifier, for more than two classes",
        ),
        (
            GradientBoostingRegressor(n_estimators=2, init=Ridge()).fit(X, R),
            "start, Ridge: it calculates in float32",
        ),
    ],
)
def test_what_cannot_be_reproduced_is_not_described(tmp_path: Path, fitted: Any, reason: str) -> None:
    assert modelward_form.describe(load(tmp_path, fitted)).reason == reason
