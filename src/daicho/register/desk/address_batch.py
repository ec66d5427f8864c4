"""住所一括変更 (STD 9.7): first every line is read and planned and nothing changes (仮処理), then another officer registers
them, some at a time, each household by itself through the one door as 軽微な修正 (本処理).

A line is left out and listed when its people changed since, plan to leave, or are in an open case. Whoever stops half-way goes
on where it was: a line and its change are committed together.
"""

from dataclasses import dataclass, replace
from datetime import date

from psycopg.types.json import Jsonb

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide, require_other_officer
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import CITY_CODE, town_of_code
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.codec import from_json, to_json
from daicho.register.changes.grounds import MINOR
from daicho.register.changes.notification import Address
from daicho.register.changes.notification_amend import Amendment, NewValue
from daicho.register.changes.plan import Before, HouseholdBefore, Plan
from daicho.register.desk import files
from daicho.register.desk.address_file import FileLine, read_file
from daicho.register.store.commit import Request, register
from daicho.register.store.read import read_before
from daicho.register.store.shield import look, shielded
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

AT_ONCE = 25
"""Lines that one request registers."""
HELD = "この行は、取扱担当が別に処理します"
NOT_FOUND, DIFFERENT, LEAVES, CLAIMED, CHANGED = (
    "その番号の世帯・個人は住民として見つかりません",
    "変更前の記載が台帳と違います",
    "転出を予定している人がいます",
    "仮登録中の異動があります",
    "仮処理の後に記録が変わりました",
)


class LineUnfit(Exception):
    """Why a line is not ready."""

    def __init__(self, problem: str, state: str = "error") -> None:
        """`state`: error, or excluded for what may be done by hand."""
        super().__init__(problem)
        self.problem = problem
        self.state = state


@dataclass(frozen=True, slots=True)
class Batch:
    """A file as received, with how many lines stand where."""

    batch_id: int
    kind: str
    ground: str
    change_date: date
    entrant: str
    counts: dict[str, int]

    @property
    def left(self) -> int:
        """Lines still to be registered."""
        return self.counts.get("ready", 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of results."""

    line: int
    key: str
    before: str
    after: str
    people: int
    state: str
    problem: str | None


def receive(
    env: Environment, actor: Actor, *, token: str, kind: str, ground: str, change_date: date, data: bytes
) -> int:
    """Read a file and plan every line (仮処理); returns the batch. `token` names one sending: a repeat gives the same.

    Raises NotAllowed, FileUnfit.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    lines = read_file(kind, data)
    with env.database.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (token,))
        known = connection.execute("SELECT batch_id FROM register.address_batch WHERE token = %s", (token,)).fetchone()
        if known is not None:
            return int(known["batch_id"])
        [batch_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.address_batch (batch_id, token, kind, ground, change_date, entrant, office, terminal,"
            " received_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                batch_id, token, kind, ground, change_date, actor.officer_id, actor.office, actor.terminal_id,
                env.clock.now(),
            ),
        )  # fmt: skip
        seen: set[str] = set()
        subjects: set[int] = set()
        for line in lines:
            subjects |= _insert(
                connection, env, actor, batch_id, kind, ground, change_date, line, repeated=line.key in seen
            )
            seen.add(line.key)
        record_act(
            connection,
            env,
            actor,
            Act.CASE_RECEIVED,
            purpose=Purpose.EX_OFFICIO,
            subjects=subjects,
            detail={"batch": batch_id, "lines": len(lines)},
        )
    return batch_id


def _insert(
    connection: Connection,
    env: Environment,
    actor: Actor,
    batch_id: int,
    kind: str,
    ground: str,
    change_date: date,
    line: FileLine,
    *,
    repeated: bool,
) -> set[int]:
    """One line with its plan or its problem; returns the people it is about."""
    columns = tuple(line.values)
    half = 3 if kind == "address" else 2
    texts = [" ".join(filter(None, (line.values[c] for c in part))) for part in (columns[1:half], columns[half:])]
    notification, fingerprint, people, state, problem = None, None, 0, "ready", None
    subjects: set[int] = set()
    try:
        if repeated:
            raise LineUnfit("同じ番号の行が前にあります")
        wanted, before = _plan_line(connection, env, actor, kind, ground, change_date, line)
        notification = Jsonb(to_json(wanted, lambda clear: clear))
        fingerprint = Jsonb([list(pair) for pair in before.fingerprint()])
        subjects = {person for person, _ in before.fingerprint()}
        people = len(wanted.person_ids)
    except LineUnfit as unfit:
        state, problem = unfit.state, unfit.problem
    except DaichoError as error:
        state, problem = "error", error.sentences[0]
    connection.execute(
        "INSERT INTO register.address_batch_line (batch_id, line, key, before, after, notification, fingerprint, people,"
        " state, problem) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (batch_id, line.line, line.key, *texts, notification, fingerprint, people, state, problem),
    )
    return subjects


