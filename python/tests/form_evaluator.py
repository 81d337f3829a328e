"""Evaluates a portable form with NumPy, as slowly and plainly as the document says it; the tests hold the describer to it."""

import ctypes
import json
import math
from typing import Any

import numpy
from scipy import special, stats

DTYPES = {"f8": "<f8", "f4": "<f4", "i8": "<i8", "i4": "<i4", "u1": "u1"}
NAN = float("nan")


def expf(x: Any) -> Any:
    """The exponential function of the C library, in float32."""
    exp = ctypes.CDLL("libm.so.6").expf
    exp.restype, exp.argtypes = ctypes.c_float, [ctypes.c_float]
    return numpy.array([exp(float(v)) for v in x.ravel()], numpy.float32).reshape(x.shape)


class Refuse(ValueError):
    """The form refuses the rows."""


def value_of(written: Any) -> Any:
    """A number or cell that JSON may not have."""
    if isinstance(written, dict):
        return NAN if "nan" in written else math.copysign(math.inf, written["infinity"])
    return written


class Form:
    """A form that can be asked for the values of rows."""

    def __init__(self, head: dict, arrays: list[bytes]) -> None:
        self.head = json.loads(json.dumps(head, allow_nan=False))
        self.arrays = [
            numpy.frombuffer(raw, DTYPES[c["dtype"]]).reshape(c["shape"]) for c, raw in zip(self.head["columns"], arrays)
        ]

    def get(self, node: dict, name: str, default: Any = None) -> Any:
        """A member, with its array in its place."""
        member = node.get(name, default)
        if isinstance(member, dict) and "array" in member:
            return self.arrays[member["array"]]
        return member

    def values(self, rows: Any, start: int = 0, end: int | None = None) -> list:
        """All values that follow from one; a frame is an object array, numbers are a float array."""
        values: list[Any] = [None] * (len(self.head["nodes"]) + 1)
        values[start] = rows
        with numpy.errstate(all="ignore"):
            for k, node in enumerate(self.head["nodes"][: end], start=1):
                if k > start and all(values[i] is not None for i in node["in"]):
                    values[k] = getattr(self, node["op"])(node, *[values[i] for i in node["in"]])
        return values

    def answers(self, rows: Any) -> dict:
        """The answers by name."""
        values, found = self.values(rows), {}
        for answer in self.head["answers"]:
            made = values[answer["node"]]
            if answer["dtype"] == "f8" and numpy.isinf(made.astype(float)).any():
                raise Refuse("an infinite answer")
            found[answer["name"]] = made.reshape([len(made), *answer["shape"]]).tolist()
        return found

    def columns(self, node: dict, x: Any) -> Any:
        return x[:, node["indices"]]

    def scatter(self, node: dict, x: Any) -> Any:
        made = numpy.zeros((len(x), node["width"]))
        made[:, node["indices"]] = x
        return made

    def constant(self, node: dict, x: Any) -> Any:
        return numpy.tile(self.get(node, "values"), (len(x), 1))

    def concat(self, node: dict, *xs: Any) -> Any:
        if any(x.dtype == object for x in xs):
            return numpy.hstack([x.astype(object) for x in xs])
        return numpy.hstack(xs)

    def numeric(self, node: dict, x: Any) -> Any:
        if x.dtype == object:
            if any(isinstance(cell, str) for cell in x.ravel()):
                raise Refuse("text")
            if "none" in node.get("refuse", ()) and any(cell is None for cell in x.ravel()):
                raise Refuse("None")
            if "truth" in node.get("refuse", ()) and any(isinstance(cell, bool) for cell in x.ravel()):
                raise Refuse("truth value")
            x = numpy.array([[NAN if cell is None else float(cell) for cell in row] for row in x], float).reshape(x.shape)
        x = x.astype(DTYPES[node["dtype"]])
        if node["missing"] == "refuse" and numpy.isnan(x).any():
            raise Refuse("NaN")
        if node["infinite"] == "refuse" and numpy.isinf(x).any():
            raise Refuse("infinity")
        return x

    def arithmetic(self, node: dict, x: Any) -> Any:
        dtype = x.dtype
        for step in node["steps"]:
            by = value_of(self.get(step, "by")) if not isinstance(self.get(step, "by"), numpy.ndarray) else self.get(step, "by")
            x = getattr(numpy, step["do"])(x.astype(float), by).astype(dtype)
        return x

    def function(self, node: dict, x: Any) -> Any:
        name = node["name"]
        function = getattr(numpy, name, None) or getattr(special, name)
        return function(x)

    def impute(self, node: dict, x: Any) -> Any:
        value = value_of(node["value"])
        where = numpy.isnan(x) if value is None or value != value else x == value
        return numpy.where(where, self.get(node, "fill"), x.astype(float)).astype(x.dtype)

    def is_missing(self, rule: dict, cell: Any) -> bool:
        if "none" in rule:
            return cell is None
        if "nan" in rule:
            return isinstance(cell, float) and cell != cell
        return same(cell, value_of(rule["value"]))

    def impute_objects(self, node: dict, x: Any) -> Any:
        made = x.astype(object).copy()
        if node.get("nan") == "refuse" and any(isinstance(cell, float) and cell != cell for cell in made.ravel()):
            raise Refuse("NaN")
        for (i, j), cell in numpy.ndenumerate(made):
            if self.is_missing(node["missing"], cell):
                made[i, j] = value_of(node["fill"][j])
        return made

    def missing(self, node: dict, x: Any) -> Any:
        value = value_of(node["value"])
        made = (numpy.isnan(x) if value is None or value != value else x == value).astype(float)
        others = [i for i in range(x.shape[1]) if i not in node["indices"]]
        if node.get("others") == "refuse" and made[:, others].any():
            raise Refuse("missing in a column that had none")
        return made[:, node["indices"]]

    def missing_objects(self, node: dict, x: Any) -> Any:
        rows = [[float(self.is_missing(node["missing"], row[i])) for i in node["indices"]] for row in x.tolist()]
        return numpy.array(rows, float).reshape(len(x), -1)

    def normalize(self, node: dict, x: Any) -> Any:
        a = x.astype(float)
        norms = {"l1": numpy.abs(a).sum(1), "l2": numpy.sqrt((a * a).sum(1)), "max": numpy.abs(a).max(1)}[node["norm"]]
        return (a / numpy.where(norms == 0, 1, norms)[:, None]).astype(x.dtype)

    def binarize(self, node: dict, x: Any) -> Any:
        return (x > node["threshold"]).astype(x.dtype)

    def products(self, node: dict, x: Any) -> Any:
        made = [numpy.ones(len(x))] if node["bias"] else []
        for left, right in self.get(node, "pairs"):
            made.append(x[:, right] if left < 0 else made[left] * x[:, right])
        return numpy.stack(made, axis=1)

    def discretize(self, node: dict, x: Any) -> Any:
        parts = []
        for j, edges in enumerate(node["edges"]):
            bins = numpy.searchsorted(self.arrays[edges["array"]], x[:, j], side="right")
            if node["encode"] == "onehot":
                parts.append(numpy.eye(node["counts"][j])[bins])
            else:
                parts.append(bins[:, None].astype(float))
        return numpy.hstack(parts)

    def encode(self, node: dict, x: Any) -> Any:
        parts = []
        for j, column in enumerate(node["columns"]):
            numeric = all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in x[:, j].tolist())
            if numeric and (column.get("numbers") == "refuse" or numpy.isinf(x[:, j].astype(float)).any()):
                raise Refuse("numbers")
            codes = [self.code(column, cell) for cell in x[:, j].tolist()]
            if node["how"] == "ordinal":
                parts.append(numpy.array(codes, float)[:, None])
            else:
                part = numpy.zeros((len(x), column["width"]))
                for i, code in enumerate(codes):
                    if code >= 0:
                        part[i, code] = 1
                parts.append(part)
        return numpy.hstack(parts).astype(DTYPES[node["dtype"]])

    def code(self, column: dict, cell: Any) -> Any:
        for category, code in zip(column["categories"], column["codes"]):
            if (category is None and cell is None) or (isinstance(category, dict) and isinstance(cell, float) and cell != cell):
                return value_of(code)
            if category is not None and not isinstance(category, dict) and same(cell, category):
                return value_of(code)
        if column["unknown"] == "refuse":
            raise Refuse("unknown category")
        return value_of(column["unknown"])

    def project(self, node: dict, x: Any) -> Any:
        before, after, divide = self.get(node, "before"), self.get(node, "after"), self.get(node, "divide")
        made = (x - before if before is not None else x).astype(float) @ self.get(node, "matrix")
        made = made + after if after is not None else made
        return made / divide if divide is not None else made

    def distances(self, node: dict, x: Any) -> Any:
        centres = self.get(node, "centres")
        if node["metric"] == "manhattan":
            return numpy.abs(x[:, None, :] - centres[None]).sum(2)
        if node["metric"] == "rank":
            return (centres * centres).sum(1)[None] - 2 * (x @ centres.T)
        squared = ((x * x).sum(1)[:, None] - 2 * (x @ centres.T)) + (centres * centres).sum(1)[None]
        squared = numpy.maximum(squared, 0)
        return numpy.sqrt(squared) if node["metric"] == "euclidean" else squared

    def yeo_johnson(self, node: dict, x: Any) -> Any:
        return numpy.stack([stats.yeojohnson(x[:, j], lmbda=v) for j, v in enumerate(self.get(node, "lambdas"))], axis=1)

    def box_cox(self, node: dict, x: Any) -> Any:
        if (x <= 0).any():
            raise Refuse("not positive")
        return numpy.stack([special.boxcox(x[:, j], v) for j, v in enumerate(self.get(node, "lambdas"))], axis=1)

    def quantiles(self, node: dict, x: Any) -> Any:
        q, r, made = self.get(node, "quantiles"), self.get(node, "references"), x.astype(float).copy()
        for j in range(x.shape[1]):
            c, quant = made[:, j].copy(), q[:, j]
            normal = node["output"] == "normal"
            low = (c - 1e-7 < quant[0]) if normal else c == quant[0]
            high = (c + 1e-7 > quant[-1]) if normal else c == quant[-1]
            nan = numpy.isnan(c)
            c[~nan] = 0.5 * (numpy.interp(c[~nan], quant, r) - numpy.interp(-c[~nan], -quant[::-1], -r[::-1]))
            c[high] = 1.0
            c[low] = 0.0
            if normal:
                c = numpy.clip(stats.norm.ppf(c), stats.norm.ppf(1e-7 - numpy.spacing(1)), stats.norm.ppf(1 - (1e-7 - numpy.spacing(1))))
            made[:, j] = c
        return made

    def linear(self, node: dict, x: Any) -> Any:
        return x.astype(float) @ self.get(node, "coefficients").T + self.get(node, "intercept")

    def trees(self, node: dict, x: Any, start: Any = None) -> Any:
        names = ("roots", "feature", "left", "right", "value", "target", "weights")
        roots, feature, left, right, value, target, weights = (self.get(node, n) for n in names)
        kind = numpy.float32 if node["sum"] == "f4" else numpy.float64
        total = numpy.zeros((len(x), node["outputs"]), kind)
        if start is not None:
            total += start
        if self.get(node, "start") is not None:
            total += self.get(node, "start").astype(kind)
        goes_left = self.goes_left(node)
        for i, row in enumerate(x.astype(float)):
            for t, root in enumerate(roots):
                at = root
                while feature[at] >= 0:
                    at = left[at] if goes_left(at, row[feature[at]]) else right[at]
                leaf = value[at] * (weights[t] if weights is not None else node.get("scale", 1))
                if target is not None:
                    total[i, target[t]] += kind(leaf[0])
                else:
                    total[i] += leaf.astype(kind)
        return total / kind(node["divide"]) if "divide" in node else total

    def goes_left(self, node: dict) -> Any:
        names = ("threshold", "missing_left", "category", "bitsets", "zero_missing")
        threshold, missing_left, category, bitsets, zero_missing = (self.get(node, n) for n in names)
        negative, strict = node.get("negative", "missing"), node["compare"] == "lt"

        def goes(at: int, v: float) -> bool:
            if v != v or (zero_missing is not None and zero_missing[at] and abs(v) <= numpy.float32(1e-35)):
                return bool(missing_left[at])
            if category is None or category[at] < 0:
                return bool(v < threshold[at] if strict else v <= threshold[at])
            if v < 0 and not (negative == "truncate" and v > -1):
                return negative == "missing" and bool(missing_left[at])
            bits = bitsets[category[at]]
            return v < 32 * len(bits) and bool((int(bits[int(v) >> 5]) >> (int(v) & 31)) & 1)

        return goes

    def link_f4(self, node: dict, x: Any) -> Any:
        name, one = node["name"], numpy.float32(1)
        x = x.astype(numpy.float32)
        if name == "expit":
            return one / ((expf(numpy.minimum(-x, numpy.float32(88.7))) + one) + numpy.float32(1e-16))
        if name == "softmax":
            e = expf(x - x.max(1, keepdims=True))
            return e / numpy.cumsum(e.astype(float), 1)[:, -1:].astype(numpy.float32)
        if name == "binary":
            return numpy.hstack([one - x, x])
        return expf(x) if name == "exp" else (x > 0).astype(numpy.float32)

    def link(self, node: dict, x: Any) -> Any:
        name = node["name"]
        if name in ("expit", "logistic"):
            return special.expit(x)
        if name in ("binary_expit", "binary"):
            p = special.expit(x) if name == "binary_expit" else x
            return numpy.hstack([1 - p, p])
        if name == "pair":
            return numpy.hstack([-x, x])
        if name == "softmax":
            e = numpy.exp(x - x.max(1, keepdims=True))
            return e / e.sum(1, keepdims=True)
        if name == "exp_shifted":
            shifted = x - x.max(1, keepdims=True)
            return numpy.exp(shifted - numpy.log(numpy.exp(shifted).sum(1, keepdims=True)))
        if name == "exp_normalize":
            return numpy.exp(x - special.logsumexp(x, axis=1, keepdims=True))
        if name == "normalize":
            total = x.sum(1, keepdims=True)
            if node["zero"] == "uniform":
                return numpy.where(total == 0, 1 / x.shape[1], x / numpy.where(total == 0, 1, total))
            return x / numpy.where(total == 0, 1, total)
        if name == "relu":
            return numpy.maximum(x, 0)
        return {"exp": numpy.exp, "log": numpy.log, "tanh": numpy.tanh}[name](x)

    def mean(self, node: dict, *xs: Any) -> Any:
        weights = node.get("weights")
        total = numpy.zeros_like(xs[0])
        for i, x in enumerate(xs):
            total = total + (x if weights is None else weights[i] * x)
        return total / (len(xs) if weights is None else sum(weights))

    def sum(self, node: dict, *xs: Any) -> Any:
        total = numpy.zeros_like(xs[0]) + (0 if self.get(node, "start") is None else self.get(node, "start"))
        for i, x in enumerate(xs):
            total = total + (node["scale"][i] * x if "scale" in node else x)
        return total

    def quotient(self, node: dict, x: Any, y: Any) -> Any:
        return x / y

    def multiply(self, node: dict, x: Any) -> Any:
        return x * node["by"]

    def lookup(self, node: dict, x: Any) -> Any:
        return self.get(node, "values")[x.astype(int)]

    def select_class(self, node: dict, x: Any) -> Any:
        rule = node["rule"]
        if rule == "argmax_last":
            return (x.shape[1] - 1 - numpy.argmax(x[:, ::-1], axis=1))[:, None].astype(float)
        if rule in ("argmax", "argmin"):
            return getattr(numpy, rule)(x, axis=1)[:, None].astype(float)
        if rule in ("positive", "not_negative"):
            return (x > 0 if rule == "positive" else x >= 0).astype(float)
        column = x[:, [node["column"]]]
        return (column >= node["at"] if rule == "threshold" else column > node["at"]).astype(float)

    def ballot(self, node: dict, *xs: Any) -> Any:
        total = numpy.zeros((len(xs[0]), node["classes"]))
        against = node.get("against") or [0.0] * len(xs)
        weights = node.get("weights") or [1.0] * len(xs)
        for x, weight, other in zip(xs, weights, against):
            total += numpy.where(x == numpy.arange(node["classes"]), weight, other)
        return total

    def vote(self, node: dict, *xs: Any) -> Any:
        return numpy.argmax(self.ballot(node, *xs), axis=1)[:, None].astype(float)

    def weighted_median(self, node: dict, *xs: Any) -> Any:
        x, weights = numpy.hstack(xs), numpy.array(node["weights"])
        order = numpy.argsort(x, axis=1, kind="stable")
        sums = numpy.cumsum(weights[order], axis=1)
        at = (sums >= 0.5 * sums[:, -1:]).argmax(1)
        return x[numpy.arange(len(x)), order[numpy.arange(len(x)), at]][:, None]

    def labels(self, node: dict, x: Any) -> Any:
        made = numpy.empty(x.shape, object)
        for (i, j), cell in numpy.ndenumerate(x):
            made[i, j] = node["labels"][j][int(cell)]
        return made

    def gaussian(self, node: dict, x: Any) -> Any:
        parts = []
        for mean, variance, prior in zip(self.get(node, "means"), self.get(node, "variances"), self.get(node, "priors")):
            n = -0.5 * numpy.sum(numpy.log(2 * numpy.pi * variance))
            parts.append(prior + (n - 0.5 * numpy.sum((x - mean) ** 2 / variance, axis=1)))
        return numpy.stack(parts, axis=1)

    def interpolate(self, node: dict, x: Any) -> Any:
        xs, ys = self.get(node, "x"), self.get(node, "y")
        return numpy.interp(x[:, 0], xs, ys)[:, None]

    def path_score(self, node: dict, x: Any) -> Any:
        return -(2 ** (-(x / node["denominator"] if node["denominator"] else numpy.ones_like(x))))


