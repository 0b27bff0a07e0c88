"""Every address × every role × GET and POST: the expected answers are a golden table.

A new address fails here until it has a sample and its line in tests/golden/url_matrix.txt was read (written anew with
GOLDEN=write). The town's people are "own unit"; `stranger` and `next_leader` belong to the town next door: for
them every object of the town answers exactly like one that does not exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from cchc.documents.domain.attachment import attach, check
from cchc.documents.models import Attachment
from cchc.followup.domain.handover import confirm
from cchc.followup.domain.unsubscribe import token_for
from cchc.followup.models import Pulse, Run
from cchc.organization.domain.absence import record_absence
from cchc.organization.models import Absence, Position
from cchc.workdays.models import Day
from cchc.workflow.chain import verify
from cchc.workflow.models import Handover, Notice
from commitments.domain.progress import open_reports
from commitments.models import Commitment, Criterion, Ranking, Report
from dialogues.models import Conclusion, Conference, Directive, Escalation, Item, Plan
from tests.commitments.factories import campaign, commitment_at
from tests.dialogues.directing import conclusion_at, directive_at
from tests.dialogues.factories import ANSWERED, conference_at, escalation_at, item_at, move, plan
from tests.dialogues.inspecting import INSPECTION_SAMPLES, inspections
from tests.dialogues.results import RESULT_SAMPLES, results
from tests.dialogues.test_item_offers import ROLES, agrees_with
from tests.documents.addresses import PAPER_SAMPLES
from tests.factories import Force, unit
from tests.followup.figures import FIGURE_SAMPLES
from tests.followup.obligations import owed
from tests.kept import Kept

COLUMNS = ("guest", *ROLES)
FOREIGN = ("stranger", "next_leader")


@dataclass(frozen=True)
class World:
    force: Force
    conference: Conference
    item: Item  # assigned
    published: Item
    draft: Item
    plan: Plan
    post: Position
    notice: Notice
    file: Attachment
    participant: int
    day: int


@pytest.fixture
def world(force: Force) -> World:
    return filled(force)


@Kept
def filled(force: Force) -> World:
    conference = conference_at(force, "collecting", code="HN-2020-01")
    conference.participants.create(person=force.officer)
    assigned = item_at(force, "assigned", conference=conference)
    published = item_at(force, "published", conference=conference)
    file = attach(
        subject_type="dialogues.item", subject_id=str(assigned.pk), by=force.officer, at=ANSWERED,
        checked=check(SimpleUploadedFile("ghi-chu.txt", "Phụ lục".encode())),
    )  # fmt: skip
    participant = conference.participants.get(person=force.officer)
    notice = Notice.objects.filter(person=force.secretary).latest("pk")
    away_and_ended(force)
    in_operation()
    escalation_at(force, "sent", items=[item_at(force, "prepared", conference=conference)])
    a_year(force, commitment_at(force))
    directive_at(force, "in_progress")
    conclusion_at(force)
    campaign(force, code="CK-2021", year=2021, opened=False)
    inspections(force)
    results(force)
    return World(
        force, conference, assigned, published, item_at(force, "draft", conference=conference), plan(force),
        force.officer.positions.get(), notice, file, participant.pk,
        Day.objects.create(date="2020-01-23", kind="off", name="Tết Nguyên đán").pk,
    )  # fmt: skip


def a_year(force: Force, commitment: Commitment) -> None:
    """Reports are owed, and a ranking was published."""
    now = timezone.now()
    open_reports(commitment, now)
    Ranking.objects.create(
        campaign=commitment.campaign, content="{}", digest="0" * 64, published_by=force.leader, published_at=now
    )


def in_operation() -> None:
    """The clock has struck and this morning's reminders are there: the site is ready."""
    now = timezone.now()
    Pulse.objects.create(name="beat", at=now)
    Run.objects.create(day=timezone.localdate(now), began_at=now, finished_at=now)


