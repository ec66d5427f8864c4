"""Passkeys (WebAuthn, user verification always): the officer's own finger, face or PIN is the second factor (controls R-ACQ-11, R-USE-08).

The checks of the protocol are those of py_webauthn. The private key never leaves the authenticator; what is kept here opens nothing by itself.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from daicho.signon.errors import PasskeyRefused
from daicho.signon.models import Officer, Passkey
from daicho.signon.words import clean_words
from daicho.wire.environment import Environment

CHALLENGE = 32
NAME_MOST = 32
MOST = 5
"""Authenticators of one officer: the one on the desk, a spare, no collection."""


@dataclass(frozen=True, slots=True)
class Site:
    """For whom a passkey counts: the host of these pages, and the address that the browser must name."""

    host: str
    origin: str

    @classmethod
    def of_settings(cls) -> "Site":
        """The pages of this system."""
        return cls(urlsplit(settings.OWN_URL).hostname or "", settings.OWN_URL)


def in_force(officer: Officer) -> list[Passkey]:
    """The officer's passkeys that count."""
    return list(Passkey.objects.filter(officer=officer, ended_at=None).order_by("registered_at"))


def new_challenge(env: Environment) -> str:
    """A fresh challenge, as it is kept in the session until it is answered once."""
    return bytes_to_base64url(env.random.token(CHALLENGE))


def options_to_register(officer: Officer, challenge: str) -> str:
    """What the browser is given to make a passkey (JSON)."""
    return options_to_json(
        generate_registration_options(
            rp_id=Site.of_settings().host,
            rp_name="台帳",
            user_id=officer.officer_id.encode(),
            user_name=officer.officer_id,
            user_display_name=officer.officer_id,
            challenge=base64url_to_bytes(challenge),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_described(in_force(officer)),
        )
    )


def options_to_sign_on(officer: Officer, challenge: str) -> str:
    """What the browser is given to show a passkey (JSON)."""
    return options_to_json(
        generate_authentication_options(
            rp_id=Site.of_settings().host,
            challenge=base64url_to_bytes(challenge),
            allow_credentials=_described(in_force(officer)),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def register(env: Environment, officer: Officer, challenge: str, answer: str, name: str) -> Passkey:
    """Keep a new passkey of the officer, in the transaction that is open. PasskeyRefused when the answer does not hold."""
    site = Site.of_settings()
    if len(in_force(officer)) >= MOST:
        raise PasskeyRefused(why=f"認証器は一人{MOST}つまでです。")
    try:
        made = verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        with transaction.atomic():
            Officer.objects.filter(pk=officer.pk).update(enrolment="", enrolment_until=None)
            return Passkey.objects.create(
                credential_id=made.credential_id,
                officer=officer,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=name.strip()[:NAME_MOST] or "認証器",
                registered_at=env.clock.now(),
            )
    except (WebAuthnException, ValueError, KeyError, TypeError, IntegrityError) as error:
        raise PasskeyRefused(why="認証器の答えを確かめられませんでした。") from error


def holds(env: Environment, officer: Officer, challenge: str, answer: str) -> bool:
    """Whether the answer is that of a passkey of this officer, to this challenge, with the user verified; noted as used.

    Returns a value because the caller must count the failure before raising. A counter that goes back tells of a copy: refused.
    """
    site = Site.of_settings()
    try:
        parsed = _parsed(answer)
        known = Passkey.objects.select_for_update().get(
            credential_id=base64url_to_bytes(parsed["rawId"]), officer=officer, ended_at=None
        )
        seen = verify_authentication_response(
            credential=parsed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, Passkey.DoesNotExist, ValueError, KeyError, TypeError):
        return False
    known.sign_count, known.used_at = seen.new_sign_count, env.clock.now()
    known.save(update_fields=["sign_count", "used_at"])
    return True


def is_enrolment(env: Environment, officer: Officer, typed: str) -> bool:
    """Whether this is the code on paper with which an officer without authenticator signs on to register the first one."""
    is_over = officer.enrolment_until is None or officer.enrolment_until < env.clock.today()
    if not officer.enrolment or is_over or in_force(officer):
        return False
    return check_password(clean_words(typed), officer.enrolment)


def end(env: Environment, officer: Officer, number: int) -> None:
    """Take a passkey out of use. PasskeyRefused for the last one where no other second factor is allowed."""
    own = in_force(officer)
    found = [one for one in own if one.pk == number]
    if not found:
        raise PasskeyRefused(why="その認証器はもうありません。")
    if len(own) == 1 and not officer.totp_allowed:
        raise PasskeyRefused(why="最後の認証器は外せません。先に別の認証器を登録してください。")
    found[0].ended_at = env.clock.now()
    found[0].save(update_fields=["ended_at"])


def _described(own: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(one.credential_id)) for one in own]


def _parsed(answer: str) -> dict[str, Any]:
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
