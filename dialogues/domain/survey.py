"""Satisfaction surveys: prepared, answered by a link without a name, closed with figures that hide small groups."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused, begin, moved_on, offers, record
from cchc.workflow.flow import Fork, Move, Offer, Owed, Sentence, Transition, flow
from dialogues import permissions
from dialogues.domain.survey_figures import added_safely, asked_to_rate, tally
from dialogues.enums import SurveySource, SurveyState
from dialogues.models import Conference, Criterion, Response, Score, Survey
from dialogues.models.survey import new_survey_key

S = SurveyState
MOST_CRITERIA = 20
CLOSED_WITHIN = 20  # working days, for a survey without a last day
# What may still be corrected while answers come in: not what they are answers to.
EDITABLE = {
    S.DRAFT: frozenset(
        (
            "host",
            "conference",
            "title",
            "source",
            "year",
            "first_on",
            "last_on",
            "method",
            "document",
            "criteria",
            "sent",
            "returned",
            "satisfied",
            "reported_percent",
        )
    ),
    S.OPEN: frozenset(("last_on", "method", "document", "sent")),
    S.CLOSED: frozenset[str](),
}


def _may_open(survey: Survey) -> Sentence:
    return "" if survey.has_link else _("This survey is not asked here; its figures are put on record at once.")


def _may_record(survey: Survey) -> Sentence:
    if survey.has_link:
        return _("This survey is asked here; open it first.")
    if survey.source == SurveySource.RATINGS:
        named = survey.conference_id or survey.first_on
        return "" if named else _("Name the conference or the period whose ratings are counted.")
    known = survey.reported_percent is not None or (survey.returned is not None and survey.satisfied is not None)
    return "" if known else _("Enter how many answered and were satisfied, or the share as it was reported.")


def _count(survey: Survey, move: Move) -> None:
    """Freeze the figures. What came after a reopening waits until it cannot be told apart by subtraction."""
    counted = tally(survey)
    if not survey.figures or added_safely(survey.figures, counted):
        survey.figures = counted
    if survey.source == SurveySource.RATINGS:
        survey.sent = asked_to_rate(survey)


def _closing_day(survey: Survey, start: date) -> date:
    if survey.last_on is None:
        return calendar().due(start, CLOSED_WITHIN)
    return calendar().roll(max(survey.last_on, start))


_again = Fork(lambda survey: S.OPEN if survey.has_link else S.DRAFT, (S.OPEN, S.DRAFT))

# fmt: off
SURVEY_FLOW = flow("dialogues.survey", [
    Transition("open", (S.DRAFT,), S.OPEN, permissions.MANAGE_SURVEYS, _("Open for answers"),
               _("opened it for answers"), "play", guard=_may_open),
    Transition("record", (S.DRAFT,), S.CLOSED, permissions.MANAGE_SURVEYS, _("Put the figures on record"),
               _("put the figures on record"), "flag", guard=_may_record, effect=_count),
    Transition("close", (S.OPEN,), S.CLOSED, permissions.MANAGE_SURVEYS, _("Close and count"),
               _("closed and counted it"), "flag", effect=_count),
    Transition("reopen", (S.CLOSED,), _again, permissions.MANAGE_SURVEYS, _("Open again"), _("opened it again"), "back",
               note_required=True, primary=False),
], title=_("Surveys"), owes={
    S.OPEN: Owed("close_survey", _("Close the survey and count"), role=Role.SECRETARY, due=_closing_day),
}, verbs={"create": _("prepared it"), "edit": _("edited it"), "new_link": _("made a new link")})
# fmt: on


def offered(survey: Survey, by: Person) -> list[Offer]:
    """The buttons of *survey* for *by*: of the two ways out of the draft the one that its source takes."""
    other = "record" if survey.has_link else "open"
    return [offer for offer in offers(survey, by) if offer.action != other]


@cache
def default_criteria() -> tuple[str, ...]:
    """What is asked unless the secretary says otherwise (survey_criteria.yaml)."""
    path = Path(__file__).with_name("survey_criteria.yaml")
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))


@transaction.atomic
def create(
    *, by: Person, at: datetime, host: Unit, conference: Conference | None = None, criteria: Sequence[str] = (),
    **fields: Any,
) -> Survey:  # fmt: skip
    """Prepare a survey. Raises NotAllowed when *by* runs no surveys of *host*, Refused for a conference of another."""
    survey = Survey(host=host, conference=conference, created_at=at, **fields)
    _check(survey, by)
    _check_conference(survey)
    begin(survey, by=by, at=at)
    if survey.has_link:
        _ask(survey, criteria)
    return survey


@transaction.atomic
def change(
    survey: Survey, *, by: Person, at: datetime, seen: int | None = None, criteria: Sequence[str] | None = None,
    **fields: Any,
) -> Survey:  # fmt: skip
    """Correct a survey, as far as its state allows. Raises MovedOn when it has changed since *seen*."""
    now = _locked(survey)
    _check(now, by)
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    told = {name: value for name, value in fields.items() if getattr(now, name) != value}
    if criteria is not None and [*criteria] != [each.text for each in now.criteria.all()]:
        told["criteria"] = criteria
    if set(told) - EDITABLE[SurveyState(now.state)]:
        raise Refused(_("What is being answered, or was counted, can no longer be changed."))
    before = {name: str(getattr(now, name)) for name in told if name != "criteria"}
    for name in before:
        setattr(now, name, fields[name])
    _check(now, by)
    if {"host", "conference"} & set(told):
        _check_conference(now)
    if "criteria" in told or (now.state == S.DRAFT and not now.has_link):
        _ask(now, told.get("criteria", ()))
    if told:
        now.moves += 1
        now.save()
        record(now, "edit", by=by, at=at, data={"before": before})
    return now


def renew_link(survey: Survey, *, by: Person, at: datetime) -> Survey:
    """A new link; the old one leads nowhere from now on."""
    with transaction.atomic():
        now = _locked(survey)
        _check(now, by)
        now.key = new_survey_key()
        now.moves += 1
        now.save()
        record(now, "new_link", by=by, at=at)
    return now


def takes_answers(survey: Survey, day: date) -> bool:
    """Whether a sheet may be handed in on *day*."""
    if survey.state != S.OPEN:
        return False
    return (survey.first_on is None or survey.first_on <= day) and (survey.last_on is None or day <= survey.last_on)


def mark_of(survey: Survey, browser: str) -> str:
    """What is kept of a browser: enough to know it again for this survey, and for nothing else."""
    return hashlib.sha256(f"{survey.pk}:{browser}".encode()).hexdigest()


def has_answered(survey: Survey, browser: str) -> bool:
    return bool(browser) and Response.objects.filter(mark=mark_of(survey, browser)).exists()


@transaction.atomic
def answer(
    survey: Survey, *, browser: str, at: datetime, group: str, overall: int, scores: Mapping[int, int],
    comment: str = "",
) -> None:  # fmt: skip
    """Hand in a sheet; *scores* by the criteria's ids. Leaves no event, for an event would tell when.

    Raises Refused when the survey takes no answers, or has one from this browser already.
    """
    now, day = _locked(survey), timezone.localdate(at)
    if not takes_answers(now, day):
        raise Refused(_("This survey takes no answers at present."))
    asked = {each.pk: each for each in now.criteria.all()}
    try:
        with transaction.atomic():
            sheet = Response.objects.create(
                survey=now, group=group, overall=overall, comment=comment, on=day, mark=mark_of(now, browser)
            )
    except IntegrityError as error:
        raise Refused(_("From this device an answer has been given already. Thank you.")) from error
    Score.objects.bulk_create(
        Score(response=sheet, criterion=asked[pk], value=value) for pk, value in scores.items() if pk in asked
    )


def _locked(survey: Survey) -> Survey:
    return (
        Survey.objects.select_for_update(of=("self",)).select_related("host__command", "conference").get(pk=survey.pk)
    )


def _check(survey: Survey, by: Person) -> None:
    if not access.can(by, permissions.MANAGE_SURVEYS, survey.host):
        raise NotAllowed(_("This step is not among your rights here."))


def _check_conference(survey: Survey) -> None:
    """When one is chosen: handed over to other units, survey and conference may part."""
    if survey.conference and survey.conference.host_id != survey.host_id:
        raise Refused(_("The conference is another unit's."))


def _ask(survey: Survey, criteria: Sequence[str]) -> None:
    survey.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(survey=survey, order=order, text=text) for order, text in enumerate(criteria[:MOST_CRITERIA], 1)
    )
