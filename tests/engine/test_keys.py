"""Keys: versions, rotation and retirement by command; the same keys in a software HSM; numbers put under a new version."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from daicho.engine import machine
from daicho.engine.errors import SetupError
from daicho.engine.hsm import Hsm, HsmKeys, move_in
from daicho.engine.keyring import purpose
from daicho.engine.keys import FileKeys, of_folder
from daicho.wire.environment import Environment
from tests.people import move_in_family


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hsm]:
    """A token of SoftHSM. Where the package is missing the gate installs it; here it is an error, never skipped."""
    library = machine.ensure_softhsm()
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        init = [str(machine.softhsm_util(library)), "--module", str(library), "--init-token", "--free"]
        init += ["--label", "daicho", "--pin", "24681357", "--so-pin", "13572468"]
        subprocess.run(init, check=True, capture_output=True)
        (folder / "pin").write_text("24681357\n", encoding="ascii")
        yield Hsm(str(library), "daicho", "wrap-1", str(folder / "pin"))


def test_versions_go_up_and_old_ones_open(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")
    first = keys.key("number", 1)
    assert keys.add("number") == 2
    assert FileKeys(tmp_path / "keys").newest("number") == 2
    assert (keys.key("number", 1), keys.all()) == (first, {"number": [1, 2]})
    place = keys.retire("number", 1)
    assert place.is_file()
    with pytest.raises(KeyError):  # and never made anew under an old number
        keys.key("number", 1)
    with pytest.raises(ValueError, match="newest"):
        keys.retire("number", 2)


def test_keys_move_into_an_hsm_and_go_on_there(tmp_path: Path, hsm: Hsm) -> None:
    """Each key comes back equal, none lies in clear, new versions are made there; another PIN or place opens nothing."""
    folder = tmp_path / "keys"
    clear = FileKeys(folder)
    known = {(name, version): clear.key(name, version) for name in ("number", "trail-seal") for version in (1,)}
    assert clear.add("number") == 2
    known["number", 2] = clear.key("number", 2)
    assert move_in(folder, hsm) == 3
    assert move_in(folder, hsm) == 0
    kept = of_folder(folder)
    assert isinstance(kept, HsmKeys)
    assert {one: kept.key(*one) for one in known} == known
    assert {path.name for path in folder.glob("*.[0-9]*")} == {
        "number.1.wrapped",
        "number.2.wrapped",
        "trail-seal.1.wrapped",
    }
    for path in folder.iterdir():
        assert not any(value in path.read_bytes() or value.hex() in path.read_text() for value in known.values())
    assert (kept.add("number"), len(kept.key("number", 3))) == (3, 32)
    assert len(kept.key("new", 1)) == 32

    (folder / "number.1.wrapped").replace(folder / "number.9.wrapped")
    with pytest.raises(SetupError, match=r"number\.9"):
        of_folder(folder).key("number", 9)
    (tmp_path / "pin").write_text("00000000", encoding="ascii")
    with pytest.raises(SetupError, match="does not open its token"):
        Hsm(hsm.module, hsm.token, hsm.key, str(tmp_path / "pin")).make_key()


def test_the_wrapping_key_never_leaves(hsm: Hsm) -> None:
    import pkcs11

    hsm.make_key()
    with hsm.session() as session:
        key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=hsm.key)
        with pytest.raises(pkcs11.PKCS11Error):
            key[pkcs11.Attribute.VALUE]


def test_every_key_of_the_code_is_told_of(environment: Environment) -> None:
    keys = environment.keys
    assert isinstance(keys, FileKeys)
    move_in_family(environment)
    assert keys.all()
    assert not [name for name in keys.all() if purpose(name).text == "not known"]
