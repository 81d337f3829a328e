"""A model in MLflow's format, loaded by MLflow's own ``python_function`` and asked the way its scoring server would."""

import base64
import copy
import os
import sys
from typing import Any

# Before mlflow is imported: it calls nobody, and may unpickle here, where nothing is to be had.
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true")

import numpy  # noqa: E402
from modelward_outputs import OF_PREDICT, AnswerShape, Columns, Outputs, key, named, normal, of_pandas, one_thread, tag, tags  # noqa: E402

DTYPES = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}
WITHOUT_NULL = ("boolean", "integer", "long")
EXACT = 1 << 53


class Model:
    """A loaded model and how its answers are made; the interface of the worker's own Model."""

    def __init__(self, directory: str, head: dict) -> None:
        for folder in head.get("code") or ():
            sys.path.insert(0, os.path.join(directory, folder))
        import mlflow.pyfunc

        self.pyfunc = mlflow.pyfunc.load_model(directory)
        self.model = raw(self.pyfunc)
        one_thread(self.model)
        self.columns = head.get("columns")
        self.output = head.get("output")
        self.metadata = self.pyfunc.metadata
        schema = self.metadata.get_input_schema()
        self.specs = list(schema.inputs) if schema is not None else []
        self.tensors = bool(self.specs) and schema.is_tensor_spec()
        hinted = getattr(self.metadata, "_is_signature_from_type_hint", False)
        self.values = bool(hinted() if callable(hinted) else hinted)
        self.promised = self.metadata.get_output_schema() is not None

    def notes(self) -> list[str]:
        """Nothing to tell beyond what MLflow warned of."""
        return []

    def compute(self, form: str, columns: Columns, count: int) -> Outputs:
        """The outputs by name; one without a name when the model does not name them and the signature neither."""
        predicted = self.ask(self.rows(form, columns, count))
        outputs = named(predicted)
        if outputs is None:
            outputs = self.by_signature(predicted)
        if not outputs:
            raise AnswerShape(f"the model answered nothing for {count} rows")
        return {name: normal(values, count, name) for name, values in outputs.items()}

    def by_signature(self, predicted: Any) -> Outputs:
        """An answer without names, under those that the signature gives; without one, a Series has a name as in MLflow's server."""
        names = self.output or []
        if of_pandas(predicted, "Series"):
            if not names and not self.promised:
                return {key(0 if predicted.name is None else predicted.name, ""): predicted}
        elif len(names) > 1 and getattr(predicted, "ndim", 1) == 2 and predicted.shape[1] == len(names):
            return {name: predicted[:, i] for i, name in enumerate(names)}
        wanted = names if len(names) == 1 else [name for name in names if name in OF_PREDICT]
        return {name: predicted for name in wanted} or {"": predicted}

    def ask(self, rows: Any) -> Any:
        """What the function that the model was saved with answers. Rows that MLflow's own check would refuse, and the contract takes, pass."""
        loose = {} if self.tensors or self.values or not of_pandas(rows, "DataFrame") else self.loose(rows)
        if not loose:
            return self.pyfunc.predict(rows)
        whole = self.metadata.signature
        try:
            self.metadata.signature = loosened(whole, loose)
            return self.pyfunc.predict(rows)
        finally:
            self.metadata.signature = whole

    def loose(self, frame: Any) -> dict:
        """The columns, by their place in the signature, that hold null in a type without: what they pass as."""
        found = {}
        for i, spec in enumerate(self.specs):
            name = i if spec.name is None else spec.name
            if getattr(spec.type, "name", "") in WITHOUT_NULL and name in frame.columns:
                dtype = frame[name].dtype
                if dtype == object or dtype.kind == "f":
                    found[i] = "string" if dtype == object else "double"
        return found

    def layout(self, form: str, columns: Columns) -> Any:
        """What the form of these rows depends on: only requests that have the same are computed together."""
        if self.values:
            return True
        values = columns[0][1]
        if self.tensors:
            return {name: array.shape[1:] for name, array in self.named_arrays(form, columns).items()}
        if form != "columns" and not self.specs:
            return tags(values)
        specs = self.by_name()
        data = dict(columns) if form == "columns" else by_column(values)
        return {name: layout(column, self.spec(specs, name, i)) for i, (name, column) in enumerate(data.items())}

    def rows(self, form: str, columns: Columns, count: int) -> Any:
        """A batch's rows as MLflow takes them: DataFrame, array, arrays by name, or list."""
        values = columns[0][1]
        if self.tensors:
            arrays = self.named_arrays(form, columns)
            return arrays[None] if None in arrays else arrays
        if self.values and form == "json":
            # What a type hint says is checked by MLflow to the letter: 1 is no float there, and a text no time.
            return [nested(value, self.specs[0].type, natural) for value in values] if self.specs else list(values)
        if form == "columns":
            return self.frame(dict(columns), count)
        if form == "matrix":
            names = self.columns or [spec.name for spec in self.specs if spec.name is not None]
            if names or self.specs:
                names = names if len(names) == values.shape[1] else range(values.shape[1])
                return self.frame({name: values[:, i] for i, name in enumerate(names)}, count)
            return values
        if self.specs or all(isinstance(row, dict) for row in values):
            return self.frame(by_column(values), count)
        try:
            array = numpy.asarray(values)
        except ValueError:  # rows of different lengths
            return values
        return array if array.dtype.kind in "fiub" else self.frame(by_column(values), count)

    def by_name(self) -> dict:
        """The signature's columns by name, where they have names."""
        return {spec.name: spec for spec in self.specs if spec.name is not None}

    def spec(self, specs: dict, name: Any, place: int) -> Any:
        """What the signature says of a column."""
        return specs.get(name) or (self.specs[place] if not specs and place < len(self.specs) else None)

    def frame(self, data: dict, count: int) -> Any:
        """A DataFrame with the signature's types; a column that none of the rows has is left out, as MLflow's server does."""
        import pandas

        specs, typed = self.by_name(), {}
        for i, (name, values) in enumerate(data.items()):
            spec = self.spec(specs, name, i)
            typed[name] = values if spec is None else column(values, spec)
        return pandas.DataFrame(typed, index=range(count))

    def named_arrays(self, form: str, columns: Columns) -> dict:
        """Tensors of the signature's types by name; None names the one that has none."""
        if len(self.specs) == 1 and self.specs[0].name is None:
            array = numpy.stack([values for _, values in columns], axis=1) if form == "columns" else columns[0][1]
            return {None: tensor(array, self.specs[0])}
        if form == "columns":
            data = dict(columns)
        elif form == "matrix":
            data = {spec.name: columns[0][1][:, i] for i, spec in enumerate(self.specs)}
        else:
            data = by_column(columns[0][1])
        return {spec.name: tensor(data[spec.name], spec) for spec in self.specs if spec.name in data}


