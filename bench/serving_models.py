"""The models that the benchmark of serving asks, the files of their requests, and answers compared with scikit-learn's."""

from __future__ import annotations

import json
import struct
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy
from loads import Target, write_rows
from sklearn.datasets import load_digits, load_iris
from sklearn.ensemble import RandomForestClassifier

from modelward import bundle


class Wrong(Exception):
    """An answer that scikit-learn does not give: the figure beside it is no figure."""


def iris_forest(trees: int = 100, seed: int = 1) -> tuple[Any, numpy.ndarray, list[int]]:
    """A forest, all rows, and what scikit-learn's own predict answers to them."""
    rows, labels = load_iris(return_X_y=True)
    model = RandomForestClassifier(trees, random_state=seed).fit(rows, labels)
    return model, rows, model.predict(rows).tolist()


def digits_forest(trees: int = 500) -> tuple[Any, numpy.ndarray, list[int]]:
    """A large one: 64 columns, and about 300 nodes a tree."""
    rows, labels = load_digits(return_X_y=True)
    model = RandomForestClassifier(trees, random_state=1, n_jobs=2).fit(rows, labels)
    model.n_jobs = None
    return model, rows, model.predict(rows).tolist()


def requests_of(folder: Path, name: str, rows: numpy.ndarray, answers: list[Any]) -> Path:
    """A file of requests of one row each."""
    return write_rows(folder / f"{name}.rows", rows.tolist(), answers)


def post(at: Target, body: bytes, timeout: float = 120) -> tuple[list[Any], float]:
    """The predictions of one request, and the seconds until all of its answer was here."""
    request = urllib.request.Request(f"http://127.0.0.1:{at.port}{at.path}", body, {"Content-Type": "application/json"})
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        content = answer.read()
    took = time.perf_counter() - start
    return json.loads(content)["predictions"], took


def check(at: Target, rows: numpy.ndarray, answers: list[Any], who: str) -> None:
    """Asks each row alone and all together; raises Wrong when an answer is not scikit-learn's own."""
    together, _ = post(at, json.dumps({"instances": rows.tolist()}).encode())
    alone = [post(at, json.dumps({"instances": [row]}).encode())[0][0] for row in rows[:50].tolist()]
    bad = sum(one != right for one, right in zip(together, answers, strict=True))
    bad += sum(one != right for one, right in zip(alone, answers))
    if bad:
        raise Wrong(f"{bad} of {len(together) + len(alone)} answers of {who} are not scikit-learn's")


def write_forest(model: Any, file: Path) -> Path:
    """The forest as bench/java/ForestServer.java reads it."""
    trees = [estimator.tree_ for estimator in model.estimators_]
    starts = numpy.cumsum([0] + [tree.node_count for tree in trees])
    parts = [struct.pack("<iii", len(trees), int(starts[-1]), int(model.n_classes_)), starts[:-1].astype("<i4").tobytes()]
    for start, tree in zip(starts, trees):
        for feature, threshold, left, right in zip(tree.feature, tree.threshold, tree.children_left, tree.children_right):
            parts.append(struct.pack("<idii", int(feature), float(threshold), int(start + left), int(start + right)))
    for tree in trees:
        shares = tree.value[:, 0, :]
        parts.append((shares / shares.sum(axis=1, keepdims=True)).astype("<f8").tobytes())
    file.write_bytes(b"".join(parts))
    return file


def write_onnx(model: Any, width: int, file: Path) -> Path:
    """The same model as an ONNX graph."""
    from skl2onnx import to_onnx

    graph = to_onnx(model, numpy.zeros((1, width), dtype=numpy.float32), options={id(model): {"zipmap": False}})
    file.write_bytes(graph.SerializeToString())
    return file


def write_version(folder: Path, model: Any, sample: numpy.ndarray) -> Path:
    """The files of a version as save_model makes them, without the clean process that tries each: for hundreds of models."""
    folder.mkdir()
    bundle.write_model(folder, model)
    bundle.write_about(folder, model, sample, {})
    return folder
