"""Commitments on the stage: a campaign of the demo's town, its commitments brought to a state by real moves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cchc.documents.models.paper import keep
from cchc.organization.models import Person
from cchc.workflow.engine import perform
from commitments import documents
from commitments.domain.draft import Registered, canonical, digest_of, save_tasks
from commitments.domain.signing import post_on
from commitments.domain.terms import prepare
from commitments.enums import Scoring, Seat
from commitments.models import Campaign, Commitment
from tests.browser.stage import LEADER, SECRETARY, Stage

TASKS = [
    ("Bỏ đối chiếu bản giấy với hồ sơ cư trú đã có dữ liệu", "Tỷ lệ hồ sơ không phải đối chiếu", "%", 100, 60),
    ("Số hóa hồ sơ cư trú lưu giấy trước năm 2021", "Số hồ sơ được số hóa", "hồ sơ", 12_400, 40),
]


def campaign(code: str = "CK-SK", opened: bool = True) -> Campaign:
    """The campaign called *code*, made when it is asked for first."""
    found = Campaign.objects.filter(code=code).first()
    if found is not None:
        return found
    at, today, secretary = timezone.now(), timezone.localdate(), person(SECRETARY)
    year = today.year + 1
    days = {name: date(year, 12, day) for name, day in (("self_by", 10), ("check_by", 18), ("score_by", 25))}
    made = prepare(
        host=person(LEADER).positions.get().unit, by=secretary, at=at, day=today, code=code, year=year,
        title=f"Thực hiện nhiệm vụ cải cách hành chính năm {year}", place="Thái Hòa", opens_on=today,
        sign_by=today + timedelta(days=30), object_by=date(year, 12, 30), **days,
        clause="Kết quả thực hiện là một tiêu chí đánh giá mức độ hoàn thành nhiệm vụ.",
        criteria=[("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(100))],
        levels=[
            ("Hoàn thành tốt nhiệm vụ", Decimal(70)), ("Hoàn thành nhiệm vụ", Decimal(50)),
            ("Không hoàn thành nhiệm vụ", Decimal(0)),
        ],
        kinds=["team", "commune_police"],
    )  # fmt: skip
    return perform(made, "open", by=person(LEADER), at=at) if opened else made


def pledge(unit: str, state: str = "draft") -> Commitment:
    """The commitment of the unit with this code, moved on to *state*."""
    found = campaign().commitments.get(unit__code=unit)
    if not found.tasks.exists() and state != "empty":
        found = save_tasks(found, registered(found), by=person(SECRETARY), at=timezone.now())
    if state in ("signed_by_chief", "returned", "in_force") and found.state == "draft":
        found = sign(found)
    if state == "returned" and found.state == "signed_by_chief":
        words = "Chỉ tiêu 2 chưa đo được."
        found = perform(found, "return", by=person(LEADER), at=timezone.now(), note=words)
    if state == "in_force" and found.state == "signed_by_chief":
        found = perform(found, "countersign", by=person(LEADER), at=timezone.now(), digest=found.digest)
    return found


def registered(commitment: Commitment) -> list[Registered]:
    due = date(commitment.campaign.year, 11, 30)
    return [
        Registered(text, measure, unit, Decimal(target), due, Decimal(weight))
        for text, measure, unit, target, weight in TASKS
    ]


def sign(commitment: Commitment) -> Commitment:
    """By the unit's chief, with the paper that the page would make."""
    at, digest = timezone.now(), digest_of(canonical(commitment))
    chief = Person.objects.get(positions__unit=commitment.unit, positions__role="unit_chief")
    post = post_on(Seat.CHIEF, commitment, chief, timezone.localdate(at))
    assert post is not None
    pdf = documents.to_be_signed(commitment, documents.Signing(Seat.CHIEF, post, at, digest))
    return perform(commitment, "sign", by=chief, at=at, digest=digest, paper=keep(pdf, at))


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def address(unit: str, state: str, after: str = "") -> Any:
    """For tests/browser/places.py."""

    def find(stage: Stage) -> str:
        return f"/commitments/{pledge(unit, state).pk}/{after}"

    return find
