"""The blocks of docs/guides/models.md, run as they are printed: each kind of model is saved and served by the lines of the guide."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

# Each kind of model has an environment of its own, which takes a minute and more to build.
pytestmark = pytest.mark.heavy

GUIDE = (ROOT / "docs" / "guides" / "models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+\.py)\n")
BEGIN, PIPELINE = BLOCKS[:2]


def block(word: str) -> str:
    """The block with this word in it."""
    (found,) = [block for block in BLOCKS[2:] if word in block and not FILE.match(block)]
    return found


def run(house: Any, folder: Path, *scripts: str) -> list[str]:
    """Runs blocks as one script in a folder that has the files of the guide; what they print."""
    for text in BLOCKS:
        if named := FILE.match(text):
            (folder / named.group(1)).write_text(text)
    environment = {**os.environ, "MODELWARD_URL": house.server.url, "PYTHONPATH": f"{ROOT / 'python' / 'src'}:{folder}"}
    done = subprocess.run([sys.executable, "-"], input="\n".join(scripts), env=environment, cwd=folder, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_each_block_of_the_guide_is_run_by_one_test() -> None:
    words = ("XGBClassifier", "LGBMClassifier", "Threshold(", "to_onnx", "mlflow.sklearn")
    files = [text for text in BLOCKS if FILE.match(text)]
    assert sorted([BEGIN, PIPELINE, *files, *map(block, words)]) == sorted(BLOCKS)


def test_a_pipeline_of_scikit_learn_a_class_of_ones_own_and_a_graph(house: Any, tmp_path: Path) -> None:
    told = run(house, tmp_path, BEGIN, PIPELINE, block("Threshold("), block("to_onnx"))
    assert told[0] == "[0, 0, 0]"
    assert told[1] == "['sure', 'sure', 'sure']"
    assert told[2] == "[0, 0, 0]"
    assert re.fullmatch(r"\[\{'label': 0, 'probabilities': \[0\.9.*\]\}\]", told[3])


def test_a_model_that_mlflow_logged(house: Any, tmp_path: Path) -> None:
    assert run(house, tmp_path, BEGIN, PIPELINE, block("mlflow.sklearn"))[-1] == "[0, 0, 0]"


@pytest.mark.parametrize("kind", ["XGBClassifier", "LGBMClassifier"])
def test_models_of_libraries_that_get_an_environment(house: Any, tmp_path: Path, kind: str) -> None:
    assert run(house, tmp_path, BEGIN, block(kind)) == ["[0, 0, 0]"]
