"""What ``modelward package`` made, tried where there is neither a JDK nor Maven, by a user who is not root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import ROOT

USER = 61_778
VERSION = (ROOT / "python" / "src" / "modelward" / "VERSION").read_text().strip()
# Nothing of this is seen by others: the file systems are mounted for one process and its children.
HIDDEN = f"""
for folder in /usr/lib/jvm /usr/local/lib/jvm /opt/java /usr/share/maven "$MODELWARD_CHECKOUT"; do
  [ ! -d "$folder" ] || mount -t tmpfs -o mode=755 hidden "$folder" || exit 99
done
for program in java javac mvn; do
  while found=$(command -v $program); do mount --bind /dev/null "$(readlink -f "$found")" || exit 99; done
done
exec setpriv --reuid={USER} --regid={USER} --clear-groups "$@"
"""


class Machine:
    """A home of a user's own on this machine, without the JDKs, Maven and the checkout where root may hide them."""

    def __init__(self) -> None:
        may_hide = ["unshare", "--mount", "--propagation", "private", "true"]
        self.root = os.getuid() == 0 and subprocess.run(may_hide, capture_output=True).returncode == 0
        self.home = Path(tempfile.mkdtemp(prefix="modelward-packages-"))
        self.home.chmod(0o755)
        self.dist = self.home / "dist"
        self.dist.mkdir()
        self.own(self.home)

    def take(self, pattern: str) -> Path:
        """Copies a package of dist here."""
        (made,) = (ROOT / "dist").glob(pattern)
        return Path(shutil.copy(made, self.dist))

    def own(self, path: Path) -> None:
        if self.root:
            os.chown(path, USER, USER)

    def environment(self, **more: str) -> dict[str, str]:
        """Of the user: what pip is configured with is kept, and nothing that leads to a JDK."""
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy")}
        return {"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "MODELWARD_CHECKOUT": str(ROOT), **kept, **more}

    def command(self, *words: str | Path) -> list[str]:
        """The command as the user's, with all that is hidden."""
        given = [str(word) for word in words]
        if not self.root:
            return given
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", HIDDEN, "hidden", *given]

    def run(self, *words: str | Path, code: int = 0, timeout: float = 600, **more: str) -> str:
        """Runs a command; what it printed. It ends with this code."""
        done = subprocess.run(
            self.command(*words), env=self.environment(**more), cwd=self.home, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def launcher(self, program: Path) -> str:
        """A file that starts this program as the user's, for ``Server``."""
        file = self.home / f"start-{program.name}"
        words = " ".join(f"'{word}'" if "\n" not in word else '"$HIDDEN"' for word in self.command(program))
        file.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        file.chmod(0o755)
        return str(file)

    def venv(self) -> Path:
        """A Python environment of the user's own; its folder for programs."""
        folder = self.home / "venv"
        self.run(sys.executable if not self.root else "/usr/bin/env", *([] if not self.root else ["python3"]), "-m", "venv", folder)
        return folder / "bin"

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
