"""Whether a paper is one of ours and what it is worth today: for whoever holds it, without an account."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from commitments.enums import CommitmentState
from commitments.models import Commitment
from commitments.models.commitment import STANDING

S = CommitmentState
_LENGTH = 16
_PRINTED = re.compile(r"/verify/([A-HJ-NP-Z2-9]{16})")
MOST_PAGES = 20


class Standing(TextChoices):
    """What a paper is worth today."""

    IN_FORCE = "in_force", _("In force")
    PARTLY = "partly", _("Signed by the unit, not confirmed yet: not in force")
    RETURNED = "returned", _("Returned to the unit: it did not come into force")
    SUPERSEDED = "superseded", _("Superseded by a later version: no longer in force")
    ENDED = "ended", _("Ended because the unit was reorganized: no longer in force")
    NEVER = "never", _("It did not come into force")


@dataclass(frozen=True)
class Found:
    """A paper of ours: *standing* today, and the version that is in force instead of it, if there is one."""

    commitment: Commitment
    standing: Standing
    newer: int | None


def plain_code(text: str) -> str:
    """A code as it is kept: capitals without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).upper()


def by_code(code: str) -> Found | None:
    """The paper that carries this code; None for a wrong one and for a draft that nobody has signed."""
    plain = plain_code(code)
    return _found(Commitment.objects.filter(check_code=plain)) if len(plain) == _LENGTH else None


def by_bytes(data: bytes) -> Found | None:
    """The paper that is exactly this file: sealed or not, or a copy that came back with digital signatures."""
    digest = hashlib.sha256(data).hexdigest()
    found = _found(Commitment.objects.filter(Q(paper__digest=digest) | Q(sealed__digest=digest)))
    return found or _found(Commitment.objects.filter(copies__paper__digest=digest))


def codes_in(data: bytes) -> Iterator[str]:
    """The codes that a PDF prints; none for a file that cannot be read."""
    yield from dict.fromkeys(_PRINTED.findall(printed(data)))


def printed(data: bytes) -> str:
    """The words of a PDF without blanks; "" for a file that cannot be read."""
    try:
        pages = pypdf.PdfReader(io.BytesIO(data)).pages[:MOST_PAGES]
        return "".join(re.sub(r"\s", "", page.extract_text()) for page in pages)
    except Exception:  # pypdf lets out whatever a wrong file made it stumble on
        return ""


def _found(rows: QuerySet[Commitment]) -> Found | None:
    signed = rows.exclude(content="").select_related("campaign", "host", "unit", "paper", "sealed")
    commitment = signed.prefetch_related("signatures").first()
    if commitment is None:
        return None
    later = Commitment.objects.filter(campaign=commitment.campaign_id, unit=commitment.unit_id, state__in=STANDING)
    newer = later.exclude(pk=commitment.pk).values_list("version", flat=True).first()
    return Found(commitment, standing_of(commitment), newer)


def standing_of(commitment: Commitment) -> Standing:
    state = S(commitment.state)
    if state in STANDING:
        return Standing.IN_FORCE
    if commitment.in_force_at is None:
        return {S.SIGNED: Standing.PARTLY, S.RETURNED: Standing.RETURNED}.get(state, Standing.NEVER)
    return Standing.SUPERSEDED if state == S.SUPERSEDED else Standing.ENDED
