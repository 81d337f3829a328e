"""Publishes that share files beside collections, with kills of the server in between. Run by ``modelward soak gc [PUBLISHES]``.

Publishers take files from a pool of contents, so that most files of a version are those of others; versions are deleted by a rule
all the time, and a collection begins each 100 ms. The server is killed with -9 again and again. At the end each version that was
acknowledged and is not deleted is there and whole, and after the grace the server keeps no file that nothing names.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "python" / "src")]
os.environ.setdefault("MODELWARD_LAUNCHER", str(ROOT / "modelward"))

from modelward.testing import Server  # noqa: E402

PUBLISHERS = 4
MODELS = 8
POOL = 400
FILES = 5
KEPT = 20
GRACE_SECONDS = 2
COLLECT_SECONDS = 0.1
KILL_SECONDS = (8.0, 25.0)
SETTINGS = (
    f"storage.gc-grace = {GRACE_SECONDS}s\nretention.undelete-window = 0d\nretention.interval = 1s\n"
)


class Gone(Exception):
    """The server was killed meanwhile."""


class Again(Exception):
    """A file is to be sent again: more than the grace lay between its bytes and the draft that names them."""


class Refused(Exception):
    """An answer that is neither a success nor asks to come again."""


class Caller:
    """One kept connection to whichever server is there now."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> tuple[int, Any]:
        for _ in range(600):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.place.address, timeout=60)
                self.connection.request(method, path, body, {"Content-Type": kind, "X-Modelward-Actor": "soak"} if body is not None else {})
                answer = self.connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.close()
                raise Gone from error
            if answer.status in (429, 503):
                time.sleep(0.05)
                continue
            return answer.status, json.loads(text) if text else None
        raise Refused(f"{method} {path}: the server asks to come again for half a minute")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Place:
    """A server that comes back on the same data and address."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.settings = folder / "modelward.properties"
        self.settings.write_text(SETTINGS)
        self.server = Server(self.data, "--config", str(self.settings))
        self.address = urlsplit(self.server.url).netloc

    def kill(self) -> None:
        self.server.kill()
        self.server = Server(self.data, "--config", str(self.settings), listen=self.address)


class Soak:
    """What all threads share."""

    def __init__(self, place: Place, publishes: int, seed: int) -> None:
        self.place, self.publishes, self.seed = place, publishes, seed
        self.lock = threading.Lock()
        self.begun = 0
        self.counts: Counter[str] = Counter()
        self.acknowledged: dict[tuple[str, str], dict[str, str]] = {}
        self.drafts: dict[int, str] = {}
        self.failures: list[str] = []
        self.stop = threading.Event()

    def next(self) -> int | None:
        with self.lock:
            if self.counts["published"] >= self.publishes or self.failures:
                return None
            self.begun += 1
            return self.begun

    def fail(self, words: str) -> None:
        with self.lock:
            self.failures.append(words)

    def publish_all(self, number: int) -> None:
        chances = random.Random(self.seed * 1000 + number)
        caller = Caller(self.place)
        while (turn := self.next()) is not None:
            try:
                self.publish(caller, chances, turn)
            except Gone:
                self.counts["cut off"] += 1
                time.sleep(0.3)
            except Again:
                self.counts["to be sent again"] += 1
            except Exception as failure:  # noqa: BLE001 - told at the end, and the soak stops
                self.fail(f"publish {turn}: {failure!r}")

    def publish(self, caller: Caller, chances: random.Random, turn: int) -> None:
        model = f"m{chances.randrange(MODELS)}"
        base = f"/api/v1/models/soak/{model}"
        status, draft = caller.ask("POST", base + "/drafts", b"{}")
        if status not in (200, 201):
            raise Refused(f"draft: {status} {draft}")
        self.drafts[turn] = draft["id"]
        files: dict[str, str] = {}
        contents = [f"shared {chances.randrange(POOL)} ".encode() * 40 for _ in range(FILES - 1)] + [f"own {turn} {self.seed}".encode()]
        for position, content in enumerate(contents):
            status, found = caller.ask("PUT", f"/api/v1/drafts/{draft['id']}/files/f{position}", content, "application/octet-stream")
            if status == 409 and "again" in str(found):
                raise Again
            if status not in (200, 201):
                raise Refused(f"file: {status} {found}")
            files[f"f{position}"] = hashlib.sha256(content).hexdigest()
        status, version = caller.ask("POST", f"/api/v1/drafts/{draft['id']}/publish", b'{"card": {}, "bump": "minor"}')
        if status == 409 and "again" in str(version):
            raise Again
        if status not in (200, 201):
            raise Refused(f"publish: {status} {version}")
        with self.lock:
            self.acknowledged[(model, version["version"])] = files
            self.counts["published"] += 1
            del self.drafts[turn]

    def collect(self) -> None:
        caller = Caller(self.place)
        while not self.stop.wait(COLLECT_SECONDS):
            try:
                status, answer = caller.ask("POST", "/api/v1/gc", b"{}")
                if status == 202:
                    self.counts["collections"] += 1
                elif status != 409:
                    self.fail(f"gc: {status} {answer}")
            except Gone:
                time.sleep(0.1)
            except Exception as failure:  # noqa: BLE001
                self.fail(f"gc: {failure!r}")

    def kills(self) -> None:
        chances = random.Random(self.seed)
        while not self.stop.wait(chances.uniform(*KILL_SECONDS)):
            try:
                self.place.kill()
                self.counts["kills"] += 1
            except Exception as failure:  # noqa: BLE001
                self.fail(f"a start after a kill: {failure!r}")
                return


def settle(caller: Caller) -> dict[str, Any]:
    """Collects until there is nothing left to free, and answers what a look then says."""
    estimate: dict[str, Any] = {}
    for _ in range(120):
        time.sleep(1)
        caller.ask("POST", "/api/v1/gc", b"{}")
        while caller.ask("GET", "/api/v1/gc")[1]["running"]:
            time.sleep(0.1)
        estimate = caller.ask("POST", "/api/v1/gc?dry_run=true", b"{}")[1]
        if estimate["blobs"] == 0 and estimate["versions"] == 0:
            break
    return estimate


def on_disk(data: Path) -> set[str]:
    """The digests of the blobs that lie in the data directory."""
    return {
        file.name
        for file in (data / "blobs").rglob("*")
        if file.is_file() and len(file.name) == 64 and set(file.name) <= set("0123456789abcdef")
    }


def main(publishes: int) -> int:
    seed = int(os.environ.get("MODELWARD_SEED", str(time.time_ns() % 100_000)))
    print(f"== {publishes:,} publishes that share files, a collection each {COLLECT_SECONDS:g} s, kills in between; seed {seed}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="modelward-soak-") as folder:
        place = Place(Path(folder))
        caller = Caller(place)
        status, answer = caller.ask("PUT", "/api/v1/retention/server", json.dumps({"keep_last": KEPT, "delete_after": "0d"}).encode())
        assert status == 200, answer
        soak = Soak(place, publishes, seed)
        publishers = [threading.Thread(target=soak.publish_all, args=(number,)) for number in range(PUBLISHERS)]
        others = [threading.Thread(target=soak.collect), threading.Thread(target=soak.kills)]
        for thread in publishers + others:
            thread.start()
        while any(thread.is_alive() for thread in publishers):
            time.sleep(5)
            print(f"  {time.monotonic() - started:5.0f} s: {soak.begun:,} begun, {dict(soak.counts)}", flush=True)
        soak.stop.set()
        for thread in others:
            thread.join()
        caller.close()
        if not soak.failures:
            check(soak, caller, place)
        place.server.stop()
        for words in soak.failures[:10]:
            print(f"  BROKEN: {words}", flush=True)
        print(f"  {time.monotonic() - started:.0f} s in all", flush=True)
        return 1 if soak.failures else 0


def check(soak: Soak, caller: Caller, place: Place) -> None:
    # What a publish that was cut off had sent is named by its draft until the draft ends.
    for draft in soak.drafts.values():
        caller.ask("DELETE", f"/api/v1/drafts/{draft}")
    time.sleep(GRACE_SECONDS + 1)
    estimate = settle(caller)
    named: set[str] = set()
    lost = deleted = 0
    for (model, version), files in soak.acknowledged.items():
        base = f"/api/v1/models/soak/{model}/versions/{version}"
        status, _ = caller.ask("GET", base)
        if status == 404:
            if caller.ask("GET", base + "/tombstone")[0] != 200:
                soak.fail(f"{model}@{version} was acknowledged, and is neither there nor deleted by the rule")
            deleted += 1
            continue
        named |= set(files.values())
    status, found = caller.ask("POST", "/api/v1/verify", b"{}")
    if status != 200 or found["damaged"]:
        lost = len((found or {}).get("damaged", []))
        soak.fail(f"verify: {status} {str(found)[:500]}")
    present = on_disk(place.data)
    missing = named - present
    # A publish that was cut off may have been kept all the same.
    for model in range(MODELS):
        page = ""
        while True:
            _, listed = caller.ask("GET", f"/api/v1/models/soak/m{model}/versions?page_size=100" + (f"&page_token={page}" if page else ""))
            for row in listed["versions"]:
                _, manifest = caller.ask("GET", f"/api/v1/models/soak/m{model}/versions/{row['version']}/manifest")
                named |= {file["sha256"] for file in manifest["files"]}
            page = listed.get("next_page_token", "")
            if not page:
                break
    left = present - named
    if missing:
        soak.fail(f"{len(missing)} files of versions are lost, such as {sorted(missing)[:3]}")
    if left or estimate["blobs"]:
        soak.fail(f"{len(left)} files are left that no version names, such as {sorted(left)[:3]}; a collection would free {estimate['blobs']}")
    kept = len(soak.acknowledged) - deleted
    print(
        f"  {len(soak.acknowledged):,} publishes were acknowledged; {kept:,} versions stay, {deleted:,} were deleted by the rule;"
        f" {dict(soak.counts)}",
        flush=True,
    )
    print(f"  {len(missing) + lost} blobs lost, {len(left)} left after the grace, {len(present):,} on the disk", flush=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
