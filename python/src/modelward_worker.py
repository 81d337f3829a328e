"""Holds one version of one model and computes batches for the server, over pipes; docs/worker-protocol.md has every byte.

Run as ``python -I modelward_worker.py MODEL_DIR namespace/name@version``.
"""

import gc
import json
import os
import pickle
import signal
import struct
import sys
import time
import traceback
import warnings
from typing import Any

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # isolated mode leaves the script's own folder out

from modelward_failures import LIMITS, describe  # noqa: E402
from modelward_outputs import (  # noqa: E402
    OF_PREDICT,
    AnswerShape,
    Columns,
    Outputs,
    Together,
    by_row,
    cut,
    difference,
    doubles,
    encode,
    join,
    named,
    normal,
    numbers,
    one_thread,
    plain,
    read_columns,
    tag,
    tags,
)

LOAD, LOADED, FAILED, PREDICT, ANSWER, STOP, COMPARE, COMPARED, INSPECT, INSPECTED, DESCRIBE, DESCRIBED, PROBE = range(1, 14)
HEADER = struct.Struct("<IBBHQ")
LENGTH = struct.Struct("<I")
VERSION = 1
MAX_BODY = 64 << 20
HEAD_ROOM = 1 << 20
ONE_WRITE = 1 << 16
MAX_TRACEBACK = 8000

PACKAGES = (
    *("scikit-learn", "numpy", "scipy", "joblib", "pandas", "mlflow", "mlflow-skinny"),
    *("cloudpickle", "skops", "xgboost", "lightgbm", "catboost"),
)
OF_PROBABILITY = frozenset(("probabilities", "probability", "proba", "scores"))
OF_DECISION = frozenset(("decision", "decision_function"))


class AnswerTooLarge(Exception):
    """The answer does not fit into one frame."""


