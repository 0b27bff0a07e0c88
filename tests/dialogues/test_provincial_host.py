"""A conference that the province itself holds: its secretary and leadership do a host's work there, and only there."""

from __future__ import annotations

from datetime import timedelta

from cchc.workflow.engine import offers, perform
from cchc.workflow.models import Obligation
from dialogues.domain import conference as conferences
from dialogues.domain.intake import Asking, ask
from dialogues.models import Conference, Item
from tests.dialogues.factories import ASKED, MET, OPENED, conference_at, item_at, taxonomy
from tests.factories import Force


def provincial(force: Force) -> Conference:
    taxonomy()
    made = conferences.create(
        code="HN-CAT-2020-01", title="Đối thoại cấp tỉnh", host=force.province, chair=force.provincial_leader,
        venue="Hội trường", starts_at=MET, ends_at=MET + timedelta(hours=3), opens_at=OPENED, closes_at=MET,
        topics=conference_at(force).topics, audiences=["officers"], by=force.provincial_secretary, at=OPENED,
    )  # fmt: skip
    return perform(made, "open", by=force.provincial_secretary, at=OPENED)


def test_each_turn_is_somebodys(force: Force) -> None:
    conference = provincial(force)
    item = ask(
        Asking("Bao giờ có máy đọc thẻ căn cước?", author=force.officer),
        conference=conference,
        by=force.officer,
        at=ASKED,
    ).item
    assert Obligation.objects.open().owed_by(force.provincial_secretary).filter(subject_id=str(item.pk)).exists()
    assert not Obligation.objects.open().owed_by(force.secretary).filter(subject_id=str(item.pk)).exists()
    assert [offer.action for offer in offers(item, force.provincial_secretary)] == ["accept", "merge", "decline"]
    assert Item.objects.visible_to(force.provincial_leader).filter(pk=item.pk).exists()
    accepted = perform(item, "accept", by=force.provincial_secretary, at=ASKED)
    assert "escalate" in [offer.action for offer in offers(accepted, force.provincial_leader)]


def test_the_town_stays_the_towns(force: Force) -> None:
    item = item_at(force, "prepared")
    assert offers(item, force.provincial_secretary) == offers(item, force.provincial_leader) == []
    assert not Item.objects.visible_to(force.provincial_leader).filter(pk=item.pk).exists()


def test_whoever_is_on_the_list_sees_the_conference(force: Force) -> None:
    conference = conference_at(force)
    assert not Conference.objects.visible_to(force.stranger).filter(pk=conference.pk).exists()
    conference.participants.create(person=force.stranger)
    assert Conference.objects.visible_to(force.stranger).filter(pk=conference.pk).exists()
