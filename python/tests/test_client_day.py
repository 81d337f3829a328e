"""A working day with the client: lists, answers as people see them, hints, warnings, missing values, the asynchronous twin."""

from __future__ import annotations

import asyncio
import importlib.util
import traceback
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from modelward import AsyncModelRegistry, Conflict, Invalid, ModelRegistry, ModelwardWarning, NotFound, Refused, Unfinished

PYTHON = Path(__file__).resolve().parents[1]


def test_three_lines_are_enough_to_serve_a_model(registry, name, train, iris):
    with pytest.warns(ModelwardWarning, match="no model card: nobody who finds it later .*these are missing: description"):
        saved = registry.save_model(name, "1.0.0", train())
    assert registry.serve(name).state == "SERVING"
    answer = registry.predict(name, iris[0][:3])
    assert len(answer.predictions) == 3
    assert repr(saved) == f"<{name}@1.0.0 {saved.digest[:15]} saved>"
    assert repr(answer).startswith(f"<[{', '.join(map(str, answer['predictions']))}] by {name}@1.0.0, prediction ")


def test_everything_there_is_can_be_listed_and_searched(registry, name, train, iris):
    registry.save_model(name, "1.0.0", train(), {})
    registry.describe(name, "Flowers of the Garden")
    registry.set_alias(name, "champion", "@latest")
    registry.serve(name)
    answer = registry.predict(name, iris[0][:2])
    assert [model.model for model in registry.list_models(name.upper())] == [f"default/{name}"]
    assert f"default/{name}" in [model["model"] for model in registry.list_models("the garden")]
    assert registry.list_models("no such text anywhere") == []
    assert name in [endpoint.endpoint for endpoint in registry.list_endpoints()]
    assert [(alias.alias, alias.version) for alias in registry.aliases(name)] == [("champion", "1.0.0")]
    assert registry.show(name, "@champion")["version"] == "1.0.0"
    registry.delete_alias(name, "champion")
    assert registry.aliases(name) == []
    assert [revision.cause for revision in registry.endpoint_history(name)] == ["create"]
    assert [record.prediction_id for record in registry.predictions(endpoint=name)] == [answer.prediction_id]
    assert registry.prediction(answer.prediction_id) == next(registry.predictions(model=name, version="latest"))
    assert [entry.action for entry in registry.audit(f"endpoint:{name}")] == ["endpoint.create"]
    assert "publish" in [entry.action for entry in registry.audit(name)]
    assert [entry.action for entry in registry.audit(f"{name}@1.0.0", action="publish")] == ["publish"]
    assert list(registry.audit(f"{name}@9.0.0")) == []


def test_records_are_found_by_time_and_status(registry, served, iris):
    ids = [registry.predict(served, iris[0][:1])["prediction_id"] for _ in range(3)]
    with pytest.raises(Refused):
        registry.predict(served, [["a", "b", "c", "d"]])
    now = datetime.now(timezone.utc)
    found = [record.prediction_id for record in registry.predictions(endpoint=served, since=now - timedelta(hours=1))]
    assert found == ids[::-1], "newest first"
    assert list(registry.predictions(endpoint=served, until=now - timedelta(hours=1))) == []
    assert list(registry.predictions(endpoint=served, since=now + timedelta(hours=1))) == []
    assert len(list(registry.predictions(endpoint=served, status="answered"))) == 3
    assert list(registry.predictions(endpoint=served, status="failed")) == []
    for wrong in ({"status": "600"}, {"since": "yesterday"}, {"version": "1.0.0"}):
        with pytest.raises(Invalid):
            list(registry.predictions(**wrong))
    with pytest.raises(NotFound, match="and never was"):
        list(registry.predictions(endpoint="never-there"))


def test_the_audit_log_is_filtered_by_who_what_and_when(registry, server, name, train):
    ModelRegistry(server, actor="auditor-of-filters").save_model(name, "1.0.0", train(), {})
    mine = list(registry.audit(by="auditor-of-filters"))
    assert [entry.action for entry in mine] == ["publish", "model.create"]
    assert [entry.action for entry in registry.audit(by="auditor-of-filters", action="model")] == ["model.create"]
    assert list(registry.audit(by="auditor-of-filters", action="mod")) == []
    assert list(registry.audit(by="auditor-of-filters", since=datetime.now() + timedelta(hours=1))) == []
    assert list(registry.audit(by="auditor-of-filters", until="2026-01-01")) == []


