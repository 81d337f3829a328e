"""The files of a version: the model, and what is worth knowing about it, under ``.modelward/``.

Everything written here is a function of the model, the sample and the packages installed: the same again gives the same bytes, so
that saving twice is saving once.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .encoding import encode
from .errors import Invalid, Unloadable
from .rows import column_names, rows

ARTIFACT = "model.joblib"
FOLDER = ".modelward"
CODE = f"{FOLDER}/code"
SAMPLE_ROWS = 20
PACKAGES = ("joblib", "numpy", "pandas", "scikit-learn", "scipy")
# These are written down only for a model in whose bytes their name stands, so that other models keep their digest.
OTHERS = ("catboost", "cloudpickle", "lightgbm", "skops", "xgboost")

Source = str | os.PathLike[str]
Code = Source | ModuleType
REQUIREMENTS = f"{FOLDER}/requirements.txt"


@dataclass(frozen=True)
class VersionFile:
    """A file on this machine and its path in the version."""

    path: str
    source: Path


def files_of(source: Source) -> list[VersionFile]:
    """One file under its own name, or a directory's files under their paths in it, in order. Raises Invalid when there is none."""
    root = Path(source)
    if root.is_file():
        return [VersionFile(root.name, root)]
    if not root.is_dir():
        raise Invalid(f"There is no file or directory {root}.", field="path")
    found = [VersionFile(item.relative_to(root).as_posix(), item) for item in root.rglob("*") if item.is_file()]
    if not found:
        raise Invalid(f"The directory {root} holds no file.", field="path")
    return sorted(found, key=lambda file: file.path)


def write_model(folder: Path, model: Any) -> None:
    """Writes the model with joblib. Raises Unloadable when it cannot be pickled."""
    try:
        import joblib
    except ImportError as failure:
        raise Unloadable("Saving a model needs the package joblib: pip install joblib") from failure
    try:
        joblib.dump(model, folder / ARTIFACT)
    except Exception as failure:
        raise Unloadable(
            f"This {type(model).__name__} cannot be saved ({type(failure).__name__}: {failure}). "
            "A lambda or a function inside a function has no name that another process could find: move it to a module, "
            "and pass code=[…] with that module's file."
        ) from failure


def write_about(folder: Path, model: Any, sample: Any, card: dict[str, Any]) -> None:
    """Writes what is known about the model: the packages it was saved with, its columns, and up to 20 rows to test it with."""
    about = folder / FOLDER
    about.mkdir(exist_ok=True)
    _write(about / "environment.json", {"packages": installed_packages(_named(folder / ARTIFACT)), "python": platform.python_version()})
    names = feature_names(model) or (column_names(sample) if sample is not None else [])
    width = getattr(model, "n_features_in_", None)
    signature: dict[str, Any] = {"feature_names": names}
    features = width if width is not None else _width(sample)
    if features is not None:
        signature["features"] = int(features)
    _write(about / "signature.json", signature)
    if sample is not None:
        write_sample(folder, sample, names, card)


def add_row_schema(folder: Path, schema: dict[str, Any]) -> None:
    """Adds what a row of the model is, as JSON Schema, to what is written about it."""
    path = folder / FOLDER / "signature.json"
    _write(path, {**json.loads(path.read_bytes()), "input_schema": schema})


def add_missing(folder: Path, columns: list[int | str]) -> None:
    """Adds the columns in which the model takes a missing value, by place or name, to what is written about it."""
    path = folder / FOLDER / "signature.json"
    _write(path, {**json.loads(path.read_bytes()), "missing": columns})


def write_sample(folder: Path, sample: Any, names: list[str], card: dict[str, Any]) -> None:
    """Writes up to 20 rows: lists in the order of the columns, or objects where the card's input schema has objects."""
    by_column = _of_objects(card.get("input_schema")) or not names or set(names) != set(column_names(sample))
    instances = rows(sample, names=None if by_column else names, most=SAMPLE_ROWS)
    if not instances:
        raise Invalid("A sample has at least one row.", field="sample")
    (folder / FOLDER).mkdir(exist_ok=True)
    _write(folder / FOLDER / "sample.json", {"instances": instances})


def check_width(model: Any, sample: Any) -> None:
    """Raises Invalid when the sample's rows have another number of values than the model was fitted on."""
    learnt, width = getattr(model, "n_features_in_", None), _width(sample)
    if learnt is not None and width is not None and int(learnt) != width:
        raise Invalid(
            f"A row of the sample has {width} values, and this {type(model).__name__} was fitted on {int(learnt)}.", field="sample"
        )


def write_requirements(folder: Path, needs: dict[str, str] | list[str]) -> None:
    """Writes what the model needs beside what every worker has; nothing when that is all. Texts are taken as they are."""
    if isinstance(needs, dict):
        if not set(map(_normal, needs)) - set(PACKAGES) - {"cloudpickle", "skops"}:
            return  # environment.json has the releases
        needs = [f"{_normal(name)}=={release.partition('+')[0]}" for name, release in needs.items()]
    if needs:
        (folder / FOLDER).mkdir(exist_ok=True)
        (folder / REQUIREMENTS).write_text("".join(f"{line}\n" for line in sorted(needs)), encoding="utf-8")


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def write_code(folder: Path, code: Iterable[Code]) -> None:
    """Copies modules (``name.py``) and packages (directories) that the model's classes and functions live in."""
    if isinstance(code, (str, os.PathLike, ModuleType)):
        code = [code]
    for item in code:
        source = _file_of(item) if isinstance(item, ModuleType) else Path(item)
        target = folder / CODE / source.resolve().name
        if target.exists():
            raise Invalid(f"Two entries of code are named {target.name}.", field="code")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
        elif source.is_file() and source.suffix == ".py":
            shutil.copyfile(source, target)
        elif not source.exists():
            raise Invalid(f"code names {source}, and there is no such file or directory.", field="code")
        else:
            raise Invalid(f"{source} in code is neither a .py file nor a package's directory.", field="code")


def _file_of(module: ModuleType) -> Path:
    """A module's file, or the directory of a package."""
    if not getattr(module, "__file__", None):
        raise Invalid(
            f"The module {module.__name__} in code has no file to send. Name the module in which the model's own class is.", field="code"
        )
    file = Path(module.__file__ or "")
    return file.parent if file.name == "__init__.py" else file


def feature_names(model: Any) -> list[str]:
    """The columns that the model learnt, in order; empty when it learnt from rows without names."""
    names = getattr(model, "feature_names_in_", None)
    return [] if names is None else [str(name) for name in names]


def _width(sample: Any) -> int | None:
    if sample is None:
        return None
    first = rows(sample, most=1)[:1]
    return len(first[0]) if first and isinstance(first[0], (list, tuple, dict)) else None


def _of_objects(schema: Any) -> bool:
    while isinstance(schema, dict) and schema.get("type") == "array":
        schema = schema.get("items")
    return isinstance(schema, dict) and (schema.get("type") == "object" or "properties" in schema)


def _named(artifact: Path) -> tuple[str, ...]:
    """Which of the other packages a saved model names."""
    content = artifact.read_bytes()
    return tuple(name for name in OTHERS if name.encode() in content)


def installed_packages(others: Iterable[str] = OTHERS) -> dict[str, str]:
    """The versions of the packages that decide whether a pickle loads, of those that are installed."""
    found = {}
    for name in (*PACKAGES, *others):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _write(path: Path, document: dict[str, Any]) -> None:
    plain = json.loads(encode(document))
    path.write_text(json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
