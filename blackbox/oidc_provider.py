"""A certified identity provider for tests (oidc-provider, on Node), and a browser that is just good enough to log in there."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = HERE.parent / "build" / "oidc"
SECRET = "a secret of tests"


def install() -> None:
    """Puts the pinned packages into build/oidc, once."""
    wanted = (HERE / "oidc" / "package-lock.json").read_bytes()
    mark = FOLDER / "installed"
    if mark.exists() and mark.read_bytes() == wanted:
        return
    if not shutil.which("npm"):
        raise RuntimeError("The tests of log-ins need Node 20 or newer with npm (Debian: apt install nodejs npm).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "oidc" / name, FOLDER / name)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"npm ci failed:\n{done.stderr[-2000:]}")
    mark.write_bytes(wanted)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Provider:
    """The provider on a port; it may be stopped and started anew, then with another key."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.issuer = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self, redirect: str, key: str) -> None:
        install()
        self._process = subprocess.Popen(
            ["node", str(HERE / "oidc" / "provider.mjs"), str(self.port), redirect, key],
            cwd=FOLDER,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "NODE_ENV": "test"},
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if "listening" in line:
                # What it says later is read, so that it never waits for a reader.
                threading.Thread(target=self._process.stdout.read, daemon=True).start()
                return
        raise RuntimeError("the provider did not start:\n" + "".join(said))

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


@dataclass
class Answer:
    url: str
    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Browser:
    """Keeps cookies by host and port, Secure ones too, as browsers do on this machine. It follows no redirect by itself."""

    jar: dict[str, dict[str, str]] = field(default_factory=dict)
    has_pages: bool = True

    def call(self, method: str, url: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        parts = urllib.parse.urlsplit(url)
        cookies = self.jar.setdefault(parts.netloc, {})
        sent = dict(headers)
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            if self.has_pages:
                sent["Origin"] = f"{parts.scheme}://{parts.netloc}"
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, sent)
            reply = connection.getresponse()
            answer = Answer(url, reply.status, reply.getheaders(), reply.read().decode())
        finally:
            connection.close()
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self._keep(cookies, value)
        return answer

    @staticmethod
    def _keep(cookies: dict[str, str], cookie: str) -> None:
        name, _, value = cookie.split(";")[0].partition("=")
        if not value or re.search(r"max-age=0\b|expires=thu, 01 jan 1970", cookie, re.IGNORECASE):
            cookies.pop(name.strip(), None)
        else:
            cookies[name.strip()] = value

    def follow(self, answer: Answer, stop: str = "") -> Answer:
        """Goes on until there is a page, or until the next address begins so."""
        for _ in range(20):
            target = answer.header("Location")
            if answer.status not in (301, 302, 303, 307, 308) or (stop and target.startswith(stop)):
                return answer
            answer = self.call("GET", urllib.parse.urljoin(answer.url, target))
        raise AssertionError("too many redirects")

    def submit(self, page: Answer, **fields: str) -> Answer:
        """Sends the first form of a page, with its hidden fields and these."""
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert action, page.text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        target = urllib.parse.urljoin(page.url, action.group(1).replace("&amp;", "&"))
        return self.call("POST", target, {**hidden, **fields})

    def log_in_at_provider(self, page: Answer, name: str, stop: str = "") -> Answer:
        """Fills in the pages of the provider: the name, then the consent."""
        for _ in range(4):
            if 'value="login"' in page.text:
                page = self.follow(self.submit(page, login=name, password="any"), stop)
            elif 'value="consent"' in page.text:
                page = self.follow(self.submit(page), stop)
            else:
                return page
        raise AssertionError("the provider asks on and on")


def post(url: str, form: dict[str, str], user: str = "", password: str = "") -> Answer:
    """A form that a program sends."""
    headers = {}
    if user:
        pair = f"{urllib.parse.quote_plus(user)}:{urllib.parse.quote_plus(password)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return Browser(has_pages=False).call("POST", url, form, **headers)


def wait_for(what: Any, seconds: float = 30.0) -> Any:
    """Asks until there is an answer that counts."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.2)
