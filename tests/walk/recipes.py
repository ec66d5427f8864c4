"""Arguments for every route, operation and command: the table that the walk goes by (docs/door.md).

A new route is walked by itself as long as its parameters stand in ARGUMENTS. A parameter with a new meaning gets a line
there, or in SPECIAL for one route alone (`route.parameter`). What a form or an operation needs to get past its first
check stands in FORMS and BODIES; without a line it is called with an empty form, an operation with a body must have one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.protection.build import Refuge


@dataclass(frozen=True, slots=True)
class Scene:
    """What the walk goes through: a family that has fled, a case and a change about it."""

    refuge: Refuge
    case_number: str
    change_id: int


Values = Callable[[Scene], list[Any]]

ARGUMENTS: Mapping[str, Values] = {
    "household_id": lambda s: [s.refuge.new_household, s.refuge.old_household],
    "person_id": lambda s: [s.refuge.mother, s.refuge.grandmother],
    "number": lambda s: [s.case_number],
    "change_id": lambda s: [s.change_id],
    "certificate_id": lambda _: [1],
    "application_id": lambda _: [1],
    "link_id": lambda _: [1],
    "memo_id": lambda _: [1],
    "batch_id": lambda _: [1],
    "protection_id": lambda s: [s.refuge.protection_id],
    "release_id": lambda _: [1],
    "opening_id": lambda _: [1],
    "suppression_id": lambda _: [1],
    "page": lambda _: [1],
    "record_no": lambda _: [1],
    "kind": lambda _: ["individual_number", "resident_code"],
    "key": lambda _: ["town", "place", "keys"],
    "disposal_id": lambda _: [1],
    "run_id": lambda _: [1],
    "plan_id": lambda _: [1],
    "file_id": lambda _: [1],
    "job": lambda _: ["awaited", "retention"],
    "version": lambda _: ["1"],
    "approval_id": lambda _: [1],
    "tab": lambda _: ["waiting", "mine", "done"],
    "subject": lambda _: ["take-over-file"],
    "name": lambda _: ["css/frame.css"],
    "block": lambda _: ["b00"],
}
"""By parameter name: the values to call with; where a person or household is meant, those who are hidden."""

SPECIAL: Mapping[str, Values] = {
    "search-result.number": lambda _: [1],
    "search-pair.number": lambda _: [1],
    "trail-person.number": lambda _: [1],
    "trail-person-csv.number": lambda _: [1],
    "trail-person-pdf.number": lambda _: [1],
}
"""By route and parameter, where the name means something else there."""

QUERIES: Mapping[str, Callable[[Scene], list[str]]] = {
    "household": lambda s: ["", f"person={s.refuge.mother}"],
    "household-past": lambda s: ["on=R8.4.10&as=now", f"on=R8.4.25&as=now&person={s.refuge.mother}"],
    "household-compare": lambda s: ["on=R8.4.10&as=now", f"on=R8.4.10&as=now&person={s.refuge.mother}"],
    "certificate-new": lambda s: ["", f"person={s.refuge.mother}"],
    "search-pair": lambda s: [f"have={s.refuge.mother}.1&add={s.refuge.husband}.2"],
    "same-person-new": lambda s: [f"a={s.refuge.mother}&b={s.refuge.husband}"],
    "home": lambda _: [f"queue={name}" for name in ("open", "review", "deadlines")],
    "case-new": lambda s: [f"household={s.refuge.new_household}&person={s.refuge.mother}"],
    "trail-officer": lambda _: ["officer=clerk1"],
}
"""Query strings of pages that show more for some."""

FORMS: Mapping[str, Callable[[Scene], dict[str, str]]] = {
    "search": lambda _: {"q": "ニイジマ", "purpose": "04"},
    "case-suggest": lambda s: {"q": "石原", "field": "town"},
    "person-number": lambda _: {"purpose": "04"},
    "case-new": lambda s: {
        "reason": "31", "notifier": "1", "name": "髙橋　美咲", "document": "01", "token": "walk",
        "household": str(s.refuge.new_household), "person": str(s.refuge.mother),
    },
    "case-live": lambda _: {"town": "石原", "lot": "77-7"},
    "receive-notice": lambda s: {
        "token": "walk", "household": str(s.refuge.new_household), "person": str(s.refuge.mother),
    },
    "trail-ask": lambda s: {"number": "0000000019", "person": str(s.refuge.mother)},
    "same-person-new": lambda s: {"a": str(s.refuge.mother), "b": str(s.refuge.husband), "reason": "31"},
    "issues": lambda _: {"since": "R8.1.1", "until": "R8.12.31"},
    "letters": lambda s: {"kind": "acceptance_notice", "change": str(s.change_id)},
    "inspection": lambda _: {
        "town": "11202001002", "authority": "6", "requester": "世論調査会", "document": "2", "use": "12", "reason": "x",
    },
}  # fmt: skip
"""Forms as they are sent, by route."""

BODIES: Mapping[str, Callable[[Scene], Any]] = {
    "search_people": lambda _: {"text": "タカハシ", "purpose": "04"},
    "receive_case": lambda s: {
        "token": "walk", "reason": "move_out", "household_id": s.refuge.new_household, "person_id": s.refuge.mother,
    },
    "save_draft": lambda _: {"version": 1, "typed": {"household": "1"}},
    "check_case": lambda _: {"version": 1},
    "decide_candidate": lambda s: {
        "version": 1, "row": "p1", "person_id": s.refuge.mother, "same": False, "reason": "01",
    },
    "send_case": lambda _: {"version": 1},
    "rekey_case": lambda _: {"keyed": {}},
    "approve_case": lambda _: {"version": 1},
    "decide_case": lambda _: {"version": 1},
    "return_case": lambda _: {"version": 1, "comments": [{"field": "", "text": "x"}]},
    "park_case": lambda _: {"version": 1, "reason": "x"},
    "withdraw_case": lambda _: {"version": 1, "reason": "x"},
    "refuse_case": lambda _: {"version": 1, "reason": "x"},
    "reserve_copies": lambda s: {
        "household_id": s.refuge.new_household, "authority": "1", "requester_person": s.refuge.mother,
        "identity_document": "1", "use_code": "01",
    },
    "release_copies": lambda _: {"digests": []},
}  # fmt: skip
"""What an operation of the API is sent, by its operation id."""

API_QUERIES: Mapping[str, Callable[[Scene], list[str]]] = {
    "household": lambda _: ["purpose=04", "purpose=04&on=2026-04-10", "purpose=04&on=2026-04-25"],
}
"""Query strings of operations."""

NOT_WALKED: Mapping[str, str] = {
    "lock": "locks the walker's own session; shows a page without content",
    "unlock": "answers a password; shows nothing of the register",
    "sign-off": "ends the walker's own session",
    "api-sign-off": "ends the walker's own session",
    "sign_off": "ends the walker's own session",
    "trail-checkpoint": "roots of the trail, which hold digests alone",
}
"""Routes and operations that are not called, each with its reason."""

COMMANDS: Mapping[str, str] = {
    "backup": "tests/backup: names, sizes and positions of backups; the files are encrypted",
    "bench": "measures; prints figures",
    "code": "one-time codes of demo officers",
    "conformance": "the table of requirements",
    "connector": "states, compares and counts; prints counts and numbers of messages",
    "down": "stops processes",
    "exchange": "tests/commons: systems, positions, codes and counts; the lists of recipients name offices",
    "export": "tests/protection/test_incidents.py: the file leaves hidden persons out; --canonical is for synthetic people",
    "import_file": "tests/takeover: its report names rows and items, no values",
    "keys": "tests/store/test_resealing.py: names and versions of keys, never a key; counts of numbers",
    "rebuild": "derived tables; prints counts",
    "status": "states and backlogs; prints counts",
    "test": "runs the tests",
    "tour": "walks through with people of its own",
    "restore_drill": "tests/backup: names of tables and counts",
    "trail": "verifies the trail; prints numbers and digests",
    "up": "starts processes; prints addresses and demo sign-ons",
    "wire": "prints links, kinds and ages of what waits",
    "world": "switches faults of those outside on and off",
}
"""Every command of the command line with why it tells of nobody, or the test that shows it."""
