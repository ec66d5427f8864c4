"""The items of a foreign resident in a row of a form (STD 1.1.2); a nationality makes a row a foreign resident's."""

from collections.abc import Mapping

from daicho.law.codes import Code, CodeList, find_code, find_name
from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.register.changes.notification import ForeignItems
from daicho.register.desk.errors import UnknownCode
from daicho.register.desk.forms.base import Context, widen_latin

FOREIGN_FIELDS = (
    "nationality",
    "residence_status",
    "article_30_45",
    "residence_card_number",
    "stay_period",
    "stay_until",
    "foreign_resident_since",
    "foreign_name_kanji",
    "common_name",
    "common_name_kana",
    "common_name_on",
    "common_name_municipality",
    "alien_registered_on",
    "residence_notice",
    "landing_permit",
)


YES_NO = {"1": "あり", "0": "なし"}


def read_foreign(context: Context, at: str, since: LegalDate | None = None) -> ForeignItems | None:
    """The foreign items of the row whose fields begin with `at`; None for a Japanese resident.

    `since` is the day since which they are foreign residents where none is typed; without it the day is needed.
    """
    return read_foreign_items(context, at, since) if context.text(f"{at}nationality") else None


def read_foreign_items(context: Context, at: str, since: LegalDate | None = None) -> ForeignItems:
    """The foreign items, nationality included. What their class needs beside (STD 1.1.6) is the plan's to say."""
    nationality = context.read(f"{at}nationality", lambda t: find(CodeList.NATIONALITY, t), "国籍・地域")
    article = context.read(f"{at}article_30_45", lambda t: find(CodeList.ARTICLE_30_45, t), "30条45区分")
    status = context.read(f"{at}residence_status", lambda t: find(CodeList.RESIDENCE_STATUS, t))
    typed_since = context.legal_day(f"{at}foreign_resident_since", "" if since else "外国人住民となった年月日")
    return ForeignItems(
        nationality=nationality.code if nationality else "",
        nationality_name=nationality.name if nationality else None,
        residence_card_number=context.read(f"{at}residence_card_number", widen_latin),
        residence_status=status.code if status else None,
        residence_status_name=status.name if status else None,
        article_30_45=article.code if article else "",
        stay_period=context.text(f"{at}stay_period") or None,
        stay_until=context.day(f"{at}stay_until", future=True),
        foreign_resident_since=typed_since or since or LegalDate(context.today),
        foreign_name_kanji=context.name(f"{at}foreign_name_kanji"),
        common_name=context.name(f"{at}common_name"),
        common_name_kana=context.kana(f"{at}common_name_kana"),
        common_name_on=context.day(f"{at}common_name_on"),
        common_name_municipality=context.name(f"{at}common_name_municipality"),
        alien_registered_on=context.legal_day(f"{at}alien_registered_on"),
        residence_notice=context.read(f"{at}residence_notice", lambda t: coded(t, YES_NO, "住居地の届出")),
        landing_permit=context.read(f"{at}landing_permit", lambda t: coded(t, YES_NO, "上陸許可証")) == "1",
    )


def coded(text: str, options: Mapping[str, str], item: str) -> str:
    """One of the keyed codes. Raises UnknownCode."""
    key = widen_latin(text)
    if key not in options:
        raise UnknownCode(what=item)
    return key


def find(which: CodeList, text: str) -> Code:
    """An entry of a list by its code or its name."""
    try:
        return find_code(which, widen_latin(text))
    except DaichoError:
        return find_name(which, text)
