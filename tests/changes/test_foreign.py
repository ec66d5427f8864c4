"""What a foreign resident's record may not leave blank, by class of 法30条の45 (STD 1.1.6)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.register.changes.foreign import check_foreign
from daicho.register.changes.notification import ForeignItems

WHOLE = ForeignItems(
    nationality="VNM",
    article_30_45="1",
    residence_card_number="AB12345678CD",
    residence_status="ZS10",
    stay_until=date(2028, 3, 1),
    foreign_resident_since=LegalDate(date(2020, 1, 1)),
)
BARE = {"residence_card_number": None, "residence_status": None, "stay_until": None}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"residence_card_number": None, "landing_permit": True},
        {"article_30_45": "2", "residence_status": None, "stay_until": None},
        {"article_30_45": "3", "residence_card_number": None, "residence_status": None},
        {"article_30_45": "4", **BARE},
    ],
)
def test_complete_ones_pass(changes: dict[str, Any]) -> None:
    check_foreign(replace(WHOLE, **changes), "")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"residence_card_number": None}, "C060", "foreign.residence_card_number"),
        ({"residence_status": None}, "C060", "foreign.residence_status"),
        ({"residence_status": None, "landing_permit": True}, "C060", "foreign.residence_status"),
        ({"article_30_45": "2", "residence_card_number": ""}, "C060", "foreign.residence_card_number"),
        ({"article_30_45": "3", "stay_until": None}, "C060", "foreign.stay_until"),
        ({"article_30_45": "9"}, "C061", "foreign.article_30_45"),
        ({"nationality": ""}, "C022", "foreign.nationality"),
        ({"common_name": "\ue000"}, "L603", "foreign.common_name"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(DaichoError) as caught:
        check_foreign(replace(WHOLE, **changes), "foreign.")
    assert (caught.value.code, caught.value.field) == (code, field)
    assert all(caught.value.sentences)
