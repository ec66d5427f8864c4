"""Letters and notices: to whom, what they say, and which a change offers."""

import dataclasses
from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.compose import compose
from daicho.register.paper.errors import LetterImpossible
from daicho.register.paper.facts import Cause, Facts, Selection
from daicho.register.paper.issue import Counter, open_file, release, reserve
from daicho.register.paper.offers import after_change, offered
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.reproduction import paper_again
from daicho.register.paper.view import Paper, shown
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.issuing import application, family, move_inside, rows, text_of
from tests.paper.samples import (
    CODE,
    MARK,
    MASTERS,
    NAME,
    SAMPLES,
    TODAY,
    gone,
    letter,
    man,
    moved,
    paper_of,
    parted,
    subject,
    woman,
)
from tests.people import CLERK


def said(paper: Paper) -> str:
    """Everything between the addressee and the footer."""
    return "\n".join(shown(value) for section in paper.sections for value in section.values.values())


def of(kind: str, facts: Facts) -> Paper:
    """The letter for these facts."""
    return compose(*letter(kind, facts), MASTERS, MARK)


def test_the_acceptance_goes_to_the_notifier_at_the_old_address() -> None:
    paper = paper_of("acceptance_notice")
    assert paper.addressee == ("〒360-0816", "埼玉県熊谷市石原一丁目102番地3", "台帳　花子　様")
    text = said(paper)
    for expected in (
        "届出日令和8年11月24日",
        "異動事由転居",
        "届出人氏名台帳　花子",
        f"異動者氏名{NAME}",
        "受理しました",
    ):
        assert expected in text
    assert paper.seal is None
    assert paper.attestation.seal_note == "（公印省略）"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            {"previous_address": "群馬県太田市新田金井町29番地", "previous_building": None},
            "群馬県太田市新田金井町29番地",
        ),
        ({"previous_address": "ベトナム社会主義共和国ハノイ市"}, "埼玉県熊谷市籠原南二丁目138番地5"),
        ({"previous_address": None}, "埼玉県熊谷市籠原南二丁目138番地5"),
    ],
)
def test_who_enters_is_written_to_where_a_letter_can_arrive(place: dict[str, object], expected: str) -> None:
    cause = Cause(Reason.MOVE_IN, Basis.NOTIFICATION, LegalDate(TODAY), TODAY, "台帳　花子", (1,))
    paper = of("acceptance_notice", Facts((subject(1, man(**place)),), cause))
    assert paper.addressee[0].startswith(expected)
    assert paper.addressee[-1] == ("台帳　花子　様" if "群馬" in expected else f"{NAME}　様")


def test_a_new_head_is_told_and_a_missing_one_asked_for() -> None:
    told = paper_of("head_change_notice")
    assert told.addressee[-1].startswith("SANTOS")
    assert f"変更前の世帯主{NAME}" in said(told)
    assert "変更後の世帯主SANTOS" in said(told)
    asked = paper_of("head_change_request")
    assert "世帯主が決まっていません" in said(asked)
    cause = Cause(Reason.DEATH, Basis.NOTIFICATION, LegalDate(TODAY), TODAY)
    for facts in (Facts((subject(1, man(**gone())),), cause), Facts((subject(2, woman()),), cause)):
        with pytest.raises(LetterImpossible):
            of("head_change_notice", facts)


def test_an_entry_ex_officio_is_told_item_by_item() -> None:
    text = said(paper_of("ex_officio_notice"))
    assert "職権で修正しました" in text
    assert "住所埼玉県熊谷市石原一丁目102番地3　→　埼玉県熊谷市籠原南二丁目138番地5" in text
    entered = moved(Reason.EX_OFFICIO_ENTRY, Basis.EX_OFFICIO)
    entered = Facts(entered.members, entered.cause, {})
    assert f"氏名{NAME}" in said(of("ex_officio_notice", entered))
    assert paper_of("ex_officio_record").addressee == ()


