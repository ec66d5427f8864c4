"""The copy of officers, roles and terminals in a system whose officers sign on at commons: who somebody is, what they may do.

The provider gives all of it at once, with the number of its state; the copy is replaced in one transaction. Nobody's password or second
factor is in it. An officer or terminal that is no longer told of is out of use.
"""

from datetime import date
from typing import Any

from django.db import transaction
from pydantic import BaseModel, ConfigDict

from daicho.signon.models import DirectoryState, Officer, OfficerRole, Terminal
from daicho.wire.environment import Environment


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleTold(_Part):
    """A role with its days, both included."""

    role: str
    since: date
    until: date | None
    granted_by: str


class PostingTold(_Part):
    """A place from a day on."""

    since: date
    department: str
    office: str
    on_leave: bool


class OfficerTold(_Part):
    """An officer with all roles, past and to come."""

    officer_id: str
    name: str
    department: str
    office: str
    active: bool
    valid_from: date
    valid_to: date | None
    withdrawn_on: date | None
    postings: list[PostingTold] = []
    roles: list[RoleTold]


class TerminalTold(_Part):
    """A registered terminal."""

    terminal_id: str
    name: str
    office: str
    terminal_class: str
    active: bool
    valid_from: date | None = None
    valid_to: date | None = None


class Directory(_Part):
    """Everybody and every terminal, at one state."""

    version: int
    officers: list[OfficerTold]
    terminals: list[TerminalTold]


def taken() -> int | None:
    """The state taken over last."""
    return DirectoryState.objects.values_list("taken", flat=True).get()


def take(env: Environment, told: Directory) -> None:
    """Make the copy what was told; an older state never replaces a newer one."""
    with transaction.atomic():
        state = DirectoryState.objects.select_for_update().get()
        if state.taken is not None and state.taken >= told.version:
            return
        _take_terminals(told.terminals)
        _take_officers(env, told.officers)
        DirectoryState.objects.update(taken=told.version)


def _take_terminals(told: list[TerminalTold]) -> None:
    Terminal.objects.exclude(pk__in=[one.terminal_id for one in told]).update(active=False)
    _put_terminals(told)


def _put_terminals(told: list[TerminalTold]) -> None:
    Terminal.objects.bulk_create(
        [Terminal(address="", keyless=False, enrolment="", **one.model_dump()) for one in told],
        update_conflicts=True,
        unique_fields=["terminal_id"],
        update_fields=["name", "office", "terminal_class", "active", "valid_from", "valid_to"],
    )


def _take_officers(env: Environment, told: list[OfficerTold]) -> None:
    Officer.objects.exclude(pk__in=[one.officer_id for one in told]).update(active=False)
    OfficerRole.objects.all().delete()
    _put_officers(env, told)


def _put_officers(env: Environment, told: list[OfficerTold]) -> None:
    nothing: dict[str, Any] = {
        "password": "",
        "second_factor": b"",
        "password_changed_on": env.clock.today(),
        "past_passwords": [],
        "large_text": False,
        "letter_keys": False,
        "totp_allowed": False,
    }
    Officer.objects.bulk_create(
        [
            Officer(
                **one.model_dump(exclude={"roles", "postings"}),
                postings=[posting.model_dump(mode="json") for posting in one.postings],
                **nothing,
            )
            for one in told
        ],
        update_conflicts=True,
        unique_fields=["officer_id"],
        update_fields=["name", "department", "office", "active", "valid_from", "valid_to", "withdrawn_on", "postings"],
    )
    OfficerRole.objects.bulk_create(
        [OfficerRole(officer_id=one.officer_id, **role.model_dump()) for one in told for role in one.roles]
    )


class Claims(BaseModel):
    """What a city's own provider must say in the ID token, since it keeps no directory for us; further claims are left alone."""

    model_config = ConfigDict(frozen=True)

    sub: str
    name: str
    department: str
    office: str
    roles: list[str]
    terminal: str
    terminal_name: str
    terminal_class: str


def take_claims(env: Environment, told: Claims) -> None:
    """Make one officer and one terminal what the provider says; the roles count for today."""
    today = env.clock.today()
    roles = [RoleTold(role=role, since=today, until=today, granted_by="provider") for role in sorted(set(told.roles))]
    person = {"officer_id": told.sub, "name": told.name, "department": told.department, "office": told.office}
    with transaction.atomic():
        DirectoryState.objects.select_for_update().get()
        _put_terminals(
            [
                TerminalTold(
                    terminal_id=told.terminal,
                    name=told.terminal_name,
                    office=told.office,
                    terminal_class=told.terminal_class,
                    active=True,
                )
            ]
        )
        OfficerRole.objects.filter(officer_id=told.sub).delete()
        officer = OfficerTold(
            **person,
            active=True,
            valid_from=today,
            valid_to=None,
            withdrawn_on=None,
            postings=[],
            roles=roles,
        )
        _put_officers(env, [officer])
