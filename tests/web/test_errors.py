"""Refusals and failures as pages; and no typed text lost to an old token."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frame")]


def test_not_found(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert answer.text == client.get("/another/page/").text


def test_a_failure_shows_only_a_number(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(person())
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = client.get("/probe/broken/")
    assert answer.status_code == 500
    number = re.search(r'class="track d-block">([0-9a-f]{8})<', answer.text)
    assert number is not None
    assert "secret of the code" not in answer.text
    errors = [record for record in caplog.records if record.exc_info]
    assert len(errors) == 1
    assert number.group(1) in errors[0].getMessage()


def test_the_page_of_a_failure_asks_the_database_nothing(rf: Any) -> None:
    from cchc.web.views import errors

    with CaptureQueriesContext(connection) as queries:
        try:
            raise RuntimeError
        except RuntimeError:
            assert errors.server_error(rf.get("/")).status_code == 500
    assert len(queries) == 0


def test_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/probe/reads/", "x" * 1001, content_type="text/plain")
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_a_wrong_host(client: Client) -> None:
    assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400


OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
LONG = "Vì sao nộp hồ sơ trực tuyến rồi\nmà vẫn phải mang bản giấy <script>?"


def old_token(headers: dict[str, str], **fields: Any) -> Any:
    client = Client(enforce_csrf_checks=True, headers=headers)
    client.force_login(person())
    client.get("/probe/form/")
    return client, client.post("/probe/form/?x=1", {"csrfmiddlewaretoken": "o" * 64, **fields})


def test_an_old_token_gives_back_what_was_typed() -> None:
    client, answer = old_token(OURS, text=LONG, unit=["1", "2"], password="hunter2")
    assert answer.status_code == 403
    assert 'action="/probe/form/?x=1"' in answer.text
    assert "mà vẫn phải mang bản giấy &lt;script&gt;?</textarea>" in answer.text
    assert answer.text.count('name="unit"') == 2
    assert "hunter2" not in answer.text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
    assert token is not None
    assert client.post("/probe/form/?x=1", {"csrfmiddlewaretoken": token.group(1), "text": LONG}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {},
        {**OURS, "hx-request": "true"},
    ],
)
def test_foreign_forms_are_not_offered_again(headers: dict[str, str]) -> None:
    _client, answer = old_token(headers, text=LONG)
    assert answer.status_code == 403
    assert "<textarea" not in answer.text
    assert "<form" not in answer.text


def test_a_database_that_is_away_loses_nothing(client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/probe/busy/").status_code == 503
    answer = client.post("/probe/busy/?x=1", {"text": LONG, "password": "hunter2"})
    assert answer.status_code == 503
    assert 'action="/probe/busy/?x=1"' in answer.text
    assert "mà vẫn phải mang bản giấy" in answer.text
    assert "hunter2" not in answer.text


def test_a_form_address_opened_by_itself_is_a_page(client: Client) -> None:
    answer = client.get("/settings/theme/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "<h1>" in answer.text
