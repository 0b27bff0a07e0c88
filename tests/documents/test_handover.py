"""Drafts of papers follow to another unit when theirs has ended; what was issued stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from cchc.documents.domain.document import begin_document, edit_document
from cchc.documents.domain.letterhead import set_letterhead
from cchc.documents.models import Document
from cchc.documents.printing import issue
from cchc.followup.domain.handover import beside, confirm, plan
from cchc.workflow.engine import NotAllowed
from cchc.workflow.models import Event, Obligation
from dialogues.documents.kinds import YEAR_REPORT
from dialogues.models import Conference
from tests.dialogues.factories import conference_at
from tests.dialogues.pages import signed_in
from tests.documents.issuing import draft, issued
from tests.factories import Force
from tests.followup.reorganizing import DECISION, NOW, dissolve_town, fresh, merge

pytestmark = pytest.mark.django_db
DOCUMENT = "documents.document"
TODAY = NOW.date()


def year_report(force: Force) -> Document:
    made = begin_document(YEAR_REPORT, force.town, force.town, UUID(int=force.town.pk), by=force.secretary, at=NOW)
    return edit_document(made, by=force.secretary, at=NOW, place="An Thịnh")


def again(document: Document) -> Document:
    return Document.objects.select_related("host", "signer__person").get(pk=document.pk)


def test_with_the_conference_go_its_drafts_under_the_new_head(force: Force) -> None:
    conference = conference_at(force, "collecting")
    begun, other = draft(force, conference=conference), draft(force)
    set_letterhead(force.next_town, by=force.administrator, at=NOW, place="Bắc Sơn", drafter="TH")
    ended = dissolve_town(force)
    chosen = list(Obligation.objects.open().filter(subject_id=str(conference.pk)).values_list("pk", flat=True))
    assert (DOCUMENT, str(begun.pk)) in plan(ended, chosen).keys
    confirm(ended, force.next_town, DECISION, chosen=chosen, by=force.provincial_secretary, at=NOW)
    now = again(begun)
    assert Conference.objects.get(pk=conference.pk).host == now.host == force.next_town
    assert (now.drafter, now.place, now.moves) == ("TH", "Bắc Sơn", begun.moves + 1)
    assert now.signer is not None and now.signer.person == force.next_leader
    event = Event.objects.of(now).newest_first()[0]
    assert (event.action, event.actor) == ("hand_over", force.provincial_secretary)
    assert force.town.name in event.note and force.next_town.name in event.note
    assert again(other).host == force.town  # about another conference, which was not chosen


def test_the_new_leader_issues_it_in_his_own_register(force: Force) -> None:
    conference = conference_at(force, "collecting")
    old, begun = issued(force, conference=conference), draft(force, conference=conference)
    ended = dissolve_town(force)
    confirm(ended, force.next_town, DECISION, by=force.provincial_secretary, at=NOW)
    with pytest.raises(NotAllowed):
        issue(again(begun), by=fresh(force.leader), at=NOW, day=TODAY)
    done = issue(again(begun), by=fresh(force.next_leader), at=NOW, day=TODAY)
    assert (done.host, done.mark) == (force.next_town, "01/GM-CATX2")
    assert (again(old).host, again(old).mark, again(old).moves) == (force.town, "01/GM-CATX", old.moves)
    # Both can be read where the conference is now.
    for document in (old, done):
        page = signed_in(fresh(force.next_leader)).get(reverse("document_show", args=[document.pk]))
        assert page.status_code == 200


def test_what_is_about_no_matter_goes_with_everything(force: Force) -> None:
    report = year_report(force)
    issue(year_report(force), by=force.leader, at=NOW, day=TODAY - timedelta(days=5))
    ended = dissolve_town(force)
    assert beside(ended) == {(DOCUMENT, str(report.pk))}
    confirm(ended, force.next_town, DECISION, also=beside(ended), by=force.provincial_secretary, at=NOW)
    assert again(report).host == force.next_town
    assert Document.objects.filter(host=force.town).count() == 1
    assert beside(ended) == set()


def test_a_team_s_end_moves_no_paper_of_its_command(force: Force) -> None:
    begun = draft(force)
    ended = merge(force.qlhc, force.th)
    assert (beside(ended), again(begun).host) == (set(), force.town)