def _plan_line(
    connection: Connection, env: Environment, actor: Actor, kind: str, ground: str, change_date: date, line: FileLine
) -> tuple[Amendment, Before]:
    """The amendment of a line, planned on what stands now. Raises LineUnfit and the errors of the law."""
    household, chosen = _household(connection, env, actor, kind, change_date, line)
    if any(not state.record.is_resident for member in household.members for state in member.later):
        raise LineUnfit(LEAVES, "excluded")
    if files.open_case_of(connection, [member.person_id for member in household.members]):
        raise LineUnfit(CLAIMED, "excluded")
    wanted = Amendment(
        reason=Reason.MINOR_AMENDMENT,
        household_id=household.household_id,
        person_ids=chosen,
        change_date=change_date,
        basis=Basis.EX_OFFICIO,
        ground=ground,
        values=(NewValue(item="domicile", text=line.values["変更後本籍"]),) if kind == "domicile" else (),
        address=_address(line) if kind == "address" else None,
    )
    before = read_before(connection, [household.household_id], chosen, change_date)
    change_of(wanted.reason).plan(before, wanted, env.clock.today())
    return wanted, before


def _household(
    connection: Connection, env: Environment, actor: Actor, kind: str, change_date: date, line: FileLine
) -> tuple[HouseholdBefore, tuple[int, ...]]:
    """The household of a line and who of it is amended, if what stands is what the line says.

    Where a hidden person lives looks like a number that is not there: a file must not tell whether a guess is right.
    """
    query = (
        "SELECT household_id AS id FROM register.household WHERE household_number = %s"
        if kind == "address"
        else "SELECT person_id AS id FROM register.person WHERE addressee_number = %s"
    )
    row = connection.execute(query.encode(), (line.key,)).fetchone()
    if row is None:
        raise LineUnfit(NOT_FOUND)
    if kind == "address":
        household = read_before(connection, [row["id"]], [], change_date).household(row["id"])
        records = [one.current.record for one in household.residents if one.current is not None]
        if not records or look(connection, env, actor, [one.person_id for one in household.members]).hidden:
            raise LineUnfit(NOT_FOUND)
        _require_shown(connection, env, [member.person_id for member in household.residents])
        if not (line.same("変更前住所", records[0].address) and line.same("変更前方書", records[0].building)):
            raise LineUnfit(DIFFERENT, "excluded")
        return household, tuple(member.person_id for member in household.residents)
    person = read_before(connection, [], [row["id"]], change_date).person(row["id"])
    if person.current is None or not person.current.record.is_resident:
        raise LineUnfit(NOT_FOUND)
    if look(connection, env, actor, [row["id"]]).hidden:
        raise LineUnfit(NOT_FOUND)
    _require_shown(connection, env, [row["id"]])
    if not line.same("変更前本籍", person.current.record.domicile):
        raise LineUnfit(DIFFERENT, "excluded")
    household_id = person.current.record.household_id
    return read_before(connection, [household_id], [], change_date).household(household_id), (row["id"],)


def _require_shown(connection: Connection, env: Environment, people: list[int]) -> None:
    """Whether the former place of a hidden person is right is told to nobody: the line is for those who handle it."""
    if shielded(connection, env, people):
        raise LineUnfit(HELD, "excluded")


def _address(line: FileLine) -> Address:
    town = town_of_code(line.values["変更後町字コード"])
    if not line.values["変更後住所"] or (town is not None and not line.values["変更後住所"].startswith(town.name)):
        raise LineUnfit("変更後住所が空か、町字コードの町名と合いません")
    return Address(
        municipality_code=CITY_CODE,
        address=line.values["変更後住所"],
        town_code=line.values["変更後町字コード"] or None,
        postcode=town.postcode if town else None,
        building=line.values["変更後方書"] or None,
    )


def go_on(env: Environment, actor: Actor, batch_id: int, most: int = AT_ONCE) -> Batch:
    """Register the next lines (本処理), each in a transaction of its own; by another officer than the entrant.

    Raises NotAllowed, SameOfficer, NotAvailable.
    """
    decide(actor, Right.CASE_DECIDE, on=env.clock.today())
    batch = batch_of(env, actor, batch_id)
    require_other_officer(batch.entrant, actor.officer_id)
    for _ in range(most):
        if not _one(env, actor, batch):
            break
    return batch_of(env, actor, batch_id)