def test_a_name_that_is_nearly_right_is_named(registry, served):
    near = served + "x"  # one letter from this name, and two from those of other tests
    with pytest.raises(NotFound, match=f"Did you mean default/{served}"):
        registry.show(near)
    with pytest.raises(NotFound, match=f"Did you mean {served}"):
        registry.predict(near, [[1, 2, 3, 4]])
    with pytest.raises(NotFound, match=r"has no version 9.9.9. It has 1.10.0, 1.9.0\."):
        registry.show(served, "9.9.9")


def test_a_model_that_nobody_serves_is_told_from_one_that_is_not_there(registry, name, train):
    registry.save_model(name, "1.0.0", train(), {})
    with pytest.raises(NotFound, match=rf"There is a model {name}: serve it with serve\('{name}'\)"):
        registry.predict(name, [[1, 2, 3, 4]])


def test_an_error_shows_one_frame_of_the_package_and_no_chain():
    registry = ModelRegistry("http://127.0.0.1:1")
    for call in (registry.list_models, registry.status, lambda: list(registry.models()), lambda: list(registry.versions("a"))):
        with pytest.raises(Exception) as caught:
            call()
        shown = "".join(traceback.format_exception(caught.value))
        assert shown.count("src/modelward/") <= 2 and "direct cause" not in shown, shown
        assert "No server answers at http://127.0.0.1:1. Start one with: modelward serve" in shown


@pytest.mark.parametrize(
    ("version", "hint"), [("v1.2", "Write '1.2.0'"), ("1.2", "Write '1.2.0'"), (1, "not an int"), ("latest", "call publish"), ("1.2.x", "Semantic")]
)
def test_a_wrong_version_is_refused_before_the_model_is_looked_at(registry, name, version, hint):
    with pytest.raises(Invalid, match=hint):
        registry.save_model(name, version, _Untouchable())


def test_arguments_in_the_wrong_place_are_told(registry, name):
    with pytest.raises(Invalid, match="The name of a model is a text"):
        registry.save_model(_Untouchable(), name, "1.0.0", {})
    with pytest.raises(Invalid, match="two slashes"):
        registry.save_model("a/b/c", "1.0.0", _Untouchable(), {})
    with pytest.raises(Invalid, match="write 'iris', 'champion'"):
        registry.load_model("iris@champion")
    with pytest.raises(Invalid, match="bump is patch, minor, major, auto or None"):
        registry.publish(name, _Untouchable(), {}, bump="foo")
    with pytest.raises(Invalid, match="A model card is a dictionary"):
        registry.save_model(name, "1.0.0", _Untouchable(), "card")


class _Untouchable:
    def __reduce__(self):
        raise AssertionError("the model was looked at before the arguments")


def test_what_cannot_be_served_is_told_when_it_is_saved(registry, name):
    from sklearn.linear_model import Ridge

    with pytest.warns(ModelwardWarning, match="not fitted, so it will fail when it predicts: call fit"):
        registry.save_model(name, "1.0.0", Ridge(), {})
    with pytest.warns(ModelwardWarning, match="no method predict, so it is kept and cannot be served"):
        registry.save_model(f"{name}-dict", "1.0.0", {"a": 1}, {})


def test_a_warning_names_the_line_of_the_user(registry, name, train):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        registry.save_model(name, "1.0.0", train())
    assert [warning.filename for warning in caught if warning.category is ModelwardWarning] == [__file__]


def test_missing_values_are_null_in_arrays_lists_and_tables_alike(registry, name, iris):
    import numpy
    import pandas
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    rows = iris[0].copy()
    rows[0, 1] = numpy.nan
    registry.save_model(name, "1.0.0", make_pipeline(SimpleImputer(), Ridge()).fit(rows, iris[1]), {})
    registry.serve(name)
    expected = registry.predict(name, rows[:2]).predictions
    frame = pandas.DataFrame(rows[:2], columns=["a", "b", "c", "d"])
    for same in (rows[:2].tolist(), rows[:2].astype("float32"), frame, frame.astype("Float64"), [tuple(row) for row in rows[:2]]):
        assert registry.predict(name, same).predictions == pytest.approx(expected, rel=1e-5)


def test_text_where_the_model_takes_numbers_is_the_callers_mistake_without_any_sample(registry, name, train):
    registry.save_model(name, "1.0.0", train(), {})
    registry.serve(name)
    with pytest.raises(Refused, match=r"instances\[0\]\[0\] must be a number"):
        registry.predict(name, [["a", 2, 3, 4]])
    with pytest.raises(Refused, match="put one row in a list"):
        registry.predict(name, [1, 2, 3, 4])
    for value in ({"a": 1}, "text", 3, None):
        with pytest.raises(Invalid, match="put it in a list"):
            registry.predict(name, value)


