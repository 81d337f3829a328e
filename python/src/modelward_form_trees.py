"""scikit-learn's trees, forests and boosting in the portable form."""

import functools
from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Refused, Value, handles, own, plain_array, unchanged

TREES = ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor")
MOST_OUTPUTS = 1000


class Classifier(Estimator):
    """A classifier whose classes_ are one array, or one for each target."""

    def labels(self) -> tuple:
        """The classes of each target."""
        held = self.model.classes_
        if type(held) is list:
            kind = held[0].dtype
            return tuple(plain_array(classes).astype(kind) for classes in held)
        return (plain_array(held),)

    def chosen(self, value: Value, rule: str, **members: Any) -> Value:
        """The index of the class that a rule takes of the scores."""
        made = self.graph.node("select_class", [value], 1, rule=rule, **members)
        return replace(made, classes=self.labels())


def trees(where: Estimator, value: Value, parts: list[dict], before: Value | None = None, **members: Any) -> Value:
    """A node of trees; the parts have the arrays of one tree each."""
    graph, at, roots, rows = where.graph, 0, [], 0
    merged: dict[str, list] = {name: [] for name in ("feature", "threshold", "left", "right", "missing_left", "value", "category")}
    zeros = any("zero_missing" in part for part in parts)
    if zeros:
        merged["zero_missing"] = [part.get("zero_missing", numpy.zeros(len(part["feature"]))) for part in parts]
    bitsets = [part["bitsets"] for part in parts if "bitsets" in part]
    for part in parts:
        size = len(part["feature"])
        inner = part["feature"] >= 0
        places = numpy.arange(size)
        if (part["left"][inner] <= places[inner]).any() or (part["right"][inner] <= places[inner]).any():
            raise where.no("a tree has a child before its parent")
        roots.append(at)
        for name in ("feature", "threshold", "missing_left", "value"):
            merged[name].append(part[name])
        merged["left"].append(numpy.where(inner, part["left"] + at, 0))
        merged["right"].append(numpy.where(inner, part["right"] + at, 0))
        category = part.get("category", numpy.full(size, -1))
        merged["category"].append(numpy.where(category >= 0, category + rows, -1))
        rows += len(part.get("bitsets", ()))
        at += size
    kinds = {"threshold": "f8", "missing_left": "u1", "zero_missing": "u1", "value": "f8"}
    arrays = {name: graph.array(numpy.concatenate(merged[name]), kinds.get(name, "i4")) for name in merged if name != "category"}
    if rows:
        arrays["category"] = graph.array(numpy.concatenate(merged["category"]), "i4")
        words = max(bits.shape[1] for bits in bitsets)
        bitsets = [numpy.pad(bits, ((0, 0), (0, words - bits.shape[1]))) for bits in bitsets]
        arrays["bitsets"] = graph.array(numpy.concatenate(bitsets).astype("<u4").view("<i4"), "i4")
    outputs = members.pop("outputs")
    return graph.node(
        "trees",
        [value] if before is None else [value, before],
        outputs,
        roots=graph.array(numpy.array(roots), "i4"),
        **arrays,
        f4=members.get("sum") == "f4",
        outputs=outputs,
        missing="node",
        **{"compare": "le", "sum": "f8", **members},
    )


def nodes_of(tree: Any, features: Any = None) -> dict:
    """The arrays of a tree of scikit-learn; features are the columns that it was given."""
    own_tree = type(tree)
    import sklearn.tree._tree

    if own_tree is not sklearn.tree._tree.Tree:
        raise Refused("the model holds a tree that is not scikit-learn's")
    nodes = tree.__getstate__()["nodes"]
    leaf = nodes["left_child"] < 0
    feature = nodes["feature"].astype(numpy.int64)
    if features is not None:
        feature = plain_array(features)[numpy.where(leaf, 0, feature)]
    value = tree.value
    return {
        "feature": numpy.where(leaf, -1, feature),
        "threshold": numpy.where(leaf, 0.0, nodes["threshold"]),
        "left": nodes["left_child"].astype(numpy.int64),
        "right": nodes["right_child"].astype(numpy.int64),
        "missing_left": numpy.where(leaf, 0, nodes["missing_go_to_left"]),
        "value": value.reshape(len(value), -1),
    }


