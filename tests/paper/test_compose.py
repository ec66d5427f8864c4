"""The view model: what is printed, omitted, blank; for whom; in which order. A pure function, by table."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.dates import LegalDate, Precision
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import (
    FOREIGN_PARTS,
    Authority,
    Item,
    Verdict,
    check_items,
    must_be_mailed,
    verdict,
)
from daicho.register.paper.compose import compose
from daicho.register.paper.errors import ItemNotAllowed, NobodyChosen, ReasonMissing
from daicho.register.paper.facts import Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.household import ALL_MEMBERS, SOME_MEMBERS
from daicho.register.paper.view import OMITTED, IssueMark, Paper, Seal, from_data
from tests.people import record

MASTERS = Masters("112020", "埼玉県熊谷市長", "台帳　太郎", Seal("<svg/>", 24.0), "この印は黒色です。", synthetic=True)
MARK = IssueMark(date(2026, 4, 1), ("20260401", "熊谷市", "T001", "001"), "0123456789ABCDEF")
EVERYTHING = frozenset(Item)


def subject(number: int, one: ResidentRecord) -> Subject:
    """Person `number` with numbers in clear."""
    return Subject(number, 100 + number, one, f"{number:012d}", f"{number:011d}")


def head(**changes: object) -> ResidentRecord:
    """A head of household with everything a Japanese record can show."""
    known: dict[str, object] = {
        "domicile": "埼玉県熊谷市大字妻沼1492番地",
        "family_register_head": "髙橋　健一",
        "remarks": "令和7年5月26日　振り仮名を記載",
        "name_reading": "タカハシ　ケンイチ",
        "former_family_name": "髙﨑",
        "former_family_name_kana": "タカサキ",
        "previous_address": "群馬県太田市新田金井町29番地",
        "previous_building": "太田荘1号",
    }
    return record(1, **{**known, **changes})


def foreigner(**changes: object) -> ResidentRecord:
    """A foreign resident with everything of art. 30-45."""
    known: dict[str, object] = {
        "is_foreign": True,
        "relationship": "12",
        "household_order": 2,
        "name": "ZHANG YULIN",
        "parallel_name": "張　玉蓮",
        "birth": LegalDate(date(1994, 7, 22)),
        "resident_since": None,
        "resident_notified_on": None,
        "foreign_resident_since": LegalDate(date(2024, 9, 1)),
        "foreign_resident_notified_on": date(2024, 9, 12),
        "nationality": "CHN",
        "nationality_name": "中国",
        "article_30_45": "1",
        "residence_status_name": "日本人の配偶者等",
        "stay_period": "3年",
        "stay_until": date(2028, 6, 14),
        "residence_card_number": "ZZ00000000ZZ",
        "common_name": "住民　花子",
        "common_name_kana": "ジュウミン　ハナコ",
        "sex": "2",
    }
    return record(1, **{**known, **changes})


def copy_for(*records: ResidentRecord, **selection: object) -> Paper:
    """A copy for persons 1, 2, ..., asked for by the person concerned unless said otherwise."""
    chosen: dict[str, object] = {"person_ids": (), "items": frozenset(), "authority": Authority.SELF, **selection}
    members = [subject(number, one) for number, one in enumerate(records, 1)]
    return compose(Facts(tuple(members)), Selection(**chosen), MASTERS, MARK)  # type: ignore[arg-type] # fields by name


def people(copy: Paper) -> list[SimpleNamespace]:
    """The values of each person's box."""
    return [SimpleNamespace(**section.values) for section in copy.sections]


def only(copy: Paper) -> SimpleNamespace:
    [person] = people(copy)
    return person


def sheet_head(copy: Paper) -> SimpleNamespace:
    return SimpleNamespace(**copy.top[0].values)


def test_by_default_everything_that_may_be_left_out_is_left_out() -> None:
    copy = copy_for(head())
    person = only(copy)
    assert sheet_head(copy).head is OMITTED
    for item in ("relationship", "domicile", "register_head", "individual_number", "resident_code", "remarks"):
        assert getattr(person, item) is OMITTED
    assert person.name == "髙橋　健一"
    assert person.birth == "昭和55年3月12日"
    assert person.sex == "男"
    assert person.resident_since == "令和8年3月30日"
    assert person.notified == "令和8年4月1日"
    assert person.former_name == "髙﨑"
    assert person.address_before_entry == "群馬県太田市新田金井町29番地　太田荘1号"


