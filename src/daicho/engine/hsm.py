"""The same keys in a hardware security module: each is wrapped under an AES key that never leaves it (PKCS#11; decision 0133).

The folder holds `hsm.json` (module, token, key, file of the PIN) and `<name>.<version>.wrapped`. A key is unwrapped by the module
when a process first asks for it and stays in the memory of that process: a look-up by number does not wait for the module.
"""

import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daicho.engine.backup.files import replace
from daicho.engine.errors import SetupError
from daicho.engine.keys import HSM_SETTINGS, FileKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

WRAPPED = ".wrapped"
SIZE = 32
_NONCE, _TAG_BITS = 12, 128


@dataclass(frozen=True, slots=True)
class Hsm:
    """Which module, token and wrapping key; the PIN stays in its file."""

    module: str
    token: str
    key: str
    pin_file: str

    @classmethod
    def of(cls, folder: Path) -> "Hsm":
        """What the folder says."""
        return cls(**json.loads((folder / HSM_SETTINGS).read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        """Keep it in the folder: from now on its keys are wrapped."""
        replace(folder / HSM_SETTINGS, json.dumps(asdict(self), indent=1).encode())

    @contextmanager
    def session(self) -> "Iterator[Any]":
        """A session with the token. SetupError, without the PIN, when it cannot be had."""
        try:
            import pkcs11
        except ImportError:
            raise SetupError("The package python-pkcs11 is missing.") from None
        try:
            pin = Path(self.pin_file).read_text(encoding="ascii").strip()
            token = pkcs11.lib(self.module).get_token(token_label=self.token)
            opened = token.open(user_pin=pin, rw=True)
        except (pkcs11.PKCS11Error, OSError, RuntimeError) as error:
            raise SetupError(f"The HSM does not open its token {self.token}: {type(error).__name__}.") from None
        with opened as session:
            yield session

    def make_key(self) -> None:
        """Make the wrapping key if there is none: AES-256, sensitive, never to be taken out."""
        import pkcs11

        with self.session() as session:
            if _found(session, self.key) is None:
                session.generate_key(
                    pkcs11.KeyType.AES,
                    256,
                    label=self.key,
                    store=True,
                    capabilities=pkcs11.MechanismFlag.ENCRYPT | pkcs11.MechanismFlag.DECRYPT,
                    template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
                )

    def wrap(self, name: str, value: bytes) -> bytes:
        """A key as it is kept: it opens under its own name and version only."""
        with self.session() as session:
            nonce = session.generate_random(_NONCE * 8)
            box = self._key(session).encrypt(value, **_gcm(nonce, name))
        return json.dumps({"key": self.key, "nonce": nonce.hex(), "box": box.hex()}).encode()

    def unwrap(self, name: str, kept: bytes) -> bytes:
        """The key in clear. SetupError when the module does not open it."""
        import pkcs11

        said = json.loads(kept)
        with self.session() as session:
            key = _found(session, said["key"])
            if key is None:
                raise SetupError(f"The token {self.token} has no key {said['key']}.")
            try:
                value = bytes(key.decrypt(bytes.fromhex(said["box"]), **_gcm(bytes.fromhex(said["nonce"]), name)))
            except pkcs11.PKCS11Error:
                raise SetupError(
                    f"The HSM does not open the key {name}: it was changed or belongs elsewhere."
                ) from None
        if len(value) != SIZE:
            raise SetupError(f"The key {name} is not whole.")
        return value

    def _key(self, session: Any) -> Any:
        key = _found(session, self.key)
        if key is None:
            raise SetupError(f"The token {self.token} has no key {self.key}.")
        return key


class HsmKeys(FileKeys):
    """The keys of a folder, wrapped."""

    store = "hsm"

    def __init__(self, folder: Path, *, make: bool = True) -> None:
        """See FileKeys; the folder must say which HSM."""
        super().__init__(folder, make=make)
        self._hsm = Hsm.of(folder)

    def _file(self, name: str, version: int) -> str:
        return f"{name}.{version}{WRAPPED}"

    def _parts(self, file: str) -> tuple[str, int] | None:
        return super()._parts(file.removesuffix(WRAPPED)) if file.endswith(WRAPPED) else None

    def _create(self, name: str, version: int) -> None:
        self.put(name, version, os.urandom(SIZE))

    def _fetch(self, name: str, version: int) -> bytes:
        return self._hsm.unwrap(f"{name}.{version}", (self._folder / self._file(name, version)).read_bytes())

    def put(self, name: str, version: int, value: bytes) -> None:
        """Keep a key wrapped; the first one wins where two are put at once."""
        draft = self._folder / f".{name}.{version}.{os.getpid()}"
        replace(draft, self._hsm.wrap(f"{name}.{version}", value))
        with suppress(FileExistsError):
            (self._folder / self._file(name, version)).hardlink_to(draft)
        draft.unlink()


def move_in(folder: Path, hsm: Hsm) -> int:
    """Wrap every key of a file store, prove that each comes back, then remove it in clear; returns how many.

    Stopped anywhere, it is called again: a key in clear goes only when its wrapped form has been opened.
    """
    hsm.make_key()
    clear = FileKeys(folder, make=False)
    known = [(name, version, clear.key(name, version)) for name, found in clear.all().items() for version in found]
    hsm.write(folder)
    wrapped = HsmKeys(folder, make=False)
    for name, version, value in known:
        wrapped.put(name, version, value)
        if HsmKeys(folder, make=False).key(name, version) != value:
            raise SetupError(f"The key {name}.{version} does not come back from the HSM; it stays in clear.")
        (folder / f"{name}.{version}").unlink()
    return len(known)


def _gcm(nonce: bytes, name: str) -> dict[str, Any]:
    import pkcs11

    return {"mechanism": pkcs11.Mechanism.AES_GCM, "mechanism_param": pkcs11.GCMParams(nonce, name.encode(), _TAG_BITS)}


def _found(session: Any, label: str) -> Any:
    import pkcs11

    with suppress(pkcs11.NoSuchKey):
        return session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=label)
    return None
