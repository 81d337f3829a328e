"""The graph of a portable form while it is written, and what may stand in one: only scikit-learn's own, unchanged objects."""

import functools
import importlib
import json
import os
import site
import sys
import sysconfig
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy

DTYPES = {"f8": "<f8", "f4": "<f4", "i8": "<i8", "i4": "<i4", "u1": "u1"}
MOST_COLUMNS = 10_000
USED = ("predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples", "transform", "get_support", "__call__")
TRUSTED = ("sklearn", "numpy", "scipy", "joblib", "threadpoolctl", "pandas", "narwhals", "xgboost", "lightgbm")
SCALARS = (int, float, bool, str, type(None))
Handler = type["Estimator"]


class Refused(Exception):
    """The model cannot be described; the message says why, in words for a user."""


@dataclass(frozen=True)
class Value:
    """One value of the graph: its number and what is known of it before any row is seen."""

    id: int
    width: int
    frame: bool = False
    f4: bool = False
    sparse: bool = False
    names: tuple | None = None
    types: tuple = ()
    loose: bool = False
    """Whether scikit-learn holds the frame as one array of objects, and not as columns."""
    table: bool = False
    """Whether scikit-learn holds the value as a DataFrame."""
    row: bool = False
    """Whether a single column is a row of one, and not a number."""
    targets: int = 1
    classes: tuple | None = None
    """The labels that the columns' indices stand for, one array per column."""


@dataclass
class Graph:
    """The nodes, arrays and steps of a form."""

    nodes: list[dict] = field(default_factory=list)
    arrays: list[bytes] = field(default_factory=list)
    columns: list[dict] = field(default_factory=list)
    steps: list[dict] = field(default_factory=list)
    calls: list[Callable[[Any], Any]] = field(default_factory=list)
    made: dict = field(default_factory=dict)
    quiet: int = 0

    def node(self, op: str, ins: list[Value], width: int, /, f4: bool = False, frame: bool = False, **members: Any) -> Value:
        """Adds a node; members that are None are left out."""
        if width > MOST_COLUMNS:
            raise Refused(f"the model has a step with {width} columns, and the evaluator takes at most {MOST_COLUMNS}")
        kept = {name: value for name, value in members.items() if value is not None}
        self.nodes.append({"op": op, "in": [value.id for value in ins], **kept})
        return Value(len(self.nodes), width, frame=frame, f4=f4)

    def array(self, values: Any, dtype: str = "f8") -> dict:
        """Adds an array of numbers."""
        data = numpy.ascontiguousarray(plain_array(values), DTYPES[dtype])
        self.arrays.append(data.tobytes())
        at = len(self.columns)
        self.columns.append({"name": f"a{at}", "dtype": dtype, "shape": list(data.shape), "bytes": data.nbytes})
        return {"array": at}

    def numeric(
        self,
        where: "Estimator",
        value: Value,
        dtype: str = "f8",
        missing: bool = False,
        infinite: bool = False,
        refuse: tuple = (),
    ) -> Value:
        """The value as numbers, as scikit-learn's check of rows makes them; `keep` keeps float32; refuse: `none`, `truth`."""
        f4 = dtype == "f4" or (dtype == "keep" and value.f4)
        made = self.node(
            "numeric",
            [value],
            value.width,
            f4=f4,
            dtype="f4" if f4 else "f8",
            missing="take" if missing else "refuse",
            infinite="take" if infinite else "refuse",
            refuse=list(refuse) if refuse and value.frame else None,
            estimator=where.kind,
        )
        return replace(made, sparse=value.sparse, names=value.names, table=value.table)

    def arithmetic(self, value: Value, *steps: tuple[str, Any]) -> Value:
        """Column-wise calculations, one after the other; an array has a number per column."""
        if not steps:
            return value
        written = [
            {"do": do, "by": self.array(by) if isinstance(by, numpy.ndarray) and by.ndim else number(by)} for do, by in steps
        ]
        return replace(self.node("arithmetic", [value], value.width, f4=value.f4, steps=written), sparse=value.sparse, names=value.names)

    def columns_of(self, value: Value, indices: Any) -> Value:
        """The columns at these places."""
        places = [int(i) for i in indices]
        if places == list(range(value.width)):
            return value
        names = tuple(value.names[i] for i in places) if value.names is not None else None
        types_ = tuple(value.types[i] for i in places) if value.types else ()
        f4 = bool(types_) and all(kind == "float" for kind in types_) if value.frame else value.f4
        made = self.node("columns", [value], len(places), f4=f4, frame=value.frame, indices=places)
        return replace(made, sparse=value.sparse, names=names, types=types_, loose=value.loose, table=value.table)

    def concat(self, values: list[Value], sparse: bool = False) -> Value:
        """The columns of all values side by side."""
        if len(values) == 1:
            return replace(values[0], sparse=sparse, names=None, table=False, loose=values[0].frame)
        frame = any(value.frame for value in values)
        types_: tuple = ()
        if frame:
            for value in values:
                types_ += value.types if value.frame else ("float" if value.f4 else "double",) * value.width
        f4 = all(value.f4 for value in values)
        made = self.node("concat", values, sum(value.width for value in values), f4=f4, frame=frame)
        return replace(made, sparse=sparse, types=types_, loose=frame)


