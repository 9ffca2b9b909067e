"""All settings, read from the environment. Nonsense is refused at start, with the variable's name.

docs/settings.md has the table of variables.
"""

import base64
import binascii
import json
import os
import re
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from nmec_portal import backup_settings, error_reports, key_settings, logs, message_settings, payment_settings
from nmec_portal.local import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
# each may be the content of a file, named by the variable with _FILE behind it
SECRETS = (
    *("DATABASE_URL", "NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY", "NMEC_METRICS_TOKEN"),
    *("NMEC_S3_ACCESS_KEY", "NMEC_S3_SECRET_KEY", "NMEC_SMTP"),
)


def read_secret_files(environ):
    """Put the content of every named file where its secret would be; a secret is given once."""
    for name in SECRETS:
        path = environ.pop(f"{name}_FILE", "")  # a process that inherits the secret does not read it again
        if not path:
            continue
        if environ.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set.")
        try:
            environ[name] = Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error.strerror}.") from None


def choice(name, default, allowed):
    value = os.environ.get(name) or default  # a line of .env may name it and give it no value
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(allowed)}.")
    return value


def flag(name, default):
    return choice(name, default, ("0", "1")) == "1"


def number(name, default, low, high):
    value = os.environ.get(name) or str(default)
    if not value.isascii() or not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {low} to {high}.")
    return int(value)


def words(name, default=""):
    return [word.strip() for word in (os.environ.get(name) or default).split(",") if word.strip()]


def key(name, encoded):
    """32 bytes, given as base64."""
    try:
        value = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        value = b""
    if len(value) != 32:
        raise ImproperlyConfigured(f"{name} holds a key that is not base64 of 32 bytes.")
    return value


def keys_of_this_machine(folder):
    """Random keys kept in a file of this data folder: outside production nobody has to make keys."""
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        names = ("NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY")
        made = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in names}
        draft = folder / f"keys.{os.getpid()}.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)  # the first of two processes wins, whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return json.loads(path.read_text())


def database(url):
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must be postgresql://user:password@host:port/name.")

    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL names a port that is not a number.") from None

    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, **time_limits(query.get("options", ""))},
    }


def time_limits(options):
    """PostgreSQL's options for NMEC_STATEMENT_TIMEOUT and NMEC_LOCK_TIMEOUT (seconds, 0: none), behind those given."""
    statement = number("NMEC_STATEMENT_TIMEOUT", 0, 0, 3600)
    lock = number("NMEC_LOCK_TIMEOUT", 0, 0, 3600)
    limits = {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": 2 * statement,
    }
    words = [options, *(f"-c {name}={seconds}s" for name, seconds in limits.items() if seconds)]
    found = " ".join(filter(None, words))
    return {"options": found} if found else {}


def bucket():
    """Return the storage of pictures in S3; a provider that does not answer is given up soon."""
    from botocore.config import Config

    names = ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY")
    endpoint, name, access_key, secret_key = (os.environ.get(f"NMEC_S3_{one}", "") for one in names)
    if not all((endpoint, name, access_key, secret_key)):
        raise ImproperlyConfigured(f"NMEC_STORAGE=s3 needs {', '.join(f'NMEC_S3_{one}' for one in names)}.")
    if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname:
        raise ImproperlyConfigured(f"NMEC_S3_ENDPOINT={endpoint!r} is not an http or https address.")
    config = Config(
        connect_timeout=5,
        read_timeout=10,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        # the signature covers the bytes: no checksums that other providers than Amazon do not know
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "payload_signing_enabled": True,
            "addressing_style": choice("NMEC_S3_ADDRESSING", "auto", ("auto", "path", "virtual")),
        },
    )
    options = {
        "endpoint_url": endpoint,
        "bucket_name": name,
        "access_key": access_key,
        "secret_key": secret_key,
        "region_name": os.environ.get("NMEC_S3_REGION") or "us-east-1",
        "client_config": config,
    }
    return {"BACKEND": "materials.files.s3.PictureBucket", "OPTIONS": options}


read_secret_files(os.environ)
ENV = choice("NMEC_ENV", "development", ("development", "production"))
PRODUCTION = ENV == "production"
DEMO = flag("NMEC_DEMO", "0")
if DEMO and PRODUCTION:
    raise ImproperlyConfigured("NMEC_DEMO=1 is refused when NMEC_ENV=production: demo accounts have a public password.")
DEBUG = flag("NMEC_DEBUG", "0")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("NMEC_DEBUG=1 is refused when NMEC_ENV=production.")

