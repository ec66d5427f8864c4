"""個人票 and 除票: issued with their history, for one person, never mixed; reproduced after later changes."""

from datetime import date

import pytest

from daicho.access.errors import NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, Note, Plan
from daicho.register.paper.authority import Item
from daicho.register.paper.errors import (
    ExemptionUnknown,
    ItemNotOfKind,
    NobodyChosen,
    RequestIncomplete,
    StatesChanged,
)
from daicho.register.paper.issue import Counter, open_file, release, reserve
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.reproduction import paper_again
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.issuing import application, family, move_inside, rows, text_of
from tests.people import CLERK, do_register, plan


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A press and nobody suppressed."""
    return Counter(press)


def amend(env: Environment, person: int, reason: Reason, notes: tuple[str, ...] = (), **changes: object) -> None:
    """One change of one person's record, today."""
    with env.database.transaction() as connection:
        today = env.clock.today()
        known = live_rows(connection, [person])[person][-1].record
        wanted = plan(Effect(person, "amend", "mover", today, known.with_(**changes)), reason=reason)
        noted = tuple(Note(person, "name", text) for text in notes)
        do_register(
            connection,
            env,
            Plan(wanted.reason, wanted.basis, wanted.change_date, wanted.notified_on, wanted.effects, notes=noted),
        )


def leave(env: Environment, person: int, reason: Reason = Reason.MOVE_OUT) -> None:
    """The person leaves the city today."""
    with env.database.transaction() as connection:
        today = env.clock.today()
        known = live_rows(connection, [person])[person][-1].record
        gone = known.with_(
            status="moved_out",
            removed_on=LegalDate(today),
            removed_notified_on=today,
            removed_reason=reason.word,
            removed_basis="届出",
            planned_on=today,
            planned_address="東京都杉並区高円寺北三丁目22番9号",
            planned_municipality="131156",
        )
        do_register(connection, env, plan(Effect(person, "remove", "mover", today, gone), reason=reason))


def test_one_person_with_history(environment: Environment, counter: Counter, clock: SettableClock) -> None:
    household, people = family(environment, 3)
    clock.advance(days=3)
    move_inside(environment, people)
    clock.advance(days=3)
    amend(environment, people[1], Reason.EX_OFFICIO_AMENDMENT, ("婚姻による。",), name="髙橋　美紗季")
    wanted = application(
        household,
        people[0],
        kind="individual_copy",
        person_ids=(people[1],),
        items=frozenset({Item.HISTORY, Item.HEAD}),
    )
    made = reserve(environment, counter, CLERK, wanted)
    release(environment, counter, CLERK, made.application_id, made.digests)
    text = text_of(open_file(environment, CLERK, made.copies[0].certificate_id))
    assert "氏名髙橋美紗季" in text
    assert "氏名髙橋美咲" in text  # what stood there before
    assert "※婚姻による。" in text
    assert "転居住所埼玉県熊谷市肥塚三丁目112番地4" in text
    assert "髙橋蓮" not in text
    assert "世帯主髙橋健一" in text
    [stored] = rows(environment, "SELECT kind, history, fee_yen FROM register.certificate_application")
    assert stored["kind"] == "individual_copy"
    assert len(stored["history"]) >= 3
    assert stored["fee_yen"] == 200


def test_history_is_left_out_unless_wanted_and_special_reasons_always(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 3)
    clock.advance(days=3)
    amend(environment, people[2], Reason.EX_OFFICIO_AMENDMENT, sex="2", name="髙橋　蓮子")
    clock.advance(days=3)
    amend(environment, people[2], Reason.EX_OFFICIO_AMENDMENT, ("特別養子縁組の成立による。",), name="髙橋　蓮美")
    clock.advance(days=3)
    amend(environment, people[2], Reason.EX_OFFICIO_AMENDMENT, domicile="埼玉県熊谷市宮町一丁目1番地")

    def text(*items: Item) -> str:
        wanted = application(
            household,
            people[0],
            kind="individual_copy",
            person_ids=(people[2],),
            items=frozenset({Item.DOMICILE, *items}),
        )
        made = reserve(environment, counter, CLERK, wanted)
        release(environment, counter, CLERK, made.application_id, made.digests)
        return text_of(open_file(environment, CLERK, made.copies[0].certificate_id))

    assert "職権修正" not in text()
    told = text(Item.HISTORY)
    assert told.count("職権修正") == 1
    assert "本籍（記載なし）" in told
    assert "性別男" not in told
    assert "特別養子" not in told
    everything = text(Item.HISTORY, Item.SPECIAL)
    assert everything.count("職権修正") == 3
    assert "性別男" in everything
    assert "特別養子縁組" in everything