def plain_array(values: Any) -> numpy.ndarray:
    """An array of NumPy's own class; a class of somebody else may answer differently from what it holds."""
    if type(values) in (list, tuple, int, float, bool) or isinstance(values, numpy.generic):
        values = numpy.asarray(values)
    if type(values) is not numpy.ndarray:
        raise Refused(f"the model holds a {type(values).__name__} where scikit-learn holds an array")
    return values


def number(value: Any) -> Any:
    """A number for JSON; what JSON does not have is {"nan": true} or {"infinity": 1 or -1}."""
    value = float(value)
    if value != value:
        return {"nan": True}
    return {"infinity": 1 if value > 0 else -1} if value in (numpy.inf, -numpy.inf) else value


def cell(value: Any) -> Any:
    """A category or a value to replace, for JSON."""
    if isinstance(value, numpy.generic):
        value = value.item()
    if type(value) not in SCALARS:
        raise Refused(f"the model holds a category of the type {type(value).__name__}, which the evaluator does not know")
    if type(value) is float:
        return number(value)
    if type(value) is int and abs(value) > 1 << 53:
        raise Refused("the model holds a whole number beyond 2^53 as a category")
    if type(value) is str:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Refused("the model holds a text with half of a surrogate pair as a category") from None
    return value


class Estimator:
    """How one class of estimators is described; subclasses add the methods that the class has."""

    sparse = False
    """Whether the class gives the same numbers for sparse rows as for dense ones."""
    leaf = True
    """Whether the estimator is a step of its own, and not made of others."""

    def __init__(self, graph: Graph, model: Any, where: str) -> None:
        self.graph, self.model, self.where = graph, model, where
        self.kind = type(model).__name__

    def no(self, why: str) -> Refused:
        """The refusal of this estimator."""
        return Refused(f"{self.title}: {why}")

    @property
    def title(self) -> str:
        """The estimator's place and class."""
        return f"{self.where}, {self.kind}" if self.where else self.kind

    def child(self, model: Any, where: str) -> "Estimator":
        """The describer of an estimator inside this one."""
        return of(self.graph, model, f"{self.where}, {where}" if self.where else where)

    def ask(self, method: str, value: Value) -> Value:
        """The value that a method makes of another; a leaf's becomes a step. The same question twice is one value."""
        key = (id(self.model), method, value.id)
        if key in self.graph.made:
            return self.graph.made[key]
        maker = getattr(self, method, None)
        if maker is None:
            raise self.no(f"its method {method} is not known to the evaluator")
        if value.sparse and not self.sparse and self.leaf:
            raise self.no("it takes sparse rows on another path than dense ones")
        width = getattr(self.model, "n_features_in_", None)
        if width is not None and self.leaf and int(width) != value.width:
            raise self.no(f"it learnt {width} columns and gets {value.width}")
        self.graph.quiet += self.leaf
        try:
            made = maker(value)
        finally:
            self.graph.quiet -= self.leaf
        if method == "transform" and self.leaf:
            made = self.container(made)
        if self.leaf and not self.graph.quiet:
            self.step(method, value, made)
        self.graph.made[key] = made
        return made

    def output(self) -> str:
        """What the estimator's transform answers with: `default` or `pandas`."""
        from sklearn.utils._set_output import _get_output_config

        return str(_get_output_config("transform", self.model)["dense"])

    def container(self, value: Value) -> Value:
        """The value with what set_output says of it."""
        output = self.output()
        if output not in ("default", "pandas"):
            raise self.no(f"its output is set to {output}")
        if output == "default":
            return value if self.kind == "FunctionTransformer" else replace(value, table=False)
        if value.table:
            return value
        try:
            names = tuple(str(name) for name in self.model.get_feature_names_out())
        except Exception:  # an estimator that does not tell
            names = None
        return replace(value, table=True, names=names if names and len(names) == value.width else None)

    def step(self, method: str, start: Value, end: Value) -> None:
        """Adds a part that can be computed alone; one that only hands its rows on is none."""
        if start.id == end.id or end.frame:
            return
        self.graph.steps.append({"name": self.title, "method": method, "from": start.id, "to": end.id})
        self.graph.calls.append(Call(self.model, method, start, end))


