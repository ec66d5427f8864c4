"""What those outside the city refuse. Codes Z001 and up."""

from daicho.law.errors import DaichoError


class OutsideError(DaichoError):
    """Base of what is refused outside the city."""

    kept = "相手側の記録は変わっていません。"


class RefusedByFault(OutsideError):
    """The simulated peer was told to refuse everything."""

    code = "Z001"
    status = 409
    happened = "相手側がこの電文を受け付けません。"
    todo = "相手側に理由を確かめてから、再送してください。"


class NumberNotInForm(OutsideError):
    """There is no resident code, or a number is not in form."""

    code = "Z002"
    happened = "住民票コードがないか、番号の形が正しくありません。"
    todo = "番号を確かめて、直してから再送してください。"


class CodeOnAnother(OutsideError):
    """The resident code is that of another person in this prefecture."""

    code = "Z003"
    status = 409
    happened = "この住民票コードは、都道府県内の別の人の記録にあります。"
    todo = "どちらの人のコードかを市町村間で確かめてから、再送してください。"


class UpdateNotNewer(OutsideError):
    """The update number is not greater than the one that is held."""

    code = "Z004"
    status = 409
    happened = "更新順番号が、すでに受け取ったものより新しくありません。"
    todo = "本人確認情報ファイルの更新順番号を確かめてください。"


class UnknownMunicipality(OutsideError):
    """The municipality code has a wrong check digit."""

    code = "Z005"
    happened = "市町村コードの検査数字が合いません。"
    todo = "市町村コードを確かめて、直してから再送してください。"


class DispatchNotInForm(OutsideError):
    """An item of dispatch data is missing or misshapen, or a length, a count or a place does not fit its text."""

    code = "Z006"
    happened = "送付先情報の項目の形、項目長、外字数、代替文字の位置のどれかが合いません。"
    todo = "送った側の送付先情報の項目を確かめてください。"
