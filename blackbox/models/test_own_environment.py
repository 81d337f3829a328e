"""Models that need what not every worker has: the client finds it out, and the server builds an environment of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from modelward import Refused

ROWS = numpy.array([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0], [3.0, 1.0]] * 5)
LABELS = [0, 1, 1, 0] * 5


def test_a_model_of_xgboost_is_saved_and_served_as_any_other(house: Any) -> None:
    from xgboost import XGBClassifier

    model = XGBClassifier(n_estimators=3).fit(ROWS, LABELS)
    saved = house.registry.save_model("xgb", "1.0.0", model, {}, sample=ROWS[:2])
    files = [file["path"] for file in house.registry.show("xgb")["files"]]
    assert ".modelward/requirements.txt" in files
    # Another server of this machine may have built it before.
    assert house.version("xgb", "1.0.0")["environment"]["state"] in ("none", "ready")
    house.registry.serve("xgb")
    assert house.registry.predict("xgb", ROWS[:4]).predictions == model.predict(ROWS[:4]).tolist()
    environment = house.version("xgb", "1.0.0")["environment"]
    assert environment["state"] == "ready" and environment["digest"], saved


def test_a_model_of_scikit_learn_alone_runs_where_all_run(house: Any) -> None:
    from sklearn.linear_model import LogisticRegression

    house.registry.save_model("plain", "1.0.0", LogisticRegression().fit(ROWS, LABELS), {})
    files = [file["path"] for file in house.registry.show("plain")["files"]]
    assert ".modelward/requirements.txt" not in files
    house.registry.serve("plain")
    shown = house.registry.endpoint("plain")
    assert shown["worker"]["packages"]["scikit-learn"]


def test_a_package_that_is_nowhere_is_named_when_the_model_is_to_serve(house: Any) -> None:
    from sklearn.linear_model import LogisticRegression

    absent = "modelward-has-no-such-package==1.0"
    model = LogisticRegression().fit(ROWS, LABELS)
    house.registry.save_model("absent-needs", "1.0.0", model, {}, requirements=[absent])
    with pytest.raises(Refused, match="modelward-has-no-such-package"):
        house.registry.serve("absent-needs")
    house.registry.save_model("odd-needs", "1.0.0", model, {}, requirements=["--index-url=http://127.0.0.1/"])
    with pytest.raises(Refused, match="only lines such as numpy==2.4.6 are taken"):
        house.registry.serve("odd-needs")


def test_another_release_that_cannot_be_had_falls_back_to_the_one_that_all_share_and_says_so(house: Any, tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(ROWS, LABELS)
    house.registry.save_model("other-release", "1.0.0", model, {}, requirements=["scikit-learn==1.0.99"])
    with pytest.warns(match="runs in the environment that all models share, since its own cannot be built"):
        house.registry.serve("other-release")
    assert house.registry.predict("other-release", ROWS[:4]).predictions == model.predict(ROWS[:4]).tolist()
