"""The figures of the main job, on a house of its own at full size: `./daicho bench main-job`."""

import json
import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import paper
from bench.loads import import_and_rebuild
from bench.measure import SAMPLES, Figure, milliseconds, p95, pss_mb
from daicho.engine import house
from daicho.engine.paths import DataDir
from daicho.engine.visitor import Visitor


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Start a house, load a city, use it; then start it again warm. Yields each figure as it is taken."""
    n = 60 if quick else SAMPLES
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
    try:
        begun = time.perf_counter()
        with house.started(folder, ["--residents", str(residents)]) as fresh:
            fresh_seconds = time.perf_counter() - begun
            yield Figure("up.fresh_s", fresh_seconds, "s", "lower", 240 if residents <= 20_000 else None, None, 1)
            yield Figure("city.load_s", _load_seconds(fresh.data), "s", "lower", 240, None, 1)
        yield from import_and_rebuild(DataDir.at(folder))
        begun = time.perf_counter()
        with house.started(folder, ["--residents", str(residents)]) as warm:
            yield Figure("up.warm_s", time.perf_counter() - begun, "s", "lower", 15, None, 1)
            os.environ.update(house.environment(warm.data))
            yield from _over_http(warm, n)
            yield from _in_process(n)
            yield from paper.figures(n)
            yield from _memory(warm.data)
    finally:
        house.remove(DataDir.at(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _load_seconds(data: DataDir) -> float:
    text = (data.logs / "up.log").read_text(encoding="utf-8")
    found = re.search(r"city is loaded \(([0-9.]+) s\)", text)
    return float(found.group(1)) if found else 0.0


def _memory(data: DataDir) -> Iterator[Figure]:
    """What the city's systems hold; what plays the world outside the city is told apart."""
    written = json.loads((data.run / "ports.json").read_text(encoding="utf-8"))
    ids = _descendants(int(written["supervisor"]))
    world = [one for one in ids if b"daicho.world" in _command_line(one)]
    city = [one for one in ids if one not in world]
    yield Figure("memory.pss_mb", pss_mb(city), "MB", "lower", 1000, None, len(city))
    yield Figure("memory.world_mb", pss_mb(world), "MB", "lower", None, None, len(world))


def _command_line(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""


def _descendants(root: int) -> list[int]:
    """The process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting.extend(parents.get(current, []))
    return found


def _people(connection: Any, count: int) -> list[dict[str, Any]]:
    """Random residents of the city, for searches that find somebody."""
    rows: list[dict[str, Any]] = connection.execute(
        "SELECT c.*, h.household_number FROM register.resident_current c JOIN register.household h USING (household_id)"
        " WHERE c.status = 'resident' AND c.name_kana IS NOT NULL ORDER BY md5(c.person_id::text) LIMIT %s",
        (count,),
    ).fetchall()
    return rows


def _texts(people: list[dict[str, Any]], rng: random.Random) -> list[str]:
    """Searches as clerks type them: kana, kanji, birth date, address, number, one letter wrong."""
    texts = []
    for number, one in enumerate(people):
        kana, birth = one["name_kana"], one["birth"]
        spoilt = list(kana)
        spoilt[rng.randrange(len(spoilt))] = "ン"
        texts.append(
            (
                kana,
                one["name"].replace("　", ""),
                birth.strftime("%Y%m%d"),
                one["address"],
                one["addressee_number"],
                "".join(spoilt),
                f"{kana.split('　')[0]} {birth:%Y/%m/%d}",
            )[number % 7]
        )
    return texts


def _over_http(running: house.RunningHouse, n: int) -> Iterator[Figure]:
    """Search and household pages, whole answers over loopback, signed on as a clerk."""
    from daicho.engine.environment import from_process

    env = from_process()
    with env.database.transaction() as connection:
        people = _people(connection, n + 20)
    rng = random.Random(1)
    with Visitor(running.url, running.data.secrets, "clerk1") as clerk:
        empty = p95(milliseconds(lambda _: clerk.http.get("/health"), n=n))
        texts = _texts(people, rng)

        def search(number: int) -> None:
            place = clerk.http.post("/search", data={"q": texts[number]}).headers["Location"]
            started = time.perf_counter()
            answer = clerk.http.get(place)
            taken.append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"search answered {answer.status_code}")

        taken: list[float] = []
        for number in range(len(texts)):
            search(number)
        yield Figure("search.p95_ms", p95(taken[20:]), "ms", "lower", 50, empty, n)
        first = date(2024, 1, 1)

        def household(number: int) -> None:
            path = f"/household/{people[number]['household_id']}"
            if number % 3:
                on = first + timedelta(days=rng.randrange(900))
                path += f"/past?on={on:%Y/%m/%d}" + ("&as=now" if number % 3 == 1 else "")
            answer = clerk.http.get(path)
            if answer.status_code not in (200, 404):
                raise RuntimeError(f"household answered {answer.status_code}")

        yield Figure("household.p95_ms", p95(milliseconds(household, n=n)), "ms", "lower", 100, empty, n)


def _in_process(n: int) -> Iterator[Figure]:
    """Registering a family of four through the one door, beside the smallest transaction of the same database."""
    from tests.people import move_in_family

    from daicho.engine.environment import from_process

    env = from_process()

    def smallest(_: int) -> None:
        with env.database.transaction() as connection:
            connection.execute("UPDATE register.household SET last_recorded_at = last_recorded_at WHERE false")
            connection.execute(
                "INSERT INTO trail.subject (entry_id, at, person_id) VALUES (%s, %s, 0)",
                (env.ids.take(connection, 1)[0], env.clock.now()),
            )

    limit = p95(milliseconds(smallest, n=n))
    taken = milliseconds(lambda _: move_in_family(env), n=n)
    yield Figure("commit.p95_ms", p95(taken), "ms", "lower", 150, limit, n)
