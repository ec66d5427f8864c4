"""The disposal of removed records that were kept for 150 years, approved by a second officer (令34条1項; STD 9.3; R-STO-10).

The list is drawn up with the request. When it is carried out, it must be the same list, and everybody on it must still be
due by the register of that moment. The records then go in small batches that can be stopped and gone on with.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from daicho.access.actor import Actor
from daicho.access.approvals import acts, rows
from daicho.access.approvals.content import Condition, Request, Wanted
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Facts, Live, State
from daicho.access.approvals.subject import Book, Sink, Subject
from daicho.access.errors import NotAvailable
from daicho.law.eras import format_wareki
from daicho.law.japan import midnight
from daicho.law.retention import PERIODS, Kept
from daicho.register.store import retention
from daicho.register.store.retention import DisposalMoved
from daicho.wire.environment import Connection, Environment

KEY = "retention-disposal"
DAYS = 14
_PERIOD = PERIODS[Kept.REMOVED_RECORD]
_WHY = {"condition": "一覧が変わったため", "rows": "廃棄できない人が含まれたため"}


class Disposal(Subject):
    """One list of removed records."""

    key = KEY
    word = "除票の廃棄"
    kinds = (Kind.DISPOSAL,)
    basis = _PERIOD.basis

    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        """The list as it stands, and how many of it are due now. Raises NotAvailable, DisposalMoved."""
        disposal_id = disposal_of(condition)
        found = retention.listed(connection, disposal_id)
        return Live(
            {
                "disposal": disposal_id,
                "on_day": found.on_day.isoformat(),
                "people": found.people,
                "reason": found.reason,
            },
            found.due,
        )

    def items(self, condition: Condition) -> tuple[str, ...]:
        """Everything of the record."""
        return ("除票の記載のすべて", "検索の見出し", "個人番号", "住民票コード")

    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        """In words."""
        on_day = date.fromisoformat(str(condition["on_day"]))
        return (
            ("対象", f"保存期間{_PERIOD.years}年が{format_wareki(on_day)}より前に終わった除票"),
            ("廃棄の理由", str(condition["reason"])),
            ("一覧の照合値", str(condition["people"])[:16]),
        )

    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        """Release the list: from here on its records go, whatever happens in between."""
        disposal_id = disposal_of(request.wanted.condition)
        due = retention.listed(connection, disposal_id).due
        decision = rows.one(connection, request.approval_id).decision
        if decision is None:
            raise DisposalMoved
        retention.release(connection, env, actor, disposal_id, decision.decided_by, decision.at)
        return due

    def follow(self, env: Environment, actor: Actor, request: Request) -> None:
        """Let the records go, in batches; after a stop the page 除票の保存と廃棄 goes on."""
        retention.carry_out(env, actor, disposal_of(request.wanted.condition))

    def settled(self, connection: Connection, env: Environment, actor: Actor, facts: Facts, state: State) -> None:
        """A list whose request came to nothing sets its people free for another."""
        disposal_id = disposal_of(facts.request.wanted.condition)
        if state is State.REFUSED:
            comment = facts.decision.comment if facts.decision else ""
            retention.drop(connection, env, actor, disposal_id, "refused", comment)
        elif state in (State.WITHDRAWN, State.VOIDED):
            why = _WHY.get(facts.ending.why, "") if facts.ending else ""
            retention.drop(connection, env, actor, disposal_id, "withdrawn", why)


def ask_disposal(env: Environment, book: Book, actor: Actor, reason: str) -> int:
    """Draw up a list and ask for its disposal, in one transaction; returns the number of the request.

    Raises NotAllowed, DisposalUnreadable, NothingDue.
    """
    with env.database.transaction() as connection:
        _drop_expired(connection, env, actor)
        disposal_id = retention.draw(connection, env, actor, reason)
        wanted = Wanted(
            subject=KEY,
            kind=Kind.DISPOSAL,
            purpose="保存期間満了による廃棄",
            basis=_PERIOD.basis,
            condition={"disposal": disposal_id},
            destination="台帳のデータベース(復元できないように消去)",
            valid_until=midnight(env.clock.today() + timedelta(days=DAYS)),
        )
        approval_id = acts.ask(connection, env, book, actor, wanted)
        connection.execute(
            "INSERT INTO register.disposal_approval (disposal_id, approval_id) VALUES (%s, %s)",
            (disposal_id, approval_id),
        )
    return approval_id


def disposal_of(condition: Condition) -> int:
    """The list that a condition names. Raises NotAvailable."""
    found = condition.get("disposal")
    if not isinstance(found, int):
        raise NotAvailable
    return found


def _drop_expired(connection: Connection, env: Environment, actor: Actor) -> None:
    """Lists whose request ran out of time hold nobody any longer."""
    found = connection.execute(
        "SELECT d.disposal_id FROM register.disposal d JOIN register.disposal_approval USING (disposal_id)"
        " JOIN approvals.request r USING (approval_id) WHERE d.status = 'requested' AND r.valid_until <= %s",
        (env.clock.now(),),
    ).fetchall()
    for row in found:
        retention.drop(connection, env, actor, row["disposal_id"], "withdrawn", "期限切れ")
