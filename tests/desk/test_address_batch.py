"""住所一括変更: five hundred people from a CSV, line by line, resumable, with whoever changed since left out and listed."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from daicho.access.errors import NotAvailable, SameOfficer
from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import towns
from daicho.register.changes.plan import Effect
from daicho.register.changes.timeline import StateRow
from daicho.register.desk import address_batch
from daicho.register.desk.address_file import ADDRESS, DOMICILE, FileUnfit, read_file
from daicho.register.store.bulk import BulkWriter
from daicho.register.store.bulk_encode import encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.bulk_rows import Batch, ChangePersonRow, ChangeRow, HouseholdRow, PersonRow
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment
from tests.desk.test_other_changes import checked, start
from tests.people import CLERK, REVIEWER, do_register, plan, record
from tests.protection.build import make_refuge

TOWN = "11202046003"
DAY = date(2026, 3, 31)


def settled(env: Environment, households: int, size: int) -> list[tuple[int, list[int]]]:
    """Households of `size` at lots of their own, taken in at once; their ids and people."""
    made = []
    with env.database.transaction() as connection:
        ids = iter(env.ids.take(connection, households * (2 + 2 * size)))
        batch, at, since = Batch(), env.clock.now() - timedelta(days=1), date(2026, 3, 1)
        for place in range(households):
            household_id, change_id = next(ids), next(ids)
            people = [next(ids) for _ in range(size)]
            made.append((household_id, people))
            batch.households.append(HouseholdRow(household_id, f"{place + 1:08d}", at))
            batch.changes.append(
                ChangeRow(
                    change_id=change_id,
                    reason=Reason.MOVE_IN,
                    basis=Basis.NOTIFICATION,
                    change_date=LegalDate(since),
                    notified_on=since,
                    recorded_at=at,
                    entrant="clerk1",
                    reviewer="reviewer1",
                    decider="reviewer1",
                    terminal="T001",
                    office="市民課",
                )
            )
            for rank, person_id in enumerate(people):
                batch.persons.append(PersonRow(person_id, f"{place * size + rank + 1:010d}", 1, at))
                batch.change_persons.append(ChangePersonRow(change_id, person_id, "enter", "mover", 1))
                one = record(
                    household_id, address=f"肥塚三丁目{place + 1}番地", town_code=TOWN, postcode=towns()[TOWN].postcode, relationship="20" if rank else "02",
                    household_order=rank, domicile="埼玉県熊谷市肥塚百番地", family_register_head="髙橋　健一",
                )  # fmt: skip
                batch.states.append(StateRow(next(ids), person_id, 1, change_id, change_id, since, None, at, None, one))
        BulkWriter(connection).load(encode(batch, Sealer(env.keys, env.random)))
    return made


def sheet(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    """A CSV as a spreadsheet writes it."""
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode("utf-8-sig")


def addresses(count: int, **odd: tuple[str, ...]) -> bytes:
    """Old and new addresses of the first `count` households; `odd` rows replace the one of that number."""
    rows = [
        odd.get(f"n{n}", (f"{n:08d}", f"肥塚三丁目{n}番地", "", TOWN, f"肥塚三丁目{n}番地{n}", ""))
        for n in range(1, count + 1)
    ]
    return sheet(ADDRESS, rows)


def receive(env: Environment, data: bytes, kind: str = "address") -> int:
    return address_batch.receive(env, CLERK, token="t", kind=kind, ground="5", change_date=DAY, data=data)


def states(env: Environment, batch_id: int) -> dict[int, tuple[str, str | None]]:
    return {line.line: (line.state, line.problem) for line in address_batch.lines_of(env, CLERK, batch_id)}


def test_five_hundred_people(environment: Environment, owner_connection: Connection) -> None:
    """STD 9.7: provisional, registered in pieces by another officer, stopped and resumed, all as 軽微な修正."""
    households = settled(environment, 125, 4)
    assert sum(len(people) for _, people in households) == 500
    batch_id = receive(environment, addresses(125))
    assert receive(environment, addresses(125)) == batch_id, "the same sending again"
    assert address_batch.batch_of(environment, CLERK, batch_id).counts == {"ready": 125}
    untouched = owner_connection.execute("SELECT count(*) AS n FROM register.change WHERE reason = 'minor_amendment'")
    assert untouched.fetchone() == {"n": 0}
    with pytest.raises(SameOfficer):
        address_batch.go_on(environment, CLERK_WHO_DECIDES, batch_id)
    assert address_batch.go_on(environment, REVIEWER, batch_id, 40).counts == {"ready": 85, "done": 40}
    while address_batch.go_on(environment, REVIEWER, batch_id, 50).left:
        pass
    row = owner_connection.execute(
        "SELECT count(*) AS n, count(DISTINCT s.person_id) AS people, min(c.ground) AS ground, min(c.entrant) AS entrant"
        " FROM register.resident_state s JOIN register.change c ON c.change_id = s.made_by"
        " WHERE c.reason = 'minor_amendment' AND upper_inf(s.known) AND s.address LIKE '肥塚三丁目%%番地_%%'"
    ).fetchone()
    assert row == {"n": 500, "people": 500, "ground": "5", "entrant": "clerk1"}
    sent = owner_connection.execute("SELECT count(*) AS n FROM wire.outbox").fetchone()
    assert sent is not None
    assert sent["n"] >= 500
    assert [batch.batch_id for batch in address_batch.batches(environment, CLERK)] == [batch_id]


CLERK_WHO_DECIDES = REVIEWER.__class__(
    **{**{f: getattr(REVIEWER, f) for f in REVIEWER.__slots__}, "officer_id": "clerk1"}
)


def test_lines_that_do_not_fit_are_listed(environment: Environment) -> None:
    """Row by row: unknown numbers, other values than recorded, repeated lines, addresses that are none."""
    settled(environment, 7, 1)
    data = addresses(
        8,
        n2=("00000002", "肥塚三丁目22番地", "", TOWN, "肥塚三丁目2番地2", ""),
        n3=("00000003", "肥塚三丁目3番地", "", "11202099999", "肥塚三丁目3番地3", ""),
        n4=("00000004", "肥塚三丁目4番地", "", TOWN, "石原4番地4", ""),
        n5=("00000005", "肥塚三丁目5番地", "", TOWN, "肥塚三丁目5番地", ""),
        n6=("00000001", "肥塚三丁目1番地", "", TOWN, "肥塚三丁目1番地9", ""),
        n7=("00000007", "肥塚三丁目7番地", "", TOWN, "", ""),
    )
    found = states(environment, receive(environment, data))
    assert [found[n][0] for n in range(1, 9)] == [
        "ready", "excluded", "error", "error", "error", "error", "error", "error",
    ]  # fmt: skip
    assert found[2][1] == address_batch.DIFFERENT
    assert found[6][1] == "同じ番号の行が前にあります"
    assert found[8][1] == address_batch.NOT_FOUND


def test_whoever_changed_since_or_plans_to_leave_is_left_out(environment: Environment) -> None:
    """STD 9.7: excluded and listed; the others go on."""
    households = settled(environment, 5, 1)
    with environment.database.transaction() as connection:
        leaver = households[1][1][0]
        gone = live_rows(connection, [leaver])[leaver][0].record.with_(status="moved_out")
        do_register(
            connection,
            environment,
            plan(Effect(leaver, "remove", "mover", date(2026, 5, 1), gone), reason=Reason.MOVE_OUT),
        )
    case = start(environment, Reason.MOVE_OUT, households[2][0])
    checked(
        environment,
        case,
        {"change_date": "R8.4.20", "destination": "群馬県高崎市高松町35番地1", f"m.{households[2][1][0]}": "1"},
    )
    batch_id = receive(environment, addresses(5))
    assert states(environment, batch_id)[2] == ("excluded", address_batch.LEAVES)
    assert states(environment, batch_id)[3] == ("excluded", address_batch.CLAIMED)
    with environment.database.transaction() as connection:
        changed = households[3][1][0]
        other = live_rows(connection, [changed])[changed][0].record.with_(remarks="x")
        do_register(
            connection,
            environment,
            plan(Effect(changed, "amend", "mover", DAY, other), reason=Reason.EX_OFFICIO_AMENDMENT),
        )
    late = start(environment, Reason.MOVE_OUT, households[4][0])
    checked(
        environment,
        late,
        {"change_date": "R8.4.20", "destination": "群馬県高崎市高松町35番地1", f"m.{households[4][1][0]}": "1"},
    )
    done = address_batch.go_on(environment, REVIEWER, batch_id)
    assert done.counts == {"done": 1, "excluded": 4}
    assert states(environment, batch_id)[4] == ("excluded", address_batch.CHANGED)
    assert states(environment, batch_id)[5] == ("excluded", address_batch.CLAIMED)
    assert address_batch.lines_of(environment, CLERK, batch_id, "done")[0].line == 1


def test_domiciles_by_addressee_number(environment: Environment) -> None:
    """本籍 of single persons, by 宛名番号."""
    households = settled(environment, 2, 2)
    rows = [
        ("0000000001", "埼玉県熊谷市肥塚百番地", "埼玉県熊谷市肥塚三丁目1番地"),
        ("0000000002", "東京都", "埼玉県熊谷市肥塚三丁目1番地"),
        ("9999999999", "埼玉県熊谷市肥塚百番地", "埼玉県熊谷市肥塚三丁目1番地"),
    ]
    batch_id = receive(environment, sheet(DOMICILE, rows), "domicile")
    assert {n: state for n, (state, _) in states(environment, batch_id).items()} == {
        1: "ready",
        2: "excluded",
        3: "error",
    }
    assert address_batch.go_on(environment, REVIEWER, batch_id).counts["done"] == 1
    with environment.database.transaction() as connection:
        first, second = households[0][1]
        rows_now = live_rows(connection, [first, second])
    assert rows_now[first][-1].record.domicile == "埼玉県熊谷市肥塚三丁目1番地"
    assert rows_now[second][-1].record.domicile == "埼玉県熊谷市肥塚百番地"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", sheet(DOMICILE, [("1", "a", "b")]), sheet(ADDRESS, []), b"x" * 9_000_000, b'"\n']
)
def test_files_that_are_refused(data: bytes) -> None:
    with pytest.raises(FileUnfit):
        read_file("address", data)


def test_a_batch_that_is_not_there(environment: Environment) -> None:
    with pytest.raises(NotAvailable):
        address_batch.batch_of(environment, CLERK, 7)
    assert address_batch.is_ground("5")
    assert not address_batch.is_ground("1")


def test_where_somebody_hides_looks_like_no_number(environment: Environment) -> None:
    """A file must not tell whether a guess about a protected household is right."""
    refuge = make_refuge(environment)
    with environment.database.transaction() as connection:
        found = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (refuge.new_household,)
        ).fetchone()
        there = live_rows(connection, [refuge.mother])[refuge.mother][-1].record
    assert found is not None
    right = (found["household_number"], there.address, there.building or "", TOWN, "肥塚三丁目9番地", "")
    batch_id = receive(environment, sheet(ADDRESS, [right]))
    assert states(environment, batch_id) == {1: ("error", address_batch.NOT_FOUND)}
