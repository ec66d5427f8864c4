"""Evidence: whatever the superuser of the database does to the trail is found, and named by its number.

The trail has 30 entries in 15 seals. Each test does its harm as superuser with all triggers off, verifies, and puts
everything back. `verify` is what the command runs.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

import pytest

from daicho.engine.keys import FileKeys
from daicho.trail import checkpoint
from daicho.trail.checkpoint import Checkpoint
from daicho.trail.errors import FileRefused, NotSealed, TrailBroken
from daicho.trail.findings import Finding, Harm, Report
from daicho.trail.verify import Verification
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.trail.sealing import LOG, Trail, sealed_trail, write_one

ENTRIES = 30


@pytest.fixture(scope="module")
def trail(house: House, module_environment: Environment) -> Iterator[Trail]:
    """The sealed trail and who attacks it."""
    with sealed_trail(house, module_environment, ENTRIES) as made:
        yield made


def at(number: int) -> str:
    """The entry of a number, as a condition."""
    return f"entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = {number})"


def verified(trail: Trail, *against: Checkpoint, start: Checkpoint | None = None, chunk: int = 7) -> Report:
    """A run, in small chunks so that seals lie across their ends."""
    return Verification(trail.environment, LOG, start=start, against=against, chunk=chunk).run()


def test_an_untouched_trail_holds(trail: Trail) -> None:
    seen: list[tuple[int, int]] = []
    report = Verification(trail.environment, LOG, chunk=20).run(lambda done, size: seen.append((done, size)))
    assert (report.first, report.size, report.seals, report.broken, report.unsealed) == (1, ENTRIES, 15, 0, 0)
    assert seen == [(20, ENTRIES), (ENTRIES, ENTRIES)]
    assert list(report.lines()) == []
    assert report.first_broken is None


FOUND_AT_17 = [
    ("act", f"UPDATE trail.entry SET act = 'signon.on' WHERE {at(17)}", Harm.ALTERED),
    ("officer", f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}", Harm.ALTERED),
    ("terminal", f"UPDATE trail.entry SET terminal = 'T002' WHERE {at(17)}", Harm.ALTERED),
    ("purpose", f"UPDATE trail.entry SET purpose = '01' WHERE {at(17)}", Harm.ALTERED),
    ("request", f"UPDATE trail.entry SET request_id = 'x' WHERE {at(17)}", Harm.ALTERED),
    ("case", f"UPDATE trail.entry SET case_id = 1 WHERE {at(17)}", Harm.ALTERED),
    ("number shown", f"UPDATE trail.entry SET number_shown = true WHERE {at(17)}", Harm.ALTERED),
    ("refused", f"UPDATE trail.entry SET refused = true WHERE {at(17)}", Harm.ALTERED),
    ("digest", f"UPDATE trail.entry SET digest_before = '\\x00' WHERE {at(17)}", Harm.ALTERED),
    ("digest after", f"UPDATE trail.entry SET digest_after = '\\x00' WHERE {at(17)}", Harm.ALTERED),
    ("detail", f"UPDATE trail.entry SET detail = detail || '{{\"n\": 3}}' WHERE {at(17)}", Harm.ALTERED),
    ("time", f"UPDATE trail.entry SET at = at + interval '1 microsecond' WHERE {at(17)}", Harm.REMOVED),
    ("entry removed", f"DELETE FROM trail.entry WHERE {at(17)}", Harm.REMOVED),
    ("subject changed", f"UPDATE trail.subject SET person_id = 9 WHERE person_id = 7 AND {at(17)}", Harm.ALTERED),
    ("subject removed", f"DELETE FROM trail.subject WHERE person_id = 8 AND {at(17)}", Harm.ALTERED),
    ("subject added", f"INSERT INTO trail.subject SELECT entry_id, at, 99 FROM trail.entry WHERE {at(17)}", Harm.ALTERED),
    ("leaf hash", "UPDATE trail.leaf SET leaf_hash = sha256('x') WHERE seq = 17", Harm.LEAF),
    ("leaf mark", "UPDATE trail.leaf SET mark = substr(sha256('x'), 1, 16) WHERE seq = 17", Harm.FORGED),
    ("leaf removed", "DELETE FROM trail.leaf WHERE seq = 17", Harm.LEAF_REMOVED),
    (
        "leaf and entry removed",
        f"WITH gone AS (DELETE FROM trail.entry WHERE {at(17)}) DELETE FROM trail.leaf WHERE seq = 17",
        Harm.LEAF_REMOVED,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "kind"), [case[1:] for case in FOUND_AT_17], ids=[case[0] for case in FOUND_AT_17])
def test_harm_to_one_entry_is_found_at_its_number(trail: Trail, harm: str, kind: Harm) -> None:
    with trail.harmed(harm):
        report = verified(trail)
    assert report.first_broken == 17
    assert Finding(kind, 17, 17) in report.findings
    assert {found.first for found in report.findings} == {17}


def test_two_entries_that_changed_places_are_both_found(trail: Trail) -> None:
    with trail.harmed(
        "UPDATE trail.leaf SET seq = 1000 WHERE seq = 12",
        "UPDATE trail.leaf SET seq = 12 WHERE seq = 19",
        "UPDATE trail.leaf SET seq = 19 WHERE seq = 1000",
    ):
        report = verified(trail)
    assert [finding.first for finding in report.findings if finding.harm is Harm.FORGED] == [12, 19]
    assert report.first_broken == 12


def test_an_entry_forged_with_its_leaf_is_found_at_its_number(trail: Trail) -> None:
    """The superuser changes the entry and computes the leaf hash anew: the mark, whose key is elsewhere, does not fit."""
    with trail.harmed(f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}"):
        trail.hash_again(17)
        report = verified(trail)
    assert report.findings[0] == Finding(Harm.FORGED, 17, 17)
    assert report.broken == 1


def test_whoever_has_the_key_of_marks_too_still_needs_the_key_of_seals(trail: Trail) -> None:
    with trail.harmed(f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}"):
        trail.hash_again(17, marked=True)
        report = verified(trail)
    assert report.findings == [Finding(Harm.ROOT, 17, 18)]  # the seal that covers the entry


def test_an_entry_put_in_among_old_ones_is_found(trail: Trail) -> None:
    """Same moment, an old transaction: it was visible to the last seal and yet has no number."""
    with trail.harmed(
        "INSERT INTO trail.entry SELECT 1, at + interval '1 microsecond', act, officer, terminal, purpose, request_id,"
        f" case_id, number_shown, refused, digest_before, digest_after, detail, xid FROM trail.entry WHERE {at(17)}"
    ):
        report = verified(trail)
    assert report.findings == [Finding(Harm.INSERTED, 18, 18)]


def test_an_entry_put_in_before_all_others_is_found(trail: Trail) -> None:
    with trail.harmed(
        "INSERT INTO trail.entry SELECT 1, '2020-01-01', act, officer, terminal, purpose, request_id,"
        f" case_id, number_shown, refused, digest_before, digest_after, detail, xid FROM trail.entry WHERE {at(1)}"
    ):
        report = verified(trail)
    assert report.findings == [Finding(Harm.INSERTED, 1, 1)]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE trail.seal SET root = sha256('x') WHERE batch_no = 8",
        "UPDATE trail.seal SET signature = sha256('x') || sha256('y') WHERE batch_no = 8",
        "UPDATE trail.seal SET sealed_at = sealed_at + interval '1 second' WHERE batch_no = 8",
        "UPDATE trail.seal SET log = 'other' WHERE batch_no = 8",
        "UPDATE trail.seal SET key_version = 9 WHERE batch_no = 8",
        "UPDATE trail.seal SET encoding = 2 WHERE batch_no = 8",
    ],
)
def test_a_changed_seal_is_found(trail: Trail, harm: str) -> None:
    with trail.harmed(harm):
        report = verified(trail)
    assert Finding(Harm.SEAL, 15, 16) in report.findings
    assert report.first_broken == 15


def test_a_seal_that_names_an_unknown_key_of_marks_is_found(trail: Trail) -> None:
    with trail.harmed("UPDATE trail.seal SET mark_version = 9 WHERE batch_no = 8"):
        report = verified(trail)
    assert [finding.first for finding in report.findings] == [15, 16]


def test_a_missing_seal_is_found(trail: Trail) -> None:
    with trail.harmed("DELETE FROM trail.seal WHERE batch_no = 8"):
        assert verified(trail).findings == [Finding(Harm.SEAL, 15, 18)]


def test_a_changed_or_missing_kept_root_is_found(house: House, environment: Environment) -> None:
    with sealed_trail(house, environment, 1026, each=1026) as large:
        assert verified(large, chunk=600).broken == 0
        assert verified(large, chunk=5000).broken == 0
        with large.harmed("UPDATE trail.node SET hash = sha256('x')"):
            assert verified(large, chunk=600).findings == [Finding(Harm.NODE, 1, 1024)]
        with large.harmed("DELETE FROM trail.node"):
            assert verified(large, chunk=600).findings == [Finding(Harm.NODE, 1, 1024)]
            with pytest.raises(TrailBroken), large.environment.database.transaction() as connection:
                checkpoint.newest(connection, large.environment.keys)
        with large.harmed("UPDATE trail.entry SET officer = 'x'"):
            report = verified(large)
            assert report.broken == 1026
            assert list(report.lines())[-1] == "and 926 more"


CUT = (
    "DELETE FROM trail.entry WHERE entry_id IN (SELECT entry_id FROM trail.leaf WHERE seq > 20)",
    "DELETE FROM trail.leaf WHERE seq > 20",
)


def test_a_cut_end_is_found(trail: Trail) -> None:
    kept = trail.checkpoint()
    with trail.harmed(*CUT):
        assert verified(trail).first_broken == 21
    with trail.harmed("DELETE FROM trail.leaf WHERE seq > 20"):
        assert verified(trail).first_broken == 21  # their entries are there without numbers
    with trail.harmed("DELETE FROM trail.seal WHERE size > 20"):
        assert verified(trail).findings == [Finding(Harm.UNSIGNED, 21, 30)]
    with trail.harmed(*CUT, "DELETE FROM trail.seal WHERE size > 20"):
        assert verified(trail).broken == 0, "nobody can know it without a checkpoint that was kept elsewhere"
        assert verified(trail, kept).findings == [Finding(Harm.TRUNCATED, 21, 30)]
        assert verified(trail, start=kept).findings == [Finding(Harm.TRUNCATED, 21, 30)]
    with trail.harmed("DELETE FROM trail.seal", "DELETE FROM trail.leaf", "DELETE FROM trail.entry"):
        assert verified(trail, kept).findings == [Finding(Harm.TRUNCATED, 1, 30)]


def test_a_database_written_anew_with_all_keys_is_found_against_a_checkpoint(trail: Trail) -> None:
    """The worst case: database and keys in one hand. Everything agrees with itself, and not with what was kept outside."""
    early, late = trail.checkpoint_of(5), trail.checkpoint()
    with trail.harmed(f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}"):
        trail.write_anew()
        assert verified(trail).broken == 0
        assert verified(trail, late, early).findings == [Finding(Harm.REWRITTEN, 11, 30)]
        assert verified(trail, start=late).findings == [Finding(Harm.REWRITTEN, 1, 30)]
        with trail.more():
            assert Harm.REWRITTEN in {found.harm for found in verified(trail, start=late).findings}


def test_a_database_written_anew_without_the_key_is_found_by_its_signatures(trail: Trail) -> None:
    with trail.harmed(f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}"):
        trail.write_anew(FileKeys(trail.folder / "other", make=True))
        report = verified(trail)
    assert report.first_broken == 1


def test_a_run_goes_on_from_a_checkpoint_and_from_where_it_was_broken_off(trail: Trail) -> None:
    start = trail.checkpoint_of(5)
    report = verified(trail, start=start)
    assert (report.first, report.size, report.seals, report.broken) == (11, ENTRIES, 10, 0)
    with trail.harmed(f"UPDATE trail.entry SET officer = 'clerk2' WHERE {at(17)}"):
        assert verified(trail, start=start).first_broken == 17
        run = Verification(trail.environment, LOG, chunk=10)
        run.run()
        assert run.reached is not None
        assert run.reached.size == 16
    again = checkpoint.read(run.reached.text(), LOG, trail.environment.keys)
    assert again == run.reached
    assert verified(trail, start=again).broken == 0


def test_before_the_start_the_leaves_must_still_be_there(trail: Trail) -> None:
    start = trail.checkpoint_of(5)
    with trail.harmed("UPDATE trail.leaf SET leaf_hash = sha256('x') WHERE seq = 3"):
        assert verified(trail, start=start).findings == [Finding(Harm.REWRITTEN, 1, 10)]
    with trail.harmed("DELETE FROM trail.leaf WHERE seq = 3"):
        assert Finding(Harm.REWRITTEN, 1, 10) in verified(trail, start=start).findings


def test_the_last_second_is_not_sealed_and_not_broken(trail: Trail) -> None:
    with trail.more() as entries:
        report = verified(trail)
        assert (report.broken, report.unsealed, report.size) == (0, len(entries), ENTRIES)
        assert report.oldest_unsealed is not None


def test_a_trail_without_seals_is_no_error(environment: Environment) -> None:
    report = Verification(environment, LOG).run()
    assert (report.size, report.broken, report.unsealed, report.oldest_unsealed) == (0, 0, 0, None)
    write_one(environment)
    assert Verification(environment, LOG).run().unsealed == 1
    with pytest.raises(NotSealed), environment.database.transaction() as connection:
        checkpoint.newest(connection, environment.keys)


def test_only_a_whole_checkpoint_of_this_log_is_taken(trail: Trail) -> None:
    kept, keys = trail.checkpoint(), trail.environment.keys
    assert checkpoint.read(kept.text(), LOG, keys) == kept
    held = json.loads(kept.text())
    other = sha256(b"x").hexdigest()
    harms: tuple[object, ...] = (
        held | {"kind": "inclusion"},
        held | {"peaks": held["peaks"][:-1]},
        held | {"peaks": [other] * len(held["peaks"])},
        held | {"seal": held["seal"] | {"root": other}},
        held | {"seal": held["seal"] | {"log": "other"}},
        held | {"seal": held["seal"] | {"size": 29}},
        held | {"seal": None},
        {"kind": "checkpoint"},
        [],
    )
    for harm in harms:
        with pytest.raises(FileRefused):
            checkpoint.read(json.dumps(harm), LOG, keys)
    with pytest.raises(FileRefused):
        checkpoint.read("{", LOG, keys)
    with pytest.raises(FileRefused):
        checkpoint.read(kept.text(), "connector", keys)


def test_a_retired_key_still_checks_the_checkpoint_that_names_it(trail: Trail) -> None:
    kept = trail.checkpoint()
    held = json.loads(kept.text())
    text = json.dumps(held | {"seal": held["seal"] | {"key_version": 8}})  # the version itself is not signed
    assert checkpoint.read(text, LOG, trail.environment.keys).root == kept.root


def test_a_checkpoint_is_not_made_of_a_broken_trail(trail: Trail) -> None:
    for harm in (
        "UPDATE trail.leaf SET leaf_hash = sha256('x') WHERE seq = 30",
        "UPDATE trail.seal SET log = 'other' WHERE batch_no = 15",
    ):
        with trail.harmed(harm), pytest.raises(TrailBroken):
            trail.checkpoint()
