"""Run by itself in a clean process: ``python -I _try_load.py MODEL_DIR ARTIFACT REPORT``.

Loads the model as a server's worker would, predicts its sample when there is one, and writes what happened to the file REPORT as
JSON: ``{"ok", "stage", "error", "message", "main": [names that __main__ was asked for], "module", "needs": {package: release},
"predicts": whether the model has predict, "fitted": false when it was not fitted, "local": packages from elsewhere, "row": a JSON Schema of a row, or null,
"missing": the columns of the sample, by place or name, in which the model takes NaN}``. What it
needs are the packages that its pickle names and that its own code imports.
"""

import ast
import importlib.metadata
import json
import os
import pathlib
import sys
import time
import types
import warnings

MOST_TRIED = 100
"""Columns; a model with more is not asked what it takes in each."""
USUAL = {name: name for name in ("cloudpickle", "joblib", "numpy", "pandas", "scipy", "skops")} | {"sklearn": "scikit-learn"}
"""The package of a module, for those that nearly all models need."""
SLOW_S = 0.5
"""For one row, in seconds; a model that takes longer is not asked either."""


class Asked(types.ModuleType):
    """Stands in for ``__main__``: notes each name that the model's pickle looks for in it."""

    def __init__(self):
        super().__init__("__main__")
        self.__dict__["asked"] = []

    def __getattr__(self, name):
        self.asked.append(name)
        raise AttributeError(name)