def same(cell: Any, other: Any) -> bool:
    """Whether two cells are equal: texts equal texts, numbers numbers."""
    return isinstance(cell, str) == isinstance(other, str) and cell == other


def frame(spec: dict, form: str, columns: list[tuple[str, Any]]) -> Any:
    """A request as value 0 of a form."""
    if spec["kind"] == "matrix":
        return numpy.asarray(columns[0][1], float)
    if form == "matrix":
        order = spec.get("contract") or spec["names"]
        columns = [(name, columns[0][1][:, i]) for i, name in enumerate(order)]
    data, parts = dict(columns), []
    count = len(columns[0][1])
    for name, kind in zip(spec["names"], spec["types"]):
        cells = list(data[name]) if name in data else [None] * count
        parts.append(pandas_cells(cells, kind, name in spec.get("numbers", ())))
    made = numpy.empty((count, len(parts)), object)
    for j, part in enumerate(parts):
        made[:, j] = part
    return made


def pandas_cells(cells: list, kind: str, number: bool) -> list:
    """The cells as pandas holds them."""
    if kind:
        nan = NAN if kind not in ("boolean", "string") else None
        whole = [nan if cell is None else cell for cell in cells]
        if kind == "float":
            whole = [float(numpy.float32(cell)) for cell in whole]
        if kind == "string" and any(cell is not None for cell in cells):
            whole = [NAN if cell is None else cell for cell in cells]
        return whole
    present = [cell for cell in cells if cell is not None]
    if not present:
        return [NAN if number else None] * len(cells)
    numeric = all(isinstance(cell, (int, float)) and not isinstance(cell, (bool, numpy.bool_)) for cell in present)
    if number or numeric:
        return [NAN if cell is None else float(cell) for cell in cells]
    return [NAN if cell is None else cell for cell in cells] if all(isinstance(cell, str) for cell in present) else cells
