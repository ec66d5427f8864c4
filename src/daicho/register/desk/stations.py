"""From station to station (受付, 入力, 確認): a case is handed over with a note and waits there for whoever takes it."""

from collections.abc import Mapping

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.register.desk import files
from daicho.register.desk.case import FREE, note, require, require_holder
from daicho.register.desk.errors import UnknownCode
from daicho.register.desk.model import WRITABLE, Case
from daicho.trail.act import Act
from daicho.wire.environment import Environment

STATIONS: Mapping[str, str] = {"reception": "受付", "entry": "入力", "check": "確認"}


def hand_over(
    env: Environment, actor: Actor, number: str, version: int, station: str, text: str, focus: str | None = None
) -> Case:
    """Leave a case to a station, at the field where work stopped; what was typed stays.

    Raises CaseGone, StalePage, WrongStatus, HeldByOther, UnknownCode.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    if station not in STATIONS:
        raise UnknownCode(field="station", what="窓口")
    kept = text.strip()[:200]
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require(case, *WRITABLE)
        require_holder(env, actor, case)
        handed = files.update(
            connection,
            env,
            actor,
            case,
            "hand_over",
            [("", f"{STATIONS[station]}へ: {kept}" if kept else f"{STATIONS[station]}へ")],
            station=station,
            station_note=kept or None,
            focus=focus or case.focus,
            **FREE,
        )
        note(connection, env, actor, Act.CASE_CHANGED, handed)
        return handed
