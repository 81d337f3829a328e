"""The registry as a Python user sees it."""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import bundle, loading, publishing
from .changes import Changes
from .cleancheck import check_loads
from .encoding import encode
from .errors import Invalid
from .operations import Operations
from .progress import Bar, Progress
from .rollouts import Rollouts
from .transport import Transport, path_of

DEFAULT_URL = "http://127.0.0.1:8080"
_PAGE = 1000


class ModelRegistry(Operations, Changes, Rollouts):
    """A Modelward server. Safe for threads; connections are kept and reused.

    A model is named ``name`` (in this registry's namespace) or ``namespace/name``. Where a ``version`` selects, it is anything that
    means one version: ``1.4.2``, ``^1.4``, ``latest``, an alias, ``sha256:…`` or ``ordinal:3``.
    Every call raises a subclass of ModelwardError; Unavailable when the server does not answer.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        namespace: str = "default",
        actor: str | None = None,
        timeout: float = 180.0,
        progress: Progress | None = None,
    ) -> None:
        """
        :param url: of the server; without it $MODELWARD_URL, else http://127.0.0.1:8080
        :param actor: who acts, as the server writes it down; without it $MODELWARD_ACTOR, else the user's name
        :param timeout: seconds without a byte after which a call fails; moving an endpoint waits until the version is warm
        :param progress: called with (file, bytes done, bytes in all); without it a bar on terminals, above 8 MB
        """
        who = actor or os.environ.get("MODELWARD_ACTOR") or _user()
        if not all(" " <= letter <= "~" for letter in who):
            raise Invalid("An actor is written in ASCII letters, as HTTP headers are.", field="actor")
        self._namespace = namespace
        self._progress = progress or Bar()
        self._transport = Transport(
            url or os.environ.get("MODELWARD_URL") or DEFAULT_URL,
            timeout=timeout,
            headers={"Modelward-Actor": who} if who else {},
        )

    @property
    def url(self) -> str:
        """The server's address."""
        return self._transport.url

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._transport.close()

    def save_model(
        self,
        name: str,
        version: str,
        model: Any,
        metadata: dict[str, Any],
        *,
        sample: Any = None,
        code: Iterable[bundle.Source] = (),
        reason: str = "",
    ) -> dict[str, Any]:
        """Saves a model as exactly this version. The same model and card again gives the same answer.

        :param metadata: the model card, kept as it is given
        :param sample: rows (lists, array or DataFrame) that the model can predict; up to 20 are kept to test it with before it serves
        :param code: .py files or package directories that define the model's own classes and functions
        :returns: ``{"model", "version", "ordinal", "digest", "least_bump", "warnings"}``
        :raises Unloadable: it would not load in another process; nothing was sent
        :raises Conflict: the version is taken by other content
        :raises Refused: the card or the bump breaks a rule; see ``.breaking`` and ``.least_version``
        """
        return self._publish(name, model, metadata, {"version": version}, sample, code, reason)

    def publish(
        self,
        name: str,
        model_or_path: Any,
        card: dict[str, Any],
        *,
        bump: str | None = "auto",
        sample: Any = None,
        code: Iterable[bundle.Source] = (),
        reason: str = "",
    ) -> dict[str, Any]:
        """Publishes a model, or the file or directory of a path as it is, as the next version.

        ``bump`` is patch, minor, major or auto, the least that the change of signature allows and MINOR at least; None takes the
        card's version. Answers and raises as save_model does.
        """
        return self._publish(name, model_or_path, card, {} if bump is None else {"bump": bump}, sample, code, reason)

    def _publish(
        self, name: str, model: Any, card: dict[str, Any], number: dict[str, str], sample: Any, code: Iterable[bundle.Source], reason: str
    ) -> dict[str, Any]:
        target = self._model(name)
        if not isinstance(card, dict):
            raise Invalid("A model card is a dictionary.", field="card")
        encode(card)
        request = {**number, "card": card, "reason": reason}
        with tempfile.TemporaryDirectory(prefix="modelward-") as scratch:
            folder = Path(scratch)
            if isinstance(model, (str, os.PathLike)):
                files = bundle.files_of(model)
                if sample is not None:
                    bundle.write_sample(folder, sample, [], card)
            else:
                files = []
                bundle.write_model(folder, model)
                bundle.write_about(folder, model, sample, card)
            bundle.write_code(folder, code)
            if not files:
                check_loads(folder, bundle.ARTIFACT)
            added = bundle.files_of(folder) if any(folder.iterdir()) else []
            return publishing.publish(self._transport, target, files + added, request, self._progress)

    def load_model(self, name: str, version: str = "latest") -> tuple[Any, dict[str, Any]]:
        """The model and its card, completed where the server knows more. Every byte is checked against the digest first.

        :raises NotFound: nothing is selected
        :raises Unloadable: the bytes are damaged, or the model does not load here (the Python error says why)
        """
        found = self.show(name, version)
        target = self._model(name)
        folder = loading.fetch(self._transport, target, found["version"], found["digest"], self._progress)
        return loading.load(folder, f"{found['model']}@{found['version']}"), found["card"]

    def list_versions(self, name: str) -> list[str]:
        """All versions, ascending in SemVer order."""
        return [row["version"] for row in self.versions(name)]

    def versions(self, name: str) -> Iterator[dict[str, Any]]:
        """All versions, ascending, each ``{"version", "ordinal", "digest", "published_at", "performance", …}``."""
        token = None
        while True:
            page = self._get("models", *self._model(name), "versions", query={"page_size": _PAGE, "page_token": token})
            yield from page["versions"]
            token = page.get("next_page_token")
            if not token:
                return

    def show(self, name: str, version: str = "latest") -> dict[str, Any]:
        """A version with its completed card, files and signature."""
        target = self._model(name)
        exact = self._get("models", *target, "resolve", query={"selector": version})["version"]
        return self._get("models", *target, "versions", exact)

    def get_card(self, name: str, version: str = "latest") -> dict[str, Any]:
        """The card as it was sent."""
        target = self._model(name)
        exact = self._get("models", *target, "resolve", query={"selector": version})["version"]
        return self._get("models", *target, "versions", exact, "card")

    def diff(self, name: str, a: str, b: str) -> dict[str, Any]:
        """What differs from ``a`` to ``b``: ``{"metrics", "hyperparameters", "signature", "files", "card"}``."""
        return self._get("models", *self._model(name), "compare", query={"from": a, "to": b})

    def set_alias(self, name: str, alias: str, version: str, *, reason: str = "") -> dict[str, Any]:
        """Points an alias to the version that is selected."""
        target = path_of("api", "v1", "models", *self._model(name), "aliases", alias)
        return self._transport.json("PUT", target, {"version": version, "reason": reason}, once=True)

    def _model(self, name: str) -> tuple[str, str]:
        namespace, slash, bare = name.partition("/")
        return (namespace, bare) if slash else (self._namespace, name)


def _user() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return ""
    return name if name.isascii() and name.isprintable() else ""
