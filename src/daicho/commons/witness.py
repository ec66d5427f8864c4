"""The common platform as witness of other systems' trails: it takes a root only with the proof that nothing before was changed.

A root that does not continue the one seen before is refused; the sender finds the signed refusal among its dead letters.
"""

from daicho.trail import witness
from daicho.trail.offline import ProofFailed
from daicho.wire.contracts.trail_root import TrailRoot
from daicho.wire.environment import Connection, Environment
from daicho.wire.errors import MessageUnreadable, NotTheSigner
from daicho.wire.message import Envelope


def take(connection: Connection, env: Environment, envelope: Envelope, content: TrailRoot) -> None:
    """Remember a root of the sender's own trail. Raises NotTheSigner, MessageUnreadable, NotContinued."""
    if content.seal.log != envelope.sender:
        raise NotTheSigner
    path = [bytes.fromhex(step) for step in content.path]
    try:
        witness.remember(connection, env, content.seal.model_dump(), bytes.fromhex(content.public_key), path)
    except ProofFailed:
        raise MessageUnreadable from None
