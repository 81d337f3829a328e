"""Starts a rollout and shows it until it is over: a live picture on a terminal, a line for each change in a pipe."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from callers import Callers, percent
from context import Context
from modelward import ModelwardError
from say import holds

DRAW_S = 0.2
CELLS = 24
OVER = ("PROMOTED", "ROLLED_BACK", "LOAD_FAILED", "SUPERSEDED", "CANCELLED")


class Change(NamedTuple):
    """A new state, step or reason, and when it was heard of, in ns of the monotonic clock."""

    at: int
    rollout: dict[str, Any]

    @property
    def words(self) -> tuple[Any, ...]:
        return tuple(self.rollout.get(name) for name in ("state", "step", "held_by", "reason"))


class Follow:
    """A rollout as its server-sent events tell it. ``changes`` are in order, ``told`` of them shown; ``now`` is the newest document."""

    def __init__(self, context: Context, started: dict[str, Any]) -> None:
        self.id: str = started["id"]
        self.now = started
        self.changes = [Change(time.monotonic_ns(), started)]
        self.told = 0
        self.broken: ModelwardError | None = None
        self._registry = context.registry
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for rollout in self._registry.watch(self.id):
                change = Change(time.monotonic_ns(), rollout)
                if change.words != self.changes[-1].words:
                    self.changes.append(change)
                self.now = rollout
        except ModelwardError as broken:
            self.broken = broken

    def first(self, *states: str) -> Change | None:
        """The first change to one of the states."""
        return next((change for change in self.changes if change.rollout["state"] in states), None)

    def served_from(self) -> int:
        """When it was heard that the candidate gets traffic."""
        began = self.first("RUNNING", "BAKING")
        holds(began is not None, f"the candidate never got traffic: {self.now['reason']}")
        assert began is not None
        return began.at


def follow(
    context: Context,
    candidate: str,
    until: Callable[[Follow], bool] = lambda seen: seen.now["state"] in OVER,
    seconds: float = 60.0,
    **plan: Any,
) -> Follow:
    """Starts a rollout at the endpoint iris and shows it until it is over, or as ``until`` says."""
    seen = Follow(context, context.registry.rollout("iris", candidate, **plan))
    show(context, seen, until, seconds)
    return seen


def show(
    context: Context, seen: Follow, until: Callable[[Follow], bool] = lambda seen: seen.now["state"] in OVER, seconds: float = 60.0
) -> None:
    """Shows a rollout that is followed already, from now on."""
    say, callers = context.say, context.callers
    assert callers is not None
    give_up = time.monotonic() + seconds
    while True:
        ended = until(seen)
        while seen.told < len(seen.changes):
            if not say.terminal:
                say.line("     " + line(seen, seen.changes[seen.told]))
            seen.told += 1
        if ended:
            say.picture([])
            return
        holds(seen.broken is None, f"the events of rollout {seen.id} broke off: {seen.broken}")
        holds(time.monotonic() < give_up, f"after {seconds:.0f} s rollout {seen.id} is {seen.now['state']}: {seen.now['reason']}")
        say.picture(picture(seen.now, callers))
        time.sleep(DRAW_S)


def line(seen: Follow, change: Change) -> str:
    """One change in words."""
    rollout = change.rollout
    held = f" ({rollout['held_by']})" if "held_by" in rollout else ""
    seconds = (change.at - seen.changes[0].at) / 1e9
    return f"{seconds:5.1f} s  {rollout['state']}{held}: {rollout['reason']}"


def picture(rollout: dict[str, Any], callers: Callers) -> list[str]:
    """State, share, both arms, and how far each limit's evidence has come."""
    held = f" by {rollout['held_by']}" if "held_by" in rollout else ""
    share = rollout["traffic_percent"]
    lines = [
        f"{rollout['state']}{held}, step {rollout['step']} of {rollout['step_count']}, {rollout['dwell_ms'] / 1000:.1f} s of at least "
        f"{rollout['least_dwell_ms'] / 1000:g} s, {rollout['samples']} requests of at least {rollout['least_samples']}",
        f"{'traffic to ' + rollout['candidate']:<18}{_bar(share / 100)}  {share:g} %",
    ]
    evidence = rollout.get("evidence", [])
    errors = next((reading for reading in evidence if reading["guardrail"] == "errors"), {})
    for arm, version in (("canary", rollout["candidate"]), ("active", rollout["active"])):
        counts = errors.get(arm, {"requests": 0, "bad": 0})
        p95 = callers.p95(version)
        slow = "" if math.isnan(p95) else f"p95 {p95:6.1f} ms"
        rate = percent(counts["bad"], counts["requests"])
        lines.append(f"{arm:<8}{version:<10}{counts['requests']:>6,} requests, {counts['bad']:>3} failed ({rate})".ljust(58) + slow)
    for reading in evidence:
        now, limit = reading["log_evidence"], reading["log_threshold"]
        crossed = "crossed" if reading["crossed"] else ""
        name = f"{reading['guardrail']} {reading['limit']}"
        lines.append(f"{name:<18}{_bar(1.0 if crossed else min(now / limit, 0.99))}  e^{now:.1f} of e^{limit:.1f}  {crossed}")
    lines.append(f"callers: {len(callers.requests):,} requests over, {callers.failed} failed")
    return lines


def _bar(part: float) -> str:
    full = int(max(0.0, min(1.0, part)) * CELLS)
    return "█" * full + "·" * (CELLS - full)
