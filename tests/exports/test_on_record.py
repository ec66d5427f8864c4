"""Whatever leaves the register as a whole is one act in the trail, without names or numbers."""

import io

import pytest

from daicho.register.exports import canonical, take_over_file
from daicho.register.exports.canonical import NotSynthetic
from daicho.register.exports.take_over_file import NeedsApproval
from daicho.register.store import tenant
from daicho.wire.environment import Environment, Row
from tests.people import move_in_family


def _exports(env: Environment) -> list[Row]:
    with env.database.transaction() as connection:
        return connection.execute(
            "SELECT * FROM trail.entry WHERE act = 'register.export' ORDER BY entry_id"
        ).fetchall()


def test_a_take_over_file_is_on_record(environment: Environment) -> None:
    move_in_family(environment)
    file = io.StringIO()
    with environment.database.transaction() as connection:
        assert take_over_file.write(connection, environment, file) == 4
    assert "髙橋" in file.getvalue()
    [entry] = _exports(environment)
    assert (entry["officer"], entry["terminal"], entry["purpose"]) == ("console", "console", "09")
    assert entry["detail"] == {"form": "take-over file", "persons": 4, "left_out": 0}


def test_a_comparison_file_is_on_record_and_a_digest_is_not(environment: Environment) -> None:
    move_in_family(environment)
    with environment.database.transaction() as connection:
        tenant.ensure(connection, "112020", "熊谷市", synthetic=True)
        digest = canonical.write(connection, environment, None)
    assert _exports(environment) == []
    file = io.StringIO()
    with environment.database.transaction() as connection:
        assert canonical.write(connection, environment, file) == digest
    [entry] = _exports(environment)
    assert entry["detail"] == {"form": "canonical", "lines": len(file.getvalue().splitlines())}


def test_a_refused_export_writes_nothing(environment: Environment) -> None:
    with pytest.raises(NotSynthetic), environment.database.transaction() as connection:
        canonical.write(connection, environment, io.StringIO())
    assert _exports(environment) == []


def test_the_register_of_a_city_does_not_leave_by_the_console(environment: Environment) -> None:
    move_in_family(environment)
    file = io.StringIO()
    with environment.database.transaction() as connection:
        tenant.ensure(connection, "112020", "熊谷市", synthetic=False)
    with pytest.raises(NeedsApproval), environment.database.transaction() as connection:
        take_over_file.write(connection, environment, file)
    assert (file.getvalue(), _exports(environment)) == ("", [])
