"""Upload of 1 GiB beside sha256sum and cp of the same file, and what it costs in memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from processes import memory_mib

from modelward import ModelRegistry
from modelward.testing import Server

MIB = int(os.environ.get("BENCH_MIB", "1024"))
CARD = {"name": "big"}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, Server(Path(scratch) / "data") as server:
        big = Path(scratch) / "big.bin"
        with big.open("wb") as out:
            for _ in range(MIB):
                out.write(os.urandom(1 << 20))
        registry = ModelRegistry(server.url)
        small = Path(scratch) / "small.bin"
        small.write_bytes(b"warm")
        registry.publish("warm", small, CARD)
        before = memory_mib(server.pid)
        start = time.perf_counter()
        subprocess.run(["sha256sum", str(big)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cp", str(big), str(big) + ".copy"], check=True)
        subprocess.run(["sync", str(big) + ".copy"], check=True)
        by_hand = time.perf_counter() - start
        os.unlink(str(big) + ".copy")
        start = time.perf_counter()
        registry.publish("big", big, CARD)
        published = time.perf_counter() - start
        after = memory_mib(server.pid)
        start = time.perf_counter()
        registry.verify()
        verified = time.perf_counter() - start
    print(f"publish of {MIB} MiB through the Python client: {published:.1f} s, {MIB / published:.0f} MiB/s")
    print(f"sha256sum, cp and sync of the same file:        {by_hand:.1f} s, {MIB / by_hand:.0f} MiB/s")
    print(f"ratio {by_hand / published:.2f}; verify {MIB / verified:.0f} MiB/s")
    print(f"memory the server holds for itself: {before:.0f} MiB before, {after:.0f} MiB after, growth {after - before:.0f} MiB")


if __name__ == "__main__":
    main()