class TreeRows(Classifier):
    """What trees and forests share: the check of rows, and the answers of the sums."""

    sparse = True

    def rows(self, value: Value, tree: Any) -> Value:
        """The rows in float32, with NaN where the trees take it."""
        missing = not value.sparse and bool(tree._support_missing_values(numpy.zeros((1, value.width))))
        return self.graph.numeric(self, value, "f4", missing=missing)

    def total(self, value: Value) -> Value:
        """The sum of the trees' leaves."""
        raise NotImplementedError

    def counts(self) -> list[int]:
        """The number of classes of each target."""
        return [len(classes) for classes in self.labels()]

    def parts(self, value: Value) -> tuple[Value, list[Value]]:
        """The probabilities of all targets side by side, and of each."""
        whole = self.graph.made.get((id(self.model), "total", value.id)) or self.total(value)
        self.graph.made[id(self.model), "total", value.id] = whole
        counts, widest = self.counts(), max(self.counts())
        if len(counts) == 1:
            return whole, [self.graph.columns_of(whole, range(counts[0]))]
        return whole, [self.graph.columns_of(whole, range(k * widest, k * widest + n)) for k, n in enumerate(counts)]

    def predict(self, value: Value) -> Value:
        """Class indices, or the mean of the leaves."""
        if not hasattr(self.model, "classes_"):
            return self.total(value)
        _, parts = self.parts(value)
        chosen = [self.chosen(part, "argmax") for part in parts]
        return chosen[0] if len(chosen) == 1 else replace(self.graph.concat(chosen), classes=self.labels())

    def predict_proba(self, value: Value) -> Value:
        """The probabilities; of several targets, those of each beside those of the one before."""
        if len(set(self.counts())) > 1:
            raise self.no("its targets have different numbers of classes")
        whole, parts = self.parts(value)
        return parts[0] if len(parts) == 1 else replace(whole, targets=len(parts))


@handles("sklearn.tree", *TREES)
class Tree(TreeRows):
    """One tree."""

    def total(self, value: Value) -> Value:
        """The value of the leaf."""
        rows = self.rows(value, self.model)
        part = nodes_of(self.model.tree_)
        return trees(self, rows, [part], outputs=part["value"].shape[1])


@handles("sklearn.ensemble", "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor")
class Forest(TreeRows):
    """A forest: the sum of the leaves in the order of the trees, divided by their number."""

    def total(self, value: Value) -> Value:
        """The mean of the leaves."""
        estimators = [own(tree, "sklearn.tree", *TREES) for tree in self.model.estimators_]
        rows = self.rows(value, estimators[0])
        parts = [nodes_of(tree.tree_) for tree in estimators]
        return trees(self, rows, parts, outputs=parts[0]["value"].shape[1], divide=len(parts))


def own_loss(loss: Any) -> str:
    """The name of a loss's link, when both are scikit-learn's own."""
    import sklearn._loss.link
    import sklearn._loss.loss

    if vars(sklearn._loss.loss).get(type(loss).__name__) is not type(loss):
        raise Refused("the model's loss is not scikit-learn's own")
    if vars(sklearn._loss.link).get(type(loss.link).__name__) is not type(loss.link):
        raise Refused("the link of the model's loss is not scikit-learn's own")
    unchanged(loss.link, "the link")
    return type(loss.link).__name__


