"""One-time codes (TOTP, RFC 6238: 30 seconds, 6 digits): one step of clock skew, each code accepted once."""

import hmac
import unicodedata
from base64 import b32encode
from datetime import datetime

import pyotp

from daicho.signon.models import Officer, UsedCode
from daicho.signon.sealing import seal, unseal
from daicho.wire.environment import Environment

STEP = 30
SKEW = 1


def new_secret(env: Environment) -> str:
    """A TOTP secret: 160 bits in base32, as authenticator apps take it."""
    return b32encode(env.random.token(20)).decode("ascii")


def seal_secret(env: Environment, officer_id: str, secret: str) -> bytes:
    """The secret as stored with the officer."""
    return seal(env, secret.encode("ascii"), officer_id)


def code_at(secret: str, at: datetime) -> str:
    """The six digits valid at an instant."""
    return pyotp.TOTP(secret, interval=STEP).at(at)


def clean_code(typed: str) -> str:
    """A code as typed (full-width digits, spaces, hyphens) as plain digits."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdigit())


def spend_code(env: Environment, officer: Officer, typed: str) -> bool:
    """Accept a code once: True when it fits and was not used before, nor a later one.

    The caller holds the officer's row lock; the constraint `used_code_once` refuses a replay whatever happens here.
    Returns a value because the caller must count the failure before raising.
    """
    totp = pyotp.TOTP(unseal(env, bytes(officer.second_factor), officer.officer_id).decode("ascii"), interval=STEP)
    typed = clean_code(typed)
    present = int(env.clock.now().timestamp()) // STEP
    matched = [
        step
        for step in range(present - SKEW, present + SKEW + 1)
        if hmac.compare_digest(totp.generate_otp(step), typed)
    ]
    if not matched or UsedCode.objects.filter(officer=officer, time_step__gte=matched[-1]).exists():
        return False
    UsedCode.objects.filter(officer=officer, time_step__lt=present - SKEW).delete()
    UsedCode.objects.create(officer=officer, time_step=matched[-1])
    return True
