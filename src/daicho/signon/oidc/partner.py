"""The part at the door of a system whose officers sign on at a provider: does the session still go on there?

Asked every ten seconds at most. While the provider does not answer, who is signed on goes on with the rights told last, for four hours at
most (`rules.ALONE`) and never beyond the age of the session; nobody signs on anew (docs/sign-on.md).
"""

import logging
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from daicho.law.errors import DaichoError
from daicho.signon import rules, service
from daicho.signon.errors import SessionEnded
from daicho.signon.models import OfficerSession
from daicho.signon.oidc import directory
from daicho.signon.oidc.errors import ProviderGone, WordRefused
from daicho.signon.oidc.provider import Client, ask, fetch, is_silent, metadata, note_silence
from daicho.signon.sealing import unseal
from daicho.wire.environment import Environment

log = logging.getLogger("daicho.pages")


def entered(env: Environment, session: OfficerSession) -> bool:
    """Ask the provider when it is time; true when the copy of officers was renewed. SessionEnded when it ended there."""
    now = env.clock.now()
    if session.provider_token is None or (session.asked_at is not None and now - session.asked_at < rules.ASK_EVERY):
        return False
    _note(session, asked_at=now)
    try:
        told = _introspect(env, session)
    except ProviderGone:
        if session.heard_at is None or now - session.heard_at >= rules.ALONE:
            service.end(env, session, "provider-gone")
            raise SessionEnded from None
        return False
    if told is None:
        return False
    if told.get("active") is not True:
        service.end(env, session, "ended-there")
        raise SessionEnded
    _note(session, heard_at=now, unlock_hash=str(told.get("daicho_unlock", "")))
    return renew(env, told)


def left(env: Environment, session: OfficerSession) -> None:
    """Tell the provider that the session is over here, so that nobody gets in on it; it may be gone itself."""
    if session.provider_token is None:
        return
    with suppress(DaichoError):
        ask(env, Client.of_settings(), "revocation_endpoint", {"token": _token(env, session)})


def renew(env: Environment, told: dict[str, Any]) -> bool:
    """Fetch the officers when the provider's state is another than the copy's; a provider that keeps none tells no state."""
    version = told.get("daicho_directory")
    if not isinstance(version, int) or version == directory.taken():
        return False
    client = Client.of_settings()
    url = metadata(env, client.issuer).get("daicho_directory_endpoint")
    if not isinstance(url, str):
        return False
    try:
        directory.take(env, directory.Directory.model_validate(fetch(env, client, url)))
    except (ProviderGone, WordRefused, ValidationError) as error:
        log.warning("the copy of officers was not renewed: %s", type(error).__name__)
        return False
    return True


def _introspect(env: Environment, session: OfficerSession) -> dict[str, Any] | None:
    client = Client.of_settings()
    if is_silent(env, client.issuer):
        raise ProviderGone
    try:
        return ask(env, client, "introspection_endpoint", {"token": _token(env, session)})
    except ProviderGone:
        note_silence(env, client.issuer)
        raise


def _token(env: Environment, session: OfficerSession) -> str:
    return unseal(env, bytes(session.provider_token or b""), session.ref).decode("ascii")


def _note(session: OfficerSession, **values: Any) -> None:
    OfficerSession.objects.filter(pk=session.pk, ended_at=None).update(**values)
    for name, value in values.items():
        setattr(session, name, value)
