"""What printing needs of the machine, told before the first candidate prints."""

import ctypes
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, run_checks
from django.core.exceptions import ImproperlyConfigured

from materials.printing import fonts

TAG = "printing"
# Library → Debian's package. Without libharfbuzz-subset a page takes some 29 times as long, and nothing else says so.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONT_PACKAGES = {
    "Noto Serif CJK SC": "fonts-noto-cjk",
    "HanaMinA": "fonts-hanazono",
    "HanaMinB": "fonts-hanazono",
    "BabelStone Han": "fonts-babelstone-han",
}


def printing(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each missing library and a warning for each missing font, with the package that brings it."""
    libraries = [
        Error(f"{library} is missing: documents cannot be printed.", f"apt-get install {package}", id="materials.E001")
        for library, package in LIBRARIES.items()
        if not _loads(library)
    ]
    packages = {FONT_PACKAGES[family] for family, path in fonts.SYSTEM_FONTS if not path.is_file()}
    rare = [
        Warning("Fonts for rare characters are missing.", f"apt-get install {package}", id="materials.W001")
        for package in sorted(packages)
    ]
    return [*libraries, *rare]


def require_libraries() -> None:
    """Raise ImproperlyConfigured with the packages that are missing: for servers, which run no checks of their own."""
    missing = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if missing:
        raise ImproperlyConfigured("\n".join(f"{message.msg} {message.hint}" for message in missing))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
