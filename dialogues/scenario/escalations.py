"""Reports to the unit above: written, sent, received, advised and ruled on, and relayed to those who asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import perform
from dialogues.domain.escalation_report import edit_report
from dialogues.enums import AnswerKind, AnswerMode, ReplyKind
from dialogues.models import Escalation
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import day_of, moment

ACTIONS = {
    ReplyKind.RULED: "rule",
    ReplyKind.DELEGATED_BACK: "delegate_back",
    ReplyKind.RETURNED_FOR_INFORMATION: "return_for_information",
    ReplyKind.FORWARDED_UP: "forward_up",
    ReplyKind.REFUSED: "refuse",
}


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """The first word of each is the leader's in the hall (dialogues.scenario.items): it begins the report."""
    for entry in source["escalations"]:
        yield from Referral(entry, source, cast).steps()


@dataclass(frozen=True)
class Referral:
    """The way of one report. Whoever has no account speaks through the clerk, the provincial secretary."""

    entry: dict[str, Any]
    source: dict[str, Any]
    cast: Cast

    # --- what is told of it ---------------------------------------------------------------------------------------
    @cached_property
    def code(self) -> str:
        return str(self.entry["code"])

    @cached_property
    def stage(self) -> dict[str, Any]:
        staged: dict[str, Any] = self.source["stage"]["escalations"][self.code]
        return staged

    @cached_property
    def secretary(self) -> str:
        return str(self.source["conference"]["secretaries"][0])

    @cached_property
    def clerk(self) -> dict[str, Any]:
        people = {person["role"]: person for person in self.source["people"]}
        found: dict[str, Any] = people[Role.PROVINCIAL_SECRETARY]
        return found

    @property
    def now(self) -> Escalation:
        return self.cast.escalations[self.code]

    def do(self, action: str, by: str, at: datetime, note: str = "", **data: Any) -> Escalation:
        self.cast.escalations[self.code] = perform(self.now, action, by=self._person(by), at=at, note=note, **data)
        return self.now

    def step(self, at: datetime, method: Any, *arguments: Any) -> Step:
        return Step(at, lambda: method(at, *arguments))

    def _person(self, username: str) -> Person:
        return self.cast.people[username]

    # --- the way --------------------------------------------------------------------------------------------------
    def steps(self) -> Iterator[Step]:
        first = {
            "title": self.stage["title"],
            "bodies": self.stage.get("bodies", ""),
            "text": self.entry["report_text"],
            "proposal": self.entry["proposal"],
            "report_number": self.entry["report_symbol"],
            "requested_on": self.entry["requested_response_on"],
        }
        yield from self._sending(self.entry["reported_on"], first, self.entry["signed_by"])
        since = self.entry["reported_on"]
        for response in self.entry["responses"]:
            yield from self._handling(since, response)
            if "supplement" in response:
                since = response["supplement"]["submitted_on"]
                yield from self._supplement(response["supplement"])
        if not self.entry["responses"]:
            yield self.step(self._received(since, 30), self._assign)
        for closure in self.entry["item_closures"]:
            yield from self._relay(closure)

    def _sending(self, day: date, written: dict[str, Any], signer: str) -> Iterator[Step]:
        yield self.step(moment(day, 8, 30), self._write, written)
        yield self.step(moment(day, 10), self.do_by("send", signer))
        yield self.step(self._received(day), self.do_by("receive", self.clerk["username"]))

    def _supplement(self, told: dict[str, Any]) -> Iterator[Step]:
        written = {"report_number": told["report_symbol"], "text": told["text"]}
        written["requested_on"] = self.stage["requested_again_on"]
        yield from self._sending(told["submitted_on"], written, told["signed_by"])

    def _handling(self, since: date, response: dict[str, Any]) -> Iterator[Step]:
        kind, answered = ReplyKind(response["kind"]), response["responded_on"]
        if kind != ReplyKind.RETURNED_FOR_INFORMATION:
            advised = moment(self.stage.get("advised_on") or calendar().before(answered, 1), 15)
            if self._asks_division:
                yield self.step(self._received(since, 30), self._assign)
            yield self.step(advised, self._advise)
        yield self.step(moment(answered, 14), self._reply, response)
        if kind == ReplyKind.FORWARDED_UP:
            yield self.step(moment(answered, 15), self._send_further)

    def _relay(self, closure: dict[str, Any]) -> Iterator[Step]:
        """What was ruled becomes the leader's promise to whoever asked, and is reported done when it is."""
        item, ruled = closure["item"], self.entry["responses"][-1]["responded_on"]
        answered = moment(calendar().due(ruled, 2), 10)
        yield self.step(answered, self._answer, item)
        yield self.step(moment(day_of(answered), 10, 20), self._move_item, item, "publish", self.secretary)
        yield self.step(moment(closure["date"], 9), self._report_done, closure)
        yield self.step(moment(closure["date"], 16), self._move_item, item, "accept_report", self.entry["signed_by"])

    @property
    def _asks_division(self) -> bool:
        """The clerk's own division advises without being asked in writing."""
        return bool(self.entry["handled_by"] != self.clerk["unit"])

    @property
    def _division(self) -> Unit:
        return self.cast.units[self.entry["handled_by"]]

    def _received(self, sent: date, minutes: int = 0) -> datetime:
        return moment(calendar().due(sent, 1), 8, 30 + minutes)

    # --- the moves ------------------------------------------------------------------------------------------------
    def do_by(self, action: str, by: str) -> Any:
        return lambda at: self.do(action, by, at)

    def _write(self, at: datetime, written: dict[str, Any]) -> None:
        self.cast.escalations[self.code] = edit_report(self.now, by=self._person(self.secretary), at=at, **written)
        self.do("propose", self.secretary, at)

    def _assign(self, at: datetime) -> None:
        self.do("assign", self.clerk["username"], at, division=self._division)

    def _advise(self, at: datetime) -> None:
        action = "advise" if self._asks_division else "present"
        self.do(action, self.clerk["username"], at, text=self.stage["advice"])

    def _reply(self, at: datetime, response: dict[str, Any]) -> None:
        data = {"text": response["text"], "document": response["document"]}
        if "forwarded_to" in response:
            data["to"] = self.cast.units[response["forwarded_to"]]
        if response["round"] == 1 and "done_by" in self.stage:
            data["done_by"] = self.stage["done_by"]
        self.do(ACTIONS[ReplyKind(response["kind"])], response["responder"], at, **data)

    def _send_further(self, at: datetime) -> None:
        """The province's own report to the next level."""
        clerk, leader = self._person(self.clerk["username"]), self._person(self.entry["responses"][-1]["responder"])
        child = edit_report(self.now.children.get(), by=clerk, at=at, **self.stage["further"])
        perform(child, "send", by=leader, at=at)

    def _answer(self, at: datetime, item: str) -> None:
        told = self.stage["relay"][item]
        self._move_item(
            at, item, "answer", self.entry["signed_by"], text=told["text"], promised_on=told["promised_on"],
            kind=AnswerKind.IN_PROGRESS, mode=AnswerMode.WRITTEN,
        )  # fmt: skip

    def _report_done(self, at: datetime, closure: dict[str, Any]) -> None:
        lead = self.cast.items[closure["item"]].lead_unit
        assert lead is not None
        chief = self.cast.chief(lead.code, closure["date"])
        said = {"text": closure["text"], "document": closure["document"], "done_on": closure["date"]}
        self._move_item(at, closure["item"], "report", chief.username, **said)

    def _move_item(self, at: datetime, item: str, action: str, by: str, **data: Any) -> None:
        self.cast.do(item, action, self._person(by), at, **data)