@dataclass
class Call:
    """Computes a step with the real estimator."""

    model: Any
    method: str
    start: Value
    end: Value

    def __call__(self, rows: Any) -> numpy.ndarray:
        """The step's value [rows, width] of an array or a DataFrame."""
        answer = getattr(self.model, self.method)(self.rows(rows))
        if self.end.classes is not None:
            return indices(answer, self.end.classes)
        if isinstance(answer, list):
            widest = max(part.shape[1] for part in answer)
            answer = numpy.hstack([numpy.pad(part, ((0, 0), (0, widest - part.shape[1]))) for part in answer])
        answer = answer.toarray() if hasattr(answer, "toarray") else numpy.asarray(answer)
        return answer.astype("<f8").reshape(len(answer), -1)

    def rows(self, rows: Any) -> Any:
        """The rows as the estimator gets them within the model."""
        if self.start.frame:
            if self.start.names is not None and hasattr(rows, "columns"):
                rows = rows.copy(deep=False)
                rows.columns = list(self.start.names)
            return rows
        rows = numpy.asarray(rows, "<f4" if self.start.f4 else "<f8")
        if self.start.sparse:
            import scipy.sparse

            return scipy.sparse.csr_matrix(rows)
        return rows


def indices(labels: Any, classes: tuple) -> numpy.ndarray:
    """The places of labels among the classes, one column for each target."""
    array = numpy.asarray(labels)
    array = array.reshape(len(array), -1)
    places = [{label: i for i, label in reversed(list(enumerate(each.tolist())))} for each in classes]
    return numpy.array([[places[k][label] for k, label in enumerate(row)] for row in array.tolist()], "<f8").reshape(array.shape)


KNOWN: dict[tuple[str, str], Handler] = {}


def handles(module: str, *names: str) -> Callable[[Handler], Handler]:
    """Marks the describer of these classes of a module."""

    def mark(handler: Handler) -> Handler:
        KNOWN.update({(module, name): handler for name in names})
        return handler

    return mark


