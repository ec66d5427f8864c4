"""What the machine must have besides Python: a font, for tests a browser and a software HSM. Found, or put there by apt.

Standard library only: this runs before the virtual environment exists. As root packages are installed; without root
they are downloaded and unpacked into `.tools/deb`, which needs no rights.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from daicho.engine.errors import SetupError
from daicho.engine.paths import TOOLS, is_root

UNPACKED = TOOLS / "deb"
FONT_VARIABLE = "DAICHO_IPAMJ_FONT"
BROWSER_VARIABLE = "DAICHO_CHROMIUM"
SOFTHSM_VARIABLE = "DAICHO_SOFTHSM"
_FONT_FOLDERS = ("usr/share/fonts", "usr/local/share/fonts")
_BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")


def font() -> Path | None:
    """The IPAmj Mincho font file: DAICHO_IPAMJ_FONT, else an installed or unpacked one; None when there is none."""
    named = os.environ.get(FONT_VARIABLE)
    if named:
        return Path(named) if Path(named).is_file() else None
    roots = [Path("/"), UNPACKED]
    for folder in (root / part for root in roots for part in _FONT_FOLDERS):
        for found in sorted(folder.rglob("ipamjm.ttf")):
            return found.resolve()
    return None


def ensure_font() -> Path:
    """The font, installed on first use. SetupError says how to get it when apt cannot."""
    found = font()
    if found is None:
        _say("The font IPAmj Mincho is missing; getting the package fonts-ipamj-mincho.")
        provide("fonts-ipamj-mincho")
        found = font()
    if found is None:
        raise SetupError(
            "The font IPAmj Mincho (ipamjm.ttf) is missing; certificates cannot be printed without it. "
            f"Install the package fonts-ipamj-mincho, or set {FONT_VARIABLE} to the path of ipamjm.ttf."
        )
    return found


def browser() -> Path | None:
    """A Chromium that runs: DAICHO_CHROMIUM, the machine's, or an unpacked one. None for Ubuntu's snap stub."""
    named = os.environ.get(BROWSER_VARIABLE)
    candidates = [named] if named else [shutil.which(name) for name in _BROWSERS] + [str(TOOLS / "chromium")]
    for candidate in candidates:
        if candidate and Path(candidate).is_file() and _runs(candidate):
            return Path(candidate)
    return None


def ensure_browser() -> Path:
    """A Chromium for the browser tests, installed on first use. SetupError says how to get one when apt cannot."""
    found = browser()
    if found is None and not is_ubuntu():
        _say("No Chromium found; getting the package chromium.")
        provide("chromium")
        _wrap_unpacked_browser()
        found = browser()
    if found is None:
        hint = (
            "Ubuntu's package chromium is only a stub for a snap. Install Google Chrome's .deb (it puts google-chrome on "
            "the path), or run `snap install chromium`"
            if is_ubuntu()
            else "Install the package chromium"
        )
        raise SetupError(f"The browser tests need Chromium. {hint}, or set {BROWSER_VARIABLE} to the path of one.")
    return found


def softhsm() -> Path | None:
    """The library of SoftHSM: DAICHO_SOFTHSM, an installed or an unpacked one; None when there is none."""
    named = os.environ.get(SOFTHSM_VARIABLE)
    candidates = [Path(named)] if named else [root / "usr/lib/softhsm/libsofthsm2.so" for root in (Path("/"), UNPACKED)]
    return next((path for path in candidates if path.is_file()), None)


def ensure_softhsm() -> Path:
    """A software HSM, for the tests of the key store; installed on first use. SetupError says how to get it."""
    found = softhsm()
    if found is None:
        _say("No SoftHSM found; getting the package softhsm2.")
        provide("softhsm2")
        found = softhsm()
    if found is None:
        raise SetupError(
            "The tests of the key store need SoftHSM. Install the package softhsm2, or set "
            f"{SOFTHSM_VARIABLE} to the path of libsofthsm2.so."
        )
    return found


def softhsm_util(library: Path) -> Path:
    """The program that makes tokens, beside a library."""
    beside = library.parents[2] / "bin" / "softhsm2-util"
    return beside if beside.is_file() else Path(shutil.which("softhsm2-util") or beside)


def is_ubuntu() -> bool:
    """Whether this is Ubuntu (or calls itself like it)."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.startswith(("ID=", "ID_LIKE=")) and "ubuntu" in line for line in lines)


def provide(package: str) -> None:
    """Install a Debian package as root, unpack it with what it needs otherwise. SetupError when there is no apt."""
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"This machine has no apt-get. Install the equivalent of the Debian package {package} yourself."
        )
    if is_root():
        if _run(["apt-get", "install", "-y", "--no-install-recommends", package]) is not None:
            _checked(["apt-get", "update"], package)
            _checked(["apt-get", "install", "-y", "--no-install-recommends", package], package)
    else:
        unpack(package)


def unpack(package: str) -> Path:
    """Download a package and all it needs that is not installed, without rights; unpack into `.tools/deb`."""
    folder = TOOLS / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    own = ["-o", f"Dir::Cache={folder / 'cache'}", "-o", "Debug::NoLocking=1"]
    if _run(["apt-get", *own, "-s", "install", "--no-install-recommends", package]) is not None:
        own += ["-o", f"Dir::State::lists={folder / 'lists'}"]
        _checked(["apt-get", *own, "update"], package)
    plan = _checked(["apt-get", *own, "-s", "install", "--no-install-recommends", package], package)
    wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    for name in wanted or [package]:
        _checked(["apt-get", *own, "download", name], name, cwd=folder)
    UNPACKED.mkdir(exist_ok=True)
    for archive in sorted(folder.glob("*.deb")):
        _checked(["dpkg", "-x", str(archive), str(UNPACKED)], package)
        archive.unlink()
    return UNPACKED


def _wrap_unpacked_browser() -> None:
    """A starter for an unpacked Chromium, which must look for its libraries beside itself."""
    program = UNPACKED / "usr" / "lib" / "chromium" / "chromium"
    if not program.is_file():
        return
    libraries = ":".join(
        str(path) for path in (UNPACKED / "usr/lib/x86_64-linux-gnu", UNPACKED / "lib/x86_64-linux-gnu")
    )
    starter = TOOLS / "chromium"
    starter.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"\nexport LD_LIBRARY_PATH\n'
        f'exec "{program}" "$@"\n',
        encoding="utf-8",
    )
    starter.chmod(0o755)


def _runs(program: str) -> bool:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _checked(command: Sequence[str], package: str, cwd: Path | None = None) -> str:
    """The command's output; SetupError with its last words when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), cwd=cwd)
    if done.returncode != 0:
        raise SetupError(
            f"Could not get the package {package}: `{' '.join(command)}` failed:\n{done.stderr.strip()[-800:]}"
        )
    return done.stdout


def _run(command: Sequence[str]) -> str | None:
    """None when the command succeeds, else its error output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    return None if done.returncode == 0 else done.stderr


def _environment() -> dict[str, str]:
    return os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def _say(text: str) -> None:
    print(text, flush=True)
