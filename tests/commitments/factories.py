"""Campaigns and commitments for tests, brought to a state by the real moves of the real people."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc.documents.models.paper import keep
from cchc.organization.models import Person
from cchc.workflow.engine import perform
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.draft import Registered, canonical, digest_of, save_tasks
from commitments.domain.progress import Reached
from commitments.enums import CampaignState, CommitmentState, ReportState, Scoring
from commitments.models import Campaign, Commitment, Report
from tests.dialogues.factories import HANOI
from tests.factories import Force
from tests.kept import Kept

AT = datetime(2020, 1, 2, 9, tzinfo=HANOI)
DAYS: dict[str, Any] = {
    "opens_on": date(2019, 12, 16), "sign_by": date(2020, 1, 31), "self_by": date(2020, 12, 10),
    "check_by": date(2020, 12, 18), "score_by": date(2020, 12, 25), "object_by": date(2020, 12, 30),
    "report_days": [date(2020, 3, 25), date(2020, 6, 25), date(2020, 9, 25)],
}  # fmt: skip
LEVELS = [
    ("Hoàn thành xuất sắc nhiệm vụ", Decimal(90)),
    ("Hoàn thành tốt nhiệm vụ", Decimal(75)),
    ("Hoàn thành nhiệm vụ", Decimal(50)),
    ("Không hoàn thành nhiệm vụ", Decimal(0)),
]


# The moves that lead from a draft to each state; factories.step makes them.
_IN_FORCE = ["sign", "countersign"]
_SCORED = [*_IN_FORCE, "evaluate", "self_score", "check", "score"]
COMMITMENT_PATHS: dict[str, list[str]] = {
    CommitmentState.DRAFT: [],
    CommitmentState.SIGNED: ["sign"],
    CommitmentState.RETURNED: ["sign", "return"],
    CommitmentState.IN_FORCE: _IN_FORCE,
    CommitmentState.SELF_DUE: _SCORED[:3],
    CommitmentState.SELF_SCORED: _SCORED[:4],
    CommitmentState.CHECKED: _SCORED[:5],
    CommitmentState.SCORED: _SCORED,
    CommitmentState.OBJECTED: [*_SCORED, "object"],
    CommitmentState.FINAL: [*_SCORED, "agree"],
    CommitmentState.SUPERSEDED: [*_IN_FORCE, "replace"],
    CommitmentState.TERMINATED: [*_IN_FORCE, "terminate"],
    CommitmentState.LAPSED: ["cancel"],
}
CAMPAIGN_PATHS: dict[str, list[str]] = {
    CampaignState.DRAFT: [],
    CampaignState.OPEN: ["open"],
    CampaignState.EVALUATING: ["open", "evaluate"],
    CampaignState.PUBLISHED: ["open", "evaluate", "publish"],
    CampaignState.CANCELLED: ["open", "cancel"],
}
REPORT_PATHS: dict[str, list[str]] = {
    ReportState.DUE: [],
    ReportState.SUBMITTED: ["submit"],
    ReportState.RETURNED: ["submit", "return"],
    ReportState.ACCEPTED: ["submit", "accept"],
    ReportState.CLOSED: ["close"],
}
SCORES = ("self_score", "check", "score", "decide")
REPORTED = datetime(2020, 3, 24, 9, tzinfo=HANOI)
_END = {"evaluate": (2020, 12, 7), "self_score": (2020, 12, 9), "check": (2020, 12, 17), "score": (2020, 12, 24),
        "object": (2020, 12, 28), "agree": (2020, 12, 28), "publish": (2021, 1, 5)}  # fmt: skip
WHEN = {action: datetime(*day, 9, tzinfo=HANOI) for action, day in _END.items()}


@Kept
def campaign(force: Force, *, code: str = "CK-2020", opened: bool = True, **fields: Any) -> Campaign:
    """A campaign of the town for its team QLHC, its team TH and its ward; open unless said otherwise."""
    made = create_campaign(
        host=force.town, by=force.secretary, at=AT, code=code, place="An Thịnh",
        title="Cam kết thực hiện nhiệm vụ cải cách hành chính năm 2020",
        clause="Kết quả là một tiêu chí đánh giá mức độ hoàn thành nhiệm vụ năm 2020.",
        **{"year": 2020, **DAYS, **fields},
    )  # fmt: skip
    groups = [("Đội", [force.qlhc, force.th]), ("Phường, xã", [force.ward])]
    terms = Terms([("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(100))], LEVELS, groups)
    made = set_terms(made, terms, by=force.secretary, at=AT)
    return perform(made, "open", by=force.leader, at=AT) if opened else made


def tasks(*weights: int) -> list[Registered]:
    return [
        Registered(
            text=f"Nhiệm vụ {n}", measure="Tỷ lệ hồ sơ đúng hạn", measure_unit="%", target=Decimal(95),
            due_on=date(2020, 12, 10), weight=Decimal(weight),
        )
        for n, weight in enumerate(weights or (60, 40), 1)
    ]  # fmt: skip


@Kept
def commitment_at(force: Force, state: str = "draft", *, of: Campaign | None = None) -> Commitment:
    """The commitment of the team QLHC, walked to *state*. A superseded one has its next version in force."""
    found = (of or campaign(force)).commitments.get(unit=force.qlhc)
    found = save_tasks(found, tasks(), by=force.unit_chief, at=AT)
    for action in COMMITMENT_PATHS[state]:
        found = step(found, action, force)
    return found


@Kept
def campaign_at(force: Force, state: str, *, code: str = "CK-2020") -> Campaign:
    """A campaign walked to *state*; from the evaluation on, with the commitment of QLHC alone."""
    made = campaign(force, code=code, opened=False)
    for action in CAMPAIGN_PATHS[state]:
        if action == "evaluate":
            commitment_at(force, "in_force", of=made)
        elif action == "publish":
            walked = made.commitments.get(unit=force.qlhc)
            for each in ("self_score", "check", "score", "agree"):
                walked = step(walked, each, force)
        made = perform(made, action, by=_who(action, force), at=WHEN.get(action, AT), note="Theo chỉ đạo.")
    return made


@Kept
def report_at(force: Force, state: str, *, of: Commitment | None = None) -> Report:
    """The first report that the commitment of QLHC owes, walked to *state*."""
    owed = of or commitment_at(force, "in_force")
    report = owed.reports.order_by("due_on").first()
    assert report is not None
    entries = [Reached(task, Decimal(40)) for task in owed.tasks.all()]
    for action in REPORT_PATHS[state]:
        if action == "close":
            step(owed, "terminate", force)
        else:
            data: dict[str, Any] = {"entries": entries} if action == "submit" else {}
            by = force.unit_chief if action == "submit" else force.secretary
            report = perform(report, action, by=by, at=REPORTED, note="Còn thiếu minh chứng.", **data)
    return Report.objects.get(pk=report.pk)


def step(commitment: Commitment, action: str, force: Force) -> Commitment:
    """One move of QLHC's commitment by whose turn it is; "evaluate", "cancel" and "replace" move what is around it."""
    if action == "sign":
        return sign(commitment, force.unit_chief)
    if action == "countersign":
        return countersign(commitment, force.leader)
    note = "Chỉ tiêu chưa đo được." if action == "return" else "Theo chỉ đạo."
    if action in ("evaluate", "cancel"):
        perform(commitment.campaign, action, by=_who(action, force), at=WHEN.get(action, AT), note=note)
    elif action == "replace":
        step(commitment, "amend", force)
        following = Commitment.objects.get(campaign=commitment.campaign, unit=commitment.unit, version=2)
        countersign(sign(following, force.unit_chief), force.leader)
    else:
        points: dict[str, Any] = (
            {"points": dict.fromkeys(criteria_of(commitment), Decimal(80))} if action in SCORES else {}
        )
        by = _who(action, force)
        return perform(commitment, action, by=by, at=WHEN.get(action, AT), note=note, **points)
    return Commitment.objects.get(pk=commitment.pk)


def criteria_of(commitment: Commitment) -> list[int]:
    return list(commitment.campaign.criteria.values_list("pk", flat=True))


def _who(action: str, force: Force) -> Person:
    if action in ("open", "publish", "cancel", "return", "score", "decide"):
        return force.leader
    return force.secretary if action in ("evaluate", "check", "send_back", "terminate") else force.unit_chief


def sign(commitment: Commitment, by: Person, at: datetime = AT, **data: Any) -> Commitment:
    shown = {"digest": digest_of(canonical(commitment)), "paper": keep(b"%PDF-1.7 paper", at)}
    return perform(commitment, "sign", by=by, at=at, **{**shown, **data})


def countersign(commitment: Commitment, by: Person, at: datetime = AT, **data: Any) -> Commitment:
    return perform(commitment, "countersign", by=by, at=at, **{"digest": commitment.digest, **data})
