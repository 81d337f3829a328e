"""Endpoints, predictions and records: the calls that are about what serves."""

from __future__ import annotations

from typing import Any

from .rows import rows
from .transport import Transport, path_of


class Operations:
    """A part of ModelRegistry; it names models through ``_model``."""

    _transport: Transport

    def _model(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _get(self, *segments: str, query: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._transport.json("GET", path_of("api", "v1", *segments), query=query)

    def predict(
        self, endpoint: str, instances: Any, *, key: str | None = None, arm: str | None = None, outputs: list[str] | None = None
    ) -> dict[str, Any]:
        """Predicts rows: lists, objects by column, an array of shape (rows, columns), or a DataFrame.

        :param key: what the caller sticks to, such as a user's id: in a rollout, the same key meets the same version
        :param arm: ``"active"`` or ``"canary"``: which version must answer; such a request is no evidence in a rollout
        :param outputs: outputs to answer, of a model that names its outputs (an ONNX graph); each prediction is then a dictionary
        :returns: ``{"predictions", "model", "model_version", "digest", "prediction_id"}``, predictions in the order of the rows
        :raises Refused: a row does not fit the endpoint's contract; ``.field`` says which value
        :raises ModelwardError: the model failed (500); ``.extra`` has the prediction id, version and digest
        """
        request: dict[str, Any] = {"instances": rows(instances)}
        if key is not None:
            request["key"] = key
        if outputs is not None:
            request["outputs"] = outputs
        headers = {} if arm is None else {"Modelward-Arm": arm}
        # A request that is sent once more may have been counted already.
        again = {"Modelward-Uncounted": "retry"}
        return self._transport.json("POST", path_of("predict", endpoint), request, headers=headers, again=again)

    def create_endpoint(
        self, endpoint: str, model: str, version: str = "latest", *, reason: str = "", change_contract: bool = False
    ) -> dict[str, Any]:
        """Creates the endpoint, or moves it; answers when the version is loaded, warm and serving.

        :raises Refused: the version is not compatible with the endpoint's contract, or cannot be loaded
        """
        body = {"model": "/".join(self._model(model)), "version": version, "reason": reason, "change_contract": change_contract}
        return self._transport.json("PUT", path_of("api", "v1", "endpoints", endpoint), body, once=True)

    def flip(
        self, endpoint: str, version: str, *, reason: str, expected_revision: int | None = None, change_contract: bool = False
    ) -> dict[str, Any]:
        """Moves all traffic to a version, at once when it is loaded and warm.

        :param expected_revision: the route revision that this replaces
        :raises Conflict: another one is current; ``.current`` says which
        :raises Refused: the version is not compatible with the endpoint's contract, or cannot be loaded
        """
        return self._move(endpoint, "flip", {"version": version}, reason, expected_revision, change_contract)

    def rollback(
        self, endpoint: str, *, reason: str, expected_revision: int | None = None, change_contract: bool = False
    ) -> dict[str, Any]:
        """Moves all traffic back to the version that served before. Raises as flip does."""
        return self._move(endpoint, "rollback", {}, reason, expected_revision, change_contract)

    def _move(
        self, endpoint: str, how: str, body: dict[str, Any], reason: str, expected: int | None, change_contract: bool
    ) -> dict[str, Any]:
        body = {**body, "reason": reason, "change_contract": change_contract}
        if expected is not None:
            body["expected_revision"] = expected
        # Sent once: a rollback that is repeated would undo itself, and a flip that is repeated could undo another operator's.
        return self._transport.json("POST", path_of("api", "v1", "endpoints", endpoint, how), body, once=True)

    def endpoint(self, name: str) -> dict[str, Any]:
        """What serves an endpoint: ``{"state", "revision", "model", "model_version", "digest", "contract", …}``."""
        return self._get("endpoints", name)

    def trace(self, prediction_id: str, *, verify: bool = False) -> dict[str, Any]:
        """Which model answered: ``{"prediction", "version", "route", "live", "audit"}``; with ``verify``, the stored bytes are hashed
        again and ``verification`` says whether they are intact."""
        return self._get("predictions", prediction_id, "trace", query={"verify": "true"} if verify else None)

    def verify(self) -> dict[str, Any]:
        """Hashes all stored bytes again: ``{"intact", "files", "bytes", "versions", "damaged"}``."""
        return self._transport.json("POST", path_of("api", "v1", "verify"), {})

    def status(self) -> dict[str, Any]:
        """What the server is, how workers are isolated, whether their environment is ready, what the prediction log holds."""
        return self._get("status")
