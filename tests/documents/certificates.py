"""Certificates of an authority that these tests make up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "mật khẩu của con dấu"


def p12(
    path: Path, *, at: datetime, name: str = "CÔNG AN TỈNH NGHỆ AN", days: int = 365, key_usage: bool = True
) -> tuple[Path, bytes]:
    """A PKCS #12 file with a certificate valid from a day before `at`, and its root as PEM."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Chứng thực của {name}")])
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bộ Công an"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    root = _certificate(root_name, root_name, root_key.public_key(), at, 3650, ca=True).sign(root_key, hashes.SHA256())
    leaf = _certificate(subject, root_name, key.public_key(), at, days, ca=False)
    if key_usage:
        leaf = leaf.add_extension(_only_signing(), critical=True)
    signed = leaf.sign(root_key, hashes.SHA256())
    secret = serialization.BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, key, signed, [root], secret))
    return path, root.public_bytes(serialization.Encoding.PEM)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, days: int, *, ca: bool
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at - timedelta(days=1) + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )


def _only_signing() -> x509.KeyUsage:
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    others = dict.fromkeys((*names, "crl_sign", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, **others)