def test_foreign_items_are_left_out_by_default_and_birth_is_western() -> None:
    person = only(copy_for(foreigner(relationship="02")))
    for item in ("nationality", "category", "card_number", "status", "period", "expiry", "relationship"):
        assert getattr(person, item) is OMITTED
    assert person.birth == "1994年7月22日"
    assert person.name == "ZHANG YULIN　張　玉蓮"
    assert (person.common_name, person.common_name_reading) == ("住民　花子", "ジュウミン　ハナコ")
    assert (person.resident_since, person.notified) == ("令和6年9月1日", "令和6年9月12日")


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        (Item.HEAD, "relationship", "世帯主"),
        (Item.DOMICILE, "domicile", "埼玉県熊谷市大字妻沼1492番地"),
        (Item.DOMICILE, "register_head", "髙橋　健一"),
        (Item.INDIVIDUAL_NUMBER, "individual_number", "000000000001"),
        (Item.RESIDENT_CODE, "resident_code", "00000000001"),
        (Item.REMARKS, "remarks", "令和7年5月26日　振り仮名を記載"),
    ],
)
def test_what_is_asked_for_is_printed_and_nothing_else(item: Item, field: str, value: str) -> None:
    person = only(copy_for(head(), items=frozenset({item})))
    assert getattr(person, field) == value
    others = {
        "relationship": Item.HEAD,
        "domicile": Item.DOMICILE,
        "register_head": Item.DOMICILE,
        "individual_number": Item.INDIVIDUAL_NUMBER,
        "resident_code": Item.RESIDENT_CODE,
        "remarks": Item.REMARKS,
    }
    assert all(getattr(person, name) is OMITTED for name, needs in others.items() if needs is not item)


def test_foreign_items_when_asked_for() -> None:
    person = only(copy_for(foreigner(relationship="02"), items=frozenset({Item.FOREIGN})))
    assert (person.nationality, person.category, person.status) == ("中国", "中長期在留者", "日本人の配偶者等")
    assert (person.period, person.expiry, person.card_number) == ("3年", "2028年6月14日", "ZZ00000000ZZ")


@pytest.mark.parametrize("item", FOREIGN_PARTS)
def test_each_foreign_item_is_left_out_by_itself(item: Item) -> None:
    names = ("nationality", "category", "status", "period", "expiry", "card_number")
    one = only(copy_for(foreigner(relationship="02"), items=frozenset({item})))
    everything = only(copy_for(foreigner(relationship="02"), items=frozenset({Item.FOREIGN})))
    shown = {name for name in names if getattr(one, name) is not OMITTED}
    assert len(shown) == 1
    [name] = shown
    assert getattr(one, name) == getattr(everything, name)


def test_a_copy_without_readings_when_asked_for() -> None:
    copy = copy_for(head(), foreigner(), items=frozenset({Item.WITHOUT_READINGS, Item.FOREIGN}))
    printed = copy.to_json()
    assert copy_for(head()).to_json().count("タカハシ") > 0
    assert "タカハシ" not in printed
    assert "髙橋" in printed


def test_blank_means_that_nothing_is_recorded() -> None:
    bare = head(
        domicile=None, family_register_head=None, remarks=None, former_family_name=None, previous_address=None,
        name_reading=None, resident_notified_on=None,
    )  # fmt: skip
    copy = compose(
        Facts((Subject(1, 101, bare),)),
        Selection((), EVERYTHING - {Item.FOREIGN, *FOREIGN_PARTS, Item.WITHOUT_READINGS}, Authority.SELF),
        MASTERS,
        MARK,
    )
    person = only(copy)
    for field in ("domicile", "register_head", "remarks", "former_name", "reading", "notified", "address_before_entry"):
        assert getattr(person, field) is None
    assert (person.individual_number, person.resident_code) == (None, None)


def test_only_confirmed_readings_are_printed() -> None:
    assert only(copy_for(head(name_reading=None, name_kana="タカハシ　ケンイチ"))).reading is None
    assert only(copy_for(head())).reading == "タカハシ　ケンイチ"


