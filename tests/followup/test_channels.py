"""The channel that docs/channels.md shows, as it stands there, against a gateway that answers what it is told to."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings as site

from cchc.followup.channels import Letter, Rejected, TryLater, Unreachable, channel, channels
from cchc.organization.models import Person


class Gateway(BaseHTTPRequestHandler):
    status = 200
    asked: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**body, "token": self.headers["Authorization"]})
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"queued")

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/send", "bí-mật".encode().hex()
    Gateway.status, Gateway.asked = 200, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Gateway
    server.shutdown()
    server.server_close()


@pytest.fixture
def sms() -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", (site.BASE_DIR / "docs" / "channels.md").read_text(), re.DOTALL)
    space: dict[str, Any] = {"__name__": "shown"}
    exec(compile(code, "docs/channels.md", "exec"), space)
    return space["Sms"]()


LETTER = Letter(Person(phone="0912345678"), "0912345678", "<1@example.vn>", [])


def test_it_carries_a_letter(gateway: type[Gateway], sms: Any) -> None:
    assert sms.ready
    assert sms.address(LETTER.person) == "0912345678"
    with sms.connect() as sender:
        assert sender.send(LETTER) == "200 queued"
    (asked,) = gateway.asked
    assert (asked["to"], asked["id"]) == ("0912345678", "<1@example.vn>")
    assert asked["text"].endswith("/notices/")


@pytest.mark.parametrize(("status", "raised"), [(400, Rejected), (429, TryLater), (503, TryLater), (401, Unreachable)])
def test_it_says_what_became_of_it(gateway: type[Gateway], sms: Any, status: int, raised: type[Exception]) -> None:
    gateway.status = status
    with sms.connect() as sender, pytest.raises(raised, match=f"{status} queued"):
        sender.send(LETTER)


def test_a_gateway_that_is_away_is_nobodys_fault(gateway: type[Gateway], sms: Any, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/send"
    with sms.connect() as sender, pytest.raises(Unreachable):
        sender.send(LETTER)


def test_the_channels_of_the_settings_exist(settings: Any) -> None:
    assert set(channels()) == {"email"}
    assert [channel(name).ready for name in settings.CHANNELS] == [True]
    settings.SENDS_EMAIL = False
    assert channels() == {}
