"""The exchange from the command line: `./daicho exchange ACT`, as an administrator of commons at the machine.

list · register FILE --certificate PEM --reason TEXT · certificate SUBSCRIBER PEM · end-certificate SUBSCRIBER FINGERPRINT ·
end SUBSCRIBER DAY · endpoint SUBSCRIBER URL · again|by-hand SUBSCRIBER POSITION --reason TEXT · verify SUBSCRIBER POSITION ·
file SUBSCRIBER full|diff · transfers|provisions [--on DAY] [--csv]
"""

import argparse
import csv
import os
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cryptography import x509

from daicho.commons.exchange import backlog, files, lists, push, subscribers
from daicho.commons.exchange.errors import EventNotWaiting, SubscriptionUnreadable
from daicho.commons.exchange.lists import ListName
from daicho.law.errors import DaichoError
from daicho.wire import backlog as wire
from daicho.wire.certificates import own_of_process
from daicho.wire.environment import Environment, of_process
from daicho.wire.outbox import LINK_REGISTER

OFFICER = "console"
REGISTER = "register"
"""In the place of a subscriber: what waits for the register."""


def say(text: str) -> None:
    """One line."""
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 when something waits for somebody, 2 when it was refused."""
    options = _parse(arguments)
    try:
        return _ACTS[options.act](of_process(), options) or 0
    except DaichoError as error:
        sys.stderr.write(f"{error.code}: {error.message}\n")
        return 2


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho exchange", description=__doc__)
    parser.add_argument("act", nargs="?", default="list", choices=sorted(_ACTS))
    parser.add_argument("words", nargs="*", help="what the act is about")
    parser.add_argument("--certificate", type=Path, help="the system's certificate, PEM (register)")
    parser.add_argument("--reason", default="", help="why (register, again, by-hand)")
    parser.add_argument("--on", type=date.fromisoformat, help="the day of the list (transfers, provisions)")
    parser.add_argument("--csv", action="store_true", help="the whole list as CSV")
    options = parser.parse_args(arguments)
    wanted = _WORDS.get(options.act, 0)
    if len(options.words) != wanted:
        parser.error(f"{options.act} needs {wanted} words")
    return options


def _list(env: Environment, _options: argparse.Namespace) -> int:
    with env.database.transaction() as connection:
        standing = backlog.standings(connection, env)
        dead = backlog.dead_events(connection)
        compared = backlog.comparison(connection)
        letters = wire.dead_letters(connection)
    now = env.clock.now()
    for one in standing:
        age = f", the oldest for {(now - one.oldest).total_seconds():.0f} s" if one.oldest else ""
        trouble = f", {one.trouble}" if one.trouble else ""
        say(f"{one.subscriber} ({one.form}): {one.behind} behind{age}, {one.dead} refused{trouble}")
    for event in dead:
        say(f"refused  {event.subscriber} {event.position} {event.kind}: {event.code}, {event.behind} wait behind it")
    for letter in letters:
        say(f"refused  register {letter.message_id} {letter.kind}: {letter.code}, {letter.behind} wait behind it")
    if compared is not None:
        at = f"{compared.last_at:%Y-%m-%d %H:%M} UTC"
        say(f"compared with the register {at}: {compared.persons} persons, {compared.differed} stood otherwise")
    if not standing:
        say("Nobody is registered.")
    return 1 if dead or letters else 0


def _register(env: Environment, options: argparse.Namespace) -> int:
    [file] = options.words
    try:
        written = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SubscriptionUnreadable(what=type(error).__name__) from None
    wanted = subscribers.read_registration(written)
    with env.database.transaction() as connection:
        subscribers.register(connection, env, wanted, officer=OFFICER, reason=options.reason)
        if options.certificate:
            certificate = _certificate(options.certificate)
            subscribers.add_certificate(connection, env, wanted.subscriber, certificate, officer=OFFICER)
    say(f"{wanted.subscriber} is registered.")
    return 0


def _certificate_act(env: Environment, options: argparse.Namespace) -> int:
    subscriber, file = options.words
    with env.database.transaction() as connection:
        found = subscribers.add_certificate(connection, env, subscriber, _certificate(Path(file)), officer=OFFICER)
    say(f"The certificate {found} counts for {subscriber}.")
    return 0


def _end_certificate(env: Environment, options: argparse.Namespace) -> int:
    subscriber, found = options.words
    with env.database.transaction() as connection:
        subscribers.end_certificate(connection, env, subscriber, found)
    say("It counts no longer.")
    return 0


def _certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SubscriptionUnreadable(what=type(error).__name__) from None


def _end(env: Environment, options: argparse.Namespace) -> int:
    subscriber, day = options.words
    with env.database.transaction() as connection:
        subscribers.end(connection, subscriber, date.fromisoformat(day))
    say(f"{subscriber} is told nothing from {day} on.")
    return 0


def _endpoint(env: Environment, options: argparse.Namespace) -> int:
    subscriber, url = options.words
    with env.database.transaction() as connection:
        subscribers.set_endpoint(connection, subscriber, url, env.clock.today())
    return 0


def _again(env: Environment, options: argparse.Namespace) -> int:
    subscriber, position = options.words
    with env.database.transaction() as connection:
        if subscriber == REGISTER:
            key = (LINK_REGISTER, _number(position))
            wire.send_again(connection, env, *key, officer=OFFICER, reason=options.reason, corrected=True)
        else:
            backlog.send_again(connection, env, subscriber, _number(position), officer=OFFICER, reason=options.reason)
    say("It is sent again.")
    return 0


def _by_hand(env: Environment, options: argparse.Namespace) -> int:
    subscriber, position = options.words
    with env.database.transaction() as connection:
        key = (LINK_REGISTER if subscriber == REGISTER else subscriber, _number(position))
        work = wire.complete_by_hand if subscriber == REGISTER else backlog.complete_by_hand
        work(connection, env, *key, officer=OFFICER, reason=options.reason)
    say("It counts as delivered.")
    return 0


def _verify(env: Environment, options: argparse.Namespace) -> int:
    subscriber, position = options.words
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT b.* FROM commons.delivered d JOIN commons.batch b USING (batch_id)"
            " WHERE d.subscriber = %s AND d.position = %s",
            (subscriber, _number(position)),
        ).fetchone()
    if row is None:
        raise EventNotWaiting
    receipt = push.verify_batch(env, own_of_process(), row)
    say(
        f"commons said it, {subscriber} signed for it at {receipt.received_at:%Y-%m-%d %H:%M:%S} UTC; both signatures hold."
    )
    say(f"SHA-256 of what was said: {receipt.digest}")
    return 0


def _file(env: Environment, options: argparse.Namespace) -> int:
    subscriber, kind = options.words
    if kind not in ("full", "diff"):
        raise SubscriptionUnreadable(what="full, diff")
    with env.database.transaction() as connection:
        subscription = subscribers.find(connection, subscriber, env.clock.today())
    made = files.make(env, own_of_process(), Path(os.environ["DAICHO_FILES"]), subscription, kind)
    say(f"{made.name}: {made.persons} persons, SHA-256 {made.sha256}")
    return 0


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise EventNotWaiting
    return int(text)


def _print_list(name: ListName) -> Callable[[Environment, argparse.Namespace], int]:
    def show(env: Environment, options: argparse.Namespace) -> int:
        day = options.on or env.clock.today()
        found = lists.lines(name) if options.csv else lists.by_number(name, day)
        if options.csv:
            writer = csv.writer(sys.stdout)
            writer.writerow(lists.HEADINGS)
            writer.writerows([[files.inert(cell) for cell in lists.cells(line)] for line in found])
            return 0
        for line in found:
            say("　".join(str(cell) for cell in lists.cells(line)))
        return 0

    return show


_ACTS: dict[str, Callable[[Environment, argparse.Namespace], int]] = {
    "list": _list,
    "register": _register,
    "certificate": _certificate_act,
    "end-certificate": _end_certificate,
    "end": _end,
    "endpoint": _endpoint,
    "again": _again,
    "by-hand": _by_hand,
    "verify": _verify,
    "file": _file,
    "transfers": _print_list("transfers"),
    "provisions": _print_list("provisions"),
}
_WORDS = {
    "register": 1, "certificate": 2, "end-certificate": 2, "end": 2, "endpoint": 2, "again": 2, "by-hand": 2, "verify": 2,
    "file": 2,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