@handles("sklearn.ensemble", "GradientBoostingClassifier", "GradientBoostingRegressor")
class GradientBoosting(Classifier):
    """Boosting: the start, and then each leaf times the learning rate, in the order of the trees."""

    sparse = True

    def raw(self, value: Value) -> Value:
        """The raw sums, one column or one per class."""
        model, rows = self.model, self.graph.numeric(self, value, "f4")
        own_loss(model._loss)
        if type(model.estimators_) is not numpy.ndarray:
            raise self.no("its estimators are not in scikit-learn's array")
        stages, outputs = model.estimators_.shape
        estimators = [own(tree, "sklearn.tree", *TREES) for tree in model.estimators_.ravel()]
        parts = [nodes_of(tree.tree_) for tree in estimators]
        targets = self.graph.array(numpy.tile(numpy.arange(outputs), stages), "i4")
        start, constant = None, None
        if not isinstance(model.init_, str):
            if type(model.init_).__name__ in ("DummyClassifier", "DummyRegressor"):
                own(model.init_, "sklearn.dummy", "DummyClassifier", "DummyRegressor")
                if getattr(model.init_, "strategy", "") not in ("prior", "most_frequent", "mean", "median", "quantile", "constant"):
                    raise self.no("its start answers at random")
                constant = model._raw_predict_init(numpy.zeros((1, value.width), "<f4"))[0]
            else:
                start = self.start(rows)
        scale = float(model.learning_rate)
        members = {"outputs": outputs, "target": targets, "scale": scale}
        return trees(self, rows, parts, start, start=None if constant is None else self.graph.array(constant), **members)

    def start(self, rows: Value) -> Value:
        """What another estimator gives the sums to start with."""
        init = self.child(self.model.init_, "start")
        if not hasattr(self.model, "classes_"):
            return init.ask("predict", rows)
        if len(self.model.classes_) > 2:
            raise self.no("its start is another classifier, for more than two classes")
        eps = numpy.finfo(numpy.float64).eps
        probability = self.graph.columns_of(init.ask("predict_proba", rows), [1])
        clipped = self.graph.arithmetic(probability, ("maximum", eps), ("minimum", 1 - eps))
        made = self.graph.node("function", [clipped], 1, name="logit")
        return self.graph.arithmetic(made, ("multiply", 0.5)) if self.model.loss == "exponential" else made

    def decision_function(self, value: Value) -> Value:
        """The raw sums."""
        key = (id(self.model), "raw", value.id)
        if key not in self.graph.made:
            self.graph.made[key] = self.raw(value)
        return self.graph.made[key]

    def predict(self, value: Value) -> Value:
        """The raw sum, or the class that it stands for."""
        raw = self.decision_function(value)
        if not hasattr(self.model, "classes_"):
            return raw
        return self.chosen(raw, "not_negative" if raw.width == 1 else "argmax")

    def predict_proba(self, value: Value) -> Value:
        """The probabilities by the loss's link."""
        raw = self.decision_function(value)
        if raw.width > 1:
            return self.graph.node("link", [raw], raw.width, name="softmax")
        if self.model.loss == "exponential":
            raw = self.graph.arithmetic(raw, ("multiply", 2.0))
        return self.graph.node("link", [raw], 2, name="binary_expit")


