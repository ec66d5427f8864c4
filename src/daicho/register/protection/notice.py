"""支援措置期間終了通知 (STD 20.5.1): what the letter says. It names neither the counterpart nor an address in its text.

Only the content is made here; the paper room typesets it. The letter goes to the applicant in person and is handed over or
sent only by the designated officer, since a letter in the wrong box has told where somebody lives (Tokushima).
"""

from dataclasses import dataclass

from daicho.law.eras import format_wareki
from daicho.law.protection import extension_opens
from daicho.register.protection.measures import Measure
from daicho.register.store.protection_errors import NotInThatState

TITLE = "支援措置期間終了通知"


@dataclass(frozen=True, slots=True)
class EndNotice:
    """Title, addressee by name alone, paragraphs, and labelled lines."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def end_notice(measure: Measure) -> EndNotice:
    """The notice of a decided measure. Raises NotInThatState for one that has no period or is ended."""
    if measure.period is None or not measure.in_force:
        raise NotInThatState
    applicant = next(one for one in measure.people if one.role == "applicant")
    return EndNotice(
        title=TITLE,
        addressee=applicant.name,
        paragraphs=(
            "住民基本台帳事務における支援措置の期間が、次のとおり終了します。",
            "引き続き支援措置が必要なときは、期間が終了する日までに延長を申し出てください。",
            "この通知に心当たりのない方、内容に疑問のある方は、来庁せずに担当へご連絡ください。",
        ),
        lines=(
            ("整理番号", measure.number),
            ("支援措置の開始", format_wareki(measure.period.starts_on)),
            ("支援措置の終了", format_wareki(measure.period.ends_on)),
            ("延長の申出ができる日", f"{format_wareki(extension_opens(measure.period.ends_on))}から"),
        ),
    )
