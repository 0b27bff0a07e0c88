"""The notice of a conclusion: once issued as a paper, the conclusion bears its number and day, and leads to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cchc.documents.domain.document import begin_document, begin_replacement, edit_document
from cchc.documents.models import Document
from cchc.documents.printing import issue
from cchc.organization.models import Person
from cchc.workflow.engine import Refused
from cchc.workflow.models import Event
from dialogues.documents.kinds import DIRECTIVE_TABLE, NOTICE
from dialogues.models import Conclusion
from tests.dialogues.directing import DUE, WROTE, conclusion_at, directive_at, move_conclusion, step
from tests.dialogues.pages import signed_in, text_of
from tests.factories import Force

pytestmark = pytest.mark.django_db
DAY = WROTE.date()


def notice(force: Force, conclusion: Conclusion, kind: Any = NOTICE) -> Document:
    made = begin_document(kind, conclusion, conclusion.host, conclusion.pk, by=force.secretary, at=WROTE)
    return edit_document(made, by=force.secretary, at=WROTE, place="An Thịnh")


def issued(force: Force, conclusion: Conclusion, **options: Any) -> Document:
    return issue(notice(force, conclusion), **{"by": force.leader, "at": WROTE, "day": DAY, **options})


def now(conclusion: Conclusion) -> Conclusion:
    return Conclusion.objects.get(pk=conclusion.pk)


def page(who: Person, conclusion: Conclusion) -> str:
    return text_of(signed_in(who).get(reverse("conference_conclusion", args=[conclusion.conference.code])))


def test_the_conclusion_takes_number_and_day_of_the_paper(force: Force) -> None:
    made = conclusion_at(force, "issued")
    assert (made.document, made.document_on) == ("03/TB-CATX-TH", None)
    paper = issued(force, made, number=5)
    kept = now(made)
    assert (kept.document, kept.document_on, kept.moves) == (paper.mark, DAY, made.moves + 1)
    assert paper.mark == "05/TB-CATX"
    event = Event.objects.of(kept).newest_first()[0]
    assert (event.action, event.actor, event.note) == ("notice", force.leader, paper.mark)
    assert event.data["before"] == {"document": "03/TB-CATX-TH", "document_on": None}
    link = f'<a href="{reverse("document_show", args=[paper.pk])}">05/TB-CATX</a>'
    for who in (force.secretary, force.officer):
        assert link in page(who, made)


def test_what_replaces_the_notice_gives_the_new_number(force: Force) -> None:
    made = conclusion_at(force, "issued")
    old = issued(force, made)
    later = WROTE + timedelta(days=2)
    draft = begin_replacement(old, by=force.secretary, at=later)
    new = issue(draft, by=force.leader, at=later, day=later.date())
    assert (now(made).document, now(made).document_on) == (new.mark, later.date()) != (old.mark, DAY)
    text = page(force.officer, made)
    assert reverse("document_show", args=[new.pk]) in text and reverse("document_show", args=[old.pk]) not in text


def test_issued_before_the_conclusion_its_number_stands(force: Force) -> None:
    made = conclusion_at(force, "presented")
    paper = issued(force, made)
    asked = signed_in(force.leader).get(
        reverse("conference_conclusion", args=[made.conference.code]) + "do/issue/"
    )  # fmt: skip
    assert "document" not in asked.context["form"].fields
    move_conclusion(now(made), "issue", force)  # types another number
    assert (now(made).document, now(made).document_on) == (paper.mark, DAY)


def test_only_the_notice_and_only_once_issued(force: Force) -> None:
    made = conclusion_at(force, "issued")
    before = (made.document, made.document_on, made.moves)
    draft = notice(force, made)
    issue(notice(force, made, DIRECTIVE_TABLE), by=force.leader, at=WROTE, day=DAY)
    with pytest.raises(Refused):
        issue(draft, by=force.leader, at=WROTE, day=date(2030, 1, 1))
    assert (now(made).document, now(made).document_on, now(made).moves) == before
    assert "/papers/" not in page(force.officer, made).partition('id="h-facts"')[2].partition("</section>")[0]


def test_it_states_the_deadline_that_was_issued(force: Force) -> None:
    directive = directive_at(force, "in_progress")
    later = step(directive, "extend", force)
    assert later.due_on > DUE
    (printed,) = notice(force, now(later.conclusion)).typed.directives
    assert printed.due == DUE


@pytest.mark.parametrize("number", [1, 3])
def test_queries(force: Force, number: int, django_assert_num_queries: Any) -> None:
    made = conclusion_at(force, "issued", number=number)
    issued(force, made)
    client, address = signed_in(force.secretary), reverse("conference_conclusion", args=[made.conference.code])
    client.get(address)
    with django_assert_num_queries(11):
        assert client.get(address).status_code == 200
