"""Step 1: train, save through the client, list in order."""

from __future__ import annotations

from typing import Any

from cards import iris_card
from context import Context
from modelward import ModelRegistry
from say import holds


def train(trees: int = 100, depth: int = 10, columns: int = 4) -> tuple[Any, dict[str, float]]:
    """A forest on scikit-learn's iris data and its measured figures, cross-validated."""
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
    from sklearn.model_selection import cross_val_predict

    rows, classes = load_iris(return_X_y=True)
    rows = rows[:, :columns]
    forest = RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=42)
    predicted = cross_val_predict(forest, rows, classes, cv=3)
    figures = {
        "accuracy": accuracy_score(classes, predicted),
        "precision": precision_score(classes, predicted, average="macro"),
        "recall": recall_score(classes, predicted, average="macro"),
        "f1_score": f1_score(classes, predicted, average="macro"),
    }
    return forest.fit(rows, classes), {name: round(float(value), 4) for name, value in figures.items()}


def run(context: Context) -> None:
    say = context.say
    say.heading(1, "Train iris classifiers and save them, each with its card")
    with say.waiting("training a forest of 100 trees on scikit-learn's iris data"):
        model, _ = train()
    _snippet(context, model)
    for version, trees, depth, why in (
        ("1.9.0", 60, 6, "smaller and quicker"),
        ("1.10.0", 80, 8, "retrained with deeper trees"),
    ):
        with say.waiting(f"training and saving {version}, a forest of {trees} trees"):
            model, figures = train(trees, depth)
            card = iris_card(
                version, hyperparameters={"n_estimators": trees, "max_depth": depth, "random_state": 42}, performance=figures
            )
            context.models[version] = model
            saved = context.registry.save_model("iris", version, model, card, reason=why)
        say.done(f"saved iris {version}, ordinal {saved['ordinal']}, accuracy {figures['accuracy']}")
    versions = context.registry.list_versions("iris")
    holds(versions == ["1.2.0", "1.9.0", "1.10.0"], f"the versions are not in SemVer order: {versions}")
    say.done(f"listed in order: {', '.join(versions)}  (1.10.0 comes after 1.9.0)")


def _snippet(context: Context, model: Any) -> None:
    """What people write by hand today, as it stands."""
    metadata = iris_card("1.2.0")
    context.models["1.2.0"] = model

    registry = ModelRegistry()
    registry.save_model("iris", "1.2.0", model, metadata)
    versions = registry.list_versions("iris")
    model, metadata = registry.load_model("iris", "1.2.0")
    shown = (metadata["name"], metadata["version"], metadata["performance"]["accuracy"])

    holds(versions == ["1.2.0"], f"the list of versions is {versions}")
    holds(shown == ("iris-classifier", "1.2.0", 0.973), f"the loaded card says {shown}")
    row = [[5.1, 3.5, 1.4, 0.2]]
    same = model.predict_proba(row).tolist() == context.models["1.2.0"].predict_proba(row).tolist()
    holds(same, "the loaded model answers other than the saved one")
    context.say.done("saved iris 1.2.0, checked first that it loads in a clean process, and loaded it back: " + " ".join(map(str, shown)))
