"""What is logged, and what of it is written down: nothing that names a person.

Every line passes through `masked`: numbers that may be a document's or a mobile's, mail addresses, Chinese characters
(a name or an address can be anything of them; our own log messages are English) and what PostgreSQL tells of a row's
values. In production a line is one JSON object, in development it is made for reading.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

# 15 or 18 digits, mobiles, passports and permits: letters that stand alone before digits, as people write them
NUMBERS = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,3}\d{7,}[0-9Xx]?(?![0-9A-Za-z])")
SPACED_NUMBERS = re.compile(r"(?<![0-9A-Za-z-])\+?\d{2,6}(?:[ \u00a0]\d{3,6}){2,}[Xx]?(?![0-9A-Za-z])")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:[·•．・][\u2e80-\u9fff\U00020000-\U0003ffff]+)*")
ROW_VALUES = re.compile(r"^(DETAIL|CONTEXT|HINT): .*$", re.MULTILINE)
PERCENT_CODED = re.compile(r"(?:%[0-9A-Fa-f]{2}){3,}")


def masked(text: str) -> str:
    """Return the text with three stars for each piece that may be a person's data."""
    text = ROW_VALUES.sub(r"\1: ***", text)
    for pattern in (MAIL, PERCENT_CODED, HAN, NUMBERS, SPACED_NUMBERS):
        text = pattern.sub("***", text)
    return text


class Readable(logging.Formatter):
    """For a terminal: time, level, logger, message, and the traceback below it; masked."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created).strftime("%H:%M:%S")


class Json(logging.Formatter):
    """For a log store: one JSON object a line, times in UTC; `facts` of the record become fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }

        if request := request_id.get():
            line["request"] = request
        line.update(getattr(record, "facts", {}))
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))

        return json.dumps(line, ensure_ascii=True)


def configuration(*, production: bool) -> dict[str, object]:
    """Django's LOGGING: to standard error; a line for every request in production only."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "nmec_portal.logs.Json"},
            "readable": {"()": "nmec_portal.logs.Readable", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json" if production else "readable"},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "nmec_portal": {"level": "INFO" if production else "WARNING"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # django.request says the path, and says again what the line of the request says
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        },
    }