class Pipe:
    """Frames on two private descriptors; the standard ones are given away, so that a model that prints harms nobody."""

    def __init__(self) -> None:
        self.source = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
        self.sink = os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]

    def read(self) -> tuple[int, int, dict, memoryview] | None:
        """The next frame as (type, correlation id, head, raw columns); None at the end of input."""
        start = self.source.read(HEADER.size + LENGTH.size)
        if len(start) < HEADER.size + LENGTH.size:
            return None
        size, kind, _, _, correlation = HEADER.unpack_from(start)
        (head_size,) = LENGTH.unpack_from(start, HEADER.size)
        head = self.source.read(head_size)
        # A buffer of its own: aligned for numbers, and writable, since some models work in place.
        raw = memoryview(bytearray(size - LENGTH.size - head_size))
        if len(head) < head_size or self.source.readinto(raw) < len(raw):
            return None
        return kind, correlation, json.loads(head), raw

    def write(self, kind: int, correlation: int, head: dict, columns: list[bytes] | tuple = ()) -> None:
        """Writes one frame; raises AnswerTooLarge before its first byte."""
        # Half of a surrogate pair, wherever a model put one, is no character that the server takes.
        text = json.dumps(head, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        size = LENGTH.size + len(text) + sum(map(len, columns))
        if size > MAX_BODY:
            raise AnswerTooLarge(f"the answer has {size} bytes; {MAX_BODY} is the most")
        parts = [HEADER.pack(size, kind, 0, VERSION, correlation) + LENGTH.pack(len(text)) + text, *columns]
        for part in [b"".join(parts)] if size < ONE_WRITE else parts:
            view = memoryview(part)
            while view:
                view = view[os.write(self.sink, view) :]


class Forest:
    """A scikit-learn forest without its task queue: the same sums in the same order, so the same bits, 10 times as fast."""

    def __init__(self, model: Any) -> None:
        self.check = model.estimators_[0]._validate_X_predict
        self.trees = [tree.tree_ for tree in model.estimators_]
        self.classes = getattr(model, "classes_", None)
        self.order = None

    @classmethod
    def of(cls, model: Any) -> "Forest | None":
        """For a model whose prediction is scikit-learn's own, and only when the outcome proves to be bit for bit the same."""
        module = sys.modules.get("sklearn.ensemble._forest")
        if module is None or getattr(model, "n_outputs_", 0) != 1:
            return None
        kind = type(model)
        classifier = getattr(kind, "predict_proba", None) is module.ForestClassifier.predict_proba
        if kind.predict is not (module.ForestClassifier if classifier else module.ForestRegressor).predict:
            return None
        try:
            forest = cls(model)
            probe = numpy.random.default_rng(0).normal(scale=3.0, size=(16, model.n_features_in_))
            own = model.predict_proba(probe) if classifier else model.predict(probe)
            return forest if numpy.array_equal(own, forest.total(probe) if classifier else forest.total(probe)[:, 0]) else None
        except Exception:  # built otherwise than expected: its own way then
            return None

    def total(self, matrix: numpy.ndarray) -> numpy.ndarray:
        """The mean of the trees' values, of shape (rows, classes) or (rows, 1)."""
        rows = self.check(matrix, True)
        total = numpy.zeros((len(rows), self.trees[0].max_n_classes))
        for tree in self.trees:
            total += tree.predict(rows)
        total /= len(self.trees)
        return total

    def compute(self, matrix: numpy.ndarray) -> tuple[Any, Any]:
        """(what predict answers, what predict_proba answers or None)."""
        total = self.total(matrix)
        if self.classes is None:
            return total[:, 0], None
        return self.classes.take(total.argmax(axis=1), axis=0), total


class Model:
    """A loaded model and how its answers are made."""

    def __init__(self, directory: str, head: dict) -> None:
        for folder in head.get("code") or ():
            sys.path.insert(0, os.path.join(directory, folder))
        self.model = load(os.path.join(directory, head["artifact"]), head.get("trusted"), head.get("kind"))
        if not callable(getattr(self.model, "predict", None)):
            raise TypeError(f"{type(self.model).__name__} has no method predict")
        one_thread(self.model)
        names = getattr(self.model, "feature_names_in_", None)
        self.names = None if names is None else [str(name) for name in names]
        self.columns = list(head.get("columns") or self.names or ())
        self.function = head.get("predict") or "predict"
        self.numbers = frozenset(head.get("numbers") or ())
        self.reordered = bool(self.names) and self.names != self.columns and set(self.names) == set(self.columns)
        self.output = head.get("output")
        self.missing = [name for name in self.output or () if not self.produces(name)]
        self.sklearn = type(self.model).__module__.startswith("sklearn.")
        if self.missing and len(self.missing) == len(self.output) and self.sklearn:
            raise ValueError(
                f"the output schema asks for {', '.join(self.missing)}, and {type(self.model).__name__} can produce "
                "none of them; what predict returns is called prediction, what predict_proba returns probabilities"
            )
        self.forest = Forest.of(self.model) if self.function == "predict" else None

    def produces(self, name: str) -> bool:
        """Whether a property of the output schema has a method that makes it."""
        return (
            name in OF_PREDICT
            or (name in OF_PROBABILITY and callable(getattr(self.model, "predict_proba", None)))
            or (name in OF_DECISION and callable(getattr(self.model, "decision_function", None)))
        )

    def notes(self) -> list[str]:
        """What the output schema names and the model has no method for."""
        words = "the model cannot produce it" if self.sklearn else "it is there only when predict returns it by name"
        return [f"output property {name!r} is left out: {words}" for name in self.missing]

    def rows(self, form: str, columns: Columns) -> Any:
        """A batch's rows in the form that the model wants: array, DataFrame or list."""
        if form == "matrix":
            return columns[0][1] if self.names is None else self.frame(columns[0][1], self.columns)
        if form == "columns":
            data = {name: numbers(values) if name in self.numbers else values for name, values in columns}
            count = len(columns[0][1])
            # A column that none of these rows has is a column of nulls: the model learnt it.
            return self.frame({name: data[name] if name in data else self.absent(name, count) for name in self.columns or data}, None)
        values = columns[0][1]
        if self.names and all(isinstance(row, dict) for row in values):
            return self.frame(values, self.names)
        try:
            array = numpy.asarray(values)
        except ValueError:  # rows of different lengths
            return values
        if type(self.model).__module__.startswith("lightgbm."):
            return doubles(array, values)
        return array if array.dtype.kind in "fiub" else values

    def layout(self, form: str, columns: Columns) -> Any:
        """What the form of these rows depends on: only requests that have the same are computed together."""
        if form == "columns":
            return {name: name in self.numbers or tag(values) for name, values in columns}
        return None if form == "matrix" else tags(columns[0][1])

    def absent(self, name: str, count: int) -> Any:
        """A column of nulls."""
        return numpy.full(count, numpy.nan) if name in self.numbers else [None] * count

    def ask(self, rows: Any) -> Any:
        """What predict answers."""
        return getattr(self.model, self.function)(rows)

    def frame(self, data: Any, columns: list[str] | None) -> Any:
        """A DataFrame, its columns in the order that the model learnt."""
        import pandas

        frame = pandas.DataFrame(data, columns=columns, copy=False)
        return frame[self.names] if self.reordered else frame

    def compute(self, form: str, columns: Columns, count: int) -> Outputs:
        """The outputs by name; one without a name when no property is asked for, or when predict answers with objects."""
        predicted = probabilities = None
        wanted = [name for name in self.output or () if name not in self.missing]
        if self.forest and form == "matrix":
            matrix = columns[0][1]
            if self.reordered:
                matrix = matrix[:, [self.columns.index(name) for name in self.names]]
            try:
                predicted, probabilities = self.forest.compute(matrix)
            except Exception:  # the model's own way says what is wrong with the rows
                predicted = probabilities = None
        rows = None if predicted is not None and not any(n in OF_DECISION for n in wanted) else self.rows(form, columns)
        if predicted is None and (not wanted or any(name in OF_PREDICT for name in wanted)):
            predicted = self.ask(rows)
        outputs = named(predicted)
        if outputs is None and not wanted and self.output:
            raise ValueError(f"the output schema asks for {', '.join(self.output)}, and predict does not return them by name")
        if outputs is None and not wanted:
            outputs = {"": predicted}
        elif outputs is None:
            if probabilities is None and any(name in OF_PROBABILITY for name in wanted):
                probabilities = by_row(self.model.predict_proba(rows))
            decision = self.model.decision_function(rows) if any(name in OF_DECISION for name in wanted) else None
            outputs = {n: predicted if n in OF_PREDICT else probabilities if n in OF_PROBABILITY else decision for n in wanted}
        if not outputs:
            raise AnswerShape(f"the model answered nothing for {count} rows")
        return {name: normal(values, count, name) for name, values in outputs.items()}


def load(path: str, trusted: list[str] | None = None, kind: str | None = None) -> Any:
    """Reads a library's own file, or skops with these types besides those it knows; else unpickles, for which joblib reads plain pickles too."""
    if kind in ("xgboost", "lightgbm"):
        import modelward_native

        return modelward_native.load(kind, path)
    if path.endswith(".skops"):
        import skops.io

        return skops.io.load(path, trusted=trusted or None)
    try:
        import joblib
    except ImportError:
        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def one_by_one(model: Model, head: dict, columns: Columns) -> tuple[list[dict], list[Outputs]]:
    """Computes each request by itself: a result each, and the outputs of those that succeeded, in order."""
    results, parts, at = [], [], 0
    for count in head["requests"]:
        piece = cut(columns, at, at + count)
        at += count
        try:
            part = model.compute(head["form"], piece, count)
            for name, values in part.items():
                if isinstance(values, list):
                    encode(name, values)
        except BaseException as error:
            results.append(describe(error))
        else:
            parts.append(part)
            results.append({"rows": count})
    return results, parts


def fit(results: list[dict], parts: list[Outputs]) -> tuple[list[dict], list[Outputs]]:
    """Fails the largest answers until the rest fits into one frame."""
    succeeded = [index for index, result in enumerate(results) if "rows" in result]
    sizes = [sum(len(encode(name, values)[1]) for name, values in part.items()) for part in parts]
    room, kept = MAX_BODY - HEAD_ROOM, set()
    for size, index in sorted(zip(sizes, succeeded)):
        if size <= room:
            kept.add(index)
            room -= size
        else:
            error = AnswerTooLarge(f"the answer has {size} bytes; a batch has at most {MAX_BODY}")
            results[index] = describe(error)
    return results, [part for part, index in zip(parts, succeeded) if index in kept]


def answer(pipe: Pipe, correlation: int, model: Any, head: dict, raw: memoryview, together: Together) -> None:
    """Answers a PREDICT frame: all rows together, and request by request when that fails, so that only the offender does."""
    start = time.perf_counter()
    kept = bytes(raw)  # some models work in place: whoever is computed again gets the rows as they came
    columns = read_columns(head, raw)
    several, joins = len(head["requests"]) > 1, False
    try:
        joins = not several or (together.proven is not False and together.joins(model, head, columns))
        if joins and (not several or together.proven):
            results = [{"rows": count} for count in head["requests"]]
            encoded = [encode(*item) for item in model.compute(head["form"], columns, sum(head["requests"])).items()]
            send(pipe, correlation, results, encoded, start)
            return
    except BaseException:  # SystemExit and KeyboardInterrupt too: a model does not end the worker by raising
        joins = False
    results, parts = one_by_one(model, head, again(head, kept))
    if joins:
        together.look(model, head, again(head, kept), parts)
    results, parts = fit(results, parts)
    send(pipe, correlation, results, [encode(*item) for item in join(parts).items()], start)


def again(head: dict, kept: bytes) -> Columns:
    """The frame's columns once more, in memory of their own."""
    return read_columns(head, memoryview(bytearray(kept)))


def send(pipe: Pipe, correlation: int, results: list[dict], encoded: list[tuple[dict, bytes]], start: float) -> None:
    """Writes an ANSWER; start is when the work began, in seconds of the performance counter."""
    micros = int((time.perf_counter() - start) * 1e6)
    head = {"results": results, "columns": [column for column, _ in encoded], "micros": micros}
    pipe.write(ANSWER, correlation, head, [data for _, data in encoded])


def compare(model: Model, head: dict, raw: memoryview) -> dict:
    """Whether rows computed together and one by one agree within 1e-6, relative to the larger."""
    columns, kept = read_columns(head, raw), bytes(raw)
    rows = sum(head["requests"])
    singles, parts = one_by_one(model, dict(head, requests=[1] * rows), columns)
    together, whole = one_by_one(model, dict(head, requests=[rows]), again(head, kept))
    if any("error" in result for result in singles + together):
        return {"batchable": not parts and not whole, "difference": 0.0}
    worst = difference(whole[0], join(parts))
    return {"batchable": worst <= 1e-6, "difference": worst}


def inspected(model: Any) -> dict:
    """What the model says of its rows, and the kind of its answer to one of zeros; None for what it does not say."""
    features = getattr(model.model, "n_features_in_", None)
    names = [str(name) for name in getattr(model.model, "feature_names_in_", ())]
    head = {"features": None if features is None else int(features), "feature_names": names, "output": None}
    width = features if features is not None else len(names)
    if width:
        try:
            zeros = numpy.zeros((1, width))
            if names:
                import pandas

                zeros = pandas.DataFrame(zeros, columns=names)
            answer = normal(model.ask(zeros), 1)
            head["output"] = kind_of(plain(answer)[0])
        except Exception:  # it wants other rows
            head["output"] = None
    return head


def kind_of(value: Any) -> dict | None:
    """A JSON Schema of values such as this one; None when there is none to tell."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, (int, float)):
        return {"type": "integer" if isinstance(value, int) else "number"}
    if isinstance(value, str):
        return {"type": "string"}
    if isinstance(value, list) and value and kind_of(value[0]):
        return {"type": "array", "items": kind_of(value[0]), "minItems": len(value), "maxItems": len(value)}
    return None


def versions() -> dict[str, str]:
    """The packages that decide what a model answers, as far as they are there."""
    from importlib import metadata

    found = {}
    for name in PACKAGES:
        try:
            module = sys.modules.get("sklearn" if name == "scikit-learn" else name)
            found[name] = str(getattr(module, "__version__", None) or metadata.version(name))
        except metadata.PackageNotFoundError:
            continue
    return found


def python_version() -> str:
    """The release of this interpreter."""
    return ".".join(str(part) for part in sys.version_info[:3])


def saved(caught: list) -> dict[str, str]:
    """The releases that the model itself says it was saved with: scikit-learn warns of another one than its own."""
    found = (getattr(warning.message, "original_sklearn_version", None) for warning in caught)
    return {"scikit-learn": str(version) for version in found if version}


def start(pipe: Pipe, directory: str) -> Any:
    """Loads the model that the first frame names; answers that it is in memory, or why not."""
    frame = pipe.read()
    if frame is None or frame[0] != LOAD:
        return None
    _, correlation, head, _ = frame
    LIMITS.update(head.get("limits", {}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            if head.get("kind") == "mlflow":
                import modelward_pyfunc

                model = modelward_pyfunc.Model(directory, head)
            else:
                model = Model(directory, head)
        except BaseException as error:
            text = "".join(traceback.format_exception(error))[-MAX_TRACEBACK:].encode(errors="replace").decode()
            failed = {"stage": "load", **describe(error), "traceback": text}
            told = {"python": python_version(), "packages": versions(), "saved": saved(caught)}
            pipe.write(FAILED, correlation, {**failed, **told})
            return None
    model.saved = saved(caught)
    told = [w.message for w in caught if issubclass(w.category, (UserWarning, RuntimeWarning, FutureWarning))]
    notes = dict.fromkeys(str(message).strip().split("\n")[0][:500] for message in told)
    head = {"python": python_version(), "packages": versions(), "saved": saved(caught), "warnings": [*notes, *model.notes()]}
    pipe.write(LOADED, correlation, {**head, "model": type(model.model).__name__})
    return model


def described(pipe: Pipe, correlation: int, model: Any) -> list:
    """Answers a DESCRIBE frame with the model's portable form, or the reason why there is none; the steps that PROBE may ask for."""
    import modelward_form

    form = modelward_form.describe(model)
    try:
        pipe.write(DESCRIBED, correlation, form.head if form.reason is None else {"reason": form.reason}, form.arrays)
        return form.steps
    except AnswerTooLarge:
        pipe.write(DESCRIBED, correlation, {"reason": f"the model's description has more than {MAX_BODY >> 20} MiB"})
        return []


def probed(pipe: Pipe, correlation: int, model: Any, steps: list, head: dict, raw: memoryview) -> None:
    """Answers a PROBE frame: a single step, or the whole model, for each request alone."""
    import modelward_form_probe

    pipe.write(ANSWER, correlation, *modelward_form_probe.probe(model, steps, head, raw))


def main() -> None:
    """Serves frames until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers itself
    pipe = Pipe()
    model = start(pipe, sys.argv[1])
    together, steps = Together(), []
    gc.freeze()  # what the model is made of lives as long as the process
    while model is not None:
        frame = pipe.read()
        if frame is None or frame[0] == STOP:
            break
        kind, correlation, head, raw = frame
        if kind == PREDICT:
            try:
                answer(pipe, correlation, model, head, raw, together)
            except Exception as error:  # an answer never ends a worker
                pipe.write(ANSWER, correlation, {"results": [describe(error)] * len(head["requests"]), "columns": [], "micros": 0})
        elif kind == COMPARE:
            pipe.write(COMPARED, correlation, compare(model, head, raw))
        elif kind == INSPECT:
            pipe.write(INSPECTED, correlation, inspected(model))
        elif kind == DESCRIBE:
            steps = described(pipe, correlation, model)
        elif kind == PROBE:
            try:
                probed(pipe, correlation, model, steps, head, raw)
            except Exception as error:
                pipe.write(ANSWER, correlation, {"results": [describe(error)] * len(head["requests"]), "columns": [], "micros": 0})
    sys.stdout.flush()
    os._exit(0)  # threads or exit handlers of the model do not hold it back


if __name__ == "__main__":
    main()
