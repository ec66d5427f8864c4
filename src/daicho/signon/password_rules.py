"""Rules for passwords (control R-USE-06): a minimum length, not guessable, not like the one before.

Common passwords come from the list that Django carries (19,646, BSD licence; no network). Nearly all of them are shorter than our
minimum, so what stands between digits and signs at both ends is looked up too, and a list of our own adds words of a town hall.
"""

import re
import unicodedata
from difflib import SequenceMatcher

from django.contrib.auth.password_validation import CommonPasswordValidator

from daicho.signon import rules
from daicho.signon.errors import PasswordRefused
from daicho.signon.models import Officer

TOWN_HALL = frozenset(
    [
        "kumagaya",
        "kumagayashi",
        "saitama",
        "saitamaken",
        "shiyakusho",
        "yakusho",
        "shimin",
        "shiminka",
        "juuminhyou",
        "juminhyo",
        "juuki",
        "juki",
        "koseki",
        "daicho",
        "daichou",
        "madoguchi",
        "jouhou",
        "joho",
        "johoseisaku",
        "kanrisha",
        "kakunin",
        "nippon",
        "nihon",
        "tokyo",
        "konnichiwa",
        "arigatou",
        "arigato",
        "ichiban",
        "ohayou",
        "sakurasaku",
        "administrator",
        "clerk",
        "reviewer",
    ]
)
"""Words that lie near at a counter, as they are typed."""
_PADDING = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATED = re.compile(r"(.{1,6}?)\1{1,}.{0,2}")


def check_new_password(officer: Officer, old: str, new: str) -> None:
    """Raise PasswordRefused, naming the first rule that the new password breaks."""
    if len(new) < rules.PASSWORD_LENGTH:
        raise PasswordRefused(field="new_password", rule=f"{rules.PASSWORD_LENGTH}文字以上にしてください。")
    if _alike(old, new):
        raise PasswordRefused(field="new_password", rule="今のパスワードに似ています。")
    for own in (officer.officer_id, officer.name, officer.office, officer.department):
        if own.casefold() in new.casefold():
            raise PasswordRefused(field="new_password", rule="職員番号や氏名、所属の名前は使えません。")
    if is_guessable(new):
        raise PasswordRefused(field="new_password", rule="推測されやすいパスワードです。")


def is_guessable(password: str) -> bool:
    """Whether a password is a common one, a common word padded with digits or signs, digits alone, or a short repetition."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if plain.isdigit() or _REPEATED.fullmatch(plain):
        return True
    common = CommonPasswordValidator().passwords | TOWN_HALL
    core = _PADDING.sub("", plain)
    return plain in common or core in common


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= rules.SIMILAR
