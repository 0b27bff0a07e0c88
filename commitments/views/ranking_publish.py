"""Publishing a ranking: the result to look at, number and day of its notice, the paper itself, then the move."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.documents.models.paper import keep
from cchc.documents.typesetting import CannotTypeset
from cchc.organization import access
from cchc.workflow.engine import MovedOn, Refused, perform, refusal_of
from cchc.workflow.flow import flow_of
from commitments import documents, permissions
from commitments.domain import ranking
from commitments.enums import CampaignState
from commitments.forms.ranking import PublishForm
from commitments.models import Campaign
from commitments.views.campaign import load
from dialogues.domain.plan import number_is_usual

ACTION = "publish"
MOST_PICTURED = 300  # units; of more, nobody looks at the paper on a screen


@require_http_methods(["GET", "HEAD", "POST"])
def ranking_publish(request: HttpRequest, code: str) -> HttpResponse:
    campaign = load(request, code, whole=True)
    form = PublishForm(request.POST or None, campaign=campaign)
    refusal = refusal_of(campaign, ACTION, request.user)
    if refusal is not None:
        return _page(request, campaign, form, refusal)
    content, step = ranking.frozen(campaign), request.POST.get("_do", "")
    if request.method != "POST" or step == "edit" or not form.is_valid():
        status = 400 if request.method == "POST" and step != "edit" else 200
        return _page(request, campaign, form, content=content, status=status)
    notice = _notice(request, campaign, form, content)
    try:
        if step == "publish":
            _publish(request, campaign, form, notice, timezone.now())
            messages.success(request, _("The ranking is published."))
            return redirect("ranking_show", campaign.code)
        return _page(request, campaign, form, content=content, notice=notice)
    except CannotTypeset as problem:
        form.add_error("document", str(problem))
        return _page(request, campaign, form, content=content, status=400)
    except Refused as refused:
        # The newest result beside what was typed; sent once more, that one is published.
        now = load(request, code, whole=True)
        form.data = form.data.copy()
        form.data["seen"], form.data["digest"] = str(now.moves), ranking.digest_of(ranking.frozen(now))
        return _page(request, now, form, refused, content=ranking.frozen(now))


def _notice(request: HttpRequest, campaign: Campaign, form: PublishForm, content: str) -> documents.Notice:
    post = access.post_for(request.user, permissions.DIRECT_CAMPAIGN, campaign.host)
    assert post is not None
    return documents.Notice(content, form.cleaned_data["document"], form.cleaned_data["document_on"], post)


def _publish(
    request: HttpRequest, campaign: Campaign, form: PublishForm, notice: documents.Notice, at: datetime
) -> None:  # fmt: skip
    """The paper is made before, and freezes in the same transaction as the result that it tells."""
    data = form.cleaned_data
    if data["digest"] != notice.digest:
        raise MovedOn(_("The result has changed since it was shown; look at it again before you publish it."), None)
    pdf = documents.ranking_notice(campaign, notice, at)
    with transaction.atomic():
        perform(
            campaign, ACTION, by=request.user, at=at, seen=data["seen"], digest=data["digest"],
            document=data["document"], document_on=data["document_on"], paper=keep(pdf, at),
        )  # fmt: skip


def _page(
    request: HttpRequest, campaign: Campaign, form: PublishForm, refusal: Refused | None = None, *, content: str = "",
    notice: documents.Notice | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    still = refusal_of(campaign, ACTION, request.user) if refusal else None
    context: dict[str, Any] = {
        "campaign": campaign,
        "row": flow_of(campaign).row(ACTION),
        "form": form,
        "refusal": refusal,
        "possible": still is None and campaign.state == CampaignState.EVALUATING,
        "notice": notice,
    }
    if content:
        digest = ranking.digest_of(content)
        form.initial["document_on"] = timezone.localdate()
        result = documents.ranking_result(campaign, content)
        context |= {"result": result, "digest": digest}
        if notice is not None and result.ranked <= MOST_PICTURED:
            pages = documents.ranking_pictures(campaign, notice, timezone.now())
            context["pages"] = [base64.b64encode(page).decode() for page in pages]
    if notice is not None:
        context["unusual"] = not number_is_usual(notice.number)
    return render(
        request, "commitments/ranking_publish.html", context, status=refusal.status if refusal else status
    )  # fmt: skip