def away_and_ended(force: Force) -> None:
    """The chief of QLHC is away; a team CU has ended, and part of what it owed was handed over."""
    today, now = timezone.localdate(), timezone.now()
    post = force.unit_chief.positions.get()
    record_absence(post, first=today, last=today, reason="Họp", by=force.secretary, at=now)
    ended = unit("CU", force.town, valid_to=date(2020, 1, 31))
    first, _second = (owed(force, date(2020, 2, day), unit=ended) for day in (10, 11))
    confirm(ended, force.qlhc, "15/QĐ-CATX", chosen=[first.pk], by=force.secretary, at=now)


Sample = Callable[[World], dict[str, Any]]
PLAIN: Sample = lambda world: {}  # noqa: E731
CONFERENCE: Sample = lambda world: {"code": world.conference.code}  # noqa: E731
ITEM: Sample = lambda world: {"pk": world.item.pk}  # noqa: E731
PUBLISHED: Sample = lambda world: {"pk": world.published.pk}  # noqa: E731
DRAFT: Sample = lambda world: {"pk": world.draft.pk}  # noqa: E731
PLAN: Sample = lambda world: {"pk": world.plan.pk}  # noqa: E731
CONCLUSION: Sample = lambda world: {"code": Conclusion.objects.get(state="draft").conference.code}  # noqa: E731
DIRECTIVE: Sample = lambda world: {"pk": Directive.objects.get(state="in_progress").pk}  # noqa: E731
UNISSUED: Sample = lambda world: {"pk": Directive.objects.get(state="draft").pk}  # noqa: E731
ESCALATION: Sample = lambda world: {"pk": Escalation.objects.get().pk}  # noqa: E731
PERSON: Sample = lambda world: {"pk": world.force.officer.pk}  # noqa: E731
POST: Sample = lambda world: {"pk": world.post.pk}  # noqa: E731
UNIT: Sample = lambda world: {"code": world.force.qlhc.code}  # noqa: E731

