"""Whose register this is: one municipality, synthetic or real for ever."""

from dataclasses import dataclass

from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class Tenant:
    """The municipality of this register."""

    municipality_code: str
    name: str
    synthetic: bool

    @property
    def number_rule(self) -> NumberRule:
        """How check digits are computed here: shifted for synthetic people."""
        return NumberRule.SYNTHETIC if self.synthetic else NumberRule.REAL


class OtherTenant(DaichoError):
    """The register belongs to another municipality, or is synthetic where a real one is wanted, or the other way."""

    code = "S060"
    status = 409
    happened = "この台帳は、指定された市区町村・区分（合成データか本番か）のものではありません。"
    todo = "データフォルダーを確かめてください。合成データの台帳を本番に切り替えることはできません。"


def read(connection: Connection) -> Tenant | None:
    """The tenant, None while the register has none yet."""
    row = connection.execute("select municipality_code, name, synthetic from register.tenant").fetchone()
    return Tenant(**row) if row is not None else None


def ensure(connection: Connection, municipality_code: str, name: str, *, synthetic: bool) -> Tenant:
    """Mark the register once; raises OtherTenant when it is marked otherwise. The name of the first marking stays."""
    connection.execute(
        "insert into register.tenant (municipality_code, name, synthetic) values (%s, %s, %s) on conflict do nothing",
        (municipality_code, name, synthetic),
    )
    found = read(connection)
    if found is None or (found.municipality_code, found.synthetic) != (municipality_code, synthetic):
        raise OtherTenant()
    return found
