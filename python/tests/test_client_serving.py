"""Endpoints, predictions and traces through the client."""

from __future__ import annotations

import pytest

from modelward import Conflict, NotFound, Refused

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def test_an_answer_follows_the_output_schema_and_names_its_version(registry, served, iris, train):
    answer = registry.predict(served, iris[0][:3])
    expected = train(1).predict_proba(iris[0][:3]).tolist()
    assert [row["prediction"] for row in answer["predictions"]] == [0, 0, 0]
    assert [row["probabilities"] for row in answer["predictions"]] == expected
    assert answer["model"] == f"default/{served}"
    assert answer["model_version"] == "1.9.0"
    assert answer["digest"] == registry.show(served, "1.9.0")["digest"]
    assert answer["prediction_id"]


def test_a_flip_and_a_rollback_move_all_traffic(registry, served, iris):
    flipped = registry.flip(served, "1.10.0", reason="better")
    assert flipped["model_version"] == "1.10.0"
    assert registry.predict(served, iris[0][:1])["model_version"] == "1.10.0"
    back = registry.rollback(served, reason="worse")
    assert back["model_version"] == "1.9.0"
    assert back["revision"] == flipped["revision"] + 1
    assert registry.predict(served, iris[0][:1])["model_version"] == "1.9.0"


def test_the_loser_of_two_flips_is_told_what_is_current(registry, served):
    revision = registry.endpoint(served)["revision"]
    registry.flip(served, "1.10.0", reason="one operator", expected_revision=revision)
    with pytest.raises(Conflict) as caught:
        registry.flip(served, "1.9.0", reason="another", expected_revision=revision)
    assert caught.value.current["revision"] == revision + 1


def test_a_version_that_breaks_the_contract_needs_it_changed_in_the_same_act(registry, served, card, iris):
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(n_estimators=3).fit(iris[0][:, :3], iris[1])
    registry.save_model(served, "2.0.0", model, card("2.0.0", training_data={"features": 3}))
    with pytest.raises(Refused):
        registry.flip(served, "2.0.0", reason="new input")
    assert registry.endpoint(served)["model_version"] == "1.9.0"
    moved = registry.flip(served, "2.0.0", reason="new input", change_contract=True)
    assert moved["model_version"] == "2.0.0"
    assert registry.predict(served, [[1, 2, 3]])["model_version"] == "2.0.0"


def test_a_row_that_does_not_fit_is_refused_and_named(registry, served):
    for row in ([1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, "4"], [1, 2, 3, True], [1, 2, 3, None], {"a": 1}, 7, []):
        with pytest.raises(Refused) as caught:
            registry.predict(served, [[5.1, 3.5, 1.4, 0.2], row])
        assert caught.value.field.startswith("instances[1]"), row


def test_a_prediction_traces_to_its_version_its_files_and_its_people(registry, served, iris):
    answer = registry.predict(served, iris[0][:2])
    trace = registry.trace(answer["prediction_id"], verify=True)
    assert trace["prediction"]["model_version"] == "1.9.0"
    assert trace["prediction"]["rows"] == 2
    assert trace["version"]["digest"] == answer["digest"]
    assert trace["version"]["card"]["author"] == "Iris team"
    assert trace["version"]["reason"] == "first"
    assert trace["version"]["published_by"]["actor"] == "tester"
    assert "model.joblib" in [file["path"] for file in trace["version"]["files"]]
    assert trace["route"]["revision"] == 1
    assert trace["live"] and trace["audit"]
    assert trace["verification"]["intact"] is True


def test_a_model_of_columns_takes_rows_by_name_in_any_order(registry, name, iris):
    pandas = pytest.importorskip("pandas")
    from sklearn.linear_model import LogisticRegression

    frame = pandas.DataFrame(iris[0], columns=COLUMNS)
    model = LogisticRegression(max_iter=500).fit(frame, iris[1])
    registry.save_model(name, "1.0.0", model, {}, sample=frame)
    registry.create_endpoint(name, name, "1.0.0", reason="columns")
    expected = model.predict(frame[::10]).tolist()
    assert registry.predict(name, frame[::10])["predictions"] == expected
    assert registry.predict(name, frame[COLUMNS[::-1]][::10])["predictions"] == expected
    assert registry.predict(name, iris[0][::10])["predictions"] == expected
    with pytest.raises(Refused):
        registry.predict(name, [{"sepal_length": 1.0}])
    with pytest.raises(Refused):
        registry.predict(name, frame[:1].assign(colour=1.0))


def test_a_table_of_texts_and_numbers_is_served(registry, name):
    pandas = pytest.importorskip("pandas")
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    frame = pandas.DataFrame({"colour": ["red", "blue", "red", "blue"], "size": [1.0, 2.0, 3.0, 4.0]})
    encode = make_column_transformer((OneHotEncoder(), ["colour"]), remainder="passthrough")
    model = make_pipeline(encode, LogisticRegression()).fit(frame, [0, 1, 0, 1])
    registry.save_model(name, "1.0.0", model, {}, sample=frame)
    registry.create_endpoint(name, name, "1.0.0", reason="table")
    assert registry.predict(name, frame)["predictions"] == model.predict(frame).tolist()


def test_an_endpoint_or_prediction_that_is_not_there_is_not_found(registry):
    for call in (lambda: registry.predict("nowhere", [[1]]), lambda: registry.endpoint("nowhere"), lambda: registry.trace("nothing")):
        with pytest.raises(NotFound):
            call()


def test_the_status_tells_how_workers_are_isolated(registry):
    assert {"isolation", "environment", "prediction_log"} <= registry.status().keys()
