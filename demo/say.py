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
        self._drawn = 0
        self._shown = 0.0

    @property
    def terminal(self) -> bool:
        return self._terminal

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
        self._shown = now
        self.picture([text])

    def picture(self, lines: Sequence[str]) -> None:
        """Several lines that are drawn again in their place; longer ones are cut, so that they can be counted."""
        if not self._terminal:
            return
        self._clear()
        sys.stdout.write("\x1b[?7l" + "\n".join("     " + text for text in lines) + "\x1b[?7h")
        sys.stdout.flush()
        self._drawn = len(lines)

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
        if self._drawn:
            sys.stdout.write("\r" + (f"\x1b[{self._drawn - 1}A" if self._drawn > 1 else "") + "\x1b[J")
            self._drawn = 0

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text
