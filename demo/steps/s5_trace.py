"""Step 5: which model served this prediction?"""

from __future__ import annotations

import hashlib
import json
from urllib.request import urlopen

from context import Context
from say import holds


def run(context: Context) -> None:
    say = context.say
    version, prediction_id = context.answered
    say.heading(5, "Which model served this prediction?")
    trace = context.registry.trace(prediction_id, verify=True)
    decided, published, route = trace["prediction"], trace["version"], trace["route"]
    holds(decided["model_version"] == version, f"the trace says {decided['model_version']}, the answer said {version}")
    holds(published["digest"] == decided["digest"], "the trace's version and its prediction have different digests")
    card = published["card"]
    say.done(f"prediction {prediction_id}")
    say.note(f"answered   {decided['time']} in {decided['latency_ms']:.1f} ms, status {decided['status']}")
    say.note(f"by         {published['model']} {published['version']} (ordinal {published['ordinal']})")
    say.note(f"digest     {published['digest']}")
    for file in published["files"]:
        say.note(f"file       {file['path']}  {file['size']:,} bytes  {file['sha256'].removeprefix('sha256:')[:16]}…")
    say.note(f"card       {card['name']}, {card['algorithm']}, {json.dumps(card['hyperparameters'])}, accuracy {card['performance']['accuracy']}")
    who = published["published_by"]
    say.note(f"published  {published['published_at']} by {who['actor']}{'' if who['verified'] else ' (unverified)'}: {published['reason']}")
    say.note(f"route      revision {route['revision']} ({route['cause']}: {route['reason']})")
    interval = next(part for part in trace["live"] if part["revision"] == decided["revision"])
    say.note(f"live       {interval['from']} to {interval.get('to', 'now')}, and {len(trace['live']) - 1} other times")
    holds(published["reason"] == "retrained with deeper trees", f"the reason of the publication is {published['reason']!r}")
    holds(route["revision"] == decided["revision"], "the trace shows another route revision than the one that decided")
    holds(interval["from"] <= decided["time"] <= interval.get("to", "9"), "the version was not live when it answered")
    _verify(context, trace)


def _verify(context: Context, trace: dict) -> None:
    published = trace["version"]
    holds(trace["verification"]["intact"] is True, f"stored bytes are damaged: {trace['verification']['damaged']}")
    namespace, name = published["model"].split("/")
    url = f"{context.server.url}/api/v1/models/{namespace}/{name}/versions/{published['version']}/manifest"
    with urlopen(url, timeout=30) as response:
        digest = "sha256:" + hashlib.sha256(response.read()).hexdigest()
    holds(digest == published["digest"], "the manifest's SHA-256 is not the digest")
    whole = context.registry.verify()
    holds(whole["intact"] is True, f"stored bytes are damaged: {whole['damaged']}")
    context.say.done(
        f"the stored bytes were hashed again and are those that were published; so are all {whole['files']} files "
        f"({whole['bytes'] / 1e6:.1f} MB) of all {whole['versions']} versions"
    )
