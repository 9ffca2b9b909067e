"""Alert rules and dashboard: they ask for metrics that are there, and Prometheus itself finds the rules right."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "nmec_portal" / "deploy" / "watching"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]
PANELS = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [one["expr"] for panel in PANELS for one in panel["targets"]]


def metrics():
    """Return the names and labels of what the code counts, as Prometheus has them."""
    found = {"up": {"job", "instance"}}
    for name in ("nmec_portal/metrics.py", "materials/pictures/measures.py"):
        text = (ROOT / name).read_text()
        pattern = r'(Counter|GaugeMetricFamily)\(\s*"(\w+)", "[^"]*"(?:,\s*(?:labels=)?\[(.*?)\])?'
        for kind, metric, labels in re.findall(pattern, text):
            suffix = "_total" if kind == "Counter" else ""
            found[f"{metric}{suffix}"] = set(re.findall(r'"(\w+)"', labels))
    return found


def test_rules_and_dashboard_ask_for_metrics_and_labels_that_are_there():
    there = metrics()
    for expression in EXPRESSIONS:
        names = re.findall(r"\b(nmec_\w+|up)\b(?:\{([^}]*)\})?", re.sub(r'"nmec-portal"', '""', expression))
        assert names, expression
        for name, wanted in names:
            assert name in there, expression
            assert set(re.findall(r"(\w+)=", wanted)) <= there[name], expression
        by = {label for group in re.findall(r"by \((\w+)\)", expression) for label in group.split()}
        assert by <= set().union(*(there[name] for name, _ in names)), expression


def test_every_metric_is_shown():
    assert [name for name in metrics() if name not in " ".join(EXPRESSIONS[len(RULES) :])] == []


def test_prometheus_finds_the_rules_right_and_they_fire_when_they_should():
    if not shutil.which("promtool"):
        pytest.skip("promtool is not on this machine (Debian: prometheus)")
    for words in (["check", "rules", "rules.yml"], ["test", "rules", "rules_test.yml"]):
        done = subprocess.run(["promtool", *words], cwd=FOLDER, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
