"""Who the caller is; tokens and grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .errors import Invalid
from .results import Caller, Explanation, Grant, Results, Token, all_of
from .transport import Transport, path_of

Permission = Mapping[str, str] | tuple[str, str]
"""A role and what it is for: ``{"role": "publisher", "scope": "model:iris*"}``, or ``("publisher", "model:iris*")``."""


class Access:
    """A part of ModelRegistry. A scope is ``*``, ``model:default/iris*``, ``endpoint:iris`` or ``experiment:NAME``; a subject is
    ``user:ISSUER#NAME``, ``group:NAME``, ``service:NAME``, ``certificate:NAME`` or ``everyone``."""

    _transport: Transport

    def whoami(self) -> Caller:
        """Who the caller is for the server: ``{"access", "subject", "verified", "credential", "groups", "grants", …}``."""
        return Caller(self._transport.json("GET", _at("whoami")))

    def create_token(
        self, name: str, grants: Iterable[Permission], *, expires: str | None = None, owner: str | None = None
    ) -> Token:
        """Makes a token for a program. Its text is ``made["token"]``, is answered this once, and is not printed.

        :param name: what the audit log calls it
        :param grants: roles and scopes, as ``[("publisher", "model:iris*")]``; never more than the caller has
        :param expires: how long, as ``90d``, or until when; without it as the server has it
        :param owner: in whose name it acts, as ``service:ci``; for administrators
        :raises Forbidden: it would reach further than the caller
        """
        body: dict[str, Any] = {"name": name, "grants": [_permission(one) for one in _listed(grants)]}
        body.update({key: value for key, value in (("expires", expires), ("owner", owner)) if value is not None})
        return Token(self._transport.json("POST", _at("tokens"), body, once=True))

    def list_tokens(self, *, all: bool = False) -> Results[Token]:
        """The caller's tokens, newest first, those that ended too; everybody's with ``all``, for administrators."""
        return all_of(Token, self._transport.pages(_at("tokens"), "tokens", {"all": "true" if all else None}))

    def revoke_token(self, id: str, *, reason: str = "") -> None:
        """Ends a token at once. To end it again changes nothing."""
        self._transport.json("DELETE", _at("tokens", id), query={"reason": reason or None})

    def grant(self, subject: str, role: str, scope: str, *, reason: str = "") -> Grant:
        """Gives somebody a role on something."""
        body = {"subject": subject, "role": role, "scope": scope, "reason": reason}
        return Grant(self._transport.json("POST", _at("grants"), body, once=True))

    def grants(self, subject: str | None = None) -> Results[Grant]:
        """Who has which role on what, newest first, as far as the caller may see it."""
        return all_of(Grant, self._transport.pages(_at("grants"), "grants", {"subject": subject}))

    def revoke_grant(self, id: str, *, reason: str = "") -> None:
        """Takes a role away at once."""
        self._transport.json("DELETE", _at("grants", id), query={"reason": reason or None}, once=True)

    def explain_access(self, subject: str, action: str, on: str) -> Explanation:
        """Whether somebody may do something, and by which grants: ``{"allowed", "because", "roles_that_allow", …}``.

        :param action: as ``publish`` or ``predict``
        :param on: ``*``, ``model:team/iris``, ``endpoint:iris`` or ``experiment:NAME``
        """
        query = {"subject": subject, "action": action, "on": on}
        return Explanation(self._transport.json("GET", _at("explain"), query=query))


def _at(*segments: str) -> str:
    return path_of("api", "v1", "access", *segments)


def _listed(grants: Any) -> list[Any]:
    """One permission that is not in a list would be taken apart."""
    if isinstance(grants, (str, Mapping)) or (isinstance(grants, tuple) and any(isinstance(part, str) for part in grants)):
        raise Invalid('grants is a list: write [("publisher", "model:iris*")].', field="grants")
    return list(grants)


def _permission(one: Any) -> dict[str, str]:
    if isinstance(one, Mapping):
        return dict(one)
    if isinstance(one, (tuple, list)) and len(one) == 2:
        return {"role": one[0], "scope": one[1]}
    raise Invalid('Each of the grants has a role and a scope, as ("publisher", "model:iris*").', field="grants")
