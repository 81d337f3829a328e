"""Step 8: a candidate that fails a quarter of real inputs is rolled back by itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import candidates
from callers import percent
from cards import iris_card
from context import Context
from follow import Follow, follow
from modelward import Conflict
from say import StepFailed, holds
from steps.s7_canary import PLAN

ACTIVE, CANDIDATE = "1.11.0", "1.11.1"


def run(context: Context) -> None:
    say, registry = context.say, context.registry
    say.heading(8, f"Roll out {CANDIDATE}, whose preprocessing fails on some inputs")
    model, share = _binned(context.models[ACTIVE])
    say.note(f"it looks petals up in bins that end at {candidates.LONGEST_PETAL:g} cm; {share:.0%} of real petals are longer, none in its sample is")
    with say.waiting(f"saving {CANDIDATE}, with the module that its preprocessing is in"):
        sample = [[5.1, 3.5, 1.4, 0.2], [5.9, 3.0, 4.2, 1.5]]
        code = [Path(candidates.__file__)]
        registry.save_model("iris", CANDIDATE, model, iris_card(CANDIDATE), sample=sample, code=code, reason="petals in bins")
    seen = follow(context, CANDIDATE, reason="petals in bins", **PLAN)
    _report(context, seen)
    _quarantined(context)


def _binned(forest: Any) -> tuple[Any, float]:
    """The pipeline, and the share of real rows that it fails."""
    from sklearn.datasets import load_iris
    from sklearn.pipeline import Pipeline

    rows = load_iris().data
    fails = rows[:, candidates.PETAL_LENGTH] > candidates.LONGEST_PETAL
    return Pipeline([("bins", candidates.PetalBins().fit(rows[~fails])), ("forest", forest)]), float(fails.mean())


def _report(context: Context, seen: Follow) -> None:
    say, callers, ended = context.say, context.callers, seen.now
    assert callers is not None
    holds(ended["state"] == "ROLLED_BACK", f"{CANDIDATE} was not rolled back but is {ended['state']}: {ended['reason']}")
    verdict = ended["verdict"]
    holds((verdict["guardrail"], verdict["limit"]) == ("errors", "rollback"), f"the verdict is by {verdict['guardrail']} {verdict['limit']}")
    held = seen.first("HELD")
    if held is not None:
        limit = held.rollout["held_by"]
        say.note(f"it was held first: the {limit} halt limit (1 point) is proven sooner than the rollback limit (5 points), which goes on acting")
    time.sleep(0.7)
    served, gone = seen.served_from(), seen.changes[-1].at
    during = callers.sent_between(served, gone)
    failed = [request for request in during if request.status != 200]
    holds(bool(failed) and all(request.version == CANDIDATE for request in failed), "a version other than the candidate failed")
    say.done(f"rolled back by itself after {verdict['canary_requests']} requests to the candidate, {ended['served_ms']:,} ms after its first")
    say.note(verdict["sentence"])
    say.note(f"traffic gone {ended['withdrawn_us']:,.0f} µs after the evidence was in")
    say.done(f"{len(failed)} callers saw an error: {percent(len(failed), len(during))} of the {len(during):,} requests in that time")
    say.note(f"the first: {failed[-1].error}")
    later = callers.sent_between(gone, time.monotonic_ns())
    holds(bool(later) and all(request.version == ACTIVE and request.status == 200 for request in later), f"{ACTIVE} did not answer all later requests")
    say.done(f"none of the {len(later):,} requests sent since then was answered by {CANDIDATE}, and none failed")
    context.harmed = (seen.id, failed[0].prediction)


def _quarantined(context: Context) -> None:
    try:
        context.registry.flip("iris", CANDIDATE, reason="it worked in the test")
    except Conflict as conflict:
        context.say.refused(f"endpoint iris → {CANDIDATE}: {conflict}")
    else:
        raise StepFailed(f"{CANDIDATE} was rolled back and could be flipped to")
