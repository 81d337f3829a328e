"""What people change of models and versions, and what training logged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .transport import Transport, path_of

_PAGE = 1000


class Changes:
    """A part of ModelRegistry; it names models through ``_model``. A ``reason`` is kept in the audit log."""

    _transport: Transport

    def _model(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _of(self, name: str, version: str | None, *more: str) -> str:
        versions = () if version is None else ("versions", version)
        return path_of("api", "v1", "models", *self._model(name), *versions, *more)

    def model(self, name: str) -> dict[str, Any]:
        """A model in short: ``{"model", "versions", "latest", "aliases", "tags", "description", …}``."""
        return self._transport.json("GET", self._of(name, None))

    def rename(self, name: str, new_name: str, *, reason: str = "") -> dict[str, Any]:
        """Gives a model another name; its versions, aliases and endpoints go with it.

        :raises Conflict: the name is taken, or people would take it for another model's
        """
        body = {"name": "/".join(self._model(new_name)), "reason": reason}
        return self._transport.json("POST", self._of(name, None, "rename"), body, once=True)

    def describe(self, name: str, description: str, *, version: str | None = None, reason: str = "") -> dict[str, Any]:
        """Describes a model, or one version of it by its exact number."""
        body = {"description": description, "reason": reason}
        return self._transport.json("PUT", self._of(name, version, "description"), body)

    def tag(self, name: str, key: str, value: str, *, version: str | None = None, reason: str = "") -> dict[str, Any]:
        """Sets a tag of a model, or of one version of it by its exact number."""
        body = {"value": value, "reason": reason}
        return self._transport.json("PUT", self._of(name, version, "tags", *key.split("/")), body)

    def untag(self, name: str, key: str, *, version: str | None = None, reason: str = "") -> None:
        """Removes a tag; one that is not there changes nothing."""
        self._transport.json("DELETE", self._of(name, version, "tags", *key.split("/")), query=_why(reason))

    def delete(self, name: str, *, version: str | None = None, reason: str = "") -> None:
        """Deletes a model with its versions, or one version by its exact number. What is deleted is kept, and undelete brings it back.

        :raises Conflict: an endpoint serves it; ``.extra["endpoints"]`` says which
        """
        self._transport.json("DELETE", self._of(name, version), query=_why(reason), once=True)

    def undelete(self, name: str, *, version: str | None = None, reason: str = "") -> dict[str, Any]:
        """Brings back the model that was deleted last under this name, or one version of it. A version's aliases stay gone.

        :raises Conflict: another model has the name now
        """
        return self._transport.json("POST", self._of(name, version, "undelete"), {"reason": reason})

    def delete_endpoint(self, endpoint: str, *, reason: str = "", expected_revision: int | None = None) -> None:
        """Retires an endpoint: callers find it no more, and its workers end. Predictions are traced as before.

        :raises Conflict: a rollout has not ended, or another revision is current
        """
        query = _why(reason) or {}
        if expected_revision is not None:
            query["expected_revision"] = expected_revision
        self._transport.json("DELETE", path_of("api", "v1", "endpoints", endpoint), query=query or None, once=True)

    def experiments(self, *, view: str = "active") -> Iterator[dict[str, Any]]:
        """Experiments, newest first; ``view`` is active, deleted or all."""
        yield from self._pages("experiments", {"view": view})

    def runs(self, *, experiment: str | None = None, filter: str = "", order_by: str | None = None, view: str = "active") -> Iterator[dict[str, Any]]:
        """Runs, newest first unless ``order_by`` says otherwise, each with parameters, metrics, tags and datasets.

        :param experiment: an id; without it, runs of all experiments
        :param filter: as ``metrics.accuracy > 0.9 AND params.depth = '4'``
        """
        yield from self._pages("runs", {"experiment": experiment, "filter": filter or None, "order_by": order_by, "view": view})

    def run(self, run: str) -> dict[str, Any]:
        """A run by its id."""
        return self._transport.json("GET", path_of("api", "v1", "runs", run))

    def _pages(self, what: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        token = None
        while True:
            page = self._transport.json("GET", path_of("api", "v1", what), query={**query, "page_size": _PAGE, "page_token": token})
            yield from page[what]
            token = page.get("next_page_token")
            if not token:
                return


def _why(reason: str) -> dict[str, Any] | None:
    return {"reason": reason} if reason else None
