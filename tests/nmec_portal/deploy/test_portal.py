"""nmec_portal/deploy/portal: what each verb asks of docker, in which order, and what a failure leaves."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from nmec_portal.local import certificate

HERE = Path(__file__).parent
DEPLOY = Path(settings.BASE_DIR) / "nmec_portal" / "deploy"
HOST = "portal.example.org"
MIGRATIONS = "[X]  candidates.0001_initial\n"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="the script gives files to the containers' user: only root may"
)


class Machine:
    """A folder as the project's is, and a docker that only writes down what it is asked."""

    def __init__(self, place: Path):
        self.folder, self.stand_in = place / "portal", place / "stand-in"
        for folder in (self.folder, self.stand_in, place / "bin"):
            folder.mkdir()
        shutil.copy(HERE / "docker", place / "bin" / "docker")
        (self.folder / "docker-compose.yml").touch()
        (self.stand_in / "fails").touch()
        (self.stand_in / "plan").write_text(MIGRATIONS)
        (place / "meminfo").write_text("MemTotal: 8000000 kB\n")
        self.environment = {
            "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
            "NMEC_FOLDER": str(self.folder),
            "NMEC_MEMINFO": str(place / "meminfo"),
            "STAND_IN": str(self.stand_in),
            "SUDO_USER": "alice",
        }

    def portal(self, *words: str) -> subprocess.CompletedProcess[str]:
        self.stand_in.joinpath("asked").unlink(missing_ok=True)
        return subprocess.run(
            [DEPLOY / "portal", *words], env=self.environment, capture_output=True, text=True, timeout=120
        )

    def asked(self) -> list[tuple[str, str]]:
        """Return what changes something: the version in force, and the words."""
        path = self.stand_in / "asked"
        lines = path.read_text().splitlines() if path.exists() else []
        asked = [tuple(line.split("|", 1)) for line in lines]
        return [
            (version, re.sub(r"^compose run --rm -T (-e SUDO_USER=alice )?", "run ", words)) for version, words in asked
        ]

    def fails(self, *words: str) -> None:
        (self.stand_in / "fails").write_text("".join(f"{one}\n" for one in words))

    def settings(self) -> dict[str, str]:
        path = self.folder / ".env"
        return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}

    def runs(self, version: str, **more: str) -> None:
        lines = {"NMEC_HOST": HOST, "NMEC_VERSION": version, **more}
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def with_certificate(machine):
    """The demo's certificate is for 127.0.0.1: the host that people open here."""
    tls = machine.folder / "secrets" / "tls"
    tls.mkdir(parents=True)
    certificate.write(tls)
    return machine


def install(machine: Machine, *more: str) -> subprocess.CompletedProcess[str]:
    (machine.folder.parent / "bin" / "ss").write_text("#!/bin/sh\n")  # whatever listens on this machine
    (machine.folder.parent / "bin" / "df").write_text("#!/bin/sh\necho head\necho x 1 1 99999999 1% /\n")
    for name in ("ss", "df"):
        (machine.folder.parent / "bin" / name).chmod(0o755)
    return machine.portal("install", "--host", "localhost", "--smtp", "smtp://mail.example.org", *more)


def test_the_scripts_are_clean():
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not on this machine")
    scripts = [DEPLOY / "portal", *DEPLOY.glob("*.sh"), HERE / "docker"]
    assert subprocess.run(["shellcheck", *scripts], capture_output=True, text=True).stdout == ""


def test_without_a_verb_it_says_how_it_is_used(machine):
    done = machine.portal()
    assert (done.returncode, len(done.stderr.splitlines()), done.stderr.split()[0]) == (2, 7, "portal")


def test_install_makes_secrets_and_starts_and_tries_a_message_and_makes_two_operators(with_certificate):
    done = install(with_certificate, "--test-to", "a@example.org", "--operators", "first:甲,second:乙")
    assert done.returncode == 0, done.stdout + done.stderr
    version = with_certificate.settings()["NMEC_VERSION"]
    assert [words for _, words in with_certificate.asked() if not words.startswith(("version", "compose version"))] == [
        "compose ps -q proxy",
        "compose build",
        "compose up -d --wait",
        "run web python manage.py send_test a@example.org",
        "run web python manage.py add_operator first --name 甲",
        "run web python manage.py add_operator second --name 乙",
    ]
    folder = with_certificate.folder
    assert with_certificate.settings() == {"NMEC_HOST": "localhost", "NMEC_VERSION": version}
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    assert (folder / "secrets").stat().st_mode & 0o777 == 0o700
    assert ((folder / "work").stat().st_uid, (folder / "work").stat().st_mode & 0o777) == (10001, 0o700)


def test_secrets_are_made_once(with_certificate):
    install(with_certificate)
    secrets = with_certificate.folder / "secrets"
    before = {path.name: path.read_bytes() for path in secrets.iterdir() if path.is_file()}
    assert install(with_certificate).returncode == 0
    assert {path.name: path.read_bytes() for path in secrets.iterdir() if path.is_file()} == before
    compose = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text()
    assert set(before) == set(re.findall(r"file: \./secrets/(\w+)", compose))


