"""Bodies within each request's own limit, forty at a time, against a server with the default heap: what the sum of them does.

Callers with small predictions and a watcher of /livez stand beside the flood. The server must live, and they must hardly notice.
"""

from __future__ import annotations

import multiprocessing
import random
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from typing import Any
from urllib.parse import urlsplit

MIB = 1 << 20
SENDERS = 40
PROCESSES = 2


def repeated(before: bytes, item: bytes, after: bytes, size: int) -> bytes:
    """A list of one item, about ``size`` bytes long."""
    return before + b",".join([item] * (size // (len(item) + 1))) + after


def rows_by_name(size: int) -> bytes:
    return repeated(b'{"instances":[', b'{"a":1}', b",[1,2,3]]}", size)


def rows_of_numbers(size: int) -> bytes:
    return repeated(b'{"instances":[', b"[1.25,2.5,3.75]", b"]}", size)


def rows_with_names(size: int) -> bytes:
    return repeated(b'{"instances":[', b'{"x0":1.25,"x1":2.5,"x2":3.75}', b"]}", size)


def rows_of_nothing(size: int) -> bytes:
    return repeated(b'{"instances":[', b"[]", b"]}", size)


def deep_rows(size: int) -> bytes:
    return repeated(b'{"instances":[', b"[" * 30 + b"]" * 30, b"]}", size)


def metrics(size: int) -> bytes:
    item = b'{"key":"a","value":1,"timestamp":1,"step":1}'
    return repeated(b'{"run_id":"0123456789abcdef0123456789abcdef","metrics":[', item, b"]}", size)


def empty_objects(size: int) -> bytes:
    return repeated(b'{"experiment_ids":[', b"{}", b"]}", size)


def many_keys(size: int) -> bytes:
    return b"{" + b",".join(b'"k%d":0' % number for number in range(size // 14)) + b"}"


def texts(size: int) -> bytes:
    return repeated(b'{"reason":[', b'"' + "ä".encode() * 5 + b'"', b"]}", size)


@dataclass
class Attack:
    """One kind of request, at an address, of a size that is drawn anew for each."""

    method: str
    path: str
    make: Any
    least: int
    most: int

    def bodies(self, random_: random.Random, count: int) -> list[bytes]:
        """Bodies of a few sizes, made once: making them takes more than sending them."""
        return [self.make(random_.randint(self.least, self.most)) for _ in range(count)]


def attacks(endpoint: str) -> list[Attack]:
    predict = f"/predict/{endpoint}"
    mlflow = "/api/2.0/mlflow"
    return [
        Attack("POST", predict, rows_by_name, 12 * MIB, 31 * MIB),
        Attack("POST", predict, rows_of_numbers, 12 * MIB, 31 * MIB),
        Attack("POST", predict, rows_with_names, 12 * MIB, 31 * MIB),
        Attack("POST", predict, rows_of_nothing, 12 * MIB, 31 * MIB),
        Attack("POST", predict, deep_rows, 4 * MIB, 31 * MIB),
        Attack("POST", predict, rows_of_numbers, 1 * MIB, 4 * MIB),
        Attack("POST", f"{mlflow}/runs/log-batch", metrics, 12 * MIB, 23 * MIB),
        Attack("POST", f"{mlflow}/runs/search", empty_objects, 12 * MIB, 23 * MIB),
        Attack("POST", f"{mlflow}/runs/search", many_keys, 4 * MIB, 23 * MIB),
        Attack("POST", f"{mlflow}/experiments/create", texts, 4 * MIB, 23 * MIB),
        Attack("POST", "/api/v1/endpoints/flood/flip", texts, 1 * MIB, 2 * MIB - 64),
        Attack("POST", "/api/v1/endpoints/flood/flip", many_keys, 1 * MIB, 2 * MIB - 64),
        Attack("PUT", "/api/v1/endpoints/flood", empty_objects, 1 * MIB, 2 * MIB - 64),
    ]


def send(url: str, attack: Attack, body: bytes, slowly: bool) -> str:
    """The status, or how the connection ended."""
    parts = urlsplit(url)
    head = (
        f"{attack.method} {attack.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    try:
        with socket.create_connection((parts.hostname, parts.port), 150) as connection:
            try:
                connection.sendall(head)
                view = memoryview(body)
                while view:
                    connection.sendall(view[: 1 << 18])
                    view = view[1 << 18 :]
                    if slowly:
                        time.sleep(0.2)
            except OSError:
                pass  # the answer may have come before the end of the body
            answer = connection.recv(1 << 16)
            while slowly and len(answer) < 1 << 20:
                time.sleep(0.05)
                more = connection.recv(1 << 12)
                if not more:
                    break
                answer += more
            return answer[9:12].decode() if answer else "cut off"
    except OSError as failure:
        return type(failure).__name__


def flood(url: str, kinds: list[tuple[Attack, list[bytes]]], until: float, seed: int, results: "Queue[Counter[str]]") -> None:
    """The senders of one process."""
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def sender(number: int) -> None:
        random_ = random.Random(seed * 1000 + number)
        while time.time() < until:
            attack, bodies = random_.choice(kinds)
            status = send(url, attack, random_.choice(bodies), random_.random() < 0.05)
            with lock:
                counts[f"{attack.make.__name__} {status}"] += 1
            if status == "ConnectionRefusedError":
                time.sleep(1)

    threads = [threading.Thread(target=sender, args=(number,)) for number in range(SENDERS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(counts)


def watch(url: str, method: str, path: str, body: bytes, until: float, results: "Queue[Any]") -> None:
    """One caller who asks again and again: how long each answer took, in milliseconds, and what was no 200."""
    parts = urlsplit(url)
    took: list[float] = []
    other: Counter[str] = Counter()
    request = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    connection = None
    while time.time() < until:
        started = time.perf_counter()
        try:
            if connection is None:
                connection = socket.create_connection((parts.hostname, parts.port), 60)
            connection.sendall(request)
            answer = connection.recv(1 << 16)
            status = answer[9:12].decode() or "cut off"
        except OSError as failure:
            status = type(failure).__name__
        took.append((time.perf_counter() - started) * 1000)
        if status != "200":
            other[status] += 1
            if connection is not None:
                connection.close()
            connection = None
        time.sleep(0.02)
    results.put((took, other))


@dataclass
class Report:
    """What a flood did."""

    sent: Counter[str]
    small: list[float]
    small_failed: Counter[str]
    live: list[float]
    live_failed: Counter[str]
    memory: list[int] = field(default_factory=list)

    def words(self) -> list[str]:
        by_status: Counter[str] = Counter()
        for name, count in self.sent.items():
            by_status[name.split(" ", 1)[1]] += count
        lines = [
            f"flood: {sum(self.sent.values())} requests, {dict(by_status.most_common())}",
            f"small predictions: {len(self.small)}, p50 {quantile(self.small, 0.5):.1f} ms, p99 {quantile(self.small, 0.99):.0f} ms, "
            f"most {max(self.small):.0f} ms, not answered {dict(self.small_failed)}",
            f"/livez: {len(self.live)}, p50 {quantile(self.live, 0.5):.1f} ms, p99 {quantile(self.live, 0.99):.0f} ms, "
            f"most {max(self.live):.0f} ms, not answered {dict(self.live_failed)}",
        ]
        if self.memory:
            marks = [self.memory[len(self.memory) * part // 10 - (part == 10)] >> 20 for part in range(1, 11)]
            lines.append(f"resident memory at each tenth of the time, MiB: {marks}")
        return lines


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def resident(pid: int) -> int:
    """In bytes."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def own(pid: int) -> int:
    """Resident memory that is no file's, in bytes: what files hold of it the system takes back when it wants to."""
    with open(f"/proc/{pid}/status") as file:
        return int(next(line for line in file if line.startswith("RssAnon")).split()[1]) << 10


def run(url: str, pid: int, endpoint: str, seconds: float, seed: int = 1, bodies_each: int = 2) -> Report:
    """Floods the server at ``url``, whose endpoint takes rows of three numbers."""
    context = multiprocessing.get_context("fork")
    results, small, live = context.Queue(), context.Queue(), context.Queue()
    random_ = random.Random(seed)
    kinds = [(attack, attack.bodies(random_, bodies_each)) for attack in attacks(endpoint)]
    until = time.time() + seconds
    row = b'{"instances":[[1.25,2.5,3.75]]}'
    processes = [
        context.Process(target=flood, args=(url, kinds, until, seed * 100 + number, results)) for number in range(PROCESSES)
    ]
    processes.append(context.Process(target=watch, args=(url, "POST", f"/predict/{endpoint}", row, until, small)))
    processes.append(context.Process(target=watch, args=(url, "GET", "/livez", b"", until, live)))
    for process in processes:
        process.start()
    memory = []
    while time.time() < until:
        try:
            memory.append(resident(pid))
        except OSError:
            break
        time.sleep(1)
    sent: Counter[str] = Counter()
    for _ in range(PROCESSES):
        sent += results.get(timeout=400)
    took, failed = small.get(timeout=400)
    lived, dead = live.get(timeout=400)
    for process in processes:
        process.join(60)
    return Report(sent, took, failed, lived, dead, memory)
