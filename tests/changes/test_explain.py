"""Every relationship that a plan brings is explained, in the words in which it was found."""

from daicho.register.changes import household_change, household_merge, household_split
from daicho.register.changes.explain import Explained, explain
from daicho.register.changes.head_change import plan as change_head
from daicho.register.changes.move_out import plan as move_out
from daicho.register.changes.notification import MoveOut, Place, Related
from daicho.register.changes.plan import Before, Plan
from tests.changes.build import DAY, TODAY, before, family, household, person, resident
from tests.changes.test_household_moves import elders, head_change, join, move, related


def explained(seen: Before, plan: Plan) -> dict[int, Explained]:
    return {one.person_id: one for one in explain(seen, plan)}


def test_a_change_of_head_is_explained_for_everybody() -> None:
    seen = before(family(3))
    found = explained(seen, change_head(seen, head_change(new_head_id=12), TODAY))
    assert {p: one.line for p, one in found.items()} == {
        11: "旧世帯主 → 新世帯主（妻）の夫 なので 夫",
        12: "新しい世帯主です。",
        13: "旧世帯主の子 → 新世帯主（妻）の子 なので 子",
    }
    assert (found[11].before, found[11].after, found[11].is_open) == ("世帯主", "夫", False)


def test_a_doubt_and_a_choice_are_said() -> None:
    seen = before(family(3))
    doubt = explained(seen, change_head(seen, head_change(new_head_id=12), TODAY))[13]
    assert (doubt.choices, doubt.is_open) == (("夫の子",), True)
    chosen = head_change(new_head_id=12, relationships=related(13, "夫の子"))
    found = explained(seen, change_head(seen, chosen, TODAY))[13]
    assert found.line == "選んだ続柄です。記録から決まるのは「子」です。"
    assert found.choices == ("子",)


def test_a_split_explains_both_sides() -> None:
    seen = before(family(4))
    found = explained(seen, household_split.plan(seen, move(11, 13, new_head_id=12), TODAY))
    assert found[13].line == "世帯主は変わりません。"
    assert found[12].line == "新しい世帯主です。"
    wife = explained(seen, household_split.plan(seen, move(12, 13, head_id=12), TODAY))
    assert wife[13].line == "旧世帯主の子 → 新世帯主（妻）の子 なので 子"
    assert wife[13].choices == ("夫の子",)
    assert wife[13].is_open


def test_a_merger_explains_over_whom() -> None:
    seen = before(family(3), elders())
    made = household_merge.plan(seen, join(11, 12, 13, relationships=related(11, "子")), TODAY)
    assert {p: one.line for p, one in explained(seen, made).items()} == {
        11: "書類で確かめて選んだ続柄です。",
        12: "元の世帯主の妻 → 新しい世帯主の子の妻 なので 子の妻",
        13: "元の世帯主の子 → 新しい世帯主の子の子 なので 子の子",
    }


def test_people_of_a_household_without_a_head() -> None:
    """Over the old head to the head in fact; into a headless household everything is chosen."""
    seen = before(family(2))
    made = change_head(seen, head_change(relationships=(Related(person_id=11, relationship="子"),)), TODAY)
    assert explained(seen, made)[12].line == "元の世帯主の妻 → 新しい世帯主の子の妻 なので 子の妻"
    there = household(person(21, resident(0, household_id=2, relationship="99", head_absent=True)), household_id=2)
    headless = before(family(2), there)
    made = household_change.plan(headless, join(12, relationships=related(12, "同居人")), TODAY)
    assert explained(headless, made)[12].line == "書類で確かめて選んだ続柄です。"


def test_those_who_leave_the_city_have_nothing_to_explain() -> None:
    seen = before(family(3))
    wanted = MoveOut(
        household_id=1,
        change_date=DAY,
        notified_on=TODAY,
        destination=Place(municipality="131164"),
        person_ids=(11,),
        new_head_id=12,
    )
    assert list(explained(seen, move_out(seen, wanted, TODAY))) == [12, 13]


def test_an_order_has_nothing_to_explain() -> None:
    seen = before(family(2))
    made = household_change.plan(seen, move(household_id=1, order=(11, 12)), TODAY)
    assert explain(seen, made) == ()


def test_a_head_to_be_notified_later_leaves_nothing_to_explain() -> None:
    seen = before(family(3))
    wanted = MoveOut(
        household_id=1,
        change_date=DAY,
        notified_on=TODAY,
        destination=Place(municipality="131164"),
        person_ids=(11,),
        head_open=True,
    )
    assert explained(seen, move_out(seen, wanted, TODAY)) == {}
