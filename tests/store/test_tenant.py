"""Whose register it is: marked once, synthetic or real for ever."""

import psycopg
import pytest

from daicho.law.numbers import NumberRule
from daicho.register.store import tenant
from daicho.wire.environment import Connection, Environment


def test_a_register_is_marked_once(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        assert tenant.read(connection) is None
        made = tenant.ensure(connection, "112020", "熊谷市（合成データ）", synthetic=True)
        assert tenant.ensure(connection, "112020", "別の名", synthetic=True) == made
        for code, synthetic in (("112020", False), ("131016", True)):
            with pytest.raises(tenant.OtherTenant):
                tenant.ensure(connection, code, "x", synthetic=synthetic)
    assert made.number_rule is NumberRule.SYNTHETIC
    assert tenant.Tenant("112020", "熊谷市", False).number_rule is NumberRule.REAL


@pytest.mark.parametrize(
    "statement",
    [
        "update register.tenant set synthetic = false",
        "update register.tenant set municipality_code = '131016'",
        "delete from register.tenant",
        "truncate register.tenant",
    ],
)
def test_a_synthetic_tenant_never_becomes_a_real_one(
    environment: Environment, owner_connection: Connection, statement: str
) -> None:
    with environment.database.transaction() as connection:
        tenant.ensure(connection, "112020", "熊谷市（合成データ）", synthetic=True)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner_connection.execute(statement.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute(statement.encode())


def test_there_is_one_tenant_only(environment: Environment) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), environment.database.transaction() as connection:
        for code in ("112020", "131016"):
            connection.execute(
                "insert into register.tenant (municipality_code, name, synthetic) values (%s, 'x', true)", (code,)
            )
