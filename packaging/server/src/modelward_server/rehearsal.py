"""Has the JVM note which classes a start of the server and a command load, in a folder of the user's cache: once for each installed program."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from modelward_server import launcher  # noqa: E402

LIMIT_S = 600
OLD_S = 30 * 86400
NOTES = ("serve.aot", "command.aot")


def main(folder: str) -> None:
    with open(os.path.join(folder, "lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        tried = os.path.join(folder, "tried")
        if os.path.exists(tried):
            return
        os.nice(19)
        scratch = tempfile.mkdtemp(prefix="rehearsal-", dir=folder)
        try:
            if make(scratch):
                for name in NOTES:
                    os.replace(os.path.join(scratch, name), os.path.join(folder, name))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            open(tried, "w").close()
    remove_old(os.path.dirname(folder), keep=folder)


def make(scratch: str) -> bool:
    """Runs the rehearsal. Whether both notes are there."""
    java = launcher.find_java()
    serve, command = (os.path.join(scratch, name) for name in NOTES)
    main_class = ["-cp", launcher.JAR, "io.modelward.app.Rehearsal"]
    inner = [java, *launcher.java_options("list"), "-XX:AOTCacheOutput=" + command, *main_class]
    outer = [java, *launcher.java_options("serve"), "-XX:AOTCacheOutput=" + serve, *main_class, scratch, *inner]
    done = subprocess.run(outer, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LIMIT_S)
    return done.returncode == 0 and all(os.path.exists(os.path.join(scratch, name)) for name in NOTES)


def remove_old(cache: str, keep: str) -> None:
    """Removes the notes of programs that are long gone; a program that is still there makes its notes again."""
    for entry in os.scandir(cache):
        if entry.name.startswith("java-") and entry.path != keep and time.time() - entry.stat().st_mtime > OLD_S:
            shutil.rmtree(entry.path, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
