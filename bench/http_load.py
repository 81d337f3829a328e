"""Load on one core: ``python http_load.py HOST:PORT CONNECTIONS SECONDS``; prints one JSON line.

Each connection sends the next request when it has the answer of the last. Times are seconds. $LOAD_AUTHORIZATION is sent along.
"""

import json
import os
import selectors
import socket
import sys
import time

BODY = b'{"instances":[[5.1,3.5,1.4,0.2]]}'


def run(address: str, connections: int, seconds: float) -> dict:
    """Throughput and latency of POST /predict/iris."""
    host, port = address.split(":")
    known = os.environ.get("LOAD_AUTHORIZATION", "")
    head = f"POST /predict/iris HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
    head += f"Authorization: {known}\r\n\r\n" if known else "\r\n"
    request = head.encode() + BODY
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ, [time.perf_counter(), b""])
    latencies, failed = [], 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        for key, _ in selector.select(0.1):
            state = key.data
            state[1] += key.fileobj.recv(65536)
            split = state[1].find(b"\r\n\r\n")
            if split < 0:
                continue
            headers = state[1][:split].lower()
            at = headers.find(b"content-length:")
            size = int(headers[at + 15 :].split(b"\r\n", 1)[0])
            if len(state[1]) < split + 4 + size:
                continue
            failed += not headers.startswith(b"http/1.1 200")
            now = time.perf_counter()
            latencies.append(now - state[0])
            state[0], state[1] = now, b""
            key.fileobj.sendall(request)
    took = time.perf_counter() - start
    latencies.sort()
    return {
        "requests": len(latencies),
        "failed": failed,
        "per_second": len(latencies) / took,
        "p50": latencies[len(latencies) // 2],
        "p99": latencies[int(len(latencies) * 0.99)],
    }


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