def test_unknown_and_impossible_dates_are_printed_as_recorded() -> None:
    about = LegalDate(date(1945, 12, 31), Precision.ABOUT_YEAR, "昭和20年頃")
    assert only(copy_for(head(birth=about))).birth == "昭和20年頃"
    assert only(copy_for(foreigner(relationship="02", birth=about))).birth == "昭和20年頃"
    last = LegalDate(date(1912, 7, 30), Precision.DAY, "明治45年7月30日")
    assert only(copy_for(head(birth=last))).birth == "明治45年7月30日"


def test_settled_on_is_blank_until_somebody_moves_inside() -> None:
    entered = LegalDate(date(2026, 3, 30))
    assert only(copy_for(head(settled_on=entered))).settled is None
    moved = head(settled_on=LegalDate(date(2026, 4, 1)), former_address="石原一丁目1番地", former_building="石原荘")
    assert only(copy_for(moved)).settled == "令和8年4月1日"
    assert only(copy_for(moved)).address_before_change == "埼玉県熊谷市石原一丁目1番地　石原荘"


def test_the_building_line_is_always_printed() -> None:
    assert (
        sheet_head(copy_for(head(building="籠原荘205号室"))).address == "埼玉県熊谷市肥塚三丁目112番地4　籠原荘205号室"
    )


def test_a_planned_move_out_is_not_printed() -> None:
    planned = {"planned_on": date(2026, 5, 1), "planned_address": "東京都杉並区高円寺北三丁目22番9号"}
    assert copy_for(head(**planned)).to_json() == copy_for(head()).to_json()


def test_a_removed_record_is_never_on_a_copy_of_residents() -> None:
    gone = head(status="moved_out", relationship="12", household_order=2)
    members = [subject(1, head()), subject(2, gone)]
    with pytest.raises(NobodyChosen):
        compose(Facts(tuple(members)), Selection((), frozenset(), Authority.SELF), MASTERS, MARK)
    with pytest.raises(NobodyChosen):
        compose(Facts(tuple(members)), Selection((9,), frozenset(), Authority.SELF), MASTERS, MARK)
    with pytest.raises(NobodyChosen):
        compose(Facts(()), Selection((), frozenset(), Authority.SELF), MASTERS, MARK)


def test_people_stand_in_the_order_kept_with_the_household() -> None:
    records = [
        head(household_order=1),
        head(household_order=4, relationship="20", name="四"),
        head(household_order=2, relationship="12", name="二"),
        head(household_order=7, relationship="99", name="七"),
    ]
    copy = copy_for(*records, items=frozenset({Item.HEAD}))
    assert [person.name for person in people(copy)] == ["髙橋　健一", "二", "四", "七"]
    assert [person.relationship for person in people(copy)] == ["世帯主", "妻", "子", "同居人"]
    chosen = copy_for(*records, person_ids=(4, 2))
    assert [person.name for person in people(chosen)] == ["四", "七"]


def test_whole_and_part_are_attested_differently() -> None:
    two = (head(), head(household_order=2, relationship="12", name="二"))
    assert copy_for(*two).attestation.sentence == ALL_MEMBERS
    assert copy_for(*two, person_ids=(2,)).attestation.sentence == SOME_MEMBERS
    assert copy_for(*two, person_ids=(2, 1)).attestation.sentence == ALL_MEMBERS


def test_the_head_is_named_even_when_not_printed_himself() -> None:
    two = (head(), head(household_order=2, relationship="12", name="二"))
    assert sheet_head(copy_for(*two, person_ids=(2,), items=frozenset({Item.HEAD}))).head == "髙橋　健一"


def test_a_household_without_head_shows_neither_head_nor_relationship() -> None:
    copy = copy_for(head(head_absent=True, relationship="20"), items=frozenset({Item.HEAD}))
    assert sheet_head(copy).head is None
    assert only(copy).relationship is None


def test_the_city_is_named_with_its_prefecture_in_the_title_of_the_mayor() -> None:
    copy = copy_for(head())
    assert copy.municipality == "熊谷市"
    assert copy.attestation.office == "埼玉県熊谷市長"
    assert copy.stamps == ("合成データ",)
    official = copy_for(head(), authority=Authority.OFFICE)
    assert official.stamps == ("公用", "合成データ")


