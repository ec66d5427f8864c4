"""What the connector refuses. Codes N001 and up."""

from daicho.law.errors import DaichoError


class ConnectorError(DaichoError):
    """Base of the connector's errors."""

    kept = "本人確認情報ファイルは変わっていません。"


class NumberOnAnother(ConnectorError):
    """A resident code or individual number in a message is held by another person (番号法9条, 住民基本台帳法7条13号)."""

    code = "N001"
    status = 409
    happened = "電文の住民票コードか個人番号は、別の人のものとして記録されています。"
    todo = "住民記録側で、どちらの人の番号かを確かめ、誤りを直してから再送してください。"


class ItemNotAgreed(ConnectorError):
    """The numbers of a message are not digits of the right length, or there are others than items 1, 13 and 24."""

    code = "N002"
    happened = "電文の番号の項目が、取り決めた形に合いません。"
    todo = "送った側の番号の項目を確かめてください。"
