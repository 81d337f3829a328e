"""XGBoost's and LightGBM's models in the portable form, read from the libraries' own dumps."""

import ctypes
import json
import os
import site
import sys
import sysconfig
import types
from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Refused, Value, below, handles, number, own, plain_array
from modelward_form_trees import trees

ZERO = float(numpy.float32(1e-35))
"""LightGBM takes numbers up to this one as 0."""
LOGIT = ("reg:logistic", "binary:logistic")
LOG = ("count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft")
PLAIN = (
    *("reg:squarederror", "reg:linear", "reg:absoluteerror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:quantileerror"),
    *("rank:pairwise", "rank:ndcg", "rank:map", "multi:softprob", "multi:softmax", "binary:hinge", "binary:logitraw"),
)
LINKS = {"reg:logistic": "expit", "binary:logistic": "expit", "multi:softprob": "softmax", "binary:hinge": "step"}
IDENTITY = (
    *("regression", "regression_l1", "huber", "fair", "quantile", "mape"),
    *("lambdarank", "rank_xendcg", "custom", "none"),
)
OF_PREDICT = ("pred", "is_pred", "raw_score", "leaf_index", "contrib", "start_iteration", "num_iteration_predict")


def whole(name: str) -> None:
    """Refused when a library is not the interpreter's, or when one of its functions was replaced."""
    module = sys.modules[name]
    roots = {os.path.realpath(root) for root in (*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))}
    where = {os.path.realpath(os.path.dirname(str(module.__file__)))} | {os.path.realpath(path) for path in module.__path__}
    if {os.path.dirname(path) for path in where} - roots or len(where) != 1:
        raise Refused(f"the model brings a {name} of its own")
    for part, inner in list(sys.modules.items()):
        if part.split(".")[0] != name or type(inner) is not types.ModuleType:
            continue
        for attribute, value in list(vars(inner).items()):
            if type(value) is types.FunctionType and not below(value):
                raise Refused(f"the function {attribute} of the module {part} was replaced")


def single_log(value: Any) -> numpy.float32:
    """The logarithm in float32, as the C library has it."""
    try:
        log = ctypes.CDLL("libm.so.6").logf
    except (OSError, AttributeError):
        return numpy.float32(numpy.log(float(value)))
    log.restype, log.argtypes = ctypes.c_float, [ctypes.c_float]
    return numpy.float32(log(float(value)))


def compact(part: dict) -> dict:
    """A tree's arrays without the nodes that no way leads to, each child after its parent."""
    order, level = [numpy.zeros(1, numpy.int64)], numpy.zeros(1, numpy.int64)
    total = len(part["feature"])
    seen = 1
    while len(level):
        inner = level[part["feature"][level] >= 0]
        level = numpy.stack([part["left"][inner], part["right"][inner]], 1).ravel()
        seen += len(level)
        if seen > total or (len(level) and (level.min() < 0 or level.max() >= total)):
            raise Refused("the model holds a tree whose nodes do not hang together")
        order.append(level)
    places = numpy.concatenate(order)
    new = numpy.zeros(total, numpy.int64)
    new[places] = numpy.arange(len(places))
    made = {name: array[places] for name, array in part.items() if name != "bitsets"}
    inner = made["feature"] >= 0
    for side in ("left", "right"):
        made[side] = numpy.where(inner, new[numpy.where(inner, made[side], 0)], 0)
    return {**made, **({"bitsets": part["bitsets"]} if "bitsets" in part else {})}


class Boosted(Estimator):
    """What the models of both libraries share."""

    sparse = True
    library = ""

    def __init__(self, graph: Any, model: Any, where: str) -> None:
        super().__init__(graph, model, where)
        whole(self.library)

    def margins(self, value: Value) -> Value:
        """The sums of the leaves."""
        raise NotImplementedError

    def means(self, value: Value) -> Value:
        """What the booster predicts."""
        raise NotImplementedError

    def once(self, name: str, value: Value) -> Value:
        """A value that is made once for the same rows."""
        key = (id(self.model), name, value.id)
        if key not in self.graph.made:
            self.graph.made[key] = getattr(self, name)(value)
        return self.graph.made[key]

    def predict(self, value: Value) -> Value:
        """What the booster predicts."""
        return self.once("means", value)


