"""A model that does what the first number of a row tells it to, to see what its worker makes of it."""

import os
import socket
import sys
import time


class Odd:
    """Answers the sum of a row."""

    def predict(self, rows):
        answers = []
        for row in rows:
            answers.append(self.one(row))
        if any(isinstance(answer, str) for answer in answers):
            return [str(answer) for answer in answers]
        return answers

    def one(self, row):
        order, argument = int(row[0]), row[1]
        if order == 1:
            raise ValueError("this row is bad")
        if order == 2:
            os._exit(3)
        if order == 3:
            sys.exit(4)
        if order == 4:
            print("printed", flush=True)
            os.write(1, b"\x10\x00\x00\x00\x05\x00\x01\x00garbage")
        if order == 5:
            time.sleep(float(argument))
        if order == 6:
            for descriptor in range(3, 30):
                try:
                    os.write(descriptor, b"\xff" * 64)
                except OSError:
                    continue
        if order == 7:
            return "x" * (70 << 20)
        if order == 8:
            return self.spy()
        if order == 9:
            return float("nan") if row[1] == 1 else float("inf")
        return float(sum(row))

    @staticmethod
    def spy():
        """What a curious model gets hold of, as one line."""
        found = []
        with open(os.path.join(os.path.dirname(__file__), "..", "..", "targets.txt")) as targets:
            for target in targets.read().split():
                try:
                    with open(target, "rb"):
                        found.append("read " + target)
                except OSError:
                    continue
        try:
            socket.create_connection(("127.0.0.1", int(os.environ.get("SPY_PORT", "22"))), timeout=2)
            found.append("connected")
        except OSError as error:
            if "refused" in str(error):
                found.append("has a network")
        found += [name for name in os.environ if "SECRET" in name]
        found += [f"descriptor {n}" for n in range(3, 60) if n not in own() and os.path.exists(f"/proc/self/fd/{n}")]
        if os.getuid() == 0:
            found.append("root")
        return "; ".join(found) or "nothing"


def own():
    """The descriptors that the worker itself opened."""
    mine = set()
    for n in range(3, 60):
        try:
            target = os.readlink(f"/proc/self/fd/{n}")
        except OSError:
            continue
        if target.startswith(("pipe:", "/proc/", "/dev/null")):
            mine.add(n)
    return mine
