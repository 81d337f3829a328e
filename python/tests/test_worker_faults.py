"""What a model does wrong stays with the request that it concerns."""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from sklearn.linear_model import LinearRegression
from worker_process import COMPARE, FAILED, LOADED, Worker, save

MODELS = '''
import os, sys, threading, warnings
import numpy

class Model:
    """Adds up the row; what it does besides is chosen by the first value."""

    def predict(self, rows):
        for row in rows:
            self.act(row[0])
        return numpy.asarray(rows).sum(axis=1)

    def act(self, value):
        if value == 1:
            raise ValueError("one is refused")
        if value == 2:
            sys.exit("bye")
        if value == 3:
            raise KeyboardInterrupt
        if value == 4:
            print("hello from the model"); os.write(1, b"raw bytes"); sys.stdout.write("more"); sys.stderr.write("err\\n")
        if value == 5:
            def down(): down()
            down()
        if value == 6:
            raise MemoryError("no more")
        if value == 7:
            raise RuntimeError("x" * 10_000)
        if value == 8:
            class Odd(Exception):
                def __str__(self): raise KeyError("no words")
            raise Odd
        if value == 9:
            raise ValueError("half \\ud83d")
        if value == 10:
            os._exit(7)

class Counted:
    """Answers as it was told, whatever it is asked."""
    def __init__(self, answer): self.answer = answer
    def predict(self, rows): return self.answer

class Dependent:
    """Its answer depends on the rows beside."""
    def predict(self, rows): return numpy.asarray(rows).sum(axis=1) + len(rows)

class Named:
    def predict(self, rows): return [{"prediction": float(row[0]), "why": "because"} for row in rows]

class Table:
    def predict(self, rows):
        import pandas
        return pandas.DataFrame({"low": rows[:, 0] - 1, "high": rows[:, 0] + 1})

class Huge:
    """Answers as many numbers per row as its first value says."""
    def predict(self, rows): return [[0.12345678901] * int(row[0]) for row in rows]

class InPlace:
    def predict(self, rows):
        rows *= 2
        return rows.sum(axis=1)

class Busy:
    """Leaves a thread behind that never ends."""
    def predict(self, rows):
        threading.Thread(target=threading.Event().wait).start()
        return [1] * len(rows)

class Warns:
    def __setstate__(self, state):
        warnings.warn("made for another release")
    def __getstate__(self): return {"a": 1}
    def predict(self, rows): return [1] * len(rows)
'''
Start = Callable[..., Worker]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a worker on a class of MODELS."""
    (tmp_path / "faulty_models.py").write_text(MODELS)
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("faulty_models", None)
    import faulty_models

    workers: list[Worker] = []

    def starter(name: str, *arguments: Any, **head: Any) -> Worker:
        model = getattr(faulty_models, name)(*arguments)
        workers.append(Worker(save(tmp_path, model, {"faulty_models.py": MODELS})))
        loaded = workers[0].load(code=[".modelward/code"], **head)
        assert loaded.kind == LOADED, loaded.head
        workers[0].loaded = loaded  # type: ignore[attr-defined]
        return workers[0]

    yield starter
    for worker in workers:
        if worker.process.stdin and not worker.process.stdin.closed:
            worker.close()


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (1, "ValueError", "one is refused"),
        (2, "SystemExit", "bye"),
        (3, "KeyboardInterrupt", ""),
        (5, "RecursionError", "recursion"),
        (6, "MemoryError", "no more"),
        (8, "Odd", "cannot be read"),
        (9, "ValueError", "half ?"),
    ],
)
def test_only_the_offender_of_a_batch_fails(start: Start, value: int, error: str, words: str) -> None:
    worker = start("Model")
    frame = worker.matrix([[[0, 5]], [[value, 0]], [[0, 6], [0, 7]]])
    first, second, third = frame.head["results"]
    assert (first, third) == ({"rows": 1}, {"rows": 2})
    assert second["error"] == error and words in second["message"]
    assert frame.columns == {"": [5.0, 6.0, 7.0]}
    assert worker.matrix([[[0, 1]]]).columns == {"": [1.0]}


def test_a_message_is_cut_to_2000_characters(start: Start) -> None:
    assert start("Model").matrix([[[7, 0]]]).head["results"] == [{"error": "RuntimeError", "message": "x" * 2000}]


def test_what_a_model_prints_goes_to_the_log(start: Start) -> None:
    worker = start("Model")
    assert worker.matrix([[[4, 1]]]).columns == {"": [5.0]}
    assert all(words in worker.logged() for words in ("hello from the model", "raw bytes", "err"))


def test_a_model_that_ends_the_process_ends_the_pipe(start: Start) -> None:
    worker = start("Model")
    with pytest.raises(EOFError):
        worker.matrix([[[10, 1]]])
    assert worker.process.wait(20) == 7


@pytest.mark.parametrize("answer", [[1, 2], numpy.ones((5, 2)), 5, "text", None, {}, []])
def test_an_answer_without_one_value_per_row_fails_the_request(start: Start, answer: Any) -> None:
    frame = start("Counted", answer).matrix([[[0, 0]], [[0, 0], [0, 0], [0, 0]]])
    assert [result["error"] for result in frame.head["results"]] == ["AnswerShape", "AnswerShape"]
    assert all("rows" in result["message"] for result in frame.head["results"])


@pytest.mark.parametrize(
    ("answer", "values", "dtype"),
    [
        ([1, 2], [1, 2], "i8"),
        (numpy.array([1, 2], "uint8"), [1, 2], "i8"),
        (numpy.array([1, 2**64 - 1], "uint64"), [1, 2**64 - 1], "json"),
        (numpy.array([1.5, numpy.nan], "float32"), [1.5, pytest.approx(numpy.nan, nan_ok=True)], "f8"),
        ([True, False], [True, False], "b1"),
        (numpy.array(["a", "b"]), ["a", "b"], "json"),
        (numpy.array([[1, "x"], [None, 2.5]], dtype=object), [[1, "x"], [None, 2.5]], "json"),
        ([[1], [1, 2]], [[1], [1, 2]], "json"),
        ([2**70, 1], [2**70, 1], "json"),
    ],
)
def test_values_travel_as_the_type_that_they_are(start: Start, answer: Any, values: list, dtype: str) -> None:
    frame = start("Counted", answer).matrix([[[0, 0], [0, 0]]])
    assert frame.columns == {"": values}
    assert frame.head["columns"][0]["dtype"] == dtype


def test_nan_among_other_values_is_missing(start: Start) -> None:
    assert start("Counted", [{"a": float("nan")}]).matrix([[[0, 0]]]).columns == {"": [{"a": None}]}


def test_an_infinity_is_an_error_that_names_the_type(start: Start) -> None:
    result = start("Counted", [{"a": float("inf")}]).matrix([[[0, 0]]]).head["results"][0]
    assert result["error"] == "AnswerValue" and "infinite float" in result["message"]


def test_a_model_names_its_own_outputs(start: Start) -> None:
    frame = start("Named", output=["prediction", "why"]).matrix([[[3, 0]], [[4, 0]]])
    assert frame.columns == {"": [{"prediction": 3.0, "why": "because"}, {"prediction": 4.0, "why": "because"}]}


def test_a_table_names_its_own_outputs(start: Start) -> None:
    frame = start("Table", output=["low", "high"]).matrix([[[3, 0]], [[4, 0]]])
    assert frame.columns == {"low": [2.0, 3.0], "high": [4.0, 5.0]}


def test_the_largest_answers_fail_until_the_rest_fits(start: Start) -> None:
    worker = start("Huge")
    million = 1_000_000
    frame = worker.matrix([[[1]], [[9 * million]], [[2]]])
    assert [result.get("error") for result in frame.head["results"]] == [None, "AnswerTooLarge", None]
    assert frame.columns == {"": [[0.12345678901], [0.12345678901] * 2]}
    frame = worker.matrix([[[5 * million]], [[5 * million]]])
    assert [result.get("error") for result in frame.head["results"]] == [None, "AnswerTooLarge"]
    assert worker.matrix([[[1]]]).columns == {"": [[0.12345678901]]}


def test_a_model_may_work_in_place(start: Start) -> None:
    worker = start("InPlace")
    assert worker.matrix([[[1, 2]], [[3, 4]]]).columns == {"": [6.0, 14.0]}


def test_a_model_whose_answers_depend_on_the_batch_is_noticed(start: Start) -> None:
    head = start("Dependent").matrix([[[1, 2], [3, 4]]], COMPARE).head
    assert head["batchable"] is False and head["difference"] > 1e-6


def test_comparing_a_model_that_fails_does_not_end_the_worker(start: Start) -> None:
    worker = start("Model")
    assert "batchable" in worker.matrix([[[1, 2], [3, 4]]], COMPARE).head
    assert worker.matrix([[[0, 1]]]).columns == {"": [1.0]}


def test_warnings_of_the_load_are_told(start: Start) -> None:
    assert start("Warns").loaded.head["warnings"] == ["made for another release"]


def test_without_its_code_the_load_says_which_module_is_missing(start: Start, tmp_path: Path) -> None:
    start("Named")
    worker = Worker(tmp_path / "model")
    frame = worker.load()
    assert frame.kind == FAILED and frame.head["stage"] == "load"
    assert frame.head["error"] == "ModuleNotFoundError" and "faulty_models" in frame.head["message"]
    assert "Traceback" in frame.head["traceback"]
    assert worker.process.wait(20) == 0
    worker.close()


class Exits:
    """Ends the process while it is unpickled."""

    def __reduce__(self) -> tuple:
        return sys.exit, ("not today",)


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"garbage", None), (b"", None), (pickle.dumps(Exits()), "SystemExit"), (pickle.dumps({"no": "model"}), "TypeError")],
)
def test_an_artifact_that_is_no_model_fails_the_load(tmp_path: Path, content: bytes, error: str | None) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "model.joblib").write_bytes(content)
    worker = Worker(directory)
    frame = worker.load()
    assert frame.kind == FAILED and frame.head["error"] == (error or frame.head["error"])
    worker.close()


def test_a_plain_pickle_loads_too(tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    model = LinearRegression().fit([[1.0], [2.0]], [2.0, 4.0])
    (directory / "model.pkl").write_bytes(pickle.dumps(model))
    worker = Worker(directory)
    assert worker.load(artifact="model.pkl").kind == LOADED
    assert worker.matrix([[[3.0]]]).columns[""] == pytest.approx([6.0])
    worker.close()


def test_large_batches_pass_both_ways(tmp_path: Path) -> None:
    model = LinearRegression().fit(numpy.eye(8), numpy.arange(8.0))
    worker = Worker(save(tmp_path, model))
    worker.load()
    rows = numpy.random.default_rng(1).normal(size=(200_000, 8))
    assert worker.matrix([rows]).columns[""] == model.predict(rows).tolist()
    worker.close()


def test_sigint_is_left_to_the_server(tmp_path: Path) -> None:
    worker = Worker(save(tmp_path, LinearRegression().fit([[1.0]], [1.0])))
    worker.load()
    os.kill(worker.process.pid, signal.SIGINT)
    assert len(worker.matrix([[[3.0]]]).columns[""]) == 1
    worker.close()


def test_no_thread_of_a_model_holds_up_the_end(start: Start) -> None:
    worker = start("Busy")
    assert worker.matrix([[[0, 0]]]).columns == {"": [1]}
    assert worker.close() == 0
