"""What the prefecture server holds: counts, the newest updates, and the history of one person."""

from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.wire.environment import Environment, Row
from daicho.world.page import document, masked, text

NEWEST = 50
_STATUS = {"resident": "住民", "moved_out": "転出", "dead": "死亡", "removed": "消除"}
_COLUMNS = ("受信時刻", "住民票コード", "個人番号", "氏名", "生年月日", "住所", "異動事由", "異動日", "更新順", "状態")


def show(env: Environment, asked: dict[str, str]) -> str:
    """The page; `subject` shows one person's whole history."""
    try:
        rows, counts = _read(env, asked.get("subject", ""))
    except (DaichoError, OSError):
        return document("都道府県サーバ（模擬）", "<p>記録を読めません。</p>")
    note = f"<p class='note'>現在 {counts['people']} 人、更新 {counts['updates']} 件。番号は下4桁だけを表示します。</p>"
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return document("都道府県サーバ（模擬）", f"{note}<table><tr>{head}</tr>{''.join(map(_line, rows))}</table>")


def held(env: Environment) -> Row:
    """How many persons stand in the records now, and how many updates there are."""
    return _read(env, "")[1]


def _read(env: Environment, subject: str) -> tuple[list[Row], Row]:
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT * FROM prefecture.record WHERE %(subject)s::bigint IS NULL OR subject = %(subject)s"
            " ORDER BY received_at DESC, update_no DESC LIMIT %(most)s",
            {"subject": int(subject) if subject.isdigit() else None, "most": NEWEST},
        ).fetchall()
        counts = connection.execute(
            "SELECT count(*) FILTER (WHERE superseded_at IS NULL) AS people, count(*) AS updates FROM prefecture.record"
        ).fetchone()
    return rows, counts or {}


def _line(row: Row) -> str:
    status = _STATUS.get(row["record_status"], "") + ("（予定）" if row["planned"] else "")
    cells = (
        f"{row['received_at']:%Y-%m-%d %H:%M:%S}", masked(row["resident_code"]), masked(row["individual_number"]),
        row["name"], row["birth"], row["address"], _word(row["reason"]), row["change_date"], row["update_no"], status,
    )  # fmt: skip
    past = " class='past'" if row["superseded_at"] else ""
    link = f"<td><a href='?subject={row['subject']}'>履歴</a></td>"
    return f"<tr{past}>{''.join(f'<td>{text(cell)}</td>' for cell in cells)}{link}</tr>"


def _word(reason: str) -> str:
    try:
        return Reason(reason).word
    except ValueError:
        return reason
