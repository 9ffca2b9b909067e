"""What a machine must have before the portal runs on it: Debian's packages, and .venv with the pinned requirements.

`python3 -m nmec_portal.local.setup requirements.txt`; standard library only. What is there already is not touched.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = PROJECT / ".data" / "venv.unfinished"  # there while .venv is worked on: found there, .venv is made anew
PACKAGES = (
    *("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    *("fonts-noto-cjk", "fonts-hanazono", "fonts-babelstone-han"),
)
# without them some tests are skipped
TEST_PACKAGES = ("age", "chromium-headless-shell", "libatomic1", "poppler-utils", "zbar-tools")
HELD = ("3.11", "3.12", "3.13")  # the Pythons that the pinned requirements have been resolved for
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")


class SetupError(RuntimeError):
    """The machine cannot be set up; the message says what is wrong and what to do."""


def prepare(requirements: Path) -> None:
    """Install what is missing for this requirements file. Raises SetupError."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" not in HELD:
        raise SetupError(
            f"Python {', '.join(HELD[:-1])} or {HELD[-1]} is needed, this is {sys.version.split()[0]}; "
            f"run `make PYTHON=/path/to/python{HELD[0]} …`."
        )
    with alone("setup"):
        _debian_packages(for_tests=requirements.name == "requirements-dev.txt")
        _environment(requirements)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold this project's lock of that name: of two `make` at once the second waits."""
    folder = PROJECT / ".data"
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / f"{name}.lock").open("w")
    except OSError as error:
        raise SetupError(
            f"{folder} cannot be written: {error.strerror}. Clone the project where you may write."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another make is setting up this folder; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)  # a pip that outlives a killed make goes on holding the lock
        yield


def say(sentence: str) -> None:
    print(sentence, flush=True)


def exit_on_kill() -> None:
    """Let an ordinary kill end us as an exception does: what we have started is stopped."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


# --- Debian


def _debian_packages(for_tests: bool) -> None:
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        say("This is no Debian: see to Pango, HarfBuzz (hb-subset), Noto CJK and HanaMin fonts yourself.")
        return

    # Debian ships ensurepip apart from Python
    venv = () if importlib.util.find_spec("ensurepip") else ("python3-venv",)
    missing = _missing(PACKAGES) + list(venv)
    wanted = _missing(TEST_PACKAGES) if for_tests else []

    if os.geteuid() == 0:
        _apt(missing)
        try:
            _apt(wanted)
        except SetupError as error:
            say(f"{error}\nGoing on without them: the tests that need them are skipped.")
    elif missing:
        line = " ".join(("apt-get update && sudo", *INSTALL, *missing, *wanted))
        raise SetupError(f"Debian packages are missing. Run this line once, then make again:\n\n  sudo {line}\n")
    elif wanted:
        say(
            f"Without {' and '.join(wanted)} some tests are skipped; to have them: sudo {' '.join((*INSTALL, *wanted))}"
        )


def debian(packages: tuple[str, ...]) -> None:
    """Install what is missing of these, for a command that needs them. Raises SetupError."""
    missing = _missing(packages) if shutil.which("dpkg-query") else []
    if missing and os.geteuid() != 0:
        line = " ".join((*INSTALL, *missing))
        raise SetupError(f"Debian packages are missing. Run this line once, then make again:\n\n  sudo {line}\n")
    _apt(missing)


def _missing(packages: tuple[str, ...]) -> list[str]:
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *packages], capture_output=True, text=True
    )
    there = {line.split()[1] for line in listed.stdout.splitlines() if line.startswith("installed ")}
    return [package for package in packages if package not in there]


def _apt(packages: list[str]) -> None:
    if not packages:
        return
    say(f"Installing Debian packages: {' '.join(packages)} …")
    quiet = ("-qq", "-o", "DPkg::Lock::Timeout=120")
    _run(["apt-get", "update", *quiet], "apt-get update failed")
    _run([*INSTALL, *quiet, *packages], f"Debian packages could not be installed ({' '.join(packages)})")


# --- Python


def _environment(requirements: Path) -> None:
    """Bring .venv to these requirements; nothing to do when they are those of the last time."""
    wanted = f"{sys.version} {hashlib.sha256(requirements.read_bytes()).hexdigest()}"
    stamp = VENV / f".{requirements.name}.installed"
    if stamp.exists() and stamp.read_text() == wanted and not UNFINISHED.exists() and PYTHON.exists():
        return

    whole = _is_of_this_python() and not UNFINISHED.exists()
    UNFINISHED.touch()
    if not whole:
        say("Making the virtual environment .venv …")
        base = getattr(sys, "_base_executable", sys.executable)  # where .venv itself is active
        _run([base, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made")

    say(f"Installing {requirements.name} into .venv; the first time this takes a while …")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*pip, "--require-hashes", "-r", str(requirements)], f"{requirements.name} could not be installed")
    stamp.write_text(wanted)
    UNFINISHED.unlink()


def _is_of_this_python() -> bool:
    """Tell whether .venv has pip, and was made from the Python that runs this."""
    try:
        asked = [str(PYTHON), "-c", "import pip, sys; print(sys.version)"]
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip() == sys.version
    except OSError:  # there is none, or the Python that it was made from has gone
        return False


def _run(command: list[str], failure: str) -> None:
    """Run quietly; raises SetupError with what the command said. Interrupted, it takes the command's children along."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        close_fds=False,  # the lock
        start_new_session=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if process.returncode:
        raise SetupError(f"{failure}:\n" + "\n".join(output.strip().splitlines()[-20:]))


def main(arguments: list[str]) -> None:
    exit_on_kill()
    try:
        prepare(PROJECT / arguments[0])
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
