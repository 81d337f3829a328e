"""A model's portable form: which models have one, that it answers what scikit-learn answers, and that nobody's code gets into it."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import form_cases
import modelward_form
import numpy
import pandas
import pytest
import sklearn.tree
from form_evaluator import Form
from form_support import assert_alike, load, same
from modelward_form import Described
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import GammaRegressor, LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, KBinsDiscretizer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from worker_process import ANSWER, DESCRIBE, DESCRIBED, LOADED, PROBE, Worker, save

X = numpy.random.default_rng(0).normal(size=(60, 3))
Y = (X[:, 0] + X[:, 1] ** 2 > 0.5).astype(int) + (X[:, 2] > 0.7)


class Subclass(DecisionTreeClassifier):
    """Somebody's own class."""


def own(x: Any) -> Any:
    """Somebody's own function."""
    return x * 2


@pytest.fixture
def describe(tmp_path: Path) -> Callable[..., Described]:
    """Loads a fitted model as the worker does, and describes it."""

    def describer(fitted: Any, **head: Any) -> Described:
        return modelward_form.describe(load(tmp_path, fitted, **head))

    return describer


def tree() -> DecisionTreeClassifier:
    """A small tree."""
    return DecisionTreeClassifier(max_depth=3).fit(X, Y)


@pytest.mark.parametrize("name", sorted(form_cases.models()))
def test_each_known_estimator_is_described_and_answers_alike(tmp_path: Path, name: str) -> None:
    rng = numpy.random.default_rng(len(name))
    kind, missing, maker = form_cases.models()[name]
    x = form_cases.numbers(rng, 60, 4, missing)
    model = load(tmp_path, maker(rng).fit(x, form_cases.target(rng, x, kind)))
    assert_alike(model, modelward_form.describe(model), "matrix", [("", form_cases.numbers(rng, 20, 4, missing))])


@pytest.mark.parametrize("place", range(len(form_cases.scalers())))
def test_each_known_transformer_is_described_and_answers_alike(tmp_path: Path, place: int) -> None:
    rng = numpy.random.default_rng(place)
    x = numpy.abs(form_cases.numbers(rng, 60, 4, False)) + 0.1
    fitted = make_pipeline(form_cases.scalers()[place](rng), LinearRegression()).fit(x, form_cases.target(rng, x, "number"))
    model = load(tmp_path, fitted)
    assert_alike(model, modelward_form.describe(model), "matrix", [("", x[:20])])


@pytest.mark.parametrize("seed", range(5000, 5020))
def test_random_models_answer_alike(tmp_path: Path, seed: int) -> None:
    rng = numpy.random.default_rng(seed)
    try:
        fitted, x, contract = form_cases.build(rng)
    except (ValueError, TypeError, AttributeError):
        pytest.skip("scikit-learn does not fit this combination")
    model = load(tmp_path, fitted, columns=contract)
    described = modelward_form.describe(model)
    if described.reason is not None:
        assert "sparse" in described.reason or "numbers of classes" in described.reason
        return
    for form, columns in form_cases.inputs(rng, x, contract):
        assert_alike(model, described, form, columns)


@pytest.mark.parametrize("seed", range(6000, 6006))
def test_each_step_can_be_computed_alone(tmp_path: Path, seed: int) -> None:
    rng = numpy.random.default_rng(seed)
    x = numpy.abs(form_cases.numbers(rng, 60, 4, False))
    part = form_cases.some(rng, *form_cases.scalers())(rng)
    fitted = make_pipeline(StandardScaler(), part, DecisionTreeClassifier(max_depth=3)).fit(x, form_cases.target(rng, x, "class"))
    described = modelward_form.describe(load(tmp_path, fitted))
    assert described.reason is None, described.reason
    form, steps = Form(described.head, described.arrays), described.head["steps"]
    assert len(steps) == len(described.steps) >= 2
    values = form.values(x)
    for step, call in zip(steps, described.steps):
        assert same(values[step["to"]].astype(float).tolist(), call(values[step["from"]]).tolist()), step
        alone = form.values(values[step["from"]], step["from"], step["to"])
        assert same(alone[step["to"]].astype(float).tolist(), values[step["to"]].astype(float).tolist())


