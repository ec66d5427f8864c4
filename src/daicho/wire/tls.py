"""TLS of the wire: version 1.3 only, both sides show a certificate of the house's authority, nothing else is trusted."""

import ssl
from contextlib import suppress
from pathlib import Path

READS = 3


def client_context(own: Path, issuers: Path) -> ssl.SSLContext:
    """For calling other systems; host names are checked. `own` holds key and certificate, `issuers` whom to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(issuers)
    _show(context, own)
    return context


def server_context(own: Path, issuers: Path) -> ssl.SSLContext:
    """For a system's door: a caller without a certificate of ours does not get past the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(issuers)
    _show(context, own)
    return context


def _show(context: ssl.SSLContext, own: Path) -> None:
    """Load key and certificate; once more when the file was replaced between the two reads that OpenSSL makes of it."""
    for _ in range(READS - 1):
        with suppress(ssl.SSLError):
            context.load_cert_chain(own)
            return
    context.load_cert_chain(own)
