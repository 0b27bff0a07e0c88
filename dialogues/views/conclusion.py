"""The conclusion of a conference: a tab of its page, the form for its text, and its moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from cchc.followup.domain.explain import explain
from cchc.organization import access
from cchc.web import markup
from cchc.web.domain import draft as drafts
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.engine import Refused, offers
from cchc.workflow.models.obligation import seats
from dialogues import permissions
from dialogues import presentation_directive as shown
from dialogues.documents.notice import with_notice
from dialogues.domain import conclusion as conclusions
from dialogues.domain.directive_draft import may_add
from dialogues.domain.directive_page import warnings
from dialogues.enums import ConclusionState, DirectiveState
from dialogues.forms.conclusion import ConclusionForm, IssueForm
from dialogues.forms.move import NoteForm
from dialogues.models import Conclusion, Conference, Directive
from dialogues.models.inspection import finding_code
from dialogues.views.conference_frame import frame, load
from dialogues.views.conference_history import timeline
from dialogues.views.directive_rows import directive_rows
from dialogues.views.move import move_page, send_again

DONE = {
    "present": T("The conclusion is before the leader."),
    "issue": T("The conclusion is issued: its directives are the units’ work now."),
    "send_back": T("The conclusion is with the secretary again."),
    "cancel": T("The draft is discarded."),
}
FOLLOWS = {
    "present": T("The leader reads it, may still change it, and issues it."),
    "issue": T(
        "Text and directives cannot be changed afterwards. Each lead unit gets its directive to take up, and everybody "
        "who was invited is told."
    ),
    "send_back": T("The secretary writes on at it and presents it anew."),
    "cancel": T("Its text and its directives are not issued. A new one can be begun. This cannot be undone."),
}


def visible_conclusion(request: HttpRequest, conference: Conference) -> Conclusion | None:
    """The one that stands, if the person may see it."""
    rows = with_notice(Conclusion.objects.visible_to(request.user).filter(conference=conference))
    found = rows.exclude(state=ConclusionState.CANCELLED).select_related("issued_by", "turn__unit", "host__command")
    conclusion = found.first()
    if conclusion:
        conclusion.conference = conference
    return conclusion


def _must_see(request: HttpRequest, conference: Conference) -> Conclusion:
    conclusion = visible_conclusion(request, conference)
    if conclusion is None:
        raise Http404
    return conclusion


@require_safe
def conference_conclusion(request: HttpRequest, code: str) -> HttpResponse:
    at, conference = timezone.now(), load(request, code)
    conclusion, days = visible_conclusion(request, conference), calendar()
    context = {
        **frame(request, conference, "conclusion", at, days),
        "may_begin": conclusion is None and _may_begin(request, conference),
        "conclusion": conclusion,
        **(_contents(request, conclusion, days) if conclusion else {}),
    }
    return render(request, "dialogues/conference_conclusion.html", context)


def _may_begin(request: HttpRequest, conference: Conference) -> bool:
    in_time = conference.state in conclusions.CONCLUDING
    return in_time and access.can(request.user, permissions.WRITE_CONCLUSION, conference.host)


def _contents(request: HttpRequest, conclusion: Conclusion, days: Calendar) -> dict[str, Any]:
    today, turn = timezone.localdate(), conclusion.turn
    rows = Directive.objects.visible_to(request.user).filter(conclusion=conclusion).select_related("lead", "turn__unit")
    found = list(rows.with_names().order_by("number"))
    for each in found:
        each.conclusion = conclusion
        each.codes += [finding_code(number) for number in each.found]
    writes = conclusions.may_write(conclusion, request.user)
    inside = writes or any(access.can(request.user, right, conclusion.host) for right in conclusions.RIGHTS)
    return {
        "badge": shown.conclusion_badge(conclusion),
        "lines": [
            (row, warnings(row.directive, today, days) if writes else [])
            for row in directive_rows(found, request.user, today, days)
        ],
        "done": sum(1 for each in found if each.state == DirectiveState.ACCEPTED),
        "may_write": writes,
        "may_add": may_add(conclusion, request.user),
        "counted": explain(turn, days, shown.conclusion_basis(conclusion, turn)) if turn and inside else None,
        "entries": timeline(conclusion, inside=inside, without=("directive",)),
        "offers": offers(conclusion, request.user),
        "base": f"{reverse('conference_conclusion', args=[conclusion.conference.code])}do/",
        **_chips(conclusion, request, today, days),
    }


def _chips(conclusion: Conclusion, request: HttpRequest, today: date, days: Calendar) -> dict[str, Any]:
    """Whose turn the conclusion is and until when; the head of the page says the same of the conference."""
    turn = conclusion.turn
    if turn is None:
        return {"its_turn": "", "its_due": ""}
    unit, mine = turn.unit, (turn.role, turn.unit_id) in seats(request.user)
    return {
        "its_turn": markup.turn(unit.short_name, mine, title=unit.name) if unit else "",
        "its_due": markup.due(Due(turn.due_on, days.between(today, turn.due_on))),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def conclusion_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Begin it, or write on at its text."""
    conference = load(request, code)
    conclusion = visible_conclusion(request, conference)
    _may_edit(request, conference, conclusion)
    key, refusal = f"conclusion-{code}", None
    owner = drafts.owner_of(request)
    typed = {} if request.method == "POST" else drafts.recall(owner, key)
    initial = {name: value for name, value in typed.items() if name != "seen"}
    data = request.POST if request.method == "POST" else None
    form = ConclusionForm(data, conclusion=conclusion, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, conference, conclusion, form)
        except Refused as refused:
            refusal = refused
            if conclusion:
                send_again(form, conclusion, refused)
        else:
            drafts.discard(owner, key)
            messages.success(request, _("The conclusion is saved."))
            return redirect("conference_conclusion", code)
    context = {
        "conference": conference,
        "conclusion": conclusion,
        "form": form,
        "refusal": refusal,
        "draft": None if form.is_bound else drafts.find(owner, key),
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/conclusion_edit.html", context, status=status)


def _may_edit(request: HttpRequest, conference: Conference, conclusion: Conclusion | None) -> None:
    if conclusion is None:
        if not access.can(request.user, permissions.WRITE_CONCLUSION, conference.host):
            raise Http404
        if conference.state not in conclusions.CONCLUDING:
            raise Refused(conclusions.TOO_EARLY)
    elif not conclusions.may_write(conclusion, request.user):
        conclusions.refuse_writing(conclusion, request.user)


def _save(request: HttpRequest, conference: Conference, conclusion: Conclusion | None, form: ConclusionForm) -> None:
    at = timezone.now()
    if conclusion is None:
        conclusions.begin_conclusion(conference, by=request.user, at=at, **form.particulars)
    else:
        seen = form.cleaned_data["seen"]
        conclusions.edit_conclusion(conclusion, by=request.user, at=at, seen=seen, **form.particulars)


@require_http_methods(["GET", "HEAD", "POST"])
def conclusion_move(request: HttpRequest, code: str, action: str) -> HttpResponse:
    conclusion = _must_see(request, load(request, code))
    form: type[NoteForm] = IssueForm if action == "issue" else NoteForm
    back = reverse("conference_conclusion", args=[code])
    return move_page(request, conclusion, action, back=back, done=DONE, consequences=FOLLOWS, form=form)
