"""Step 7: a retrained version is rolled out on evidence, under live traffic."""

from __future__ import annotations

import math
import time

from callers import RATE, Callers
from cards import iris_card
from context import Context
from follow import Follow, follow
from say import holds
from steps.s1_save import train

STEPS = (5, 25, 50, 100)
MIN_DWELL_S = 2.5
MIN_SAMPLES = 40
PLAN = {"steps": STEPS, "min_dwell": f"{MIN_DWELL_S * 1000:.0f}ms", "min_samples": MIN_SAMPLES}
ACTIVE, CANDIDATE = "1.10.0", "1.11.0"
LEAST_RATE = 200


def run(context: Context) -> None:
    say, registry = context.say, context.registry
    say.heading(7, f"Roll {CANDIDATE} out as a canary, {' → '.join(map(str, STEPS))} %, under live traffic")
    if registry.endpoint("iris")["model_version"] != ACTIVE:
        registry.flip("iris", ACTIVE, reason="the better of the two")
    with say.waiting(f"training and saving {CANDIDATE}, a forest of 90 trees"):
        model, figures = train(90, 8)
        changed = {"n_estimators": 90, "max_depth": 8, "random_state": 42}
        registry.save_model("iris", CANDIDATE, model, iris_card(CANDIDATE, hyperparameters=changed, performance=figures), reason="retrained")
    context.models[CANDIDATE] = model
    context.callers = callers = Callers(context.server.url, "iris")
    with say.waiting("another process sends rows of the iris data, with no regard to when answers come"):
        rate = callers.settle()
    holds(rate >= LEAST_RATE, f"the traffic is {rate:.0f} requests a second; this machine is too busy for the demo")
    say.done(f"endpoint iris serves {ACTIVE}; another process sends {rate:.0f} requests a second ({RATE} wanted)")
    seen = follow(context, CANDIDATE, reason="retrained", **PLAN)
    _report(context, callers, seen)


def _report(context: Context, callers: Callers, seen: Follow) -> None:
    say, ended = context.say, seen.now
    holds(ended["state"] == "PROMOTED", f"{CANDIDATE} was not promoted but is {ended['state']}: {ended['reason']}")
    time.sleep(0.5)
    entered = [next(change.at for change in seen.changes if change.rollout["step"] == step and change.rollout["state"] in ("RUNNING", "BAKING"))
               for step in range(1, len(STEPS) + 1)]
    promoted = seen.changes[-1].at
    rows = []
    for step, (start, end) in enumerate(zip(entered, [*entered[1:], promoted])):
        rows.append(_step(callers, step, start, end))
    say.done(f"promoted on evidence; no step was shorter than {MIN_DWELL_S:g} s or had fewer than {MIN_SAMPLES} requests to the candidate")
    say.table(("step", "wanted", "got", "candidate", "all requests", "time"), rows)
    during = callers.sent_between(seen.changes[0].at, promoted)
    failed = [request for request in during if request.status != 200]
    holds(not failed, f"{len(failed)} of {len(during)} callers got an error: {failed[0].error if failed else ''}")
    say.done(f"of {len(during):,} requests meanwhile, while {CANDIDATE} was loaded too, none failed")
    later = callers.sent_between(promoted, time.monotonic_ns())
    holds(bool(later) and all(request.version == CANDIDATE for request in later), f"after the promotion not only {CANDIDATE} answered")
    holds(context.registry.endpoint("iris")["model_version"] == CANDIDATE, f"endpoint iris does not serve {CANDIDATE}")
    say.done(f"since the promotion every request has been answered by {CANDIDATE}")


def _step(callers: Callers, step: int, start: int, end: int) -> tuple[str, ...]:
    """The step's share as callers saw it. Near its ends it is not clear which share a request met, so 50 ms are left out."""
    margin = 50_000_000
    sent = callers.sent_between(start + margin, end - margin)
    canary = sum(request.version == CANDIDATE for request in sent)
    seconds = (end - start) / 1e9
    wanted = STEPS[step] if step < len(STEPS) - 1 else 99
    share = wanted / 100
    # Five standard deviations of a fair draw: off by more once in two million runs.
    tolerance = 5 * math.sqrt(share * (1 - share) / max(1, len(sent)))
    holds(bool(sent) and abs(canary / len(sent) - share) <= tolerance, f"in step {step + 1} the candidate got {canary} of {len(sent)} requests")
    holds(seconds >= MIN_DWELL_S - 0.3, f"step {step + 1} lasted {seconds:.1f} s only")
    holds(canary >= MIN_SAMPLES * 0.9, f"step {step + 1} had {canary} requests to the candidate only")
    return str(step + 1), f"{wanted} %", f"{100 * canary / len(sent):.1f} %", f"{canary:,}", f"{len(sent):,}", f"{seconds:.1f} s"
