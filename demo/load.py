"""Load from a process of its own: ``python load.py URL ENDPOINT THREADS STOP_FILE RESULT``.

Each thread keeps one connection and sends one row after the other until STOP_FILE exists. Every 100 ms a line ``sent failed version``, the version
of the newest answer, goes to standard output; at the end RESULT holds ``{"sent", "failed", "errors", "answers": [[sent, answered, version, prediction id], …]}``,
with times in nanoseconds of the monotonic clock, which all processes of a Linux machine share.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time
from urllib.parse import urlsplit

ROWS = ([5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3], [5.9, 3.0, 4.2, 1.5])


class Caller(threading.Thread):
    """One connection. A failure is an answer other than 200, a broken connection, or an answer that names no version."""

    def __init__(self, address: str, endpoint: str, stop: threading.Event, row: list[float]) -> None:
        super().__init__(daemon=True)
        self._address, self._path, self._stopping = address, f"/predict/{endpoint}", stop
        self._body = json.dumps({"instances": [row]})
        self.sent = self.failed = 0
        self.errors: list[str] = []
        self.answers: list[tuple[int, int, str, str]] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=30)
        while not self._stopping.is_set():
            self.sent += 1
            try:
                self._one(connection)
            except (OSError, ValueError, KeyError, http.client.HTTPException) as failure:
                self._fail(f"{type(failure).__name__}: {failure}")
                connection.close()
                time.sleep(0.01)
        connection.close()

    def _one(self, connection: http.client.HTTPConnection) -> None:
        start = time.monotonic_ns()
        connection.request("POST", self._path, self._body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        data = response.read()
        end = time.monotonic_ns()
        if response.status != 200:
            self._fail(f"{response.status}: {data[:200].decode(errors='replace')}")
            return
        answer = json.loads(data)
        self.answers.append((start, end, answer["model_version"], answer["prediction_id"]))

    def _fail(self, why: str) -> None:
        self.failed += 1
        if len(self.errors) < 5:
            self.errors.append(why)


def main(url: str, endpoint: str, threads: str, stop_file: str, result: str) -> None:
    stop = threading.Event()
    address = urlsplit(url).netloc
    callers = [Caller(address, endpoint, stop, ROWS[index % len(ROWS)]) for index in range(int(threads))]
    for caller in callers:
        caller.start()
    parent = os.getppid()
    while not os.path.exists(stop_file) and os.getppid() == parent:
        time.sleep(0.1)
        newest = max((c.answers[-1] for c in callers if c.answers), key=lambda answer: answer[1], default=(0, 0, "-", ""))
        print(sum(c.sent for c in callers), sum(c.failed for c in callers), newest[2], flush=True)
    stop.set()
    for caller in callers:
        caller.join(40)
    found = {
        "sent": sum(c.sent for c in callers),
        "failed": sum(c.failed for c in callers),
        "errors": [error for c in callers for error in c.errors][:5],
        "answers": sorted(answer for c in callers for answer in c.answers),
    }
    with open(result, "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
