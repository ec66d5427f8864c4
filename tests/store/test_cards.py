"""One residence card, one person: told as a candidate before, refused by the database at the last moment (STD 4.1.1.2)."""

import itertools
from dataclasses import replace
from datetime import date

import psycopg
import pytest

from daicho.law.dates import LegalDate
from daicho.register.changes.plan import Effect
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.bulk import BatchRefused, BulkWriter
from daicho.register.store.bulk_encode import encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.candidates import Wanted, possible_same
from daicho.register.store.errors import CardInUse
from daicho.wire.environment import Environment
from tests.people import do_register, plan, record
from tests.store.test_bulk import _first_day

CARD = "AB12345678CD"
ON = date(2026, 3, 30)


def foreigner(household_id: int, **changes: object) -> ResidentRecord:
    """A foreign resident with the card."""
    base = record(household_id, name="NGUYEN VAN AN", name_kana=None, birth=LegalDate(date(1995, 5, 5)))
    return base.with_(is_foreign=True, nationality="VNM", residence_card_number=CARD, **changes)


def enter(env: Environment, **changes: object) -> tuple[int, int]:
    """Enter a foreigner alone in a household; person and household."""
    with env.database.transaction() as connection:
        household_id, person_id = env.ids.take(connection, 2)
        made = foreigner(household_id, **changes)
        do_register(connection, env, plan(Effect(person_id, "enter", "mover", ON, made)))
    return person_id, household_id


def test_a_card_belongs_to_one_resident_at_a_time(environment: Environment) -> None:
    """Two people never; the same person again, and a removed record, may have it."""
    person_id, household_id = enter(environment)
    with pytest.raises(CardInUse):
        enter(environment, name="TRAN THI B")
    with environment.database.transaction() as connection:
        gone = foreigner(household_id, status="moved_out", removed_on=LegalDate(date(2026, 3, 31)))
        left = Effect(person_id, "remove", "mover", date(2026, 3, 31), gone)
        do_register(connection, environment, plan(left))
    with pytest.raises(CardInUse):
        enter(environment)  # the days on which both would be residents
    assert CardInUse().status == 409


def test_an_equal_card_must_return(environment: Environment) -> None:
    """Another name, another birth date: the card alone is proof."""
    person_id, _ = enter(environment)
    wanted = Wanted(name="AN NGUYEN", name_kana=None, birth=date(1990, 1, 1), sex="2", residence_card_number=CARD)
    with environment.database.transaction() as connection:
        [found] = possible_same(connection, environment, wanted)
        assert (found.person_id, found.must_return, found.match) == (person_id, True, "number")
        other = replace(wanted, name="NGUYEN VAN AN", birth=date(1995, 5, 5), sex="1", residence_card_number="ZZ1")
        [found] = possible_same(connection, environment, other)
        assert (found.same_card, found.match, found.must_return) == ("different", "three_items", False)


def test_a_load_refuses_the_second_holder_of_a_card(environment: Environment) -> None:
    ledger, _ = _first_day(60)
    batch = ledger.batch()
    two = [i for i, row in enumerate(batch.states) if row.record.is_resident and row.valid_to is None][:2]
    for place in two:
        card = batch.states[place].record.with_(residence_card_number=CARD)
        batch.states[place] = replace(batch.states[place], record=card)
    with pytest.raises(BatchRefused) as refused, environment.database.transaction() as connection:
        BulkWriter(connection).load(encode(batch, Sealer(environment.keys, environment.random)))
    assert refused.value.fault == "card number in use"
    assert refused.value.ids == (batch.states[two[1]].person_id,)
    assert "カード" in refused.value.message


def test_another_overlap_of_a_load_is_no_refusal(environment: Environment) -> None:
    """A mistake of the loader itself is not put down to the file."""
    ledger, _ = _first_day(60)
    batch = ledger.batch()
    spare = next(itertools.count(10**15))
    batch.states.append(replace(batch.states[0], state_id=spare))
    with pytest.raises(psycopg.errors.ExclusionViolation), environment.database.transaction() as connection:
        BulkWriter(connection).load(encode(batch, Sealer(environment.keys, environment.random)))
