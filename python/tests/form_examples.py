"""Single classes and options of scikit-learn that random models seldom reach: model, rows, target, and rows to ask about."""

from typing import Any

import numpy
import pandas
import scipy.special
import sklearn.experimental.enable_halving_search_cv  # noqa: F401
from sklearn import compose, ensemble, impute, linear_model, model_selection, multiclass, multioutput, preprocessing
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.feature_selection import RFE, RFECV, SelectFromModel, SelectKBest, SelectPercentile, SequentialFeatureSelector
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

RNG = numpy.random.default_rng(1)
X = RNG.normal(size=(80, 4))
POSITIVE = numpy.abs(X) + 0.01
HOLES = numpy.where(RNG.random(X.shape) < 0.1, numpy.nan, X)
Y = (X[:, 0] + X[:, 1] > 0).astype(int)
THREE = Y + (X[:, 2] > 0.5)
WORDS = numpy.where(Y, "yes", "no")
R = X[:, 0] * 2 + X[:, 1]
PAIR = numpy.stack([Y, (THREE > 1).astype(int)], axis=1)
RPAIR = numpy.stack([R, R**2], axis=1)
TABLE = pandas.DataFrame(
    {
        "a": X[:, 0],
        "city": RNG.choice(["x", "y", "z"], 80),
        "n": RNG.integers(0, 5, 80),
        "b": HOLES[:, 1],
        "t": RNG.choice(numpy.array([None, "p", "q"], dtype=object), 80),
        "flag": RNG.random(80) > 0.5,
    }
)
CODES = pandas.DataFrame({"c": RNG.integers(0, 40, 80), "x": HOLES[:, 0], "d": RNG.integers(-3, 4, 80)})
SMALL, SMALLR = DecisionTreeClassifier(max_depth=3), DecisionTreeRegressor(max_depth=3)
Columns = compose.ColumnTransformer


def texts(*names: str, **options: Any) -> pandas.DataFrame:
    """Some columns of the table, some of them replaced."""
    return TABLE[list(names)].assign(**options)