class Xgboost(Boosted):
    """A model of XGBoost; everything is calculated in float32."""

    library = "xgboost"
    infinite = True

    def booster(self) -> Any:
        """The booster, unchanged."""
        return own(self.model.get_booster(), "xgboost.core", "Booster")

    def rounds(self) -> int:
        """How many rounds of boosting the model uses; 0 is all."""
        try:
            return int(self.model.best_iteration) + 1
        except AttributeError:
            return 0

    def missing(self) -> float:
        """The number that stands for a missing one."""
        return float(self.model.missing)

    def weighs_afterwards(self) -> bool:
        """Whether a tree that dart weighs is added to the start first, which loses bits."""
        return True

    def learner(self) -> dict:
        """What the library saves of the model."""
        if not hasattr(self, "saved"):
            self.saved = json.loads(bytes(self.booster().save_raw("json")))["learner"]
        return self.saved

    def objective(self) -> str:
        """The objective's name."""
        name = str(self.learner()["objective"]["name"])
        if name not in (*LOGIT, *LOG, *PLAIN):
            raise self.no(f"its objective {name} is not known to the evaluator")
        return name

    def start(self, outputs: int) -> numpy.ndarray:
        """The start of the sums, in float32."""
        held = json.loads(str(self.learner()["learner_model_param"]["base_score"]))
        scores = numpy.asarray(held if type(held) is list else [held], numpy.float64).astype(numpy.float32)
        if len(scores) not in (1, outputs):
            raise self.no("its base_score does not fit its outputs")
        one = numpy.float32(1)
        if self.objective() in LOGIT:
            scores = numpy.array([-single_log(one / score - one) for score in scores], numpy.float32)
        elif self.objective() in LOG:
            scores = numpy.array([single_log(score) for score in scores], numpy.float32)
        return numpy.broadcast_to(scores, (outputs,))

    def rows(self, value: Value) -> Value:
        """The rows in float32, in which NaN is missing."""
        rows = self.graph.numeric(self, value, "f4", missing=True, infinite=self.infinite, refuse=("none", "truth"))
        missing = 0.0 if value.sparse else self.missing()
        if missing != missing:
            return rows
        if value.sparse and self.missing() == self.missing():
            raise self.no("it takes sparse rows, and another number than NaN as missing")
        if missing in (numpy.inf, -numpy.inf):
            raise self.no("it takes an infinity as missing")
        fill = self.graph.array(numpy.full(rows.width, numpy.nan))
        made = self.graph.node("impute", [rows], rows.width, f4=True, value=number(numpy.float32(missing)), fill=fill)
        return made

    def margins(self, value: Value) -> Value:
        """The sums of the leaves, with the start first."""
        learner = self.learner()
        held, weights = learner["gradient_booster"], None
        if held["name"] not in ("gbtree", "dart"):
            raise self.no(f"its booster {held['name']} is not known to the evaluator")
        if held["name"] == "dart":
            weights, held = numpy.asarray(held["weight_drop"], numpy.float64).astype(numpy.float32), held["gbtree"]
        model, sizes = held["model"], learner["learner_model_param"]
        if (model.get("cats") or {}).get("enc"):
            raise self.no("it learnt columns of pandas' type category, which a request does not have")
        outputs = max(int(sizes["num_class"]), int(sizes.get("num_target", 1)), 1)
        count, end = len(model["trees"]), self.rounds()
        if end:
            bounds = model.get("iteration_indptr") or range(0, count + 1, outputs * int(model["gbtree_model_param"]["num_parallel_tree"]))
            count = int(bounds[end])
        start = self.start(outputs)
        targets = numpy.asarray(model["tree_info"][:count], numpy.int64)
        parts = [self.part(tree) for tree in model["trees"][:count]]
        if not parts:
            raise self.no("it has no trees")
        if weights is not None and self.weighs_afterwards():
            for part, target in zip(parts, targets):
                part["value"] = ((start[target] + part["value"].astype(numpy.float32)) - start[target]).astype(numpy.float64)
        return trees(
            self,
            self.rows(value),
            parts,
            outputs=outputs,
            target=self.graph.array(targets, "i4"),
            start=self.graph.array(start.astype(numpy.float64)),
            weights=None if weights is None else self.graph.array(weights[:count].astype(numpy.float64)),
            compare="lt",
            sum="f4",
            negative="right" if any("bitsets" in part for part in parts) else None,
        )

    def part(self, tree: dict) -> dict:
        """The arrays of one tree. A category that is in none of a node's goes left, so the sides of such a node are swapped."""
        if int(tree["tree_param"].get("size_leaf_vector", 1)) > 1:
            raise self.no("its leaves are vectors, which the evaluator does not know")
        left, right = (numpy.asarray(tree[side], numpy.int64) for side in ("left_children", "right_children"))
        leaf = left < 0
        condition = numpy.asarray(tree["split_conditions"], numpy.float64).astype(numpy.float32).astype(numpy.float64)
        default = numpy.asarray(tree["default_left"], numpy.int64)
        split = ~leaf & (numpy.asarray(tree.get("split_type") or numpy.zeros(len(left)), numpy.int64) == 1)
        part = {
            "feature": numpy.where(leaf, -1, numpy.asarray(tree["split_indices"], numpy.int64)),
            "threshold": numpy.where(leaf | split, 0.0, condition),
            "left": numpy.where(split, right, left),
            "right": numpy.where(split, left, right),
            "missing_left": numpy.where(leaf, 0, numpy.where(split, 1 - default, default)),
            "value": numpy.where(leaf, condition, 0.0).reshape(-1, 1),
        }
        if split.any():
            part.update(self.categories(tree, len(left)))
        return compact(part)

    def categories(self, tree: dict, count: int) -> dict:
        """The categories that go right, as bits."""
        chosen = numpy.asarray(tree["categories"], numpy.int64)
        bits = numpy.zeros((len(tree["categories_nodes"]), int(chosen.max()) // 32 + 1), numpy.uint32)
        category = numpy.full(count, -1)
        for row, node in enumerate(tree["categories_nodes"]):
            from_, size = int(tree["categories_segments"][row]), int(tree["categories_sizes"][row])
            for code in chosen[from_ : from_ + size]:
                bits[row, code >> 5] |= numpy.uint32(1 << int(code & 31))
            category[node] = row
        return {"category": category, "bitsets": bits}

    def means(self, value: Value) -> Value:
        """The sums through the objective's link."""
        objective, raw = self.objective(), self.once("margins", value)
        if objective == "multi:softmax":
            return self.graph.node("select_class", [raw], 1, rule="argmax")
        link = "exp" if objective in LOG else LINKS.get(objective)
        return raw if link is None else self.graph.node("link_f4", [raw], raw.width, f4=True, name=link)


@handles("xgboost.sklearn", "XGBRegressor", "XGBRanker", "XGBRFRegressor")
class XgboostRegressor(Xgboost):
    """What XGBoost's regressors and rankers predict."""


@handles("xgboost.sklearn", "XGBClassifier", "XGBRFClassifier")
class XgboostClassifier(Xgboost):
    """What XGBoost's classifiers predict."""

    def binary(self, value: Value) -> bool:
        """Whether the model has two classes."""
        classes, width = int(self.model.n_classes_), self.once("margins", value).width
        if classes < 2 or (width > 1 and width != classes) or (width > 1 and classes == 2):
            raise self.no("it has one class, or several targets")
        if str(self.model.objective) != self.objective():
            raise self.no("its objective is not the one that it learnt with")
        return width == 1

    def predict(self, value: Value) -> Value:
        """The class."""
        classes = (numpy.arange(int(self.model.n_classes_)),)
        if self.binary(value):
            rule = {"rule": "greater", "column": 0, "at": 0.5}
            return replace(self.graph.node("select_class", [self.once("means", value)], 1, **rule), classes=classes)
        if self.objective() == "multi:softmax":
            return replace(self.once("means", value), classes=classes)
        return replace(self.graph.node("select_class", [self.once("means", value)], 1, rule="argmax"), classes=classes)

    def predict_proba(self, value: Value) -> Value:
        """The probabilities."""
        if self.binary(value):
            return self.graph.node("link_f4", [self.once("means", value)], 2, f4=True, name="binary")
        if self.objective() == "multi:softmax":
            raise self.no("its probabilities are NumPy's in float32, whose last bits are not known to the evaluator")
        return self.once("means", value)


@handles("modelward_native", "XgboostBooster")
class XgboostFile(Xgboost):
    """What a booster of XGBoost predicts, as its own file has it."""

    sparse = False
    infinite = False

    def booster(self) -> Any:
        """The booster, unchanged."""
        return own(self.model.booster, "xgboost.core", "Booster")

    def rounds(self) -> int:
        """All."""
        return 0

    def missing(self) -> float:
        """NaN."""
        return numpy.nan

    def weighs_afterwards(self) -> bool:
        """A booster weighs a tree before it adds it."""
        return False


class Lightgbm(Boosted):
    """A model of LightGBM."""

    library = "lightgbm"

    def booster(self) -> Any:
        """The booster, unchanged."""
        return own(self.model._Booster, "lightgbm.basic", "Booster")

    def text(self) -> tuple[dict, list[dict]]:
        """The members of the head and of each tree, as the library saves the model."""
        if hasattr(self, "parsed"):
            return self.parsed
        booster = self.booster()
        if booster.pandas_categorical:
            raise self.no("it learnt columns of pandas' type category, which a request does not have")
        head: dict = {}
        parts: list[dict] = []
        for line in booster.model_to_string().split("\n"):
            if line == "end of trees":
                break
            name, _, content = line.partition("=")
            if name == "Tree":
                parts.append({})
            elif line:
                (parts[-1] if parts else head)[name] = content
        if not parts:
            raise self.no("it has no trees")
        self.parsed = head, parts
        return self.parsed

    def margins(self, value: Value) -> Value:
        """The sums of the leaves."""
        head, held = self.text()
        outputs = int(head["num_tree_per_iteration"])
        parts = [self.part(tree) for tree in held]
        rows = self.graph.numeric(self, value, "keep", missing=True, infinite=True, refuse=("none", "truth"))
        return trees(
            self,
            rows,
            parts,
            outputs=outputs,
            target=self.graph.array(numpy.arange(len(parts)) % outputs, "i4"),
            negative="truncate" if any("bitsets" in part for part in parts) else None,
        )

    def part(self, tree: dict) -> dict:
        """The arrays of one tree; a leaf stands behind all other nodes."""
        if int(tree.get("is_linear", 0)):
            raise self.no("its leaves are linear, which the evaluator does not know")
        leaves = array(tree["leaf_value"])
        inner = len(leaves) - 1
        if not inner:
            none = numpy.zeros(1, numpy.int64)
            return {"feature": none - 1, "threshold": none.astype(float), "left": none, "right": none, "missing_left": none,
                    "value": leaves.reshape(1, 1)}  # fmt: skip
        kinds, threshold = array(tree["decision_type"], int), array(tree["threshold"])
        split, default, missing = kinds & 1 == 1, (kinds >> 1) & 1, (kinds >> 2) & 3
        zero_left = (threshold >= 0).astype(int)
        go = numpy.where(split, 0, numpy.where(missing == 0, zero_left, default))
        edge = numpy.where(threshold >= 0, ZERO, numpy.nextafter(-ZERO, -1))
        limit = numpy.where((threshold >= -ZERO) & (threshold < ZERO), edge, threshold)
        sides = [array(tree[name], int) for name in ("left_child", "right_child")]
        left, right = (numpy.where(side >= 0, side, inner + ~side) for side in sides)

        def padded(values: numpy.ndarray, rest: int = 0) -> numpy.ndarray:
            return numpy.concatenate([values, numpy.full(len(leaves), rest, values.dtype)])

        part = {
            "feature": padded(array(tree["split_feature"], int), -1),
            "threshold": padded(numpy.where(split, 0.0, limit)),
            "left": padded(left),
            "right": padded(right),
            "missing_left": padded(go),
            "value": numpy.concatenate([numpy.zeros(inner), leaves]).reshape(-1, 1),
        }
        zeros = ~split & (missing == 1) & (zero_left != default)
        if zeros.any():
            part["zero_missing"] = padded(zeros.astype(int))
        if split.any():
            bounds, words = array(tree["cat_boundaries"], int), array(tree["cat_threshold"], int)
            bits = numpy.zeros((len(bounds) - 1, int(numpy.diff(bounds).max())), numpy.uint32)
            for row, (first, last) in enumerate(zip(bounds, bounds[1:])):
                bits[row, : last - first] = words[first:last]
            part["category"], part["bitsets"] = padded(numpy.where(split, threshold.astype(int), -1), -1), bits
        return compact(part)

    def means(self, value: Value) -> Value:
        """The sums through the objective's link."""
        graph, raw, (head, parts) = self.graph, self.once("margins", value), self.text()
        if "average_output" in head:
            raw = graph.arithmetic(raw, ("divide", float(len(parts) // raw.width)))
        name, *rest = head.get("objective", "none").split(" ")
        options = dict(option.split(":", 1) for option in rest if ":" in option)
        if "sqrt" in rest or (name not in IDENTITY and name not in LIGHTGBM):
            raise self.no(f"its objective {name} is not known to the evaluator")
        if name in ("binary", "multiclassova") and float(options["sigmoid"]) != 1:
            raw = graph.arithmetic(raw, ("multiply", float(options["sigmoid"])))
        for op, link in LIGHTGBM.get(name, ()):
            raw = graph.node(op, [raw], raw.width, name=link)
        return raw


LIGHTGBM = {
    "binary": (("link", "expit"),),
    "multiclassova": (("link", "expit"),),
    "multiclass": (("link", "softmax"),),
    "cross_entropy": (("link", "expit"),),
    "cross_entropy_lambda": (("function", "exp"), ("function", "log1p")),
    "poisson": (("link", "exp"),),
    "gamma": (("link", "exp"),),
    "tweedie": (("link", "exp"),),
}
"""The nodes of each objective's link."""


def array(text: str, kind: type = float) -> numpy.ndarray:
    """The numbers of a line."""
    return numpy.array(text.split(), numpy.float64 if kind is float else numpy.int64)


class LightgbmModel(Lightgbm):
    """What the classes for scikit-learn share."""

    def means(self, value: Value) -> Value:
        """The booster's, when no parameter asks for something else."""
        if type(self.model._objective) is not str:
            raise self.no("its objective is a function")
        odd = [name for name in self.model._other_params if name.startswith(OF_PREDICT)]
        if odd:
            raise self.no(f"its parameter {odd[0]} is not known to the evaluator")
        return super().means(value)


@handles("lightgbm.sklearn", "LGBMRegressor", "LGBMRanker")
class LightgbmRegressor(LightgbmModel):
    """What LightGBM's regressors and rankers predict."""


@handles("lightgbm.sklearn", "LGBMClassifier")
class LightgbmClassifier(LightgbmModel):
    """What LightGBM's classifiers predict."""

    def predict(self, value: Value) -> Value:
        """The class of the largest probability."""
        own(self.model._le, "sklearn.preprocessing", "LabelEncoder")
        made = self.graph.node("select_class", [self.once("predict_proba", value)], 1, rule="argmax")
        return replace(made, classes=(plain_array(self.model._le.classes_),))

    def predict_proba(self, value: Value) -> Value:
        """The probabilities."""
        means, classes = self.once("means", value), len(plain_array(self.model._le.classes_))
        if classes < 2 or means.width not in (1, classes) or (means.width == 1 and classes > 2):
            raise self.no("its outputs are not those of its classes")
        return means if means.width > 1 else self.graph.node("link", [means], 2, name="binary")

    def decision_function(self, value: Value) -> Value:
        """The sums of the leaves."""
        return self.once("margins", value)


@handles("modelward_native", "LightgbmBooster")
class LightgbmFile(Lightgbm):
    """What a booster of LightGBM predicts, as its own file has it."""

    sparse = False

    def booster(self) -> Any:
        """The booster, unchanged."""
        return own(self.model.booster, "lightgbm.basic", "Booster")
