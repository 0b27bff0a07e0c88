"""A year of dialogue in a whole country, loaded in bulk: `load(items, units, conferences)` fills an empty database.

The first town is always large for its country (two thousand items of a million, four hundred of a thousand) and lives:
one conference takes questions, one is being answered. It has its full history; elsewhere each item has its first and
last event and its last two obligations, as every page reads only its own.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.copying import Beside, Here, Sink, Table, bare, number_on
from benchmarks.ledger import Ledger, trigger_resting
from benchmarks.moments import at, day, due, minute_of
from benchmarks.places import Country, Place, settle
from benchmarks.reports import Reports
from benchmarks.words import Words
from cchc.organization.enums import Role
from cchc.workflow.flow import Owed
from cchc.workflow.models import Notice, Obligation
from dialogues.domain.item import ITEM_FLOW
from dialogues.enums import (
    CODE_PREFIX,
    AnswerKind,
    AnswerMode,
    Audience,
    Channel,
    ConferenceState,
    Identity,
    ItemKind,
    ItemState,
    Part,
    ProperChannel,
)
from dialogues.models import Answer, AudienceInvited, Conference, Field, Item, Participant, Support, TopicSet
from dialogues.models.item import ANSWERED_STATES, ENDED_STATES

S = ItemState
BULK = 50_000  # from so many items on, indexes are built afterwards
BATCH = 5_000
TOWN_MOST, TOWN_SHARE = 2_000, 0.4
MEETINGS_OF_TOWN = (5, -20, -90, -200)  # days from today
SHARES_OF_TOWN = (0.15, 0.35, 0.25, 0.25)
KIND, CONFERENCE = "dialogues.item", "dialogues.conference"

_PREPARED = [("accept", S.ACCEPTED), ("assign", S.ASSIGNED), ("prepare", S.PREPARED)]
_ANSWERED = [*_PREPARED, ("answer", S.ANSWERED)]
PATHS: dict[ItemState, list[tuple[str, ItemState]]] = {
    S.SUBMITTED: [],
    S.ACCEPTED: _PREPARED[:1],
    S.ASSIGNED: _PREPARED[:2],
    S.PREPARED: _PREPARED,
    S.ESCALATED: [*_PREPARED, ("escalate", S.ESCALATED)],
    S.ANSWERED: _ANSWERED,
    S.PUBLISHED: [*_ANSWERED, ("publish", S.PUBLISHED)],
    S.PROMISED: [*_ANSWERED, ("publish", S.PROMISED)],
    S.REPORTED: [*_ANSWERED, ("publish", S.PROMISED), ("report", S.REPORTED)],
    S.CLOSED: [*_ANSWERED, ("publish", S.PUBLISHED), ("expire", S.CLOSED)],
    S.MERGED: [("merge", S.MERGED)],
    S.DECLINED: [("decline", S.DECLINED)],
    S.WITHDRAWN: [("withdraw", S.WITHDRAWN)],
}
COLLECTING = {S.SUBMITTED: 45, S.ACCEPTED: 25, S.ASSIGNED: 25, S.WITHDRAWN: 3, S.MERGED: 2}
CONCLUDED = {
    S.CLOSED: 79, S.PUBLISHED: 7, S.PROMISED: 3, S.PREPARED: 3, S.ASSIGNED: 2, S.ANSWERED: 1, S.REPORTED: 1,
    S.ESCALATED: 2, S.MERGED: 1, S.DECLINED: 1,
}  # fmt: skip
BUSY = {
    S.PREPARED: 41, S.ASSIGNED: 10, S.ANSWERED: 10, S.PUBLISHED: 15, S.PROMISED: 5, S.ESCALATED: 6, S.REPORTED: 2,
    S.CLOSED: 8, S.MERGED: 2, S.DECLINED: 1,
}  # fmt: skip
OVER = {S.CLOSED: 90, S.MERGED: 5, S.DECLINED: 4, S.WITHDRAWN: 1}
AUDIENCES = {Audience.OFFICERS: 70, Audience.CITIZENS: 25, Audience.BUSINESSES: 5}
CHANNELS = {Channel.WEB_ADVANCE: 60, Channel.PAPER: 15, Channel.BOX: 5, Channel.COLLECTED: 10, Channel.LIVE_ORAL: 10}
KINDS = {ItemKind.QUESTION: 60, ItemKind.OPINION: 30, ItemKind.PROPOSAL: 10}
KINDS_OF_ANSWER = {AnswerKind.EXPLAINED: 52, AnswerKind.RESOLVED: 38, AnswerKind.IN_PROGRESS: 10}
LATE = 0.12


@dataclass
class Meeting:
    """A conference while its items are made."""

    pk: str
    place: Place
    minute: int
    state: ConferenceState
    mix: dict[ItemState, int]
    full: bool
    numbers: dict[ItemKind, int]
    lead: str | None = None


class Year:
    """Makes conferences and items, a batch of rows at a time."""

    def __init__(self, country: Country, words: Words, now: datetime, sink: Sink) -> None:
        self.country, self.words, self.sink = country, words, sink
        self.random, self.now, self.today = words.random, minute_of(now), timezone.localtime(now).date()
        self.ledger = Ledger(self.random)
        self.items, self.answers, self.duties, self.notices = (
            Table(Item),
            Table(Answer),
            Table(Obligation),
            Table(Notice),
        )
        self.conferences, self.audiences, self.parts = Table(Conference), Table(AudienceInvited), Table(Participant)
        self.supports, self.helpers = Table(Support), Table(Item.coordinating.through)
        self.invited = Table(Conference.invited.through)
        self.reports = Reports(words, self.ledger, self.owe)
        topics = TopicSet.objects.get(valid_to=None)
        self.topic_set, self.topics = topics.pk, list(topics.topics.values_list("pk", flat=True))
        self.fields = list(Field.objects.values_list("pk", flat=True))

    @property
    def tables(self) -> list[Table]:
        return [
            self.conferences, self.audiences, self.parts, self.invited, *self.reports.tables, self.items, self.answers,
            self.duties, self.ledger.table, self.notices, self.supports, self.helpers,
        ]  # fmt: skip

    def flush(self, least: int = 1) -> None:
        if len(self.items.lines) >= least:
            for table in self.tables:
                self.sink.write(table)

    def some(self, weights: dict[Any, int]) -> Any:
        return self.random.choices([*weights], weights=[*weights.values()])[0]

    def uuid(self) -> str:
        found = f"{self.random.getrandbits(128):032x}"
        return f"{found[:8]}-{found[8:12]}-{found[12:16]}-{found[16:20]}-{found[20:]}"

    # --- conferences ---------------------------------------------------------------------------------------------
    def hold(self, number: int, place: Place, days: int, full: bool) -> Meeting:
        """The conference that met, or meets, so many days from today at eight."""
        state = ConferenceState.COLLECTING if days > 0 else ConferenceState.CONCLUDED
        mix = COLLECTING if days > 0 else BUSY if full else CONCLUDED
        if days <= -45:
            state, mix = ConferenceState.CLOSED, OVER
        meets = minute_of(datetime(self.today.year, self.today.month, self.today.day, 1, tzinfo=UTC)) + days * 1440
        pk, opens = self.uuid(), meets - 21 * 1440
        turn, who = None, place.secretary
        if state != ConferenceState.CLOSED:
            kind = "start" if days > 0 else "close"
            turn = self.owe(CONFERENCE, pk, kind, Role.SECRETARY, place.unit, None, meets - 15 * 1440, None, day(meets))
        self.conferences.add(
            id=pk, state=state.value, turn_id=turn, moves=2, code=f"HN-{number}", host_id=place.unit,
            title=f"Hội nghị đối thoại về công tác cải cách hành chính lần {number}", venue="Hội trường",
            chair_id=place.leader, starts_at=at(meets),
            ends_at=at(meets + 180), opens_at=at(opens), closes_at=at(meets + 120), topics_id=self.topic_set,
            guest_key=self.uuid(),
        )  # fmt: skip
        for audience in AUDIENCES:
            self.audiences.add(conference_id=pk, audience=audience.value)
        self.parts.add(conference_id=pk, person_id=who, part=Part.SECRETARY.value)
        for unit, chief in place.leads:
            self.parts.add(conference_id=pk, person_id=chief, part=Part.DELEGATE.value)
            self.invited.add(conference_id=pk, unit_id=unit)
        self.ledger.write(CONFERENCE, pk, "create", "", "draft", who, opens - 60, at(opens - 60))
        self.ledger.write(CONFERENCE, pk, "open", "draft", "collecting", who, opens, at(opens))
        return Meeting(pk, place, meets, state, mix, full, dict.fromkeys(KINDS, 0))

    # --- items ---------------------------------------------------------------------------------------------------
    def raise_item(self, meeting: Meeting) -> None:
        random, place, state = self.random, meeting.place, self.some(meeting.mix)
        if state == S.MERGED and meeting.lead is None:
            state = S.WITHDRAWN
        pk, kind = self.uuid(), self.some(KINDS)
        meeting.numbers[kind] += 1
        named, audience = random.random() < 0.75, self.some(AUDIENCES)
        author, unit = random.choice(place.officers) if named and audience == Audience.OFFICERS else (None, None)
        lead, chief = random.choice(place.leads)
        path = PATHS[state]
        visited = {S.SUBMITTED, *(reached for _action, reached in path)}
        asked = min(meeting.minute, self.now - 60) - random.randrange(5, 15 * 1440)
        moments = self._moments(asked, len(path), meeting, state)
        turn, escalation = self._turns(pk, state, path, moments, place, lead, author, meeting.full), None
        if state == S.ESCALATED:
            escalation, turn = self.reports.refer(place, moments[-1], self._late_or_not())
        answer = self._answer(pk, state, visited, place, (lead, chief), moments)
        self.items.add(
            id=pk, state=state.value, turn_id=turn, moves=2 + len(path), conference_id=meeting.pk, host_id=place.unit,
            kind=kind.value, number=meeting.numbers[kind], code=f"{CODE_PREFIX[kind]}-{meeting.numbers[kind]:02d}",
            title=self.words.title(), text=self.words.text(2, 5), audience=audience.value,
            channel=self.some(CHANNELS).value,
            identity=(Identity.NAMED if named else Identity.ANONYMOUS).value, author_id=author, unit_id=unit,
            asker_name=self.words.person() if named and author is None else "", submitted_at=at(asked),
            tracking_digest=None if author else f"{random.getrandbits(256):064x}",
            submit_digest=f"{random.getrandbits(256):064x}",
            topic_id=random.choice(self.topics) if path else None,
            field_id=random.choice(self.fields) if path else None,
            lead_unit_id=lead if S.ASSIGNED in visited else None,
            merged_into_id=meeting.lead if state == S.MERGED else None,
            proper_channel=ProperChannel.COMPLAINT.value if state == S.DECLINED else "",
            escalation_id=escalation, escalated_at=at(moments[-1]) if escalation else None, answer_id=answer,
        )  # fmt: skip
        if state not in (S.MERGED, S.DECLINED, S.WITHDRAWN):
            meeting.lead = pk
        self._history(pk, path, moments, meeting, author, chief)
        self._company(pk, place, lead, S.ASSIGNED in visited)

    def _moments(self, asked: int, steps: int, meeting: Meeting, state: ItemState) -> list[int]:
        """When it was asked and when each step was made; what is open made its last step lately."""
        last = self.now - self.random.randrange(60, 5 * 1440)
        if state in ENDED_STATES:
            last = min(last, max(meeting.minute, asked) + self.random.randrange(1440, 40 * 1440))
        asked = min(asked, last - 10)
        return [asked + (last - asked) * n // max(1, steps) for n in range(steps + 1)]

    def _turns(
        self, pk: str, state: ItemState, path: list[tuple[str, ItemState]], moments: list[int], place: Place,
        lead: int, author: int | None, full: bool,
    ) -> int | None:  # fmt: skip
        """The obligations of the states it went through; returns the open one."""
        states = [S.SUBMITTED, *(reached for _action, reached in path)]
        turn = None
        for n, held in enumerate(states):
            owed, final = ITEM_FLOW.owes.get(held), n == len(states) - 1
            if not isinstance(owed, Owed) or not (full or n >= len(states) - 2):
                continue
            unit = {Role.UNIT_CHIEF: lead, None: None}.get(owed.role, place.unit)
            person = author if owed.role is None else None
            start = day(moments[n])
            by = due(start, owed.within or 15)
            if final:
                by = self._late_or_not()
            settled = None if final else moments[n + 1]
            made = self.owe(KIND, pk, owed.kind, owed.role, unit, person, moments[n], settled, by)
            turn = made if final else None
        return turn

    def _late_or_not(self) -> date:
        """When what is open is due: some of it was days ago."""
        early = self.random.random() >= LATE
        return self.today + timedelta(days=self.random.randrange(0, 16) if early else -self.random.randrange(1, 20))

    def owe(
        self, kind: str, pk: str, what: str, role: Role | None, unit: int | None, person: int | None, opened: int,
        settled: int | None, by: date,
    ) -> int:  # fmt: skip
        return self.duties.add(
            subject_type=kind, subject_id=pk, kind=what, role=role.value if role else "", unit_id=unit,
            person_id=person, started_on=min(day(opened), by), due_on=by, first_due_on=by, opened_at=at(opened),
            settled_at=None if settled is None else at(settled),
        )  # fmt: skip

    def _answer(
        self, pk: str, state: ItemState, visited: set[ItemState], place: Place, lead: tuple[int, int],
        moments: list[int],
    ) -> int | None:  # fmt: skip
        given: dict[str, Any] = {}
        if S.PREPARED in visited:
            given |= {
                "prepared_text": self.words.text(2, 4), "prepared_by_id": lead[1], "prepared_unit_id": lead[0],
                "prepared_at": at(moments[3]),
            }  # fmt: skip
        if state in ANSWERED_STATES or state in (S.ESCALATED, S.DECLINED):
            given |= self._given(state, place, moments)
        return self.answers.add(item_id=pk, number=1, **given) if given else None

    def _given(self, state: ItemState, place: Place, moments: list[int]) -> dict[str, Any]:
        kind = {S.ESCALATED: AnswerKind.ESCALATED, S.DECLINED: AnswerKind.DECLINED}.get(state)
        if state in (S.PROMISED, S.REPORTED):
            kind = AnswerKind.IN_PROGRESS
        kind = kind or self.some(KINDS_OF_ANSWER)
        written = state == S.DECLINED or self.random.random() < 0.6
        promised = self.today + timedelta(days=self.random.randrange(5, 60)) if kind == AnswerKind.IN_PROGRESS else None
        done = self.today if promised and state in (S.REPORTED, S.CLOSED) else None
        when = moments[min(4, len(moments) - 1)]
        return {
            "text": self.words.text(2, 4), "kind": kind.value, "answered_at": at(when),
            "capacity": "Trưởng Công an phường",
            "answered_by_id": place.secretary if state == S.DECLINED else place.leader,
            "mode": (AnswerMode.WRITTEN if written else AnswerMode.LIVE).value,
            "published_at": None if state == S.ANSWERED else at(moments[min(5, len(moments) - 1)]),
            "promised_on": promised, "first_promised_on": promised, "done_on": done,
            "done_text": self.words.title() if done else "",
        }  # fmt: skip

    def _history(
        self, pk: str, path: list[tuple[str, ItemState]], moments: list[int], meeting: Meeting,
        author: int | None, chief: int,
    ) -> None:  # fmt: skip
        place = meeting.place
        actors = {"prepare": chief, "report": chief, "answer": place.leader, "escalate": place.leader, "expire": None}
        actors |= {"submit": author, "withdraw": author, "create": author}
        steps = [("create", "", S.DRAFT.value, moments[0]), ("submit", S.DRAFT.value, S.SUBMITTED.value, moments[0])]
        for (action, reached), moment in zip(path, moments[1:], strict=True):
            steps.append((action, steps[-1][2], reached.value, moment))
        if not meeting.full:
            steps = steps[1:2] + (steps[-1:] if path else [])
        last = 0
        for action, before, after, moment in steps:
            actor = actors.get(action, place.secretary)
            last = self.ledger.write(KIND, pk, action, before, after, actor, moment, at(moment))
        if author and path:
            seen = None if self.random.random() < 0.2 else at(moments[-1])
            told = at(moments[-1])
            self.notices.add(event_id=last, person_id=author, told_at=told, dispatched_at=told, read_at=seen)

    def _company(self, pk: str, place: Place, lead: int, assigned: bool) -> None:
        if self.random.random() < 0.05:
            for person, _unit in self.random.sample(place.officers, 2):
                self.supports.add(item_id=pk, person_id=person, at=at(self.now))
        if assigned and self.random.random() < 0.1:
            others = [unit for unit, _chief in place.leads if unit != lead] or [place.unit]
            self.helpers.add(item_id=pk, unit_id=self.random.choice(others))


def load(items: int, units: int, conferences: int, *, now: datetime, bulk: bool | None = None) -> None:
    """Fill an empty database with so many of each; the taxonomy and the holidays must be there.

    *bulk* (by default from 50,000 items on): without indexes meanwhile, by more connections, never in a transaction.
    """
    bulk = items >= BULK if bulk is None else bulk
    sink: Beside | Here = Beside() if bulk else Here()
    with ExitStack() as around:
        if not bulk:
            around.enter_context(transaction.atomic())
        country = settle(units, words := Words(), timezone.localdate(now), sink)
        year = Year(country, words, now, sink)
        around.enter_context(trigger_resting())
        if bulk:
            around.enter_context(bare([table.name for table in year.tables]))
        _fill(year, items, conferences)
        sink.close()
        _say("Building indexes …" if bulk else "Loaded")
    number_on(year.tables)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if bulk else "ANALYZE")


def _fill(year: Year, items: int, conferences: int) -> None:
    town = min(TOWN_MOST, int(items * TOWN_SHARE))
    meetings = [year.hold(n, year.country.hosts[0], days, True) for n, days in enumerate(MEETINGS_OF_TOWN, 1)]
    sizes = [int(town * share) for share in SHARES_OF_TOWN]
    others = max(1, conferences - len(meetings))
    hosts = year.country.hosts[1:]
    # Sizes differ widely, as those of communes do; the spread is fixed by the seed.
    weights = [Random(n).lognormvariate(0, 0.7) for n in range(others)]
    left = items - sum(sizes)
    shares = [int(left * weight / sum(weights)) for weight in weights]
    shares[0] += left - sum(shares)
    for n in range(others):
        days = 8 - (n * 7919) % 360 or -1
        meetings.append(year.hold(len(meetings) + 1, hosts[n % len(hosts)], days, False))
    began, made = time.monotonic(), 0
    for meeting, size in zip(meetings, [*sizes, *shares], strict=True):
        for _ in range(size):
            year.raise_item(meeting)
        made += size
        year.flush(BATCH)
        if made // 100_000 > (made - size) // 100_000:
            _say(f"{made:,} of {items:,} items after {time.monotonic() - began:.0f} s")
    year.flush()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
