"""Endpoints, predictions and records: the calls that are about what serves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from .errors import Invalid, ModelwardError, NotFound, Refused, warn
from .results import (
    Answer,
    AuditEntry,
    Endpoint,
    Prediction,
    Results,
    Revision,
    Status,
    Trace,
    Verification,
    all_of,
    each,
)
from .rows import is_frame, rows
from .transport import Transport, path_of

Moment = str | datetime
"""A time: RFC 3339 text, or a datetime; one without a zone is taken as local time."""


class Operations:
    """A part of ModelRegistry; it names models through ``_model``."""

    _transport: Transport

    def _model(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _get(self, *segments: str, query: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._transport.json("GET", path_of("api", "v1", *segments), query=query)

    def predict(
        self, endpoint: str, instances: Any, *, key: str | None = None, arm: str | None = None, outputs: list[str] | None = None
    ) -> Answer:
        """Predicts rows: lists, objects by column, an array of shape (rows, columns), or a DataFrame. NaN and NA are sent as null.

        A DataFrame's columns are taken by name; by position where the endpoint's contract knows no names.

        :param key: what the caller sticks to, such as a user's id: in a rollout, the same key meets the same version
        :param arm: ``"active"`` or ``"canary"``: which version must answer; such a request is no evidence in a rollout
        :param outputs: outputs to answer, of a model that names its outputs (an ONNX graph); each prediction is then a dictionary
        :returns: ``{"predictions", "model", "model_version", "digest", "prediction_id"}``, predictions in the order of the rows
        :raises Refused: a row does not fit the endpoint's contract; ``.field`` says which value
        :raises ModelwardError: the model failed (500); ``.extra`` has the prediction id, version and digest
        """
        if arm not in (None, "active", "canary"):
            raise Invalid(f"arm is 'active' or 'canary', not {arm!r}.", field="arm")
        try:
            return self._predict(endpoint, rows(instances), key, arm, outputs)
        except Refused as refused:
            if refused.detail.endswith(", is null."):
                hint = " A missing value (None, NaN or NA) is sent as null: fill it, or leave the row out."
                raise _with_hint(refused, hint) from None
            # Rows without names are asked for; such a request has reached no model.
            if refused.field != "instances[0]" or "must be an array" not in refused.detail:
                raise
            if not is_frame(instances):
                raise _with_hint(refused, " Each row is a list: put one row in a list, as [[5.1, 3.5, 1.4, 0.2]].") from None
        except NotFound as missing:
            raise self._not_served(endpoint, missing) from None
        return self._predict(endpoint, rows(instances.to_numpy(dtype=object)), key, arm, outputs)

    def _not_served(self, endpoint: str, missing: NotFound) -> NotFound:
        """Says so when a model has the name that somebody took for an endpoint's."""
        if missing.extra.get("missing") != "endpoint":
            return missing
        try:
            self._get("models", *self._model(endpoint))
        except ModelwardError:
            return missing
        return _with_hint(missing, f" There is a model {endpoint}: serve it with serve({endpoint!r}).", instead=_LIST)

    def _predict(self, endpoint: str, instances: list[Any], key: str | None, arm: str | None, outputs: list[str] | None) -> Answer:
        request: dict[str, Any] = {"instances": instances}
        if key is not None:
            request["key"] = key
        if outputs is not None:
            request["outputs"] = outputs
        headers = {} if arm is None else {"Modelward-Arm": arm}
        # A request that is sent once more may have been counted already.
        again = {"Modelward-Uncounted": "retry"}
        return Answer(self._transport.json("POST", path_of("predict", endpoint), request, headers=headers, again=again))

    def serve(self, model: str, version: str = "latest", *, endpoint: str | None = None, reason: str = "") -> Endpoint:
        """Serves a model at an endpoint of the same name, or moves that endpoint to the version; answers when it serves.

        :param endpoint: another name for the endpoint
        :raises Refused: the version is not compatible with the endpoint's contract, or cannot be loaded
        """
        return self.create_endpoint(endpoint or self._model(model)[1], model, version, reason=reason)

    def create_endpoint(
        self,
        endpoint: str,
        model: str,
        version: str = "latest",
        *,
        reason: str = "",
        change_contract: bool = False,
        evaluate: str | None = None,
    ) -> Endpoint:
        """Creates the endpoint, or moves it; answers when the version is loaded, warm and serving.

        :param evaluate: ``"off"`` keeps the version in its worker, ``"auto"`` lets the server evaluate it; as it was when left out
        :raises Refused: the version is not compatible with the endpoint's contract, or cannot be loaded
        """
        body = {"model": "/".join(self._model(model)), "version": version, "reason": reason, "change_contract": change_contract}
        if evaluate is not None:
            body["evaluate"] = evaluate
        return _served(self._transport.json("PUT", path_of("api", "v1", "endpoints", endpoint), body, once=True))

    def flip(
        self, endpoint: str, version: str, *, reason: str, expected_revision: int | None = None, change_contract: bool = False
    ) -> Endpoint:
        """Moves all traffic to a version, at once when it is loaded and warm.

        :param expected_revision: the route revision that this replaces
        :raises Conflict: another one is current; ``.current`` says which
        :raises Refused: the version is not compatible with the endpoint's contract, or cannot be loaded
        """
        return self._move(endpoint, "flip", {"version": version}, reason, expected_revision, change_contract)

    def rollback(
        self, endpoint: str, *, reason: str, expected_revision: int | None = None, change_contract: bool = False
    ) -> Endpoint:
        """Moves all traffic back to the version that served before. Raises as flip does."""
        return self._move(endpoint, "rollback", {}, reason, expected_revision, change_contract)

    def _move(
        self, endpoint: str, how: str, body: dict[str, Any], reason: str, expected: int | None, change_contract: bool
    ) -> Endpoint:
        body = {**body, "reason": reason, "change_contract": change_contract}
        if expected is not None:
            body["expected_revision"] = expected
        # Sent once: a rollback that is repeated would undo itself, and a flip that is repeated could undo another operator's.
        return _served(self._transport.json("POST", path_of("api", "v1", "endpoints", endpoint, how), body, once=True))

    def endpoint(self, name: str) -> Endpoint:
        """What serves an endpoint: ``{"state", "revision", "model", "model_version", "digest", "contract", …}``."""
        return Endpoint(self._get("endpoints", name))

    def list_endpoints(self) -> Results[Endpoint]:
        """All endpoints by name."""
        return all_of(Endpoint, self._get("endpoints")["endpoints"])

    def endpoint_history(self, name: str) -> Iterator[Revision]:
        """The endpoint's route revisions, newest first: what served, since when, by whom and why."""
        return each(Revision, self._transport.pages(path_of("api", "v1", "endpoints", name, "revisions"), "revisions", {}))

    def predictions(
        self,
        *,
        endpoint: str | None = None,
        model: str | None = None,
        version: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        status: int | str | None = None,
    ) -> Iterator[Prediction]:
        """Records of predictions, newest first.

        :param version: with ``model``, a selector
        :param since: the earliest time
        :param until: the time before which they were
        :param status: of the answer, such as 500, or ``"failed"`` for all that were not answered
        """
        query = {
            "endpoint": endpoint,
            "model": None if model is None else "/".join(self._model(model)),
            "version": version,
            "since": _moment(since),
            "until": _moment(until),
            "status": status,
        }
        return each(Prediction, self._transport.pages(path_of("api", "v1", "predictions"), "predictions", query))

    def prediction(self, prediction_id: str) -> Prediction:
        """The record of one prediction."""
        return Prediction(self._get("predictions", prediction_id))

    def trace(self, prediction_id: str, *, verify: bool = False) -> Trace:
        """Which model answered: ``{"prediction", "version", "route", "live", "audit"}``; with ``verify``, the stored bytes are hashed
        again and ``verification`` says whether they are intact."""
        return Trace(self._get("predictions", prediction_id, "trace", query={"verify": "true"} if verify else None))

    def audit(
        self,
        subject: str | None = None,
        *,
        by: str | None = None,
        action: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
    ) -> Iterator[AuditEntry]:
        """Who did what, newest first.

        :param subject: a model, a version as ``iris@1.2.0``, or an endpoint as ``endpoint:iris``
        :param by: who acted
        :param action: such as ``endpoint.flip``, or the beginning of it: ``rollout``
        """
        version = ""
        if subject is not None and ":" not in subject and " " not in subject:
            # The log names a model in full, and a version by its model.
            name, _, version = subject.partition("@")
            subject = "/".join(self._model(name))
        query = {"subject": subject, "by": by, "action": action, "since": _moment(since), "until": _moment(until)}
        entries = self._transport.pages(path_of("api", "v1", "audit"), "entries", query)
        return each(AuditEntry, (entry for entry in entries if not version or (entry.get("detail") or {}).get("version") == version))

    def verify(self) -> Verification:
        """Hashes all stored bytes again: ``{"intact", "files", "bytes", "versions", "damaged"}``."""
        return Verification(self._transport.json("POST", path_of("api", "v1", "verify"), {}))

    def status(self) -> Status:
        """What the server is, how workers are isolated, whether their environment is ready, what the prediction log holds."""
        return Status(self._get("status"))


E = TypeVar("E", bound=ModelwardError)


_LIST = " List the endpoints to see which there are."


def _with_hint(error: E, hint: str, *, instead: str = "") -> E:
    """The same error with another sentence, in the place of one that the server added."""
    error.detail = error.detail.removesuffix(instead)
    detail = error.detail if error.detail.endswith((".", "?")) else error.detail + "."
    told = type(error)(detail + hint, status=error.status, type=error.type, field=error.field, extra=error.extra)
    return told


def _served(answer: dict[str, Any]) -> Endpoint:
    for warning in answer.get("warnings") or ():
        warn(f"{answer['endpoint']}: {warning}")
    return Endpoint(answer)


def _moment(value: Moment | None) -> str | None:
    return value.astimezone().isoformat() if isinstance(value, datetime) else value
