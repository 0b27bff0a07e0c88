"""A national campaign: its people, and what thousands of units do in its year, written in bulk."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from benchmarks.fill import signed_in
from benchmarks.forms import PASSWORD
from benchmarks.words import Words
from cchc.documents.models.paper import keep
from cchc.organization.enums import Rank, Role
from cchc.organization.models import Person, Position, Unit
from cchc.web.text import person_sort_key
from cchc.workflow.engine import perform
from cchc.workflow.models import Obligation
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.draft import canonical, digest_of
from commitments.enums import CommitmentState, ReportState, Scoring, Seat
from commitments.models import Campaign, Commitment, Entry, Report, Signature, Task

S = CommitmentState

SIGNERS = 120  # chiefs who sign in the browser; with their leader below the limit of sign-ins a minute
SMALL = 21  # units of the campaign that the national one is compared with
LEVELS = [("Xuất sắc", Decimal(90)), ("Tốt", Decimal(70)), ("Hoàn thành", Decimal(50)), ("Không", Decimal(0))]
CRITERIA = [
    ("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(60)), ("Trả lời đúng hạn", Scoring.ANSWERS, Decimal(15)),
    ("Thực hiện lời hứa", Scoring.PROMISES, Decimal(15)), ("Sáng kiến", Scoring.JUDGED, Decimal(10)),
]  # fmt: skip
DAYS = {"opens_on": 0, "sign_by": 30, "self_by": 330, "check_by": 340, "score_by": 350, "object_by": 355}
# Weights of the tasks of one unit after the other: 15,000 tasks of 3,300 units.
FOUR, FIVE = (40, 30, 20, 10), (30, 25, 20, 15, 10)
REGISTERED = (FIVE, FOUR, FIVE, FOUR, FIVE, FOUR, FIVE, FIVE, FOUR, FIVE, FOUR)


def actors() -> tuple[Person, Person]:
    """The secretary and the leader of the host."""
    return Person.objects.get(username="bo.thuky"), Person.objects.get(username="bo.truong")


def prepare(code: str) -> dict[str, Any]:
    """The host's people, and two campaigns: all units below the ministry, not opened yet, and a small one, open."""
    ministry, password, at = Unit.objects.get(code="BCA"), make_password(PASSWORD), timezone.now()
    for username, name, role in (
        ("bo.thuky", "Lê Thư Ký", Role.SECRETARY),
        ("bo.truong", "Trần Bộ Trưởng", Role.LEADER),
    ):
        made = Person.objects.create(
            username=username, full_name=name, password=password, rank=Rank.DAI_TA, sort_key=person_sort_key(name)
        )
        Position.objects.create(person=made, unit=ministry, role=role, title="Cục trưởng", valid_from=at.date())
    chiefs = [f"chihuy.{n}" for n in range(1, SIGNERS + 1)]
    Person.objects.filter(username__in=chiefs).update(password=password)
    below = list(Unit.objects.exclude(pk=ministry.pk).order_by("pk"))
    _campaign(code, ministry, below, at)
    perform(_campaign(f"{code}-{SMALL}", ministry, below[-SMALL:], at), "open", by=actors()[1], at=at)
    return {"units": len(below), "sessions": signed_in(["bo.thuky", "bo.truong", *chiefs], at)}


def _campaign(code: str, host: Unit, units: list[Unit], at: datetime) -> Campaign:
    day, (secretary, _leader) = timezone.localdate(at), actors()
    made = create_campaign(
        host=host, by=secretary, at=at, code=code, year=day.year, title=f"Cam kết năm {day.year}", place="Hà Nội",
        clause="Kết quả là một tiêu chí đánh giá.", late_deduction=Decimal("0.1"),
        report_days=[day + timedelta(days=90 * n) for n in (1, 2, 3)],
        **{name: day + timedelta(days=after) for name, after in DAYS.items()},
    )  # fmt: skip
    groups = [(kind, [unit for unit in units if unit.kind == kind]) for kind in sorted({unit.kind for unit in units})]
    return set_terms(made, Terms(CRITERIA, LEVELS, groups), by=secretary, at=at)


