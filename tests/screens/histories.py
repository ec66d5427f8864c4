"""A household with a history on both axes, and people who share name, birth date and sex."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import do_register, move_in_family, plan, record

MOVED_ON = date(2026, 4, 20)
"""The move inside the city; recorded on 11 May 2026 at 9:00."""
NOW = datetime(2026, 6, 25, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """A family of four that moved in on 30 March, moved on 20 April (recorded in May) and was corrected in June."""

    household_id: int
    people: list[int]
    twins: list[int]
    foreigner: int


def make_history(env: Environment, clock: SettableClock, owner: Connection) -> History:
    """Register everything at its time; the clock stands at NOW afterwards."""
    clock.set(datetime(2026, 4, 1, 0, 0, tzinfo=UTC))
    household_id, people = move_in_family(env)
    twins = [
        _single(env, name="渡邉\U000e010f　健一", address="肥塚四丁目205番地1", building="パークサイドけやき105号室"),
        _single(env, name="渡辺　健一", address="別府二丁目9番地3"),
        _single(env, name="渡邊　健一", address="石原一丁目63番地", status="moved_out"),
    ]
    foreigner = _single(env, is_foreign=True, name="WANG XIAOMING", name_kana=None, common_name="山本　明",
                        common_name_kana="ヤマモト　アキラ", nationality_name="中国", stay_until=date(2027, 3, 1),
                        foreign_resident_since=LegalDate(date(2026, 3, 30)))  # fmt: skip
    clock.set(datetime(2026, 5, 11, 0, 0, tzinfo=UTC))
    _amend(env, people, Reason.MOVE_WITHIN, MOVED_ON, address="石原二丁目15番地", former_address="肥塚三丁目112番地4")
    clock.set(datetime(2026, 6, 10, 0, 0, tzinfo=UTC))
    _correct(env, owner, people[1], MOVED_ON, relationship="13")
    clock.set(NOW)
    return History(household_id, people, twins, foreigner)


def _single(env: Environment, **changes: object) -> int:
    values: dict[str, object] = {"birth": LegalDate(date(1970, 6, 12)), "name_kana": "ワタナベ　ケンイチ"} | changes
    with env.database.transaction() as connection:
        household_id, person = env.ids.take(connection, 2)
        effect = Effect(person, "enter", "mover", date(2026, 3, 30), record(household_id, **values))
        do_register(connection, env, plan(effect))
    return person


def _amend(env: Environment, people: list[int], reason: Reason, on: date, **changes: object) -> None:
    with env.database.transaction() as connection:
        rows = live_rows(connection, people)
        effects = [Effect(p, "amend", "mover", on, rows[p][-1].record.with_(**changes)) for p in people]
        do_register(connection, env, plan(*effects, reason=reason))


def _correct(env: Environment, owner: Connection, person: int, on: date, **changes: object) -> None:
    """A correction of the last change. The link between the two is written by hand until corrections have a flow."""
    with env.database.transaction() as connection:
        made_by = live_rows(connection, [person])[person][-1].made_by
    _amend(env, [person], Reason.ERROR_CORRECTION, on, **changes)
    owner.execute("ALTER TABLE register.change DISABLE TRIGGER USER")
    owner.execute("UPDATE register.change SET corrects = %s WHERE reason = 'error_correction'", (made_by,))
    owner.execute("ALTER TABLE register.change ENABLE TRIGGER USER")
