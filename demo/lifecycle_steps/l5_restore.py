"""Step 5: a backup under traffic, the data directory destroyed, all of it restored and proved."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from cli import modelward
from context import Context
from lifecycle_steps import weeks
from modelward import ModelRegistry
from modelward.testing import Server
from say import holds


def run(context: Context, arguments: list[str]) -> Server:
    say, registry, callers = context.say, context.registry, context.callers
    assert callers is not None
    say.heading(5, "Back up under traffic, lose the disk, restore, and prove that all is there")
    answered = [request for request in callers.requests[:] if request.status == 200]
    traced = [answered[0].prediction, answered[len(answered) // 2].prediction]
    backups = str(context.scratch / "backups")
    code, _ = modelward(context, "backup", backups)
    holds(code == 0, "the backup was not made")
    code, _ = modelward(context, "backup", "verify", backups)
    holds(code == 0, "the backup does not verify")
    before = _known(registry, traced)
    callers.finish()
    holds(callers.failed == 0, f"{callers.failed} requests failed meanwhile")
    say.done(f"of {len(callers.requests):,} requests since the beginning none failed")
    with say.waiting("killing the server and removing its data directory"):
        context.server.kill()
        shutil.rmtree(context.server.data)
    say.refused("the data directory is gone")
    restored = context.scratch / "restored"
    code, _ = modelward(context, "restore", "backups", "--to", str(restored))
    holds(code == 0, "the backup was not restored")
    with say.waiting("starting a server on what was restored"):
        server = Server(restored, *arguments)
    os.environ["MODELWARD_URL"] = server.url
    again = ModelRegistry(server.url)
    code, _ = modelward(context, "verify", pick=lambda lines: lines[-2:])
    holds(code == 0, "the restored server finds damage")
    after = _known(again, traced)
    for name, what in before.items():
        holds(after[name] == what, f"after the restore, {name} are not what they were")
    say.done(f"digests of {len(before['versions'])} versions, {len(before['audit'])} audit entries and two traces are equal")
    holds(again.endpoint(weeks.MODEL)["model_version"] == "1.3.0", "endpoint iris does not serve 1.3.0")
    say.done("endpoint iris serves 1.3.0 again, and the job is there with its runs")
    return server


def _known(registry: ModelRegistry, traced: list[str]) -> dict[str, Any]:
    versions = {row["version"]: row["digest"] for row in registry.versions(weeks.MODEL)}
    audit = []
    for entry in registry._transport.json("GET", "/api/v1/audit?page_size=1000")["entries"]:
        # A restored server writes that it was restored, and a backup that it was made.
        if not entry["action"].startswith(("backup", "server", "restore")):
            audit.append(json.dumps(entry, sort_keys=True))
    traces = []
    for prediction in traced:
        trace = registry.trace(prediction)
        # What was decided, by which version and route; how long the route was live is told up to now.
        traces.append(json.dumps([trace["prediction"], trace["version"]["digest"], trace["route"]], sort_keys=True))
    return {"versions": versions, "audit": audit, "traces": traces}