DATA_DIR = Path(os.environ.get("NMEC_DATA_DIR") or BASE_DIR / ".data").resolve()
GIVEN = {name: value for name, value in os.environ.items() if value}
KEYS = GIVEN if PRODUCTION else {**keys_of_this_machine(DATA_DIR), **GIVEN}
for variable in ("NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY"):
    if not KEYS.get(variable):
        raise ImproperlyConfigured(f"{variable} is not set; it is required when NMEC_ENV=production.")
SECRET_KEY = KEYS["NMEC_SECRET_KEY"]
# the first key encrypts, all decrypt: a new key is put in front
FIELD_KEYS = [key("NMEC_FIELD_KEYS", one) for one in KEYS["NMEC_FIELD_KEYS"].split(",")]
INDEX_KEY = key("NMEC_INDEX_KEY", KEYS["NMEC_INDEX_KEY"])
SEAL_FILES = flag("NMEC_SEAL_FILES", "1")
CIPHER = choice("NMEC_CIPHER", "aes", ("aes", "sm4"))
INDEX_HASH = choice("NMEC_INDEX_HASH", "sha256", ("sha256", "sm3"))
if PRODUCTION:
    key_settings.check(SECRET_KEY, FIELD_KEYS, INDEX_KEY)

BASE_URL = (os.environ.get("NMEC_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
if urlsplit(BASE_URL).scheme not in ("http", "https") or not urlsplit(BASE_URL).hostname:
    raise ImproperlyConfigured(f"NMEC_BASE_URL={BASE_URL!r} is not an http or https address.")
if PRODUCTION and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("NMEC_BASE_URL must be the portal's https address when NMEC_ENV=production.")
ALLOWED_HOSTS = words("NMEC_ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("NMEC_ALLOWED_HOSTS is not set; it is required when NMEC_ENV=production.")
if PRODUCTION:
    key_settings.check_hosts(ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "nmec_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "candidates",
    "materials",
    "review",
]
MIDDLEWARE = [
    "nmec_portal.middleware.observe",
    "nmec_portal.compressing.Compressed",
    "django.middleware.security.SecurityMiddleware",
    "nmec_portal.middleware.content_security_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nmec_portal.middleware.say_when_to_come_again",
    "nmec_portal.middleware.private_by_default",
    "nmec_portal.overload.refuse_what_waited",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nmec_portal.middleware.refuse_nul",
    "nmec_portal.middleware.limit_body",
    "nmec_portal.middleware.refuse_unreadable",
    "nmec_portal.middleware.answer_machines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "nmec_portal.middleware.bear_nul",
    "candidates.accounts.logins.Authentication",
    "candidates.accounts.logins.stay_logged_in",
    "nmec_portal.middleware.refuse_large_of_nobody",
    "nmec_portal.middleware.LogInFirst",
    "nmec_portal.middleware.second_factor_first",
    "nmec_portal.middleware.new_password_first",
    "nmec_portal.middleware.name_the_operator",
    "nmec_portal.middleware.explain_405",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "nmec_portal.urls"
WSGI_APPLICATION = "nmec_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nmec_portal.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "candidates.forms.drawing.Renderer"

if not os.environ.get("DATABASE_URL") and PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL is not set; it is required when NMEC_ENV=production.")
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or postgres.url(DATA_DIR / "postgres"))}
# any number of processes on any number of machines: nothing is remembered in a process's memory
SESSION_ENGINE = "candidates.accounts.logins"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "candidates.Account"
AUTHENTICATION_BACKENDS = ["candidates.accounts.auth.LoginNameBackend"]
PASSWORD_HASHERS = ["candidates.accounts.hashing.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "candidates.accounts.auth.PersonalDataValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# a log-in ends so many minutes after it was last used, and so many hours after it began
IDLE_STAFF = number("NMEC_IDLE_STAFF", 30, 5, 24 * 60)
IDLE_CANDIDATES = number("NMEC_IDLE_CANDIDATES", 120, 5, 24 * 60)
SESSION_COOKIE_AGE = number("NMEC_LOGIN_LASTS", 12, 1, 24) * 60 * 60
# behind TLS a browser takes and sends them for this very host only; MESSAGE_STORAGE and what views set do the same
HOST_COOKIE = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_COOKIE}sessionid", f"{HOST_COOKIE}csrftoken"
MESSAGE_STORAGE = "nmec_portal.told.Storage"
# reviewers and operators prove a second factor at every login; the demo's logins are for everybody
SECOND_FACTOR = flag("NMEC_SECOND_FACTOR", "0" if DEMO else "1")
# exports in full, purges and planned restores need a second operator, who has logged in with the second factor
TWO_OPERATORS = flag("NMEC_TWO_OPERATORS", "1" if DEMO or (PRODUCTION and SECOND_FACTOR) else "0")
if PRODUCTION and TWO_OPERATORS and not SECOND_FACTOR:
    raise ImproperlyConfigured("NMEC_TWO_OPERATORS=1 needs NMEC_SECOND_FACTOR=1 when NMEC_ENV=production.")
DUMP_FOLDER = os.environ.get("NMEC_DUMP_FOLDER", "")  # where the back office looks for backups, or empty
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "nmec_portal.views.csrf_failure"

# failed logins of an account from one network or known browser: free ones, then pauses, doubled up to the longest
LOGIN_TRIES = number("NMEC_LOGIN_TRIES", 10, 1, 1000)
LOGIN_PAUSE = number("NMEC_LOGIN_PAUSE", 60, 1, 24 * 60 * 60)  # seconds
LOGIN_LONGEST_PAUSE = number("NMEC_LOGIN_LONGEST_PAUSE", 60 * 60, LOGIN_PAUSE, 24 * 60 * 60)  # seconds
LOGIN_FAILURES_IN_TOTAL = number("NMEC_LOGIN_FAILURES_IN_TOTAL", 100, 1, 1_000_000)  # a day: then few are free
REGISTER_TRIES = number("NMEC_REGISTER_TRIES", 20, 1, 10_000)  # of a network in a day whose number was taken
# one-time codes for a number: a day from one network, a day from all; and for all numbers an hour from one network
CODES_A_DAY = number("NMEC_CODES_A_DAY", 20, 1, 1000)
CODES_IN_TOTAL = number("NMEC_CODES_IN_TOTAL", 60, CODES_A_DAY, 10_000)
CODES_PER_NETWORK = number("NMEC_CODES_PER_NETWORK", 3000, 1, 1_000_000)
TRUSTED_PROXIES = number("NMEC_TRUSTED_PROXIES", 0, 0, 5)  # how many proxies of ours append to X-Forwarded-For

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "nmec_portal" / "locale"]  # our words for what Django says
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("guides", BASE_DIR / "docs" / "pictures")]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
# pictures are compressed already; the fonts are for printing, no browser loads them
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "ico", "gz", "br", "woff", "woff2", "ttf", "otf")
MEDIA_ROOT = Path(os.environ.get("NMEC_MEDIA_ROOT") or DATA_DIR / "media").resolve()
STORAGE = choice("NMEC_STORAGE", "file", ("file", "s3"))
ACCEL = os.environ.get("NMEC_ACCEL", "")  # nginx's internal location of MEDIA_ROOT, or empty
if ACCEL and (STORAGE == "s3" or not re.fullmatch(r"/([A-Za-z0-9_-]+/)+", ACCEL)):
    raise ImproperlyConfigured(f"NMEC_ACCEL={ACCEL!r} is not like /pictures/, or NMEC_STORAGE is not file.")
