"""A worker answers what MLflow's own scoring server would write, or an error that names the column and the type; its rows reach the model."""

from __future__ import annotations

import base64
import datetime
import io
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy
import pandas
import pytest
from mlflow.models import ModelSignature
from mlflow.pyfunc import scoring_server
from mlflow.types import ColSpec, Schema, TensorSpec
from mlflow.types.schema import Array, DataType, Map, Object, Property

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python" / "tests"))

import modelward_pyfunc  # noqa: E402
import modelward_worker  # noqa: E402
from odd_answers import CONTAINERS, REFUSED, SHAPES, VALUES, Pipe, plain  # noqa: E402

# Where MLflow's server writes a number of nanoseconds, and only there: times come out as text whatever their unit.
NANOSECONDS = "datetime64[ns]"


class Told(mlflow.pyfunc.PythonModel):
    """Answers as the test says, and keeps what it was given."""

    answer: Callable[[Any], Any] = staticmethod(len)
    seen: Any = None

    def predict(self, context, model_input, params=None):
        Told.seen = model_input
        return Told.answer(model_input)


Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Saves the model with a signature and loads it as a worker does."""

    def loader(inputs: Schema | None, columns: list[str] | None = None) -> Any:
        Told.__module__ = "test_values"
        sys.modules["test_values"] = sys.modules[__name__]
        folder = tmp_path / f"model{len(list(tmp_path.iterdir()))}"
        signature = None if inputs is None else ModelSignature(inputs)
        mlflow.pyfunc.save_model(folder, python_model=Told(), signature=signature, pip_requirements=[])
        return modelward_pyfunc.Model(str(folder), {"columns": columns, "output": None})

    return loader


def ask(model: Any, form: str, requests: list[int], columns: dict[str, Any], together: Any = None) -> list[Any]:
    """The answers to one batch."""
    described, raw = [], []
    for name, values in columns.items():
        array = isinstance(values, numpy.ndarray)
        data = values.astype("<f8").tobytes() if array else json.dumps(values).encode()
        shape = list(values.shape) if array else [sum(requests)]
        described.append({"name": name, "dtype": "f8" if array else "json", "shape": shape, "bytes": len(data)})
        raw.append(data)
    pipe = Pipe()
    head = {"requests": requests, "form": form, "columns": described}
    modelward_worker.answer(pipe, 1, model, head, memoryview(bytearray(b"".join(raw))), together or modelward_worker.Together())
    return pipe.answers()


def mlflows(answer: Any) -> Any:
    """The predictions as MLflow's server writes them, row by row; None when it cannot."""
    text = io.StringIO()
    try:
        scoring_server.predictions_to_json(answer, text)
    except (TypeError, ValueError, RecursionError):
        return None
    found = plain(json.loads(text.getvalue().replace("Infinity", "NaN")))["predictions"]
    if isinstance(answer, dict):
        return [dict(zip(found, row)) for row in zip(*found.values())]
    return found


def without_nat(value: Any) -> Any:
    """MLflow writes a missing time as a text; here it is null as every missing value is."""
    if isinstance(value, list):
        return [without_nat(item) for item in value]
    if isinstance(value, dict):
        return {name: without_nat(item) for name, item in value.items()}
    return None if value == "NaT" else value


def test_every_value_in_every_form_comes_out_as_mlflow_writes_it(load: Load) -> None:
    model = load(Schema([ColSpec("double", "x")]), ["x"])
    compared = 0
    for container, put in CONTAINERS.items():
        for kind, value in VALUES.items():
            for count in (1, 2, 3):
                try:
                    answer = put([value(i) for i in range(count)])
                except (ValueError, TypeError, OverflowError):
                    continue  # numpy or pandas does not put such values together
                Told.answer = lambda _, answer=answer: answer
                got = ask(model, "matrix", [count], {"": numpy.zeros((count, 1))})[0]
                case = f"{kind} in {container}, {count} rows: {got}"
                wanted = without_nat(mlflows(answer))
                nanoseconds = kind == NANOSECONDS or (kind == "NaT" and container == "array")
                if nanoseconds and not container.startswith(("Series", "DataFrame")):
                    assert isinstance(got, list) and "2024-01-31" in json.dumps(got), case
                elif kind == "NA":
                    # MLflow's server cannot write it; a missing value is null like every other.
                    assert isinstance(got, list), case
                elif wanted is None or len(wanted) != count:
                    assert isinstance(got, tuple) and got[0] in ("AnswerValue", "AnswerShape"), case
                else:
                    assert json.dumps(got) == json.dumps(wanted), f"{case}, MLflow {wanted}"
                    compared += 1
    assert compared > 1000


