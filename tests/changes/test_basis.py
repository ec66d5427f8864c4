"""What a change rests on: which date is needed, what it is called, and that only notifications are ever late."""

from datetime import date

import pytest

from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis
from daicho.register.changes.errors import ItemMissing, NotifiedBeforeChange, NotifiedInFuture
from daicho.register.changes.rules import check_after_change, check_notified, late_note
from tests.changes.build import DAY, TODAY, days

DATED = [basis for basis in Basis if basis is not Basis.EX_OFFICIO]


@pytest.mark.parametrize("basis", DATED)
def test_everything_but_ex_officio_has_its_day(basis: Basis) -> None:
    """STD 4.1.0.2, 4.2.0.5."""
    with pytest.raises(ItemMissing) as caught:
        check_notified(None, basis, TODAY)
    assert caught.value.sentences[0] == f"{basis.date_word}がありません。"
    assert caught.value.field == "notified_on"


def test_ex_officio_needs_no_day() -> None:
    """STD 4.2.0.2: the rule about the day of notification does not apply."""
    check_notified(None, Basis.EX_OFFICIO, TODAY)


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize(
    ("on", "error"), [(TODAY + days(1), NotifiedInFuture), (DAY - days(1), NotifiedBeforeChange), (TODAY, None)]
)
def test_a_day_is_neither_ahead_nor_before_the_change(basis: Basis, on: date, error: type[DaichoError] | None) -> None:
    def check() -> None:
        check_notified(on, basis, TODAY)
        check_after_change(on, DAY, basis)

    if error is None:
        check()
        return
    with pytest.raises(error) as caught:
        check()
    assert caught.value.sentences[0].startswith(basis.date_word)


@pytest.mark.parametrize("basis", list(Basis))
def test_only_a_notification_is_late(basis: Basis) -> None:
    """The fourteen days are those of a notification (法22条-25条)."""
    assert bool(late_note(DAY + days(15), DAY, basis, "法22条")) is (basis is Basis.NOTIFICATION)
