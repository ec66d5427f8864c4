"""The trail: written with the act or not at all, kept by month, telling nothing about people by itself."""

import threading
from datetime import date
from pathlib import Path

import pytest

from daicho.access.actor import Purpose
from daicho.trail import entry as module
from daicho.trail.act import Act
from daicho.trail.entry import Entry, _drawn, digest, record, record_act, record_all, record_command
from daicho.trail.request import request_id
from daicho.wire.environment import Environment
from tests.people import CLERK


def test_entries_of_threads_and_forks_never_share_an_id(environment: Environment) -> None:
    made: list[int] = []

    def write() -> None:
        for _ in range(20):
            with environment.database.transaction() as connection:
                made.append(record_act(connection, environment, CLERK, Act.SEARCH))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 60
    assert environment.ids in _drawn
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert "os.register_at_fork(after_in_child=_drawn.clear)" in source


def test_entries_written_at_once_are_those_written_one_by_one(environment: Environment) -> None:
    first = Entry(
        act=Act.CHANGE_REGISTERED, officer_id="clerk1", terminal_id="T001", purpose=Purpose.REVIEW, subjects=(5, 4),
        case_id=7, digest_before=bytes(range(32)), digest_after=b"\\" * 32, detail={"persons": 2, "what": "氏名\n"},
    )  # fmt: skip
    second = Entry(act=Act.SEARCH, officer_id="clerk2", terminal_id="T002", refused=True, number_shown=True)
    with environment.database.transaction() as connection:
        together = record_all(connection, environment, [first, second])
        alone = [record(connection, environment, entry) for entry in (first, second)]
        assert record_all(connection, environment, []) == []
        rows = connection.execute("SELECT * FROM trail.entry ORDER BY entry_id").fetchall()
        people = connection.execute("SELECT entry_id, person_id FROM trail.subject ORDER BY 1, 2").fetchall()
    assert [row.pop("entry_id") for row in rows] == [*together, *alone]
    for row in rows:
        del row["at"], row["xid"]
    assert rows[:2] == rows[2:]
    assert (bytes(rows[0]["digest_before"]), bytes(rows[0]["digest_after"])) == (
        first.digest_before,
        first.digest_after,
    )
    assert (rows[0]["detail"], rows[1]["detail"]) == (first.detail, {})
    assert [(row["entry_id"], row["person_id"]) for row in people] == [
        (entry, person) for entry in (together[0], alone[0]) for person in (4, 5)
    ]


def test_every_act_has_a_word() -> None:
    assert all(act.word for act in Act)
    assert len({act.word for act in Act}) >= len(Act) - 1


def test_an_entry_and_its_subjects_are_written_together(environment: Environment) -> None:
    token = request_id.set("r1")
    try:
        with environment.database.transaction() as connection:
            entry_id = record_act(
                connection, environment, CLERK, Act.SEARCH, purpose=Purpose.REVIEW, subjects=[3, 2, 3], detail={"n": 2}
            )
    finally:
        request_id.reset(token)
    with environment.database.transaction() as connection:
        entry = connection.execute("SELECT * FROM trail.entry").fetchone()
        assert entry is not None
        assert (entry["entry_id"], entry["officer"], entry["terminal"], entry["purpose"], entry["request_id"]) == (
            entry_id,
            "clerk1",
            "T001",
            "03",
            "r1",
        )
        subjects = connection.execute("SELECT person_id FROM trail.subject ORDER BY person_id").fetchall()
        assert [row["person_id"] for row in subjects] == [2, 3]


def test_an_act_that_is_rolled_back_leaves_no_entry(environment: Environment) -> None:
    with pytest.raises(RuntimeError), environment.database.transaction() as connection:
        record_act(connection, environment, CLERK, Act.SEARCH)
        raise RuntimeError
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT count(*) AS n FROM trail.entry").fetchone() == {"n": 0}


def test_months_are_partitions_made_ahead(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        for _ in range(2):
            connection.execute("SELECT trail.ensure_month(%s)", (date(2026, 4, 15),))
            connection.execute("SELECT wire.ensure_month(%s)", (date(2026, 4, 15),))
        record_act(connection, environment, CLERK, Act.SEARCH)
        row = connection.execute("SELECT tableoid::regclass::text AS name FROM trail.entry").fetchone()
        assert row == {"name": "trail.entry_202604"}


def test_a_digest_depends_on_content_and_key(environment: Environment) -> None:
    assert digest(environment, [1, "二"]) == digest(environment, [1, "二"])
    assert digest(environment, [1, "二"]) != digest(environment, [1, "三"])


def test_what_is_done_at_the_command_line_is_an_act_of_the_console(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        record_command(connection, environment, Act.REGISTER_EXPORTED, {"persons": 4})
        entry = connection.execute("SELECT * FROM trail.entry").fetchone()
    assert entry is not None
    assert (entry["officer"], entry["terminal"], entry["purpose"]) == ("console", "console", "09")
    assert (entry["detail"], entry["refused"]) == ({"persons": 4}, False)