def test_the_other_city_is_asked_whether_somebody_has_arrived() -> None:
    paper = paper_of("arrival_inquiry")
    assert paper.addressee == ("神奈川県横浜市鶴見区長　様",)
    assert f"氏名・生年月日{NAME}" in said(paper)
    with pytest.raises(LetterImpossible):
        of("arrival_inquiry", moved(Reason.MOVE_WITHIN))


def test_a_code_goes_to_its_owner_only() -> None:
    paper = paper_of("code_notice")
    assert f"住民票コード{CODE}" in said(paper)
    assert paper.addressee[-1] == f"{NAME}　様"
    facts, selection = SAMPLES["code_notice"]()
    for wrong in (selection.__class__((1, 2), frozenset(), selection.authority, kind="code_notice"), None):
        people = facts if wrong else Facts((subject(1, man(), resident_code=None),))
        with pytest.raises(LetterImpossible):
            compose(people, wrong or selection, MASTERS, MARK)
    with pytest.raises(LetterImpossible):
        compose(
            Facts((subject(1, man()),)),
            Selection((), frozenset(), selection.authority, kind="acceptance_notice"),
            MASTERS,
            MARK,
        )


def test_the_place_of_arrival_is_told_of_an_adult_ward() -> None:
    """STD 9.4: to the municipality of destination, of those who are wards alone; offered with the move out."""
    paper = paper_of("ward_notice")
    assert paper.title == "成年被後見人転出通知"
    assert "神奈川県横浜市鶴見区" in paper.addressee[0]
    with pytest.raises(LetterImpossible):
        of("ward_notice", parted())
    ward = [kind.code for kind in offered(Reason.MOVE_OUT, Basis.NOTIFICATION, pairs(parted(adult_ward=True)))]
    assert "ward_notice" in ward
    assert "ward_notice" not in [kind.code for kind in offered(Reason.MOVE_OUT, Basis.NOTIFICATION, pairs(parted()))]


def pairs(facts: Facts) -> list[tuple[ResidentRecord | None, ResidentRecord]]:
    """Before and after."""
    return [(facts.before.get(one.person_id), one.record) for one in facts.members]


@pytest.mark.parametrize(
    ("reason", "basis", "facts", "first", "more"),
    [
        (Reason.MOVE_OUT, Basis.NOTIFICATION, parted(), "move_out", {"head_change_notice", "acceptance_notice"}),
        (
            Reason.MOVE_OUT,
            Basis.EX_OFFICIO,
            Facts((subject(1, man(**gone(removed_basis="職権", arrival_notice_on=None))),)),
            "move_out_equivalent",
            {"ex_officio_notice", "acceptance_notice"},
        ),
        (Reason.RESIDENT_CODE_CHANGE, Basis.REQUEST, moved(Reason.RESIDENT_CODE_CHANGE), "code_change_notice", set()),
        (
            Reason.RESIDENT_CODE_ENTRY,
            Basis.EX_OFFICIO,
            Facts((subject(1, man(resident_code_id=8)),), None, {1: man(resident_code_id=7)}),
            "code_correction_notice",
            {"ex_officio_notice"},
        ),
        (Reason.BIRTH, Basis.NOTIFICATION, Facts((subject(1, man()),)), "code_notice", {"acceptance_notice"}),
        (
            Reason.DEATH,
            Basis.NOTIFICATION,
            Facts((subject(2, woman(head_absent=True)),), None, {2: woman()}),
            "head_change_request",
            {"acceptance_notice"},
        ),
        (
            Reason.MOVE_OUT_ABROAD,
            Basis.NOTIFICATION,
            Facts((subject(1, man(**gone(removed_reason="国外転出"))),)),
            "acceptance_notice",
            set(),
        ),
    ],
)
def test_what_a_change_offers(reason: Reason, basis: Basis, facts: Facts, first: str, more: set[str]) -> None:
    codes = [kind.code for kind in offered(reason, basis, pairs(facts))]
    assert codes[0] == first
    assert more <= set(codes)
    assert not any(code.startswith("move_out") for code in codes[1:])


