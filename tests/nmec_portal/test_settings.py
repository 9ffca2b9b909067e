"""Nonsense in the environment is refused at start, with the variable's name."""

import base64
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from candidates.messages.kinds import KINDS

S3 = {
    "NMEC_STORAGE": "s3",
    "NMEC_S3_ENDPOINT": "https://s3.example.org",
    "NMEC_S3_BUCKET": "pictures",
    "NMEC_S3_ACCESS_KEY": "key",
    "NMEC_S3_SECRET_KEY": "secret",
}
NO_WAY_TO_MOBILES = (
    "NMEC_CONFIRM_MOBILE is 1 (production's default), and NMEC_SENDER=candidates.messages.sending.mail brings no code "
    "to a mobile: it would go to nobody, and nobody could register. Set NMEC_ALIYUN_SMS_… or NMEC_TENCENT_SMS_… with a "
    "template for code, or NMEC_SENDER to a sender of your own that reaches mobiles, or NMEC_CONFIRM_MOBILE to 0."
)


def starting_with(**variables):
    """Return the last line of what a start with these variables says, or what it is asked to print."""
    code = "from nmec_portal import settings; print(settings.STORAGES['default']['BACKEND'], settings.ACCEL)"
    environment = {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1].rpartition("ImproperlyConfigured: ")[2]


def test_pictures_lie_in_a_folder_or_in_a_bucket():
    assert starting_with(NMEC_ACCEL="/pictures/") == "materials.files.storage.DurableFileSystemStorage /pictures/"
    assert starting_with(**S3) == "materials.files.s3.PictureBucket"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"NMEC_STORAGE": "ftp"}, "NMEC_STORAGE='ftp' is none of file, s3."),
        (
            {**S3, "NMEC_S3_ENDPOINT": "s3.example.org"},
            "NMEC_S3_ENDPOINT='s3.example.org' is not an http or https address.",
        ),
        ({"NMEC_ACCEL": "pictures"}, "NMEC_ACCEL='pictures' is not like /pictures/, or NMEC_STORAGE is not file."),
        (
            {**S3, "NMEC_S3_BUCKET": ""},
            "NMEC_STORAGE=s3 needs NMEC_S3_ENDPOINT, NMEC_S3_BUCKET, NMEC_S3_ACCESS_KEY, NMEC_S3_SECRET_KEY.",
        ),
    ],
)
def test_nonsense_about_the_storage_is_refused(variables, sentence):
    assert starting_with(**variables) == sentence


@pytest.mark.parametrize(("variable", "known"), [("NMEC_CIPHER", "aes, sm4"), ("NMEC_INDEX_HASH", "sha256, sm3")])
def test_a_cipher_or_a_hash_that_nobody_knows_is_refused(variable, known):
    assert starting_with(**{variable: "rot13"}) == f"{variable}='rot13' is none of {known}."


# --- production


@pytest.fixture
def production(tmp_path):
    """Return the environment of production, its secrets in files; nothing is asked of a database."""
    secrets = {
        "DATABASE_URL": "postgresql://portal@db.example/portal",
        "NMEC_SECRET_KEY": base64.b64encode(os.urandom(48)).decode(),
        "NMEC_FIELD_KEYS": base64.b64encode(os.urandom(32)).decode(),
        "NMEC_INDEX_KEY": base64.b64encode(os.urandom(32)).decode(),
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    return {
        "PATH": os.environ["PATH"],
        "NMEC_ENV": "production",
        "NMEC_BASE_URL": "https://portal.example.org",
        "NMEC_ALLOWED_HOSTS": "portal.example.org",
        "NMEC_TRUSTED_PROXIES": "1",
        "NMEC_SENDER": "candidates.messages.sending.mail",
        "NMEC_SMTP": "smtp://mail.example.org",
        "NMEC_CONFIRM_MOBILE": "0",  # mail reaches no mobile
        "NMEC_DATA_DIR": str(tmp_path),
        **{f"{name}_FILE": str(tmp_path / name) for name in secrets},
    }


def python(environment, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.fixture
def with_sms(production, tmp_path):
    """Return the environment of production with a provider of SMS, and nobody named who sends."""
    (tmp_path / "aliyun").write_text("secret\n")
    return {
        **{name: value for name, value in production.items() if name not in ("NMEC_SENDER", "NMEC_CONFIRM_MOBILE")},
        "NMEC_ALIYUN_SMS_KEY_ID": "LTAI",
        "NMEC_ALIYUN_SMS_SECRET_FILE": str(tmp_path / "aliyun"),
        "NMEC_ALIYUN_SMS_SIGN_NAME": "考务",
        "NMEC_ALIYUN_SMS_TEMPLATES": ",".join(f"{name}=SMS_1" for name, kind in KINDS.items() if kind.sms),
    }


def test_djangos_check_for_production_has_nothing_to_say(with_sms):
    found = python(with_sms, "manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert found == (0, "System check identified no issues (0 silenced).")


def test_where_no_phone_is_reached_the_check_says_so(production):
    code, said = python(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (code, "reaches no phone" in said) == (1, True)


def test_a_template_for_nothing_that_is_told_stops_the_start(with_sms):
    code, said = python({**with_sms, "NMEC_ALIYUN_SMS_TEMPLATES": "code=S1,coed=S2"}, "manage.py", "check")
    assert (code, "NMEC_ALIYUN_SMS_TEMPLATES names 'coed'" in said) == (1, True)


def test_secrets_are_read_from_files(production, tmp_path):
    code = "from nmec_portal import settings; print(settings.DATABASES['default']['HOST'], settings.SECRET_KEY)"
    assert python(production, "-c", code) == (0, f"db.example {(tmp_path / 'NMEC_SECRET_KEY').read_text().strip()}")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"NMEC_SECRET_KEY": "x"}, "NMEC_SECRET_KEY and NMEC_SECRET_KEY_FILE are both set."),
        (
            {"NMEC_INDEX_KEY_FILE": "/no/such/file"},
            "NMEC_INDEX_KEY_FILE='/no/such/file' cannot be read: No such file or directory.",
        ),
        ({"NMEC_METRICS_TOKEN": "short"}, "NMEC_METRICS_TOKEN is shorter than 20 characters."),
        (
            {"NMEC_SENDER": "", "NMEC_SMTP": ""},
            "NMEC_SENDER is not set, or prints: people's one-time codes would stand in the log. Set "
            "NMEC_ALIYUN_SMS_… or NMEC_TENCENT_SMS_…, or NMEC_SMTP for mail, or NMEC_SENDER to a function of your own, "
            "when NMEC_ENV=production.",
        ),
        (
            {"NMEC_SMTP": ""},
            "NMEC_SMTP is not set, so that mail with one-time codes would be printed; "
            "it is required by mail in NMEC_SENDER when NMEC_ENV=production.",
        ),
        ({"NMEC_CONFIRM_MOBILE": "1"}, NO_WAY_TO_MOBILES),
        ({"NMEC_RECEIPT_TOKEN": "short"}, "NMEC_RECEIPT_TOKEN is not 20 to 100 letters, digits, - or _."),
        ({"NMEC_LOCK_TIMEOUT": "-1"}, "NMEC_LOCK_TIMEOUT='-1' is not a whole number from 0 to 3600."),
    ],
)
def test_nonsense_in_production_is_refused(production, variables, sentence):
    code, said = python({**production, **variables}, "-c", "import nmec_portal.settings")
    assert code == 1
    assert said.splitlines()[-1].rpartition("ImproperlyConfigured: ")[2] == sentence