def test_what_json_has_not_is_an_error_that_names_the_column_and_the_type(load: Load) -> None:
    model = load(Schema([ColSpec("double", "x")]), ["x"])
    for container, put in CONTAINERS.items():
        for kind, (value, word) in REFUSED.items():
            if (kind, container) == ("Series inside", "array"):
                continue  # numpy takes it apart
            try:
                answer = put([value(i) for i in range(3)])
            except (ValueError, TypeError, OverflowError):
                continue
            Told.answer = lambda _, answer=answer: answer
            got = ask(model, "matrix", [3], {"": numpy.zeros((3, 1))})[0]
            if word in ("complex", "float128") and isinstance(got, tuple):
                word = ""  # numpy names its own types
            assert isinstance(got, tuple) and got[0] == "AnswerValue" and word in got[1], f"{kind} in {container}: {got}"
            if "DataFrame" in container or "dict" in container:
                assert "upper" in got[1], f"{kind} in {container}: {got}"


def test_no_caller_gets_the_value_of_another_whatever_the_answer_is(load: Load) -> None:
    model = load(Schema([ColSpec("double", "x")]), ["x"])
    draw = random.Random(12)
    for name, shape in [*SHAPES.items(), *((n, c) for n, c in CONTAINERS.items())]:
        Told.answer = lambda frame, shape=shape: shape(frame["x"].tolist())
        together = modelward_worker.Together()
        for _ in range(12):
            requests = [draw.randint(1, 3) for _ in range(draw.randint(1, 4))]
            values = [draw.random() for _ in range(sum(requests))]
            got = ask(model, "matrix", requests, {"": numpy.array(values)[:, None]}, together)
            at = 0
            for count, answer in zip(requests, got, strict=True):
                mine, at = values[at : at + count], at + count
                alone = ask(model, "matrix", [count], {"": numpy.array(mine)[:, None]})[0]
                assert answer == alone, f"{name}: {answer} for {mine}, alone {alone}"
                foreign = [leaf for leaf in leaves(answer) if isinstance(leaf, float) and leaf in values and leaf not in mine]
                assert not foreign, f"{name}: {answer} for {mine}"
        for count in (1, 2, 3):
            got = ask(model, "matrix", [count], {"": numpy.arange(float(count))[:, None]})[0]
            if isinstance(got, list):
                assert len(got) == count, f"{name}: {got}"
        wrong = [ask(model, "matrix", [n], {"": numpy.arange(float(n))[:, None]})[0] for n in (1, 2, 3)]
        assert name in CONTAINERS or any(isinstance(got, tuple) and got[0].startswith("Answer") for got in wrong), name


def leaves(value: Any) -> list:
    """The leaves of JSON."""
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, (list, tuple)) else [value]


TIMES = ["2024-01-31", "2024-01-31T05:06", "2024-01-31 05:06:07", "2024-01-31T05:06:07.123456789", "1677-09-22"]
ZONES = ["2024-01-31T05:06:07Z", "2024-01-31T05:06+02:00", "2024-01-31 05:06:07.5-0330", "2262-04-10T23:59:59+00"]
DRAWN: dict[str, Callable[[random.Random], Any]] = {
    "boolean": lambda d: d.random() < 0.5,
    "integer": lambda d: d.choice([0, -(2**31), 2**31 - 1, 7]),
    "long": lambda d: d.choice([2**53 + 1, 2**63 - 1, -(2**63), 0, 5]),
    "float": lambda d: d.choice([0.1, -3, 1e30]),
    "double": lambda d: d.choice([0.1, 3, -1e300]),
    "string": lambda d: d.choice(["", "a", "ž😀"]),
    "binary": lambda d: d.choice([base64.encodebytes(bytes(range(n))).decode() for n in (0, 1, 2, 70)]),
    "datetime": lambda d: d.choice(TIMES + ZONES),
}


