"""Run by itself in a clean process: ``python -I _try_load.py MODEL_DIR ARTIFACT REPORT``.

Loads the model as a server's worker would, predicts its sample when there is one, and writes what happened to the file REPORT as
JSON: ``{"ok", "stage", "error", "message", "main": [names that __main__ was asked for], "module"}``.
"""

import json
import os
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


def main(folder, artifact, report):
    asked = Asked()
    sys.modules["__main__"] = asked
    sys.path.insert(0, os.path.join(folder, ".modelward", "code"))
    result = {"ok": False, "stage": "load"}
    try:
        import joblib

        model = joblib.load(os.path.join(folder, artifact))
        result["stage"] = "predict"
        sample = sample_of(folder, model)
        if sample is not None:
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
