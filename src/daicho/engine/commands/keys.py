"""`keys`: what keys there are, new versions, numbers put under them, old versions out of use, keys into an HSM (docs/keys.md).

No command shows key material.
"""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from daicho.engine import house, keyring
from daicho.engine.errors import SetupError
from daicho.engine.keys import HSM_SETTINGS, FileKeys, of_folder
from daicho.engine.paths import DataDir

SYSTEMS = ("register", "connector", "commons")
NUMBER = "number"


def run(arguments: list[str]) -> int:
    """0 when done, 2 when it cannot be done."""
    options = _parse(arguments)
    return _ACTS[options.what](options, DataDir.at(options.data))


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho keys", description=__doc__)
    acts = parser.add_subparsers(dest="what", required=True)
    acts.add_parser("list", help="names, versions, where they are, what they are for")
    rotated = acts.add_parser("rotate", help="make the next version; older ones go on opening")
    rotated.add_argument("name")
    acts.add_parser("reseal", help="put every number under the newest version; can be stopped and begun again")
    retired = acts.add_parser("retire", help="take an old version out of use, when nothing is under it any more")
    retired.add_argument("name")
    retired.add_argument("version", type=int)
    moved = acts.add_parser("to-hsm", help="wrap all keys of a system under a key in an HSM; the house must be down")
    moved.add_argument("--module", required=True, help="PKCS#11 library")
    moved.add_argument("--token", required=True, help="label of the token")
    moved.add_argument("--key", default="daicho-wrap-1", help="label of the wrapping key; made if there is none")
    moved.add_argument("--pin-file", required=True, type=Path, help="file of the PIN, readable by the house only")
    moved.add_argument("--system", choices=SYSTEMS, default="register")
    for one in acts.choices.values():
        one.add_argument("--data", help="data folder (default: var in the clone)")
    return parser.parse_args(arguments)


def _list(_: argparse.Namespace, data: DataDir) -> int:
    for system in SYSTEMS:
        folder = house.key_folder(data, system)
        if not folder.is_dir():
            continue
        keys = of_folder(folder)
        for name, versions in keys.all().items():
            known = keyring.purpose(name)
            said = ", ".join(map(str, versions))
            print(f"{system:<10} {name:<28} {keys.store:<5} {said:<8} {known.text}")
    return 0


def _rotate(options: argparse.Namespace, data: DataDir) -> int:
    why_not = keyring.purpose(options.name).why_not
    if why_not:
        raise SetupError(f"The key {options.name} is not rotated: {why_not}.")
    with house.database(data):
        version = _keys(data).add(options.name)
        _on_record("KEY_ROTATED", options.name, version)
    print(f"The key {options.name} has version {version}; it is used from now on.")
    if options.name == NUMBER:
        print("Numbers go on opening. To put them under it: ./daicho keys reseal, or the batch 番号の再暗号化.")
    return 0


def _reseal(_: argparse.Namespace, data: DataDir) -> int:
    with house.database(data):
        module: Any = import_module("daicho.register.store.resealing")
        environment = _environment()
        place, total = module.Place(), 0
        while place is not None:
            with environment.database.transaction() as connection:
                done, place = module.step(connection, environment, place)
            total += done
            if done:
                print(f"{total:,} numbers", flush=True)
    print(f"All numbers are under the newest version; {total:,} were put there now.")
    return 0


def _retire(options: argparse.Namespace, data: DataDir) -> int:
    if options.name != NUMBER:
        raise SetupError(
            "Only versions of the key `number` are retired: of the others it is not known what is under them."
        )
    with house.database(data):
        module: Any = import_module("daicho.register.store.resealing")
        with _environment().database.transaction() as connection:
            uses = module.uses(connection, options.version)
        if uses:
            said = ", ".join(f"{kind} {count:,}" for kind, count in uses.items())
            raise SetupError(f"Version {options.version} of {options.name} is still needed by: {said}.")
        try:
            place = _keys(data).retire(options.name, options.version)
        except KeyError:
            raise SetupError(f"There is no version {options.version} of {options.name}.") from None
        except ValueError:
            raise SetupError(f"Version {options.version} of {options.name} is the newest one; it stays.") from None
        _on_record("KEY_RETIRED", options.name, options.version)
    print(
        f"Version {options.version} of {options.name} is out of use: {place.parent}. Keep it as long as backups from before are kept."
    )
    return 0


def _to_hsm(options: argparse.Namespace, data: DataDir) -> int:
    held = house.lock(data)
    if held is None:
        raise SetupError("Stop the house first: ./daicho down")
    folder = house.key_folder(data, options.system)
    with held:
        module: Any = import_module("daicho.engine.hsm")
        hsm = module.Hsm(options.module, options.token, options.key, str(options.pin_file.resolve()))
        count = module.move_in(folder, hsm)
    print(
        f"{count} keys of {options.system} are wrapped under {options.key} of {options.token} ({folder / HSM_SETTINGS})."
    )
    return 0


def _keys(data: DataDir) -> FileKeys:
    return of_folder(house.key_folder(data, house.SYSTEM))


def _environment() -> Any:
    return import_module("daicho.register.environment").current()


def _on_record(act: str, name: str, version: int) -> None:
    """Put it into the trail of the register."""
    environment = _environment()
    entry: Any = import_module("daicho.trail.entry")
    acts: Any = import_module("daicho.trail.act")
    with environment.database.transaction() as connection:
        entry.record_command(connection, environment, acts.Act[act], {"key": name, "version": version})


_ACTS = {"list": _list, "rotate": _rotate, "reseal": _reseal, "retire": _retire, "to-hsm": _to_hsm}
