"""Models of three numbers a row that do what a server must survive. What they do is chosen by the row's first number."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

FAIL, PRINT, EXIT, STOP, GARBAGE, HUGE, SLEEP = -1, -2, -3, -4, -5, -6, -7


class Sums:
    """Answers the sum of each row."""

    def predict(self, rows: Any) -> Any:
        return rows.sum(axis=1)


class Odd(Sums):
    """Answers the sum of each row, and misbehaves for the first numbers above."""

    def predict(self, rows: Any) -> Any:
        for first in rows[:, 0]:
            if first == FAIL:
                raise ValueError("this row is refused by the model")
            if first == PRINT:
                print("a model that prints", flush=True)
                os.write(1, b"\x00\x01\x02 raw \xff\n")
                sys.stderr.write("and complains\n")
            if first == EXIT:
                os._exit(3)
            if first == STOP:
                os.kill(os.getpid(), signal.SIGSTOP)
            if first == SLEEP:
                time.sleep(600)
            if first == GARBAGE:
                self.garble()
            if first == HUGE:
                return ["x" * 100_000_000 for _ in rows]
        return super().predict(rows)

    @staticmethod
    def garble() -> None:
        """Writes noise into every pipe that the process has, the one to the server among them."""
        for entry in os.listdir("/proc/self/fd"):
            try:
                if os.readlink(f"/proc/self/fd/{entry}").startswith("pipe:"):
                    os.write(int(entry), bytes(range(256)) * 64)
            except OSError:
                continue


class Shifted(Sums):
    """Answers the sum of each row and a constant, so that versions differ in what they answer."""

    def __init__(self, shift: float) -> None:
        self.shift = shift

    def predict(self, rows: Any) -> Any:
        return super().predict(rows) + self.shift


class Spy(Sums):
    """Tells what it can reach: each row's answer is a dictionary of attempts and their outcome."""

    def __init__(self, data: str, port: int) -> None:
        self.data = data
        self.port = port

    def predict(self, rows: Any) -> Any:
        found = self.look(os.getppid())
        return [found for _ in rows]

    def look(self, server: int) -> dict[str, Any]:
        """What this process reaches; ``server`` is the process id of the server."""
        return {
            "data directory": self.attempt(lambda: os.listdir(self.data)),
            "server's environment": self.attempt(lambda: open(f"/proc/{server}/environ", "rb").read()),
            "network": self.attempt(lambda: socket.create_connection(("127.0.0.1", self.port), 2).close()),
            "secret": os.environ.get("BLACKBOX_SECRET", ""),
            "descriptors": self.descriptors(),
            "user": os.getuid(),
        }

    @staticmethod
    def attempt(act: Callable[[], Any]) -> str:
        try:
            act()
        except OSError as error:
            return type(error).__name__
        return "reached"

    @staticmethod
    def descriptors() -> list[str]:
        found = []
        for entry in os.listdir("/proc/self/fd"):
            try:
                found.append(os.readlink(f"/proc/self/fd/{entry}"))
            except OSError:
                continue
        return found


class Flaky(Shifted):
    """Fails a share of the requests, the same ones each time: by the row's first number."""

    def __init__(self, shift: float, of_ten: int) -> None:
        super().__init__(shift)
        self.of_ten = of_ten

    def predict(self, rows: Any) -> Any:
        if any(first % 10 < self.of_ten for first in rows[:, 0]):
            raise ValueError("this row is refused by the candidate")
        return super().predict(rows)


class Late(Shifted):
    """Answers rightly, some time later."""

    def predict(self, rows: Any) -> Any:
        time.sleep(0.06)
        return super().predict(rows)


class Classes(Sums):
    """Answers a class for each row: the number it was made with."""

    def __init__(self, answer: int) -> None:
        self.answer = answer

    def predict(self, rows: Any) -> Any:
        return [self.answer for _ in rows]
