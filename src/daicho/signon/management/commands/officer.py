"""`officer add|reset|stop` and `officer terminal`: for the administrator at the console."""

from argparse import ArgumentParser
from typing import Any

import pyotp
from django.core.management.base import BaseCommand, CommandError

from daicho.law.errors import DaichoError
from daicho.signon import administration, terminals
from daicho.signon.ledger import AT_CONSOLE
from daicho.wire.environment import current


class Command(BaseCommand):
    """Prints the first password and the second factor once; both are handed over on paper."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command per act."""
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="a new officer")
        add.add_argument("officer_id")
        for name in ("name", "department", "office", "role"):
            add.add_argument(f"--{name}", required=True)
        add.add_argument("--totp", action="store_true", help="one-time codes are allowed")
        for act, words in (("reset", "new password and second factor"), ("stop", "no sign-on from now")):
            one = acts.add_parser(act, help=words)
            one.add_argument("officer_id")
            one.add_argument("--totp", action="store_true", help="one-time codes are allowed")
        terminal = acts.add_parser("terminal", help="register or change a terminal")
        terminal.add_argument("terminal_id")
        terminal.add_argument("--name", required=True)
        terminal.add_argument("--office", required=True)
        terminal.add_argument("--class", dest="terminal_class", required=True, help="counter, management, ...")
        terminal.add_argument("--keyless", action="store_true", help="may be used without a key in its browser")
        terminal.add_argument("--address", default="", help="IP network it must call from")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run one act; CommandError when it is refused."""
        try:
            self._act(options)
        except DaichoError as error:
            raise CommandError(error.message) from error

    def _act(self, options: dict[str, Any]) -> None:
        env = current()
        if options["act"] == "terminal":
            names = ("terminal_id", "name", "office", "address", "terminal_class", "keyless")
            code = terminals.put(env, AT_CONSOLE, terminals.Wanted(**{name: options[name] for name in names}))
            self.stdout.write(
                f"code      {code}  (one day: registers the key of the terminal at /terminal)" if code else ""
            )
        elif options["act"] == "stop":
            administration.stop_officer(env, options["officer_id"])
        elif options["act"] == "reset":
            self._hand_over(administration.reset_officer(env, options["officer_id"], totp=options["totp"]))
        else:
            wanted = (options[name] for name in ("officer_id", "name", "department", "office", "role"))
            self._hand_over(administration.add_officer(env, *wanted, totp=options["totp"]))

    def _hand_over(self, handover: administration.Handover) -> None:
        self.stdout.write(f"user ID   {handover.officer_id}\npassword  {handover.password}")
        if handover.totp_secret:
            uri = pyotp.TOTP(handover.totp_secret).provisioning_uri(name=handover.officer_id, issuer_name="Daicho")
            self.stdout.write(f"TOTP      {uri}")
        else:
            self.stdout.write(f"enrolment {handover.enrolment}  (7 days: registers the first authenticator)")
        self.stdout.write("The password must be changed at the first sign-on.")
