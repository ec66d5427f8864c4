"""Set-up of a clone: `.venv`, the embedded PostgreSQL, the font, for tests the browser. Quick when nothing is missing.

Run by the launcher with the machine's own Python before the virtual environment exists, hence standard library only:
`python3 -m daicho.engine.prepare python|up|test`.
"""

import fcntl
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from daicho.engine import machine, parts, postgres_files
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT, TOOLS

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DOWNLOADS = TOOLS / "downloads.json"
REQUIREMENTS = {
    "python": ("requirements.txt",),
    "up": ("requirements.txt",),
    "test": ("requirements.txt", "requirements-dev.txt"),
}


def main(arguments: list[str]) -> int:
    """Prepare for `python`, `up` or `test`; 0, or 2 with one plain message when something is missing."""
    what = arguments[0] if arguments else "up"
    TOOLS.mkdir(exist_ok=True)
    try:
        with (TOOLS / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare(what)
    except SetupError as error:
        print(f"daicho: {error}", file=sys.stderr)
        return 2
    return 0


def prepare(what: str) -> None:
    """Make everything that `what` needs; each part that had to be made is timed in `.tools/downloads.json`."""
    ensure_environment(REQUIREMENTS[what])
    if what == "python":
        return
    if not postgres_files.present():
        if not _npm_present():
            timed("npm", install_npm)
        timed("PostgreSQL", postgres_files.binaries)
    if machine.font() is None:
        timed("font", machine.ensure_font)
    if what == "test" and not _remembered_browser():
        timed("browser", _remember_browser)
    if what == "test" and machine.softhsm() is None:
        timed("software HSM", machine.ensure_softhsm)


def ensure_environment(files: tuple[str, ...]) -> None:
    """`.venv` with exactly the pinned and hashed packages of these files."""
    if not _works(PYTHON):
        timed("virtual environment", make_environment)
    for name in files:
        stamp = VENV / f".prepared-{name}"
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != digest:
            timed(name, partial(install, ["-r", str(ROOT / name)]))
            stamp.write_text(digest, encoding="ascii")


def make_environment() -> None:
    """A virtual environment without pip, which Debian's Python can make without further packages."""
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetupError(
            f"`{sys.executable} -m venv` failed. Install the package python3-venv.\n{(done.stderr or done.stdout).strip()}"
        )


def install(arguments: list[str]) -> None:
    """pip install with hashes required and nothing built on this machine."""
    command = [*pip(), "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"pip could not install the pinned packages:\n{done.stderr.strip()[-1500:]}")


def pip() -> list[str]:
    """The command that runs pip inside `.venv`: its own, the one Python bundles, or Debian's wheel."""
    if _succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    if find_spec("ensurepip") and _succeeds([str(PYTHON), "-m", "ensurepip"]):
        return [str(PYTHON), "-m", "pip"]
    wheel = _pip_wheel()
    if wheel is None and find_spec("ensurepip") is None:
        machine.unpack("python3-pip-whl")
        wheel = _pip_wheel()
    if wheel is None:
        raise SetupError(
            "pip is missing. Install the package python3-venv (Debian, Ubuntu: apt-get install python3-venv)."
        )
    return [str(PYTHON), str(wheel / "pip")]


def install_npm() -> None:
    """Node and npm from hashed wheels into `.tools/node`: they fetch the npm parts and are not needed afterwards."""
    install(["--target", str(TOOLS / "node"), "-r", str(ROOT / "tools" / "requirements-node.txt")])


def timed(name: str, action: Callable[[], object]) -> None:
    """Do it, say so, and remember the seconds: `up` prints them apart from its own."""
    print(f"Preparing: {name} ...", flush=True)
    began = time.monotonic()
    action()
    seconds = round(time.monotonic() - began, 1)
    kept = json.loads(DOWNLOADS.read_text(encoding="utf-8")) if DOWNLOADS.is_file() else []
    DOWNLOADS.write_text(json.dumps([*kept, {"name": name, "seconds": seconds}]), encoding="utf-8")
    print(f"Preparing: {name} done in {seconds} s", flush=True)


def _npm_present() -> bool:
    try:
        parts.npm()
    except SetupError:
        return False
    return True


def _remembered_browser() -> bool:
    """The browser found last time; starting Chromium to ask its version takes a while."""
    try:
        return Path((TOOLS / "browser").read_text(encoding="utf-8")).is_file()
    except OSError:
        return False


def _remember_browser() -> None:
    (TOOLS / "browser").write_text(str(machine.ensure_browser()), encoding="utf-8")


def _pip_wheel() -> Path | None:
    for root in (Path("/"), machine.UNPACKED):
        for wheel in sorted((root / "usr/share/python-wheels").glob("pip-*.whl")):
            return wheel
    return None


def _works(python: Path) -> bool:
    return python.exists() and _succeeds([str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
