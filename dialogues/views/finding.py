"""Findings of an inspection: written down with their evidence, corrected, taken out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods

from cchc.documents.domain.attachment import attachments_of
from cchc.workflow.engine import Refused
from dialogues import permissions
from dialogues.domain import finding as findings
from dialogues.domain.delegation import inspected_units
from dialogues.enums import ConclusionState
from dialogues.forms.inspection import FindingForm
from dialogues.models import Conference, Finding
from dialogues.views.inspection_form import Asked, Removal, form_page, inspection, remove_page

ANCHOR = "findings"


@require_http_methods(["GET", "HEAD", "POST"])
def finding_add(request: HttpRequest, code: str) -> HttpResponse:
    conference = _open(request, code)
    asked = Asked(
        T("Record a finding"), T("Save the finding"), T("The finding is saved."), f"finding-new-{code}", ANCHOR
    )

    def save(form: Any) -> None:
        findings.record_finding(conference, by=request.user, at=timezone.now(), **form.particulars)

    return form_page(request, conference, asked, _form(conference, None), save)


@require_http_methods(["GET", "HEAD", "POST"])
def finding_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    conference = _open(request, code)
    finding = _finding(request, conference, pk)
    title = _("Edit %(code)s") % {"code": finding.code}
    asked = Asked(title, T("Save the finding"), T("The finding is saved."), f"finding-{finding.pk}", ANCHOR)

    def save(form: Any) -> None:
        findings.change_finding(finding, by=request.user, at=timezone.now(), **form.particulars)

    files = attachments_of(findings.FINDING, [finding.pk]).get(str(finding.pk))
    return form_page(request, conference, asked, _form(conference, finding), save, files=files)


@require_http_methods(["GET", "HEAD", "POST"])
def finding_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    conference = _open(request, code)
    finding = _finding(request, conference, pk)
    told = {"code": finding.code}
    removal = Removal(
        _("Take %(code)s out?") % told,
        finding.text,
        _("Its evidence is no longer shown. The numbers of the others stay. This cannot be undone."),
        _("Take it out"),
        _("Removed: %(person)s") % {"person": finding.code},
        ANCHOR,
    )
    return remove_page(
        request, conference, removal, lambda: findings.remove_finding(finding, by=request.user, at=timezone.now())
    )


def _open(request: HttpRequest, code: str) -> Conference:
    """The inspection, whose conclusion has not been issued yet."""
    conference = inspection(request, code, permissions.RECORD_FINDINGS)
    if conference.conclusions.filter(state=ConclusionState.ISSUED).exists():
        raise Refused(findings.CONCLUDED)
    return conference


def _finding(request: HttpRequest, conference: Conference, pk: int) -> Finding:
    rows = Finding.objects.visible_to(request.user).select_related("conference")
    return get_object_or_404(rows, pk=pk, conference=conference)


def _form(conference: Conference, finding: Finding | None) -> Any:
    def make(*sent: Any, **options: Any) -> FindingForm:
        return FindingForm(
            *sent, conference=conference, units=inspected_units(conference), finding=finding, **options
        )  # fmt: skip

    return make
