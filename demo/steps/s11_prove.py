"""Step 11: the trace of a failed prediction, and the verdict judged again from its evidence."""

from __future__ import annotations

from cli import modelward
from context import Context
from say import holds

ROLLED_BACK = 6


def _rollout(lines: list[str]) -> list[str]:
    """The prediction and the rollout behind it; version, files, card and changes are left out."""
    start = next((at for at, text in enumerate(lines) if text.startswith("Rollout ")), len(lines))
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    return [*lines[:3], "  …", *lines[start:end], "  …"]


def run(context: Context) -> None:
    say, callers = context.say, context.callers
    assert callers is not None
    rollout_id, prediction = context.harmed
    say.heading(11, "Why did this prediction fail, and was the verdict right?")
    callers.finish()
    say.done(f"the traffic ended: {len(callers.requests):,} requests, {callers.failed} failed, all of them in 1.11.1")
    holds(all(request.version == "1.11.1" for request in callers.requests if request.status != 200), "a request failed outside the rollout of 1.11.1")
    trace = context.registry.trace(prediction)
    decided, route, rollout = trace["prediction"], trace["route"], trace.get("rollout", {})
    holds(decided["status"] != 200 and decided["model_version"] == "1.11.1", f"the trace says {decided['status']} by {decided['model_version']}")
    holds(route.get("rollout", {}).get("id") == rollout_id, f"the trace's route names the rollout {route.get('rollout')}, not {rollout_id}")
    holds(rollout.get("id") == rollout_id and "verdict" in rollout, "the trace does not name the rollout and its verdict")
    say.done(f"prediction {prediction} got status {decided['status']} from {decided['model_version']} in {decided['latency_ms']:.1f} ms")
    say.note(f"rollout  {rollout['id']}, step {route['rollout']['step']}, {rollout['state']}")
    say.note(f"verdict  {rollout['verdict']['sentence']}")
    code, page = modelward(context, "trace", prediction, pick=_rollout)
    holds(code == 0 and any(rollout_id in text for text in page), f"modelward trace ended with {code} and does not name the rollout")
    code, _ = modelward(context, "rollout", "export", rollout_id, "-o", "evidence.json")
    holds(code == 0, f"the export ended with {code}")
    code, page = modelward(context, "rollout", "replay", "evidence.json", pick=lambda lines: lines[-3:])
    holds(code == ROLLED_BACK, f"the replay ended with {code}, not {ROLLED_BACK}, which means rolled back")
    holds(any("same verdict, bit for bit" in text.lower() for text in page), "the replay does not say that the verdict is the same bit for bit")
    say.done(f"judged again without a server, from {sum(1 for _ in page) - 1} lines of evidence: the same verdict bit for bit, exit code {code}")
