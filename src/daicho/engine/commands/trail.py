"""`trail`: verify the tamper-evident trails of the house, keep checkpoints of them, prove entries (docs/trail.md)."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from daicho.engine import house, sealing
from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import build
from daicho.engine.errors import SetupError
from daicho.engine.keys import of_folder
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN

BROKEN, IMPOSSIBLE, NOT_SEALING = 1, 2, 3
WAITING_SECONDS = 60
"""Entries that wait longer than this for their seal mean that the sealer stands still."""


def run(arguments: list[str]) -> int:
    """0 when all is well; 1 broken (or a proof that fails), 2 not possible, 3 whole, but sealing stands still."""
    options = _parse(arguments)
    if options.what == "check":
        return _check(options)
    if options.what == "check-archive":
        return _check_archive(options)
    data = DataDir.at(options.data)
    with house.database(data):
        found = [_of_system(options, system, data) for system in _asked(options)]
    return min((status for status in found if status), default=0)


def systems() -> tuple[str, ...]:
    """The systems of this house that keep a trail. On a server of the city's own only the register's is known here."""
    return (house.SYSTEM,) if house.is_external() else tuple(sealing.BEATS)


def _asked(options: argparse.Namespace) -> tuple[str, ...]:
    """The systems that a command is about: `verify` takes all of them, unless one is named."""
    chosen = options.system or (None if options.what == "verify" else house.SYSTEM)
    if chosen is not None and chosen not in systems():
        raise SetupError(f"There is no trail of {chosen} in this house, only of {', '.join(systems())}.")
    return systems() if chosen is None else (chosen,)


def _of_system(options: argparse.Namespace, system: str, data: DataDir) -> int:
    """One command on the trail of one system; what is not possible with one does not stop the others."""
    named = argparse.Namespace(**vars(options) | {"system": system})
    try:
        with _environment(system, data) as environment:
            status: int = _COMMANDS[options.what](named, environment, data)
    except DaichoError as error:
        print(f"{system}: {error.code} {error.message}", file=sys.stderr)
        return IMPOSSIBLE
    return status


@contextmanager
def _environment(system: str, data: DataDir) -> Iterator[Any]:
    """The Environment of a system: its own database, its own keys."""
    if system == house.SYSTEM:
        yield import_module("daicho.register.environment").current()
        return
    made: Any = build(house.system_databases(data, system).app, of_folder(house.key_folder(data, system)), pool_size=1)
    try:
        yield made
    finally:
        made.database.close()


def _owner(system: str, data: DataDir) -> DatabaseSettings:
    known = house.databases(data) if system == house.SYSTEM else house.system_databases(data, system)
    return known.owner


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho trail", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    verify = commands.add_parser("verify", help="compute everything again from the stored entries")
    verify.add_argument("--from", dest="start", type=Path, metavar="CHECKPOINT", help="go on from a checkpoint")
    verify.add_argument("--against", type=Path, action="append", default=[], metavar="CHECKPOINT", help="must agree")
    verify.add_argument(
        "--save", type=Path, metavar="FILE", help="write how far it held as a checkpoint, also on Ctrl-C"
    )
    verify.add_argument("--json", action="store_true", help="one JSON object a line for each system")
    checkpoint = commands.add_parser("checkpoint", help="write a signed checkpoint; keep it on another machine")
    checkpoint.add_argument("file", type=Path)
    prove = commands.add_parser("prove", help="proof that an entry is in the trail, or that the trail only grew")
    prove.add_argument("entry", nargs="?", type=int, help="id of the entry")
    prove.add_argument("--since", type=Path, metavar="CHECKPOINT", help="prove growth since this checkpoint")
    prove.add_argument("--output", type=Path, help="file to write (default: standard output)")
    check = commands.add_parser("check", help="check a proof with the public key alone; needs no house")
    check.add_argument("proof", type=Path)
    check.add_argument("--key", required=True, help="public key in hexadecimal, as `trail key` prints it")
    key = commands.add_parser("key", help="print the public key of seals")
    adopt = commands.add_parser("adopt", help="after a restore into another server: let sealing go on")
    archive = commands.add_parser("archive", help="write old numbers to a file that verifies alone")
    archive.add_argument("file", type=Path)
    archive.add_argument("--before", required=True, type=_month, metavar="YYYY-MM", help="entries before this month")
    drop = commands.add_parser("drop", help="drop a month whose entries are all in archives that are at hand")
    drop.add_argument("month", type=_month, metavar="YYYY-MM")
    drop.add_argument("--archive", type=Path, action="append", required=True, help="the files that hold the month")
    alone = commands.add_parser("check-archive", help="verify an archive with the public keys alone; needs no house")
    alone.add_argument("file", type=Path)
    alone.add_argument(
        "--key", required=True, action="append", help="public key in hexadecimal; more than one after a rotation"
    )
    for command in (verify, checkpoint, prove, key, adopt, archive, drop):
        command.add_argument("--data", help="data folder (default: var in the clone)")
        which = "every system" if command is verify else house.SYSTEM
        command.add_argument("--system", choices=tuple(sealing.BEATS), help=f"whose trail (default: {which})")
    options = parser.parse_args(arguments)
    if options.what == "verify" and not options.system and (options.start or options.against or options.save):
        parser.error("verify: a checkpoint is of one trail; name its --system")
    if options.what == "prove" and (options.entry is None) == (options.since is None):
        parser.error("prove: give either an entry or --since")
    return options


def _verify(options: argparse.Namespace, environment: Any, data: DataDir) -> int:
    module: Any = import_module("daicho.trail.verify")
    system: str = options.system
    start = _read(options.start, environment, system) if options.start else None
    kept = sorted(sealing.checkpoints(data.files, system).glob("*.json"))
    seen = _witnessed(system, data)
    against = [*seen, *(_read(path, environment, system) for path in [*kept, *options.against])]
    work = module.Verification(environment, system, start=start, against=against)
    began = time.monotonic()
    try:
        report = work.run(_progress)
    finally:
        if options.save and work.reached is not None:
            options.save.write_text(work.reached.text(), encoding="utf-8")
    seconds = time.monotonic() - began
    late = _late(environment, report.oldest_unsealed)
    status = BROKEN if report.broken else NOT_SEALING if late else 0
    if options.json:
        print(json.dumps({"system": system} | _as_json(report, len(against), late, seconds), ensure_ascii=False))
        return status
    print(f"{system}: Read numbers {report.first:,} to {report.size:,} in {report.seals:,} seals ({seconds:.1f} s).")
    print(f"Held against {len(against)} checkpoints, {len(seen)} of them seen by a witness.")
    if report.archived:
        print(f"{report.archived:,} of them are in archives: `trail check-archive` verifies those files.")
    if report.unsealed:
        print(f"{report.unsealed:,} entries of the last moments are not sealed yet." + (_LATE if late else ""))
    for line in report.lines():
        print(f"BROKEN {line}")
    outcome = f"BROKEN, first at number {report.first_broken}." if report.broken else "The trail is whole."
    print(f"{system}: {outcome}")
    return status


_LATE = f" Some wait for more than {WAITING_SECONDS} s: the sealer does not work."


def _as_json(report: Any, checkpoints: int, late: bool, seconds: float) -> dict[str, object]:
    return {
        "ok": not report.broken,
        "first": report.first,
        "size": report.size,
        "seals": report.seals,
        "checkpoints": checkpoints,
        "archived": report.archived,
        "unsealed": report.unsealed,
        "sealing": not late,
        "first_broken": report.first_broken,
        "broken": report.broken,
        "findings": list(report.lines()),
        "seconds": round(seconds, 3),
    }


def _late(environment: Any, oldest: Any) -> bool:
    return oldest is not None and (environment.clock.now() - oldest).total_seconds() > WAITING_SECONDS


def _witnessed(system: str, data: DataDir) -> list[Any]:
    """What the common platform has seen of another system's trail, from its own database; it has no witness itself."""
    if system == house.COMMONS or house.COMMONS not in systems():
        return []
    witness: Any = import_module("daicho.trail.witness")
    with _environment(house.COMMONS, data) as environment, environment.database.transaction() as connection:
        found: list[Any] = witness.remembered(connection, system)
        return found