CASES: dict[str, tuple] = {
    "chain": (multioutput.ClassifierChain(LogisticRegression(), order=[1, 0]), X, PAIR, HOLES),
    "chain of chances": (multioutput.ClassifierChain(LogisticRegression(), chain_method="predict_proba"), X, PAIR),
    "regressor chain": (multioutput.RegressorChain(Ridge(), order=[1, 0]), X, RPAIR),
    "two targets, linear": (linear_model.LinearRegression(), X, RPAIR),
    "one target as a column": (linear_model.LinearRegression(), X, R[:, None]),
    "one target as a column, tree": (SMALLR, X, R[:, None]),
    "text targets": (ensemble.RandomForestClassifier(3), X, numpy.stack([WORDS, WORDS[::-1]], axis=1)),
    "two targets, tree": (SMALL, X, PAIR),
    "multi-task lasso": (linear_model.MultiTaskLasso(), X, RPAIR),
    "multinomial": (MultinomialNB(), POSITIVE, THREE, X),
    "complement": (ComplementNB(norm=True), POSITIVE, THREE),
    "bernoulli": (BernoulliNB(binarize=None), (X > 0) * 1.0, WORDS),
    "centroids with priors": (NearestCentroid(priors="empirical"), X, THREE),
    "two centroids with priors": (NearestCentroid(priors="empirical"), X, Y),
    "discriminants": (make_pipeline(LinearDiscriminantAnalysis(), SMALL), X, THREE),
    "discriminants, eigen": (make_pipeline(LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto"), SMALL), X, THREE),
    "quadratic": (QuadraticDiscriminantAnalysis(), X, THREE),
    "quadratic, two": (QuadraticDiscriminantAnalysis(), X, Y),
    "boosting, several": (ensemble.HistGradientBoostingClassifier(max_iter=3), HOLES, THREE, X),
    "boosting of categories": (
        ensemble.HistGradientBoostingRegressor(max_iter=9, categorical_features=[0, 2], min_samples_leaf=2),
        numpy.nan_to_num(CODES.to_numpy(float)),
        R,
        CODES.to_numpy(float) - 5.5,
    ),
    "boosting of a table": (
        ensemble.HistGradientBoostingRegressor(max_iter=9, categorical_features=["c"], min_samples_leaf=2),
        CODES,
        R,
    ),
    "boosting from a tree": (ensemble.GradientBoostingRegressor(n_estimators=3, init=SMALLR), X, R),
    "exponential loss": (ensemble.GradientBoostingClassifier(n_estimators=3, loss="exponential"), X, Y),
    "beyond float32": (ensemble.GradientBoostingRegressor(n_estimators=3), X, R, X * 1e38),
    "boosting of linear models": (ensemble.AdaBoostClassifier(LogisticRegression(), n_estimators=3), X, THREE, HOLES),
    "bagging of votes": (ensemble.BaggingClassifier(RidgeClassifier(), n_estimators=3), X, WORDS),
    "bagging of columns": (ensemble.BaggingClassifier(SMALL, n_estimators=3, max_features=0.5, bootstrap_features=True), HOLES, WORDS),
    "bagging of pipelines": (
        ensemble.BaggingRegressor(make_pipeline(impute.SimpleImputer(), Ridge()), n_estimators=3, max_features=2),
        HOLES,
        R,
    ),
    "rare categories": (
        make_pipeline(OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist", drop="first"), LogisticRegression()),
        texts("city", "t"),
        Y,
        texts("city", "t", city="new"),
        texts("city", "t", t=None),
    ),
    "few categories": (
        make_pipeline(OneHotEncoder(max_categories=2, handle_unknown="warn"), LogisticRegression()),
        texts("city", "n"),
        Y,
        texts("city", "n", n=99),
    ),
    "unknown categories raise": (
        make_pipeline(OneHotEncoder(dtype="float32"), SMALL),
        texts("city", "t"),
        Y,
        texts("city", "t", city="new"),
        texts("city", "t", city=3),
    ),
    "unknown categories": (
        make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()),
        texts("city", "n"),
        Y,
        texts("city", "n", city=3.5),
        texts("city", "n", n="k"),
        texts("city", "n", n=None),
    ),
    "ordinal codes": (
        make_pipeline(
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=25, encoded_missing_value=-5), SMALL
        ),
        texts("city", "t", "n"),
        Y,
        texts("city", "t", "n", city="new"),
    ),
    "means of the target": (make_pipeline(preprocessing.TargetEncoder(), SMALL), texts("city", "n"), Y, texts("city", "n", city="new")),
    "means of several classes": (make_pipeline(preprocessing.TargetEncoder(), SMALL), texts("city", "n", "t"), THREE),
    "truth values": (make_pipeline(OneHotEncoder(), LogisticRegression()), texts("flag", "city"), Y),
    "columns by slice": (
        make_pipeline(
            Columns([("s", StandardScaler(), slice(0, 2)), ("m", preprocessing.MinMaxScaler(), [3])], remainder="passthrough"), SMALL
        ),
        X,
        Y,
    ),
    "columns by mask": (
        make_pipeline(
            Columns(
                [("s", StandardScaler(), [True, False, True, False]), ("d", "drop", [1])],
                remainder=preprocessing.MaxAbsScaler(),
                transformer_weights={"s": 2.5},
            ),
            SMALL,
        ),
        X,
        Y,
    ),
    "columns by type": (
        make_pipeline(
            Columns(
                [
                    ("s", StandardScaler(), compose.make_column_selector(dtype_include="float")),
                    ("o", OneHotEncoder(), compose.make_column_selector(dtype_exclude="number")),
                    ("e", "passthrough", []),
                ],
                remainder="passthrough",
            ),
            ensemble.HistGradientBoostingClassifier(max_iter=3),
        ),
        TABLE,
        Y,
    ),
    "tables between steps": (
        make_pipeline(
            Columns(
                [
                    ("s", impute.SimpleImputer(strategy="most_frequent"), ["t", "city"]),
                    ("b", impute.SimpleImputer(add_indicator=True), ["b", "a"]),
                ],
                verbose_feature_names_out=False,
            ).set_output(transform="pandas"),
            Columns([("o", OneHotEncoder(sparse_output=False), ["city", "t"])], remainder=StandardScaler()),
            SMALL,
        ),
        TABLE,
        Y,
    ),
    "texts in place of none": (
        make_pipeline(
            impute.SimpleImputer(strategy="constant", fill_value="none"), OneHotEncoder(handle_unknown="ignore"), LogisticRegression()
        ),
        texts("city", "t"),
        Y,
    ),
    "a number that is missing": (
        make_pipeline(impute.SimpleImputer(missing_values=-1, strategy="median", add_indicator=True), SMALL),
        numpy.where(numpy.isnan(HOLES), -1, X),
        Y,
        HOLES,
    ),
    "indicator": (
        make_pipeline(
            FeatureUnion([("i", impute.MissingIndicator()), ("s", impute.SimpleImputer(strategy="constant", fill_value=-3))]), SMALL
        ),
        HOLES,
        Y,
        X,
    ),
    "indicator of new holes": (
        make_pipeline(FeatureUnion([("i", impute.MissingIndicator()), ("s", impute.SimpleImputer())]), SMALL),
        numpy.column_stack([HOLES[:, 0], X[:, 1:]]),
        Y,
        HOLES,
    ),
    "indicator of all": (
        make_pipeline(FeatureUnion([("i", impute.MissingIndicator(features="all")), ("s", impute.SimpleImputer())]), SMALL),
        HOLES,
        Y,
        X,
    ),
    "elimination": (RFE(LogisticRegression(), n_features_to_select=2), X, Y),
    "elimination by folds": (make_pipeline(RFECV(LogisticRegression(), cv=2), SMALL), X, Y),
    "sequential": (make_pipeline(SequentialFeatureSelector(SMALL, n_features_to_select=2, cv=2), SMALL), X, Y),
    "by a model": (
        make_pipeline(SelectFromModel(LogisticRegression()).set_output(transform="pandas"), LogisticRegression()),
        TABLE[["a", "n"]],
        Y,
    ),
    "percentile": (make_pipeline(SelectPercentile(percentile=50), SMALL), X, Y),
    "logarithm of the target": (
        compose.TransformedTargetRegressor(Ridge(), func=numpy.log1p, inverse_func=numpy.expm1),
        X,
        numpy.exp(R),
    ),
    "scaled target": (compose.TransformedTargetRegressor(Ridge(), transformer=preprocessing.RobustScaler()), X, R),
    "scaled targets": (compose.TransformedTargetRegressor(Ridge(), transformer=preprocessing.MinMaxScaler()), X, RPAIR),
    "a function of SciPy": (make_pipeline(FunctionTransformer(scipy.special.expit), SMALL), X, Y),
    "a function of a table": (make_pipeline(FunctionTransformer(numpy.log1p), LogisticRegression()), TABLE[["n"]], Y),
    "no function": (
        make_pipeline(FunctionTransformer(), Columns([("a", StandardScaler(), ["a"])]), LogisticRegression()),
        TABLE,
        Y,
    ),
    "checked rows": (make_pipeline(FunctionTransformer(validate=True), SMALL), X, Y, HOLES),
    "threshold": (model_selection.FixedThresholdClassifier(LogisticRegression(), threshold=0.3), X, WORDS),
    "threshold of the first class": (
        model_selection.FixedThresholdClassifier(LogisticRegression(), threshold=0.3, pos_label="no"),
        X,
        WORDS,
    ),
    "threshold of a score": (
        model_selection.FixedThresholdClassifier(
            LogisticRegression(), threshold=0.3, response_method="decision_function", pos_label="no"
        ),
        X,
        WORDS,
    ),
    "tuned threshold": (model_selection.TunedThresholdClassifierCV(LogisticRegression(), cv=2), X, Y),
    "halving": (model_selection.HalvingGridSearchCV(SMALL, {"max_depth": [1, 3]}, cv=2), X, Y),
    "random search": (model_selection.RandomizedSearchCV(SMALL, {"max_depth": [1, 3]}, n_iter=2, cv=2), X, Y),
    "stack of fitted ones": (
        ensemble.StackingClassifier([("a", LogisticRegression().fit(X, Y)), ("b", DecisionTreeClassifier().fit(X, Y))], cv="prefit"),
        X,
        Y,
    ),
    "stack of texts": (
        ensemble.StackingClassifier(
            [("a", RidgeClassifier()), ("b", "drop"), ("c", SMALL)], final_estimator=SMALL, cv=2, passthrough=True
        ),
        X,
        WORDS,
    ),
    "stack of labels": (
        ensemble.StackingClassifier([("a", RidgeClassifier()), ("c", SMALL)], stack_method="predict", cv=2),
        X,
        WORDS,
    ),
    "stack of tables": (
        ensemble.StackingRegressor([("a", make_pipeline(Columns([("o", OneHotEncoder(), ["city"])]), Ridge()))], cv=2),
        TABLE,
        R,
    ),
    "votes of some": (
        ensemble.VotingClassifier([("a", LogisticRegression()), ("b", "drop"), ("c", SMALL)], voting="soft", weights=[1, 2, 3]),
        X,
        WORDS,
    ),
    "two against the rest": (multiclass.OneVsRestClassifier(LogisticRegression()), X, Y),
    "numbers against the rest": (multiclass.OneVsRestClassifier(Ridge()), X, THREE),
    "trees against the rest": (multiclass.OneVsRestClassifier(SMALL), X, numpy.array(["a", "b", "c"])[THREE]),
    "one against one": (multiclass.OneVsOneClassifier(LogisticRegression()), X, THREE),
    "two against one another": (multiclass.OneVsOneClassifier(SMALL), X, WORDS),
    "calibrated, isotonic": (CalibratedClassifierCV(LogisticRegression(), ensemble=False, method="isotonic", cv=2), X, THREE),
    "calibrated pipelines": (
        CalibratedClassifierCV(make_pipeline(Columns([("o", OneHotEncoder(), ["city"])]), LogisticRegression()), cv=2),
        TABLE,
        WORDS,
    ),
    "calibrated by temperature": (CalibratedClassifierCV(LogisticRegression(), method="temperature", cv=2), X, THREE),
    "a constant": (DummyClassifier(strategy="constant", constant="no"), X, WORDS),
    "constants": (DummyRegressor(strategy="quantile", quantile=0.3), X, RPAIR),
    "one class, tree": (SMALL, X, numpy.array(["only"] * 80)),
    "one class, forest": (ensemble.RandomForestClassifier(3), X, numpy.zeros(80, int)),
    "one class, Bayes": (GaussianNB(), X, numpy.zeros(80, int)),
    "products of three and four": (
        make_pipeline(PolynomialFeatures((3, 4), interaction_only=True, include_bias=False), Ridge()),
        X,
        R,
    ),
    "powers of positive numbers": (make_pipeline(preprocessing.PowerTransformer("box-cox"), Ridge()), POSITIVE, R, X),
    "quantiles with ties": (
        make_pipeline(preprocessing.QuantileTransformer(n_quantiles=10, output_distribution="normal"), Ridge()),
        numpy.round(X, 1),
        R,
        X * 100,
    ),
    "a forest of single rows": (ensemble.IsolationForest(n_estimators=5, max_samples=1), X, None),
    "a forest with holes": (ensemble.IsolationForest(n_estimators=5), HOLES, None, X * 1e300),
    "union": (make_pipeline(FeatureUnion([("a", "drop"), ("b", "passthrough"), ("c", PCA(2, whiten=True))]), SMALL), X, Y),
    "sparse rows, projected": (make_pipeline(OneHotEncoder(), TruncatedSVD(2), Ridge()), texts("city", "n"), R),
    "sparse rows, scaled": (
        make_pipeline(
            OneHotEncoder(),
            preprocessing.MaxAbsScaler(),
            StandardScaler(with_mean=False),
            SelectKBest(k=3),
            ensemble.ExtraTreesClassifier(3),
        ),
        texts("city", "n"),
        Y,
    ),
}