def rows(draw: random.Random, types: dict[str, tuple[str, bool]], count: int) -> list[dict]:
    """Rows that the contract takes: what is optional may be null or not there."""
    drawn = []
    for _ in range(count):
        row = {}
        for name, (kind, required) in types.items():
            fate = 2 if required else draw.randint(0, 3)
            if fate:
                row[name] = DRAWN[kind](draw) if fate > 1 else None
        drawn.append(row)
    return drawn


def by_column(types: dict, rows: list[dict]) -> dict[str, list]:
    """The rows as the server sends them: without the columns that none of them has."""
    present = [name for name in types if any(name in row for row in rows)] or list(types)
    return {name: [row.get(name) for row in rows] for name in present}


def test_every_row_that_the_contract_takes_reaches_the_model_as_mlflow_would_bring_it(load: Load) -> None:
    draw, compared, reached = random.Random(5), 0, 0
    for _ in range(25):
        types = {f"c{i}": (draw.choice(list(DRAWN)), draw.random() < 0.4) for i in range(draw.randint(1, 4))}
        inputs = Schema([ColSpec(kind, name, required=required) for name, (kind, required) in types.items()])
        model = load(inputs, list(types))
        Told.answer = lambda frame: [0] * len(frame)
        for _ in range(8):
            sent = rows(draw, types, draw.randint(1, 3))
            Told.seen = None
            got = ask(model, "columns", [len(sent)], by_column(types, sent))[0]
            assert got == [0] * len(sent), f"{types} {sent}: {got}"
            mine, reached = Told.seen, reached + 1
            Told.seen = None
            try:
                body = json.dumps({"dataframe_records": sent})
                scoring_server.invocations(body, "application/json", model.pyfunc, inputs)
            except Exception:
                continue  # MLflow's own server refuses these rows
            if Told.seen is None or any(kind == "datetime" for kind, _ in types.values()) or len(Told.seen.columns) == 0:
                continue  # its times depend on the other rows of a request
            for name, theirs in Told.seen.items():
                missing = theirs.isna()
                if types[name][0] == "boolean" and mine[name].isna().any():
                    continue  # MLflow's server makes False of null
                assert (mine[name].isna() == missing).all() and mine[name][~missing].tolist() == theirs[~missing].tolist(), f"{types} {sent}"
                assert missing.any() or mine[name].dtype == theirs.dtype, f"{types} {sent}"
            compared += 1
    assert reached == 200 and compared > 40


def test_what_a_model_gets_does_not_depend_on_the_rows_of_other_callers(load: Load) -> None:
    draw = random.Random(9)
    for _ in range(15):
        types = {f"c{i}": (draw.choice(list(DRAWN)), draw.random() < 0.3) for i in range(draw.randint(1, 3))}
        inputs = Schema([ColSpec(kind, name, required=required) for name, (kind, required) in types.items()])
        model, together = load(inputs, list(types)), modelward_worker.Together()
        Told.answer = lambda frame: [[f"{frame[name].dtype} {value!r}" for name, value in row.items()] for _, row in shown(frame)]
        for _ in range(6):
            counts = [draw.randint(1, 2) for _ in range(draw.randint(2, 4))]
            sent = rows(draw, types, sum(counts))
            at, alone, same = 0, [], True
            for count in counts:
                mine, at = sent[at : at + count], at + count
                same = same and list(by_column(types, mine)) == list(by_column(types, sent))
                alone += ask(model, "columns", [count], by_column(types, mine))
            if same:  # requests of other columns never come together
                assert ask(model, "columns", counts, by_column(types, sent), together) == alone, f"{types} {sent}"


