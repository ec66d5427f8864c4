"""Plans: jobs that start by the calendar, and what is due now."""

from collections.abc import Mapping
from datetime import date, datetime, time

from psycopg.types.json import Jsonb

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.access.errors import NotAvailable
from daicho.law.dates import UnreadableDate, parse_date
from daicho.register.batch import runs
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.errors import AlreadyWaiting, ParameterUnreadable
from daicho.register.batch.model import SYSTEM, Plan
from daicho.register.batch.rule import MONTHLY, ONCE, RULES, WEEKLY, Rule, next_after
from daicho.register.signon.names import place_on
from daicho.trail.act import Act
from daicho.trail.entry import Entry, record, record_act
from daicho.wire.environment import Connection, Environment, Row


def read_rule(typed: Mapping[str, str], today: date) -> Rule:
    """The rule of a form (`rule`, `at`, `on`, `weekday`, `month_day`). Raises ParameterUnreadable."""
    kind = typed.get("rule", "")
    if kind not in RULES:
        raise ParameterUnreadable(field="rule", what="起動の方法", hint="一覧から選んでください。")
    at = _time(typed.get("at", ""))
    if kind == ONCE:
        return Rule(kind, at, on_day=_day(typed.get("on", ""), today))
    if kind == WEEKLY:
        return Rule(kind, at, weekday=_number(typed, "weekday", "曜日", 0, 6))
    if kind == MONTHLY:
        return Rule(kind, at, month_day=_number(typed, "month_day", "毎月の日", 1, 31))
    return Rule(kind, at)


def _time(text: str) -> time:
    digits = text.replace(":", "").replace("：", "").strip()
    if digits.isascii() and digits.isdigit() and len(digits) in (3, 4):
        hour, minute = divmod(int(digits), 100)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ParameterUnreadable(field="at", what="時刻", hint="2130 や 21:30 のように入力してください。")


def _day(text: str, today: date) -> date:
    try:
        return parse_date(text, today, future=True)
    except UnreadableDate:
        raise ParameterUnreadable(field="on", what="年月日", hint="R8.12.1 のように入力してください。") from None


def _number(typed: Mapping[str, str], name: str, what: str, low: int, high: int) -> int:
    text = typed.get(name, "")
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise ParameterUnreadable(field=name, what=what, hint=f"{low}から{high}までの数字で入力してください。")


def plan(env: Environment, actor: Actor, code: str, typed: Mapping[str, str]) -> int:
    """Plan a job by the calendar; returns the plan's id.

    Raises NotAvailable, NotAllowed, TerminalCannot, ParameterUnreadable (a time that has passed included).
    """
    today = env.clock.today()
    job = runs.job_for(actor, env, code)
    parameters, rule = job.taken(typed, today), read_rule(typed, today)
    begins = next_after(rule, env.clock.now())
    if begins is None:
        raise ParameterUnreadable(field="on", what="起動の日時", hint="これから来る日時を入力してください。")
    with env.database.transaction() as connection:
        [plan_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.batch_plan (plan_id, job, parameters, rule, at_time, on_day, weekday, month_day, next_run,"
            " officer, terminal, planned_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                plan_id,
                code,
                Jsonb(parameters),
                rule.rule,
                rule.at_time,
                rule.on_day,
                rule.weekday,
                rule.month_day,
                begins,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        record_act(connection, env, actor, Act.BATCH_PLANNED, detail={"job": code, "plan": plan_id})
    return plan_id


def end_plan(env: Environment, actor: Actor, plan_id: int) -> None:
    """Take a plan back. Raises NotAllowed, NotAvailable (the plans of the system are nobody's to take back)."""
    decide(actor, Right.BATCH_RUN, on=env.clock.today())
    with env.database.transaction() as connection:
        row = connection.execute(
            "UPDATE register.batch_plan SET ended_at = %s, ended_by = %s, next_run = NULL"
            " WHERE plan_id = %s AND ended_at IS NULL AND officer <> %s RETURNING job",
            (env.clock.now(), actor.officer_id, plan_id, SYSTEM),
        ).fetchone()
        if row is None:
            raise NotAvailable
        detail = {"job": row["job"], "plan": plan_id, "ended": True}
        record_act(connection, env, actor, Act.BATCH_PLANNED, detail=detail)


def plans(env: Environment, actor: Actor) -> list[Plan]:
    """The plans that have not ended, the next one first. Raises NotAllowed."""
    decide(actor, Right.BATCH_RUN, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT * FROM register.batch_plan WHERE ended_at IS NULL ORDER BY next_run, plan_id LIMIT 200"
        ).fetchall()
    return [_plan(row) for row in rows]


def start_due(env: Environment) -> list[int]:
    """Start what is due and move each plan on; returns the runs. Two that look at once start nothing twice.

    Times that passed while the house was down are made up for by one run. A plan whose job still waits or runs is passed
    over this once; that is on record.
    """
    now = env.clock.now()
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT * FROM register.batch_plan WHERE ended_at IS NULL AND next_run <= %s ORDER BY next_run, plan_id"
            " FOR UPDATE SKIP LOCKED",
            (now,),
        ).fetchall()
        return [run for row in rows if (run := _start(connection, env, _plan(row), row["terminal"], now)) is not None]


def _start(connection: Connection, env: Environment, one: Plan, terminal: str, now: datetime) -> int | None:
    after = next_after(one.rule, now)
    connection.execute(
        "UPDATE register.batch_plan SET next_run = %s, ended_at = %s, ended_by = %s WHERE plan_id = %s",
        (after, None if after else now, None if after else one.officer, one.plan_id),
    )
    act, run_id = Act.BATCH_STARTED, None
    try:
        office = _office(connection, one.officer, env.clock.today())
        run_id = runs.insert(
            connection, env, JOBS[one.job], one.parameters,
            officer=one.officer, terminal=terminal, office=office, plan=one,
        )  # fmt: skip
    except AlreadyWaiting:
        act = Act.BATCH_SKIPPED
    detail: dict[str, str | int | bool] = {"job": one.job, "plan": one.plan_id, "run": run_id or 0}
    record(connection, env, Entry(act=act, officer_id=one.officer, terminal_id=terminal, detail=detail))
    return run_id


def _office(connection: Connection, officer: str, today: date) -> str:
    row = connection.execute(
        "SELECT department, office, postings FROM signon.officer WHERE officer_id = %s", (officer,)
    ).fetchone()
    return place_on(row["department"], row["office"], row["postings"], today).office if row else ""


def _plan(row: Row) -> Plan:
    rule = Rule(row["rule"], row["at_time"], row["on_day"], row["weekday"], row["month_day"])
    return Plan(row["plan_id"], row["job"], row["parameters"], rule, row["next_run"], row["officer"])
