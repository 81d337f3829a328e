"""Whatever a pickled model answers and whoever asks beside, each caller gets what the caller's own rows give."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy
import pytest
from odd_answers import CONTAINERS, SHAPES, Pipe
from worker_process import LOADED, Worker, save

import modelward_worker


class Told:
    """Answers as the test says."""

    answer: Callable[[Any], Any] = staticmethod(len)

    def predict(self, rows: Any) -> Any:
        return Told.answer(rows)


@pytest.fixture
def model(tmp_path: Path) -> Any:
    """The model as a worker loads it."""
    joblib.dump(Told(), tmp_path / "model.joblib")
    return modelward_worker.Model(str(tmp_path), {"artifact": "model.joblib"})


def ask(model: Any, form: str, requests: list[list], together: Any = None) -> list[Any]:
    """The answers to a batch of requests, each of some rows."""
    rows = [row for request in requests for row in request]
    if form == "matrix":
        data = numpy.asarray(rows, "<f8")
        raw, column = data.tobytes(), {"name": "", "dtype": "f8", "shape": list(data.shape)}
    else:
        raw, column = json.dumps(rows).encode(), {"name": "instances", "dtype": "json", "shape": [len(rows)]}
    pipe = Pipe()
    head = {"requests": list(map(len, requests)), "form": form, "columns": [{**column, "bytes": len(raw)}]}
    modelward_worker.answer(pipe, 1, model, head, memoryview(bytearray(raw)), together or modelward_worker.Together())
    return pipe.answers()


SORTED = {"sorted": sorted, "largest first": lambda v: sorted(v, reverse=True), "all means": lambda v: [sum(v) / len(v)] * len(v)}


@pytest.mark.parametrize("name", [*SHAPES, *CONTAINERS, *SORTED])
def test_no_caller_gets_the_value_of_another_whatever_the_answer_is(model: Any, name: str) -> None:
    shape = {**SHAPES, **CONTAINERS, **SORTED}[name]
    Told.answer = lambda rows: shape(rows[:, 0].tolist())
    draw, together, joined = random.Random(name), modelward_worker.Together(), 0
    for _ in range(15):
        requests = [[[draw.random()] for _ in range(draw.randint(1, 3))] for _ in range(draw.randint(1, 5))]
        asked: list[int] = []
        Told.answer = lambda rows, asked=asked: asked.append(len(rows)) or shape(rows[:, 0].tolist())
        answers = ask(model, "matrix", requests, together)
        joined += len(requests) > 1 and asked == [sum(map(len, requests))]
        assert answers == [ask(model, "matrix", [request])[0] for request in requests], f"{name}: {requests}"
    assert (joined > 0) == (name in CONTAINERS), f"{name} was computed together in {joined} batches"


ROWS: dict[str, Callable[[random.Random], Any]] = {
    "whole numbers": lambda d: [d.randint(0, 9), d.randint(0, 9)],
    "floats": lambda d: [d.random(), 1.5],
    "large": lambda d: [2**53 + 1, 2**63 - 1],
    "text": lambda d: [d.random(), "x"],
    "null": lambda d: [None, d.random()],
    "ragged": lambda d: [d.random()] * d.randint(1, 3),
    "truth": lambda d: [True, False],
    "object": lambda d: {"a": d.random()},
    "number": lambda d: d.randint(0, 9),
}


def test_what_a_model_gets_does_not_depend_on_the_rows_of_other_callers(model: Any) -> None:
    draw, together = random.Random(4), modelward_worker.Together()
    Told.answer = lambda rows: [f"{type(rows).__name__} {getattr(rows, 'dtype', '')} {row!r}" for row in rows]
    for _ in range(300):
        requests = []
        for _ in range(draw.randint(2, 4)):
            kind = draw.choice(list(ROWS))
            requests.append([ROWS[kind](draw) for _ in range(draw.randint(1, 2))])
        assert ask(model, "json", requests, together) == [ask(model, "json", [request])[0] for request in requests]


def test_a_model_of_constant_answers_is_computed_together_in_the_end(model: Any) -> None:
    together, asked = modelward_worker.Together(), []
    Told.answer = lambda rows: asked.append(len(rows)) or ["same"] * len(rows)
    for _ in range(modelward_worker.Together.ENOUGH_ALIKE + 1):
        asked.clear()
        assert ask(model, "matrix", [[[1.0]], [[2.0]]], together) == [["same"], ["same"]]
    assert asked == [2]


@pytest.mark.parametrize("form", ["matrix", "json"])
def test_a_model_that_works_in_place_and_fails_for_one_caller_spoils_no_other_rows(model: Any, form: str) -> None:
    def answer(rows: Any) -> Any:
        rows *= 2
        if (rows > 100).any():
            raise ValueError("too much")
        return rows[:, 0]

    Told.answer, together = answer, modelward_worker.Together()
    for _ in range(3):
        assert ask(model, form, [[[1.0]], [[2.0], [3.0]]], together) == [[2.0], [4.0, 6.0]]
        answers = ask(model, form, [[[1.0]], [[60.0]], [[2.0]]], together)
        assert answers == [[2.0], ("ValueError", "too much"), [4.0]]
    assert together.proven


CUT = '''
class Cut:
    def predict(self, rows):
        odd = {1: "\\ud83d", 2: {"\\udc00": 1}, 3: 10**400, 4: {"x" * 60_000: 1}, 5: {1: 2, "1": 3}, 6: float("inf"), 7: deep()}
        return [odd.get(int(row[0]), "ok") for row in rows]

def deep():
    value = []
    for _ in range(70):
        value = [value]
    return value
'''


def test_no_answer_ends_the_worker_or_fails_those_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cut_models.py").write_text(CUT)
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("cut_models", None)
    import cut_models  # type: ignore[import-not-found]

    worker = Worker(save(tmp_path, cut_models.Cut(), {"cut_models.py": CUT}))
    assert worker.load(code=[".modelward/code"]).kind == LOADED
    for _ in range(3):
        frame = worker.matrix([[[0]], *([[number]] for number in range(1, 8)), [[0]]])
        assert [result.get("error") for result in frame.head["results"]] == [None, *["AnswerValue"] * 7, None]
        assert frame.columns == {"": ["ok", "ok"]}
    assert worker.close() == 0
