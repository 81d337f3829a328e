"""MLflow's own client, unmodified, against the tracking half of the server. Runs in an environment of its own."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow_client import client, code  # noqa: F401

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward.testing import Server  # noqa: E402

names = (f"experiment {number}" for number in itertools.count())


@pytest.fixture
def experiment(client: MlflowClient) -> str:
    return client.create_experiment(next(names))


def test_the_default_experiment_is_there(client: MlflowClient) -> None:
    assert client.get_experiment("0").name == "Default"
    assert code(client.delete_experiment, "0") == "INVALID_PARAMETER_VALUE"


def test_experiments_are_created_renamed_tagged_deleted_and_restored(client: MlflowClient) -> None:
    name = next(names)
    ident = client.create_experiment(name, tags={"team": "blue"})
    assert client.get_experiment_by_name(name).tags == {"team": "blue"}
    assert code(client.create_experiment, name) == "RESOURCE_ALREADY_EXISTS"
    client.set_experiment_tag(ident, "note", "x" * 5000)
    client.delete_experiment_tag(ident, "team")
    client.rename_experiment(ident, name + " again")
    client.delete_experiment(ident)
    found = client.get_experiment(ident)
    assert (found.name, found.lifecycle_stage, set(found.tags)) == (name + " again", "deleted", {"note"})
    assert code(client.create_run, ident) == "INVALID_PARAMETER_VALUE"
    client.restore_experiment(ident)
    assert client.get_experiment(ident).lifecycle_stage == "active"
    assert client.get_experiment_by_name("nobody's") is None
    assert code(client.get_experiment, "99999") == "RESOURCE_DOES_NOT_EXIST"


def test_experiment_ids_have_no_gap(client: MlflowClient) -> None:
    first = int(client.create_experiment(next(names)))
    code(client.create_experiment, "Default")
    assert int(client.create_experiment(next(names))) == first + 1


def test_experiments_are_searched_in_pages(client: MlflowClient) -> None:
    made = [client.create_experiment(f"page-{number}", tags={"set": "pages"}) for number in range(7)]
    found, token = [], None
    while True:
        page = client.search_experiments(filter_string="tags.`set` = 'pages' AND name LIKE 'page-%'", max_results=3, page_token=token)
        found += [item.experiment_id for item in page]
        token = page.token
        if not token:
            break
    assert sorted(found) == sorted(made)
    assert client.search_experiments(filter_string="name ILIKE 'PAGE-3'")[0].name == "page-3"
    assert not client.search_experiments(filter_string="name LIKE 'PAGE-3'")
    client.delete_experiment(made[0])
    deleted = client.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string="tags.set = 'pages'")
    assert [item.experiment_id for item in deleted] == [made[0]]


def test_the_fluent_way(client: MlflowClient) -> None:
    mlflow.set_experiment(next(names))
    with mlflow.start_run(run_name="outer", tags={"kind": "parent"}) as outer:
        mlflow.log_params({"rate": 0.1, "depth": 3})
        for step in range(10):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        with mlflow.start_run(nested=True) as inner:
            mlflow.log_metric("loss", 0.5)
    run = client.get_run(outer.info.run_id)
    assert (run.info.run_name, run.info.status, run.data.params) == ("outer", "FINISHED", {"rate": "0.1", "depth": "3"})
    assert run.data.metrics == {"loss": 0.1} and run.data.tags["kind"] == "parent"
    assert run.info.end_time >= run.info.start_time
    nested = client.get_run(inner.info.run_id)
    assert nested.data.tags["mlflow.parentRunId"] == outer.info.run_id
    adjective, animal, number = nested.info.run_name.split("-")
    assert adjective and animal and int(number) < 1000
    children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{outer.info.run_id}'", output_format="list")
    assert [child.info.run_id for child in children] == [inner.info.run_id]
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as broken:
        1 / 0
    assert client.get_run(broken.info.run_id).info.status == "FAILED"
    with mlflow.start_run(run_id=outer.info.run_id):
        assert client.get_run(outer.info.run_id).info.status == "RUNNING"


def test_histories_are_whole_and_the_latest_point_is_that_of_the_highest_step(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    for step, time, value in [(3, 10, 0.3), (1, 30, 0.1), (3, 9, 0.9), (3, 10, 0.2), (-5, 99, 7.0)]:
        client.log_metric(run, "loss", value, timestamp=time, step=step)
        client.log_metric(run, "loss", value, timestamp=time, step=step)
    assert client.get_run(run).data.metrics == {"loss": 0.3}
    points = [(point.timestamp, point.step, point.value) for point in client.get_metric_history(run, "loss")]
    assert points == [(9, 3, 0.9), (10, 3, 0.2), (10, 3, 0.3), (30, 1, 0.1), (99, -5, 7.0)]
    assert client.get_metric_history(run, "nothing") == []


def test_what_is_no_number_is_kept(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    values = {"nan": math.nan, "up": math.inf, "down": -math.inf, "tiny": 5e-324, "zero": -0.0}
    client.log_batch(run, [Metric(key, value, 1, 0) for key, value in values.items()])
    client.log_metric(run, "later", math.nan, step=1)
    client.log_metric(run, "later", 2, step=2)
    found = client.get_run(run).data.metrics
    assert math.isnan(found["nan"]) and found["up"] == 1.7976931348623157e308 == -found["down"] and found["tiny"] == 5e-324
    assert math.isnan(client.get_metric_history(run, "later")[0].value) and found["later"] == 2
    assert [hit.info.run_id for hit in client.search_runs([experiment], "metrics.nan != 1")] == [run]
    assert not client.search_runs([experiment], "metrics.nan < 1")


def test_a_param_is_written_once(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "depth", 3)
    client.log_param(run, "depth", 3)
    assert code(client.log_param, run, "depth", 4) == "INVALID_PARAMETER_VALUE"
    assert code(client.log_batch, run, [Metric("m", 1, 1, 0)], [Param("new", "1"), Param("depth", "4")]) == "INVALID_PARAMETER_VALUE"
    found = client.get_run(run).data
    assert found.params == {"depth": "3"} and found.metrics == {}
    client.log_param(run, "long", "x" * 7000)
    client.set_tag(run, "long", "y" * 9000)
    found = client.get_run(run).data
    assert found.params["long"] == "x" * 6000 and found.tags["long"] == "y" * 8000


def test_tags_are_set_and_deleted_and_the_name_is_one_of_them(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment, run_name="first").info.run_id
    assert client.get_run(run).data.tags["mlflow.runName"] == "first"
    client.set_tag(run, "mlflow.runName", "second")
    assert client.get_run(run).info.run_name == "second"
    client.update_run(run, name="third", status="KILLED")
    found = client.get_run(run)
    assert (found.data.tags["mlflow.runName"], found.info.run_name, found.info.status) == ("third", "third", "KILLED")
    client.set_tag(run, "a/b c.d", 1)
    client.delete_tag(run, "a/b c.d")
    assert code(client.delete_tag, run, "a/b c.d") == "RESOURCE_DOES_NOT_EXIST"
    assert code(client.set_tag, run, "../x", "y") == "INVALID_PARAMETER_VALUE"


def test_batches_over_the_limits_change_nothing(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    store = client._tracking_client.store
    many = [Metric(f"m{number}", 1, 1, 0) for number in range(1001)]
    assert code(store.log_batch, run, many, [], []) == "INVALID_PARAMETER_VALUE"
    assert code(store.log_batch, run, [], [Param(f"p{number}", "1") for number in range(101)], []) == "INVALID_PARAMETER_VALUE"
    assert code(store.log_batch, run, [], [], [RunTag(f"t{number}", "1") for number in range(101)]) == "INVALID_PARAMETER_VALUE"
    assert code(store.log_batch, run, many[:999], [Param("p", "1")], [RunTag("t", "1")]) == "INVALID_PARAMETER_VALUE"
    assert code(store.log_batch, run, [], [Param("p", "1"), Param("p", "1")], []) == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run).data.metrics == {}
    client.log_batch(run, many, [Param(f"p{number}", "1") for number in range(250)])
    found = client.get_run(run).data
    assert len(found.metrics) == 1001 and len(found.params) == 250


def test_deleted_runs_refuse_writes_and_come_back(client: MlflowClient, experiment: str) -> None:
    run, alone = (client.create_run(experiment).info.run_id for _ in range(2))
    client.delete_run(run)
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    for call in [
        lambda: client.log_metric(run, "m", 1),
        lambda: client.log_param(run, "p", 1),
        lambda: client.set_tag(run, "t", 1),
        lambda: client.log_batch(run, [Metric("m", 1, 1, 0)]),
        lambda: client.update_run(run, status="FAILED"),
    ]:
        assert code(call) == "INVALID_PARAMETER_VALUE"
    assert [hit.info.run_id for hit in client.search_runs([experiment])] == [alone]
    assert [hit.info.run_id for hit in client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)] == [run]
    client.delete_experiment(experiment)
    assert client.get_run(alone).info.lifecycle_stage == "deleted"
    client.restore_experiment(experiment)
    assert [hit.info.run_id for hit in client.search_runs([experiment])] == [alone]
    client.restore_run(run)
    client.log_metric(run, "m", 1)


def test_datasets_are_logged_and_searched(client: MlflowClient, experiment: str) -> None:
    from mlflow.data.dataset import Dataset
    from mlflow.data.http_dataset_source import HTTPDatasetSource

    class Wine(Dataset):
        """MLflow's own kinds of dataset need numpy."""

        schema = property(lambda self: None)
        profile = property(lambda self: {"rows": 178})

        def _compute_digest(self) -> str:
            return "abc123"

        def to_dict(self) -> dict[str, str]:
            return {**super().to_dict(), "profile": '{"rows": 178}'}

    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run() as run:
        dataset = Wine(HTTPDatasetSource("http://localhost/wine.csv"), name="wine")
        mlflow.log_input(dataset, context="training", tags={"split": "a"})
        mlflow.log_input(dataset, context="training")
    (found,) = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.digest, found.dataset.source_type) == ("wine", "abc123", "http")
    assert found.dataset.profile == '{"rows": 178}'
    assert {tag.key: tag.value for tag in found.tags} == {"mlflow.data.context": "training", "split": "a"}
    for filter_string in ["dataset.name = 'wine'", "datasets.digest IN ('abc123', 'x')", "dataset.context LIKE 'train%'"]:
        assert [hit.info.run_id for hit in client.search_runs([experiment], filter_string)] == [run.info.run_id], filter_string
    assert not client.search_runs([experiment], "dataset.name != 'wine'")


