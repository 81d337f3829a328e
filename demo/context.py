"""What the steps hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelward import ModelRegistry
from modelward.testing import Server
from say import Say

if TYPE_CHECKING:
    from callers import Callers


@dataclass
class Context:
    """
    The running demo. ``answered`` is a (version, prediction id) of the load, for the step that traces it; ``callers`` send while rollouts are
    shown; ``harmed`` is the rollout that did harm and the id of a prediction that failed in it.
    """

    say: Say
    server: Server
    registry: ModelRegistry
    scratch: Path
    models: dict[str, Any] = field(default_factory=dict)
    answered: tuple[str, str] = ("", "")
    callers: Callers | None = None
    harmed: tuple[str, str] = ("", "")
