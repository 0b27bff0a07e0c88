"""Golden table: which buttons each role sees in each state, and which of them a guard disables ("(-)").

Rewrite it with GOLDEN=write and read the difference before committing.
"""

from __future__ import annotations

import os
from pathlib import Path

from cchc.workflow.engine import offers
from cchc.workflow.models import Subject
from dialogues.enums import EscalationState, ItemState
from tests.dialogues.factories import CONFERENCE_PATHS, conference_at, escalation_at, item_at, plan, step
from tests.factories import Force

GOLDEN = Path(__file__).parent.parent / "golden"
ROLES = (
    "officer", "unit_chief", "secretary", "leader", "deputy", "idle_deputy", "ward_chief", "provincial_secretary",
    "provincial_leader", "inspector", "administrator", "stranger", "next_leader",
)  # fmt: skip


def rows(name: str, subject: Subject, force: Force) -> list[str]:
    found = []
    for role in ROLES:
        buttons = [offer.action + (" (-)" if offer.reason else "") for offer in offers(subject, getattr(force, role))]
        if buttons:
            found.append(f"{name:<11} {role:<22}{', '.join(buttons)}")
    return found or [f"{name:<12}{'–':<22}"]


def agrees_with(golden: str, lines: list[str]) -> None:
    path, text = GOLDEN / golden, "\n".join(lines) + "\n"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


def test_buttons_of_an_item(force: Force) -> None:
    conference = conference_at(force, "collecting")
    lines = [
        line for state in ItemState.values for line in rows(state, item_at(force, state, conference=conference), force)
    ]
    agrees_with("item_offers.txt", lines)


def test_buttons_of_an_escalation(force: Force) -> None:
    lead = escalation_at(force, "received")
    lines = [
        line for state in EscalationState.values for line in rows(state, escalation_at(force, state, lead=lead), force)
    ]
    asked = step(escalation_at(force, "received"), "ask_time", force)
    agrees_with("escalation_offers.txt", lines + rows("+time asked", asked, force) + rows("+leads", lead, force))


def test_buttons_of_a_conference(force: Force) -> None:
    lines = [line for state in CONFERENCE_PATHS for line in rows(state, conference_at(force, state), force)]
    agrees_with("conference_offers.txt", lines)


def test_buttons_of_a_plan(force: Force) -> None:
    lines = rows("draft", plan(force, issue=False), force) + rows("in_force", plan(force), force)
    agrees_with("plan_offers.txt", lines)