def shadowed() -> Any:
    """A tree with an attribute that hides its method."""
    model = tree()
    model.predict = partial(own)
    return model


def counted() -> Any:
    """A selector whose scores are somebody's own function."""
    return make_pipeline(SelectKBest(own_scores, k=2), tree()).fit(X, Y)


def own_scores(x: Any, y: Any) -> Any:
    """Somebody's own scores."""
    return numpy.arange(x.shape[1])


@pytest.mark.parametrize(
    ("fitted", "reason"),
    [
        (Subclass().fit(X, Y), "Subclass is a class of your own"),
        (make_pipeline(StandardScaler(), Subclass()).fit(X, Y), "step 2, Subclass, is a class of your own"),
        (shadowed(), "DecisionTreeClassifier has an attribute of its own named predict, which hides the method of its class"),
        (make_pipeline(FunctionTransformer(own), tree()).fit(X, Y), "step 1 is a function of your own"),
        (counted(), "step 1, SelectKBest has a parameter that is code of your own: score_func"),
        (make_pipeline(StandardScaler(), KNeighborsClassifier()).fit(X, Y), "step 2, KNeighborsClassifier, is not known to the evaluator"),
        (KNeighborsClassifier().fit(X, Y), "KNeighborsClassifier is not known to the evaluator"),
    ],
)
def test_objects_that_are_not_scikit_learns_own_are_not_described(describe: Any, fitted: Any, reason: str | None) -> None:
    assert describe(fitted).reason == reason


def test_a_lambda_in_a_function_transformer_is_not_described(tmp_path: Path) -> None:
    fitted = make_pipeline(FunctionTransformer(numpy.log1p), tree()).fit(numpy.abs(X), Y)
    model = load(tmp_path, fitted)
    assert modelward_form.describe(model).reason is None
    model.model.steps[0][1].func = lambda x: numpy.log1p(x)
    assert modelward_form.describe(model).reason == "step 1 is a function of your own"


def test_arguments_of_a_function_are_not_described(describe: Any) -> None:
    fitted = make_pipeline(FunctionTransformer(numpy.square, kw_args={"where": True}), tree()).fit(X, Y)
    assert describe(fitted).reason == "step 1, FunctionTransformer: its function has arguments"


@pytest.mark.parametrize("function", [numpy.square, numpy.negative, numpy.abs, numpy.reciprocal])
def test_what_numpy_calculates_in_the_bits_of_whole_numbers_is_not_described(tmp_path: Path, function: Any) -> None:
    rows = pandas.DataFrame({"n": range(1, 41)})
    fitted = make_pipeline(FunctionTransformer(function), DecisionTreeClassifier()).fit(rows, [n % 2 for n in range(40)])
    assert "answers otherwise for whole numbers" in modelward_form.describe(load(tmp_path, fitted)).reason
    assert int(fitted[0].transform(pandas.DataFrame({"n": [1 << 32]})).iloc[0, 0]) != (1 << 64)


