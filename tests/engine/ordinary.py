"""Run the embedded server as an ordinary user, everything inside one folder: `python -m tests.engine.ordinary FOLDER USER`.

A process of its own, so that nothing of the test run is forked: all modules are loaded before the rights are given up,
since an ordinary user may not be able to read them.
"""

import encodings.ascii
import encodings.idna  # noqa: F401 - loaded while the library can still be read
import os
import sys
from pathlib import Path

import psycopg

from daicho.engine import postgres, postgres_files
from daicho.engine.paths import DataDir, is_root


def run(folder: Path, user: int, binaries: Path) -> None:
    """Become `user` if this is root, then start, ask and stop."""
    if is_root():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    data = DataDir.at(folder / "var")
    cluster = postgres.Cluster(data, binaries, (("fsync", "off"),))
    process = cluster.start(data.logs / "postgres.log")
    with psycopg.connect(cluster.superuser.conninfo()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert cluster.folder.is_relative_to(folder)
    postgres.stop(process.pid)
    process.wait()


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), postgres_files.binaries())
