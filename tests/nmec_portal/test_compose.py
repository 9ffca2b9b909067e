"""docker-compose.yml: valid by the Compose specification, and nothing in it runs as root or knows a secret's value."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from nmec_portal import backup_settings, message_settings, payment_settings
from nmec_portal.local.serve import MALLOC

ROOT = Path(settings.BASE_DIR)
SETTINGS = ROOT / "docs" / "settings.md"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DEPLOY = ROOT / "nmec_portal" / "deploy"


def test_it_is_valid_by_the_compose_specification():
    schema = json.loads((Path(__file__).parent / "compose-spec" / "compose-spec.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(COMPOSE, schema, jsonschema.Draft7Validator)
    with pytest.raises(jsonschema.ValidationError, match="'replica' does not match"):
        jsonschema.validate({"services": {"web": {"replica": 2}}}, schema, jsonschema.Draft7Validator)


def test_it_has_the_portals_parts():
    parts = {"proxy", "web", "logins", "worker", "archiver", "migrate", "db", "storage"}
    assert set(SERVICES) == parts
    assert (SERVICES["db"]["image"].split("-")[0], SERVICES["storage"]["profiles"]) == ("postgres:18", ["s3"])
    assert SERVICES["web"]["deploy"]["replicas"] == 2
    assert "container_name" not in SERVICES["web"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_root_writes_its_image_or_takes_all_of_the_machine(name):
    service = SERVICES[name]
    user, limits = service["user"].split(":"), service["deploy"]["resources"]["limits"]
    assert user[0] != "0"
    assert user[1] != "0"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert sorted(limits) == ["cpus", "memory", "pids"]
    assert "pids_limit" not in service  # beside limits of `deploy` Docker Compose refuses the whole file
    assert "logging" in service


def test_what_stays_up_is_watched_and_started_again():
    once = {"migrate"}
    assert {name for name, service in SERVICES.items() if service["restart"] == "unless-stopped"} == set(
        SERVICES
    ) - once
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == set(SERVICES) - once


def test_tables_are_there_before_who_uses_them():
    done = {"migrate": {"condition": "service_completed_successfully"}}
    assert [SERVICES[name]["depends_on"] for name in ("web", "logins", "worker")] == [done] * 3
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}


def test_only_the_proxy_can_be_reached_and_the_database_reaches_nobody():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert (SERVICES["db"]["networks"], SERVICES["proxy"]["networks"]) == (["inside"], ["outside"])


def test_secrets_are_files_that_the_settings_read():
    environment = SERVICES["web"]["environment"]
    files = {name: value for name, value in environment.items() if name.endswith("_FILE")}
    assert set(files) == {f"{name}_FILE" for name in settings.SECRETS}
    assert sorted(files.values()) == sorted(f"/run/secrets/{name}" for name in SERVICES["web"]["secrets"])
    assert set(environment) & set(settings.SECRETS) == set()
    used = {name for service in SERVICES.values() for name in service.get("secrets", ())}
    assert set(COMPOSE["secrets"]) == used
    assert all("file" in one for one in COMPOSE["secrets"].values())


def test_what_is_run_exists():
    commands = [service["command"] for service in SERVICES.values() if service.get("command", [""])[0] == "python"]
    assert [(command[1], command[2] in get_commands()) for command in commands] == [("manage.py", True)] * 3
    said = (ROOT / "Dockerfile").read_text()
    assert 'CMD ["gunicorn", "-c", "nmec_portal/deploy/gunicorn.conf.py", "nmec_portal.wsgi"]' in said


def test_the_image_keeps_the_memory_of_pictures_as_make_serve_does():
    said = (ROOT / "Dockerfile").read_text().partition(" AS proxy")[0]
    assert dict(re.findall(r"\b(MALLOC_[A-Z_]+)=(\d+)", said)) == MALLOC


def test_the_proxys_image_fills_in_all_of_nginxs_configuration():
    wanted = set(re.findall(r"\$\{(NMEC_[A-Z_]+)\}", (DEPLOY / "nginx.conf.template").read_text()))
    given = re.findall(r"\b(NMEC_[A-Z_]+)=", (ROOT / "Dockerfile").read_text().partition("AS proxy")[2])
    assert sorted(given) == sorted(wanted)


def test_the_images_hold_the_product_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text().split()
    assert lines[0] == "*"
    kept = {line[1:] for line in lines if line.startswith("!")}
    assert kept == {
        *("candidates", "docs", "materials", "review", "nmec_portal", "static", "templates"),
        *("manage.py", "requirements.txt"),
    }
    assert [name for name in kept if not (ROOT / name).exists()] == []


# --- settings: those that the code reads, those that reach the containers, those that are documented

# what a start asks the environment for, whatever way its name is put together
ASKED = """
import os, runpy, sys
asked = set()
class Environment(dict):
    def get(self, name, default=None): asked.add(name); return super().get(name, default)
    def pop(self, name, *default): asked.add(name); return super().pop(name, *default)
    def setdefault(self, name, default=None): asked.add(name); return super().setdefault(name, default)
    def __getitem__(self, name): asked.add(name); return super().__getitem__(name)
    def __contains__(self, name): asked.add(name); return super().__contains__(name)
