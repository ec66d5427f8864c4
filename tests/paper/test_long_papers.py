"""Long names, large households, separate sheets, and who attests: nothing is cut, and everything is where it must be."""

import dataclasses
from datetime import timedelta

import pypdfium2 as pdfium
import pytest

from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.compose import compose
from daicho.register.paper.errors import GlyphMissing
from daicho.register.paper.facts import Facts, Selection
from daicho.register.paper.issue import Counter, open_file, release, reserve
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.paper.kinds.household import ALL_MEMBERS
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.readback import read_back
from daicho.register.paper.typesetter import Typesetter
from daicho.register.paper.view import Paper
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.paper.issuing import application, family, text_of
from tests.paper.samples import MARK, MASTERS, NUMBERED, chosen, man, paper_of, removed, residents, subject, woman
from tests.people import CLERK

LONG = "MARIA FERNANDA DA CONCEICAO OLIVEIRA DE ALBUQUERQUE CAVALCANTI E VASCONCELOS DOS SANTOS PEREIRA LIMA"
KANJI = "寿限無寿限無五劫擦切海砂利水魚水行末雲来末風来末食寝処住処藪柑子藪柑子" * 3


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page without white space."""
    document = pdfium.PdfDocument(pdf)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


def printed(typesetter: Typesetter, paper: Paper) -> list[str]:
    """The paper's pages, read back as always."""
    made = typesetter.set(paper)
    read_back(made.pdf, paper, made.pages)
    return texts_of(made.pdf)


@pytest.mark.parametrize("name", [LONG, KANJI[:100]])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_name_of_a_hundred_characters_is_never_cut(typesetter: Typesetter, kind: str, name: str) -> None:
    assert len(name) == 100
    pages = printed(typesetter, paper_of(kind, name=name, family_register_head=name))
    assert "".join(name.split()) in "".join(pages)


def test_a_household_of_twenty_stands_on_several_sheets_in_order(typesetter: Typesetter) -> None:
    people = [subject(1, man())]
    people += [
        subject(n, man(relationship="20", household_order=n, name=f"渡邉\U000e0115　子{n}")) for n in range(2, 21)
    ]
    selection = Selection((), frozenset({Item.HEAD}), Authority.SELF)
    pages = printed(typesetter, compose(Facts(tuple(people)), selection, MASTERS, MARK))
    assert len(pages) == 5
    for number, page in enumerate(pages, 1):
        assert f"{number}/5" in page
        assert (ALL_MEMBERS in page) is (number == 5)  # the attestation stands on the last sheet only (STD 5.1)
        assert ("契印" in page) is (number < 5)
        assert ("（次の頁に続く）" in page) is (number < 5)
        assert "世帯主渡邉\U000e0115健一" in page
    assert [f"子{n}" in pages[(n - 1) // 4] for n in range(2, 21)] == [True] * 19


@pytest.mark.parametrize("kind", ["household_copy", "individual_copy", "entries"])
def test_long_remarks_go_to_a_separate_sheet(typesetter: Typesetter, kind: str) -> None:
    remarks = "住所表示の実施により住所を変更した。" * 180
    pages = printed(typesetter, paper_of(kind, remarks=remarks))
    text = "".join(pages)
    assert "備考別紙のとおり" in text
    assert text.count("住所表示の実施により住所を変更した。") >= 170  # a sheet may end inside a sentence
    assert [("証明する。" in page) for page in pages] == [False] * (len(pages) - 1) + [True]


def test_the_history_of_common_names_is_a_separate_sheet_before_the_attestation(typesetter: Typesetter) -> None:
    foreign = woman(relationship="02")
    facts = Facts((subject(1, foreign),))
    pages = printed(typesetter, compose(facts, chosen("individual_copy", 1), MASTERS, MARK))
    assert "通称の記載及び削除に関する事項" in pages[-1]
    assert "太田市で記載" in pages[-1]
    assert "証明する。" in pages[-1]
    without = dataclasses.replace(chosen("individual_copy", 1), items=NUMBERED)
    assert "太田市" not in "".join(printed(typesetter, compose(facts, without, MASTERS, MARK)))


def test_an_entry_says_only_what_was_chosen(typesetter: Typesetter) -> None:
    selection = chosen("entries", 1, items=frozenset({Item.ADDRESS, Item.BIRTH}))
    text = "".join(printed(typesetter, compose(residents(), selection, MASTERS, MARK)))
    assert "住所埼玉県熊谷市籠原南二丁目138番地51渡邉" not in text
    assert "グランドメゾン" not in text  # the building is left out where that is asked for (STD 5.4)
    for absent in ("性別", "続柄", "世帯主", "本籍", "個人番号", "省略"):
        assert absent not in text
    whole = dataclasses.replace(selection, items=frozenset({Item.ADDRESS, Item.BUILDING}))
    assert "グランドメゾン" in "".join(printed(typesetter, compose(residents(), whole, MASTERS, MARK)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_missing_glyph_is_named_on_every_kind(typesetter: Typesetter, kind: str) -> None:
    with pytest.raises(GlyphMissing) as refused:
        typesetter.set(paper_of(kind, name="葛\U000e0100城　健一"))
    assert refused.value.data["codepoint"] == "U+845B U+E0100"


@pytest.mark.parametrize("kind", ["household_copy", "individual_copy", "removed_copy", "entries", "removed_entries"])
def test_an_office_gets_a_marked_copy(kind: str) -> None:
    official = dataclasses.replace(chosen(kind, 1), authority=Authority.OFFICE, items=frozenset())
    facts = removed() if "removed" in kind else residents()
    assert compose(facts, official, MASTERS, MARK).stamps[0] == "公用"
    assert compose(facts, chosen(kind, 1), MASTERS, MARK).stamps == ("合成データ",)


def test_the_acting_mayor_attests_while_acting(
    environment: Environment, press: PressClient, clock: SettableClock, owner_connection: Connection
) -> None:
    counter = Counter(press)
    household, people = family(environment, 1)
    today = clock.today()
    start, end = today + timedelta(days=10), today + timedelta(days=20)
    owner_connection.execute(
        "UPDATE register.paper_attestor SET valid = daterange(lower(valid), %s::date) WHERE attestor_id = 1", (start,)
    )
    owner_connection.execute(
        "INSERT INTO register.paper_attestor VALUES"
        " (50, 'acting', '埼玉県熊谷市長職務代理者　副市長', '代理　花子', daterange(%s::date, %s::date)),"
        " (51, 'mayor', '埼玉県熊谷市長', '台帳　太郎', daterange(%s::date, null))",
        (start, end, end),
    )
    seen = []
    for days in (0, 10, 10):
        clock.advance(days=days)
        made = reserve(environment, counter, CLERK, application(household, people[0]))
        release(environment, counter, CLERK, made.application_id, made.digests)
        text = text_of(open_file(environment, CLERK, made.copies[0].certificate_id))
        seen.append("職務代理者" in text)
    assert seen == [False, True, False]
