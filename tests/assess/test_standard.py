"""Requirements of the national standard that no test of a room names, through the API and the pages of the desk."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from daicho.law.numbers import check_serial_number
from daicho.wire.environment import Connection, Environment
from tests.desk.build import births, code, family_typed, number
from tests.house_database import SettableClock
from tests.people import move_in_family

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

HEAD, WIFE, SON, DAUGHTER = range(4)
BIRTHS = ("S55.3.12", "S57.7.25", "H22.5.3", "H25.11.19")
KEYS = {"11": "転入", "12": "転居", "13": "転出", "15": "国外転出", "21": "出生", "22": "死亡", "34": "世帯主変更"}


class Refused(Exception):
    """An answer that is a refusal, with its sentences by field."""

    def __init__(self, answer: Any) -> None:
        """`answer`: the JSON of the refusal."""
        super().__init__(answer)
        self.fields: dict[str, str] = answer.get("fields", {})


class Counter:
    """A clerk and a reviewer who work cases over the API."""

    def __init__(self, desk: "Desk") -> None:
        """Both sign on."""
        self.desk = desk
        self.sendings = 0
        self.sign_on()

    def sign_on(self) -> None:
        """Sign on, again once the sessions have ended."""
        self.clerk = self.desk.sign_on("clerk1")
        self.reviewer = self.desk.sign_on("reviewer1")

    def call(self, client: "Client", method: str, path: str, body: object = None) -> Any:
        """One operation that must succeed."""
        token = client.cookies["daicho_register_csrf"].value
        answer = client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={"X-CSRFToken": token},
        )
        if answer.status_code != 200:
            raise Refused(answer.json())
        return answer.json()

    def check(self, reason: str, typed: dict[str, str], household_id: int | None = None) -> Any:
        """A case received, typed and checked: the answer of the check."""
        self.sendings += 1
        wanted = {
            "token": f"s{self.sendings}",
            "reason": reason,
            "reception": {"notifier": "1", "document": "01"},
            "household_id": household_id,
        }
        case = self.call(self.clerk, "POST", "/cases", wanted)
        path = f"/cases/{case['case_number']}"
        case = self.call(self.clerk, "PUT", f"{path}/draft", {"version": case["version"], "typed": typed})
        return self.call(self.clerk, "POST", f"{path}/check", {"version": case["version"]})

    def register(
        self, reason: str, typed: dict[str, str], keys: dict[str, str], household_id: int | None = None
    ) -> list[str]:
        """The whole way; returns the codes of the alerts that were passed."""
        checked = self.check(reason, typed, household_id)
        path = f"/cases/{checked['case']['case_number']}"
        sending = {"version": checked["case"]["version"], "reason": "02"}
        self.call(self.clerk, "POST", f"{path}/send", sending)
        case = self.call(self.reviewer, "POST", f"{path}/take")
        outcomes = self.call(self.reviewer, "POST", f"{path}/rekey", {"keyed": keys})["outcomes"]
        assert set(outcomes.values()) == {"match"}
        done = self.call(self.reviewer, "POST", f"{path}/approve", {"version": case["version"]})
        assert done["status"] == "registered"
        return [alert["code"] for alert in checked["alerts"]]

    def household(self, household_id: int, on: str = "") -> Any:
        """A household, on a day if one is given."""
        return self.call(self.clerk, "GET", f"/households/{household_id}?purpose=04" + (f"&on={on}" if on else ""))

    def page(self, household_id: int, person_id: int) -> str:
        """The household screen with a person chosen."""
        answer = self.clerk.get(f"/household/{household_id}?person={person_id}")
        assert answer.status_code == 200
        return shown(answer)


def shown(answer: Any) -> str:
    """A page, with the wide space between family and given name as it is shown: half as wide."""
    return str(answer.content.decode()).replace("\u3000", " ")


@pytest.fixture
def counter(environment: Environment, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> Counter:
    """A counter on a database of its own."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    return Counter(make_desk(environment, clock, tmp_path_factory.mktemp("secrets")))


def keyed(people: list[int], *chosen: int) -> dict[str, str]:
    """The birth dates a reviewer keys again for some members of the family."""
    return {f"b.{people[one]}": BIRTHS[one] for one in chosen}


