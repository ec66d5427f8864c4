"""The whole register as one file, in the form that another system takes over (functions of take-over; R-USE-15, R-USE-19)."""

import csv
from collections.abc import Sequence

from daicho.access.actor import Actor, Purpose
from daicho.access.approvals.content import Condition, Request
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Live
from daicho.access.approvals.subject import Sink, Subject
from daicho.register.exports import take_over_file
from daicho.register.takeover.items import NAMES
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


class TextSink:
    """Text into a sink of bytes, as UTF-8."""

    def __init__(self, sink: Sink) -> None:
        """`sink`: where the bytes go."""
        self._sink = sink

    def write(self, text: str, /) -> object:
        """Take some text."""
        return self._sink.write(text.encode())


class TakeOverFile(Subject):
    """The 93 items of everybody on the register, numbers in clear; who is hidden is left out (STD 3.4)."""

    key = "take-over-file"
    word = "移行ファイルの書出し"
    kinds = (Kind.MEDIA_OUTPUT, Kind.BULK_OUTPUT)
    is_offered = True
    file_name = "take-over.csv"

    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        """There is one condition: everybody who is not hidden."""
        return Live({"form": "take-over", "hidden": "left out"}, take_over_file.count(connection, env))

    def items(self, condition: Condition) -> tuple[str, ...]:
        """All items of the file."""
        return NAMES

    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        """In words."""
        return (("対象", "台帳の全員(除票を含む)"), ("除くもの", "支援措置などで所在を示せない人"))

    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        """Write the file."""
        writer = csv.writer(TextSink(sink), lineterminator="\n")
        written = -1  # the headings are no person
        for line in take_over_file.lines(connection, env):
            writer.writerow(line)
            written += 1
        left_out = take_over_file.left_out(connection, env)
        record_act(
            connection,
            env,
            actor,
            Act.REGISTER_EXPORTED,
            purpose=Purpose.SYSTEM_OPERATION,
            detail={
                "form": "take-over file",
                "persons": written,
                "left_out": left_out,
                "approval": request.approval_id,
            },
        )
        return written
