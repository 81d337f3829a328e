"""Makes random models, their portable forms, and rows with the answers of the worker: ``form_cases.py --seed S --count N OUT_DIR``.

A case is one file: u32 length, a head in JSON, then all bytes: the form's arrays, and for each input its columns and those expected.
"""

import argparse
import copy
import json
import struct
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import joblib
import modelward_form
import modelward_worker
import numpy
import pandas
from modelward_failures import describe as told
from modelward_outputs import encode
from numpy.random import Generator

CITIES = ["Oslo", "Wien", "Zürich", "São Paulo", "東京", "", "a", "B", "x y"]


def some(rng: Generator, *options: Any) -> Any:
    """One of these."""
    return options[int(rng.integers(len(options)))]


def numbers(rng: Generator, rows: int, width: int, missing: bool) -> numpy.ndarray:
    """Numbers with ties, constants, large and tiny values, and NaN when wanted."""
    x = rng.normal(size=(rows, width)) * rng.choice([1e-3, 1.0, 1.0, 1.0, 50.0], size=width)
    for j in range(width):
        kind = rng.integers(7)
        if kind == 0:
            x[:, j] = numpy.round(x[:, j])
        elif kind == 1:
            x[:, j] = rng.integers(0, 4, size=rows)
        elif kind == 2 and j:
            x[:, j] = 3.5
    if missing:
        x[rng.random(x.shape) < 0.1] = numpy.nan
    return x


def target(rng: Generator, x: numpy.ndarray, kind: str) -> Any:
    """Labels or numbers that depend on the rows."""
    clean = numpy.nan_to_num(x)
    score = clean @ rng.normal(size=x.shape[1]) / (1e-9 + numpy.abs(clean).max(0).sum()) + rng.normal(size=len(x)) * 0.05
    if kind == "number":
        return score * some(rng, 1.0, 100.0, 1e-4) + some(rng, 0.0, 5.0)
    if kind == "positive":
        return numpy.exp(score * 3)
    classes = 2 if kind == "binary" else int(rng.integers(2, 5))
    places = numpy.searchsorted(numpy.quantile(score, numpy.linspace(0, 1, classes + 1)[1:-1]), score)
    names: Any = some(
        rng,
        numpy.arange(classes),
        numpy.arange(classes) * 10 - 5,
        numpy.array([f"class {i}" for i in range(classes)]),
        numpy.array(["b", "A", "ç", "z"][:classes], dtype=object),
        numpy.array([1.0, 2.0, 5.0, 7.0][:classes]),
    )
    if classes == 2 and rng.random() < 0.3:
        names = numpy.array([False, True])
    return names[places]


Make = Callable[[Generator], Any]


