"""The paper of a commitment, and what it is made of: the data of templates/commitments/document/commitment.typ.

`typeset(COMMITMENT, CommitmentPaper(...), at=...)` makes it. Everything is as of the day of signing and already
visible on the page, so that the same row always gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from cchc.documents.docx import written
from cchc.documents.domain.seal import seal
from cchc.documents.typesetting import pictures, qr_picture, sheet_of, typeset
from commitments.documents.party import Signature, authority_of, post_in_full, rank_of
from commitments.domain.signing import Heads
from commitments.enums import Seat

if TYPE_CHECKING:
    from cchc.organization.models import Position
    from commitments.models import Commitment
    from commitments.models import Signature as Signed

COMMITMENT = "commitments/document/commitment.typ"


@dataclass(frozen=True)
class TaskRow:
    """One registered task."""

    text: str
    measure: str
    unit: str  # of measure: "%", "hồ sơ"
    direction: str  # "at_least" or "at_most"
    target: Decimal
    due: date | None  # None: all year
    weight: Decimal


@dataclass(frozen=True)
class CommitmentPaper:
    """The whole paper. `clause` may have several paragraphs and ends with "./."."""

    code: str
    version: int
    year: int
    title: str  # "Thực hiện nhiệm vụ cải cách hành chính năm 2020"
    superior: str  # the body above the issuing one, "" for none
    issuer: str
    place: str
    day: date | None  # None while it is not signed: the date line stays open
    unit: str
    chief: Signature
    leader: Signature
    clause: str
    verify_url: str
    qr: str  # typesetting.qr_picture(verify_url)
    tasks: list[TaskRow] = field(default_factory=list)


@dataclass(frozen=True)
class Signing:
    """A signature that is about to be made: by which post, at which moment, under which text."""

    seat: Seat
    post: Position
    at: datetime
    digest: str


def to_be_signed(commitment: Commitment, signing: Signing) -> bytes:
    """The PDF that the first signature freezes. Raises CannotTypeset when a letter cannot be printed."""
    heads = Heads.of(commitment, timezone.localdate(signing.at))
    return typeset(COMMITMENT, paper_of(commitment, heads, signing), at=signing.at)


def sealed(commitment: Commitment, at: datetime) -> bytes:
    """The paper with both signatures, sealed with the organization's certificate. Raises SealProblem, CannotTypeset."""
    signed_at = commitment.signatures.get(seat=Seat.LEADER).at
    heads = Heads.needed(commitment, timezone.localdate(signed_at))
    pdf = typeset(COMMITMENT, paper_of(commitment, heads), at=signed_at)
    return seal(pdf, reason=commitment.code, location=commitment.campaign.place, at=at)


def pages(commitment: Commitment, at: datetime) -> list[bytes]:
    """The paper as it stands, page by page as PNG: signed as far as it is, else as it would be signed today."""
    return pictures(COMMITMENT, _as_it_stands(commitment, at), at=at)


def commitment_docx(commitment: Commitment, at: datetime) -> bytes:
    """The same to be worked on elsewhere, without signatures: it says that only the signed PDF counts."""
    return written(sheet_of(COMMITMENT, _as_it_stands(commitment, at)))


def _as_it_stands(commitment: Commitment, at: datetime) -> CommitmentPaper:
    return paper_of(commitment, Heads.needed(commitment, timezone.localdate(at)))


def paper_of(commitment: Commitment, heads: Heads, signing: Signing | None = None) -> CommitmentPaper:
    """What the paper of *commitment* says. Who has not signed yet is named as one of *heads* is."""
    campaign, host = commitment.campaign, commitment.host
    made = {Seat(each.seat): each for each in commitment.signatures.all()}
    first, last = made.get(Seat.CHIEF), made.get(Seat.LEADER)
    signed_on = timezone.localdate(first.at) if first else timezone.localdate(signing.at) if signing else None
    with override("vi"):  # papers are Vietnamese, whatever language the page has
        chief, leader = (_party(commitment, seat, made.get(seat), signing, heads) for seat in Seat)
        return CommitmentPaper(
            code=commitment.code, version=commitment.version, year=campaign.year, title=campaign.title,
            superior=host.parent.name if host.parent else "", issuer=last.unit_name if last else host.name,
            place=campaign.place, day=signed_on, unit=first.unit_name if first else commitment.unit.name,
            chief=chief, leader=leader, clause=campaign.clause, verify_url=verify_url(commitment),
            qr=qr_picture(verify_url(commitment)),
            tasks=[
                TaskRow(
                    each.text, each.measure, each.measure_unit, each.direction, each.target, each.due_on, each.weight
                )
                for each in commitment.tasks.all()
            ],
        )  # fmt: skip


def verify_url(commitment: Commitment) -> str:
    """The address that the paper's QR code opens."""
    return f"{settings.SITE_URL}/verify/{commitment.check_code}/"


def _party(commitment: Commitment, seat: Seat, made: Signed | None, signing: Signing | None, heads: Heads) -> Signature:
    if made is not None:
        return Signature(
            name=made.name, rank=rank_of(made.rank, made.get_rank_display()), title=made.title,
            post=post_in_full(made.title, made.unit_name), acting_kind=made.acting_kind,
            acting_for=heads.acted_for(seat) if made.acting_kind else "",
            authority=authority_of(made.acting_kind, made.authority), at=made.at, digest=made.digest,
        )  # fmt: skip
    now = signing if signing is not None and signing.seat == seat else None
    post = now.post if now else heads.expected(seat)
    if post is None:
        return Signature(name="…", rank="", title="…", post="…")
    unit = commitment.unit if seat == Seat.CHIEF else commitment.host
    return Signature(
        name=post.person.full_name, rank=rank_of(post.person.rank, post.person.get_rank_display()), title=post.title,
        post=post_in_full(post.title, unit.name), acting_kind=post.acting_kind,
        acting_for=heads.acted_for(seat) if post.acting_kind else "",
        authority=authority_of(post.acting_kind, post.authority),
        at=now.at if now else None, digest=now.digest if now else "",
    )  # fmt: skip
