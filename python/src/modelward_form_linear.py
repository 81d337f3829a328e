"""scikit-learn's linear models, networks, naive Bayes, discriminants, clusters and projections in the portable form."""

from dataclasses import replace
from typing import Any

import numpy
from modelward_form_graph import Estimator, Value, handles, own, plain_array
from modelward_form_trees import Classifier, own_loss


def single(where: Estimator, value: Value, *arrays: Any) -> None:
    """Refused where scikit-learn calculates in float32, whose sums depend on their order."""
    if value.f4 and all(plain_array(array).dtype == numpy.float32 for array in arrays):
        raise where.no("it calculates in float32")


def linear(where: Estimator, value: Value, coefficients: Any, intercept: Any) -> Value:
    """x · coefficientsᵀ + intercept, of rows that were checked."""
    matrix = numpy.atleast_2d(plain_array(coefficients)).astype("<f8")
    offset = numpy.broadcast_to(numpy.asarray(plain_array(intercept), "<f8").reshape(-1), (len(matrix),))
    made = where.graph.node(
        "linear", [value], len(matrix), coefficients=where.graph.array(matrix), intercept=where.graph.array(offset)
    )
    return replace(made, row=plain_array(coefficients).ndim == 2)


class LinearPart(Estimator):
    """What linear models share."""

    sparse = True

    def scores(self, value: Value) -> Value:
        """The linear scores."""
        single(self, value, self.model.coef_)
        key = (id(self.model), "scores", value.id)
        if key not in self.graph.made:
            # Of sparse rows these do not look for NaN.
            loose = value.sparse and self.kind in ("ElasticNet", "Lasso", "MultiTaskElasticNet", "MultiTaskLasso")
            rows = self.graph.numeric(self, value, missing=loose, infinite=loose)
            self.graph.made[key] = linear(self, rows, self.model.coef_, self.model.intercept_)
        return self.graph.made[key]