def trees() -> dict[str, tuple[str, bool, Make]]:
    """Name → (kind of target, takes NaN, maker)."""
    from sklearn import ensemble as e
    from sklearn import tree as t

    def depth(r: Generator) -> dict:
        return {"max_depth": some(r, None, 1, 3, 6), "random_state": int(r.integers(1000))}

    def many(r: Generator) -> dict:
        return {**depth(r), "n_estimators": int(r.integers(1, 9))}

    def hist(r: Generator) -> dict:
        return {
            "max_iter": int(r.integers(1, 12)),
            "max_leaf_nodes": some(r, None, 4, 31),
            "min_samples_leaf": 2,
            "learning_rate": some(r, 0.1, 0.3, 1.0),
            "early_stopping": False,
        }

    def boost(r: Generator) -> dict:
        return {"n_estimators": int(r.integers(1, 9)), "max_depth": some(r, 1, 3), "learning_rate": some(r, 0.1, 0.77)}

    return {
        "DecisionTreeClassifier": ("class", True, lambda r: t.DecisionTreeClassifier(**depth(r), max_leaf_nodes=some(r, None, 5))),
        "DecisionTreeRegressor": ("number", True, lambda r: t.DecisionTreeRegressor(**depth(r))),
        "ExtraTreeClassifier": ("class", True, lambda r: t.ExtraTreeClassifier(**depth(r))),
        "ExtraTreeRegressor": ("number", True, lambda r: t.ExtraTreeRegressor(**depth(r))),
        "RandomForestClassifier": ("class", True, lambda r: e.RandomForestClassifier(**many(r))),
        "RandomForestRegressor": ("number", True, lambda r: e.RandomForestRegressor(**many(r))),
        "ExtraTreesClassifier": ("class", True, lambda r: e.ExtraTreesClassifier(**many(r))),
        "ExtraTreesRegressor": ("number", True, lambda r: e.ExtraTreesRegressor(**many(r))),
        "GradientBoostingClassifier": ("class", False, lambda r: e.GradientBoostingClassifier(**boost(r))),
        "GradientBoostingExponential": (
            "binary",
            False,
            lambda r: e.GradientBoostingClassifier(**boost(r), loss="exponential", init=some(r, None, "zero")),
        ),
        "GradientBoostingRegressor": (
            "number",
            False,
            lambda r: e.GradientBoostingRegressor(
                **boost(r),
                loss=some(r, "squared_error", "huber", "quantile", "absolute_error"),
                init=some(r, None, "zero", t.DecisionTreeRegressor(max_depth=2)),
            ),
        ),
        "HistGradientBoostingClassifier": ("class", True, lambda r: e.HistGradientBoostingClassifier(**hist(r))),
        "HistGradientBoostingRegressor": (
            "positive",
            True,
            lambda r: e.HistGradientBoostingRegressor(
                **hist(r), loss=some(r, "squared_error", "absolute_error", "gamma", "poisson", "quantile"), quantile=0.7
            ),
        ),
        "IsolationForest": (
            "number",
            True,
            lambda r: e.IsolationForest(n_estimators=int(r.integers(1, 9)), max_features=some(r, 1.0, 0.6), random_state=1),
        ),
        "AdaBoostClassifier": ("class", False, lambda r: e.AdaBoostClassifier(n_estimators=int(r.integers(1, 9)), random_state=2)),
        "AdaBoostRegressor": ("number", False, lambda r: e.AdaBoostRegressor(n_estimators=int(r.integers(1, 9)), random_state=2)),
        "BaggingClassifier": (
            "class",
            True,
            lambda r: e.BaggingClassifier(n_estimators=int(r.integers(1, 6)), max_features=some(r, 1.0, 0.6), max_samples=0.5),
        ),
        "BaggingRegressor": ("number", True, lambda r: e.BaggingRegressor(n_estimators=int(r.integers(1, 6)), max_features=0.7)),
    }


