"""The figures of the register in full, on both time axes: `./daicho bench register` (1,000,000 residents, 5 states each)."""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bench import changes
from bench.measure import SAMPLES, Figure, milliseconds, p95
from daicho.engine import house
from daicho.engine.paths import DataDir

FULL = 1_000_000
COPIES = 3
"""Older states that each person gets beside those of the city (about two): five a person in all."""
_FIRST = 20
_BATCH = 20_000
"""Persons in one transaction of a load."""


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Load a city and its histories, then measure what the issue asks for. Yields each figure as it is taken."""
    n = 100 if quick else SAMPLES
    folder = DataDir.at(tempfile.mkdtemp(prefix="daicho-bench-register-"))
    kept = dict(os.environ)
    try:
        with house.database(folder):
            from daicho.engine.environment import from_process

            env = from_process()
            yield from _load(env, residents)
            yield _rebuild(env)
            people = _people(env, n + _FIRST)
            yield _as_of(env, people, n)
            yield from _fuzzy(env, people, n)
            yield from _through_the_door(env, quick)
            env.database.close()  # type: ignore[attr-defined]
    finally:
        os.environ.clear()
        os.environ.update(kept)
        house.remove(folder)
        shutil.rmtree(folder.path, ignore_errors=True)


def _load(env: Any, residents: int) -> Iterator[Figure]:
    """The city by the bulk writer, then older states of everybody in sets: the past that a long-kept register has."""
    from daicho.city.load import load
    from daicho.register import environment

    environment.use(env)
    begun = time.perf_counter()
    load(env, residents)
    count = _deepen(env)
    seconds = time.perf_counter() - begun
    yield Figure("load.s", seconds, "s", "lower", None, None, count)
    yield Figure("load.states_per_s", count / seconds, "states/s", "higher", None, None, count)


def _deepen(env: Any) -> int:
    """Copies of each first state in earlier ranges of either axis, COPIES for each person; returns all states."""
    with env.database.transaction() as connection:
        columns = [
            row["column_name"]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'register'"
                " AND table_name = 'resident_state' ORDER BY ordinal_position"
            )
        ]
    copied = [c for c in columns if c not in ("state_id", "valid", "known", "relationship", "status", "head_absent")]
    statement = _copies(copied)
    last, done = 0, _BATCH
    while done == _BATCH:
        with env.database.transaction() as connection:
            connection.execute("SET LOCAL daicho.bulk = 'on'")
            people = connection.execute(
                "SELECT person_id FROM register.person WHERE person_id > %s ORDER BY person_id LIMIT %s", (last, _BATCH)
            ).fetchall()
            ids = env.ids.take(connection, len(people) * COPIES)
            people = [row["person_id"] for row in people]
            connection.execute(statement, {"people": people, "ids": ids})
        last, done = people[-1] if people else last, len(people)
    with env.database.transaction() as connection:
        connection.execute("select register.analyze_store()")
        row = connection.execute("SELECT count(*) AS n FROM register.resident_state").fetchone()
    return int(row["n"])


def _copies(columns: list[str]) -> bytes:
    """More states for some persons: odd places earlier on the valid axis, even ones known earlier and since corrected."""
    names = ", ".join(columns)
    chosen = ", ".join(f"f.{c}" for c in columns)
    return (
        (
            f"INSERT INTO register.resident_state (state_id, valid, known, relationship, status, head_absent, {names})"
            " SELECT i.id,"
            " CASE WHEN f.place % 2 = 1 THEN daterange(lower(f.valid) - f.days, lower(f.valid) - f.days + 200) ELSE f.valid END,"
            " CASE WHEN f.place % 2 = 1 THEN tstzrange(lower(f.known), NULL)"
            "  ELSE tstzrange(lower(f.known) - f.days * interval '1 day', lower(f.known) - (f.days - 100) * interval '1 day') END,"
            f" '99', 'resident', false, {chosen}"
            " FROM (SELECT s.*, place.place, 400 * place.place AS days, row_number() OVER () AS n"
            "   FROM unnest(%(people)s::bigint[]) p (person_id)"
            "   CROSS JOIN LATERAL (SELECT * FROM register.resident_state s WHERE s.person_id = p.person_id"
            "     ORDER BY s.state_id LIMIT 1) s"
            f"   CROSS JOIN generate_series(1, {COPIES}) place (place)) f"
            " JOIN unnest(%(ids)s::bigint[]) WITH ORDINALITY AS i (id, n) ON i.n = f.n"
        )
        .replace("% 2", "%% 2")
        .encode()
    )


def _rebuild(env: Any) -> Figure:
    from daicho.register.store import derived

    begun = time.perf_counter()
    with env.database.transaction() as connection:
        persons = derived.rebuild(connection, env.clock.today())
    speed = persons / (time.perf_counter() - begun)
    return Figure("rebuild.persons_per_s", speed, "persons/s", "higher", 1_000_000 / 240, None, persons)


def _people(env: Any, count: int) -> list[dict[str, Any]]:
    """Random residents with a name to search for."""
    with env.database.transaction() as connection:
        rows: list[dict[str, Any]] = connection.execute(
            "SELECT person_id, household_id, name_kana FROM register.resident_current WHERE status = 'resident'"
            " AND name_kana IS NOT NULL AND length(name_kana) > 4 ORDER BY md5(person_id::text) LIMIT %s",
            (count,),
        ).fetchall()
    return rows


def _as_of(env: Any, people: list[dict[str, Any]], n: int) -> Figure:
    """A whole household at a random point on both axes, read in the database and put together; no page, no trail."""
    from daicho.register.store.access import AsOf, _household_sheet

    rng, today, now = random.Random(2), env.clock.today(), env.clock.now()
    with env.database.transaction() as connection:

        def sheet(number: int) -> None:
            point = AsOf(today - timedelta(days=rng.randrange(2500)), now - timedelta(days=rng.randrange(1500)))
            _household_sheet(connection, people[number]["household_id"], point)

        taken = milliseconds(sheet, n=n)
        limit = p95(milliseconds(lambda _: connection.execute("SELECT 1").fetchone(), n=n))
    return Figure("asof.p95_ms", p95(taken), "ms", "lower", 10, limit, n)


def spoilt(kana: str, rng: random.Random) -> str:
    """One error in the name: a letter changed, dropped, added, or two swapped. The space between names stays."""
    letters = list(kana.replace("　", ""))
    place = rng.randrange(len(letters) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        letters[place] = rng.choice("アカサタナハマヤラワ")
    elif kind == 1:
        del letters[place]
    elif kind == 2:
        letters.insert(place, rng.choice("アカサタナハマヤラワ"))
    else:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def _fuzzy(env: Any, people: list[dict[str, Any]], n: int) -> Iterator[Figure]:
    """Searches with one error; a hit is the true name among the first twenty."""
    from daicho.access.actor import Actor, Purpose
    from daicho.law.names import kana_key
    from daicho.register.store.search import search

    clerk = Actor("clerk1", "試験 職員", frozenset({"clerk"}), "市民課", "市民課", "SHIMIN-03", "3番窓口", "bench",
                  env.clock.now())  # fmt: skip
    rng, hits = random.Random(3), 0
    texts = [spoilt(one["name_kana"], rng) for one in people]

    def find(number: int) -> None:
        nonlocal hits
        found = search(env, clerk, texts[number], Purpose.RESIDENT_INQUIRY)
        wanted = kana_key(people[number]["name_kana"])
        names = [kana_key(hit.name_kana) for hit in found.hits[:20] if hit.name_kana]
        hits += number >= _FIRST and wanted in names

    yield Figure("fuzzy.p95_ms", p95(milliseconds(find, n=n, warm_ups=_FIRST)), "ms", "lower", 80, None, n)
    yield Figure("fuzzy.recall", 100 * hits / n, "%", "higher", 98, None, n)


def _through_the_door(env: Any, quick: bool) -> Iterator[Figure]:
    first: date = env.clock.today() - timedelta(days=364)
    speed, smallest, persons, refused = changes.rates(first, 150 if quick else 900, 4 if quick else 12)
    if refused > persons // 20:
        raise RuntimeError(f"{refused} changes of the mix were refused")
    yield Figure("changes.per_s", speed, "persons/s", "higher", 150, smallest, persons)
    yield Figure("changes.share_of_limit", speed / smallest, "", "higher", 0.15, None, persons)
