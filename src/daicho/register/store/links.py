"""Two persons of the register found to be one: linked by two officers, shown together, taken back by two (S14).

Nothing is ever linked by itself, and nothing is merged: both persons and their histories stay, one of them leads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide, require_other_officer
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

LINK_REASONS: Mapping[str, str] = {
    "31": "本人に確かめ、書類も同じ",
    "32": "前の市区町村か戸籍の照会で同じと分かった",
    "33": "取り込む前の台帳で二重に記録されていた",
}
UNDO_REASONS: Mapping[str, str] = {
    "41": "別の人と分かった",
    "42": "結び付ける相手を取り違えた",
}
DECISION_REASONS: Mapping[str, str] = {"51": "書類で確かめた", "52": "確かめが足りない", "53": "申請と書類が合わない"}
"""Why a link is asked for, taken back, and agreed to or refused."""

LinkAct = Literal["link", "refuse", "ask_undo", "undo", "keep"]
ACT_WORDS: Mapping[str, str] = {
    "ask": "結付けの申請",
    "link": "結付けの承認",
    "refuse": "結付けの却下",
    "ask_undo": "取消しの申請",
    "undo": "取消しの承認",
    "keep": "取消しの却下",
}
STATUS_WORDS: Mapping[str, str] = {
    "asked": "承認待ち",
    "linked": "結付け中",
    "refused": "却下",
    "undo_asked": "取消しの承認待ち",
    "undone": "取消し済",
}
_ACTIVE = ["linked", "undo_asked"]
_TRAIL = {
    "link": Act.PERSON_LINKED,
    "refuse": Act.PERSON_LINK_REFUSED,
    "ask_undo": Act.PERSON_UNLINK_ASKED,
    "undo": Act.PERSON_UNLINKED,
    "keep": Act.PERSON_UNLINK_REFUSED,
}


class LinkNotPossible(DaichoError):
    """One of the two is linked already, or the two are the same, or the reason is not on its list; data: why."""

    code = "M010"
    status = 409
    happened = "この二人は結び付けられません（{why}）。"
    todo = "今の結付けを確かめてください。変えるときは、先に今の結付けを取り消します。"


class LinkMoved(DaichoError):
    """Somebody else has acted on the link since the page was opened."""

    code = "M011"
    status = 409
    happened = "この結付けは、ほかの職員の操作で状態が変わりました。"
    todo = "一覧を開き直して、今の状態を確かめてください。"


@dataclass(frozen=True, slots=True)
class LinkStep:
    """One act of a link's history."""

    act: str
    reason: str
    note: str
    officer: str
    at: datetime

    @property
    def word(self) -> str:
        """What was done."""
        return ACT_WORDS[self.act]

    @property
    def reason_word(self) -> str:
        """Why."""
        return {**LINK_REASONS, **UNDO_REASONS, **DECISION_REASONS}.get(self.reason, self.reason)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link with both persons as they stand in the register now."""

    link_id: int
    status: str
    leading_id: int
    leading_name: str
    leading_number: str
    other_id: int
    other_name: str
    other_number: str
    steps: tuple[LinkStep, ...]

    @property
    def word(self) -> str:
        """The status in words."""
        return STATUS_WORDS[self.status]

    @property
    def asker(self) -> str:
        """Who did the last act: not the one who decides about it."""
        return self.steps[-1].officer


def ask_link(env: Environment, actor: Actor, leading_id: int, other_id: int, reason: str, note: str = "") -> int:
    """Ask for two persons to be linked; the second officer decides. Raises NotAllowed, NotAvailable, LinkNotPossible."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    if reason not in LINK_REASONS:
        raise LinkNotPossible(field="reason", why="理由が一覧にありません")
    with env.database.transaction() as connection, _refusals():
        if leading_id == other_id:
            raise LinkNotPossible(why="同じ人です")
        _require_both(connection, leading_id, other_id)
        [link_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.person_link (link_id, leading_id, other_id, status, asked_at)"
            " VALUES (%s, %s, %s, 'asked', %s)",
            (link_id, leading_id, other_id, env.clock.now()),
        )
        _act(connection, env, actor, link_id, "ask", reason, note)
        _trail(connection, env, actor, Act.PERSON_LINK_ASKED, (leading_id, other_id), link_id)
        return link_id


def act_on_link(
    env: Environment, actor: Actor, link_id: int, act: LinkAct, reason: str, note: str = "", *, seen: int
) -> None:
    """Agree to a link or refuse it, ask for it to be taken back, agree to that or keep it.

    `seen`: how many acts the page showed. Raises NotAllowed, SameOfficer, NotAvailable, LinkMoved, LinkNotPossible.
    """
    asks = act == "ask_undo"
    decide(actor, Right.CASE_ENTER if asks else Right.CASE_REVIEW, on=env.clock.today())
    if reason not in (UNDO_REASONS if asks else DECISION_REASONS):
        raise LinkNotPossible(field="reason", why="理由が一覧にありません")
    with env.database.transaction() as connection, _refusals():
        row = connection.execute("SELECT * FROM register.person_link WHERE link_id = %s::bigint", (link_id,)).fetchone()
        if row is None:
            raise NotAvailable
        steps = _steps(connection, [link_id])[link_id]
        if not asks:
            require_other_officer(steps[-1].officer, actor.officer_id)
        if len(steps) != seen:
            raise LinkMoved
        _act(connection, env, actor, link_id, act, reason, note)
        _trail(connection, env, actor, _TRAIL[act], (row["leading_id"], row["other_id"]), link_id)


