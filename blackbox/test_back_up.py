"""The back-up of docs/guides/operating.md, done word by word while the server runs, and restored to another directory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, serve
from modelward import ModelRegistry
from modelward.testing import Server

GUIDE = (ROOT / "docs" / "guides" / "operating.md").read_text(encoding="utf-8")
(SECTION,) = re.findall(r"^## Back-up$(.*?)^## ", GUIDE, re.MULTILINE | re.DOTALL)
COPY, BY_PYTHON, RESTORE, LOOK = re.findall(r"^```sh\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
START = 'modelward serve --data "$RESTORED"\n'
FOLDERS = ("/var/lib/modelward-restored", "/var/lib/modelward", "/var/backups/modelward")


class Place:
    """A server with some history, and where its back-ups go."""

    def __init__(self, folder: Path, server: Server, registry: ModelRegistry, before: str) -> None:
        self.folder, self.server, self.registry, self.before = folder, server, registry, before

    def sh(self, script: str, back_up: Path, **more: str) -> str:
        """Runs lines of the guide with folders of this test in the place of the guide's; what they print."""
        here = dict(zip(FOLDERS, (f"{back_up}-restored", str(self.server.data), str(back_up))))
        script = re.sub("|".join(FOLDERS), lambda folder: here[folder.group()], script)
        done = subprocess.run(["bash", "-eu"], input=script, env={**os.environ, **more}, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, odd: Any) -> Iterator[Place]:
    """Its server has answered a prediction and goes on answering, since nobody stops calling for a back-up."""
    folder = tmp_path_factory.mktemp("back-up")
    with Server(folder / "data") as server:
        registry = ModelRegistry(server.url)
        serve(registry, "sums", odd.Sums(), odd)
        ended = threading.Event()

        def calls() -> None:
            while not ended.wait(0.01):
                registry.predict("sums", [[1, 2, 3]])

        before = registry.predict("sums", [[4, 5, 6]])["prediction_id"]
        caller = threading.Thread(target=calls)
        caller.start()
        yield Place(folder, server, registry, before)
        ended.set()
        caller.join()
        registry.close()


def restored_tells_everything(place: Place, back_up: Path) -> None:
    """A server on a copy of the back-up traces what was predicted before, serves, and finds all that it keeps intact."""
    assert RESTORE.endswith(START)
    place.sh(RESTORE.removesuffix(START), back_up)
    programs = back_up.with_name(back_up.name + "-bin")
    programs.mkdir()
    (programs / "modelward").write_text(f'#!/bin/sh\nexec "{os.environ["MODELWARD_LAUNCHER"]}" "$@"\n')
    (programs / "modelward").chmod(0o755)
    with Server(Path(f"{back_up}-restored")) as server:
        registry = ModelRegistry(server.url)
        assert registry.predict("sums", [[1, 1, 1]])["predictions"] == [3.0], "it serves what it served"
        path = f"{programs}:{os.environ['PATH']}"
        told = place.sh(LOOK.replace("PREDICTION_ID", place.before), back_up, PATH=path, MODELWARD_URL=server.url)
        assert "Intact: " in told and "SERVING" in told
        assert place.before in told and "sums@1.0.0" in told
        kept = [record.prediction_id for record in registry.predictions(endpoint="sums")]
        assert place.before in kept and len(kept) > 1
        registry.close()


def test_the_commands_of_the_guide_restore_everything(place: Place) -> None:
    if not shutil.which("sqlite3"):
        pytest.skip("the program sqlite3 is not installed")
    back_up = place.folder / "first"
    place.sh(COPY, back_up)
    restored_tells_everything(place, back_up)


def test_python_copies_the_catalog_where_sqlite3_is_missing(place: Place) -> None:
    back_up = place.folder / "second"
    lines = COPY.splitlines(keepends=True)
    assert sum(line.startswith("sqlite3 ") for line in lines) == 1
    place.sh("".join(BY_PYTHON if line.startswith("sqlite3 ") else line for line in lines), back_up)
    restored_tells_everything(place, back_up)
