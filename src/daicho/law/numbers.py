"""Check digits of the numbers a register holds: individual numbers, resident codes, municipality codes, serials.

Sources: 総務省令85号5条 (individual number), 住民基本台帳法施行規則1条 with 平成14年総務省告示436号 (resident code; the same
rule on ten digits, inferred from published specimens, so it stands in one function), JIS X 0401/0402 (municipality
code), STD 1.1.13 (addressee and household numbers).

A tenant marked synthetic shifts the check digit of individual numbers and resident codes by SYNTHETIC_STEP modulo 10.
Both rules give exactly one digit 0-9 for a body, and the two always differ because the step is not a multiple of 10:
no synthetic number is valid under the real rule, and no real one under the synthetic rule.

What the real rule promises: remainders 0 and 1 share the digit 0, so one wrong digit or a swap of neighbours in the
body goes unseen only when it moves the remainder between 0 and 1; a wrong check digit alone is always seen.
"""

import re
import unicodedata
from enum import StrEnum
from itertools import cycle
from operator import mul

from daicho.law.errors import DaichoError

SYNTHETIC_STEP = 5
_SEPARATORS = re.compile(r"[\s\-‐-―−ー]")


class NumberRule(StrEnum):
    """Which check digits a tenant uses; fixed when the tenant is made."""

    REAL = "real"
    SYNTHETIC = "synthetic"


class NumberNotDigits(DaichoError):
    """The text holds something other than digits, spaces and hyphens."""

    code = "L101"
    happened = "{name}に数字でない文字があります。"
    todo = "数字だけを入力してください。"


class NumberWrongLength(DaichoError):
    """The number of digits is wrong; data: name, expected, found."""

    code = "L102"
    happened = "{name}は{expected}桁です。{found}桁が入力されました。"
    todo = "桁の不足や重なりを確かめて、入力し直してください。"


class NumberWrongCheckDigit(DaichoError):
    """The check digit does not fit the other digits."""

    code = "L103"
    happened = "{name}の検査数字が合いません。"
    todo = "番号を書類と1桁ずつ見比べて、入力し直してください。"


class SerialsExhausted(DaichoError):
    """No serial of this width is left; data: width."""

    code = "L104"
    status = 500
    happened = "{width}桁の番号をすべて使い切りました。"
    todo = "システム管理者に連絡してください。番号の桁数を増やす必要があります。"


def clean_digits(text: str, name: str, length: int) -> str:
    """`text` as ASCII digits without spaces and hyphens; raises NumberNotDigits or NumberWrongLength."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not (digits.isascii() and digits.isdigit()) and digits:
        raise NumberNotDigits(name=name)
    if len(digits) != length:
        raise NumberWrongLength(name=name, expected=length, found=len(digits))
    return digits


_WEIGHTS = (2, 3, 4, 5, 6, 7)


def _remainder(body: str) -> int:
    """The weighted sum modulo 11 with weights 2-7 repeating from the right."""
    total: int = sum(map(mul, map(int, reversed(body)), cycle(_WEIGHTS)))
    return total % 11


def _personal_check_digit(body: str, rule: NumberRule) -> str:
    """The check digit of an individual number or resident code under `rule`."""
    remainder = _remainder(body)
    digit = 0 if remainder <= 1 else 11 - remainder
    if rule is NumberRule.SYNTHETIC:
        digit = (digit + SYNTHETIC_STEP) % 10
    return str(digit)


def _personal_number(body: str, rule: NumberRule, name: str, body_length: int) -> str:
    body = clean_digits(body, name, body_length)
    return body + _personal_check_digit(body, rule)


def _check_personal(text: str, rule: NumberRule, name: str, length: int) -> str:
    digits = clean_digits(text, name, length)
    if digits[-1] != _personal_check_digit(digits[:-1], rule):
        raise NumberWrongCheckDigit(name=name)
    return digits


def individual_number(body11: str, rule: NumberRule) -> str:
    """The 12-digit individual number (個人番号) of an 11-digit body (番号法施行令8条, 総務省令85号5条)."""
    return _personal_number(body11, rule, "個人番号", 11)


def resident_code(body10: str, rule: NumberRule) -> str:
    """The 11-digit resident code (住民票コード) of a 10-digit body (施行規則1条)."""
    return _personal_number(body10, rule, "住民票コード", 10)


def check_individual_number(text: str, rule: NumberRule) -> str:
    """The 12 digits of `text` if they are an individual number under `rule`; raises L101, L102 or L103."""
    return _check_personal(text, rule, "個人番号", 12)


def check_resident_code(text: str, rule: NumberRule) -> str:
    """The 11 digits of `text` if they are a resident code under `rule`; raises L101, L102 or L103."""
    return _check_personal(text, rule, "住民票コード", 11)


def municipality_code(code5: str) -> str:
    """The 6-digit code (全国地方公共団体コード) of a 5-digit one; weights 6-2, digit (11 - sum mod 11) mod 10."""
    code5 = clean_digits(code5, "団体コード", 5)
    total = sum(int(digit) * weight for digit, weight in zip(code5, (6, 5, 4, 3, 2), strict=True))
    return code5 + str((11 - total % 11) % 10)


def check_municipality_code(text: str) -> str:
    """The 6 digits of `text` if its check digit fits; raises L101, L102 or L103. Does not look up the table."""
    digits = clean_digits(text, "団体コード", 6)
    if municipality_code(digits[:5]) != digits:
        raise NumberWrongCheckDigit(name="団体コード")
    return digits


def serial_number(serial: int, width: int) -> str | None:
    """Addressee or household number of `serial`: `width` digits, the last one the check digit (STD 1.1.13, M11W2-7).

    None where the check digit would be 10: the standard does not say what then, so those serials are skipped.
    Raises SerialsExhausted when the serial does not fit into `width` - 1 digits.
    """
    body = str(serial).zfill(width - 1)
    if serial < 1 or len(body) > width - 1:
        raise SerialsExhausted(width=width)
    digit = (11 - _remainder(body)) % 11
    return None if digit == 10 else body + str(digit)


def next_serial(after: int, width: int) -> tuple[int, str]:
    """The first usable serial greater than `after` and its number; raises SerialsExhausted."""
    serial = after + 1
    while (number := serial_number(serial, width)) is None:
        serial += 1
    return serial, number


def check_serial_number(text: str, width: int, name: str = "宛名番号") -> str:
    """The digits of `text` if they are a serial of ours; numbers taken over are not checked (STD 1.1.13)."""
    digits = clean_digits(text, name, width)
    if int(digits[:-1]) == 0 or serial_number(int(digits[:-1]), width) != digits:
        raise NumberWrongCheckDigit(name=name)
    return digits
