"""Starts a server of one's own, for tests and demonstrations.

>>> with Server(tmp_path / "data") as server:
...     registry = ModelRegistry(server.url)
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

_URL = re.compile(r"http://[0-9A-Za-z.\[\]:-]+:[0-9]+")


class StartFailed(Exception):
    """The server ended, or said nothing in time; the message has the end of its log."""


class Server:
    """A ``modelward serve`` process. It listens on a free port of the loopback, and ends with the ``with`` block.

    The launcher is ``launcher``, else $MODELWARD_LAUNCHER, else ``modelward`` on the PATH. It becomes the server (``exec``), so
    ``pid`` is the server's. Standard error goes to ``log``, a file beside the data directory.
    """

    def __init__(
        self,
        data: Path | str,
        *arguments: str,
        launcher: str | None = None,
        listen: str = "127.0.0.1:0",
        env: dict[str, str] | None = None,
        timeout: float = 300.0,
    ) -> None:
        self.data = Path(data)
        self.log = self.data.with_name(self.data.name + ".log")
        self.output: list[str] = []
        self.url = ""
        command = [_launcher(launcher), "serve", "--listen", listen, "--data", str(self.data), *arguments]
        self._ready = threading.Event()
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **(env or {})},
                start_new_session=True,  # an interrupt at the terminal is for the caller, who then stops the server in order
                text=True,
            )
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._wait(timeout)
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def log_end(self, lines: int = 20) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, timeout: float = 30.0) -> int:
        """Asks it to end, and answers its exit code; kills it when it has not ended after so many seconds."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """Ends it without warning, as a crash would."""
        if self._process.poll() is None:
            self._process.kill()
        return self._process.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line.rstrip("\n"))
            found = _URL.search(line)
            if found and not self.url:
                self.url = found.group()
                self._ready.set()
        self._ready.set()

    def _wait(self, timeout: float) -> None:
        started = time.monotonic()
        self._ready.wait(timeout)
        if not self.url:
            waited = time.monotonic() - started
            raise StartFailed(f"The server did not start ({waited:.0f} s). Its log ends with:\n{self.log_end()}")


def _launcher(given: str | None) -> str:
    found = given or os.environ.get("MODELWARD_LAUNCHER") or shutil.which("modelward")
    if not found:
        raise StartFailed("There is no modelward to start: set MODELWARD_LAUNCHER to its path.")
    return found
