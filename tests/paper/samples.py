"""One sample of every kind of paper; a kind without one fails the tests of the table."""

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.compose import compose
from daicho.register.paper.facts import Cause, Facts, Masters, Past, Selection, Subject
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.paper.specimen import SPECIMEN_SEAL
from daicho.register.paper.view import IssueMark, Paper, Seal
from tests.people import record

TODAY = date(2026, 11, 24)
MARK = IssueMark(TODAY, ("20261124", "熊谷市", "SHIMIN-03", "プリンタ001", "012"), "M3CW8RTA51JNYK6E")
MASTERS = Masters(
    municipality_code="112020",
    title="埼玉県熊谷市長",
    name="台帳　太郎",
    seal=Seal(Path(str(SPECIMEN_SEAL)).read_text(encoding="utf-8"), 24.0),
    seal_note="この印は黒色です。",
    synthetic=True,
)
NAME = "渡邉\U000e0115　健一"
NUMBER = "100000000018"
CODE = "10000000019"


def man(**changes: object) -> ResidentRecord:
    """A head of household with everything that a paper of a Japanese resident can show."""
    known: dict[str, object] = {
        "name": NAME,
        "name_reading": "ワタナベ　ケンイチ",
        "former_family_name": "髙﨑\U000e0103",
        "former_family_name_kana": "タカサキ",
        "address": "籠原南二丁目138番地5",
        "building": "グランドメゾン籠原南弐番館ウエストウイング1205号室",
        "domicile": "埼玉県熊谷市宮町二丁目47番地",
        "family_register_head": NAME,
        "previous_address": "群馬県伊勢崎市今泉町二丁目410番地",
        "previous_building": "コーポ葛\U000e0105城203",
        "former_address": "石原一丁目102番地3",
        "settled_on": LegalDate(date(2025, 10, 1)),
        "remarks": "令和8年5月26日　氏名の振り仮名を記載",
        "health_insurance": "なし",
        "pension_kind": "第2号",
    }
    return record(1, **{**known, **changes})


def woman(**changes: object) -> ResidentRecord:
    """A foreign resident with everything of art. 30-45."""
    known: dict[str, object] = {
        "is_foreign": True,
        "relationship": "12",
        "household_order": 2,
        "name": "SANTOS DELA CRUZ MARIA CRISTINA BERNADETTE",
        "name_kana": "サントス",
        "sex": "2",
        "birth": LegalDate(date(1986, 5, 9)),
        "resident_since": None,
        "resident_notified_on": None,
        "foreign_resident_since": LegalDate(date(2021, 11, 2)),
        "foreign_resident_notified_on": date(2021, 11, 8),
        "nationality": "PHL",
        "nationality_name": "フィリピン",
        "article_30_45": "1",
        "residence_status_name": "永住者",
        "stay_period": "無期限",
        "residence_card_number": "ZZ00000000ZZ",
        "common_name": "渡邉\U000e0115　クリスティーナ",
        "common_name_kana": "ワタナベ　クリスティーナ",
        "common_name_history": "平成30年4月2日　太田市で記載　渡邉　マリア\n令和3年11月8日　熊谷市で記載",
    }
    return man(**{**known, **changes})


def past(changed: ResidentRecord, reason: Reason, on: date, *notes: str, **before: object) -> Past:
    """An entry of the history: what stood before is given by name."""
    return Past(on, reason, Basis.NOTIFICATION, LegalDate(on), on, changed.with_(**before), changed, notes)


def history(changed: ResidentRecord) -> tuple[Past, ...]:
    """Five changes of a life in the city."""
    return (
        past(
            changed,
            Reason.EX_OFFICIO_AMENDMENT,
            date(2017, 5, 20),
            "婚姻。平成29年5月20日婚姻届出、同月22日本籍地から通知。",
            name="渡邉\U000e0115　𠮷乃",
            domicile="群馬県伊勢崎市今泉町二丁目410番地",
            family_register_head="渡邉\U000e0115　宗一",
        ),
        past(changed, Reason.FORMER_NAME_ENTRY, date(2020, 4, 1), former_family_name=None),
        past(
            changed,
            Reason.MOVE_WITHIN,
            date(2023, 7, 8),
            address="筑波三丁目202番地",
            building="ティアラ別館405号",
            settled_on=LegalDate(date(2017, 5, 20)),
        ),
        past(changed, Reason.HEAD_CHANGE, date(2024, 2, 13), "世帯主の死亡による。", relationship="20.12"),
        past(
            changed,
            Reason.MOVE_WITHIN,
            date(2025, 10, 1),
            address="石原一丁目102番地3",
            building=None,
            settled_on=LegalDate(date(2023, 7, 8)),
        ),
    )


def gone(**changes: object) -> dict[str, object]:
    """What a removed record has of its removal."""
    return {
        "status": "moved_out",
        "removed_reason": "国内転出",
        "removed_basis": "届出",
        "removed_on": LegalDate(date(2026, 9, 30)),
        "removed_notified_on": date(2026, 9, 18),
        "planned_on": date(2026, 9, 30),
        "planned_address": "神奈川県横浜市鶴見区北寺尾四丁目11番3号",
        "planned_building": "パークサイド・グランヴィル横浜鶴見壱番館807号室",
        "planned_head": NAME,
        "planned_municipality": "141011",
        "confirmed_address": "神奈川県横浜市鶴見区北寺尾四丁目11番3号",
        "confirmed_building": "パークサイド・グランヴィル横浜鶴見壱番館807号室",
        "confirmed_on": date(2026, 10, 1),
        "arrival_notice_on": date(2026, 10, 7),
        **changes,
    }


