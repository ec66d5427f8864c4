"""The national dictionary of towns, given as a file: loaded as a whole or not at all, and used where addresses are typed."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daicho.law.towns import towns
from daicho.register.masters.dictionary import COLUMNS
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

HINO = "13212001000,東京都,日野市,神明,,トウキョウト,ヒノシ,シンメイ,,191-0016"
TAKASAKI = (
    "10202001000,群馬県,高崎市,高松町,,ぐんまけん,タカサキシ,タカマツチョウ,,3700829",
    "10202002001,群馬県,高崎市,新町,一区,グンマケン,タカサキシ,シンマチ,イック,",
)


def file_of(*lines: str) -> SimpleUploadedFile:
    """A file with these lines behind its head."""
    return SimpleUploadedFile("towns.csv", "\n".join((",".join(COLUMNS), *lines)).encode())


def sent(client: "Client", *lines: str, **typed: str) -> Any:
    """Hand a file in."""
    from tests.signon.desk import post

    form: dict[str, Any] = {"source": "見本の住所辞書", "as_of": "今日", "file": file_of(*lines)} | typed
    return post(client, "/masters/dictionary", form)


def suggested(client: "Client", field: str, typed: str) -> str:
    """The candidates of a field."""
    from tests.signon.desk import post

    return text(post(client, "/cases/suggest", {"field": field, "q": typed}))


def test_a_new_edition_takes_the_place_of_the_one_before(screen_desk: "Desk") -> None:
    """STD 1.3.3: by postcode, by the first letters of each part, step by step; the postcode comes with it."""
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    assert "まだ読み込んでいません" in text(clerk.get("/masters/dictionary"))
    assert sent(clerk, HINO).status_code == 403
    assert "option" not in suggested(clerk, "destination", "ト ヒ シ")
    first = next(iter(towns().values()))
    own = f"{first.code},埼玉県,熊谷市,{first.name},,サイタマケン,クマガヤシ,{first.kana},,{first.postcode}"
    page = text(sent(reviewer, HINO, *TAKASAKI, own))
    assert f"一覧だけ {len(towns()) - 1}件・名前 0件" in page
    assert "見本の住所辞書" in text(clerk.get("/masters/dictionary?q=191-0016"))
    for typed in ("ト ヒ シ", "とう ひの しん", "191-0016", "1910016", "東京都日野市神"):
        assert 'data-value="東京都日野市神明"' in suggested(clerk, "destination", typed)
    assert suggested(clerk, "destination", "都道府県").count("option") == 47
    assert 'data-value="群馬県高崎市"' in suggested(clerk, "destination", "群馬県")
    found = suggested(clerk, "destination", "群馬県高崎市")
    assert 'data-value="群馬県高崎市高松町"' in found
    assert 'data-value="群馬県高崎市新町一区"' in found
    assert "&quot;f-destination_postcode&quot;: &quot;3700829&quot;" in found
    assert "&quot;f-i.domicile_postcode&quot;" in suggested(clerk, "i.domicile", "群馬県高崎市高")
    assert "熊谷市" not in suggested(clerk, "destination", first.postcode)  # the city's own towns are its own list
    assert "このファイルに熊谷市の町字はありません" in text(sent(reviewer, HINO))
    assert "高松町" not in suggested(clerk, "destination", "群馬県高崎市")


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (HINO, HINO),
        (HINO.replace("13212001000", "1321200100"),),
        (HINO.replace("13212001000", "99999001000"),),
        (HINO.replace("シンメイ", "神明"),),
        (HINO.replace("191-0016", "191-001"),),
        (HINO + ",もう一列",),
        (HINO.replace("日野市", ""),),
    ],
)
def test_a_file_that_is_none_changes_nothing(screen_desk: "Desk", lines: tuple[str, ...]) -> None:
    reviewer = screen_desk.sign_on("reviewer1")
    sent(reviewer, HINO)
    answer = sent(reviewer, *lines)
    assert answer.status_code == 422
    assert "住所辞書のファイルを読み取れません" in text(answer)
    assert "東京都日野市神明" in suggested(reviewer, "destination", "ト ヒ シ")
