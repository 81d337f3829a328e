"""Step 2: a week's data are broken; people are told, and told again when the job works."""

from __future__ import annotations

from cli import modelward
from context import Context
from lifecycle_steps import weeks
from lifecycle_steps.receivers import Receivers
from say import holds


def run(context: Context, receivers: Receivers) -> None:
    say = context.say
    say.heading(2, "A run fails: three kinds of receivers are told")
    weeks.write_rows(context.scratch / "week.csv", 3, rows=12)
    with say.waiting("week 3: a file of 12 rows, a run by schedule"):
        ended = weeks.run_with(context, weeks.new_rows(context, context.scratch / "week.csv"))
    holds(ended["state"] == "FAILED" and not ended["versions"], f"the run is {ended['state']}: {ended['outcome']}")
    say.refused(f"week 3: {ended['state']}: {ended['outcome']}")
    code, lines = modelward(context, "job", "logs", ended["run"])
    holds(code == 0 and any("not whole" in line for line in lines), "the log does not say why the run failed")
    with say.waiting("the alert is on its way"):
        told = receivers.all_have(lambda text: "iris-weekly failed" in text, 30)
    holds(told, "the alert did not arrive at all three receivers")
    say.done(f"the alert arrived by webhook, in Slack's form and by mail: “{receivers.mails[-1][0]}”")
    weeks.write_rows(context.scratch / "week.csv", 4)
    with say.waiting("week 4: a whole file again"):
        ended = weeks.run_with(context, weeks.new_rows(context, context.scratch / "week.csv"))
        holds(ended["state"] == "SUCCEEDED", f"the run of week 4 is {ended['state']}: {ended['outcome']}")
        weeks.promoted(context, ended["versions"][0]["version"])
    with say.waiting("the news is on its way"):
        holds(receivers.all_have(lambda text: "iris-weekly works again" in text, 30), "nobody was told that the job works again")
    say.done(f"week 4: {ended['outcome']} All three were told that the job works again")
    holds(context.callers is not None and context.callers.failed == 0, "a request failed meanwhile")
    say.done("endpoint iris went on serving; no request failed")
