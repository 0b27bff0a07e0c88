"""What goes round the door is refused by the database: every constraint, one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from cchc.workflow.models import Capacity, Event, Extension, Handover, Notice, Obligation
from dialogues.domain import answer as answers
from dialogues.models import (
    AgendaEntry,
    Answer,
    AudienceInvited,
    Conference,
    Dispatch,
    Escalation,
    Feedback,
    Item,
    Participant,
    Plan,
    Reply,
    Support,
    Total,
)
from dialogues.models.topic import Topic
from dialogues.tasks import count_conferences
from tests.dialogues import test_constraints_directives, test_constraints_inspections, test_constraints_results
from tests.dialogues.factories import ANSWERED, MET, conference_at, escalation_at, item_at, move, plan
from tests.factories import AT, Force
from tests.kept import Kept

DIRECTIVES = test_constraints_directives.BROKEN
INSPECTIONS = test_constraints_inspections.BROKEN
RESULTS = test_constraints_results.BROKEN
# constraint -> (rows to spoil, how)
BROKEN: dict[str, tuple[type[models.Model], dict[str, Any], dict[str, Any]]] = {
    "item_submitted_has_time_and_number": (Item, {"state": "submitted"}, {"submitted_at": None}),
    "item_anonymous_keeps_no_link": (Item, {"state": "submitted"}, {"identity": "anonymous"}),
    "item_merged_has_lead": (Item, {"state": "submitted"}, {"state": "merged"}),
    "item_not_merged_into_itself": (Item, {"state": "merged"}, {"merged_into": F("id")}),
    "item_assigned_has_lead_unit": (Item, {"state": "promised"}, {"lead_unit": None}),
    "item_declined_names_channel": (Item, {"state": "submitted"}, {"state": "declined"}),
    "item_escalated_has_escalation": (Item, {"state": "submitted"}, {"state": "escalated"}),
    "item_answered_has_answer": (Item, {"state": "submitted"}, {"state": "published"}),
    "item_number_once": (Item, {"state": "promised"}, {"number": 1, "kind": "question"}),
    "answer_number_once": (Answer, {}, {}),
    "answer_who_when_what_together": (Answer, {"item__state": "promised"}, {"answered_by": None}),
    "answer_prepared_who_when_what_together": (Answer, {"item__state": "promised"}, {"prepared_by": None}),
    "answer_in_progress_has_date": (Answer, {"item__state": "promised"}, {"promised_on": None}),
    "answer_published_was_given": (Answer, {"item__state": "prepared"}, {"published_at": ANSWERED}),
    "answer_done_when_what_together": (Answer, {"item__state": "reported"}, {"done_text": ""}),
    "feedback_one_to_five": (Feedback, {}, {"stars": 6}),
    "support_once": (Support, {}, {}),
    "plan_not_its_own_basis": (Plan, {}, {"implements": F("id")}),
    "plan_once": (Plan, {}, {"number": "1/KH"}),
    "conference_ends_after_start": (Conference, {}, {"ends_at": MET - timedelta(days=1)}),
    "conference_window_in_order": (Conference, {}, {"opens_at": MET + timedelta(days=9)}),
    "conference_window_before_end": (Conference, {}, {"closes_at": MET + timedelta(days=9)}),
    "conference_answer_term": (Conference, {}, {"answer_term": 61}),
    "audience_once": (AudienceInvited, {}, {"audience": "officers"}),
    "agenda_order_once": (AgendaEntry, {}, {"order": 1}),
    "participant_once": (Participant, {}, {}),
    "topic_once_in_set": (Topic, {"set__code": "30c"}, {"code": "tthc"}),
    "escalation_number_once": (Escalation, {"state": "ruled"}, {"number": 1}),
    "escalation_to_another_unit": (Escalation, {"state": "ruled"}, {"receiver": F("host")}),
    "escalation_joined_has_lead": (Escalation, {"state": "joined"}, {"lead": None}),
    "escalation_does_not_lead_itself": (Escalation, {"state": "joined"}, {"lead": F("id")}),
    "escalation_assigned_has_division": (Escalation, {"state": "received"}, {"state": "assigned"}),
    "escalation_sent_when": (Escalation, {"state": "draft"}, {"state": "sent"}),
    "escalation_sent_is_complete": (Escalation, {"state": "received"}, {"report_number": ""}),
    "escalation_advice_who_when_what_together": (Escalation, {"state": "ruled"}, {"advised_by": None}),
    "escalation_time_asked_together": (Escalation, {"state": "received"}, {"asked_reason": "Cần khảo sát"}),
    "dispatch_round_once": (Dispatch, {}, {}),
    "reply_says_something": (Reply, {}, {}),
    "total_once": (Total, {}, {}),
    "obligation_open_once": (Obligation, {}, {}),
    "extension_has_reason": (Extension, {}, {"reason": ""}),
    "extension_moves_the_date": (Extension, {}, {"due_after": F("due_before")}),
    "notice_once": (Notice, {"event__isnull": False}, {}),
    "reminder_once": (Notice, {"stage": 1}, {}),
    "notice_of_event_or_obligation": (Notice, {"stage": 1}, {"capacity": ""}),
    "notice_reminds_of_a_duty": (Notice, {"obligation": None}, {"reminded_by": F("person")}),
    "handover_names_decision": (Handover, {}, {"decision": ""}),
    "handover_to_another_unit": (Handover, {}, {"to_unit": F("from_unit")}),
}


@pytest.fixture
def register(force: Force) -> Force:
    return filled(force)


@Kept
def filled(force: Force) -> Force:
    """At least one row of everything, reached by real moves."""
    conference = conference_at(force, "in_session")
    for state in ("submitted", "prepared", "merged", "promised"):
        item_at(force, state, conference=conference)
    reported = item_at(force, "promised", conference=conference)
    move(reported, "extend", force)
    move(reported, "report", force)
    published = item_at(force, "published", conference=conference)
    assert published.answer is not None
    answers.rate(published.answer, asked=published, stars=4, on_topic=True, comment="", on=ANSWERED.date())
    escalation_at(force, "draft")
    escalation_at(force, "ruled")
    escalation_at(force, "joined", lead=escalation_at(force, "received"))
    duty = Obligation.objects.open().earliest("pk")
    Notice.objects.create(
        person=force.secretary, obligation=duty, stage=1, due_on=duty.due_on, capacity=Capacity.OWNER, told_at=AT
    )
    Handover.objects.create(
        from_unit=force.ward, to_unit=force.qlhc, decision="1/QĐ-CATX", by=force.provincial_secretary, at=AT
    )
    Support.objects.create(item=published, person=force.ward_officer, at=AT)
    AgendaEntry.objects.create(conference=conference, order=1, at=MET.time(), minutes=10, text="Khai mạc")
    AgendaEntry.objects.create(conference=conference, order=2, at=MET.time(), minutes=10, text="Đối thoại")
    plan(force, number="1/KH")
    plan(force, number="2/KH")
    assert count_conferences(AT)
    return force


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(register: Force, name: str) -> None:
    model, where, spoiled = BROKEN[name]
    rows = model._base_manager.filter(**where)
    assert rows.exists()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        if spoiled:
            rows.update(**spoiled)
        else:  # the same row a second time
            double = rows.order_by("-pk").filter(settled_at=None).first() if model is Obligation else rows.first()
            assert double is not None
            double.pk = None
            if isinstance(double, Reply):
                double.text = ""
            double._state.adding = True
            double.save(force_insert=True)


def test_no_constraint_is_forgotten() -> None:
    """A constraint added later must show here that it bites."""
    named = {
        constraint.name
        for label in ("dialogues", "workflow")
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
    assert named == {*BROKEN, *DIRECTIVES, *INSPECTIONS, *RESULTS}
    assert Event._meta.constraints == []  # the ledger is kept by its triggers
