"""What offices tell of qualifications, handed on to the register: only by who is registered for it, only of persons known here.

The message lies in the inbox with the office's signature, and in the outbox for the register, in one transaction (R-ACQ-03).
"""

from daicho.commons.exchange import subscribers
from daicho.commons.exchange.errors import NotThisQualification, PersonUnknown
from daicho.wire import outbox
from daicho.wire.contracts.qualification_changed import KIND, VERSION, QualificationChanged
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope
from daicho.wire.outbox import LINK_REGISTER


def take(connection: Connection, env: Environment, envelope: Envelope, content: QualificationChanged) -> None:
    """Hand on one person's qualification. Raises NotThisQualification, PersonUnknown, NoSuchSubscriber, NoBasis."""
    registered = subscribers.find(connection, envelope.sender, env.clock.today())
    if registered.qualification != content.qualification.kind or content.office != envelope.sender:
        raise NotThisQualification
    number = content.addressee_number
    if envelope.person != int(number) or not _known(connection, number):
        raise PersonUnknown
    counted = connection.execute(
        "INSERT INTO commons.qualification_count AS c (addressee_number, last_sequence_no) VALUES (%s, 1)"
        " ON CONFLICT (addressee_number) DO UPDATE SET last_sequence_no = c.last_sequence_no + 1"
        " RETURNING last_sequence_no",
        (number,),
    ).fetchone()
    [message_id] = env.ids.take(connection, 1)
    message = outbox.Message(
        message_id=message_id,
        link=LINK_REGISTER,
        kind=KIND,
        version=VERSION,
        person_id=int(number),
        sequence_no=counted["last_sequence_no"] if counted else 1,
        payload=content.model_dump_json(),
    )
    outbox.put(connection, env.clock.now(), [message])


def _known(connection: Connection, number: str) -> bool:
    row = connection.execute("SELECT FROM commons.person WHERE addressee_number = %s", (number,)).fetchone()
    return row is not None
