"""Words on the screen: coloured and live on a terminal, plain lines in a pipe."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class StepFailed(Exception):
    """What a step claims did not hold; the message is the sentence for the user."""


def holds(claim: bool, otherwise: str) -> None:
    """Ends the demo with a clear sentence when a claim is not true."""
    if not claim:
        raise StepFailed(otherwise)


class Say:
    """Prints. ``live`` lines overwrite each other on a terminal and do not appear in a pipe."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._colour = self._terminal and "NO_COLOR" not in os.environ
        self._live = False
        self._shown = 0.0

    def heading(self, number: int, text: str) -> None:
        """Begins a step."""
        self.line("")
        self.line(self._paint("1;36", f"{number}. {text}"))

    def line(self, text: str = "") -> None:
        self._clear()
        print(text, flush=True)

    def done(self, text: str) -> None:
        """Something happened and was checked."""
        self.line(f"   {self._paint('32', '✓')} {text}")

    def note(self, text: str) -> None:
        self.line(self._paint("2", f"     {text}"))

    def refused(self, text: str) -> None:
        """What the server refused, as it should."""
        self.line(f"   {self._paint('33', '✗')} {text}")

    def failed(self, text: str) -> None:
        self.line(self._paint("1;31", f"FAILED: {text}"))

    def live(self, text: str) -> None:
        """A counter; redrawn at most 20 times a second."""
        now = time.monotonic()
        if not self._terminal or now - self._shown < 0.05:
            return
        self._shown, self._live = now, True
        sys.stdout.write(f"\r\x1b[2K     {text}")
        sys.stdout.flush()

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Says what is being waited for, where something that takes long begins."""
        if self._terminal:
            self._shown = 0.0
            self.live(text + " …")
        else:
            self.line(f"     {text} …")
        yield
        self._clear()

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [header, *rows]]
        self.note(lines[0])
        for text in lines[1:]:
            self.line("     " + text)

    def _clear(self) -> None:
        if self._live:
            sys.stdout.write("\r\x1b[2K")
            self._live = False

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text