def _one(env: Environment, actor: Actor, batch: Batch) -> bool:
    """The next line, by whoever takes it first; False when none is left."""
    with env.database.transaction() as connection:
        row = _next(connection, batch.batch_id)
        if row is None:
            return False
        try:
            with connection.transaction():
                change_id = _register(connection, env, actor, batch, row)
        except LineUnfit as unfit:
            _settle(connection, row, "excluded", unfit.problem, None)
        except DaichoError as error:
            _settle(connection, row, "excluded", error.sentences[0], None)
        else:
            _settle(connection, row, "done", None, change_id)
        return True


def _next(connection: Connection, batch_id: int) -> Row | None:
    return connection.execute(
        "SELECT batch_id, line, notification, fingerprint FROM register.address_batch_line"
        " WHERE batch_id = %s AND state = 'ready' ORDER BY line LIMIT 1 FOR UPDATE SKIP LOCKED",
        (batch_id,),
    ).fetchone()


def _register(connection: Connection, env: Environment, actor: Actor, batch: Batch, row: Row) -> int:
    wanted = from_json(Amendment, row["notification"], lambda sealed: sealed)
    change, today = change_of(wanted.reason), env.clock.today()
    scope = change.scope(wanted)
    if files.open_case_of(connection, [person for person, _ in row["fingerprint"]]):
        raise LineUnfit(CLAIMED)
    before = read_before(connection, scope.household_ids, scope.person_ids, wanted.on)
    if [list(pair) for pair in before.fingerprint()] != row["fingerprint"]:
        raise LineUnfit(CHANGED)

    def plan_of(seen: Before) -> Plan:
        return change.plan(replace(seen), wanted, today)

    done = register(
        connection,
        env,
        actor,
        Request(
            plan_of=plan_of,
            on=wanted.on,
            household_ids=scope.household_ids,
            person_ids=scope.person_ids,
            fingerprint=before.fingerprint(),
            entrant=batch.entrant,
            reviewer=actor.officer_id,
            decider=actor.officer_id,
        ),
    )
    return done.change_id


def _settle(connection: Connection, row: Row, state: str, problem: str | None, change_id: int | None) -> None:
    connection.execute(
        "UPDATE register.address_batch_line SET state = %s, problem = %s, change_id = %s WHERE batch_id = %s AND line = %s",
        (state, problem, change_id, row["batch_id"], row["line"]),
    )


_COUNTED = (
    "SELECT b.batch_id, b.kind, b.ground, b.change_date, b.entrant, l.state, count(l.line) AS n"
    " FROM register.address_batch b LEFT JOIN register.address_batch_line l USING (batch_id)"
)


def batch_of(env: Environment, actor: Actor, batch_id: int) -> Batch:
    """One batch. Raises NotAllowed, NotAvailable."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            (_COUNTED + " WHERE b.batch_id = %s::bigint GROUP BY 1, 2, 3, 4, 5, 6").encode(), (batch_id,)
        ).fetchall()
    if not rows:
        raise NotAvailable()
    return _batch(rows)


def batches(env: Environment, actor: Actor) -> tuple[Batch, ...]:
    """The latest batches. Raises NotAllowed."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            (_COUNTED + " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1 DESC LIMIT 100").encode()
        ).fetchall()
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["batch_id"], []).append(row)
    return tuple(_batch(group) for group in found.values())


def _batch(rows: list[Row]) -> Batch:
    first = rows[0]
    counts = {row["state"]: row["n"] for row in rows if row["state"] is not None}
    return Batch(first["batch_id"], first["kind"], first["ground"], first["change_date"], first["entrant"], counts)


def lines_of(env: Environment, actor: Actor, batch_id: int, state: str | None = None) -> tuple[Line, ...]:
    """The list of results, all lines or those in one state; what needs a look comes first. Raises NotAllowed."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT line, key, before, after, people, state, problem FROM register.address_batch_line"
            " WHERE batch_id = %s::bigint AND (%s::text IS NULL OR state = %s)"
            " ORDER BY array_position(ARRAY['error', 'excluded', 'ready', 'done'], state), line LIMIT 500",
            (batch_id, state, state),
        ).fetchall()
    return tuple(Line(**row) for row in rows)


def is_ground(text: str) -> bool:
    """Whether a minor amendment of addresses may rest on it (STD 4.2.3.2)."""
    return text in MINOR and not MINOR[text].names
