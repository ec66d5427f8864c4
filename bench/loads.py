"""Figures of large loads: taking over a file, and making the derived tables again."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.measure import Figure
from daicho.engine import house
from daicho.engine.paths import ROOT, DataDir


def import_and_rebuild(city: DataDir) -> Iterator[Figure]:
    """Write the city out, take it over into a house of its own, end to end; then rebuild that one.

    The city's house stands still: what it does after its own load (checkpoint, vacuum) is not the import's.
    """
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-import-"))
    target = DataDir.at(folder / "house")
    file = folder / "take-over.csv"
    variables = dict(os.environ)
    try:
        _command("export", "--csv", "--output", str(file), "--data", str(city.path))
        with file.open(encoding="utf-8") as lines:
            rows = sum(1 for _ in lines) - 1
        _command("rebuild", "--data", str(target.path))  # makes the empty house
        begun = time.perf_counter()
        _command("import", str(file), "--data", str(target.path), accepted=(0, 1))
        speed = rows / (time.perf_counter() - begun)
        with house.database(target) as databases:
            limit = _raw_copy(databases.app.conninfo(), rows)
        os.environ.clear()
        os.environ.update(variables)
        yield Figure("import.residents_per_s", speed, "residents/s", "higher", 5_000, limit, rows)
        said = _command("rebuild", "--data", str(target.path))
        persons, seconds = re.findall(r"[\d.,]+", said)
        speed = int(persons.replace(",", "")) / float(seconds)
        yield Figure("rebuild.persons_per_s", speed, "persons/s", "higher", 20_000, None, rows)
    finally:
        os.environ.clear()
        os.environ.update(variables)
        house.remove(target)
        shutil.rmtree(folder, ignore_errors=True)


def _command(*arguments: str, accepted: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "daicho.engine", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in accepted:
        raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _raw_copy(conninfo: str, rows: int) -> float:
    """Rows a second that the server takes by COPY into a table without index: the same states as text."""
    with psycopg.connect(conninfo) as connection:
        with connection.cursor().copy("copy (select * from register.resident_state) to stdout") as copy:
            text = b"".join(bytes(block) for block in copy)
        connection.execute("create temp table raw as select * from register.resident_state with no data")
        begun = time.perf_counter()
        with connection.cursor().copy("copy raw from stdin") as copy:
            copy.write(text)
        return rows / (time.perf_counter() - begun)
