"""The command line as a user types it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from context import Context


LAUNCHER = Path(os.environ["MODELWARD_LAUNCHER"])
# A checkout has its command in its folder, a package on the PATH.
TYPED = "./modelward" if (LAUNCHER.parent / "pom.xml").exists() else "modelward"


def modelward(context: Context, *arguments: str, pick: Callable[[list[str]], list[str]] = list) -> tuple[int, list[str]]:
    """Runs ``modelward …``, shows the command and what it prints (what ``pick`` leaves of it), and answers exit code and lines."""
    context.say.line(f"     $ {TYPED} {' '.join(arguments)}")
    command = [str(LAUNCHER), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=context.scratch, env={**os.environ, "COLUMNS": "100"})
    printed = (done.stdout + done.stderr).splitlines()
    for text in pick(printed):
        context.say.line(f"       {text}".rstrip())
    return done.returncode, printed
