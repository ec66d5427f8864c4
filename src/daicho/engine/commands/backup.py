"""`backup`: backups of all databases of a house to another medium, encrypted and signed (docs/backup.md)."""

import argparse
import sys
from pathlib import Path

from daicho.engine import house
from daicho.engine.backup import keeper, takeout
from daicho.engine.backup.medium import Medium
from daicho.engine.backup.restore import restore
from daicho.engine.backup.source import Plan, Source, house_keys
from daicho.engine.backup.verify import verify
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError

BROKEN = 1


def run(arguments: list[str]) -> int:
    """0 when done; 1 when a backup is broken, 2 when it cannot be done."""
    options = _parse(arguments)
    data = DataDir.at(options.data)
    try:
        return _ACTS[options.what](options, data)
    except DaichoError as error:
        print(f"{error.code} {error.message}", file=sys.stderr)
        return 2


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho backup", description=__doc__)
    acts = parser.add_subparsers(dest="what", required=True)
    plan = acts.add_parser("plan", help="say where backups go; the process `backup` of the house then makes them")
    plan.add_argument("--to", type=Path, required=True, help="the medium: a folder that is a mount")
    plan.add_argument("--every", type=int, default=24, metavar="HOURS", help="between two base backups (24)")
    plan.add_argument("--keep", type=int, default=14, metavar="N", help="base backups to keep, with all WAL since (14)")
    plan.add_argument("--same-device", action="store_true", help="for a trial: allow the device of the database")
    acts.add_parser("now", help="make a base backup now")
    listed = acts.add_parser("list", help="what is on the medium")
    checked = acts.add_parser("verify", help="read and check everything that a restore would read")
    restored = acts.add_parser("restore", help="make the databases of a new data folder from a backup")
    restored.add_argument("--into", required=True, help="the new data folder; its secrets must lie there already")
    for one in (listed, checked, restored):
        one.add_argument("--backup", type=Path, help="the medium (default: where the plan says)")
    for one in (checked, restored):
        one.add_argument("--name", help="which backup (default: the newest)")
    taken = acts.add_parser("take-out", help="copy a backup that was released on the page 承認 to a medium outside")
    taken.add_argument("--approval", type=int, required=True, help="number of the request")
    taken.add_argument("--to", type=Path, required=True, help="the medium outside")
    for one in acts.choices.values():
        one.add_argument("--data", help="data folder (default: var in the clone)")
    return parser.parse_args(arguments)


def _plan(options: argparse.Namespace, data: DataDir) -> int:
    plan = Plan(str(options.to.resolve()), max(1, options.every), max(1, options.keep), options.same_device)
    with house.database(data):
        medium = Source.of(data).medium(plan)
    plan.write(data)
    print(
        f"Backups go to {medium.folder}: a base backup every {plan.every_hours} h, {plan.keep} are kept, WAL all the time."
    )
    print("The house begins with it when it is started the next time. Keep a copy of the secrets folder elsewhere.")
    return 0


def _now(options: argparse.Namespace, data: DataDir) -> int:
    with house.database(data):
        made = keeper.backup_now(data, Source.of(data), _plan_of(data))
    print(
        f"Backup {made.name}: {made.size:,} bytes on the medium for {made.said['files']['base.sealed']['content']:,}."
    )
    return 0


def _list(options: argparse.Namespace, data: DataDir) -> int:
    medium, keys = _medium(options, data), house_keys(data)
    for name in medium.names():
        base = medium.base(name, keys)
        print(
            f"{name}  {base.size:>14,} bytes  WAL {base.said['start']} - {base.said['end']}  Daicho {base.said['daicho']}"
        )
    reach = medium.reach(keys)
    print(
        f"WAL reaches {reach.position >> 32:X}/{reach.position & 0xFFFFFFFF:X}, said at {reach.at:%Y-%m-%d %H:%M:%S} UTC"
    )
    return 0


def _verify(options: argparse.Namespace, data: DataDir) -> int:
    verdict = verify(_medium(options, data), house_keys(data), options.name)
    print(
        f"Backup {verdict.base}: {verdict.content:,} bytes and {verdict.segments} segments of WAL read, to {verdict.reached}"
    )
    for line in verdict.broken:
        print(f"BROKEN {line}")
    print("The backup is broken." if verdict.broken else "The backup is whole.")
    return BROKEN if verdict.broken else 0


def _restore(options: argparse.Namespace, data: DataDir) -> int:
    into = DataDir.at(options.into)
    medium, keys = _medium(options, data), house_keys(into)
    base = medium.base(options.name, keys) if options.name else medium.newest(keys)
    done = restore(medium, base, keys, into)
    print(f"Restored {base.name} with WAL to {done.until} ({done.content:,} bytes, {done.seconds:.1f} s).")
    print(f"The last transaction in it is of {done.last_commit}.")
    return 0


def _take_out(options: argparse.Namespace, data: DataDir) -> int:
    with house.database(data):
        name = takeout.take_out(Source.of(data), _plan_of(data), options.approval, options.to)
    print(f"Backup {name} was copied to {options.to} under approval {options.approval}.")
    return 0


def _medium(options: argparse.Namespace, data: DataDir) -> Medium:
    return Medium.found(options.backup or Path(_plan_of(data).to))


def _plan_of(data: DataDir) -> Plan:
    plan = Plan.of(data)
    if plan is None:
        raise SetupError("No backup is planned for this house: ./daicho backup plan --to MEDIUM")
    return plan


_ACTS = {"plan": _plan, "now": _now, "list": _list, "verify": _verify, "restore": _restore, "take-out": _take_out}
