"""The units for a host without containers: systemd finds nothing wrong, and they run what is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

FOLDER = Path(settings.BASE_DIR) / "nmec_portal" / "deploy" / "systemd"
UNITS = sorted(path for path in FOLDER.iterdir() if path.is_file())
TEXT = {unit.name: unit.read_text() for unit in UNITS}


def test_systemd_finds_nothing_wrong_with_them(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on this machine")
    for name, text in TEXT.items():  # the programs that they start are on another machine
        (tmp_path / name).write_text(re.sub(r"/srv/nmec-portal/\.venv/bin/\w+", "/bin/true", text))
    units = [tmp_path / name.replace("@.", "@stats.") for name in TEXT]
    shutil.copy(tmp_path / "nmec-portal-command@.service", tmp_path / "nmec-portal-command@stats.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
    )
    said = [line for line in done.stderr.splitlines() if "nmec-portal" in line]
    assert said == []


def test_each_timer_runs_a_command_that_exists_by_beijings_time():
    for name, text in TEXT.items():
        if name.endswith(".timer"):
            unit = re.search(r"Unit=nmec-portal-command@(.+)\.service", text)[1]
            words = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), unit).split()
            assert words[0] in get_commands()
            assert "Asia/Shanghai" in re.search(r"OnCalendar=(.*)", text)[1]


def test_the_same_commands_run_by_the_clock_as_on_kubernetes():
    there = (FOLDER.parent / "kubernetes" / "commands.yaml").read_text()
    here = "".join(text for name, text in TEXT.items() if name.endswith(".timer"))
    assert set(re.findall(r"Description=NMEC Portal: (.+)", here)) == set(
        re.findall(r"manage\.py (.+?)(?: \|\||\"|;)", there)
    )


def test_on_a_host_with_containers_the_timers_call_portal_manage(tmp_path):
    [unit] = (FOLDER / "containers").iterdir()
    assert unit.name in TEXT  # takes the place of the one that the timers name
    text = unit.read_text()
    place, program = re.search(r"WorkingDirectory=(.*)", text)[1], re.search(r"exec (\S+) manage %I", text)[1]
    assert (place, (Path(settings.BASE_DIR) / program).stat().st_mode & 0o111) == ("/srv/nmec-portal", 0o111)
    guide = (Path(settings.BASE_DIR) / "docs" / "production.md").read_text()
    assert f"cp *.timer containers/{unit.name} /etc/systemd/system/" in guide


def test_every_service_is_an_ordinary_users_and_writes_its_own_folders_alone():
    for name, text in TEXT.items():
        if name.endswith(".service"):
            assert "User=nmec-portal\n" in text, name
            assert "ProtectSystem=strict\nProtectHome=yes\nPrivateTmp=yes\n" in text, name
            assert "NoNewPrivileges=yes\n" in text, name


def test_every_command_that_containers_keep_running_has_a_unit():
    compose = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text()
    kept = set(re.findall(r"command: \[python, manage\.py, (\w+)\]", compose))
    assert kept == {"worker", "archiver"}
    assert kept - set(re.findall(r"ExecStart=.*manage\.py (\w+)\n", "".join(TEXT.values()))) == set()


def test_every_secret_is_a_credential_or_belongs_to_s3():
    given = set(re.findall(r"(\w+)_FILE=%d/", TEXT["nmec-portal-web.service"]))
    assert given == set(settings.SECRETS) - {"NMEC_S3_ACCESS_KEY", "NMEC_S3_SECRET_KEY"}


def test_the_proxy_fills_in_all_of_nginxs_configuration():
    wanted = set(re.findall(r"\$\{(NMEC_[A-Z_]+)\}", (FOLDER.parent / "nginx.conf.template").read_text()))
    given = set(re.findall(r"\b(NMEC_[A-Z_]+)=", TEXT["nmec-portal-proxy.service"]))
    assert given == wanted
