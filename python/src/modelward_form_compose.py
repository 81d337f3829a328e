"""scikit-learn's pipelines and estimators made of estimators in the portable form."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Value, handles, own, plain_array
from modelward_form_trees import Classifier, aligned


class Composite(Estimator):
    """An estimator made of others."""

    leaf = False


@handles("sklearn.pipeline", "Pipeline")
class Pipeline(Composite):
    """One estimator after the other."""

    def before(self, value: Value) -> Value:
        """What the last step gets."""
        for i, (_, step) in enumerate(self.model.steps[:-1]):
            value = self.apply(i, step, value)
        return value

    def apply(self, i: int, step: Any, value: Value) -> Value:
        """What a step makes of its rows."""
        return value if step is None or step == "passthrough" else self.child(step, f"step {i + 1}").ask("transform", value)

    def last(self, method: str, value: Value) -> Value:
        """A method of the last step."""
        value = self.before(value)
        return self.child(self.model.steps[-1][1], f"step {len(self.model.steps)}").ask(method, value)

    def transform(self, value: Value) -> Value:
        """All steps, each of which transforms."""
        return self.apply(len(self.model.steps) - 1, self.model.steps[-1][1], self.before(value))

    def predict(self, value: Value) -> Value:
        """The last step's."""
        return self.last("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The last step's."""
        return self.last("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The last step's."""
        return self.last("decision_function", value)

    def score_samples(self, value: Value) -> Value:
        """The last step's."""
        return self.last("score_samples", value)


@handles("sklearn.compose", "ColumnTransformer")
class Columns(Composite):
    """Transformers of some columns each, side by side."""

    def transform(self, value: Value) -> Value:
        """The results in the order of the transformers."""
        model, parts = self.model, []
        if value.width != int(model.n_features_in_):
            raise self.no(f"it learnt {model.n_features_in_} columns and gets {value.width}")
        weights = model.transformer_weights or {}
        for name, transformer, _ in model.transformers_:
            if isinstance(transformer, str) and transformer == "drop":
                continue
            places = [int(i) for i in model._transformer_to_input_indices[name]]
            if not places:
                continue
            part = self.graph.columns_of(value, places)
            if not (isinstance(transformer, str) and transformer == "passthrough"):
                part = self.child(transformer, f"part {name!r}").ask("transform", part)
            if weights.get(name) is not None:
                part = self.weighted(part, weights[name])
            parts.append(part)
        if not parts:
            raise self.no("it makes no column")
        return joined(self, parts, bool(model.sparse_output_))

    def weighted(self, part: Value, weight: float) -> Value:
        """A part times its weight."""
        return self.graph.arithmetic(self.graph.numeric(self, part, "keep", missing=True, infinite=True), ("multiply", float(weight)))


def joined(where: Estimator, parts: list[Value], sparse: bool) -> Value:
    """Parts side by side: an array, a sparse one or a DataFrame."""
    graph = where.graph
    if sparse:
        parts = [graph.numeric(where, part, "keep", missing=True, infinite=True) if part.frame else part for part in parts]
    table = where.output() == "pandas"
    loose = any(part.loose for part in parts)
    made = graph.concat([replace(part, sparse=False) for part in parts], sparse)
    return replace(made, loose=loose and made.frame, table=True) if table else replace(made, table=False)


@handles("sklearn.pipeline", "FeatureUnion")
class Union(Columns):
    """Transformers of the same rows, side by side."""

    def transform(self, value: Value) -> Value:
        """The results in the order of the transformers."""
        model, parts = self.model, []
        weights = model.transformer_weights or {}
        for name, transformer in model.transformer_list:
            if isinstance(transformer, str) and transformer == "drop":
                continue
            part = value
            if not (transformer is None or isinstance(transformer, str)):
                part = self.child(transformer, f"part {name!r}").ask("transform", value)
            parts.append(part if weights.get(name) is None else self.weighted(part, weights[name]))
        if not parts:
            raise self.no("it makes no column")
        return joined(self, parts, any(part.sparse for part in parts))


@handles("sklearn.model_selection", "GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")
class Search(Composite):
    """The best estimator that a search found."""

    def best(self, method: str, value: Value) -> Value:
        """A method of the best estimator."""
        return self.child(self.model.best_estimator_, "best estimator").ask(method, value)

    def predict(self, value: Value) -> Value:
        """The best estimator's."""
        return self.best("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The best estimator's."""
        return self.best("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The best estimator's."""
        return self.best("decision_function", value)

    def score_samples(self, value: Value) -> Value:
        """The best estimator's."""
        return self.best("score_samples", value)

    def transform(self, value: Value) -> Value:
        """The best estimator's."""
        return self.best("transform", value)


class Members(Composite, Classifier):
    """Several estimators of the same rows."""

    def members(self) -> list[Estimator]:
        """The describers of the estimators."""
        names = [name for name, estimator in self.model.estimators if estimator != "drop"]
        return [self.child(model, f"estimator {name!r}") for name, model in zip(names, self.model.estimators_)]


@handles("sklearn.ensemble", "VotingClassifier", "VotingRegressor")
class Voting(Members):
    """The mean, or the votes, of estimators."""

    def weights(self) -> list[float] | None:
        """The weights of the estimators."""
        weights = self.model._weights_not_none
        return None if weights is None else [float(weight) for weight in weights]

    def predict(self, value: Value) -> Value:
        """The mean, or the class."""
        if self.kind == "VotingRegressor":
            return self.graph.node("mean", [m.ask("predict", value) for m in self.members()], 1, weights=self.weights())
        if self.model.voting == "soft":
            return self.chosen(self.predict_proba(value), "argmax")
        own(self.model.le_, "sklearn.preprocessing", "LabelEncoder")
        places = numpy.arange(len(self.labels()[0]))
        votes = [aligned(self, member.ask("predict", value), places) for member in self.members()]
        made = self.graph.node("vote", votes, 1, weights=self.weights(), classes=len(places))
        return replace(made, classes=self.labels())

    def predict_proba(self, value: Value) -> Value:
        """The mean of the probabilities."""
        if self.model.voting != "soft":
            raise self.no("it votes, and has no probabilities")
        parts = [member.ask("predict_proba", value) for member in self.members()]
        return self.graph.node("mean", parts, parts[0].width, weights=self.weights())


@handles("sklearn.ensemble", "StackingClassifier", "StackingRegressor")
class Stacking(Members):
    """An estimator of what estimators answer."""

    def before(self, value: Value) -> Value:
        """What the final estimator gets."""
        parts = []
        for member, method in zip(self.members(), self.model.stack_method_):
            part = member.ask(method, value)
            if part.targets > 1:
                raise self.no("its estimators have several targets")
            if part.classes is not None:
                labels = part.classes[0]
                if labels.dtype.kind not in "iufb":
                    raise self.no("its estimators answer with texts")
                part = self.graph.node("lookup", [part], 1, values=self.graph.array(labels.astype("<f8")))
            if method == "predict_proba" and part.width == 2:
                part = self.graph.columns_of(part, [1])
            parts.append(replace(part, names=None))
        if self.model.passthrough:
            parts.append(value)
        return replace(self.graph.concat(parts, sparse=self.model.passthrough and value.sparse), table=False)

    def final(self, method: str, value: Value) -> Value:
        """A method of the final estimator."""
        made = self.child(self.model.final_estimator_, "final estimator").ask(method, self.before(value))
        if self.kind == "StackingRegressor":
            return made
        own(self.model._label_encoder, "sklearn.preprocessing", "LabelEncoder")
        count = len(self.labels()[0])
        if method == "predict":
            return replace(aligned(self, made, numpy.arange(count)), classes=self.labels())
        return made

    def predict(self, value: Value) -> Value:
        """The final estimator's."""
        return self.final("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The final estimator's."""
        return self.final("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The final estimator's."""
        return self.final("decision_function", value)


@handles("sklearn.compose", "TransformedTargetRegressor")
class Target(Composite):
    """A regressor whose answer is turned back."""

    def predict(self, value: Value) -> Value:
        """The answer of the regressor, turned back by a function or a scaler."""
        from modelward_form_prepare import of_function

        model, graph = self.model, self.graph
        made = self.child(model.regressor_, "regressor").ask("predict", value)
        transformer = model.transformer_
        row = not (model._training_dim == 1 and made.width == 1)
        if type(transformer).__name__ == "FunctionTransformer":
            own(transformer, "sklearn.preprocessing", "FunctionTransformer")
            if transformer.inv_kw_args:
                raise self.no("its function has arguments")
            rows = graph.numeric(self, made, "f8") if transformer.validate else made
            made = rows if transformer.inverse_func is None else of_function(self, transformer.inverse_func, rows)
        else:
            made = self.back(transformer, made)
        return replace(made, row=row)

    def back(self, scaler: Any, made: Value) -> Value:
        """The inverse of a scaler."""
        own(scaler, "sklearn.preprocessing", "StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")
        kind = type(scaler).__name__
        rows = self.graph.numeric(self, made, "f8", missing=True)
        steps: list = []
        if kind == "MinMaxScaler":
            steps = [("subtract", plain_array(scaler.min_)), ("divide", plain_array(scaler.scale_))]
        else:
            scaled = {"StandardScaler": "with_std", "RobustScaler": "with_scaling"}.get(kind)
            centred = {"StandardScaler": ("with_mean", "mean_"), "RobustScaler": ("with_centering", "center_")}.get(kind)
            if scaled is None or getattr(scaler, scaled):
                steps.append(("multiply", plain_array(scaler.scale_)))
            if centred and getattr(scaler, centred[0]):
                steps.append(("add", plain_array(getattr(scaler, centred[1]))))
        return self.graph.arithmetic(rows, *steps)


@handles("sklearn.multioutput", "MultiOutputClassifier", "MultiOutputRegressor")
class Several(Composite):
    """An estimator for each target."""

    def parts(self, method: str, value: Value) -> list[Value]:
        """What each estimator answers."""
        return [self.child(model, f"target {i + 1}").ask(method, value) for i, model in enumerate(self.model.estimators_)]

    def predict(self, value: Value) -> Value:
        """The targets side by side."""
        parts = self.parts("predict", value)
        if any(part.width != 1 for part in parts):
            raise self.no("one of its estimators has several targets")
        made = replace(self.graph.concat(parts), row=True)
        if parts[0].classes is None:
            return made
        labels = [part.classes[0] for part in parts]
        if len({each.dtype.kind for each in labels}) > 1:
            raise self.no("its targets have classes of different types")
        return replace(made, classes=tuple(labels))

    def predict_proba(self, value: Value) -> Value:
        """The probabilities of each target."""
        parts = self.parts("predict_proba", value)
        if any(part.width != parts[0].width or part.targets > 1 for part in parts):
            raise self.no("its targets have different numbers of classes")
        return replace(self.graph.concat(parts), targets=len(parts))


@handles("sklearn.multioutput", "ClassifierChain", "RegressorChain")
class Chain(Composite):
    """Estimators that get the answers of those before them; scikit-learn answers with numbers."""

    def outputs(self, method: str, value: Value) -> Value:
        """A method of each estimator, in the order of the targets."""
        model, graph = self.model, self.graph
        rows = graph.numeric(self, value, "keep")
        chained = getattr(model, "chain_method_", "predict")
        features: list[Value] = []
        made: list[Value] = []
        for i, estimator in enumerate(model.estimators_):
            child = self.child(estimator, f"link {i + 1}")
            given = graph.concat([rows, *features], rows.sparse) if features else rows
            features.append(self.number(child, chained, given))
            made.append(self.number(child, method, given))
        order = [int(i) for i in model.order_]
        return replace(graph.columns_of(graph.concat(made), [order.index(i) for i in range(len(order))]), row=True)

    def number(self, child: Estimator, method: str, rows: Value) -> Value:
        """One number for each row: a label, a probability or a score."""
        answer = child.ask(method, rows)
        if answer.classes is not None:
            labels = answer.classes[0]
            if labels.dtype.kind not in "iufb":
                raise self.no("its estimators answer with texts")
            return self.graph.node("lookup", [answer], 1, values=self.graph.array(labels.astype("<f8")))
        if method == "predict_proba" and answer.width == 2:
            return self.graph.columns_of(answer, [1])
        if answer.width != 1:
            raise self.no("one of its estimators knows more than two classes")
        return replace(answer, row=False)

    def predict(self, value: Value) -> Value:
        """The answers."""
        return self.outputs("predict", value)

    def predict_proba(self, value: Value) -> Value:
        """The probabilities of the second class of each target."""
        return self.outputs("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The scores of each target."""
        return self.outputs("decision_function", value)
