"""The ledger of acts with user IDs and roles (controls R-USE-09, R-USE-11, I-USE-05): what happened, by whom, why.

Rows only grow: a trigger of the database refuses anything else, and a constraint refuses an act on one's own user ID.
"""

from dataclasses import dataclass
from datetime import date

from daicho.signon.acts import note
from daicho.signon.errors import OwnRights
from daicho.signon.models import OfficerLedger
from daicho.trail.act import Act
from daicho.trail.entry import CONSOLE
from daicho.wire.environment import Environment

ACT_WORDS = {
    "asked": "申請",
    "refused": "申請の却下",
    "taken_back": "申請の取下げ",
    "added": "発行",
    "reset": "パスワードと認証器の再発行",
    "stopped": "停止(コンソール)",
    "suspended": "停止",
    "resumed": "停止の解除",
    "withdrawn": "廃止",
    "term": "期限の変更",
    "role_given": "役割の付与",
    "role_ended": "役割の終了",
    "expired": "期限による失効",
    "file_loaded": "人事の異動の取込み",
    "file_refused": "人事の異動の却下",
    "reviewed": "見直し",
    "transfer": "異動の予定",
    "retirement": "退職の予定",
    "leave": "休職の予定",
    "return": "復職の予定",
    "terminal_new": "端末の登録",
    "terminal": "端末の変更",
    "terminal_key": "端末の鍵の登録し直し",
    "terminal_end": "端末の使用終了",
}
REVOKING = ("stopped", "suspended", "withdrawn", "role_ended", "retirement", "leave", "expired")
"""The acts of the ledger of revocations."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts on a user ID, at which terminal."""

    officer_id: str
    terminal_id: str

    def require_other(self, officer_id: str) -> None:
        """Refuse (OwnRights) an act on one's own user ID."""
        if self.officer_id == officer_id:
            raise OwnRights


AT_CONSOLE = By(CONSOLE, CONSOLE)


@dataclass(frozen=True, slots=True)
class Detail:
    """What an act was about: a role and its period, or the term of the user ID; and the reason as typed."""

    reason: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None


def write(env: Environment, by: By, act: str, officer_id: str, detail: Detail | None = None) -> None:
    """Write an act into the ledger and the trail, in the transaction that is open. The reason stays out of the trail.

    At the console nobody has signed on: the trail then names the user ID concerned, as it always did.
    """
    what = detail or Detail()
    OfficerLedger.objects.create(
        officer=officer_id,
        at=env.clock.now(),
        act=act,
        role=what.role,
        since=what.since,
        until=what.until,
        by=by.officer_id,
        reason=what.reason,
    )
    if by == AT_CONSOLE:
        note(env, Act.OFFICER_CHANGED, officer_id, CONSOLE, why=act)
    else:
        note(env, Act.OFFICER_CHANGED, by.officer_id, by.terminal_id, why=act, about=officer_id)
