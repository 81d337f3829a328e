"""Holds one version of one model and computes batches for the server, over pipes; see docs/worker-protocol.md.

Run as ``python -I modelward_worker.py MODEL_DIR namespace/name@version``.
"""

import json
import os
import struct
import sys
import time
import traceback
import warnings

LOAD, LOADED, FAILED, PREDICT, ANSWER, STOP, COMPARE, COMPARED = range(1, 9)
HEADER = struct.Struct("<IBBHQ")
LENGTH = struct.Struct("<I")
VERSION = 1
MAX_BODY = 64 << 20
MAX_MESSAGE = 2000

OF_PREDICT = ("prediction", "predictions", "label", "class", "value", "result", "output", "y")
OF_PROBABILITY = ("probabilities", "probability", "proba", "scores")
OF_DECISION = ("decision", "decision_function")


class AnswerTooLarge(Exception):
    """The answer does not fit into one frame."""


class Pipe:
    """Frames on two private descriptors; the standard ones are given away, so that a model that prints harms nobody."""

    def __init__(self):
        self.source = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
        self.sink = os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)

    def read(self):
        """The next frame as (type, id, head, raw columns), or None at the end of input."""
        header = self.source.read(HEADER.size)
        if len(header) < HEADER.size:
            return None
        size, kind, _, _, correlation = HEADER.unpack(header)
        body = self.source.read(size)
        if len(body) < size:
            return None
        (head_size,) = LENGTH.unpack_from(body)
        head = json.loads(body[4 : 4 + head_size])
        return kind, correlation, head, memoryview(body)[4 + head_size :]

    def write(self, kind, correlation, head, columns=()):
        """Writes one frame; raises AnswerTooLarge before a byte is written."""
        text = json.dumps(head, allow_nan=False, separators=(",", ":")).encode()
        size = 4 + len(text) + sum(len(column) for column in columns)
        if size > MAX_BODY:
            raise AnswerTooLarge(f"the answer has {size} bytes; {MAX_BODY} is the most")
        parts = [HEADER.pack(size, kind, 0, VERSION, correlation), LENGTH.pack(len(text)), text, *columns]
        data = memoryview(b"".join(parts))
        while data:
            data = data[os.write(self.sink, data) :]


def describe(error):
    """An exception's class and message, cut to what a person reads."""
    try:
        message = str(error)
    except Exception:  # a model's exception may fail at this too
        message = "(its message could not be read)"
    return {"error": type(error).__name__, "message": message[:MAX_MESSAGE]}


def read_columns(head, raw):
    """The frame's columns as (name, array or list), without copying numbers."""
    import numpy

    columns, at = [], 0
    for column in head["columns"]:
        data = raw[at : at + column["bytes"]]
        at += column["bytes"]
        if column["dtype"] == "f8":
            columns.append((column["name"], numpy.frombuffer(data, dtype="<f8").reshape(column["shape"])))
        else:
            columns.append((column["name"], json.loads(bytes(data))))
    return columns


