"""`make fresh [ARGS="--keep --suite trixie --tests …"]`: the README's two commands on a machine new to the project.

debootstrap fills a folder with a bare Debian 12 (13: --suite trixie); the committed HEAD is cloned into it, and root
and an ordinary user each do `make run` and `make test` there. Package sources, certificates and proxies are those of
this machine. As root; standard library only.

All of it happens in a mount and process namespace of its own: whatever ends us, however, takes every mount and process
along. The folder goes too, unless it is to be kept; only a kill -9 leaves it behind, in /var/tmp.
"""

import argparse
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOGS = PROJECT / ".data" / "fresh"
PREREQUISITES = "ca-certificates,git,make,python3"  # what a clone needs; the rest is the project's business
VISITOR = "visitor"
# how this machine reaches its packages
NETWORK = (
    *("etc/resolv.conf", "etc/hosts", "etc/apt", "usr/share/keyrings", "etc/pip.conf", "etc/xdg/pip"),
    *("etc/ssl/certs", "usr/local/share/ca-certificates"),
)
NETWORK_VARIABLES = re.compile(r"(?i)(https?|no)_proxy|pip_.*|ssl_cert_(file|dir)|(requests|curl)_ca_bundle")
MINUTES_TO_BUILD, MINUTES_TO_TEST, MINUTES_TO_ANSWER, SECONDS_TO_STOP = 20, 60, 20, 60


class Failed(Exception):
    """What went wrong, in a sentence."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fresh")
    parser.add_argument("--keep", action="store_true", help="keep the folder, to look around in with chroot")
    parser.add_argument("--tests", default="", help="what `make test` gets as ARGS, such as tests/candidates")
    parser.add_argument(
        "--suite", default="bookworm", help="Debian's name of the release: bookworm is 12, trixie is 13"
    )
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return _inside(options.inside, options.suite, options.tests)
    missing = [name for name in ("debootstrap", "unshare", "setpriv", "chroot", "git") if not shutil.which(name)]
    if os.geteuid() != 0:
        sys.exit("make fresh builds a machine in a folder: only root may.")
    if missing:
        sys.exit(f"make fresh needs {', '.join(missing)}: apt-get install debootstrap util-linux coreutils git")
    return _outside(options)


def _outside(options: argparse.Namespace) -> int:
    """Make the folder, go inside, and remove it again."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    LOGS.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="nmec-fresh-", dir="/var/tmp"))
    folder.chmod(0o755)
    namespaces = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]
    asked = [f"--suite={options.suite}", f"--tests={options.tests}"]
    inside = [sys.executable, "-m", "tests.fresh", "--inside", str(folder), *asked]
    process = subprocess.Popen([*namespaces, *inside], cwd=PROJECT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 130
    finally:
        process.kill()  # and with it everything inside
        process.wait()
        if options.keep:
            print(f"Kept: chroot {folder} /bin/bash", flush=True)
        else:
            _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(20):  # the last processes may still be on their way out
        with suppress(OSError):
            shutil.rmtree(folder)
            return
        time.sleep(0.5)
    shutil.rmtree(folder)


def _inside(folder: Path, suite: str, tests: str) -> int:
    """Make the visit, as the first process of its namespace; return 1 where something was not as it should be."""
    machine = Machine(folder, suite)
    started, wrong = time.monotonic(), 0
    steps = [
        (f"a bare Debian, {suite}", machine.build),
        ("the committed project, cloned by both", machine.clone),
        (f"{VISITOR}: make run says which packages are missing", machine.is_told_what_is_missing),
        ("root: make run", lambda: machine.make_run("root")),
        ("root: make test", lambda: machine.make_test("root", tests)),
        (f"{VISITOR}: make test", lambda: machine.make_test(VISITOR, tests)),
        (f"{VISITOR}: make run", lambda: machine.make_run(VISITOR)),
    ]
    for number, (name, step) in enumerate(steps):
        begun = time.monotonic()
        try:
            seen, mark = step(), "ok    "
        except Failed as failure:
            seen, mark, wrong = str(failure), "FAILED", wrong + 1
        print(f"{mark} {time.monotonic() - begun:5.0f} s  {name}: {seen}", flush=True)
        if wrong and number < 2:
            break  # nothing to visit
    print(f"{'Not as it should be' if wrong else 'All as it should be'} after {time.monotonic() - started:.0f} s.")
    return 1 if wrong else 0


class Machine:
    """A Debian in a folder, with an ordinary user in it."""

    def __init__(self, folder: Path, suite: str):
        self.folder = folder
        self.suite = suite
        self.home = {"root": "/root", VISITOR: f"/home/{VISITOR}"}

    def build(self) -> str:
        archives = _archives(self.suite)
        mirror = [address for address, suite in archives if suite == self.suite][:1]  # else debootstrap's own default
        options = ["--variant=minbase", f"--include={PREREQUISITES}"]
        _run(["debootstrap", *options, self.suite, self.folder, *mirror], "build", MINUTES_TO_BUILD)
        for name in NETWORK:
            _copy(Path("/", name), self.folder / name)
        if archives:
            shutil.rmtree(self.folder / "etc/apt/sources.list.d", ignore_errors=True)
            lines = [f"deb {address} {suite} main\n" for address, suite in archives]
            (self.folder / "etc/apt/sources.list").write_text("".join(lines))
        for kind, place, *options in (
            ("proc", "proc"),
            ("tmpfs", "dev/shm", "-o", "mode=1777"),
            ("devpts", "dev/pts", "-o", "newinstance,ptmxmode=0666"),
        ):
            (self.folder / place).mkdir(exist_ok=True)
            _run(["mount", "-t", kind, *options, kind, self.folder / place], "mount", 1)
        self.run("root", f"useradd --create-home --shell /bin/bash {VISITOR}", "user", 1, folder="")
        count = len(list((self.folder / "var/lib/dpkg/info").glob("*.list")))
        return f"{(self.folder / 'etc/debian_version').read_text().strip()}, {count} packages"

    def clone(self) -> str:
        bundle = self.folder / "srv" / "project.bundle"
        _run(["git", "-c", "safe.directory=*", "-C", PROJECT, "bundle", "create", bundle, "HEAD"], "bundle", 5)
        for who in (VISITOR, "root"):
            self.run(who, "git clone -q /srv/project.bundle nmec-portal", f"clone-{who}", 5, folder="")
        return self.run("root", "git log -1 --format='%h %s'", "commit", 1).strip()

    def is_told_what_is_missing(self) -> str:
        try:
            self.run(VISITOR, f"make run PORT={_free_port()}", "refused", 5)
        except Failed as refusal:
            found = re.search(r"sudo apt-get update && sudo apt-get install .*", str(refusal))
            if found:
                return found[0]
            raise
        raise Failed("it ran without them")

    def make_test(self, who: str, tests: str) -> str:
        said = self.run(who, f"make test ARGS='{tests}'", f"test-{who}", MINUTES_TO_TEST)
        self.is_quiet()
        return "; ".join(re.findall(r"\d+ passed.*?(?= =|$)|^.*\d+ skipped: .*", said, re.MULTILINE))

    def make_run(self, who: str) -> str:
        """Until the home page and the log-in page answer; then Ctrl-C."""
        port, log = _free_port(), LOGS / f"run-{who}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                self._command(who, f"make run PORT={port}"), stdout=output, stderr=output, start_new_session=True
            )
            try:
                seconds = _answers(port, process, 60 * MINUTES_TO_ANSWER)
                os.killpg(process.pid, signal.SIGINT)
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                raise Failed(f"it did not stop within {SECONDS_TO_STOP} s of Ctrl-C; {log}") from None
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        self.is_quiet()
        return f"/ and /login/ answered after {seconds:.0f} s, and nothing ran on after Ctrl-C"

    def is_quiet(self) -> None:
        """Raise Failed where a process goes on: there are no others in here but ourselves."""
        deadline = time.monotonic() + SECONDS_TO_STOP
        while left := self._processes():
            if time.monotonic() > deadline:
                raise Failed(f"still running: {', '.join(left)}")
            time.sleep(0.5)

    def _processes(self) -> list[str]:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # the orphans are ours
                pass
        found = []
        for place in (self.folder / "proc").glob("[0-9]*"):
            with suppress(OSError):
                if place.name != "1":
                    found.append(f"{place.name} {(place / 'comm').read_text().strip()}")
        return found

    def run(self, who: str, script: str, log: str, minutes: int, folder: str = "nmec-portal") -> str:
        return _run(self._command(who, script, folder), log, minutes)

    def _command(self, who: str, script: str, folder: str = "nmec-portal") -> list[str | Path]:
        environment = {"HOME": self.home[who], "USER": who, "LANG": "C.UTF-8"}
        environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment |= {name: value for name, value in os.environ.items() if NETWORK_VARIABLES.fullmatch(name)}
        there = f"cd {self.home[who]}/{folder} && {script}"
        variables = [f"{name}={value}" for name, value in environment.items()]
        return ["chroot", f"--userspec={who}:{who}", self.folder, "env", "-i", *variables, "bash", "-c", there]


