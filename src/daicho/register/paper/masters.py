"""What the city registers for its papers: attestor, seal, fee, printers, each with its period of validity."""

from dataclasses import dataclass
from datetime import date

from daicho.register.paper.errors import ExemptionUnknown, MasterMissing
from daicho.register.paper.facts import Masters
from daicho.register.paper.view import Seal
from daicho.wire.environment import Connection, Row


@dataclass(frozen=True, slots=True)
class MastersInForce:
    """The masters with the ids under which they are found again for a reproduction."""

    attestor_id: int
    seal_id: int
    masters: Masters


def in_force(connection: Connection, on: date) -> MastersInForce:
    """Attestor and seal in force on a day. MasterMissing when one is missing, or only a specimen for real people."""
    attestor = _valid(connection, "SELECT * FROM register.paper_attestor WHERE valid @> %s::date", on, "認証者")
    seal = _valid(connection, "SELECT * FROM register.paper_seal WHERE valid @> %s::date", on, "公印")
    return _masters(connection, attestor, seal)


def of_issue(connection: Connection, attestor_id: int, seal_id: int | None) -> Masters:
    """The masters with which an earlier issue was made; a paper without seal takes any for its place."""
    attestor = connection.execute(
        "SELECT * FROM register.paper_attestor WHERE attestor_id = %s::bigint", (attestor_id,)
    ).fetchone()
    seal = connection.execute(
        "SELECT * FROM register.paper_seal WHERE seal_id = %s::bigint OR %s::bigint IS NULL ORDER BY seal_id LIMIT 1",
        (seal_id, seal_id),
    ).fetchone()
    if attestor is None or seal is None:
        raise MasterMissing(master="認証者または公印")
    return _masters(connection, attestor, seal).masters


def fee_on(connection: Connection, on: date, kind: str | None, exemption: str | None = None) -> tuple[int | None, int]:
    """Id and yen of the fee for one paper of a kind on a day; nothing for papers without fee and for the exempted.

    MasterMissing when no fee is in force, ExemptionUnknown for an exemption that is not.
    """
    if exemption is not None and exemption not in exemptions_on(connection, on):
        raise ExemptionUnknown(field="exemption")
    if kind is None or exemption is not None:
        return None, 0
    row = connection.execute(
        "SELECT fee_id, yen FROM register.paper_fee WHERE kind = %s AND valid @> %s::date", (kind, on)
    ).fetchone()
    if row is None:
        raise MasterMissing(master="手数料")
    return row["fee_id"], row["yen"]


def exemptions_on(connection: Connection, on: date) -> dict[str, str]:
    """Who pays nothing on a day: words by code."""
    rows = connection.execute(
        "SELECT code, word FROM register.paper_exemption WHERE valid @> %s::date ORDER BY code", (on,)
    )
    return {row["code"]: row["word"] for row in rows}


def printer_at(connection: Connection, terminal: str) -> str | None:
    """The label of the printer at a terminal, None where none is registered (the number leaves it out, STD 5.5)."""
    row = connection.execute("SELECT label FROM register.paper_printer WHERE terminal = %s", (terminal,)).fetchone()
    return row["label"] if row else None


def _valid(connection: Connection, query: str, on: date, word: str) -> Row:
    row = connection.execute(query.encode(), (on,)).fetchone()
    if row is None:
        raise MasterMissing(master=word)
    return row


def _masters(connection: Connection, attestor: Row, seal: Row) -> MastersInForce:
    tenant = connection.execute("SELECT municipality_code, synthetic FROM register.tenant").fetchone()
    if tenant is None:
        raise MasterMissing(master="自治体")
    if seal["specimen"] and not tenant["synthetic"]:
        raise MasterMissing(master="公印")
    masters = Masters(
        municipality_code=tenant["municipality_code"],
        title=attestor["title"],
        name=attestor["name"],
        seal=Seal(seal["svg"], float(seal["size_mm"])),
        seal_note=seal["note"],
        synthetic=tenant["synthetic"],
    )
    return MastersInForce(attestor["attestor_id"], seal["seal_id"], masters)
