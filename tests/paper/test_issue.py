"""Preview → release: the paper is made once, and what is handed over is what was shown and what is still true."""

import logging
from datetime import date
from hashlib import sha256

import pytest

from daicho.access.errors import NotAllowed, NotAvailable
from daicho.register.paper import service
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.errors import (
    CertificateMismatch,
    ChangePending,
    DayChanged,
    DigestMismatch,
    GlyphMissing,
    IssueSuppressed,
    NobodyChosen,
    RequestIncomplete,
    ServiceStopped,
    StatesChanged,
    WrongState,
)
from daicho.register.paper.issue import (
    Counter,
    misprint,
    open_file,
    preview_file,
    release,
    reservation,
    reserve,
    void,
)
from daicho.register.paper.press_client import PressClient, Pressed
from daicho.register.paper.reproduction import paper_again
from daicho.register.paper.view import Paper
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.paper.issuing import acts, application, at, claim, family, issued, move_inside, plan_move_out, rows, text_of
from tests.people import CLERK, REVIEWER, actor, move_in_family

ADMINISTRATOR = actor("admin1", "administrator")


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A counter with a real press."""
    return Counter(press)


def test_a_family_gets_its_copy(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    [copy] = made.copies
    assert (copy.status, copy.pages, made.fee_yen, made.by_mail) == ("reserved", 1, 200, False)
    assert copy.number == "20260401　熊谷市　T001　001"
    shown = preview_file(environment, CLERK, copy.certificate_id)
    done = release(environment, counter, CLERK, made.application_id, made.digests)
    handed = open_file(environment, CLERK, copy.certificate_id)
    assert handed == shown
    assert done.copies[0].status == "issued"
    assert sha256(handed).hexdigest() == copy.digest
    text = text_of(handed)
    for expected in (
        "髙橋健一",
        "髙橋美咲",
        "髙橋蓮",
        "髙橋結衣",
        "昭和55年3月12日",
        "埼玉県熊谷市肥塚三丁目112番地4",
        "合成データ",
    ):
        assert expected in text
    assert "世帯主省略" in text
    assert "続柄省略" in text
    assert acts(environment) == ["certificate.preview", "certificate.issue", "certificate.open"]
    entries = rows(environment, "SELECT * FROM trail.entry WHERE act = 'certificate.issue'")
    assert entries[0]["digest_before"] == entries[0]["digest_after"]
    assert len(entries[0]["digest_after"]) == 32
    subjects = rows(environment, "SELECT person_id FROM trail.subject WHERE entry_id = %s", entries[0]["entry_id"])
    assert sorted(row["person_id"] for row in subjects) == people


def test_what_is_stored_with_an_issue(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    made = issued(environment, counter, household_id, people)
    [row] = rows(environment, "SELECT * FROM register.certificate")
    assert (row["terminal"], row["serial"], row["copy_no"], row["synthetic"]) == ("T001", 1, 1, True)
    assert row["pages"] == [[0, 1, 2, 3]]
    assert row["engine"].startswith("typst ")
    assert row["font"].startswith("IPAmj Mincho Version")
    assert row["file_digest"].hex() == made.copies[0].digest
    persons = rows(environment, "SELECT * FROM register.certificate_person ORDER BY position")
    assert [person["person_id"] for person in persons] == people
    states = rows(environment, "SELECT state_id FROM register.resident_state ORDER BY person_id")
    assert [person["state_id"] for person in persons] == [state["state_id"] for state in states]
    [asked] = rows(environment, "SELECT * FROM register.certificate_application")
    assert (asked["authority"], asked["use_code"], asked["requester_person"], asked["officer"]) == (
        "1",
        "07",
        people[0],
        "clerk1",
    )


def test_a_reproduction_gives_the_equal_view_model_after_later_changes(
    environment: Environment, counter: Counter
) -> None:
    household_id, people = family(environment)
    made = issued(environment, counter, household_id, people)
    move_inside(environment, people)
    with environment.database.transaction() as connection:
        again = paper_again(connection, environment, made.copies[0].certificate_id)
    [row] = rows(environment, "SELECT view_digest FROM register.certificate")
    assert again.digest == row["view_digest"]


def test_each_copy_has_its_own_number_code_and_paper(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0], copies=3))
    assert [copy.number[-3:] for copy in made.copies] == ["001", "002", "003"]
    assert len(set(made.digests)) == 3
    assert len({row["code"] for row in rows(environment, "SELECT code FROM register.certificate")}) == 3
    done = release(environment, counter, CLERK, made.application_id, made.digests)
    assert {copy.status for copy in done.copies} == {"issued"}


def test_numbers_are_printed_only_when_asked_for_and_traced(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    [number] = rows(environment, "SELECT person_id FROM register.number WHERE kind = 'individual_number'")
    asked = application(
        household_id, people[0], items=frozenset({Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE, Item.HEAD})
    )
    made = reserve(environment, counter, CLERK, asked)
    text = text_of(preview_file(environment, CLERK, made.copies[0].certificate_id))
    assert f"個人番号{10_000_000_000 + number['person_id']}" in text
    assert f"住民票コード{1_000_000_000 + number['person_id']}" in text
    assert "世帯主髙橋健一" in text
    [entry] = rows(environment, "SELECT number_shown FROM trail.entry WHERE act = 'certificate.preview'")
    assert entry["number_shown"] is True


def test_an_office_pays_nothing_and_its_copy_says_so(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    official = application(
        household_id,
        people[0],
        authority=Authority.OFFICE,
        requester_person=None,
        requester="熊谷税務署",
        identity_document="6",
    )
    made = reserve(environment, counter, CLERK, official)
    assert made.fee_yen == 0
    assert "公用" in text_of(preview_file(environment, CLERK, made.copies[0].certificate_id))
    [entry] = rows(environment, "SELECT purpose FROM trail.entry WHERE act = 'certificate.preview'")
    assert entry["purpose"] == "05"


def test_a_part_of_the_household_is_attested_as_a_part(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    part = application(household_id, people[1], person_ids=(people[1], people[3]))
    made = reserve(environment, counter, CLERK, part)
    text = text_of(preview_file(environment, CLERK, made.copies[0].certificate_id))
    assert "髙橋美咲" in text
    assert "髙橋結衣" in text
    assert "髙橋健一" not in text
    assert "世帯全員" not in text
    assert release(environment, counter, CLERK, made.application_id, made.digests).copies[0].status == "issued"


def test_a_planned_mover_still_gets_a_copy_without_the_plan(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    plan_move_out(environment, people[2], date(2026, 4, 20))
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    text = text_of(preview_file(environment, CLERK, made.copies[0].certificate_id))
    assert "髙橋蓮" in text
    assert "杉並区" not in text
    assert "転出" not in text


def test_after_the_planned_day_the_mover_is_no_longer_printed(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment)
    plan_move_out(environment, people[2], date(2026, 4, 20))
    clock.advance(days=19)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert "髙橋蓮" not in text_of(preview_file(environment, CLERK, made.copies[0].certificate_id))
    with pytest.raises(NobodyChosen):
        reserve(environment, counter, CLERK, application(household_id, people[0], person_ids=(people[2],)))


# --- refusals --------------------------------------------------------------------------------------------------------


def test_who_may_issue(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    with pytest.raises(NotAllowed):
        reserve(environment, counter, ADMINISTRATOR, application(household_id, people[0]))
    assert acts(environment) == []


def test_an_unknown_household_looks_like_a_forbidden_one(environment: Environment, counter: Counter) -> None:
    family(environment, 1)
    with pytest.raises(NotAvailable):
        reserve(environment, counter, CLERK, application(987654, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"requester_person": None}, "requester"),
        ({"requester_person": 987654}, "requester"),
        ({"authority": Authority.PROXY}, "requester"),
        ({"identity_document": "9"}, "identity_document"),
        ({"use_code": "55"}, "use_code"),
        ({"use_code": "99"}, "use_text"),
        ({"copies": 0}, "copies"),
        ({"copies": 21}, "copies"),
        ({"reason": "あ" * 201}, "reason"),
    ],
)
def test_an_incomplete_application_names_its_field(
    environment: Environment, counter: Counter, changes: dict[str, object], field: str
) -> None:
    household_id, people = family(environment, 1)
    with pytest.raises(RequestIncomplete) as refused:
        reserve(environment, counter, CLERK, application(household_id, people[0], **changes))
    assert refused.value.field == field
    assert rows(environment, "SELECT * FROM register.certificate_application") == []


def test_a_pending_change_stops_preview_and_release(
    environment: Environment, counter: Counter, owner_connection: Connection
) -> None:
    household_id, people = family(environment)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    claim(owner_connection, people[3])
    with pytest.raises(ChangePending):
        release(environment, counter, CLERK, made.application_id, made.digests)
    with pytest.raises(ChangePending):
        reserve(environment, counter, CLERK, application(household_id, people[0]))
    # who is not concerned still gets a copy
    alone = application(household_id, people[0], person_ids=(people[0],))
    assert reserve(environment, counter, CLERK, alone).copies
    assert acts(environment).count("certificate.refuse") == 2
    # told of the change, the clerk issues the record as it stands before it (STD 4.0.8)
    before = reserve(environment, counter, CLERK, application(household_id, people[0], before_pending=True))
    issued = release(environment, counter, CLERK, before.application_id, before.digests)
    assert [copy.status for copy in issued.copies] == ["issued"]


def test_a_suppressed_person_stops_preview_and_release(environment: Environment, press: PressClient) -> None:
    household_id, people = family(environment)
    held: set[int] = set()
    counter = Counter(press, lambda _connection, _env, _actor, persons: bool(held & set(persons)))
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    held.add(people[2])
    with pytest.raises(IssueSuppressed):
        release(environment, counter, CLERK, made.application_id, made.digests)
    with pytest.raises(IssueSuppressed):
        reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert acts(environment) == ["certificate.preview", "certificate.refuse", "certificate.refuse"]


def test_a_change_after_the_preview_stops_the_release(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    made = reserve(environment, counter, CLERK, application(household_id, people[0], person_ids=(people[0],)))
    move_inside(environment, people[1:2] + people[0:1] + people[2:])
    with pytest.raises(StatesChanged):
        release(environment, counter, CLERK, made.application_id, made.digests)
    assert reservation(environment, CLERK, made.application_id).copies[0].status == "reserved"


def test_a_paper_of_yesterday_is_not_handed_over(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    clock.advance(days=1)
    with pytest.raises(DayChanged):
        release(environment, counter, CLERK, made.application_id, made.digests)


def test_other_bytes_than_the_previewed_ones_are_not_released(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    for digests in ([], ["0" * 64], [*made.digests, *made.digests]):
        with pytest.raises(DigestMismatch):
            release(environment, counter, CLERK, made.application_id, digests)


def test_it_is_handed_over_once(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = issued(environment, counter, household_id, people)
    with pytest.raises(WrongState):
        release(environment, counter, CLERK, made.application_id, made.digests)
    with pytest.raises(WrongState):
        void(environment, CLERK, made.application_id)
    assert acts(environment) == ["certificate.preview", "certificate.issue"]


@pytest.mark.parametrize("other", [at("T001", "clerk2"), at("T002"), REVIEWER])
def test_nobody_elses_paper(environment: Environment, counter: Counter, other: object) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    for attempt in (
        lambda: release(environment, counter, other, made.application_id, made.digests),  # type: ignore[arg-type]
        lambda: void(environment, other, made.application_id),  # type: ignore[arg-type]
        lambda: preview_file(environment, other, made.copies[0].certificate_id),  # type: ignore[arg-type]
        lambda: reservation(environment, other, made.application_id),  # type: ignore[arg-type]
        lambda: open_file(environment, other, made.copies[0].certificate_id),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAvailable):
            attempt()


def test_preview_ends_with_release_and_paper_opens_only_on_its_day(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    [copy] = made.copies
    with pytest.raises(NotAvailable):
        open_file(environment, CLERK, copy.certificate_id)
    release(environment, counter, CLERK, made.application_id, made.digests)
    with pytest.raises(NotAvailable):
        preview_file(environment, CLERK, copy.certificate_id)
    clock.advance(days=1)
    with pytest.raises(NotAvailable):
        open_file(environment, CLERK, copy.certificate_id)


def test_a_missing_glyph_is_refused_and_nothing_is_reserved(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    move_inside(environment, people, "葛\U000e0100城1番地")
    with pytest.raises(GlyphMissing):
        reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert rows(environment, "SELECT * FROM register.certificate_serial") == []
    assert acts(environment) == ["certificate.refuse"]


# --- giving up, misprints --------------------------------------------------------------------------------------------


def test_a_preview_given_up_spends_its_number(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    void(environment, CLERK, made.application_id)
    again = reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert again.copies[0].number.endswith("002")
    with pytest.raises(WrongState):
        release(environment, counter, CLERK, made.application_id, made.digests)


def test_a_new_preview_gives_up_the_one_before(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 1)
    first = reserve(environment, counter, CLERK, application(household_id, people[0]))
    second = reserve(environment, counter, CLERK, application(household_id, people[0], items=frozenset({Item.HEAD})))
    assert reservation(environment, CLERK, first.application_id).copies[0].status == "voided"
    clock.advance(days=1)
    reserve(environment, counter, at("T001", "clerk2"), application(household_id, people[0]))
    assert reservation(environment, CLERK, second.application_id).copies[0].status == "voided"


def test_a_misprint_is_recorded_with_its_reason(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = issued(environment, counter, household_id, people)
    with pytest.raises(RequestIncomplete):
        misprint(environment, CLERK, made.copies[0].certificate_id, " ")
    misprint(environment, CLERK, made.copies[0].certificate_id, "紙詰まり。裁断した")
    [row] = rows(environment, "SELECT status, misprint_reason FROM register.certificate")
    assert row == {"status": "misprinted", "misprint_reason": "紙詰まり。裁断した"}
    with pytest.raises(WrongState):
        misprint(environment, CLERK, made.copies[0].certificate_id, "もう一度")
    with pytest.raises(NotAvailable):
        open_file(environment, CLERK, made.copies[0].certificate_id)


# --- the alarm -------------------------------------------------------------------------------------------------------


class Swapping:
    """A press that hands over the paper of the request before."""

    def __init__(self, press: PressClient) -> None:
        self.press = press
        self.before: Pressed | None = None

    def print(self, request_id: str, copy: Paper) -> Pressed:
        """The paper of somebody else, once there is one."""
        made = self.press.print(request_id, copy)
        answer, self.before = self.before or made, made
        return answer


def test_a_paper_of_somebody_else_stops_issuing_until_an_administrator_lifts_it(
    environment: Environment, press: PressClient, caplog: pytest.LogCaptureFixture
) -> None:
    household_id, people = family(environment)
    other_household, others = move_in_family(environment, 2)
    counter = Counter(Swapping(press))
    waiting = reserve(environment, counter, CLERK, application(household_id, people[0]))
    with caplog.at_level(logging.ERROR), pytest.raises(CertificateMismatch):
        reserve(environment, counter, CLERK, application(other_household, others[0]))
    assert "ALARM issuing stopped: code=P120" in caplog.text
    assert "髙橋" not in caplog.text
    assert len(rows(environment, "SELECT * FROM register.certificate")) == 1
    with pytest.raises(ServiceStopped):
        reserve(environment, Counter(press), CLERK, application(household_id, people[0]))
    with pytest.raises(ServiceStopped):
        release(environment, Counter(press), CLERK, waiting.application_id, waiting.digests)
    with pytest.raises(NotAllowed):
        service.lift(environment, CLERK, "直した")
    with pytest.raises(RequestIncomplete):
        service.lift(environment, ADMINISTRATOR, "  ")
    assert service.lift(environment, ADMINISTRATOR, "装置を入れ替えた") == 1
    assert release(environment, Counter(press), CLERK, waiting.application_id, waiting.digests).copies
    assert acts(environment) == [
        "certificate.preview",
        "certificate.mismatch",
        "service.stop",
        "service.release",
        "certificate.issue",
    ]
    [stop] = rows(environment, "SELECT * FROM register.service_state")
    assert (stop["lifted_by"], stop["lift_reason"]) == ("admin1", "装置を入れ替えた")


def test_bytes_changed_in_the_store_stop_issuing(
    environment: Environment, counter: Counter, owner_connection: Connection
) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    owner_connection.execute("ALTER TABLE register.certificate_file DISABLE TRIGGER certificate_file_keep")
    owner_connection.execute("UPDATE register.certificate_file SET pdf = pdf || '\\x00'")
    with pytest.raises(CertificateMismatch):
        release(environment, counter, CLERK, made.application_id, made.digests)
    with pytest.raises(ServiceStopped):
        reserve(environment, counter, CLERK, application(household_id, people[0]))
