"""The flow of a commitment: drafted, signed by the chief, confirmed by the leader, in force until the next version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.organization import access
from cchc.organization.access import role_holders
from cchc.organization.enums import Role
from cchc.organization.models import Person, Position, Unit
from cchc.organization.permissions import Permission
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import CLOCK, SYSTEM
from cchc.workflow.engine import MovedOn, Refused, hold, perform
from cchc.workflow.flow import Move, Owed, Sentence, Transition, flow
from cchc.workflow.models import Event
from commitments import permissions
from commitments.domain import evaluation, takeover
from commitments.domain.draft import begin_commitment, canonical, digest_of, objection
from commitments.domain.progress import close_reports, open_reports
from commitments.enums import CampaignState, CommitmentState, Seat, Stage
from commitments.models import Commitment, Signatory, Signature
from commitments.models.commitment import BEING_SIGNED, STANDING

S = CommitmentState
UNSIGNED = (*BEING_SIGNED, S.RETURNED)
NOT_FINAL = (*UNSIGNED, S.IN_FORCE, S.SELF_DUE, S.SELF_SCORED, S.CHECKED, S.SCORED, S.OBJECTED)


# --- guards -----------------------------------------------------------------------------------------------------------
def _ready(commitment: Commitment) -> Sentence:
    if commitment.campaign.state != CampaignState.OPEN:
        return _("The campaign is not open for signing.")
    return objection(commitment)


def _open(commitment: Commitment) -> Sentence:
    return "" if commitment.campaign.state == CampaignState.OPEN else _("The campaign is not open for signing.")


def _no_other_draft(commitment: Commitment) -> Sentence:
    if reason := _open(commitment):
        return reason
    others = Commitment.objects.filter(
        campaign=commitment.campaign_id, unit=commitment.unit_id, state__in=(*BEING_SIGNED, S.RETURNED)
    )
    return _("A new version is being drafted already.") if others.exists() else ""


def _no_other_stands(commitment: Commitment) -> Sentence:
    if commitment.state not in UNSIGNED:
        return ""
    standing = Commitment.objects.filter(campaign=commitment.campaign_id, unit=commitment.unit_id).standing()
    return _("Another version is in force; end that one, and this one ends with it.") if standing.exists() else ""


# --- effects ----------------------------------------------------------------------------------------------------------
def _sign(commitment: Commitment, move: Move) -> None:
    """The chief signs the text whose `digest` was shown; `paper` is how it looks, frozen with it.

    Raises MovedOn when the text changed since it was shown.
    """
    text = canonical(commitment)
    _shown(commitment, move, digest_of(text))
    commitment.content, commitment.digest = text, digest_of(text)
    commitment.paper = move.data["paper"]
    _write(commitment, Seat.CHIEF, move, permissions.SIGN, commitment.unit)


def _countersign(commitment: Commitment, move: Move) -> None:
    """The leader confirms the text whose `digest` was shown, and it takes the place of the version before."""
    _shown(commitment, move, commitment.digest)
    chief = commitment.signatures.get(seat=Seat.CHIEF)
    if move.by and chief.person_id == move.by.pk:
        raise Refused(_("Whoever signed for the unit cannot confirm it too."))
    _write(commitment, Seat.LEADER, move, permissions.COUNTERSIGN, commitment.host)
    before = Commitment.objects.filter(campaign=commitment.campaign_id, unit=commitment.unit_id, state__in=STANDING)
    for earlier in before:
        perform(earlier, "supersede", by=SYSTEM, at=move.at)
    commitment.in_force_at = move.at
    open_reports(commitment, move.at)


def _end_reports(commitment: Commitment, move: Move) -> None:
    close_reports(commitment, move.at)


def _terminate(commitment: Commitment, move: Move) -> None:
    """End it without blame, and what was drafted beside it; its open tasks go to the unit `successor`, if named."""
    successor: Unit | None = move.data.get("successor")
    hold(Commitment.objects.filter(campaign=commitment.campaign_id, unit__in=[commitment.unit, successor or 0]))
    _end_reports(commitment, move)
    beside = Commitment.objects.filter(campaign=commitment.campaign_id, unit=commitment.unit_id, state__in=UNSIGNED)
    for other in beside.exclude(pk=commitment.pk):
        perform(other, "lapse", by=SYSTEM, at=move.at, note=move.note)
    if successor is None or successor.pk == commitment.unit_id:
        return
    commitment.taken_over_by = takeover.latest_of(commitment, successor)
    receiver, tasks = takeover.receiver_of(commitment, successor), takeover.open_tasks(commitment)
    if receiver is not None and tasks:
        note = f"{commitment.unit.name} → {successor.name}. {move.note}"
        perform(receiver, "take_over", by=SYSTEM, at=move.at, note=note, tasks=tasks)


def _take_over(commitment: Commitment, move: Move) -> None:
    """Add `tasks` of a unit that ended: to this draft, or to the next version of what is in force."""
    draft = commitment if commitment.state == S.DRAFT else _draft_after(commitment, move)
    takeover.add_tasks(draft, move.data["tasks"])


def _shown(commitment: Commitment, move: Move, digest: str) -> None:
    if move.data["digest"] != digest:
        last = Event.objects.of(commitment).newest_first().first()
        raise MovedOn(_("The text has changed since it was shown; read it again before you sign."), last)


def _write(commitment: Commitment, seat: Seat, move: Move, right: Permission, unit: Any) -> None:
    assert move.by is not None
    post = signing_post(move.by, right, unit, timezone.localdate(move.at))
    assert post is not None
    Signature.objects.create(
        commitment=commitment,
        seat=seat,
        person=move.by,
        name=move.by.full_name,
        rank=move.by.rank,
        title=post.title,
        unit_name=unit.name_on(timezone.localdate(move.at)),
        acting_kind=post.acting_kind,
        authority=post.authority,
        digest=move.data["digest"],
        address=move.data["address"].value if "address" in move.data else None,
        at=move.at,
    )


def signing_post(person: Person, right: Permission, unit: Any, day: date) -> Position | None:
    """By which post *person* signs here: what the paper prints under the signature."""
    return access.post_for(person, right, unit, day)


def _return(commitment: Commitment, move: Move) -> None:
    commitment.return_reason = move.note[:1000]


def _next_version(commitment: Commitment, move: Move) -> None:
    """With what the unit has taken over meanwhile."""
    draft = _draft_after(commitment, move)
    takeover.add_tasks(draft, takeover.waiting_tasks(draft))


def _draft_after(commitment: Commitment, move: Move) -> Commitment:
    signatory = Signatory.objects.select_related("unit", "group").get(
        campaign=commitment.campaign_id, unit=commitment.unit_id
    )
    return begin_commitment(commitment.campaign, signatory, at=move.at, before=commitment)


def _signing(commitment: Commitment, start: date) -> date:
    """The day of the campaign; a later version has a working week at least."""
    day = max(commitment.campaign.sign_by, start)
    return day if commitment.version == 1 else max(day, calendar().due(start, 5))


def successor_chiefs(commitment: Commitment) -> list[Person]:
    """Whoever goes on with the tasks of one that ended."""
    return unit_chiefs(commitment.taken_over_by) if commitment.taken_over_by else []


def _by(name: str) -> Callable[[Commitment, date], date]:
    """A day of the campaign, never before the day on which the turn comes."""

    def due(commitment: Commitment, start: date) -> date:
        day: date = getattr(commitment.campaign, name)
        return max(day, start)

    return due


def unit_chiefs(commitment: Commitment) -> list[Person]:
    return role_holders(Role.UNIT_CHIEF, commitment.unit)


def unanswered(at: datetime) -> list[Commitment]:
    """Scored ones whose units kept silent until the time for objections had passed."""
    today = timezone.localdate(at)
    return list(Commitment.objects.filter(state=S.SCORED, campaign__object_by__lt=today).order_by("pk"))


# fmt: off
COMMITMENT_FLOW = flow("commitments.commitment", [
    Transition("sign", (S.DRAFT,), S.SIGNED, permissions.SIGN, pgettext_lazy("commitment", "Sign"), _("signed it"),
               "pen", guard=_ready, effect=_sign),
    Transition("countersign", (S.SIGNED,), S.IN_FORCE, permissions.COUNTERSIGN, _("Sign and confirm"),
               _("confirmed it"), "pen", guard=_open, effect=_countersign),
    Transition("return", (S.SIGNED,), S.RETURNED, permissions.COUNTERSIGN, _("Return with a reason"),
               _("returned it"), "back", effect=_return, note_required=True, primary=False),
    Transition("take_back", (S.SIGNED,), S.RETURNED, permissions.SIGN, _("Take the signature back"),
               _("took the signature back"), "back", effect=_return, note_required=True, primary=False),
    Transition("revise", (S.RETURNED,), S.SUPERSEDED, permissions.REGISTER, _("Draft a new version"),
               _("began a new version"), "edit", guard=_open, effect=_next_version),
    Transition("amend", (S.IN_FORCE,), None, permissions.REGISTER, _("Amend by a new version"),
               _("began a new version"), "edit", guard=_no_other_draft, effect=_next_version, note_required=True,
               primary=False),
    Transition("supersede", (S.IN_FORCE,), S.SUPERSEDED, SYSTEM, _("Supersede"), _("was superseded"), "smerge",
               effect=_end_reports),
    Transition("lapse", (S.DRAFT, S.SIGNED, S.RETURNED), S.LAPSED, SYSTEM, _("Lapse"), _("was never signed"), "sx"),
    Transition("assess", (S.IN_FORCE,), S.SELF_DUE, SYSTEM, _("Begin the evaluation"), _("is being evaluated"),
               "chart", together=evaluation.compute),
    Transition("self_score", (S.SELF_DUE,), S.SELF_SCORED, permissions.REGISTER, _("Assess ourselves"),
               _("assessed itself"), "edit", effect=evaluation.give(Stage.SELF)),
    Transition("check", (S.SELF_SCORED,), S.CHECKED, permissions.CHECK, _("Check the scores"), _("checked the scores"),
               "check", effect=evaluation.give(Stage.CHECK)),
    Transition("send_back", (S.SELF_SCORED, S.CHECKED), S.SELF_DUE, permissions.CHECK, _("Send back"),
               _("sent the scores back"), "back", note_required=True, primary=False),
    Transition("score", (S.CHECKED,), S.SCORED, permissions.SCORE, _("Give the scores"), _("gave the scores"), "flag",
               effect=evaluation.give(Stage.LEADER), notify=unit_chiefs),
    Transition("agree", (S.SCORED,), S.FINAL, permissions.REGISTER, _("Agree with the scores"),
               _("agreed with the scores"), "check"),
    Transition("object", (S.SCORED,), S.OBJECTED, permissions.REGISTER, _("Object"), _("objected to the scores"),
               "back", effect=evaluation.in_time_to_object, note_required=True, primary=False),
    Transition("decide", (S.OBJECTED,), S.FINAL, permissions.SCORE, _("Decide on the objection"),
               _("decided on the objection"), "flag", effect=evaluation.give(Stage.OBJECTION), notify=unit_chiefs,
               note_required=True),
    Transition("settle", (S.SCORED,), S.FINAL, CLOCK, _("Settle"), _("let the time for objections pass"), "check"),
    Transition("take_over", (S.DRAFT, S.IN_FORCE), None, SYSTEM, _("Take over tasks"),
               _("added the open tasks of a unit that was reorganized"), "merge", effect=_take_over),
    Transition("terminate", NOT_FINAL, S.TERMINATED, permissions.TERMINATE, _("End by reorganization"),
               _("ended it because of a reorganization"), "sx", guard=_no_other_stands, effect=_terminate,
               notify=successor_chiefs, note_required=True, danger=True, primary=False),
    # The same where the work of a unit that has ended is handed over: by whoever works for a command above it.
    Transition("reorganize", NOT_FINAL, S.TERMINATED, SYSTEM, _("End by reorganization"),
               _("ended it because of a reorganization"), "sx", guard=_no_other_stands, effect=_terminate,
               notify=successor_chiefs, note_required=True),
], title=_("Commitments"), owes={
    S.DRAFT: Owed("sign", _("Register tasks and sign"), Role.UNIT_CHIEF, unit=lambda each: each.unit,
                  due=_signing),
    S.SIGNED: Owed("countersign", _("Confirm the commitment"), Role.LEADER, within=3),
    S.RETURNED: Owed("revise", _("Draft the commitment anew"), Role.UNIT_CHIEF, unit=lambda each: each.unit, within=5),
    S.SELF_DUE: Owed("self_score", _("Assess the unit's own result"), Role.UNIT_CHIEF, unit=lambda each: each.unit,
                     due=_by("self_by")),
    S.SELF_SCORED: Owed("check_scores", _("Check the scores"), Role.SECRETARY, due=_by("check_by")),
    S.CHECKED: Owed("score", _("Give the scores"), Role.LEADER, due=_by("score_by")),
    S.SCORED: Owed("agree", _("Agree or object"), Role.UNIT_CHIEF, unit=lambda each: each.unit, due=_by("object_by")),
    S.OBJECTED: Owed("decide", _("Decide on the objection"), Role.LEADER, within=3),
}, verbs={"create": _("opened it for the unit"), "register": _("registered tasks"),
    "seal": _("was sealed"), "add_copy": _("added a copy with a digital signature"),
    "add_scan": _("added a scan of the paper signed by hand")})
# fmt: on
