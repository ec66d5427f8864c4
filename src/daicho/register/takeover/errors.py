"""Why a whole file is refused before anything is written."""

from daicho.law.errors import DaichoError


class FileRefused(DaichoError):
    """The file cannot be read as a take-over file."""

    code = "I001"
    status = 400
    kept = "一件も取り込んでいません。"


class WrongEncoding(FileRefused):
    """Not UTF-8 without BOM; data: line."""

    code = "I002"
    happened = "ファイルの文字コードがUTF-8（BOMなし）ではありません（{line}行目）。"
    todo = "UTF-8（BOMなし）で保存し直してください。"


class WrongHeader(FileRefused):
    """Items missing, unknown or twice; data: missing, unknown, twice (item names)."""

    code = "I003"
    happened = "見出しが93項目と合いません。不足:{missing} 不明:{unknown} 重複:{twice}"
    todo = "見出しの行を取込み形式の説明（docs/import-format.md）に合わせてください。"


class BrokenQuoting(FileRefused):
    """The quoting of RFC 4180 is broken; data: line."""

    code = "I004"
    happened = "引用符の使い方が正しくないため、{line}行目から先を読み取れません。"
    todo = 'その行の引用符（"）を確かめてください。'


class FileTooLarge(FileRefused):
    """More bytes or a longer field than any register has; data: limit."""

    code = "I005"
    status = 413
    happened = "ファイルか項目が大きすぎます（上限 {limit}）。"
    todo = "ファイルが正しいか確かめ、必要なら世帯がまたがらないように分けてください。"
