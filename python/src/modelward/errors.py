"""What can go wrong, by what a caller can do about it. ``str(error)`` is a sentence for people; the attributes are for programs."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any


class ModelwardError(Exception):
    """The base of all errors of this package.

    ``status`` is the HTTP status (0 when the server was not reached or not asked), ``type`` the stable kind of problem such as
    ``urn:modelward:problem:conflict``, ``detail`` the sentence, ``field`` what it is about, ``extra`` the problem's other members.
    """

    def __init__(
        self, detail: str, *, status: int = 0, type: str = "", field: str | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.type = type
        self.field = field
        self.extra = extra or {}


class NotFound(ModelwardError):
    """There is no such model, version, alias, endpoint, draft or prediction (404)."""


class Conflict(ModelwardError):
    """Taken already, or changed meanwhile (409, 412). ``current`` says what is current, where the server tells."""

    @property
    def current(self) -> dict[str, Any] | None:
        return self.extra.get("current")


class Refused(ModelwardError):
    """A rule refuses it: the bump, the card, the contract, or the rows of a prediction (422)."""

    @property
    def breaking(self) -> list[dict[str, str]]:
        """What would break callers: ``{"path", "what", "verdict"}`` each; empty when the refusal has another reason."""
        return self.extra.get("breaking", [])

    @property
    def least_version(self) -> str | None:
        """The least version that may be published with this change."""
        return self.extra.get("least_version")


class Invalid(ModelwardError):
    """The request is malformed, here or in the server's judgement (400, 405, 413, 415, 421)."""


class Unauthenticated(ModelwardError):
    """The server does not know who calls (401), or the file that has the token is not to be trusted (``status`` 0)."""


class Forbidden(ModelwardError):
    """The caller may not do this (403); the message says which role would allow it."""

    @property
    def action(self) -> str | None:
        """What was asked for, such as ``publish``."""
        return self.extra.get("action")

    @property
    def on(self) -> str | None:
        """On what, as the server names it."""
        return self.extra.get("on")


class Unavailable(ModelwardError):
    """The server cannot be reached or cannot answer now (429, 503, 504); ``retry_after`` is in seconds, where it is known."""

    @property
    def retry_after(self) -> float | None:
        value = self.extra.get("retry_after")
        return None if value is None else float(value)


class Unfinished(ModelwardError, TimeoutError):
    """What was waited for goes on. ``extra`` holds it as it was at last."""


class Unloadable(ModelwardError):
    """The model cannot be saved so that another process can load it, or a loaded version is not what was published."""


_CLASSES: dict[int, type[ModelwardError]] = {
    400: Invalid,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: Invalid,
    409: Conflict,
    412: Conflict,
    413: Invalid,
    415: Invalid,
    416: Invalid,
    421: Invalid,
    422: Refused,
    429: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_KNOWN = ("type", "title", "status", "detail", "field")


def from_problem(status: int, problem: Any, retry_after: str | None = None) -> ModelwardError:
    """The error for an RFC 9457 problem, or for whatever a proxy between said instead of one."""
    members = problem if isinstance(problem, dict) else {}
    extra = {key: value for key, value in members.items() if key not in _KNOWN}
    if retry_after is not None and retry_after.isdigit():
        extra.setdefault("retry_after", int(retry_after))
    detail = members.get("detail") or members.get("title") or f"The server answered with the status {status}."
    return _CLASSES.get(status, ModelwardError)(
        str(detail), status=status, type=str(members.get("type", "")), field=members.get("field"), extra=extra
    )


class ModelwardWarning(UserWarning):
    """Something was done, and is not all that one may have wanted: a card with gaps, a model that cannot be served as it is."""


def warn(sentence: str) -> None:
    """Warns about the line of the caller of this package."""
    level = 1
    frame: FrameType | None = sys._getframe(0)
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, ModelwardWarning, stacklevel=level)


def short_tracebacks(kind: type) -> None:
    """Lets errors of this package leave the public methods of a class with one frame of the package, and without a chain.

    The message says all that the frames between would. $MODELWARD_TRACEBACK=full keeps them, for whoever works on the package.
    """
    for name in dir(kind):
        function = inspect.getattr_static(kind, name)
        if inspect.isfunction(function) and (not name.startswith("_") or name == "__init__"):
            setattr(kind, name, _pages(function) if inspect.isgeneratorfunction(function) else _call(function))


def shortened(error: ModelwardError) -> ModelwardError:
    """The error without the frames that it passed and without what caused it; raise it ``from None``."""
    if os.environ.get("MODELWARD_TRACEBACK") == "full":
        return error
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _call(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except ModelwardError as error:
            raise shortened(error) from error.__cause__

    return call


def _pages(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def pages(*arguments: Any, **named: Any) -> Any:
        try:
            yield from function(*arguments, **named)
        except ModelwardError as error:
            raise shortened(error) from error.__cause__

    return pages
