"""Run by itself in a clean process: ``python -I _try_load.py MODEL_DIR ARTIFACT REPORT``.

Loads the model as a server's worker would, predicts its sample when there is one, and writes what happened to the file REPORT as
JSON: ``{"ok", "stage", "error", "message", "main": [names that __main__ was asked for], "module", "needs": {package: release},
"predicts": whether the model has predict, "fitted": false when it was not fitted}``. What it needs are the packages that its pickle
names and that its own code imports.
"""

import ast
import importlib.metadata
import json
import os
import pathlib
import sys
import types


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
            nodes = list(ast.walk(ast.parse(path.read_bytes())))
        except (SyntaxError, ValueError):
            continue
        for node in nodes:
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - own


def packages_of(modules):
    """The installed packages that have these modules, and their releases."""
    owners = importlib.metadata.packages_distributions()
    found = {}
    for module in modules - set(sys.stdlib_module_names):
        for name in owners.get(module, ())[:1]:
            found[name] = importlib.metadata.version(name)
    return found


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


def main(folder, artifact, report):
    asked = Asked()
    sys.modules["__main__"] = asked
    sys.path.insert(0, os.path.join(folder, ".modelward", "code"))
    result = {"ok": False, "stage": "load"}
    try:
        import joblib

        modules = set()
        note_modules(joblib, modules)
        model = joblib.load(os.path.join(folder, artifact))
        result["needs"] = packages_of(modules | imports_of(os.path.join(folder, ".modelward", "code")))
        result["predicts"] = callable(getattr(model, "predict", None))
        result["fitted"] = not is_unfitted(model)
        result["stage"] = "predict"
        sample = sample_of(folder, model)
        if sample is not None and result["predicts"]:
            model.predict(sample)
        result["ok"] = True
    except BaseException as error:
        result["error"] = type(error).__name__
        result["message"] = str(error)[:2000]
        result["module"] = getattr(error, "name", None) if isinstance(error, ImportError) else None
    result["main"] = asked.asked
    with open(report, "w", encoding="utf-8") as file:
        json.dump(result, file)


main(*sys.argv[1:])