def test_to_learn_what_a_row_is_is_no_break(registry, name, iris, train):
    from sklearn.pipeline import make_pipeline

    registry.save_model(name, "1.0.0", _texts().fit(["good", "bad"], [1, 0]), {})
    with pytest.warns(ModelwardWarning, match="1.0.0 did not say what a row is, and this version does"):
        registry.save_model(name, "1.0.1", _texts().fit(["good", "bad", "so so"], [1, 0, 1]), {}, sample=["good", "bad"])


def _texts():
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(CountVectorizer(), LogisticRegression())


def test_a_rollback_goes_back_once_and_not_forward(registry, name, train):
    for seed, version in enumerate(("1.0.0", "1.1.0")):
        registry.save_model(name, version, train(seed), {})
        registry.serve(name, version)
    assert registry.rollback(name, reason="no good").model_version == "1.0.0"
    with pytest.raises(Refused, match=f"nothing to roll back to.*default/{name}@1.0.0, default/{name}@1.1.0"):
        registry.rollback(name, reason="pressed twice")


def test_an_answer_is_a_dictionary_an_object_a_line_and_a_table(registry, served):
    endpoint = registry.endpoint(served)
    assert endpoint["state"] == endpoint.state == "SERVING" and isinstance(endpoint, dict)
    assert repr(endpoint) == f"<endpoint {served} SERVING {served}@1.9.0, revision 1>" and str(endpoint) == repr(endpoint)[1:-1]
    assert "<table>" in endpoint._repr_html_() and "<table>" in registry.list_endpoints()._repr_html_()
    assert "revision" in dir(endpoint) and endpoint.contract.input["row"]
    with pytest.raises(AttributeError, match="This Endpoint has no stat"):
        _ = endpoint.stat


def test_the_asynchronous_client_has_the_same_calls(server, served, iris):
    async def day() -> None:
        async with AsyncModelRegistry(server, actor="tester") as registry:
            answers = await asyncio.gather(*(registry.predict(served, iris[0][:1]) for _ in range(20)))
            assert len({answer.prediction_id for answer in answers}) == 20
            assert [version.version async for version in registry.versions(served)] == ["1.9.0", "1.10.0"]
            assert (await registry.endpoint(served)).state == "SERVING"
            with pytest.raises(NotFound):
                await registry.endpoint("not-there")

    asyncio.run(day())


def test_waits_that_are_cancelled_hold_up_nobody(server, served):
    async def day() -> None:
        async with AsyncModelRegistry(server, actor="tester", calls_at_once=2) as registry:
            rollout = await registry.rollout(served, "1.10.0", steps=[50], min_samples=1000)
            for _ in range(5):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(registry.wait(rollout.id), 0.2)
            with pytest.raises(Unfinished, match=f"Rollout {rollout.id} is"):
                await registry.wait(rollout.id, timeout=0.1)
            async for state in registry.watch(rollout.id):
                assert state.id == rollout.id
                break
            await registry.abort(rollout.id, reason="enough")
            assert (await registry.wait(rollout.id, timeout=60)).state in ("ROLLED_BACK", "CANCELLED")

    asyncio.run(asyncio.wait_for(day(), 120))


def test_rows_as_arrays_and_columns_that_share_a_name(registry, name, iris):
    import numpy
    import pandas
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    registry.save_model(name, "1.0.0", make_pipeline(SimpleImputer(), Ridge()).fit(iris[0], iris[1]), {})
    registry.serve(name)
    rows = iris[0][:2].copy()
    rows[0, 1] = numpy.nan
    expected = registry.predict(name, rows).predictions
    assert registry.predict(name, list(rows)).predictions == expected
    with pytest.raises(Invalid, match="Two columns of the table are named 'a'"):
        registry.predict(name, pandas.DataFrame(rows, columns=["a", "a", "b", "c"]))


def test_the_stub_of_the_asynchronous_client_is_up_to_date():
    spec = importlib.util.spec_from_file_location("generate_stubs", PYTHON / "generate_stubs.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.STUB.read_text(encoding="utf-8") == generator.stub(), "run python/generate_stubs.py"


def test_a_number_that_is_taken_says_what_differs(registry, name, train):
    model = train()
    registry.save_model(name, "1.0.0", model, {"author": "a", "accuracy": 1})
    with pytest.raises(Conflict, match="the files are the same; the card differs in accuracy, created"):
        registry.save_model(name, "1.0.0", model, {"author": "a", "accuracy": 2, "created": "now"})
    with pytest.raises(Conflict, match="these files differ: model.joblib; the card is the same"):
        registry.save_model(name, "1.0.0", train(9), {"author": "a", "accuracy": 1})
