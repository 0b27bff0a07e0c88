"""The browser's part, in a process of its own: bare sockets, so that the client takes little of the machine.

Reads one job as a line of JSON, answers with one, until its input ends.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from itertools import count
from typing import Any
from urllib.parse import urlencode

_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?')

_TAGS = re.compile(r"(?:<[^>]+>|\s)+")


class Connection:
    """One kept-open connection; it is opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, head: str, body: bytes = b"") -> tuple[int, str, bytes]:
        """Send a request; returns status, headers and body."""
        for attempt in (1, 2):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
                self.socket.sendall(head.encode() + body)
                return self._answer(self.socket)
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def _answer(self, stream: socket.socket) -> tuple[int, str, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(stream)
        headers, rest = data[:end].decode("latin-1"), data[end + 4 :]
        found = re.search(r"(?i)\r\ncontent-length: *(\d+)", headers)
        length = int(found[1]) if found else 0
        while len(rest) < length:
            rest += self._more(stream)
        return int(headers[9:12]), headers, rest

    @staticmethod
    def _more(stream: socket.socket) -> bytes:
        part = stream.recv(65536)
        if not part:
            raise EOFError
        return part

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def head(method: str, path: str, cookie: str, length: int = 0, more: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: br", f"Cookie: {cookie}"]
    if method == "POST":
        lines += [f"Content-Length: {length}", "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join(lines) + f"\r\n{more}\r\n"


def get(connection: Connection, step: dict[str, Any]) -> tuple[int, str, bytes]:
    return connection.ask(head("GET", step["path"], step["cookie"], more=step.get("headers", "")))


def send_form(connection: Connection, step: dict[str, Any]) -> tuple[int, str, bytes]:
    """Get a page with a form, and send it with its hidden fields and those of the step."""
    status, headers, page = get(connection, {**step, "path": step["form"]})
    return send(connection, _filled_in(step, headers, page)) if status == 200 else (status, headers, page)


def fill_in(connection: Connection, step: dict[str, Any]) -> dict[str, Any]:
    """The same form, ready to be sent by `send`: so that its sending can be measured without its page."""
    status, headers, page = get(connection, {**step, "path": step["form"]})
    if status != 200:
        raise RuntimeError(f"{step['form']}: {status}")
    return _filled_in(step, headers, page)


def _filled_in(step: dict[str, Any], headers: str, page: bytes) -> dict[str, Any]:
    token = re.search(r"(?i)\r\nset-cookie: *(cchc_csrf=[^;]+)", headers)
    fields = {name: value for name, value in _HIDDEN.findall(page.decode()) if name in step["keep"]}
    cookie = step["cookie"] + (f"; {token[1]}" if token else "")
    return {**step, "cookie": cookie, "body": urlencode({**fields, **step["fields"]}, doseq=True)}


def send(connection: Connection, step: dict[str, Any]) -> tuple[int, str, bytes]:
    body, more = step["body"].encode(), step.get("headers_of_sending", "")
    return connection.ask(head("POST", step["path"], step["cookie"], len(body), more), body)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Go through the steps again and again with so many connections, for `seconds` or until `count` are done."""
    if job.get("prepare"):
        return {"steps": [fill_in(Connection(job["port"]), step) for step in job["steps"]]}
    steps, number, statuses, times = job["steps"], count(), Counter[int](), list[float]()
    problems: list[str] = []
    until = time.perf_counter() + job.get("seconds", 3600)
    most = job.get("count", 10**9)

    def work() -> None:
        connection = Connection(job["port"])
        while time.perf_counter() < until and (mine := next(number)) < most:
            step = steps[mine % len(steps)]
            began = time.perf_counter()
            ask = send if "body" in step else send_form if "form" in step else get
            status, _headers, body = ask(connection, step)
            times.append(time.perf_counter() - began)
            statuses[status] += 1
            if status not in job["good"] and len(problems) < 2:
                problems.append(f"{step['path']}: {status} {_TAGS.sub(' ', body.decode())[-1000:]}")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(job["connections"])]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"wall": time.perf_counter() - began, "times": times, "statuses": statuses, "problems": problems}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
