"""The files of nmec_portal/deploy/kubernetes: valid by the schemas, and what they promise to keep."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

HERE = Path(__file__).parent
FOLDER = Path(settings.BASE_DIR) / "nmec_portal" / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
RESOURCES = [
    one for name in KUSTOMIZATION["resources"] for one in yaml.safe_load_all((FOLDER / name).read_text()) if one
]
CLOUDNATIVE = json.loads((HERE / "cloudnative-pg" / "schemas.json").read_text())
OURS = [one for one in RESOURCES if not one["apiVersion"].startswith("postgresql.cnpg.io")]


def name_of(resource):
    return f"{resource['kind']}-{resource['metadata']['name']}"


def pods():
    """Return the pod template of everything that runs, by name."""
    found = {}
    for one in RESOURCES:
        spec = one.get("spec", {})
        spec = spec["jobTemplate"]["spec"] if one["kind"] == "CronJob" else spec
        if one["kind"] in ("Deployment", "Job", "CronJob"):
            found[name_of(one)] = spec["template"]
    return found


def containers(pod):
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def strictly(schema):
    """Return the schema with nothing allowed that it does not name: the server drops it with a warning only."""
    if isinstance(schema, list):
        return [strictly(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strictly(one) for name, one in schema.items()}
    free = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not free:
        closed["additionalProperties"] = False
    return closed


def test_every_file_is_a_resource_and_is_named():
    said = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == said
    assert Counter(one["kind"] for one in RESOURCES) == {
        **{"Namespace": 1, "NetworkPolicy": 6, "Cluster": 1, "ScheduledBackup": 1, "Job": 1, "CronJob": 6},
        **{"Deployment": 4, "Service": 3, "PodDisruptionBudget": 3, "HorizontalPodAutoscaler": 1},
    }


@pytest.mark.parametrize("resource", OURS, ids=name_of)
def test_it_is_valid_by_kubernetes_own_schema(resource):
    validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    validate.validate(resource, "1.35", strict=True)
    with pytest.raises(validate.ValidationError):
        validate.validate({**resource, "no-such-field": 1}, "1.35", strict=True)


@pytest.mark.parametrize("resource", [one for one in RESOURCES if one not in OURS], ids=name_of)
def test_it_is_valid_by_cloudnative_pgs_schema(resource):
    schema = strictly(CLOUDNATIVE[resource["kind"]])
    schema["properties"]["metadata"] = {"type": "object"}
    jsonschema.validate(resource, schema, jsonschema.Draft7Validator)
    wrong = {**resource, "spec": {**resource["spec"], "instance": 3}}
    with pytest.raises(jsonschema.ValidationError, match="instance"):
        jsonschema.validate(wrong, schema, jsonschema.Draft7Validator)


def test_kustomize_takes_them_all():
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not on this machine")
    said = subprocess.check_output(["kubectl", "kustomize", FOLDER], text=True)
    made = [one for one in yaml.safe_load_all(said) if one]
    assert len(made) == len(RESOURCES) + 1
    assert {one["metadata"].get("namespace", "") for one in made} == {"", "nmec-portal"}
    assert set(re.findall(r"image: (\S+)", said)) == {
        *("registry.example.org/nmec-portal-web:1.0", "registry.example.org/nmec-portal-proxy:1.0")
    }


@pytest.mark.parametrize("name", pods())
def test_no_pod_is_root_writes_its_image_or_takes_all_of_a_machine(name):
    pod = pods()[name]
    user = pod["spec"]["securityContext"]
    assert (user["runAsNonRoot"], user["runAsUser"] > 0, pod["spec"]["automountServiceAccountToken"]) == (
        True,
        True,
        False,
    )
    for one in containers(pod):
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert sorted(one["resources"]["limits"]) == ["cpu", "memory"]


def test_what_is_mounted_has_a_volume_and_what_is_read_is_set():
    given = dict(line.split("=", 1) for line in (FOLDER / "settings.env").read_text().splitlines())
    files = {name for name in given if name.endswith("_FILE")}
    assert files == {f"{name}_FILE" for name in settings.SECRETS if name != "DATABASE_URL"}
    for pod in pods().values():
        there = {one["name"] for one in pod["spec"].get("volumes", [])}
        assert {one["name"] for each in containers(pod) for one in each.get("volumeMounts", [])} == there
        if containers(pod)[0]["image"] == "nmec-portal-web":
            assert [each["envFrom"] for each in containers(pod)] == [[{"configMapRef": {"name": "settings"}}]] * len(
                containers(pod)
            )


def test_settings_are_the_documented_ones():
    table = (Path(settings.BASE_DIR) / "docs" / "settings.md").read_text()
    names = [
        line.partition("=")[0].removesuffix("_FILE") for line in (FOLDER / "settings.env").read_text().splitlines()
    ]
    assert [name for name in names if f"`{name}`" not in table] == []


def test_every_command_exists_and_runs_by_beijings_time():
    said = (FOLDER / "commands.yaml").read_text()
    commands = re.findall(r"manage\.py (\w+)", said)
    assert [name for name in commands if name not in get_commands()] == []
    assert {one["spec"]["timeZone"] for one in RESOURCES if one["kind"] == "CronJob"} == {"Asia/Shanghai"}


def test_services_policies_and_budgets_choose_pods_that_are_there():
    labels = [pod["metadata"]["labels"] for pod in pods().values()] + [{"cnpg.io/cluster": "database"}]
    for one in RESOURCES:
        spec = one.get("spec", {})
        chosen = spec.get("podSelector") or spec.get("selector") if one["kind"] not in ("Job", "Cluster") else None
        wanted = (chosen or {}).get("matchLabels", chosen if one["kind"] == "Service" else {}) or {}
        assert any(wanted.items() <= each.items() for each in labels), name_of(one)
    budgets = [one["spec"]["minAvailable"] for one in RESOURCES if one["kind"] == "PodDisruptionBudget"]
    scaler = next(one for one in RESOURCES if one["kind"] == "HorizontalPodAutoscaler")["spec"]
    assert (budgets, scaler["minReplicas"]) == ([2, 1, 1], 3)


def test_the_database_is_three_and_loses_a_minute_at_most():
    cluster = next(one for one in RESOURCES if one["kind"] == "Cluster")["spec"]
    assert (cluster["instances"], cluster["postgresql"]["parameters"]["archive_timeout"]) == (3, "60s")
    compose = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
    quiet = [word[2:].split("=") for word in compose["services"]["db"]["command"] if word.startswith("-clog_")]
    assert [cluster["postgresql"]["parameters"][name] for name, _ in quiet] == [value for _, value in quiet]
    assert cluster["bootstrap"]["initdb"]["builtinLocale"] == "C.UTF-8"
