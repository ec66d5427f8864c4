"""Past issues: the history of a household, the verification code of a paper, the pictures of a preview."""

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from daicho.access.errors import NotAllowed, NotAvailable
from daicho.register.paper.authority import Item
from daicho.register.paper.issue import Counter, misprint, preview_file, release, reserve, void
from daicho.register.paper.lookup import issue_history, last_issue, verify
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.preview import page_image
from daicho.register.paper.typesetter import Typesetter
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.conftest import copy_of
from tests.paper.issuing import application, at, family, issued, rows
from tests.people import CLERK, actor


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A counter with a real press."""
    return Counter(press)


def test_the_history_tells_everything_that_happened(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 2)
    first = issued(environment, counter, household_id, people)
    clock.advance(days=1)
    asked = application(household_id, people[1], items=frozenset({Item.HEAD}), use_code="99", use_text="車庫証明")
    second = reserve(environment, counter, at("T002", "clerk2"), asked)
    void(environment, at("T002", "clerk2"), second.application_id)
    misprint(environment, CLERK, first.copies[0].certificate_id, "紙詰まり")
    lines = issue_history(environment, CLERK, household_id)
    assert [(line.status_word, line.use, line.items, line.officer, line.terminal) for line in lines] == [
        ("取りやめ", "車庫証明", ("世帯主・続柄",), "clerk2", "T002"),
        ("書損", "年金の手続", (), "clerk1", "T001"),
    ]
    assert lines[1].misprint_reason == "紙詰まり"
    assert (lines[0].persons, lines[0].fee_yen, lines[0].authority) == (2, 200, "本人")
    [entry] = rows(environment, "SELECT entry_id FROM trail.entry WHERE act = 'certificate.history'")
    subjects = rows(environment, "SELECT person_id FROM trail.subject WHERE entry_id = %s", entry["entry_id"])
    assert sorted(row["person_id"] for row in subjects) == people
    with pytest.raises(NotAllowed):
        issue_history(environment, actor("admin1", "administrator"), household_id)


def test_the_latest_issue_is_known_before_the_next(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 2)
    with environment.database.transaction() as connection:
        assert last_issue(connection, people) is None
    issued(environment, counter, household_id, people)
    clock.advance(days=3)
    made = reserve(environment, counter, CLERK, application(household_id, people[0], copies=2))
    release(environment, counter, CLERK, made.application_id, made.digests)
    with environment.database.transaction() as connection:
        assert last_issue(connection, people[:1]) == (clock.today(), 2)


def test_a_code_proves_the_issue_and_nothing_about_people(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 2)
    made = issued(environment, counter, household_id, people)
    [row] = rows(environment, "SELECT code FROM register.certificate")
    code = row["code"]
    printed = f"{code[:4]}-{code[4:8]} {code[8:12]}-{code[12:]}".lower()
    found = verify(environment, CLERK, printed.replace("0", "o").replace("1", "l"))
    assert (found.number, found.status_word, found.pages) == (made.copies[0].number, "交付", 1)
    assert "髙橋" not in repr(found)


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "U" * 16, "短い", "0" * 400])
def test_an_unknown_code_is_not_available_and_leaves_its_trace(environment: Environment, code: str) -> None:
    with pytest.raises(NotAvailable):
        verify(environment, CLERK, code)
    [entry] = rows(environment, "SELECT refused FROM trail.entry WHERE act = 'certificate.history'")
    assert entry["refused"] is True


def test_codes_use_all_their_bits(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    reserve(environment, counter, CLERK, application(household_id, people[0], copies=20))
    codes = [row["code"] for row in rows(environment, "SELECT code FROM register.certificate")]
    assert len(set(codes)) == 20
    assert all(len({code[place] for code in codes}) > 5 for place in range(16))


def bluest(picture: Image.Image) -> int:
    """How much blue exceeds red at most."""
    red, _, blue = picture.split()
    extremes = ImageChops.subtract(blue, red).getextrema()
    return int(extremes[1])  # type: ignore[arg-type] # one band: (least, most)


def test_a_preview_is_the_page_with_a_mark(typesetter: Typesetter) -> None:
    printed = typesetter.set(copy_of(5))
    picture = Image.open(io.BytesIO(page_image(printed.pdf, 2, 620)))
    assert picture.size == (620, 877)
    document = pdfium.PdfDocument(printed.pdf)
    plain = document[1].render(scale=620 / document[1].get_width()).to_pil().convert("RGB")
    document.close()
    # the middle of the page has no blue on the paper and a blue mark on the picture
    box = (150, 350, 470, 550)
    assert bluest(plain.crop(box)) < 15
    assert bluest(picture.convert("RGB").crop(box)) > 15
    for page in (0, 3):
        with pytest.raises(NotAvailable):
            page_image(printed.pdf, page)


def test_the_mark_is_on_pictures_only(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    document = pdfium.PdfDocument(preview_file(environment, CLERK, made.copies[0].certificate_id))
    assert "見本" not in document[0].get_textpage().get_text_range()
    document.close()