# --- who may have what -----------------------------------------------------------------------------------------------

A, M, R, X = Verdict.ALLOWED, Verdict.BY_MAIL, Verdict.WITH_REASON, Verdict.REFUSED


@pytest.mark.parametrize(
    ("authority", "head_", "domicile", "number", "code", "foreign", "remarks"),
    [
        (Authority.SELF, A, A, A, A, A, A),
        (Authority.HOUSEHOLD_MEMBER, A, A, A, A, A, A),
        (Authority.LEGAL_REPRESENTATIVE, A, A, A, A, A, A),
        (Authority.PROXY, A, A, M, M, A, A),
        (Authority.OFFICE, R, R, X, X, R, R),
        (Authority.THIRD_PARTY, R, R, X, X, R, R),
        (Authority.AGENT, R, R, X, X, R, R),
    ],
)
def test_the_rule_table(
    authority: Authority,
    head_: Verdict,
    domicile: Verdict,
    number: Verdict,
    code: Verdict,
    foreign: Verdict,
    remarks: Verdict,
) -> None:
    wanted = dict(zip(Item, (head_, domicile, number, code, foreign, remarks), strict=False))
    assert {item: verdict(authority, item) for item in wanted} == wanted


@pytest.mark.parametrize("item", [Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE])
@pytest.mark.parametrize("authority", [Authority.THIRD_PARTY, Authority.AGENT, Authority.OFFICE])
def test_a_third_party_never_gets_a_number_whatever_the_reason(authority: Authority, item: Item) -> None:
    with pytest.raises(ItemNotAllowed) as refused:
        copy_for(head(), authority=authority, items=frozenset({item}), reason="債権の回収")
    assert refused.value.data == {"item": item.word, "authority": authority.word}


def test_a_third_party_gets_the_domicile_only_for_a_reason() -> None:
    asked = {"authority": Authority.THIRD_PARTY, "items": frozenset({Item.DOMICILE})}
    with pytest.raises(ReasonMissing):
        copy_for(head(), **asked)
    with pytest.raises(ReasonMissing):
        copy_for(head(), **asked, reason="　 ")
    assert only(copy_for(head(), **asked, reason="相続人の確認")).domicile == "埼玉県熊谷市大字妻沼1492番地"


def test_a_number_for_a_proxy_goes_by_mail() -> None:
    assert must_be_mailed(Authority.PROXY, frozenset({Item.INDIVIDUAL_NUMBER}))
    assert not must_be_mailed(Authority.PROXY, frozenset({Item.HEAD}))
    assert not must_be_mailed(Authority.SELF, EVERYTHING)


@given(st.sampled_from(Authority), st.frozensets(st.sampled_from(Item)), st.sampled_from(["", "理由"]))
def test_no_number_ever_reaches_an_outsider(authority: Authority, items: frozenset[Item], reason: str) -> None:
    try:
        check_items(authority, items, reason)
    except (ItemNotAllowed, ReasonMissing):
        with pytest.raises((ItemNotAllowed, ReasonMissing)):
            copy_for(head(), foreigner(), authority=authority, items=items, reason=reason)
        return
    text = copy_for(head(), foreigner(), authority=authority, items=items, reason=reason).to_json()
    may = authority in {Authority.SELF, Authority.HOUSEHOLD_MEMBER, Authority.LEGAL_REPRESENTATIVE, Authority.PROXY}
    assert ("000000000001" in text) == (Item.INDIVIDUAL_NUMBER in items)
    assert may or "000000000001" not in text


# --- the value itself ------------------------------------------------------------------------------------------------


def test_the_view_model_survives_its_journey() -> None:
    copy = copy_for(head(), foreigner(), items=EVERYTHING)
    assert from_data(json.loads(copy.to_json())) == copy
    assert from_data(json.loads(copy_for(head()).to_json())) == copy_for(head())


def test_equal_copies_have_equal_digests_and_different_ones_do_not() -> None:
    assert copy_for(head()).digest == copy_for(head()).digest
    assert copy_for(head()).digest != copy_for(head(name="髙橋　健二")).digest
    assert copy_for(head(name="邉\U000e0115")).digest != copy_for(head(name="邉")).digest
