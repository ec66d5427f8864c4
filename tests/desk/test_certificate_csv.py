"""What stands on a paper 転出証明書, taken in as a CSV (STD 10.8)."""

from datetime import date

import pytest

from daicho.law.reasons import Reason
from daicho.register.desk.case import receive
from daicho.register.desk.certificate_data import CertificateDataUnreadable, read_text
from daicho.wire.environment import Environment
from tests.people import CLERK

TODAY = date(2026, 4, 1)
HEAD = "前住所,前住所の世帯主,転出予定年月日,氏名,フリガナ,生年月日,性別,続柄,本籍,筆頭者"
COUPLE = (
    "東京都豊島区南池袋二丁目49番7号,渡邉 大輔,R8.4.3,渡邉 大輔,ワタナベ ダイスケ,S60.5.1,1,02,東京都板橋区大山東町32番地,渡邉 大輔",
    ",,,渡邉 彩香,ワタナベ アヤカ,S62.7.7,2,12,東京都板橋区大山東町32番地,渡邉 大輔",
)


def test_a_csv_fills_an_ordinary_move_in(environment: Environment) -> None:
    data = read_text("\ufeff" + "\r\n".join([HEAD, *COUPLE, ""]), TODAY)
    case = receive(environment, CLERK, token="t", reason=Reason.MOVE_IN, reception={}, certificate=data)
    assert {name: case.typed[name] for name in ("kind", "planned_on", "previous_head", "p1.name", "p2.name_kana")} == {
        "kind": "1",
        "planned_on": "2026-04-03",
        "previous_head": "渡邉 大輔",
        "p1.name": "渡邉 大輔",
        "p2.name_kana": "ワタナベ アヤカ",
    }
    assert "card_holder" not in case.typed


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("氏名,生年月日\n渡邉 大輔,S60.5.1", "CSVの見出し"),
        (HEAD + ",血液型\n" + COUPLE[0] + ",A", "CSVの見出し"),
        (HEAD, "CSVの見出し"),
        (HEAD + "\n" + COUPLE[0].replace("R8.4.3", "いつか"), "転出予定年月日"),
        (HEAD + "\n" + COUPLE[0].replace("渡邉 大輔,ワ", "渡邉\x07,ワ"), "persons.0.name"),
    ],
)
def test_a_csv_that_cannot_be_read_says_where(text: str, where: str) -> None:
    with pytest.raises(CertificateDataUnreadable) as refused:
        read_text(text, TODAY)
    assert refused.value.data["where"] == where
