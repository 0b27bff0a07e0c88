"""A conference that takes questions at this moment, and what a filled-in form holds."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cchc.workflow.actors import CodeHolder
from dialogues.domain.intake import Asking, ask, new_submit_key
from dialogues.models import Conference, Item
from tests.dialogues.factories import conference_at
from tests.factories import Force

TEXT = "Hồ sơ đăng ký thường trú nộp trực tuyến rồi có phải mang bản giấy đến đối chiếu không?"


def open_now(force: Force, state: str = "collecting", at: datetime | None = None, **fields: Any) -> Conference:
    now = at or timezone.now()
    meets = now + (timedelta(hours=1) if state == "in_session" else timedelta(days=10))
    fields = {
        "starts_at": meets, "ends_at": meets + timedelta(hours=3), "opens_at": now - timedelta(days=2),
        "closes_at": meets + timedelta(hours=2), **fields,
    }  # fmt: skip
    return conference_at(force, state, **fields)


def asked_now(force: Force, conference: Conference, *, draft: bool = False, **asking: Any) -> Item:
    """An item that the officer raises at this moment."""
    asking = {"author": force.officer, "unit": force.qlhc, **asking}
    now = timezone.now()
    return ask(Asking(TEXT, **asking), conference=conference, by=force.officer, at=now, keep_as_draft=draft).item


def one_window(monkeypatch: Any) -> None:
    """All counts of cchc.web.limits fall into one window, tomorrow."""
    tomorrow = int(time.time()) // 86400 * 86400 + 86400 + 30
    monkeypatch.setattr("cchc.web.limits.time.time", lambda: tomorrow)


def typed(**changes: Any) -> dict[str, Any]:
    """What an officer's form posts; None takes a field away."""
    fields = {"identity": "named", "kind": "question", "text": TEXT, "submit_key": new_submit_key(), **changes}
    return {name: value for name, value in fields.items() if value is not None}


def typed_by_guest(**changes: Any) -> dict[str, Any]:
    return typed(**{"audience": "citizens", "asker_name": "Lê Thị Hồng", **changes})


def form_of(conference: Conference) -> str:
    return reverse("ask_form", args=[conference.code])


def for_others(conference: Conference) -> str:
    return reverse("ask_for_others", args=[conference.code])


def entered(**changes: Any) -> dict[str, Any]:
    day = f"{timezone.localdate():%Y-%m-%d}"
    return typed(
        **{"channel": "paper", "received_on": day, "audience": "citizens", "asker_name": "Lê Thị Hồng", **changes}
    )


def code_holder(item: Item) -> CodeHolder:
    return CodeHolder(subject_id=item.pk)


def code_on(answer: Any) -> str:
    found = re.search(r'id="code">([0-9A-Z-]+)<', answer.content.decode())
    assert found, answer.content.decode()[:2000]
    return found.group(1)