@handles("sklearn.ensemble", "HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
class HistGradientBoosting(Classifier):
    """Boosting of binned rows: the baseline, and then each leaf, in the order of the trees."""

    def rows(self, value: Value) -> Value:
        """The rows as the trees take them: categories as numbers, and before all other columns."""
        preprocessor = self.model._preprocessor
        if preprocessor is None:
            return self.graph.numeric(self, value, missing=True, infinite=True)
        from sklearn.utils import check_array

        own(preprocessor, "sklearn.compose", "ColumnTransformer")
        (_, encoder, _), (_, plain, _) = preprocessor.transformers_[:2]
        columns = preprocessor._transformer_to_input_indices
        encoded = self.child(encoder, "categories").ask("transform", self.graph.columns_of(value, columns["encoder"]))
        if not columns["numerical"]:
            return encoded
        check = getattr(own(plain, "sklearn.preprocessing", "FunctionTransformer"), "func", None)
        options = {"dtype": [numpy.float64], "ensure_all_finite": False}
        if type(check) is not functools.partial or check.func is not check_array or check.args or check.keywords != options:
            raise self.no("its check of rows is not scikit-learn's own")
        numbers = self.graph.columns_of(value, columns["numerical"])
        return self.graph.concat([encoded, self.graph.numeric(self, numbers, missing=True, infinite=True)])

    def raw(self, value: Value) -> Value:
        """The raw sums, one column or one per class."""
        key = (id(self.model), "raw", value.id)
        if key in self.graph.made:
            return self.graph.made[key]
        model, parts = self.model, []
        own(model._bin_mapper, "sklearn.ensemble._hist_gradient_boosting.binning", "_BinMapper")
        own_loss(model._loss)
        outputs = int(model.n_trees_per_iteration_)
        for iteration in model._predictors:
            for predictor in iteration:
                own(predictor, "sklearn.ensemble._hist_gradient_boosting.predictor", "TreePredictor")
                parts.append(self.part(predictor))
        if not parts:
            raise self.no("it has no trees")
        targets = self.graph.array(numpy.tile(numpy.arange(outputs), len(model._predictors)), "i4")
        baseline = self.graph.array(numpy.asarray(model._baseline_prediction, "<f8").reshape(outputs))
        made = trees(self, self.rows(value), parts, outputs=outputs, target=targets, start=baseline)
        self.graph.made[key] = made
        return made

    def part(self, predictor: Any) -> dict:
        """The arrays of one tree."""
        nodes = plain_array(predictor.nodes)
        leaf = nodes["is_leaf"] != 0
        part = {
            "feature": numpy.where(leaf, -1, nodes["feature_idx"].astype(numpy.int64)),
            "threshold": numpy.where(leaf | (nodes["is_categorical"] != 0), 0.0, nodes["num_threshold"]),
            "left": nodes["left"].astype(numpy.int64),
            "right": nodes["right"].astype(numpy.int64),
            "missing_left": numpy.where(leaf, 0, nodes["missing_go_to_left"]),
            "value": nodes["value"].reshape(-1, 1),
        }
        split = ~leaf & (nodes["is_categorical"] != 0)
        if split.any():
            part["category"] = numpy.where(split, nodes["bitset_idx"].astype(numpy.int64), -1)
            part["bitsets"] = plain_array(predictor.raw_left_cat_bitsets)
        return part

    def decision_function(self, value: Value) -> Value:
        """The raw sums."""
        return self.raw(value)

    def predict(self, value: Value) -> Value:
        """The raw sum through the loss's link, or the class."""
        raw = self.raw(value)
        if hasattr(self.model, "classes_"):
            return self.chosen(raw, "positive" if raw.width == 1 else "argmax")
        link = own_loss(self.model._loss)
        if link == "IdentityLink":
            return raw
        if link != "LogLink":
            raise self.no(f"its link {link} is not known to the evaluator")
        return self.graph.node("link", [raw], 1, name="exp")

    def predict_proba(self, value: Value) -> Value:
        """The probabilities."""
        raw = self.raw(value)
        if raw.width > 1:
            return self.graph.node("link", [raw], raw.width, name="softmax")
        return self.graph.node("link", [raw], 2, name="binary_expit")


@handles("sklearn.ensemble", "IsolationForest")
class IsolationForest(Estimator):
    """A forest whose leaves hold path lengths."""

    def score_samples(self, value: Value) -> Value:
        """The opposite of the anomaly score."""
        key = (id(self.model), "score", value.id)
        if key in self.graph.made:
            return self.graph.made[key]
        model = self.model
        rows = self.graph.numeric(self, value, "f4", missing=True, infinite=True)
        whole = model._max_features == value.width
        parts = []
        for i, (tree, features) in enumerate(zip(model.estimators_, model.estimators_features_)):
            own(tree, "sklearn.tree", "ExtraTreeRegressor")
            part = nodes_of(tree.tree_, None if whole else features)
            lengths = plain_array(model._decision_path_lengths[i]) + plain_array(model._average_path_length_per_tree[i]) - 1.0
            parts.append({**part, "value": lengths.reshape(-1, 1)})
        from sklearn.ensemble._iforest import _average_path_length

        denominator = len(parts) * float(_average_path_length([model._max_samples])[0])
        made = trees(self, rows, parts, outputs=1)
        self.graph.made[key] = self.graph.node("path_score", [made], 1, denominator=denominator)
        return self.graph.made[key]

    def decision_function(self, value: Value) -> Value:
        """The score without its offset."""
        return self.graph.arithmetic(self.score_samples(value), ("subtract", float(self.model.offset_)))

    def predict(self, value: Value) -> Value:
        """-1 for outliers, 1 for all others."""
        made = self.graph.node("select_class", [self.decision_function(value)], 1, rule="not_negative")
        return replace(made, classes=(numpy.array([-1, 1]),))


class Committee(Classifier):
    """An ensemble of any estimators, described as one step."""

    def members(self) -> list[Estimator]:
        """The describers of its estimators."""
        return [self.child(model, f"estimator {i + 1}") for i, model in enumerate(self.model.estimators_)]

    def places(self, member: Estimator, value: Value) -> Value:
        """The class indices that a member predicts, as indices of the committee's classes."""
        answer = member.ask("predict", value)
        return aligned(self, answer, self.labels()[0])


def aligned(where: Estimator, answer: Value, classes: numpy.ndarray) -> Value:
    """Class indices of an inner estimator as indices of these classes."""
    if answer.classes is None or answer.width != 1:
        raise where.no("one of its estimators is not a classifier of one target")
    inner, wanted = answer.classes[0].tolist(), classes.tolist()
    if inner == wanted:
        return answer
    if any(label not in wanted for label in inner):
        raise where.no("one of its estimators knows a class that it does not have")
    places = numpy.array([wanted.index(label) for label in inner], "<f8")
    return replace(where.graph.node("lookup", [answer], 1, values=where.graph.array(places)), classes=(classes,))


@handles("sklearn.ensemble", "BaggingClassifier", "BaggingRegressor")
class Bagging(Committee):
    """The mean of estimators that get some of the columns each."""

    sparse = True

    def subsets(self, value: Value) -> list[Value]:
        """The columns of each estimator."""
        if value.frame:
            value = replace(value, names=None)
        return [self.graph.columns_of(value, features) for features in self.model.estimators_features_]

    def predict_proba(self, value: Value) -> Value:
        """The mean of the probabilities, or of the votes."""
        parts, classes = [], len(self.labels()[0])
        for member, rows in zip(self.members(), self.subsets(value)):
            if hasattr(member.model, "predict_proba"):
                part = member.ask("predict_proba", rows)
                held = plain_array(member.model.classes_)
                if part.width != classes:
                    part = self.graph.node("scatter", [part], classes, indices=[int(i) for i in held], width=classes)
            else:
                vote = aligned(self, member.ask("predict", rows), numpy.arange(classes))
                part = self.graph.node("ballot", [vote], classes, classes=classes, weights=[1.0])
            parts.append(part)
        return self.graph.node("mean", parts, classes)

    def predict(self, value: Value) -> Value:
        """The class of the largest mean, or the mean itself."""
        if hasattr(self.model, "classes_"):
            return self.chosen(self.predict_proba(value), "argmax")
        parts = [member.ask("predict", rows) for member, rows in zip(self.members(), self.subsets(value))]
        return self.graph.node("mean", parts, parts[0].width)

    def decision_function(self, value: Value) -> Value:
        """The mean of the decisions, where each estimator knows all classes."""
        parts = [member.ask("decision_function", rows) for member, rows in zip(self.members(), self.subsets(value))]
        if any(part.width != parts[0].width for part in parts):
            raise self.no("its estimators know different classes")
        return self.graph.node("mean", parts, parts[0].width)


@handles("sklearn.ensemble", "AdaBoostClassifier", "AdaBoostRegressor")
class AdaBoost(Committee):
    """Weighted votes, or the weighted median."""

    sparse = True

    def rows(self, value: Value) -> Value:
        """The rows without NaN."""
        key = (id(self.model), "rows", value.id)
        if key not in self.graph.made:
            self.graph.made[key] = self.graph.numeric(self, value, "keep")
        return self.graph.made[key]

    def decision_function(self, value: Value) -> Value:
        """The weighted votes for each class; of two classes, their difference."""
        classes = len(self.labels()[0])
        if classes < 2:
            raise self.no("it knows one class only")
        weights = plain_array(self.model.estimator_weights_)[: len(self.model.estimators_)]
        value = self.rows(value)
        votes = [self.places(member, value) for member in self.members()]
        against = [-1 / (classes - 1) * weight for weight in weights]
        made = self.graph.node(
            "ballot", votes, classes, classes=classes, weights=[float(w) for w in weights], against=[float(w) for w in against]
        )
        made = self.graph.arithmetic(made, ("divide", float(self.model.estimator_weights_.sum())))
        if classes > 2:
            return made
        return self.graph.node(
            "linear", [made], 1, coefficients=self.graph.array([[-1.0, 1.0]]), intercept=self.graph.array([0.0])
        )

    def predict(self, value: Value) -> Value:
        """The class with the most votes, or the median."""
        if hasattr(self.model, "classes_"):
            decision = self.ask("decision_function", value)
            return self.chosen(decision, "positive" if decision.width == 1 else "argmax")
        rows = self.rows(value)
        parts = [member.ask("predict", rows) for member in self.members()]
        weights = plain_array(self.model.estimator_weights_)[: len(parts)]
        return self.graph.node("weighted_median", parts, 1, weights=[float(weight) for weight in weights])

    def predict_proba(self, value: Value) -> Value:
        """The softmax of the votes."""
        decision, classes = self.decision_function(value), len(self.labels()[0])
        if classes == 2:
            pair = self.graph.node("link", [decision], 2, name="pair")
            scaled = self.graph.arithmetic(pair, ("divide", 2.0))
        else:
            scaled = self.graph.arithmetic(decision, ("divide", float(classes - 1)))
        return self.graph.node("link", [scaled], classes, name="softmax")
