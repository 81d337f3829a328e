"""A model in MLflow's format, loaded by MLflow's own ``python_function`` and asked the way its scoring server would."""

import base64
import os
import sys
from typing import Any

# Before mlflow is imported: it calls nobody, and may unpickle here, where nothing is to be had.
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_ALLOW_PICKLE_DESERIALIZATION="true")

import numpy  # noqa: E402
from modelward_outputs import OF_PREDICT, Columns, Outputs, named, normal, one_thread  # noqa: E402

DTYPES = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}


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
        metadata = self.pyfunc.metadata
        schema = metadata.get_input_schema()
        self.specs = list(schema.inputs) if schema is not None else []
        self.tensors = bool(self.specs) and schema.is_tensor_spec()
        self.values = bool(getattr(metadata, "_is_signature_from_type_hint", False))

    def notes(self) -> list[str]:
        """Nothing to tell beyond what MLflow warned of."""
        return []

    def compute(self, form: str, columns: Columns, count: int) -> Outputs:
        """The outputs by name; one without a name when the model does not name them and the signature neither."""
        predicted = self.pyfunc.predict(self.rows(form, columns))
        outputs = named(predicted) or self.by_signature(predicted)
        if not outputs:
            raise ValueError(f"the model answered nothing for {count} rows")
        return {name: normal(values, count) for name, values in outputs.items()}

    def by_signature(self, predicted: Any) -> Outputs:
        """An answer without names, under those that the signature gives."""
        if hasattr(predicted, "to_numpy"):
            predicted = predicted.to_numpy()
        names = self.output or []
        if len(names) > 1 and getattr(predicted, "ndim", 1) == 2 and predicted.shape[1] == len(names):
            return {name: predicted[:, i] for i, name in enumerate(names)}
        wanted = names if len(names) == 1 else [name for name in names if name in OF_PREDICT]
        return {name: predicted for name in wanted} or {"": predicted}

    def rows(self, form: str, columns: Columns) -> Any:
        """A batch's rows as MLflow takes them: DataFrame, array, arrays by name, or list."""
        values = columns[0][1]
        if self.tensors:
            return self.arrays(form, columns)
        if self.values and form == "json":
            return list(values)
        if form == "columns":
            return self.frame(dict(columns))
        if form == "matrix":
            names = self.columns or [spec.name for spec in self.specs if spec.name is not None]
            if names or self.specs:
                names = names if len(names) == values.shape[1] else range(values.shape[1])
                return self.frame({name: values[:, i] for i, name in enumerate(names)})
            return values
        if self.specs or all(isinstance(row, dict) for row in values):
            return self.frame(by_column(values))
        try:
            array = numpy.asarray(values)
        except ValueError:  # rows of different lengths
            return values
        return array if array.dtype.kind in "fiub" else self.frame(by_column(values))

    def frame(self, data: dict) -> Any:
        """A DataFrame with the signature's types; a column that may be missing, and is in every row, is left out."""
        import pandas

        named_specs = {spec.name: spec for spec in self.specs if spec.name is not None}
        typed = {}
        for i, (name, values) in enumerate(data.items()):
            spec = named_specs.get(name) or (self.specs[i] if not named_specs and i < len(self.specs) else None)
            if spec is None:
                typed[name] = values
            elif spec.required or not all(value is None for value in values):
                typed[name] = column(values, spec)
        return pandas.DataFrame(typed, index=range(len(next(iter(data.values()), ()))))

    def arrays(self, form: str, columns: Columns) -> Any:
        """Tensors: one array, or one for each name, of the signature's types."""
        if len(self.specs) == 1 and self.specs[0].name is None:
            array = numpy.stack([values for _, values in columns], axis=1) if form == "columns" else columns[0][1]
            return tensor(array, self.specs[0])
        if form == "columns":
            data = dict(columns)
        elif form == "matrix":
            data = {spec.name: columns[0][1][:, i] for i, spec in enumerate(self.specs)}
        else:
            data = by_column(columns[0][1])
        return {spec.name: tensor(data[spec.name], spec) for spec in self.specs}


def by_column(rows: list) -> dict:
    """Rows, objects or arrays, as columns; what a row leaves out is None."""
    if all(isinstance(row, dict) for row in rows):
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: [row.get(name) for row in rows] for name in names}
    rows = [row if isinstance(row, list) else [row] for row in rows]
    return {i: [row[i] if i < len(row) else None for row in rows] for i in range(max(map(len, rows), default=0))}


def tensor(values: Any, spec: Any) -> numpy.ndarray:
    """An array of the spec's type."""
    return numpy.asarray(values).astype(spec.type, copy=False)


def column(values: Any, spec: Any) -> Any:
    """A column of the spec's type; JSON has text for times and for bytes."""
    kind = getattr(spec.type, "name", "")
    if kind in DTYPES:
        if isinstance(values, numpy.ndarray):
            return values.astype(DTYPES[kind])
        if kind in ("float", "double"):
            return numpy.array([numpy.nan if value is None else value for value in values], DTYPES[kind])
        if any(value is None for value in values):
            raise ValueError(f"column {spec.name!r} has null in some rows, which {kind} does not have")
        return numpy.asarray(values).astype(DTYPES[kind])
    if kind == "datetime":
        import pandas

        return pandas.to_datetime(values)
    if kind == "binary":
        return [None if value is None else base64.b64decode(value, validate=True) for value in values]
    return list(values)


def raw(pyfunc: Any) -> Any:
    """The model inside MLflow's wrappers, as far as they let it be seen."""
    try:
        found = pyfunc.get_raw_model()
        return found if found is not None else pyfunc
    except Exception:  # a flavor without one, or an older MLflow
        return getattr(getattr(pyfunc, "_model_impl", None), "python_model", None) or pyfunc
