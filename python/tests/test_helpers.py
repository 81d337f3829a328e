"""Versions in one process have helper modules of their own, whatever stands under such names already."""

from __future__ import annotations

import json
import pickle
import random
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import pytest

from modelward import Unloadable
from modelward.loading import load

FILES = {
    "helping.py": """
from __future__ import annotations
from dataclasses import dataclass
from helping_parts import first
VALUE = {v}

@dataclass
class Helping:
    kept: int = {v}

    def predict(self, rows):
        import helping_late
        from helping_parts.second import SECOND
        return [VALUE, self.kept, first.FIRST, SECOND, helping_late.LATE]
""",
    "helping_late.py": "LATE = {v}\n",
    "helping_parts/__init__.py": "",
    "helping_parts/first.py": "FIRST = {v}\n",
    "helping_parts/second.py": "from .first import FIRST as SECOND\n",
}


def modules() -> dict[str, Any]:
    """What is imported under the helpers' names."""
    return {name: module for name, module in sys.modules.items() if name.startswith("helping")}


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    for name in modules():
        del sys.modules[name]


def version(root: Path, value: int) -> Path:
    """A version's folder, whose helpers say this value; nothing of them stays imported."""
    folder = root / f"v{value}"
    code = folder / ".modelward" / "code"
    for name, text in FILES.items():
        (code / name).parent.mkdir(parents=True, exist_ok=True)
        (code / name).write_text(text.replace("{v}", str(value)))
    before = modules()
    for name in before:
        del sys.modules[name]
    sys.path.insert(0, str(code))
    try:
        import helping  # type: ignore[import-not-found]

        joblib.dump(helping.Helping(), folder / "model.joblib")
    finally:
        sys.path.remove(str(code))
        for name in modules():
            del sys.modules[name]
        sys.modules.update(before)
        for cache in code.rglob("__pycache__"):
            for file in cache.iterdir():
                file.unlink()
            cache.rmdir()
    return folder


def test_each_version_uses_its_own_modules_in_every_order_and_thread(tmp_path: Path) -> None:
    folders = {value: version(tmp_path, value) for value in (1, 2, 3)}
    path, draw, wrong = list(sys.path), random.Random(3), []

    def work(values: list[int]) -> None:
        loaded = [(value, load(folders[value], f"m@{value}")) for value in values]
        wrong.extend(value for value, model in loaded if model.predict([0]) != [value] * 5)

    threads = [threading.Thread(target=work, args=([draw.randint(1, 3) for _ in range(8)],)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sys.path == path and not any("Helpers" in type(finder).__name__ for finder in sys.meta_path)
    assert not list(tmp_path.rglob("*.pyc"))


def test_a_module_that_the_user_imported_stays_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = version(tmp_path, 1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "helping.py").write_text("VALUE = 'mine'\n")
    monkeypatch.syspath_prepend(tmp_path / "mine")
    import helping

    model = load(folder, "m@1")
    assert model.predict([0]) == [1] * 5
    assert sys.modules["helping"] is helping and helping.VALUE == "mine" and list(modules()) == ["helping"]


def test_the_same_code_gives_the_same_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = version(tmp_path, 1)
    monkeypatch.syspath_prepend(folder / ".modelward" / "code")
    import helping

    model = load(folder, "m@1")
    assert isinstance(model, helping.Helping) and pickle.loads(pickle.dumps(model)).predict([0]) == [1] * 5


def test_the_only_version_can_be_saved_again(tmp_path: Path) -> None:
    model = load(version(tmp_path, 1), "m@1")
    assert pickle.loads(pickle.dumps(model)) == model


def test_a_model_of_another_age_is_told_with_both_releases_first(tmp_path: Path) -> None:
    folder = version(tmp_path, 1)
    (folder / "model.joblib").write_bytes(b"no model")
    environment = {"python": "2.7.18", "packages": {"scikit-learn": "0.1", "joblib": joblib.__version__}}
    (folder / ".modelward" / "environment.json").write_text(json.dumps(environment))
    with pytest.raises(Unloadable) as error:
        load(folder, "m@1")
    assert str(error.value).startswith("It was saved with Python 2.7.18 (here 3.") and "scikit-learn 0.1 (here" in str(error.value)
    assert "joblib" not in str(error.value).split(". m@1 ")[0]
