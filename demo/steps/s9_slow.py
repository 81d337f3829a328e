"""Step 9: a candidate that is right but slow is halted, and the page says why."""

from __future__ import annotations

import time
from pathlib import Path

import candidates
from callers import p95
from cards import iris_card
from cli import modelward
from context import Context
from follow import Follow, follow, show
from say import holds
from steps.s7_canary import PLAN

ACTIVE, CANDIDATE = "1.11.0", "1.11.2"
LATE_S = 0.08


def run(context: Context) -> None:
    say, registry, callers = context.say, context.registry, context.callers
    assert callers is not None
    say.heading(9, f"Roll out {CANDIDATE}, which is right but {LATE_S * 1000:.0f} ms late")
    with say.waiting(f"saving {CANDIDATE}"):
        model = candidates.Late(context.models[ACTIVE], LATE_S)
        registry.save_model("iris", CANDIDATE, model, iris_card(CANDIDATE), code=[Path(candidates.__file__)], reason="asks another service")
    seen = follow(context, CANDIDATE, until=_watched, reason="asks another service", **PLAN)
    held = seen.changes[-1].rollout
    holds((held["state"], held.get("held_by")) == ("HELD", "latency"), f"{CANDIDATE} was not held by latency but is {held['state']}: {held['reason']}")
    looked = time.monotonic_ns()
    say.done("held by latency; it keeps its share until a person decides. The page says why:")
    code, page = modelward(context, "rollout", "status", "iris")
    holds(code == 0 and any("held by: latency" in text for text in page), f"rollout status ended with {code} and does not say why")
    registry.abort(seen.id, reason=f"{LATE_S * 1000:.0f} ms late")
    show(context, seen)
    _report(context, seen, looked)


def _watched(seen: Follow) -> bool:
    """A second after the verdict, so that there is more to compare."""
    change = seen.changes[-1]
    return change.rollout["state"] not in ("LOADING", "RUNNING") and time.monotonic_ns() - change.at > 1e9


def _report(context: Context, seen: Follow, looked: int) -> None:
    say, callers = context.say, context.callers
    assert callers is not None
    holds(seen.now["state"] == "ROLLED_BACK", f"the rollout is {seen.now['state']} after it was aborted")
    time.sleep(0.5)
    aborted = seen.changes[-1].at
    during = callers.sent_between(seen.served_from(), aborted)
    # The page takes a JVM's start, which is felt on a small machine; it is no part of the comparison.
    slow = [request.ms for request in during if request.version == CANDIDATE and request.answered < looked]
    quick = [request.ms for request in during if request.version == ACTIVE and request.answered < looked]
    met = sum(request.version == CANDIDATE for request in during)
    failed = [request for request in during if request.status != 200]
    holds(not failed, f"{len(failed)} callers got an error")
    say.done(f"aborted by a person; {met} callers met {CANDIDATE} (p95 {p95(slow):.0f} ms beside {p95(quick):.0f} ms), none got an error")
    later = callers.sent_between(aborted, time.monotonic_ns())
    holds(bool(later) and all(request.version == ACTIVE for request in later), f"{CANDIDATE} still answers after it was aborted")
