"""Who a system is on the wire: an Ed25519 key with a certificate of the house's authority, whose common name is the system.

The same key serves mutual TLS and signatures, so that the subject of the certificate and the signer are one (design,
section 3). Every signature carries its certificate: a new key is used by starting to use it, and what was signed with an
old one can be verified for ever.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

from daicho.wire.errors import SignatureBroken
from daicho.wire.links import PARTIES, is_office
from daicho.wire.release import RELEASE, Releases


@dataclass(frozen=True, slots=True)
class Credentials:
    """A system's own key and certificate, and the release that speaks with them."""

    system: str
    certificate: x509.Certificate
    key: Ed25519PrivateKey
    release: str = RELEASE

    @classmethod
    def read(cls, own: Path) -> "Credentials":
        """Read the PEM file that holds both, so that they are always replaced together.

        Raises SignatureBroken when they do not belong together or name no system.
        """
        text = own.read_bytes()
        certificate = x509.load_pem_x509_certificate(text)
        key = serialization.load_pem_private_key(text, None)
        if not isinstance(key, Ed25519PrivateKey) or key.public_key() != certificate.public_key():
            raise SignatureBroken
        return cls(system_of(certificate), certificate, key)


class Own:
    """A system's place on the wire, from its files: read again whenever one of them was replaced.

    So a new key is used from the next message on, and a revoked certificate counts no longer, without a restart.
    """

    def __init__(self, own: Path, issuers: Path, revoked: Path, releases: Path | None = None) -> None:
        """`own`: key with certificate, `issuers`: whom to trust, `revoked`: serial numbers that no longer count.

        `releases`: which software of the house is approved; without the file that of this process.
        """
        self._own, self._issuers, self._revoked, self._approved = own, issuers, revoked, releases
        self._seen: tuple[int, ...] = ()
        self._read()

    @property
    def credentials(self) -> Credentials:
        """The key and certificate of now."""
        self._read()
        return self._credentials

    @property
    def authority(self) -> "Authority":
        """Whose certificates count now."""
        self._read()
        return self._authority

    @property
    def releases(self) -> Releases:
        """Which software counts now."""
        self._read()
        return self._releases

    def _read(self) -> None:
        files = [self._own, self._issuers, self._revoked, *([self._approved] if self._approved else [])]
        seen = tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
        if seen != self._seen:
            self._credentials = Credentials.read(self._own)
            self._authority = Authority.read(self._issuers, self._revoked)
            self._releases = Releases.read(self._approved)
            self._seen = seen


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose certificates count: those of these issuers, less the revoked serial numbers."""

    issuers: tuple[x509.Certificate, ...]
    revoked: frozenset[int] = frozenset()

    @classmethod
    def read(cls, issuers_file: Path, revoked_file: Path) -> "Authority":
        """Read issuers (PEM, one after the other) and the list of revoked serial numbers (hexadecimal, one a line)."""
        issuers = x509.load_pem_x509_certificates(issuers_file.read_bytes())
        lines = revoked_file.read_text(encoding="ascii").split() if revoked_file.is_file() else []
        return cls(tuple(issuers), frozenset(int(line, 16) for line in lines))

    def check(self, certificate: x509.Certificate, at: datetime) -> str:
        """The system that this certificate names. Raises SignatureBroken when it does not count at that instant."""
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise SignatureBroken
        if certificate.serial_number in self.revoked:
            raise SignatureBroken
        if not any(_issued(certificate, issuer, at) for issuer in self.issuers):
            raise SignatureBroken
        return system_of(certificate)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    return issuer.not_valid_before_utc <= at <= issuer.not_valid_after_utc and _signed_by(certificate, issuer)


@lru_cache(maxsize=256)
def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed the certificate: true or false for ever, unlike terms and revocation."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def own_of_process() -> Own:
    """This process's place on the wire, from DAICHO_WIRE_OWN, _ISSUERS, _REVOKED and, where the city has it, _RELEASES."""
    own, issuers, revoked = (Path(os.environ[f"DAICHO_WIRE_{name}"]) for name in ("OWN", "ISSUERS", "REVOKED"))
    releases = os.environ.get("DAICHO_WIRE_RELEASES")
    return Own(own, issuers, revoked, Path(releases) if releases else None)


def system_of(certificate: x509.Certificate) -> str:
    """The system, the party outside or the office's system, named by the certificate. Raises SignatureBroken for anything else."""
    names = [str(name.value) for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if len(names) != 1 or not (names[0] in PARTIES or is_office(names[0])):
        raise SignatureBroken
    return names[0]


def public_key(certificate: x509.Certificate) -> Ed25519PublicKey:
    """The Ed25519 key of a certificate. Raises SignatureBroken for another kind of key."""
    key = certificate.public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureBroken
    return key
