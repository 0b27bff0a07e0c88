"""Autosave of forms that carry `data-draft`."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cchc.web.domain import draft as drafts

NEVER_KEPT = ("csrfmiddlewaretoken", "submit_key", "_discard")


@login_not_required
@require_POST
def draft_save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the posted fields; `_discard` or an anonymous choice forgets them instead, so that no draft leads to its
    author.
    """
    fields = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in NEVER_KEPT and "password" not in name.lower()
    }
    anonymous = any(values == ["anonymous"] for values in fields.values())
    if anonymous or "_discard" in request.POST:
        drafts.discard(drafts.owner_of(request), key)
        return HttpResponse(status=204)
    if not request.user.is_authenticated and not request.session.session_key:
        request.session.create()
    try:
        draft = drafts.keep(drafts.owner_of(request), key, fields, at=timezone.now())
    except drafts.TooLarge:
        return JsonResponse({"error": _("Too long to be kept as a draft.")}, status=413)
    return JsonResponse({"saved_at": timezone.localtime(draft.saved_at).strftime("%H:%M")})