def subject(person_id: int, one: ResidentRecord, **changes: object) -> Subject:
    """A person with both numbers, each its own."""
    known = Subject(person_id, 100 + person_id, one, str(int(NUMBER) + person_id), str(int(CODE) + person_id))
    return dataclasses.replace(known, **changes)  # type: ignore[arg-type] # fields by name


Sample = tuple[Facts, Selection]


def residents(**changes: object) -> Facts:
    """A couple; the changes are the man's."""
    one = man(**changes)
    return Facts((subject(1, one, past=history(one)), subject(2, woman())))


def removed(**changes: object) -> Facts:
    """A couple that has left; the changes are the man's."""
    one = man(**gone(), **changes)
    return Facts((subject(1, one, past=history(man())), subject(2, woman(**gone()))))


def chosen(kind: str, *people: int, **changes: object) -> Selection:
    """What is asked for: everything that this kind can show."""
    base = Selection(people, frozenset(KINDS[kind].items), Authority.SELF, kind=kind)
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type] # fields by name


def moved(reason: Reason, basis: Basis = Basis.NOTIFICATION, **changes: object) -> Facts:
    """A change of the couple: the man moves from another address; the changes are the man's."""
    after = man(**changes)
    before = man(**{**changes, "address": "石原一丁目102番地3", "building": None, "postcode": "3600816"})
    cause = Cause(reason, basis, LegalDate(TODAY), TODAY, "台帳　花子", (1,))
    return Facts((subject(1, after), subject(2, woman())), cause, {1: before, 2: woman(household_order=3)})


def parted(**changes: object) -> Facts:
    """The man leaves; his wife stays and becomes head."""
    cause = Cause(Reason.MOVE_OUT, Basis.NOTIFICATION, LegalDate(TODAY), TODAY, "", (1,))
    left, stays = man(**gone(arrival_notice_on=None), **changes), woman(relationship="02")
    before = {1: man(**changes), 2: woman()}
    return Facts((subject(1, left), subject(2, stays)), cause, before)


def letter(kind: str, facts: Facts) -> Sample:
    """A letter of the office."""
    return facts, Selection((), frozenset(), Authority.OFFICE, kind=kind)


SAMPLES: dict[str, Callable[..., Sample]] = {
    "household_copy": lambda **changes: (residents(**changes), chosen("household_copy")),
    "individual_copy": lambda **changes: (residents(**changes), chosen("individual_copy", 1)),
    "removed_copy": lambda **changes: (removed(**changes), chosen("removed_copy", 1)),
    "entries": lambda **changes: (residents(**changes), chosen("entries")),
    "removed_entries": lambda **changes: (removed(**changes), chosen("removed_entries", 1, 2)),
    "move_out": lambda **changes: (removed(**changes), chosen("move_out")),
    "move_out_equivalent": lambda **changes: (removed(**changes), chosen("move_out_equivalent")),
    "inspection": lambda **changes: (residents(**changes), chosen("inspection", authority=Authority.THIRD_PARTY)),
    "code_notice": lambda **changes: (residents(**changes), chosen("code_notice", 1)),
    "code_change_notice": lambda **changes: (residents(**changes), chosen("code_change_notice", 1)),
    "code_correction_notice": lambda **changes: (residents(**changes), chosen("code_correction_notice", 1)),
    "acceptance_notice": lambda **changes: letter("acceptance_notice", moved(Reason.MOVE_WITHIN, **changes)),
    "head_change_notice": lambda **changes: letter("head_change_notice", parted(**changes)),
    "head_change_request": lambda **changes: letter("head_change_request", parted(**changes)),
    "ex_officio_notice": lambda **changes: letter(
        "ex_officio_notice", moved(Reason.EX_OFFICIO_AMENDMENT, Basis.EX_OFFICIO, **changes)
    ),
    "ex_officio_record": lambda **changes: letter(
        "ex_officio_record", moved(Reason.EX_OFFICIO_AMENDMENT, Basis.EX_OFFICIO, **changes)
    ),
    "arrival_inquiry": lambda **changes: letter("arrival_inquiry", parted(**changes)),
    "ward_notice": lambda **changes: letter("ward_notice", parted(**{"adult_ward": True, **changes})),
}


def paper_of(kind: str, number: str = NUMBER, code: str = CODE, **changes: object) -> Paper:
    """The sample's paper; `changes` are those of the first person's record, the numbers are that person's too."""
    facts, selection = SAMPLES[kind](**changes)
    first = dataclasses.replace(facts.members[0], individual_number=number, resident_code=code)
    return compose(dataclasses.replace(facts, members=(first, *facts.members[1:])), selection, MASTERS, MARK)


def item_values(paper: Paper) -> dict[str, object]:
    """Every value of a paper by item; the first one where several have it."""
    found: dict[str, object] = {}
    for section in (*paper.top, *paper.sections):
        for item, value in section.values.items():
            found.setdefault(item, value)
    return found


NUMBERED = frozenset({Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE})