def sample_of(folder, model):
    path = os.path.join(folder, ".modelward", "sample.json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)["instances"]
    with open(os.path.join(folder, ".modelward", "signature.json"), encoding="utf-8") as file:
        names = json.load(file)["feature_names"]
    if isinstance(rows[0], dict) or (names and hasattr(model, "feature_names_in_")):
        import pandas

        if not isinstance(rows[0], dict):
            return pandas.DataFrame(rows, columns=names)
        frame = pandas.DataFrame(rows)
        learnt = [str(name) for name in getattr(model, "feature_names_in_", names or [])]
        # An object's members have no order; the worker too puts them in the order that the model learnt.
        return frame[learnt] if sorted(learnt) == sorted(map(str, frame.columns)) else frame
    if any(isinstance(row, list) and any(isinstance(cell, str) or cell is None for cell in row) for row in rows):
        return rows
    import numpy

    return numpy.asarray(rows)


def note_modules(joblib, noted):
    """Notes each module that a pickle names while joblib loads it."""
    unpickler = joblib.numpy_pickle.NumpyUnpickler
    find = unpickler.find_class

    def find_class(self, module, name):
        noted.add(module.partition(".")[0])
        return find(self, module, name)

    unpickler.find_class = find_class


def imports_of(folder):
    """The modules that the files of a folder import, without those that are in it."""
    found, own = set(), set()
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        own.update(part.removesuffix(".py") for part in path.relative_to(folder).parts)
        try:
            nodes = ast.parse(path.read_bytes()).body
        except (SyntaxError, ValueError):
            continue
        # What stands in a condition, a try or a function may be absent.
        for node in nodes:
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - own


def packages_of(modules):
    """The installed packages that have these modules, and their releases; and those that came from a directory or an address."""
    wanted = modules - set(sys.stdlib_module_names) - {"modelward"}
    # To look through all packages takes most of a second, and most models need none but these.
    owners = importlib.metadata.packages_distributions() if wanted - set(USUAL) else {}
    found, local = {}, set()
    for module in sorted(wanted):
        for name in [USUAL[module]] if module in USUAL else owners.get(module, ())[:1]:
            distribution = importlib.metadata.distribution(name)
            if distribution.read_text("direct_url.json"):
                local.add(name)
            else:
                found[name] = distribution.version
    return found, sorted(local)


def is_unfitted(model):
    """Whether scikit-learn says so; other libraries' models are not asked."""
    validation = sys.modules.get("sklearn.utils.validation")
    base = sys.modules.get("sklearn.base")
    if validation is None or base is None or not isinstance(model, base.BaseEstimator):
        return False
    try:
        validation.check_is_fitted(model)
    except Exception as failure:
        return type(failure).__name__ == "NotFittedError"
    return False


def row_schema(model):
    """What the model takes in each of its columns, found by trying one row at a time: numbers alone, and NaN among them, or not known."""
    width = getattr(model, "n_features_in_", None)
    if width is None or not 0 < width <= MOST_TRIED:
        return None
    import numpy

    names = getattr(model, "feature_names_in_", None)

    def outcome(values):
        row = numpy.array([values], dtype=object)
        if names is not None:
            import pandas

            row = pandas.DataFrame(row, columns=names)
        try:
            model.predict(row)
            return ""
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def with_one(index, value):
        return [0.0] * index + [value] + [0.0] * (width - index - 1)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        if outcome([0.0] * width) or time.perf_counter() - start > SLOW_S:
            return None
        numeric = ["could not convert string to float" in outcome(with_one(index, "a text")) for index in range(width)]
        nan = float("nan")
        missing = all(numeric) and not outcome([nan] * width)
        columns = []
        for index in range(width):
            if not numeric[index]:
                columns.append({})
            elif missing or not outcome(with_one(index, nan)):
                columns.append({"type": ["number", "null"]})
            else:
                columns.append({"type": "number"})
    length = {"type": "array", "minItems": width, "maxItems": width}
    if all(column == columns[0] for column in columns):
        return {**length, "items": columns[0]} if columns[0] else None
    return {**length, "prefixItems": columns, "items": False}


def missing_columns(model, sample):
    """The columns of a sample, by place or name, in which the model answers a row with NaN: scikit-learn's tags do not tell."""
    import numpy

    framed = hasattr(sample, "columns")
    if framed:
        row = sample.head(1)
        numbers = [name for name in sample.columns if sample[name].dtype.kind in "iuf"]
    elif isinstance(sample, numpy.ndarray) and sample.ndim == 2 and sample.dtype.kind in "iuf":
        row, numbers = sample[:1].astype(float), list(range(sample.shape[1]))
    else:
        return []
    if len(numbers) > MOST_TRIED:
        return []

    def takes(columns):
        tried = row.copy()
        for column in columns:
            if framed:
                tried[column] = float("nan")
            else:
                tried[0, column] = float("nan")
        try:
            answer = numpy.asarray(model.predict(tried))
        except Exception:
            return False
        return answer.dtype.kind != "f" or bool(numpy.isfinite(answer).all())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        model.predict(row)
        if time.perf_counter() - start > SLOW_S:
            return []
        if takes(numbers):
            return [str(name) if framed else name for name in numbers]
        return [str(column) if framed else column for column in numbers if takes([column])]


def main(folder, artifact, report):
    asked = Asked()
    sys.modules["__main__"] = asked
    sys.path.insert(0, os.path.join(folder, ".modelward", "code"))
    result, asks, tries = {"ok": False, "stage": "load"}, False, False
    try:
        import joblib

        modules = set()
        note_modules(joblib, modules)
        model = joblib.load(os.path.join(folder, artifact))
        result["needs"], result["local"] = packages_of(modules | imports_of(os.path.join(folder, ".modelward", "code")))
        result["predicts"] = callable(getattr(model, "predict", None))
        result["fitted"] = not is_unfitted(model)
        result["stage"] = "predict"
        sample = sample_of(folder, model)
        if sample is not None and result["predicts"]:
            model.predict(sample)
        result["ok"] = True
        tries = sample is not None and result["predicts"] and result["fitted"]
        asks = sample is None and result["predicts"] and result["fitted"]
    except BaseException as error:
        result["error"] = type(error).__name__
        result["message"] = str(error)[:2000]
        result["module"] = getattr(error, "name", None) if isinstance(error, ImportError) else None
    result["main"] = asked.asked
    result["row"], result["missing"] = None, []
    write(report, result)
    if asks or tries:
        try:
            if asks:
                result["row"] = row_schema(model)
            else:
                result["missing"] = missing_columns(model, sample)
        except BaseException:  # it loads, and that is what was asked
            return
        write(report, result)


def write(report, result):
    """Replaces the report as a whole."""
    with open(report + ".new", "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(report + ".new", report)


main(*sys.argv[1:])
