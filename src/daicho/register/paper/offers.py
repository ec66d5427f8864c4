"""Which papers follow from a change: what a page offers when it has been registered, and later from the household."""

from collections.abc import Sequence

from daicho.law.reasons import Basis, Reason
from daicho.register.changes.move_out import BY_CARD, certificate_owed
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper import reader
from daicho.register.paper.kinds.catalogue import KINDS, About, Kind
from daicho.wire.environment import Connection, Environment

Pair = tuple[ResidentRecord | None, ResidentRecord]
"""A record before and after the change."""

CODE_NOTICES = {
    Reason.RESIDENT_CODE_CHANGE: "code_change_notice",
    Reason.RESIDENT_CODE_ENTRY: "code_notice",
    Reason.BIRTH: "code_notice",
    Reason.MOVE_IN_ABROAD: "code_notice",
}
CODE_CORRECTION = "code_correction_notice"
"""Of a code that was recorded wrongly and is put right ex officio."""
_EX_OFFICIO = {Reason.EX_OFFICIO_ENTRY, Reason.EX_OFFICIO_AMENDMENT, Reason.EX_OFFICIO_REMOVAL, Reason.ERROR_CORRECTION}


def offered(reason: Reason, basis: Basis, pairs: Sequence[Pair], *, by_card: bool = False) -> tuple[Kind, ...]:
    """The papers of a change, the one that is made by itself first (STD 4.0.5, 4.1.0.3, 4.1.3.0.3, 4.2, 4.3.3).

    `by_card`: the people of the change leave with a card.
    """
    codes: list[str] = []
    owed = {certificate_owed(after, by_card=by_card) for _, after in pairs}
    codes += ["move_out_equivalent"] if "equivalent" in owed else ["move_out"] if "move_out_certificate" in owed else []
    gone = [after for _, after in pairs if not after.is_resident and after.planned_on]
    inland = [record for record in gone if record.removed_reason != Reason.MOVE_OUT_ABROAD.word]
    if reason in CODE_NOTICES:
        put_right = reason is Reason.RESIDENT_CODE_ENTRY and any(b and b.resident_code_id is not None for b, _ in pairs)
        codes.append(CODE_CORRECTION if put_right else CODE_NOTICES[reason])
    if _new_head(pairs) and reason is not Reason.HEAD_CHANGE:
        codes.append("head_change_notice")
    if any(after.head_absent and not (before and before.head_absent) for before, after in pairs):
        codes.append("head_change_request")
    if basis is Basis.EX_OFFICIO or reason in _EX_OFFICIO:
        codes += ["ex_officio_notice", "ex_officio_record"]
    if basis is Basis.NOTIFICATION or "move_out_equivalent" in codes:
        codes.append("acceptance_notice")
    if inland and not any(record.arrival_notice_on for record in inland):
        codes.append("arrival_inquiry")
    if any(record.adult_ward for record in inland):
        codes.append("ward_notice")
    return tuple(KINDS[code] for code in codes)


def _new_head(pairs: Sequence[Pair]) -> bool:
    return any(
        before is not None and before.relationship != "02" and after.relationship == "02" and after.is_resident
        for before, after in pairs
    )


def after_change(connection: Connection, env: Environment, change_id: int) -> tuple[Kind, ...]:
    """The papers of a registered change. Shows nothing of anybody: only which papers there are."""
    read = reader.with_cause(connection, reader.of_change(connection, env, change_id, frozenset()), change_id)
    if read.facts.cause is None:
        return ()
    pairs = [(read.facts.before.get(member.person_id), member.record) for member in read.facts.members]
    return offered(read.facts.cause.reason, read.facts.cause.basis, pairs, by_card=_by_card(connection, change_id))


def _by_card(connection: Connection, change_id: int) -> bool:
    """Whether the leavers go by card: their data is sent, and no certificate is made by itself (STD 4.1.3.0.4)."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM register.change_note WHERE change_id = %s::bigint AND text = %s) AS found",
        (change_id, BY_CARD),
    ).fetchone()
    return row is not None and bool(row["found"])


def is_letter(kind: Kind) -> bool:
    """Whether a paper speaks of a change and is made without an application."""
    return kind.about is About.CHANGE
