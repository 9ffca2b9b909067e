"""What printing needs of the machine is told before the first candidate prints."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from materials import checks
from materials.printing import fonts


def test_a_library_that_is_missing_is_told_with_its_package(monkeypatch):
    assert [message.id for message in run_checks() if message.id.startswith("materials.E")] == []
    monkeypatch.setitem(checks.LIBRARIES, "libharfbuzz-absent.so.0", "libharfbuzz-absent0")
    assert [message.hint for message in checks.printing(None) if message.id == "materials.E001"] == [
        "apt-get install libharfbuzz-absent0"
    ]
    with pytest.raises(ImproperlyConfigured, match="apt-get install libharfbuzz-absent0"):
        checks.require_libraries()


def test_a_font_that_is_missing_is_a_warning_with_its_package(monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FONTS", [("HanaMinA", Path("/nowhere/HanaMinA.ttf"))])
    assert [(message.id, message.hint) for message in checks.printing(None) if message.id == "materials.W001"] == [
        ("materials.W001", "apt-get install fonts-hanazono")
    ]
