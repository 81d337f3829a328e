"""What MLflow adds to a scikit-learn model, in the portable form: the signature's types, the function, and the names of the answers."""

import sys
from typing import Any

from modelward_form_graph import Estimator, Refused, Value
from modelward_outputs import OF_PREDICT

TYPES = ("double", "float", "long", "integer", "boolean", "string")


def wrapped(model: Any) -> tuple[Any, str]:
    """The scikit-learn model inside MLflow's own wrapper, and the method that answers."""
    module = sys.modules.get("mlflow.sklearn")
    implementation = model.pyfunc._model_impl
    if module is None or type(implementation) is not getattr(module, "_SklearnModelWrapper", None):
        raise Refused("the model is not one that MLflow's flavor for scikit-learn loads")
    if getattr(model.pyfunc, "_predict_fn", "predict") != "predict":
        raise Refused("MLflow calls the model by a function of its own")
    if set(vars(implementation)) - {"sklearn_model", "predict_fn", "_SUPPORTED_CUSTOM_PREDICT_FN", "_predict_fn"}:
        raise Refused("MLflow's wrapper around the model was changed")
    inner = implementation.sklearn_model
    return inner, function(model, implementation)


def function(model: Any, implementation: Any) -> str:
    """The name of the method that MLflow's wrapper calls."""
    flavor = model.metadata.flavors.get("python_function", {})
    name = flavor.get("predict_fn", "predict")
    if name not in ("predict", "predict_proba", "decision_function", "score_samples", "transform"):
        raise Refused(f"MLflow calls the model's method {name}")
    return name


def rows(model: Any, inner: Any, width: int | None) -> tuple[Value, dict]:
    """Value 0 by MLflow's signature, and its description."""
    if model.values or not model.specs:
        raise Refused("the model has no signature of columns or of one tensor")
    if model.tensors:
        spec = model.specs[0]
        dtype = {"float64": "f8", "float32": "f4"}.get(str(spec.type))
        if len(model.specs) > 1 or spec.name is not None or dtype is None or len(spec.shape) != 2 or spec.shape[0] != -1:
            raise Refused("the model's signature is not one tensor of rows of numbers")
        if spec.shape[1] != width:
            raise Refused("the model's signature has another width than the model learnt")
        return Value(0, width, f4=dtype == "f4"), {"kind": "matrix", "width": int(width), "dtype": dtype}
    names, types = [], []
    for i, spec in enumerate(model.specs):
        kind = getattr(spec.type, "name", "")
        if kind not in TYPES:
            raise Refused(f"the model's signature has a column of the type {kind or spec.type}")
        if getattr(spec, "required", True) is False:
            raise Refused("the model's signature has a column that rows may leave out")
        names.append(spec.name)
        types.append(kind)
    if None in names:
        if any(name is not None for name in names):
            raise Refused("the model's signature names some of its columns only")
        raise Refused("the model's signature has columns without names")
    learnt = getattr(inner, "feature_names_in_", None)
    if len(set(names)) < len(names) or (width is not None and len(names) != width):
        raise Refused("the model's signature has other columns than the model learnt")
    if learnt is not None and list(learnt) != names:
        raise Refused("the model's signature has other columns than the model learnt, or another order")
    head = {"kind": "frame", "names": names, "types": types}
    if model.columns and list(model.columns) != names:
        if set(model.columns) != set(names):
            raise Refused("the contract has other columns than the signature")
        head["contract"] = list(model.columns)
    return Value(0, len(names), frame=True, table=True, names=tuple(names), types=tuple(types)), head


def names(model: Any, top: Estimator, method: str, start: Value) -> list[tuple[str, str | None]]:
    """The names of the answers, as the worker gives them."""
    output = model.output or []
    made = top.ask(method, start)
    if made.width > 1 and len(output) > 1 and made.targets == 1 and len(output) == made.width:
        raise Refused("the output schema names each column of the answer")
    if made.targets > 1:
        raise Refused("the model answers with a list of tables")
    wanted = output if len(output) == 1 else [name for name in output if name in OF_PREDICT]
    return [(name, None) for name in wanted] or [("", None)]