def plain(value):
    """A value as JSON knows it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return str(value)


def write_column(name, values, rows):
    """One output as a column: its description and its bytes. Raises ValueError when it has not one value per row."""
    import numpy

    array = values if isinstance(values, numpy.ndarray) else None
    if array is None and hasattr(values, "toarray"):
        array = values.toarray()
    if array is None and not isinstance(values, (list, tuple)):
        array = numpy.asarray(values)
    if array is None:
        candidate = numpy.asarray(values) if not any(isinstance(v, (dict, list, tuple)) for v in values) else None
        array = candidate if candidate is not None and candidate.dtype.kind in "fiub" else None
    if array is not None and array.shape[:1] != (rows,):
        raise ValueError(f"the model answered {array.shape[0] if array.ndim else 'one value'} for {rows} rows")
    if array is None and len(values) != rows:
        raise ValueError(f"the model answered {len(values)} values for {rows} rows")
    if array is not None and array.dtype.kind == "f":
        dtype, data = "f8", numpy.ascontiguousarray(array, dtype="<f8")
    elif array is not None and (array.dtype.kind == "i" or array.dtype.kind == "u" and array.dtype.itemsize < 8):
        dtype, data = "i8", numpy.ascontiguousarray(array, dtype="<i8")
    elif array is not None and array.dtype.kind == "b":
        dtype, data = "b1", numpy.ascontiguousarray(array, dtype="u1")
    else:
        raw = json.dumps(plain(array if array is not None else values), allow_nan=False, separators=(",", ":")).encode()
        return {"name": name, "dtype": "json", "shape": [rows], "bytes": len(raw)}, raw
    raw = data.tobytes()
    return {"name": name, "dtype": dtype, "shape": list(array.shape), "bytes": len(raw)}, raw


class Model:
    """A loaded model and how its answers are made."""

    def __init__(self, directory, head):
        for folder in head.get("code") or ():
            sys.path.insert(0, os.path.join(directory, folder))
        path = os.path.join(directory, head["artifact"])
        self.model = load(path)
        self.columns = head.get("columns")
        self.output = head.get("output")
        self.missing = []
        self.names = getattr(self.model, "feature_names_in_", None)
        one_thread(self.model)
        if not callable(getattr(self.model, "predict", None)):
            raise TypeError(f"{type(self.model).__name__} has no method predict")
        self.forest = is_forest(self.model)
        if self.output is not None:
            self.missing = [name for name in self.output if not self.produces(name)]

    def produces(self, name):
        """Whether a property of the output schema has a method that makes it."""
        return (
            name in OF_PREDICT
            or name in OF_PROBABILITY
            and callable(getattr(self.model, "predict_proba", None))
            or name in OF_DECISION
            and callable(getattr(self.model, "decision_function", None))
        )

    def rows(self, form, columns):
        """The batch's rows in the form that the model wants."""
        if form == "matrix":
            matrix = columns[0][1]
            return self.frame(matrix) if self.names is not None else matrix
        if form == "columns":
            import pandas

            return pandas.DataFrame(dict(columns))
        return Values(columns[0][1])

    def frame(self, matrix):
        """A DataFrame under the names that the rows came with, in the order that the model learnt."""
        import pandas

        names = list(self.columns) if self.columns else list(self.names)
        frame = pandas.DataFrame(matrix, columns=names, copy=False)
        return frame[list(self.names)] if set(names) == set(self.names) and names != list(self.names) else frame

    def compute(self, rows, count):
        """The outputs by name: of one name, the empty one, when no property is asked for."""
        if isinstance(rows, Values):
            rows = rows.array()
        if self.output is None:
            outputs = {"": self.model.predict(rows)}
        else:
            outputs = self.properties(rows)
        predicted = next(iter(outputs.values())) if len(outputs) == 1 else None
        if hasattr(predicted, "columns") and hasattr(predicted, "to_dict"):
            outputs = {str(name): predicted[name].to_numpy() for name in predicted.columns}
        elif isinstance(predicted, list) and predicted and all(isinstance(item, dict) for item in predicted):
            names = list(dict.fromkeys(name for item in predicted for name in item))
            if all(len(item) == len(names) for item in predicted):
                outputs = {str(name): [item[name] for item in predicted] for name in names}
        return [write_column(name, values, count) for name, values in outputs.items()]

    def properties(self, rows):
        """The properties of the output schema that this model has."""
        outputs, predicted, probabilities = {}, None, None
        if self.forest and any(name in OF_PROBABILITY for name in self.output):
            probabilities = self.model.predict_proba(rows)
            predicted = self.model.classes_.take(probabilities.argmax(axis=1), axis=0)
        for name in self.output:
            if name in self.missing:
                continue
            if name in OF_PREDICT:
                predicted = self.model.predict(rows) if predicted is None else predicted
                outputs[name] = predicted
            elif name in OF_PROBABILITY:
                probabilities = self.model.predict_proba(rows) if probabilities is None else probabilities
                outputs[name] = probabilities
            else:
                outputs[name] = self.model.decision_function(rows)
        return outputs if outputs else {"": self.model.predict(rows)}


class Values(list):
    """Rows as JSON values; numbers become an array."""

    def array(self):
        import numpy

        try:
            array = numpy.asarray(list(self))
        except ValueError:  # rows of different lengths
            return list(self)
        return array if array.dtype.kind in "fiub" else list(self)


def load(path):
    """Unpickles; joblib reads plain pickles too."""
    try:
        import joblib
    except ImportError:
        import pickle

        with open(path, "rb") as file:
            return pickle.load(file)
    return joblib.load(path)


def one_thread(model):
    """A worker is one core's work: the pools that some estimators start cost more than they give."""
    try:
        parameters = model.get_params(deep=True)
        jobs = {name: 1 for name, value in parameters.items() if name.split("__")[-1] == "n_jobs" and value not in (None, 1)}
        if jobs:
            model.set_params(**jobs)
    except Exception:  # not an estimator, or one that does not want to
        return


def is_forest(model):
    """Whether predict is scikit-learn's own arg-max of predict_proba, for a single output."""
    try:
        from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
    except ImportError:
        return False
    return type(model) in (RandomForestClassifier, ExtraTreesClassifier) and getattr(model, "n_outputs_", 0) == 1


def cut(columns, start, end):
    """Rows start to end of each column."""
    return [(name, values[start:end]) for name, values in columns]


def predict(model, head, raw):
    """Computes a batch: all rows together, and request by request when that fails, so that only the offender does."""
    columns = read_columns(head, raw)
    counts = head["requests"]
    if len(counts) > 1:
        try:
            return [{"rows": count} for count in counts], model.compute(model.rows(head["form"], columns), sum(counts))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
    results, parts, at = [], [], 0
    for count in counts:
        piece = cut(columns, at, at + count)
        at += count
        try:
            part = model.compute(model.rows(head["form"], piece), count)
            if parts and [c[0]["name"] for c in part] != [c[0]["name"] for c in parts[0]]:
                raise ValueError("the model answered other properties than for the requests beside this one")
            parts.append(part)
            results.append({"rows": count})
        except BaseException as error:  # SystemExit too: a model does not end the worker by a plain exit
            if isinstance(error, KeyboardInterrupt):
                raise
            results.append(describe(error))
    return results, join(parts)


