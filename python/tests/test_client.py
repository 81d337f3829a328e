"""The client as its users call it, against a running server."""

from __future__ import annotations

import json

import numpy
import pytest

from modelward import Conflict, Invalid, ModelRegistry, NotFound, Refused, Unavailable


def test_the_snippet_that_people_write_by_hand_works_as_it_stands(server, monkeypatch, tmp_path, card, train, capsys):
    monkeypatch.setenv("MODELWARD_URL", server)
    monkeypatch.setenv("MODELWARD_CACHE", str(tmp_path))
    model, metadata = train(), card("1.2.0")

    registry = ModelRegistry()
    registry.save_model("iris", "1.2.0", model, metadata)
    versions = registry.list_versions("iris")
    model, metadata = registry.load_model("iris", "1.2.0")
    print(metadata["name"], metadata["version"], metadata["performance"]["accuracy"])

    assert versions == ["1.2.0"]
    assert capsys.readouterr().out == "iris-classifier 1.2.0 0.973\n"


def test_a_loaded_model_predicts_as_the_saved_one(registry, name, card, train, iris):
    saved = train()
    registry.save_model(name, "1.2.0", saved, card())
    loaded, metadata = registry.load_model(name)
    assert numpy.array_equal(loaded.predict_proba(iris[0]), saved.predict_proba(iris[0]))
    assert metadata["hyperparameters"]["n_estimators"] == 100


def test_saving_the_same_again_gives_the_same_answer(registry, name, card, train):
    model = train()
    first = registry.save_model(name, "1.2.0", model, card())
    again = registry.save_model(name, "1.2.0", model, card())
    assert again["digest"] == first["digest"]
    assert again["ordinal"] == first["ordinal"] == 1
    assert registry.list_versions(name) == ["1.2.0"]


def test_other_bytes_under_a_version_that_is_taken_are_a_conflict(registry, name, card, train):
    first = registry.save_model(name, "1.2.0", train(1), card())
    with pytest.raises(Conflict) as caught:
        registry.save_model(name, "1.2.0", train(2), card())
    assert caught.value.status == 409
    assert "1.2.0" in str(caught.value)
    assert registry.show(name, "1.2.0")["digest"] == first["digest"]


def test_versions_come_in_the_order_of_semver(registry, name, card, train):
    model = train()
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        registry.save_model(name, version, model, card(version))
    assert registry.list_versions(name) == ["1.2.0", "1.9.0", "1.10.0"]
    assert registry.show(name)["version"] == "1.10.0"


def test_a_changed_input_schema_is_refused_with_what_breaks_and_the_least_version(registry, name, card, train):
    registry.save_model(name, "1.10.0", train(), card("1.10.0"))
    changed = card("1.11.0", input_schema={"type": "array", "items": {"type": "string"}})
    with pytest.raises(Refused) as caught:
        registry.save_model(name, "1.11.0", train(2), changed)
    assert caught.value.least_version == "2.0.0"
    assert caught.value.breaking
    assert {"path", "what", "verdict"} <= caught.value.breaking[0].keys()
    assert registry.list_versions(name) == ["1.10.0"]


def test_publishing_takes_the_next_minor_version_for_a_retrained_model(registry, name, card, train):
    registry.save_model(name, "1.2.0", train(1), card())
    retrained = card()
    del retrained["version"]
    assert registry.publish(name, train(2), retrained, reason="retrained")["version"] == "1.3.0"


def test_a_directory_is_published_as_it_is(registry, name, card, tmp_path):
    folder = tmp_path / "weights"
    (folder / "sub dir").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"\x00" * 3_000_000)
    (folder / "sub dir" / "é.txt").write_text("text")
    (folder / "empty").write_bytes(b"")
    registry.publish(name, folder, {"version": "0.1.0"}, bump=None)
    files = {file["path"]: file["size"] for file in registry.show(name)["files"]}
    assert files == {"a.bin": 3_000_000, "empty": 0, "sub dir/é.txt": 4}


def test_numbers_of_numpy_are_numbers_of_the_card(registry, name, card, train):
    given = card(performance={"accuracy": numpy.float64(0.5), "rows": numpy.int32(7)})
    registry.save_model(name, "1.2.0", train(), given)
    assert registry.get_card(name, "1.2.0")["performance"] == {"accuracy": 0.5, "rows": 7}


