"""A session that ends while somebody types: the text comes back after signing in (security.md, fault 12)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from cchc.organization import carry
from cchc.organization.domain import person as people
from cchc.organization.forms.account import PasswordForm
from cchc.organization.models import Person, Session
from tests.factories import AT, Force

PASSWORD = "bốn con thuyền trôi"
TEXT = "Thủ tục cấp căn cước ở phường còn chậm.\n\nĐề nghị cho biết lý do; “có” hay <không>?"


@pytest.fixture
def browser(force: Force) -> Client:
    for each in (force.officer, force.stranger):
        people.set_password(each, PASSWORD, by=None, at=AT)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "an.nv")
    return client


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def sign_in(client: Client, username: str, page: str = "", **more: str) -> Any:
    page = page or client.get("/login/").content.decode()
    data = {
        "username": username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"),
        **more,
    }
    return client.post("/login/", data)


def send(client: Client, **more: Any) -> Any:
    """Write into a form, lose the session, send."""
    page = client.get("/account/").content.decode()
    Session.objects.all().delete()
    data = {"note": TEXT, "phone": "0912 345 678", "my_password": "geheim", **more}
    return client.post("/account/?x=1", {**data, "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")})


def test_the_text_comes_back_and_can_be_sent(browser: Client) -> None:
    answer = send(browser)
    assert answer.status_code == 401
    page = answer.content.decode()
    again = sign_in(browser, "an.nv", page, typed=field(page, "typed"))
    assert again.status_code == 200
    page = again.content.decode()
    assert html.escape(TEXT) in page
    assert 'action="/account/?x=1"' in page
    assert "geheim" not in page
    token = field(page, "csrfmiddlewaretoken")
    sent = browser.post(
        "/account/?x=1",
        {"phone": field(page, "phone"), "language": "vi", "theme": "light", "csrfmiddlewaretoken": token},
    )
    assert sent.status_code == 302


def test_a_wrong_password_in_between_loses_nothing(browser: Client) -> None:
    page = send(browser).content.decode()
    wrong = sign_in(browser, "khong.ai", page, typed=field(page, "typed"))
    page = wrong.content.decode()
    assert html.escape(TEXT) in sign_in(browser, "an.nv", page, typed=field(page, "typed")).content.decode()


def test_files_are_asked_for_again(browser: Client) -> None:
    page = send(browser, files=SimpleUploadedFile("Ảnh chụp.png", b"x")).content.decode()
    page = sign_in(browser, "an.nv", page, typed=field(page, "typed")).content.decode()
    assert 'type="file"' in page
    assert "Ảnh chụp.png" in page


def test_nothing_is_stored(browser: Client) -> None:
    from axes.models import AccessAttempt

    page = send(browser).content.decode()
    sign_in(browser, "khong.ai", page, typed=field(page, "typed"))
    sign_in(browser, "an.nv", page, typed=field(page, "typed"))
    assert all(session.get_decoded().keys().isdisjoint({"typed", "note"}) for session in Session.objects.all())
    packed = field(page, "typed")[:40]
    assert not AccessAttempt.objects.filter(post_data__contains=packed).exists()


def test_the_next_person_at_the_desk_does_not_read_it(force: Force) -> None:
    typed = carry.Typed("/x", [], [], person_id=force.officer.pk)
    assert typed.belongs_to(force.officer.pk)
    assert not typed.belongs_to(force.stranger.pk)


FORGED = ["", "x", "abc:def:ghi", signing.dumps({"path": "//evil.example"}, salt="other")]


@pytest.mark.parametrize("forged", FORGED, ids=["nothing", "a letter", "nonsense", "signed for another purpose"])
def test_only_what_we_signed_is_believed(browser: Client, forged: str) -> None:
    browser.cookies.clear()
    answer = sign_in(browser, "an.nv", typed=forged)
    assert answer.status_code == 302
    assert carry.unpack(forged) is None


def test_no_field_of_the_password_page_is_carried(browser: Client) -> None:
    fields = dict.fromkeys(PasswordForm(Person()).fields, "geheim")
    request = RequestFactory().post("/account/password/", fields)
    assert fields
    assert carry.pack(request) == ""


def test_a_post_without_text_only_asks_to_sign_in(browser: Client) -> None:
    page = browser.get("/account/").content.decode()
    Session.objects.all().delete()
    answer = browser.post("/account/", {"csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")})
    assert answer["Location"] == "/login/"