def join(parts):
    """Columns of several answers, one below the other; of different types, as JSON."""
    if len(parts) <= 1:
        return parts[0] if parts else []
    joined = []
    for column in zip(*parts):
        heads = [head for head, _ in column]
        rows = sum(head["shape"][0] for head in heads)
        if len({(head["dtype"], tuple(head["shape"][1:])) for head in heads}) == 1 and heads[0]["dtype"] != "json":
            raw = b"".join(data for _, data in column)
            shape = [rows, *heads[0]["shape"][1:]]
            joined.append(({"name": heads[0]["name"], "dtype": heads[0]["dtype"], "shape": shape, "bytes": len(raw)}, raw))
        else:
            values = [value for head, data in column for value in as_values(head, data)]
            raw = json.dumps(values, allow_nan=False, separators=(",", ":")).encode()
            joined.append(({"name": heads[0]["name"], "dtype": "json", "shape": [rows], "bytes": len(raw)}, raw))
    return joined


def as_values(head, data):
    """A column's values as lists."""
    import numpy

    if head["dtype"] == "json":
        return json.loads(data)
    array = numpy.frombuffer(data, dtype={"f8": "<f8", "i8": "<i8", "b1": "?"}[head["dtype"]])
    return array.reshape(head["shape"]).tolist()


def answer(pipe, correlation, model, head, raw):
    """Answers a PREDICT frame. When all answers together are too large, each request that is too large by itself fails."""
    start = time.perf_counter()
    results, columns = predict(model, head, raw)
    micros = int((time.perf_counter() - start) * 1e6)
    try:
        pipe.write(ANSWER, correlation, {"results": results, "columns": [c for c, _ in columns], "micros": micros}, [d for _, d in columns])
    except AnswerTooLarge as error:
        failed = [describe(error) if "rows" in result else result for result in results]
        pipe.write(ANSWER, correlation, {"results": failed, "columns": [], "micros": micros})


def compare(model, head, raw):
    """Whether rows computed together and one by one agree within 1e-6, relative to the larger."""
    together = predict(model, head, raw)
    single = dict(head, requests=[1] * sum(head["requests"]))
    columns = read_columns(head, raw)
    worst = 0.0
    if any("error" in result for result in together[0]):
        return {"batchable": True, "difference": 0.0}
    parts = [
        model.compute(model.rows(head["form"], cut(columns, i, i + 1)), 1) for i in range(len(single["requests"]))
    ]
    for (one, one_data), (other, other_data) in zip(together[1], join(parts)):
        for left, right in zip(flat(as_values(one, one_data)), flat(as_values(other, other_data))):
            if isinstance(left, (int, float)) and isinstance(right, (int, float)):
                scale = max(abs(left), abs(right))
                worst = max(worst, abs(left - right) / scale if scale else 0.0)
            elif left != right:
                worst = max(worst, 1.0)
    return {"batchable": worst <= 1e-6, "difference": worst}


def flat(values):
    """The leaves of nested lists."""
    for value in values:
        if isinstance(value, list):
            yield from flat(value)
        else:
            yield value


def versions():
    """The packages that decide what a model answers, as far as they are loaded or there."""
    from importlib import metadata

    found = {}
    for name in ("scikit-learn", "numpy", "scipy", "joblib", "pandas"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def start(pipe, directory):
    """Loads the model that the first frame names; answers it or says why not."""
    frame = pipe.read()
    if frame is None or frame[0] != LOAD:
        return None
    _, correlation, head, _ = frame
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = Model(directory, head)
        except BaseException as error:
            text = "".join(traceback.format_exception(error))[-8000:]
            pipe.write(FAILED, correlation, {"stage": "load", **describe(error), "traceback": text})
            return None
    notes = list(dict.fromkeys(str(w.message).strip().split("\n")[0][:500] for w in caught if "Inconsistent" in w.category.__name__))
    notes += [f"the model cannot produce the output property {name!r}" for name in model.missing]
    python = ".".join(str(part) for part in sys.version_info[:3])
    pipe.write(
        LOADED,
        correlation,
        {"python": python, "packages": versions(), "model": type(model.model).__name__, "warnings": notes},
    )
    return model


def main():
    """Serves frames until the input ends."""
    pipe = Pipe()
    model = start(pipe, sys.argv[1])
    while model is not None:
        frame = pipe.read()
        if frame is None or frame[0] == STOP:
            return
        kind, correlation, head, raw = frame
        if kind == PREDICT:
            answer(pipe, correlation, model, head, raw)
        elif kind == COMPARE:
            pipe.write(COMPARED, correlation, compare(model, head, raw))


if __name__ == "__main__":
    main()
