"""The closed list of acts that the trail knows."""

from enum import Enum


class Act(Enum):
    """An act by its code; `word` is what reports print."""

    SIGN_ON = "signon.on"
    SIGN_ON_FAILED = "signon.failed"
    SIGN_OFF = "signon.off"
    LOCKED_OUT = "signon.locked_out"
    LOCK = "signon.lock"
    UNLOCK = "signon.unlock"
    UNLOCK_FAILED = "signon.unlock_failed"
    SEARCH = "person.search"
    PERSON_OPENED = "person.open"
    HOUSEHOLD_OPENED = "household.open"
    HISTORY_OPENED = "history.open"
    NUMBER_SHOWN = "number.show"
    MEMOS_OPENED = "memo.open"
    MEMO_CHANGED = "memo.change"
    CANDIDATES_SHOWN = "person.candidates"
    PERSON_LINK_ASKED = "person.link_ask"
    PERSON_LINKED = "person.link"
    PERSON_LINK_REFUSED = "person.link_refuse"
    PERSON_UNLINK_ASKED = "person.unlink_ask"
    PERSON_UNLINKED = "person.unlink"
    PERSON_UNLINK_REFUSED = "person.unlink_refuse"
    CASE_RECEIVED = "case.receive"
    CASE_CHANGED = "case.change"
    CASE_OPENED = "case.open"
    CASE_CHECKED = "case.check"
    CASE_PRINTED = "case.print"
    CASE_SENT = "case.send"
    CASE_TAKEN = "case.take"
    CASE_REKEYED = "case.rekey"
    CASE_REVIEWED = "case.review"
    CASE_RETURNED = "case.return"
    CASE_REFUSED = "case.refuse"
    CASE_PARKED = "case.park"
    CASE_RESUMED = "case.resume"
    CASE_WITHDRAWN = "case.withdraw"
    CHANGE_REGISTERED = "change.register"
    CERTIFICATE_PREVIEWED = "certificate.preview"
    CERTIFICATE_ISSUED = "certificate.issue"
    CERTIFICATE_OPENED = "certificate.open"
    CERTIFICATE_VOIDED = "certificate.void"
    CERTIFICATE_MISPRINT = "certificate.misprint"
    CERTIFICATE_REFUSED = "certificate.refuse"
    CERTIFICATE_MISMATCH = "certificate.mismatch"
    CERTIFICATE_HISTORY = "certificate.history"
    CERTIFICATE_REPRODUCED = "certificate.reproduce"
    SERVICE_STOPPED = "service.stop"
    SERVICE_RELEASED = "service.release"
    REGISTER_IMPORTED = "register.import"
    REGISTER_EXPORTED = "register.export"
    REGISTER_REBUILT = "register.rebuild"
    OFFICER_CHANGED = "officer.change"
    RIGHTS_SHOWN = "officer.rights"
    WIRE_SENT_AGAIN = "wire.again"
    WIRE_COMPLETED = "wire.complete"
    WIRE_EXPORTED = "wire.export"
    EXCHANGE_REGISTERED = "exchange.register"
    EXCHANGE_CHANGED = "exchange.change"
    EXCHANGE_SENT_AGAIN = "exchange.again"
    EXCHANGE_COMPLETED = "exchange.complete"
    EXCHANGE_LIST_EXPORTED = "exchange.list"
    TRAIL_PERSON = "trail.person"
    TRAIL_OFFICER = "trail.officer"
    TRAIL_ABNORMAL = "trail.abnormal"
    TRAIL_SIGN_ONS = "trail.sign_ons"
    TRAIL_CHECKPOINT = "trail.checkpoint"
    RIGHT_REFUSED = "trail.refusal"
    DISPOSAL_REQUESTED = "disposal.request"
    DISPOSAL_APPROVED = "disposal.approve"
    DISPOSAL_REFUSED = "disposal.refuse"
    DISPOSAL_WITHDRAWN = "disposal.withdraw"
    DISPOSED = "disposal.dispose"
    MASTER_PROPOSED = "master.propose"
    MASTER_APPROVED = "master.approve"
    MASTER_REFUSED = "master.refuse"
    MASTER_WITHDRAWN = "master.withdraw"
    SUPPRESSION_SET = "suppression.set"
    SUPPRESSION_RELEASED = "suppression.release"
    SUPPRESSION_LIFTED = "suppression.lift"
    SUPPRESSION_REFUSED = "suppression.refuse"
    PROTECTION_SET = "protection.set"
    PROTECTION_CHANGED = "protection.change"
    PROTECTION_OPENED = "protection.open"
    PROTECTION_LISTED = "protection.list"
    PROTECTION_NOTIFIED = "protection.notify"
    PROTECTION_PRINTED = "protection.print"
    PROTECTION_RELEASE_ASKED = "protection.release_ask"
    PROTECTION_RELEASE_DECIDED = "protection.release"
    BATCH_STARTED = "batch.start"
    BATCH_PLANNED = "batch.plan"
    BATCH_SKIPPED = "batch.skip"
    BATCH_STOPPED = "batch.stop"
    BATCH_DONE = "batch.done"
    BATCH_FAILED = "batch.fail"
    BATCH_FILE_OPENED = "batch.file"
    OPENING_ASKED = "protection.look_ask"
    OPENING_DECIDED = "protection.look_decide"
    APPROVAL_ASKED = "approval.ask"
    APPROVAL_GIVEN = "approval.approve"
    APPROVAL_REFUSED = "approval.refuse"
    APPROVAL_WITNESSED = "approval.witness"
    APPROVAL_WITHDRAWN = "approval.withdraw"
    APPROVAL_VOIDED = "approval.void"
    APPROVAL_EXECUTED = "approval.execute"
    OUTPUT_TAKEN = "output.take"
    OUTPUT_RECEIVED = "output.receive"
    LEDGER_ENTERED = "ledger.enter"
    LEDGER_ADDED = "ledger.add"
    LEDGER_OPENED = "ledger.open"
    LEDGER_EXPORTED = "ledger.export"
    LEDGER_PRINTED = "ledger.print"
    BACKUP_MADE = "backup.make"
    BACKUP_TAKEN_OUT = "backup.take_out"
    BACKUP_REFUSED = "backup.refuse"
    KEY_ROTATED = "key.rotate"
    KEY_RETIRED = "key.retire"

    @property
    def word(self) -> str:
        """The Japanese word for reports."""
        return _WORDS[self]


