"""The outbox: what was sent, what waits, what failed and why. No contents: how, when and to whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cchc.followup.domain import resend as sending
from cchc.followup.enums import DeliveryState
from cchc.followup.models import Delivery
from cchc.organization.gate import needs
from cchc.organization.models import Person
from cchc.organization.permissions import OPERATE
from cchc.web import counting
from cchc.web.branches import Branches
from cchc.web.forms import CleanForm
from cchc.web.paging import page_of
from cchc.web.text import clean

S = DeliveryState
ORDER = ("-made_at", "id")
# The pills: their words, and the states they show.
PILLS = {
    "failed": (S.FAILED.label, (S.FAILED,)),
    "waiting": (gettext_lazy("Waiting"), (S.QUEUED, S.CLAIMED)),
    "sent": (S.SENT.label, (S.SENT,)),
    "dropped": (S.DROPPED.label, (S.DROPPED,)),
    "all": (pgettext_lazy("pill", "All"), tuple(S)),
}


@needs(OPERATE)
@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    pill = request.GET.get("state", "") if request.GET.get("state") in PILLS else "all"
    text = clean(request.GET.get("q", "")).strip()[:100]
    rows = _of_person(sending.outbox(request.user), text)
    arms = {state: rows.filter(state=state) for state in S}
    # State by state each list is read by its index.
    wanted: Any = Branches(Delivery.objects.select_related("person"), [arms[state] for state in PILLS[pill][1]])
    page = page_of(request, wanted, ORDER)
    counts = counting.bounded({state.value: arm for state, arm in arms.items()})
    context = {
        "page": page,
        "rows": _with_notices(page.rows),
        "pill": pill,
        "q": text,
        "segs": _segs(counts, pill, text),
        "failed": counts[S.FAILED],
    }
    return render(request, "followup/delivery_list.html", context)


@needs(OPERATE)
@require_POST
def delivery_resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = get_object_or_404(sending.outbox(request.user), pk=pk)
    if sending.resend(Delivery.objects.filter(pk=delivery.pk), by=request.user, at=timezone.now()):
        messages.success(request, _("It waits to be sent again."))
    else:
        messages.warning(request, _("It is no longer failed: nothing was changed."))
    return redirect(f"{reverse('delivery_list')}?state=failed")


@needs(OPERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_resend_all(request: HttpRequest) -> HttpResponse:
    """Ask, then send everything again that failed."""
    failed = sending.outbox(request.user).filter(state=S.FAILED)
    if request.method != "POST":
        count = counting.bounded({"failed": failed})["failed"]
        crumbs = [(_("Outbox"), reverse("delivery_list")), (_("Send all failed again"), "")]
        context = {"form": CleanForm(), "count": count, "crumbs": crumbs}
        return render(request, "followup/delivery_resend_all.html", context)
    queued = sending.resend(failed, by=request.user, at=timezone.now())
    words = ngettext("%(n)d delivery waits to be sent again.", "%(n)d deliveries wait to be sent again.", queued)
    messages.success(request, words % {"n": queued})
    return redirect("delivery_list")


def _of_person(rows: QuerySet[Delivery], text: str) -> QuerySet[Delivery]:
    return rows.filter(person__in=Person.objects.search(text).values("pk")) if text else rows


def _with_notices(rows: list[Delivery]) -> list[tuple[Delivery, int]]:
    """Each with the number of notices it carries."""
    through = Delivery.notices.through.objects.filter(delivery__in=[row.pk for row in rows])
    numbers = dict(through.order_by().values_list("delivery").annotate(n=Count("pk")))
    return [(row, numbers.get(row.pk, 0)) for row in rows]


def _segs(counts: dict[str, int], pill: str, text: str) -> list[dict[str, Any]]:
    kept = {"q": text} if text else {}
    return [
        {
            "label": label,
            "url": "?" + urlencode({"state": key, **kept}),
            "count": counting.shown(sum(counts[state] for state in states)) if key != "all" else None,
            "active": key == pill,
            "late": key == "failed" and bool(counts[S.FAILED]),
        }
        for key, (label, states) in PILLS.items()
    ]
