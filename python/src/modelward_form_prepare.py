"""scikit-learn's scalers, encoders, imputers and selectors in the portable form."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Value, cell, handles, number, own, plain_array


@handles("sklearn.preprocessing", "StandardScaler", "RobustScaler", "MaxAbsScaler", "MinMaxScaler")
class Scalers(Estimator):
    """Subtract, divide, multiply, add, in scikit-learn's order."""

    sparse = True

    def kept(self, array: Any, value: Value) -> numpy.ndarray:
        """A column's numbers; StandardScaler rounds them to the type of the rows."""
        array = plain_array(array)
        return array.astype("<f4" if value.f4 and self.kind == "StandardScaler" else "<f8").astype("<f8")

    def transform(self, value: Value) -> Value:
        """The scaled rows."""
        model = self.model
        rows = self.graph.numeric(self, value, "keep", missing=True)
        steps: list[tuple[str, Any]] = []
        if self.kind == "MinMaxScaler":
            if value.sparse:
                raise self.no("it takes no sparse rows")
            steps += [("multiply", self.kept(model.scale_, value)), ("add", self.kept(model.min_, value))]
            if model.clip:
                low, high = (float(numpy.float32(end) if value.f4 else end) for end in model.feature_range)
                steps += [("maximum", low), ("minimum", high)]
            return self.graph.arithmetic(rows, *steps)
        centre = {"StandardScaler": "mean_", "RobustScaler": "center_"}.get(self.kind)
        if centre and getattr(model, {"mean_": "with_mean", "center_": "with_centering"}[centre]):
            if value.sparse:
                raise self.no("it takes no sparse rows")
            steps.append(("subtract", self.kept(getattr(model, centre), value)))
        scaled = {"StandardScaler": "with_std", "RobustScaler": "with_scaling"}.get(self.kind)
        if scaled is None or getattr(model, scaled):
            scale = self.kept(model.scale_, value)
            steps.append(("multiply", 1.0 / scale) if value.sparse else ("divide", scale))
        if self.kind == "MaxAbsScaler" and getattr(model, "clip", False):
            if value.sparse:
                raise self.no("it clips sparse rows before it scales them")
            steps += [("maximum", -1.0), ("minimum", 1.0)]
        return self.graph.arithmetic(rows, *steps)


@handles("sklearn.preprocessing", "Binarizer", "Normalizer", "PolynomialFeatures", "PowerTransformer", "QuantileTransformer")
class Shapes(Estimator):
    """Transformers of numbers."""

    sparse = True

    def transform(self, value: Value) -> Value:
        """The transformed rows."""
        if value.sparse and self.kind not in ("Binarizer", "Normalizer"):
            raise self.no("it takes sparse rows on another path than dense ones")
        if value.f4 and self.kind in ("Normalizer", "PowerTransformer", "QuantileTransformer"):
            raise self.no("it calculates in float32")
        missing = self.kind in ("PowerTransformer", "QuantileTransformer")
        rows = self.graph.numeric(self, value, "keep", missing=missing)
        return getattr(self, self.kind.lower())(rows)

    def binarizer(self, rows: Value) -> Value:
        """1 above the threshold."""
        if rows.sparse and self.model.threshold < 0:
            raise self.no("its threshold is negative, for sparse rows")
        made = self.graph.node("binarize", [rows], rows.width, f4=rows.f4, threshold=float(self.model.threshold))
        return replace(made, sparse=rows.sparse)

    def normalizer(self, rows: Value) -> Value:
        """Rows of length 1."""
        return replace(self.graph.node("normalize", [rows], rows.width, norm=self.model.norm), sparse=rows.sparse)

    def polynomialfeatures(self, rows: Value) -> Value:
        """Products of columns, each from a product of one factor less."""
        model, width = self.model, rows.width
        low, high = model._min_degree, model._max_degree
        wanted = int(model.n_output_features_)
        if wanted > 10_000 or high < 1:
            raise self.no(f"it makes {wanted} columns, and the evaluator takes 1 to 10000")
        interaction, bias = bool(model.interaction_only), bool(model.include_bias)
        places: dict[tuple, int] = {}
        pairs: list[tuple[int, int]] = []
        kept = [0] if bias else []
        for factors in model._combinations(width, 1, high, interaction, False):
            place = len(pairs) + bias
            if place >= 10_000:
                raise self.no("it makes more than 10000 columns")
            places[factors] = place
            pairs.append((-1, factors[0]) if len(factors) == 1 else (places[factors[1:]], factors[0]))
            if len(factors) >= low:
                kept.append(place)
        made = self.graph.node(
            "products", [rows], len(pairs) + bias, f4=rows.f4, pairs=self.graph.array(numpy.array(pairs), "i4"), bias=bias
        )
        return self.graph.columns_of(made, kept)

    def powertransformer(self, rows: Value) -> Value:
        """A power, and then a scaler."""
        model = self.model
        op = {"yeo-johnson": "yeo_johnson", "box-cox": "box_cox"}[model.method]
        made = self.graph.node(op, [rows], rows.width, lambdas=self.graph.array(model.lambdas_))
        return self.child(model._scaler, "scaler").ask("transform", made) if model.standardize else made

    def quantiletransformer(self, rows: Value) -> Value:
        """The place among the quantiles."""
        model = self.model
        return self.graph.node(
            "quantiles",
            [rows],
            rows.width,
            quantiles=self.graph.array(model.quantiles_),
            references=self.graph.array(model.references_),
            output=model.output_distribution,
        )


