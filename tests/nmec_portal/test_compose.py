"""docker-compose.yml: valid by the Compose specification, and nothing in it runs as root or knows a secret's value."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
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
    assert set(SERVICES) == {"proxy", "web", "worker", "migrate", "db", "storage"}
    assert (SERVICES["db"]["image"].split("-")[0], SERVICES["storage"]["profiles"]) == ("postgres:18", ["s3"])
    assert (SERVICES["web"]["deploy"]["replicas"], "container_name" in SERVICES["web"]) == (2, False)


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_root_writes_its_image_or_takes_all_of_the_machine(name):
    service = SERVICES[name]
    user, limits = service["user"].split(":"), service["deploy"]["resources"]["limits"]
    assert (user[0] == "0", user[1] == "0", service["read_only"], service["cap_drop"]) == (False, False, True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert (sorted(limits), service["pids_limit"] > 0, "logging" in service) == (["cpus", "memory"], True, True)


def test_what_stays_up_is_watched_and_started_again():
    once = {"migrate"}
    assert {name for name, service in SERVICES.items() if service["restart"] == "unless-stopped"} == set(
        SERVICES
    ) - once
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == set(SERVICES) - once


def test_tables_are_there_before_who_uses_them():
    done = {"migrate": {"condition": "service_completed_successfully"}}
    assert (SERVICES["web"]["depends_on"], SERVICES["worker"]["depends_on"]) == (done, done)
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
    assert (set(COMPOSE["secrets"]), all("file" in one for one in COMPOSE["secrets"].values())) == (used, True)


def test_what_is_run_exists():
    commands = [service["command"] for service in SERVICES.values() if service.get("command", [""])[0] == "python"]
    assert [(command[1], command[2] in get_commands()) for command in commands] == [("manage.py", True)] * 2
    said = (ROOT / "Dockerfile").read_text()
    assert 'CMD ["gunicorn", "-c", "nmec_portal/deploy/gunicorn.conf.py", "nmec_portal.wsgi"]' in said


def test_the_proxys_image_fills_in_all_of_nginxs_configuration():
    wanted = set(re.findall(r"\$\{(NMEC_[A-Z_]+)\}", (DEPLOY / "nginx.conf.template").read_text()))
    given = re.findall(r"\b(NMEC_[A-Z_]+)=", (ROOT / "Dockerfile").read_text().partition("AS proxy")[2])
    assert sorted(given) == sorted(wanted)


def test_the_images_hold_the_product_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text().split()
    assert lines[0] == "*"
    kept = {line[1:] for line in lines if line.startswith("!")}
    assert (kept, [name for name in kept if not (ROOT / name).exists()]) == (
        {
            *("candidates", "docs", "materials", "review", "nmec_portal", "static", "templates"),
            *("manage.py", "requirements.txt"),
        },
        [],
    )


def test_every_setting_of_the_portal_is_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    code = (ROOT / "nmec_portal" / "settings.py").read_text()
    code += (DEPLOY / "gunicorn.conf.py").read_text()
    names = set(re.findall(r'"((?:NMEC|DATABASE)_[A-Z0-9_]*[A-Z0-9])"', code)) | set(SERVICES["web"]["environment"])
    names = {name for name in names if not name.endswith("_FILE")}
    assert sorted(name for name in names if f"`{name}`" not in readme) == []
