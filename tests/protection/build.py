"""A city with threatened people: who fled, who lives with them, and who was left behind. Places carry canaries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.protection import measures
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.canary import CANARIES
from tests.people import actor, do_register, move_in_family, plan, record

CLERK = actor("clerk1", "clerk")
OTHER_CLERK = actor("clerk2", "clerk")
REVIEWER = actor("reviewer1", "reviewer")
PROTECTOR = actor("protector1", "protector")
SECOND = actor("protector2", "protector")

FLED_ON = date(2026, 4, 20)
NEW_ADDRESS = CANARIES["address"]
NEW_BUILDING = CANARIES["building"]


@dataclass(frozen=True, slots=True)
class Refuge:
    """A family of four at 肥塚; mother and daughter fled inside the city to the grandmother's, under protection."""

    old_household: int
    new_household: int
    husband: int
    mother: int
    son: int
    daughter: int
    grandmother: int
    protection_id: int

    @property
    def protected(self) -> list[int]:
        """Those whom the measure names."""
        return [self.mother, self.daughter]


def make_refuge(env: Environment) -> Refuge:
    """Register the families, the flight, and the provisional measure, all as seen today."""
    old, (husband, mother, son, daughter) = move_in_family(env)
    with env.database.transaction() as connection:
        new, grandmother = env.ids.take(connection, 2)
        at = {"address": NEW_ADDRESS, "building": NEW_BUILDING}
        elder = record(
            new, name="新島　ハル", name_kana="ニイジマ　ハル", sex="2", birth=LegalDate(date(1950, 1, 9)), **at
        )
        do_register(connection, env, plan(Effect(grandmother, "enter", "mover", date(2020, 1, 1), elder)))
    flee(env, [mother, daughter], new, at)
    protection_id = measures.provisional(env, CLERK, mother, [daughter])
    return Refuge(old, new, husband, mother, son, daughter, grandmother, protection_id)


def flee(env: Environment, people: list[int], household_id: int, at: Mapping[str, object]) -> None:
    """People move into another household of the city on FLED_ON, as children of its head."""
    with env.database.transaction() as connection:
        rows = live_rows(connection, people)
        effects = [
            Effect(
                person,
                "amend",
                "mover",
                FLED_ON,
                rows[person][-1].record.with_(
                    household_id=household_id,
                    household_order=order,
                    relationship="20",
                    settled_on=LegalDate(FLED_ON),
                    former_address="肥塚三丁目112番地4",
                    domicile=CANARIES["domicile"],
                    **at,
                ),
            )
            for order, person in enumerate(people, start=2)
        ]
        do_register(connection, env, plan(*effects, reason=Reason.MOVE_WITHIN))
