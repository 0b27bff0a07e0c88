"""Domains as the frame sees them: functions named in settings, so that the frame is tested by itself."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from cchc.organization.models import Person
from cchc.web.navigation import NavEntry
from cchc.web.panels import Button, Due, Empty, Notice, Panel, Piece, Row, Tile
from cchc.web.sought import Sought

DUE = date(2020, 1, 20)


def navigation(person: Any) -> list[NavEntry]:
    return [
        NavEntry("", "/", "home", 9, key="home"),
        NavEntry("Conferences", "/conferences/", "cal", phone="Conferences"),
        NavEntry("Send", "/items/new/", "plus", phone="Send", side=False),
        NavEntry("Questions", "/items/", "chat", 35, phone="Questions"),
        NavEntry("Plans", "/plans/", "doc", group="Administration", phone="Plans"),
    ]


def bell(person: Any) -> int:
    return 4


def workplace(person: Any) -> SimpleNamespace:
    return SimpleNamespace(unit="Công an phường An Thịnh", title="Cán bộ")


def home(person: Any, at: datetime, most: int) -> list[Piece]:
    rows = [
        Row(
            "Câu hỏi <b>một</b>",
            "/1/",
            "s3",
            "is-wait",
            "Chờ",
            "CH-01",
            ("Công dân",),
            Due(DUE, 0),
            Button("Trả lời", "/1/"),
        ),
        Row("Câu hỏi hai", "/2/", due=Due(DUE, -3), new=True),
    ]
    return [
        Button("Gửi", "/new/", "plus", primary=True),
        Tile(2, "Chờ tôi trả lời", "/mine/", tone="mine"),
        Notice("Đang nhận câu hỏi"),
        Panel("mine", "Chờ tôi trả lời", rows, 2, "/mine/", primary=True),
        Panel("hidden", "Không có gì"),
        Panel("followed", "Tôi theo dõi", rail=True, empty=Empty("Chưa theo dõi")),
    ]


def nothing(person: Any, at: datetime, most: int) -> list[Piece]:
    return []


def search(person: Any, text: str, at: datetime) -> list[Sought]:
    rows = Person.objects.filter(pk=person.pk) if text == "cai cach" else Person.objects.none()
    return [Sought("items", "Câu hỏi", rows, ("full_name",), lambda each: Row(f"Thấy {text}", "/1/"))]
