"""What the report says of a row: a code, whether the row is rejected for it, and a sentence without any value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. `item`: place of the column from 0, -1 for the row or household; `detail`: a code point only."""

    row: int
    item: int
    code: str
    detail: str = ""

    @property
    def rejects(self) -> bool:
        """Whether the row is rejected for it; otherwise it is a warning."""
        return self.code not in WARNINGS

    @property
    def reason(self) -> str:
        """The sentence of the report."""
        return REASONS[self.code] + (f"（{self.detail}）" if self.detail else "")


REASONS = {
    "FIELDS": "列の数が見出しと合いません",
    "MISSING": "必須の項目が空欄です",
    "DATE": "日付として読み取れません",
    "NOT_CALENDAR": "この項目には暦上の日付だけを記録できます",
    "FUTURE": "今日より後の日付です",
    "ORDER": "生年月日より前の日付です",
    "CODE": "一覧にないコードです",
    "WORD": "標準の異動事由・届出区分にない言葉です",
    "OTHER_CITY": "この市区町村のコードではありません",
    "CHECK_DIGIT": "番号の桁数か検査数字が合いません",
    "FORM": "決められた形ではありません",
    "TOO_LONG": "文字数が多すぎます",
    "PRIVATE_USE": "外字があり、対応する文字が分かりません",
    "CHARACTER": "住民記録の文字として使えない文字があります",
    "SELECTOR": "字形の指定が文字情報基盤の一覧にありません",
    "DUPLICATE": "同じ番号の行がほかにあります",
    "IN_USE": "番号がすでにこの台帳にあります",
    "STATUS": "除票区分と、除票の日付か事由が合いません",
    "PLANNED_HEAD": "転出を予定する世帯主のあとの世帯主が分かりません",
    "TWO_HEADS": "世帯主が二人以上います",
    "NO_HEAD": "世帯主の行がありません",
    "TWO_ADDRESSES": "世帯の中で住所がそろっていません",
    "HOUSEHOLD": "同じ世帯のほかの行が取り込めません",
    "ALREADY": "すでに取り込まれています",
    "HEAD_NAME": "世帯主氏名が世帯主の行の氏名と違います",
    "HEADLESS": "世帯主未設定の世帯として取り込みます",
    "OLD_TOWN": "いまの住所辞書にない町字コードです",
    "OLD_CITY": "いまの一覧にない市区町村コードです",
    "BOTH_BIRTHS": "生年月日と外国人生年月日の両方に記入があります",
}
WARNINGS = frozenset({"HEAD_NAME", "HEADLESS", "OLD_TOWN", "OLD_CITY", "BOTH_BIRTHS"})
"""Codes that do not reject. ALREADY is a verdict of its own."""