def models() -> dict[str, tuple[str, bool, Make]]:
    """All estimators that answer, alone: name → (kind of target, takes NaN, maker)."""
    from sklearn import cluster, discriminant_analysis, dummy, naive_bayes, neighbors, neural_network, svm
    from sklearn import linear_model as m

    def plain(kind: Any, target_kind: str, **options: Any) -> tuple[str, bool, Make]:
        return target_kind, False, lambda r: kind(**{k: v(r) if callable(v) else v for k, v in options.items()})

    found = trees()
    for kind in (m.LinearRegression, m.Ridge, m.RidgeCV, m.Lasso, m.LassoCV, m.ElasticNet, m.ElasticNetCV, m.BayesianRidge):
        found[kind.__name__] = plain(kind, "number", fit_intercept=lambda r: some(r, True, True, False))
    for kind in (m.ARDRegression, m.Lars, m.LassoLars, m.OrthogonalMatchingPursuit, m.HuberRegressor, m.SGDRegressor):
        found[kind.__name__] = plain(kind, "number")
    found["TheilSenRegressor"] = plain(m.TheilSenRegressor, "number", max_subpopulation=50, random_state=0)
    found["LinearSVR"] = plain(svm.LinearSVR, "number")
    for kind in (m.PoissonRegressor, m.GammaRegressor, m.TweedieRegressor):
        found[kind.__name__] = plain(kind, "positive")
    found["LogisticRegression"] = plain(m.LogisticRegression, "class", C=lambda r: some(r, 0.1, 1.0, 100.0))
    for kind in (m.RidgeClassifier, m.RidgeClassifierCV, m.Perceptron, svm.LinearSVC, m.LogisticRegressionCV):
        found[kind.__name__] = plain(kind, "class")
    found["SGDClassifier"] = plain(m.SGDClassifier, "class", loss=lambda r: some(r, "hinge", "log_loss", "modified_huber"))
    found["GaussianNB"] = plain(naive_bayes.GaussianNB, "class")
    found["BernoulliNB"] = plain(naive_bayes.BernoulliNB, "class")
    found["NearestCentroid"] = plain(neighbors.NearestCentroid, "class", metric=lambda r: some(r, "euclidean", "manhattan"))
    found["KMeans"] = plain(cluster.KMeans, "number", n_clusters=3, n_init=1)
    found["MiniBatchKMeans"] = plain(cluster.MiniBatchKMeans, "number", n_clusters=3, n_init=1)
    hidden = {"hidden_layer_sizes": lambda r: some(r, (4,), (5, 3)), "max_iter": 20}
    activation = {"activation": lambda r: some(r, "relu", "tanh", "logistic", "identity")}
    found["MLPClassifier"] = plain(neural_network.MLPClassifier, "class", **hidden, **activation)
    found["MLPRegressor"] = plain(neural_network.MLPRegressor, "number", **hidden, **activation)
    found["LinearDiscriminantAnalysis"] = plain(discriminant_analysis.LinearDiscriminantAnalysis, "class")
    found["QuadraticDiscriminantAnalysis"] = plain(discriminant_analysis.QuadraticDiscriminantAnalysis, "class", reg_param=0.1)
    found["DummyClassifier"] = plain(dummy.DummyClassifier, "class", strategy=lambda r: some(r, "prior", "most_frequent"))
    found["DummyRegressor"] = plain(dummy.DummyRegressor, "number")
    return found


def scalers() -> list[Make]:
    """Transformers of numbers without NaN."""
    from sklearn import decomposition as d
    from sklearn import feature_selection as f
    from sklearn import preprocessing as p

    return [
        lambda r: p.StandardScaler(with_mean=some(r, True, False)),
        lambda r: p.MinMaxScaler(clip=some(r, True, False)),
        lambda r: p.MaxAbsScaler(),
        lambda r: p.RobustScaler(),
        lambda r: p.Normalizer(norm=some(r, "l1", "l2", "max")),
        lambda r: p.Binarizer(threshold=some(r, 0.0, 0.5)),
        lambda r: p.PolynomialFeatures(
            degree=some(r, 2, 3, (2, 3)), interaction_only=some(r, True, False), include_bias=some(r, True, False)
        ),
        lambda r: p.PowerTransformer(standardize=some(r, True, False)),
        lambda r: p.QuantileTransformer(n_quantiles=20, output_distribution=some(r, "uniform", "normal")),
        lambda r: p.KBinsDiscretizer(
            n_bins=4, encode=some(r, "onehot", "onehot-dense", "ordinal"), quantile_method="averaged_inverted_cdf"
        ),
        lambda r: p.FunctionTransformer(some(r, None, numpy.square, numpy.arctan, numpy.cbrt, numpy.sin)),
        lambda r: d.PCA(n_components=2, whiten=some(r, True, False)),
        lambda r: d.TruncatedSVD(n_components=2),
        lambda r: f.SelectKBest(k=2, score_func=f.f_regression),
        lambda r: f.VarianceThreshold(),
        lambda r: "passthrough",
        lambda r: None,
    ]


def imputer(rng: Generator) -> Any:
    """An imputer of numbers."""
    from sklearn.impute import SimpleImputer

    return SimpleImputer(
        strategy=some(rng, "mean", "median", "most_frequent", "constant"),
        add_indicator=some(rng, True, False),
        keep_empty_features=some(rng, True, False),
    )


