"""The list of reasons is exactly that of the standard."""

from collections import Counter

import pytest

from daicho.law.reasons import (
    Basis,
    Kind,
    Nationality,
    Reason,
    ReasonNotForNationality,
    UnknownReason,
    check_nationality,
    find_reason,
)

STANDARD = {
    Kind.ENTER: "国内転入 国外転入等 出生 職権記載（帰化等） 職権記載（国籍喪失） 職権記載 改製 再製 異動の取消し（増）",
    Kind.REMOVE: "国内転出 国外転出 死亡 職権消除（帰化等） 職権消除（国籍喪失） 職権消除 改製 再製 異動の取消し（減）",
    Kind.AMEND: "転居 軽微な修正 職権修正 誤記修正 個人番号の変更請求 個人番号の職権修正 個人番号の職権記載 "
    "住民票コードの変更請求 住民票コードの職権記載 世帯分離 世帯合併 世帯変更 世帯主変更 旧氏の記載 旧氏の変更 旧氏の削除 "
    "通称の記載 通称の削除 異動の取消し（修正）",
}


@pytest.mark.parametrize("kind", list(Kind))
def test_words_of_the_standard(kind: Kind) -> None:
    assert [reason.word for reason in Reason if reason.kind is kind] == STANDARD[kind].split()


def test_counts_and_unique_codes() -> None:
    assert Counter(reason.kind for reason in Reason) == {Kind.ENTER: 9, Kind.REMOVE: 9, Kind.AMEND: 19}
    assert len({reason.value for reason in Reason}) == len({reason.key for reason in Reason}) == len(Reason) == 37


def test_every_reason_is_found_by_code_key_and_word() -> None:
    for reason in Reason:
        assert find_reason(reason.value) is find_reason(reason.key) is reason
        assert find_reason(reason.word, reason.kind) is reason
        assert Reason(reason.value) is reason
    assert find_reason(" 異動の取消し(増) ") is Reason.CANCELLATION_ENTRY


@pytest.mark.parametrize("text", ["改製", "再製", "転居取消", "転入", "", "99"])
def test_words_that_are_not_one_reason(text: str) -> None:
    with pytest.raises(UnknownReason):
        find_reason(text)


def test_a_word_of_another_kind_is_not_found() -> None:
    with pytest.raises(UnknownReason):
        find_reason("出生", Kind.REMOVE)


@pytest.mark.parametrize(
    ("reason", "allowed", "refused", "word"),
    [
        (Reason.ENTRY_NATURALISATION, Nationality.JAPANESE, Nationality.FOREIGN, "日本人"),
        (Reason.ENTRY_NATIONALITY_LOSS, Nationality.FOREIGN, Nationality.JAPANESE, "外国人"),
        (Reason.REMOVAL_NATURALISATION, Nationality.FOREIGN, Nationality.JAPANESE, "外国人"),
        (Reason.REMOVAL_NATIONALITY_LOSS, Nationality.JAPANESE, Nationality.FOREIGN, "日本人"),
        (Reason.FORMER_NAME_ENTRY, Nationality.JAPANESE, Nationality.FOREIGN, "日本人"),
        (Reason.COMMON_NAME_DELETION, Nationality.FOREIGN, Nationality.JAPANESE, "外国人"),
    ],
)
def test_restrictions(reason: Reason, allowed: Nationality, refused: Nationality, word: str) -> None:
    check_nationality(reason, allowed)
    with pytest.raises(ReasonNotForNationality) as error:
        check_nationality(reason, refused)
    assert f"{word}住民だけ" in error.value.message


def test_most_reasons_are_for_all() -> None:
    for nationality in Nationality:
        check_nationality(Reason.MOVE_IN, nationality)


def test_what_change_dates_may_be() -> None:
    assert [reason for reason in Reason if reason.may_be_planned] == [Reason.MOVE_OUT, Reason.MOVE_OUT_ABROAD]
    assert {reason for reason in Reason if reason.takes_legal_date} == {
        Reason.BIRTH,
        Reason.DEATH,
        Reason.EX_OFFICIO_REMOVAL,
    }


def test_words_of_kinds_and_bases() -> None:
    assert [kind.word for kind in Kind] == ["記載", "消除", "修正"]
    assert [basis.word for basis in Basis] == ["届出", "職権", "申出", "通知", "請求"]


def test_what_can_be_notified_can_be_done_ex_officio_or_on_request() -> None:
    """STD 4.1.0.1, 4.2.0.2, 4.2.0.5."""
    notified = [reason for reason in Reason if reason.bases[0] is Basis.NOTIFICATION]
    assert " ".join(reason.word for reason in notified) == (
        "国内転入 国外転入等 国内転出 国外転出 転居 世帯分離 世帯合併 世帯変更 世帯主変更"
    )
    assert {reason.bases for reason in notified} == {(Basis.NOTIFICATION, Basis.EX_OFFICIO, Basis.APPLICATION)}


@pytest.mark.parametrize(
    ("reason", "usual", "refused"),
    [
        (Reason.BIRTH, Basis.EX_OFFICIO, Basis.REQUEST),
        (Reason.EX_OFFICIO_REMOVAL, Basis.EX_OFFICIO, Basis.NOTIFICATION),
        (Reason.FORMER_NAME_ENTRY, Basis.REQUEST, Basis.NOTIFICATION),
        (Reason.COMMON_NAME_ENTRY, Basis.APPLICATION, Basis.REQUEST),
        (Reason.RESIDENT_CODE_CHANGE, Basis.REQUEST, Basis.EX_OFFICIO),
    ],
)
def test_the_usual_basis_of_other_changes(reason: Reason, usual: Basis, refused: Basis) -> None:
    assert reason.bases[0] is usual
    assert refused not in reason.bases


def test_the_date_is_called_by_the_basis() -> None:
    """STD 1.2.1; 戸籍届出・通知日 of STD 4.2.0.4."""
    assert [basis.date_word for basis in Basis] == ["届出日", "届出・通知日", "申出日", "通知日", "請求日"]