def by_column(rows: list) -> dict:
    """Rows, objects or arrays, as columns; what a row leaves out is None."""
    if all(isinstance(row, dict) for row in rows):
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: [row.get(name) for row in rows] for name in names}
    rows = [row if isinstance(row, list) else [row] for row in rows]
    return {i: [row[i] if i < len(row) else None for row in rows] for i in range(max(map(len, rows), default=0))}


def layout(values: Any, spec: Any) -> Any:
    """What the type of a column depends on beside the signature: where it has nulls, and whether a double holds its numbers."""
    if isinstance(values, numpy.ndarray):
        return values.dtype.kind
    kind = None if spec is None else getattr(spec.type, "name", None)
    if kind is None:
        return tag(values)
    if kind in WITHOUT_NULL:
        return None in values and (True, beyond(values))
    return kind == "string" and all(value is None for value in values)


def beyond(values: list) -> bool:
    """Whether a double does not hold all of these whole numbers."""
    return any(value is not None and not -EXACT <= value <= EXACT for value in values)


def tensor(values: Any, spec: Any) -> numpy.ndarray:
    """An array of the spec's type; of rows of different lengths, an array of arrays."""
    dtype = spec.type
    if isinstance(values, numpy.ndarray):
        return values.astype(dtype, copy=False)
    if dtype.kind == "M":
        return numpy.array(walk(values, lambda text: times([text])[0].to_datetime64()), dtype=dtype)
    if dtype.kind == "S":
        values = walk(values, lambda text: text.encode() if isinstance(text, str) else text)
    if dtype.kind in "iu":
        values = walk(values, int)
    try:
        return numpy.array(values, dtype=None if dtype.kind in "US" else dtype)
    except ValueError:
        ragged = numpy.empty(len(values), object)
        for i, row in enumerate(values):
            ragged[i] = numpy.array(row, dtype=dtype)
        return ragged


