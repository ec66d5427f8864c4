"""A form that arrives while the session is locked is kept, encrypted, and given back after unlocking.

So nothing typed is lost even where no script saved a draft or locked the page in time.
"""

import json
from dataclasses import dataclass

from django.http import HttpRequest

from daicho.signon import rules
from daicho.signon.models import OfficerSession
from daicho.signon.sealing import seal, unseal
from daicho.signon.targets import safe_next
from daicho.wire.environment import Environment

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field, not a secret


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: address and fields in order, without the protection token."""

    url: str
    fields: tuple[tuple[str, str], ...]


def keep(env: Environment, session: OfficerSession, request: HttpRequest) -> None:
    """Keep the form of this request if it has no files and is of moderate size; the last one counts."""
    if request.method != "POST" or request.FILES:
        return
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
    content = json.dumps({"url": request.get_full_path(), "fields": fields}).encode()
    if len(content) > rules.KEPT_POST_BYTES:
        return
    sealed = seal(env, content, session.ref)
    OfficerSession.objects.filter(pk=session.pk, ended_at=None).update(kept_post=sealed)
    session.kept_post = sealed


def read(env: Environment, session: OfficerSession) -> KeptForm | None:
    """The kept form; None when there is none."""
    if not session.kept_post:
        return None
    content = json.loads(unseal(env, bytes(session.kept_post), session.ref))
    return KeptForm(safe_next(content["url"]), tuple((name, value) for name, value in content["fields"]))


def forget(session: OfficerSession) -> None:
    """Keep it no longer: the officer has sent something else, or this very form, since."""
    OfficerSession.objects.filter(pk=session.pk).update(kept_post=None)
    session.kept_post = None