FUNCTIONS = ("log", "log1p", "log2", "log10", "exp", "expm1", "exp2", "sqrt", "cbrt", "square", "sign", "negative", "reciprocal")
FUNCTIONS += ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "floor", "ceil", "trunc", "rint")
EXACT = ("sqrt", "square", "sign", "negative", "reciprocal", "abs", "floor", "ceil", "trunc", "rint")


OF_WHOLE = ("reciprocal", "square", "negative", "abs")
"""What NumPy calculates in whole numbers when it gets such, and cuts to their bits."""


def decimal(value: Value) -> bool:
    """Whether no column of a table ever holds whole numbers, whatever a caller sends."""
    return bool(value.types) and all(kind in ("double", "float") for kind in value.types)


def function_name(function: Any) -> str | None:
    """The operator's name of a function of NumPy or SciPy that works on each cell; None for any other."""
    if type(function) is not numpy.ufunc:
        return None
    if function is numpy.absolute:
        return "abs"
    import scipy.special

    for name in FUNCTIONS:
        if function is getattr(numpy, name):
            return name
    for name in ("expit", "logit"):
        if function is getattr(scipy.special, name):
            return name
    return None


def of_function(where: Estimator, function: Any, rows: Value) -> Value:
    """A function of each cell, of rows that are numbers."""
    name = function_name(function)
    if name is None:
        known = type(function) is numpy.ufunc
        raise where.no(f"its function {function.__name__} is not known to the evaluator" if known else "its function is one of your own")
    if rows.f4 and name not in EXACT:
        raise where.no("it calculates in float32")
    return replace(where.graph.node("function", [rows], rows.width, f4=rows.f4, name=name), table=rows.table)


@handles("sklearn.preprocessing", "FunctionTransformer")
class Function(Estimator):
    """NumPy's own functions."""

    sparse = True

    def transform(self, value: Value) -> Value:
        """The function of the rows, or the rows."""
        model = self.model
        if model.kw_args:
            raise self.no("its function has arguments")
        rows = self.graph.numeric(self, value, "keep") if model.validate else value
        if model.func is None:
            return rows
        if function_name(model.func) is None and type(model.func) is not numpy.ufunc:
            raise self.no("its function is one of your own")
        if value.sparse:
            raise self.no("it takes sparse rows on another path than dense ones")
        if value.frame and ("boolean" in value.types or (function_name(model.func) in OF_WHOLE and not decimal(value))):
            raise self.no("its function answers otherwise for whole numbers and truth values")
        if value.frame and not model.validate:
            rows = self.graph.numeric(self, value, "keep", missing=True, infinite=True, refuse=("none", "truth", "objects"))
        return of_function(self, model.func, rows)


@handles("sklearn.preprocessing", "KBinsDiscretizer")
class Bins(Estimator):
    """The number of the interval."""

    def transform(self, value: Value) -> Value:
        """The bins, as numbers or as a column for each."""
        model = self.model
        f4 = model.dtype is not None and numpy.dtype(model.dtype) == numpy.float32
        rows = self.graph.numeric(self, value, "f4" if f4 else "f8" if model.dtype is not None else "keep")
        edges = [self.graph.array(plain_array(each)[1:-1]) for each in model.bin_edges_]
        counts = [int(count) for count in model.n_bins_]
        onehot = model.encode != "ordinal"
        if onehot:
            own(model._encoder, "sklearn.preprocessing", "OneHotEncoder")
        made = self.graph.node(
            "discretize",
            [rows],
            sum(counts) if onehot else rows.width,
            f4=rows.f4,
            edges=edges,
            encode="onehot" if onehot else "ordinal",
            counts=counts,
        )
        return replace(made, sparse=model.encode == "onehot")


