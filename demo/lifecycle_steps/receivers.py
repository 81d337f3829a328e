"""Where alerts arrive: a webhook, a receiver of Slack's form, and a mail server, all on this machine."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receivers:
    """Listens on free ports of the loopback; ``posts`` by path and ``mails`` are what arrived."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.mails: list[tuple[str, str]] = []
        receivers = self

        class Post(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receivers.posts.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Mail(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 demo")
                while line := self.rfile.readline():
                    word = line.decode().strip().upper()
                    if word.startswith("DATA"):
                        self._say("354 go on")
                        receivers._mail(self._lines())
                        self._say("250 kept")
                    elif word.startswith("QUIT"):
                        self._say("221 bye")
                        return
                    else:
                        self._say("250 demo")

            def _say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

            def _lines(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                return b"".join(lines)

        self._servers = (ThreadingHTTPServer(("127.0.0.1", 0), Post), socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail))
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._servers[0].server_address[1]}"
        self.mail_port = self._servers[1].server_address[1]

    def _mail(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        self.mails.append((str(mail["Subject"]), "" if body is None else body.get_content()))

    def all_have(self, event: Callable[[str], bool], seconds: float) -> bool:
        """Waits until each of the three has a message whose text the condition holds of."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            posts = [(path, json.dumps(body)) for path, body in self.posts]
            places = [any(event(text) for where, text in posts if where == path) for path in ("/webhook", "/slack")]
            if all(places) and any(event(subject + body) for subject, body in self.mails):
                return True
            time.sleep(0.1)
        return False

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
