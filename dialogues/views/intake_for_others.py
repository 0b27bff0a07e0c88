"""The secretary enters what came on paper, out of the box, from a unit, or was said in the hall."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.workflow.engine import Refused
from dialogues import permissions
from dialogues.domain import intake
from dialogues.forms.intake import ForOthersForm
from dialogues.models import Conference
from dialogues.views.intake import receipt_page

PROPOSED = 8
# What the next slip most likely has in common with this one.
CARRIED = ("channel", "audience", "received_on")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_others(request: HttpRequest, code: str) -> HttpResponse:
    at, conference = timezone.now(), _conference(request.user, code)
    today = timezone.localtime(at).date()
    if request.method != "POST":
        carried = {name: request.GET[name] for name in CARRIED if name in request.GET}
        initial = {"received_on": today, **carried, "submit_key": intake.new_submit_key()}
        return _page(request, conference, ForOthersForm(conference, today=today, initial=initial))
    form = ForOthersForm(conference, request.POST, request.FILES, today=today)
    if not form.is_valid():
        return _page(request, conference, form, status=400)
    data = form.cleaned_data
    try:
        receipt = intake.ask(
            form.asking(), conference=conference, by=request.user, at=at, submit_key=data["submit_key"],
            files=data["files"],
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, conference, form, status=refusal.status)
    carried = {name: data[name].isoformat() if name == "received_on" else data[name] for name in CARRIED}
    return receipt_page(request, receipt, at, layout="base.html", for_others=True, carried=urlencode(carried))


@require_POST
def ask_people(request: HttpRequest, code: str) -> HttpResponse:
    """What the field for an officer proposes. By POST: names belong in no address."""
    conference = _conference(request.user, code)
    typed = request.POST.get("author", "")[:120].replace("\x00", "").strip()
    units = Unit.objects.below(conference.host).valid_on(timezone.localdate())
    people = Person.objects.filter(pk__in=units.values("positions__person"), is_active=True)
    found = people.search(typed).order_by("sort_key", "id")[:PROPOSED] if len(typed) > 1 else []
    return render(request, "dialogues/_people_options.html", {"people": found})


def _conference(person: Person, code: str) -> Conference:
    found = Conference.objects.visible_to(person).select_related("host", "topics").prefetch_related("audiences")
    conference = get_object_or_404(found, code=code)
    if not access.can(person, permissions.ASK_FOR_OTHERS, conference.host):
        raise Http404
    return conference


def _page(
    request: HttpRequest, conference: Conference, form: ForOthersForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"conference": conference, "form": form, "complaints_url": reverse("ask_channels"), **more}
    return render(request, "dialogues/intake_for_others.html", context, status=status)
