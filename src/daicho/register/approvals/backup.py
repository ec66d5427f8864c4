"""Taking a backup out of the server room, approved by the officer responsible for security (R-USE-18).

Carrying it out releases one backup, once; the console then copies it (`./daicho backup take-out`). It stays encrypted.
"""

from collections.abc import Sequence

from daicho.access.actor import Actor
from daicho.access.approvals.content import Condition, Request
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Live
from daicho.access.approvals.subject import Sink, Subject
from daicho.register import backups
from daicho.wire.environment import Connection, Environment


class BackupTakeOut(Subject):
    """One backup of all databases."""

    key = "backup-take-out"
    word = "バックアップの持出し"
    kinds = (Kind.BACKUP_TAKE_OUT,)
    is_offered = True

    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        """The backup that was the newest when it was asked for; none when it has been removed since."""
        name = str(condition.get("backup") or backups.newest(connection) or "")
        return Live({"backup": name}, int(backups.is_there(connection, name)))

    def items(self, condition: Condition) -> tuple[str, ...]:
        """Everything."""
        return ("全データベースの内容(暗号化したまま)", "コミット記録(WAL)")

    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        """In words."""
        return (("バックアップ", str(condition["backup"])), ("鍵", "含まない(別に保管)"))

    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        """Release it; the console copies."""
        name = str(request.wanted.condition["backup"])
        backups.release(connection, env, request.approval_id, name, request.wanted.valid_until)
        return 1
