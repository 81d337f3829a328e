"""What people change of models and versions, and what training logged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .results import Alias, Model, Result, Results, Run, Version, all_of, each
from .transport import Transport, path_of


class Changes:
    """A part of ModelRegistry; it names models through ``_model``. A ``reason`` is kept in the audit log."""

    _transport: Transport

    def _model(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _of(self, name: str, version: str | None, *more: str) -> str:
        versions = () if version is None else ("versions", version)
        return path_of("api", "v1", "models", *self._model(name), *versions, *more)

    def model(self, name: str) -> Model:
        """A model in short: ``{"model", "versions", "latest", "aliases", "tags", "description", …}``."""
        return Model(self._transport.json("GET", self._of(name, None)))

    def models(self, search: str = "") -> Iterator[Model]:
        """Models in the order of their names; with ``search``, those whose name, description or tags have this text."""
        return each(Model, self._transport.pages(path_of("api", "v1", "models"), "models", {"search": search or None}))

    def list_models(self, search: str = "") -> Results[Model]:
        """As ``models``, as a list."""
        return all_of(Model, self.models(search))

    def aliases(self, name: str) -> Results[Alias]:
        """The model's aliases by name."""
        return all_of(Alias, self._transport.json("GET", self._of(name, None, "aliases"))["aliases"])

    def alias(self, name: str, alias: str) -> Alias:
        """Where an alias points, and where it pointed before."""
        return Alias(self._transport.json("GET", self._of(name, None, "aliases", alias)))

    def set_alias(self, name: str, alias: str, version: str, *, reason: str = "") -> Alias:
        """Points an alias to the version that is selected."""
        body = {"version": version.removeprefix("@"), "reason": reason}
        return Alias(self._transport.json("PUT", self._of(name, None, "aliases", alias), body, once=True))

    def delete_alias(self, name: str, alias: str, *, reason: str = "") -> None:
        """Removes an alias; its history is kept."""
        self._transport.json("DELETE", self._of(name, None, "aliases", alias), query=_why(reason), once=True)

    def rename(self, name: str, new_name: str, *, reason: str = "") -> Model:
        """Gives a model another name; its versions, aliases and endpoints go with it.

        :raises Conflict: the name is taken, or people would take it for another model's
        """
        body = {"name": "/".join(self._model(new_name)), "reason": reason}
        return Model(self._transport.json("POST", self._of(name, None, "rename"), body, once=True))

    def describe(self, name: str, description: str, *, version: str | None = None, reason: str = "") -> Model | Version:
        """Describes a model, or one version of it by its exact number."""
        body = {"description": description, "reason": reason}
        return _thing(version, self._transport.json("PUT", self._of(name, version, "description"), body))

    def tag(self, name: str, key: str, value: str, *, version: str | None = None, reason: str = "") -> Model | Version:
        """Sets a tag of a model, or of one version of it by its exact number."""
        body = {"value": value, "reason": reason}
        return _thing(version, self._transport.json("PUT", self._of(name, version, "tags", *key.split("/")), body))

    def untag(self, name: str, key: str, *, version: str | None = None, reason: str = "") -> None:
        """Removes a tag; one that is not there changes nothing."""
        self._transport.json("DELETE", self._of(name, version, "tags", *key.split("/")), query=_why(reason))

    def delete(self, name: str, *, version: str | None = None, reason: str = "") -> None:
        """Deletes a model with its versions, or one version by its exact number. What is deleted is kept, and undelete brings it back.

        :raises Conflict: an endpoint serves it; ``.extra["endpoints"]`` says which
        """
        self._transport.json("DELETE", self._of(name, version), query=_why(reason), once=True)

    def undelete(self, name: str, *, version: str | None = None, reason: str = "") -> Model | Version:
        """Brings back the model that was deleted last under this name, or one version of it. A version's aliases stay gone.

        :raises Conflict: another model has the name now
        """
        return _thing(version, self._transport.json("POST", self._of(name, version, "undelete"), {"reason": reason}))

    def delete_endpoint(self, endpoint: str, *, reason: str = "", expected_revision: int | None = None) -> None:
        """Retires an endpoint: callers find it no more, and its workers end. Predictions are traced as before.

        :raises Conflict: a rollout has not ended, or another revision is current
        """
        query = _why(reason) or {}
        if expected_revision is not None:
            query["expected_revision"] = expected_revision
        self._transport.json("DELETE", path_of("api", "v1", "endpoints", endpoint), query=query or None, once=True)

    def experiments(self, *, view: str = "active") -> Iterator[Result]:
        """Experiments, newest first; ``view`` is active, deleted or all."""
        return each(Result, self._transport.pages(path_of("api", "v1", "experiments"), "experiments", {"view": view}))

    def runs(self, *, experiment: str | None = None, filter: str = "", order_by: str | None = None, view: str = "active") -> Iterator[Run]:
        """Runs, newest first unless ``order_by`` says otherwise, each with parameters, metrics, tags and datasets.

        :param experiment: an id; without it, runs of all experiments
        :param filter: as ``metrics.accuracy > 0.9 AND params.depth = '4'``
        """
        return each(Run, self._transport.pages(path_of("api", "v1", "runs"), "runs", {"experiment": experiment, "filter": filter or None, "order_by": order_by, "view": view}))

    def run(self, run: str) -> Run:
        """A run by its id."""
        return Run(self._transport.json("GET", path_of("api", "v1", "runs", run)))


def _thing(version: str | None, answer: dict[str, Any]) -> Model | Version:
    return Model(answer) if version is None else Version(answer)


def _why(reason: str) -> dict[str, Any] | None:
    return {"reason": reason} if reason else None