def test_nobody_is_owed_a_certificate_who_has_arrived_or_leaves_by_card() -> None:
    """STD 4.1.3.0.4; the receipt of the notice of arrival offers no certificate a second time."""
    arrived = Facts((subject(1, man(**gone(arrival_notice_on=TODAY))),))
    codes = [kind.code for kind in offered(Reason.MOVE_OUT, Basis.NOTICE, pairs(arrived))]
    assert not {"move_out", "move_out_equivalent", "arrival_inquiry"} & set(codes)
    by_card = [kind.code for kind in offered(Reason.MOVE_OUT, Basis.NOTIFICATION, pairs(parted()), by_card=True)]
    assert "move_out" not in by_card
    assert "acceptance_notice" in by_card


def test_a_letter_is_issued_later_and_reproduced(
    environment: Environment, press: PressClient, clock: SettableClock
) -> None:
    from daicho.access.errors import NotAvailable
    from daicho.register.paper.authority import Authority

    counter = Counter(press)
    household, people = family(environment, 2)
    clock.advance(days=3)
    move_inside(environment, people)
    [change] = rows(environment, "SELECT change_id FROM register.change WHERE reason = 'move_within'")
    clock.advance(days=40)
    wanted = application(
        household,
        people[0],
        kind="acceptance_notice",
        authority=Authority.OFFICE,
        requester="職権",
        requester_person=None,
        change_id=change["change_id"],
    )
    made = reserve(environment, counter, CLERK, wanted)
    release(environment, counter, CLERK, made.application_id, made.digests)
    assert (made.fee_yen, made.by_mail) == (0, True)
    certificate_id = made.copies[0].certificate_id
    text = text_of(open_file(environment, CLERK, certificate_id))
    assert "埼玉県熊谷市肥塚三丁目112番地4髙橋健一様" in text  # the address before the change
    assert "異動者氏名髙橋健一、髙橋美咲" in text
    clock.advance(days=40)
    move_inside(environment, people, "箱田六丁目9番地21")
    with environment.database.transaction() as connection:
        assert paper_again(connection, environment, certificate_id).issue.on == date(2026, 5, 14)
        kinds = after_change(connection, environment, change["change_id"])
        assert [kind.code for kind in kinds] == ["acceptance_notice"]
        assert after_change(connection, environment, 1) == ()
    [stored] = rows(environment, "SELECT seal_id FROM register.certificate")
    assert stored["seal_id"] is None
    # a change of another household, or none
    for changed in ({"household_id": household + 1}, {"change_id": 1}):
        with pytest.raises(NotAvailable):
            reserve(environment, counter, CLERK, dataclasses.replace(wanted, **changed))  # type: ignore[arg-type] # by name


def test_the_list_of_those_without_head_says_when_they_were_asked(
    environment: Environment, press: PressClient, clock: SettableClock
) -> None:
    """世帯主変更依頼通知書 and its list (STD 4.0.5): the day of the latest letter since the head has left."""
    from daicho.register.paper.authority import Authority
    from daicho.register.store.headless import headless
    from tests.screens.test_headless import dies

    household, people = family(environment, 3)
    clock.advance(days=4)
    dies(environment, household, people[0])
    assert [(line.person_id, line.members, line.asked_on) for line in headless(environment, CLERK)] == [
        (people[1], 2, None)
    ]
    [change] = rows(environment, "SELECT change_id FROM register.change WHERE reason = 'death'")
    wanted = application(
        household,
        people[1],
        kind="head_change_request",
        authority=Authority.OFFICE,
        requester="職権",
        requester_person=None,
        change_id=change["change_id"],
    )
    counter = Counter(press)
    made = reserve(environment, counter, CLERK, wanted)
    assert headless(environment, CLERK)[0].asked_on is None
    release(environment, counter, CLERK, made.application_id, made.digests)
    assert headless(environment, CLERK)[0].asked_on == clock.today()
