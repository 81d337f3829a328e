"""The catalog in PostgreSQL, by the built product: the database stops, hangs and comes back, and registries move to it."""

from __future__ import annotations

import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, row_card, serve
from modelward import ModelRegistry, ModelwardError
from modelward.testing import Server
from postgresql import PASSWORD, Postgres

PROMISED = 5.0


@pytest.fixture
def place(tmp_path: Path, postgres: Postgres) -> Iterator[tuple[Server, str, Path]]:
    """A server on a database of its own, the database, and the configuration."""
    database = postgres.database()
    configuration = tmp_path / "configuration"
    configuration.write_text(f"data.directory = {tmp_path / 'data'}\n" + postgres.settings(database))
    server = Server(tmp_path / "data", "--config", str(configuration))
    yield server, database, configuration
    server.stop()


def timed(act: Callable[[], Any]) -> tuple[int, float]:
    """The status and the seconds."""
    started = time.monotonic()
    try:
        act()
        return 200, time.monotonic() - started
    except ModelwardError as error:
        return error.status, time.monotonic() - started


def get(server: Server, path: str) -> tuple[int, str, str | None]:
    """The status, the body and what Retry-After says."""
    try:
        with urllib.request.urlopen(server.url + path, timeout=10) as answer:
            return answer.status, answer.read().decode(), None
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers["Retry-After"]


def ready(server: Server) -> tuple[int, str]:
    return get(server, "/readyz")[:2]


class Predictions:
    """Predicts all the time; keeps what came of it."""

    def __init__(self, url: str, endpoint: str) -> None:
        self.registry, self.endpoint = ModelRegistry(url), endpoint
        self.answered = 0
        self.failed: list[ModelwardError] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._done.is_set():
            try:
                self.registry.predict(self.endpoint, [[1, 2, 3]])
                self.answered += 1
            except ModelwardError as error:
                self.failed.append(error)

    def stop(self) -> None:
        self._done.set()
        self._thread.join()


@pytest.mark.parametrize("way", ["stopped", "hanging"])
def test_while_the_database_is_away_predictions_go_on_and_all_else_is_refused_in_time(
    place: tuple[Server, str, Path], postgres: Postgres, odd: Any, tmp_path: Path, way: str
) -> None:
    server, _, _ = place
    registry = ModelRegistry(server.url, timeout=30)
    serve(registry, "sums", odd.Sums(), odd)
    (tmp_path / "weights.bin").write_text("some")
    predictions = Predictions(server.url, "sums")
    try:
        postgres.stop_at_once() if way == "stopped" else postgres.freeze()
        for act in (
            lambda: registry.show("sums"),
            lambda: registry.publish("sums", tmp_path / "weights.bin", row_card(), bump="minor"),
            lambda: registry.list_versions("sums"),
        ):
            status, seconds = timed(act)
            assert status == 503
            assert seconds < PROMISED
        assert get(server, "/api/v1/models")[::2] == (503, "1")
        status, text = ready(server)
        assert status == 503 and "database" in text, text
        before = predictions.answered
        time.sleep(1)
        assert predictions.answered > before
    finally:
        postgres.start() if way == "stopped" else postgres.thaw()
    started = time.monotonic()
    while timed(lambda: registry.show("sums"))[0] != 200:
        assert time.monotonic() - started < PROMISED
    published = registry.publish("sums", tmp_path / "weights.bin", row_card(), bump="minor")
    assert published["version"] == "1.1.0"
    assert ready(server)[0] == 200
    predictions.stop()
    assert not predictions.failed, predictions.failed[:3]


