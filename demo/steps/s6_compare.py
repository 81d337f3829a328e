"""Step 6: what differs between two versions."""

from __future__ import annotations

from typing import Any

from context import Context
from say import holds


def run(context: Context) -> None:
    say = context.say
    say.heading(6, "Compare 1.2.0 with 1.10.0, and 1.10.0 with 2.0.0")
    diff = context.registry.diff("iris", "1.2.0", "1.10.0")
    _metrics(context, diff)
    rows = [(item["name"], _text(item, "from"), _text(item, "to"), item["state"]) for item in diff["hyperparameters"]]
    say.table(("hyperparameter", "1.2.0", "1.10.0", ""), rows)
    rows = [(item["path"], _size(item, "from"), _size(item, "to"), item["state"]) for item in diff["files"]]
    say.table(("file", "1.2.0", "1.10.0", ""), rows)
    states = {item["name"]: item["state"] for item in diff["hyperparameters"]}
    holds(states.get("n_estimators") == "changed", "n_estimators is not shown as changed")
    holds(states.get("random_state") == "same", "random_state is not shown as the same")
    files = {item["path"]: item["state"] for item in diff["files"]}
    holds(files.get("model.joblib") == "changed", "model.joblib is not shown as changed")
    holds(diff["signature"]["verdict"] == "compatible", f"the signatures are said to be {diff['signature']['verdict']}")
    say.done("their signatures are compatible: callers notice nothing")
    other = context.registry.diff("iris", "1.10.0", "2.0.0")["signature"]
    holds(other["verdict"] == "breaking", f"the signature of 2.0.0 is said to be {other['verdict']}")
    say.done(f"2.0.0 breaks callers of 1.10.0 (least bump: {other['least_bump']}): {other['findings'][0]['what']}")


def _metrics(context: Context, diff: dict[str, Any]) -> None:
    rows = []
    for metric in diff["metrics"]:
        change = f"{metric['change']:+.4f}" if "change" in metric else ""
        rows.append((metric["name"], _text(metric, "from"), _text(metric, "to"), change))
    context.say.table(("metric", "1.2.0", "1.10.0", "change"), rows)
    accuracy = next((metric for metric in diff["metrics"] if metric["name"] == "accuracy"), {})
    holds(accuracy.get("from") == 0.973, "the accuracy of 1.2.0 is not the card's")
    holds(abs(accuracy["change"] - (accuracy["to"] - accuracy["from"])) < 1e-12, "the change is not the difference")


def _text(item: dict[str, Any], side: str) -> str:
    return str(item[side]) if side in item else "–"


def _size(item: dict[str, Any], side: str) -> str:
    return f"{item[side]['size']:,} bytes" if side in item else "–"
