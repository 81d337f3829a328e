"""The quickstart of README.md, run as it is printed: what is printed there works when it is pasted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT
from modelward.testing import Server
from raw_http import call

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEFAULT = "http://127.0.0.1:8080"
"""The address that README prints: its commands run with the address of the test's server in its place, and with nothing else changed."""


def blocks(language: str) -> list[str]:
    """The fenced blocks of this language within the quickstart, in order."""
    (quickstart,) = re.findall(r"^## Quickstart$(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    return re.findall(rf"^```{language}\n(.*?)^```$", quickstart, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which nobody has published, as a newcomer has it."""
    with Server(tmp_path_factory.mktemp("readme") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def environment(fresh: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a shell that finds `modelward` on its path, and whose clients find the server."""
    programs = tmp_path_factory.mktemp("bin")
    (programs / "modelward").write_text(f'#!/bin/sh\nexec "{os.environ["MODELWARD_LAUNCHER"]}" "$@"\n')
    (programs / "modelward").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "MODELWARD_URL": fresh.url, "PYTHONPATH": str(ROOT / "python" / "src"), "PYTHONWARNINGS": "default"}


def run(command: list[str], script: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, input=script, env=environment, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done


def test_the_python_of_the_quickstart_saves_serves_moves_and_traces(environment: dict[str, str], tmp_path: Path) -> None:
    first, rollout, back = blocks("python")
    done = run([sys.executable, "-"], "\n".join([first, rollout, back]), environment, tmp_path)
    answered, ended, traced = done.stdout.splitlines()
    assert re.fullmatch(r"\[0, 0, 0\] by iris@1\.0\.0, prediction \S+", answered)
    assert re.search(r"of iris: 1\.0\.0 → 1\.1\.0 PROMOTED", ended), ended
    assert "iris@1.1.0" in traced and "published" in traced
    assert "iris@1.0.0 has no model card" in done.stderr
    assert "iris@1.1.0 has no model card" not in done.stderr


def test_the_shell_commands_of_the_quickstart_answer(environment: dict[str, str], fresh: Server, tmp_path: Path) -> None:
    curl, commands = blocks("sh")
    assert DEFAULT in curl
    answers = run(["bash", "-eu"], curl.replace(DEFAULT, fresh.url).replace("curl ", "curl --fail --silent --show-error "), environment, tmp_path)
    assert '"predictions":[0]' in answers.stdout
    assert '"version":"1.1.0"' in answers.stdout
    assert "\nmodelward_predictions_total{" in answers.stdout
    done = run(["bash", "-eu"], commands, environment, tmp_path)
    for said in ("1.0.0", "1.1.0", "accuracy", "SERVING", "the new one is odd", "endpoint.rollback", "Intact"):
        assert said in done.stdout, f"{said}\n{done.stdout}"


def test_the_measures_that_the_guides_name_are_there(fresh: Server) -> None:
    assert call(fresh.url, "POST", "/predict/nowhere", {"instances": [[1]]}).status == 404
    with urlopen(f"{fresh.url}/metrics") as answer:
        told = answer.read().decode()
    named = set()
    for guide in ("service.md", "guides/operating.md", "guides/faq.md"):
        named |= set(re.findall(r"\bmodelward_[a-z_]+[a-z]\b", (ROOT / "docs" / guide).read_text(encoding="utf-8")))
    assert len(named) > 10
    assert [name for name in sorted(named) if not re.search(rf"^{name}(_bucket)?[{{ ]", told, re.MULTILINE)] == []


def test_the_lines_of_readme_fit_a_terminal() -> None:
    wide = [line for line in README.splitlines() if len(line) > (160 if line.startswith("|") else 120)]
    assert wide == []
