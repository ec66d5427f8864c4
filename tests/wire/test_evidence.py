"""Evidence handed out as a file: proven by the command with the issuers' certificates alone, and by nothing less."""

import json
from pathlib import Path

import pytest

from daicho.engine.commands import wire
from daicho.engine.errors import SetupError
from daicho.wire import backlog, evidence
from tests.wire.parties import NOW, PEER, Parties, later


@pytest.fixture
def handed(two: Parties, tmp_path: Path) -> Path:
    """The file about a message that was refused twice; the key that signed it was revoked since."""
    number = two.put(1, 1, "refuse")
    two.step()
    with two.register.database.transaction() as connection:
        backlog.send_again(connection, two.register, PEER.link, number, officer="admin1")
    two.register.clock.set(later(minutes=1))  # type: ignore[attr-defined]
    two.step()
    with two.register.database.transaction() as connection:
        found = tuple(evidence.of(connection, PEER.link, number))
    two.authority.revoke(two.pump.own.credentials.certificate.serial_number)
    file = tmp_path / "evidence.json"
    file.write_text(evidence.EvidenceFile(link=PEER.link, message_id=number, evidence=found).model_dump_json())
    return file


def verify(two: Parties, file: Path) -> int:
    """As an auditor runs it: no data folder, no database."""
    issuers = two.authority.files("register", NOW).issuers
    return wire.run(["verify", "--file", str(file), "--issuers", str(issuers)])


def test_a_file_is_proven_without_any_house(two: Parties, handed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(two, handed) == 0
    told = capsys.readouterr().out
    assert "register said it, commons refused it (V004 " in told
    assert told.count("both signatures hold") == len(json.loads(handed.read_text())["evidence"])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda file: file | {"message_id": file["message_id"] + 1}, "V009"),
        (lambda file: file | {"link": "register-kiosk"}, "V009"),
        (lambda file: file | {"more": 1}, "V004"),
        (lambda file: file | {"evidence": []}, "V004"),
        (lambda file: file | {"evidence": [file["evidence"][0] | {"receipt": file["evidence"][0]["message"]}]}, "V009"),
        (lambda file: file | {"evidence": [file["evidence"][0] | {"message": file["evidence"][0]["receipt"]}]}, "V003"),
        (lambda file: file | {"evidence": [file["evidence"][0] | {"settled_at": "2036-01-01T00:00:00Z"}]}, "V003"),
    ],
)
def test_a_spoilt_file_proves_nothing(two: Parties, handed: Path, spoil: object, code: str) -> None:
    handed.write_text(json.dumps(spoil(json.loads(handed.read_text()))))  # type: ignore[operator]
    with pytest.raises(SetupError, match=code):
        verify(two, handed)


def test_other_issuers_prove_nothing(two: Parties, handed: Path, tmp_path: Path) -> None:
    from daicho.engine.authority import DemoAuthority

    strange = DemoAuthority(tmp_path / "strange").files("register", NOW).issuers
    with pytest.raises(SetupError, match="V003"):
        wire.run(["verify", "--file", str(handed), "--issuers", str(strange)])
    with pytest.raises(SetupError, match="cannot be read"):
        wire.run(["verify", "--file", str(handed), "--issuers", str(tmp_path / "nothing")])
