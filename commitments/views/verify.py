"""Checking a paper, open to everybody: whose it is, when it was signed, whether it holds. Its tasks are not told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain import seal
from cchc.documents.domain.certificate import SealProblem
from cchc.documents.domain.seal import Origin, SealFound
from cchc.web import limits
from commitments.documents import post_in_full
from commitments.domain import signed_copy, verification
from commitments.domain.verification import Found, Standing
from commitments.forms.verify import VerifyForm
from commitments.models import Commitment, DigitalSignature, Signature

# From one address: wrong codes (right ones are not counted, a whole ward may sit behind one), and files looked into.
WRONG_AN_HOUR, FILES_AN_HOUR, HOUR = 20, 30, 3600
LOOKS = {
    Standing.IN_FORCE: ("is-done", "s4"), Standing.PARTLY: ("is-wait", "s3"), Standing.RETURNED: ("is-wait", "sq"),
    Standing.SUPERSEDED: ("", "smerge"), Standing.ENDED: ("", "sx"), Standing.NEVER: ("", "sx"),
}  # fmt: skip
# How the given file relates to the kept one.
FILES = {
    "same": gettext_lazy("The file is the paper that the unit signed, byte for byte."),
    "sealed": gettext_lazy("The file is the paper with both signatures and the electronic seal, byte for byte."),
    "signed": gettext_lazy("The file is the copy with digital signatures that is kept here, byte for byte."),
    "copy": gettext_lazy("The file is the kept paper with nothing but further digital signatures added."),
    "altered": gettext_lazy(
        "The file carries the code of this paper but is not the same: it was altered or saved anew."
    ),
}
ORIGINS = {
    Origin.SELF_MADE: gettext_lazy("a certificate made by this system, which shows alterations and proves no identity"),
    Origin.ORGANIZATION: gettext_lazy("the organization's certificate"),
    Origin.KNOWN: gettext_lazy("a certificate of a known provider"),
    Origin.UNKNOWN: gettext_lazy("a certificate that is not known here"),
}  # fmt: skip


@dataclass(frozen=True)
class Signer:
    """*digital*: his digital signature in a copy that is kept, beside the electronic confirmation."""

    signature: Signature
    post: str
    digital: DigitalSignature | None


@dataclass(frozen=True)
class Seal:
    """A digital signature in the given file."""

    found: SealFound
    kind: Any


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "commitments/verify_enter.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "commitments/verify_enter.html", {"form": form}, status=400)
    if form.cleaned_data["file"]:
        return _by_file(request, form, form.cleaned_data["file"].read())
    return _by_code(request, form, form.cleaned_data["code"])


@login_not_required
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper's QR code opens."""
    return _by_code(request, VerifyForm(initial={"code": code}), code)


def _by_code(request: HttpRequest, form: VerifyForm, code: str) -> HttpResponse:
    """The paper of the code; a wrong one and one of a paper that nobody has signed answer alike."""
    address = limits.address_of(request)
    if limits.is_over("verify", address, WRONG_AN_HOUR, HOUR):
        return _refused(request, form, _("Too many wrong codes from this network. Try again in an hour."), 429)
    found = verification.by_code(code)
    if found is None:
        limits.hit("verify", address, WRONG_AN_HOUR, HOUR)
        return _refused(
            request, form, _("No paper has this code. Check it against the paper: 16 letters and digits."), 404
        )
    return _result(request, found)


def _by_file(request: HttpRequest, form: VerifyForm, data: bytes) -> HttpResponse:
    if limits.hit("verify_file", limits.address_of(request), FILES_AN_HOUR, HOUR):
        return _refused(request, form, _("Too many files from this network. Try again in an hour."), 429)
    seals = _seals(data)
    found, file = _compare(data, seals)
    if found is None:
        sentence = _(
            "This file is no paper kept here and carries no code of one. A scanned paper is checked by its code."
        )
        return _refused(request, form, sentence, 404)
    return _result(request, found, file=file, seals=seals)


def _compare(data: bytes, seals: list[Seal]) -> tuple[Found | None, str]:
    """The paper of a file and how the file relates to it (FILES)."""
    exact = verification.by_bytes(data)
    if exact is not None:
        kept = {"sealed": exact.commitment.sealed, "same": exact.commitment.paper}
        return exact, next((kind for kind, paper in kept.items() if paper and bytes(paper.data) == data), "signed")
    for code in verification.codes_in(data):
        if found := verification.by_code(code):
            return found, "copy" if _is_copy(data, found, seals) else "altered"
    return None, ""


def _is_copy(data: bytes, found: Found, seals: list[Seal]) -> bool:
    """Whether signatures were added to a kept paper, and nothing else."""
    kept = [bytes(each.data) for each in (found.commitment.sealed, found.commitment.paper) if each is not None]
    try:
        return any(len(seals) > len(_seals(each)) and seal.is_signed_copy(data, each) for each in kept)
    except SealProblem:
        return False


def _seals(data: bytes) -> list[Seal]:
    try:
        return [Seal(each, ORIGINS[each.origin]) for each in seal.verify(data)]
    except SealProblem:
        return []


def _is_a_signers(found: SealFound, commitment: Commitment) -> bool:
    """A valid digital signature of a provider's certificate in the name of a signer; a seal is an organization's."""
    return found.valid and found.origin in signed_copy.ROOTS and bool(signed_copy.seat_of(commitment, found))


def _may_open(request: HttpRequest, commitment: Commitment) -> bool:
    """Whether the reader has signed in and sees the commitment itself."""
    seen = Commitment.objects.visible_to(request.user) if request.user.is_authenticated else Commitment.objects.none()
    return seen.filter(pk=commitment.pk).exists()


def _refused(request: HttpRequest, form: VerifyForm, sentence: str, status: int) -> HttpResponse:
    return render(request, "commitments/verify_enter.html", {"form": form, "sentence": sentence}, status=status)


def _result(request: HttpRequest, found: Found, file: str = "", seals: list[Seal] | None = None) -> HttpResponse:
    tone, glyph = LOOKS[found.standing]
    altered, commitment = file == "altered", found.commitment
    own = signed_copy.by_signer(commitment, signed_copy.digital_signatures(commitment))
    context = {
        "found": found,
        "commitment": commitment,
        "standing": found.standing.label,
        "tone": tone,
        "glyph": glyph,
        "signers": [
            Signer(each, post_in_full(each.title, each.unit_name), own.get(each.seat))
            for each in commitment.signatures.all()
        ],
        "file": FILES.get(file, ""),
        "altered": altered,
        "seals": seals or [],
        "qualified": not own and not altered and any(_is_a_signers(each.found, commitment) for each in seals or []),
        "in_law": signed_copy.in_law(commitment, own),
        "may_open": _may_open(request, commitment),
        "form": VerifyForm(),
    }
    return render(request, "commitments/verify_result.html", context)