# An address whose names are not in this table fails the test.
SAMPLES: dict[str, Sample] = {
    **dict.fromkeys(
        "home search menu stay alive theme language login logout profile password_change session_list session_end "
        "unit_list unit_create unit_options person_list person_create notice_list notice_read_all conference_list "
        "conference_create conference_units plan_list plan_create ask ask_channels guest_ask guest_similar guest_found "
        "guest_conferences guest_track guest_track_edit guest_track_rate item_list item_publish_many "
        "unit_import unit_import_template person_import person_import_template".split(),
        PLAIN,
    ),
    **dict.fromkeys("unit_show unit_edit unit_end unit_succession".split(), UNIT),
    **dict.fromkeys(
        "person_show person_edit person_code person_close person_open person_sign_out position_create".split(), PERSON
    ),
    **dict.fromkeys("position_edit position_end".split(), POST),
    **dict.fromkeys(
        "conference_show conference_items conference_agenda conference_agenda_edit conference_people "
        "conference_participant conference_chiefs conference_history conference_edit conference_poster conference_link "
        "conference_print ask_form ask_draft ask_similar ask_for_others ask_people".split(),
        CONFERENCE,
    ),
    "conference_participant_remove": lambda world: {"code": world.conference.code, "pk": world.participant},
    "conference_move": lambda world: {"code": world.conference.code, "action": "start"},
    **dict.fromkeys("plan_show plan_edit".split(), PLAN),
    "plan_move": lambda world: {"pk": world.plan.pk, "action": "complete"},
    **dict.fromkeys("item_show item_earlier item_support".split(), ITEM),
    **dict.fromkeys("item_rate ask_follow".split(), PUBLISHED),
    **dict.fromkeys("ask_edit ask_discard".split(), DRAFT),
    "item_move": lambda world: {"pk": world.item.pk, "action": "prepare"},
    "guest_enter": lambda world: {"key": world.conference.guest_key},
    "guest_track_do": lambda world: {"action": "confirm"},
    "guest_track_file": lambda world: {"pk": world.file.pk},
    "attachment_open": lambda world: {"pk": world.file.pk},
    "notice_open": lambda world: {"pk": world.notice.pk},
    **dict.fromkeys("unit_import_preview person_import_preview".split(), lambda world: {"token": "x" * 22}),
    **dict.fromkeys("item_export escalation_export".split(), lambda world: {"kind": "csv"}),
    **dict.fromkeys("escalation_list escalation_inbox".split(), PLAIN),
    **dict.fromkeys("escalation_show escalation_edit escalation_take_in".split(), ESCALATION),
    "escalation_move": lambda world: {**ESCALATION(world), "action": "receive"},
    **dict.fromkeys("directive_list directive_remind".split(), PLAIN),
    "directive_export": lambda world: {"kind": "csv"},
    "conference_conclusion": CONFERENCE,
    **dict.fromkeys("conclusion_edit directive_add".split(), CONCLUSION),
    "conclusion_move": lambda world: {**CONCLUSION(world), "action": "present"},
    "directive_show": DIRECTIVE,
    "directive_move": lambda world: {**DIRECTIVE(world), "action": "report"},
    **dict.fromkeys("directive_edit directive_remove directive_up".split(), UNISSUED),
    "plan_task_add": PLAN,
    **dict.fromkeys("day_list day_create day_swap".split(), PLAIN),
    **dict.fromkeys("day_edit day_withdraw".split(), lambda world: {"pk": world.day}),
    "day_seed": lambda world: {"year": 2027},
    "obligation_show": lambda world: {"pk": world.item.turn_id},
    **dict.fromkeys(
        "feed_show feed_revoke preference_edit overdue_list ready health_show health_remind delivery_list "
        "delivery_resend_all letter_list".split(),
        PLAIN,
    ),
    **dict.fromkeys("letter_show letter_html".split(), lambda world: {"name": "x"}),
    "letter_file": lambda world: {"name": "x", "number": 0},
    "unsubscribe": lambda world: {"token": token_for(world.force.stranger)},
    "ladder_list": PLAIN,
    **dict.fromkeys("ladder_edit ladder_reset".split(), lambda world: {"kind": "general"}),
    "told_list": lambda world: {"subject_type": "dialogues.item", "subject_id": str(world.item.pk)},
    "delivery_resend": lambda world: {"pk": uuid.UUID(int=1)},
    "overdue_export": lambda world: {"kind": "csv"},
    "feed_file": lambda world: {"secret": "x" * 43},
    "draft_save": lambda world: {"key": "ask"},
    **dict.fromkeys("absence_list absence_choose handover_queue".split(), PLAIN),
    **dict.fromkeys("campaign_list campaign_create verify".split(), PLAIN),
    **dict.fromkeys("campaign_show campaign_remind".split(), lambda world: {"code": "CK-2020"}),
    **dict.fromkeys("campaign_edit campaign_units".split(), lambda world: {"code": "CK-2021"}),
    "campaign_move": lambda world: {"code": "CK-2021", "action": "open"},
    **dict.fromkeys(
        "commitment_show commitment_tasks commitment_paper commitment_file commitment_sealed commitment_sign "
        "commitment_docx commitment_countersign signed_copy_list".split(),
        lambda world: {"pk": Commitment.objects.get(unit=world.force.qlhc).pk},
    ),
    "signed_copy_file": lambda world: {"pk": Commitment.objects.get(unit=world.force.qlhc).pk, "number": 1},
    "commitment_move": lambda world: {
        "pk": Commitment.objects.get(unit=world.force.qlhc).pk,
        "action": "return",
    },
    "verify_code": lambda world: {"code": "X" * 16},
    **dict.fromkeys(
        "report_list evaluation_show evaluation_self_score evaluation_check evaluation_score evaluation_decide "
        "evaluation_file evaluation_docx commitment_terminate".split(),
        lambda world: {"pk": Commitment.objects.get(unit=world.force.qlhc).pk},
    ),
    "evaluation_rows": lambda world: {
        "pk": Commitment.objects.get(unit=world.force.qlhc).pk,
        "criterion": Criterion.objects.filter(campaign__code="CK-2020")[0].pk,
    },
    **dict.fromkeys("report_show report_submit".split(), lambda world: {"pk": Report.objects.first().pk}),
    "report_move": lambda world: {"pk": Report.objects.first().pk, "action": "accept"},
    **dict.fromkeys("ranking_show ranking_publish ranking_docx".split(), lambda world: {"code": "CK-2020"}),
    "ranking_export": lambda world: {"code": "CK-2020", "kind": "csv"},
    **dict.fromkeys(
        "absence_create absence_people handover_post handover_post_export".split(),
        lambda world: {"pk": world.force.unit_chief.positions.get().pk},
    ),
    **dict.fromkeys("absence_stand_in absence_end".split(), lambda world: {"pk": Absence.objects.get().pk}),
    "handover_unit": lambda world: {"code": "CU"},
    **INSPECTION_SAMPLES,
    **FIGURE_SAMPLES,
    **RESULT_SAMPLES,
    **PAPER_SAMPLES,
    "handover_show": lambda world: {"pk": Handover.objects.get().pk},
}


