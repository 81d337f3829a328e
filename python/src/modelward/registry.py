"""The registry as a Python user sees it."""

from __future__ import annotations

import getpass
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import bundle, loading, publishing
from .access import Access
from .changes import Changes
from .cleancheck import check_loads
from .encoding import a, encode
from .errors import Invalid, NotFound, short_tracebacks, warn
from .operations import Operations
from .progress import Bar, Progress
from .results import Comparison, Saved, Version, each, reference
from .rollouts import Rollouts
from .transport import Transport, path_of

DEFAULT_URL = "http://127.0.0.1:8080"
_BUMPS = ("patch", "minor", "major", "auto")
# As semver.org's grammar has it.
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){{2}}(?:-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LARGE = 64 << 20


class ModelRegistry(Operations, Changes, Rollouts, Access):
    """A Modelward server. Safe for threads; connections are kept and reused.

    A model is named ``name`` (in this registry's namespace) or ``namespace/name``. Where a ``version`` selects, it is anything that
    means one version: ``1.4.2``, ``^1.4``, ``latest``, an alias, ``sha256:…`` or ``ordinal:3``.
    Every call raises a subclass of ModelwardError; Unavailable when the server does not answer. A registry is not pickled, since it
    may have a token: make one where it is needed.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        namespace: str = "default",
        actor: str | None = None,
        timeout: float = 180.0,
        progress: Progress | None = None,
        token: str | None = None,
        insecure_http: bool = False,
    ) -> None:
        """
        :param url: of the server; without it $MODELWARD_URL, else http://127.0.0.1:8080
        :param actor: who acts, as the server writes it down; without it $MODELWARD_ACTOR, else the user's name
        :param timeout: seconds without a byte after which a call fails; moving an endpoint waits until the version is warm
        :param progress: called with (file, bytes done, bytes in all); without it a bar on terminals, above 8 MB
        :param token: proves who calls, where the server asks; without it $MODELWARD_TOKEN, else what ``modelward login`` keeps for the
            server
        :param insecure_http: lets the token go unencrypted to another machine
        :raises Unauthenticated: others may read the file of kept tokens
        """
        who = actor or os.environ.get("MODELWARD_ACTOR") or _user()
        if not all(" " <= letter <= "~" for letter in who):
            raise Invalid(f"The actor {who!r} has letters beyond ASCII, which HTTP headers have not. Write another name.", field="actor")
        self._namespace = namespace
        self._progress = progress or Bar()
        self._transport = Transport(
            url or os.environ.get("MODELWARD_URL") or DEFAULT_URL,
            timeout=timeout,
            headers={"Modelward-Actor": who} if who else {},
            token=token,
            insecure_http=insecure_http,
        )

    @property
    def url(self) -> str:
        """The server's address."""
        return self._transport.url

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._transport.close()

    def __reduce__(self) -> Any:
        raise TypeError("A ModelRegistry is not pickled, since it may have a token. Make one where it is needed.")

    def __repr__(self) -> str:
        return f"ModelRegistry({self.url!r}, namespace={self._namespace!r})"

    def save_model(
        self,
        name: str,
        version: str,
        model: Any,
        metadata: dict[str, Any] | None = None,
        *,
        sample: Any = None,
        code: Iterable[bundle.Code] = (),
        requirements: Iterable[str] | None = None,
        reason: str = "",
    ) -> Saved:
        """Saves a model as exactly this version. The same model and card again gives the same answer.

        Warns with ModelwardWarning of what a person would want to know: a card with gaps, a model that cannot be served as it is.

        :param metadata: the model card, kept as it is given
        :param sample: rows (lists, array or DataFrame) that the model can predict; up to 20 are kept to test it with before it serves
        :param code: modules, .py files or package directories that define the model's own classes and functions
        :param requirements: what the model needs, as ``xgboost==3.1.1``; without it the packages that its pickle names, at the releases
            that are installed here. The server builds an environment of them where its own has other ones
        :returns: ``{"model", "version", "ordinal", "digest", "least_bump", "warnings"}``
        :raises Unloadable: it would not load in another process; nothing was sent
        :raises Conflict: the version is taken by other content; the message says what differs
        :raises Refused: the card or the bump breaks a rule; see ``.breaking`` and ``.least_version``
        """
        target = self._model(name)
        if not isinstance(version, str) or not _SEMVER.fullmatch(version):
            raise Invalid(_no_version(version), field="version")
        return self._publish(target, model, metadata, {"version": version}, sample, code, requirements, reason)

    def publish(
        self,
        name: str,
        model_or_path: Any,
        card: dict[str, Any] | None = None,
        *,
        bump: str | None = "auto",
        sample: Any = None,
        code: Iterable[bundle.Code] = (),
        requirements: Iterable[str] | None = None,
        reason: str = "",
    ) -> Saved:
        """Publishes a model, or the file or directory of a path as it is, as the next version.

        ``bump`` is patch, minor, major or auto, the least that the change of signature allows and MINOR at least; None takes the
        card's version. Answers and raises as save_model does.
        """
        target = self._model(name)
        if bump is not None and bump not in _BUMPS:
            raise Invalid(f"bump is {', '.join(_BUMPS)} or None, not {bump!r}.", field="bump")
        number = {} if bump is None else {"bump": bump}
        return self._publish(target, model_or_path, card, number, sample, code, requirements, reason)

    def _publish(
        self,
        target: tuple[str, str],
        model: Any,
        given: dict[str, Any] | None,
        number: dict[str, str],
        sample: Any,
        code: Iterable[bundle.Code],
        requirements: Iterable[str] | None,
        reason: str,
    ) -> Saved:
        card = {} if given is None else given
        if not isinstance(card, dict):
            raise Invalid(f"A model card is a dictionary, not {a(card)}.", field="card")
        encode(card)
        if isinstance(requirements, str):
            raise Invalid('requirements is a list of texts, as ["xgboost==3.1.1"].', field="requirements")
        self._ask_for(target, number)
        request = {**number, "card": card, "reason": reason}
        lacks = ""
        with tempfile.TemporaryDirectory(prefix="modelward-") as scratch:
            folder = Path(scratch)
            if isinstance(model, (str, os.PathLike)):
                files = bundle.files_of(model)
                if sample is not None:
                    bundle.write_sample(folder, sample, [], card)
            else:
                files = []
                bundle.check_width(model, sample)
                bundle.write_model(folder, model)
                bundle.write_about(folder, model, sample, card)
            bundle.write_code(folder, code)
            if not files:
                self._say_large(folder)
                found = check_loads(folder, bundle.ARTIFACT)
                lacks = found.lacks
                if found.row is not None and "input_schema" not in card:
                    bundle.add_row_schema(folder, found.row)
                if found.missing and "input_schema" not in card:
                    bundle.add_missing(folder, found.missing)
                bundle.write_requirements(folder, found.needs if requirements is None else list(requirements))
            elif requirements is not None:
                bundle.write_requirements(folder, list(requirements))
            added = bundle.files_of(folder) if any(folder.iterdir()) else []
            saved = Saved(publishing.publish(self._transport, target, files + added, request, self._progress))
        if lacks:
            warn(f"{reference(saved)} is saved. {lacks}")
        for warning in saved.get("warnings") or ():
            warn(f"{reference(saved)}: {warning}")
        if given is None:
            warn(
                f"{reference(saved)} has no model card: nobody who finds it later can see what it was trained on, how good it is and whom"
                f" to ask. A card is a dictionary; of its usual fields these are missing: {', '.join(saved.get('card_missing', ()))}."
            )
        return saved

    def _ask_for(self, target: tuple[str, str], number: dict[str, str]) -> None:
        """Lets the server look at the names before a model is packed and tried."""
        exact = ("versions", number["version"]) if "version" in number else ()
        try:
            self._get("models", *target, *exact)
        except NotFound:
            pass

    @staticmethod
    def _say_large(folder: Path) -> None:
        size = (folder / bundle.ARTIFACT).stat().st_size
        if size > _LARGE and sys.stderr.isatty():
            print(f"Trying whether the model of {size / 1e6:,.0f} MB loads in a clean process …", file=sys.stderr)

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

    def versions(self, name: str) -> Iterator[Version]:
        """All versions, ascending, each ``{"version", "ordinal", "digest", "published_at", "performance", …}``."""
        return each(Version, self._transport.pages(path_of("api", "v1", "models", *self._model(name), "versions"), "versions"))

    def show(self, name: str, version: str = "latest") -> Version:
        """A version with its completed card, files and signature."""
        target = self._model(name)
        return Version(self._get("models", *target, "versions", self._exact(target, version)))

    def get_card(self, name: str, version: str = "latest") -> dict[str, Any]:
        """The card as it was sent."""
        target = self._model(name)
        return self._get("models", *target, "versions", self._exact(target, version), "card")

    def diff(self, name: str, a: str, b: str) -> Comparison:
        """What differs from ``a`` to ``b``: ``{"metrics", "hyperparameters", "signature", "files", "card"}``."""
        return Comparison(self._get("models", *self._model(name), "compare", query={"from": a, "to": b}))

    def _exact(self, target: tuple[str, str], selector: str) -> str:
        return self._get("models", *target, "resolve", query={"selector": _selector(selector)})["version"]

    def _model(self, name: str) -> tuple[str, str]:
        if not isinstance(name, str):
            raise Invalid(f"The name of a model is a text such as 'iris' or 'team/iris', not {a(name)}.", field="name")
        namespace, slash, bare = name.partition("/")
        if "/" in bare:
            raise Invalid(f"{name!r} has two slashes. The name of a model is name, or namespace/name.", field="name")
        if "@" in name:
            model, _, version = name.partition("@")
            raise Invalid(f"{name!r} names a version, and a model is asked for: write {model!r}, {version!r}.", field="name")
        return (namespace, bare) if slash else (self._namespace, name)


def _selector(version: str) -> str:
    """MLflow and the command line write an alias with an @ before it."""
    if not isinstance(version, str):
        raise Invalid(f"A version is a text such as '1.2.0' or 'latest', not {a(version)}.", field="version")
    return version.removeprefix("@")


def _no_version(version: Any) -> str:
    if not isinstance(version, str):
        return f"The version is a text such as '1.2.0', not {a(version)}."
    nearest = re.fullmatch(r"[vV]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?", version)
    hint = ""
    if nearest:
        hint = f" Write '{'.'.join(str(int(part or 0)) for part in nearest.groups())}'."
    return f"{version!r} is not a Semantic Version: it has three numbers and no v in front, as '1.2.0'.{hint} To let the server number it, call publish."


short_tracebacks(ModelRegistry)


def _user() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return ""
    return name if name.isascii() and name.isprintable() else ""