def walk(values: Any, change: Any) -> Any:
    """Nested lists with each leaf changed; null stays."""
    if isinstance(values, list):
        return [walk(value, change) for value in values]
    return None if values is None else change(values)


def column(values: Any, spec: Any) -> Any:
    """A column of the spec's type; JSON has text for times and for bytes."""
    kind = getattr(spec.type, "name", "")
    if kind in DTYPES:
        if isinstance(values, numpy.ndarray):
            return values.astype(DTYPES[kind])
        if kind in ("float", "double"):
            return numpy.array([numpy.nan if value is None else value for value in values], "float64").astype(DTYPES[kind])
        if None not in values:
            return numpy.array([int(value) for value in values], DTYPES[kind])
        # As pandas keeps whole numbers with nulls among them, unless that would change a digit; truth values and nulls stay as they are.
        if kind == "boolean" or beyond(values):
            return numpy.array(values, object)
        return numpy.array([numpy.nan if value is None else value for value in values], "float64")
    if kind == "datetime":
        return times(values)
    if kind == "binary":
        return [None if value is None else unpacked(value) for value in values]
    return [None if value is None else nested(value, spec.type, stored) for value in values]


def stored(value: Any, name: str) -> Any:
    """A value of an array or object in a column, in the type that MLflow asks for."""
    if name == "datetime":
        return times([value])[0].to_datetime64()
    return numpy.dtype(DTYPES[name]).type(value) if name in DTYPES and name != "boolean" else value


def natural(value: Any, name: str) -> Any:
    """A value in Python's own type."""
    if name == "datetime":
        return times([value]).astype("datetime64[us]")[0].to_pydatetime()
    return {"integer": int, "long": int, "float": float, "double": float}.get(name, lambda same: same)(value)


def nested(value: Any, kind: Any, leaf: Any) -> Any:
    """A value of the signature's type, however it is built, its leaves made by a function of the value and the name of its type."""
    if value is None:
        return None
    name = getattr(kind, "name", "")
    if name == "binary":
        return unpacked(value)
    if isinstance(value, list) and hasattr(kind, "dtype"):
        return [nested(item, kind.dtype, leaf) for item in value]
    if isinstance(value, dict) and hasattr(kind, "properties"):
        types = {prop.name: prop.dtype for prop in kind.properties}
        return {member: nested(item, types[member], leaf) if member in types else item for member, item in value.items()}
    if isinstance(value, dict) and hasattr(kind, "value_type"):
        return {member: nested(item, kind.value_type, leaf) for member, item in value.items()}
    return leaf(value, name) if name else value


def times(values: list) -> Any:
    """Times in UTC without a zone, to the nanosecond, whatever their forms and zones; null is NaT."""
    import pandas

    try:
        moments = pandas.to_datetime(values, format="ISO8601", utc=True)
    except ValueError:  # a release of pandas before 2, which does not know the word
        moments = pandas.DatetimeIndex([pandas.to_datetime(value, utc=True) for value in values])
    return moments.tz_localize(None).astype("datetime64[ns]")


def unpacked(text: str) -> bytes:
    """Bytes from base64, which may have line ends in it."""
    return base64.b64decode("".join(text.split()), validate=True)


def loosened(signature: Any, loose: dict) -> Any:
    """A signature whose columns at these places take other types."""
    from mlflow.types import DataType

    changed = copy.deepcopy(signature)
    for place, kind in loose.items():
        changed.inputs.inputs[place]._type = DataType[kind]
    return changed


def raw(pyfunc: Any) -> Any:
    """The model inside MLflow's wrappers, as far as they let it be seen."""
    try:
        found = pyfunc.get_raw_model()
        return found if found is not None else pyfunc
    except Exception:  # a flavor without one, or an older MLflow
        return getattr(getattr(pyfunc, "_model_impl", None), "python_model", None) or pyfunc
