"""Brings a version's files to this machine, checks every byte, and loads the model."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from .bundle import ARTIFACT, CODE, FOLDER, installed_packages
from .errors import ModelwardError, Unloadable
from .helpers import Helpers
from .progress import Progress
from .transport import CHUNK, Transport, path_of

_MANIFEST = "manifest.json"
_FILES = "files"


def cache_root() -> Path:
    """$MODELWARD_CACHE, else ~/.cache/modelward (under $XDG_CACHE_HOME when that is set)."""
    given = os.environ.get("MODELWARD_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "modelward"


def fetch(transport: Transport, model: tuple[str, str], version: str, digest: str, progress: Progress) -> Path:
    """The directory with the version's files, downloaded unless the cache holds it whole.

    The manifest's bytes are checked against the digest and each file against the manifest, also when they come from the cache: a
    damaged copy in the cache is replaced, and damage in what the server sends raises Unloadable.
    """
    target = cache_root() / "models" / digest.removeprefix("sha256:")
    if target.is_dir():
        try:
            _check(target, digest)
            return target / _FILES
        except Unloadable:
            shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=target.parent))
    try:
        _download(transport, model, version, digest, partial, progress)
        try:
            partial.rename(target)
        except OSError:  # another process was first
            _check(target, digest)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target / _FILES


def _download(transport: Transport, model: tuple[str, str], version: str, digest: str, folder: Path, progress: Progress) -> None:
    base = ("api", "v1", "models", *model, "versions", version)
    with transport.stream(path_of(*base, "manifest")) as response:
        manifest = transport.read(response)
    (folder / _MANIFEST).write_bytes(manifest)
    for file in _files(manifest, digest):
        path = folder / _FILES / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        found, done = hashlib.sha256(), 0
        try:
            with transport.stream(path_of(*base, "files", *file["path"].split("/"))) as response, open(path, "wb") as out:
                while data := transport.read(response, CHUNK):
                    out.write(data)
                    found.update(data)
                    done += len(data)
                    progress(file["path"], done, file["size"])
        except ModelwardError as damaged:
            if damaged.type.endswith(":damaged"):
                raise Unloadable(f"{file['path']} of version {version} is damaged on the server. {damaged}") from damaged
            raise
        if found.hexdigest() != file["sha256"].removeprefix("sha256:"):
            raise Unloadable(f"{file['path']} of version {version} arrived other than it was published: its SHA-256 is wrong.")


def _files(manifest: bytes, digest: str) -> list[dict[str, Any]]:
    if hashlib.sha256(manifest).hexdigest() != digest.removeprefix("sha256:"):
        raise Unloadable(f"The manifest is not the one that {digest} names.")
    files = json.loads(manifest)["files"]
    for file in files:
        path = PurePosixPath(file["path"])
        if path.is_absolute() or ".." in path.parts or "\\" in file["path"]:
            raise Unloadable(f"The manifest names a path outside of the version: {file['path']}")
    return files


def _check(target: Path, digest: str) -> None:
    try:
        for file in _files((target / _MANIFEST).read_bytes(), digest):
            with open(target / _FILES / file["path"], "rb") as data:
                if hashlib.file_digest(data, "sha256").hexdigest() != file["sha256"].removeprefix("sha256:"):
                    raise Unloadable(f"{file['path']} in the cache is damaged.")
    except OSError as failure:
        raise Unloadable(f"The cache cannot be read ({failure.strerror}).") from failure


def load(folder: Path, reference: str) -> Any:
    """Loads the model of a directory that was checked. Each version has its own helper modules, whatever is imported already."""
    artifact = _artifact(folder, reference)
    try:
        import joblib

        with Helpers(folder / CODE).imported():
            return joblib.load(artifact)
    except Exception as failure:
        raise Unloadable(f"{_differences(folder)}{reference} does not load here ({type(failure).__name__}: {failure}).") from failure


def _artifact(folder: Path, reference: str) -> Path:
    if (folder / ARTIFACT).is_file():
        return folder / ARTIFACT
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix in (".joblib", ".pkl", ".pickle") and path.relative_to(folder).parts[0] != FOLDER
    ]
    if len(found) != 1:
        raise Unloadable(f"{reference} holds no model that Python can load: it needs {ARTIFACT}, or exactly one .joblib, .pkl or .pickle.")
    return found[0]


def _differences(folder: Path) -> str:
    """The releases that the version was saved with and that are others here: the likely cause, so it is said first."""
    try:
        environment = json.loads((folder / FOLDER / "environment.json").read_bytes())
        saved = {"Python": environment.get("python"), **environment["packages"]}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return ""
    here = {"Python": platform.python_version(), **installed_packages()}
    if str(saved["Python"]).split(".")[:2] == here["Python"].split(".")[:2]:
        del saved["Python"]
    differ = [f"{name} {there} (here {here.get(name, 'none')})" for name, there in saved.items() if there and here.get(name) != there]
    return f"It was saved with {', '.join(differ)}. " if differ else ""
