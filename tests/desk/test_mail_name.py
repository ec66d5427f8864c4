"""郵便物送付コード: under which name a foreign resident is written to."""

import pytest

from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.errors import EntryIncomplete
from daicho.register.paper.letters.frame import home
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.test_amendments import keys, last
from tests.desk.test_other_changes import registered, start
from tests.people import CLERK, do_register, move_in_family, plan


def test_letters_go_to_the_name_that_a_foreign_resident_asks_for(environment: Environment) -> None:
    """STD 1.1.19: registered name, common name or both; nobody else has such an item."""
    household_id, [person] = move_in_family(environment, 1)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, person)
    typed = {"change_date": "-1", "ground": "9", "i.mail_name": "2"}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert list(caught.value.fields) == ["i.mail_name"]
    desk.withdraw(environment, CLERK, case.case_number, saved.version, "取りやめ")
    with environment.database.transaction() as connection:
        [known] = live_rows(connection, [person])[person]
        foreign = {"is_foreign": True, "name": "WANG XIAOMING", "common_name": "山本　明", "domicile": None}
        record = known.record.with_(**foreign, foreign_resident_since=known.record.resident_since, article_30_45="1")
        do_register(connection, environment, plan(Effect(person, "amend", "mover", known.valid_from, record)))
    assert home(last(environment, person))[-1] == "WANG XIAOMING　様"  # type: ignore[arg-type]
    for token, key, addressee in (
        ("b", "2", "山本　明"),
        ("c", "3", "WANG XIAOMING（山本　明）"),
        ("d", "1", "WANG XIAOMING"),
    ):
        case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, person, token)
        registered(environment, case, typed | {"i.mail_name": key}, keys([person], 0))
        assert home(last(environment, person))[-1] == f"{addressee}　様"  # type: ignore[arg-type]
