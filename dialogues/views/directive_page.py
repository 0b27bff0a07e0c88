"""The page of one directive: what is to be done, how far it is, by whose word, and what comes next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from cchc.followup.domain.explain import explain
from cchc.web.panels import Panel
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import offers
from cchc.workflow.flow import Offer
from dialogues import presentation
from dialogues import presentation_directive as shown
from dialogues.domain.directive_draft import may_add
from dialogues.domain.directive_page import may_follow, reports_of, warnings
from dialogues.enums import ConferenceKind, DirectiveState
from dialogues.models import Conclusion, Directive, Item, Plan
from dialogues.views.directive_history import timeline
from dialogues.views.directive_move import visible_directive

# Done from the bar at once: nothing is asked.
DIRECT = "take_up"
# Stand beside the request for more time, and only where there is one.
ABOUT_TIME = ("grant_time", "deny_time")
# Without their condition they are no step at all here, and not told of.
ONLY_WHEN_POSSIBLE = ("return", *ABOUT_TIME)


@require_safe
def directive_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    directive, today, days = visible_directive(request, pk), timezone.localdate(), calendar()
    follows = may_follow(directive)
    found, turn = offers(directive, request.user), directive.turn
    draft = directive.state == DirectiveState.DRAFT
    writes = draft and may_add(directive.basis, request.user)
    context = {
        "directive": directive,
        "follows": follows,
        "badge": shown.badge(directive),
        "turn": presentation.turn(turn, turn is not None and turn.is_owed_by(request.user), directive.host_id),
        "due": shown.deadline(directive, today, days),
        "late_days": directive.late_days(days),
        "meter": shown.meter(directive.percent),
        "counted": explain(turn, days, shown.directive_basis(directive, turn)) if turn else None,
        "warnings": warnings(directive, today, days) if writes else [],
        "may_edit": writes,
        "reports": reports_of(directive) if follows else [],
        **_sources(request, directive),
        "panels": _panels(request, directive),
        "offers": [each for each in found if not _left_out(each)],
        "time_offers": [each for each in found if each.action in ABOUT_TIME and not each.reason],
        "direct": DIRECT,
        "base": f"{reverse('directive_show', args=[directive.pk])}do/",
        "entries": timeline(directive, follows=follows),
    }
    return render(request, "dialogues/directive_show.html", context)


def _left_out(offer: Offer) -> bool:
    return offer.action in ABOUT_TIME or offer.action in ONLY_WHEN_POSSIBLE and bool(offer.reason)


def _sources(request: HttpRequest, directive: Directive) -> dict[str, Any]:
    """From where it comes, as far as the reader may see it."""
    conclusion = directive.conclusion
    if conclusion is None:
        return {"plan": Plan.objects.visible_to(request.user).filter(pk=directive.plan_id).first()}
    items = Item.objects.visible_to(request.user).filter(directives=directive)
    return {
        "conference": conclusion.conference if directive.told_at else None,
        "items": list(items.defer("search").order_by("kind", "number")),
        "findings": list(directive.findings.order_by("number")) if _of_inspection(conclusion) else [],
    }


def _of_inspection(conclusion: Conclusion) -> bool:
    return bool(conclusion.conference.kind == ConferenceKind.INSPECTION)


def _panels(request: HttpRequest, directive: Directive) -> list[Panel]:
    """What other domains make of it: settings.DIRECTIVE_PANELS."""
    found = (import_string(name)(request.user, directive) for name in settings.DIRECTIVE_PANELS)
    return [panel for panel in found if panel is not None]