STORAGES = {
    "default": bucket() if STORAGE == "s3" else {"BACKEND": "materials.files.storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": f"nmec_portal.static_files.{'SmallStorage' if PRODUCTION else 'PlainStorage'}"},
    **backup_settings.storages(os.environ),
}
BACKUP = backup_settings.read(os.environ, number)
PICTURE_MIN_SIDE = number("NMEC_PICTURE_MIN_SIDE", 200, 1, 10_000)  # pixels
UPLOAD_CPU = number("NMEC_UPLOAD_CPU", 30, 1, 600)  # CPU seconds that an account's pictures may take in ten minutes
COSTLY_UPLOADS = number("NMEC_COSTLY_UPLOADS", 1, 1, 100)  # requests at once that unpack what takes long, of all
LONGEST_WAIT = number("NMEC_LONGEST_WAIT", 8, 0, 60)  # seconds until a process is free; 0: for ever
FILE_UPLOAD_HANDLERS = ["materials.receiving.BoundedUploadHandler"]
MAX_BODY = number("NMEC_MAX_BODY", 32 * 1024 * 1024, 1024 * 1024, 1024**3)  # bytes
NOBODYS_BODY = 1_000_000  # bytes, of who has not logged in: no form is as long
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024  # bytes, without the files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]  # each process is asked by itself, inside, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# each provider is configured whole or not at all; what is not configured is not offered
ALIPAY = payment_settings.alipay(os.environ, production=PRODUCTION, demo=DEMO)
WECHAT = payment_settings.wechat(os.environ, production=PRODUCTION, demo=DEMO)

# providers of SMS, each whole or not at all; templates by kind of message, see candidates/messages/kinds.py
ALIYUN_SMS = message_settings.aliyun(os.environ, production=PRODUCTION, demo=DEMO)
TENCENT_SMS = message_settings.tencent(os.environ, production=PRODUCTION, demo=DEMO)
SMS_A_DAY = number("NMEC_SMS_A_DAY", 100_000, 1, 100_000_000)  # of a kind; then all but codes waits for tomorrow
SENDING_AT_ONCE = number("NMEC_SENDING_AT_ONCE", 12, 1, 64)  # messages of a channel that one worker hands over at once
RECEIPT_TOKEN = os.environ.get("NMEC_RECEIPT_TOKEN", "")  # without one there is no address for receipts
if RECEIPT_TOKEN and not re.fullmatch(r"[A-Za-z0-9_-]{20,100}", RECEIPT_TOKEN):
    raise ImproperlyConfigured("NMEC_RECEIPT_TOKEN is not 20 to 100 letters, digits, - or _.")