def test_what_was_acknowledged_is_there_after_the_database_crashed_under_load(
    place: tuple[Server, str, Path], postgres: Postgres, tmp_path: Path
) -> None:
    server, database, _ = place
    (tmp_path / "weights.bin").write_text("some")
    acknowledged: list[str] = []
    unexpected: list[ModelwardError] = []
    done = threading.Event()

    def publish(writer: int) -> None:
        registry = ModelRegistry(server.url, timeout=30)
        number = 0
        while not done.is_set():
            version = f"{writer}.{number}.0"
            try:
                registry.publish(f"m{writer}", tmp_path / "weights.bin", row_card(version=version), bump=None)
                acknowledged.append(f"m{writer} {version}")
                number += 1
            except ModelwardError as error:
                if error.status != 503:
                    unexpected.append(error)

    writers = [threading.Thread(target=publish, args=(number,)) for number in range(1, 4)]
    for writer in writers:
        writer.start()
    for _ in range(3):
        time.sleep(0.7)
        postgres.stop_at_once()
        postgres.start()
    time.sleep(0.7)
    done.set()
    for writer in writers:
        writer.join()
    assert not unexpected, unexpected[:3]
    registry = ModelRegistry(server.url)
    there = {f"m{writer} {version}" for writer in range(1, 4) for version in registry.list_versions(f"m{writer}")}
    assert set(acknowledged) <= there
    assert len(acknowledged) > 3  # a busy machine publishes few
    ordinals = postgres.sql(
        "SELECT count(*) FROM versions v WHERE ordinal > (SELECT count(*) FROM versions w WHERE w.model = v.model)", database
    ).stdout.strip()
    assert ordinals == "0"
    verified = subprocess.run([ROOT / "modelward", "verify", "--url", server.url], capture_output=True, text=True, timeout=60)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_second_server_on_the_database_is_refused_and_told_who_has_it(place: tuple[Server, str, Path], tmp_path: Path) -> None:
    server, _, configuration = place
    other = tmp_path / "other"
    found = subprocess.run(
        [ROOT / "modelward", "serve", "--config", configuration, "--listen", "127.0.0.1:0", "--data", other],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert found.returncode == 2
    assert "is used by another server: modelward on " in found.stderr and f"process {server.pid}" in found.stderr, found.stderr
    assert PASSWORD not in found.stderr


def test_a_server_that_was_killed_can_be_started_again_at_once(place: tuple[Server, str, Path], tmp_path: Path) -> None:
    server, _, configuration = place
    server.kill()
    with Server(tmp_path / "data", "--config", str(configuration)) as again:
        assert ready(again)[0] == 200


def test_a_data_directory_of_another_registry_is_refused(place: tuple[Server, str, Path], postgres: Postgres, tmp_path: Path) -> None:
    server, _, configuration = place
    (tmp_path / "weights.bin").write_text("some")
    ModelRegistry(server.url).publish("m", tmp_path / "weights.bin", row_card(), bump="minor")
    server.stop()
    elsewhere = subprocess.run(
        [ROOT / "modelward", "serve", "--config", configuration, "--listen", "127.0.0.1:0", "--data", tmp_path / "empty"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert elsewhere.returncode == 2 and "whose files are not in the data directory" in elsewhere.stderr, elsewhere.stderr
    other = tmp_path / "other"
    other.write_text(postgres.settings(postgres.database()))
    fresh = subprocess.run(
        [ROOT / "modelward", "serve", "--config", other, "--listen", "127.0.0.1:0", "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert fresh.returncode == 2 and "holds the files of a registry" in fresh.stderr, fresh.stderr


def told(version: Any) -> dict[str, Any]:
    """What the catalog knows of a version: not who computes it, which is known once it is loaded."""
    return {name: value for name, value in version.items() if name != "serving"}


@pytest.mark.parametrize("files", ["stay", "move"])
def test_a_registry_moves_from_sqlite_with_all_that_it_knows(tmp_path: Path, postgres: Postgres, odd: Any, files: str) -> None:
    data = tmp_path / "data"
    with Server(data) as server:
        registry = ModelRegistry(server.url)
        serve(registry, "sums", odd.Sums(), odd)
        registry.set_alias("sums", "champion", "1.0.0")
        prediction = registry.predict("sums", [[1, 2, 3]])
        shown, history = registry.show("sums"), registry.trace(prediction["prediction_id"])
    before = {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file()}
    configuration = tmp_path / "configuration"
    target = data if files == "stay" else tmp_path / "moved"
    place = "" if files == "stay" else f"data.directory = {target}\n"
    configuration.write_text(place + postgres.settings(postgres.database()))

    def migrate() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "modelward", "migrate", "--from", data, "--to", configuration], capture_output=True, text=True, timeout=120
        )

    moved = migrate()
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert "Every row of the catalog is the same." in moved.stdout
    again = migrate()
    assert again.returncode == 0 and "was moved before" in again.stdout, again.stdout + again.stderr
    after = {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert after == before
    with Server(target, "--config", str(configuration)) as server:
        registry = ModelRegistry(server.url)
        assert told(registry.show("sums")) == told(shown)
        assert registry.trace(prediction["prediction_id"]) == history
        until_ready(server)
        assert registry.predict("sums", [[1, 2, 3]])["model_version"] == "1.0.0"
        assert registry.publish("sums", __file__, row_card(), bump="minor")["ordinal"] == 2
    if files == "stay":  # the old catalog does not know what was published since, and would remove it
        old = subprocess.run([ROOT / "modelward", "serve", "--data", data, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
        assert old.returncode == 2 and "was moved to a database" in old.stderr, old.stderr


def until_ready(server: Server) -> None:
    for _ in range(600):
        if ready(server)[0] == 200:
            return
        time.sleep(0.1)
    raise AssertionError(ready(server))


def test_a_move_to_no_other_catalog_or_from_no_registry_is_refused(tmp_path: Path, postgres: Postgres) -> None:
    configuration = tmp_path / "configuration"
    configuration.write_text("")
    with Server(tmp_path / "data"):
        pass
    (tmp_path / "empty").mkdir()
    for words, source, line in [
        ("is not a data directory", "empty", postgres.settings(postgres.database())),
        ("names no other catalog", "data", ""),
    ]:
        configuration.write_text(line)
        found = subprocess.run(
            [ROOT / "modelward", "migrate", "--from", tmp_path / source, "--to", configuration], capture_output=True, text=True, timeout=60
        )
        assert found.returncode == 2 and words in found.stderr, found.stderr
