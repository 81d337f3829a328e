"""Holds a portable form to the worker's own answers."""

import json
from pathlib import Path
from typing import Any

import joblib
import modelward_worker
import numpy
import pytest
from form_evaluator import Form, Refuse, frame
from modelward_form import Described
from modelward_outputs import encode


def load(folder: Path, fitted: Any, **head: Any) -> Any:
    """A model as the worker holds it."""
    joblib.dump(fitted, folder / "model.joblib")
    return modelward_worker.Model(str(folder), {"artifact": "model.joblib", **head})


def same(left: Any, right: Any) -> bool:
    """Whether two answers are equal, within 1e-9."""
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, (str, bool)) or isinstance(right, (str, bool)):
        return type(left) is type(right) and left == right
    left, right = (float("nan") if side is None else side for side in (left, right))
    return left == right or (left != left and right != right) or abs(left - right) <= 1e-9 * max(abs(left), abs(right))


def assert_alike(model: Any, described: Described, form: str, columns: list[tuple[str, Any]]) -> None:
    """The form answers what the worker answers, and refuses what the worker refuses."""
    assert described.reason is None, described.reason
    made = Form(described.head, described.arrays)
    count = len(columns[0][1])
    try:
        copies = [(name, values.copy() if isinstance(values, numpy.ndarray) else list(values)) for name, values in columns]
        expected = {name: encode(name, values) for name, values in model.compute(form, copies, count).items()}
    except Exception:
        with pytest.raises(Refuse):
            made.answers(frame(described.head["input"], form, columns))
        return
    found = made.answers(frame(described.head["input"], form, columns))
    assert found.keys() == expected.keys()
    for answer in described.head["answers"]:
        head, raw = expected[answer["name"]]
        assert head["dtype"] == answer["dtype"]
        dtype = {"f8": "<f8", "i8": "<i8", "b1": "?"}.get(head["dtype"])
        values = json.loads(raw) if dtype is None else numpy.frombuffer(raw, dtype).reshape(head["shape"]).tolist()
        assert same(values, found[answer["name"]]), (values, found[answer["name"]])
