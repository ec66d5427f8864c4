"""Who acts, from where, and what for."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Purpose(Enum):
    """Why a person's record is looked at or used; a closed list, kept with every look in the trail.

    The value is the two-digit code that clerks key and that is stored; `word` is the Japanese word.
    """

    CHANGE_NOTIFICATION = "01"
    CERTIFICATE_ISSUE = "02"
    REVIEW = "03"
    RESIDENT_INQUIRY = "04"
    OFFICIAL_INQUIRY = "05"
    CORRECTION = "06"
    EX_OFFICIO = "07"
    STATISTICS = "08"
    SYSTEM_OPERATION = "09"
    OTHER = "99"

    @property
    def word(self) -> str:
        """The Japanese word shown on screens and reports."""
        return _PURPOSE_WORDS[self]

    @classmethod
    def from_code(cls, code: str) -> "Purpose":
        """The purpose of a keyed code; raises ValueError for a code outside the closed list."""
        return cls(code)


_PURPOSE_WORDS = {
    Purpose.CHANGE_NOTIFICATION: "異動届",
    Purpose.CERTIFICATE_ISSUE: "証明書交付",
    Purpose.REVIEW: "審査",
    Purpose.RESIDENT_INQUIRY: "照会(本人・世帯)",
    Purpose.OFFICIAL_INQUIRY: "公用照会",
    Purpose.CORRECTION: "訂正",
    Purpose.EX_OFFICIO: "職権",
    Purpose.STATISTICS: "統計",
    Purpose.SYSTEM_OPERATION: "システム運用",
    Purpose.OTHER: "その他",
}


class Right(Enum):
    """The functions an officer can be allowed; a closed list. `word` is the Japanese word."""

    HOME = "home"
    CASE_ENTER = "case.enter"
    CASE_REVIEW = "case.review"
    CASE_DECIDE = "case.decide"
    PERSON_READ = "person.read"
    PERSON_SEARCH = "person.search"
    HISTORY_READ = "history.read"
    NUMBER_REVEAL = "number.reveal"
    CERTIFICATE_ISSUE = "certificate.issue"
    CERTIFICATE_HISTORY = "certificate.history"
    STATISTICS_READ = "statistics.read"
    IMPORT_RUN = "import.run"
    EXPORT_RUN = "export.run"
    USER_ADMIN = "user.admin"
    TRAIL_READ = "trail.read"
    SYSTEM_STATE = "system.state"
    WIRE_MANAGE = "wire.manage"
    EXCHANGE_MANAGE = "exchange.manage"
    ALERT_RATES = "alert.rates"
    MASTER_EDIT = "master.edit"
    MASTER_APPROVE = "master.approve"
    RETENTION_REQUEST = "retention.request"
    RETENTION_APPROVE = "retention.approve"
    BATCH_RUN = "batch.run"
    DATA_EXTRACT = "data.extract"
    SUPPRESSION_SET = "suppression.set"
    SUPPRESSION_RELEASE = "suppression.release"
    SUPPRESSION_LIFT = "suppression.lift"
    PROTECTION_PROVISIONAL = "protection.provisional"
    PROTECTION_READ = "protection.read"
    PROTECTION_MANAGE = "protection.manage"
    PROTECTION_RELEASE = "protection.release"
    PROTECTION_APPROVE = "protection.approve"
    PROTECTION_OPEN = "protection.open"
    PROTECTION_HANDLE = "protection.handle"
    APPROVAL_USE = "approval.use"
    OUTPUT_REQUEST = "output.request"
    OUTPUT_APPROVE = "output.approve"
    OUTPUT_WITNESS = "output.witness"
    BACKUP_REQUEST = "backup.request"
    BACKUP_APPROVE = "backup.approve"
    LEDGER_READ = "ledger.read"
    LEDGER_WRITE = "ledger.write"
    LEDGER_MANAGE = "ledger.manage"

    @property
    def word(self) -> str:
        """The Japanese word shown on screens and reports."""
        return _RIGHT_WORDS[self]


_RIGHT_WORDS = {
    Right.HOME: "窓口の画面",
    Right.CASE_ENTER: "異動の入力",
    Right.CASE_REVIEW: "異動の審査",
    Right.CASE_DECIDE: "異動の決裁",
    Right.PERSON_READ: "個人・世帯の照会",
    Right.PERSON_SEARCH: "検索",
    Right.HISTORY_READ: "履歴の照会",
    Right.NUMBER_REVEAL: "番号の表示",
    Right.CERTIFICATE_ISSUE: "証明書の交付",
    Right.CERTIFICATE_HISTORY: "交付履歴の照会",
    Right.STATISTICS_READ: "統計の照会",
    Right.IMPORT_RUN: "データの取込み",
    Right.EXPORT_RUN: "データの書出し",
    Right.USER_ADMIN: "職員と権限の管理",
    Right.TRAIL_READ: "操作履歴の照会",
    Right.SYSTEM_STATE: "稼働状況の照会",
    Right.WIRE_MANAGE: "電文の送信待ちの管理",
    Right.EXCHANGE_MANAGE: "庁内連携の管理",
    Right.ALERT_RATES: "注意の集計",
    Right.MASTER_EDIT: "マスタの入力",
    Right.MASTER_APPROVE: "マスタの承認",
    Right.RETENTION_REQUEST: "除票の廃棄の申請",
    Right.RETENTION_APPROVE: "除票の廃棄の承認",
    Right.BATCH_RUN: "バッチの起動と予約",
    Right.DATA_EXTRACT: "データ抽出(EUC)",
    Right.SUPPRESSION_SET: "抑止の設定",
    Right.SUPPRESSION_RELEASE: "抑止の解除",
    Right.SUPPRESSION_LIFT: "抑止の一時解除",
    Right.PROTECTION_PROVISIONAL: "仮支援措置の設定",
    Right.PROTECTION_READ: "支援措置の照会",
    Right.PROTECTION_MANAGE: "支援措置の登録・延長",
    Right.PROTECTION_RELEASE: "支援措置の終了の申請",
    Right.PROTECTION_APPROVE: "支援措置の終了・閲覧の承認",
    Right.PROTECTION_OPEN: "制限された記録の閲覧の申請",
    Right.PROTECTION_HANDLE: "支援対象者の異動と証明",
    Right.APPROVAL_USE: "承認の一覧",
    Right.OUTPUT_REQUEST: "大量出力・媒体出力の申請",
    Right.OUTPUT_APPROVE: "大量出力・媒体出力の承認",
    Right.OUTPUT_WITNESS: "媒体出力の立会い",
    Right.BACKUP_REQUEST: "バックアップの持出しの申請",
    Right.BACKUP_APPROVE: "バックアップの持出しの承認",
    Right.LEDGER_READ: "管理簿の照会",
    Right.LEDGER_WRITE: "管理簿の記入",
    Right.LEDGER_MANAGE: "責任者の管理簿の記入",
}


class Output(Enum):
    """Ways in which something leaves the screen; a closed list. `word` is a Japanese verb stem before できません."""

    PRINT = "print"
    EXPORT = "export"
    MEDIA = "media"

    @property
    def word(self) -> str:
        """The Japanese word shown in refusals and on pages."""
        return {Output.PRINT: "印刷", Output.EXPORT: "ファイルに書出し", Output.MEDIA: "外部媒体に出力"}[self]


class Item(Enum):
    """Items of a record that a grant can mask within a function; a closed list."""

    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_CODE = "resident_code"

    @property
    def word(self) -> str:
        """The Japanese word shown on screens."""
        return {Item.INDIVIDUAL_NUMBER: "個人番号", Item.RESIDENT_CODE: "住民票コード"}[self]


SCREEN_ONLY = "screen"
"""The class of terminals from which nothing is printed or written: what an actor without a class has."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An officer who has signed on, at a terminal, in one session.

    `roles` are those in force on the day of the request; `session_ref` names the session in the trail and is
    not the secret of the session cookie; `signed_on_at` is timezone-aware; `terminal_class` is a code of the rights table.
    """

    officer_id: str
    name: str
    roles: frozenset[str]
    department: str
    office: str
    terminal_id: str
    terminal_name: str
    session_ref: str
    signed_on_at: datetime
    terminal_class: str = SCREEN_ONLY
