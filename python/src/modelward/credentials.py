"""The token that a client proves with who calls: where it comes from, and where it does not go."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

from .errors import Invalid, Unauthenticated

_USUAL_PORTS = {"http": 80, "https": 443}
_LOGIN = "Log in again with modelward login."


def origin(parts: SplitResult) -> str:
    """Scheme, host and port of an address, as the file of kept tokens names servers."""
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{parts.port or _USUAL_PORTS[parts.scheme]}"


def is_private(parts: SplitResult) -> bool:
    """Whether nobody between can read what is sent: it is encrypted, or does not leave this machine."""
    host = (parts.hostname or "").lower()
    return parts.scheme == "https" or host in ("localhost", "::1") or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    numbers = host.split(".")
    return len(numbers) == 4 and numbers[0] == "127" and all(number.isdigit() and len(number) <= 3 for number in numbers)


def kept_file() -> Path:
    """Where ``modelward login`` keeps tokens: below $XDG_CONFIG_HOME, else ~/.config."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(configured if configured.startswith("/") else Path.home() / ".config") / "modelward" / "credentials"


class Credential:
    """A client's token, if it has one. No text of it shows the token, and it is not pickled."""

    def __init__(self, find: Callable[[], str], hint: str, *, renewed: bool = False) -> None:
        """
        :param hint: what to do when the server does not take the token
        :param renewed: whether another token may be found later, when this one was refused
        """
        self._find = find
        self._hint = hint
        self._renewed = renewed
        self._text = find()
        self._refused = False

    def headers(self) -> dict[str, str]:
        """What a request carries."""
        if self._refused and self._renewed:
            self._text, self._refused = self._find(), False
        return {"Authorization": f"Bearer {self._text}"} if self._text else {}

    def refused(self, url: str, detail: str) -> str:
        """Takes note that the server did not know the caller; answers the sentence for the user."""
        self._refused = True
        if self._text:
            return f"{detail} {self._hint}".strip()
        return (
            f"The server at {url} answers to known callers only. "
            "Log in with modelward login, set MODELWARD_TOKEN, or give the token to ModelRegistry."
        )

    def __repr__(self) -> str:
        return f"<{'a token' if self._text else 'no token'}>"

    def __reduce__(self) -> Any:
        raise TypeError("A token is not pickled.")


def find(token: str | None, parts: SplitResult, *, insecure_http: bool) -> Credential:
    """The token that is given, else $MODELWARD_TOKEN, else the one that ``modelward login`` keeps for the server.

    :raises Invalid: it is no token, or would go unencrypted to another machine
    :raises Unauthenticated: the file of kept tokens is not to be trusted
    """
    variable = os.environ.get("MODELWARD_TOKEN", "").strip()
    if token is not None:
        text = _checked(token, "The token")
        found = Credential(lambda: text, "It is the token that ModelRegistry was given.")
    elif variable:
        text = _checked(variable, "MODELWARD_TOKEN")
        found = Credential(lambda: text, "The token came from MODELWARD_TOKEN.")
    else:
        found = Credential(lambda: _kept(origin(parts)), _LOGIN, renewed=True)
    if found.headers() and not (insecure_http or os.environ.get("MODELWARD_INSECURE_HTTP") == "1" or is_private(parts)):
        raise Invalid(
            f"A token would go to {origin(parts)} unencrypted, and whoever reads it on its way could use it. Use https. "
            "In a network that you trust, give insecure_http=True, or set MODELWARD_INSECURE_HTTP=1.",
            field="url",
        )
    return found


def _checked(token: str, what: str) -> str:
    if not isinstance(token, str) or not token or not all("!" <= letter <= "~" for letter in token):
        raise Invalid(f"{what} is no token: a token has no spaces, and letters of ASCII only.", field="token")
    return token


def _kept(server: str) -> str:
    file = kept_file()
    try:
        with open(file, "rb") as stream:
            others = stat.S_IMODE(os.fstat(stream.fileno()).st_mode) & 0o077
            if others and os.name == "posix":
                raise Unauthenticated(
                    f"Others may read or change {file}, which has tokens. It is not used. Run: chmod 600 {file}, "
                    "and log in again if somebody else may have read it."
                )
            text = stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as unreadable:
        raise Unauthenticated(f"{file}, which has tokens, cannot be read: {unreadable.strerror}.") from None
    try:
        entry = json.loads(text).get("servers", {}).get(server, {})
        kept = entry.get("token", "")
        return _checked(kept, "What is kept") if kept else ""
    except (ValueError, AttributeError, Invalid):
        # The parser's words may quote what is in the file.
        raise Unauthenticated(f"{file} is not a file of tokens as modelward login writes it. Move it away, and log in again.") from None