def table(rng: Generator, rows: int) -> pandas.DataFrame:
    """A DataFrame with numbers and texts."""
    data: dict[str, Any] = {
        "age": numpy.where(rng.random(rows) < 0.1, numpy.nan, numpy.round(rng.normal(40, 12, rows), 1)),
        "income": rng.lognormal(3, 1, rows),
        "city": [some(rng, *CITIES[:5], None) for _ in range(rows)],
        "grade": [some(rng, "low", "mid", "high") for _ in range(rows)],
        "rooms": rng.integers(1, 6, rows),
        "rare": [f"r{int(rng.geometric(0.4))}" for _ in range(rows)],
    }
    names = list(data)
    rng.shuffle(names)
    return pandas.DataFrame({name: data[name] for name in names})


def tabular(rng: Generator) -> Any:
    """A ColumnTransformer for the table."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    onehot = OneHotEncoder(
        handle_unknown=some(rng, "ignore", "error", "infrequent_if_exist"),
        drop=some(rng, None, None, "first", "if_binary"),
        min_frequency=some(rng, None, None, 5),
        sparse_output=some(rng, True, False),
    )
    ordinal = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=some(rng, -1, numpy.nan), encoded_missing_value=some(rng, -2, numpy.nan)
    )
    filled = SimpleImputer(strategy=some(rng, "most_frequent", "constant"), missing_values=some(rng, None, numpy.nan))
    texts = some(rng, onehot, ordinal, make_pipeline(filled, onehot))
    many = make_pipeline(imputer(rng), StandardScaler())
    parts = [("texts", texts, ["city", "rare"]), ("numbers", many, ["age", "income"])]
    if rng.random() < 0.5:
        parts.reverse()
    if rng.random() < 0.5:
        parts.append(("grades", OrdinalEncoder(categories=[["low", "mid", "high"]]), ["grade"]))
    else:
        parts.append(("grades", OneHotEncoder(sparse_output=some(rng, True, False)), ["grade"]))
    remainder = some(rng, "drop", "passthrough", StandardScaler())
    return ColumnTransformer(parts, remainder=remainder, sparse_threshold=some(rng, 0.0, 0.3, 1.0))


def composite(rng: Generator, base: dict, kind: str) -> Any:
    """An estimator made of two others."""
    from sklearn import ensemble as e
    from sklearn import model_selection as s
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.feature_selection import RFE, SelectFromModel
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    fits = [(n, v) for n, v in base.items() if v[0] == kind and "Dummy" not in n and "KMeans" not in n and "Isolation" not in n]
    chosen = [fits[int(i)] for i in rng.choice(len(fits), 2, replace=False)]
    pair = [(name, maker(rng)) for name, (_, _, maker) in chosen]
    if kind == "number":
        return some(
            rng,
            e.VotingRegressor(pair, weights=some(rng, None, [2, 1])),
            e.StackingRegressor(pair, cv=2, passthrough=some(rng, True, False)),
            TransformedTargetRegressor(pair[0][1], func=some(rng, numpy.cbrt, None), inverse_func=None, check_inverse=False),
            TransformedTargetRegressor(pair[0][1], transformer=StandardScaler()),
            s.GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1, 3]}, cv=2),
            make_pipeline(SelectFromModel(DecisionTreeRegressor(max_depth=2)), LinearRegression()),
        )
    probable = [(name, model) for name, model in pair if hasattr(model, "predict_proba")] or [("logistic", LogisticRegression())]
    return some(
        rng,
        e.VotingClassifier(probable, voting="soft", weights=some(rng, None, [2, 1][: len(probable)])),
        e.VotingClassifier(pair, voting="hard", weights=some(rng, None, [2, 1])),
        e.StackingClassifier(pair, cv=2, passthrough=some(rng, True, False)),
        CalibratedClassifierCV(pair[0][1], method=some(rng, "sigmoid", "isotonic"), cv=2, ensemble=some(rng, True, False)),
        CalibratedClassifierCV(probable[0][1], method="temperature", cv=2, ensemble=some(rng, True, False)),
        OneVsRestClassifier(pair[0][1]),
        OneVsOneClassifier(pair[0][1]),
        s.GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 3]}, cv=2),
        make_pipeline(RFE(DecisionTreeClassifier(max_depth=2), n_features_to_select=2), LogisticRegression()),
    )


def build(rng: Generator) -> tuple[Any, Any, list[str] | None]:
    """A fitted model, the rows it learnt, and the contract's columns."""
    from sklearn.compose import make_column_selector
    from sklearn.pipeline import FeatureUnion, make_pipeline

    base = models()
    if rng.random() < 0.15:
        from form_examples import CASES

        unfitted, x, y, *_ = CASES[some(rng, *sorted(CASES))]
        return copy.deepcopy(unfitted).fit(x, y), x, list(x.columns) if isinstance(x, pandas.DataFrame) else None
    rows, width = int(rng.integers(40, 120)), int(rng.integers(3, 7))
    shape = some(rng, "alone", "alone", "pipeline", "pipeline", "table", "table", "table", "composite", "composite", "union", "several")
    if shape == "composite":
        kind = some(rng, "class", "number")
        x = numbers(rng, rows, width, False)
        model = composite(rng, base, kind)
        return model.fit(x, target(rng, x, kind)), x, None
    name = some(rng, *base)
    kind, nan, maker = base[name]
    model = maker(rng)
    if shape == "alone":
        x = numbers(rng, rows, width, nan and rng.random() < 0.5)
        if rng.random() < 0.2:
            names = [f"column {i}" for i in range(width)]
            return model.fit(pandas.DataFrame(x, columns=names), target(rng, x, kind)), x, names
        return model.fit(x, target(rng, x, kind)), x, None
    if shape == "pipeline":
        holes = rng.random() < 0.4
        x = numbers(rng, rows, width, holes)
        if holes and rng.random() < 0.3:
            x[:, 0] = numpy.nan
        steps = ([imputer(rng)] if holes else []) + [some(rng, *scalers())(rng) for _ in range(int(rng.integers(0, 3)))]
        whole = make_pipeline(*steps, model)
        if rng.random() < 0.2:
            whole.set_output(transform="pandas")
        return whole.fit(x, target(rng, x, kind)), x, None
    if shape == "union":
        x = numbers(rng, rows, width, False)
        parts = [(f"part {i}", some(rng, *scalers()[:15])(rng)) for i in range(2)]
        union = FeatureUnion(parts, transformer_weights=some(rng, None, {"part 0": 0.3}))
        return make_pipeline(union, model).fit(x, target(rng, x, kind)), x, None
    if shape == "several":
        from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor

        x = numbers(rng, rows, width, False)
        if kind == "class":
            y = numpy.stack([target(rng, x, "binary") == target(rng, x, "binary") for _ in range(2)], axis=1)
            many = MultiOutputClassifier(model) if rng.random() < 0.5 else base["RandomForestClassifier"][2](rng)
            return many.fit(x, y.astype(some(rng, int, bool))), x, None
        y = numpy.stack([target(rng, x, kind) for _ in range(2)], axis=1)
        many = MultiOutputRegressor(model) if rng.random() < 0.5 else base["ExtraTreesRegressor"][2](rng)
        return many.fit(x, y), x, None
    frame = table(rng, rows)
    y = target(rng, frame[["income", "rooms"]].to_numpy(float), kind)
    if "HistGradient" in name and rng.random() < 0.7:
        typed = frame.astype({"city": "category", "grade": "category", "rare": "category"})
        model.set_params(categorical_features=some(rng, "from_dtype", make_column_selector(dtype_include="category")(typed)))
        return model.fit(typed, y), frame, list(frame.columns)
    whole = make_pipeline(tabular(rng), model)
    if rng.random() < 0.15:
        whole.set_output(transform="pandas")
    contract = list(frame.columns)
    if rng.random() < 0.2:
        rng.shuffle(contract)
    return whole.fit(frame, y), frame, contract


