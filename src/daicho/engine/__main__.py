"""The command line: `./daicho COMMAND [ARGS]`, one module per command in `engine/commands/`, loaded by name."""

import sys
from importlib import import_module
from importlib.util import find_spec

from daicho.engine.errors import SetupError

COMMANDS = {
    "up": ("up", "start everything: up [--residents N] [--data DIR] [--port N]"),
    "down": ("down", "stop what `up` started: down [--data DIR]"),
    "status": ("status", "health and versions: status [--json] [--data DIR]"),
    "code": ("code", "the one-time codes of the demo's officers: code [OFFICER] [--data DIR]"),
    "test": ("test", "prepare and run all tests: test [--long] [PYTEST ARGS]"),
    "tour": ("tour", "do the main job through the real doors: tour [--json]"),
    "import": ("import_file", "take over an existing register: import FILE [--dry-run] [--data DIR]"),
    "export": ("export", "write everything out for comparison: export --canonical"),
    "rebuild": ("rebuild", "make the derived tables again from history"),
    "trail": (
        "trail",
        "verify, prove and keep the trail: trail verify|checkpoint|prove|check|key|archive|check-archive|drop|adopt",
    ),
    "wire": ("wire", "what waits between systems: wire [list | again | by-hand | export | verify] [LINK MESSAGE]"),
    "exchange": (
        "exchange",
        "the in-city exchange: exchange [list | register | again | file | transfers | provisions | …]",
    ),
    "connector": (
        "connector",
        "the identity file: connector [show | state-again | differences | reconcile | send RUN]",
    ),
    "world": ("world", "those outside, simulated: what they hold, and their faults: world [NAME] [FAULT|clear]"),
    "backup": ("backup", "backups: backup [list | plan | now | verify | restore | take-out] [--data DIR]"),
    "restore-drill": ("restore_drill", "prove a backup by restoring it: restore-drill --backup DIR [--data DIR]"),
    "keys": ("keys", "the keys of the house: keys [list | rotate NAME | reseal | retire NAME VERSION | to-hsm]"),
    "conformance": ("conformance", "requirement lists against tests: conformance [--json]"),
    "bench": ("bench", "measure: bench NAME [--json] [--residents N] [--quick] [--keep]"),
}


def main(arguments: list[str]) -> int:
    """Run one command; its exit status, or 2 when the command or something it needs is missing."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_help())
        return 0 if arguments else 2
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print(f"daicho: there is no command {command!r}.\n\n{_help()}", file=sys.stderr)
        return 2
    name = f"daicho.engine.commands.{COMMANDS[command][0]}"
    if find_spec(name) is None:
        print(f"daicho: the command {command!r} is not part of this version.", file=sys.stderr)
        return 2
    try:
        status: int = import_module(name).run(rest)
    except SetupError as error:
        print(f"daicho: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _help() -> str:
    lines = ["Usage: ./daicho COMMAND [ARGS]", ""]
    lines += [f"  {name:<13} {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
