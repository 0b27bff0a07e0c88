"""The organization's certificate, with which papers are sealed: a real one from a file, else one made here.

The one made here shows that a file was not altered since; who sealed it, only this site can confirm. Its root's key is
thrown away at once, so that nothing else can ever be issued under that root.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db.models.functions import Length
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cchc.organization.enums import COMMAND_KINDS, UnitKind
from cchc.organization.models import Unit

YEARS = 10
_KEY_BITS = 3072
_LONGEST_NAME = 64  # of a part of an X.509 name
_KEY, _LEAF, _ROOT = "key.pem", "certificate.pem", "root.pem"

_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class SealProblem(Exception):
    """Papers cannot be sealed, or a file not examined; the message is a sentence for the administrator."""


@dataclass(frozen=True)
class Certificate:
    """What seals: the key, its certificate, and the certificates above it."""

    key: Key
    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    self_made: bool

    @property
    def name(self) -> str:
        """Whom it names."""
        return name_of(self.leaf)

    def check_valid(self, at: datetime) -> None:
        """Raises SealProblem unless `at` lies within the days it was issued for."""
        first, last = self.leaf.not_valid_before_utc, self.leaf.not_valid_after_utc
        if not first <= at <= last:
            raise SealProblem(
                _("The seal's certificate “%(name)s” is valid from %(first)s to %(last)s only.")
                % {"name": self.name, "first": f"{localtime(first):%d/%m/%Y}", "last": f"{localtime(last):%d/%m/%Y}"}
            )


def own_certificate(at: datetime) -> Certificate:
    """The certificate of settings.SEAL_P12, else the one in VAR_DIR/seal, which is made when there is none.

    Raises SealProblem when the file, the password or the key is wrong, or the certificate is not valid at `at`.
    """
    certificate = _from_file(Path(settings.SEAL_P12)) if settings.SEAL_P12 else _self_made(at)
    certificate.check_valid(at)
    return certificate


def self_made_root() -> x509.Certificate | None:
    """The root of the certificate that was made here, also when a real one has taken its place."""
    path = _folder() / _ROOT
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None


def organization_roots() -> list[x509.Certificate]:
    """What the real certificate's file holds, itself included; none without one. Raises SealProblem."""
    if not settings.SEAL_P12:
        return []
    certificate = _from_file(Path(settings.SEAL_P12))
    return [certificate.leaf, *certificate.chain]


def known_roots() -> list[x509.Certificate]:
    """The further roots that the administrator trusts. Raises SealProblem."""
    if not settings.SEAL_ROOTS:
        return []
    try:
        return x509.load_pem_x509_certificates(Path(settings.SEAL_ROOTS).read_bytes())
    except (OSError, ValueError) as error:
        raise SealProblem(
            _("The file of trusted roots cannot be read: %(path)s") % {"path": settings.SEAL_ROOTS}
        ) from error


def name_of(certificate: x509.Certificate) -> str:
    """The name in a certificate: common name, else organization, else the whole subject."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := certificate.subject.get_attributes_for_oid(kind):
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def _from_file(path: Path) -> Certificate:
    return _read_file(path, _state(path), settings.SEAL_P12_PASSWORD)


def _state(path: Path) -> tuple[int, int]:
    """Changes when the file does: checking an RSA key takes a tenth of a second, so it is done once for each file."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path) from error
    return found.st_mtime_ns, found.st_ino


def _unreadable(path: Path) -> SealProblem:
    return SealProblem(_("The seal's certificate cannot be read: %(path)s") % {"path": str(path)})


@lru_cache(maxsize=2)
def _read_file(path: Path, _state: tuple[int, int], password: str) -> Certificate:
    told = {"path": str(path)}
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error
    try:
        bundle = pkcs12.load_pkcs12(content, password.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        sentence = _("The password of the seal's certificate is wrong, or the file is not PKCS #12: %(path)s") % told
        raise SealProblem(sentence) from error
    if bundle.cert is None or not isinstance(bundle.key, Key):
        raise SealProblem(_("The seal's file holds no certificate with an RSA or EC key: %(path)s") % told)
    chain = tuple(extra.certificate for extra in bundle.additional_certs)
    return Certificate(bundle.key, bundle.cert.certificate, chain, self_made=False)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "seal"


def _self_made(at: datetime) -> Certificate:
    folder = _folder()
    if not folder.exists():
        _make(folder, at)
    return _read_self_made(folder, _state(folder / _KEY))


@lru_cache(maxsize=2)
def _read_self_made(folder: Path, _state: tuple[int, int]) -> Certificate:
    try:
        key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), None)
        leaf = x509.load_pem_x509_certificate((folder / _LEAF).read_bytes())
        root = x509.load_pem_x509_certificate((folder / _ROOT).read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(folder) from error
    assert isinstance(key, Key)
    return Certificate(key, leaf, (root,), self_made=True)


def _make(folder: Path, at: datetime) -> None:
    """Whole or not at all: two workers that start together get the same one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="seal.", dir=folder.parent))  # for its owner only
    try:
        for name, content in _issue(_organization(), at).items():
            _write(beside / name, content)
        beside.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _organization() -> str:
    """The highest police body of the site; not the ministry, in whose name nothing may be made up."""
    bodies = Unit.objects.filter(kind__in=COMMAND_KINDS - {UnitKind.MINISTRY})
    top = bodies.order_by(Length("path"), "pk").first()
    return (top.name if top else "Doi thoai CCHC")[:_LONGEST_NAME]


def _issue(organization: str, at: datetime) -> dict[str, bytes]:
    root_key, key = (rsa.generate_private_key(65537, _KEY_BITS) for _place in range(2))
    root_name = _name(organization, "Doi thoai CCHC, self-made root")
    root = (
        _builder(root_name, root_name, root_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(_name(organization, organization), root_name, key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return {
        _KEY: key.private_bytes(pem, pkcs8, serialization.NoEncryption()),
        _LEAF: leaf.public_bytes(pem),
        _ROOT: root.public_bytes(pem),
    }


def _builder(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, at: datetime) -> x509.CertificateBuilder:
    start = at.astimezone(UTC).replace(microsecond=0) - timedelta(days=1)  # clocks of readers differ
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=start.year + YEARS, day=min(start.day, 28)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(organization: str, common: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def _usage(**yes: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: yes.get(name, False) for name in _USES})
