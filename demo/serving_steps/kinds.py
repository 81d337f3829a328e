"""The ten models, trained on scikit-learn's own data and on tables made here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pandas
import own_function
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

ROWS = 120


@dataclass
class Kind:
    """A trained model, the rows that it is asked, and who should compute it."""

    name: str
    title: str
    model: Any
    rows: Any
    by: str = "evaluator"
    code: tuple[Path, ...] = ()

    def instances(self) -> list[Any]:
        """The rows as JSON has them: null is a missing value."""
        if isinstance(self.rows, pandas.DataFrame):
            records = self.rows.astype(object).where(self.rows.notna(), None)
            return records.to_dict("records")
        return [[None if numpy.isnan(cell) else float(cell) for cell in row] for row in self.rows]

    def answers(self) -> list[Any]:
        """What scikit-learn's own predict answers to each of them, asked one by one as callers ask."""
        if isinstance(self.rows, pandas.DataFrame):
            return [self.model.predict(pandas.DataFrame([row])).tolist()[0] for row in self.instances()]
        return [self.model.predict(self.rows[at : at + 1]).tolist()[0] for at in range(len(self.rows))]


def split(data: Callable[..., Any]) -> tuple[Any, Any, Any]:
    """Rows and labels to train with, and rows to ask."""
    rows, labels = data(return_X_y=True)
    order = numpy.random.default_rng(1).permutation(len(rows))
    asked = order[: min(ROWS, len(rows) // 3)]
    learnt = order[len(asked) :]
    return rows[learnt], labels[learnt], rows[asked]


def customers(count: int = 1200) -> tuple[pandas.DataFrame, numpy.ndarray]:
    """A made table: texts, and numbers with gaps; who left follows from them and from chance."""
    chance = numpy.random.default_rng(7)
    table = pandas.DataFrame(
        {
            "city": chance.choice(["Lagos", "Lima", "Oslo", "Pune"], count).astype(object),
            "plan": chance.choice(["basic", "family", "team"], count).astype(object),
            "age": chance.integers(18, 80, count).astype(float),
            "spent": chance.gamma(2, 40, count).round(2),
        }
    )
    logit = (table["plan"] == "basic") * 1.5 - (table["city"] == "Oslo") * 1.0 - table["spent"] / 60 + chance.normal(0, 0.7, count)
    for column in ("age", "spent"):
        table.loc[chance.random(count) < 0.08, column] = numpy.nan
    return table, numpy.where(logit > 0, "leaves", "stays")


def kinds() -> Iterator[Kind]:
    """Trains them one after the other."""
    learnt, labels, asked = split(load_iris)
    yield Kind("forest", "random forest, 100 trees", RandomForestClassifier(100, random_state=1).fit(learnt, labels), asked)
    learnt, labels, asked = split(load_diabetes)
    yield Kind("boosting", "gradient boosting", GradientBoostingRegressor(random_state=1).fit(learnt, labels), asked)
    learnt, labels, asked = split(load_breast_cancer)
    gaps = numpy.random.default_rng(2)
    learnt[gaps.random(learnt.shape) < 0.05] = numpy.nan
    asked[gaps.random(asked.shape) < 0.05] = numpy.nan
    model: Any = HistGradientBoostingClassifier(max_iter=60, random_state=1).fit(learnt, labels)
    yield Kind("hist", "hist gradient boosting, missing values", model, asked)
    learnt, labels, asked = split(load_breast_cancer)
    yield Kind(
        "logistic", "scaler and logistic regression", make_pipeline(StandardScaler(), LogisticRegression()).fit(learnt, labels), asked
    )
    table, left = customers()
    prepare = ColumnTransformer(
        [
            ("texts", OneHotEncoder(handle_unknown="ignore"), ["city", "plan"]),
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), ["age", "spent"]),
        ]
    )
    model = make_pipeline(prepare, LogisticRegression()).fit(table[ROWS:], left[ROWS:])
    yield Kind("customers", "columns of texts, and of numbers with gaps", model, table[:ROWS])
    learnt, labels, asked = split(load_wine)
    parts = [("forest", RandomForestClassifier(30, random_state=1)), ("bayes", GaussianNB())]
    model = StackingClassifier(parts, LogisticRegression(max_iter=500)).fit(learnt, labels)
    yield Kind("stacking", "stacking of a forest and naive Bayes", model, asked)
    learnt, labels, asked = split(load_digits)
    model = make_pipeline(StandardScaler(), MLPClassifier((64, 32), max_iter=60, random_state=1, early_stopping=True)).fit(learnt, labels)
    yield Kind("network", "scaler and a network of 64 and 32", model, asked)
    learnt, _, asked = split(load_wine)
    yield Kind("isolation", "isolation forest", IsolationForest(random_state=1).fit(learnt), asked)
    learnt, _, asked = split(load_iris)
    yield Kind("groups", "scaler and k-means", make_pipeline(StandardScaler(), KMeans(3, n_init=5, random_state=1)).fit(learnt), asked)
    learnt, labels, asked = split(load_iris)
    model = make_pipeline(FunctionTransformer(own_function.shapes), LogisticRegression(max_iter=500)).fit(learnt, labels)
    yield Kind("own", "a function of the team's own", model, asked, by="worker", code=(Path(own_function.__file__),))
