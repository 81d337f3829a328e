"""A real PostgreSQL server of a test, on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
USER = "keeper"
PASSWORD = "a secret"


class Postgres:
    """What is committed survives a crash. PostgreSQL does not run as root, so that it runs as the user postgres then."""

    def __init__(self, folder: Path | None = None) -> None:
        """In memory where there is room, unless a folder is named."""
        memory = Path("/dev/shm")
        place = folder or (memory if os.access(memory, os.W_OK) else None)
        self.home = Path(tempfile.mkdtemp(prefix="modelward-postgresql-", dir=place))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.databases: dict[Path, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        (self.home / "password").write_text(PASSWORD)
        if os.getuid() == 0:
            shutil.chown(self.home, "postgres", "postgres")
            shutil.chown(self.home / "password", "postgres", "postgres")
        data = self.home / "data"
        self._run(
            "initdb", f"--pgdata={data}", f"--username={USER}", f"--pwfile={self.home}/password", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        (data / "postgresql.conf").write_text(
            f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.home}'\nmax_connections = 100\n"
        )
        self.start()

    def _as_user(self) -> list[str]:
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([*self._as_user(), PROGRAMS / program, *arguments], check=True, capture_output=True, cwd="/")

    def start(self) -> None:
        """Starts, also after a stop, and waits until it takes connections."""
        with open(self.home / "log", "ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user(), PROGRAMS / "postgres", "-D", self.home / "data"], stdout=log, stderr=log, cwd="/"
            )
        for _ in range(600):
            if self.sql("SELECT 1", check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError((self.home / "log").read_text())

    def stop_at_once(self) -> None:
        """Stops without finishing anything; every connection is cut."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def _signal_all(self, number: int) -> None:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in [self._process.pid, *map(int, children)]:
            os.kill(pid, number)

    def freeze(self) -> None:
        """Stops all its processes where they are: connections stay open, and nobody answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def sql(self, statement: str, database: str = "postgres", *, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAMS / "psql", "-X", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database, "-Atc", statement],
            env={**os.environ, "PGPASSWORD": PASSWORD}, check=check, capture_output=True, text=True,
        )  # fmt: skip

    def database(self) -> str:
        """Makes an empty database."""
        name = f"test{len(self.databases) + 1}"
        self.databases[Path(name)] = name
        self.sql(f"CREATE DATABASE {name}")
        return name

    def settings(self, database: str) -> str:
        """The lines of a configuration that keep the catalog in the database."""
        return f"catalog.url = postgresql://{USER}@127.0.0.1:{self.port}/{database}\ncatalog.password = {PASSWORD}\n"

    def url(self, database: str, scheme: str = "postgresql") -> str:
        """For clients that take the password in the URL."""
        return f"{scheme}://{USER}:{quote(PASSWORD)}@127.0.0.1:{self.port}/{database}"

    def beside(self, data: Path) -> str:
        """The same for the database that belongs to a data directory, made when it is first asked for."""
        if data not in self.databases:
            self.databases[data] = self.database()
        return self.settings(self.databases[data])

    def close(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._signal_all(signal.SIGCONT)
            self.stop_at_once()
        shutil.rmtree(self.home, ignore_errors=True)