def _archives(suite: str) -> list[tuple[str, str]]:
    """Where this machine's apt has Debian from: addresses and suites, with that release in the place of its own."""
    wanted = ["--format", "$(REPO_URI) $(RELEASE) $(ORIGIN) $(COMPONENT)", "Created-By: Packages"]
    said = subprocess.run(["apt-get", "indextargets", *wanted], capture_output=True, text=True).stdout
    here = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    found = [line.split() for line in said.splitlines()]
    return [(words[0], words[1].replace(here, suite)) for words in found if words[2:] == ["Debian", "main"]]


def _copy(source: Path, target: Path) -> None:
    """As it is here, also where it is not."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    elif source.exists():
        shutil.copy2(source, target)


def _run(command: list[str | Path], log: str, minutes: int) -> str:
    """Return what it said, also kept in a log. Raises Failed with its last lines."""
    path = LOGS / f"{log}.log"
    with path.open("w") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait(60 * minutes)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise Failed(f"not done after {minutes} minutes; {path}") from None
    said = path.read_text(errors="replace")
    if status:
        raise Failed(f"exit {status}; {path}\n" + "\n".join(said.splitlines()[-30:]))
    return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, process: subprocess.Popen[bytes], patience: float) -> float:
    """Return the seconds until both pages answer. Raises Failed."""
    begun = time.monotonic()
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() - begun < patience:
        if process.poll() is not None:
            raise Failed(f"it ended by itself, exit {process.returncode}; its log is in {LOGS}")
        with suppress(OSError):
            for path in ("/", "/login/"):
                direct.open(f"http://127.0.0.1:{port}{path}", timeout=20).close()
            return time.monotonic() - begun
        time.sleep(1)
    raise Failed(f"no answer within {patience:.0f} s; its log is in {LOGS}")


if __name__ == "__main__":
    sys.exit(main())
