"""scikit-learn's classifiers around other classifiers: calibrated ones, one against the rest, and thresholds."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_compose import Composite
from modelward_form_graph import Estimator, Value, handles, number, own, plain_array
from modelward_form_trees import Classifier


def scores(where: Estimator, child: Estimator, value: Value, *methods: str) -> tuple[Value, str]:
    """The first of these methods that an estimator has, and its name; of two classes the probability of the second."""
    method = next((name for name in methods if hasattr(child.model, name)), None)
    if method is None:
        raise where.no("its estimator has neither scores nor probabilities")
    made = child.ask(method, value)
    if made.targets > 1:
        raise where.no("its estimator has several targets")
    if method == "predict_proba" and made.width == 2:
        made = where.graph.columns_of(made, [1])
    return made, method


@handles("sklearn.calibration", "CalibratedClassifierCV")
class Calibrated(Composite, Classifier):
    """The mean of calibrated classifiers."""

    def predict_proba(self, value: Value) -> Value:
        """The mean of their probabilities."""
        parts = []
        for i, inner in enumerate(self.model.calibrated_classifiers_):
            own(inner, "sklearn.calibration", "_CalibratedClassifier")
            parts.append(self.part(inner, self.child(inner.estimator, f"classifier {i + 1}"), value))
        return self.graph.node("mean", parts, parts[0].width)

    def predict(self, value: Value) -> Value:
        """The class of the largest probability."""
        return self.chosen(self.ask("predict_proba", value), "argmax")

    def part(self, inner: Any, child: Estimator, value: Value) -> Value:
        """The probabilities of one calibrated classifier."""
        graph, classes = self.graph, plain_array(inner.classes)
        made, method = scores(self, child, value, "decision_function", "predict_proba")
        if inner.method == "temperature":
            return self.temperature(inner, made, method, len(classes))
        columns = [self.curve(calibrator, graph.columns_of(made, [j])) for j, calibrator in enumerate(inner.calibrators)]
        if len(classes) == 2:
            if len(columns) != 1:
                raise self.no("one of its classifiers knows other classes")
            made = graph.node("link", columns, 2, name="binary")
        else:
            places = [int(numpy.flatnonzero(classes == label)[0]) for label in plain_array(inner.estimator.classes_)]
            if len(places) != len(columns):
                raise self.no("one of its classifiers knows two of its classes only")
            made = graph.node("scatter", [graph.concat(columns)], len(classes), indices=places, width=len(classes))
            made = graph.node("link", [made], len(classes), name="normalize", zero="uniform")
        return graph.arithmetic(made, ("minimum", 1.0))

    def curve(self, calibrator: Any, made: Value) -> Value:
        """One class's probability of its score."""
        own(calibrator, "sklearn.calibration", "_SigmoidCalibration", "IsotonicRegression")
        if type(calibrator).__name__ == "_SigmoidCalibration":
            made = self.graph.numeric(self, made) if made.f4 else made
            a, b = number(calibrator.a_), number(calibrator.b_)
            made = self.graph.arithmetic(made, ("multiply", a), ("add", b), ("multiply", -1.0))
            return self.graph.node("link", [made], 1, name="expit")
        if calibrator.out_of_bounds != "clip":
            raise self.no("its isotonic regression does not clip")
        x, y = plain_array(calibrator.X_thresholds_), plain_array(calibrator.y_thresholds_)
        if x.dtype != numpy.float64:
            raise self.no("it calculates in float32")
        rows = self.graph.numeric(self, made)
        return self.graph.node("interpolate", [rows], 1, x=self.graph.array(x), y=self.graph.array(y))

    def small(self) -> float:
        """What scikit-learn adds to a probability before it takes the logarithm."""
        import inspect

        from sklearn import calibration

        return float(inspect.signature(calibration._convert_to_logits).parameters["eps"].default)

    def temperature(self, inner: Any, made: Value, method: str, classes: int) -> Value:
        """The softmax of scaled logits; probabilities become logits first."""
        graph = self.graph
        scaling = own(inner.calibrators[0], "sklearn.calibration", "_TemperatureScaling")
        made = graph.numeric(self, made)
        if method == "predict_proba":
            if made.width == 1:
                made = graph.node("link", [made], 2, name="binary")
            made = graph.node("function", [graph.arithmetic(made, ("add", self.small()))], made.width, name="log")
        elif made.width == 1:
            made = graph.node("link", [made], 2, name="pair")
        if made.width != classes:
            raise self.no("one of its classifiers knows other classes")
        scaled = graph.arithmetic(made, ("multiply", float(scaling.beta_)))
        return graph.arithmetic(graph.node("link", [scaled], classes, name="softmax"), ("minimum", 1.0))


