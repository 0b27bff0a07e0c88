"""PAdES by pyHanko. Loaded by cchc.documents.domain.seal when first needed; see there why nobody else imports it."""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import EmbeddedPdfSignature, KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cchc.documents.domain.certificate import Certificate, SealProblem, known_roots, organization_roots, self_made_root
from cchc.documents.domain.seal import Origin, SealFound

_DIGEST = "sha256"
# The stamp's on an A4 page, 6 mm from the top and 15 from the right: millimetres made points.
_PLACE = (round(113 * 72 / 25.4), round(280 * 72 / 25.4), round(195 * 72 / 25.4), round(291 * 72 / 25.4))
_AS_DRAWN = {
    "border_width": 0,
    "background_opacity": 1,
    "background_layout": SimpleBoxLayoutRule(AxisAlignment.ALIGN_MAX, AxisAlignment.ALIGN_MID),
}
# What may come behind a signature: others, time stamps, and what proves them later.
_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
# With what a file ends: bytes behind it belong to no revision, so that no signature and no comparison sees them.
_LAST = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
# Certificates for signing papers have one of the two.
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


class _Writer(IncrementalPdfFileWriter):
    """Leaves what the file says of itself as it was: pyHanko would write that anew in a form that is no PDF/A."""

    def _update_meta(self) -> None:
        pass


class _Signer(PdfSigner):
    """Tells the moment that it is given."""

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def sign(pdf: bytes, certificate: Certificate, *, stamp: bytes, reason: str, location: str, at: datetime) -> bytes:
    """See cchc.documents.domain.seal.seal(). `stamp`: a PDF of one page, shown when this is the first signature."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as drawing:
        drawing.write(stamp)
        drawing.flush()
        with _readable():
            # What is added begins on a line of its own; Typst ends no last line.
            writer = _Writer(io.BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
            place = len(writer.prev.embedded_signatures) + 1
        field = SigFieldSpec(f"Seal{place}", box=_PLACE if place == 1 else None)
        told = PdfSignatureMetadata(
            field.sig_field_name, _DIGEST, reason=reason, location=location, subfilter=SigSeedSubFilter.PADES
        )
        style = StaticStampStyle.from_pdf_file(drawing.name, **_AS_DRAWN)
        signed = _Signer(at, told, _Key(certificate), stamp_style=style, new_field_spec=field).sign_pdf(writer)
    return bytes(signed.getbuffer())


def check(pdf: bytes) -> list[SealFound]:
    """See cchc.documents.domain.seal.verify()."""
    roots = _roots()
    with _readable():
        return [_found(signature, roots) for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures]


def only_signed_since(pdf: bytes, frozen: bytes) -> bool:
    """See cchc.documents.domain.seal.is_signed_copy()."""
    with _readable():
        last = PdfFileReader(io.BytesIO(frozen)).total_revisions - 1
        reader = PdfFileReader(io.BytesIO(pdf))
        if not pdf.startswith(frozen) or not reader.embedded_signatures or not _LAST.search(pdf):
            return False
        before = reader.get_historical_resolver(last)
        # The first signature brings the form it stands in, and the comparison knows only forms that grow.
        if "/AcroForm" not in before.root:
            before.root[NameObject("/AcroForm")] = DictionaryObject(
                {NameObject("/Fields"): ArrayObject(), NameObject("/SigFlags"): reader.root["/AcroForm"]["/SigFlags"]}
            )
        try:
            added = DEFAULT_DIFF_POLICY.review_file(reader, before)
        except SuspiciousModification:
            return False
    return not isinstance(added, SuspiciousModification) and added.modification_level in _HARMLESS


def _found(signature: EmbeddedPdfSignature, roots: dict[Origin, list[asn1.Certificate]]) -> SealFound:
    leaf = signature.signer_cert
    at = signature.self_reported_timestamp
    intact = whole = False
    origin = Origin.UNKNOWN
    for origin_tried, trusted in roots.items():
        context = ValidationContext(trust_roots=trusted, moment=at or datetime.now(UTC), allow_fetching=False)
        status = validate_pdf_signature(signature, context, key_usage_settings=_USAGE)
        intact = status.intact and status.valid and _padded_with_nothing(signature.pkcs7_content)
        whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and status.modification_level in _HARMLESS
        if status.trusted:
            origin = origin_tried
            break
    return SealFound(
        name=_part(leaf.subject, "common_name"),
        organization=_part(leaf.subject, "organization_name"),
        at=at,
        intact=intact,
        whole=whole,
        trusted=origin is not Origin.UNKNOWN,
        origin=origin,
        fingerprint=leaf.sha256.hex(),
        issuer=_part(leaf.issuer, "common_name") or _part(leaf.issuer, "organization_name"),
    )


def _roots() -> dict[Origin, list[asn1.Certificate]]:
    """Those that there are, and one that trusts nobody: a signature is examined at least once."""
    own = self_made_root()
    found = {
        Origin.ORGANIZATION: organization_roots(),
        Origin.SELF_MADE: [own] if own else [],
        Origin.KNOWN: known_roots(),
    }
    return {origin: [_asn1(root) for root in roots] for origin, roots in found.items() if roots} | {Origin.UNKNOWN: []}


def _padded_with_nothing(content: bytes) -> bool:
    """The room left in the signature's envelope, which nothing signs."""
    return not any(content[len(cms.ContentInfo.load(content).dump()) :])


def _part(named: asn1.Name, name: str) -> str:
    value = named.native.get(name, "")
    return ", ".join(value) if isinstance(value, list) else value


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class _Key(Signer):
    """Signs with the key as it was read: pyHanko's own would check it anew, a tenth of a second, for each signature."""

    def __init__(self, certificate: Certificate) -> None:
        above = SimpleCertificateStore.from_certs([_asn1(each) for each in certificate.chain])
        # Without the root: a reader must have it from elsewhere, and nothing would protect it in the envelope.
        super().__init__(signing_cert=_asn1(certificate.leaf), cert_registry=above, embed_roots=False)
        self._key = certificate.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        assert digest_algorithm == _DIGEST
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


@contextmanager
def _readable() -> Iterator[None]:
    """A reader of files from strangers lets out whatever they made it stumble on."""
    try:
        yield
    except SealProblem:
        raise
    except Exception as error:
        raise SealProblem(_("The file is no PDF, or it is damaged.")) from error
