"""The guides' commands with files, run as a container runs them: nothing can be written but what is mounted."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db import connection

from tests.nmec_portal import restricted
from tests.nmec_portal.local.serving import database_like, empty_database

pytestmark = pytest.mark.django_db  # the commands get a copy of the tests' database
DOCS = Path(settings.BASE_DIR) / "docs"
YEAR = 2027
WINDOWS = [
    f"{window}_{end}" for window in ("registration", "upload", "review", "payment") for end in ("opens", "closes")
]
FILES = {
    "units.csv": "code,name\n11,北京考区\n1101,北京一考点\n1101001,北京一考点第一报名点\n",
    "reasons.csv": "code,label,sentence,position\nunclear,不清晰,请重新拍摄后上传。,1\n",
    "session.csv": f"year,{','.join(WINDOWS)}\n{YEAR},{','.join(['2089-12-01 09:00,2090-01-01 09:00'] * 4)}\n",
    "fees.csv": f"year,region,level,amount\n{YEAR},11,physician,260.00\n{YEAR},11,assistant,200.00\n",
    "institutions.csv": "registration_number,name\nPDY99000003,示例市第三医院\n",
    "reviewers.csv": "unit,username,name\n1101001,wang-11,王某\n",
    "alipay.csv": "order_number,trade_number,amount,paid_at\nX,T1,1.00,2027-05-08 09:00:00\n",
    "wechat.csv": "order_number,trade_number,amount,paid_at\nX,T2,1.00,2027-05-08 09:00:00\n",
    "statement.csv": "order_number,trade_number,amount,paid_at\nX,T3,1.00,2027-05-08 09:00:00\n",
}
WRITTEN = ["passwords.csv", "out.xlsx", "materials.zip", "owed.csv"]
# what each says, or how it fails; before the first backup somebody has registered and paid
COMMANDS = """
import contextlib, io, json, sys, django; django.setup()
from django.core.management import CommandError, call_command
from tests import factories
from candidates.models import Account, Application
told = []
for words in json.loads(sys.argv[1]):
    if words[0] == "backup" and not Application.objects.exists():
        factories.make_application("paid", session=factories.make_session(2027))
    if "--as" in words and not Account.objects.filter(username="admin").exists():
        factories.make_operator("admin")
    out = io.StringIO()
    try:
        call_command(*words, stdout=out)
        told.append([words[0], 0, out.getvalue().strip()])
    except (CommandError, OSError) as error:
        told.append([words[0], 1, str(error)])
print(json.dumps(told))
"""
HOW = """
import os, pathlib, tempfile
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
print({line.split()[1].strip("0") for line in lines if line.startswith(("CapEff", "CapBnd"))} <= {"", "2"})
for folder in (".", "/var/tmp", os.path.dirname(tempfile.gettempdir()), tempfile.gettempdir()):
    print(os.access(folder, os.W_OK), end=" ")
"""


def commands_with_files() -> list[list[str]]:
    """Those of the guides, in their order, as words."""
    spans = re.findall(r"`([a-z_]+ [^`\n]*/work/[^`\n]*)`", (DOCS / "operators.md").read_text())
    blocks = re.findall(r"^docker compose run .*manage\.py (.*/work/.*)$", (DOCS / "production.md").read_text(), re.M)
    return [shlex.split(command) for command in [*spans, *blocks]]


def restores(words: list[str]) -> bool:
    return words[0] == "restore" and "--dry-run" not in words


def test_every_command_with_files_is_shown_in_the_guides_with_a_path_that_is_mounted():
    shown = {words[0] for words in commands_with_files()}
    takes_files = set()
    for name, app in get_commands().items():
        if app in ("candidates", "materials", "review"):
            parser = load_command_class(app, name).create_parser("manage.py", name)
            takes_files |= {name for one in parser._actions if one.type is Path and one.option_strings != ["--file"]}
    assert takes_files - shown == {"build_fonts", "load_categories"} & takes_files  # its file is in the image


@pytest.fixture(scope="module")
def containers(tmp_path_factory, django_db_setup, django_db_blocker):
    """Run commands in a container's way; return what they said, by command."""
    if not restricted.is_possible():
        pytest.skip("this machine gives no mount namespace, in which commands run as in a container")
    with django_db_blocker.unblock():
        connection.close()
    place = tmp_path_factory.mktemp("container")
    folders = [place / name for name in ("tmp", "work", "pictures")]
    for folder in folders:
        folder.mkdir(mode=0o700)
    for name, text in FILES.items():
        (place / "work" / name).write_text(text)
    with database_like(connection.settings_dict["NAME"]) as url:
        yield Containers(url, folders)


class Containers:
    def __init__(self, database_url: str, folders: list[Path]) -> None:
        self.folders, self.work = folders, folders[1]
        self.environment = {
            "NMEC_ENV": "production",
            "NMEC_BASE_URL": "https://portal.example.org",
            "NMEC_ALLOWED_HOSTS": "portal.example.org",
            "NMEC_SENDER": "candidates.messages.sending.mail",
            "NMEC_SMTP": "smtp://127.0.0.1:9",
            "NMEC_CONFIRM_MOBILE": "0",
            "NMEC_TWO_OPERATORS": "0",  # nobody is there to confirm
            "NMEC_DATA_DIR": "/srv/data",
            "NMEC_MEDIA_ROOT": str(folders[2]),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "nmec_portal.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
            **{name: settings.KEYS[name] for name in ("NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY")},
        }

    def run(self, *arguments: str, **more: str) -> str:
        done = restricted.run(arguments, writable=self.folders, environment={**self.environment, **more})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commands(self, commands: list[list[str]], **more: str) -> list[tuple[str, int, str]]:
        here = json.dumps([[word.replace("/work", str(self.work)) for word in words] for words in commands])
        return [tuple(one) for one in json.loads(self.run("-c", COMMANDS, here, **more).splitlines()[-1])]


@pytest.fixture(scope="module")
def told(containers):
    """Run the guides' commands with files, the backup among them, and return what each said."""
    return containers.commands([words for words in commands_with_files() if not restores(words)])


def test_such_a_process_writes_nothing_but_its_folders_and_has_no_rights(containers):
    assert containers.run("-c", HOW).split("\n") == ["True", "False False False True "]


def test_the_guides_commands_with_files_run_as_a_container_runs_them(containers, told):
    # about a payment that is not ours; and the archive's, which have a folder and keys of their own
    failed = {(name, said.splitlines()[-1]) for name, status, said in told if status}
    nowhere = "没有设置 NMEC_BACKUP_FOLDER：不知道备份放在哪里。请按 docs/settings.md 设置。"
    assert failed == {("reconcile", "没有我方的订单，共 1 处不同。"), ("drill", nowhere), ("recover", nowhere)}, told
    made = [containers.work / name for name in WRITTEN]
    assert [(path.name, path.stat().st_mode & 0o777, path.stat().st_size > 0) for path in made] == [
        (name, 0o600, True) for name in WRITTEN
    ]


def test_a_backup_is_restored_as_a_container_runs_it(containers, told):
    """Over what has come since, and into a database without a table."""
    commands = [words for words in commands_with_files() if restores(words)]
    assert [words[1:] for words in commands] == [
        ["/work/backups/2027-03-08"],
        ["/work/backups/2027-03-08", "--replace"],
    ]
    with empty_database() as url:
        into_nothing = containers.commands(commands[:1], DATABASE_URL=url)
    replaced = containers.commands(commands[1:])
    assert [(name, status) for name, status, said in [*into_nothing, *replaced]] == [("restore", 0)] * 2, into_nothing
