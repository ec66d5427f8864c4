"""住所一括変更 as batches (STD 9.7): whom it concerns, the registration to its end, the notices."""

import csv
import io

from daicho.access.actor import Actor
from daicho.register.batch import runs
from daicho.register.batch.work import carry_on
from daicho.register.desk import address_batch
from daicho.register.desk.address_file import read_file
from daicho.register.store import derived, tenant
from daicho.wire.environment import Environment
from tests.batch.reading import bytes_of, rows, text_of
from tests.batch.test_jobs import carried
from tests.batch.test_picked import pages_of
from tests.desk import test_address_batch
from tests.desk.test_address_batch import TOWN, addresses, receive
from tests.house_database import SettableClock
from tests.people import CLERK
from tests.protection.build import make_refuge


def settled(env: Environment, households: int, size: int) -> list[tuple[int, list[int]]]:
    """Households taken in at once, with their derived rows."""
    made = test_address_batch.settled(env, households, size)
    with env.database.transaction() as connection:
        derived.rebuild(connection, env.clock.today())
    return made


def test_the_file_of_whom_it_concerns_is_the_file_that_is_read(
    environment: Environment, reviewer: Actor, clock: SettableClock
) -> None:
    clock.advance(days=30)
    households = settled(environment, 3, 2)
    refuge = make_refuge(environment)
    run = carried(environment, reviewer, "address_targets", kind="1", towns="肥塚三丁目")
    data = bytes_of(environment, run.run_id, "address-targets.csv")
    lines = read_file("address", data)
    assert [line.key for line in lines] == ["00000001", "00000002", "00000003"]
    assert lines[0].values["変更前住所"] == "肥塚三丁目1番地"
    assert len(households) == 3
    run = carried(environment, reviewer, "address_targets", kind="2", begins="埼玉県熊谷市肥塚")
    table = list(csv.reader(io.StringIO(text_of(environment, run.run_id, "domicile-targets.csv"))))
    assert len(table) == 7
    numbers = rows(
        environment, "SELECT addressee_number FROM register.person WHERE person_id = ANY (%s)", refuge.protected
    )
    assert not {line[0] for line in table} & {row["addressee_number"] for row in numbers}


def test_registered_to_the_end_and_told(environment: Environment, reviewer: Actor) -> None:
    with environment.database.transaction() as connection:
        tenant.ensure(connection, "112020", "熊谷市", synthetic=True)
    settled(environment, 30, 1)
    batch_id = receive(
        environment, addresses(30, n2=("00000002", "肥塚三丁目22番地", "", TOWN, "肥塚三丁目2番地2", ""))
    )
    before = carried(environment, reviewer, "address_notices", batch=str(batch_id), when="1")
    assert before.done == 29
    run_id = runs.start(environment, reviewer, "address_register", {"batch": str(batch_id)})
    run = carry_on(environment, run_id, iter([False, True]).__next__)  # a worker that has to go after 25 lines
    assert run is not None
    assert (run.status, run.done) == ("running", address_batch.AT_ONCE)
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done, run.total) == ("done", 29, 29)
    assert run.summary == {"登録した行": 29, "除いた行": 1}
    with environment.database.transaction() as connection:
        assert runs.errors_of(connection, run_id, 5) == [(1, "2行", address_batch.DIFFERENT)]
    after = carried(environment, reviewer, "address_notices", batch=str(batch_id), when="2")
    letters = pages_of(bytes_of(environment, after.run_id, "address-notices-0001.pdf"))
    assert letters.count("住所の表示等の変更のお知らせ") == 29
    assert "肥塚三丁目3番地3" in letters
    assert "埼玉県熊谷市肥塚三丁目3番地3" in letters


def test_whoever_entered_a_bulk_change_does_not_register_it(environment: Environment, reviewer: Actor) -> None:
    settled(environment, 1, 1)
    batch_id = address_batch.receive(
        environment,
        reviewer,
        token="t",
        kind="address",
        ground="5",
        change_date=environment.clock.today(),
        data=addresses(1),
    )
    run = carry_on(environment, runs.start(environment, reviewer, "address_register", {"batch": str(batch_id)}))
    assert run is not None
    assert run.status == "failed"
    assert address_batch.batch_of(environment, CLERK, batch_id).left == 1
