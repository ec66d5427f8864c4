"""Signed texts: JWS in compact form, Ed25519, with the signer's certificate in the header (RFC 7515, 8037, 9864)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from daicho.wire.certificates import Authority, Credentials, public_key
from daicho.wire.errors import SignatureBroken

ALGORITHM = "Ed25519"
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])
_REGISTRY.max_header_length = 4096  # a certificate is longer than the library's usual header
_REGISTRY.max_payload_length = 1_000_000
Kind = Literal["daicho-message", "daicho-receipt"]
"""What is signed: a receipt can never pass for a message."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A text whose signature holds: who signed, with which certificate, and what."""

    system: str
    serial: int
    payload: bytes


def sign(credentials: Credentials, kind: Kind, payload: bytes) -> str:
    """The signed text."""
    certificate = b64encode(credentials.certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")
    pem = credentials.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    header = {"alg": ALGORITHM, "typ": kind, "x5c": [certificate]}
    return jws.serialize_compact(header, payload, OKPKey.import_key(pem), registry=_REGISTRY)


def verify(authority: Authority, kind: Kind, token: str, at: datetime) -> Verified:
    """What was signed and by whom. Raises SignatureBroken; `at` is the instant at which the certificate must count."""
    try:
        header = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY).headers()
        [encoded] = header["x5c"]
        certificate = x509.load_der_x509_certificate(b64decode(encoded, validate=True))
    except (JoseError, ValueError, KeyError, TypeError):
        raise SignatureBroken from None
    if header.get("alg") != ALGORITHM or header.get("typ") != kind:
        raise SignatureBroken
    system = authority.check(certificate, at)
    key = public_key(certificate).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        found = jws.deserialize_compact(token, OKPKey.import_key(key), registry=_REGISTRY)
    except (JoseError, ValueError):
        raise SignatureBroken from None
    return Verified(system, certificate.serial_number, found.payload)
