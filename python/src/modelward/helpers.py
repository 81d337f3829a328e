"""The modules that a version brings for its model, imported so that each version has its own, whatever else has such a name."""

from __future__ import annotations

import builtins
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

_LOCK = threading.RLock()


class Helpers:
    """The modules of one version's folder of code.

    While a model is loaded, they stand in ``sys.modules`` under their own names. Afterwards they stay there only when no other module
    has one of the names: what the user imported, or an earlier version brought, is put back. The version's own functions find their
    modules all the same, also when they import late. ``sys.path`` is left alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        entries = folder.iterdir() if folder.is_dir() else ()
        self._names = {entry.stem if entry.suffix == ".py" else entry.name for entry in entries}
        self._modules: dict[str, ModuleType] = {}
        self._active = False
        self.builtins = {**vars(builtins), "__import__": self._import}

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The finder's part of Python's import."""
        if not self._owns(name):
            return None
        spec = PathFinder.find_spec(name, [str(self._folder)] if path is None else path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self)
        return spec

    @contextmanager
    def imported(self) -> Iterator[None]:
        """While this lasts, the version's modules are what is imported under their names."""
        with _LOCK:
            if self._active or not self._names:
                yield
                return
            others = {name: module for name, module in sys.modules.items() if self._owns(name)}
            kept = all(self._modules.get(name) is module for name, module in others.items())
            if not kept and self._alike(others):
                # The user has the very same code: then the model's classes are the user's classes.
                self._modules, kept = others, True
            self._put(self._modules)
            sys.meta_path.insert(0, self)
            self._active = True
            try:
                yield
            finally:
                self._active = False
                sys.meta_path.remove(self)
                self._modules = {name: module for name, module in sys.modules.items() if self._owns(name)}
                if not kept:
                    self._put(others)

    def _owns(self, name: str) -> bool:
        return name.partition(".")[0] in self._names

    def _put(self, modules: dict[str, ModuleType]) -> None:
        for name in [name for name in sys.modules if self._owns(name)]:
            del sys.modules[name]
        sys.modules.update(modules)

    def _alike(self, others: dict[str, ModuleType]) -> bool:
        """Whether other modules have the same bytes as the version's of the same names."""
        for name, module in others.items():
            place = self._folder.joinpath(*name.split("."))
            mine = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            try:
                if Path(module.__file__ or "").read_bytes() != mine.read_bytes():
                    return False
            except (OSError, AttributeError):
                return False
        return True

    def _import(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """What ``import`` means within the version's modules."""
        if level == 0 and not self._owns(name):
            return builtins.__import__(name, globals, locals, fromlist, level)
        found = self._modules.get(name) if level == 0 else None
        if found is not None and not self._active and all(hasattr(found, item) for item in fromlist or ()):
            return found if fromlist else self._modules[name.partition(".")[0]]
        with self.imported():
            return builtins.__import__(name, globals, locals, fromlist, level)


class _Loader(SourceFileLoader):
    """Gives a module the import of its version, and writes no bytecode beside files whose number is checked."""

    def __init__(self, name: str, path: str, helpers: Helpers) -> None:
        super().__init__(name, path)
        self._helpers = helpers

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self._helpers.builtins
        super().exec_module(module)

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Keeps nothing."""
