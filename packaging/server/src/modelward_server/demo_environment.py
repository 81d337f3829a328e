"""Runs the demo, in a Python environment of its own with the packages that models run with."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

from .launcher import HOME, cache_home


def run(words: list[str]) -> int:
    """Prepares the environment once, then becomes the demo."""
    if words[:1] in (["mlflow"], ["serving"]):
        print(f"modelward: demo {words[0]} runs from a checkout only.", file=sys.stderr)
        return 2
    python = environment() if not {"-h", "--help"} & set(words) else sys.executable
    launcher = shutil.which(sys.argv[0]) or shutil.which("modelward")
    os.environ["MODELWARD_LAUNCHER"] = os.path.abspath(launcher or sys.argv[0])
    os.execv(python, [python, os.path.join(HOME, "demo", "demo.py"), *words])


def environment() -> str:
    """The interpreter of the environment. Two demos that want it make it one after the other."""
    requirements = os.path.join(HOME, "requirements-worker.txt")
    with open(requirements, "rb") as file:
        wanted = f"{sys.version} {sys.prefix} {hashlib.sha256(file.read()).hexdigest()}"
    folder = os.path.join(cache_home(), "demo-" + hashlib.sha256(wanted.encode()).hexdigest()[:16])
    ready, python = os.path.join(folder, "READY"), os.path.join(folder, "bin", "python")
    os.makedirs(cache_home(), exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(ready):
            print("Preparing the Python environment of the demo …", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            for command in (
                [sys.executable, "-m", "venv", folder],
                [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", requirements],
            ):
                if subprocess.run(command).returncode:
                    sys.exit("modelward: the Python environment of the demo could not be made; what failed is said above.")
            link(folder)
            open(ready, "w").close()
    return python


def link(folder: str) -> None:
    """The client is the installed one, and none of the packages beside it is seen."""
    import modelward

    packages = os.path.join(folder, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")
    os.symlink(os.path.dirname(os.path.abspath(modelward.__file__)), os.path.join(packages, "modelward"))
