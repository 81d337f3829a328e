"""Tells a person at a terminal how far a long transfer is. In a pipe it says nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with (label, bytes done, bytes in all) as a transfer goes on, from the thread that transfers."""

LARGE = 8 << 20
_WIDTH = 24


class Bar:
    """A bar on standard error for transfers above 8 MB, redrawn at most ten times a second."""

    def __init__(self) -> None:
        self._drawn = 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        if total < LARGE or not sys.stderr.isatty():
            return
        now = time.monotonic()
        if done < total and now - self._drawn < 0.1:
            return
        self._drawn = now
        filled = _WIDTH * done // total
        bar = "█" * filled + "░" * (_WIDTH - filled)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{label[:40]:<40} {bar} {done / 1e6:,.0f} of {total / 1e6:,.0f} MB{end}")
        sys.stderr.flush()
