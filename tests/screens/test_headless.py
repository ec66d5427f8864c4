"""世帯主変更依頼の対象者一覧 (STD 4.0.5): whose head has left, since when, and who is asked to name another."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Death, HeadChange, Related
from daicho.register.store.read import read_before
from daicho.wire.environment import Environment
from tests.desk.test_household_moves import number_of
from tests.house_database import SettableClock
from tests.people import CLERK, do_register, move_in_family
from tests.screens.conftest import MORNING
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def registered(env: Environment, reason: Reason, notified: Any) -> None:
    with env.database.transaction() as connection:
        before = read_before(connection, [notified.household_id], [], notified.on)
        do_register(connection, env, change_of(reason).plan(before, notified, env.clock.today()))


def dies(env: Environment, household_id: int, head: int) -> None:
    """The head dies; who heads the household is left to a later notification."""
    died = Death(household_id=household_id, person_id=head, died=LegalDate(date(2026, 4, 2)), head_open=True)
    registered(env, Reason.DEATH, died)


def test_households_whose_head_has_left_are_listed_until_they_have_one(
    screen_desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """By days; without those who notified that they have none, unless asked for; never a hidden household."""
    from daicho.register.protection import measures

    env = module_environment
    left, own, hidden = (move_in_family(env) for _ in range(3))
    module_clock.set(MORNING + timedelta(days=9))
    for household_id, people in (left, hidden):
        dies(env, household_id, people[0])
    registered(env, Reason.HEAD_CHANGE, HeadChange(
        household_id=own[0], change_date=date(2026, 4, 3), notified_on=date(2026, 4, 3), factual_head="山田　太郎",
        relationships=(Related(person_id=own[1][0], relationship="20"),),
    ))  # fmt: skip
    measures.provisional(env, CLERK, hidden[1][1])
    numbers = {one[0]: f"{number_of(env, one[0])[:4]} {number_of(env, one[0])[4:]}" for one in (left, own, hidden)}
    clerk = screen_desk.sign_on("clerk1")
    page = text(clerk.get("/headless"))
    assert numbers[left[0]] in page
    assert '<tr><td class="num fig">8</td>' in page
    assert "<td>死亡</td>" in page
    assert "美咲" in page, "the highest member as the record stood before"
    assert "まだ" in page
    assert f"/cases/new?household={left[0]}&amp;reason=34" in page
    assert numbers[own[0]] not in page
    everything = text(clerk.get("/headless?all=1"))
    assert numbers[own[0]] in everything
    assert numbers[hidden[0]] not in everything
    assert clerk.get("/headless/file").status_code == 403
    file = text(screen_desk.sign_on("reviewer1").get("/headless/file"))
    assert file.startswith("\ufeff日数,世帯主がいない日,異動,世帯番号")
    assert file.count("死亡") == 1

    chosen = HeadChange(
        household_id=left[0], change_date=date(2026, 4, 9), notified_on=date(2026, 4, 9), new_head_id=left[1][1]
    )
    registered(env, Reason.HEAD_CHANGE, chosen)
    assert numbers[left[0]] not in text(clerk.get("/headless?all=1"))
