"""The top bar of a signed-on officer's pages."""

from django.conf import settings
from django.http import HttpRequest

from daicho.signon import rules
from daicho.signon.models import OfficerSession
from daicho.ui.frame import Command, Frame
from daicho.wire.environment import current

COMMANDS = (
    Command("ホーム", "/", "待ちの一覧", "ほーむ"),
    Command("設定", "/settings", "パスワード・文字の大きさ・サインオフ", "せってい"),
)


def show_frame(request: HttpRequest, session: OfficerSession) -> None:
    """Give the request its frame: office, desk, officer. Screens add their counts with `dataclasses.replace`."""
    officer, terminal = session.officer, session.terminal
    request.frame = Frame(  # type: ignore[attr-defined]
        environment="production" if settings.PRODUCTION else "synthetic",
        office=officer.place_on(current().clock.today()).office,
        officer=officer.name,
        desk=terminal.name.removeprefix(terminal.office).strip(),
        idle_seconds=int(rules.IDLE.total_seconds()),
        warn_seconds=int(rules.IDLE_WARNING.total_seconds()),
        alive_url="/alive",
        commands=COMMANDS,
        large=officer.large_text,
    )