def of(graph: Graph, model: Any, where: str) -> Estimator:
    """The describer of an object whose class is exactly a known one, and that nobody changed."""
    handler = handler_of(type(model))
    if handler is None:
        if isinstance(model, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
            raise Refused(f"{where} is a function of your own")
        name = f"{where}, {class_name(model)}," if where else class_name(model)
        known = sklearn_class(type(model))
        if not known and any(sklearn_class(base) for base in type(model).__mro__):
            raise Refused(f"{name} is a class of your own")
        raise Refused(f"{name} is not known to the evaluator")
    unchanged(model, f"{where}, {type(model).__name__}" if where else type(model).__name__)
    return handler(graph, model, where)


def class_name(model: Any) -> str:
    """The name of an object's class."""
    return str(type.__dict__["__name__"].__get__(type(model)))


def sklearn_class(kind: type) -> bool:
    """Whether a class says that it is scikit-learn's."""
    return str(kind.__dict__.get("__module__", "")).split(".")[0] == "sklearn"


def handler_of(kind: type) -> Handler | None:
    """The describer of a class; the class is known when it is the very object in the library's module."""
    for (module, name), handler in KNOWN.items():
        loaded = sys.modules.get(module)
        if loaded is not None and vars(loaded).get(name) is kind:
            return handler
    return None


def own(model: Any, module: str, *names: str) -> Any:
    """The object when its class is one of these of a module, unchanged; Refused otherwise."""
    loaded = importlib.import_module(module)
    if not any(type(model) is getattr(loaded, name, None) for name in names):
        raise Refused(f"the model holds a {class_name(model)} where scikit-learn holds a {names[0]}")
    unchanged(model, names[0])
    return model


def unchanged(model: Any, where: str) -> None:
    """Refused when an object has attributes that hide its class's methods or that are code, or when its class was changed."""
    whole_class(type(model))
    for name, value in vars(model).items():
        held = getattr(type(model), name, None)
        if callable(held) or isinstance(held, property) or (held is not None and hasattr(type(held), "__get__")):
            raise Refused(f"{where} has an attribute of its own named {name}, which hides the method of its class")
        if callable(value) and not harmless(value):
            if class_name(model) == "FunctionTransformer":
                raise Refused(f"{where.removesuffix(', FunctionTransformer')} is a function of your own")
            raise Refused(f"{where} has a parameter that is code of your own: {name}")


def harmless(value: Any) -> bool:
    """Whether a callable attribute is scikit-learn's or NumPy's own."""
    if isinstance(value, type):
        return value in (float, int, bool, str, object) or value.__module__ == "numpy" or sklearn_class(value)
    if type(value) is numpy.ufunc:
        return True
    if type(value) is functools.partial:
        return harmless(value.func) and not value.args and not any(callable(part) for part in value.keywords.values())
    if type(value) is types.FunctionType:
        return below(value) and value.__module__.split(".")[0] in ("sklearn", "numpy", "scipy")
    if isinstance(value, types.BuiltinFunctionType):
        return str(value.__module__).split(".")[0] in ("sklearn", "numpy", "scipy")
    return str(type(value).__module__).split(".")[0] in ("sklearn", "scipy", "numpy", "_loss")


def below(function: Any) -> bool:
    """Whether a Python function's code lies in a file of a trusted package."""
    return trusted(function.__code__.co_filename)


@functools.cache
def trusted(file: str) -> bool:
    """Whether a file of code lies in a trusted package. Thousands of functions lie in a few hundred files."""
    return file.startswith("<frozen ") or os.path.realpath(file).startswith(tuple(folders()))


_folders: list[str] = []
_whole: set[type] = set()


def folders() -> list[str]:
    """The folders of scikit-learn, of what it builds on, and of Python's own library."""
    if not _folders:
        for root in {*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            _folders.extend(os.path.join(os.path.realpath(root), name) + end for name in TRUSTED for end in (os.sep, ".py"))
        library = os.path.realpath(sysconfig.get_path("stdlib"))
        _folders.extend(os.path.join(library, name) for name in os.listdir(library) if not name.endswith("-packages"))
        _folders.append(os.path.join(os.path.realpath(os.path.dirname(os.__file__)), "python"))
    return _folders


def functions(attribute: Any) -> list[Any]:
    """The Python functions behind a class's attribute."""
    if isinstance(attribute, (classmethod, staticmethod)):
        attribute = attribute.__func__
    if isinstance(attribute, property):
        return [f for part in (attribute.fget, attribute.fset) for f in functions(part)]
    found = []
    for _ in range(10):
        if type(attribute) is types.FunctionType:
            found.append(attribute)
            attribute = getattr(attribute, "__wrapped__", None)
        elif type(attribute).__name__ == "_AvailableIfDescriptor":
            attribute = attribute.fn
        else:
            break
    return found


def whole_class(kind: type) -> None:
    """Refused when a class of scikit-learn does not have the methods that its files define."""
    if kind in _whole:
        return
    for base in kind.__mro__:
        module = sys.modules.get(base.__module__)
        if base.__module__.split(".")[0] not in TRUSTED:
            continue
        if getattr(module, base.__name__, base) is not base:
            raise Refused(f"{base.__name__} is not the class that scikit-learn defines")
        for name, attribute in vars(base).items():
            for function in functions(attribute):
                if not below(function):
                    raise Refused(f"the method {name} of {base.__name__} is not scikit-learn's own")
            named = functions(attribute)
            if name in USED and named and not defined(named[-1], name):
                raise Refused(f"the method {name} of {base.__name__} is not the one that scikit-learn defines")
            if name in USED and attribute is not None and not named:
                if not str(type(attribute).__module__).startswith("sklearn") and type(attribute).__name__ != "cython_function_or_method":
                    raise Refused(f"the method {name} of {base.__name__} is not scikit-learn's own")
    _whole.add(kind)


def defined(function: Any, name: str) -> bool:
    """Whether a method is the one that a class of scikit-learn's module has under this name."""
    found: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = found.__dict__.get(part) if found is not None else None
    return function.__qualname__.split(".")[-1] == name and function in functions(found)


def whole_library() -> None:
    """Refused when scikit-learn is not the interpreter's, when one of its functions was replaced, or when its settings differ."""
    sklearn = sys.modules.get("sklearn")
    roots = {os.path.realpath(root) for root in (*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))}
    where = [os.path.dirname(str(sklearn.__file__)), *sklearn.__path__] if sklearn else []
    places = {os.path.realpath(path) for path in where}
    if {os.path.dirname(path) for path in places} - roots or len(places) > 1:
        raise Refused("the model brings a scikit-learn of its own")
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] not in ("sklearn", "numpy") or type(module) is not types.ModuleType:
            continue
        for attribute, value in list(vars(module).items()):
            if type(value) is types.FunctionType and not below(value):
                raise Refused(f"the function {attribute} of the module {name} was replaced")
    config = sklearn.get_config() if sklearn else {}
    for setting in ("assume_finite", "array_api_dispatch", "enable_metadata_routing"):
        if config.get(setting):
            raise Refused(f"scikit-learn's setting {setting} is on")
