"""Rules for passwords (control R-USE-06): a minimum length, not guessable, not like the one before."""

from difflib import SequenceMatcher

from django.contrib.auth.password_validation import CommonPasswordValidator, NumericPasswordValidator
from django.core.exceptions import ValidationError

from daicho.register.signon import rules
from daicho.register.signon.errors import PasswordRefused
from daicho.register.signon.models import Officer


def check_new_password(officer: Officer, old: str, new: str) -> None:
    """Raise PasswordRefused, naming the first rule that the new password breaks."""
    if len(new) < rules.PASSWORD_LENGTH:
        raise PasswordRefused(field="new_password", rule=f"{rules.PASSWORD_LENGTH}文字以上にしてください。")
    if _alike(old, new):
        raise PasswordRefused(field="new_password", rule="今のパスワードに似ています。")
    for own in (officer.officer_id, officer.name, officer.office, officer.department):
        if own.casefold() in new.casefold():
            raise PasswordRefused(field="new_password", rule="職員番号や氏名、所属の名前は使えません。")
    try:
        NumericPasswordValidator().validate(new)
        CommonPasswordValidator().validate(new)
    except ValidationError as error:
        raise PasswordRefused(field="new_password", rule="推測されやすいパスワードです。") from error


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= rules.SIMILAR
