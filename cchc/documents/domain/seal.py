"""Sealing papers with the organization's certificate, and telling what a file's signatures are worth.

pyHanko, which does both, takes half a second and 30 MB to import: cchc.documents.pades is loaded by the first
call and not before, so that a web process that never verifies a file never carries it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.module_loading import import_string

from cchc.documents.domain.certificate import own_certificate
from cchc.documents.typesetting import typeset

STAMP = "documents/document/stamp.typ"


class Origin(Enum):
    """Under whose root the certificate of a signature stands."""

    SELF_MADE = "self_made"  # the certificate made here: shows alterations, proves no identity to others
    ORGANIZATION = "organization"  # the real one, settings.SEAL_P12
    KNOWN = "known"  # a root of settings.SEAL_ROOTS: a person's public-service signature, say
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SealFound:
    """One signature in a file."""

    name: str  # whom the certificate names
    organization: str
    at: datetime | None  # by the signer's clock: no time stamp confirms it
    intact: bool  # what was signed is as it was
    whole: bool  # it covers the file to its end, or only further signatures follow
    trusted: bool  # the certificate stands under a known root and was valid at that moment
    origin: Origin
    fingerprint: str  # SHA-256 of the certificate, as hex
    issuer: str  # who issued it, in its own words

    @property
    def valid(self) -> bool:
        """Everything that is asked of a signature."""
        return self.intact and self.whole and self.trusted


def seal(pdf: bytes, *, reason: str, location: str, at: datetime) -> bytes:
    """The same file with the organization's signature behind it (PAdES B-B), and a stamp in the margin of page 1.

    `at` is the present: B-B carries no foreign time stamp, and the certificate must be valid then. A file that has
    signatures keeps them valid; a second seal has no stamp. Raises SealProblem.
    """
    certificate = own_certificate(at)
    told = {"name": certificate.name, "at": at, "self_made": certificate.self_made}
    stamp = typeset(STAMP, told, at=at)
    sealed: bytes = import_string("cchc.documents.pades.sign")(
        pdf, certificate, stamp=stamp, reason=reason, location=location, at=at
    )
    return sealed


def verify(pdf: bytes) -> list[SealFound]:
    """The signatures of a file in their order; none when it has none. Changes nothing and asks nobody outside.

    Does not notice a changed byte within the signature's own envelope that does not change the signature: compare the
    file's SHA-256 with the recorded one for that. Raises SealProblem for what is no PDF or a broken one.
    """
    found: list[SealFound] = import_string("cchc.documents.pades.check")(pdf)
    return found


def is_signed_copy(pdf: bytes, frozen: bytes) -> bool:
    """Whether `pdf` is the file `frozen` with nothing but signatures added behind it.

    A signature of its own proves less: it would also cover text that was changed before signing. Some programs add more
    than a signature, or write the file anew: False says that a person must compare. Raises SealProblem as verify().
    """
    same: bool = import_string("cchc.documents.pades.only_signed_since")(pdf, frozen)
    return same
