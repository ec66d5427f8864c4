"""The closed list of alerts (codes W001 and up): what is possible but must be seen at the check page (STD 11.1, tiers of the screens).

Tier 1 is a note, 2 a warning that is acknowledged with a reason, 3 stops until it is resolved.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from daicho.register.changes.plan import Alert

Tier = Literal[1, 2, 3]

_ALERTS: dict[str, tuple[Tier, str, str]] = {
    "W001": (1, "異動日から{days}日後の届出です（期限は14日以内）。", "{law}"),
    "W002": (3, "同じ人かもしれない記録があります。同じ人か別の人かを決めてください。", "標準仕様4.1.1.2"),
    "W003": (1, "氏名・性別・生年月日が同じ記録と別の人として記載します。", "標準仕様4.1.1.2"),
    "W004": (1, "残る1人を職権で世帯主にします。世帯主が変わることを本人に知らせてください。", "標準仕様4.0.4"),
    "W005": (2, "世帯主になる人が15歳未満です（{age}歳）。", "世帯主の実務の取扱い"),
    "W006": (
        2,
        "新しい住所が今の住所と同じです。別の家屋か、世帯分離ではないかを確かめてください。",
        "標準仕様4.1.2.1",
    ),
    "W007": (
        3,
        "転出した日から{days}日後の届出です。14日を過ぎた転出は届出でなく職権で記載してください。",
        "標準仕様4.1.3.0.1",
    ),
    "W008": (2, "続柄「{word}」は推定です。書類で確かめてください。", "標準仕様4.1.4.2"),
    "W009": (1, "登録済みの転出予定（{shown}）は、死亡により行われません。", "標準仕様1.1.5"),
    "W010": (1, "住民票コードがありません。記載したあとで付番が必要です。", "標準仕様1.1.6"),
    "W011": (1, "{shown}に転出を予定している人です。予定はそのまま残ります。", "標準仕様1.1.5"),
    "W012": (1, "再転入者です。宛名番号を引き継ぎます。", "標準仕様4.1.1.2"),
    "W013": (2, "続柄「{word}」と{item}が合いません。", "標準仕様1.1.11"),
    "W014": (
        2,
        "{shown}に他の世帯員が全員転出する予定です。その日から職権で世帯主にします。この人の転出も確かめてください。",
        "標準仕様4.0.4",
    ),
    "W020": (1, "後の異動「{later}」はそのまま残ります。", "標準仕様4.6"),
    "W021": (2, "異動した人のうち{count}人については取り消しません。", "標準仕様4.6.0.1"),
    "W022": (1, "この異動で記録した番号は、この人の記録から外れます。", "標準仕様4.6"),
    "W023": (2, "後から生まれた世帯員の住所も、世帯の住所に戻します。", "標準仕様1.1.10"),
    "W024": (2, "元の世帯がその住所にないため、新しい世帯として戻します。", "標準仕様4.6.0.1"),
    "W015": (2, "除票の{item}と違います。同じ人かを確かめてください。", "標準仕様4.1.1.2"),
    "W030": (1, "世帯主の氏名が変わります。世帯全員の写しに新しい氏名が出ます。", "標準仕様4.2.3.1"),
    "W070": (
        2,
        "在留期間の満了日（{shown}）を過ぎています。更新を申請中か（特例期間は満了から2か月）を在留カードの裏面で確かめてください。",
        "入管法20条6項",
    ),
    "W071": (2, "父母の年齢が子の出生の日に{age}歳です。選んだ父母を確かめてください。", "標準仕様11.1"),
    "W072": (1, "在留期間の満了日まで{days}日です。更新の手続きを案内してください。", "入管法21条"),
    "W073": (
        2,
        "似た記録があります（氏名・生年月日・性別・番号のどれかが違います）。同じ人でないかをくらべてください。",
        "標準仕様4.1.1.2",
    ),
    "W040": (2, "選んだ続柄「{word}」は、世帯の記録から決まる「{usual}」と違います。", "標準仕様4.1.4.2"),
    "W041": (1, "世帯主を設定しない世帯になります。続柄は事実上の世帯主からみたものです。", "標準仕様1.1.10、4.1.4.3"),
    "W050": (1, "世帯主の氏名が変わります。同じ世帯の人の世帯主の氏名も変わります。", "標準仕様4.2.3.1"),
    "W051": (2, "{item}を直します。人を取り違えていないか、根拠の書類で確かめてください。", "令12条2項"),
    "W052": (2, "旧氏が今の氏と同じです。", "令30条の13"),
    "W053": (2, "通称が氏名と同じです。", "令30条の16"),
    "W054": (1, "新しい住民票コードは、登録のとき在庫から自動で付けます。", "標準仕様4.3.1"),
}


class Rule(NamedTuple):
    """One entry of the closed list: tier, sentence and source with their placeholders."""

    tier: Tier
    sentence: str
    source: str


def catalogue() -> Mapping[str, Rule]:
    """Every alert there is, by code."""
    return {code: Rule(*rule) for code, rule in _ALERTS.items()}


def alert(code: str, person_id: int | None = None, **data: str | int) -> Alert:
    """The alert of this code with its placeholders filled; `person_id` says whose row it belongs to."""
    tier, sentence, rule = _ALERTS[code]
    return Alert(code, tier, sentence.format_map(data), person_id, rule.format_map(data))
