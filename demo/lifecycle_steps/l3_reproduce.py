"""Step 3: the version that performed best is made once more."""

from __future__ import annotations

from cli import modelward
from context import Context
from lifecycle_steps import weeks
from say import holds


def run(context: Context) -> None:
    say = context.say
    say.heading(3, "Make a version once more, with its recorded code, data and packages, and compare")
    weeks.call(context, "POST", f"/api/v1/jobs/{weeks.JOB}/pause", {"reason": "the demo goes on to other things"})
    code, lines = modelward(context, "reproduce", "iris@1.3.0")
    holds(code == 0, "iris@1.3.0 was not reproduced")
    [report] = weeks.call(context, "GET", "/api/v1/models/default/iris/versions/1.3.0/reproductions")["reproductions"]
    found = report["reproduction"]["report"]
    holds(found["verdict"] == "identical", f"iris@1.3.0 is not identical: {found['words']}")
    say.done(f"identical: all {found['files']['equal']} files are equal, byte by byte; the report stays with the version")
