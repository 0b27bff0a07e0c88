"""Publishing several answers at once."""

from __future__ import annotations

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cchc.workflow.actors import may
from cchc.workflow.engine import Refused, perform
from dialogues import permissions
from dialogues.domain.told import told
from dialogues.enums import ItemState
from dialogues.models import Item

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def item_publish_many(request: HttpRequest) -> HttpResponse:
    """Ask once for all the chosen ones, with who is told; posted, publish each by itself."""
    chosen = _chosen(request)
    if request.method == "POST" and chosen:
        _publish(request, chosen)
        return redirect("item_list")
    context = {"items": chosen, "told": told(chosen) if chosen else None}
    return render(request, "dialogues/item_publish_many.html", context, status=400 if request.method == "POST" else 200)


def _chosen(request: HttpRequest) -> list[Item]:
    """The chosen items that stand to be published by this person."""
    posted = request.POST if request.method == "POST" else request.GET
    field = django_forms.UUIDField()
    try:
        keys = [field.clean(key) for key in posted.getlist("item")[:MOST]]
    except django_forms.ValidationError:
        return []
    found = Item.objects.visible_to(request.user).filter(pk__in=keys, state=ItemState.ANSWERED)
    items = found.select_related("host__command", "conference", "answer").defer("search").order_by("kind", "number")
    return [item for item in items if may(request.user, permissions.PUBLISH, item)]


def _publish(request: HttpRequest, items: list[Item]) -> None:
    """What somebody else moved meanwhile is named, the rest is published."""
    done, left = 0, []
    for item in items:
        try:
            perform(item, "publish", by=request.user, at=timezone.now(), seen=_seen(request, item))
        except Refused:
            left.append(item.code)
        else:
            done += 1
    if done:
        messages.success(request, ngettext("%(n)d answer published.", "%(n)d answers published.", done) % {"n": done})
    if left:
        messages.warning(request, _("Moved on in the meantime, not published: %(codes)s.") % {"codes": ", ".join(left)})


def _seen(request: HttpRequest, item: Item) -> int:
    typed = request.POST.get(f"seen-{item.pk}", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else item.moves