def test_a_replaced_method_of_a_class_is_found(describe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    modelward_form_graph()._whole.clear()
    monkeypatch.setattr(DecisionTreeClassifier, "predict_proba", lambda self, rows: None)
    assert describe(tree()).reason == "the method predict_proba of DecisionTreeClassifier is not scikit-learn's own"
    modelward_form_graph()._whole.clear()


def test_a_method_in_the_place_of_another_is_found(describe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    modelward_form_graph()._whole.clear()
    monkeypatch.setattr(DecisionTreeClassifier, "predict", sklearn.tree.DecisionTreeClassifier.predict_log_proba)
    assert describe(tree()).reason == "the method predict of DecisionTreeClassifier is not the one that scikit-learn defines"
    modelward_form_graph()._whole.clear()


def test_a_replaced_function_of_a_module_is_found(describe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.linear_model import _logistic

    monkeypatch.setattr(_logistic, "softmax", own)
    fitted = LogisticRegression().fit(X, Y)
    assert describe(fitted).reason == "the function softmax of the module sklearn.linear_model._logistic was replaced"


def test_a_class_of_the_same_name_is_not_described(describe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = tree()
    fake = type("DecisionTreeClassifier", (DecisionTreeClassifier,), {"__module__": "sklearn.tree._classes"})
    monkeypatch.setattr("sklearn.tree._classes.DecisionTreeClassifier", fake)
    fitted.__class__ = fake
    assert "not known" in describe(fitted).reason


def test_another_scikit_learn_on_the_path_is_not_described(describe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sklearn, "__path__", ["/tmp/sklearn"])
    assert describe(tree()).reason == "the model brings a scikit-learn of its own"


def test_a_model_of_another_version_is_not_described(tmp_path: Path) -> None:
    model = load(tmp_path, tree())
    model.saved = {"scikit-learn": "1.5.2"}
    assert modelward_form.describe(model).reason == f"the model was saved by scikit-learn 1.5.2, and the worker has {sklearn.__version__}"


def test_settings_that_change_the_checks_are_not_described(describe: Any) -> None:
    with sklearn.config_context(assume_finite=True):
        assert describe(tree()).reason == "scikit-learn's setting assume_finite is on"


def test_an_array_of_an_own_class_is_not_described(tmp_path: Path) -> None:
    model = load(tmp_path, LogisticRegression().fit(X, Y))
    model.model.coef_ = numpy.matrix(model.model.coef_)
    assert modelward_form.describe(model).reason == "the model holds a matrix where scikit-learn holds an array"


def test_another_librarys_model_is_not_described(describe: Any) -> None:
    assert describe(Elsewhere()).reason == "Elsewhere is not known to the evaluator"


class Elsewhere:
    """Somebody's own model."""

    n_features_in_ = 3

    def predict(self, rows: Any) -> Any:
        """Zeros."""
        return numpy.zeros(len(rows))


def modelward_form_graph() -> Any:
    """The module with the checks."""
    import modelward_form_graph as module

    return module


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts a worker on a model and loads it."""
    workers: list[Worker] = []

    def starter(fitted: Any, **head: Any) -> Worker:
        workers.append(Worker(save(tmp_path, fitted)))
        assert workers[0].load(**head).kind == LOADED
        return workers[0]

    yield starter
    for worker in workers:
        assert worker.close() == 0


def test_a_worker_tells_the_form_and_computes_its_steps(start: Callable[..., Worker]) -> None:
    fitted = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=4, random_state=0)).fit(X, Y)
    worker = start(fitted)
    told = worker.exchange(DESCRIBE, {})
    assert told.kind == DESCRIBED
    assert [step["name"] for step in told.head["steps"]] == ["step 1, StandardScaler", "step 2, RandomForestClassifier"]
    rows = numpy.ascontiguousarray(X[:3])
    column = {"name": "", "dtype": "f8", "shape": [3, 3], "bytes": rows.nbytes}
    head = {"requests": [1, 2], "form": "matrix", "columns": [column]}
    scaled = worker.exchange(PROBE, {**head, "step": 0}, [rows.tobytes()])
    assert scaled.kind == ANSWER
    assert scaled.head["results"] == [{"rows": 1}, {"rows": 2}]
    assert scaled.columns[""] == fitted[0].transform(rows).tolist()
    whole = worker.exchange(PROBE, {**head, "step": None}, [rows.tobytes()])
    assert whole.columns[""] == fitted.predict(rows).tolist()
    chances = worker.exchange(PROBE, {**head, "step": None, "method": "predict_proba"}, [rows.tobytes()])
    assert numpy.allclose(chances.columns[""], fitted.predict_proba(rows), rtol=1e-12)


def test_a_probe_tells_which_request_raises(start: Callable[..., Worker]) -> None:
    worker = start(LogisticRegression().fit(X, Y))
    assert worker.exchange(DESCRIBE, {}).kind == DESCRIBED
    rows = numpy.array([[numpy.nan, 0, 0], [1.0, 2.0, 3.0]])
    column = {"name": "", "dtype": "f8", "shape": [2, 3], "bytes": rows.nbytes}
    head = {"requests": [1, 1], "form": "matrix", "columns": [column], "step": 0}
    answer = worker.exchange(PROBE, head, [rows.tobytes()])
    assert answer.head["results"][0]["error"] == "ValueError"
    assert answer.head["results"][1] == {"rows": 1}
    assert len(answer.columns[""]) == 1


def test_a_worker_computes_a_step_of_a_table(start: Callable[..., Worker]) -> None:
    data = pandas.DataFrame({"city": ["Oslo", None, "Wien", "Oslo"], "age": [1.0, 2.0, numpy.nan, 4.0]})
    parts = ColumnTransformer([("city", OneHotEncoder(handle_unknown="ignore"), ["city"])], remainder="drop")
    worker = start(make_pipeline(parts, LogisticRegression()).fit(data, [0, 1, 0, 1]), columns=["city", "age"])
    told = worker.exchange(DESCRIBE, {})
    assert told.head["steps"][0]["name"] == "step 1, part 'city', OneHotEncoder"
    raw = json.dumps(["Wien", {"nan": True}, "Rom"]).encode()
    column = {"name": "c", "dtype": "json", "shape": [3], "bytes": len(raw)}
    answer = worker.exchange(PROBE, {"requests": [3], "form": "columns", "columns": [column], "step": 0}, [raw])
    assert answer.columns[""] == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_a_worker_says_why_there_is_no_form(start: Callable[..., Worker]) -> None:
    worker = start(KNeighborsClassifier().fit(X, Y))
    assert worker.exchange(DESCRIBE, {}).head == {"reason": "KNeighborsClassifier is not known to the evaluator"}


@pytest.mark.parametrize(("function", "dtype"), [("predict", "f8"), ("predict_proba", "f4")])
def test_a_model_of_mlflow_is_described_by_its_signature(tmp_path: Path, function: str, dtype: str) -> None:
    mlflow = pytest.importorskip("mlflow")
    import mlflow.sklearn
    import modelward_pyfunc

    data = pandas.DataFrame(X, columns=["a", "b", "c"]).astype(dtype)
    fitted = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=4, random_state=0)).fit(data, Y)
    signature = mlflow.models.infer_signature(data, Y)
    options = {"serialization_format": "cloudpickle", "pip_requirements": []}
    mlflow.sklearn.save_model(fitted, tmp_path / "model", signature=signature, pyfunc_predict_fn=function, **options)
    model = modelward_pyfunc.Model(str(tmp_path / "model"), {})
    described = modelward_form.describe(model)
    rows = [(name, data[name].to_numpy().astype("<f8")) for name in data.columns]
    assert_alike(model, described, "columns", rows)
    assert described.head["input"]["types"] == [{"f8": "double", "f4": "float"}[dtype]] * 3


def test_a_wrapper_of_mlflow_that_was_changed_is_not_described(tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow")
    import mlflow.sklearn
    import modelward_pyfunc

    signature = mlflow.models.infer_signature(X, Y)
    options = {"serialization_format": "cloudpickle", "pip_requirements": []}
    mlflow.sklearn.save_model(tree(), tmp_path / "model", signature=signature, **options)
    model = modelward_pyfunc.Model(str(tmp_path / "model"), {})
    assert modelward_form.describe(model).reason is None
    model.pyfunc._model_impl.predict = own
    assert modelward_form.describe(model).reason == "MLflow's wrapper around the model was changed"


class OwnEncoder(OneHotEncoder):
    """Somebody's own encoder."""


def test_helpers_inside_an_estimator_are_scikit_learns_own_too(tmp_path: Path) -> None:
    fitted = make_pipeline(KBinsDiscretizer(n_bins=3, quantile_method="averaged_inverted_cdf"), tree()).fit(X, Y)
    model = load(tmp_path, fitted)
    assert modelward_form.describe(model).reason is None
    model.model.steps[0][1]._encoder.__class__ = OwnEncoder
    assert modelward_form.describe(model).reason == "the model holds a OwnEncoder where scikit-learn holds a OneHotEncoder"


def test_a_link_of_an_own_class_is_not_described(tmp_path: Path) -> None:
    model = load(tmp_path, GammaRegressor().fit(X, numpy.exp(X[:, 0])))
    assert modelward_form.describe(model).reason is None
    model.model._base_loss.link = Elsewhere()
    assert modelward_form.describe(model).reason == "the link of the model's loss is not scikit-learn's own"