_WORDS = {
    Act.SIGN_ON: "サインオン",
    Act.SIGN_ON_FAILED: "サインオン失敗",
    Act.SIGN_OFF: "サインオフ",
    Act.LOCKED_OUT: "失敗によるID停止",
    Act.LOCK: "画面ロック",
    Act.UNLOCK: "ロック解除",
    Act.UNLOCK_FAILED: "ロック解除失敗",
    Act.SEARCH: "検索",
    Act.PERSON_OPENED: "個人の照会",
    Act.HOUSEHOLD_OPENED: "世帯の照会",
    Act.HISTORY_OPENED: "履歴の照会",
    Act.NUMBER_SHOWN: "番号の表示",
    Act.MEMOS_OPENED: "メモの表示",
    Act.MEMO_CHANGED: "メモの記入・修正",
    Act.CANDIDATES_SHOWN: "同一人候補の照会",
    Act.PERSON_LINK_ASKED: "同一人の結付けの申請",
    Act.PERSON_LINKED: "同一人の結付け",
    Act.PERSON_LINK_REFUSED: "同一人の結付けの却下",
    Act.PERSON_UNLINK_ASKED: "結付けの取消しの申請",
    Act.PERSON_UNLINKED: "結付けの取消し",
    Act.PERSON_UNLINK_REFUSED: "結付けの取消しの却下",
    Act.CASE_RECEIVED: "受付",
    Act.CASE_CHANGED: "異動の入力",
    Act.CASE_OPENED: "異動の表示",
    Act.CASE_CHECKED: "異動の確認",
    Act.CASE_PRINTED: "確認用帳票の印刷",
    Act.CASE_SENT: "審査への送付",
    Act.CASE_TAKEN: "審査の開始",
    Act.CASE_REKEYED: "打ち直し",
    Act.CASE_REVIEWED: "審査の承認",
    Act.CASE_RETURNED: "差戻し",
    Act.CASE_REFUSED: "不受理",
    Act.CASE_PARKED: "中断",
    Act.CASE_RESUMED: "再開",
    Act.CASE_WITHDRAWN: "取下げ",
    Act.CHANGE_REGISTERED: "本登録",
    Act.CERTIFICATE_PREVIEWED: "証明書の下見",
    Act.CERTIFICATE_ISSUED: "証明書の交付",
    Act.CERTIFICATE_OPENED: "証明書の表示",
    Act.CERTIFICATE_VOIDED: "証明書の取りやめ",
    Act.CERTIFICATE_MISPRINT: "書損",
    Act.CERTIFICATE_REFUSED: "交付の拒否",
    Act.CERTIFICATE_MISMATCH: "証明書の照合不一致",
    Act.CERTIFICATE_HISTORY: "交付履歴の照会",
    Act.CERTIFICATE_REPRODUCED: "証明書の再現",
    Act.SERVICE_STOPPED: "交付の停止",
    Act.SERVICE_RELEASED: "交付の再開",
    Act.REGISTER_IMPORTED: "台帳の取込み",
    Act.REGISTER_EXPORTED: "台帳の書出し",
    Act.REGISTER_REBUILT: "派生表の再作成",
    Act.OFFICER_CHANGED: "職員の変更",
    Act.RIGHTS_SHOWN: "職員の権限の照会",
    Act.WIRE_SENT_AGAIN: "電文の再送",
    Act.WIRE_COMPLETED: "電文の手動完了",
    Act.WIRE_EXPORTED: "電文の証拠の書出し",
    Act.EXCHANGE_REGISTERED: "業務システムの登録",
    Act.EXCHANGE_CHANGED: "業務システムの登録の変更",
    Act.EXCHANGE_SENT_AGAIN: "連携データの再送",
    Act.EXCHANGE_COMPLETED: "連携データの手動完了",
    Act.EXCHANGE_LIST_EXPORTED: "移転先・提供先一覧の書出し",
    Act.TRAIL_PERSON: "操作履歴の照会(人)",
    Act.TRAIL_OFFICER: "操作履歴の照会(職員)",
    Act.TRAIL_ABNORMAL: "操作履歴の照会(異常な操作)",
    Act.TRAIL_SIGN_ONS: "操作履歴の照会(サインオン)",
    Act.TRAIL_CHECKPOINT: "操作履歴の控えの書出し",
    Act.RIGHT_REFUSED: "権限のない操作の拒否",
    Act.DISPOSAL_REQUESTED: "除票の廃棄の申請",
    Act.DISPOSAL_APPROVED: "除票の廃棄の承認",
    Act.DISPOSAL_REFUSED: "除票の廃棄の却下",
    Act.DISPOSAL_WITHDRAWN: "除票の廃棄の取下げ",
    Act.DISPOSED: "除票の廃棄",
    Act.MASTER_PROPOSED: "マスタの申請",
    Act.MASTER_APPROVED: "マスタの承認",
    Act.MASTER_REFUSED: "マスタの却下",
    Act.MASTER_WITHDRAWN: "マスタの申請の取下げ",
    Act.SUPPRESSION_SET: "抑止の設定",
    Act.SUPPRESSION_RELEASED: "抑止の解除",
    Act.SUPPRESSION_LIFTED: "抑止の一時解除",
    Act.SUPPRESSION_REFUSED: "抑止による拒否",
    Act.PROTECTION_SET: "支援措置の設定",
    Act.PROTECTION_CHANGED: "支援措置の変更",
    Act.PROTECTION_OPENED: "支援措置の照会",
    Act.PROTECTION_LISTED: "支援措置の一覧",
    Act.PROTECTION_NOTIFIED: "支援措置の通知の記録",
    Act.PROTECTION_PRINTED: "支援措置の通知の印刷",
    Act.PROTECTION_RELEASE_ASKED: "支援措置の終了の申請",
    Act.PROTECTION_RELEASE_DECIDED: "支援措置の終了の決定",
    Act.BATCH_STARTED: "バッチの起動",
    Act.BATCH_PLANNED: "バッチの予約",
    Act.BATCH_SKIPPED: "バッチの見送り(実行中)",
    Act.BATCH_STOPPED: "バッチの停止",
    Act.BATCH_DONE: "バッチの正常終了",
    Act.BATCH_FAILED: "バッチの異常終了",
    Act.BATCH_FILE_OPENED: "バッチの結果の書出し",
    Act.OPENING_ASKED: "閲覧の申請",
    Act.OPENING_DECIDED: "閲覧の決定",
    Act.APPROVAL_ASKED: "承認の申請",
    Act.APPROVAL_GIVEN: "承認",
    Act.APPROVAL_REFUSED: "承認の申請の却下",
    Act.APPROVAL_WITNESSED: "立会い",
    Act.APPROVAL_WITHDRAWN: "承認の申請の取下げ",
    Act.APPROVAL_VOIDED: "承認の無効",
    Act.APPROVAL_EXECUTED: "承認された操作の実行",
    Act.OUTPUT_TAKEN: "出力したファイルの受渡し",
    Act.OUTPUT_RECEIVED: "出力したファイルの受領",
    Act.LEDGER_ENTERED: "管理簿の記入",
    Act.LEDGER_ADDED: "管理簿の訂正・経過・完了",
    Act.LEDGER_OPENED: "管理簿の氏名の照会",
    Act.LEDGER_EXPORTED: "管理簿の書出し",
    Act.LEDGER_PRINTED: "受付票の印刷",
    Act.BACKUP_MADE: "バックアップ",
    Act.BACKUP_TAKEN_OUT: "バックアップの持出し",
    Act.BACKUP_REFUSED: "バックアップの持出しの拒否",
    Act.KEY_ROTATED: "鍵の更新",
    Act.KEY_RETIRED: "古い鍵の廃止",
}
