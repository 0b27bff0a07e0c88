"""Copies of a kept paper that were signed outside with a personal digital signature: examined, then kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.domain import seal
from cchc.documents.domain.attachment import Checked, attach, attachments_of
from cchc.documents.domain.certificate import SealProblem
from cchc.documents.domain.seal import Origin, SealFound
from cchc.documents.models import Attachment
from cchc.documents.models.paper import keep
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.text import words
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, record
from cchc.workflow.flow import Sentence
from cchc.workflow.models import Event
from commitments import permissions
from commitments.domain.verification import codes_in
from commitments.enums import CommitmentState, Root, Seat
from commitments.models import Commitment, DigitalSignature, SignedCopy
from commitments.models.commitment import STANDING

SUBJECT = "commitments.commitment"
CONFIRMED = gettext_lazy(
    "In law: these are electronic confirmations made on this system after the password was given again, not yet "
    "digital signatures of the public service."
)
EVERYBODY = gettext_lazy(
    "In law: beside the electronic confirmations made on this system, a copy of the paper carries the digital "
    "signatures of %(names)s. They were valid when the copy came; whether a certificate has been revoked is not asked."
)
SOMEBODY = gettext_lazy(
    "In law: a copy of the paper carries the digital signature of %(names)s, valid when the copy came; whether its "
    "certificate has been revoked is not asked. The other signature is an electronic confirmation made on this system."
)
MOST = 10  # copies of one commitment, and scans
CLOCKS_DIFFER = timedelta(days=1)
ROOTS = {Origin.KNOWN: Root.KNOWN, Origin.ORGANIZATION: Root.ORGANIZATION}


def refusal(commitment: Commitment, person: Person) -> Refused | None:
    """Why *person* cannot add a copy now. The unit's chief, the host's leaders and its secretary may.

    While the chief's signature or both of them stand: a paper that was returned or replaced is signed no more.
    """
    own = access.can(person, permissions.SIGN, commitment.unit)
    rights = (permissions.COUNTERSIGN, permissions.REGISTER_FOR)
    if not own and not any(access.can(person, right, commitment.host) for right in rights):
        return NotAllowed(_("This step is not among your rights here."))
    if commitment.paper_id is None or commitment.state not in (CommitmentState.SIGNED, *STANDING):
        last = Event.objects.of(commitment).newest_first().first()
        return MovedOn(_("Only the paper of a commitment that stands can be signed."), last)
    return None


def examine(commitment: Commitment, pdf: bytes, at: datetime) -> list[SealFound]:
    """The signatures that *pdf* adds to the frozen paper. Raises Refused with a sentence why it is not taken.

    A certificate must stand under a root that the administrator trusts and must have been valid at the moment of
    signing, and one at least must bear the name of a signer. Nobody outside is asked whether it was revoked since.
    """
    try:
        found = seal.verify(pdf)
        frozen = _frozen_in(commitment, pdf)
        added = found[len(seal.verify(frozen)) :] if frozen else []
        same = bool(added) and seal.is_signed_copy(pdf, frozen)
    except SealProblem as problem:
        raise Refused(str(problem)) from problem
    if not frozen:
        raise Refused(_not_this(commitment, pdf))
    if not added:
        raise Refused(_("The file is the kept paper, but nobody has added a digital signature to it."))
    if not same or not all(each.whole for each in added):
        raise Refused(_("Something else than a signature was added to the paper. Sign the file as it was downloaded."))
    for each in added:
        if reason := _flaw(each, commitment, at):
            raise Refused(reason)
    if not any(seat_of(commitment, each) for each in added):
        names = ", ".join(each.name for each in added)
        raise Refused(_("The certificate names “%(names)s”, who is none of the signers here.") % {"names": names})
    return added


def _frozen_in(commitment: Commitment, pdf: bytes) -> bytes:
    """The kept file with which *pdf* begins: with the seal, or as the unit signed it."""
    kept = [bytes(each.data) for each in (commitment.sealed, commitment.paper) if each is not None]
    return next((each for each in kept if pdf.startswith(each)), b"")


def _not_this(commitment: Commitment, pdf: bytes) -> str:
    if commitment.check_code in codes_in(pdf):
        return _(
            "The file carries the code of this paper but was altered or saved anew. Sign the file as it was downloaded."
        )
    return _("This is another file, not the paper of this commitment. Download it here, sign it and add it then.")


def _flaw(found: SealFound, commitment: Commitment, at: datetime) -> str:
    """What is wrong with one signature, or ""."""
    told = {"name": found.name}
    if not found.intact:
        return _("The signature of “%(name)s” is broken: what it covers was altered.") % told
    if found.origin not in ROOTS:
        if not settings.SEAL_ROOTS and not settings.SEAL_P12:
            return _(
                "No provider's root certificate is known to this system yet, so that no digital signature can be "
                "checked. The administrator sets them (SEAL_ROOTS)."
            )
        return _(
            "The certificate of “%(name)s” stands under no root that is known here, or was not valid when it signed: "
            "it does not count as a digital signature. The administrator sets the roots (SEAL_ROOTS)."
        ) % told  # fmt: skip
    assert commitment.paper is not None
    if found.at and not commitment.paper.made_at - CLOCKS_DIFFER <= found.at <= at + CLOCKS_DIFFER:
        return _("By its own clock “%(name)s” signed before the paper was made, or in the future.") % told
    return ""


def seat_of(commitment: Commitment, found: SealFound) -> str:
    """Whose name the certificate bears: the seat of that signer, or ""."""
    certified = f" {' '.join(words(found.name))} "
    for made in commitment.signatures.all():
        if f" {' '.join(words(made.name))} " in certified:
            return Seat(made.seat).value
    return ""


@transaction.atomic
def add_copy(commitment: Commitment, pdf: bytes, *, by: Person, at: datetime) -> SignedCopy:
    """Keep *pdf* with what its signatures told. Raises Refused as `examine`, and as `refusal`."""
    added = examine(commitment, pdf, at)
    now = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if reason := refusal(now, by):
        raise reason
    paper = keep(pdf, at)
    if now.copies.filter(paper__digest=paper.digest).exists():
        raise Refused(_("This very file is kept already."))
    if now.copies.count() >= MOST:
        raise Refused(_("A commitment keeps %(most)d copies at most.") % {"most": MOST})
    made = SignedCopy.objects.create(commitment=now, paper=paper, by=by, at=at)
    DigitalSignature.objects.bulk_create(
        DigitalSignature(
            copy=made, seat=seat_of(commitment, each), name=each.name[:200], organization=each.organization[:200],
            issuer=each.issuer[:200], fingerprint=each.fingerprint, root=ROOTS[each.origin], signed_at=each.at,
        )
        for each in added
    )  # fmt: skip
    certificates = [{"name": each.name, "fingerprint": each.fingerprint} for each in added]
    record(now, "add_copy", by=by, at=at, data={"digest": paper.digest, "certificates": certificates})
    return made


@transaction.atomic
def add_scan(commitment: Commitment, files: Sequence[Checked], *, by: Person, at: datetime) -> None:
    """Keep scans of the paper signed by hand: told as such, for nothing in them can be checked. Raises Refused."""
    now = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if reason := refusal(now, by):
        raise reason
    if len(scans_of(now)) + len(files) > MOST:
        raise Refused(_("A commitment keeps %(most)d scans at most.") % {"most": MOST})
    digests = [attach(subject_type=SUBJECT, subject_id=now.pk, checked=each, by=by, at=at).digest for each in files]
    record(now, "add_scan", by=by, at=at, data={"digests": digests})


def scans_of(commitment: Commitment) -> list[Attachment]:
    """Its only attachments are scans."""
    return attachments_of(SUBJECT, [commitment.pk]).get(str(commitment.pk), [])


def digital_signatures(commitment: Commitment) -> list[DigitalSignature]:
    """Of all copies, the earliest first; with who brought them."""
    rows = DigitalSignature.objects.filter(copy__commitment=commitment).select_related("copy__by")
    return list(rows.order_by("copy__at", "copy", "id"))


def by_copy(found: Iterable[DigitalSignature]) -> list[tuple[int, SignedCopy, list[DigitalSignature]]]:
    """The copies in the order in which they came, each with its number and its signatures."""
    held: dict[SignedCopy, list[DigitalSignature]] = {}
    for each in found:
        held.setdefault(each.copy, []).append(each)
    return [(number, copy, signatures) for number, (copy, signatures) in enumerate(held.items(), 1)]


def by_signer(commitment: Commitment, found: Iterable[DigitalSignature]) -> dict[str, DigitalSignature]:
    """The first digital signature of each signer, by seat."""
    seats = {made.seat for made in commitment.signatures.all()}
    return {each.seat: each for each in reversed(list(found)) if each.seat in seats}


def in_law(commitment: Commitment, own: Mapping[str, DigitalSignature]) -> Sentence:
    """What kind of signatures the paper carries; *own*: by_signer.

    Law 20/2023/QH15 on electronic transactions, Art. 22 and 23: only a digital signature stands for one by hand.
    """
    if not own:
        return CONFIRMED
    names = ", ".join(made.name for made in commitment.signatures.all() if made.seat in own)
    whole = len(own) == len(commitment.signatures.all())
    return (EVERYBODY if whole else SOMEBODY) % {"names": names}