def shown(frame: pandas.DataFrame) -> list:
    """The rows of a frame, each value as the column has it."""
    return [(i, {name: frame[name].iloc[i] for name in frame.columns}) for i in range(len(frame))]


def test_whole_numbers_of_tensors_and_columns_keep_every_digit(load: Load) -> None:
    numbers = {"int64": [2**53 + 1, 2**63 - 1, -(2**63)], "uint64": [2**64 - 1, 2**53 + 1, 0], "int8": [-128, 127, 0]}
    for dtype, values in numbers.items():
        model = load(Schema([TensorSpec(numpy.dtype(dtype), (-1, 2))]))
        Told.answer = lambda array: array[:, 0]
        assert ask(model, "json", [3], {"instances": [[value, 1] for value in values]}) == [values]
        assert Told.seen.dtype == dtype
    model = load(Schema([ColSpec("long", "k", required=False)]), ["k"])
    Told.answer = lambda frame: frame["k"].tolist()
    assert ask(model, "columns", [2], {"k": [2**63 - 1, None]}) == [[2**63 - 1, None]]
    assert ask(model, "columns", [2], {"k": [2**63 - 1, 5]}) == [[2**63 - 1, 5]]


def test_values_inside_arrays_and_objects_reach_the_model(load: Load) -> None:
    inner = Object([Property("n", DataType.double), Property("t", DataType.datetime, required=False), Property("b", DataType.binary)])
    inputs = Schema([ColSpec(Array(DataType.double), "a"), ColSpec(Array(DataType.integer), "i"), ColSpec(inner, "o"), ColSpec(Map(DataType.float), "m")])
    model = load(inputs, ["a", "i", "o", "m"])
    Told.answer = lambda frame: [0] * len(frame)
    sent = {
        "a": [[1, 2.5], []],
        "i": [[5, 6], [7]],
        "o": [{"n": 3, "t": "2024-01-31T00:00:00Z", "b": "AP8Q"}, {"n": 0.5, "b": "AP8Q\n"}],
        "m": [{"x": 1}, {"y": 2.5}],
    }
    assert ask(model, "columns", [2], sent) == [[0, 0]]
    assert list(Told.seen["a"].iloc[0]) == [1.0, 2.5] and Told.seen["o"].iloc[0]["b"] == b"\x00\xff\x10"


HINTS = [
    (list[str], ["a", ""], ["a", ""]),
    (list[float], [1, 2.5], [1.0, 2.5]),
    (list[int], [2**53 + 1, 3], [2**53 + 1, 3]),
    (list[bool], [True], [True]),
    (list[bytes], ["AP8Q\n"], [b"\x00\xff\x10"]),
    (list[datetime.datetime], ["2024-01-31", "2024-01-31T02:00:00+02:00"], [datetime.datetime(2024, 1, 31)] * 2),
    (list[dict[str, float]], [{"a": 1}], [{"a": 1.0}]),
    (list[list[float]], [[1, 2], [3]], [[1.0, 2.0], [3.0]]),
    (list[Any], [1, "a", None], [1, "a", None]),
]


@pytest.mark.parametrize(("hint", "sent", "seen"), HINTS, ids=[str(hint) for hint, _, _ in HINTS])
def test_rows_of_a_type_hint_reach_the_model_in_its_types(tmp_path: Path, hint: Any, sent: list, seen: list) -> None:
    def predict(self, model_input):
        return [type(value).__name__ for value in model_input]

    predict.__annotations__ = {"model_input": hint, "return": list[str]}
    hinted = type("Hinted", (mlflow.pyfunc.PythonModel,), {"predict": predict})
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=hinted(), pip_requirements=[])
    model = modelward_pyfunc.Model(str(tmp_path / "m"), {"columns": None, "output": None})
    names = [type(value).__name__ for value in seen]
    assert ask(model, "json", [len(sent)], {"instances": sent}) == [names]
    rows = model.rows("json", [("instances", sent)], len(sent))
    assert rows == seen and [type(value).__name__ for value in rows] == names
