"""The top bar and the palette of a signed-on officer: what waits, and what can be done from any screen."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from daicho.access.actor import Actor, Right
from daicho.access.decision import holds
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.desk.forms.catalogue import FORMS
from daicho.register.desk.queues import counts
from daicho.register.environment import current
from daicho.register.screens import manual
from daicho.register.screens.words import reason_word
from daicho.ui.frame import Command, Frame, QueueCount

SHOWN = (("open", "受付中"), ("returned", "差戻し"), ("review", "審査待ち"), ("decision", "決裁待ち"))
READINGS = {
    "転入": "てんにゅう",
    "転居": "てんきょ",
    "転出": "てんしゅつ",
    "国外転出": "こくがいてんしゅつ",
    "出生": "しゅっしょう",
    "死亡": "しぼう",
    "国外転入など": "こくがいてんにゅう みとどけ",
    "世帯分離": "せたいぶんり",
    "世帯合併": "せたいがっぺい",
    "世帯変更": "せたいへんこう",
    "世帯主変更": "せたいぬしへんこう",
    "帰化・国籍取得": "きか こくせきしゅとく",
    "国籍喪失": "こくせきそうしつ",
    "職権記載": "しょっけんきさい",
    "職権消除": "しょっけんしょうじょ",
    "改製": "かいせい",
    "再製": "さいせい",
    "異動の取消し（増）": "いどうのとりけし",
    "異動の取消し（減）": "いどうのとりけし",
    "異動の取消し（修正）": "いどうのとりけし",
    "軽微な修正": "けいびなしゅうせい",
    "職権修正": "しょっけんしゅうせい",
    "誤記修正": "ごきしゅうせい",
    "旧氏の記載": "きゅううじのきさい きゅうし",
    "旧氏の変更": "きゅううじのへんこう きゅうし",
    "旧氏の削除": "きゅううじのさくじょ きゅうし",
    "通称の記載": "つうしょうのきさい",
    "通称の削除": "つうしょうのさくじょ",
    "個人番号の変更請求": "こじんばんごうのへんこうせいきゅう",
    "個人番号の職権修正": "こじんばんごうのしょっけんしゅうせい",
    "個人番号の職権記載": "こじんばんごうのしょっけんきさい",
    "住民票コードの変更請求": "じゅうみんひょうこーどのへんこうせいきゅう",
    "住民票コードの職権記載": "じゅうみんひょうこーどのしょっけんきさい",
}


_NEWCOMERS = (Reason.MOVE_IN, Reason.MOVE_IN_ABROAD)
"""Whose family need not have to do with the household on the screen; who joins one begins there."""


class Waiting(Sequence[QueueCount]):
    """The counts of an office, asked for only when a page draws them. Without the database there are none."""

    def __init__(self, office: str) -> None:
        """`office`: whose queues."""
        self._office = office
        self._known: tuple[QueueCount, ...] | None = None

    def _counts(self) -> tuple[QueueCount, ...]:
        if self._known is None:
            try:
                with current().database.transaction() as connection:
                    found = counts(connection, self._office)
            except DaichoError:
                self._known = ()
            else:
                self._known = tuple(
                    QueueCount(
                        word,
                        found[name].count,
                        f"{reverse('home')}?queue={name}",
                        name == "returned" and found[name].count > 0,
                    )
                    for name, word in SHOWN
                )
        return self._known

    @overload
    def __getitem__(self, index: int) -> QueueCount: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[QueueCount]: ...

    def __getitem__(self, index: int | slice) -> QueueCount | Sequence[QueueCount]:
        """One or some of the counts."""
        return self._counts()[index]

    def __len__(self) -> int:
        """How many queues are shown."""
        return len(self._counts())

    def __iter__(self) -> Iterator[QueueCount]:
        """The counts in their fixed order."""
        return iter(self._counts())


def commands(actor: Actor) -> tuple[Command, ...]:
    """What this officer can start from the palette, by name, reading or reason code."""
    today = current().clock.today()
    found: list[Command] = []
    if holds(actor, Right.PERSON_SEARCH, on=today):
        found.append(Command("人・世帯の検索", reverse("search"), "カナ・氏名・生年月日・住所・番号", "けんさく", "F2"))
    if holds(actor, Right.CASE_REVIEW, on=today):
        found.append(Command("審査待ち", reverse("case-review-queue"), "審査と決裁を待つ件", "しんさ"))
    if holds(actor, Right.PERSON_READ, on=today):
        found.append(
            Command("転入通知未着者一覧", reverse("awaited"), "転入通知の受理・未着の照会", "てんにゅうつうち みちゃく")
        )
        found.append(
            Command(
                "世帯主変更依頼の対象者一覧", reverse("headless"), "世帯主のいない世帯", "せたいぬしへんこう いらい"
            )
        )
    if holds(actor, Right.SUPPRESSION_SET, on=today):
        found.append(Command("抑止対象者一覧", reverse("suppressed"), "抑止・期限を過ぎたもの", "よくし"))
    if holds(actor, Right.PROTECTION_READ, on=today):
        found.append(
            Command("区分 K の一覧", reverse("protections"), "続いている措置・期限・通知", "しえんそち くぶん")
        )
    if holds(actor, Right.PROTECTION_OPEN, on=today):
        found.append(Command("閲覧の申請と承認", reverse("openings"), "区分 K の記録を見る・交付する", "えつらん"))
    if holds(actor, Right.CASE_ENTER, on=today):
        found.append(
            Command(
                "住民票コードの未付番と在庫", reverse("unnumbered"), "コードのない人・空きコード", "みふばん ざいこ"
            )
        )
        found += [
            Command(
                f"{reason_word(reason)}を受け付ける",
                f"{reverse('case-new')}?reason={reason.key}",
                f"事由 {reason.key}",
                f"{READINGS[reason_word(reason)]} {reason.key}",
                reason.key,
                "届出",
                "plus",
                goes_on=reason not in _NEWCOMERS,
            )
            for reason in sorted(FORMS, key=lambda reason: reason.key)
        ]
    found += [
        Command(label, reverse(name), hint, reading, group="管理")
        for right, label, name, hint, reading in KEPT_BESIDE
        if holds(actor, right, on=today)
    ]
    if settings.COMMONS_URL and holds(actor, Right.USER_ADMIN, on=today):
        officers = f"{settings.COMMONS_URL}/officers"
        found.append(
            Command("職員の管理", officers, "共通基盤: 発行・停止・役割・端末", "しょくいんのかんり", group="管理")
        )
    return tuple(found)


KEPT_BESIDE = (
    (Right.APPROVAL_USE, "承認", "approvals", "大量出力・媒体・廃棄などの申請と承認", "しょうにん"),
    (
        Right.PERSON_SEARCH,
        "項目ごとの検索",
        "search-advanced",
        "一部・範囲・続柄・方書・空欄など",
        "こうもくごとのけんさく",
    ),
    (Right.CASE_DECIDE, "一覧での決裁", "case-decisions", "支所ごとに選んで登録する", "いちらんでのけっさい"),
    (
        Right.PERSON_SEARCH,
        "同一人の結付け",
        "same-person",
        "二つの記録が一人と分かったとき",
        "どういつにんのむすびつけ",
    ),
    (Right.TRAIL_READ, "操作履歴", "trail", "誰が見たか・職員の操作・異常な操作", "そうさりれき"),
    (Right.WIRE_MANAGE, "電文の送信待ち", "wire-backlog", "届いていない・拒否された電文", "でんぶんのそうしんまち"),
    (Right.MASTER_EDIT, "マスタの管理", "masters", "町字・方書・元号・公印・コード", "ますたのかんり"),
    (
        Right.RETENTION_REQUEST,
        "除票の保存と廃棄",
        "retention",
        "保存期間150年・廃棄の申請と承認",
        "じょひょうのほぞんとはいき",
    ),
    (Right.BATCH_RUN, "バッチの管理", "batches", "起動・予約・停止・結果", "ばっちのかんり"),
    (Right.CERTIFICATE_HISTORY, "発行の台帳", "issues", "今日の紙、枚数の突合、交付履歴の検索", "はっこうのだいちょう"),
    (Right.CERTIFICATE_ISSUE, "閲覧用リスト", "inspection", "住民基本台帳の一部の写し", "えつらんようりすと"),
    (Right.CERTIFICATE_HISTORY, "確認コードを調べる", "certificate-verify", "証明書の左下の16文字", "かくにんこーど"),
    (Right.ALERT_RATES, "注意の集計", "alert-rates", "注意ごとに通した割合", "ちゅういのしゅうけい"),
)
"""Screens beside the cases: right, label, page, hint, reading."""


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor, after that of the ui room: counts and commands for whoever is signed on."""
    base = getattr(request, "frame", None) or Frame()
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return {"frame": base}
    match = request.resolver_match
    address = manual.address_for(match.url_name or "" if match else "")
    own = Command("画面の説明", address, "この画面で何ができるか・進め方", "せつめい へるぷ まにゅある", icon="info")
    found = (*base.commands, *commands(actor), own)
    return {"frame": replace(base, queues=Waiting(actor.office), commands=found, manual_url=address)}
