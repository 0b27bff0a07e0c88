"""Which earlier items are offered to whoever types something alike, and to whom."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from dialogues.domain import similar
from dialogues.domain.similar import answered_like
from dialogues.enums import Audience
from dialogues.models import Item
from tests.dialogues.asking import open_now
from tests.dialogues.factories import item_at
from tests.factories import Force

EARLIER = "Nộp hồ sơ đăng ký thường trú trực tuyến rồi thì có phải mang giấy khai sinh bản giấy đến đối chiếu không?"
# What people would type who want the same.
ALIKE = [
    "hồ sơ đăng ký thường trú trực tuyến có phải mang bản giấy không",
    "Tôi nộp hồ sơ trực tuyến mà vẫn bị yêu cầu mang giấy khai sinh ra đối chiếu",
    "Dang ky thuong tru qua mang roi co phai mang giay khai sinh",
]
OTHERS = [
    "Bao giờ có thêm kinh phí xăng xe cho tổ tuần tra đêm?",
    "Đề nghị bố trí thêm một cán bộ trực tiếp dân vào thứ Bảy",
    "Xin hỏi lịch cấp căn cước lưu động năm nay",
]


@pytest.fixture
def published(force: Force) -> Item:
    return item_at(force, "published", by=force.unit_chief, text=EARLIER)


@pytest.mark.parametrize("text", ALIKE)
def test_alike_is_found(force: Force, published: Item, text: str) -> None:
    assert answered_like(text, published.conference, force.officer) == [published]


@pytest.mark.parametrize("text", OTHERS)
def test_unlike_is_not(force: Force, published: Item, text: str) -> None:
    assert answered_like(text, published.conference, force.officer) == []


def test_two_different_questions_of_the_case_are_never_alike() -> None:
    """Forty real texts of one conference: they share the words of the trade, yet hardly a pair is alike."""
    case = Path(similar.__file__).parent.parent / "scenario" / "thai-hoa-2020.yaml"
    texts = {entry["code"]: entry["text"] for entry in _entries(yaml.safe_load(case.read_text("utf-8")))}
    assert len(texts) >= 35
    pairs = {code: similar._pairs(text) for code, text in texts.items()}
    alike = [
        (one, other)
        for one, other in combinations(texts, 2)
        if similar._likeness(pairs[one], pairs[other]) >= similar.ALIKE
    ]
    # Digital signatures for wards, twice; one computer for a commune, twice; long ways to a counter, twice.
    assert len(alike) < len(texts) * (len(texts) - 1) / 2 / 100, alike


def _entries(told: Any) -> Any:
    if isinstance(told, dict):
        if {"kind", "text", "code"} <= told.keys():
            yield told
        for value in told.values():
            yield from _entries(value)
    elif isinstance(told, list):
        for value in told:
            yield from _entries(value)


def test_only_answered_ones_are_offered(force: Force) -> None:
    item_at(force, "prepared", by=force.unit_chief, text=EARLIER)
    answered = item_at(force, "answered", by=force.unit_chief, text=EARLIER)
    assert answered_like(ALIKE[0], answered.conference, force.officer) == []


def test_at_most_three_best_first(force: Force) -> None:
    found = [item_at(force, "published", by=force.unit_chief, text=f"{EARLIER} Lần {n}.") for n in range(4)]
    exact = item_at(force, "published", by=force.unit_chief, text=ALIKE[0])
    offered = answered_like(ALIKE[0], found[0].conference, force.officer)
    assert len(offered) == 3
    assert offered[0] == exact


def test_fewer_than_fifteen_letters_ask_nothing(force: Force, published: Item, django_assert_num_queries: Any) -> None:
    assert published.conference.host
    for text in ("", "   ", "hồ sơ trực", "? ! . , ; : - ( ) [ ] / + = 1", "\x00"):
        with django_assert_num_queries(0):
            assert answered_like(text, published.conference, force.officer) == []


def test_what_one_may_not_see_is_not_offered(force: Force, published: Item) -> None:
    assert answered_like(EARLIER, published.conference, force.stranger) == []


def test_guests_are_offered_what_guests_asked(force: Force, published: Item) -> None:
    """What officers ask of their own house is not for guests."""
    assert published.audience == Audience.OFFICERS
    assert answered_like(EARLIER, published.conference, None) == []
    civil = item_at(force, "published", by=force.unit_chief, text=EARLIER, audience=Audience.CITIZENS)
    assert answered_like(EARLIER, published.conference, None) == [civil]


@pytest.mark.parametrize(
    "text", ["'" * 40 + "hồ sơ trực tuyến", "(a & b | !c) hồ sơ <-> trực:*", "9" * 4000, "\\" * 30 + "hồ sơ nộp"]
)
def test_no_text_acts_as_an_operator(force: Force, published: Item, text: str) -> None:
    assert isinstance(answered_like(text, published.conference, force.officer), list)


# --- the part of the page ---
def test_the_part_that_comes_while_typing(client: Client, force: Force, published: Item) -> None:
    client.force_login(force.officer)
    address = reverse("ask_similar", args=[open_now(force).code])
    part = client.post(address, {"text": ALIKE[0]}, headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "<html" not in page
    assert published.title in page
    assert reverse("ask_follow", args=[published.pk]) in page
    assert client.get(address).status_code == 405  # what is typed stands in no address
    assert client.post(address, {"text": "ngắn"}, headers={"HX-Request": "true"}).content.strip() == b""


def test_without_javascript_the_whole_form_comes_back_with_it(client: Client, force: Force, published: Item) -> None:
    client.force_login(force.officer)
    conference = open_now(force)
    page = client.post(
        reverse("ask_similar", args=[conference.code]), {"text": ALIKE[0], "identity": "anonymous"}
    ).content.decode()
    assert published.title in page
    assert ALIKE[0] in page
    assert 'value="anonymous" checked' in page


def test_a_leader_reads_it_but_does_not_follow(client: Client, force: Force, published: Item) -> None:
    client.force_login(force.leader)
    address = reverse("ask_similar", args=[open_now(force).code])
    page = client.post(address, {"text": ALIKE[0]}, headers={"HX-Request": "true"}).content.decode()
    assert published.title in page
    assert reverse("ask_follow", args=[published.pk]) not in page


def test_guests_get_the_part_too(client: Client, force: Force) -> None:
    civil = item_at(force, "published", by=force.unit_chief, text=EARLIER, audience=Audience.CITIZENS)
    assert client.post(reverse("guest_similar"), {"text": ALIKE[0]}).status_code == 403
    client.get(reverse("guest_enter", args=[open_now(force).guest_key]))
    page = client.post(reverse("guest_similar"), {"text": ALIKE[0]}, headers={"HX-Request": "true"}).content.decode()
    assert civil.title in page
    assert reverse("guest_found") in page
    assert client.get(reverse("guest_found")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_one_query_however_many_are_alike(force: Force, rows: int, django_assert_num_queries: Any) -> None:
    items = [item_at(force, "published", by=force.unit_chief, text=f"{EARLIER} Lần {n}.") for n in range(rows)]
    conference = type(items[0].conference).objects.select_related("host").get(pk=items[0].conference_id)
    answered_like("cho nóng máy, cho nóng máy", conference, force.officer)
    with django_assert_num_queries(1):
        found = answered_like(ALIKE[0], conference, force.officer)
        assert [item.answer.text for item in found if item.answer]
