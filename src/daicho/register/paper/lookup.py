"""Looking at past issues: the history of a household's certificates, and the verification code of one paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.access.errors import NotAvailable
from daicho.register.paper.authority import USES, Authority, Item
from daicho.register.paper.kinds.catalogue import KINDS, About
from daicho.register.paper.records import ALPHABET
from daicho.register.store.shield import look
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

STATUS_WORDS = {"reserved": "予約", "issued": "交付", "voided": "取りやめ", "misprinted": "書損"}
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "　": None})


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One copy in the history (STD: time, place, subjects, kind, items, number, terminal, officer, disposal)."""

    certificate_id: int
    application_id: int
    kind: str
    reissuable: bool
    number: str
    issued_on: date
    status: str
    authority: str
    use: str
    items: tuple[str, ...]
    person_ids: tuple[int, ...]
    fee_yen: int
    office: str
    terminal: str
    officer: str
    settled_at: datetime | None
    misprint_reason: str | None
    sheets: int
    tight: tuple[tuple[int, str], ...]
    household_id: int | None

    @property
    def persons(self) -> int:
        """How many people stand on it."""
        return len(self.person_ids)

    @property
    def status_word(self) -> str:
        """予約, 交付, 取りやめ or 書損."""
        return STATUS_WORDS[self.status]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification code proves: that this paper was issued, and nothing about people."""

    number: str
    issued_on: date
    status: str
    pages: int

    @property
    def status_word(self) -> str:
        """予約, 交付, 取りやめ or 書損."""
        return STATUS_WORDS[self.status]


LINES = (
    "SELECT c.certificate_id, c.application_id, c.number_parts, c.issued_on, c.status, c.settled_at, c.misprint_reason, c.terminal,"
    " a.kind, a.authority, a.use_code, a.use_text, a.items, a.fee_yen, a.office, a.officer, a.person_ids,"
    " jsonb_array_length(c.pages) AS sheets, c.tight, a.household_id"
    " FROM register.certificate c JOIN register.certificate_application a USING (application_id)"
)


_FROM_STATES = (
    " WHERE c.status IN ('issued', 'misprinted') AND a.household_id IN ("
    "  SELECT household_id FROM register.resident_state WHERE state_id = ANY (%s::bigint[]))"
    " AND (a.history && %s::bigint[] OR EXISTS (SELECT FROM jsonb_array_elements(a.fingerprint) AS seen"
    "  WHERE (seen ->> 1)::bigint = ANY (%s::bigint[])))"
    " ORDER BY c.certificate_id DESC"
)


def issue_history(env: Environment, actor: Actor, household_id: int) -> tuple[IssueLine, ...]:
    """The certificates of a household, newest first. Raises NotAllowed; one trail entry with those printed on them.

    Of a household in which a hidden person lives there is nothing to see: where a paper was issued tells where somebody is.
    """
    require_right(actor, Right.CERTIFICATE_HISTORY, on=env.clock.today())
    with env.database.transaction() as connection:
        hidden = household_id in look(connection, env, actor, _printed_for(connection, household_id)).homes
        rows = connection.execute(
            (LINES + " WHERE a.household_id = %s::bigint ORDER BY c.certificate_id DESC LIMIT 200").encode(),
            (household_id,),
        ).fetchall()
        subjects = _printed_for(connection, household_id)
        shown = [] if hidden else subjects
        detail = {"lines": 0 if hidden else len(rows)}
        record_act(connection, env, actor, Act.CERTIFICATE_HISTORY, subjects=shown, refused=hidden, detail=detail)
    if hidden:
        return ()
    return tuple(line_of(row) for row in rows)


def issued_from(connection: Connection, state_ids: Sequence[int]) -> tuple[IssueLine, ...]:
    """Every paper handed over that was made from one of these states, newest first (what a cancellation looks for).

    The state may have been printed, told as history, or only named the head. The caller has decided about rights and
    writes the trail.
    """
    rows = connection.execute((LINES + _FROM_STATES).encode(), (list(state_ids),) * 3).fetchall()
    return tuple(line_of(row) for row in rows)


def _printed_for(connection: Connection, household_id: int) -> list[int]:
    """Who stands on the papers of a household."""
    rows = connection.execute(
        "SELECT DISTINCT unnest(person_ids) AS person_id FROM register.certificate_application"
        " WHERE household_id = %s::bigint",
        (household_id,),
    )
    return [row["person_id"] for row in rows]


def last_issue(connection: Connection, person_ids: Sequence[int]) -> tuple[date, int] | None:
    """Day and number of copies of the latest issue for one of these persons; shown before a new one."""
    row = connection.execute(
        "SELECT c.issued_on, count(DISTINCT c.certificate_id) AS copies FROM register.certificate_person p"
        " JOIN register.certificate c USING (certificate_id)"
        " WHERE p.person_id = ANY (%s::bigint[]) AND c.status = 'issued'"
        " GROUP BY c.issued_on ORDER BY c.issued_on DESC LIMIT 1",
        (list(person_ids),),
    ).fetchone()
    return (row["issued_on"], row["copies"]) if row else None


def verify(env: Environment, actor: Actor, code: str) -> Verified:
    """The issue that a paper's code names, read as printed or as misread (O for 0, I and L for 1).

    Raises NotAllowed, NotAvailable (an unknown code; the attempt is in the trail).
    """
    require_right(actor, Right.CERTIFICATE_HISTORY, on=env.clock.today())
    cleaned = code.upper().translate(_READ_AS)
    readable = len(cleaned) == 16 and set(cleaned) <= set(ALPHABET)
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT certificate_id, number_parts, issued_on, status, jsonb_array_length(pages) AS pages"
            " FROM register.certificate WHERE code = %s",
            (cleaned if readable else "",),
        ).fetchone()
        detail = {"verified": row["certificate_id"]} if row else {"verified": 0}
        record_act(connection, env, actor, Act.CERTIFICATE_HISTORY, refused=row is None, detail=detail)
    if row is None:
        raise NotAvailable
    return Verified("　".join(row["number_parts"]), row["issued_on"], row["status"], row["pages"])


def line_of(row: Row) -> IssueLine:
    """A line of the history from a row of `LINES`."""
    return IssueLine(
        certificate_id=row["certificate_id"],
        application_id=row["application_id"],
        kind=KINDS[row["kind"]].word,
        reissuable=KINDS[row["kind"]].about is About.LEAVERS and row["status"] == "issued",
        number="　".join(row["number_parts"]),
        issued_on=row["issued_on"],
        status=row["status"],
        authority=Authority(row["authority"]).word,
        use=row["use_text"] or USES[row["use_code"]],
        items=tuple(Item(item).word for item in row["items"]),
        person_ids=tuple(row["person_ids"]),
        fee_yen=row["fee_yen"],
        office=row["office"],
        terminal=row["terminal"],
        officer=row["officer"],
        settled_at=row["settled_at"],
        misprint_reason=row["misprint_reason"],
        sheets=row["sheets"],
        tight=tuple((position, item) for position, item in row["tight"]),
        household_id=row["household_id"],
    )
