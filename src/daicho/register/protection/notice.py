"""支援措置期間終了通知 (STD 20.5.1) and the notice that a measure begins (STD 3.4): what the letters say, and the papers.

They name neither the counterpart nor an address. A letter goes to the applicant in person and is handed over or sent only by
the designated officer, since a letter in the wrong box has told where somebody lives (Tokushima).
"""

from collections.abc import Callable
from dataclasses import dataclass

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.law.eras import format_wareki
from daicho.law.protection import extension_opens
from daicho.register.paper import plain
from daicho.register.paper.kinds.parts import SYNTHETIC
from daicho.register.paper.letters.frame import SEAL_LEFT_OUT
from daicho.register.paper.masters import in_force
from daicho.register.protection.measures import Measure
from daicho.register.protection.reading import open_measure
from daicho.register.store.protection_errors import NotInThatState
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment

END_TITLE = "支援措置期間終了通知"
START_TITLE = "支援措置開始通知"
_DOUBT = "この通知に心当たりのない方、内容に疑問のある方は、来庁せずに担当へご連絡ください。"


@dataclass(frozen=True, slots=True)
class Notice:
    """Title, addressee by name alone, paragraphs, and labelled lines."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def end_notice(measure: Measure) -> Notice:
    """The notice that the period of a decided measure ends. Raises NotInThatState for one without period, or ended."""
    return _notice(
        measure,
        END_TITLE,
        "住民基本台帳事務における支援措置の期間が、次のとおり終了します。",
        "引き続き支援措置が必要なときは、期間が終了する日までに延長を申し出てください。",
    )


def start_notice(measure: Measure) -> Notice:
    """The notice that a measure has been decided. Raises NotInThatState for one without period, or ended."""
    return _notice(
        measure,
        START_TITLE,
        "申出のあった住民基本台帳事務における支援措置を、次のとおり開始します。",
        "申出の内容に変わりがあったとき、支援措置が必要でなくなったときは、担当へ申し出てください。",
    )


def _notice(measure: Measure, title: str, *paragraphs: str) -> Notice:
    if measure.period is None or not measure.in_force:
        raise NotInThatState
    applicant = next(one for one in measure.people if one.role == "applicant")
    return Notice(
        title=title,
        addressee=applicant.name,
        paragraphs=(*paragraphs, _DOUBT),
        lines=(
            ("整理番号", measure.number),
            ("支援措置の開始", format_wareki(measure.period.starts_on)),
            ("支援措置の終了", format_wareki(measure.period.ends_on)),
            ("延長の申出ができる日", f"{format_wareki(extension_opens(measure.period.ends_on))}から"),
        ),
    )


def notice_pdf(env: Environment, actor: Actor, protection_id: int, written: Callable[[Measure], Notice]) -> bytes:
    """A letter as a paper, for those who manage measures; who printed it stands in the trail.

    Raises NotAllowed, NotAvailable, NotInThatState, MasterMissing, L601-L603, PressTimeout, PressRefused.
    """
    today = env.clock.today()
    decide(actor, Right.PROTECTION_MANAGE, on=today)
    measure = open_measure(env, actor, protection_id)
    notice = written(measure)
    with env.database.transaction() as connection:
        masters = in_force(connection, today).masters
        record_act(
            connection,
            env,
            actor,
            Act.PROTECTION_PRINTED,
            subjects=[one.person_id for one in measure.people],
            detail={"protection": protection_id, "notice": written.__name__},
        )
    return plain.pdf(
        "protection-notice",
        {
            "title": notice.title,
            "addressee": notice.addressee,
            "paragraphs": notice.paragraphs,
            "lines": notice.lines,
            "date": format_wareki(today),
            "on": [today.year, today.month, today.day],
            "office": masters.title,
            "name": masters.name,
            "seal": SEAL_LEFT_OUT,
            "stamp": SYNTHETIC if masters.synthetic else "",
        },
    )
