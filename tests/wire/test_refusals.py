"""Who is not believed, and what is not taken: forged, borrowed, expired, revoked, unlisted, misshapen, late."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from daicho.engine.authority import DemoAuthority
from daicho.law.errors import DaichoError
from daicho.wire.certificates import Credentials, Own, public_key, system_of
from daicho.wire.door import LARGEST_BODY, PATH
from daicho.wire.errors import (
    EarlierMissing,
    MessageChanged,
    MessageUnreadable,
    NotLinked,
    NotTheSigner,
    OutOfOrder,
    ReceiptBroken,
    SignatureBroken,
)
from daicho.wire.links import OUTSIDE, find_link, links, receivers_of
from daicho.wire.message import Envelope, Receipt, check_receipt, digest_of, seal, seal_receipt, unseal
from daicho.wire.signed import sign, verify
from tests.wire.parties import NOW, Parties, call, der, later, own


def envelope(**changes: object) -> Envelope:
    """A message of the register to commons."""
    base = Envelope(
        sender="register", receiver="commons", kind="resident-changed", version=2, message_id=11, person=1,
        sequence_no=1, created_at=NOW, content={"text": "x", "day": "2026-04-01"},
    )  # fmt: skip
    return base.model_copy(update=changes)


def token(two: Parties, **changes: object) -> str:
    """That message signed by the register, whatever it says."""
    return sign(two.pump.own.credentials, "daicho-message", envelope(**changes).model_dump_json().encode())


def refused(two: Parties, text: str, error: type[DaichoError], peer: str = "register") -> None:
    """The receiver refuses and keeps nothing."""
    with pytest.raises(error):
        two.receiver.receive(two.commons, peer, text)
    assert two.one("SELECT count(*) FROM wire.inbox", at="commons") == 0
    assert two.facts() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"receiver": "kiosk"}, NotLinked),
        ({"kind": "suppression"}, NotLinked),
        ({"version": 1}, NotLinked),
        ({"sender": "connector"}, NotTheSigner),
        ({"content": {"text": "x", "day": "2026-04-01", "more": 1}}, MessageUnreadable),
        ({"content": {"text": "x", "day": "yesterday"}}, MessageUnreadable),
        ({"content": {}}, MessageUnreadable),
        ({"sequence_no": 2}, EarlierMissing),
    ],
)
def test_a_message_that_may_not_be_taken(two: Parties, changes: dict[str, object], error: type[DaichoError]) -> None:
    refused(two, token(two, **changes), error)


def test_a_linked_contract_without_a_handler_is_refused(two: Parties) -> None:
    bare = replace(two, receiver=replace(two.receiver, handlers={}))
    refused(bare, token(two), NotLinked)


def test_an_envelope_with_unknown_fields_is_refused(two: Parties) -> None:
    text = json.dumps(json.loads(envelope().model_dump_json()) | {"priority": 1})
    refused(two, sign(two.pump.own.credentials, "daicho-message", text.encode()), MessageUnreadable)


def test_somebody_elses_connection_is_no_excuse(two: Parties) -> None:
    """The subject of the certificate and the signer must be the same system."""
    refused(two, token(two), NotTheSigner, peer="connector")


def test_a_receipt_is_no_message_and_a_message_no_receipt(two: Parties) -> None:
    text = sign(two.pump.own.credentials, "daicho-receipt", envelope().model_dump_json().encode())
    refused(two, text, SignatureBroken)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-6] + "AAAAAA", lambda t: "x" + t, lambda t: t + ".x", lambda t: "", lambda t: "a.b.c"]
)
def test_a_spoilt_signature_is_refused(two: Parties, spoil: object) -> None:
    refused(two, spoil(token(two)), SignatureBroken)  # type: ignore[operator]


def test_a_changed_payload_is_refused(two: Parties) -> None:
    head, _, signature = token(two).split(".")
    _, other, _ = token(two, person=2).split(".")
    refused(two, f"{head}.{other}.{signature}", SignatureBroken)


def test_another_authority_is_not_believed(two: Parties, tmp_path: Path) -> None:
    stranger = own(DemoAuthority(tmp_path / "stranger").files("register", NOW))
    text = sign(stranger.credentials, "daicho-message", envelope().model_dump_json().encode())
    refused(two, text, SignatureBroken)
    status, body = call(two.transport.door, b'{"messages": ["x"]}', der(stranger))
    assert (status, json.loads(body)) == (403, {"code": "V003"})


@pytest.mark.parametrize("days", [-1, 366])
def test_a_certificate_counts_in_its_time_only(two: Parties, days: int) -> None:
    text = token(two)
    two.commons.clock.set(NOW + timedelta(days=days))  # type: ignore[attr-defined]
    refused(two, text, SignatureBroken)


def test_a_clock_five_minutes_off_harms_nobody(two: Parties) -> None:
    for minutes in (-5, 5):
        assert unseal(two.receiver.own.authority, token(two), later(minutes=minutes)).person == 1


def test_an_ended_authority_is_not_believed(two: Parties) -> None:
    """Its last certificates would count longer than itself."""
    two.authority.renew("register", NOW + timedelta(days=3640))
    certificate = two.pump.own.credentials.certificate
    assert two.receiver.own.authority.check(certificate, NOW + timedelta(days=3645)) == "register"
    with pytest.raises(SignatureBroken):
        two.receiver.own.authority.check(certificate, NOW + timedelta(days=3660))


def test_a_key_is_replaced_without_interruption_and_a_revoked_one_counts_no_longer(two: Parties) -> None:
    two.put(1, 1)
    old = token(two)
    serial = two.pump.own.credentials.certificate.serial_number
    two.authority.renew("register", NOW)
    assert two.pump.own.credentials.certificate.serial_number != serial
    two.authority.revoke(serial)
    assert two.step().settled == 1
    with pytest.raises(SignatureBroken):
        two.receiver.receive(two.commons, "register", old)


def test_a_repeat_signed_with_a_newer_key_is_still_a_repeat(two: Parties) -> None:
    first = two.receiver.receive(two.commons, "register", token(two))
    two.authority.renew("register", NOW)
    assert two.receiver.receive(two.commons, "register", token(two)) == first


def test_a_known_number_with_other_content_is_refused(two: Parties) -> None:
    two.receiver.receive(two.commons, "register", token(two))
    with pytest.raises(MessageChanged):
        two.receiver.receive(two.commons, "register", token(two, content={"text": "y", "day": "2026-04-01"}))


def test_an_older_message_is_refused(two: Parties) -> None:
    two.receiver.receive(two.commons, "register", token(two))
    with pytest.raises(OutOfOrder):
        two.receiver.receive(two.commons, "register", token(two, message_id=12))


def test_nobody_signs_for_another_or_beside_the_list(two: Parties) -> None:
    mine = two.pump.own.credentials
    with pytest.raises(NotTheSigner):
        seal(mine, envelope(sender="commons", receiver="register"))
    with pytest.raises(NotLinked):
        seal(mine, envelope(receiver="addressee"))
    receipt = Receipt(
        sender="register", receiver="commons", message_id=1, digest="0" * 64, outcome="accepted", received_at=NOW
    )
    with pytest.raises(NotTheSigner):
        seal_receipt(mine, receipt)


def test_a_receipt_by_somebody_else_is_none(two: Parties) -> None:
    text = token(two)
    forged = Receipt(
        sender="register",
        receiver="commons",
        message_id=11,
        digest=digest_of(text),
        outcome="accepted",
        received_at=NOW,
    )
    signed = sign(two.pump.own.credentials, "daicho-receipt", forged.model_dump_json().encode())
    with pytest.raises(ReceiptBroken):
        check_receipt(two.pump.own.authority, signed, text, envelope(), NOW)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "V004"),
        (b"{", 422, "V004"),
        (b"[]", 422, "V004"),
        (b'{"messages": []}', 422, "V004"),
        (b'{"messages": "x"}', 422, "V004"),
        (b'{"messages": [1]}', 422, "V004"),
        ('{"messages": ["渡"]}'.encode(), 422, "V004"),
        (json.dumps({"messages": ["x"] * 201}).encode(), 413, "V008"),
    ],
)
def test_a_body_that_is_no_batch(two: Parties, body: bytes, status: int, code: str) -> None:
    answered, content = call(two.transport.door, body, der(two.pump.own))
    assert (answered, json.loads(content)) == (status, {"code": code})


def test_the_door_itself(two: Parties) -> None:
    door, certificate = two.transport.door, der(two.pump.own)
    assert call(door, b"", certificate, path="/health", method="GET") == (200, b'{"system": "commons"}')
    assert call(door, b"x", certificate, path="/other")[0] == 404
    assert call(door, b"x", certificate, method="PUT")[0] == 404
    assert call(door, b"x", certificate, path=PATH, method="GET")[0] == 404
    assert call(door, b"x", None)[0] == 403
    assert call(door, b"x", certificate, CONTENT_LENGTH="many")[0] == 422
    assert call(door, b"x", certificate, CONTENT_LENGTH=str(LARGEST_BODY + 1))[0] == 413


def test_a_file_that_holds_no_credentials(two: Parties, tmp_path: Path) -> None:
    one, other = (two.authority.files(name, NOW).own.read_bytes() for name in ("register", "commons"))
    mixed = tmp_path / "mixed.pem"
    mixed.write_bytes(one[: one.index(b"-----BEGIN CERTIFICATE")] + other[other.index(b"-----BEGIN CERTIFICATE") :])
    with pytest.raises(SignatureBroken):
        Credentials.read(mixed)
    certificate = x509.load_pem_x509_certificate(two.authority.files("register", NOW).issuers.read_bytes())
    with pytest.raises(SignatureBroken):
        system_of(certificate)


def test_another_kind_of_key_is_refused(two: Parties, tmp_path: Path) -> None:
    key = generate_private_key(SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "register")])
    made = (
        x509.CertificateBuilder().subject_name(issuer).issuer_name(issuer).public_key(key.public_key())
        .serial_number(5).not_valid_before(NOW).not_valid_after(later(days=1))
    )  # fmt: skip
    from cryptography.hazmat.primitives.hashes import SHA256

    certificate = made.sign(key, SHA256())
    with pytest.raises(SignatureBroken):
        public_key(certificate)
    file = tmp_path / "ec.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    with pytest.raises(SignatureBroken):
        Own(file, two.authority.files("register", NOW).issuers, tmp_path / "none")
    with pytest.raises(SignatureBroken):
        two.receiver.own.authority.check(certificate, NOW)


def test_the_signature_says_who_and_what(two: Parties) -> None:
    found = verify(two.receiver.own.authority, "daicho-message", token(two), NOW)
    assert found.system == "register"
    assert found.serial == two.pump.own.credentials.certificate.serial_number
    assert Envelope.model_validate_json(found.payload) == envelope()


def test_the_list_of_links_is_the_law() -> None:
    """The connector has one line inside the city: the register (I-USE-01, I-USE-02); it alone has lines out of the city."""
    pairs = {(link.sender, link.receiver) for link in links()}
    inside = [pair for pair in pairs if "connector" in pair and not set(pair) & set(OUTSIDE)]
    assert all("register" in pair for pair in inside)
    assert all("connector" in pair for pair in pairs if set(pair) & set(OUTSIDE))
    assert all(link.basis and link.versions and link.sender != link.receiver for link in links())
    assert find_link("register", "commons", "resident-changed", 2).name == "register-commons"
    assert receivers_of("register") == ("commons", "connector")
    assert receivers_of("kiosk") == ()
