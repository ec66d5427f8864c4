"""The common database follows the register: what was told, in order, over the real wire."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from daicho.commons.door import HANDLERS
from daicho.engine.authority import DemoAuthority
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.protection import measures
from daicho.register.store.read import live_rows
from daicho.wire.door import Door
from daicho.wire.environment import Environment, Row
from daicho.wire.inbox import Receiver
from daicho.wire.pump import Delivered, Pump
from tests.house_database import House
from tests.people import CLERK, do_register, move_in_family, plan
from tests.wire.parties import NOW, PEER, Direct, der, own


def test_the_common_database_follows_the_register(
    module_environment: Environment, commons: Environment, tmp_path: Path
) -> None:
    """A family moves in, then plans to leave: the ranges are told, the later one ends the earlier."""
    authority = DemoAuthority(tmp_path / "pki")
    sender = own(authority.files("register", NOW))
    door = Door(commons, Receiver(own(authority.files("commons", NOW)), HANDLERS))
    register = replace(module_environment, transport=Direct(door, lambda: der(sender)))
    pump = Pump(sender)
    _, people = move_in_family(register, 2)
    assert pump.step(register, PEER) == Delivered(settled=2)
    assert [row["name"] for row in residents(commons)] == ["髙橋　健一", "髙橋　美咲"]
    with register.database.transaction() as connection:  # without a head (世帯主未設定) it is told so, STD 1.1.10
        known = {p: rows[-1] for p, rows in live_rows(connection, people).items()}
        without = [
            Effect(p, "amend", "mover", one.valid_from, one.record.with_(head_absent=True, relationship="99"))
            for p, one in known.items()
        ]
        do_register(connection, register, plan(*without, reason=Reason.HEAD_CHANGE))
    assert pump.step(register, PEER) == Delivered(settled=2)
    assert [(row["head_absent"], row["relationship"]) for row in residents(commons)] == [(True, "99")] * 2
    with register.database.transaction() as connection:
        rows = live_rows(connection, people)
        leave = [
            Effect(p, "remove", "mover", date(2026, 4, 20), rows[p][-1].record.with_(status="moved_out"))
            for p in people
        ]
        do_register(connection, register, plan(*leave, reason=Reason.MOVE_OUT))
    assert pump.step(register, PEER) == Delivered(settled=2)
    found = residents(commons)
    assert [(row["status"], row["valid_from"], row["valid_to"]) for row in found] == [
        ("resident", date(2026, 3, 30), date(2026, 4, 20)),
        ("moved_out", date(2026, 4, 20), None),
    ] * 2
    assert len({row["household_number"] for row in found}) == 1


def test_nothing_of_the_common_database_holds_a_number(commons: Environment, house: House) -> None:
    """The platform is told neither individual numbers nor resident codes."""
    with commons.database.transaction() as connection:
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'commons'"
        ).fetchall()
    assert not {row["column_name"] for row in columns} & {"individual_number", "resident_code"}


def test_the_platform_cannot_rewrite_what_it_was_told(commons: Environment) -> None:
    with commons.database.transaction() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE commons.resident SET name = 'x'")


def residents(env: Environment) -> list[Row]:
    """The common database, by person and day."""
    with env.database.transaction() as connection:
        return connection.execute("SELECT * FROM commons.resident ORDER BY addressee_number, valid_from").fetchall()


def test_a_measure_reaches_the_common_database_and_holds_nothing_up(
    module_environment: Environment, commons: Environment, tmp_path: Path
) -> None:
    """STD 3.2: who is protected is told, in the order of the person's messages; from whom never."""
    authority = DemoAuthority(tmp_path / "pki")
    sender = own(authority.files("register", NOW))
    door = Door(commons, Receiver(own(authority.files("commons", NOW)), HANDLERS))
    register = replace(module_environment, transport=Direct(door, lambda: der(sender)))
    pump = Pump(sender)
    _, [person] = move_in_family(register, 1)
    measures.provisional(register, CLERK, person)
    assert [pump.step(register, PEER).settled for _ in range(2)] == [1, 1]
    with commons.database.transaction() as connection:
        found = connection.execute("SELECT protected, on_issue, on_inquiry FROM commons.suppression").fetchall()
    assert found == [{"protected": True, "on_issue": "error", "on_inquiry": "error"}]
