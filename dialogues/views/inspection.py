"""The inspection as a tab of its conference's page: scope, delegation, documents asked for, findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import files_beside, files_in
from cchc.documents.models import Attachment
from cchc.organization.models import Person
from cchc.workdays.domain.calendar import Calendar, calendar
from dialogues import permissions
from dialogues import presentation_inspection as shown
from dialogues.domain import delegation
from dialogues.domain.finding import FINDING, for_page, may_record, remedy_of
from dialogues.enums import FindingKind
from dialogues.forms.inspection import DelegateForm, ScopeForm
from dialogues.models import Conference, Delegate, Directive, Finding, Request, Scope
from dialogues.views.conference_frame import frame, load
from dialogues.views.inspection_form import Asked, Removal, form_page, inspection, remove_page

FOUND = 10


@dataclass(frozen=True)
class Line:
    """A finding with its evidence, the directives built on it, and whether it is remedied."""

    finding: Finding
    files: list[Attachment]
    directives: list[Directive]
    remedy: SafeString


@require_safe
def conference_inspection(request: HttpRequest, code: str) -> HttpResponse:
    at, conference = timezone.now(), load(request, code, for_page(request.user))
    today, by = timezone.localdate(at), request.user
    days = calendar()
    shared = frame(request, conference, "inspection", at, days)
    runs = not delegation.over(conference)
    lines = finding_lines(conference, by, today, days)
    asked = Request.objects.visible_to(by).filter(conference=conference).select_related("unit", "turn")
    context = {
        **shared,
        "scope": getattr(conference, "scope", None),
        "delegates": conference.delegates.all(),
        "requests": [(each, shown.request_badge(each), shown.wanted(each, today, days)) for each in asked],
        "groups": [(kind.label, [line for line in lines if line.finding.kind == kind]) for kind in FindingKind],
        "lines": lines,
        "may_set": runs and shared["may_prepare"],
        "may_ask": runs and delegation.is_at_work(conference, by, permissions.RECORD_FINDINGS),
        "may_record": may_record(conference, by),
        "inside": delegation.is_at_work(conference, by, permissions.READ_INSPECTION),
    }
    return render(request, "dialogues/conference_inspection.html", context)


def finding_lines(conference: Conference, person: Person, today: date, days: Calendar) -> list[Line]:
    seen = Finding.objects.visible_to(person).filter(conference=conference)
    visible = Exists(Directive.objects.visible_to(person).filter(pk=OuterRef("pk")))
    built = Prefetch("directives", Directive.objects.annotate(seen=visible).order_by("number"), "built")
    found: Any = seen.select_related("topic", "unit").prefetch_related(built).annotate(files=files_beside(FINDING))
    return [
        Line(
            each, files_in(each.files), [row for row in each.built if row.seen],
            shown.remedy(remedy_of(each, each.built), today, days),
        )
        for each in found
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_scope(request: HttpRequest, code: str) -> HttpResponse:
    conference = inspection(request, code, permissions.PREPARE_CONFERENCE)
    scope = Scope.objects.filter(conference=conference).first()
    asked = Asked(T("Scope of the inspection"), T("Save the scope"), T("The scope is saved."), f"scope-{code}")

    def save(form: Any) -> None:
        delegation.set_scope(conference, by=request.user, at=timezone.now(), **form.particulars)

    def make(*sent: Any, **options: Any) -> ScopeForm:
        return ScopeForm(*sent, scope=scope, conference=conference, **options)

    note = _("Whoever belongs to the delegation with an account reads on these days, and only matters of the period.")
    return form_page(request, conference, asked, make, save, note=note)


@require_http_methods(["GET", "HEAD", "POST"])
def delegate_add(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody with an account, found by name, or somebody from outside by name."""
    conference = inspection(request, code, permissions.PREPARE_CONFERENCE)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    free = delegation.eligible(conference, timezone.localdate())
    headed = conference.delegates.filter(head=True).exists()
    asked = Asked(
        T("Add to the delegation"), T("Add"), T("The delegation is changed."), f"delegate-{code}", "delegation"
    )

    def save(form: Any) -> None:
        delegation.add_delegate(conference, by=request.user, at=timezone.now(), **form.cleaned_data)

    def make(*sent: Any, **options: Any) -> DelegateForm:
        chosen = free.filter(pk=_number(request.GET.get("person"))).first()
        kept = {**options.pop("initial", {}), **({"person": chosen.pk} if chosen else {}), "head": not headed}
        return DelegateForm(*sent, people=free, initial=kept, **options)

    chosen = free.filter(pk=_number(request.POST.get("person") or request.GET.get("person"))).first()
    more = {"q": text, "chosen": chosen, "search": True}
    found = free.search(text).order_by("sort_key", "id")[:FOUND] if text else None
    return form_page(request, conference, asked, make, save, found=found, **more)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 18 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def delegate_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    conference = inspection(request, code, permissions.PREPARE_CONFERENCE)
    delegate = get_object_or_404(
        Delegate.objects.select_related("conference__host", "post"), pk=pk, conference=conference
    )
    removal = Removal(
        _("Take %(name)s out of the delegation?") % {"name": delegate.name},
        delegate.title,
        _("What this person could read by the delegation ends today.") if delegate.person_id else "",
        _("Take out of the delegation"),
        _("Removed: %(person)s") % {"person": delegate.name},
        "delegation",
    )
    return remove_page(
        request, conference, removal,
        lambda: delegation.remove_delegate(delegate, by=request.user, at=timezone.now()),
    )  # fmt: skip
