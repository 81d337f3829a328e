"""Writes the models of the exhibit: forests on scikit-learn's iris data, and a pipeline that fails some inputs. ``exhibit_models.py FOLDER``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import joblib
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

FORESTS = 8
WIDEST_PETAL = 1.4


def main(folder: Path) -> None:
    rows, classes = load_iris(return_X_y=True)
    for number in range(FORESTS):
        forest = RandomForestClassifier(n_estimators=4 + 2 * number, max_depth=3, random_state=number).fit(rows, classes)
        joblib.dump(forest, folder / f"forest-{number}.joblib")
    # Its categories are the petals of its sample, so that a wider petal is an error.
    narrow = rows[:, 3] <= WIDEST_PETAL
    encoder = make_column_transformer((OrdinalEncoder(), [3]), remainder="passthrough")
    broken = make_pipeline(encoder, LogisticRegression(max_iter=500)).fit(rows[narrow], classes[narrow])
    joblib.dump(broken, folder / "broken.joblib")
    (folder / "rows.json").write_text(json.dumps(rows.tolist()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
