"""What MLflow adds to a scikit-learn model, in the portable form: the signature's types, the function, and the names of the answers."""

import sys
import types
from typing import Any

from modelward_form_graph import Estimator, Refused, Value
from modelward_outputs import OF_PREDICT

TYPES = ("double", "float", "long", "integer", "boolean", "string")


def wrapped(model: Any) -> tuple[Any, str]:
    """The scikit-learn model inside MLflow's own wrapper, and the method that answers."""
    module = sys.modules.get("mlflow.sklearn")
    implementation = getattr(model.pyfunc, "_model_impl", None)
    kind = getattr(module, "_SklearnModelWrapper", None)
    if module is None or type(implementation) is not kind:
        raise Refused("the model is not one that MLflow's flavor for scikit-learn loads")
    predict = vars(kind).get("predict")
    if type(predict) is not types.FunctionType or predict.__code__.co_filename != module.__file__:
        raise Refused("MLflow's wrapper around scikit-learn's models was changed")
    inner, asked = implementation.sklearn_model, getattr(model.pyfunc, "_predict_fn", None)
    if "predict" in vars(implementation) or type(asked) is not types.MethodType:
        raise Refused("MLflow's wrapper around the model was changed")
    if asked.__self__ is implementation and asked.__func__ is predict:
        return inner, "predict"
    if asked.__self__ is inner and asked.__name__ in ("predict", "predict_proba"):
        return inner, asked.__name__
    raise Refused(f"MLflow calls the model's method {asked.__name__}, which is not known to the evaluator")


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
    names, kinds = [], []
    for i, spec in enumerate(model.specs):
        kind = getattr(spec.type, "name", "")
        if kind not in TYPES:
            raise Refused(f"the model's signature has a column of the type {kind or spec.type}")
        if getattr(spec, "required", True) is False:
            raise Refused("the model's signature has a column that rows may leave out")
        names.append(spec.name)
        kinds.append(kind)
    if None in names:
        if any(name is not None for name in names):
            raise Refused("the model's signature names some of its columns only")
        raise Refused("the model's signature has columns without names")
    learnt = getattr(inner, "feature_names_in_", None)
    if len(set(names)) < len(names) or (width is not None and len(names) != width):
        raise Refused("the model's signature has other columns than the model learnt")
    if learnt is not None and list(learnt) != names:
        raise Refused("the model's signature has other columns than the model learnt, or another order")
    head = {"kind": "frame", "names": names, "types": kinds}
    if model.columns and list(model.columns) != names:
        if set(model.columns) != set(names):
            raise Refused("the contract has other columns than the signature")
        head["contract"] = list(model.columns)
    f4 = set(kinds) == {"float"}
    return Value(0, len(names), f4=f4, frame=True, table=True, names=tuple(names), types=tuple(kinds)), head


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