def column(name: str, values: Any) -> tuple[dict, bytes]:
    """A column of an input."""
    if isinstance(values, numpy.ndarray):
        raw = numpy.ascontiguousarray(values, "<f8").tobytes()
        return {"name": name, "dtype": "f8", "shape": list(values.shape), "bytes": len(raw)}, raw
    raw = json.dumps(values, allow_nan=False).encode()
    return {"name": name, "dtype": "json", "shape": [len(values)], "bytes": len(raw)}, raw


def cell(value: Any) -> Any:
    """A cell as JSON has it."""
    value = value.item() if isinstance(value, numpy.generic) else value
    return None if value is None or value != value else value


def inputs(rng: Generator, x: Any, contract: list[str] | None, near: bool = False) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Requests: rows like those learnt, and odd ones."""
    found: list[tuple[str, list[tuple[str, Any]]]] = []
    if isinstance(x, pandas.DataFrame):
        for size in (1, 1, 1, 3, 8, 20):
            part = table(rng, size) if "city" in x and "age" in x else x.iloc[rng.integers(0, len(x), size)]
            data = {name: [cell(v) for v in part[name].tolist()] for name in (contract or list(part.columns))}
            odd = rng.random()
            if "age" not in data:
                if odd < 0.3 and "city" in data:
                    data["city"][0] = "Unknown town"
            elif odd < 0.2:
                data["city"][0] = "Unknown town"
            elif odd < 0.3:
                data["income"][0] = 1e300
            elif odd < 0.4:
                data["age"] = [None] * size
            elif odd < 0.5:
                data["rare"] = [None] * size
            found.append(("columns", list(data.items())))
        return found
    width = x.shape[1]
    for size in (1, 1, 2, 7, 25):
        part = numbers(rng, size, width, rng.random() < 0.3)
        found.append(("matrix", [("", numpy.nan_to_num(part) if rng.random() < 0.4 else part)]))
    found.append(("matrix", [("", x[:20].copy())]))
    for odd in (1e300, -3.5e38, numpy.inf, -0.0, 5e-324, 1e-300, 1e15):
        if near and 1e10 < abs(odd) < numpy.inf:
            continue  # all centres are equally far then, but for the rounding
        part = numpy.nan_to_num(x[:2].copy())
        part[int(rng.integers(2)), int(rng.integers(width))] = odd
        found.append(("matrix", [("", part)]))
    return found


def written(seed: int) -> tuple[dict, bytes]:
    """A case's head and its bytes."""
    rng = numpy.random.default_rng(seed)
    for _ in range(20):
        try:
            fitted, x, contract = build(rng)
            break
        except (ValueError, TypeError, AttributeError, numpy.linalg.LinAlgError, FloatingPointError):
            continue  # a combination that scikit-learn refuses to fit
    else:
        raise RuntimeError(f"seed {seed} makes no model")
    with tempfile.TemporaryDirectory() as folder:
        joblib.dump(fitted, f"{folder}/model.joblib")
        output = None
        if rng.random() < 0.7:
            able = {"probabilities": "predict_proba", "decision": "decision_function"}
            output = ["prediction", *(name for name, method in able.items() if hasattr(fitted, method))]
        model = modelward_worker.Model(folder, {"artifact": "model.joblib", "columns": contract, "output": output})
    described = modelward_form.describe(model)
    head: dict[str, Any] = {"seed": seed, "model": " ".join(repr(fitted).split()), "form": described.head, "inputs": []}
    raw = list(described.arrays)
    near = any(name in head["model"] for name in ("KMeans", "NearestCentroid", "PCA", "SVD"))
    for form, columns in inputs(rng, x, contract, near):
        made = [column(*each) for each in columns]
        entry: dict[str, Any] = {"form": form, "columns": [each for each, _ in made]}
        raw += [data for _, data in made]
        count = len(columns[0][1])
        try:
            rows = [(name, values.copy() if isinstance(values, numpy.ndarray) else list(values)) for name, values in columns]
            answer = [encode(name, values) for name, values in model.compute(form, rows, count).items()]
            entry["expected"] = {"columns": [each for each, _ in answer]}
            raw += [data for _, data in answer]
        except Exception as error:
            entry["expected"] = told(error)
        head["inputs"].append(entry)
    head["reason"] = described.reason
    return head, b"".join(raw)


def main() -> None:
    """Writes the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for i in range(options.count):
        head, raw = written(options.seed + i)
        text = json.dumps(head, allow_nan=False, ensure_ascii=False).encode()
        (options.out / f"{options.seed + i:04}.case").write_bytes(struct.pack("<I", len(text)) + text + raw)


if __name__ == "__main__":
    main()