@handles("sklearn.multiclass", "OneVsRestClassifier", "OneVsOneClassifier")
class Against(Composite, Classifier):
    """A classifier for each class, or for each pair of them."""

    def labels(self) -> tuple:
        """The classes."""
        return (plain_array(self.model.classes_),)

    def members(self) -> list[Estimator]:
        """The describers of the classifiers."""
        if self.kind == "OneVsRestClassifier" and self.model.multilabel_:
            raise self.no("it predicts several labels at once")
        return [self.child(model, f"classifier {i + 1}") for i, model in enumerate(self.model.estimators_)]

    def binary(self, member: Estimator, value: Value) -> Value:
        """The score of one classifier."""
        if not hasattr(member.model, "classes_"):
            return member.ask("predict", value)
        made, _ = scores(self, member, value, "decision_function", "predict_proba")
        if made.width != 1:
            raise self.no("one of its classifiers knows more than two classes")
        return made

    def threshold(self) -> float:
        """What the score of two classes is compared with."""
        model = self.model.estimators_[0]
        return 0.0 if hasattr(model, "decision_function") and hasattr(model, "classes_") else 0.5

    def predict(self, value: Value) -> Value:
        """The class with the largest score; among equals of one against the rest, the first."""
        if self.kind == "OneVsOneClassifier":
            made = self.decision_function(value)
            if made.width == 1:
                return self.chosen(made, "greater", column=0, at=self.threshold())
            return self.chosen(made, "argmax")
        parts = [self.binary(member, value) for member in self.members()]
        if len(parts) == 1:
            return self.chosen(parts[0], "greater", column=0, at=self.threshold())
        return self.chosen(self.graph.concat(parts), "argmax")

    def decision_function(self, value: Value) -> Value:
        """The scores."""
        if self.kind == "OneVsRestClassifier":
            parts = [member.ask("decision_function", value) for member in self.members()]
            return replace(self.graph.concat(parts), row=False) if len(parts) > 1 else parts[0]
        return self.pairs(value)

    def pairs(self, value: Value) -> Value:
        """The votes of the pairs, and among equals the sum of their scores."""
        graph, classes = self.graph, len(self.labels()[0])
        if self.model.pairwise_indices_ is not None:
            raise self.no("it takes distances")
        rows = graph.numeric(self, value, "keep", missing=True, infinite=True)
        votes, sums, k = numpy.zeros((classes, classes * (classes - 1) // 2)), [], 0
        weights = numpy.zeros_like(votes)
        parts = []
        for i in range(classes):
            for j in range(i + 1, classes):
                member = self.child(self.model.estimators_[k], f"pair {k + 1}")
                answer = member.ask("predict", rows)
                if answer.classes is None or answer.classes[0].tolist() != [0, 1]:
                    raise self.no("one of its estimators is not a classifier of two classes")
                parts.append(replace(answer, classes=None))
                sums.append(self.binary(member, rows))
                votes[i, k], votes[j, k] = -1.0, 1.0
                weights[i, k], weights[j, k] = -1.0, 1.0
                k += 1
        offset = (votes < 0).sum(axis=1).astype("<f8")
        voted = graph.node("linear", [graph.concat(parts)], classes, coefficients=graph.array(votes), intercept=graph.array(offset))
        total = graph.node(
            "linear", [graph.concat(sums)], classes, coefficients=graph.array(weights), intercept=graph.array(numpy.zeros(classes))
        )
        sizes = graph.arithmetic(graph.node("function", [total], classes, name="abs"), ("add", 1.0), ("multiply", 3.0))
        ties = graph.node("quotient", [total, sizes], classes)
        made = graph.node("sum", [voted, ties], classes)
        return graph.columns_of(made, [1]) if classes == 2 else made

    def predict_proba(self, value: Value) -> Value:
        """The probabilities of the second class of each, normalised."""
        if self.kind == "OneVsOneClassifier":
            raise self.no("it has no probabilities")
        parts = [self.graph.columns_of(member.ask("predict_proba", value), [1]) for member in self.members()]
        made = self.graph.concat(parts) if len(parts) > 1 else self.graph.node("link", parts, 2, name="binary")
        return self.graph.node("link", [made], made.width, name="normalize", zero="stay")


@handles("sklearn.model_selection", "FixedThresholdClassifier", "TunedThresholdClassifierCV")
class Threshold(Composite, Classifier):
    """A classifier of two classes with another threshold."""

    def labels(self) -> tuple:
        """The classes."""
        return (plain_array(self.model.classes_),)

    def predict(self, value: Value) -> Value:
        """The second class, or the positive one, from the threshold on."""
        model = self.model
        tuned = self.kind == "TunedThresholdClassifierCV"
        positive = own(model._curve_scorer, "sklearn.metrics._scorer", "_CurveScorer")._get_pos_label() if tuned else model.pos_label
        classes = self.labels()[0].tolist()
        place = 1 if positive is None else classes.index(positive)
        method = model._get_response_method()
        methods = [method] if isinstance(method, str) else list(method)
        child = self.inner()
        name = next((each for each in methods if hasattr(child.model, each)), "")
        made = child.ask(name, value)
        if name == "predict_proba":
            made = self.graph.columns_of(made, [place])
        elif place == 0:
            made = self.graph.arithmetic(made, ("multiply", -1.0))
        if tuned:
            at = float(model.best_threshold_)
        else:
            at = model.threshold if model.threshold != "auto" else 0.5 if name == "predict_proba" else 0.0
        chosen = self.graph.node("select_class", [made], 1, rule="threshold", column=0, at=number(at))
        if place == 0:
            chosen = self.graph.node("lookup", [chosen], 1, values=self.graph.array(numpy.array([1.0, 0.0])))
        return replace(chosen, classes=self.labels())

    def inner(self) -> Estimator:
        """The describer of the classifier."""
        return self.child(getattr(self.model, "estimator_", self.model.estimator), "classifier")

    def predict_proba(self, value: Value) -> Value:
        """The classifier's."""
        return self.inner().ask("predict_proba", value)

    def decision_function(self, value: Value) -> Value:
        """The classifier's."""
        return self.inner().ask("decision_function", value)
