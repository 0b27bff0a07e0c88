"""A year of commitments on the stage: reported, evaluated, ranked, by real moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from cchc.organization.models import Person
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import perform
from commitments.domain.draft import save_tasks
from commitments.domain.progress import Reached
from commitments.domain.report import submit
from commitments.models import Campaign, Commitment, Report
from tests.browser.pledges import campaign, person, registered, sign
from tests.browser.stage import LEADER, SECRETARY, Stage

CODE = "CK-XH"
UNITS = {"TH-DQLHC": "86,5", "TH-NM": "92"}  # the first is the chief's own


def ranked() -> Campaign:
    """A campaign of which two units were evaluated and whose ranking is published."""
    made = campaign(CODE)
    if made.state == "published":
        return made
    for unit, score in UNITS.items():
        _finish(made.commitments.get(unit__code=unit), Decimal(score.replace(",", ".")))
    Campaign.objects.filter(pk=made.pk, state="open").update(state="evaluating")
    made = Campaign.objects.get(pk=made.pk)
    return perform(made, "publish", by=person(LEADER), at=timezone.now(), document="01/TB-CATX-TH")


def _finish(draft: Commitment, score: Decimal) -> None:
    at, leader, secretary = timezone.now(), person(LEADER), person(SECRETARY)
    chief = Person.objects.get(positions__unit=draft.unit, positions__role="unit_chief")
    made = sign(save_tasks(draft, registered(draft), by=secretary, at=at))
    made = perform(made, "countersign", by=leader, at=at, digest=made.digest)
    first = made.reports.get(task__place=1)
    told = [Reached(first.task, Decimal(88), text="Đã bỏ đối chiếu ở 7 trong 8 phường.")]
    first = submit(first, told, by=chief, at=at, note="Còn một phường chờ đường truyền.")
    perform(first, "accept", by=secretary, at=at)
    perform(made, "assess", by=SYSTEM, at=at)
    points = {made.campaign.criteria.get().pk: score}
    for action, by in (("self_score", chief), ("check", secretary), ("score", leader), ("agree", chief)):
        made = perform(made, action, by=by, at=at, **({} if action == "agree" else {"points": points}))


def own() -> Commitment:
    return ranked().commitments.get(unit__code="TH-DQLHC")


def year_at(after: str) -> Any:
    """A page of the chief's commitment."""
    return lambda stage: f"/commitments/{own().pk}/{after}"


def reporting() -> Commitment:
    """The chief's commitment of another campaign, in force."""
    made = campaign("CK-BC").commitments.get(unit__code="TH-DQLHC")
    if made.state != "draft":
        return made
    made = sign(save_tasks(made, registered(made), by=person(SECRETARY), at=timezone.now()))
    return perform(made, "countersign", by=person(LEADER), at=timezone.now(), digest=made.digest)


def report_at(state: str, after: str = "") -> Any:
    """A report that is owed, or one of a year that is over."""

    def find(stage: Stage) -> str:
        of = reporting() if state == "due" else own()
        report = Report.objects.filter(commitment=of, state=state).earliest("due_on")
        return f"/commitments/reports/{report.pk}/{after}"

    return find


def counted_at(stage: Stage) -> str:
    made = own()
    return f"/commitments/{made.pk}/evaluation/{made.campaign.criteria.get().pk}/"
