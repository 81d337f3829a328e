"""MLflow's own server with its defaults, and what the processes of a server hold in memory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from processes import memory_mib, tree


class Peer:
    """``mlflow server`` as it comes: SQLite unless a store is named, files on the disk, its own number of processes. Ends with the ``with`` block."""

    def __init__(self, folder: Path, store: str | None = None) -> None:
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [str(Path(sys.executable).with_name("mlflow")), "server", "--host", "127.0.0.1", "--port", str(port)]
        if store:
            command += ["--backend-store-uri", store]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        self.pid = self._process.pid
        self.url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 240
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError("MLflow's server did not start: " + (folder / "log").read_text()[-2000:])
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Ends it with all that it started."""
        for ending in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.pid, ending)
                self._process.wait(20)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def resident_mib(root: int) -> float:
    """Resident memory of a process and all below it, added up: what they share is counted for each."""
    total = 0.0
    for pid in tree(root):
        try:
            total += memory_mib(pid, "VmRSS")
        except (OSError, ValueError):
            continue
    return total


def settled_mib(root: int, longest: float = 30) -> float:
    """Resident memory once it no longer changes by more than a hundredth in five seconds."""
    end, last = time.monotonic() + longest, resident_mib(root)
    while time.monotonic() < end:
        time.sleep(5)
        now = resident_mib(root)
        if abs(now - last) < last / 100:
            return now
        last = now
    return last


class Growth:
    """The most that resident memory grew while the ``with`` block ran, looked at often."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.mib = 0.0
        self._over = threading.Event()

    def __enter__(self) -> Growth:
        self._before = resident_mib(self._root)
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.mib = max(self.mib, resident_mib(self._root) - self._before)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()
