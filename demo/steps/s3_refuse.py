"""Step 3: nothing is overwritten, and nothing breaks callers by accident."""

from __future__ import annotations

from cards import iris_card
from context import Context
from modelward import Conflict, Refused
from say import StepFailed, holds
from steps.s1_save import train

_SCHEMA = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number", "description": "[sepal_length, sepal_width]"}}


def run(context: Context) -> None:
    context.say.heading(3, "Try to overwrite a version, and to change the input under callers' feet")
    with context.say.waiting("training a model that takes two columns only"):
        model, figures = train(trees=20, depth=3, columns=2)
    _overwrite(context)
    changed = {
        "description": "Iris from the sepals alone",
        "hyperparameters": {"n_estimators": 20, "max_depth": 3, "random_state": 42},
        "training_data": {"source": "UCI Machine Learning Repository", "samples": 150, "features": 2, "date_collected": "1936"},
        "performance": figures,
        "input_schema": _SCHEMA,
    }
    _too_small_a_bump(context, model, changed)
    saved = context.registry.save_model("iris", "2.0.0", model, iris_card("2.0.0", **changed), reason="sepals only")
    holds(saved["least_bump"] == "major", f"the least bump of 2.0.0 is said to be {saved['least_bump']}")
    context.say.done("published as 2.0.0")
    _contract(context)


def _overwrite(context: Context) -> None:
    before = context.registry.show("iris", "1.2.0")["digest"]
    try:
        context.registry.save_model("iris", "1.2.0", context.models["1.10.0"], iris_card("1.2.0"))
    except Conflict as conflict:
        context.say.refused(f"1.2.0 with another model: {conflict}")
    else:
        raise StepFailed("1.2.0 was overwritten with another model")
    holds(context.registry.show("iris", "1.2.0")["digest"] == before, "the refused overwrite changed 1.2.0")


def _too_small_a_bump(context: Context, model: object, changed: dict) -> None:
    try:
        context.registry.save_model("iris", "1.11.0", model, iris_card("1.11.0", **changed))
    except Refused as refused:
        context.say.refused(f"1.11.0 with another input schema: {refused}")
        for finding in refused.breaking:
            context.say.note(f"{finding['verdict']}: {finding['path']}: {finding['what']}")
        holds(bool(refused.breaking), "the refusal names no breaking field")
        holds(refused.least_version == "2.0.0", f"the least version allowed is said to be {refused.least_version}, not 2.0.0")
        context.say.note(f"least version allowed: {refused.least_version}")
    else:
        raise StepFailed("1.11.0 was published although its input breaks callers")


def _contract(context: Context) -> None:
    registry, say = context.registry, context.say
    try:
        registry.flip("iris", "2.0.0", reason="try it")
    except Refused as refused:
        say.refused(f"endpoint iris → 2.0.0: {refused}")
    else:
        raise StepFailed("endpoint iris took 2.0.0, which breaks its contract")
    holds(registry.endpoint("iris")["model_version"] == "1.9.0", "the refused flip moved the endpoint")
    with say.waiting("moving endpoint iris to 2.0.0 and changing its contract in the same act"):
        moved = registry.flip("iris", "2.0.0", reason="callers agreed to the new input", change_contract=True)
    holds(moved["model_version"] == "2.0.0", "the flip with change_contract did not move the endpoint")
    answer = registry.predict("iris", [[5.1, 3.5]])
    holds(answer["model_version"] == "2.0.0", "2.0.0 does not answer")
    say.done("endpoint iris took 2.0.0 once its contract was changed in the same act; callers now send two columns")
    back = registry.flip("iris", "1.9.0", reason="back to four columns", change_contract=True)
    holds(back["model_version"] == "1.9.0", "the endpoint did not go back to 1.9.0")
    say.done("and went back to 1.9.0 with the old contract, for the next step")
