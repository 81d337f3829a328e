"""What the Python client changes of models, versions and endpoints, on a real server."""

from __future__ import annotations

import pytest

from modelward import Conflict, NotFound


@pytest.fixture
def published(registry, name, card, train):
    """A model with two versions."""
    registry.save_model(name, "1.0.0", train(1), card("1.0.0"))
    registry.save_model(name, "1.1.0", train(2), card("1.1.0"))
    return name


def test_a_model_is_renamed_described_and_tagged(registry, published):
    renamed = f"{published}-renamed"
    registry.rename(published, renamed, reason="clearer")
    with pytest.raises(NotFound) as missing:
        registry.model(published)
    assert missing.value.extra["missing"] == "model"
    registry.describe(renamed, "flowers")
    registry.tag(renamed, "team/size", "4")
    found = registry.model(renamed)
    assert (found["description"], found["tags"], found["versions"]) == ("flowers", {"team/size": "4"}, 2)
    registry.untag(renamed, "team/size")
    assert registry.model(renamed)["tags"] == {}


def test_a_version_goes_and_comes_back(registry, published, iris):
    before = registry.show(published, "1.1.0")
    registry.describe(published, "good", version="1.1.0")
    registry.tag(published, "k", "v", version="1.1.0")
    registry.delete(published, version="1.1.0", reason="wrong data")
    assert registry.list_versions(published) == ["1.0.0"]
    with pytest.raises(NotFound):
        registry.show(published, "1.1.0")
    back = registry.undelete(published, version="1.1.0")
    assert (back["digest"], back["ordinal"], back["description"], back["tags"]) == (before["digest"], 2, "good", {"k": "v"})
    assert len(registry.load_model(published, "1.1.0")[0].predict(iris[0][:3])) == 3


def test_a_model_goes_and_comes_back_with_its_versions(registry, published, iris):
    registry.delete(published)
    with pytest.raises(NotFound):
        registry.list_versions(published)
    assert registry.undelete(published)["versions"] == 2
    assert len(registry.load_model(published, "1.0.0")[0].predict(iris[0][:3])) == 3


def test_an_endpoint_is_retired_and_its_name_used_again(registry, published, iris):
    registry.create_endpoint(published, published, "1.0.0")
    answer = registry.predict(published, iris[0][:1])
    with pytest.raises(Conflict) as serving:
        registry.delete(published, version="1.0.0")
    assert serving.value.extra["endpoints"] == [published]
    with pytest.raises(Conflict):
        registry.delete_endpoint(published, expected_revision=7)
    registry.delete_endpoint(published, reason="retired", expected_revision=1)
    for call in (lambda: registry.predict(published, iris[0][:1]), lambda: registry.endpoint(published)):
        with pytest.raises(NotFound):
            call()
    trace = registry.trace(answer["prediction_id"])
    assert trace["version"]["version"] == "1.0.0"
    registry.delete(published, version="1.0.0")
    assert registry.trace(answer["prediction_id"])["version"]["version"] == "1.0.0"
    again = registry.create_endpoint(published, published, "1.1.0")
    assert (again["revision"], again["model_version"]) == (2, "1.1.0")
    assert registry.predict(published, iris[0][:1])["model_version"] == "1.1.0"


def test_runs_and_experiments_are_found(registry):
    assert "0" in [found["experiment"] for found in registry.experiments()]
    assert list(registry.runs(filter="params.none = 'x'")) == []
    with pytest.raises(NotFound) as missing:
        registry.run("0" * 32)
    assert missing.value.extra["missing"] == "run"
