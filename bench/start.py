"""From the start of the process to the first answered prediction, and what an idle server holds in memory."""

from __future__ import annotations

import http.client
import tempfile
import time
from pathlib import Path

from predict import CARD
from processes import memory_mib, tree
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from modelward import ModelRegistry
from modelward.testing import Server

BODY = '{"instances":[[5.1,3.5,1.4,0.2]]}'


def first_answer(url: str) -> None:
    """Asks until a prediction is answered."""
    while True:
        try:
            connection = http.client.HTTPConnection(url.split("//")[1], timeout=30)
            connection.request("POST", "/predict/iris", BODY, {"Content-Type": "application/json"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.005)


def main() -> None:
    rows, labels = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=500).fit(rows, labels)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        with Server(data) as server:
            registry = ModelRegistry(server.url)
            registry.save_model("iris", "1.0.0", model, CARD)
            registry.create_endpoint("iris", "iris", "1.0.0")
        listening, answered = [], []
        for _ in range(5):
            start = time.perf_counter()
            with Server(data) as server:
                listening.append(time.perf_counter() - start)
                first_answer(server.url)
                answered.append(time.perf_counter() - start)
        with Server(Path(scratch) / "empty") as server:
            time.sleep(5)
            empty = memory_mib(server.pid, "VmRSS")
        with Server(data) as server:
            first_answer(server.url)
            time.sleep(5)
            serving = [memory_mib(pid, "VmRSS") for pid in tree(server.pid)]
    print(f"start to listening:    median {sorted(listening)[2] * 1000:.0f} ms of 5")
    print(f"start to first answer: median {sorted(answered)[2] * 1000:.0f} ms of 5 (a worker imports scikit-learn meanwhile)")
    print(f"idle memory: {empty:.0f} MiB with nothing served; with one version {serving[0]:.0f} MiB and its worker {sum(serving[1:]):.0f} MiB")


if __name__ == "__main__":
    main()