def test_models_that_a_run_made_are_kept_as_given(client: MlflowClient, experiment: str) -> None:
    from mlflow.entities import LoggedModelOutput

    run = client.create_run(experiment).info.run_id
    client.log_outputs(run, [LoggedModelOutput("m-1", 3)])
    client.log_outputs(run, [LoggedModelOutput("m-1", 3), LoggedModelOutput("m-2", 0)])
    assert [(made.model_id, made.step) for made in client.get_run(run).outputs.model_outputs] == [("m-1", 3), ("m-2", 0)]


class Known:
    """A run as it was logged, to check searches by."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.acc = None if number % 5 == 0 else math.nan if number % 7 == 0 else (number * 37 % 100) / 100
        self.params = {"kind": "abc"[number % 3]} if number % 4 else {}
        self.start = 1000 + number // 2
        self.run = ""


@pytest.fixture(scope="module")
def known(server: Server) -> tuple[str, list[Known]]:
    """An experiment of 300 runs."""
    client = MlflowClient(server.url)
    experiment = client.create_experiment(next(names))
    all_runs = [Known(number) for number in range(300)]
    for one in all_runs:
        one.run = client.create_run(experiment, start_time=one.start, run_name=f"run {one.number}").info.run_id
        metrics = [] if one.acc is None else [Metric("val/acc", one.acc, 1, 0)]
        client.log_batch(one.run, metrics, [Param(key, value) for key, value in one.params.items()], [RunTag("n", str(one.number % 10))])
    return experiment, all_runs


@pytest.mark.parametrize(
    ("filter_string", "wanted"),
    [
        ("", lambda one: True),
        ("metrics.`val/acc` > 0.5", lambda one: one.acc is not None and one.acc > 0.5),
        ("metrics.val/acc <= 0.5 AND params.kind = 'a'", lambda one: one.acc is not None and one.acc <= 0.5 and one.params.get("kind") == "a"),
        ("params.kind != 'a'", lambda one: one.params.get("kind", "a") != "a"),
        ("params.kind IS NULL", lambda one: not one.params),
        ("params.kind IS NOT NULL AND tags.n = '3'", lambda one: one.params and one.number % 10 == 3),
        ("attributes.start_time >= 1100", lambda one: one.start >= 1100),
        ("run_name ILIKE 'RUN 1_'", lambda one: 10 <= one.number < 20),
        ("attributes.`Run name` LIKE 'run 2%' and status = 'RUNNING'", lambda one: str(one.number).startswith("2")),
        ("user_id = 'nobody'", lambda one: False),
    ],
)
def test_runs_are_filtered(client: MlflowClient, known: tuple[str, list[Known]], filter_string: str, wanted: Callable[[Known], bool]) -> None:
    experiment, runs = known
    found = client.search_runs([experiment], filter_string)
    assert {hit.info.run_id for hit in found} == {one.run for one in runs if wanted(one)}


def rank(value: float | None) -> int:
    return 2 if value is None else 1 if math.isnan(value) else 0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("size", [7, 100, 1000])
def test_runs_are_ordered_in_pages_and_what_has_no_value_comes_last(
    client: MlflowClient, known: tuple[str, list[Known]], sign: int, size: int
) -> None:
    experiment, runs = known
    order = [f"metrics.`val/acc` {'ASC' if sign == 1 else 'DESC'}"]
    found, token = [], None
    while True:
        page = client.search_runs([experiment], order_by=order, max_results=size, page_token=token)
        found += [hit.info.run_id for hit in page]
        token = page.token
        if not token:
            break
    wanted = sorted(runs, key=lambda one: (rank(one.acc), sign * one.acc if rank(one.acc) == 0 else 0, -one.start, one.run))
    assert found == [one.run for one in wanted]


@pytest.mark.parametrize("order", [["params.kind", "metrics.`val/acc` DESC"], ["end_time", "params.kind DESC"], ["tags.n DESC"], []])
def test_pages_of_any_order_are_a_cut_of_the_whole(client: MlflowClient, known: tuple[str, list[Known]], order: list[str]) -> None:
    experiment, _ = known
    whole = [hit.info.run_id for hit in client.search_runs([experiment], order_by=order, max_results=1000)]
    found, token = [], None
    while token is not None or not found:
        page = client.search_runs([experiment], order_by=order, max_results=41, page_token=token)
        found += [hit.info.run_id for hit in page]
        token = page.token or None
        if token is None:
            break
    assert found == whole and len(set(found)) == 300


def test_a_token_of_another_query_is_refused(client: MlflowClient, known: tuple[str, list[Known]]) -> None:
    experiment, _ = known
    token = client.search_runs([experiment], "metrics.val/acc > 0", max_results=5).token
    assert token
    assert code(client.search_runs, [experiment], "metrics.val/acc > 0.5", max_results=5, page_token=token) == "INVALID_PARAMETER_VALUE"
    assert code(client.search_runs, [experiment], max_results=5, page_token="nonsense") == "INVALID_PARAMETER_VALUE"
    assert code(client.search_runs, [experiment], "metrics.a >") == "INVALID_PARAMETER_VALUE"


def test_what_was_answered_is_there_after_kill_9(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start()
    client = MlflowClient(server.url)
    experiment = client.create_experiment("crash")
    runs = [client.create_run(experiment).info.run_id for _ in range(3)]
    answered: dict[str, int] = {}
    refused: list[MlflowException] = []
    killed = threading.Event()

    def work(run: str) -> None:
        for number in itertools.count():
            metrics = [Metric(f"m{key}", number, number, number) for key in range(40)]
            try:
                client.log_batch(run, metrics, tags=[RunTag("last", str(number))])
            except MlflowException as failure:
                if not killed.is_set():
                    refused.append(failure)
                return
            answered[run] = number

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    threading.Event().wait(2)
    killed.set()
    server.kill()
    for thread in threads:
        thread.join()
    again = MlflowClient(start().url)
    assert set(answered) == set(runs) and not refused, refused
    for run in runs:
        data = again.get_run(run).data
        last = int(data.tags["last"])
        assert last in (answered[run], answered[run] + 1)
        assert set(data.metrics.values()) == {float(last)} and len(data.metrics) == 40
        assert len(again.get_metric_history(run, "m7")) == last + 1


def test_the_status_of_a_run_ends_with_it(client: MlflowClient, experiment: str) -> None:
    run = client.create_run(experiment).info.run_id
    client.set_terminated(run, status=RunStatus.to_string(RunStatus.FINISHED), end_time=5)
    assert client.get_run(run).info.end_time == 5
