"""Stopping and lifting: after a mismatch nothing is issued until an administrator has found the cause and says so."""

import logging
from dataclasses import dataclass
from datetime import datetime

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.register.paper.errors import RequestIncomplete, ServiceStopped
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

SERVICE = "certificate"
log = logging.getLogger("daicho.paper")


def require_running(connection: Connection) -> None:
    """Raise ServiceStopped while a stop is not lifted."""
    if is_stopped(connection):
        raise ServiceStopped


def is_stopped(connection: Connection) -> bool:
    """Whether issuing is stopped; for screens, acts go through `require_running`."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM register.service_state WHERE service = %s AND lifted_at IS NULL) AS stopped",
        (SERVICE,),
    ).fetchone()
    return row is not None and bool(row["stopped"])


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the service, with who lifted it and why."""

    code: str
    place: str
    stopped_at: datetime
    stopped_by: str
    lifted_at: datetime | None
    lifted_by: str | None
    lift_reason: str | None


def stops(env: Environment) -> list[Stop]:
    """The latest stops, newest first; nothing in them is about people."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT code, place, stopped_at, stopped_by, lifted_at, lifted_by, lift_reason FROM register.service_state"
            " WHERE service = %s ORDER BY stop_id DESC LIMIT 50",
            (SERVICE,),
        ).fetchall()
    return [Stop(**row) for row in rows]


def stop(env: Environment, actor: Actor, code: str, place: str) -> None:
    """Stop issuing, in a transaction of its own, with a trail entry and a line in the log: codes only."""
    log.error("ALARM issuing stopped: code=%s at=%s", code, place)
    with env.database.transaction() as connection:
        [stop_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.service_state (stop_id, service, code, place, stopped_at, stopped_by)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (stop_id, SERVICE, code, place, env.clock.now(), actor.officer_id),
        )
        record_act(connection, env, actor, Act.CERTIFICATE_MISMATCH, refused=True, detail={"code": code, "at": place})
        record_act(connection, env, actor, Act.SERVICE_STOPPED, detail={"service": SERVICE, "code": code})


def lift(env: Environment, actor: Actor, reason: str) -> int:
    """Let issuing go on; returns how many stops were lifted. Administrators only; the reason is kept.

    Raises NotAllowed, RequestIncomplete (no reason).
    """
    require_right(actor, Right.USER_ADMIN, on=env.clock.today())
    if not reason.strip():
        raise RequestIncomplete(field="reason", what="解除の理由")
    with env.database.transaction() as connection:
        lifted = connection.execute(
            "UPDATE register.service_state SET lifted_at = %s, lifted_by = %s, lift_reason = %s"
            " WHERE service = %s AND lifted_at IS NULL",
            (env.clock.now(), actor.officer_id, reason.strip(), SERVICE),
        ).rowcount
        record_act(connection, env, actor, Act.SERVICE_RELEASED, detail={"service": SERVICE, "stops": lifted})
    return lifted
