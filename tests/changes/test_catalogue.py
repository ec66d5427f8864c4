"""The one table of changes."""

import pytest

from daicho.law.reasons import Reason, UnknownReason
from daicho.register.changes.catalogue import CHANGES, change_of
from daicho.register.changes.notification import MoveOut
from tests.changes.build import move_in, row
from tests.changes.test_birth import birth
from tests.changes.test_head_change import head_change


def test_every_change_of_the_main_job_is_there() -> None:
    assert [change.word for change in CHANGES.values()] == [
        "国内転入",
        "転居",
        "国内転出",
        "国外転出",
        "出生",
        "死亡",
        "世帯主変更",
        "異動の取消し（増）",
        "異動の取消し（減）",
        "異動の取消し（修正）",
        "世帯分離",
        "世帯合併",
        "世帯変更",
    ]
    assert change_of(Reason.MOVE_OUT_ABROAD).notification is MoveOut


def test_who_is_to_be_looked_for() -> None:
    notified = move_in(row(0))
    assert change_of(Reason.MOVE_IN).newcomers(notified) == notified.members
    assert change_of(Reason.BIRTH).newcomers(birth()) == (birth(),)
    assert change_of(Reason.HEAD_CHANGE).newcomers(head_change(12)) == ()


def test_what_is_not_built_is_refused() -> None:
    with pytest.raises(UnknownReason):
        change_of(Reason.RENEWAL_ENTRY)