@handles(
    "sklearn.feature_selection",
    *("SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe", "GenericUnivariateSelect", "VarianceThreshold"),
    *("SelectFromModel", "RFE", "RFECV", "SequentialFeatureSelector"),
)
class Selector(Estimator):
    """Some of the columns."""

    sparse = True

    def transform(self, value: Value) -> Value:
        """The selected columns."""
        from sklearn.utils import get_tags

        places = numpy.flatnonzero(self.model.get_support())
        if not len(places):
            raise self.no("it selects no column")
        if self.output() == "pandas" and value.table:
            return self.graph.columns_of(value, places)
        missing = bool(get_tags(self.model).input_tags.allow_nan)
        return self.graph.columns_of(self.graph.numeric(self, value, "keep", missing=missing, infinite=missing), places)

    def inner(self, method: str, value: Value) -> Value:
        """A method of the estimator that was fitted to the selected columns."""
        if self.kind not in ("RFE", "RFECV"):
            raise self.no(f"its method {method} is not known to the evaluator")
        return self.child(self.model.estimator_, "estimator").ask(method, self.ask("transform", value))

    def predict(self, value: Value) -> Value:
        """The estimator's answer."""
        return self.inner("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The estimator's answer."""
        return self.inner("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The estimator's answer."""
        return self.inner("decision_function", value)


@handles("sklearn.preprocessing", "OneHotEncoder", "OrdinalEncoder")
class Encoder(Estimator):
    """Categories as places or as numbers."""

    def transform(self, value: Value) -> Value:
        """The codes of the cells."""
        model, onehot = self.model, self.kind == "OneHotEncoder"
        dtype = numpy.dtype(model.dtype)
        if dtype.kind not in "fiub" or (dtype.kind == "f" and dtype.itemsize < 4):
            raise self.no(f"its type {dtype} is not known to the evaluator")
        columns = [self.column(j, onehot, value.loose) for j in range(value.width)]
        width = sum(column["width"] for column in columns) if onehot else value.width
        f4 = dtype == numpy.float32
        made = self.graph.node(
            "encode", [value], width, f4=f4, columns=columns, how="onehot" if onehot else "ordinal", dtype="f4" if f4 else "f8"
        )
        return replace(made, sparse=onehot and bool(model.sparse_output))

    def column(self, j: int, onehot: bool, loose: bool) -> dict:
        """The categories of one column and their codes; loose where numbers come among objects, which scikit-learn takes as unknown."""
        model = self.model
        held = plain_array(model.categories_[j])
        categories = [cell(category) for category in held.tolist()]
        mapping = model._default_to_infrequent_mappings[j] if model._infrequent_enabled else None
        codes = list(range(len(categories))) if mapping is None else [int(code) for code in mapping]
        column: dict[str, Any] = {"categories": categories}
        if held.dtype.kind not in "iufb" and not loose:
            column["numbers"] = "refuse"
        if not onehot:
            absent = model._missing_indices.get(j)
            if absent is not None:
                codes[absent] = absent
                codes = [number(model.encoded_missing_value) if code == absent else code for code in codes]
            known = model.handle_unknown == "use_encoded_value"
            unknown = number(model.unknown_value) if known else "refuse"
            return {**column, "codes": codes, "width": 1, "unknown": unknown}
        drop = None if model._drop_idx_after_grouping is None else model._drop_idx_after_grouping[j]

        def place(code: int) -> int:
            return code if drop is None or code < drop else -1 if code == drop else code - 1

        unknown = -1
        if model.handle_unknown == "error":
            unknown = "refuse"
        elif model.handle_unknown in ("infrequent_if_exist", "warn") and model._infrequent_enabled:
            infrequent = model._infrequent_indices[j]
            unknown = -1 if infrequent is None else place(codes[int(infrequent[0])])
        return {**column, "codes": [place(code) for code in codes], "width": int(model._n_features_outs[j]), "unknown": unknown}


@handles("sklearn.preprocessing", "TargetEncoder")
class Means(Estimator):
    """Categories as means of the target."""

    def transform(self, value: Value) -> Value:
        """The mean of each cell's category, of several classes one for each."""
        model, columns = self.model, []
        several = model.target_type_ == "multiclass"
        classes = len(model.classes_) if several else 1
        for place, encoding in enumerate(model.encodings_):
            held = plain_array(model.categories_[place // classes])
            unknown = model.target_mean_[place % classes] if several else model.target_mean_
            column: dict[str, Any] = {"categories": [cell(category) for category in held.tolist()], "width": 1}
            if held.dtype.kind not in "iufb":
                column["numbers"] = "refuse"
            columns.append({**column, "codes": [number(code) for code in plain_array(encoding)], "unknown": number(unknown)})
        repeated = self.graph.columns_of(value, [j for j in range(value.width) for _ in range(classes)])
        return self.graph.node("encode", [repeated], len(columns), columns=columns, how="ordinal", dtype="f8")


@handles("sklearn.impute", "SimpleImputer", "MissingIndicator")
class Imputer(Estimator):
    """Values in place of the missing ones."""

    def rule(self) -> dict:
        """Which cells are missing, for frames."""
        value = self.model.missing_values
        if value is None:
            return {"none": True}
        if isinstance(value, float) and value != value:
            return {"nan": True}
        return {"value": cell(value)}

    def transform(self, value: Value) -> Value:
        """The rows without missing cells, or where they are."""
        if self.kind == "MissingIndicator":
            return self.indicator(value)
        model, rule = self.model, self.rule()
        places = self.places()
        if model._fit_dtype.kind == "O" or self.typed(value, rule):
            made = self.objects(value, rule, places)
        else:
            made = self.numbers(value, rule, places)
        if model.indicator_ is None:
            return made
        return self.with_indicator(made, value, rule)

    def typed(self, value: Value, rule: dict) -> bool:
        """Whether scikit-learn keeps the cells of a table as they are, so that None is not missing."""
        kept = self.model.strategy in ("most_frequent", "constant")
        return kept and value.frame and not any(value.types) and "nan" in rule

    def places(self) -> list[int]:
        """The columns that stay."""
        statistics = plain_array(self.model.statistics_)
        if self.model.keep_empty_features:
            return list(range(len(statistics)))
        return [i for i, statistic in enumerate(statistics.tolist()) if statistic == statistic]

    def checked(self, value: Value, rule: dict) -> Value:
        """The rows as numbers, before they are filled."""
        model = self.model
        typed = self.kind == "MissingIndicator" or model.strategy in ("most_frequent", "constant")
        return self.graph.numeric(self, value, "keep", missing="nan" in rule, refuse=("none", "truth") if typed else ())

    def numbers(self, value: Value, rule: dict, places: list[int]) -> Value:
        """Columns of numbers."""
        model = self.model
        fill = plain_array(model.statistics_)[places].astype(model._fill_dtype).astype("<f8")
        if "none" in rule or type(rule.get("value")) is str:
            raise self.no("what is missing is no number")
        whole = value.frame and "value" in rule and model.strategy in ("most_frequent", "constant")
        if whole and (fill != numpy.floor(fill)).any():
            raise self.no("it fills whole numbers otherwise than others")
        rows = self.graph.columns_of(self.checked(value, rule), places)
        if rows.f4:
            fill = fill.astype("<f4").astype("<f8")
        made = self.graph.node(
            "impute", [rows], len(places), f4=rows.f4, value=None if "nan" in rule else rule["value"], fill=self.graph.array(fill)
        )
        if "nan" in rule:
            self.graph.nodes[-1]["value"] = None
        return made

    def objects(self, value: Value, rule: dict, places: list[int]) -> Value:
        """Columns of any cells."""
        fill = [cell(item) for item in plain_array(self.model.statistics_)[places].tolist()]
        rows = self.graph.columns_of(value, places)
        made = self.graph.node(
            "impute_objects", [rows], len(places), frame=True, missing=rule, fill=fill, nan=None if "nan" in rule else "refuse"
        )
        return replace(made, loose=True, types=tuple(value.types[i] for i in places) if value.types else ("",) * len(places))

    def with_indicator(self, made: Value, value: Value, rule: dict) -> Value:
        """The filled rows, and columns that tell where cells were missing."""
        features = [int(i) for i in own(self.model.indicator_, "sklearn.impute", "MissingIndicator").features_]
        if not features:
            return made
        marks = self.marks(value, rule, features, made.frame)
        whole = replace(self.graph.concat([made, marks]), table=False)
        return self.graph.numeric(self, whole, "f4", missing=True, infinite=True) if made.f4 else whole

    def marks(self, value: Value, rule: dict, features: list[int], objects: bool, others: str | None = None) -> Value:
        """1 where a cell is missing."""
        if objects:
            return self.graph.node("missing_objects", [value], len(features), missing=rule, indices=features, others=others)
        made = self.graph.node("missing", [self.checked(value, rule)], len(features), indices=features, others=others)
        self.graph.nodes[-1]["value"] = None if "nan" in rule else rule["value"]
        return made

    def indicator(self, value: Value) -> Value:
        """Where cells are missing, alone."""
        model, rule = self.model, self.rule()
        if model.sparse is True or (value.frame and "string" in value.types):
            raise self.no("it answers with sparse rows, or looks at texts")
        new = model.features == "missing-only" and model.error_on_new
        return self.marks(value, rule, [int(i) for i in model.features_], False, "refuse" if new else None)
