"""Lets MLflow load a version that was saved with joblib or pickle and never logged with MLflow."""

import os
import sys

import joblib


class _Model:
    def __init__(self, model):
        self._model = model

    def get_raw_model(self):
        return self._model

    def predict(self, model_input, params=None):
        names = getattr(self._model, "feature_names_in_", None)
        if names is None and hasattr(model_input, "to_numpy"):
            model_input = model_input.to_numpy()
        return self._model.predict(model_input)


def _load_pyfunc(path):
    code = os.path.join(os.path.dirname(path), ".modelward", "code")
    if os.path.isdir(code) and code not in sys.path:
        sys.path.insert(0, code)
    return _Model(joblib.load(path))
