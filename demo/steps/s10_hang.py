"""Step 10: a candidate that hangs is rolled back, and those who wait for it are answered."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import candidates
from callers import Callers, p95
from cards import iris_card
from context import Context
from follow import Follow, follow, show
from say import holds
from steps.s1_save import train
from steps.s7_canary import PLAN

ACTIVE, CANDIDATE = "1.11.0", "1.11.3"
STEPS = (25, 50, 100)
DEADLINE_S = 2.0
BEFORE_S = 2.0


def run(context: Context) -> None:
    say, registry, callers = context.say, context.registry, context.callers
    assert callers is not None
    say.heading(10, f"Roll out {CANDIDATE}, and stop its worker in the middle of it")
    with say.waiting(f"training and saving {CANDIDATE}"):
        forest, figures = train(70, 8)
        # A class of one's own stays in its worker; the server would compute the forest alone by itself.
        model, code = candidates.Late(forest, 0), [Path(candidates.__file__)]
        registry.save_model("iris", CANDIDATE, model, iris_card(CANDIDATE, performance=figures), code=code, reason="retrained again")
    plan = {**PLAN, "steps": STEPS, "min_dwell": "30s", "evidence_deadline": f"{DEADLINE_S:g}s"}
    seen = follow(context, CANDIDATE, until=_serves, reason="retrained again", **plan)
    pid = worker(CANDIDATE)
    os.kill(pid, signal.SIGSTOP)
    stopped = time.monotonic_ns()
    say.done(f"stopped the candidate's worker (process {pid}) while it gets {STEPS[0]} % of the traffic; nobody tells the server")
    try:
        show(context, seen, seconds=20)
    finally:
        _go_on(pid)
    _report(context, callers, seen, stopped)


def _serves(seen: Follow) -> bool:
    began = seen.first("RUNNING")
    return began is not None and time.monotonic_ns() - began.at > BEFORE_S * 1e9


def worker(version: str) -> int:
    """The process that runs a version of iris: the name ends its command line."""
    wanted = f"default/iris@{version}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in words[-2:]:
                return int(entry.name)
    holds(False, f"no process runs iris {version}")
    raise AssertionError


def _go_on(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


def _report(context: Context, callers: Callers, seen: Follow, stopped: int) -> None:
    say, ended, gone = context.say, seen.now, seen.changes[-1].at
    seconds = (gone - stopped) / 1e9
    holds(ended["state"] == "ROLLED_BACK", f"the rollout is {ended['state']}: {ended['reason']}")
    holds(seconds <= DEADLINE_S + 1, f"the rollback came {seconds:.2f} s after the stop, not within {DEADLINE_S + 1:g} s")
    say.done(f"rolled back {seconds:.2f} s after the stop: the evidence deadline of {DEADLINE_S:g} s, and what it took to be sure")
    say.note(ended["verdict"]["sentence"])
    time.sleep(1)
    sent = callers.sent_between(stopped, gone)
    # Those who wait are let go all at once; who was sent well before that and answered after it waited for the candidate, the others did not.
    freed = min((request.answered for request in sent if request.ms > DEADLINE_S * 750), default=gone)
    waited = [request for request in sent if request.sent < freed - 100_000_000 and request.answered >= freed]
    own = [request.ms for request in sent if request.answered < freed and request.version == ACTIVE]
    before = [request.ms for request in callers.sent_between(stopped - int(BEFORE_S * 1e9), stopped) if request.version == ACTIVE]
    holds(len(waited) <= 0.35 * len(sent), f"{len(waited)} of {len(sent)} requests waited, and {STEPS[0]} % met the candidate")
    failed = [request for request in sent if request.status != 200]
    holds(not failed, f"{len(failed)} callers got an error: {failed[0].error if failed else ''}")
    others = [request for request in waited if request.version != ACTIVE]
    holds(bool(waited) and not others, f"of {len(waited)} callers who waited {len(others)} were not answered by {ACTIVE}")
    say.done(f"the {len(waited)} callers who waited for it were answered by {ACTIVE}, after {max(r.ms for r in waited) / 1000:.2f} s at most; none got an error")
    was, became = p95(before), p95(own)
    holds(became <= 2 * was + 10, f"the active version's p95 went from {was:.1f} to {became:.1f} ms while the candidate hung")
    say.done(f"{ACTIVE} was unharmed: p95 {was:.1f} ms in the {BEFORE_S:g} s before, {became:.1f} ms while the candidate hung ({len(own):,} answers)")
    later = callers.sent_between(gone, time.monotonic_ns())
    holds(bool(later) and all(r.version == ACTIVE and r.status == 200 for r in later), f"{ACTIVE} did not answer all later requests")