def found(owner: Connection, query: str, *values: object) -> Any:
    """The first row of a query."""
    row = owner.execute(query.encode(), values).fetchone()
    assert row is not None
    return row


def number_of(owner: Connection, household_id: int) -> str:
    """The household number."""
    query = "SELECT household_number AS number FROM register.household WHERE household_id = %s::bigint"
    return str(found(owner, query, household_id)["number"])


def test_numbers_are_serials_with_their_check_digit(counter: Counter, owner_connection: Connection) -> None:
    """STD 1.1.13: drawn by the system, one after the other, check digit M11W2-7."""
    for base in (0, 10):
        keys = {"change_date": "R8.3.30", "p1.birth": births(base)["p1.birth"]}
        counter.register("move_in", family_typed(1, base=base), keys)
    persons = owner_connection.execute("SELECT addressee_number AS n FROM register.person ORDER BY 1").fetchall()
    households = owner_connection.execute("SELECT household_number AS n FROM register.household ORDER BY 1").fetchall()
    assert len(persons) == len(households) == 2
    for row in persons:
        assert check_serial_number(row["n"], len(row["n"])) == row["n"]
    for row in households:
        assert check_serial_number(row["n"], len(row["n"])) == row["n"]
    assert int(persons[1]["n"][:-1]) - int(persons[0]["n"][:-1]) in (1, 2)


@pytest.mark.parametrize("word", ["なし", "不明"])
def test_domicile_and_register_head_may_be_none_or_unknown(
    counter: Counter, owner_connection: Connection, word: str
) -> None:
    """STD 1.1.12."""
    typed = family_typed(1) | {"p1.domicile": word, "p1.family_register_head": word}
    counter.register("move_in", typed, {"change_date": "R8.3.30", "p1.birth": births(0)["p1.birth"]})
    row = found(owner_connection, 'SELECT "本籍", "筆頭者漢字", person_id FROM register.register_file')
    assert (row["本籍"], row["筆頭者漢字"]) == (word, word)


@pytest.mark.parametrize(("key", "title"), KEYS.items())
def test_the_entry_names_its_change(counter: Counter, environment: Environment, key: str, title: str) -> None:
    """STD 2.3.1, 4.0.3, 4.1.0.2: the change stands on the screen, the change date is blank, the notification's day is today."""
    from tests.screens.desk_pages import receive

    household_id, people = move_in_family(environment)
    case = receive(counter.clerk, reason=key, household=str(household_id), person=str(people[HEAD]))
    page = shown(counter.clerk.get(f"/cases/{case}/entry"))
    heading = re.search(r'<section class="casebar".*?</h1>', page, re.DOTALL)
    assert heading is not None
    assert f"</span>{title} <span" in heading[0]
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT typed FROM register.case_file WHERE case_number = %s", (case,)).fetchone()
    assert row is not None
    assert "change_date" not in row["typed"]
    assert row["typed"]["notified_on"] == "今日"


def test_the_day_of_processing_is_the_system_s(
    counter: Counter, environment: Environment, owner_connection: Connection
) -> None:
    """STD 4.0.3, 4.1.0.2: change date and day of notification as typed, none after today; the instant comes by itself."""
    keys = {"change_date": "R8.3.30", "p1.birth": births(0)["p1.birth"]}
    counter.register("move_in", family_typed(1) | {"notified_on": "R8.3.31"}, keys)
    row = found(owner_connection, "SELECT change_date, notified_on, recorded_at FROM register.change")
    assert (str(row["change_date"]), str(row["notified_on"])) == ("2026-03-30", "2026-03-31")
    assert row["recorded_at"].date() == environment.clock.now().date()
    for name, text in (("change_date", "R8.4.2"), ("notified_on", "R8.4.2")):
        with pytest.raises(Refused) as refused:
            counter.check("move_in", family_typed(1, base=20) | {name: text})
        assert "今日より後" in refused.value.fields[name]