os.environ = Environment(os.environ)
from nmec_portal import settings
runpy.run_path("nmec_portal/deploy/gunicorn.conf.py")["on_exit"](None)
print(*sorted(name for name in asked if name.startswith(("NMEC_", "DATABASE_"))))
"""
OF_THE_IMAGE = {"NMEC_ENV", "NMEC_DATA_DIR", "NMEC_MEDIA_ROOT", "NMEC_BIND"}
OF_THE_HOST = {"NMEC_BASE_URL"}  # made of NMEC_HOST
OF_COMPOSE = {  # no settings of the portal
    *("NMEC_BACKUP_HOST_FOLDER", "NMEC_HOST", "NMEC_FURTHER_HOSTS", "NMEC_VERSION", "NMEC_TLS_FOLDER"),
}
PORTAL = ("web", "logins", "worker", "archiver", "migrate")


@pytest.fixture(scope="module")
def asked():
    """Return the settings that portal and gunicorn read, as asked for or as written; without the secrets' files."""
    storage = {f"NMEC_S3_{name}": "http://127.0.0.1" for name in ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY")}
    environment = {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR), "NMEC_STORAGE": "s3", **storage}
    said = subprocess.check_output([sys.executable, "-c", ASKED], cwd=ROOT, env=environment, text=True).split()
    for name in ("settings.py", "payment_settings.py", "message_settings.py", "backup_settings.py"):
        said += re.findall(r'"(NMEC_[A-Z0-9_]*[A-Z0-9])"', (ROOT / "nmec_portal" / name).read_text())
    prefixes = payment_settings.PREFIXES + message_settings.PREFIXES + (backup_settings.PREFIX,)
    of_providers = {name for name in said if name.startswith(prefixes)}
    return {name for name in said if name in of_providers or not name.endswith("_FILE")}


def test_every_setting_that_is_read_is_documented_and_no_other(asked):
    rows = [line.split("|")[1] for line in SETTINGS.read_text().splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([A-Z0-9_]+)`", "".join(rows))) == asked


def test_every_setting_that_is_read_reaches_the_containers(asked):
    """From .env, as it stands there, unless it is named: then with the value of .env, or as a secret."""
    for service in (SERVICES[name] for name in PORTAL):
        named = service["environment"]
        fixed = {name for name in asked if name in named and f"${{{name}" not in named[name]}
        secret = {name for name in asked if f"{name}_FILE" in named}
        assert service["env_file"] == ".env"
        assert fixed == OF_THE_HOST
        assert secret == set(settings.SECRETS)
    image = (ROOT / "Dockerfile").read_text().partition(" AS proxy")[0].rpartition("\nENV ")[2]
    assert OF_THE_IMAGE - {"NMEC_BIND"} == set(re.findall(r"\b(NMEC_[A-Z_]+)=", image))


def test_what_compose_itself_asks_for_is_documented(asked):
    wanted = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", (ROOT / "docker-compose.yml").read_text()))
    guide = (ROOT / "docs" / "production.md").read_text()
    assert wanted - asked == OF_COMPOSE
    assert [name for name in OF_COMPOSE if f"`{name}" not in guide] == []


def test_an_empty_line_of_the_env_file_is_a_setting_that_is_not_set(asked):
    """`NMEC_SECOND_FACTOR=` switches nothing off, and stops no start."""
    empty = dict.fromkeys(asked, "") | {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR)}
    code = """import runpy, os; from nmec_portal import settings as found
print(found.SECOND_FACTOR, found.PICTURE_MIN_SIDE, found.MAX_BODY)
runpy.run_path("nmec_portal/deploy/gunicorn.conf.py")["on_exit"](None)
print(os.environ["NMEC_STATEMENT_TIMEOUT"], os.environ["NMEC_LOCK_TIMEOUT"])"""
    said = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=empty, text=True)
    assert said.splitlines() == ["True 200 33554432", "30 15"]


def test_commands_have_no_limit_of_time_that_is_meant_for_requests():
    limits = {"NMEC_STATEMENT_TIMEOUT": "20", "NMEC_LOCK_TIMEOUT": "10"}
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'].get('options'))"
    environment = {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR), **limits}
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    words = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
    assert subprocess.check_output(words, cwd=ROOT, env=environment, text=True) == "None\n"


def test_files_go_in_and_out_by_one_folder_and_nothing_else_of_the_machine_is_written():
    for service in (SERVICES[name] for name in PORTAL if name != "archiver"):
        mounted = [volume for volume in service["volumes"] if volume.startswith(".")]
        assert mounted == ["./work:/work", "./secrets/payment:/srv/payment:ro"]
    assert SERVICES["archiver"]["volumes"][-1].endswith(":/srv/backups")
    guide = (ROOT / "docs" / "production.md").read_text()
    user = SERVICES["web"]["user"].split(":")
    assert f"sudo install -d -m 700 -o {user[0]} -g {user[1]} work" in guide
    assert "/work/" in (ROOT / ".gitignore").read_text().splitlines()


def test_every_setting_of_the_servers_is_documented_too():
    table = SETTINGS.read_text()
    code = (ROOT / "nmec_portal" / "settings.py").read_text()
    code += (DEPLOY / "gunicorn.conf.py").read_text()
    names = set(re.findall(r'"((?:NMEC|DATABASE)_[A-Z0-9_]*[A-Z0-9])"', code)) | set(SERVICES["web"]["environment"])
    names = {name for name in names if not name.endswith("_FILE")}
    assert sorted(name for name in names if f"`{name}`" not in table) == []
