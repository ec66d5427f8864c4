"""Nothing is cut: values shrink, break, wrap; rows grow, tighten, and only then does a person change the sheet."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.register.paper.errors import CopyTooLong
from daicho.register.paper.fitting import SMALLEST, fit, fit_name, wrap
from daicho.register.paper.layout import Setter, in_order
from daicho.register.paper.readback import read_back
from daicho.register.paper.specimen import specimen
from daicho.register.paper.typesetter import Typesetter
from daicho.register.paper.view import Section
from tests.paper.conftest import copy_of, person

LONG_NAME = "OLIVEIRA DE ALBUQUERQUE CAVALCANTI MARIA FERNANDA DA CONCEICAO"
LONG_ADDRESS = "東京都杉並区高円寺北三丁目22番9号　メゾン・ド・リヴィエール高円寺ノース北館1103号室"


def joined(lines: list[str]) -> str:
    return "".join(lines)


def test_short_text_stands_in_one_line_at_full_size(typesetter: Typesetter) -> None:
    fitted = fit(typesetter.face, "平成元年1月7日", 120.0, most=10.0)
    assert [(piece.text, piece.size) for piece in fitted.pieces] == [("平成元年1月7日", 10.0)]
    assert not fitted.tight


def test_long_text_shrinks_before_it_breaks(typesetter: Typesetter) -> None:
    fitted = fit(typesetter.face, "あ" * 11, 100.0, most=10.0)
    assert [piece.size for piece in fitted.pieces] == [9.0]
    assert not fitted.tight


def test_the_next_step_is_a_break_at_the_wide_space(typesetter: Typesetter) -> None:
    fitted = fit(typesetter.face, "あ" * 12 + "　" + "い" * 10, 100.0, most=10.0)
    assert [piece.text for piece in fitted.pieces] == ["あ" * 12 + "　", "い" * 10]
    assert {piece.size for piece in fitted.pieces} == {8.3}
    assert fitted.tight


def test_the_last_step_is_wrapping_at_the_smallest_size(typesetter: Typesetter) -> None:
    fitted = fit(typesetter.face, "あ" * 40, 100.0, most=10.0)
    assert [len(piece.text) for piece in fitted.pieces] == [12, 12, 12, 4]
    assert {piece.size for piece in fitted.pieces} == {SMALLEST}


def test_words_stay_whole_unless_they_are_longer_than_the_line(typesetter: Typesetter) -> None:
    lines = wrap(typesetter.face, LONG_NAME, 110.0, SMALLEST)
    assert joined(lines) == LONG_NAME
    assert all(line.endswith(" ") for line in lines[:-1])
    broken = wrap(typesetter.face, "X" * 60, 110.0, SMALLEST)
    assert joined(broken) == "X" * 60
    assert len(broken) > 2


def test_no_line_begins_with_a_closing_sign(typesetter: Typesetter) -> None:
    lines = wrap(typesetter.face, "あ" * 12 + "、" + "い" * 11 + "（う）", 100.0, SMALLEST)
    assert joined(lines) == "あ" * 12 + "、" + "い" * 11 + "（う）"
    assert not any(line[0] in "、）" or line[-1] == "（" for line in lines)


def test_a_reading_stands_beside_the_name_or_below(typesetter: Typesetter) -> None:
    beside = fit_name(typesetter.face, "山田　太郎", "ヤマダ　タロウ", 300.0, most=13.0)
    assert beside.pieces[1].text == "（ヤマダ　タロウ）"
    assert beside.height == 13.0
    below = fit_name(typesetter.face, "山田　太郎", "ヤマダ　タロウ", 90.0, most=10.0)
    assert below.pieces[1].top > 10.0


@pytest.mark.parametrize("width", [40.0, 100.0, 330.0])
@given(text=st.text(alphabet="あ漢、。（）AZaz- 09ー　・'", max_size=90))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fitting_keeps_every_character_inside_its_width(typesetter: Typesetter, width: float, text: str) -> None:
    fitted = fit(typesetter.face, text, width, most=10.0)
    assert joined([piece.text for piece in fitted.pieces]) == text
    for piece in fitted.pieces:
        assert typesetter.face.width(piece.text.rstrip(), piece.size) <= width + 0.01
    tops = [piece.top for piece in fitted.pieces]
    assert tops == sorted(tops)


def test_four_stand_on_a_sheet_and_the_fifth_on_the_next(typesetter: Typesetter) -> None:
    setter = Setter(typesetter.face)
    assert setter.set(copy_of(1)).pages == ((0,),)
    assert setter.set(copy_of(4)).pages == ((0, 1, 2, 3),)
    assert setter.set(copy_of(6)).pages == ((0, 1, 2, 3), (4, 5))


def deep(number: int) -> Section:
    """A foreign resident whose common name and addresses take more than one line."""
    name = "渡邉\U000e0115　マリア・フェルナンダ・コンセイサン・オリヴェイラ" + "ア" * number
    foreign = specimen().sections[1]
    changes = {"name": LONG_NAME, "common_name": name, "common_name_reading": "ワタナベ　マリア"}
    return dataclasses.replace(foreign, values={**foreign.values, **changes, "address_before_entry": LONG_ADDRESS})


def test_rows_tighten_before_a_person_changes_the_sheet(typesetter: Typesetter) -> None:
    setter = Setter(typesetter.face)
    one_deep = setter.set(copy_of(4, persons=(person(0), person(1), person(2), deep(0))))
    assert one_deep.pages == ((0, 1, 2, 3),)
    all_deep = setter.set(copy_of(4, persons=tuple(deep(number) for number in range(4))))
    assert all_deep.pages == ((0, 1, 2), (3,))
    assert (4, "common_name") in all_deep.tight


def test_what_had_to_be_broken_is_listed(typesetter: Typesetter) -> None:
    laid = Setter(typesetter.face).set(
        copy_of(2, persons=(person(0), person(1, address_before_entry=LONG_ADDRESS * 3)))
    )
    assert laid.tight == ((2, "address_before_entry"),)


def test_what_cannot_be_placed_is_refused_not_cut(typesetter: Typesetter) -> None:
    with pytest.raises(CopyTooLong) as refused:
        typesetter.set(copy_of(2, persons=(person(0), person(1, remarks="あ" * 9000))))
    assert refused.value.data == {"position": 2}


@pytest.mark.parametrize(
    ("pages", "count", "right"),
    [
        (((0, 1, 2, 3), (4,)), 5, True),
        (((0, 1, 2, 3),), 5, False),
        (((0, 1, 2, 3), (3, 4)), 5, False),
        (((0, 2), (1,)), 3, False),
        (((0, 1, 2, 3, 4),), 5, False),
        (((0,), ()), 1, False),
        ((), 0, True),
    ],
)
def test_pages_hold_everyone_once_in_order(pages: tuple[tuple[int, ...], ...], count: int, right: bool) -> None:
    assert in_order(pages, count, 4) is right


VALUES = st.text(alphabet="渡邉漢字あアー・-（）AZaz09 　", max_size=60).map(lambda text: text.strip() or None)


@given(
    name=st.text(alphabet="渡邉漢字あアーAZaz -　", min_size=1, max_size=80),
    others=st.lists(VALUES, min_size=6, max_size=6),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_recorded_is_on_the_paper(typesetter: Typesetter, name: str, others: list[str | None]) -> None:
    values = dict(
        zip(
            ("remarks", "domicile", "register_head", "address_before_entry", "former_name", "reading"),
            others,
            strict=True,
        )
    )
    copy = copy_of(2, persons=(person(0, name=name.strip() or "某", **values), person(1)))
    printed = typesetter.set(copy)
    read_back(printed.pdf, copy, printed.pages)