def register(code: str) -> dict[str, Any]:
    """Four or five tasks for each unit. Tells who will sign in the browser: commitment and chief."""
    campaign = Campaign.objects.get(code=code)
    drafts, due = list(campaign.commitments.order_by("unit_id")), campaign.self_by - timedelta(days=5)
    words = Words(sentences=2_000)
    Task.objects.bulk_create(
        (
            Task(
                commitment=draft, place=place, text=words.title(), target=Decimal(95),
                measure="Tỷ lệ hồ sơ giải quyết đúng hạn", measure_unit="%", due_on=due, weight=Decimal(weight),
            )
            for draft, weights in zip(drafts, islice(cycle(REGISTERED), len(drafts)), strict=True)
            for place, weight in enumerate(weights, 1)
        ),
        batch_size=2000,
    )  # fmt: skip
    _analyze()
    posts = Position.objects.filter(person__username__startswith="chihuy.", role=Role.UNIT_CHIEF)
    chief = dict(posts.exclude(person__password="!").values_list("unit", "person__username"))
    signers = [{"commitment": str(each.pk), "chief": chief[each.unit_id]} for each in drafts if each.unit_id in chief]
    return {"tasks": Task.objects.filter(commitment__campaign=campaign).count(), "signers": signers}


def in_force(code: str, unsealed: int) -> dict[str, Any]:
    """So many more units signed, were confirmed and wait for their seal; with 0 all the others, sealed already.

    Nine of ten results were reported and accepted, one of seven of them late.
    """
    campaign, now = Campaign.objects.get(code=code), timezone.now()
    waiting = campaign.commitments.filter(state=S.DRAFT).select_related("unit", "host").prefetch_related("tasks")
    drafts = list(waiting.order_by("pk")[: unsealed or None])
    paper, people = keep(b"%PDF-1.7 bench", now), actors()
    for each in drafts:
        each.content = canonical(each)
        each.digest = digest_of(each.content)
    Signature.objects.bulk_create(
        (
            Signature(
                commitment=each, seat=seat, person=person, name=person.full_name, rank=person.rank, title="Trưởng",
                unit_name=unit.name, digest=each.digest, at=now,
            )
            for each in drafts
            for seat, person, unit in zip(Seat, people, (each.unit, each.host), strict=True)
        ),
        batch_size=2000,
    )  # fmt: skip
    _report(drafts, people[0], now)
    Obligation.objects.filter(pk__in=[each.turn_id for each in drafts]).update(settled_at=now)
    for each in drafts:
        each.state, each.turn, each.moves, each.in_force_at, each.paper = S.IN_FORCE, None, 3, now, paper
        each.sealed, each.sealed_at = (None, None) if unsealed else (paper, now)
    fields = ["content", "digest", "state", "turn", "moves", "in_force_at", "paper", "sealed", "sealed_at"]
    Commitment.objects.bulk_update(drafts, fields, batch_size=100)
    _analyze()
    return {"in_force": len(drafts)}


def _report(drafts: list[Commitment], by: Person, now: datetime) -> None:
    reports, entries = [], []
    for task in (task for each in drafts for task in each.tasks.all()):
        report = Report(commitment_id=task.commitment_id, task=task, due_on=task.due_on, moves=1)
        if task.pk % 10:
            report.state, report.submitted_by, report.submitted_at = ReportState.ACCEPTED, by, now
            done_on = task.due_on + timedelta(days=1 if task.pk % 7 == 0 else 0)
            entries.append(Entry(report=report, task=task, value=task.pk % 100, done_on=done_on))
        reports.append(report)
    Report.objects.bulk_create(reports, batch_size=2000)
    Entry.objects.bulk_create(entries, batch_size=2000)


_SCORE = """
INSERT INTO commitments_score (commitment_id, criterion_id, stage, points, before, note, basis, by_id, at)
SELECT c.id, k.id, stage, (('x' || left(md5(c.id::text || k.id || stage), 7))::bit(28)::int %% 10001) / 100.0,
    NULL, '', '[]', %s, now()
FROM commitments_commitment c JOIN commitments_criterion k USING (campaign_id)
    JOIN commitments_campaign a ON a.id = c.campaign_id, unnest(ARRAY['self', 'check', 'leader']) stage
WHERE a.code = %s AND c.state = 'self_due'
"""


def score(code: str) -> dict[str, Any]:
    """The unit, the secretary and the leader give points for every criterion."""
    with connection.cursor() as cursor:
        cursor.execute(_SCORE, [actors()[1].pk, code])
        scores = cursor.rowcount
    waiting = Commitment.objects.filter(campaign__code=code, state=S.SELF_DUE)
    Obligation.objects.filter(pk__in=waiting.values("turn")).update(kind="agree")
    waiting.update(state=S.SCORED, moves=7)
    _analyze()
    return {"scores": scores}


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
