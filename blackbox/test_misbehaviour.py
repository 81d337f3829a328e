"""Models that misbehave hurt nobody but their own callers."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy
import pytest
from conftest import row_card, serve

from modelward import ModelRegistry, ModelwardError, Unavailable, Unloadable
from modelward.testing import Server
from rolling import worker

GOOD = [1.0, 2.0, 3.0]


@pytest.fixture(scope="module")
def misbehaving(registry: ModelRegistry, odd: Any) -> str:
    """An endpoint whose model misbehaves when a row tells it to."""
    return serve(registry, "odd", odd.Odd(), odd)


def answers_again(registry: ModelRegistry, endpoint: str, within: float = 20.0) -> None:
    """The endpoint's next requests are answered, as soon as its worker is back."""
    until = time.monotonic() + within
    while True:
        try:
            assert registry.predict(endpoint, [GOOD])["predictions"] == [6.0]
            return
        except Unavailable:
            assert time.monotonic() < until, "the endpoint did not come back"
            time.sleep(0.1)


def test_a_model_that_prints_answers_as_one_that_does_not(registry: ModelRegistry, odd: Any, misbehaving: str) -> None:
    assert registry.predict(misbehaving, [[odd.PRINT, 2, 3], GOOD])["predictions"] == [3.0, 6.0]


def test_a_model_that_raises_fails_with_its_words_and_a_prediction_id(registry: ModelRegistry, odd: Any, misbehaving: str) -> None:
    with pytest.raises(ModelwardError, match="this row is refused by the model") as caught:
        registry.predict(misbehaving, [[odd.FAIL, 2, 3]])
    assert caught.value.status == 500
    record = registry.trace(caught.value.extra["prediction_id"])["prediction"]
    assert (record["status"], record["model_version"]) == (500, "1.0.0")
    answers_again(registry, misbehaving)


@pytest.mark.parametrize("how", ["EXIT", "GARBAGE", "HUGE"])
def test_a_model_that_breaks_its_worker_fails_its_own_request_only(registry: ModelRegistry, odd: Any, misbehaving: str, sums: str, how: str) -> None:
    with pytest.raises(ModelwardError) as caught:
        registry.predict(misbehaving, [[getattr(odd, how), 2, 3]])
    # Making 100 MB of answer may take longer than the request timeout.
    assert caught.value.status == 500 or (how == "HUGE" and caught.value.status == 504)
    assert registry.predict(sums, [GOOD])["predictions"] == [6.0]
    answers_again(registry, misbehaving)


@pytest.mark.parametrize("how", ["STOP", "SLEEP"])
def test_a_model_that_hangs_is_a_timeout_and_the_next_request_works(
    registry: ModelRegistry, odd: Any, misbehaving: str, sums: str, how: str
) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        registry.predict(misbehaving, [[getattr(odd, how), 2, 3]])
    assert caught.value.status == 504
    assert time.monotonic() - started > 1.9, "it was given up before its timeout of 2 s"
    assert registry.predict(sums, [GOOD])["predictions"] == [6.0]
    answers_again(registry, misbehaving)


def test_a_worker_that_is_stopped_from_outside_is_replaced(server: Server, registry: ModelRegistry, odd: Any) -> None:
    endpoint = serve(registry, "stopped", odd.Odd(), odd)
    stopped = worker(endpoint, "1.0.0", server.pid)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(Unavailable) as caught:
        registry.predict(endpoint, [GOOD])
    assert caught.value.status == 504
    answers_again(registry, endpoint)
    assert worker(endpoint, "1.0.0", server.pid) != stopped


def test_a_worker_that_is_killed_while_idle_is_replaced(server: Server, registry: ModelRegistry, odd: Any) -> None:
    endpoint = serve(registry, "killed", odd.Odd(), odd)
    killed = worker(endpoint, "1.0.0", server.pid)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + 20
    while (found := worker_if_any(endpoint, server)) in (None, killed):
        assert time.monotonic() < until, "nobody replaced the worker before it was asked for"
        time.sleep(0.05)
    answers_again(registry, endpoint)
    assert worker(endpoint, "1.0.0", server.pid) == found, "the replacement did not live to answer"


def test_each_of_many_callers_gets_what_the_model_says_for_its_own_rows(registry: ModelRegistry, odd: Any) -> None:
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier

    rows, classes = load_iris(return_X_y=True)
    model = RandomForestClassifier(n_estimators=20, random_state=1).fit(rows[:, :3], classes)
    endpoint = serve(registry, "forest", model, odd)
    numbers = numpy.random.default_rng(7).uniform(0, 8, size=(16, 25, 3)).round(1)
    wrong: list[Any] = []
    callers = [threading.Thread(target=_ask_forest, args=(registry, endpoint, model, part, wrong)) for part in numbers]
    _run(callers)
    assert not wrong


def _ask_forest(registry: ModelRegistry, endpoint: str, model: Any, rows: Any, wrong: list[Any]) -> None:
    for row in rows:
        found = registry.predict(endpoint, [row])["predictions"]
        if found != model.predict([row]).tolist():
            wrong.append((row.tolist(), found))


def test_among_many_callers_only_those_with_a_bad_row_fail(registry: ModelRegistry, odd: Any, misbehaving: str) -> None:
    wrong: list[Any] = []

    def ask(caller: int) -> None:
        for number in range(40):
            row = [odd.FAIL if (caller + number) % 7 == 0 else float(number), float(caller), 0.5]
            try:
                found: Any = registry.predict(misbehaving, [row])["predictions"]
            except ModelwardError as error:
                found = error.status
            if found != (500 if row[0] == odd.FAIL else [sum(row)]):
                wrong.append((row, found))

    _run([threading.Thread(target=ask, args=(caller,)) for caller in range(16)])
    assert not wrong


def test_a_version_that_cannot_load_stays_and_moves_no_endpoint(registry: ModelRegistry, odd: Any, sums: str, tmp_path: Path) -> None:
    artifact = tmp_path / "model.joblib"
    artifact.write_bytes(b"this is no pickle")
    registry.publish(sums, artifact, row_card(version="1.1.0"), bump=None)
    before = registry.endpoint(sums)
    with pytest.raises(ModelwardError) as caught:
        registry.flip(sums, "1.1.0", reason="it cannot load")
    assert caught.value.status == 422, "a model that cannot load is a refusal that explains"
    assert registry.endpoint(sums)["revision"] == before["revision"]
    assert registry.predict(sums, [GOOD])["model_version"] == "1.0.0"
    assert "1.1.0" in registry.list_versions(sums)
    with pytest.raises(Unloadable):
        registry.load_model(sums, "1.1.0")


def test_a_missing_module_is_explained_with_the_python_error(registry: ModelRegistry, odd: Any, tmp_path: Path) -> None:
    import joblib
    joblib.dump(odd.Sums(), tmp_path / "model.joblib")  # without its code
    registry.publish("codeless", tmp_path, row_card(version="1.0.0"), bump=None)
    with pytest.raises(ModelwardError, match="ModuleNotFoundError.*odd_models") as caught:
        registry.create_endpoint("codeless", "codeless", "1.0.0", reason="it lacks its code")
    assert caught.value.status == 422


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def worker_if_any(endpoint: str, server: Server) -> int | None:
    """The process of the worker, unless there is none at the moment."""
    try:
        return worker(endpoint, "1.0.0", server.pid)
    except AssertionError:
        return None