def test_nan_in_a_card_is_refused_with_its_place(registry, name, card, train):
    with pytest.raises(Invalid) as caught:
        registry.save_model(name, "1.2.0", train(), card(performance={"accuracy": float("nan")}))
    assert caught.value.field == "performance.accuracy"


def test_a_card_of_another_version_is_refused_by_the_server(registry, name, card, train):
    with pytest.raises((Refused, Invalid)) as caught:
        registry.save_model(name, "1.3.0", train(), card("1.2.0"))
    assert "version" in str(caught.value)


def test_what_is_not_there_is_not_found(registry, name, card, train):
    with pytest.raises(NotFound):
        registry.list_versions("no-such-model")
    registry.save_model(name, "1.2.0", train(), card())
    for selector in ("9.9.9", "^9", "no-such-alias"):
        with pytest.raises(NotFound):
            registry.load_model(name, selector)


@pytest.mark.parametrize("version", ["1.2", "01.2.3", "1.2.3.4", "v1.2.3", "", "1.2.3-"])
def test_a_version_that_is_no_semver_is_invalid(registry, name, tmp_path, version):
    (tmp_path / "weights.bin").write_bytes(b"1")
    with pytest.raises((Invalid, Refused)) as caught:
        registry.publish(name, tmp_path / "weights.bin", {"version": version}, bump=None)
    assert "version" in str(caught.value)


def test_a_namespace_is_part_of_the_name_or_of_the_registry(server, registry, name, card, train):
    registry.save_model(f"team/{name}", "1.2.0", train(), card())
    assert ModelRegistry(server, namespace="team").list_versions(name) == ["1.2.0"]
    with pytest.raises(NotFound):
        registry.list_versions(name)


def test_aliases_and_ranges_select(registry, name, card, train):
    for version in ("1.2.0", "1.3.0"):
        registry.save_model(name, version, train(), card(version))
    registry.set_alias(name, "champion", "1.2.0", reason="proven")
    assert registry.load_model(name, "champion")[1]["version"] == "1.2.0"
    assert registry.load_model(name, "^1.0")[1]["version"] == "1.3.0"
    digest = registry.show(name, "1.2.0")["digest"]
    assert registry.show(name, digest)["version"] == "1.2.0"
    assert registry.show(name, "ordinal:2")["version"] == "1.3.0"


def test_a_diff_names_what_differs(registry, name, card, train):
    registry.save_model(name, "1.2.0", train(1), card())
    registry.save_model(name, "1.3.0", train(2), card("1.3.0", performance={"accuracy": 0.98}, hyperparameters={"max_depth": 4}))
    diff = registry.diff(name, "1.2.0", "1.3.0")
    accuracy = next(metric for metric in diff["metrics"] if metric["name"] == "accuracy")
    assert accuracy["change"] == pytest.approx(0.007)
    assert {file["path"]: file["state"] for file in diff["files"]}["model.joblib"] == "changed"
    assert {item["name"]: item["state"] for item in diff["hyperparameters"]}["max_depth"] == "changed"


def test_who_published_and_why_is_kept(registry, name, card, train):
    registry.save_model(name, "1.2.0", train(), card(), reason="first release")
    shown = registry.show(name)
    assert shown["published_by"] == {"actor": "tester", "verified": False}
    assert shown["reason"] == "first release"


def test_a_server_that_does_not_answer_is_unavailable():
    with pytest.raises(Unavailable, match="modelward serve"):
        ModelRegistry("http://127.0.0.1:9").list_versions("iris")


def test_an_actor_cannot_add_a_header(server):
    with pytest.raises(Invalid):
        ModelRegistry(server, actor="me\r\nHost: evil")


def test_the_sample_and_the_environment_travel_with_the_version(registry, name, card, train, iris, tmp_path):
    registry.save_model(name, "1.2.0", train(), card(), sample=iris[0])
    registry.load_model(name)
    (folder,) = (tmp_path / "cache" / "models").iterdir()
    about = folder / "files" / ".modelward"
    assert json.loads((about / "sample.json").read_text())["instances"] == iris[0][:20].tolist()
    assert json.loads((about / "signature.json").read_text()) == {"feature_names": [], "features": 4}
    environment = json.loads((about / "environment.json").read_text())
    assert {"joblib", "numpy", "scikit-learn", "scipy"} <= environment["packages"].keys()
