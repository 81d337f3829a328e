"""Models that do not load elsewhere are found before they are sent, and damaged ones before they are loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modelward import Invalid, Unloadable

MODULE = """
class Doubler:
    def predict(self, rows):
        return [2 * sum(row) for row in rows]


def identity(rows):
    return rows
"""
ROWS_CARD = {"description": "doubles", "input_schema": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 1}}


@pytest.fixture
def doubler(tmp_path, monkeypatch):
    """A module of the user's own, importable here and nowhere else."""
    path = tmp_path / "doubling.py"
    path.write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "doubling", raising=False)
    import doubling

    yield path, doubling.Doubler()
    sys.modules.pop("doubling", None)


def run_as_main(server: str, body: str) -> str:
    source = str(Path(__file__).resolve().parents[1] / "src")
    script = f"import sys; sys.path.insert(0, {source!r})\nfrom modelward import ModelRegistry, Unloadable\n{body}"
    done = subprocess.run([sys.executable, "-c", script, server], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_class_that_lives_only_in_main_is_named(server):
    told = run_as_main(
        server,
        MODULE
        + """
try:
    ModelRegistry(sys.argv[1]).save_model("mine", "1.0.0", Doubler(), {})
except Unloadable as error:
    print(error)
""",
    )
    assert "class Doubler is defined in __main__, which no other process has" in told
    assert "code=[" in told


def test_a_function_that_lives_only_in_main_is_named(server):
    told = run_as_main(
        server,
        MODULE
        + """
from sklearn.preprocessing import FunctionTransformer
try:
    ModelRegistry(sys.argv[1]).save_model("mine", "1.0.0", FunctionTransformer(identity), {})
except Unloadable as error:
    print(error)
""",
    )
    assert "function identity is defined in __main__" in told


def test_a_lambda_cannot_be_saved_and_the_reason_is_told(registry, name):
    from sklearn.preprocessing import FunctionTransformer

    with pytest.raises(Unloadable, match="move it to a module"):
        registry.save_model(name, "1.0.0", FunctionTransformer(lambda rows: rows), {})


def test_a_module_that_others_do_not_have_is_named(registry, name, doubler):
    with pytest.raises(Unloadable, match="module doubling.*code="):
        registry.save_model(name, "1.0.0", doubler[1], {})


def test_a_class_in_code_loads_and_serves(registry, name, doubler):
    path, model = doubler
    registry.save_model(name, "1.0.0", model, ROWS_CARD, code=[path], sample=[[1.0], [2.0]])
    loaded, _ = registry.load_model(name)
    assert loaded.predict([[4]]) == [8]
    registry.create_endpoint(name, name, "1.0.0", reason="test")
    assert registry.predict(name, [[4], [5.5]])["predictions"] == [8, 11]


def test_a_package_in_code_loads(registry, name, tmp_path, monkeypatch):
    package = tmp_path / "ours"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    from ours.models import Doubler

    registry.save_model(name, "1.0.0", Doubler(), ROWS_CARD, code=[package], sample=[[1.0]])
    paths = [file["path"] for file in registry.show(name)["files"]]
    assert ".modelward/code/ours/models.py" in paths
    assert not [path for path in paths if "__pycache__" in path]


def test_a_model_that_cannot_predict_its_sample_is_told(registry, name, card, train):
    with pytest.raises(Invalid, match="A row of the sample has 3 values, and this RandomForestClassifier was fitted on 4"):
        registry.save_model(name, "1.2.0", train(), card(), sample=[[1.0, 2.0, 3.0]])
    with pytest.raises(Unloadable, match="does not predict its sample.*could not convert string to float"):
        registry.save_model(name, "1.2.0", train(), card(), sample=[["a", "b", "c", "d"]])


def test_a_damaged_copy_in_the_cache_is_replaced(registry, name, card, train, tmp_path):
    registry.save_model(name, "1.2.0", train(), card())
    registry.load_model(name)
    (artifact,) = (tmp_path / "cache").rglob("model.joblib")
    data = bytearray(artifact.read_bytes())
    data[len(data) // 2] ^= 1
    artifact.write_bytes(data)
    registry.load_model(name)
    assert artifact.read_bytes() != bytes(data)


def test_a_flipped_byte_in_the_store_is_found_by_load_and_by_verify(tmp_path, monkeypatch, card, train):
    from modelward import ModelRegistry
    from modelward.testing import Server

    monkeypatch.setenv("MODELWARD_CACHE", str(tmp_path / "cache"))
    with Server(tmp_path / "data") as server:
        registry = ModelRegistry(server.url)
        registry.save_model("iris", "1.2.0", train(), card())
        assert registry.verify()["intact"] is True
        size = next(file["size"] for file in registry.show("iris")["files"] if file["path"] == "model.joblib")
        (blob,) = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.stat().st_size == size]
        blob.chmod(0o600)
        with open(blob, "r+b") as file:
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 1]))
        with pytest.raises(Unloadable, match="model.joblib"):
            registry.load_model("iris")
        found = registry.verify()
        assert found["intact"] is False
        assert [damage["path"] for damage in found["damaged"]] == ["model.joblib"]
