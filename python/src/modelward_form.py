"""Describes a loaded scikit-learn model in the portable form, or says why it cannot; docs/portable-form.md has the form."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy
from modelward_failures import describe as told
from modelward_form_graph import Graph, Refused, Value, of, whole_library
from modelward_outputs import OF_PREDICT, encodable, plain

OF_PROBABILITY = frozenset(("probabilities", "probability", "proba", "scores"))
MOST_BYTES = 60 << 20
TYPES = ("double", "float", "long", "integer", "boolean", "string")


@dataclass
class Described:
    """A form, or the reason why there is none."""

    head: dict = field(default_factory=dict)
    arrays: list[bytes] = field(default_factory=list)
    steps: list[Callable[[Any], Any]] = field(default_factory=list)
    reason: str | None = None


def describe(model: Any) -> Described:
    """The form of the worker's model; its steps compute single values with the real estimators."""
    try:
        return written(model)
    except Refused as refused:
        return Described(reason=str(refused))
    except BaseException as error:  # an object that is not built as scikit-learn builds it
        words = told(error)
        return Described(reason=f"the model is not built as scikit-learn builds it ({words['error']}: {words['message'][:200]})")


def written(model: Any) -> Described:
    """The form; Refused when there is none."""
    sklearn = sys.modules.get("sklearn")
    if sklearn is None and "modelward_native" not in sys.modules:
        raise Refused(f"the model is a {type(model.model).__name__}, and not scikit-learn's")
    import modelward_form_boosters  # noqa: F401
    import modelward_form_classify  # noqa: F401
    import modelward_form_compose  # noqa: F401
    import modelward_form_linear  # noqa: F401
    import modelward_form_prepare  # noqa: F401
    import modelward_form_trees  # noqa: F401

    saved = getattr(model, "saved", None) or {}
    if "scikit-learn" in saved:
        raise Refused(f"the model was saved by scikit-learn {saved['scikit-learn']}, and the worker has {libraries()['scikit-learn']}")
    graph, inner, function = Graph(), model.model, getattr(model, "function", "predict")
    if hasattr(model, "pyfunc"):
        import modelward_form_mlflow

        inner, function = modelward_form_mlflow.wrapped(model)
    whole_library()
    top = of(graph, inner, "")
    if hasattr(model, "pyfunc"):
        start, head = modelward_form_mlflow.rows(model, inner, learnt(inner))
        names = modelward_form_mlflow.names(model, top, function, start)
    else:
        start, head = rows(model, inner)
        names = wanted(model)
    answers = []
    for name, method in names:
        answers.append(answer(graph, name, method or function, top.ask(method or function, start)))
    size = sum(map(len, graph.arrays)) + len(json.dumps(graph.nodes))
    if size > MOST_BYTES:
        raise Refused(f"the model's description has {size >> 20} MiB, and the evaluator takes at most {MOST_BYTES >> 20}")
    written_head = {
        "form": 1,
        "library": libraries(),
        "model": type(inner).__name__,
        "input": head,
        "nodes": graph.nodes,
        "steps": graph.steps,
        "answers": answers,
        "columns": graph.columns,
    }
    return Described(written_head, graph.arrays, graph.calls)


def libraries() -> dict[str, str]:
    """The releases of what the model may be made of."""
    names = {"scikit-learn": "sklearn", "numpy": "numpy", "xgboost": "xgboost", "lightgbm": "lightgbm"}
    return {name: str(sys.modules[module].__version__) for name, module in names.items() if module in sys.modules}


def rows(model: Any, inner: Any) -> tuple[Value, dict]:
    """Value 0 of a pickled model, and its description."""
    width = learnt(inner)
    names = model.names or model.columns or None
    if width is None and names is None:
        raise Refused("the model does not say how many columns it learnt")
    if names is None:
        return Value(0, int(width)), {"kind": "matrix", "width": int(width), "dtype": "f8"}
    if not all(type(name) is str and encodable(name) for name in names) or len(set(names)) < len(names):
        raise Refused("the model's columns have names that are no texts, or one name twice")
    if model.names and not all(isinstance(name, str) for name in inner.feature_names_in_):
        raise Refused("the model's columns have names that are no texts")
    if len(names) != (width or len(names)) or set(model.columns) != set(names):
        raise Refused("the contract has other columns than the model learnt")
    head = {"kind": "frame", "names": list(names), "types": [""] * len(names), "numbers": sorted(model.numbers & set(names))}
    if list(model.columns) != list(names):
        head["contract"] = list(model.columns)
    return Value(0, len(names), frame=True, table=True, names=tuple(names), types=("",) * len(names)), head


def learnt(inner: Any) -> int | None:
    """The number of columns that a model learnt; of a pipeline that begins with nothing, those of the first step that says."""
    parts = [inner]
    for part in parts:
        inside = getattr(part, "steps", None) or getattr(part, "transformer_list", None) or []
        parts += [step for _, step in inside if not (step is None or isinstance(step, str))][: 1 if hasattr(part, "steps") else None]
    return next((int(part.n_features_in_) for part in parts if hasattr(part, "n_features_in_")), None)


def wanted(model: Any) -> list[tuple[str, str | None]]:
    """The names of a pickled model's answers and the methods that make them; None is the model's own."""
    if model.output is None:
        return [("", None)]
    names = [name for name in model.output if name not in model.missing]
    if not names:
        raise Refused("the output schema names nothing that the model can answer")
    methods = {True: None, False: "decision_function"}
    return [(n, "predict_proba" if n in OF_PROBABILITY else methods[n in OF_PREDICT]) for n in names]


def answer(graph: Graph, name: str, method: str, value: Value) -> dict:
    """One answer: the value, its shape and its type as the worker gives them."""
    if value.frame:
        raise Refused("the model answers with a table")
    if value.classes is not None:
        if method != "predict":
            raise Refused(f"the model's method {method} answers with labels")
        kinds = {classes.dtype.kind for classes in value.classes}
        kind = kinds.pop() if len(kinds) == 1 else "?"
        dtype = {"i": "i8", "u": "i8", "f": "f8", "b": "b1", "U": "json", "O": "json"}.get(kind)
        if dtype is None:
            raise Refused("the model's classes are neither texts, numbers nor truth values")
        labels = [plain(classes.tolist()) for classes in value.classes]
        if dtype == "json" and any(type(label) not in (str, int, float, bool, type(None)) for each in labels for label in each):
            raise Refused("the model's classes are neither texts, numbers nor truth values")
        made = replace(graph.node("labels", [value], value.width, labels=labels), row=value.row)
        shape = [value.width] if value.width > 1 or value.row else []
        return {"name": name, "node": made.id, "shape": shape, "dtype": dtype}
    if method == "predict_proba":
        targets = value.targets
        shape = [value.width] if targets == 1 else [targets, value.width // targets]
    else:
        shape = [value.width] if value.width > 1 or value.row else []
    return {"name": name, "node": value.id, "shape": shape, "dtype": "f8"}