def test_part_of_a_household_moves_within_the_city(
    counter: Counter, environment: Environment, owner_connection: Connection
) -> None:
    """STD 4.0.1, 4.0.2: chosen members make a household of their own."""
    household_id, people = move_in_family(environment)
    typed = {
        "change_date": "-1",
        "town": "籠原南一丁目",
        "lot": "5",
        "head": str(people[WIFE]),
        f"m.{people[HEAD]}": "0",
        f"m.{people[SON]}": "0",
    }
    counter.register("move_within", typed, {"change_date": "R8.3.31", **keyed(people, WIFE, DAUGHTER)}, household_id)
    rows = owner_connection.execute(
        'SELECT person_id, "世帯番号" AS household, "続柄コード" AS relationship, "現住所" AS address'
        " FROM register.register_file ORDER BY person_id"
    ).fetchall()
    assert len({row["household"] for row in rows}) == 2
    assert [row["relationship"] for row in rows] == ["02", "02", "20", "20"]
    assert rows[WIFE]["address"] == "籠原南一丁目5番地"
    assert [one["name"] for one in counter.household(household_id)["members"]] == ["髙橋　健一", "髙橋　蓮"]


def test_a_member_joins_a_household_of_the_city(
    counter: Counter, environment: Environment, owner_connection: Connection
) -> None:
    """STD 4.0.2: the household is chosen by its number, the relationship to its head is entered, the newcomer stands last."""
    household_id, people = move_in_family(environment, 2)
    other_id, _ = move_in_family(environment, 1)
    typed = {
        "change_date": "-1",
        "household_kind": "2",
        "join_household": number_of(owner_connection, other_id),
        f"m.{people[HEAD]}": "0",
        f"r.{people[WIFE]}": "同居人",
    }
    counter.register("move_within", typed, {"change_date": "R8.3.31", **keyed(people, WIFE)}, household_id)
    members = counter.household(other_id)["members"]
    assert [(one["name"], one["relationship"]) for one in members] == [("髙橋　健一", "02"), ("髙橋　美咲", "99")]


def test_the_same_address_is_a_move_with_a_warning(counter: Counter, environment: Environment) -> None:
    """STD 4.1.2.1: another house on the same lot is dealt with as a move within the city."""
    household_id, people = move_in_family(environment)
    typed = {"change_date": "-1", "town": "肥塚三丁目", "lot": "112-4"}
    keys = {"change_date": "R8.3.31", **keyed(people, HEAD, WIFE, SON, DAUGHTER)}
    assert "W006" in counter.register("move_within", typed, keys, household_id)
    assert counter.household(household_id)["changes"] == ["move_within", "move_in"]


def test_a_planned_leaver_is_a_resident_until_the_day(
    counter: Counter, environment: Environment, clock: SettableClock
) -> None:
    """STD 4.1.3.0.1, 4.1.3.0.2, 1.1.5: the day may lie ahead, a municipality is enough, removed on that day."""
    household_id, people = move_in_family(environment)
    typed = {"change_date": "R8.4.20", "destination": "群馬県高崎市"}
    typed |= {f"m.{people[one]}": "0" for one in (HEAD, WIFE, DAUGHTER)}
    counter.register("move_out", typed, {"change_date": "R8.4.20", **keyed(people, SON)}, household_id)
    assert len(counter.household(household_id)["members"]) == 4
    assert "転出予定" in counter.page(household_id, people[SON])
    clock.advance(days=19)
    counter.sign_on()
    assert [one["name"] for one in counter.household(household_id)["removed"]] == ["髙橋　蓮"]


def test_removed_members_stand_on_the_household_screen(counter: Counter, environment: Environment) -> None:
    """STD 3.3, 4.2.2.1, 4.0.4: after a death the removed record is shown, and the one who stays is head."""
    household_id, people = move_in_family(environment, 2)
    typed = {"person": str(people[HEAD]), "died": "R8.3.31"}
    alerts = counter.register("death", typed, {"died": "R8.3.31", **keyed(people, HEAD)}, household_id)
    assert "W004" in alerts
    sheet = counter.household(household_id)
    assert [(one["name"], one["relationship"]) for one in sheet["members"]] == [("髙橋　美咲", "02")]
    assert [(one["name"], one["status"]) for one in sheet["removed"]] == [("髙橋　健一", "dead")]
    page = counter.page(household_id, people[HEAD])
    for text in ("髙橋 健一", "除票", "死亡"):
        assert text in page


