"""What goes round the door is refused by the database: every constraint and every trigger, one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F

from cchc.documents.models.paper import keep
from commitments.models import (
    Campaign,
    Commitment,
    Criterion,
    DigitalSignature,
    Entry,
    FinalSheet,
    Group,
    Level,
    Place,
    Ranking,
    Report,
    Score,
    Signatory,
    Signature,
    SignedCopy,
    Task,
)
from tests.commitments.factories import AT, campaign, campaign_at, commitment_at, report_at, sign, step
from tests.factories import Force
from tests.kept import Kept

DRAFT = {"commitment__state": "draft"}

# constraint -> (rows to spoil, how); with nothing to change, or where a row is never changed, by a second one like it
BROKEN: dict[str, tuple[type[models.Model], dict[str, Any], dict[str, Any]]] = {
    "campaign_dates_in_order": (Campaign, {"state": "draft"}, {"sign_by": date(2019, 1, 1)}),
    "campaign_late_factor_0_to_1": (Campaign, {"state": "draft"}, {"late_factor": Decimal("1.01")}),
    "campaign_percent_to_100": (Campaign, {"state": "draft"}, {"excellent_percent": 101}),
    "campaign_open_is_frozen": (Campaign, {"state": "draft"}, {"state": "open"}),
    "group_once": (Group, {"campaign__state": "draft"}, {}),
    "level_once": (Level, {"campaign__state": "draft"}, {}),
    "level_within_100": (Level, {"campaign__state": "draft"}, {"minimum": Decimal("100.01")}),
    "criterion_place_once": (Criterion, {"campaign__state": "draft"}, {}),
    "criterion_weight_to_100": (Criterion, {"campaign__state": "draft"}, {"weight": Decimal(0)}),
    "signatory_once": (Signatory, {"campaign__state": "draft"}, {}),
    "commitment_version_once": (Commitment, {"version": 2}, {"version": 1}),
    "commitment_one_stands": (Commitment, {"version": 2}, {"state": "in_force", "in_force_at": AT}),
    "commitment_one_being_signed": (Commitment, {"state": "in_force"}, {"state": "draft"}),
    "commitment_signed_is_frozen": (Commitment, {"state": "draft"}, {"state": "returned"}),
    "commitment_sealed_when_what_together": (Commitment, {"state": "in_force"}, {"sealed_at": AT}),
    "commitment_in_force_when": (Commitment, {"state": "final"}, {"in_force_at": None}),
    "task_place_once": (Task, DRAFT, {}),
    "task_weight_to_100": (Task, DRAFT, {"weight": Decimal("100.01")}),
    "task_target_not_negative": (Task, DRAFT, {"target": Decimal("-0.01")}),
    "task_at_most_above_zero": (Task, DRAFT, {"direction": "at_most", "target": Decimal(0)}),
    "signature_once_a_seat": (Signature, {}, {}),
    "report_once_a_day": (Report, {"task": None}, {}),
    "report_who_and_when_together": (Report, {"state": "due"}, {"submitted_at": AT}),
    "report_submitted_when": (Report, {"state": "due"}, {"state": "submitted"}),
    "entry_once_a_task": (Entry, {}, {}),
    "entry_not_negative": (Entry, {}, {"value": Decimal("-0.01")}),
    "score_within_100": (Score, {}, {"points": Decimal("100.01")}),
    "score_has_giver": (Score, {"stage": "leader"}, {"by": None}),
    "place_once": (Place, {}, {}),
    "place_or_reason": (Place, {"unranked": ""}, {"unranked": "unsigned"}),
    # What a field says of itself.
    "commitments_campaign_code": (Campaign, {"state": "draft"}, {}),
    "commitments_commitment_check_code": (Commitment, {"version": 2}, {"version": 7, "state": "lapsed"}),
    "commitments_ranking_campaign_id": (Ranking, {}, {}),
    "commitments_finalsheet_commitment_id": (FinalSheet, {}, {}),
}
BY_A_SECOND_ROW = ("commitments_commitment_check_code",)
NEVER_CHANGED = (Score, Place, Ranking, FinalSheet, Signature)

# table.trigger -> what it refuses, with what words
Change = Callable[[], object]
TERMS: dict[str, Any] = {
    "content": "{}", "digest": "0" * 64, "code": "CK-X", "year": 2021, "title": "Khác", "clause": "Khác",
    "opens_on": date(2019, 1, 1), "sign_by": date(2020, 2, 1), "report_days": [], "self_by": date(2020, 12, 11),
    "check_by": date(2020, 12, 19), "score_by": date(2020, 12, 26), "object_by": date(2020, 12, 31),
    "late_factor": Decimal("0.5"), "excellent_percent": 21, "late_deduction": Decimal(1), "least_tasks": 2,
}  # fmt: skip
KEPT: dict[str, tuple[str, list[Change]]] = {
    "campaign.campaign_kept": (
        "terms of an open campaign",
        [
            *(lambda name=name, value=value: opened().update(**{name: value}) for name, value in TERMS.items()),
            lambda: raw("DELETE FROM commitments_campaign WHERE state = 'open'"),
        ],
    ),
    **{
        f"{model._meta.model_name}.terms_kept": (
            "terms of an open campaign",
            [
                lambda model=model: of_open(model).update(campaign=F("campaign")),
                lambda model=model: of_open(model)._raw_delete("default"),
                lambda model=model: copied(of_open(model)[0], {}),
                lambda model=model: of_draft(model).update(campaign=opened()[0]),
            ],
        )
        for model in (Criterion, Level, Group, Signatory)
    },
    "signature.signature_kept": (
        "never changed",
        [lambda: Signature.objects.update(name="Người khác"), lambda: raw("DELETE FROM commitments_signature")],
    ),
    "signature.signature_fits": ("sum to 60.*, not to 100", [lambda: signed_with_60()]),
    "commitment.text_kept": (
        "signed text is never changed|not that of the content",
        [
            lambda: Commitment.objects.filter(state="in_force").update(content="{}"),
            lambda: Commitment.objects.filter(state="in_force").update(content=""),
            lambda: Commitment.objects.filter(state="in_force").update(digest="0" * 64),
            lambda: Commitment.objects.filter(state="in_force").update(paper=None),
            lambda: Commitment.objects.filter(state="in_force").update(paper=keep(b"%PDF-1.7 another", AT)),
            lambda: Commitment.objects.filter(state="draft").update(content="{}", digest="0" * 64),
        ],
    ),
    "task.task_kept": (
        "tasks of a signed version",
        [
            lambda: signed_tasks().update(weight=F("weight")),
            lambda: raw("DELETE FROM commitments_task WHERE commitment_id = %s", signed_tasks()[0].commitment_id),
            lambda: copied(signed_tasks()[0], {"place": 9}),
            lambda: Task.objects.filter(**DRAFT).update(commitment=signed_tasks()[0].commitment_id, place=9),
        ],
    ),
    "score.row_kept": ("append-only", [lambda: Score.objects.update(points=1), lambda: emptied("score")]),
    "ranking.row_kept": ("append-only", [lambda: Ranking.objects.update(content="{}"), lambda: emptied("ranking")]),
    "place.row_kept": ("append-only", [lambda: Place.objects.update(overall=1), lambda: emptied("place")]),
    "signedcopy.row_kept": ("append-only", [lambda: SignedCopy.objects.update(at=AT), lambda: emptied("signedcopy")]),
    "digitalsignature.row_kept": (
        "append-only",
        [lambda: DigitalSignature.objects.update(name="Người khác"), lambda: emptied("digitalsignature")],
    ),
    "finalsheet.row_kept": (
        "append-only", [lambda: FinalSheet.objects.update(paper=F("paper")), lambda: emptied("finalsheet")]
    ),
}  # fmt: skip


@pytest.fixture
def register(force: Force) -> Force:
    return filled(force)


@Kept
def filled(force: Force) -> Force:
    """At least one row of everything, reached by real moves."""
    campaign(force, code="CK-D", opened=False)
    drafted = commitment_at(force, of=campaign(force, code="CK-N"))
    drafted.tasks.filter(place=2).delete()
    amended = step(commitment_at(force, "in_force", of=campaign(force, code="CK-A")), "amend", force)
    second = Commitment.objects.get(campaign=amended.campaign, version=2)
    sign(second, force.unit_chief)
    report_at(force, "accepted", of=amended)
    published = campaign_at(force, "published", code="CK-P")
    final = Commitment.objects.get(campaign=published, state="final")
    FinalSheet.objects.get_or_create(commitment=final, defaults={"paper": keep(b"%PDF-1.7 sheet", AT)})
    copy = SignedCopy.objects.create(commitment=final, paper=keep(b"%PDF-1.7 copy", AT), by=force.secretary, at=AT)
    DigitalSignature.objects.create(copy=copy, name="Phạm Văn Dũng", fingerprint="0" * 64, root="known")
    return force


def opened() -> models.QuerySet[Campaign]:
    return Campaign.objects.filter(code="CK-N")


def of_open(model: type[Any]) -> models.QuerySet[Any]:
    return model.objects.filter(campaign__code="CK-N")  # type: ignore[no-any-return]


def of_draft(model: type[Any]) -> models.QuerySet[Any]:
    return model.objects.filter(campaign__code="CK-D")  # type: ignore[no-any-return]


def copied(row: models.Model, changes: dict[str, Any]) -> None:
    """A second row like *row* but for *changes*."""
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True)


def raw(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def emptied(table: str) -> None:
    raw(f"DELETE FROM commitments_{table}")


def signed_tasks() -> models.QuerySet[Task]:
    return Task.objects.filter(commitment__state="in_force")


def signed_with_60() -> None:
    draft = Commitment.objects.get(state="draft", tasks__weight=60)
    like = Signature.objects.first()
    assert like is not None
    copied(like, {"commitment": draft})


def test_the_database_refuses_what_breaks_a_constraint(register: Force) -> None:
    for name, (model, where, spoiled) in BROKEN.items():
        rows = model._base_manager.filter(**where)
        first = rows.first()
        assert first is not None, name
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            if spoiled and model not in NEVER_CHANGED and name not in BY_A_SECOND_ROW:
                rows.update(**spoiled)
            else:
                copied(first, spoiled)


def test_the_database_refuses_to_change_what_is_kept(register: Force) -> None:
    for words, changes in KEPT.values():
        for change in changes:
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                change()


def test_no_constraint_is_forgotten() -> None:
    """One that is added later must show here that it bites."""
    named, unique = set(), set()
    for model in apps.get_app_config("commitments").get_models():
        named.update(constraint.name for constraint in model._meta.constraints)
        fields = [field for field in model._meta.local_concrete_fields if field.unique and not field.primary_key]
        unique.update(f"{model._meta.db_table}_{field.column}" for field in fields)
    assert named | unique == set(BROKEN)


def test_no_trigger_is_forgotten(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(relname, 13) || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relname LIKE 'commitments\\_%%'", []
        )  # fmt: skip
        assert {name for (name,) in cursor.fetchall()} == set(KEPT)