@handles(
    "sklearn.linear_model",
    *("LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "BayesianRidge", "ARDRegression"),
    *("MultiTaskLasso", "MultiTaskLassoCV", "MultiTaskElasticNet", "MultiTaskElasticNetCV", "LassoLarsIC", "QuantileRegressor"),
    *("Lars", "LarsCV", "LassoLars", "LassoLarsCV", "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV"),
    *("HuberRegressor", "TheilSenRegressor", "SGDRegressor", "PassiveAggressiveRegressor"),
)
@handles("sklearn.svm", "LinearSVR")
class LinearRegressor(LinearPart):
    """A linear model of numbers."""

    def predict(self, value: Value) -> Value:
        """The linear score."""
        scores = self.scores(value)
        flat = self.kind in ("SGDRegressor", "PassiveAggressiveRegressor", "LinearSVR")
        return replace(scores, row=False) if flat else scores


@handles("sklearn.linear_model", "PoissonRegressor", "GammaRegressor", "TweedieRegressor")
class Generalized(LinearPart):
    """A linear model with a link."""

    def predict(self, value: Value) -> Value:
        """The inverse link of the score."""
        scores, link = self.scores(value), own_loss(self.model._base_loss)
        if link == "IdentityLink":
            return scores
        if link != "LogLink":
            raise self.no(f"its link {link} is not known to the evaluator")
        return self.graph.node("link", [scores], 1, name="exp")


@handles(
    "sklearn.linear_model",
    *("LogisticRegression", "LogisticRegressionCV", "RidgeClassifier", "RidgeClassifierCV"),
    *("SGDClassifier", "Perceptron", "PassiveAggressiveClassifier"),
)
@handles("sklearn.svm", "LinearSVC")
@handles("sklearn.discriminant_analysis", "LinearDiscriminantAnalysis")
class LinearClassifier(LinearPart, Classifier):
    """A linear model of classes."""

    def scores(self, value: Value) -> Value:
        """The linear scores, of one target."""
        binarizer = getattr(self.model, "_label_binarizer", None)
        if binarizer is not None and own(binarizer, "sklearn.preprocessing", "LabelBinarizer").y_type_.startswith("multilabel"):
            raise self.no("it predicts several labels at once")
        if value.sparse and self.kind == "LinearDiscriminantAnalysis":
            raise self.no("it takes no sparse rows")
        if len(self.labels()[0]) < 2:
            raise self.no("it knows one class only")
        return replace(super().scores(value), row=False)

    def decision_function(self, value: Value) -> Value:
        """The linear scores."""
        return self.scores(value)

    def predict(self, value: Value) -> Value:
        """The class of the largest score, or by its sign."""
        scores = self.scores(value)
        return self.chosen(scores, "positive" if scores.width == 1 else "argmax")

    def predict_proba(self, value: Value) -> Value:
        """The probabilities, where the model has any."""
        scores, graph, classes = self.scores(value), self.graph, len(self.labels()[0])
        loss = getattr(self.model, "loss", "") if self.kind == "SGDClassifier" else ""
        if loss == "modified_huber":
            p = graph.arithmetic(scores, ("maximum", -1.0), ("minimum", 1.0), ("add", 1.0), ("divide", 2.0))
            if classes == 2:
                return graph.node("link", [p], 2, name="binary")
            return graph.node("link", [p], classes, name="normalize", zero="uniform")
        if scores.width == 1:
            return graph.node("link", [scores], 2, name="binary_expit")
        if loss == "log_loss":
            p = graph.node("link", [scores], classes, name="expit")
            return graph.node("link", [p], classes, name="normalize", zero="uniform")
        if self.kind in ("LogisticRegression", "LogisticRegressionCV", "LinearDiscriminantAnalysis"):
            return graph.node("link", [scores], classes, name="softmax")
        raise self.no("it has no probabilities")

    def transform(self, value: Value) -> Value:
        """The discriminants."""
        model = self.model
        if self.kind != "LinearDiscriminantAnalysis" or model.solver == "lsqr":
            raise self.no("its method transform is not known to the evaluator")
        single(self, value, model.scalings_)
        rows = self.graph.numeric(self, value)
        matrix = plain_array(model.scalings_)[:, : model._max_components]
        before = self.graph.array(model.xbar_) if model.solver == "svd" else None
        return self.graph.node("project", [rows], matrix.shape[1], matrix=self.graph.array(matrix), before=before)


class Discriminant(Classifier):
    """What is shared by classifiers with a log posterior for each class."""

    link = "exp_shifted"

    def posterior(self, value: Value) -> Value:
        """The log posterior of each class."""
        raise NotImplementedError

    def decision_function(self, value: Value) -> Value:
        """The posteriors; of two classes their difference."""
        scores = self.posterior(value)
        if scores.width != 2:
            return scores
        return linear(self, scores, numpy.array([-1.0, 1.0]), 0.0)

    def predict(self, value: Value) -> Value:
        """The class of the largest."""
        return self.chosen(self.posterior(value), "argmax")

    def predict_proba(self, value: Value) -> Value:
        """The normalised exponentials."""
        scores = self.posterior(value)
        return self.graph.node("link", [scores], scores.width, name=self.link)


@handles("sklearn.discriminant_analysis", "QuadraticDiscriminantAnalysis")
class Quadratic(Discriminant):
    """Quadratic discriminants: the squared length of a projection for each class."""

    def posterior(self, value: Value) -> Value:
        """The log posterior of each class."""
        model, graph, norms = self.model, self.graph, []
        rows = graph.numeric(self, value)
        for mean, rotation, scaling in zip(model.means_, model.rotations_, model.scalings_):
            matrix = plain_array(rotation) * plain_array(scaling) ** (-0.5)
            part = graph.node("project", [rows], matrix.shape[1], matrix=graph.array(matrix), before=graph.array(mean))
            centre = graph.array(numpy.zeros((1, matrix.shape[1])))
            norms.append(graph.node("distances", [part], 1, centres=centre, metric="squared"))
        logs = numpy.array([numpy.sum(numpy.log(s)) for s in model.scalings_])
        return graph.arithmetic(graph.concat(norms), ("add", logs), ("multiply", -0.5), ("add", numpy.log(plain_array(model.priors_))))


@handles("sklearn.naive_bayes", "GaussianNB", "MultinomialNB", "ComplementNB", "BernoulliNB")
class NaiveBayes(Discriminant):
    """Naive Bayes' joint log likelihood."""

    link = "exp_normalize"

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.sparse = self.kind != "GaussianNB"

    decision_function = None  # type: ignore[assignment]

    def posterior(self, value: Value) -> Value:
        """The joint log likelihood."""
        model, graph = self.model, self.graph
        rows = graph.numeric(self, value)
        if self.kind == "GaussianNB":
            arrays = {"means": model.theta_, "variances": model.var_, "priors": numpy.log(plain_array(model.class_prior_))}
            return graph.node("gaussian", [rows], len(self.labels()[0]), **{name: graph.array(a) for name, a in arrays.items()})
        single(self, value, model.feature_log_prob_)
        weights = plain_array(model.feature_log_prob_)
        if self.kind == "BernoulliNB":
            if model.binarize is not None:
                rows = graph.node("binarize", [rows], rows.width, threshold=float(model.binarize))
            absent = numpy.log(1 - numpy.exp(weights))
            return linear(self, rows, weights - absent, model.class_log_prior_ + absent.sum(axis=1))
        priors = model.class_log_prior_ if self.kind == "MultinomialNB" or len(self.labels()[0]) == 1 else 0.0
        return linear(self, rows, weights, priors)


@handles("sklearn.neighbors", "NearestCentroid")
class NearestCentroid(Discriminant):
    """The class of the nearest centroid."""

    def predict(self, value: Value) -> Value:
        """The nearest, or the largest posterior where classes have different priors."""
        model = self.model
        if not numpy.isclose(model.class_prior_, 1 / len(model.classes_)).all():
            return super().predict(value)
        metric = {"euclidean": "rank", "manhattan": "manhattan"}.get(model.metric)
        if metric is None:
            raise self.no(f"its metric {model.metric} is not known to the evaluator")
        single(self, value, model.centroids_)
        rows = self.graph.numeric(self, value)
        made = self.graph.node(
            "distances", [rows], len(model.centroids_), centres=self.graph.array(model.centroids_), metric=metric
        )
        return self.chosen(made, "argmin")

    def posterior(self, value: Value) -> Value:
        """Minus the squared distance, and the logarithm of the prior."""
        model, graph = self.model, self.graph
        if model.metric not in ("euclidean", "manhattan"):
            raise self.no(f"its metric {model.metric} is not known to the evaluator")
        deviation = plain_array(model.within_class_std_dev_).astype("<f8").copy()
        deviation[deviation == 0] = 1.0
        rows = graph.arithmetic(graph.numeric(self, value), ("divide", deviation))
        centres = graph.array(plain_array(model.centroids_) / deviation)
        made = graph.node("distances", [rows], len(model.centroids_), centres=centres, metric=model.metric)
        return graph.arithmetic(made, ("power", 2.0), ("multiply", -1.0), ("add", 2.0 * numpy.log(plain_array(model.class_prior_))))


@handles("sklearn.neural_network", "MLPClassifier", "MLPRegressor")
class Network(Classifier):
    """A network: linear layers and activations."""

    sparse = True

    def output(self, value: Value) -> Value:
        """What the last layer answers."""
        model = self.model
        key = (id(model), "output", value.id)
        if key in self.graph.made:
            return self.graph.made[key]
        single(self, value, *model.coefs_)
        made = self.graph.numeric(self, value)
        for i, (weights, offset) in enumerate(zip(model.coefs_, model.intercepts_)):
            made = linear(self, made, plain_array(weights).T, offset)
            name = model.activation if i < len(model.coefs_) - 1 else model.out_activation_
            if name not in ("identity", "tanh", "logistic", "relu", "softmax"):
                raise self.no(f"its activation {name} is not known to the evaluator")
            if name != "identity":
                made = self.graph.node("link", [made], made.width, name=name)
        self.graph.made[key] = replace(made, row=made.width > 1)
        return self.graph.made[key]

    def predict(self, value: Value) -> Value:
        """The output, or its class."""
        output = self.output(value)
        if self.kind == "MLPRegressor":
            return output
        binarizer = own(self.model._label_binarizer, "sklearn.preprocessing", "LabelBinarizer")
        if binarizer.y_type_ not in ("binary", "multiclass"):
            raise self.no("it predicts several labels at once")
        if output.width > 1:
            return self.chosen(output, "argmax")
        return self.chosen(output, "greater", column=0, at=(binarizer.pos_label + binarizer.neg_label) / 2.0)

    def predict_proba(self, value: Value) -> Value:
        """The output as probabilities."""
        output = self.output(value)
        return output if output.width > 1 else self.graph.node("link", [output], 2, name="binary")


@handles("sklearn.cluster", "KMeans", "MiniBatchKMeans")
class Clusters(Estimator):
    """The nearest of several centres."""

    def transform(self, value: Value) -> Value:
        """The distance to each centre."""
        return self.distances(value, "euclidean")

    def distances(self, value: Value, metric: str) -> Value:
        """The distances to the centres."""
        centres = plain_array(self.model.cluster_centers_)
        if centres.dtype != numpy.float64:
            raise self.no("it calculates in float32")
        rows = self.graph.numeric(self, value)
        return self.graph.node("distances", [rows], len(centres), centres=self.graph.array(centres), metric=metric)

    def predict(self, value: Value) -> Value:
        """The number of the nearest."""
        made = self.distances(value, "rank")
        chosen = self.graph.node("select_class", [made], 1, rule="argmin")
        return replace(chosen, classes=(numpy.arange(made.width),))


@handles("sklearn.decomposition", "PCA", "IncrementalPCA", "TruncatedSVD")
class Projection(Estimator):
    """A linear projection."""

    sparse = True

    def transform(self, value: Value) -> Value:
        """The rows on the components."""
        model, graph = self.model, self.graph
        single(self, value, model.components_)
        rows = graph.numeric(self, value)
        if value.sparse and self.kind == "IncrementalPCA":
            raise self.no("it takes sparse rows on another path than dense ones")
        matrix = plain_array(model.components_).T
        made = graph.node("project", [rows], matrix.shape[1], matrix=graph.array(matrix))
        if self.kind == "TruncatedSVD":
            return made
        made = graph.arithmetic(made, ("subtract", (model.mean_.reshape(1, -1) @ matrix)[0].astype("<f8")))
        if not model.whiten:
            return made
        scale = numpy.sqrt(plain_array(model.explained_variance_))
        scale[scale < numpy.finfo(scale.dtype).eps] = numpy.finfo(scale.dtype).eps
        return graph.arithmetic(made, ("divide", scale.astype("<f8")))


@handles("sklearn.dummy", "DummyClassifier", "DummyRegressor")
class Dummy(Classifier):
    """A constant answer."""

    sparse = True

    def constant(self, value: Value, values: Any) -> Value:
        """The same row for each row, which nobody looks at."""
        row = numpy.asarray(plain_array(values), "<f8").reshape(-1)
        return self.graph.node("constant", [value], len(row), values=self.graph.array(row))

    def chances(self) -> numpy.ndarray:
        """The probabilities."""
        if self.model.n_outputs_ != 1:
            raise self.no("it has several targets")
        classes = self.labels()[0]
        if self.model._strategy == "prior":
            return plain_array(self.model.class_prior_)
        if self.model._strategy == "most_frequent":
            return (numpy.arange(len(classes)) == plain_array(self.model.class_prior_).argmax()).astype("<f8")
        if self.model._strategy == "constant":
            return (classes == numpy.ravel(self.model.constant)[0]).astype("<f8")
        raise self.no("it answers at random")

    def predict(self, value: Value) -> Value:
        """The most frequent class, or the constant."""
        if self.kind == "DummyRegressor":
            return replace(self.constant(value, self.model.constant_), row=self.model.n_outputs_ > 1)
        return self.chosen(self.constant(value, self.chances()), "argmax")

    def predict_proba(self, value: Value) -> Value:
        """The probabilities."""
        return self.constant(value, self.chances())