# who tells people by SMS or mail, in this order: see candidates/messages/sending.py
SENDER = os.environ.get("NMEC_SENDER") or message_settings.senders(os.environ, ALIYUN_SMS, TENCENT_SMS)
SENDER_NAMES = message_settings.names(SENDER, ALIYUN_SMS, TENCENT_SMS)
if PRODUCTION and "console" in SENDER_NAMES:
    raise ImproperlyConfigured(
        "NMEC_SENDER is not set, or prints: people's one-time codes would stand in the log. Set NMEC_ALIYUN_SMS_… or "
        "NMEC_TENCENT_SMS_…, or NMEC_SMTP for mail, or NMEC_SENDER to a function of your own, when NMEC_ENV=production."
    )
if PRODUCTION and "mail" in SENDER_NAMES and not os.environ.get("NMEC_SMTP"):
    raise ImproperlyConfigured(
        "NMEC_SMTP is not set, so that mail with one-time codes would be printed; "
        "it is required by mail in NMEC_SENDER when NMEC_ENV=production."
    )
# a mobile is confirmed by a code before an account gets it
CONFIRM_MOBILE = flag("NMEC_CONFIRM_MOBILE", "1" if PRODUCTION else "0")
NO_WAY_TO_MOBILES = (
    f"NMEC_CONFIRM_MOBILE is 1 (production's default), and NMEC_SENDER={SENDER} brings no code to a mobile: it "
    "would go to nobody, and nobody could register. Set NMEC_ALIYUN_SMS_… or NMEC_TENCENT_SMS_… with a template "
    "for code, or NMEC_SENDER to a sender of your own that reaches mobiles, or NMEC_CONFIRM_MOBILE to 0."
)
NO_PHONES = (
    f"NMEC_SENDER={SENDER} reaches no phone: who has no e-mail is told nothing outside the portal. "
    "Set NMEC_ALIYUN_SMS_… or NMEC_TENCENT_SMS_…, or NMEC_SENDER to a sender of your own that reaches mobiles."
)
NO_CODES = (
    f"NMEC_SENDER={SENDER} brings no code to anybody: who forgets a password stays outside, and no contact can be "
    "confirmed. Add a template for code to NMEC_ALIYUN_SMS_TEMPLATES or NMEC_TENCENT_SMS_TEMPLATES, or set NMEC_SMTP "
    "and name mail in NMEC_SENDER."
)
NO_CODES_TO_PHONES = (
    f"NMEC_SENDER={SENDER} sends SMS, and no code by SMS: who has no e-mail cannot reset a password. Add a template "
    "for code to NMEC_ALIYUN_SMS_TEMPLATES or NMEC_TENCENT_SMS_TEMPLATES."
)
if PRODUCTION and CONFIRM_MOBILE and set(SENDER_NAMES) == {"mail"}:  # candidates/apps.py asks any other
    raise ImproperlyConfigured(NO_WAY_TO_MOBILES)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 20  # seconds
if os.environ.get("NMEC_SMTP"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = urlsplit(os.environ["NMEC_SMTP"])
    if server.scheme not in ("smtp", "smtps", "starttls") or not server.hostname:
        raise ImproperlyConfigured("NMEC_SMTP must be smtp://, smtps:// or starttls://user:password@host:port.")
    EMAIL_HOST = server.hostname
    EMAIL_PORT = server.port or {"smtp": 25, "smtps": 465, "starttls": 587}[server.scheme]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(server.username or ""), unquote(server.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = server.scheme == "smtps", server.scheme == "starttls"
DEFAULT_FROM_EMAIL = os.environ.get("NMEC_MAIL_FROM") or f"noreply@{urlsplit(BASE_URL).hostname}"
LOGGING = logs.configuration(production=PRODUCTION)
KEPT_YEARS = number("NMEC_KEPT_YEARS", 3, 1, 30)  # after a session's end: what /privacy/ promises, and `purge` does
SENTRY_DSN = os.environ.get("NMEC_SENTRY_DSN", "")  # without one nothing is reported to anybody
error_reports.start(SENTRY_DSN)
METRICS_TOKEN = os.environ.get("NMEC_METRICS_TOKEN", "")  # without one there is no /metrics
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("NMEC_METRICS_TOKEN is shorter than 20 characters.")
