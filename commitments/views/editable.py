"""The papers of commitments to be worked on elsewhere, for whoever gets the PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments import documents
from commitments.domain import ranking_page
from commitments.views import campaign as campaigns
from commitments.views.commitment import load, name_of
from commitments.views.paper import docx_file


@never_cache
@require_safe
def commitment_docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    """As it stands; before anybody has signed, as it would be signed today."""
    commitment = load(request, pk)
    return docx_file(documents.commitment_docx(commitment, timezone.now()), name_of(commitment))


@never_cache
@require_safe
def evaluation_docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment = load(request, pk)
    if not commitment.scores.exists():
        raise Http404
    return docx_file(documents.evaluation_docx(commitment), f"phieu-danh-gia-{name_of(commitment)}")


@never_cache
@require_safe
def ranking_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The notice of a published ranking."""
    campaign = campaigns.load(request, code)
    ranking = ranking_page.ranking_of(campaign)
    notice = documents.Notice.of(ranking) if ranking is not None and ranking.paper_id else None
    if notice is None:
        raise Http404
    return docx_file(documents.ranking_docx(campaign, notice), f"xep-hang-{campaign.code}")
