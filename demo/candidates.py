"""Parts of candidates that go wrong, as parts do: published with the model, through ``code=``."""

from __future__ import annotations

import time
from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

LONGEST_PETAL = 5.0
PETAL_LENGTH = 2


class PetalBins(TransformerMixin, BaseEstimator):
    """Looks every petal's length up in bins that were cut from a sample without long petals: a longer one has no bin."""

    def fit(self, rows: Any, classes: Any = None) -> PetalBins:
        self.n_features_in_ = len(rows[0])
        return self

    def transform(self, rows: Any) -> Any:
        for row in rows:
            if row[PETAL_LENGTH] > LONGEST_PETAL:
                raise ValueError(f"a petal of {row[PETAL_LENGTH]:g} cm is in no bin; the last one ends at {LONGEST_PETAL:g} cm")
        return rows


class Late:
    """Answers as the model in it does, so many seconds later."""

    def __init__(self, model: Any, seconds: float) -> None:
        self.model, self.seconds = model, seconds
        self.classes_, self.n_features_in_ = model.classes_, model.n_features_in_

    def predict_proba(self, rows: Any) -> Any:
        time.sleep(self.seconds)
        return self.model.predict_proba(rows)

    def predict(self, rows: Any) -> Any:
        return self.model.predict(rows)
