"""The demo's certificate authority: keys and certificates of the systems in the data folder, made on first use.

A city has its own authority; its files are named by DAICHO_WIRE_OWN and DAICHO_WIRE_ISSUERS of each process, and nothing
here is used.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from daicho.engine.errors import SetupError
from daicho.engine.paths import private_folder

VALID = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Files:
    """Where a system's key with its certificate, the issuers and the list of revoked serial numbers are."""

    own: Path
    issuers: Path
    revoked: Path

    def variables(self) -> dict[str, str]:
        """The DAICHO_WIRE_* variables of the system's processes."""
        return {
            "DAICHO_WIRE_OWN": str(self.own),
            "DAICHO_WIRE_ISSUERS": str(self.issuers),
            "DAICHO_WIRE_REVOKED": str(self.revoked),
        }


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """The authority of one data folder."""

    folder: Path

    def files(self, system: str, now: datetime) -> Files:
        """The files of a system; its key is made anew a month before the certificate ends."""
        private_folder(self.folder)
        own = self.folder / f"{system}.pem"
        if not own.is_file() or _ends(own) < now + RENEW_BEFORE:
            self.renew(system, now)
        return Files(own, self.folder / "issuers.pem", self.folder / "revoked")

    def renew(self, system: str, now: datetime) -> None:
        """A fresh key and certificate; what was signed with the old one stays verifiable, since it carries that one."""
        issuer, issuer_key = self._issuer(now)
        key = Ed25519PrivateKey.generate()
        names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            _builder(system, key, now)
            .issuer_name(issuer.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .sign(issuer_key, None)
        )
        _write(self.folder / f"{system}.pem", _pem(key) + made.public_bytes(serialization.Encoding.PEM))

    def revoke(self, serial: int) -> None:
        """Let a certificate count no longer, for signatures and connections that come from now on."""
        file = self.folder / "revoked"
        known = file.read_text(encoding="ascii").split() if file.is_file() else []
        _write(file, "".join(f"{one}\n" for one in sorted({*known, f"{serial:x}"})).encode("ascii"))

    def _issuer(self, now: datetime) -> tuple[x509.Certificate, Ed25519PrivateKey]:
        certificate, key_file = self.folder / "issuers.pem", self.folder / "issuer.key"
        if not certificate.is_file():
            key = Ed25519PrivateKey.generate()
            usage = x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            )  # fmt: skip
            made = (
                _builder("daicho demo authority", key, now, VALID * 10)
                .issuer_name(_name("daicho demo authority"))
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .add_extension(usage, critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
                .sign(key, None)
            )
            _write(key_file, _pem(key))
            _write(certificate, made.public_bytes(serialization.Encoding.PEM))
        found = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(found, Ed25519PrivateKey):
            raise SetupError(f"{key_file} holds no Ed25519 key.")
        return x509.load_pem_x509_certificate(certificate.read_bytes()), found


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: str, key: Ed25519PrivateKey, now: datetime, valid: timedelta = VALID) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + valid)
    )


def _ends(own: Path) -> datetime:
    return x509.load_pem_x509_certificate(own.read_bytes()).not_valid_after_utc


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Replace a file as a whole, readable by its owner only."""
    draft = path.with_name(f".{path.name}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