def names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


def answer(client: Client, method: str, url: str, *, keep: bool = False) -> int:
    """The status of one request, whose effects are taken back: also those on the cookies (signing out)."""
    jar = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    with transaction.atomic():
        response = client.generic(method, url)
        b"".join(response) if response.streaming else None
        transaction.set_rollback(not keep)
    client.cookies = jar
    return response.status_code


def client_of(role: str, force: Force) -> Client:
    client = Client(raise_request_exception=False)
    if role != "guest":
        client.force_login(getattr(force, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_address_for_every_role(world: World) -> None:
    addresses = sorted(set(names(get_resolver().url_patterns)))
    assert sorted(set(addresses) - set(SAMPLES)) == []
    clients = {role: client_of(role, world.force) for role in COLUMNS}
    lines = [f"{'':<36}" + " ".join(f"{role[:11]:<11}" for role in COLUMNS)]
    for name in addresses:
        url = reverse(name, kwargs=SAMPLES[name](world))
        for method in ("GET", "POST"):
            codes = [answer(clients[role], method, url) for role in COLUMNS]
            assert max(codes) < 500, (name, method, dict(zip(COLUMNS, codes, strict=True)))
            lines.append(f"{name + ' ' + method:<36}" + " ".join(f"{code:<11}" for code in codes).rstrip())
    agrees_with("url_matrix.txt", [line.rstrip() for line in lines])


OBJECTS = {
    "conference_show": {"code": "HN-1999-99"},
    "item_show": {"pk": uuid.UUID(int=1)},
    "escalation_show": {"pk": uuid.UUID(int=1)},
    "plan_show": {"pk": uuid.UUID(int=1)},
    "survey_show": {"pk": uuid.UUID(int=1)},
    "grading_unit": {"code": "CATX9"},
    "campaign_show": {"code": "CK-1999"},
    "commitment_show": {"pk": uuid.UUID(int=1)},
    "report_show": {"pk": uuid.UUID(int=1)},
    "attachment_open": {"pk": uuid.UUID(int=1)},
}


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("role", FOREIGN)
def test_what_is_foreign_answers_like_what_is_missing(world: World, name: str, role: str) -> None:
    client = client_of(role, world.force)
    foreign = client.get(reverse(name, kwargs=SAMPLES[name](world)))
    missing = client.get(reverse(name, kwargs=OBJECTS[name]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_reading_writes_nothing(world: World) -> None:
    """Crawl every GET as the secretary: no row appears, goes or changes, and the ledger's head stays."""

    def rows() -> dict[str, int]:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            counts = {}
            for table in set(tables) - {"django_session", "cache", "axes_accesslog"}:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counts[table] = cursor.fetchone()[0]
        return counts

    client = client_of("secretary", world.force)
    client.get(reverse("home"))
    # Samples first: some make what they name.
    addresses = [reverse(name, kwargs=SAMPLES[name](world)) for name in sorted(set(names(get_resolver().url_patterns)))]
    before, head = rows(), verify().head
    for address in addresses:
        answer(client, "GET", address, keep=True)
    after = rows()
    assert {name: number for name, number in after.items() if number != before[name]} == {}
    assert verify().head == head


def test_a_post_without_a_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.force.secretary, backend="django.contrib.auth.backends.ModelBackend")
    moved = move(world.item, "prepare", world.force)
    for name in sorted(set(names(get_resolver().url_patterns))):
        if name not in ("alive", "unsubscribe"):  # a mail server presses that one: its address is signed
            status = client.post(reverse(name, kwargs=SAMPLES[name](world))).status_code
            assert status in (403, 405), (name, status)
    moved.refresh_from_db()
    assert moved.state == "prepared"
