"""Signing: the text, who signs it in which post, the password again; works without JavaScript and on a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cchc.documents.models.paper import keep
from cchc.documents.typesetting import CannotTypeset
from cchc.organization.domain import sign_in
from cchc.organization.models import Position
from cchc.web import limits
from cchc.workflow.engine import MovedOn, Refused, perform, refusal_of
from cchc.workflow.flow import Unrecorded
from commitments import documents, presentation
from commitments.domain.comparison import between_texts
from commitments.domain.draft import canonical, digest_of
from commitments.domain.signing import ACTIONS, Heads, next_to_sign, post_on
from commitments.enums import Seat
from commitments.forms.commitment import SignForm
from commitments.models import Commitment
from commitments.views.commitment import fill, load, signature_places, task_rows, title_of
from commitments.views.comparison import compared

LONGEST_SHOWN = 100_000


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def commitment_sign(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    commitment, at = load(request, pk), timezone.now()
    seat = ACTIONS[action]
    if request.method != "POST":
        return _page(request, commitment, action, refusal=refusal_of(commitment, action, request.user))
    form = SignForm(request.POST)
    if form.is_valid() and _is_confirmed(request, form, at):
        try:
            _sign(request, commitment, seat, action, form, at)
        except MovedOn as refusal:
            return _page(request, load(request, pk), action, refusal=refusal)
        except Refused as refusal:
            return _page(request, commitment, action, form, refusal)
        except CannotTypeset as problem:
            form.add_error(None, str(problem))
        else:
            return _signed(request, commitment, action)
    return _page(request, commitment, action, form, refusal_of(commitment, action, request.user), status=400)


def _is_confirmed(request: HttpRequest, form: SignForm, at: datetime) -> bool:
    """Whether it is the person himself; the form says why not."""
    try:
        if sign_in.confirm(request, request.user, form.cleaned_data["password"], at=at):
            return True
        form.refuse(_("This is not your password. Nothing has been signed."))
    except sign_in.TooMany:
        form.refuse(_("Too many wrong passwords from this machine. Wait 15 minutes; nothing has been signed."))
    return False


def _sign(request: HttpRequest, commitment: Commitment, seat: Seat, action: str, form: SignForm, at: datetime) -> None:
    """The first signature takes the paper with it: rendered before, frozen in the same transaction."""
    digest, pdf = form.cleaned_data["digest"], b""
    post = post_on(seat, commitment, request.user, timezone.localdate(at))
    if action == "sign" and post is not None:
        pdf = documents.to_be_signed(commitment, documents.Signing(seat, post, at, digest))
    with transaction.atomic():
        given: dict[str, Any] = {"paper": keep(pdf, at)} if action == "sign" else {}
        perform(
            commitment, action, by=request.user, at=at, seen=form.cleaned_data["seen"], digest=digest,
            address=Unrecorded(limits.address_of(request)), **given,
        )  # fmt: skip


def _signed(request: HttpRequest, commitment: Commitment, action: str) -> HttpResponse:
    """On to the next one that awaits the same signature, so that several are signed in a row."""
    code = {"code": commitment.code}
    done = _("%(code)s is signed.") if action == "sign" else _("%(code)s is confirmed and in force.")
    following, left = next_to_sign(request.user, action, but=commitment) if action == "countersign" else (None, 0)
    if following is None:
        messages.success(request, done % code)
        return redirect("commitment_show", commitment.pk)
    more = ngettext("%(n)d more awaits you; this is the next.", "%(n)d more await you; this is the next.", left)
    messages.success(request, f"{done % code} {more % {'n': left}}")
    return redirect(f"commitment_{action}", following.pk)


def _page(
    request: HttpRequest, commitment: Commitment, action: str, form: SignForm | None = None,
    refusal: Refused | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today, seat = timezone.localdate(), ACTIONS[action]
    post = post_on(seat, commitment, request.user, today)
    fill([commitment])
    heads = Heads.needed(commitment, today)
    text = commitment.content or canonical(commitment)
    digest = digest_of(text)
    tasks = list(commitment.tasks.all())
    text_changed = request.method == "POST" and request.POST.get("digest") != digest
    if text_changed and refusal is None:
        refusal = MovedOn(_("The text has changed since it was shown; read it again before you sign."), None)
    if text_changed:
        form = None  # what was ticked was ticked under another text
    # What differs from the text that stood on the page which was sent; told only when it is really that text.
    shown = request.POST.get("shown", "")[:LONGEST_SHOWN]
    known = text_changed and digest_of(shown) == request.POST.get("digest")
    changed = compared(between_texts(shown, text)) if known else []
    fresh = SignForm(initial={"seen": commitment.moves, "digest": digest})
    possible = refusal_of(commitment, action, request.user) is None
    context = {
        "commitment": commitment,
        "campaign": commitment.campaign,
        "action": action,
        "seat": seat,
        "title": title_of(commitment),
        "rows": task_rows(tasks),
        "weight": sum(task.weight for task in tasks),
        "places": signature_places(commitment, heads, possible),
        "signed": len(commitment.signatures.all()),
        "post": post,
        "post_words": _post_words(commitment, seat, post),
        "acted_for": heads.acted_for(seat) if post and post.acting_kind else "",
        "short_code": presentation.short_code(digest),
        "shown": text,
        "form": form or fresh,
        "fields": fresh,
        "refusal": refusal,
        "possible": possible,
        "changed": changed,
        "text_changed": text_changed,
    }
    return render(request, "commitments/commitment_sign.html", context, status=refusal.status if refusal else status)


def _post_words(commitment: Commitment, seat: Seat, post: Position | None) -> str:
    unit = commitment.unit if seat == Seat.CHIEF else commitment.host
    return documents.post_in_full(post.title, unit.name) if post else ""
