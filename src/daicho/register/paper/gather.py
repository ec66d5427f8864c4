"""What is read for which kind of paper, at a preview and again before handing over."""

from collections.abc import Sequence
from datetime import date

from daicho.register.paper import reader
from daicho.register.paper.application import Application
from daicho.register.paper.errors import NobodyChosen
from daicho.register.paper.facts import Subject
from daicho.register.paper.kinds.catalogue import About, Kind, kind_of
from daicho.register.paper.kinds.values import choose
from daicho.register.paper.reader import Read
from daicho.wire.environment import Connection, Environment


def gather(connection: Connection, env: Environment, application: Application, on: date) -> Read:
    """The records that a paper speaks of, as known now. Nobody where the household or the persons are not there."""
    kind = kind_of(application.kind)
    items = application.items | kind.always
    if kind.about is About.REMOVED:
        read = reader.removed(connection, env, application.person_ids, on, items)
    else:
        read = reader.residents_of(connection, env, application.household_id or 0, on, items)
    people = application.person_ids if kind.has_history else ()
    return reader.with_history(connection, read, people) if people else read


def printed(kind: Kind, read: Read, person_ids: Sequence[int]) -> list[Subject]:
    """Those of the records read who stand on the paper. Raises NobodyChosen."""
    if kind.about is About.HOUSEHOLD:
        return choose(read.facts.members, person_ids)
    chosen = [member for member in read.facts.members if member.person_id in person_ids]
    if len(chosen) != len(set(person_ids)):
        raise NobodyChosen(field="persons")
    return choose(chosen, person_ids, resident=kind.about is not About.REMOVED)
