"""Escalations of a country: each referred item has its report, in preparation, before the province or its leader."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID

from benchmarks.copying import Table
from benchmarks.ledger import Ledger
from benchmarks.moments import at, day
from benchmarks.places import Place
from benchmarks.words import Words
from cchc.organization.enums import Role
from cchc.workflow.flow import Owed
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.enums import EscalationReason, EscalationState
from dialogues.models import Dispatch, Escalation

S = EscalationState
KIND = "dialogues.escalation"
PATHS: dict[EscalationState, list[tuple[str, EscalationState]]] = {
    S.DRAFT: [],
    S.SENT: [("send", S.SENT)],
    S.RECEIVED: [("send", S.SENT), ("receive", S.RECEIVED)],
    S.PRESENTED: [("send", S.SENT), ("receive", S.RECEIVED), ("present", S.PRESENTED)],
}
SHARES = {S.DRAFT: 10, S.SENT: 10, S.RECEIVED: 40, S.PRESENTED: 40}


class Reports:
    """Makes them, one for each item; *owe* opens an obligation and returns its number."""

    def __init__(self, words: Words, ledger: Ledger, owe: Callable[..., int]) -> None:
        self.words, self.random, self.ledger, self.owe = words, words.random, ledger, owe
        self.escalations, self.dispatches = Table(Escalation), Table(Dispatch)
        self.numbers: Counter[tuple[int, int]] = Counter()

    @property
    def tables(self) -> list[Table]:
        return [self.escalations, self.dispatches]

    def refer(self, place: Place, minute: int, by: date) -> tuple[str, int]:
        """The report begun at *minute* and now due *by*: its id, and the obligation that its item waits on."""
        pk, year = str(UUID(int=self.random.getrandbits(128))), day(minute).year
        self.numbers[place.unit, year] += 1
        number = self.numbers[place.unit, year]
        state = self.random.choices([*SHARES], weights=[*SHARES.values()])[0]
        turn = self._turn(pk, state, place, minute, by)
        sent = {}
        if state != S.DRAFT:
            sent = {"sent_at": at(minute), "answer_by": by, "first_answer_by": by, "report_number": f"{number}/BC"}
            self._send(pk, place, minute, f"{number}/BC")
        self.escalations.add(
            id=pk, state=state.value, turn_id=turn, moves=1 + len(PATHS[state]), host_id=place.unit,
            receiver_id=place.province, year=year, number=number, code=f"XY-{number:02d}/{year}",
            title=self.words.title(), reason=EscalationReason.BEYOND_AUTHORITY.value, text=self.words.text(2, 5),
            **sent,
        )  # fmt: skip
        self._history(pk, state, place, minute)
        return pk, turn

    def _turn(self, pk: str, state: EscalationState, place: Place, minute: int, by: date) -> int:
        owed = ESCALATION_FLOW.owes[state]
        assert isinstance(owed, Owed)
        unit = place.unit if owed.role == Role.SECRETARY else place.province
        return self.owe(KIND, pk, owed.kind, owed.role, unit, None, minute, None, by)

    def _send(self, pk: str, place: Place, minute: int, number: str) -> None:
        content = f'{{"report_number":"{number}"}}'
        self.dispatches.add(
            escalation_id=pk, round=1, report_number=number, content=content, sent_by_id=place.leader,
            digest=hashlib.sha256(content.encode()).hexdigest(), sent_at=at(minute),
        )  # fmt: skip

    def _history(self, pk: str, state: EscalationState, place: Place, minute: int) -> None:
        self.ledger.write(KIND, pk, "create", "", S.DRAFT.value, place.leader, minute, at(minute))
        before = S.DRAFT
        for action, reached in PATHS[state]:
            actor = place.leader if action == "send" else None
            self.ledger.write(KIND, pk, action, before.value, reached.value, actor, minute, at(minute))
            before = reached
