"""What the card management system holds: the newest dispatch data, numbers with their last four digits."""

from daicho.law.errors import DaichoError
from daicho.wire.environment import Environment, Row
from daicho.world.page import document, masked, text

NEWEST = 50
TITLE = "個人番号カード管理システム（模擬）"
_COLUMNS = ("受信時刻", "送付先管理番号", "送付先氏名", "送付先住所", "氏名", "代替文字氏名", "個人番号", "ローマ字")


def show(env: Environment, _asked: dict[str, str]) -> str:
    """The page."""
    try:
        with env.database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM cards.dispatch ORDER BY received_at DESC LIMIT %s", (NEWEST,)
            ).fetchall()
    except (DaichoError, OSError):
        return document(TITLE, "<p>記録を読めません。</p>")
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return document(TITLE, f"<table><tr>{head}</tr>{''.join(map(_line, rows))}</table>")


def _line(row: Row) -> str:
    items = row["items"]
    cells = (
        f"{row['received_at']:%Y-%m-%d %H:%M:%S}", items["dispatch_no"], items["addressee"], items["address"],
        items["name"], items["substitute_name"], masked(items["individual_number"]), items["roman_name"],
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in cells)}</tr>"
