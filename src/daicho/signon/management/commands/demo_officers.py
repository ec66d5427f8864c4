"""`demo_officers --folder SECRETS`: terminals and officers of the demo, run by the supervisor at set-up."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from daicho.signon.demo import DemoRefused, ensure_demo_officers
from daicho.wire.environment import current


class Command(BaseCommand):
    """Make what is missing; say nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder of the generated secrets."""
        parser.add_argument("--folder", type=Path, required=True)

    def handle(self, *, folder: Path, **_options: object) -> None:
        """Run; CommandError in production."""
        try:
            ensure_demo_officers(current(), folder)
        except DemoRefused as error:
            raise CommandError("Demo officers are never made in production.") from error
