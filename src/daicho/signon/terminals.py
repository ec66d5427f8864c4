"""Terminals (control R-ACQ-10): registered, in use for a period, and known by a key that stays in their browser.

The key is made in the browser (ECDSA P-256, not extractable) and registered once with a code from the administrator. At each sign-on the
browser signs the challenge of the page as a JWS (ES256, RFC 7515): a user ID and password from another machine open nothing.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from daicho.access.decision import RIGHTS
from daicho.signon import rules
from daicho.signon.errors import OfficerRefused, TerminalUnknown
from daicho.signon.ledger import By, Detail, write
from daicho.signon.models import Terminal
from daicho.signon.words import clean_words, new_words
from daicho.wire.environment import Environment

ALGORITHM = "ES256"
PUBLIC = ("crv", "kty", "x", "y")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A terminal as the administrator describes it."""

    terminal_id: str
    name: str
    office: str
    terminal_class: str
    address: str = ""
    since: date | None = None
    until: date | None = None
    keyless: bool = False
    reason: str = ""


def in_force(terminal: Terminal, today: date) -> bool:
    """Whether the terminal may be used on a day."""
    begun = terminal.valid_from is None or terminal.valid_from <= today
    return terminal.active and begun and (terminal.valid_to is None or today <= terminal.valid_to)


def put(env: Environment, by: By, wanted: Wanted) -> str:
    """Register a terminal or change it; the code for its key when it is new or has none, else empty. Raises OfficerRefused."""
    name = wanted.terminal_id.strip().upper()
    _require_sound(wanted, name)
    with transaction.atomic():
        known = Terminal.objects.select_for_update().filter(pk=name).first()
        found = known or Terminal(terminal_id=name)
        found.name, found.office = wanted.name.strip(), wanted.office.strip()
        found.terminal_class, found.address = wanted.terminal_class, wanted.address.strip()
        found.valid_from, found.valid_to = wanted.since, wanted.until
        found.active, found.keyless = True, wanted.keyless
        write(
            env,
            by,
            "terminal" if known else "terminal_new",
            name,
            Detail(wanted.reason, "", wanted.since, wanted.until),
        )
        return _renew(env, found) if found.public_key is None and not wanted.keyless else _saved(found)


def renew(env: Environment, by: By, terminal_id: str, reason: str) -> str:
    """A new code for a new key: the old key counts no more, sessions there go on to their end. Raises OfficerRefused."""
    with transaction.atomic():
        found = _known(terminal_id)
        found.public_key, found.key_at, found.keyless = None, None, False
        write(env, by, "terminal_key", found.terminal_id, Detail(reason))
        return _renew(env, found)


def end(env: Environment, by: By, terminal_id: str, reason: str) -> None:
    """Take a terminal out of use; whoever works there is out at the next request. Raises OfficerRefused."""
    with transaction.atomic():
        found = _known(terminal_id)
        found.active, found.public_key, found.enrolment = False, None, ""
        found.save()
        write(env, by, "terminal_end", found.terminal_id, Detail(reason))


def register_key(env: Environment, terminal_id: str, code: str, challenge: str, proof: str) -> Terminal:
    """Keep the key of a terminal whose code is shown and which signs the challenge. Raises TerminalUnknown, alike for every reason."""
    with transaction.atomic():
        found = Terminal.objects.select_for_update().filter(pk=terminal_id.strip().upper(), active=True).first()
        until = found.enrolment_until if found is not None else None
        if found is None or until is None or until < env.clock.now() or not found.enrolment:
            raise TerminalUnknown(field="code")
        fits = check_password(clean_words(code), found.enrolment)
        if fits:
            found.public_key = _key_in(proof)
            _verify(found, challenge, proof)
            found.key_at, found.enrolment, found.enrolment_until = env.clock.now(), "", None
        else:
            found.enrolment_until = until - rules.TERMINAL_GUESS  # a code that is guessed at runs out
        found.save()
    if not fits:
        raise TerminalUnknown(field="code")
    return found


def require_key(terminal: Terminal, challenge: str, proof: str) -> None:
    """Raise TerminalUnknown unless this sign-on comes from the very browser that the terminal's key is in."""
    if terminal.public_key is None:
        if terminal.keyless:
            return
        raise TerminalUnknown(field="terminal")
    _verify(terminal, challenge, proof)


def _verify(terminal: Terminal, challenge: str, proof: str) -> None:
    try:
        key = ECKey.import_key(terminal.public_key or {})
        signed = jws.deserialize_compact(proof, key, algorithms=[ALGORITHM])
        said = json.loads(signed.payload)
    except (JoseError, ValueError, TypeError, KeyError):
        raise TerminalUnknown(field="terminal") from None
    if not challenge or said != {"challenge": challenge, "terminal": terminal.terminal_id}:
        raise TerminalUnknown(field="terminal")


def _key_in(proof: str) -> dict[str, Any]:
    """The public key that the proof brings along (`jwk` of its header)."""
    try:
        brought = jws.extract_compact(proof.encode("ascii")).headers()["jwk"]
        return {name: str(brought[name]) for name in PUBLIC}
    except (JoseError, ValueError, TypeError, KeyError):
        raise TerminalUnknown(field="code") from None


def _known(terminal_id: str) -> Terminal:
    found = Terminal.objects.select_for_update().filter(pk=terminal_id.strip().upper(), active=True).first()
    if found is None:
        raise OfficerRefused(why="その端末はありません。")
    return found


def _renew(env: Environment, terminal: Terminal) -> str:
    code = new_words(env)
    terminal.enrolment = make_password(clean_words(code))
    terminal.enrolment_until = env.clock.now() + rules.ONE_DAY
    terminal.save()
    return code


def _saved(terminal: Terminal) -> str:
    terminal.save()
    return ""


def _require_sound(wanted: Wanted, name: str) -> None:
    if not 0 < len(name) <= 32 or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in name):
        raise OfficerRefused(field="terminal_id", why="端末番号は英数字と - _ で、32文字までで入力してください。")
    if not wanted.name.strip() or not wanted.office.strip():
        raise OfficerRefused(field="name", why="端末の名前と窓口を入力してください。")
    if wanted.terminal_class not in RIGHTS.terminals:
        raise OfficerRefused(field="terminal_class", why=f"端末の区分は{'・'.join(RIGHTS.terminals)}のどれかです。")
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise OfficerRefused(field="until", why="最後の日は初日以後にしてください。")