def test_a_birth_is_entered_with_its_reason(counter: Counter, environment: Environment) -> None:
    """STD 4.2.1.2, 4.2.0.4: the newborn follows its parent, and the day of the family register's notice is kept."""
    household_id, people = move_in_family(environment)
    typed = {
        "parent": str(people[WIFE]),
        "notified_on": "R8.3.31",
        "p1.name": "髙橋 葵",
        "p1.name_kana": "タカハシ アオイ",
        "p1.birth": "R8.3.25",
        "p1.sex": "2",
        "p1.domicile": "埼玉県熊谷市宮町二丁目47番地",
        "p1.family_register_head": "髙橋 健一",
    }
    # the family was entered on 30 March: nobody can be born into it before
    with pytest.raises(Refused):
        counter.check("birth", typed, household_id)
    counter.register("birth", typed | {"p1.birth": "R8.3.31"}, {"p1.birth": "R8.3.31"}, household_id)
    sheet = counter.household(household_id)
    assert sheet["changes"] == ["birth", "move_in"]
    assert (sheet["members"][-1]["name"], sheet["members"][-1]["relationship"]) == ("髙橋　葵", "20")
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT notified_on FROM register.change WHERE reason = 'birth'").fetchone()
    assert row is not None
    assert str(row["notified_on"]) == "2026-03-31"


def test_a_change_of_head_changes_the_relationships(counter: Counter, environment: Environment) -> None:
    """STD 4.1.4.2: the others' relationships follow the new head."""
    household_id, people = move_in_family(environment)
    typed = {"change_date": "-1", "new_head": str(people[WIFE])}
    counter.register("head_change", typed, {"change_date": "R8.3.31", **keyed(people, WIFE)}, household_id)
    members = counter.household(household_id)["members"]
    assert {one["name"]: one["relationship"] for one in members} == {
        "髙橋　健一": "11",
        "髙橋　美咲": "02",
        "髙橋　蓮": "20",
        "髙橋　結衣": "20",
    }


def test_a_foreign_resident_moves_in(counter: Counter, owner_connection: Connection) -> None:
    """STD 1.1.2, 1.1.9: the items of art. 30-45 as entered."""
    typed = family_typed(1) | {
        "p1.name": "ZHANG YULIN",
        "p1.name_kana": "チャン ユウリン",
        "p1.domicile": "",
        "p1.family_register_head": "",
        "p1.nationality": "CHN",
        "p1.article_30_45": "1",
        "p1.residence_status": "教授",
        "p1.residence_card_number": "AB12345678CD",
        "p1.stay_period": "5年",
        "p1.stay_until": "R9.3.31",
        "p1.foreign_resident_since": "R6.9.1",
        "p1.foreign_name_kanji": "張 玉蓮",
        "p1.common_name": "住民 花子",
        "p1.common_name_kana": "ジュウミン ハナコ",
        "p1.resident_code": code(1),
        "p1.individual_number": number(1),
    }
    counter.register("move_in", typed, {"change_date": "R8.3.30", "p1.birth": births(0)["p1.birth"]})
    row = found(owner_connection, "SELECT * FROM register.register_file")
    for item, value in {
        "国籍コード": "CHN",
        "30の45区分": "1",
        "在留資格漢字": "教授",
        "在留カード等番号": "AB12345678CD",
        "在留期間": "5年",
        "在留期限満了日": "20270331",
        "外国人住民異動日": "20240901",
        "外国人生年月日": "19830914",
        "外国人本名漢字": "張　玉蓮",
        "外国人通称漢字": "住民　花子",
        "外国人通称カナ": "ジュウミン　ハナコ",
    }.items():
        assert row[item] == value, item
    page = shown(counter.clerk.get(f"/person/{row['person_id']}", follow=True))
    for text in ("1983年9月14日", "2027年3月31日", "中長期在留者", "教授"):
        assert text in page


def test_searches_of_the_session_can_be_run_again(counter: Counter, environment: Environment) -> None:
    """STD 2.1.1: what was searched for stays in a list, newest first, and runs anew."""
    from tests.signon.desk import post

    for text in ("ヤマダ", "タカハシ"):
        assert post(counter.clerk, "/search", {"q": text, "purpose": "04"}).status_code == 302
    page = shown(counter.clerk.get("/search"))
    places = re.findall(r'href="(/search/\d+)"', page)
    assert page.index("タカハシ") < page.index("ヤマダ")
    move_in_family(environment)
    assert "髙橋 健一" in shown(counter.clerk.get(places[0]))
