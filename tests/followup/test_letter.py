"""/dev/mail/: the demo's mails can be read there, and nowhere but in the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from cchc.followup import mailbox
from cchc.followup.domain import letter as letters

pytestmark = pytest.mark.django_db
HTML = (
    "<!DOCTYPE html><html><head><title>x</title></head>"
    "<body><p style='color:red'>Đến hạn</p><script>x()</script></body></html>"
)


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Any:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    return settings


def post(subject: str = "Việc đến hạn hôm nay", **fields: Any) -> str:
    """Send a mail into the box; its name there."""
    mail = EmailMultiAlternatives(
        subject, "Đồng chí có 3 việc: http://localhost:8000/items/1/", "cchc@localhost", ["An <an.nv@example.vn>"],
        headers={"Message-ID": "<1@cchc>", "List-Unsubscribe": "<http://localhost/x>"}, **fields,
    )  # fmt: skip
    mail.attach_alternative(HTML, "text/html")
    mail.attach("lịch.ics", b"BEGIN:VCALENDAR", "text/calendar")
    assert mailbox.EmailBackend().send_messages([mail]) == 1
    return mailbox.files()[0].stem


def test_outside_of_the_demo_there_is_no_such_place(demo: Any) -> None:
    name = post()
    demo.DEMO = False
    for address in ("", f"{name}/", f"{name}/html/", f"{name}/files/0/"):
        assert Client().get(f"/dev/mail/{address}").status_code == 404


def test_the_newest_first_without_signing_in(demo: Any) -> None:
    assert Client().get("/dev/mail/").status_code == 200
    names = [post(f"Thư {number}") for number in range(3)]
    answer = Client().get("/dev/mail/")
    assert [letter.name for letter in answer.context["letters"]] == names[::-1]
    assert "Thư 2" in answer.content.decode()
    assert "an.nv@example.vn" in answer.content.decode()


def test_one_mail_with_headers_text_and_files(demo: Any) -> None:
    answer = Client().get(f"/dev/mail/{post()}/")
    page = answer.content.decode()
    for part in ("Việc đến hạn hôm nay", "Đồng chí có 3 việc", "&lt;1@cchc&gt;", "List-Unsubscribe", "lịch.ics"):
        assert part in page
    assert 'href="http://localhost:8000/items/1/"' in page
    assert "<script>x()" not in page
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_the_html_part_is_shut_in(demo: Any) -> None:
    name = post()
    page = Client().get(f"/dev/mail/{name}/").content.decode()
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    answer = Client().get(f"/dev/mail/{name}/html/")
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["style-src"] == "'unsafe-inline'"
    assert policy["script-src"] == policy["default-src"] == policy["connect-src"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["sandbox"] == "allow-top-navigation-by-user-activation"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top">' in answer.content.decode()
    assert "unsafe-inline" not in Client().get("/dev/mail/")["Content-Security-Policy"]


def test_a_file_is_saved_and_never_shown(demo: Any) -> None:
    name = post()
    answer = Client().get(f"/dev/mail/{name}/files/0/")
    assert answer.content == b"BEGIN:VCALENDAR"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert Client().get(f"/dev/mail/{name}/files/7/").status_code == 404


@pytest.mark.parametrize("name", ["x", "..", "..%2Fsecret_key", "a.b"])
def test_no_other_file_can_be_named(demo: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key.eml").write_text("Subject: x\n\ngeheim")
    post()
    assert Client().get(f"/dev/mail/{name}/").status_code == 404
    assert letters.letter("../secret_key") is None


def test_a_mail_without_html_or_subject(demo: Any) -> None:
    mailbox.folder().mkdir(parents=True)
    (mailbox.folder() / "0-a.eml").write_bytes(b"To: x@y.vn\n\nxin ch\xc3\xa0o")
    page = Client().get("/dev/mail/0-a/").content.decode()
    assert "<iframe" not in page
    assert Client().get("/dev/mail/0-a/html/").status_code == 404
