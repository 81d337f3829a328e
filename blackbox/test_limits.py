"""A model that takes more than its share fails with the name of the limit that it met, and leaves the machine and the server as they were."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import HERE, serve

from modelward import ModelRegistry
from modelward.errors import ModelwardError
from modelward.testing import Server

sys.path.insert(0, str(HERE))
import greedy_models  # noqa: E402

SETTINGS = """runtime.request-timeout = 20s
runtime.worker-memory = 700m
runtime.worker-disk = 30m
runtime.worker-files = 300
runtime.worker-processes = 40
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hold workers to all limits")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelRegistry]:
    """A server whose workers may take little."""
    folder = tmp_path_factory.mktemp("limits")
    (folder / "config").write_text(SETTINGS)
    with Server(folder / "data", "--config", str(folder / "config")) as server:
        registry = ModelRegistry(server.url)
        serve(registry, "greedy", greedy_models.Greedy(), greedy_models)
        yield registry


def said(registry: ModelRegistry, greed: int, endpoint: str = "greedy") -> str:
    """What the server says when the model is greedy."""
    with pytest.raises(ModelwardError) as failed:
        registry.predict(endpoint, [[greed, 0, 0]])
    return str(failed.value)


@pytest.mark.parametrize(
    ("greed", "limit"),
    [
        (greedy_models.MEMORY, "runtime.worker-memory"),
        (greedy_models.FILE, "runtime.worker-disk"),
        (greedy_models.SHARED, "runtime.worker-disk"),
        (greedy_models.TEMPORARY, "runtime.worker-disk"),
        (greedy_models.FILES, "runtime.worker-files"),
        (greedy_models.PROCESSES, "runtime.worker-processes"),
        (greedy_models.THREADS, "runtime.worker-processes"),
    ],
)
def test_a_greedy_model_fails_with_the_name_of_the_limit_that_it_met(small: ModelRegistry, greed: int, limit: str) -> None:
    assert limit in said(small, greed)
    answered(small)


def test_what_a_family_of_processes_takes_together_is_limited_too(small: ModelRegistry) -> None:
    serve(small, "family", greedy_models.Greedy(), greedy_models)
    words = said(small, greedy_models.FAMILY, "family")
    assert "was ended while it computed" in words
    assert "runtime.worker-memory" in words
    answered(small, "family")


def answered(registry: ModelRegistry, endpoint: str = "greedy") -> None:
    """The next caller gets an answer, at the latest when the worker has been started again."""
    until = time.monotonic() + 30
    while True:
        try:
            assert registry.predict(endpoint, [[100, 1, 1]])["predictions"] == [102.0]
            return
        except ModelwardError:
            assert time.monotonic() < until
            time.sleep(0.2)
