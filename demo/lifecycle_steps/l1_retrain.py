"""Step 1: a job retrains the model each week; what it publishes is rolled out."""

from __future__ import annotations

import shutil
from pathlib import Path

from callers import Callers
from cli import modelward
from context import Context
from lifecycle_steps import weeks
from lifecycle_steps.receivers import Receivers
from say import holds


def run(context: Context, receivers: Receivers) -> None:
    say, registry = context.say, context.registry
    say.heading(1, "A job retrains iris each week (four seconds here), publishes, and rolls out")
    with say.waiting("training the first version by hand, and serving it"):
        from sklearn.datasets import load_iris
        from sklearn.ensemble import RandomForestClassifier

        rows, species = load_iris(return_X_y=True)
        first = RandomForestClassifier(10, max_depth=3, random_state=1).fit(rows[::2], species[::2])
        registry.save_model(weeks.MODEL, "1.0.0", first, {"performance": {"accuracy": 0.94}}, sample=rows[::30])
        registry.serve(weeks.MODEL)
    context.callers = Callers(context.server.url, weeks.MODEL, rate=150, connections=8)
    with say.waiting("another process begins to send rows of the iris data"):
        rate = context.callers.settle()
    holds(rate > 50, f"the traffic is {rate:.0f} requests a second; this machine is too busy for the demo")
    say.done(f"endpoint iris serves 1.0.0; another process sends {rate:.0f} requests a second from now on")
    for channel, target in (("chat", ["--slack", receivers.url + "/slack"]), ("hook", ["--webhook", receivers.url + "/webhook"]),
                            ("mail", ["--email", "team@example.org"])):
        code, _ = modelward(context, "notify", "add", channel, *target, pick=lambda lines: lines[:1])
        holds(code == 0, f"the channel {channel} was not made")
    folder = context.scratch / "train"
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("train.py"), folder)
    weeks.write_rows(context.scratch / "week.csv", 1)
    code, _ = modelward(
        context,
        *("job", "create", weeks.JOB, "--model", weeks.MODEL, "--repository", "train", "--data", "week.csv", "--schedule", "0 3 * * MON"),
        *("--timezone", "Europe/Berlin", "--bump", "minor", "--rollout", "canary", "--notify", "chat", "--", "python", "train.py"),
    )
    holds(code == 0, "the job was not made")
    say.note("for the demo, a week is four seconds, and each step of a canary one second")
    for week in (1, 2):
        weeks.write_rows(context.scratch / "week.csv", week)
        with say.waiting(f"week {week}: new rows, a run by schedule"):
            ended = weeks.run_with(context, weeks.new_rows(context, context.scratch / "week.csv"))
        holds(ended["state"] == "SUCCEEDED", f"the run of week {week} is {ended['state']}: {ended['outcome']}")
        [version] = ended["versions"]
        say.done(f"week {week}: {ended['outcome']} accuracy {version['metrics']['accuracy']}")
        with say.waiting(f"{version['version']} answers 20 %, then 99 % of the requests"):
            weeks.promoted(context, version["version"])
        say.done(f"week {week}: {version['version']} was promoted on evidence and serves")
    holds(context.callers.failed == 0, f"{context.callers.failed} requests failed meanwhile")
    training = weeks.call(context, "GET", "/api/v1/models/default/iris/versions/1.2.0/training")
    say.done(
        f"1.2.0 knows its run {training['number']}: code {training['plan']['code']['archive'][:18]}…, data "
        f"{training['plan']['data'][0]['sha256'][:18]}…, {len(training['packages'])} packages, seed {training['plan']['seed']}, log"
    )
