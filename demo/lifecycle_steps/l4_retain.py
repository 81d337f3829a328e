"""Step 4: rules say what stays; what was live never goes."""

from __future__ import annotations

import json
import subprocess

from cli import LAUNCHER, modelward
from context import Context
from lifecycle_steps import weeks
from say import holds


def run(context: Context) -> None:
    say, registry = context.say, context.registry
    say.heading(4, "Keep the last ten versions and all that was ever live; show first what would go")
    with say.waiting("publishing twenty experiments that nobody serves"):
        for number in range(20):
            registry.publish(weeks.MODEL, _experiment(number), {"performance": {"accuracy": 0.5 + number / 100}}, bump="patch")
    code, _ = modelward(context, "retention", "set", "iris", "--keep-last", "10", "--delete-after", "0d", pick=lambda lines: lines[:2])
    holds(code == 0, "the rule was not made")
    code, _ = modelward(context, "retention", "preview", "iris", pick=lambda lines: lines[:12])
    holds(code == 0, "there is no preview")
    preview = json.loads(
        subprocess.run([str(LAUNCHER), "retention", "preview", "iris", "--json"], capture_output=True, text=True, check=True).stdout
    )
    going = {version["version"] for version in preview["versions"] if version["deletes"]}
    live = {"1.0.0", "1.1.0", "1.2.0", "1.3.0"}
    holds(not going & live, f"{going & live} would go, and was live")
    holds(len(going) == preview["deletes"] == 10, f"{len(going)} versions would go, and not ten")
    say.done(f"ten versions would go, {preview['bytes']:,} bytes of files; the four that were live stay")
    code, _ = modelward(context, "retention", "run", "iris", "--reason", "the demo", pick=lambda lines: lines[:2])
    holds(code == 0, "the rule was not run")
    left = {row["version"] for row in registry.versions(weeks.MODEL)}
    holds(not left & going and live <= left, "what was deleted is not what the preview showed")
    gone = sorted(going)[0]
    code, _ = modelward(context, "retention", "undelete", f"iris@{gone}", "--reason", "we need it after all", pick=lambda lines: lines[:1])
    holds(code == 0 and gone in {row["version"] for row in registry.versions(weeks.MODEL)}, f"{gone} did not come back")
    say.done(f"what went is what the preview showed; {gone} came back whole")


def _experiment(number: int) -> object:
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="constant", constant=number % 3).fit([[0, 0, 0, 0]] * 3, [0, 1, 2])