@pytest.mark.parametrize("given", [{"NMEC_CONFIRM_MOBILE": "1"}, {"NMEC_CONFIRM_MOBILE": None}])
@pytest.mark.parametrize("command", [["check", "--deploy"], ["migrate", "--check"]])
def test_production_does_not_start_where_no_mobile_can_be_confirmed(production, given, command):
    environment = {name: value for name, value in {**production, **given}.items() if value is not None}
    code, said = python(environment, "manage.py", *command)
    assert (code, said.splitlines()) == (1, [f"设置有误，没有运行：{NO_WAY_TO_MOBILES}"])


def test_nor_with_a_sender_of_ones_own_that_reaches_no_mobile(production, tmp_path):
    (tmp_path / "letters.py").write_text(
        "from candidates.messages.sending import reaches\n\n@reaches('email')\ndef send(account, subject, text): ...\n"
    )
    own = {"NMEC_SENDER": "letters.send", "NMEC_CONFIRM_MOBILE": "1", "PYTHONPATH": str(tmp_path)}
    code, said = python({**production, **own}, "manage.py", "check")
    sentence = NO_WAY_TO_MOBILES.replace("candidates.messages.sending.mail", "letters.send")
    assert (code, said.splitlines()) == (1, [f"设置有误，没有运行：{sentence}"])
    assert python({**production, **own, "NMEC_CONFIRM_MOBILE": "0"}, "manage.py", "check")[0] == 0


def test_web_requests_wait_for_the_database_so_long_and_no_longer(production):
    server = urlsplit(os.environ["DATABASE_URL"])  # the tests' own, or the caller's
    environment = {
        **production,
        "DATABASE_URL": server._replace(path="/postgres").geturl(),
        "DATABASE_URL_FILE": "",
        "DJANGO_SETTINGS_MODULE": "nmec_portal.settings",
        "NMEC_STATEMENT_TIMEOUT": "20",
        "NMEC_LOCK_TIMEOUT": "10",
    }
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    shown = ", ".join(f"current_setting('{name}')" for name in names)
    ask = f"""import django; django.setup(); from django.db import connection
cursor = connection.cursor(); cursor.execute("SELECT {shown}"); print(cursor.fetchone())"""
    assert python(environment, "-c", ask) == (0, "('20s', '10s', '40s')")


# --- keys and hosts


KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"NMEC_SECRET_KEY": "a short one"}, "NMEC_SECRET_KEY is weak: it needs 40 random characters or more."),
        ({"NMEC_SECRET_KEY": "abc" * 20}, "NMEC_SECRET_KEY is weak: it needs 40 random characters or more."),
        ({"NMEC_INDEX_KEY": base64.b64encode(bytes(32)).decode()}, "NMEC_INDEX_KEY holds a weak key, which is not"),
        ({"NMEC_FIELD_KEYS": f"{KEY},{KEY}"}, "NMEC_FIELD_KEYS holds the same key twice."),
        ({"NMEC_FIELD_KEYS": KEY, "NMEC_INDEX_KEY": KEY}, "NMEC_INDEX_KEY is one of NMEC_FIELD_KEYS."),
        ({"NMEC_SECRET_KEY": KEY, "NMEC_INDEX_KEY": KEY}, "NMEC_SECRET_KEY is NMEC_INDEX_KEY or one of"),
        ({"NMEC_ALLOWED_HOSTS": "portal.example.org,*"}, "NMEC_ALLOWED_HOSTS='portal.example.org,*' answers any host"),
        ({"NMEC_ALLOWED_HOSTS": ".org"}, "NMEC_ALLOWED_HOSTS='.org' answers any host"),
    ],
)
def test_production_refuses_weak_and_equal_keys_and_any_host(production, variables, sentence):
    environment = {name: value for name, value in production.items() if name.removesuffix("_FILE") not in variables}
    status, said = python({**environment, **variables}, "-c", "from nmec_portal import settings")
    assert (status, sentence in said) == (1, True)
