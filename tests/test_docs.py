"""The README and docs/ name only what is there: files, commands of make and manage.py, settings, and each other."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from review.demo import load

ROOT = Path(__file__).resolve().parent.parent
DOCS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
NAMES = [str(path.relative_to(ROOT)) for path in DOCS]
# a path begins in one of these, or is a module of one of them
FOLDERS = ("candidates", "materials", "review", "nmec_portal", "templates", "static", "tests", "docs")
MADE = ("static/vendor/NAME-VERSION",)  # stands for any
PATH = re.compile(rf"(?<![\w/.:-])(?:{'|'.join(FOLDERS)})/[\w./*-]*\w")
MODULE = re.compile(r"(?<![\w/.:-])(?:candidates|materials|review|nmec_portal|tests)(?:\.\w+)+")
SETTING = re.compile(r"\bNMEC_[A-Z0-9]+(?:_[A-Z0-9]+)*")
# read by docker-compose.yml and nginx, and by `make audit`, not by the portal
NO_SETTINGS = {
    *("NMEC_HOST", "NMEC_HOSTS", "NMEC_FURTHER_HOSTS", "NMEC_LOGINS", "NMEC_VERSION", "NMEC_TLS_FOLDER"),
    *("NMEC_BACKUP_HOST_FOLDER", "NMEC_ADVISORIES"),
}


def text_of(name):
    return (ROOT / name).read_text()


def code_in(text):
    """What stands in back quotes, and every line of a block."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.M | re.S)
    rest = re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)
    return [*re.findall(r"`([^`]+)`", rest), *(line for block in blocks for line in block.splitlines())]


def is_there(path):
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


def has_module(dotted):
    """Whether it is a module, or something that one defines: materials.files.s3.PictureBucket."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:length])
        if path.with_suffix(".py").exists() or path.is_dir():
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            rest = parts[length : length + 1]
            return not rest or re.search(rf"\b{rest[0]}\b", file.read_text()) is not None
    return False


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_it_names_is_there(name):
    assert [path for path in PATH.findall(text_of(name)) if path not in MADE and not is_there(path)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_module_that_it_names_is_there(name):
    if name == "CHANGELOG.md":  # says what was called otherwise
        return
    named = {found for code in code_in(text_of(name)) for found in MODULE.findall(code)}
    assert sorted(one for one in named if not has_module(one)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file(name):
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(name))
    files = [link.split("#")[0] for link in links if not re.match(r"https?:|#|/", link)]
    assert [file for file in files if not (ROOT / name).parent.joinpath(file).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_it_names_is_there(name):
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", text_of("Makefile"), re.M))
    code = code_in(text_of(name))
    made = {target for one in code for target in re.findall(r"(?:^|\s)make ([a-z][a-z0-9-]*)", one)}
    managed = {command for one in code for command in re.findall(r"manage\.py ([a-z_]+)", one)}
    assert (sorted(made - targets), sorted(managed - set(get_commands()))) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_that_it_names_is_in_the_table(name):
    table = set(SETTING.findall(text_of("docs/settings.md"))) | NO_SETTINGS
    named = set(SETTING.findall(re.sub(r"NMEC_[A-Z0-9_]*…", "", text_of(name))))  # NMEC_LOGIN_… stands for several
    assert sorted({one.removesuffix("_FILE") for one in named - table} - table) == []


def test_what_is_looked_for_in_a_file_is_in_it():
    """In developing.md: each constant and class that a paragraph names stands in one of the files that it names."""
    missing = []
    for paragraph in re.split(r"\n(?=\n|\d+\. |- )", text_of("docs/developing.md")):
        files = [path for path in PATH.findall(paragraph) if path.endswith((".py", ".js"))]
        if not files:
            continue
        texts = "".join(text_of(path) for path in files)
        names = re.findall(r"`@?([A-Z_]{4,}|[A-Z][a-z]+[A-Za-z]*|_[a-z]+_[a-z_]+)`", paragraph)
        missing += [name for name in names if not SETTING.match(name) and not re.search(rf"\b{name}\b", texts)]
    assert sorted(set(missing)) == []


def test_every_decision_is_in_the_list_and_says_when_and_why():
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(r"^(\d+)\. \[([^\]]+)\]\(([^)]+)\)", (folder / "README.md").read_text(), re.M)
    assert [file for _, _, file in listed] == files
    for number, title, file in listed:
        lines = (folder / file).read_text().splitlines()
        headings = [line for line in lines if line.startswith("#")]
        assert headings == [f"# {number}. {title}", "## Context", "## Decision", "## Consequences"], file
        assert (int(file[:4]), bool(re.match(r"\d{4}-\d{2}-\d{2}\b", lines[2]))) == (int(number), True), file


def test_the_readme_is_short_and_begins_with_who_uses_the_portal():
    readme = text_of("README.md")
    assert len(readme.encode()) <= 9 * 1024
    screen = readme.splitlines()[:24]
    assert [any(line.startswith(one) for line in screen) for one in ("make run", "make test")] == [True, True]
    assert re.findall(r"\]\((docs/\w+\.md)\)", "\n".join(screen))[:3] == [
        "docs/candidates.md",
        "docs/reviewers.md",
        "docs/operators.md",
    ]


def test_the_readmes_logins_are_the_demos():
    readme = text_of("README.md")
    mobiles = [person.mobile for person in load.NAMED]
    assert load.OPENS_EVERY_ACCOUNT in readme
    assert f"`{mobiles[0]}` to `{mobiles[-1]}`" in readme
    codes = {unit[0] for unit in load.UNITS}
    reviewers = re.findall(r"`(region|site|point)-(\d+)`", readme)
    assert {code for _, code in reviewers} - codes == set()
    assert [(level, len(code)) for level, code in reviewers] == [("point", 7), ("site", 4), ("region", 2)] * 2


def test_an_application_is_counted_by_one_word():
    """份, never 件: as clerks count what lies on their desk."""
    read = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("docs/*.md")]
    for app in ("candidates", "materials", "review"):
        read += [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    counted = re.compile(r"(?:[0-9]|\}|几|多少) ?件")
    assert [(path.name, found) for path in read for found in counted.findall(path.read_text())] == []