def _progress(done: int, size: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {done:,} / {size:,}", end="" if done < size else "\n", file=sys.stderr, flush=True)


def _checkpoint(options: argparse.Namespace, environment: Any, _data: DataDir) -> int:
    module: Any = import_module("daicho.trail.checkpoint")
    with environment.database.transaction() as connection:
        made = module.newest(connection, environment.keys)
    options.file.write_text(made.text(), encoding="utf-8")
    print(f"Checkpoint of {made.size:,} entries, root {made.root.hex()}. Keep it on another machine.")
    return 0


def _prove(options: argparse.Namespace, environment: Any, _data: DataDir) -> int:
    module: Any = import_module("daicho.trail.proof")
    with environment.database.transaction() as connection:
        if options.since:
            found = module.prove_growth(connection, environment.keys, _read(options.since, environment, options.system))
        else:
            found = module.prove_entry(connection, environment.keys, options.entry)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _check(options: argparse.Namespace) -> int:
    offline: Any = import_module("daicho.trail.offline")
    try:
        held = json.loads(options.proof.read_text(encoding="utf-8"))
        said = offline.check(held, bytes.fromhex(options.key))
    except (OSError, ValueError) as error:
        raise SetupError(f"The proof or the key cannot be read: {error}") from None
    except offline.ProofFailed as failed:
        print(f"The proof fails: {failed}")
        return BROKEN
    print(f"The proof holds: {said}.")
    return 0


def _key(_options: argparse.Namespace, environment: Any, _data: DataDir) -> int:
    seal: Any = import_module("daicho.trail.seal")
    version = seal.newest_version(environment.keys, seal.SEAL_KEY)
    print(f"{seal.public_key(environment.keys, version).hex()}")
    return 0


def _adopt(options: argparse.Namespace, _environment: Any, data: DataDir) -> int:
    with psycopg.connect(_owner(options.system, data).conninfo()) as connection:
        connection.execute("SELECT trail.adopt()")
    print("The entries belong to this server now; the sealer goes on.")
    return 0


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _archive(options: argparse.Namespace, environment: Any, data: DataDir) -> int:
    module: Any = import_module("daicho.trail.archive")
    before = datetime.combine(options.before, datetime.min.time(), JAPAN)
    with psycopg.connect(_owner(options.system, data).conninfo(), row_factory=dict_row) as owner:
        made = module.write(owner, environment, options.system, before, options.file)
    print(f"Archived numbers {made.first:,} to {made.last:,}. Keep the file; `trail drop` asks for it.")
    return 0


def _check_archive(options: argparse.Namespace) -> int:
    module: Any = import_module("daicho.trail.archive")
    try:
        first, last = module.check(options.file, [bytes.fromhex(key) for key in options.key])
    except ValueError as error:
        raise SetupError(f"The key cannot be read: {error}") from None
    except DaichoError as error:
        print(f"{error.code} {error.message}", file=sys.stderr)
        return BROKEN
    print(f"The archive holds: numbers {first:,} to {last:,}.")
    return 0


def _drop(options: argparse.Namespace, environment: Any, data: DataDir) -> int:
    module: Any = import_module("daicho.trail.archive")
    seal: Any = import_module("daicho.trail.seal")
    newest = seal.newest_version(environment.keys, seal.SEAL_KEY)
    keys = [seal.public_key(environment.keys, version) for version in range(1, newest + 1)]
    at_hand = {module.digest_of(path) for path in options.archive if module.check(path, keys)}
    since = datetime.combine(options.month, datetime.min.time(), JAPAN)
    until = datetime.combine((options.month + timedelta(days=32)).replace(day=1), datetime.min.time(), JAPAN)
    with psycopg.connect(_owner(options.system, data).conninfo(), row_factory=dict_row) as owner:
        for needed in module.needed_for(owner, since, until):
            if needed.sha256 not in at_hand:
                raise SetupError(f"The archive of numbers {needed.first} to {needed.last} is not at hand.")
        try:
            owner.execute("SELECT trail.drop_month(%s, %s)", (options.month, environment.clock.now()))
        except psycopg.Error as error:
            raise SetupError(f"The month stays: {error.diag.message_primary}.") from None
    print("The month is dropped; its numbers and hashes stay.")
    return 0


def _read(path: Path, environment: Any, system: str) -> Any:
    module: Any = import_module("daicho.trail.checkpoint")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The checkpoint cannot be read: {error}") from None
    return module.read(text, system, environment.keys)


_COMMANDS = {
    "verify": _verify,
    "checkpoint": _checkpoint,
    "prove": _prove,
    "key": _key,
    "adopt": _adopt,
    "archive": _archive,
    "drop": _drop,
}