def test_install_starts_nothing_where_a_check_fails(with_certificate):
    with_certificate.folder.joinpath("secrets/tls/privkey.pem").write_text("another")
    done = install(with_certificate)
    assert (done.returncode, "  no   secrets/tls/privkey.pem is its key" in done.stdout.splitlines()) == (1, True)
    assert [words for _, words in with_certificate.asked() if "build" in words or "up" in words.split()] == []


def test_a_backup_is_made_by_the_command_and_counted_around(machine):
    machine.runs("1.0")
    assert machine.portal("--as", "wang", "backup", "monday").returncode == 0
    assert [words for _, words in machine.asked()] == [
        "run web python nmec_portal/deploy/counts.py before",
        "run web python manage.py backup /work/backups/monday --as wang",
        "run web python nmec_portal/deploy/counts.py after",
    ]
    said = (machine.folder / "work/backups/monday.counts").read_text()
    assert said == "before candidates_account 1\nafter candidates_account 2\n"


def test_at_a_terminal_the_command_has_one_too_and_asks_who_acts(machine):
    ours, theirs = os.openpty()
    words = [DEPLOY / "portal", "manage", "load_units", "/work/units.csv"]
    done = subprocess.run(words, env=machine.environment, stdin=theirs, stdout=theirs, stderr=theirs, timeout=120)
    os.close(theirs)
    os.close(ours)
    asked = "compose run --rm -e SUDO_USER=alice web python manage.py load_units /work/units.csv"
    assert (done.returncode, [words for _, words in machine.asked()]) == (0, [asked])
    machine.portal("manage", "load_units", "/work/units.csv")  # by a timer
    assert [words for _, words in machine.asked()] == ["run web python manage.py load_units /work/units.csv"]


@pytest.mark.parametrize("name", ["../etc", "a b", ".hidden", "a/b", "x;reboot"])
def test_a_backups_name_is_no_path(machine, name):
    machine.runs("1.0")
    assert machine.portal("backup", name).returncode == 1
    assert machine.asked() == []


def test_restore_is_a_drill_unless_replace_is_said(machine):
    machine.runs("1.0")
    (machine.folder / "work/backups/monday").mkdir(parents=True)
    assert machine.portal("restore", "monday").returncode == 0
    assert [words for _, words in machine.asked()] == ["run web sh nmec_portal/deploy/drill.sh /work/backups/monday"]
    assert machine.portal("--as", "wang", "restore", "monday", "--replace").returncode == 0
    assert [words for _, words in machine.asked()] == [
        "compose stop proxy web logins worker",
        "run web python manage.py restore /work/backups/monday --replace --as wang",
        "compose up -d --wait",
        "run web python manage.py verify_records",
    ]


def test_an_upgrade_backs_up_first_and_says_whether_there_is_a_way_back(machine):
    machine.runs("1.0")
    done = machine.portal("upgrade", "1.1")
    assert done.returncode == 0, done.stderr
    asked = [(version, re.sub(r"before-1\.1-\d{8}-\d{6}", "before-1.1", words)) for version, words in machine.asked()]
    assert asked == [
        ("1.0", "run web python nmec_portal/deploy/counts.py before"),
        ("1.0", "run web python manage.py backup /work/backups/before-1.1"),
        ("1.0", "run web python nmec_portal/deploy/counts.py after"),
        ("1.0", "image inspect nmec-portal-web:1.0 nmec-portal-proxy:1.0"),
        ("1.1", "compose build"),
        ("1.1", "compose up -d --wait"),
        ("1.0", "run --no-deps web python manage.py showmigrations --plan"),
        ("1.1", "run --no-deps web python nmec_portal/deploy/way_back.py"),
    ]
    assert machine.settings() == {"NMEC_HOST": HOST, "NMEC_VERSION": "1.1", "NMEC_VERSION_BEFORE": "1.0"}
    assert (machine.stand_in / "plan.given").read_text() == MIGRATIONS


@pytest.mark.parametrize("failing", ["manage.py backup", "compose build", "image inspect"])
def test_an_upgrade_that_fails_leaves_the_version_that_runs(machine, failing):
    machine.runs("1.0")
    machine.fails(failing)
    assert machine.portal("upgrade", "1.1").returncode == 1
    assert machine.settings() == {"NMEC_HOST": HOST, "NMEC_VERSION": "1.0"}
    assert [words for _, words in machine.asked() if "up -d" in words] == []


def test_a_rollback_goes_to_the_version_before(machine):
    machine.runs("1.1", NMEC_VERSION_BEFORE="1.0")
    assert machine.portal("rollback").returncode == 0
    assert machine.settings() == {"NMEC_HOST": HOST, "NMEC_VERSION": "1.0", "NMEC_VERSION_BEFORE": ""}
    assert machine.asked()[-1] == ("1.0", "compose up -d --wait")


@pytest.mark.parametrize("failing", ["way_back.py", "image inspect", "showmigrations"])
def test_a_rollback_is_refused_where_there_is_no_way_back(machine, failing):
    machine.runs("1.1", NMEC_VERSION_BEFORE="1.0")
    machine.fails(failing)
    assert machine.portal("rollback").returncode == 1
    assert machine.settings()["NMEC_VERSION"] == "1.1"
    assert [words for _, words in machine.asked() if "up -d" in words] == []
