"""The ladder as data: what holds, what may be set, and that nobody is told before the one whose turn it is."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone

from cchc.followup.domain.ladder import DEFAULT, NoLadder, Rung, change, default, kinds, ladders, objections, reset
from cchc.followup.models import Ladder
from cchc.workflow.models import Event
from tests.factories import Force

GOLDEN = """\
-3: owner
-1: owner
+0: owner
+1: owner, chief
+3: secretary
+5: leader
+10: above"""


def test_the_general_ladder_is_the_one_of_the_design() -> None:
    assert "\n".join(f"{rung.offset:+d}: {', '.join(rung.to)}" for rung in DEFAULT) == GOLDEN
    assert objections(DEFAULT) == []


def test_the_domains_own_ladders_are_ladders_of_kinds_that_exist() -> None:
    known = kinds()
    for kind in settings.LADDERS:
        assert kind in known
        assert objections(default(kind)) == []
    # whoever asked is no member of a unit: nobody above him is told that he keeps silent
    assert {to for rung in default("dialogues.item:confirm") for to in rung.to} == {"owner"}


REFUSED = [
    ([Rung(-21, ("owner",))], "between -20 and 60"),
    ([Rung(61, ("owner",))], "between -20 and 60"),
    ([Rung(1, ("owner",)), Rung(1, ("owner", "chief"))], "same day: +1"),
    ([Rung(1, ("owner",)), Rung(2, ())], "+2 tells nobody"),
    ([Rung(1, ("leader",)), Rung(2, ("owner",))], "+1 tells a superior"),
    ([Rung(3, ("above",))], "+3 tells a superior"),
]


@pytest.mark.parametrize(("rungs", "said"), REFUSED)
def test_what_is_no_ladder(rungs: list[Rung], said: str, settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    assert any(said in sentence for sentence in objections(rungs))


@pytest.mark.django_db
def test_changing_and_resetting_are_written_down(force: Force) -> None:
    at, by = timezone.now(), force.provincial_secretary
    assert ladders()[""] == DEFAULT
    made = change("dialogues.item:fulfil", [Rung(1, ("secretary", "owner")), Rung(-5, ("owner",))], by=by, at=at)
    assert ladders()["dialogues.item:fulfil"] == (Rung(-5, ("owner",)), Rung(1, ("owner", "secretary")))
    assert ladders()[""] == DEFAULT
    event = Event.objects.of(made).get()
    assert (event.action, event.actor, event.data["stages"]) == (
        "change",
        by,
        [[-5, ["owner"]], [1, ["owner", "secretary"]]],
    )
    change("dialogues.item:fulfil", [], by=by, at=at)
    assert ladders()["dialogues.item:fulfil"] == ()
    reset("dialogues.item:fulfil", by=by, at=at)
    reset("dialogues.item:fulfil", by=by, at=at)
    assert "dialogues.item:fulfil" not in ladders()
    assert [event.action for event in Event.objects.filter(subject_type="followup.ladder").order_by("seq")] == [
        "change",
        "change",
        "reset",
    ]


@pytest.mark.django_db
def test_a_refused_ladder_changes_nothing(force: Force) -> None:
    with pytest.raises(NoLadder) as refused:
        change("", [Rung(3, ("above",)), Rung(90, ("owner",))], by=force.administrator, at=timezone.now())
    assert len(refused.value.args) == 2
    assert not Ladder.objects.exists()
