"""The house keeps its order: imports point one way, one place assigns a status, rules are pure."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from candidates.applications.states import Status

ROOT = Path(__file__).resolve().parent.parent
APPS = ("candidates", "materials", "review")  # each may import from those before it
PURE = ("candidates/rules", "materials/rules", "materials/pictures", "materials/specimens")
WEB_ROOMS = {"views", "forms", "management", "templatetags", "demo"}
# Django's people know what is in them
DJANGO_ROOMS = {"migrations", "models", "management", "commands", "templatetags"}
# a process that does not print, export or take payments must not pay for these (botocore's exceptions cost little)
HEAVY = {
    "weasyprint", "fontTools", "pikepdf", "img2pdf", "barcode", "markdown_it", "xlsxwriter", "openpyxl", "boto3",
    "alipay", "wechatpayv3", "stream_zip", "webauthn",
}  # fmt: skip
# at an app's root or in a room
WEB_FILES = {"admin.py", "admin_kinds.py", "admin_messages.py", "urls.py", "site.py", "views.py", "forms.py"}
WEB_FILES |= {"admin_appointments.py", "admin_approvals.py", "admin_lists.py", "admin_looks.py", "notify.py"}


def modules(app):
    """Every file of an app with its path inside the app, the migrations left out."""
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.relative_to(ROOT / app)


def is_web(inside):
    return inside.parts[0] in WEB_ROOMS or inside.name in WEB_FILES


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
        for path, inside in modules(app)
        if not is_web(inside)
        for name in imported(path)
        if name.split(".")[0] in to_the_right
    ]
    assert wrong == []


def test_materials_never_hears_of_review_its_pages_neither():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, _ in modules("materials")
        for name in imported(path)
        if name.split(".")[0] == "review"
    ]
    assert wrong == []


ANSWERING = ("candidates.views.answers", "candidates.views.typed")  # no views: how views answer


@pytest.mark.parametrize("app", APPS)
def test_nobody_but_urls_imports_a_view(app):
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, inside in modules(app)
        if inside.name not in ("urls.py", "site.py") and inside.parts[0] != "views"
        for name in imported(path)
        if name.split(".")[0] in APPS
        and "views" in name.split(".")[1:]
        and not f"{name}.".startswith(tuple(f"{one}." for one in ANSWERING))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", PURE)
def test_pure_rules_know_no_framework(room):
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in imported(path)
        if name.split(".")[0] in ("django", "nmec_portal") or name.split(".")[1:2] == ["models"]
    ]
    assert wrong == []


def is_rule_or_action(path, inside):
    """Whether this file decides or does something: a table of names alone has nothing that a test could find wrong."""
    if is_web(inside) or inside.parts[0] == "models" or inside.name in ("__init__.py", "apps.py", "models.py"):
        return False
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    # a protocol's methods say something and do nothing
    return any(
        not (isinstance(last := node.body[-1], ast.Expr) and isinstance(last.value, ast.Constant)) for node in functions
    )


def test_each_rule_and_action_has_its_mirror_test():
    missing = {
        f"{app}/{inside}"
        for app in APPS
        for path, inside in modules(app)
        if is_rule_or_action(path, inside)
        and not (ROOT / "tests" / app / inside.parent / f"test_{inside.stem}.py").exists()
    }
    assert sorted(missing) == []


def test_nothing_but_the_state_machine_assigns_a_status():
    wrong = []
    for app in APPS:
        for path, inside in modules(app):
            for node in ast.walk(ast.parse(path.read_text())):
                targets = node.targets if isinstance(node, ast.Assign) else []
                assigned = [one for target in targets for one in ast.walk(target)]  # also one of several at once
                if any(isinstance(one, ast.Attribute) and one.attr == "status" for one in assigned):
                    wrong.append(f"{app}/{inside}")
    assert wrong == ["candidates/applications/workflow.py"]


# these say other things too: an order is paid, a list shows what was returned, a reviewer keeps a draft
OTHER_MEANINGS = {Status.PAID, Status.RETURNED, Status.DRAFT}
# a kind of message is named as its state is; an advisory may be withdrawn too
MEAN_OTHERS = {Path("applications/states.py"), Path("messages/kinds.py"), Path("local/weaknesses.py")}
STATE_COLUMNS = {"status", "from_status", "to_status"}


def bare_states(path):
    """Words for a status that are not Status: anywhere, or, where they may mean other things, held against one."""
    for node in ast.walk(ast.parse(path.read_text())):
        words = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if isinstance(node, ast.Constant):
            yield from words & (set(Status) - OTHER_MEANINGS)
        if isinstance(node, ast.Compare):
            sides = {getattr(one, "attr", "") for one in (node.left, *node.comparators)}
            yield from words & OTHER_MEANINGS if sides & STATE_COLUMNS else ()
        if isinstance(node, ast.keyword) and (node.arg or "").split("__")[0] in STATE_COLUMNS:
            yield from words & OTHER_MEANINGS


def test_a_status_is_written_as_status_and_nowhere_as_a_bare_word():
    wrong = [
        f"{path.relative_to(ROOT)}: {word}"
        for app in (*APPS, "nmec_portal")
        for path, inside in modules(app)
        if inside not in MEAN_OTHERS
        for word in bare_states(path)
    ]
    assert wrong == []


def test_a_room_says_in_two_lines_what_it_is_for_and_what_may_be_imported_from_it():
    wrong = []
    for path in sorted(one for app in (*APPS, "nmec_portal") for one in (ROOT / app).rglob("__init__.py")):
        body = ast.parse(path.read_text()).body
        words = ast.get_docstring(ast.Module(body, [])) or ""
        lines = [line for line in words.splitlines() if line]
        if path.parent.name not in DJANGO_ROOMS and (len(body), len(lines)) != (1, 2):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_django_starts_and_answers_checks_without_the_heavy_libraries():
    script = "import sys, manage; sys.argv = ['manage.py', 'check']; manage.main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()
