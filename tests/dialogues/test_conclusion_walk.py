"""Random walks of conclusions and what they order: whoever writes, signs and carries out, these things hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from cchc.organization.models import Person
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import MovedOn, Refused, offers, perform
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation
from dialogues.domain.conclusion import CONCLUSION_FLOW, begin_conclusion, edit_conclusion
from dialogues.domain.directive import DIRECTIVE_FLOW
from dialogues.domain.directive_draft import edit_directive, move_up, remove_directive, write_directive
from dialogues.enums import ConclusionState, DirectiveState
from dialogues.models import Conclusion, Conference, Directive, Finding, Item
from tests.dialogues.directing import ASSESSED, DUE, WROTE, prepared
from tests.dialogues.factories import conference_at, item_at
from tests.dialogues.inspecting import finding_of, head_of, inspection_at
from tests.dialogues.test_item_offers import ROLES
from tests.factories import Force, force
from tests.walking import Walk, walked

S = ConclusionState
UNISSUED = (S.DRAFT, S.PRESENTED)
# Said once more, by name and not by right: who may read, write and sign in this force.
WRITERS, SIGNERS = {"secretary"}, {"leader", "deputy"}
READERS = {*ROLES, "head"} - {"administrator", "stranger", "next_leader"}
CARRIERS = {"secretary", "provincial_secretary"}  # beside the chief of the unit that leads
BY_SIGNERS = {"accept", "return", "grant_time", "deny_time", "extend", "assign", "close", "reopen"}
MOVES = [row.action for row in CONCLUSION_FLOW.transitions]
STEPS = [row.action for row in DIRECTIVE_FLOW.transitions if row.action not in ("issue", "end")]
# What is offered and refused all the same: a day that lies before, a unit that leads already.
PARTICULAR = {"assign", "extend", "ask_time"}
WHICH, CHOICE = st.integers(0, 3), st.integers(0, 500)
# Mostly somebody of the town's office, now and then anybody.
WHO = st.one_of(st.sampled_from(["secretary", "secretary", "leader", "deputy"]), st.sampled_from([*ROLES, "head"]))


class ConclusionWalk(Walk):
    """A dialogue and an inspection are concluded, again when a draft was discarded; units do what they were told."""

    town: Force
    people: dict[str, Person]
    conferences: list[Conference]
    items: list[Item]
    findings: list[Finding]

    @classmethod
    def prepare(cls) -> None:
        """What stands before each walk, and is as it was after it."""
        cls.town = force()
        dialogue, inspection = conference_at(cls.town, "collecting"), inspection_at(cls.town, code="KT-2020-01")
        cls.items = [item_at(cls.town, "answered", conference=dialogue), item_at(cls.town, "published")]
        cls.conferences = [perform(dialogue, "start", by=cls.town.secretary, at=WROTE), inspection]
        cls.people = {**cls.town.people, "head": head_of(inspection)}
        cls.findings = [finding_of(inspection, cls.town), finding_of(inspection, cls.town)]

    @initialize()
    def begin(self) -> None:
        self.now = WROTE
        self.order: dict[Any, list[Any]] = {}  # the directives of each conclusion
        self.signed: dict[Any, Any] = {}  # what each said when it was issued
        self.turn = 0

    # --- what people do -------------------------------------------------------------------------------------------
    @rule(which=WHICH, steps=st.lists(CHOICE, min_size=3, max_size=10))
    def go_some_way(self, which: int, steps: list[int]) -> None:
        """One conclusion is written, signed and carried out, mostly forward."""
        for step in steps:
            made, (choice, kind) = self._conclusion(which % 2), divmod(step, 8)
            who = "leader" if made and made.state == S.PRESENTED else "secretary"
            if made is None:
                self.begin_one(which, "secretary")
            elif made.state == S.ISSUED:
                self.work(made, choice)
            elif kind < 2:
                self.go_on(which % 2, choice)
            elif kind == 2 or (not made.assessment and kind < 5):
                self.write_the_text(which % 2, who, choice)
            elif kind == 3 or len(self.order[made.pk]) < 2:
                self.write_what_is_to_be_done(which % 2, who, choice)
            else:
                self.change_what_is_to_be_done(which % 2, who, choice, ("up", "up", "edit", "remove")[kind - 4])
            self.now += timedelta(hours=step)
            self.directives_are_numbered_without_a_gap()
            self.each_turn_is_owed_once()

    def work(self, made: Conclusion, choice: int) -> None:
        """A step that one of the town may make on what was ordered."""
        directive = self._directive(self.conferences.index(made.conference), choice)
        assert directive is not None
        chief = "ward_chief" if directive.lead_id == self.town.ward.pk else "unit_chief"
        found = [
            offer.action
            for who in (chief, "leader")
            for offer in offers(directive, self.people[who])
            if not offer.reason and offer.action not in PARTICULAR and (not offer.danger or choice % 7 == 0)
        ]
        self._step(directive, found[choice % len(found)])

    @rule(which=WHICH, who=WHO, choice=CHOICE, how=st.sampled_from(["begin", "text", "add", "edit", "up", "remove"]))
    def try_to_write(self, which: int, who: str, choice: int, how: str) -> None:
        if how == "begin":
            self.begin_one(which, who)
        elif how == "text":
            self.write_the_text(which, who, choice)
        elif how == "add":
            self.write_what_is_to_be_done(which, who, choice)
        else:
            self.change_what_is_to_be_done(which, who, choice, how)

    def begin_one(self, which: int, who: str) -> None:
        conference = self.conferences[which % 2]
        taken = conference.conclusions.exclude(state=S.CANCELLED).exists()
        made = self._tried(
            lambda: begin_conclusion(conference, by=self.people[who], at=self.now, assessment=""),
            allowed=who in WRITERS and not taken,
        )
        if made:
            self.order[made.pk] = []

    def write_the_text(self, which: int, who: str, choice: int) -> None:
        if made := self._conclusion(which):
            fields = {"assessment": ASSESSED if choice % 4 else "", "closing_note": f"Lần {choice}"}
            self._tried(
                lambda: edit_conclusion(made, by=self.people[who], at=self.now, **fields),
                allowed=_writes(made, who),
            )

    def write_what_is_to_be_done(self, which: int, who: str, choice: int) -> None:
        if made := self._conclusion(which):
            fields = {
                "title": f"Việc {choice}",
                "lead": self._lead(choice),
                "due_on": DUE + timedelta(days=choice % 60),
            }
            directive = self._tried(
                lambda: write_directive(made, by=self.people[who], at=self.now, **fields, **self._sources(made)),
                allowed=_writes(made, who),
            )
            if directive:
                self.order[made.pk].append(directive.pk)

    def change_what_is_to_be_done(self, which: int, who: str, choice: int, how: str) -> None:
        directive = self._directive(which, choice)
        if directive is None or directive.conclusion is None:
            return
        by, order, drafts = self.people[who], self.order[directive.conclusion_id], directive.state == "draft"
        place = order.index(directive.pk)
        change = {
            "edit": lambda: edit_directive(
                directive, by=by, at=self.now, text=f"Rõ hơn {choice}", lead=self._lead(choice)
            ),
            "up": lambda: move_up(directive, by=by, at=self.now) or True,
            "remove": lambda: remove_directive(directive, by=by, at=self.now) or True,
        }[how]
        if not self._tried(change, allowed=drafts and _writes(directive.conclusion, who)):
            return
        if how == "remove":
            order.remove(directive.pk)
        elif how == "up" and place:
            order[place - 1 : place + 1] = reversed(order[place - 1 : place + 1])

    @rule(which=WHICH, who=WHO, action=st.sampled_from(MOVES), stale=st.sampled_from([False, False, True]))
    def try_a_move(self, which: int, who: str, action: str, stale: bool) -> None:
        if made := self._conclusion(which):
            by = {"present": WRITERS, "cancel": WRITERS}.get(action, SIGNERS)
            offered = any(offer.action == action and not offer.reason for offer in offers(made, self.people[who]))
            assert who in by or not offered
            assert not offered or action == "cancel" or made.state == S.PRESENTED or self._complete(made)
            self._move(made, action, who, allowed=offered and not stale, stale=stale)

    @rule(which=WHICH, choice=CHOICE)
    def go_on(self, which: int, choice: int) -> None:
        """A move that somebody is offered is made, forward mostly."""
        if made := self._conclusion(which):
            offered = [
                (who, offer.action)
                for who in ("secretary", "leader", "deputy")
                for offer in offers(made, self.people[who])
                if not offer.reason and (offer.primary or choice % 5 == 0)
            ]
            if offered:
                who, action = offered[choice % len(offered)]
                self._move(made, action, who, allowed=True)

    @rule(which=WHICH, choice=CHOICE, who=WHO, action=st.sampled_from(STEPS))
    def carry_out(self, which: int, choice: int, who: str, action: str) -> None:
        """A step of what was ordered, by whoever is at work on it or by anybody."""
        if directive := self._directive(which, choice):
            self._step(directive, action, by=self.people[who] if choice % 3 == 0 else None)

    def _step(self, directive: Directive, action: str, by: Person | None = None) -> None:
        able, note, data = prepared(directive, action, self.town)
        by = by or able  # type: ignore[assignment]
        assert isinstance(by, Person)
        name = next(key for key, person in self.people.items() if person.pk == by.pk)
        chief = "ward_chief" if directive.lead_id == self.town.ward.pk else "unit_chief"
        right = name in (SIGNERS if action in BY_SIGNERS else {chief, *CARRIERS})
        offered = any(offer.action == action and not offer.reason for offer in offers(directive, by))
        assert right or not offered
        self._tried(
            lambda: perform(directive, action, by=by, at=self.now, note=note or "Theo chỉ đạo", **data),
            allowed=offered,
            particular=action in PARTICULAR,
        )

    def _move(self, made: Conclusion, action: str, who: str, *, allowed: bool, stale: bool = False) -> None:
        row = CONCLUSION_FLOW.row(action)

        def go() -> Conclusion:
            seen = made.moves - 1 if stale else made.moves
            return perform(
                made, action, by=self.people[who], at=self.now, note="Cần nêu rõ hơn.", seen=seen, document="03/TB"
            )

        if moved := self._tried(go, allowed=allowed):
            assert moved.state in row.targets
            if action == "issue":
                assert self._complete(moved)
                assert (moved.issued_by, moved.issued_at) == (self.people[who], self.now)

    def _tried(self, act: Any, *, allowed: bool, particular: bool = False) -> Any:
        """What *act* returns; None when it was refused and has left no trace."""
        before = self._trace()
        try:
            with transaction.atomic():
                made = act()
        except MovedOn:
            assert not allowed
            assert self._trace() == before
            return None
        except Refused:
            assert not allowed or particular
            assert self._trace() == before
            return None
        assert allowed
        return made

    def _trace(self) -> Any:
        states = [
            list(model.objects.order_by("pk").values_list("pk", "state", "moves")) for model in (Conclusion, Directive)
        ]
        return Event.objects.count(), states, list(Directive.objects.order_by("pk").values_list("number", "lead"))

    def _conclusion(self, which: int) -> Conclusion | None:
        """The one that stands; now and then one that was discarded."""
        found = Conclusion.objects.filter(conference=self.conferences[which % 2]).order_by("pk")
        standing = found.exclude(state=S.CANCELLED).first()
        return (found.filter(state=S.CANCELLED).first() or standing) if which == 3 else standing

    def _directive(self, which: int, choice: int) -> Directive | None:
        made = self._conclusion(which)
        known = list(made.directives.order_by("number")) if made else []
        return known[choice % len(known)] if known else None

    def _lead(self, choice: int) -> Any:
        return self.town.ward if choice % 2 else self.town.qlhc

    def _sources(self, made: Conclusion) -> dict[str, Any]:
        inspected = made.conference_id == self.conferences[1].pk
        return {"findings": self.findings} if inspected else {"items": self.items}

    def _complete(self, made: Conclusion) -> bool:
        return bool(made.assessment) and bool(self.order[made.pk])

    # --- what holds -----------------------------------------------------------------------------------------------
    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def directives_are_numbered_without_a_gap(self) -> None:
        for made in Conclusion.objects.all():
            known = list(made.directives.order_by("number").values_list("pk", "number"))
            assert known == list(zip(self.order[made.pk], range(1, len(known) + 1), strict=True))

    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def they_are_work_when_it_is_issued(self) -> None:
        for made in Conclusion.objects.prefetch_related("directives__items", "directives__findings"):
            directives = list(made.directives.all())
            drafts = [each.state == DirectiveState.DRAFT for each in directives]
            assert all(drafts) if made.state != S.ISSUED else directives
            assert not any(drafts) or made.state != S.ISSUED
            for each in directives:
                assert (each.issued_at, bool(each.first_due_on)) == (made.issued_at, made.state == S.ISSUED)
                assert {item.conference_id for item in each.items.all()} <= {made.conference_id}
                assert {found.conference_id for found in each.findings.all()} <= {made.conference_id}
        for conference in self.conferences:
            assert conference.conclusions.exclude(state=S.CANCELLED).count() <= 1

    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def what_was_signed_is_not_changed(self) -> None:
        for made in Conclusion.objects.filter(state=S.ISSUED):
            text = (made.assessment, made.closing_note, made.document, made.issued_at, made.issued_by_id, made.capacity)
            orders = list(made.directives.order_by("number").values_list("title", "text", "first_due_on", "items"))
            assert (text, orders) == self.signed.setdefault(made.pk, (text, orders))
        assert set(self.signed) == set(Conclusion.objects.filter(state=S.ISSUED).values_list("pk", flat=True))

    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def each_turn_is_owed_once(self) -> None:
        for made in (*Conclusion.objects.select_related("turn"), *Directive.objects.select_related("turn")):
            opened = list(Obligation.objects.open().filter(subject_id=str(made.pk)))
            owed: Any = flow_of(made).owes.get(made.state)
            assert opened == ([made.turn] if owed else [])
            if not owed:
                continue
            (one,) = opened
            lead = made.lead_id if isinstance(made, Directive) and made.state != "reported" else made.host_id
            assert (one.kind, one.role, one.unit_id) == (owed.kind, owed.role, lead)
            if isinstance(made, Conclusion):
                assert one.due_on == _due(made.conference.starts_at, one.started_on)

    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def a_draft_is_seen_by_its_writers_alone(self) -> None:
        """Two people each time, in turns."""
        everybody, self.turn = [*ROLES, "head"], self.turn + 1
        for number in range(2):
            who = everybody[(2 * self.turn + number) % len(everybody)]
            seen = set(Conclusion.objects.visible_to(self.people[who]))
            orders = set(Directive.objects.visible_to(self.people[who]))
            for made in Conclusion.objects.all():
                may = who in WRITERS | SIGNERS or (made.state == S.ISSUED and who in READERS - {"head"})
                # The head of the delegation reads that of the own inspection; the dialogue lies outside its period.
                may |= who == "head" and made.state == S.ISSUED and made.conference_id == self.conferences[1].pk
                assert (made in seen) == may, who
                assert {each for each in orders if each.conclusion_id == made.pk} == (
                    set(made.directives.all()) if may else set()
                ), who

    @precondition(lambda self: hasattr(self, "order"))
    @invariant()
    def the_ledger_tells_every_move(self) -> None:
        for made in (*Conclusion.objects.all(), *Directive.objects.all()):
            told = list(Event.objects.of(made).newest_first().values_list("to_state", flat=True))
            assert len(told) == made.moves
            assert next(filter(None, told)) == made.state


def _writes(made: Conclusion, who: str) -> bool:
    """The secretary while it is a draft, who signs until it is issued."""
    return made.state in UNISSUED and (who in SIGNERS or (who in WRITERS and made.state == S.DRAFT))


def _due(met: datetime, start: date) -> date:
    return calendar().roll(max(timezone.localdate(met) + timedelta(days=10), start))


@pytest.mark.django_db
def test_whatever_is_concluded_and_ordered() -> None:
    ConclusionWalk.prepare()
    walked(ConclusionWalk, examples=8, steps=20)
