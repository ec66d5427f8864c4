"""The small code tables."""

from datetime import date

import pytest

from daicho.law.codes import CodeList, ResidentKind, Sex, UnknownCode, codes, find_code, find_name

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("which", "code", "name", "group"),
    [
        (CodeList.SEX, "2", "女", ""),
        (CodeList.RESIDENT_KIND, "2", "外国人", ""),
        (CodeList.RESIDENT_STATUS, "3", "死亡者", ""),
        (CodeList.ARTICLE_30_45, "1", "中長期在留者", ""),
        (CodeList.RESIDENCE_STATUS, "ZS35", "永住者", "1"),
        (CodeList.RESIDENCE_STATUS, "ZS90", "特別永住者", "2"),
        (CodeList.NATIONALITY, "VNM", "ベトナム", ""),
        (CodeList.NATIONALITY, "TWN", "台湾", ""),
        (CodeList.NATIONALITY, "XXA", "無国籍", ""),
    ],
)
def test_codes_and_names(which: CodeList, code: str, name: str, group: str) -> None:
    entry = find_code(which, code, DAY)
    assert (entry.name, entry.group) == (name, group)
    assert find_name(which, name, DAY) == entry
    assert codes(which)[code] == entry


def test_sizes_and_unique_names() -> None:
    assert {which: len(codes(which)) for which in CodeList} == {
        CodeList.SEX: 2,
        CodeList.RESIDENT_KIND: 2,
        CodeList.RESIDENT_STATUS: 4,
        CodeList.ARTICLE_30_45: 4,
        CodeList.RESIDENCE_STATUS: 44,
        CodeList.NATIONALITY: 253,
    }
    for which in CodeList:
        assert len({entry.name for entry in codes(which).values()}) == len(codes(which))


def test_enumerations_agree_with_the_tables() -> None:
    assert {sex.value: sex.word for sex in Sex} == {c.code: c.name for c in codes(CodeList.SEX).values()}
    kinds = {kind.value: kind.word for kind in ResidentKind}
    assert kinds == {c.code: c.name for c in codes(CodeList.RESIDENT_KIND).values()}


def test_an_entry_is_valid_from_its_first_day() -> None:
    assert find_code(CodeList.RESIDENCE_STATUS, "ZS39", date(2027, 4, 1)).name == "育成就労"
    for look_up, text in ((find_code, "ZS39"), (find_name, "育成就労")):
        with pytest.raises(UnknownCode):
            look_up(CodeList.RESIDENCE_STATUS, text, date(2027, 3, 31))


@pytest.mark.parametrize("look_up", [find_code, find_name])
def test_unknown_entries_are_refused(look_up: type) -> None:
    with pytest.raises(UnknownCode) as error:
        look_up(CodeList.SEX, "9")
    assert "性別" in error.value.message