def test_a_removed_person_has_a_paper_of_its_own(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 2)
    clock.advance(days=30)
    leave(environment, people[1])
    wanted = application(
        household, people[0], kind="removed_copy", person_ids=(people[1],), items=frozenset({Item.HEAD, Item.HISTORY})
    )
    made = reserve(environment, counter, CLERK, wanted)
    release(environment, counter, CLERK, made.application_id, made.digests)
    text = text_of(open_file(environment, CLERK, made.copies[0].certificate_id))
    assert "住民票の除票" in text
    assert "世帯主髙橋健一" in text
    assert "消除事由国内転出" in text
    assert "東京都杉並区高円寺北三丁目22番9号" in text
    # never mixed: residents not on this paper, removed persons not on the other ones
    for kind, person in (("removed_copy", people[0]), ("individual_copy", people[1])):
        with pytest.raises((NobodyChosen, NotAvailable)):
            reserve(environment, counter, CLERK, application(household, people[0], kind=kind, person_ids=(person,)))
    with pytest.raises(NobodyChosen):
        reserve(environment, counter, CLERK, application(household, people[0], person_ids=(people[1],)))


def test_a_correction_reaches_the_removed_record_of_whoever_came_back_the_same_day(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, [head, wife] = family(environment, 2)
    clock.advance(days=30)
    today = environment.clock.today()
    leave(environment, wife)
    with environment.database.transaction() as connection:
        here = live_rows(connection, [wife])[wife][0].record
        do_register(connection, environment, plan(Effect(wife, "enter", "mover", today, here.with_(record_no=2))))

    def put_right(name: str) -> None:
        with environment.database.transaction() as connection:
            line = [(row.valid_from, row.record) for row in live_rows(connection, [wife])[wife]]
            effects = [Effect(wife, "amend", "mover", day, record.with_(name=name)) for day, record in line]
            do_register(connection, environment, plan(*effects, reason=Reason.ERROR_CORRECTION))

    def copy() -> tuple[int, str]:
        wanted = application(
            household, head, kind="removed_copy", person_ids=(wife,), items=frozenset({Item.HEAD, Item.HISTORY})
        )
        made = reserve(environment, counter, CLERK, wanted)
        release(environment, counter, CLERK, made.application_id, made.digests)
        number = made.copies[0].certificate_id
        return number, text_of(open_file(environment, CLERK, number))

    put_right("髙橋　美紗季")
    first, text = copy()
    assert "氏名髙橋美紗季" in text
    assert "東京都杉並区高円寺北三丁目22番9号" in text
    put_right("髙橋　実咲")
    assert "氏名髙橋実咲" in copy()[1]
    with environment.database.transaction() as connection:
        paper_again(connection, environment, first)  # equal to what was printed then, or it raises


def test_what_does_not_exist_on_a_kind_is_refused(environment: Environment, counter: Counter) -> None:
    household, people = family(environment, 1)
    with pytest.raises(ItemNotOfKind):
        reserve(environment, counter, CLERK, application(household, people[0], items=frozenset({Item.HISTORY})))
    with pytest.raises(RequestIncomplete):
        reserve(environment, counter, CLERK, application(household, people[0], kind="nothing"))
    with pytest.raises(ExemptionUnknown):
        reserve(environment, counter, CLERK, application(household, people[0], exemption="99"))
    free = reserve(environment, counter, CLERK, application(household, people[0], exemption="02"))
    assert free.fee_yen == 0


def test_a_new_history_makes_the_preview_stale(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 1)
    wanted = application(
        household, people[0], kind="individual_copy", person_ids=(people[0],), items=frozenset({Item.HISTORY})
    )
    made = reserve(environment, counter, CLERK, wanted)
    amend(environment, people[0], Reason.EX_OFFICIO_AMENDMENT, remarks="新しい備考")
    with pytest.raises(StatesChanged):
        release(environment, counter, CLERK, made.application_id, made.digests)


def test_it_is_reproduced_after_later_changes(environment: Environment, counter: Counter, clock: SettableClock) -> None:
    household, people = family(environment, 2)
    clock.advance(days=3)
    move_inside(environment, people)
    wanted = application(
        household,
        people[0],
        kind="individual_copy",
        person_ids=(people[1],),
        items=frozenset({Item.HISTORY, Item.HEAD, Item.INDIVIDUAL_NUMBER}),
    )
    made = reserve(environment, counter, CLERK, wanted)
    release(environment, counter, CLERK, made.application_id, made.digests)
    certificate_id = made.copies[0].certificate_id
    clock.advance(days=3)
    amend(environment, people[1], Reason.ERROR_CORRECTION, name="髙橋　誤記")
    amend(environment, people[0], Reason.EX_OFFICIO_AMENDMENT, name="髙橋　健二")
    leave(environment, people[1])
    with environment.database.transaction() as connection:
        paper = paper_again(connection, environment, certificate_id)
    [stored] = rows(environment, "SELECT view_digest, issued_on FROM register.certificate")
    assert paper.digest == bytes(stored["view_digest"])
    assert paper.issue.on == stored["issued_on"] == date(2026, 4, 4)
