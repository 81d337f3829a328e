"""MLflow's own client, unmodified, pointed at the server of the scenarios. Import this before mlflow: it is told how to behave when it is imported."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_HTTP_REQUEST_MAX_RETRIES="1", MLFLOW_ENABLE_ASYNC_LOGGING="false")

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from modelward.testing import Server  # noqa: E402


@pytest.fixture
def client(server: Server) -> MlflowClient:
    mlflow.set_tracking_uri(server.url)
    return MlflowClient(server.url)


def code(call: Callable[..., object], *arguments: object, **named: object) -> str:
    """The error code that a call is refused with."""
    with pytest.raises(MlflowException) as refused:
        call(*arguments, **named)
    return refused.value.error_code
