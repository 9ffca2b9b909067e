"""The house keeps its order: imports point one way, one place assigns a status, rules are pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("candidates", "materials", "review")  # each may import from those before it
WEB = {"views", "urls", "forms", "admin", "site", "management", "templatetags", "context", "demo"}
PURE = {
    "candidates": {"profile", "id_number", "names"},
    "materials": {
        "catalogue",
        "onsite",
        "pictures",
        "jpeg",
        "png",
        "picture_head",
        "picture_limits",
        "picture_warnings",
        "recoding",
        "orientation",
        "specimens",
        "specimen_sheet",
        "specimen_documents",
    },
}


def modules(app):
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.relative_to(ROOT / app).parts[0].removesuffix(".py")


def imported(path):
    """Every module that a file imports, absolute, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parts[: -node.level]) + "." if node.level else ""
            yield package + (node.module or "")
            yield from (f"{package}{node.module or ''}.{name.name}" for name in node.names)


@pytest.mark.parametrize("app", APPS)
def test_what_is_not_web_imports_only_its_own_app_or_one_to_its_left(app):
    to_the_right = {*APPS[APPS.index(app) + 1 :], "nmec_portal"}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, room in modules(app)
        if room not in WEB
        for name in imported(path)
        if name.split(".")[0] in to_the_right
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_nobody_but_urls_imports_a_view(app):
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, room in modules(app)
        if room not in ("urls", "site", "views")
        for name in imported(path)
        if name.split(".")[1:2] == ["views"] and name.split(".")[0] in APPS
    ]
    assert wrong == []


@pytest.mark.parametrize("app", PURE)
def test_pure_rules_know_no_framework(app):
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, room in modules(app)
        if room in PURE[app]
        for name in imported(path)
        if name.split(".")[0] in ("django", "nmec_portal") or name.split(".")[1:2] == ["models"]
    ]
    assert wrong == []


def test_nothing_but_the_state_machine_assigns_a_status():
    wrong = []
    for app in APPS:
        for path, room in modules(app):
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                    wrong.append(f"{app}/{room}")
    assert wrong == ["candidates/workflow"]
