"""The closed lists of grounds on which a record is amended without a notification of the resident."""

from collections.abc import Mapping
from typing import NamedTuple

from daicho.law.reasons import Basis, Reason


class Ground(NamedTuple):
    """Its word, the basis that it gives the change, and for minor amendments whether names may be touched."""

    word: str
    basis: Basis = Basis.EX_OFFICIO
    names: bool = False


MINOR: Mapping[str, Ground] = {
    "1": Ground("常用平易な文字への変更", names=True),
    "2": Ground("文字の同定", names=True),
    "3": Ground("行政区画・町字の名称の変更"),
    "4": Ground("地番の変更"),
    "5": Ground("住居表示の実施・変更"),
    "6": Ground("建物の名称・貸主の変更"),
    "7": Ground("総務大臣が適当と認めるもの", names=True),
}
"""軽微な修正: the seven grounds of 規則11条3項2号 as STD 4.2.3.2 lists them."""

EX_OFFICIO: Mapping[str, Ground] = {
    "1": Ground("住民票記載事項通知(法9条2項)", Basis.NOTICE),
    "2": Ground("戸籍の届出の受理"),
    "3": Ground("法務大臣の通知(法30条の50)", Basis.NOTICE),
    "4": Ground("後見登記の通知", Basis.NOTICE),
    "5": Ground("実態調査(法34条)"),
    "6": Ground("本人の申出", Basis.APPLICATION),
    "7": Ground("庁内の資格の通知(法7条10号から11号の2)", Basis.NOTICE),
    "9": Ground("その他の職権"),
}
"""職権修正: 令12条2項, STD 4.2.0.1, 4.2.0.3, 4.2.0.5."""

GROUNDS: Mapping[Reason, Mapping[str, Ground]] = {
    Reason.MINOR_AMENDMENT: MINOR,
    Reason.EX_OFFICIO_AMENDMENT: EX_OFFICIO,
}
"""Per reason its grounds; reasons that are not here rest on a request or application and have none."""
