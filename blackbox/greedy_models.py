"""A model that takes what the row's first number says, until something stops it."""

import os
import threading
import time
from typing import Any

MEMORY, FILE, FILES, SHARED, TEMPORARY, PROCESSES, THREADS, FAMILY = range(1, 9)


class Greedy:
    """Answers the sum of each row, and is greedy for the first numbers above."""

    def predict(self, rows: Any) -> Any:
        first = rows[0, 0]
        if first == MEMORY:
            held = []
            while True:
                held.append(bytearray(64 << 20))
        if first == FILE:
            write("large")
        if first == SHARED:
            write("/dev/shm/large")
        if first == TEMPORARY:
            write("/tmp/large")
        if first == FILES:
            for number in range(1_000_000):
                open(f"f{number}", "w").close()
        if first == PROCESSES:
            while os.fork() != 0:
                pass
            time.sleep(600)
        if first == THREADS:
            while True:
                threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        if first == FAMILY:
            for _ in range(6):
                if os.fork() == 0:
                    kept = bytearray(os.urandom(1 << 20) * 180)
                    time.sleep(600 + len(kept) % 2)
            time.sleep(600)
        return rows.sum(axis=1)


def write(path: str) -> None:
    with open(path, "wb") as file:
        while True:
            file.write(b"x" * (1 << 20))


class Wide:
    """Answers much for each row: how, the row's first number says."""

    def predict(self, rows: Any) -> Any:
        import numpy

        shape = {1: (300,), 2: (2000, 1000), 3: (1_000_000, 0), 4: (6_000_000,)}[int(rows[0, 0])]
        return numpy.zeros((len(rows), *shape))
