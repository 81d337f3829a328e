"""Sends a version's files into a draft, and publishes it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, BinaryIO

from .bundle import VersionFile
from .errors import Invalid, ModelwardError
from .progress import Progress
from .transport import CHUNK, Transport, path_of


class _Counted:
    """A file that tells how much of it was read. http.client sends what it reads, piece by piece."""

    def __init__(self, file: BinaryIO, label: str, size: int, progress: Progress) -> None:
        self._file, self._label, self._size, self._progress, self._done = file, label, size, progress, 0

    def read(self, _: int = -1) -> bytes:
        data = self._file.read(CHUNK)
        self._done += len(data)
        if data:
            self._progress(self._label, self._done, self._size)
        return data

    def close(self) -> None:
        self._file.close()


def publish(
    transport: Transport, model: tuple[str, str], files: list[VersionFile], request: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    """Uploads and publishes; answers ``{"model", "version", "ordinal", "digest", "least_bump", "warnings"}``.

    A draft that is not published is taken back, so that a refusal leaves nothing behind.
    """
    draft = transport.json("POST", path_of("api", "v1", "models", *model, "drafts"), {})["id"]
    try:
        for file in files:
            _upload(transport, draft, file, progress)
        return transport.json("POST", path_of("api", "v1", "drafts", draft, "publish"), request)
    except BaseException:
        try:
            transport.json("DELETE", path_of("api", "v1", "drafts", draft))
        except ModelwardError:
            pass  # the server forgets it by itself after a day
        raise


def _upload(transport: Transport, draft: str, file: VersionFile, progress: Progress) -> None:
    size, digest = _hash(file.source)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(size),
        "Content-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
    }
    target = path_of("api", "v1", "drafts", draft, "files", *file.path.split("/"))
    transport.put_file(target, lambda: _Counted(open(file.source, "rb"), file.path, size, progress), headers)


def _hash(path: Path) -> tuple[int, bytes]:
    try:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return file.tell(), digest
    except OSError as failure:
        raise Invalid(f"{path} cannot be read ({failure.strerror}).", field="path") from failure
