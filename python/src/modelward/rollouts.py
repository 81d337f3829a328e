"""Rollouts: moving an endpoint to a version step by step, on evidence."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from .errors import Unavailable, Unfinished, warn
from .results import Rollout, each
from .transport import Transport, path_of

STEPS = (5, 25, 50, 100)
ENDED = frozenset({"PROMOTED", "ROLLED_BACK", "LOAD_FAILED", "SUPERSEDED", "CANCELLED"})
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)  # before each new attempt; together about the time in which a server restarts
_PAGE = 100


class Rollouts:
    """A part of ModelRegistry. A rollout is a dictionary: ``{"id", "state", "reason", "step", "samples", "evidence", …}``.

    States in which it is over: PROMOTED, ROLLED_BACK, LOAD_FAILED, SUPERSEDED, CANCELLED.
    """

    _transport: Transport

    def _model(self, name: str) -> tuple[str, str]:
        raise NotImplementedError

    def rollout(self, endpoint: str, candidate: str, *, steps: Sequence[float] = STEPS, **plan: Any) -> Rollout:
        """Starts a rollout and answers while the candidate is being loaded; see ``wait`` and ``watch``.

        :param candidate: a version, or anything that selects one
        :param steps: the candidate's shares in percent, ascending
        :param plan: what is not left to the server's defaults: ``strategy, min_dwell, min_samples, gate, bake, holdback, rollback, halt,
            latency, on_halt, on_inconclusive, promotion, step_timeout, evidence_deadline, incident_rate``, and ``reason, supersede,
            expected_revision, model``. Durations are texts such as ``"5s"``; a limit is ``{"points": 0.05, "ratio": 1, "alpha": 0.01}``
        :raises Invalid: a part of the plan is wrong; ``.field`` says which
        :raises Conflict: the candidate serves already, is being rolled out, or was rolled back and not released
        :raises Refused: it is not compatible with the endpoint's contract
        """
        body = {"candidate": candidate, "steps": list(steps), **plan}
        if plan.get("strategy") == "blue-green" and tuple(steps) == STEPS:
            del body["steps"]  # it has one step only, and nobody asked for these
        if plan.get("model") is not None:
            body["model"] = "/".join(self._model(plan["model"]))
        # With its key the request starts one rollout only, however often it is sent.
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return Rollout(self._transport.json("POST", path_of("api", "v1", "endpoints", endpoint, "rollouts"), body, headers=headers))

    def rollout_status(self, rollout_id: str) -> Rollout:
        """A rollout as it is now, with its evidence."""
        return Rollout(self._transport.json("GET", _path(rollout_id)))

    def rollouts(self, endpoint: str) -> Iterator[Rollout]:
        """All rollouts of an endpoint, newest first, without their evidence."""
        return each(Rollout, self._transport.pages(path_of("api", "v1", "endpoints", endpoint, "rollouts"), "rollouts", page_size=_PAGE))

    def hold(self, rollout_id: str, *, reason: str) -> Rollout:
        """Stops it in its step, with the split it has; the rollback limits go on acting.

        :raises Conflict: it is in no state to be held; so do ``resume``, ``promote`` and ``abort``
        """
        return self._order(rollout_id, "hold", reason)

    def resume(self, rollout_id: str, *, reason: str) -> Rollout:
        """Lets it go on; of a limit that held it, this acknowledges the divergence."""
        return self._order(rollout_id, "resume", reason)

    def promote(self, rollout_id: str, *, reason: str) -> Rollout:
        """Gives the candidate all traffic at once, whatever the evidence says so far."""
        return self._order(rollout_id, "promote", reason)

    def abort(self, rollout_id: str, *, reason: str) -> Rollout:
        """Takes the candidate's traffic back at once, or calls the rollout off before it had any."""
        return self._order(rollout_id, "abort", reason)

    def _order(self, rollout_id: str, what: str, reason: str) -> Rollout:
        # Sent once: an order that is repeated could undo what somebody else ordered meanwhile.
        return Rollout(self._transport.json("POST", f"{_path(rollout_id)}/{what}", {"reason": reason}, once=True))

    def watch(self, rollout_id: str) -> Iterator[Rollout]:
        """The rollout, first as it is and then whenever it changes, until it ends. A stream that breaks is opened again a few times."""
        last: Rollout | None = None
        failed = 0
        while True:
            broke = Unavailable(f"The server at {self._transport.url} ended the stream before the rollout did.")
            try:
                for rollout in self._events(rollout_id):
                    failed = 0
                    if rollout != last:  # a stream that was opened again begins with what may be known already
                        last = rollout
                        yield rollout
                    if rollout["state"] in ENDED:
                        return
            except Unavailable as failure:
                broke = failure
            if failed >= len(_PAUSES):
                raise broke
            time.sleep(_PAUSES[failed])
            failed += 1

    def _events(self, rollout_id: str) -> Iterator[Rollout]:
        name, data = "", []
        with self._transport.stream(f"{_path(rollout_id)}/events") as response:
            while line := self._transport.line(response):
                field, _, value = line.rstrip("\r\n").partition(":")
                value = value.removeprefix(" ")
                if field == "event":
                    name = value
                elif field == "data":
                    data.append(value)
                elif line.strip() == "":
                    if name == "rollout" and data:
                        yield Rollout(json.loads("\n".join(data)))
                    name, data = "", []

    def wait(self, rollout_id: str, timeout: float | None = None) -> Rollout:
        """Waits until the rollout is over and answers it as it is then.

        A rollout that is held waits for traffic or for a person; a warning says so once.

        :param timeout: seconds; None waits for ever
        :raises Unfinished: it is not over after so many seconds; ``.extra["rollout"]`` says how far it is
        """
        until = None if timeout is None else time.monotonic() + timeout
        failed, pause, told = 0, 0.05, False
        while True:
            try:
                rollout = self.rollout_status(rollout_id)
                failed = 0
                if rollout["state"] == "HELD" and not told:
                    told = True
                    warn(f"Rollout {rollout_id} is held, and is waited for: {rollout['reason']}")
                if rollout["state"] in ENDED:
                    return rollout
                if until is not None and time.monotonic() >= until:
                    so_far = f"Rollout {rollout_id} is {rollout['state']} after {timeout:g} s: {rollout['reason']}"
                    raise Unfinished(so_far, extra={"rollout": rollout})
            except Unavailable:
                if failed >= len(_PAUSES) or (until is not None and time.monotonic() >= until):
                    raise
                time.sleep(_PAUSES[failed])
                failed += 1
                continue
            left = pause if until is None else until - time.monotonic()
            time.sleep(max(0.0, min(pause, left)))
            pause = min(1.0, pause * 1.5)

    def rollout_evidence(self, rollout_id: str) -> dict[str, Any]:
        """Every interval's counters with the plan; written to a file as JSON, ``modelward rollout replay`` judges them again."""
        return self._transport.json("GET", f"{_path(rollout_id)}/evidence")

    def quarantine(self, endpoint: str) -> list[dict[str, Any]]:
        """Versions that were rolled back from the endpoint by evidence and may not serve it: ``{"version", "rollout", "why", …}``."""
        return self._transport.json("GET", path_of("api", "v1", "endpoints", endpoint, "quarantine"))["quarantine"]

    def release(self, endpoint: str, version: str, *, reason: str) -> list[dict[str, Any]]:
        """Lets a version serve the endpoint again; answers what is left in quarantine.

        :raises NotFound: the version is not in quarantine there
        """
        path = path_of("api", "v1", "endpoints", endpoint, "quarantine", "release")
        return self._transport.json("POST", path, {"version": version, "reason": reason}, once=True)["quarantine"]


def _path(rollout_id: str) -> str:
    return path_of("api", "v1", "rollouts", rollout_id)