def links(env: Environment, actor: Actor, person_ids: Sequence[int] | None = None) -> list[Linked]:
    """All links, those that wait first; or those of some persons. Names are shown: the look is in the trail."""
    decide(actor, Right.PERSON_SEARCH, on=env.clock.today(), purpose=Purpose.CORRECTION)
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT l.*, a.name AS leading_name, a.addressee_number AS leading_number, b.name AS other_name,"
            " b.addressee_number AS other_number FROM register.person_link l"
            " JOIN register.resident_current a ON a.person_id = l.leading_id"
            " JOIN register.resident_current b ON b.person_id = l.other_id"
            " WHERE %(ids)s::bigint[] IS NULL OR l.leading_id = ANY (%(ids)s) OR l.other_id = ANY (%(ids)s)"
            " ORDER BY l.status NOT IN ('asked', 'undo_asked'), l.status = 'undone' OR l.status = 'refused',"
            " l.asked_at DESC LIMIT 200",
            {"ids": None if person_ids is None else list(person_ids)},
        ).fetchall()
        steps = _steps(connection, [row["link_id"] for row in rows])
        shown = {row[key] for row in rows for key in ("leading_id", "other_id")}
        if shown:
            record_act(connection, env, actor, Act.CANDIDATES_SHOWN, purpose=Purpose.CORRECTION, subjects=shown)
    return [_linked(row, steps[row["link_id"]]) for row in rows]


def _linked(row: Row, steps: list[LinkStep]) -> Linked:
    values = {name: row[name] for name in Linked.__dataclass_fields__ if name != "steps"}
    return Linked(**values, steps=tuple(steps))


def waiting_links(connection: Connection) -> int:
    """How many links wait for a second officer."""
    row = connection.execute(
        "SELECT count(*) AS n FROM register.person_link WHERE status IN ('asked', 'undo_asked')"
    ).fetchone()
    return 0 if row is None else int(row["n"])


def partners(connection: Connection, person_ids: Iterable[int]) -> dict[int, set[int]]:
    """Person id → those who are the same person, for a search that shows them together."""
    wanted = list(person_ids)
    found: dict[int, set[int]] = {}
    for row in connection.execute(
        "WITH groups AS (SELECT DISTINCT leading_id FROM register.person_link WHERE status = ANY (%(active)s)"
        " AND (leading_id = ANY (%(ids)s::bigint[]) OR other_id = ANY (%(ids)s::bigint[])))"
        " SELECT l.leading_id, l.other_id FROM groups JOIN register.person_link l USING (leading_id)"
        " WHERE l.status = ANY (%(active)s)",
        {"ids": wanted, "active": _ACTIVE},
    ):
        found.setdefault(row["leading_id"], {row["leading_id"]}).add(row["other_id"])
    return {person: group - {person} for group in found.values() for person in group}


def _require_both(connection: Connection, *person_ids: int) -> None:
    rows = connection.execute(
        "SELECT person_id FROM register.person WHERE person_id = ANY (%s::bigint[])", (list(person_ids),)
    ).fetchall()
    if len(rows) != len(set(person_ids)):
        raise NotAvailable


def _act(
    connection: Connection, env: Environment, actor: Actor, link_id: int, act: str, reason: str, note: str
) -> None:
    connection.execute(
        "INSERT INTO register.person_link_act (link_id, place, act, reason, note, officer, terminal, at)"
        " SELECT %(link)s, count(*) + 1, %(act)s, %(reason)s, %(note)s, %(officer)s, %(terminal)s, %(at)s"
        " FROM register.person_link_act WHERE link_id = %(link)s",
        {
            "link": link_id,
            "act": act,
            "reason": reason,
            "note": note.strip()[:200],
            "officer": actor.officer_id,
            "terminal": actor.terminal_id,
            "at": env.clock.now(),
        },
    )


def _trail(
    connection: Connection, env: Environment, actor: Actor, act: Act, people: tuple[int, int], link_id: int
) -> None:
    record_act(connection, env, actor, act, purpose=Purpose.CORRECTION, subjects=people, detail={"link": link_id})


def _steps(connection: Connection, link_ids: list[int]) -> dict[int, list[LinkStep]]:
    found: dict[int, list[LinkStep]] = {link_id: [] for link_id in link_ids}
    for row in connection.execute(
        "SELECT * FROM register.person_link_act WHERE link_id = ANY (%s::bigint[]) ORDER BY link_id, place",
        (link_ids,),
    ):
        found[row["link_id"]].append(LinkStep(row["act"], row["reason"], row["note"], row["officer"], row["at"]))
    return found


@contextmanager
def _refusals() -> Iterator[None]:
    """What the database refuses about links, in words."""
    try:
        yield
    except pg.UniqueViolation as error:
        if error.diag.constraint_name == "person_link_other":
            raise LinkNotPossible(why="すでに結び付けられているか、申請中です") from None
        raise LinkMoved from None
    except pg.CheckViolation as error:
        if error.diag.constraint_name != "no_chain_of_links":
            raise
        raise LinkNotPossible(why="すでに別の人と結び付けられています") from None
    except pg.IntegrityConstraintViolation:
        raise LinkMoved from None
