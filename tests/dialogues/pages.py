"""What tests of pages share."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.factories import Force


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def typed_conference(force: Force, **changes: Any) -> dict[str, Any]:
    """A form filled in as it should be."""
    return {
        "title": "Hội nghị đối thoại với Nhân dân", "host": force.town.pk, "chair": force.leader.pk, "plan": "",
        "code": "", "venue": "Hội trường", "starts_at": "2026-12-02T14:00", "ends_at": "2026-12-02T17:00",
        "opens_at": "2026-11-10T07:30", "closes_at": "2026-12-02T16:00", "answer_term": "15", "topics": "",
        "audiences": ["officers", "citizens"], "invited": [force.ward.pk], "reported_items": "", **changes,
    }  # fmt: skip


def text_of(response: Any) -> str:
    return response.content.decode()
