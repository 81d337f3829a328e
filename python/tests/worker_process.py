"""Drives the real worker process the way the server does."""

import json
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy

LOAD, LOADED, FAILED, PREDICT, ANSWER, STOP, COMPARE, COMPARED, INSPECT, INSPECTED, DESCRIBE, DESCRIBED, PROBE = range(1, 14)
HEADER = struct.Struct("<IBBHQ")
SCRIPT = Path(__file__).parents[1] / "src" / "modelward_worker.py"
DTYPES = {"f8": "<f8", "i8": "<i8", "b1": "?", "f4": "<f4", "i4": "<i4", "u1": "u1"}


@dataclass
class Frame:
    """A decoded frame: type, correlation id, head, and the columns by name as lists."""

    kind: int
    correlation: int
    head: dict[str, Any]
    columns: dict[str, list]


class Worker:
    """One worker process with its two pipes."""

    def __init__(self, directory: Path) -> None:
        scratch = directory.parent / "scratch"
        scratch.mkdir(exist_ok=True)
        self.log = (directory.parent / "log").open("wb+")
        command = [sys.executable, "-I", str(SCRIPT), str(directory), "default/test@1.0.0"]
        self.process = subprocess.Popen(
            command, cwd=scratch, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, bufsize=0
        )
        self.correlation = 1 << 63

    def send(self, kind: int, head: dict, columns: list[bytes] = []) -> None:
        """Writes one frame."""
        text = json.dumps(head).encode()
        body = struct.pack("<I", len(text)) + text + b"".join(columns)
        self.correlation += 1
        self._write(HEADER.pack(len(body), kind, 0, 1, self.correlation) + body)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view) :]

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self.process.stdout.read(count - len(data))
            if not part:
                raise EOFError(f"the worker ended after {len(data)} of {count} bytes")
            data += part
        return data

    def receive(self) -> Frame:
        """Reads one frame; EOFError when the process died, AssertionError when the bytes are not the protocol's."""
        size, kind, flags, version, correlation = HEADER.unpack(self._exactly(HEADER.size))
        assert (flags, version) == (0, 1)
        body = self._exactly(size)
        (count,) = struct.unpack_from("<I", body)
        head = json.loads(body[4 : 4 + count])
        at, columns = 4 + count, {}
        for column in head.get("columns", []) if kind in (ANSWER, DESCRIBED) else []:
            data = body[at : at + column["bytes"]]
            at += column["bytes"]
            if column["dtype"] == "json":
                values = json.loads(data)
            else:
                values = numpy.frombuffer(data, DTYPES[column["dtype"]]).reshape(column["shape"]).tolist()
            assert column["shape"][0] == len(values)
            columns[column["name"]] = values
        assert at == len(body)
        return Frame(kind, correlation, head, columns)

    def exchange(self, kind: int, head: dict, columns: list[bytes] = []) -> Frame:
        """Sends a frame and reads the answer to it."""
        self.send(kind, head, columns)
        frame = self.receive()
        assert frame.correlation == self.correlation
        return frame

    def load(self, **head: Any) -> Frame:
        """Sends LOAD."""
        defaults = {"artifact": "model.joblib", "code": [], "columns": None, "output": None, "sample": False}
        return self.exchange(LOAD, defaults | head)

    def matrix(self, requests: list[Any], kind: int = PREDICT) -> Frame:
        """Predicts one batch of requests, each of them rows of numbers."""
        rows = numpy.ascontiguousarray(numpy.concatenate([numpy.asarray(r, "<f8") for r in requests]))
        column = {"name": "", "dtype": "f8", "shape": list(rows.shape), "bytes": rows.nbytes}
        head = {"requests": [len(r) for r in requests], "form": "matrix", "columns": [column]}
        return self.exchange(kind, head, [rows.tobytes()])

    def json_columns(self, form: str, counts: list[int], columns: dict[str, list]) -> Frame:
        """Predicts one batch of the form columns or json."""
        raw = [json.dumps(values).encode() for values in columns.values()]
        described = [
            {"name": name, "dtype": "json", "shape": [sum(counts)], "bytes": len(data)}
            for name, data in zip(columns, raw)
        ]
        return self.exchange(PREDICT, {"requests": counts, "form": form, "columns": described}, raw)

    def logged(self) -> str:
        """What the process wrote to its log so far."""
        self.log.flush()
        return Path(self.log.name).read_text()

    def close(self) -> int:
        """Ends the input and waits; the exit status."""
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        self.log.close()
        return status


def save(directory: Path, model: Any, code: dict[str, str] | None = None) -> Path:
    """Writes a version's files as the server lays them out for a worker."""
    target = directory / "model"
    target.mkdir()
    joblib.dump(model, target / "model.joblib")
    for name, text in (code or {}).items():
        file = target / ".modelward" / "code" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return target
