"""What calls answer: dictionaries that print as one line, and as a table in a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from .errors import ModelwardError, shortened

_MOST = 5  # predictions that a line shows
_LONGEST = 110  # characters of a sentence in a line

T = TypeVar("T", bound="Result")


class Result(dict[str, Any]):
    """An answer of the server, whole. Its members are keys and attributes: ``saved["digest"]`` is ``saved.digest``.

    ``repr`` and ``print`` show one line; a debugger shows the dictionary; a notebook shows a table. ``dict(result)`` prints whole.
    """

    def line(self) -> str:
        """What matters, in one line."""
        return ", ".join(f"{key} {_short(value)}" for key, value in self.items() if not isinstance(value, (dict, list)))

    def __getattr__(self, name: str) -> Any:
        try:
            value = self[name]
        except KeyError:
            raise AttributeError(f"This {type(self).__name__} has no {name}. It has: {', '.join(self)}.") from None
        return Result(value) if type(value) is dict else value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self if key.isidentifier())]

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        try:
            return self.line()
        except (KeyError, TypeError, AttributeError):  # another release of the server leaves something out
            return Result.line(self)

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{html.escape(key)}</th><td>{html.escape(_cell(value))}</td></tr>" for key, value in self.items())
        return f"<table><caption>{html.escape(str(self))}</caption>{rows}</table>"


class Results(list[T]):
    """A list of answers that prints one line for each, and as a table in a notebook."""

    def __repr__(self) -> str:
        return "\n".join(repr(item) for item in self) or "[]"

    def _repr_html_(self) -> str:
        names = list(dict.fromkeys(key for item in self for key, value in item.items() if not isinstance(value, (dict, list))))
        head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
        rows = "".join("<tr>" + "".join(f"<td>{html.escape(_cell(item.get(name, '')))}</td>" for name in names) + "</tr>" for item in self)
        return f"<table><tr>{head}</tr>{rows}</table>"


class Saved(Result):
    """A version that was just published: ``{"model", "version", "ordinal", "digest", "least_bump", "warnings", "card_missing"}``."""

    def line(self) -> str:
        warnings = len(self.get("warnings") or ())
        more = f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
        return f"{reference(self)} {_digest(self)} saved{more}"


class Model(Result):
    """A model: ``{"model", "versions", "latest", "aliases", "tags", "description", …}``."""

    def line(self) -> str:
        count = self.get("versions", 0)
        aliases = "".join(f", {alias} → {version}" for alias, version in (self.get("aliases") or {}).items())
        latest = f", latest {self['latest']}" if self.get("latest") else ""
        return f"{short_name(self)}: {count} version{'' if count == 1 else 's'}{latest}{aliases}"


class Version(Result):
    """A version: ``{"model", "version", "ordinal", "digest", "published_at", "published_by", "performance", …}``."""

    def line(self) -> str:
        what = f", {self['algorithm']}" if self.get("algorithm") else ""
        who = f" by {self['published_by']['actor']}" if self.get("published_by") else ""
        return f"{reference(self)} {_digest(self)}{what}, published {_time(self.get('published_at'))}{who}"


class Alias(Result):
    """An alias: ``{"alias", "version", "digest", "changed_at", "changed_by", …}``."""

    def line(self) -> str:
        return f"{self.get('alias')} → {self.get('version')}, since {_time(self.get('changed_at'))}"


class Endpoint(Result):
    """An endpoint: ``{"endpoint", "state", "revision", "model", "model_version", "digest", "arms", "contract", …}``."""

    def line(self) -> str:
        why = f": {_short(self['why'])}" if self.get("why") else ""
        served = f"{short_name(self)}@{self['model_version']}" if self.get("model_version") else short_name(self)
        return f"endpoint {self.get('endpoint')} {self.get('state')} {served}, revision {self.get('revision')}{why}"


class Revision(Result):
    """A route revision of an endpoint: ``{"revision", "cause", "arms", "changed_at", "changed_by", "reason", …}``."""

    def line(self) -> str:
        arms = " and ".join(f"{arm['version']} {arm['weight'] / 100:g} %" for arm in self.get("arms", ()))
        return f"revision {self.get('revision')} {self.get('cause')}: {arms}, {_time(self.get('changed_at'))}"


class Rollout(Result):
    """A rollout: ``{"id", "state", "reason", "step", "samples", "evidence", …}``."""

    def line(self) -> str:
        move = f"{self.get('active')} → {self.get('candidate')}"
        step = f"step {self.get('step')} of {self.get('step_count')}, {self.get('traffic_percent', 0):g} %"
        return f"rollout {self.get('id')} of {self.get('endpoint')}: {move} {self.get('state')}, {step}. {_short(self.get('reason'))}"


class Answer(Result):
    """Predictions: ``{"predictions", "model", "model_version", "digest", "prediction_id"}``."""

    def line(self) -> str:
        rows = self.get("predictions", [])
        shown = ", ".join(_short(row, 40) for row in rows[:_MOST]) + (f", … {len(rows)} in all" if len(rows) > _MOST else "")
        return f"[{shown}] by {short_name(self)}@{self.get('model_version')}, prediction {self.get('prediction_id')}"


class Prediction(Result):
    """The record of a prediction: ``{"prediction_id", "time", "endpoint", "model", "model_version", "digest", "status", …}``."""

    def line(self) -> str:
        who = f"{short_name(self)}@{self.get('model_version')}"
        cost = f"{self.get('rows', '?')} rows in {self.get('latency_ms', 0):g} ms"
        return f"{_time(self.get('time'))} {self.get('endpoint')} {who} {self.get('status')}, {cost}, {self.get('prediction_id')}"


class Trace(Result):
    """Which model answered: ``{"prediction", "version", "route", "live", "audit"}``, perhaps ``rollout`` and ``verification``."""

    def line(self) -> str:
        checked = self.get("verification")
        intact = "" if checked is None else (", its bytes are intact" if checked.get("intact") else ", ITS BYTES ARE DAMAGED")
        return f"{Prediction(self['prediction']).line()}; {Version(self['version']).line()}{intact}"


class AuditEntry(Result):
    """An entry of the audit log: ``{"sequence", "time", "who", "action", "subject", "reason", "detail"}``."""

    def line(self) -> str:
        why = f": {_short(self['reason'])}" if self.get("reason") else ""
        return f"{_time(self.get('time'))} {self['who']['actor']} {self.get('action')} {self.get('subject')}{why}"


class Run(Result):
    """A run of training: ``{"run", "name", "experiment", "status", "parameters", "metrics", "tags", "datasets", …}``."""

    def line(self) -> str:
        metrics = "".join(f", {name} {_short(point.get('value'))}" for name, point in list((self.get("metrics") or {}).items())[:_MOST])
        return f"run {self.get('run')} {self.get('name')} {self.get('status')}{metrics}"


class Status(Result):
    """What the server is: ``{"version", "started_at", "isolation", "limits", "environment", "prediction_log", …}``."""

    def line(self) -> str:
        return f"Modelward {self.get('version')} since {_time(self.get('started_at'))}; {(self.get('isolation') or {}).get('words', '')}"


class Verification(Result):
    """Whether all that is stored is intact: ``{"intact", "files", "bytes", "versions", "damaged"}``."""

    def line(self) -> str:
        damaged = len(self.get("damaged", ())) + self.get("unnamed", 0)
        return f"{self.get('files')} files hashed again, {'all intact' if self.get('intact') else f'{damaged} damaged'}"


class Comparison(Result):
    """What differs between two versions: ``{"from", "to", "metrics", "hyperparameters", "signature", "files", "card"}``."""

    def line(self) -> str:
        changed = "".join(f", {m['name']} {_short(m.get('from'))} → {_short(m.get('to'))}" for m in self.get("metrics", ())[:_MOST])
        verdict = (self.get("signature") or {}).get("verdict", "")
        return f"{reference(self['from'])} → {reference(self['to'])}: signature {verdict}{changed}"


class Caller(Result):
    """Who calls: ``{"access", "subject", "verified", "credential", "expires_at", "groups", "grants", "limited_to"}``."""

    def line(self) -> str:
        if self.get("access") == "off":
            return f"{self.get('subject')}; the server does not ask who its callers are"
        roles = ", ".join(_permission(one) for one in self.get("limited_to", self.get("grants", ())))
        return f"{self.get('subject')}: {roles or 'no role'}"


class Grant(Result):
    """A role that somebody has on something: ``{"id", "subject", "role", "scope", "granted_at", "granted_by", "reason"}``."""

    def line(self) -> str:
        return f"{self.get('id')}: {self.get('subject')} is {_permission(self)}, since {_time(self.get('granted_at'))}"


class Token(Result):
    """A token: ``{"id", "name", "owner", "kind", "grants", "expires_at", …}``. A new one has its text in ``token``, never printed."""

    def line(self) -> str:
        roles = ", ".join(_permission(one) for one in self["grants"]) if "grants" in self else "all that its owner may do"
        ended = f"revoked {_time(self['revoked_at'])}" if "revoked_at" in self else f"until {_time(self.get('expires_at'))}"
        return f"token {self.get('name')} ({self.get('id')}) of {self.get('owner')}: {roles}, {ended}"

    def _repr_html_(self) -> str:
        return Result({key: value for key, value in self.items() if key != "token"})._repr_html_()


class Explanation(Result):
    """Whether somebody may do something: ``{"subject", "action", "on", "allowed", "because", "roles_that_allow", …}``."""

    def line(self) -> str:
        verb = "may" if self.get("allowed") else "may not"
        return f"{self.get('subject')} {verb} {self.get('action')} {self.get('on')}"


def all_of(kind: type[T], items: Iterable[dict[str, Any]]) -> Results[T]:
    """A list of this kind."""
    return Results(kind(item) for item in items)


def each(kind: type[T], items: Iterable[dict[str, Any]]) -> Iterator[T]:
    """Items of this kind, one after the other."""
    try:
        for item in items:
            yield kind(item)
    except ModelwardError as error:
        raise shortened(error) from error.__cause__


def short_name(item: dict[str, Any]) -> str:
    """The model's name, without the namespace that is there from the beginning."""
    return str(item.get("model", "")).removeprefix("default/")


def reference(item: dict[str, Any]) -> str:
    """The version as ``name@version``."""
    return f"{short_name(item)}@{item.get('version')}"


def _permission(item: dict[str, Any]) -> str:
    return f"{item.get('role')} on {item.get('scope')}"


def _digest(item: dict[str, Any]) -> str:
    return str(item.get("digest", ""))[: len("sha256:") + 8]


def _time(value: Any) -> str:
    return str(value or "")[:19].replace("T", " ")


def _short(value: Any, most: int = _LONGEST) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _cell(value: Any) -> str:
    return _short(value, 300)

