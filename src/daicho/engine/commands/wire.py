"""`wire`: what waits between systems; sending again, completing by hand; handing out and verifying evidence.

`verify --file` needs nothing but the file and the certificates of the issuers: no database, no data folder.
"""

import argparse
import os
from importlib import import_module
from pathlib import Path

from daicho.engine import house
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError
from daicho.wire import backlog, evidence
from daicho.wire.certificates import Authority
from daicho.wire.environment import Connection, Environment, of_process
from daicho.wire.message import Receipt

SYSTEMS = (house.SYSTEM, house.CONNECTOR)


def run(arguments: list[str]) -> int:
    """List, or do what is asked; 1 when dead letters are listed or a proof fails."""
    options = _parse(arguments)
    try:
        if options.act == "verify" and options.file:
            return _verify_file(options)
        data = DataDir.at(options.data)
        with house.database(data):
            if options.system != house.SYSTEM:
                os.environ.update(house.system_environment(data, options.system))
            env = of_process()
            with env.database.transaction() as connection:
                return int(_ACTS[options.act](connection, env, data, options))
    except DaichoError as error:
        raise SetupError(f"{error.code}: {''.join(error.sentences)}") from error


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho wire", description=__doc__)
    parser.add_argument("act", nargs="?", default="list", choices=sorted(_ACTS))
    parser.add_argument("link", nargs="?", help="as listed: register-commons")
    parser.add_argument("message", nargs="?", type=int, help="the number of the message")
    parser.add_argument("--reason", help="how the message reached its receiver (by-hand), what was put right (again)")
    parser.add_argument(
        "--file", type=Path, help="the file of evidence: written (export), or read instead of the database"
    )
    parser.add_argument("--issuers", type=Path, help="certificates of the issuers (verify --file), PEM")
    parser.add_argument("--system", default=house.SYSTEM, choices=SYSTEMS, help="whose messages (default register)")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    options = parser.parse_args(arguments)
    if options.act == "verify" and options.file:
        if options.issuers is None:
            parser.error("verify --file needs --issuers")
        return options
    if options.act == "export" and not options.file:
        parser.error("export needs --file")
    if options.act != "list" and (options.link is None or options.message is None):
        parser.error(f"{options.act} needs LINK and MESSAGE")
    if options.act == "by-hand" and not options.reason:
        parser.error("by-hand needs --reason")
    return options


def _list(connection: Connection, env: Environment, _data: DataDir, _options: argparse.Namespace) -> int:
    now = env.clock.now()
    waiting = backlog.backlog(connection)
    for one in waiting:
        age = (now - one.oldest).total_seconds()
        print(f"{one.link}/{one.kind}: {one.waiting} waiting, the oldest for {age:.0f} s, {one.dead} refused")
    for dead in backlog.dead_letters(connection):
        print(f"refused  {dead.link} {dead.message_id} {dead.kind}: {dead.code}, {dead.behind} wait behind it")
    if not waiting:
        print("Nothing waits.")
    return 1 if any(one.dead for one in waiting) else 0


def _again(connection: Connection, env: Environment, _data: DataDir, options: argparse.Namespace) -> int:
    reason = options.reason or ""
    key = (options.link, options.message)
    backlog.send_again(connection, env, *key, officer="console", reason=reason, corrected=bool(reason))
    _record(connection, env, "WIRE_SENT_AGAIN", options)
    print("It is sent again.")
    return 0


def _by_hand(connection: Connection, env: Environment, _data: DataDir, options: argparse.Namespace) -> int:
    backlog.complete_by_hand(connection, env, options.link, options.message, officer="console", reason=options.reason)
    _record(connection, env, "WIRE_COMPLETED", options)
    print("It counts as delivered.")
    return 0


def _verify(connection: Connection, _env: Environment, data: DataDir, options: argparse.Namespace) -> int:
    files = house.wire_files(data, house.SYSTEM)
    authority = Authority.read(files.issuers, files.revoked)
    for proof in evidence.of(connection, options.link, options.message):
        _show(evidence.verify(proof, authority))
    return 0


def _verify_file(options: argparse.Namespace) -> int:
    try:
        text, authority = options.file.read_text(encoding="utf-8"), Authority.read(options.issuers, Path(os.devnull))
    except (OSError, ValueError) as error:
        raise SetupError(f"The evidence or the issuers cannot be read: {type(error).__name__}.") from error
    for receipt in evidence.verify_file(text, authority):
        _show(receipt)
    return 0


def _show(receipt: Receipt) -> None:
    act = "took it" if receipt.outcome == "accepted" else f"refused it ({receipt.code} {receipt.reason})"
    print(f"{receipt.sender} said it, {receipt.receiver} {act} at {receipt.received_at:%Y-%m-%d %H:%M:%S} UTC;")
    print(f"both signatures hold. SHA-256 of what was said: {receipt.digest}")


def _export(connection: Connection, env: Environment, _data: DataDir, options: argparse.Namespace) -> int:
    found = tuple(evidence.of(connection, options.link, options.message))
    text = evidence.EvidenceFile(link=options.link, message_id=options.message, evidence=found).model_dump_json()
    _record(connection, env, "WIRE_EXPORTED", options)
    connection.commit()  # the trail knows before anybody has the file
    try:
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SetupError(f"The file cannot be written: {type(error).__name__}.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    print("The evidence is written. It holds the message itself: keep it as the record of a person.")
    return 0


def _record(connection: Connection, env: Environment, act: str, options: argparse.Namespace) -> None:
    """What somebody does to a message is an act in the trail; for a system without one it stands in `wire.handling` alone."""
    if options.system != house.SYSTEM:
        return
    acts, entry = import_module("daicho.trail.act"), import_module("daicho.trail.entry")
    entry.record_command(connection, env, acts.Act[act], {"link": options.link, "message": options.message})


_ACTS = {"list": _list, "again": _again, "by-hand": _by_hand, "verify": _verify, "export": _export}
