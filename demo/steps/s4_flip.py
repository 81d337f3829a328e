"""Step 4: blue-green flips under load from another process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from context import Context
from say import holds

FLIPS = 24
THREADS = 4
PAUSE_S = 0.35
SEEN_WITHIN_S = 10.0
BLUE, GREEN = "1.9.0", "1.10.0"


@dataclass
class Flip:
    """One call: when it was made and answered, in ns of the monotonic clock, and to which version."""

    called: int
    returned: int
    version: str


class Load:
    """The process that sends requests, and its counters as they go."""

    def __init__(self, context: Context) -> None:
        self._stop_file = context.scratch / "stop-load"
        self._result = context.scratch / "load.json"
        script = Path(__file__).resolve().parents[1] / "load.py"
        command = [sys.executable, str(script), context.server.url, "iris", str(THREADS), str(self._stop_file), str(self._result)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.sent = self.failed = 0
        self.version = "-"
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            sent, failed, self.version = line.split()
            self.sent, self.failed = int(sent), int(failed)

    def finish(self) -> dict[str, Any]:
        self._stop_file.touch()
        self._process.wait(60)
        holds(self._result.exists(), "the load ended without a result")
        return json.loads(self._result.read_text())

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def run(context: Context) -> None:
    say = context.say
    say.heading(4, f"Flip {BLUE} ↔ {GREEN} {FLIPS} times, under load from another process")
    load = Load(context)
    try:
        with say.waiting(f"{THREADS} connections send one request after the other"):
            _until_sending(load)
        flips = _flip(context, load)
        found = load.finish()
    finally:
        load.kill()
    _report(context, flips, found)


def _until_sending(load: Load) -> None:
    until = time.monotonic() + 20
    while load.sent < 20 and time.monotonic() < until:
        time.sleep(0.05)
    holds(load.sent >= 20, "the load did not begin")


def _flip(context: Context, load: Load) -> list[Flip]:
    flips = []
    for index in range(FLIPS):
        version = BLUE if index % 2 else GREEN
        called = time.monotonic_ns()
        moved = context.registry.flip("iris", version, reason=f"flip {index + 1} under load")
        flips.append(Flip(called, time.monotonic_ns(), version))
        holds(moved["model_version"] == version, f"flip {index + 1} did not move the endpoint to {version}")
        _until_seen(context, load, version, index)
    return flips


def _until_seen(context: Context, load: Load, version: str, index: int) -> None:
    """A pause, and on a busy machine as much more as a caller needs to get an answer of the new version."""
    started = time.monotonic()
    while (waited := time.monotonic() - started) < PAUSE_S or load.version != version:
        holds(waited < SEEN_WITHIN_S, f"no caller got an answer of {version} within {SEEN_WITHIN_S:.0f} s after the flip to it")
        context.say.live(f"flip {index + 1:>2} of {FLIPS} → {version:<6}   sent {load.sent:,}   failed {load.failed}")
        time.sleep(0.05)


def _report(context: Context, flips: list[Flip], found: dict[str, Any]) -> None:
    say, answers = context.say, found["answers"]
    delays = _first_answers(flips, answers)
    versions = {version: sum(answer[2] == version for answer in answers) for version in (BLUE, GREEN)}
    say.done(f"requests sent {found['sent']:,}, failed {found['failed']}; flips {len(flips)}")
    for error in found["errors"]:
        say.note(error)
    holds(found["failed"] == 0, f"{found['failed']} of {found['sent']} requests failed")
    holds(len(answers) == found["sent"], f"{found['sent']} requests were sent and {len(answers)} answered")
    holds(all(versions.values()), f"a version did not answer at all: {versions}")
    holds(sum(versions.values()) == len(answers), "a version answered that was not flipped to")
    say.done(f"answers by version: {BLUE} {versions[BLUE]:,}, {GREEN} {versions[GREEN]:,}")
    holds(len(delays) == len(flips), f"{len(flips) - len(delays)} flips were never seen by a caller")
    first, warm = delays[0], delays[1:]
    say.done("from the flip call to the first answer of the new version:")
    say.note(f"first flip, which loads and warms {GREEN} while {BLUE} goes on answering: {first:.0f} ms")
    say.note(f"the {len(warm)} others, between warm versions: median {statistics.median(warm):.1f} ms, max {max(warm):.1f} ms")
    _none_stale(flips, answers)
    say.done("no request that was sent after a flip had answered got the old version")
    middle = next(answer for answer in answers[len(answers) // 2 :] if answer[2] == GREEN)
    context.answered = (middle[2], middle[3])


def _first_answers(flips: list[Flip], answers: list[list[Any]]) -> list[float]:
    """Milliseconds from each call to the first answer of its version that came after it."""
    by_end = sorted(answers, key=lambda answer: answer[1])
    ends = [answer[1] for answer in by_end]
    delays = []
    for index, flip in enumerate(flips):
        until = flips[index + 1].called if index + 1 < len(flips) else None
        for answer in by_end[bisect_left(ends, flip.called) :]:
            if until is not None and answer[1] >= until:
                break
            if answer[2] == flip.version:
                delays.append((answer[1] - flip.called) / 1e6)
                break
    return delays


def _none_stale(flips: list[Flip], answers: list[list[Any]]) -> None:
    starts = [answer[0] for answer in answers]
    for flip, following in zip(flips, [*flips[1:], None]):
        for answer in answers[bisect_left(starts, flip.returned) :]:
            if following is not None and answer[1] >= following.called:
                if answer[0] >= following.called:
                    break
                continue
            holds(answer[2] == flip.version, f"a request sent after the flip to {flip.version} was answered by {answer[2]}")
