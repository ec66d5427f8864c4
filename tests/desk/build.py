"""Cases for tests: a family of four moves in, typed as clerks type."""

from daicho.access.actor import Actor
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import review
from daicho.register.desk.model import Case
from daicho.wire.environment import Environment
from tests.people import CLERK, REVIEWER, actor

OTHER_CLERK = actor("clerk2", "clerk")
OTHER_REVIEWER = actor("reviewer2", "reviewer")

BIRTHS = {"p1.birth": "S580914", "p2.birth": "S600203", "p3.birth": "H260621", "p4.birth": "R010830"}
REKEYS = {"change_date": "R8.3.30", **BIRTHS}


def births(base: int) -> dict[str, str]:
    """Birth dates of the family number `base`: another family has other birthdays, so that nobody is a candidate."""
    day = f"{1 + base // 10:02d}"
    return {f: (text if base == 0 else text[:-2] + day) for f, text in BIRTHS.items()}


def rekeys(base: int) -> dict[str, str]:
    """What a reviewer keys for that family."""
    return {"change_date": "R8.3.30", **births(base)}


def number(n: int) -> str:
    """A synthetic individual number."""
    return individual_number(f"{20_000_000_000 + n}", NumberRule.SYNTHETIC)


def code(n: int) -> str:
    """A synthetic resident code."""
    return resident_code(f"{2_000_000_000 + n}", NumberRule.SYNTHETIC)


def family_typed(size: int = 4, base: int = 0) -> dict[str, str]:
    """Header and rows of a family of up to four."""
    rows = [
        {"name": "渡邉 大輔", "name_kana": "わたなべ だいすけ", "sex": "1", "relationship": "02"},
        {"name": "渡邉 彩香", "name_kana": "ワタナベ アヤカ", "sex": "2", "relationship": "12"},
        {"name": "渡邉 陽翔", "name_kana": "ワタナベ ハルト", "sex": "1", "relationship": "20"},
        {"name": "渡邉 凛", "name_kana": "ワタナベ リン", "sex": "2", "relationship": "20"},
    ][:size]
    typed = {
        "notified_on": "今日",
        "change_date": "-2",
        "notifier": "1",
        "household_kind": "1",
        "town": "籠原南一丁目",
        "lot": "214-3",
        "building": "パークサイド籠原205号",
        "previous_address": "東京都豊島区南池袋二丁目49番7号 池袋ハイツ403",
    }
    for n, row in enumerate(rows, start=1):
        values = {
            **row,
            "birth": births(base)[f"p{n}.birth"],
            "domicile": "東京都板橋区大山東町32番地",
            "family_register_head": "渡邉 大輔",
            "individual_number": number(base + n),
            "resident_code": code(base + n),
        }
        typed |= {f"p{n}.{part}": value for part, value in values.items()}
    return typed


def receive(env: Environment, actor: Actor = CLERK, sending: str = "t1", reason: Reason = Reason.MOVE_IN) -> Case:
    """A case just received."""
    return desk.receive(env, actor, token=sending, reason=reason, reception={"notifier": "1", "document": "01"})


def provisional(
    env: Environment, typed: dict[str, str] | None = None, actor: Actor = CLERK, sending: str = "t1"
) -> Case:
    """A case typed and checked."""
    case = receive(env, actor, sending)
    case = desk.save_draft(env, actor, case.case_number, case.version, typed or family_typed())
    return checking.check(env, actor, case.case_number, case.version).case


def sent(env: Environment, typed: dict[str, str] | None = None, sending: str = "t1") -> Case:
    """A case waiting for review."""
    case = provisional(env, typed, sending=sending)
    return checking.send(env, CLERK, case.case_number, case.version, "01")


def taken(env: Environment, typed: dict[str, str] | None = None, sending: str = "t1") -> Case:
    """A case that the reviewer has taken."""
    return review.take(env, REVIEWER, sent(env, typed, sending).case_number)


def ready(env: Environment, typed: dict[str, str] | None = None, sending: str = "t1") -> Case:
    """A case whose dates have been keyed again."""
    case = taken(env, typed, sending)
    keys = {field: text for field, text in REKEYS.items() if field == "change_date" or field in case.typed}
    review.rekey(env, REVIEWER, case.case_number, keys)
    return case
