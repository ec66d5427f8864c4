"""Signed texts: JWS in compact form, Ed25519, with the signer's certificate in the header (RFC 7515, 8037, 9864)."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.registry import HeaderParameter

from daicho.wire.certificates import Authority, Credentials, public_key
from daicho.wire.errors import SignatureBroken

ALGORITHM = "Ed25519"
_REGISTRY = jws.JWSRegistry({"rel": HeaderParameter("release of the signer", "str")}, algorithms=[ALGORITHM])
_REGISTRY.max_header_length = 4096  # a certificate is longer than the library's usual header
_REGISTRY.max_payload_length = 1_000_000
Kind = Literal["daicho-message", "daicho-receipt", "daicho-feed", "daicho-feed-receipt"]
"""What is signed: a receipt can never pass for a message."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A text whose signature holds: who signed, with which certificate, of which release, and what."""

    system: str
    serial: int
    fingerprint: str
    payload: bytes
    release: str = ""


def sign(credentials: Credentials, kind: Kind, payload: bytes) -> str:
    """The signed text."""
    certificate, key = _signer(credentials)
    header = {"alg": ALGORITHM, "typ": kind, "rel": credentials.release, "x5c": [certificate]}
    return jws.serialize_compact(header, payload, key, registry=_REGISTRY)


def detach(token: str) -> str:
    """A signed text without its payload, which travels beside it (RFC 7515, appendix F)."""
    head, _, signature = token.split(".")
    return f"{head}..{signature}"


def attach(detached: str, payload: bytes) -> str:
    """The signed text again, for `verify`. Raises SignatureBroken for what is no detached signature."""
    parts = detached.split(".")
    if len(parts) != 3 or parts[1]:
        raise SignatureBroken
    return f"{parts[0]}.{urlsafe_b64encode(payload).rstrip(b'=').decode('ascii')}.{parts[2]}"


def verify(authority: Authority, kind: Kind, token: str, at: datetime) -> Verified:
    """What was signed and by whom. Raises SignatureBroken; `at` is the instant at which the certificate must count."""
    try:
        header = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY).headers()
        [encoded] = header["x5c"]
        certificate, key = _signed_by(encoded)
    except (JoseError, ValueError, KeyError, TypeError):
        raise SignatureBroken from None
    if header.get("alg") != ALGORITHM or header.get("typ") != kind:
        raise SignatureBroken
    system = authority.check(certificate, at)
    try:
        found = jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError):
        raise SignatureBroken from None
    fingerprint = certificate.fingerprint(SHA256()).hex()
    return Verified(system, certificate.serial_number, fingerprint, found.payload, str(header.get("rel", "")))


@lru_cache(maxsize=8)
def _signer(credentials: Credentials) -> tuple[str, OKPKey]:
    """The certificate as it stands in the header, and the key as the library wants it: the same for every message."""
    certificate = b64encode(credentials.certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")
    pem = credentials.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate, OKPKey.import_key(pem)


@lru_cache(maxsize=64)
def _signed_by(encoded: str) -> tuple[x509.Certificate, OKPKey]:
    """The certificate of a header with its key; whether it counts is asked anew for every message."""
    certificate = x509.load_der_x509_certificate(b64decode(encoded, validate=True))
    pem = public_key(certificate).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return certificate, OKPKey.import_key(pem)
